"""An answer that declares its columns as plain data: one JSON object, or rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sim.analysis.intervals import Interval
from sim.questions.alike import changed_data
from sim.questions.columns import AnswerColumn, AnswerRows, finite_or_none
from sim.questions.question import RowsAnswer
from sim.storage.numbers_data import interval_data
from sim.storage.run_data import scenario_data


def answer_data(answer: RowsAnswer, declared: AnswerRows, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null.

    Parameters
    ----------
    declared
        The columns of the answer.
    path
        Of the scenario's file.
    """
    scenario = answer.scenario
    rows = getattr(answer, declared.field)
    return {
        "scenario": scenario_data(scenario, path),
        "changed_from_file": changed_data(scenario),
        "seed": answer.seed,
        "replications": answer.replications,
        "replications_asked": answer.asked,
        "level": answer.level,
        **{column.name: _data(column, answer) for column in declared.head},
        declared.name: [
            {column.name: _data(column, row, n) for column in declared.columns}
            for n, row in enumerate(rows)
        ],
        **{column.name: _data(column, answer) for column in declared.foot},
    }


def answer_rows(answer: RowsAnswer, declared: AnswerRows) -> Iterator[dict[str, Any]]:
    """The rows of a table, with level and replications of their intervals where they have any."""
    intervals = [column for column in declared.columns if column.kind == "interval"]
    records = getattr(answer, declared.field)
    for n, row in enumerate(table_rows(declared.columns, records)):
        if intervals:
            interval: Interval = intervals[0].value_in(records[n], n)
            row |= {"level": interval.level, "n": interval.n}
        yield row


def table_rows(columns: Sequence[AnswerColumn], records: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """A row a record, with a cell or three for each column."""
    for n, record in enumerate(records):
        yield dict(cell for column in columns for cell in _cells(column, record, n))


def _data(column: AnswerColumn, record: Any, number: int = 0) -> Any:
    value = column.value_in(record, number)
    if column.kind == "interval":
        return interval_data(value)
    if column.kind == "number":
        return value if value is not None and math.isfinite(value) else None
    return list(value) if column.kind == "words" else value


def _cells(column: AnswerColumn, row: Any, number: int) -> Iterator[tuple[str, Any]]:
    """One cell, or three of an interval: the mean and the bounds."""
    if column.kind == "interval":
        value: Interval = column.value_in(row, number)
        yield column.name, finite_or_none(value.mean)
        yield f"{column.name}_low", finite_or_none(value.low)
        yield f"{column.name}_high", finite_or_none(value.high)
    elif column.kind == "words":
        yield column.name, " ".join(column.value_in(row, number))
    else:
        yield column.name, _data(column, row, number)
