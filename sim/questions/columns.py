"""Columns of an answer's rows, declared once, for JSON, for CSV and for the data model."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

YUAN_A_YEAR: Final = "yuan_a_year"
SHARE: Final = "share_of_1"
CellKind = Literal["interval", "number", "whole", "text", "words", "flag", "data"]


def finite_or_none(value: float) -> float | None:
    """The number, or None where there is none.

    Examples
    --------
    >>> finite_or_none(2), finite_or_none(float("nan"))
    (2.0, None)
    """
    return float(value) if math.isfinite(value) else None


class AnswerColumn(NamedTuple):
    """One value of each row of an answer.

    Attributes
    ----------
    name : str
        In JSON and CSV.
    kind : str
        `interval` = a mean and its bounds, three columns of a CSV; `number` = None where there is
        none; `words` = a list in JSON, one cell with blanks between in CSV; `flag` = true or false;
        `data` = plain data as they are, of the answer as a whole only.
    unit : str
        Key of the words of the data model; empty for what has none.
    field : str
        Of the row, or of what it holds, as `cut.before`; empty = it is called as the column is.
    value : callable or None
        Gives the value from the row and its number, counted from 0, where no field holds it.
    values : str
        Key of the list of words that may stand here; empty = anything of the kind.
    """

    name: str
    kind: CellKind = "interval"
    unit: str = ""
    field: str = ""
    value: Callable[[Any, int], Any] | None = None
    values: str = ""

    def value_in(self, row: Any, number: int = 0) -> Any:
        """What stands there in a row.

        Examples
        --------
        >>> AnswerColumn("real_part", "number", field="real").value_in(1.5)
        1.5
        """
        if self.value is not None:
            return self.value(row, number)
        return attrgetter(self.field or self.name)(row)


MATTERS_FROM: Final = AnswerColumn("matters_from", "number", "as_unit")
JUDGEMENT: Final = AnswerColumn("judgement", "text", values="judgement")
"""Columns of a row that may be a difference, which hold nothing where it is a level."""
LEVEL_OR_DIFFERENCE: Final = (
    AnswerColumn("same_people", "flag"),
    AnswerColumn("measure", "text"),
    AnswerColumn("unit", "text"),
    AnswerColumn("value", unit="as_unit"),
    AnswerColumn("difference", unit="as_unit"),
    MATTERS_FROM,
    JUDGEMENT,
)
"""Columns of a measure's level in a row of alternatives, and of how far it is from another's."""


class AnswerRows(NamedTuple):
    """An answer as a table, with what is said of it as a whole.

    Attributes
    ----------
    file : str
        Name of the CSV file without its ending.
    name : str
        Of the list of rows in JSON.
    field : str
        Of the answer, which holds the rows.
    columns : tuple of AnswerColumn
        In their order; CSV adds `level` and `n` of the first interval, if there is one.
    head, foot : tuple of AnswerColumn
        Of the answer as a whole, in JSON before and behind the rows.
    """

    file: str
    name: str
    field: str
    columns: tuple[AnswerColumn, ...]
    head: tuple[AnswerColumn, ...] = ()
    foot: tuple[AnswerColumn, ...] = ()
