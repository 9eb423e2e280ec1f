"""YAML text as a tree; what is hostile or no plain YAML is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

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
from sim.scenario.node import Node, Scalar, shown

MAX_BYTES: Final = 300_000
MAX_DEPTH: Final = 24

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


def read_tree(path: Path, problems: list[Problem] | None = None) -> Node:
    """Read a scenario file; see `parse_tree` for `problems`.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, is too large, is not UTF-8, or is not plain YAML.
    """
    return parse_tree(read_text(path), str(path), problems)


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """Read a file in UTF-8, with or without a mark that it is, of so many bytes at most.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, is too large, or is not UTF-8.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise _refuse("not_a_file", name)
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise _too_large(name, max(path.stat().st_size, len(data)), most)
        return data.decode("utf-8-sig")
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
        raise _too_large(name, len(text), MAX_BYTES)
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


def _too_large(name: str, size: int, most: int) -> ScenarioError:
    return _refuse("too_large_file", name, found=f"{size:,} B", allowed=f"≤ {most:,} B")


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


__all__ = ["MAX_BYTES", "MAX_DEPTH", "Node", "parse_tree", "read_text", "read_tree"]
