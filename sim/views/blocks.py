"""What is shown of a topic: blocks that terminal, page and document draw alike (DESIGN §7.15).

A topic has one file of words and tables (`*_words.py`), which makes blocks and knows no medium.
Each medium has one file that draws any list of them: `views/terminal.py`, `views/document.py`,
`web/drawing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from matplotlib.figure import Figure

from sim.analysis.judge import Direction, Size

Tone = Literal["plain", "point", "note", "answer", "caution"]


class HeadingBlock(NamedTuple):
    """Words above several blocks.

    Attributes
    ----------
    words : str
    is_within : bool
        They stand inside a part that has a heading.
    """

    words: str
    is_within: bool = False


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


class CodeCell(NamedTuple):
    """What stands in a scenario file, word for word.

    Attributes
    ----------
    words : str
    """

    words: str


class JudgedCell(NamedTuple):
    """A difference, and what it allows to say: a mark where room is scarce, else words.

    Attributes
    ----------
    figure : str
    mark : str
    words : str
        What the mark stands for.
    way, size : str
        Which way it surely goes and of what size; empty = it cannot be told.
    remark : str
        A sign that a sentence below the table explains.
    """

    figure: str
    mark: str
    words: str
    way: Direction = ""
    size: Size = ""
    remark: str = ""


AnyCell = str | CodeCell | JudgedCell


def short_words(cell: AnyCell) -> str:
    """A cell in few signs: a judgement is a mark, which the table explains (`TableBlock.marks`).

    Examples
    --------
    >>> short_words(JudgedCell("−3 [−4, −2]", "✓", "better", remark="*"))
    '−3 [−4, −2] ✓ *'
    """
    match cell:
        case CodeCell(words):
            return words
        case JudgedCell(figure, mark, remark=remark):
            return " ".join(filter(None, (figure, mark, remark)))
        case _:
            return cell


class TableBlock(NamedTuple):
    """A table of words: the first cell of a row says what it is of.

    Attributes
    ----------
    title : str
        What it is a table of.
    heads : tuple of str
        No two alike, else no page can show it.
    rows : tuple of tuple of (str, CodeCell or JudgedCell)
    note : str
        How to read it; empty = it needs none.
    names : int
        First columns that are set as words; the others are set as figures.
    marks : str
        What the marks of its judged cells mean, for a medium that shows marks.
    parts : tuple of int
        Rows with which another part begins, besides the first.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[AnyCell, ...], ...]
    note: str = ""
    names: int = 1
    marks: str = ""
    parts: tuple[int, ...] = ()


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


def as_part(table: TableBlock) -> tuple[AnyBlock, ...]:
    """A table that is a part of its own: its title is the heading.

    Examples
    --------
    >>> as_part(TableBlock("Places", ("Place", "Visits"), ()))[0]
    HeadingBlock(words='Places', is_within=False)
    """
    return (HeadingBlock(table.title), table)


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
