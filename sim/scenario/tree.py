"""YAML text as a tree that remembers where each value stands; hostile files are refused."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sim.errors import Problem, ScenarioError

MAX_BYTES: Final = 500_000
MAX_DEPTH: Final = 24
MAX_SHOWN: Final = 60
"""Characters of a value in a sentence: a line of a terminal holds place, value and remedy."""

Scalar: TypeAlias = "str | int | float | bool | date | datetime | None"
Step: TypeAlias = "str | int"
Steps: TypeAlias = "tuple[Step, ...]"

_INT = re.compile(r"[-+]?\d{1,300}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", re.ASCII)
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Node:
    """A value and the place it was written."""

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    file: str = ""
    line: int = 0
    column: int = 0

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
        return next((child for child in self.value if child.id == step), None)

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
            steps.append(node._index(below) if is_list else str(step))
            node = below
        return tuple(steps)

    def _index(self, entry: Node) -> int:
        assert isinstance(self.value, tuple)
        return next(n for n, child in enumerate(self.value) if child is entry)

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
        step, rest = path[0], path[1:]
        if isinstance(self.value, tuple):
            n = int(step)
            kept = (self.value[n].without(rest),) if rest else ()
            return replace(self, value=(*self.value[:n], *kept, *self.value[n + 1 :]))
        assert isinstance(self.value, Mapping)
        key = str(step)
        below = {key: self.value[key].without(rest)} if rest else {}
        others = {name: child for name, child in self.value.items() if rest or name != key}
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


def shown(value: object) -> str:
    """A plain value as a planner would write it, on one line and not too long.

    Examples
    --------
    >>> shown({"law": "gamma", "values": (1, None, True)})
    '{law: gamma, values: [1, null, true]}'
    """
    text = _written(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        parts = [f"{key}: {_written(child)}" for key, child in list(value.items())[:MAX_SHOWN]]
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_written(child) for child in value[:MAX_SHOWN])}]"
    if value is None:
        return "null"
    if isinstance(value, float) and not math.isfinite(value):
        return f".{value}".replace(".-", "-.")
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_tree(path: Path, problems: list[Problem] | None = None) -> Node:
    """Read a scenario file; see `parse_tree` for `problems`.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, is too large, is not UTF-8, or is not plain YAML.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise _refuse("not_a_file", name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _too_large(name, max(path.stat().st_size, len(data)))
        return parse_tree(data.decode("utf-8-sig"), name, problems)
    except FileNotFoundError:
        raise _refuse("missing_file", name) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        found = f"0x{data[error.start]:02X}"
        raise _refuse("not_utf8", name, (line, column), found) from None
    except OSError as error:
        raise _refuse("unreadable_file", name, found=error.strerror or "") from None
    except ValueError:  # a path with a null byte names no file
        raise _refuse("missing_file", name.replace("\0", "?")) from None


def parse_tree(text: str, name: str = "", problems: list[Problem] | None = None) -> Node:
    """Parse YAML 1.2 text without anchors, aliases or tags.

    Parameters
    ----------
    problems
        Collects keys that are written twice, so that they can be told together with other
        problems; without it they are raised.

    Raises
    ------
    ScenarioError
        For text that is too long or not plain YAML; it cannot be read any further.

    Examples
    --------
    >>> parse_tree("open: 9:30").plain()
    {'open': '9:30'}
    """
    twice: list[Problem] = [] if problems is None else problems
    if len(text) > MAX_BYTES:
        raise _too_large(name, len(text))
    events = YAML(typ="safe", pure=True).parse(io.StringIO(text.removeprefix("\ufeff")))
    try:
        node = _root(_plain_events(events, name), name, twice)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refuse("yaml_syntax", name, (line, column), str(error.problem or "")) from None
    except YAMLError as error:  # a character that YAML does not allow
        before = text[: getattr(error, "position", 0)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        found = str(error).partition("\n")[0]
        raise _refuse("yaml_syntax", name, (line, column), found) from None
    except (ValueError, OverflowError) as error:  # escapes of no character, as "\UFFFFFFFF"
        raise _refuse("yaml_syntax", name, (1, 1), str(error)) from None
    if twice:
        words = dict(node.places())
        twice[:] = [replace(p, path=p.path or words.get((p.line, p.column), "")) for p in twice]
    if problems is None and twice:
        raise ScenarioError(twice)
    return node


def _refuse(
    code: str, file: str, place: tuple[int, int] = (0, 0), found: str = "", allowed: str = ""
) -> ScenarioError:
    return ScenarioError(Problem(code, "", file, *place, found=found, allowed=allowed))


def _too_large(name: str, size: int) -> ScenarioError:
    return _refuse("too_large_file", name, found=f"{size:,} B", allowed=f"≤ {MAX_BYTES:,} B")


def _plain_events(events: Iterator[Any], name: str) -> Iterator[Any]:
    """The events of one document that holds values; aliases, tags and deep nesting stop it."""
    depth = documents = 0
    for event in events:
        depth -= isinstance(event, MappingEndEvent | SequenceEndEvent)
        documents += isinstance(event, DocumentStartEvent)
        place = event.start_mark.line + 1, event.start_mark.column + 1
        if documents > 1:
            raise _refuse("yaml_syntax", name, place, "---")
        if isinstance(event, NodeEvent):
            if event.anchor:
                mark = "*" if isinstance(event, AliasEvent) else "&"
                raise _refuse("yaml_alias", name, place, f"{mark}{event.anchor}")
            tag = getattr(event, "tag", None)
            if tag:
                raise _refuse("yaml_tag", name, place, str(tag))
            depth += isinstance(event, MappingStartEvent | SequenceStartEvent)
            if depth > MAX_DEPTH:
                raise _refuse("yaml_too_deep", name, place, str(depth), f"≤ {MAX_DEPTH}")
            yield event
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            yield event


def _root(events: Iterator[Any], name: str, problems: list[Problem]) -> Node:
    first = next(events, None)
    root = Node(None, name, 1, 1) if first is None else _build(first, events, name, problems)
    for _ in events:  # there is none, but only reading on finds what is wrong behind the document
        pass
    return root


def _build(event: Any, events: Iterator[Any], name: str, problems: list[Problem]) -> Node:
    """The node that starts with `event`; nesting is bounded by `MAX_DEPTH`."""
    place = Node(None, name, event.start_mark.line + 1, event.start_mark.column + 1)
    if isinstance(event, ScalarEvent):
        return replace(place, value=_scalar(event.value) if event.implicit[0] else event.value)
    if isinstance(event, SequenceStartEvent):
        entries = []
        while not isinstance(below := next(events), SequenceEndEvent):
            entries.append(_build(below, events, name, problems))
        return replace(place, value=tuple(entries))
    children: dict[str, Node] = {}
    while not isinstance(below := next(events), MappingEndEvent):
        at = below.start_mark
        key_node = _build(below, events, name, problems)
        key = below.value if isinstance(below, ScalarEvent) else shown(key_node.plain())
        child = _build(next(events), events, name, problems)
        if key in children:
            problems.append(
                Problem(
                    "duplicate_key",
                    "",
                    name,
                    at.line + 1,
                    at.column + 1,
                    found=key,
                    values=(("first_line", str(children[key].line)),),
                )
            )
        children[key] = replace(child, line=at.line + 1, column=at.column + 1)
    return replace(place, value=children)


def _scalar(text: str) -> Scalar:
    """A plain scalar by YAML 1.2 rules, and dates; what does not convert stays text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _ENDLESS.fullmatch(text):
        return float(text.replace(".", ""))
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return text
