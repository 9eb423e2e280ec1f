"""Clerks by date: which rows of a roster hold on a day, and how many of a mean number come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from sim import clock
from sim.clock import Hours
from sim.scenario.clerk_rows import StaffedSpans
from sim.scenario.dated_hours import DatedHours
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.intervals import join_hours
from sim.scenario.roster_keys import WEEKS, RosterTime, is_dated, parse_roster_key
from sim.scenario.scenario import Scenario

WEEK = 7
DayClerks = tuple[tuple[Hours, int], ...]
"""Hours of a day, each with a number of clerks."""


class Weeks(NamedTuple):
    """Weeks of a scenario, counted from the one that is stated."""

    monday: date
    """Of the first of them, which is a week A."""

    def number(self, day: date) -> int:
        """Weeks after the first."""
        return (day - self.monday).days // WEEK

    def letter(self, day: date) -> str:
        """A or B.

        Examples
        --------
        >>> weeks = Weeks(date(2025, 1, 6))
        >>> weeks.letter(date(2025, 1, 12)), weeks.letter(date(2025, 1, 13))
        ('A', 'B')
        """
        return WEEKS[self.number(day) % len(WEEKS)]


def weeks_of(scenario: Scenario) -> Weeks:
    """Weeks from that of `hall.week_a`, or else from that of the first simulated date."""
    stated = scenario.hall.week_a or scenario.run.start
    return Weeks(stated - timedelta(days=stated.weekday()))


def rosters_of_groups(scenario: Scenario, layout: Layout) -> dict[str, DayRosters]:
    """The clerks of each window group of a layout, by date."""
    weeks, rows = weeks_of(scenario), layout.clerks_file
    return {
        group.id: DayRosters(group.clerks, weeks, rows.spans(group.id) if rows else None)
        for group in layout.windows
    }


def most_of_group(layout: Layout, group: WindowGroup) -> int:
    """The largest number of clerks of a group at a time, by its roster and the layout's table."""
    rows = layout.clerks_file
    return max(most_clerks(group.clerks), rows.spans(group.id).most if rows else 0)


def clerks_on(mean: float, week: int, weekday: int) -> int:
    """Clerks of a mean number on one day: ⌊(i + 1)·mean⌋ − ⌊i·mean⌋, i = week + weekday.

    So each weekday has the mean over as many weeks as its fraction has parts, and the days of a
    week alternate too (Bresenham's rule).

    Parameters
    ----------
    week
        Number of the week.
    weekday
        Monday 0.

    Examples
    --------
    >>> [clerks_on(2.5, 0, weekday) for weekday in range(5)]
    [2, 3, 2, 3, 2]
    >>> [clerks_on(2.5, week, 0) for week in range(4)], clerks_on(2.0, 7, 3)
    ([2, 3, 2, 3], 2)
    """
    exact, i = Fraction(str(mean)), week + weekday
    return math.floor((i + 1) * exact) - math.floor(i * exact)


def most_clerks(roster: Mapping[str, float]) -> int:
    """The largest number of clerks of a roster at a time.

    Examples
    --------
    >>> most_clerks({"mon 09:00-12:00": 2.5, "tue 09:00-12:00": 1}), most_clerks({})
    (3, 0)
    """
    return math.ceil(max(roster.values(), default=0))


class DayRosters:
    """The clerks of a group, or of the desk, on each date.

    Of the rows that name a day only those of the highest rank hold: a table before a single date,
    that before a range of dates, that before every second week, that before what is ordinary
    (DESIGN §4.12).

    Parameters
    ----------
    of_table
        When how many are on duty on the dates that a table names.

    Examples
    --------
    >>> roster = {"mon-fri 09:00-12:00": 3, "2025-01-08 08:00-14:00": 2}
    >>> rosters = DayRosters(roster, Weeks(date(2025, 1, 6)))
    >>> [clerks for _, clerks in rosters.on(date(2025, 1, 7), 1)]
    [3]
    >>> [clerks for _, clerks in rosters.on(date(2025, 1, 8), 2)]
    [2]
    """

    def __init__(
        self,
        roster: Mapping[str, float],
        weeks: Weeks,
        of_table: StaffedSpans | None = None,
    ) -> None:
        self.most = max(most_clerks(roster), of_table.most if of_table else 0)
        self._of_table = of_table
        self._weeks = weeks
        self._rows = [(parse_roster_key(key), clerks) for key, clerks in roster.items()]
        self.is_dated = is_dated(roster) or (of_table is not None and len(of_table.day) > 0)
        """Whether the weeks of the run differ."""
        self._plain: dict[int, DayClerks] = {}
        self._of_dates: dict[date, list[tuple[RosterTime, float]]] = {}
        for row in self._rows:
            dates = row[0].days.dates
            if dates is not None and dates.first == dates.last:
                self._of_dates.setdefault(dates.first, []).append(row)

    def on(self, day: date, weekday: int) -> DayClerks:
        """Clerks by hours of one day, in the order of the roster.

        Parameters
        ----------
        weekday
            Whose roster holds: Monday's on a make-up day.
        """
        if self.is_dated:
            return self._dated(day, weekday)
        if weekday not in self._plain:
            self._plain[weekday] = tuple(
                (key.hours, int(clerks))
                for key, clerks in self._rows
                if weekday in key.days.weekdays
            )
        return self._plain[weekday]

    def _dated(self, day: date, weekday: int) -> DayClerks:
        if self._of_table is not None and (named := self._of_table.on(day.toordinal())):
            return named
        return tuple(
            (key.hours, self.number_on(clerks, day)) for key, clerks in self.rows_on(day, weekday)
        )

    def rows_on(self, day: date, weekday: int) -> list[tuple[RosterTime, float]]:
        """The rows of the roster that hold on a date, tables left aside."""
        letter = self._weeks.letter(day)
        rows = self._of_dates.get(day) or [
            (key, clerks) for key, clerks in self._rows if key.days.hold(day, weekday, letter)
        ]
        rank = max((key.days.rank for key, _ in rows), default=0)
        return [(key, clerks) for key, clerks in rows if key.days.rank == rank]

    def number_on(self, mean: float, day: date) -> int:
        """Clerks of a mean number on a date."""
        return clerks_on(mean, self._weeks.number(day), day.weekday())


def hours_above(open_: DatedHours, roster: DayRosters, number: int, day: date) -> list[Hours]:
    """Open hours of a date in which a roster has more people than a number.

    Examples
    --------
    >>> from sim.clock import parse_hours
    >>> from sim.scenario.demand import Calendar
    >>> week = {"mon-sat": (parse_hours("08:00-12:00"),)}
    >>> roster = DayRosters({"sat 09:00-17:00": 1}, Weeks(date(2025, 1, 6)))
    >>> hours_above(DatedHours(Calendar(id="day", weekly=week)), roster, 0, date(2025, 1, 11))
    [Hours(start=32400000, end=43200000)]
    """
    holidays = open_.calendar.holidays
    weekday = 0 if clock.makeup_day(day, holidays) else day.weekday()
    pieces = [
        Hours(max(duty.start, span.start), min(duty.end, span.end))
        for duty, people in roster.on(day, weekday)
        if people > number
        for span in open_.on(day)
    ]
    return join_hours(sorted(piece for piece in pieces if piece.start < piece.end))
