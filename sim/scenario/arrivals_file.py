"""Replayed arrivals: the table that a flow's `arrivals_file` names becomes rows of the scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, MINUTE, SECOND
from sim.errors import Problem, ScenarioError
from sim.scenario.arrival_rows import BLANK, NOT_BOOKED, ArrivalRows
from sim.scenario.node import Node
from sim.scenario.row_faults import RowFaults, mark_rows
from sim.scenario.table_files import with_table_rows
from sim.text import load_spelling

FIELD: Final = "arrivals_file"
HEADINGS: Final = load_spelling()["arrivals_headings"]
"""Columns, and the headings that name them."""
NEEDED: Final = ("instant",)
UNITS: Final = {"service_minutes": MINUTE, "service_seconds": SECOND}
LONGEST_SERVICE: Final = DAY
"""Of one visit at a window: a ticket that was left open is no service."""


def with_arrivals(tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree of a file with the rows of each table of arrivals in the place of its name."""
    return with_table_rows(tree, "demand", FIELD, read_arrivals, folder, problems)


def read_arrivals(path: Path, problems: list[Problem], name: str = "") -> ArrivalRows:
    """The rows of a table of arrivals; those that are wrong are left out and reported.

    Parameters
    ----------
    name
        What the scenario calls it; default: its path.

    Raises
    ------
    ScenarioError
        As `read_table`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "log.csv"
    ...     _ = file.write_text("instant,matter\\n2025-03-03 08:30,cards\\n2025-03-03 08:31,\\n")
    ...     rows = read_arrivals(file, [])
    >>> len(rows), rows.matters, rows.matter.tolist()
    (2, ('cards',), [0, -1])
    """
    from sim.scenario.table_values import instants, names_of  # Arrow: a tenth of a second
    from sim.scenario.tables import read_table

    table = read_table(path, HEADINGS, NEEDED, problems)
    units = [column for column in UNITS if column in table.columns]
    if len(units) > 1:
        both = ", ".join(units)
        raise ScenarioError(Problem("table_column_twice", units[1], table.file, 1, found=both))
    tell = RowFaults(table, problems).tell
    came = instants(table.columns["instant"])
    tell("arrivals_no_instant", "instant", came.blank)
    tell("arrivals_instant", "instant", came.unread)
    tell("arrivals_form", "instant", came.other_form)
    wrong = came.blank | came.unread | came.other_form
    booked_for, wrong_booking = _bookings(table, came.ticks, wrong, tell)
    service, wrong_service = _services(table, tell)
    nameless = (), np.full(table.n_rows, BLANK)
    matters, matter = names_of(table.columns["matter"]) if "matter" in table.columns else nameless
    classes, class_ = names_of(table.columns["class"]) if "class" in table.columns else nameless
    townships, township = (
        names_of(table.columns["township"]) if "township" in table.columns else nameless
    )
    good = np.flatnonzero(~(wrong | wrong_booking | wrong_service))
    late = came.ticks[good] < np.maximum.accumulate(came.ticks[good])
    if late.any():
        tell("arrivals_sorted", "instant", mark_rows(good[late], table.n_rows), "warning")
        good = good[np.argsort(came.ticks[good], kind="stable")]
    rows = ArrivalRows(
        came.ticks[good],
        name or str(path),
        matters=matters,
        matter=matter[good],
        classes=classes,
        class_=class_[good],
        townships=townships,
        township=township[good],
        booked_for=booked_for[good],
        service=service[good],
        places=table.places._replace(lines=table.places.lines[good]),
    )
    doubled = good[_doubled(rows)]
    tell("arrivals_doubled", "instant", mark_rows(doubled, table.n_rows), "warning")
    return rows


def _bookings(
    table: Any, came: Ints, unknown: Bools, tell: Callable[..., None]
) -> tuple[Ints, Bools]:
    """When each row was booked for, and which rows say something wrong of it.

    Parameters
    ----------
    unknown
        Rows of which nobody can say when they came.
    """
    if "booked_for" not in table.columns:
        return np.full(len(came), NOT_BOOKED), np.zeros(len(came), dtype=np.bool_)
    from sim.scenario.table_values import instants

    booked = instants(table.columns["booked_for"])
    read = ~(booked.blank | booked.unread)
    other_day = read & ~unknown & (booked.ticks // DAY != came // DAY)
    tell("arrivals_instant", "booked_for", booked.unread)
    tell("arrivals_form", "booked_for", booked.other_form)
    tell("arrivals_booked_day", "booked_for", other_day)
    return booked.ticks, booked.unread | booked.other_form | other_day


def _services(table: Any, tell: Callable[..., None]) -> tuple[Ints, Bools]:
    """The window work of each row in ticks, and which rows say something wrong of it."""
    from sim.scenario.table_values import numbers_of

    columns = [column for column in UNITS if column in table.columns]
    if not columns:
        return np.full(table.n_rows, BLANK), np.zeros(table.n_rows, dtype=np.bool_)
    column = columns[0]
    numbers = numbers_of(table.columns[column])
    ticks: Floats = numbers.values * UNITS[column]
    wrong = numbers.unread | (ticks < 0) | (ticks > LONGEST_SERVICE)
    tell("arrivals_service", column, wrong)
    usable = ~wrong & ~np.isnan(ticks)
    return np.where(usable, np.rint(np.where(usable, ticks, 0.0)), BLANK).astype(np.int64), wrong


def _doubled(rows: ArrivalRows) -> Ints:
    """int64: rows that are as an earlier one in every column."""
    columns = (
        rows.instants,
        rows.matter,
        rows.class_,
        rows.township,
        rows.booked_for,
        rows.service,
    )
    at_once = np.flatnonzero(np.diff(rows.instants) == 0)
    near = np.union1d(at_once, at_once + 1)
    if not len(near):
        return near
    table = np.stack([column[near].astype(np.int64) for column in columns], axis=1)
    order: Any = np.lexsort(table.T[::-1])
    same = (table[order][1:] == table[order][:-1]).all(axis=1)
    return np.sort(near[order[1:][same]])
