"""Rosters from a table held against the rest: unknown groups, too few windows, a closed door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY, Hours
from sim.scenario.clerk_rows import ClerkRows
from sim.scenario.dated_hours import DatedHours
from sim.scenario.fields import join_names
from sim.scenario.findings import Finding
from sim.scenario.hall import Layout
from sim.scenario.hours import hall_calendar, hall_dates
from sim.scenario.intervals import is_inside, join_hours
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario


def wrong_clerk_rows(scenario: Scenario) -> Iterator[Finding]:
    """Rows of groups that the layout does not have; more clerks than windows are built."""
    for layout in scenario.layouts:
        rows, path = layout.clerks_file, _path(layout)
        if rows is None:
            continue
        built = {group.id: group.count for group in layout.windows}
        elsewhere = _rosters_elsewhere(scenario)
        strangers = [n for n, name in enumerate(rows.groups) if name not in built]
        for number in (n for n in strangers if rows.groups[n] in elsewhere):
            marked, name = rows.group == number, rows.groups[number]
            values = (("field", elsewhere[name]), *_values(rows, marked))
            yield Finding("clerks_elsewhere", path, name, join_names(list(built)), values=values)
        strangers = [n for n in strangers if rows.groups[n] not in elsewhere]
        if strangers:
            marked = np.isin(rows.group, strangers)
            names = (("ids", join_names([rows.groups[n] for n in strangers])),)
            values = (*names, *_values(rows, marked))
            count_words, allowed = f"{int(marked.sum()):,}", join_names(list(built))
            yield Finding("clerks_unknown_group", path, count_words, allowed, values=values)
        for name in rows.groups:
            most, count = rows.spans(name).most, built.get(name)
            if count is not None and most > count:
                yield Finding("more_clerks_than_windows", path, f"{name}: {most}", f"≤ {count}")


def idle_clerk_rows(scenario: Scenario) -> Iterator[Finding]:
    """Rows outside the run, and those that begin or end while the hall is shut."""
    files = [(layout, layout.clerks_file) for layout in scenario.layouts if layout.clerks_file]
    if not files:
        return
    dates, open_ = hall_dates(scenario), DatedHours(hall_calendar(scenario))
    run = f"{scenario.run.start} – {dates[-1]}"
    for layout, rows in files:
        first, last = scenario.run.start.toordinal(), dates[-1].toordinal()
        outside = (rows.day < first) | (rows.day > last)
        is_whole_day = (rows.start == 0) & (rows.end == DAY)
        shut = ~outside & ~is_whole_day & (rows.clerks > 0) & ~_inside(rows, open_)
        for code, marked in (("clerks_outside_run", outside), ("clerks_when_shut", shut)):
            if marked.any():
                count_words = f"{int(marked.sum()):,}"
                values = (*_values(rows, marked), ("run", run))
                yield Finding(code, _path(layout), count_words, severity="warning", values=values)


def _rosters_elsewhere(scenario: Scenario) -> dict[str, str]:
    """Who works by a roster of no layout -> the field that holds it."""
    rosters = {} if scenario.hall.reception is None else {"reception": "hall.reception.clerks"}
    for department in scenario.departments:
        rosters[department.id] = f"departments[{department.id}].reviewers"
    for place in scenario.places.open if scenario.places else ():
        rosters[place.id] = f"places.open[{place.id}].clerks"
    return rosters


def _path(layout: Layout) -> Steps:
    return ("layouts", layout.id, "clerks_file")


def _values(rows: ClerkRows, marked: Bools) -> tuple[tuple[str, str], ...]:
    which: Ints = np.flatnonzero(marked)
    listed = rows.places.listed(which, "group") if rows.places is not None else ""
    return (("file", rows.file), ("all", f"{len(rows):,}"), ("rows", listed))


def _inside(rows: ClerkRows, open_: DatedHours) -> Bools:
    """bool, shape (R,): whether the hall is open all the while; asked once for equal days."""
    spans = np.stack([rows.day, rows.start, rows.end], axis=1)
    each, which = np.unique(spans, axis=0, return_inverse=True)
    hours = {
        day: join_hours(open_.on(date.fromordinal(day))) for day in np.unique(rows.day).tolist()
    }
    inside = [is_inside(Hours(start, end), hours[day]) for day, start, end in each.tolist()]
    return np.array(inside, dtype=np.bool_)[which.reshape(-1)]
