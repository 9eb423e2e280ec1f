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
from sim.scenario.encoding import decode
from sim.scenario.node import Node, Scalar, show_value
from sim.scenario.spelling import SIGNS, sign_name
from sim.text import load_spelling

MAX_BYTES: Final = 300_000
MAX_DEPTH: Final = 24

_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
"""Signs that no text holds: controls, lone halves of pairs, and what Unicode keeps free."""
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""One sign written as JSON writes it: `"\\ud83d\\ude00"`."""
_KEY: Final = r"(?:^|[{,]|^\s*-)\s*[\w.~-]+\s*"
_YAML_SIGNS: Final = {
    **SIGNS,
    **{sign: plain for sign, (plain,) in load_spelling()["yaml"].items()},
}
"""Signs where one of YAML should stand -> that one."""
_BLANK: Final = f"[\t{''.join(sign for sign, plain in SIGNS.items() if not plain.strip())}]"
_OPENING: Final = "".join(sign for sign, plain in _YAML_SIGNS.items() if plain in {*"{[", "'", '"'})
_PARTING: Final = {
    plain: "".join(sign for sign, meant in _YAML_SIGNS.items() if meant.strip() == plain)
    for plain in ":,-}]#"
}
_MISPLACED: Final = tuple(
    map(
        re.compile,
        (
            rf"^[ \t]*?({_BLANK})",
            rf"{_KEY}([{_PARTING[':']}])",
            rf"{_KEY}:({_BLANK})",
            rf"(?:^|[:,\[{{{_PARTING[':']}{_PARTING[',']}])\s*([{_OPENING}])",
            rf"([{_PARTING[']']}{_PARTING['}']}])\s*(?:[,}}\]#]|$)",
            rf"^\s*([{_PARTING['-']}])\s",
            rf"^\s*([{_PARTING['#']}])",
            rf"[}}\]\w%]\s*([{_PARTING[',']}])\s*(?:[{{\w]|$)",
        ),
    )
)
"""Where a sign of a Chinese keyboard stands for one of YAML: indents, colons, brackets, commas."""

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
    return parse_tree(read_text(path, problems), str(path), problems)


def read_text(path: Path, problems: list[Problem] | None = None, most: int = MAX_BYTES) -> str:
    """Read a file of at most `most` bytes; its encoding is found by `decode`.

    Parameters
    ----------
    problems
        Gets a note where the file is not in UTF-8.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, is too large, or whose encoding is not sure.
    """
    return text_of(read_bytes(path, most), str(path), problems)


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Read a file of at most `most` bytes.

    Raises
    ------
    ScenarioError
        For a file that cannot be read, or is too large.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise _refuse("not_a_file", name)
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise too_large(name, max(path.stat().st_size, len(data)), most)
        return data
    except FileNotFoundError:
        raise _refuse("missing_file", name) from None
    except OSError as error:
        raise _refuse("unreadable_file", name, found=error.strerror or "") from None
    except ValueError:  # a path with a null byte names no file
        raise _refuse("missing_file", name.replace("\0", "?")) from None


def text_of(data: bytes, name: str = "", problems: list[Problem] | None = None) -> str:
    """The text of a file's bytes; see `read_text`.

    Raises
    ------
    ScenarioError
        When the encoding is damaged, or not sure.
    """
    text, encoding = decode(data, name)
    if problems is not None and encoding == "GB18030":
        problems.append(
            Problem("read_in_encoding", "", name, 1, found=encoding, severity="warning")
        )
    return text


def parse_tree(text: str, name: str = "", problems: list[Problem] | None = None) -> Node:
    """Parse YAML 1.2 text without anchors, aliases or tags.

    Parameters
    ----------
    problems
        Collects keys that are written twice, so that they can be reported together with other
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
        raise too_large(name, len(text), MAX_BYTES)
    events = YAML(typ="safe", pure=True).parse(io.StringIO(text.removeprefix("\ufeff")))
    try:
        node = _root(_plain_events(events, name), name, twice)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        begin = error.context_mark.line + 1 if error.context_mark else line
        misplaced = _misplaced(text, max(begin, line - 2) - 1, line)
        if misplaced is not None:
            raise ScenarioError(replace(misplaced, file=name)) from None
        raise _refuse("yaml_syntax", name, (line, column), str(error.problem or "")) from None
    except YAMLError as error:  # a character that YAML does not allow
        place = getattr(error, "position", 0)
        before = text[:place]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        if _UNFIT.match(text, place):
            raise _refuse("unfit_sign", name, (line, column), sign_name(text[place])) from None
        fault = str(error).partition("\n")[0]
        raise _refuse("yaml_syntax", name, (line, column), fault) from None
    except (ValueError, OverflowError) as error:  # escapes of no character, as "\UFFFFFFFF"
        raise _refuse("yaml_syntax", name, (1, 1), str(error)) from None
    if twice:
        words = dict(node.places())
        twice[:] = [replace(p, path=p.path or words.get((p.line, p.column), "")) for p in twice]
    if problems is None and twice:
        raise ScenarioError(twice)
    return node


def _misplaced(text: str, first: int, last: int) -> Problem | None:
    """The first sign on lines from `first` to `last`, from 1, that stands for one of YAML."""
    lines = text.splitlines()
    for n in range(max(1, first), min(last, len(lines)) + 1):
        matches = [match for pattern in _MISPLACED if (match := pattern.search(lines[n - 1]))]
        if matches:
            match = min(matches, key=lambda hit: hit.start(1))
            sign = match[1]
            plain = _YAML_SIGNS[sign]
            return Problem(
                "yaml_sign",
                line=n,
                column=match.start(1) + 1,
                found=sign_name(sign),
                remedy=f"error.yaml_sign.remedy_{'as' if plain.strip() else 'blank'}",
                values=(("plain", plain.strip()),),
            )
    return None


def _fit(text: str, name: str, place: tuple[int, int]) -> str:
    """A scalar whose signs any file can keep.

    Raises
    ------
    ScenarioError
        For a control, a lone half of a pair, or what is no character.
    """
    whole = _PAIR.sub(lambda two: two[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    unfit = _UNFIT.search(whole)
    if unfit:
        raise _refuse("unfit_sign", name, place, sign_name(unfit[0]))
    return whole


def _refuse(
    code: str, file: str, place: tuple[int, int] = (0, 0), found: str = "", allowed: str = ""
) -> ScenarioError:
    return ScenarioError(Problem(code, "", file, *place, found=found, allowed=allowed))


def too_large(name: str, size: int, most: int) -> ScenarioError:
    """The error for a file or text that is larger than that."""
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
        text = _fit(event.value, name, (place.line, place.column))
        return replace(place, value=plain_scalar(text) if event.implicit[0] else text)
    if isinstance(event, SequenceStartEvent):
        entries = []
        while not isinstance(below := next(events), SequenceEndEvent):
            entries.append(_build(below, events, name, problems))
        return replace(place, value=tuple(entries))
    children: dict[str, Node] = {}
    while not isinstance(below := next(events), MappingEndEvent):
        at = below.start_mark
        key_node = _build(below, events, name, problems)
        is_text = isinstance(below, ScalarEvent)
        key = _fit(below.value, name, _place(below)) if is_text else show_value(key_node.plain())
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


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def plain_scalar(text: str) -> Scalar:
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


__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Node",
    "parse_tree",
    "plain_scalar",
    "read_bytes",
    "read_text",
    "read_tree",
    "too_large",
]
