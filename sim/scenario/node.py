"""Values of a scenario file that remember where each was written."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, TypeAlias

from sim.scenario.packed_rows import PackedRows

OVERRIDE: Final = "--set"
"""Stands for the file of what comes from an override."""
MAX_SHOWN: Final = 60
"""Characters of a value in a sentence: a line of a terminal holds place, value and remedy."""

Scalar: TypeAlias = "str | int | float | bool | date | datetime | PackedRows | None"
Step: TypeAlias = "str | int"
Steps: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True)
class Node:
    """A value and the place it was written."""

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    file: str = ""
    line: int = 0
    column: int = 0
    layers: tuple[str, ...] = ()
    """Of a tree laid over others: their files and its own, the lowest first."""

    def plain(self) -> Any:
        """The value as plain Python: dict, tuple, scalar; keys of digits are numbers (months)."""
        if isinstance(self.value, Mapping):
            return {_key(key): child.plain() for key, child in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(child.plain() for child in self.value)
        return self.value

    def child(self, step: Step) -> Node | None:
        """The value under a key, at an index, or with an id; None when there is none."""
        if isinstance(self.value, Mapping):
            return self.value.get(str(step))
        if not isinstance(self.value, tuple):
            return None
        if _is_number(step):
            return self.value[int(step)] if 0 <= int(step) < len(self.value) else None
        n = self._places_of_ids.get(str(step))
        return None if n is None else self.value[n]

    @cached_property
    def _places_of_ids(self) -> Mapping[str, int]:
        """Id -> index of the first entry of a list that has it."""
        place_of: dict[str, int] = {}
        for n, child in enumerate(self.value if isinstance(self.value, tuple) else ()):
            place_of.setdefault(child.id, n)
        place_of.pop("", None)
        return place_of

    @property
    def id(self) -> str:
        """The `id` of a mapping, or the empty string."""
        name = self.value.get("id") if isinstance(self.value, Mapping) else None
        return name.value if name is not None and isinstance(name.value, str) else ""

    @property
    def names(self) -> tuple[str, ...]:
        """What `child` knows by name: keys of a mapping, ids of a list."""
        if isinstance(self.value, Mapping):
            return tuple(self.value)
        ids = (child.id for child in self.value) if isinstance(self.value, tuple) else ()
        return tuple(name for name in ids if name)

    def resolve(self, path: Steps) -> Steps:
        """The steps of a path that exist, ids as indices; others, such as tags, are skipped."""
        node, steps = self, list[Step]()
        for step in path:
            below = node.child(step)
            if below is None:
                continue
            is_list = isinstance(node.value, tuple)
            steps.append(node._index(step) if is_list else str(step))
            node = below
        return tuple(steps)

    def _index(self, step: Step) -> int:
        assert isinstance(self.value, tuple)
        if _is_number(step):
            return int(step)
        return self._places_of_ids[str(step)]

    def with_child(self, step: Step, child: Node) -> Node:
        """The same with another value under a key, or in the place of an entry that exists."""
        if isinstance(self.value, Mapping):
            return replace(self, value={**self.value, str(step): child})
        assert isinstance(self.value, tuple)
        n = self._index(step)
        changed = replace(self, value=(*self.value[:n], child, *self.value[n + 1 :]))
        if child.id == self.value[n].id:  # many changes of one list need not look for ids anew
            changed.__dict__["_places_of_ids"] = self._places_of_ids
        return changed

    def follow(self, path: Steps) -> tuple[Node, str]:
        """Walk down as far as the path exists: the deepest node and the path as people read it."""
        node, words = self, ""
        for step in self.resolve(path):
            below = node.child(step)
            assert below is not None
            is_list = isinstance(node.value, tuple)
            words += f"[{below.id or step}]" if is_list else f".{step}" if words else str(step)
            node = below
        return node, words

    def without(self, path: Steps) -> Node:
        """The tree without the key or entry at a path that `resolve` gave."""
        step, deeper = path[0], path[1:]
        if isinstance(self.value, tuple):
            n = int(step)
            smaller = (self.value[n].without(deeper),) if deeper else ()
            return replace(self, value=(*self.value[:n], *smaller, *self.value[n + 1 :]))
        assert isinstance(self.value, Mapping)
        key = str(step)
        below = {key: self.value[key].without(deeper)} if deeper else {}
        others = {name: child for name, child in self.value.items() if deeper or name != key}
        return replace(self, value={**others, **below})

    def places(self, words: str = "") -> Iterator[tuple[tuple[int, int], str]]:
        """Every line and column where something stands, and its path as people read it."""
        yield (self.line, self.column), words
        children = self.value.items() if isinstance(self.value, Mapping) else ()
        for key, child in children:
            yield from child.places(f"{words}.{key}" if words else key)
        for n, entry in enumerate(self.value if isinstance(self.value, tuple) else ()):
            yield from entry.places(f"{words}[{entry.id or n}]")

    def unplaced(self, file: str) -> Node:
        """The same values, said to come from `file` and from no line of it."""
        if isinstance(self.value, Mapping):
            children = {key: child.unplaced(file) for key, child in self.value.items()}
            return Node(children, file)
        if isinstance(self.value, tuple):
            return Node(tuple(child.unplaced(file) for child in self.value), file)
        return Node(self.value, file)


def _is_number(step: Step) -> bool:
    return isinstance(step, int) or (step.isascii() and step.isdecimal() and len(step) < 10)


def _key(key: str) -> str | int:
    return int(key) if _is_number(key) and key == str(int(key)) else key


def show_value(value: object) -> str:
    """A plain value as a planner would write it, on one line and not too long.

    Examples
    --------
    >>> show_value({"law": "gamma", "values": (1, None, True)})
    '{law: gamma, values: [1, null, true]}'
    """
    text = write_value(value, MAX_SHOWN)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def write_value(value: object, most: int | None = None) -> str:
    """A plain value as a planner would write it, on one line.

    Parameters
    ----------
    most
        Parts of a map or a list that are written, for what only shows it; None = all.

    Examples
    --------
    >>> write_value({"mon-fri 08:30-12:00": 4})
    '{mon-fri 08:30-12:00: 4}'
    """
    if isinstance(value, Mapping):
        shown = list(value.items())[:most]
        parts = [f"{key}: {write_value(child, most)}" for key, child in shown]
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(write_value(child, most) for child in value[:most])}]"
    if value is None:
        return "null"
    if isinstance(value, float) and not math.isfinite(value):
        return f".{value}".replace(".-", "-.")
    return str(value).lower() if isinstance(value, bool) else str(value)
