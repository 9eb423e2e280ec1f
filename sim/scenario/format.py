"""A scenario file in one style, word for word as its writer put it: what `govhall format` does."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.encoding import MARKS, decode
from sim.scenario.layers import lay_over_base
from sim.scenario.load import validate_tree
from sim.scenario.node import Node
from sim.scenario.pieces import Entry, Piece, comments, head_of, read_pieces
from sim.scenario.tree import MAX_BYTES, parse_tree, plain_scalar, read_bytes, too_large
from sim.scenario.wrap import WIDTH, can_wrap, columns, cut, fold, quoted

STEP: Final = 2
"""Columns by which what is inside is indented."""
DEEPEST: Final = 2
"""Levels of braces and brackets that one line may have."""
SHORT: Final = 3
"""Lines of an entry of a list up to which the next one follows without a blank line."""

_PLAIN: Final = re.compile(r"\w(?:[\w.*%()-]|:(?=\w)|/| (?=[\w(]))*")
"""Words that mean nothing to YAML."""
_ODD_ESCAPE: Final = re.compile(r'\\[^"\n]')


class Formatted(NamedTuple):
    """A file before and after."""

    before: bytes
    after: bytes
    encoding: str
    """In which it was; that of the result is UTF-8 without a mark."""


def format_file(path: Path) -> Formatted:
    """A scenario file as it should be written; the file itself stays as it is.

    Raises
    ------
    ScenarioError
        As `read_tree`, and `format_differs` when the result would not be the same scenario.
    """
    before = read_bytes(path)
    text, encoding = decode(before, str(path))
    if before.startswith(MARKS[0][0]):
        encoding = "UTF-8 BOM"
    new = formatted(text, str(path))
    if new != text and _outcome(text, path) != _outcome(new, path):
        raise ScenarioError(Problem("format_differs", "", str(path)))
    return Formatted(before, new.encode("utf-8"), encoding)


def flow_text(value: Any) -> str:
    """Plain data as YAML on one line, quoted only where it has to be; `formatted` sets it in lines.

    Examples
    --------
    >>> flow_text({"08:30-12:00": 3, "name": "A: b", "days": [1.5, "2025-01-06"]})
    '{08:30-12:00: 3, name: "A: b", days: [1.5, "2025-01-06"]}'
    """
    if isinstance(value, dict):
        pairs = (f"{flow_text(key)}: {flow_text(part)}" for key, part in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow_text, value))}]"
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or plain_scalar(value) != value):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def formatted(text: str, name: str = "") -> str:
    """YAML text in the style of this project (DESIGN §3): same values, same comments.

    Raises
    ------
    ScenarioError
        As `parse_tree`; `yaml_not_mapping` for what is no mapping, `too_large_file` for a result
        that is, and `format_differs` where it would say something else or lose a comment.

    Examples
    --------
    >>> print(formatted("run: {seed:  1,\\n  start: 2025-01-06} # short"), end="")
    run: {seed: 1, start: 2025-01-06} # short
    """
    tree = parse_tree(text, name)
    if not isinstance(tree.value, dict):
        raise ScenarioError(Problem("yaml_not_mapping", "", name, 1, 1))
    windows = "\r\n" in text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    root = read_pieces(text)
    assert root is not None  # a mapping is something
    lines = [*head_of(text), *_block(root, 0)]
    new = "\n".join([*lines, ""])
    size = len(new.encode("utf-8"))
    if size > MAX_BYTES:
        raise too_large(name, size, MAX_BYTES)
    if new != text and not _says_the_same(tree, root, new):
        raise ScenarioError(Problem("format_differs", "", name))
    return new.replace("\n", "\r\n") if windows else new


def _says_the_same(tree: Node, root: Piece, new: str) -> bool:
    """Whether a new text has the values of a tree, in their order, and the comments of a root."""
    try:
        formatted = parse_tree(new)
        pieces = read_pieces(new)
    except ScenarioError:
        return False
    assert pieces is not None
    same_comments = Counter(comments(root)) == Counter(comments(pieces))
    return same_comments and _content(tree) == _content(formatted)


def _content(node: Node) -> Any:
    """Values with their kinds, in their order: 1, 1.0 and true are equal in Python."""
    if isinstance(node.value, dict):
        return [(key, _content(child)) for key, child in node.value.items()]
    if isinstance(node.value, tuple):
        return tuple(_content(child) for child in node.value)
    return type(node.value).__name__, repr(node.value)


def _outcome(text: str, path: Path) -> Any:
    """What the reader makes of a text in place of a file: a scenario, or problems without lines."""
    problems = list[Problem]()
    try:
        tree = lay_over_base(parse_tree(text, str(path), problems), path, problems)
        scenario, warnings = validate_tree(tree, problems)
    except ScenarioError as error:
        return Counter((problem.code, problem.path, problem.found) for problem in error.problems)
    return scenario.hash, Counter(
        (problem.code, problem.path, problem.found) for problem in warnings
    )


def _block(piece: Piece, indent: int) -> list[str]:
    """The lines of a mapping or list, one or more an entry."""
    margin = " " * indent
    if not piece.entries:
        return [f"{margin}{_one_line(piece)}", *(margin + comment for comment in piece.below)]
    apart = not all(
        _stays(entry.value, f"{margin}-") for entry in piece.entries if _is_record(entry)
    )
    shown = [_entry(entry, margin, apart=apart) for entry in piece.entries]
    parted = _parted(piece, [lines for _, lines in shown])
    written = list[str]()
    for n, (above, lines) in enumerate(shown):
        if n and parted[n - 1] and (not above or above[0]):
            written.append("")
        if not n and above and not above[0]:
            del above[0]
        written += [margin + comment if comment else "" for comment in above]
        written += lines
    return [*written, *(margin + comment if comment else "" for comment in piece.below)]


def _is_record(entry: Entry) -> bool:
    """Whether an entry is a mapping in a list: those of one list are written alike."""
    return entry.key is None and entry.value.kind == "mapping" and bool(entry.value.entries)


def _parted(piece: Piece, shown: list[list[str]]) -> list[bool]:
    """Whether a blank line parts each entry from the next one."""
    pairs = list(pairwise(shown))
    if piece.owner is None:
        return [max(len(lines), len(next_lines)) > 1 for lines, next_lines in pairs]
    records = any(map(_is_record, piece.entries))
    return [records and max(map(len, shown)) > SHORT] * len(pairs)


def _entry(entry: Entry, margin: str, *, apart: bool) -> tuple[list[str], list[str]]:
    """Comments that stand above an entry, and its lines.

    Parameters
    ----------
    apart
        Whether records have a line for each of their pairs.
    """
    above, value = list(entry.above), entry.value
    head = f"{margin}{_key(entry.key)}:" if entry.key else f"{margin}-"
    is_block = False
    if value.kind == "scalar":
        lines = _scalar(value, head, len(margin))
    elif not value.entries or (_stays(value, head) and not (apart and _is_record(entry))):
        lines = [f"{head} {_one_line(value)}"]
        above += value.below
    else:
        is_block = True
        lines = _block(value, len(margin) + STEP)
        if entry.key:
            lines.insert(0, head)
        else:
            while lines[0].lstrip().startswith("#"):  # above the first key stands above the entry
                above.append(lines.pop(0).strip())
            lines[0] = head + lines[0][len(head) :]
    if entry.beside:
        wide = f"{lines[0]} {entry.beside}"
        has_room = len(lines) == 1 or (is_block and entry.key)
        if has_room and columns(wide) <= WIDTH:
            lines[0] = wide
        else:
            above.append(entry.beside)
    return above, lines


def _key(key: Piece) -> str:
    line = _one_line(key)
    return _escaped(key.value) if line is None else line


def _stays(piece: Piece, head: str) -> bool:
    """Whether a value that was written on one line may stay there, behind its key or dash."""
    if piece.kind == "scalar":
        return True
    if not piece.flow or _depth(piece) > DEEPEST or any(comments(piece)):
        return False
    line = _one_line(piece)
    return line is not None and columns(f"{head} {line}") <= WIDTH


def _depth(piece: Piece) -> int:
    """Levels of braces and brackets."""
    below = max((_depth(entry.value) for entry in piece.entries), default=0)
    return below + (piece.kind != "scalar")


def _one_line(piece: Piece) -> str | None:
    """A value on one line as its writer put it; None where it has several."""
    if piece.kind == "scalar":
        return _scalar_on_line(piece)
    parts = list[str]()
    for entry in piece.entries:
        line = _one_line(entry.value)
        if line is None:
            return None
        parts.append(f"{_key(entry.key)}: {line}".removesuffix(": ") if entry.key else line)
    return f"{{{', '.join(parts)}}}" if piece.kind == "mapping" else f"[{', '.join(parts)}]"


def _scalar_on_line(piece: Piece) -> str | None:
    if piece.style in {"|", ">"}:
        return None
    if "\n" not in piece.written:
        return piece.written
    if "\n" in piece.value or not _has_plain_escapes(piece):
        return None
    if piece.style == "'":
        doubled = piece.value.replace("'", "''")
        return f"'{doubled}'"
    return quoted(piece.value) if piece.style else piece.value


def _has_plain_escapes(piece: Piece) -> bool:
    """Whether only quotes and backslashes are escaped: other escapes stay as they were written."""
    return piece.style != '"' or not _ODD_ESCAPE.search(piece.written.replace("\\\\", ""))


def _scalar(piece: Piece, head: str, indent: int) -> list[str]:
    """The lines of a scalar behind its key or dash."""
    if not piece.written:
        return [head]
    line = _scalar_on_line(piece)
    if line is not None and columns(f"{head} {line}") <= WIDTH:
        return [f"{head} {line}"]
    margin = " " * (indent + STEP)
    is_text = bool(piece.style) or isinstance(plain_scalar(piece.value), str)
    if piece.style != "|" and is_text and can_wrap(piece.value) and _has_plain_escapes(piece):
        lines = _wrapped(piece, head, margin)
        if lines:
            return lines
    if piece.style in {"|", ">"}:
        return _literal(piece.value, head, margin)
    if line is not None:
        return [f"{head} {line}"]
    first, *others = piece.written.split("\n")
    return [
        f"{head} {first}",
        *(margin + line.lstrip(" \t") if line.strip() else "" for line in others),
    ]


def _wrapped(piece: Piece, head: str, margin: str) -> list[str]:
    """A long text folded at its blanks, or cut where these are too few; none if it is one word."""
    width = WIDTH - len(margin)
    folded = fold(piece.value, width)
    too_wide = sum(columns(line) > width for line in folded)
    if too_wide and "\n" not in piece.value:
        lines = cut(piece.value, width - 1, WIDTH - columns(head) - 3)
        if sum(columns(line) >= width for line in lines) < too_wide:
            lines = [f'{head} "{lines[0]}', *(margin + line for line in lines[1:])]
            return [*lines[:-1], f'{lines[-1]}"']
    if too_wide and len(folded) == 1 and piece.style != ">":
        return []
    mark = ">" if piece.value.endswith("\n") else ">-"
    return [f"{head} {mark}", *(margin + line if line else "" for line in folded)]


def _escaped(value: str) -> str:
    """A text of several lines on one."""
    return quoted(value).replace("\n", "\\n")


def _literal(value: str, head: str, margin: str) -> list[str]:
    """A text whose lines and blanks count, each as it is."""
    body = value.rstrip("\n")
    if not body or len(value) > len(body) + 1:
        return [f"{head} {_escaped(value)}"]
    mark = f"|{STEP if body[0] in ' ' + chr(10) else ''}{'' if value != body else '-'}"
    return [f"{head} {mark}", *(margin + line if line else "" for line in body.split("\n"))]


__all__ = ["Formatted", "format_file", "formatted"]
