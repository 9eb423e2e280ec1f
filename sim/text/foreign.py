"""Words of others: what a scenario calls things, made harmless for where it is read.

A name, a note or a path is data of somebody else. On a screen it must not give the terminal orders,
in a picture or a page it must be something that XML can hold, and in a spreadsheet it must not be
taken for a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Signs that do something instead of being seen: controls but tab and line feed, signs that turn
the direction of writing, separators of lines, and what is no character at all."""
REPLACED: Final = "\ufffd"

FORMULA: Final = re.compile("'*[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]|'*[\t\r\n]")
"""How a cell begins that a spreadsheet reads as a formula, or that would read as one unmarked."""
PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
COMMAS: Final = re.compile("[,，、]")
QUOTED: Final = "'"
"""Stands before a cell that is text, as one types it into a spreadsheet."""


def listed(words: str) -> tuple[str, ...]:
    """The names in a list as people type it, with commas of either width.

    Examples
    --------
    >>> listed("zone, counters，both,")
    ('zone', 'counters', 'both')
    """
    return tuple(part.strip() for part in COMMAS.split(words) if part.strip())


def visible(words: str) -> str:
    r"""The words with a mark in place of every sign that does something instead of being seen.

    Examples
    --------
    >>> visible("a\x1b[31mb")
    'a�[31mb'
    """
    return UNSEEN.sub(REPLACED, words)


def escaped_json(text: str) -> str:
    r"""JSON whose unseen signs are written as `\uXXXX`: the same data, harmless on a screen.

    Examples
    --------
    >>> escaped_json('{"name": "a\x9bb"}')
    '{"name": "a\\u009bb"}'
    """
    # outside strings JSON has none of them but line feeds, which are not among the unseen
    return UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def cell(value: Any) -> Any:
    """What is written into a table for spreadsheets: text never begins like a formula.

    Numbers stay numbers, negative ones too, and so does text that is nothing but a number.

    Examples
    --------
    >>> cell("=1+1"), cell("@name"), cell(-3.5), cell("-3.5"), cell("plain")
    ("'=1+1", "'@name", -3.5, '-3.5', 'plain')
    """
    if not isinstance(value, str):
        return value
    dangerous = FORMULA.match(value) and not PLAIN_NUMBER.fullmatch(value)
    return QUOTED + value if dangerous else value


def read_cell(words: str) -> str:
    """The text that `cell` was given.

    Examples
    --------
    >>> [read_cell(cell(text)) for text in ("=1+1", "'=1+1", "'tis", "-3")]
    ['=1+1', "'=1+1", "'tis", '-3']
    """
    return words.removeprefix(QUOTED) if FORMULA.match(words) else words


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    r"""Rows as CSV for spreadsheets, under every name that one of them has.

    Examples
    --------
    >>> csv_text([{"name": "=1+1", "wait": -2.5}, {"name": "hall", "n": 3}])
    "name,wait,n\n'=1+1,-2.5,\nhall,,3\n"
    """
    listed, out = list(rows), io.StringIO()
    names = list(dict.fromkeys(name for row in listed for name in row))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(cell(name) for name in names)
    writer.writerows([cell(row.get(name)) for name in names] for row in listed)
    return visible(out.getvalue())
