"""Rows of snapshots while they are looked through: what a display of queues showed, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Bools, Ints
from sim.clock import DAY, MINUTE
from sim.errors import Problem, ScenarioError
from sim.learning.columns import INSTANTS, SNAPSHOTS, LogMapping, LogRole, guess_mapping
from sim.learning.log_rows import LogRows, filled_cells
from sim.learning.log_times import read_clocks, read_days, read_instants
from sim.learning.ticket_log import UNKNOWN
from sim.scenario.row_places import RowPlaces
from sim.scenario.table_values import NO_INSTANT, names_of, numbers_of
from sim.scenario.tables import CellTable

NEEDED: Final[tuple[LogRole, ...]] = ("seen", "waiting")
"""Columns without which a table is none of snapshots."""
UNITS: Final[Mapping[str, tuple[LogRole, int]]] = {
    "waiting": ("waiting", 1),
    "open_windows": ("open_windows", 1),
    "stated": ("stated_min", MINUTE),
}
"""Column of numbers -> role, and what one of it is."""


class SnapshotRows(LogRows):
    """The rows of snapshots, a row each queue and instant.

    `seen` is the instant, `waiting` how many people waited, `number` the digits of the ticket that
    was called last, `open_windows` the windows at work for the queue, `stated` the service time
    that the display states, in ticks.
    """

    TIMES: ClassVar = ("seen",)
    COUNTS: ClassVar = ("waiting", "number", "open_windows", "stated")
    NAMED: ClassVar = {"place": "places", "list_": "lists"}

    @property
    def came(self) -> Ints:
        """int64: instant of the snapshot; NO_INSTANT = it is not said."""
        return self["seen"]

    @property
    def queue(self) -> Ints:
        """int64: queue of an office; rows that name neither are of one."""
        width = len(self.names["list_"]) + 1
        return np.asarray((self["place"] + 1) * width + self["list_"] + 1)


class QueueDay(NamedTuple):
    """The snapshots of a queue of one date."""

    queue: int
    day: int
    """Days since 1970-01-01."""
    at: Ints
    """int64: places of the rows, by instant."""


def queue_days(rows: SnapshotRows) -> Iterator[QueueDay]:
    """The rows that are there, by queue and date, each by instant."""
    at = np.flatnonzero(rows.is_there & (rows.came != NO_INSTANT))
    queue, came = rows.queue[at], rows.came[at]
    order = np.lexsort((at, came, queue))
    at, queue, day = at[order], queue[order], came[order] // DAY
    begins = np.flatnonzero(np.append(True, (np.diff(queue) != 0) | (np.diff(day) != 0)))
    if len(at):
        for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(at)], strict=True):
            yield QueueDay(int(queue[begin]), int(day[begin]), at[begin:end])


def is_snapshot_log(names: Sequence[str], by_hand: Mapping[LogRole, str]) -> bool:
    """Whether a table is of snapshots: it says when how many waited, and of no ticket when.

    Examples
    --------
    >>> is_snapshot_log(["时刻", "队列", "等候人数", "当前叫号"], {})
    True
    >>> is_snapshot_log(["票号", "取号时间", "等候人数", "time"], {})
    False
    """
    if "waiting" in by_hand:
        return True
    headings = guess_mapping(names, "", None, SNAPSHOTS).headings
    of_tickets = {*guess_mapping(names).headings, *by_hand}
    return set(NEEDED) <= set(headings) and not set(INSTANTS) & of_tickets


def snapshot_rows(cells: CellTable, mapping: LogMapping) -> SnapshotRows:
    """The rows of a table of snapshots.

    Raises
    ------
    ScenarioError
        `log_without_instants` when no column says when, or how many waited.
    """
    by_name = dict(zip(reversed(cells.names), reversed(cells.columns), strict=True))
    columns = {role: filled_cells(by_name[name]) for role, name in mapping.headings.items()}
    if not set(NEEDED) <= set(columns):
        raise ScenarioError(Problem("log_without_instants"))
    rows = SnapshotRows(len(cells.lines), RowPlaces(cells.lines, {}))
    if "date" in columns:
        days, rows.unread["date"] = read_days(columns["date"])
        read = read_clocks(columns["seen"], days)
    else:
        read = read_instants(columns["seen"])
    rows.columns["seen"], rows.unread["seen"] = read.ticks.copy(), read.unread
    for name in SnapshotRows.NAMED:
        role = name.rstrip("_")
        if role in columns:
            rows.names[name], rows.columns[name] = names_of(columns[role])
    for name, (role, unit) in UNITS.items():
        if role in columns:
            numbers = numbers_of(columns[role])
            good = numbers.values >= 0  # nan is not
            rows.unread[name] = numbers.unread | (numbers.values < 0)
            rows.columns[name] = np.where(
                good, np.rint(np.where(good, numbers.values, 0.0) * unit), UNKNOWN
            ).astype(np.int64)
    if "number" in columns:
        rows.columns["number"], rows.unread["number"] = _digits(columns["number"])
    rows.grain = MINUTE
    return rows


def _digits(column: Any) -> tuple[Ints, Bools]:
    """The number that a ticket's sign ends with, and cells that have none.

    Examples
    --------
    >>> [values.tolist() for values in _digits(pa.array(["A017", "17", None, "closed"]))]
    [[17, 17, -1, -1], [False, False, False, True]]
    """
    if pa.types.is_floating(column.type):
        column = compute.cast(column, pa.int64(), safe=False)
    words = compute.cast(column, pa.string())
    parts = compute.extract_regex(words, r"(?P<n>\d{1,9})\s*$")
    has = compute.is_valid(parts).to_numpy(zero_copy_only=False)
    digits = compute.fill_null(compute.struct_field(parts, "n"), "0")
    values = compute.cast(digits, pa.int64()).to_numpy(zero_copy_only=False)
    filled = compute.is_valid(words).to_numpy(zero_copy_only=False)
    return np.where(has, values, UNKNOWN), np.asarray(filled & ~has)
