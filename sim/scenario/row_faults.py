"""Rows of a table that are wrong: counted, and the first of them named."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sim.arrays import Bools, Ints
from sim.errors import Problem
from sim.scenario.row_places import MOST_SHOWN


class RowFaults:
    """Reports rows of a table, each kind of fault once.

    Parameters
    ----------
    table : sim.scenario.tables.DataTable
    problems
        Gets what is reported.
    """

    def __init__(self, table: Any, problems: list[Problem]) -> None:
        self._table, self._problems = table, problems

    def tell(
        self,
        code: str,
        column: str,
        marked: Bools,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Report the rows that a mask marks, if there are any, with what stands in a column."""
        table, rows = self._table, np.flatnonzero(marked)
        if not len(rows):
            return
        cells = table.columns[column].take(rows[:MOST_SHOWN]).to_pylist()
        values = (
            ("rows", table.places.listed(rows, column, cells)),
            ("all", f"{table.n_rows:,}"),
        )
        first, count = int(table.places.lines[rows[0]]), f"{len(rows):,}"
        self._problems.append(
            Problem(code, column, table.file, first, 0, count, severity=severity, values=values)
        )


def mark_rows(rows: Ints, n: int) -> Bools:
    """bool, shape (n,): which of n rows are among some.

    Examples
    --------
    >>> mark_rows(np.array([1]), 3)
    array([False,  True, False])
    """
    marks = np.zeros(n, dtype=np.bool_)
    marks[rows] = True
    return marks
