"""The twelve questions by which a hall is described, and what may stand in each of their cells."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

FormKind = Literal[
    "words", "count", "number", "minutes", "percent", "clock", "days", "date", "choice", "choices"
]


class FormColumn(NamedTuple):
    """What may stand in a cell of the form.

    Attributes
    ----------
    name : str
        Of the cell, unique in the form; its words are `draft.head.<name>`.
    kind : str
        `choice` and `choices` are names of rows of another table.
    low, high : float
        Bounds of a number, in the unit of its heading.
    of : str
        Table whose rows are chosen from.
    may_be_empty : bool
        Whether an empty cell says something: no lunch break, closed on Saturday, no limit.
    assumed : tuple of float
        Value, lowest and highest that are taken for an empty cell of a row that the template has
        not. Empty = such a cell has to be filled in.
    """

    name: str
    kind: FormKind
    low: float = 0
    high: float = 0
    of: str = ""
    may_be_empty: bool = False
    assumed: tuple[float, float, float] | tuple[()] = ()


class HallQuestion(NamedTuple):
    """One of the twelve: single cells, a table, or both.

    Attributes
    ----------
    name : str
        Of the question and of its table; its words are `draft.question.<name>`.
    cells : tuple of FormColumn
    columns : tuple of FormColumn
        Of its table; the first one names the row. Empty = it has none.
    may_have_no_rows : bool
        Whether a table without rows says something: no department reviews anything, no day has
        other hours.
    """

    name: str
    cells: tuple[FormColumn, ...] = ()
    columns: tuple[FormColumn, ...] = ()
    may_have_no_rows: bool = False


MOST_CLERKS: Final = 200
MOST_MINUTES: Final = 600.0
MOST_WEIGHT: Final = 1e6
MOST_ROWS: Final = 200
"""Of a table of the form."""
LONGEST_NAME: Final = 60
"""Characters of a name."""
SLOT: Final = 30
"""Minutes of a column of `clerks` and of a row of `visitors`."""
MONTHS: Final = range(1, 13)
QUESTIONS: Final = (
    HallQuestion("hall", (FormColumn("hall_name", "words"),)),
    HallQuestion(
        "hours",
        (FormColumn("opens", "clock"), FormColumn("closes", "clock")),
        (
            FormColumn("days", "days"),
            FormColumn("open_from", "clock", may_be_empty=True),
            FormColumn("open_to", "clock", may_be_empty=True),
            FormColumn("first_day", "date", may_be_empty=True),
            FormColumn("last_day", "date", may_be_empty=True),
        ),
        may_have_no_rows=True,
    ),
    HallQuestion(
        "lunch",
        (
            FormColumn("lunch_from", "clock", may_be_empty=True),
            FormColumn("lunch_to", "clock", may_be_empty=True),
        ),
    ),
    HallQuestion(
        "saturday",
        (
            FormColumn("saturday_from", "clock", may_be_empty=True),
            FormColumn("saturday_to", "clock", may_be_empty=True),
            FormColumn("saturday_visitors", "percent", 1, 300),
        ),
    ),
    HallQuestion(
        "departments",
        columns=(
            FormColumn("department", "words"),
            FormColumn("reviewers", "count", 1, 500, assumed=(2, 1, 4)),
            FormColumn("review_minutes", "minutes", 0.1, MOST_MINUTES, assumed=(15, 3, 60)),
        ),
        may_have_no_rows=True,
    ),
    HallQuestion(
        "matters",
        columns=(
            FormColumn("matter", "words"),
            FormColumn("lead", "choice", of="departments", may_be_empty=True),
            FormColumn("minutes", "minutes", 0.1, MOST_MINUTES, assumed=(10, 5, 15)),
            FormColumn("weight", "number", 0, MOST_WEIGHT, assumed=(5, 1, 20)),
            FormColumn("reviewed", "percent", 0, 100, assumed=(40, 20, 90)),
            FormColumn("promised_days", "count", 1, 400, may_be_empty=True),
        ),
    ),
    HallQuestion(
        "windows",
        columns=(
            FormColumn("group", "words"),
            FormColumn("windows", "count", 1, MOST_CLERKS),
            FormColumn("accepts", "choices", of="matters"),
            FormColumn("saturday_clerks", "count", 0, MOST_CLERKS, assumed=(1, 0, 2)),
        ),
    ),
    HallQuestion("clerks", columns=(FormColumn("of_group", "choice", of="windows"),)),
    HallQuestion(
        "visitors",
        (
            FormColumn("per_day", "number", 1, 20_000),
            *(FormColumn(f"month_{n}", "percent", 0, 1_000, may_be_empty=True) for n in MONTHS),
        ),
        (
            FormColumn("begins", "clock"),
            FormColumn("visitor_weight", "number", 0, MOST_WEIGHT),
        ),
    ),
    HallQuestion("online", (FormColumn("online_share", "percent", 0, 95),)),
    HallQuestion(
        "promise",
        (
            FormColumn("called_share", "percent", 1, 99.9),
            FormColumn("called_within", "minutes", 0.1, 240),
        ),
    ),
    HallQuestion("wages", (FormColumn("yearly_yuan", "number", 1_000, 5_000_000),)),
)
"""In the order in which they are asked. The table `clerks` has a column more for each half hour in
which the hall is open, whose name is the clock at which it begins."""
CELLS: Final = {cell.name: cell for question in QUESTIONS for cell in question.cells}
"""All single cells by name."""
TABLES: Final = {question.name: question.columns for question in QUESTIONS if question.columns}
"""Columns of each table."""
WITHOUT_ROWS: Final = {question.name for question in QUESTIONS if question.may_have_no_rows}
"""Tables that may have no rows."""
CLERKS: Final = FormColumn("clerks", "count", 0, MOST_CLERKS)
"""A cell of the half hours of `clerks`."""


def question_of(cell: str) -> str:
    """The question to which a single cell belongs.

    Examples
    --------
    >>> question_of("lunch_to")
    'lunch'
    """
    return next(
        question.name
        for question in QUESTIONS
        if cell in {column.name for column in question.cells}
    )
