"""A hall whose answers are read: its numbers, where each comes from, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sim.drafting.form import QUESTIONS, SLOT
from sim.drafting.templates import BothNames
from sim.errors import Problem
from sim.text import Text

ANSWERED: Final = "answered"
"""In place of a source: whoever answered said so."""


class Figure(NamedTuple):
    """A number of the hall and where it comes from.

    Attributes
    ----------
    value : float
    span : tuple of float or None
        Lowest and highest plausible value of an assumption.
    source : str
        Address, or `ANSWERED`; empty = it is an assumption.
    """

    value: float
    span: tuple[float, float] | None = None
    source: str = ""


class CheckedRow(NamedTuple):
    """A row of a table.

    Attributes
    ----------
    n : int
        Row of the table as written, from 1.
    id : str
        Of the template's row, or made from its number.
    name : BothNames or str
    figures : mapping of str to Figure
        By column; what is left empty on purpose is missing.
    names : mapping of str to tuple of str
        Ids of the rows that a choice names.
    """

    n: int
    id: str
    name: BothNames | str
    figures: Mapping[str, Figure]
    names: Mapping[str, tuple[str, ...]]


class OpenHours(NamedTuple):
    """When a hall is open: intervals in minutes after midnight; empty = closed."""

    weekday: tuple[tuple[int, int], ...]
    saturday: tuple[tuple[int, int], ...]
    source: str

    @property
    def slots(self) -> tuple[tuple[int, int], ...]:
        """Half hours of a weekday; the last one of an interval may be shorter."""
        return tuple(
            (begin, min(begin + SLOT, end))
            for start, end in self.weekday
            for begin in range(start, end, SLOT)
        )


class CheckedHall(NamedTuple):
    """A hall whose every cell is read."""

    name: BothNames | str
    hours: OpenHours
    cells: Mapping[str, Figure]
    departments: tuple[CheckedRow, ...]
    matters: tuple[CheckedRow, ...]
    windows: tuple[CheckedRow, ...]
    clerks: Mapping[str, tuple[Figure, ...]]
    """Clerks of each window group in each half hour of a weekday."""
    shape: tuple[Figure, ...]
    """Weight of each half hour of a weekday."""


class AnswerFault(NamedTuple):
    """Something wrong with an answer, or to be looked at.

    Attributes
    ----------
    problem : Problem
        Its path says question, row and column in the reader's language.
    question : str
    """

    problem: Problem
    question: str


def place_words(text: Text, question: str, row: int = 0, column: str = "") -> str:
    """Where something stands in the form, in the reader's language.

    Examples
    --------
    >>> from sim.text import load_text
    >>> place_words(load_text("en"), "matters", 3, "minutes")
    'question 6 (Matters), row 3, Minutes at the window'
    """
    number = next(n for n, each in enumerate(QUESTIONS, 1) if each.name == question)
    words = text("draft.place.question", n=number, name=text(f"draft.question.{question}"))
    if row:
        words = text("draft.place.row", place=words, n=row)
    if column:
        head = f"draft.head.{column}"
        words = text(
            "draft.place.column", place=words, name=text(head) if text.has(head) else column
        )
    return words
