"""Keys of rosters and of dated hours: which days they name, and at which hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from sim.clock import WEEKDAYS, ClockError, Hours, parse_days, parse_hours

ALL_DAYS: Final = tuple(range(len(WEEKDAYS)))
WEEKS: Final = ("A", "B")
ORDINARY, OF_WEEKS, OF_RANGE, OF_DATE = range(4)
"""Ranks of keys: of those that name a day, only the highest rank holds (DESIGN §4.12)."""
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TO: Final = " to "


class Dates(NamedTuple):
    """From one date to another, both included."""

    first: date
    last: date

    def hold(self, day: date) -> bool:
        """Whether a date is one of them."""
        return self.first <= day <= self.last


class NamedDays(NamedTuple):
    """Which days a key names."""

    weekdays: tuple[int, ...] = ALL_DAYS
    """Monday 0."""
    dates: Dates | None = None
    """Between which dates; None = always."""
    week: str = ""
    """A or B where it holds in every second week only."""

    @property
    def rank(self) -> int:
        """How particular it is: ordinary, of every second week, of a range of dates, of a date."""
        if self.dates is not None:
            return OF_DATE if self.dates.first == self.dates.last else OF_RANGE
        return OF_WEEKS if self.week else ORDINARY

    def hold(self, day: date, weekday: int, week: str) -> bool:
        """Whether a day is named.

        Parameters
        ----------
        weekday
            Whose roster holds that day: Monday's on a make-up day. A single date is named whatever
            its weekday.
        week
            A or B.
        """
        if self.dates is not None and not self.dates.hold(day):
            return False
        return weekday in self.weekdays and self.week in ("", week)


class RosterTime(NamedTuple):
    """A key of a roster: days, and hours of each."""

    days: NamedDays
    hours: Hours


def parse_date(value: str) -> date:
    """Read a date as a key has it.

    Raises
    ------
    ClockError
        `wrong_date`.

    Examples
    --------
    >>> parse_date("2025-01-08").isoformat()
    '2025-01-08'
    """
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:  # no day of the calendar
        pass
    raise ClockError("wrong_date", value)


def parse_dates(value: str) -> Dates:
    """Read a range of dates, both included.

    Raises
    ------
    ClockError
        `wrong_dates`, `wrong_date`, or `dates_order` when the last is before the first.

    Examples
    --------
    >>> str(parse_dates("2025-06-15 to 2025-09-15").last)
    '2025-09-15'
    """
    first, is_range, last = value.partition(_TO)
    if not is_range:
        raise ClockError("wrong_dates", value)
    dates = Dates(parse_date(first), parse_date(last))
    if dates.last < dates.first:
        raise ClockError("dates_order", value)
    return dates


def parse_named_days(value: str) -> NamedDays:
    """Read which days a key names, without its hours.

    Raises
    ------
    ClockError
        As the parts that are read; `wrong_week` for a week that is neither A nor B;
        `date_with_weekdays` for weekdays behind a single date.

    Examples
    --------
    >>> parse_named_days("2025-06-15 to 2025-09-15 mon-fri").weekdays
    (0, 1, 2, 3, 4)
    >>> parse_named_days("week B").week, parse_named_days("").weekdays
    ('B', (0, 1, 2, 3, 4, 5, 6))
    """
    words = value.split(" ")
    if words[0] == "week":
        if words[1:2] not in (["A"], ["B"]):
            raise ClockError("wrong_week", value)
        return NamedDays(_weekdays(words[2:]), None, words[1])
    if not words[0][:1].isdigit():
        return NamedDays(_weekdays(words if value else []))
    if words[1:2] == ["to"]:
        return NamedDays(_weekdays(words[3:]), parse_dates(" ".join(words[:3])))
    day = parse_date(words[0])
    if words[1:]:
        raise ClockError("date_with_weekdays", value)
    return NamedDays(ALL_DAYS, Dates(day, day))


def names_weekdays(key: str) -> bool:
    """Whether a key says on which weekdays it holds.

    Examples
    --------
    >>> names_weekdays("week A sat 09:00-12:00"), names_weekdays("2025-01-08 09:00-12:00")
    (True, False)
    """
    return any(word[:3] in WEEKDAYS for word in key.split(" "))


def split_days(days: str) -> tuple[str, tuple[int, ...]]:
    """The dates of a key without hours, as they are written, and its weekdays.

    Examples
    --------
    >>> split_days("2025-06-15 to 2025-09-15 sat"), split_days("mon-tue")
    (('2025-06-15 to 2025-09-15', (5,)), ('', (0, 1)))
    >>> split_days("2025-01-08")[0]
    '2025-01-08'
    """
    named = parse_named_days(days)
    if named.dates is None:
        return "", named.weekdays
    is_range = named.rank == OF_RANGE
    return days[: len("2025-06-15 to 2025-09-15" if is_range else "2025-01-08")], named.weekdays


def _weekdays(words: list[str]) -> tuple[int, ...]:
    return parse_days(" ".join(words)) if words else ALL_DAYS


def parse_roster_key(key: str) -> RosterTime:
    """Read a key of a roster.

    Raises
    ------
    ClockError
        As `parse_named_days`, and of its hours `wrong_interval`, `wrong_clock`, `empty_interval`.

    Examples
    --------
    >>> parse_roster_key("2025-01-08 08:00-14:00").days.rank == OF_DATE
    True
    >>> parse_roster_key("week A mon-fri 08:00-14:00").days.week
    'A'
    """
    days, _, hours = key.rpartition(" ")
    return RosterTime(parse_named_days(days), parse_hours(hours))


def is_dated(roster: Mapping[str, float]) -> bool:
    """Whether a roster names dates or every second week, or has half a clerk somewhere.

    Examples
    --------
    >>> is_dated({"mon-fri 09:00-12:00": 2}), is_dated({"mon-fri 09:00-12:00": 2.5})
    (False, True)
    """
    return any(
        clerks != int(clerks) or (key[:1].isdigit() and _DATE.match(key)) or key.startswith("week ")
        for key, clerks in roster.items()
    )
