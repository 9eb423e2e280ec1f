"""Traps in logs of cases: numbers twice, dates that contradict each other."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.learning.log_rows import LogRows
from sim.learning.trap_cells import CELL_TRAPS
from sim.learning.trap_clocks import ZONE_TRAPS
from sim.learning.trap_days import DAY_TRAPS
from sim.learning.traps import Caught, LogHall, LogTrap, blanking, caught_rows
from sim.scenario.table_values import NO_INSTANT

COLUMNS: Final = ("applied", "accepted", "closed", "matter")
SHARED: Final = frozenset(
    {"personal_cell", "unread_cell", "week_year", "far_date", "months_missing", "new_names"}
)
"""Traps of tickets that logs of cases have too."""


def _case_no_date(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    return caught_rows(rows.is_there & (rows.came == NO_INSTANT))


def _doubled_case(rows: LogRows, hall: LogHall) -> Caught | None:
    """Rows with the number of another case; the one that says most and comes first stays."""
    del hall
    there = np.flatnonzero(rows.is_there & (rows["case"] >= 0))
    if len(there) < 2:
        return None
    blanks = np.sum([~rows.has(name)[there] for name in rows.columns], axis=0)
    columns = [rows[name][there] for name in rows.columns]
    order = np.lexsort([rows.rows[there], *columns, blanks, rows["case"][there]])
    again = np.diff(rows["case"][there][order]) == 0
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[order[1:][again]]] = True
    return caught_rows(marked)


def _accepted_before_applied(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    both = rows.is_there & rows.has("applied") & rows.has("accepted")
    return caught_rows(both & (rows["accepted"] < rows["applied"]), blanking("applied"))


def _closed_before_accepted(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    both = rows.is_there & rows.has("accepted") & rows.has("closed")
    return caught_rows(both & (rows["closed"] < rows["accepted"]))


def _unknown_result(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    marked = rows.unread.get("result")
    return None if marked is None else caught_rows(rows.is_there & marked)


CASE_TRAPS: Final = (
    *(trap for trap in CELL_TRAPS if trap.key in SHARED),
    LogTrap("case_no_date", _case_no_date, ("left_out",), ("closed", "matter")),
    LogTrap("doubled_case", _doubled_case, ("left_out", "kept"), COLUMNS),
    *(trap for trap in ZONE_TRAPS if trap.key in SHARED),
    LogTrap(
        "accepted_before_applied",
        _accepted_before_applied,
        ("mended", "left_out", "kept"),
        COLUMNS,
    ),
    LogTrap("closed_before_accepted", _closed_before_accepted, ("left_out", "kept"), COLUMNS),
    LogTrap("unknown_result", _unknown_result, ("kept", "left_out"), COLUMNS),
    *(trap for trap in DAY_TRAPS if trap.key in SHARED),
)
