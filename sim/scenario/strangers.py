"""Entries of a list that are meant to refine one of the base, which has none of that id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.fields import parts_at
from sim.scenario.node import Node, Step, Steps


def stranger(tree: Node, path: Steps) -> Steps:
    """The outermost entry on a path that its base does not have and that lacks a field.

    It is empty where there is none: what lacks a field is then as the file itself wrote it.
    """
    node, place = tree, list[Step]()
    for step in tree.resolve(path):
        below = node.child(step)
        assert below is not None
        node = below
        place.append(step)
        if node.id and lacking(node, tuple(place)) and is_new(tree, tuple(place)):
            return tuple(place)
    return ()


def lacking(entry: Node, place: Steps) -> list[str]:
    """Names of the required fields that an entry does not have."""
    required = (name for part in parts_at(place) for name in part.get("required", ()))
    return [name for name in dict.fromkeys(required) if name not in entry.names]


def is_new(tree: Node, place: Steps) -> bool:
    """Whether an entry starts in a layer above one in which its list has others already."""
    entries, _ = tree.follow(place[:-1])
    own = _layer(tree, tree.follow(place)[0])
    if not isinstance(entries.value, tuple) or not own:
        return False
    return any(_is_below(tree, entry, own) for entry in entries.value)


def ids_below(tree: Node, place: Steps) -> list[str]:
    """Ids of the entries beside one that come, at least in part, from a file below its own."""
    entries, _ = tree.follow(place[:-1])
    own = _layer(tree, tree.follow(place)[0]) or 0
    assert isinstance(entries.value, tuple)
    return [entry.id for entry in entries.value if entry.id and _is_below(tree, entry, own)]


def first_written(tree: Node, place: Steps) -> Node:
    """An entry, or a value in it, where the lowest file that has something of it writes it."""
    entry, _ = tree.follow(place)
    lowest = tree.layers[_layer(tree, entry) or 0]
    return next(node for node in _nodes(entry) if node.file == lowest)


def _is_below(tree: Node, entry: Node, layer: int) -> bool:
    lowest = _layer(tree, entry)
    return lowest is not None and lowest < layer


def _layer(tree: Node, node: Node) -> int | None:
    """The lowest layer in which something of a value is written; None for overrides alone."""
    files = {part.file for part in _nodes(node)}
    return next((n for n, file in enumerate(tree.layers) if file in files), None)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    below = node.value.values() if isinstance(node.value, Mapping) else node.value
    for child in below if isinstance(below, Iterable) and not isinstance(below, str) else ():
        yield from _nodes(child)
