"""Columns of instants told by their cells, where no heading says what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.errors import Problem
from sim.learning.columns import INSTANTS, LogMapping, LogRole
from sim.learning.log_times import read_instants
from sim.scenario.table_values import NO_INSTANT
from sim.scenario.tables import CellTable

SAMPLE: Final = 500
"""First rows of a column that are looked at."""
SURE_SHARE: Final = 0.9
"""Of its filled cells must be instants."""
IN_ORDER: Final[dict[int, tuple[LogRole, ...]]] = {
    1: ("taken",),
    2: ("taken", "called"),
    3: ("taken", "called", "ended"),
    4: ("taken", "called", "started", "ended"),
}
"""What so many columns of instants are, the earliest first."""


def with_guessed_instants(
    mapping: LogMapping, cells: CellTable, problems: list[Problem]
) -> LogMapping:
    """The mapping, with instants by their order in time if it has none; a note says so.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from sim.learning.columns import guess_mapping
    >>> columns = [pa.array(["2025-03-03 09:10:00"]), pa.array(["2025-03-03 09:02:00"])]
    >>> cells = CellTable(["t2", "t1"], columns, np.array([2]))
    >>> dict(with_guessed_instants(guess_mapping(cells.names), cells, []).headings)
    {'taken': 't1', 'called': 't2'}
    """
    if {*INSTANTS, "date"} & set(mapping.headings):
        return mapping
    ticks = {
        name: _instants_of(column)
        for name, column in zip(cells.names, cells.columns, strict=True)
        if name in mapping.left_aside
    }
    columns = {name: values for name, values in ticks.items() if values is not None}
    roles = IN_ORDER.get(len(columns), ())
    if not roles:
        return mapping
    ordered = sorted(columns, key=lambda name: _typical(columns[name], list(columns.values())))
    guessed = dict(zip(roles, ordered, strict=True))
    listed = ", ".join(f"{role}={heading}" for role, heading in guessed.items())
    problems.append(Problem("log_guessed", "--mapping", found=listed, severity="warning"))
    headings = {**guessed, **mapping.headings}
    return replace(
        mapping,
        headings=headings,
        how={**dict.fromkeys(roles, "content"), **mapping.how},
        left_aside=tuple(name for name in mapping.left_aside if name not in ordered),
    )


def _instants_of(column: object) -> Ints | None:
    """The instants of the first rows; None for a column of something else."""
    read = read_instants(column.slice(0, SAMPLE), is_named=False)  # type: ignore[attr-defined]
    filled = read.unread | (read.ticks != NO_INSTANT)
    n = int(np.count_nonzero(filled))
    is_one = n > 0 and np.count_nonzero(read.ticks != NO_INSTANT) >= SURE_SHARE * n
    return read.ticks if is_one else None


def _typical(ticks: Ints, columns: list[Ints]) -> float:
    """By how much a column is later than the others, in the rows in which all say something."""
    whole = np.all([other != NO_INSTANT for other in columns], axis=0)
    rows = whole if whole.any() else ticks != NO_INSTANT
    return float(np.median(ticks[rows] - (np.min([c[rows] for c in columns], axis=0))))
