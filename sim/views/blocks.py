"""What is shown of a topic: blocks that terminal, page and document draw alike (DESIGN §7.15).

A topic has one file of words and tables (`*_words.py`), which makes blocks and knows no medium.
Each medium has one file that draws any list of them: `views/terminal.py`, `views/document.py`,
`web/drawing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from matplotlib.figure import Figure

Tone = Literal["plain", "point", "note", "answer", "caution"]


class HeadingBlock(NamedTuple):
    """Words above several blocks.

    Attributes
    ----------
    words : str
    """

    words: str


class SentenceBlock(NamedTuple):
    """A sentence, and what it is there for.

    Attributes
    ----------
    words : str
    tone : str
        `point` = one of several below each other; `note` = how to read what stands beside it;
        `answer` = what was asked; `caution` = what to know before acting on it; else `plain`.
    """

    words: str
    tone: Tone = "plain"


class TableBlock(NamedTuple):
    """A table of words: the first cell of a row says what it is of.

    Attributes
    ----------
    title : str
        What it is a table of.
    heads : tuple of str
        No two alike, else no page can show it.
    rows : tuple of tuple of str
    note : str
        How to read it; empty = it needs none.
    names : int
        First columns that hold words; the others hold figures.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    names: int = 1


class PictureBlock(NamedTuple):
    """A figure, drawn only where it is shown; a terminal leaves it out.

    Attributes
    ----------
    name : str
        Short, unlike that of any other figure beside it.
    words : str
        What it shows, for who cannot see it.
    draw : callable
    """

    name: str
    words: str
    draw: Callable[[], Figure]


AnyBlock = HeadingBlock | SentenceBlock | TableBlock | PictureBlock


def say_each(sentences: Iterable[str], tone: Tone) -> tuple[SentenceBlock, ...]:
    """Sentences of one tone.

    Examples
    --------
    >>> say_each(["It is open."], "point")
    (SentenceBlock(words='It is open.', tone='point'),)
    """
    return tuple(SentenceBlock(words, tone) for words in sentences)


def with_titles(blocks: Iterable[AnyBlock]) -> Iterator[tuple[AnyBlock, str]]:
    """Each block, and the title that is shown above it: none below a heading of the same words.

    Examples
    --------
    >>> table = TableBlock("Places", ("Place", "Visits"), (("Hall", "9"),))
    >>> [title for _, title in with_titles([HeadingBlock("Places"), table, table])]
    ['', '', 'Places']
    """
    heading = ""
    for block in blocks:
        match block:
            case HeadingBlock(words):
                heading = words
                yield block, ""
            case TableBlock(title):
                yield block, title if title != heading else ""
                heading = ""
            case _:
                yield block, ""
