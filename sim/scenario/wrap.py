"""Long text on lines of a bounded width: folded at its blanks, or cut where it has too few."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

WIDTH: Final = 120
"""Columns of a line; a Chinese character takes two."""

_WORDS: Final = re.compile(r"(?<=[^ ]) (?=[^ %])")
"""Blanks at which a line may end: a line that begins or ends with one would say something else. A
number keeps its sign of per cent."""
_UNFIT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that some reader takes for the end of a line, or for none at all."""
_STOPS: Final = frozenset(
    map(
        unicodedata.lookup,
        (
            *("IDEOGRAPHIC FULL STOP", "FULLWIDTH COMMA", "FULLWIDTH SEMICOLON", "FULLWIDTH COLON"),
            *("FULLWIDTH EXCLAMATION MARK", "FULLWIDTH QUESTION MARK"),
        ),
    )
)
"""Signs behind which a reader pauses."""
_PARTS: Final = "?&"
"""Signs of an address that begin a part of it."""
_LATE: Final = 0.6
"""Share of a line behind which a pause ends it rather than the last character that fits."""


def columns(text: str) -> int:
    """How wide a text is on a screen with letters of one width.

    Examples
    --------
    >>> columns("hall"), columns("大厅")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)


def can_wrap(value: str) -> bool:
    """Whether a text stays what it is on several lines, as paragraphs of words."""
    return all(
        line == line.strip(" ") and line and not any(map(_is_unfit, line))
        for line in re.split("\n+", value.removesuffix("\n"))
    )


def _is_unfit(sign: str) -> bool:
    return sign == "\ufeff" or unicodedata.category(sign) in _UNFIT


def fold(value: str, width: int) -> list[str]:
    """Lines of a folded text (`>`), which a reader joins again with a blank.

    Examples
    --------
    >>> fold("from nine to five\\nclosed", 10)
    ['from nine', 'to five', '', 'closed']
    """
    lines = list[str]()
    for part in re.split("(\n+)", value.removesuffix("\n")):
        if part.startswith("\n"):
            lines.extend([""] * len(part))
        else:
            lines.extend(_filled(_WORDS.split(part), width))
    return lines


def _filled(words: list[str], width: int) -> Iterator[str]:
    line, used = words[0], columns(words[0])
    for word in words[1:]:
        more = columns(word)
        if used + 1 + more > width:
            yield line
            line, used = word, more
        else:
            line, used = f"{line} {word}", used + 1 + more
    yield line


def cut(value: str, width: int, first: int) -> list[str]:
    """Lines of a text between double quotes, which are left out.

    A line ends in `\\` where no blank was: between Chinese characters, or parts of an address.

    Parameters
    ----------
    width, first
        Columns of a line, and of the first, which stands behind a key.

    Examples
    --------
    >>> cut("大厅周六开门，周日不开。", 16, 20)
    ['大厅周六开门，\\\\', '周日不开。']
    """
    uncut, lines, room = _escaped(value), list[str](), first
    while columns(uncut) > room:
        end = _cut_at(uncut, room - 1)
        if not end:
            break
        blank = uncut[end - 1] == " "
        lines.append(uncut[: end - 1] if blank else f"{uncut[:end]}\\")
        uncut, room = uncut[end:], width
    return [*lines, uncut]


def quoted(value: str) -> str:
    """A text of one line between double quotes."""
    return f'"{_escaped(value)}"'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _cut_at(text: str, room: int) -> int:
    """Behind which character a line ends: behind a pause near its end, else the last that fits.

    Where none fits, an address may be parted; else it is the first at which a line may end, and 0
    where there is none.
    """
    used = best = pause = part = 0
    for n, (sign, after) in enumerate(pairwise(text), 1):
        used += columns(sign)
        if used > room and (best or part):
            break
        if _may_part(sign, after, text[n - 2 : n - 1]):
            best = n
            if sign in _STOPS and used >= _LATE * room:
                pause = n
        elif after in _PARTS:
            part = n
    return pause or best or part


def _may_part(sign: str, after: str, before: str) -> bool:
    """Whether a line may end between two characters; the first may be a blank, which then goes."""
    if sign == " ":
        return after != " " and before not in {" ", ""}
    if after == " " or unicodedata.category(after) in {"Po", "Pe", "Pf", "Pd"}:
        return False
    if sign in _STOPS:
        return True
    return _is_wide(sign) and _is_wide(after) and unicodedata.category(sign) not in {"Ps", "Pi"}


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
