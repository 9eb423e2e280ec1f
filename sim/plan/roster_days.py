"""The dates of a roster, with the kind of day of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sim import clock
from sim.scenario.dated_hours import DatedHours
from sim.scenario.day_kinds import DayKind
from sim.scenario.hours import hall_calendar
from sim.scenario.scenario import Scenario

WEEK = 7


class RosterDay(NamedTuple):
    """One date of the roster; dates on which the hall is shut too.

    Attributes
    ----------
    date : str
        As `2025-03-04`.
    weekday : int
        Of the calendar, Monday 0.
    days : str
        Kind of day whose needs hold: `mon-fri`; empty = the hall is shut.
    holiday, makeup : bool
        A public holiday; a week-end day that is worked for one (调休).
    """

    date: str
    weekday: int
    days: str
    holiday: bool
    makeup: bool

    @property
    def is_open(self) -> bool:
        """Whether the hall opens."""
        return bool(self.days)

    @property
    def is_weekend(self) -> bool:
        """Whether who is on duty then has a turn at the week-end."""
        return self.weekday >= 5 and not self.makeup

    @property
    def planned_as(self) -> int:
        """The weekday whose hours and needs it has: Monday's on a make-up day."""
        return 0 if self.makeup else self.weekday


def roster_days(
    scenario: Scenario, kinds: Sequence[DayKind], first_day: date, weeks: int
) -> tuple[RosterDay, ...]:
    """All dates of a roster.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.day_kinds import day_kinds
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> days = roster_days(city, day_kinds(city), date(2025, 9, 22), 1)
    >>> days[0].date, days[0].days, days[6].makeup, days[6].planned_as
    ('2025-09-22', 'mon', True, 0)
    """
    calendar = hall_calendar(scenario)
    hours = DatedHours(calendar)
    kind_of = {weekday: kind.key for kind in kinds for weekday in kind.days}
    days = []
    for n in range(WEEK * weeks):
        day = first_day + timedelta(days=n)
        makeup = clock.makeup_day(day, calendar.holidays)
        key = kind_of.get(0 if makeup else day.weekday(), "") if hours.on(day) else ""
        holiday = clock.holiday(day, calendar.holidays)
        days.append(RosterDay(day.isoformat(), day.weekday(), key, holiday, makeup))
    return tuple(days)


def workdays_by_week(scenario: Scenario, first_day: date, weeks: int) -> tuple[int, ...]:
    """Working days of each week, as the calendar of public holidays has them.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia.yaml"))
    >>> workdays_by_week(city, date(2025, 9, 22), 2)
    (6, 2)
    """
    holidays = hall_calendar(scenario).holidays
    return tuple(
        sum(
            clock.workday(first_day + timedelta(days=WEEK * week + n), holidays)
            for n in range(WEEK)
        )
        for week in range(weeks)
    )
