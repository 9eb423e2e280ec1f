"""Kinds of day (日类): neighbouring weekdays with the same hours and the same demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from sim.clock import DAY, WEEKDAYS, Holidays, Hours, makeup_day
from sim.scenario.arrival_rows import EPOCH
from sim.scenario.clerk_hours import days_of_weeks
from sim.scenario.dated_hours import DatedHours, OpenWeek
from sim.scenario.demand import Flow
from sim.scenario.hours import hall_calendar, hall_dates
from sim.scenario.intervals import join_hours
from sim.scenario.roster_keys import parse_roster_key
from sim.scenario.scenario import Scenario


class DayKind(NamedTuple):
    """Weekdays that are planned alike."""

    key: str
    """As a roster writes them: `mon-fri`, `2025-06-15 to 2025-09-15 mon-fri`, `2025-01-08`."""
    days: tuple[int, ...]
    """Weekdays, Monday 0."""
    hours: tuple[Hours, ...]
    """When the hall is open, sorted; intervals that touch are one."""
    part: str = ""
    """Period or single day of the calendar, by its key there; empty = of ordinary weeks."""


def day_kinds(scenario: Scenario) -> tuple[DayKind, ...]:
    """The open weekdays, alike neighbours together.

    Weekdays are alike when the hall is open at the same hours and as many people are to be
    expected: the same factors of all flows, places in books, given instants and clerks at the desk.
    A week-end day that is worked for a holiday is of Monday's kind, as its hours are.

    A period of the calendar has weekdays of its own, and a single day is a kind; where there are
    such, only kinds of which the run has a day are left.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> [kind.key for kind in day_kinds(load_scenario(example_path("exact/mmc.yaml")))]
    ['mon-sun']
    """
    hours = DatedHours(hall_calendar(scenario))
    if not hours.is_dated:
        return tuple(_kinds_of_week(scenario, hours.week, ""))
    met = {(hours.part_on(day), hours.weekday_on(day)) for day in hall_dates(scenario)}
    kinds = [*_kinds_of_week(scenario, hours.week, "")]
    for key, (_, week) in sorted(hours.periods.items()):
        kinds += _kinds_of_week(scenario, week, key)
    for day in sorted(hours.days):
        weekday, open_ = hours.weekday_on(day), tuple(join_hours(hours.days[day]))
        kinds.append(DayKind(day.isoformat(), (weekday,), open_, day.isoformat()))
    return tuple(kind for kind in kinds if any((kind.part, day) in met for day in kind.days))


def _kinds_of_week(scenario: Scenario, hours: OpenWeek, part: str) -> list[DayKind]:
    week = {day: tuple(join_hours(open_)) for day, open_ in hours.items() if open_}
    kinds: list[DayKind] = []
    last: Hashable = None
    for day in sorted(week):
        likeness = (week[day], _demand_of(scenario, day))
        if kinds and kinds[-1].days[-1] == day - 1 and likeness == last:
            days = (*kinds[-1].days, day)
            names = f"{WEEKDAYS[days[0]]}-{WEEKDAYS[day]}"
            kinds[-1] = kinds[-1]._replace(key=f"{part} {names}".strip(), days=days)
        else:
            kinds.append(DayKind(f"{part} {WEEKDAYS[day]}".strip(), (day,), week[day], part))
        last = likeness
    return kinds


class KindOfDate:
    """The kind of each date on which the hall opens."""

    def __init__(self, scenario: Scenario, kinds: Sequence[DayKind]) -> None:
        self._scenario, self._hours = scenario, DatedHours(hall_calendar(scenario))
        self._numbers = {(kind.part, day): n for n, kind in enumerate(kinds) for day in kind.days}

    def number(self, day: date) -> int:
        """Its place among the kinds."""
        return self._numbers[self._hours.part_on(day), self._hours.weekday_on(day)]

    def days_a_week(self) -> dict[int, float]:
        """By kind, how many of its days a week has, no holiday kept: the weekdays that it names.

        Where hours or rosters go by dates it is the mean of the calendar weeks of the run.
        """
        days = days_of_weeks(self._scenario)
        named = (
            self._numbers.get((self._hours.part_on(day), weekday))
            for day, weekday, hours in days
            if hours
        )
        counts = Counter(number for number in named if number is not None)
        return {n: count * len(WEEKDAYS) / len(days) for n, count in counts.items()}


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
    rosters: list[Mapping[str, float]] = [book.slots for book in scenario.applicants.appointments]
    if scenario.hall.reception is not None:
        rosters.append(scenario.hall.reception.clerks)
    by_hours = [
        frozenset(
            (key.days._replace(weekdays=()), key.hours, number)
            for text, number in roster.items()
            for key in [parse_roster_key(text)]
            if day in key.days.weekdays
        )
        for roster in rosters
    ]
    return tuple(factors), tuple(moments), tuple(by_hours)
