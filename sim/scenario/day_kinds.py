"""Kinds of day (日类): neighbouring weekdays with the same hours and the same demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from sim.clock import DAY, WEEKDAYS, Holidays, Hours, makeup_day
from sim.scenario.arrival_rows import EPOCH
from sim.scenario.base import roster_hours
from sim.scenario.demand import Flow
from sim.scenario.hours import hall_calendar, join_hours, weekly_hours
from sim.scenario.scenario import Scenario


class DayKind(NamedTuple):
    """Weekdays that are planned alike."""

    key: str
    """As a roster writes them: `mon-fri`."""
    days: tuple[int, ...]
    """Weekdays, Monday 0."""
    hours: tuple[Hours, ...]
    """When the hall is open, sorted; intervals that touch are one."""


def day_kinds(scenario: Scenario) -> tuple[DayKind, ...]:
    """The open weekdays, alike neighbours together.

    Weekdays are alike when the hall is open at the same hours and as many people are to be
    expected: the same factors of all flows, places in books, given instants and clerks at the desk.
    A week-end day that is worked for a holiday is of Monday's kind, as its hours are.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> [kind.key for kind in day_kinds(load_scenario(example_path("exact/mmc.yaml")))]
    ['mon-sun']
    """
    week = {
        day: tuple(join_hours(hours))
        for day, hours in weekly_hours(hall_calendar(scenario)).items()
        if hours
    }
    kinds: list[DayKind] = []
    last: Hashable = None
    for day in sorted(week):
        likeness = (week[day], _demand_of(scenario, day))
        if kinds and kinds[-1].days[-1] == day - 1 and likeness == last:
            days = (*kinds[-1].days, day)
            key = f"{WEEKDAYS[days[0]]}-{WEEKDAYS[day]}"
            kinds[-1] = kinds[-1]._replace(key=key, days=days)
        else:
            kinds.append(DayKind(WEEKDAYS[day], (day,), week[day]))
        last = likeness
    return tuple(kinds)


def _replayed(flow: Flow, day: int, holidays: Holidays) -> bytes:
    """The times of day at which the rows of a table come on a weekday, sorted."""
    rows = flow.arrivals_file
    if rows is None:
        return b""
    number, row = np.unique(rows.instants // DAY, return_inverse=True)
    dates = [EPOCH + timedelta(days=int(n)) for n in number]
    weekday = np.array([0 if makeup_day(d, holidays) else d.weekday() for d in dates])
    return np.sort(rows.instants[weekday[row] == day] % DAY).tobytes()


def _demand_of(scenario: Scenario, day: int) -> Hashable:
    """What makes the demand of a weekday differ from that of another one."""
    holidays = hall_calendar(scenario).holidays
    factors, moments = [], []
    for flow in scenario.demand:
        if flow.per_day is not None or flow.per_year is not None:
            factors.append(flow.weekdays.get(WEEKDAYS[day], 1.0))
        times = Counter(
            instant.time()
            for instant in flow.at or ()
            if (0 if makeup_day(instant.date(), holidays) else instant.weekday()) == day
        )
        moments.append((frozenset(times.items()), _replayed(flow, day, holidays)))
    rosters = [book.slots for book in scenario.applicants.appointments]
    if scenario.hall.reception is not None:
        rosters.append(scenario.hall.reception.clerks)
    by_hours = [
        frozenset(
            (hours, number)
            for key, number in roster.items()
            for days, hours in [roster_hours(key)]
            if day in days
        )
        for roster in rosters
    ]
    return tuple(factors), tuple(moments), tuple(by_hours)
