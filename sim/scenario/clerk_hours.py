"""Clerk hours of a layout a week: as its rosters say, public holidays left aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sim.clock import HOUR, Hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import DayClerks, DayRosters, rosters_of_groups
from sim.scenario.hall import Layout
from sim.scenario.hours import hall_calendar, hall_dates
from sim.scenario.roster_keys import is_dated
from sim.scenario.scenario import Scenario

WEEK = 7


def weekly_clerk_hours(scenario: Scenario, layout: Layout) -> float:
    """Hours a week that a layout's windows are staffed, public holidays left aside.

    Where hours or rosters go by dates it is the mean of the calendar weeks of the run.
    """
    days = days_of_weeks(scenario)
    rosters = _paid_here(scenario, layout)
    ticks = sum(
        _duty(roster.on(day, weekday), hours) for day, weekday, hours in days for roster in rosters
    )
    return ticks * WEEK / len(days) / HOUR


def weekly_staffed_hours(scenario: Scenario, layout: Layout) -> float:
    """Hours a week of the union of all duties inside the hall's hours, likewise."""
    days, rosters = days_of_weeks(scenario), _paid_here(scenario, layout)
    ticks = 0
    for day, weekday, hours in days:
        duties = sorted(
            duty for roster in rosters for duty, clerks in roster.on(day, weekday) if clerks > 0
        )
        ticks += sum(_covered(open_, duties) for open_ in hours)
    return ticks * WEEK / len(days) / HOUR


def is_dated_hall(scenario: Scenario) -> bool:
    """Whether not all weeks of the hall are alike, in its hours or in any roster of a layout."""
    return DatedHours(hall_calendar(scenario)).is_dated or any(
        layout.clerks_file or any(is_dated(group.clerks) for group in layout.windows)
        for layout in scenario.layouts
    )


def days_of_weeks(scenario: Scenario) -> list[tuple[date, int, tuple[Hours, ...]]]:
    """Whole weeks from Monday on, each day with its weekday and hours, no holiday kept.

    An ordinary week where all are alike, else the calendar weeks of the run.
    """
    open_, start = DatedHours(hall_calendar(scenario)), scenario.run.start
    monday, n_days = start - timedelta(days=start.weekday()), WEEK
    if is_dated_hall(scenario):
        length = (hall_dates(scenario)[-1] - monday).days + 1
        n_days = -(-length // WEEK) * WEEK
    days = [monday + timedelta(days=n) for n in range(n_days)]
    return [(day, day.weekday(), open_.planned(day)) for day in days]


def _paid_here(scenario: Scenario, layout: Layout) -> list[DayRosters]:
    """Rosters of the groups whose clerks are not those of another one."""
    rosters = rosters_of_groups(scenario, layout)
    return [rosters[group.id] for group in layout.windows if not group.borrows]


def _duty(on_duty: DayClerks, hours: Sequence[Hours]) -> int:
    return sum(
        clerks * max(0, min(duty.end, open_.end) - max(duty.start, open_.start))
        for duty, clerks in on_duty
        for open_ in hours
    )


def _covered(open_hours: Hours, duties: Sequence[Hours]) -> int:
    """Ticks of an interval that sorted duties cover."""
    covered, reached = 0, open_hours.start
    for duty in duties:
        until = min(duty.end, open_hours.end)
        covered += max(0, until - max(duty.start, reached))
        reached = max(reached, until)
    return covered
