"""A tree as people wrote it, in the spelling of the language: fields say what their values mean.

Two files that say the same differ in nothing behind this: models, hashes, overrides and layers see
one spelling. Where the meaning is not sure a value stays as it is and its field refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sim.errors import Problem
from sim.scenario import spelling
from sim.scenario.fields import SchemaPart, entry_of, field_schema, options, parts_below
from sim.scenario.node import Node, Scalar, Step
from sim.scenario.provenance import RANGES

Parts = Sequence[SchemaPart]
MANY: Final = 12
"""Values that a note lists at most; a sentence cuts them anyway."""


class _Respelling(NamedTuple):
    """One value that is read otherwise than it stands there, in a way that is worth reporting."""

    path: str
    node: Node
    written: str
    read: str


def respell(tree: Node, problems: list[Problem], path: Sequence[Step] = ()) -> Node:
    """A tree whose values are spelled as the language spells them.

    Parameters
    ----------
    problems
        Gets one note on signs that were read as others, and a problem for each key that is then
        written twice.
    path
        Where in a scenario the tree stands.
    """
    reader = _Respeller(problems)
    respelled_tree = reader.node(tree, _parts_at(path), ".".join(map(str, path)), is_entry=False)
    if reader.changes:
        first = reader.changes[0]
        problems.append(
            Problem(
                "read_as",
                first.path,
                first.node.file,
                first.node.line,
                first.node.column,
                found="; ".join(f"{each.written} → {each.read}" for each in reader.changes[:MANY]),
                severity="warning",
            )
        )
    return respelled_tree


def respell_step(step: str, above: Sequence[Step]) -> str:
    """A step of a path as the key that it names is spelled."""
    return next((key for part in _parts_at(above) if (key := _key_of(step, part))), step)


def _parts_at(path: Sequence[Step]) -> Parts:
    """What may stand at a path of keys, ids and indices."""
    parts: Parts = list(options(field_schema()))
    for step in path:
        parts = parts_below(parts, step)
    return parts


def _key_of(key: str, part: SchemaPart) -> str | None:
    """A free key of a mapping as the language spells it; None where it has none or is not sure."""
    if entry_of(part) is None:
        return None
    names = part.get("propertyNames", {})
    if "enum" in names:
        return spelling.read_choice(key, names["enum"])
    read = spelling.BY_KIND.get(names.get("kind", ""))
    return read(key) if read else None


class _Respeller:
    """Goes through a tree and its schema side by side."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self.changes: list[_Respelling] = []

    def node(self, node: Node, parts: Parts, path: str, *, is_entry: bool) -> Node:
        """A value with everything in it."""
        if isinstance(node.value, Mapping):
            return replace(node, value=dict(self._pairs(node, parts, path)))
        if isinstance(node.value, tuple):
            below = [
                option for part in parts if "items" in part for option in options(part["items"])
            ]
            words = (f"{path}[{entry.id or n}]" for n, entry in enumerate(node.value))
            pairs = zip(node.value, words, strict=True)
            return replace(
                node, value=tuple(self.node(o, below, w, is_entry=True) for o, w in pairs)
            )
        read = _read(node.value, parts, is_entry=is_entry)
        if read is None or read == node.value:
            return node
        self._tell(path, node, str(node.value), str(read), parts)
        return replace(node, value=read)

    def _pairs(self, node: Node, parts: Parts, path: str) -> Iterator[tuple[str, Node]]:
        assert isinstance(node.value, Mapping)
        seen: dict[str, Node] = {}
        parted = ""
        for key, child in node.value.items():
            if child.value is None and _GROUP.fullmatch(key) and parted:
                parted = self._parted(parted, key, child, path)
                continue
            parted = f"{key}: {child.value}" if _is_short(child.value) else ""
            own = next((field for part in parts if (field := _key_of(key, part))), key)
            words = f"{path}.{key}" if path else key
            if own in seen:
                values = (("first_line", str(seen[own].line)),)
                place = (child.file, child.line, child.column)
                duplicate = Problem("duplicate_key", words, *place, found=key, values=values)
                self._problems.append(duplicate)
                continue
            seen[own] = child
            if own != key:
                self._tell(words, child, key, own, ())
            if key in RANGES and any(key in part.get("properties", ()) for part in parts):
                yield own, self._ranges(child, parts, words)
            else:
                below = parts_below(parts, own)
                yield own, self.node(child, below, words, is_entry=False)

    def _parted(self, before: str, key: str, child: Node, path: str) -> str:
        """Tell that a comma between braces has parted a number in two; what it was."""
        whole, (name, _, number) = f"{before},{key}", before.partition(": ")
        words = f"{path}.{name}" if path else name
        place, parted = (child.file, child.line, child.column), f"{number},{key}"
        if "," in number:  # reported already, for its first three figures
            self._problems.pop()
        self._problems.append(Problem("parted_number", words, *place, found=parted))
        return whole

    def _ranges(self, node: Node, parts: Parts, path: str) -> Node:
        """Bounds, and the ends of an interval, are spelled like the value that they bound."""
        if not isinstance(node.value, Mapping):
            return node
        children = {}
        for key, bounds in node.value.items():
            below = parts
            for step in key.split("."):
                below = parts_below(below, step)
            children[key] = self._bounds(bounds, below, f"{path}.{key}")
        return replace(node, value=children)

    def _bounds(self, node: Node, parts: Parts, path: str) -> Node:
        """Two ends, or what was measured, with its interval."""
        if isinstance(node.value, tuple):
            ends = tuple(self.node(end, parts, path, is_entry=True) for end in node.value)
            return replace(node, value=ends)
        if isinstance(node.value, Mapping) and "interval" in node.value:
            interval = self._bounds(node.value["interval"], parts, f"{path}.interval")
            return replace(node, value={**node.value, "interval": interval})
        return node

    def _tell(self, path: str, node: Node, written: str, read: str, parts: Parts) -> None:
        """Note what a reader may want to know: odd signs, thousands, days of a limit."""
        plain = spelling.fold_signs(written)
        is_limit = any(part.get("kind") == "duration" for part in parts)
        is_day = is_limit and plain.endswith(spelling.OFTEN_WORKING) and not read.endswith("wd")
        if spelling.is_foreign(written) or "," in plain or is_day:
            self.changes.append(_Respelling(path, node, written, read))


_GROUP: Final = re.compile(r"\d{3}(\.\d+)?", re.ASCII)
"""Three figures behind a comma."""


def _is_short(value: object) -> bool:
    """Whether a value may be the figures before the first comma of a number."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < abs(value) < 1_000


def _read(value: object, parts: Parts, *, is_entry: bool) -> Scalar:
    """A scalar as one of the kinds that may stand there; None where none of them is sure."""
    if isinstance(value, int | datetime) and not isinstance(value, bool):
        dates = any(part.get("format") == "date" for part in parts)
        return spelling.read_date(str(value)) if dates else None
    if not isinstance(value, str):
        return None
    for part in parts:
        read = _read_as(value, _short_form(part), is_entry=is_entry)
        if read is not None:
            return read
    return None


def _short_form(part: SchemaPart) -> SchemaPart:
    """What a bare value stands for: the value of a distribution, the number of a roster."""
    inner = part.get("properties", {}).get("value") if "law" in part.get("properties", ()) else None
    if inner is not None:
        return next(options(inner))
    roster = part.get("kind") in {"roster", "places"}
    return next(options(part["additionalProperties"])) if roster else part


def _read_as(value: str, part: SchemaPart, *, is_entry: bool) -> Scalar:
    if "enum" in part or "const" in part:
        return spelling.read_choice(value, part.get("enum", [part.get("const")]))
    if part.get("type") in {"number", "integer"}:
        most = part.get("maximum", float("inf"))
        ratio = bool(part.get("ratio"))
        return spelling.read_number(value, ratio=ratio, most=most, one_of_many=is_entry)
    match part.get("format"):
        case "date":
            return spelling.read_date(value)
        case "date-time":
            return spelling.read_instant(value)
    read = spelling.BY_KIND.get(part.get("kind", ""))
    return read(value) if read else None
