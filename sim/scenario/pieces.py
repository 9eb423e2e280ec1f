"""YAML text as pieces that know how they were written, each with its comments."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

_HEADER: Final = re.compile(r"[|>][-+0-9]*[ \t]+(#.*)")
"""The first line of a text in block style that has a comment."""


@dataclass(eq=False)
class Piece:
    """A scalar, a mapping or a list."""

    kind: Literal["scalar", "mapping", "list"]
    start: int
    end: int
    """Behind the last sign; of the text that was read."""
    column: int
    written: str = ""
    """A scalar as it stands in the text, quotes and line ends included."""
    value: str = ""
    """A scalar without quotes and escapes."""
    style: str = ""
    """Of a scalar: empty where it is plain, else one of `"`, `'`, `|`, `>`."""
    flow: bool = False
    """Whether a mapping or list stands between braces or brackets."""
    entries: list[Entry] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    """Comments behind the last entry, each on a line of its own; an empty one is a blank line."""
    owner: Entry | None = None
    """The entry whose value it is; None for the root."""


@dataclass(eq=False)
class Entry:
    """A pair of a mapping, or an entry of a list."""

    home: Piece
    start: int
    value: Piece
    key: Piece | None = None
    """None in a list."""
    above: list[str] = field(default_factory=list)
    """Comments before it, each on a line of its own; an empty one is a blank line."""
    beside: str = ""
    """The comment behind it on its line, or behind its key where its value begins below."""


def read_pieces(text: str) -> Piece | None:
    """The pieces of a text that `parse_tree` has taken; None for one without a value.

    Lines end with a line feed. What stands between scalars is signs of YAML, blanks and comments:
    so each `#` there begins a comment, and none is missed.

    Examples
    --------
    >>> root = read_pieces("run: {seed: 1} # the first")
    >>> root.entries[0].beside, root.entries[0].value.flow
    ('# the first', True)
    """
    events = (
        event
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(text))
        if isinstance(event, NodeEvent | MappingEndEvent | SequenceEndEvent)
    )
    first = next(events, None)
    if first is None:
        return None
    root = _piece(first, events, text)
    _Placing(text, root).place()
    return root


def comments(root: Piece) -> Iterator[str]:
    """All comments of a text, in the order of its pieces."""
    for entry in root.entries:
        yield from filter(None, (*entry.above, entry.beside))
        for piece in filter(None, (entry.key, entry.value)):
            yield from comments(piece)
    yield from filter(None, root.below)


def head_of(text: str) -> list[str]:
    """Lines that a text has before its document: directives and the mark that ends them."""
    event = next(
        event
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(text))
        if isinstance(event, DocumentStartEvent)
    )
    mark = text[event.start_mark.index : event.end_mark.index].strip()
    lines = (line.rstrip() for line in text[: event.start_mark.index].split("\n"))
    return [*(line for line in lines if line.startswith("%")), mark] if mark else []


def _piece(event: Any, events: Iterator[Any], text: str) -> Piece:
    start, end = event.start_mark.index, event.end_mark.index
    column = event.start_mark.column
    if isinstance(event, ScalarEvent):
        style = event.style or ""
        written = text[start:end]
        if style in {"|", ">"}:
            written = written.rstrip(" \t\n")  # blank lines behind it are lines of the file
        return Piece("scalar", start, start + len(written), column, written, event.value, style)
    is_mapping = isinstance(event, MappingStartEvent)
    made = Piece("mapping" if is_mapping else "list", start, end, column, flow=event.flow_style)
    while not isinstance(below := next(events), MappingEndEvent | SequenceEndEvent):
        key = _piece(below, events, text) if is_mapping else None
        value = _piece(next(events) if is_mapping else below, events, text)
        value.owner = Entry(made, below.start_mark.index, value, key)
        made.entries.append(value.owner)
    # a block ends where the next piece begins, which says nothing
    made.end = below.end_mark.index if made.flow else _end(made)
    return made


def _end(block: Piece) -> int:
    last = block.entries[-1]
    return max(last.value.end, last.key.end if last.key else 0)


@dataclass(frozen=True)
class _Mark:
    """A place in the text by which comments find the piece they belong to."""

    index: int
    kind: Literal["opens", "value", "ends", "closes"]
    entry: Entry | None
    piece: Piece


class _Placing:
    """Gives each comment and each blank line to the piece that it belongs to."""

    def __init__(self, text: str, root: Piece) -> None:
        self.text, self.root = text, root
        self.marks: list[_Mark] = []
        self.scalars: list[Piece] = []
        self._walk(root, None)
        # of two at one place the outer comes first, as they were walked
        self.marks.sort(key=lambda mark: mark.index)
        self.indices = [mark.index for mark in self.marks]
        self.scalars.sort(key=lambda scalar: scalar.start)

    def _walk(self, piece: Piece, entry: Entry | None) -> None:
        """Collect scalars and marks."""
        if piece.kind == "scalar":
            self.scalars.append(piece)
            self.marks.append(_Mark(piece.start, "value", entry, piece))
            self.marks.append(_Mark(piece.end, "ends", entry, piece))
            return
        if piece.flow:
            self.marks.append(_Mark(piece.start, "value", entry, piece))
            self.marks.append(_Mark(piece.start + 1, "ends", entry, piece))
        for below in piece.entries:
            self.marks.append(_Mark(below.start, "opens", below, below.value))
            if below.key is not None:
                self._walk(below.key, below)
            self._walk(below.value, below)
        if piece.flow:
            self.marks.append(_Mark(piece.end - 1, "closes", entry, piece))
            self.marks.append(_Mark(piece.end, "ends", entry, piece))

    def place(self) -> None:
        """Place every comment and blank line."""
        firsts = self._first_lines()
        gap, targets = -1, list[tuple[int, list[str]]]()
        for begin, comment, own_line in self._comments():
            after = bisect_right(self.indices, begin)
            if after != gap:
                gap, targets = after, self._targets(after)
            if not own_line and self._beside(after, comment, begin):
                continue
            column = begin - self.text.rfind("\n", 0, begin) - 1 if own_line else -1
            while len(targets) > 1 and targets[0][0] > column:
                targets.pop(0)
            blank = [""] if own_line and self._is_blank_above(begin) else []
            targets[0][1].extend((*blank, comment))
        for entry in firsts:
            entry.above.append("")

    def _first_lines(self) -> list[Entry]:
        """Entries that begin a line below a blank one; the outermost of each line."""
        entries, last = list[Entry](), -1
        for mark in self.marks:
            if mark.kind == "opens" and mark.entry is not None:
                line = self.text.rfind("\n", 0, mark.index)
                before = self.text[line + 1 : mark.index].strip(" \t-?{[")
                if line != last and not before and self._is_blank_above(mark.index):
                    entries.append(mark.entry)
                last = line
        return entries

    def _is_blank_above(self, index: int) -> bool:
        end = self.text.rfind("\n", 0, index)
        return end > 0 and not self.text[self.text.rfind("\n", 0, end) + 1 : end].strip()

    def _comments(self) -> Iterator[tuple[int, str, bool]]:
        """Where each begins, its words, and whether it has its line for itself."""
        begin = 0
        for scalar in (*self.scalars, None):
            stop = scalar.start if scalar else len(self.text)
            while (at := self.text.find("#", begin, stop)) >= 0:
                end = self.text.find("\n", at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
                yield at, self.text[at:end].rstrip(), not line.strip()
                begin = end
            if scalar is not None:
                header = _HEADER.match(scalar.written) if scalar.style in {"|", ">"} else None
                if header:
                    yield scalar.start + header.start(1), header[1].rstrip(), False
                begin = scalar.end

    def _beside(self, after: int, comment: str, begin: int) -> bool:
        """Give a comment to what ends or opens before it on its line; whether anything does."""
        mark = self.marks[after - 1] if after else None
        if mark is None or mark.entry is None or "\n" in self.text[mark.index : begin]:
            return False
        if mark.entry.beside:
            mark.entry.above.append(comment)
        else:
            mark.entry.beside = comment
        return True

    def _targets(self, after: int) -> list[tuple[int, list[str]]]:
        """Pieces that may take a comment before a mark, the inner first, with their columns.

        It is the end of a block if it is indented like what is in it, else what comes next.
        """
        following = self.marks[after] if after < len(self.marks) else None
        if following is None:
            last, around = self.root.below, list[Piece]()
        elif following.kind == "closes":
            return [(-1, following.piece.below)]
        else:
            assert following.entry is not None  # only a root has none, and it opens no value
            last, around = following.entry.above, list(_around(following.entry))
        if following is not None and following.kind == "value":
            return [(-1, last)]
        least = around[0].column if around else -1
        previous = self.marks[after - 1].entry if after else None
        closed = (piece for piece in _around(previous) if piece not in around and not piece.flow)
        return [
            *((mapping.column, mapping.below) for mapping in closed if mapping.column > least),
            (-1, last),
        ]


def _around(entry: Entry | None) -> Iterator[Piece]:
    """The mapping or list that an entry is in, the one around that, and so on."""
    while entry is not None:
        yield entry.home
        entry = entry.home.owner
