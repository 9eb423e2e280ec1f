"""Entries of a list that are meant to refine one of the base, which has none of that id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.fields import parts_at
from sim.scenario.node import OVERRIDE, Node, Step, Steps


def stranger(tree: Node, path: Steps) -> Steps:
    """The outermost entry on a path that its base does not have and that lacks a field.

    It is empty where there is none: what lacks a field is then as the file itself wrote it.
    """
    node, place = tree, list[Step]()
    for step in tree.resolve(path):
        parent, below = node, node.child(step)
        assert below is not None
        node = below
        place.append(step)
        is_new = isinstance(parent.value, tuple) and bool(node.id) and _is_new(parent, node)
        if is_new and lacking(node, tuple(place)) and ids_below(tree, tuple(place)):
            return tuple(place)
    return ()


def lacking(entry: Node, place: Steps) -> list[str]:
    """Names of the required fields that an entry does not have."""
    required = (name for part in parts_at(place) for name in part.get("required", ()))
    return [name for name in dict.fromkeys(required) if name not in entry.names]


def ids_below(tree: Node, place: Steps) -> list[str]:
    """Ids of the entries beside one that come, at least in part, from a file below its own."""
    entry, _ = tree.follow(place)
    entries, _ = tree.follow(place[:-1])
    assert isinstance(entries.value, tuple)
    return [one.id for one in entries.value if one.id and not files_of(one) <= {entry.file}]


def _is_new(entries: Node, entry: Node) -> bool:
    """Whether an entry stands in the uppermost layer of its list alone.

    A list has the file of its uppermost layer, and so has every entry that this layer names.
    """
    return entry.file == entries.file and files_of(entry) == {entry.file}


def files_of(node: Node) -> set[str]:
    """Files in which a value and all below it are written, overrides left aside."""
    return set(_files(node)) - {OVERRIDE}


def _files(node: Node) -> Iterator[str]:
    yield node.file
    below = node.value.values() if isinstance(node.value, Mapping) else node.value
    for child in below if isinstance(below, Iterable) and not isinstance(below, str) else ():
        yield from _files(child)
