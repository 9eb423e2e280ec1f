"""What is wrong with answers, told by question, row and column."""

from __future__ import annotations

from typing import NamedTuple

from sim.drafting.cells import WrongCell
from sim.drafting.form import QUESTIONS
from sim.drafting.templates import Cell
from sim.errors import Problem
from sim.text import Text


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


class FaultList:
    """Faults while answers are read.

    Attributes
    ----------
    faults : list of AnswerFault
    text : Text
        Of the reader's language.
    """

    def __init__(self, text: Text) -> None:
        self.faults: list[AnswerFault] = []
        self.text = text

    def wrong(
        self, wrong: WrongCell, value: Cell, question: str, row: int = 0, column: str = ""
    ) -> None:
        """Add that a cell cannot be read."""
        place = place_words(self.text, question, row, column)
        self.faults.append(AnswerFault(wrong.problem(place, value), question))

    def add(
        self,
        code: str,
        question: str,
        row: int = 0,
        column: str = "",
        found: str = "",
        allowed: str = "",
        values: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Add what is wrong with a place."""
        place = place_words(self.text, question, row, column)
        problem = Problem(code, place, found=found, allowed=allowed, values=values)
        self.faults.append(AnswerFault(problem, question))


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
