"""Rows of replayed arrivals, held against the ids of the scenario, its run and its hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY
from sim.scenario.arrival_rows import EPOCH, ArrivalRows
from sim.scenario.dated_hours import DatedHours
from sim.scenario.demand import Flow
from sim.scenario.fields import Known, join_names
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar, hall_dates
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario

MOST_IDS: Final = 10
"""Unknown ids that a sentence names."""


def unknown_ids_of_rows(scenario: Scenario) -> Iterator[Finding]:
    """Matters, classes and townships of rows that the scenario does not have."""
    applicants = scenario.applicants
    ids_of: tuple[tuple[str, str, str, Iterable[str]], ...] = (
        ("matter", "matters", "matters", (matter.id for matter in scenario.matters)),
        ("class_", "classes", "applicants", (class_.id for class_ in applicants.classes)),
        ("township", "townships", "applicants", (town.id for town in applicants.townships)),
    )
    for column, names, section, ids in ids_of:
        there = Known(ids)
        for flow in scenario.demand:
            if (rows := flow.arrivals_file) is not None:
                yield from _unknown(flow, rows, column, getattr(rows, names), section, there)


def _unknown(
    flow: Flow, rows: ArrivalRows, column: str, names: tuple[str, ...], section: str, there: Known
) -> Iterator[Finding]:
    """One finding a column, with each unknown id, how often it stands there, and where."""
    strangers = [n for n, name in enumerate(names) if name not in there.names]
    if not strangers:
        return
    codes = getattr(rows, column)
    shown = []
    for n in strangers[:MOST_IDS]:
        where = np.flatnonzero(codes == n)
        shown.append(f"{names[n]} × {len(where):,} ({rows.listed(where)})")
    more = ", …" if len(strangers) > MOST_IDS else ""
    values = (
        ("column", column.rstrip("_")),
        ("file", rows.file),
        ("ids", "; ".join(shown) + more),
        *there.near(names[strangers[0]]),
    )
    yield Finding(
        "arrivals_unknown",
        ("demand", flow.id, "arrivals_file"),
        f"{np.isin(codes, strangers).sum():,}",
        join_names(there.names),
        values=values,
        depends=(section,),
    )


def rows_outside_hours(scenario: Scenario, flow: Flow, rows: ArrivalRows) -> Iterator[Finding]:
    """How many rows lie outside the run, and at a closed door, and which."""
    day = rows.instants // DAY
    days = day - (scenario.run.start - EPOCH).days
    n_days = (hall_dates(scenario)[-1] - scenario.run.start).days + 1
    beyond = (days < 0) | (days >= n_days)
    open_, closes = _doors(scenario, rows, n_days)
    kinds = (
        ("replay_outside_run", beyond),
        ("replay_turned_away", ~beyond & (rows.instants >= closes)),
        ("replay_at_door", ~beyond & ~open_ & (rows.instants < closes)),
    )
    path: Steps = ("demand", flow.id, "arrivals_file")
    run = f"{scenario.run.start} – {scenario.run.start + timedelta(days=n_days - 1)}"
    for code, marked in kinds:
        if marked.any():
            which = np.flatnonzero(marked)
            values = (
                ("file", rows.file),
                ("all", f"{len(rows):,}"),
                ("share", f"{len(which) / len(rows):.0%}"),
                ("rows", rows.listed(which)),
                ("run", run),
            )
            yield Finding(code, path, f"{len(which):,}", severity="warning", values=values)


def same_arrivals(scenario: Scenario) -> Iterator[Finding]:
    """All people come by tables: replications have the same arrivals, and some the same services.

    Intervals then are of what is drawn, and say nothing of other days.
    """
    tables = [flow.arrivals_file for flow in scenario.demand if flow.arrivals_file is not None]
    if not scenario.is_replayed or not all(map(len, tables)):
        return  # rows that are all wrong are reported already
    filled = sum(rows.filled["service"] * len(rows) for rows in tables)
    share = filled / sum(map(len, tables))
    path: Steps = ("demand", scenario.demand[0].id, "arrivals_file")
    values = (("share", f"{share:.0%}"),)
    yield Finding("replay_same_arrivals", path, tables[0].file, "", "warning", values)


def _doors(scenario: Scenario, rows: ArrivalRows, n_days: int) -> tuple[Bools, Ints]:
    """Whether the hall is open at the instant of each row, and when it closes for that day.

    A day on which it does not open closes as it begins.
    """
    calendar, first = DatedHours(hall_calendar(scenario)), (scenario.run.start - EPOCH).days
    opens, ends, closes = list[int](), list[int](), np.zeros(n_days, dtype=np.int64)
    for n in range(n_days):
        hours = calendar.on(scenario.run.start + timedelta(days=n))
        midnight = (first + n) * DAY
        opens += [midnight + interval.start for interval in hours]
        ends += [midnight + interval.end for interval in hours]
        closes[n] = ends[-1] if hours else midnight
    begun = np.searchsorted(np.array(opens, dtype=np.int64), rows.instants, side="right") - 1
    open_ = (begun >= 0) & (rows.instants < np.array([*ends, 0])[begun])
    day = np.clip(rows.instants // DAY - first, 0, n_days - 1)
    return np.asarray(open_), closes[day]
