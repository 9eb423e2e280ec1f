"""When a calendar is open, by date: ordinary weeks, periods with their own, single days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sim import clock
from sim.clock import Hours, parse_days
from sim.scenario.demand import Calendar
from sim.scenario.roster_keys import Dates, parse_date, parse_dates

OpenWeek = Mapping[int, tuple[Hours, ...]]
"""Open hours by weekday, Monday 0, sorted."""


def week_of(weekly: Mapping[str, tuple[Hours, ...]]) -> dict[int, tuple[Hours, ...]]:
    """Hours by weekday, from hours by day or range of days."""
    week: dict[int, list[Hours]] = {}
    for days, hours in weekly.items():
        for day in parse_days(days):
            week.setdefault(day, []).extend(hours)
    return {day: tuple(sorted(hours)) for day, hours in week.items()}


class DatedHours:
    """Open hours of a calendar on each date.

    A day of `days` has the hours that are stated for it, whatever else it is. Otherwise a closed
    date or public holiday has none; in a period the hours are those of its week, and else those of
    the ordinary week (DESIGN §1.3).

    Examples
    --------
    >>> from sim.clock import parse_hours
    >>> morning, day = parse_hours("08:00-14:00"), parse_hours("09:00-17:00")
    >>> summer = {"2025-06-15 to 2025-09-15": {"mon-fri": (morning,)}}
    >>> hours = DatedHours(Calendar(id="hall", weekly={"mon-fri": (day,)}, periods=summer))
    >>> hours.on(date(2025, 6, 13)) == (day,), hours.on(date(2025, 6, 16)) == (morning,)
    (True, True)
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.week: OpenWeek = week_of(calendar.weekly)
        self.periods: dict[str, tuple[Dates, OpenWeek]] = {
            key: (parse_dates(key), week_of(weekly)) for key, weekly in calendar.periods.items()
        }
        self.days: dict[date, tuple[Hours, ...]] = {
            parse_date(key): tuple(sorted(hours)) for key, hours in calendar.days.items()
        }
        self._closed = frozenset(calendar.closed)

    @property
    def is_dated(self) -> bool:
        """Whether not all weeks of the year have the same hours."""
        return bool(self.periods or self.days)

    def part_on(self, day: date) -> str:
        """The key of the period, or the single day, whose hours a date has; empty = ordinary."""
        if day in self.days:
            return day.isoformat()
        return next((key for key, (dates, _) in self.periods.items() if dates.hold(day)), "")

    def on(self, day: date) -> tuple[Hours, ...]:
        """The open intervals of one date, in their order."""
        if day in self.days:
            return self.days[day]
        part = self.part_on(day) if self.periods else ""
        week = self.periods[part][1] if part else self.week
        return tuple(clock.open_hours(week, day, self.calendar.holidays, self._closed))

    def weekday_on(self, day: date) -> int:
        """The weekday whose rosters and factors a date has: Monday's on a make-up day."""
        return 0 if clock.makeup_day(day, self.calendar.holidays) else day.weekday()

    def planned(self, day: date) -> tuple[Hours, ...]:
        """The hours that a date would have if no holiday or closed date were kept."""
        part = self.part_on(day)
        if part in self.periods:
            return self.periods[part][1].get(day.weekday(), ())
        return self.days.get(day) or self.week.get(day.weekday(), ())

    def weeks(self) -> Iterator[OpenWeek]:
        """The ordinary week, and those of periods."""
        yield self.week
        yield from (week for _, week in self.periods.values())

    def of_weekday(self, weekday: int, within: Dates | None = None) -> list[tuple[Hours, ...]]:
        """All the hours that a weekday may have, ever or between two dates; none where it is shut.

        Examples
        --------
        >>> hours = DatedHours(Calendar(id="hall", weekly={"mon-fri": (Hours(0, 9),)}))
        >>> hours.of_weekday(0), hours.of_weekday(6)
        ([(Hours(start=0, end=9),)], [])
        """
        single = (
            hours
            for day, hours in self.days.items()
            if self.weekday_on(day) == weekday and (within is None or within.hold(day))
        )
        every = (*(week.get(weekday, ()) for week in self._weeks(within)), *single)
        return list(dict.fromkeys(hours for hours in every if hours))

    def _weeks(self, within: Dates | None) -> Iterator[OpenWeek]:
        """The ordinary week, unless periods cover all those dates, and the weeks of periods."""
        if within is None:
            yield from self.weeks()
            return
        n_days = (within.last - within.first).days + 1
        for dates, week in self.periods.values():
            both = Dates(max(dates.first, within.first), min(dates.last, within.last))
            if both.first <= both.last:
                n_days -= (both.last - both.first).days + 1
                yield week
        if n_days > 0:
            yield self.week

    def of_days(self) -> list[tuple[Hours, ...]]:
        """All the hours that an open day may have."""
        return list(
            dict.fromkeys(
                hours
                for weekday in range(len(clock.WEEKDAYS))
                for hours in self.of_weekday(weekday)
            )
        )
