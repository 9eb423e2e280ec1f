"""Dates that no day of the run meets, and hours of dated days at which nobody is on duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from sim.scenario.base import format_hours
from sim.scenario.clerk_hours import is_dated_hall
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import rosters_of_groups
from sim.scenario.findings import Finding
from sim.scenario.hours import calendars_in_use, hall_calendar, hall_dates
from sim.scenario.intervals import join_hours, uncovered
from sim.scenario.node import Steps
from sim.scenario.roster_keys import Dates, parse_date, parse_dates, parse_roster_key
from sim.scenario.scenario import Scenario


def idle_dates(scenario: Scenario) -> Iterator[Finding]:
    """Periods, single days and rows of rosters before or after the run."""
    run = Dates(scenario.run.start, hall_dates(scenario)[-1])
    used = calendars_in_use(scenario)
    for calendar in scenario.calendars:
        path: Steps = ("calendars", calendar.id)
        if calendar.id in used:
            periods = ((key, parse_dates(key)) for key in calendar.periods)
            yield from _beyond(run, (*path, "periods"), periods)
            days = ((key, parse_date(key)) for key in calendar.days)
            yield from _beyond(run, (*path, "days"), ((key, Dates(day, day)) for key, day in days))
    for path, roster, _ in used_rosters(scenario):
        keys = ((key, parse_roster_key(key).days.dates) for key in roster)
        yield from _beyond(run, path, ((key, dates) for key, dates in keys if dates is not None))


def _beyond(run: Dates, path: Steps, dated: Iterable[tuple[str, Dates]]) -> Iterator[Finding]:
    """The first of some keys that name dates outside the run, and how many there are."""
    outside = [key for key, dates in dated if dates.last < run.first or run.last < dates.first]
    if outside:
        allowed = f"{run.first} – {run.last}"
        values = (("all", f"{len(outside):,}"),)
        yield Finding(
            "dates_beyond_run", (*path, outside[0]), outside[0], allowed, "warning", values
        )


UsedRoster: TypeAlias = "tuple[Steps, Mapping[str, float], str]"
"""Where a roster stands, its rows, and the calendar by whose hours it works."""


def used_rosters(scenario: Scenario) -> Iterator[UsedRoster]:
    """The rosters of windows, desk, places and departments."""
    hours = scenario.hall.hours
    for layout in scenario.layouts:
        for group in layout.windows:
            path: Steps = ("layouts", layout.id, "windows", group.id, "clerks")
            yield path, group.clerks, hours
    if scenario.hall.reception is not None:
        yield ("hall", "reception", "clerks"), scenario.hall.reception.clerks, hours
    for place in scenario.places.open if scenario.places else ():
        path = ("places", "open", place.id, "clerks")
        yield path, place.clerks, place.hours or hours
    for department in scenario.departments:
        path = ("departments", department.id, "reviewers")
        yield path, department.reviewers, department.hours


def unstaffed_hours(scenario: Scenario) -> Iterator[Finding]:
    """Hours at which the hall opens and nobody is at any window, where hours go by dates.

    The first of each layout: an ordinary roster does not follow a calendar that changes.
    """
    open_, dates = DatedHours(hall_calendar(scenario)), hall_dates(scenario)
    for layout in scenario.layouts if is_dated_hall(scenario) else ():
        rosters = rosters_of_groups(scenario, layout)
        days = (
            (day, gap)
            for day in dates
            for gap in uncovered(
                join_hours(open_.on(day)),
                sorted(
                    duty
                    for roster in rosters.values()
                    for duty, clerks in roster.on(day, open_.weekday_on(day))
                    if clerks > 0
                ),
            )
        )
        first = next(days, None)
        if first is not None:
            path: Steps = ("layouts", layout.id, "windows")
            yield Finding(
                "open_unstaffed", path, f"{first[0]} {format_hours(first[1])}", "", "warning"
            )
