"""Time: whole ticks, clock text, durations with units, opening hours, working days.

One tick is one millisecond; tick 0 is 00:00 of the first simulated day (DESIGN §1). Text becomes
ticks here and nowhere else; ticks become minutes again in tables and views.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np

from sim.arrays import Ints

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
NEVER: Final = 2**62
"""An instant after every run: what would happen then does not happen."""

UNITS: Final[Mapping[str, int]] = {"s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

BEIJING: Final = "Asia/Shanghai"
"""Time zone of a hall that says nothing else: +08:00 all year since 1992."""

Holidays = Literal["none", "china"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s+(s|min|h|d|wd)", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):([0-5]\d)", re.ASCII)
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s+per\s+(s|min|h|d)", re.ASCII)


class ClockError(ValueError):
    """A text that is not a time; `code` names the sentence that explains it."""

    def __init__(self, code: str, found: object) -> None:
        super().__init__(f"{code}: {found!r}")
        self.code = code
        self.found = str(found)


class Span(NamedTuple):
    """A length of time that may count working days: `ticks` after `workdays` working days."""

    ticks: int
    workdays: int = 0


class Hours(NamedTuple):
    """One interval of a day's clock, in ticks after 00:00; `end` may be 24:00."""

    start: int
    end: int


def parse_span(value: object) -> Span:
    """Read a duration that carries its unit, working days included.

    Raises
    ------
    ClockError
        `bare_number` for a number without a unit, `wrong_unit` for an unknown unit,
        `wrong_duration` for anything else.

    Examples
    --------
    >>> parse_span("12 min"), parse_span("5 wd")
    (Span(ticks=720000, workdays=0), Span(ticks=0, workdays=5))
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ClockError("wrong_duration", value)
    if isinstance(value, int | float) or re.fullmatch(r"-?\d+(\.\d+)?", value.strip()):
        raise ClockError("bare_number", value)
    match = _SPAN.fullmatch(value.strip())
    if match is None:
        unit = re.fullmatch(r"\d+(?:\.\d+)?\s*([^\W\d]+)", value.strip())
        wrong = unit is not None and unit[1] not in {*UNITS, "wd"}
        raise ClockError("wrong_unit" if wrong else "wrong_duration", value)
    amount, unit_name = float(match[1]), match[2]
    if unit_name == "wd":
        if amount != int(amount):
            raise ClockError("wrong_duration", value)
        return Span(0, int(amount))
    return Span(round(amount * UNITS[unit_name]))


def parse_duration(value: object) -> int:
    """Read a duration in s, min, h or d as ticks; working days are refused here.

    Examples
    --------
    >>> parse_duration("1.5 min")
    90000
    """
    span = parse_span(value)
    if span.workdays or (isinstance(value, str) and value.endswith("wd")):
        raise ClockError("wrong_unit", value)
    return span.ticks


def parse_workdays(value: object) -> float:
    """Read working days of which a part may be meant, such as a difference of means.

    Raises
    ------
    ClockError
        As `parse_span`, and `wrong_unit` for a duration in another unit.

    Examples
    --------
    >>> parse_workdays("0.1 wd"), parse_workdays("2 wd")
    (0.1, 2.0)
    """
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None and match[2] == "wd":
        return float(match[1])
    parse_span(value)
    raise ClockError("wrong_unit", value)


def format_workdays(workdays: float) -> str:
    """Write working days the way a scenario does.

    Examples
    --------
    >>> format_workdays(0.1), format_workdays(2.0)
    ('0.1 wd', '2 wd')
    """
    return f"{workdays:.12g} wd"


def format_span(span: Span | int) -> str:
    """Write a duration the way a scenario does, in its largest exact unit.

    Examples
    --------
    >>> format_span(90000), format_span(Span(0, 5)), format_span(0), format_span(1_234_567)
    ('90 s', '5 wd', '0 min', '1234.567 s')
    """
    ticks, workdays = (span, 0) if isinstance(span, int) else span
    if workdays:
        return f"{workdays} wd"
    for unit, size in (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", SECOND)):
        if ticks and ticks % size == 0:
            return f"{ticks // size} {unit}"
    return f"{ticks // SECOND}.{ticks % SECOND:03d}".rstrip("0") + " s" if ticks else "0 min"


def parse_clock(value: object) -> int:
    """Read `HH:MM` (00:00 to 24:00, two digits each) as ticks after midnight.

    Examples
    --------
    >>> parse_clock("08:30") // MINUTE
    510
    """
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    ticks = int(match[1]) * HOUR + int(match[2]) * MINUTE if match else -1
    if not 0 <= ticks <= DAY:
        raise ClockError("wrong_clock", value)
    return ticks


def parse_hours(value: object) -> Hours:
    """Read `08:30-12:00`.

    Raises
    ------
    ClockError
        `wrong_interval`, `wrong_clock`, or `empty_interval` when it ends before it starts.

    Examples
    --------
    >>> parse_hours("08:30-12:00")
    Hours(start=30600000, end=43200000)
    """
    if not isinstance(value, str) or value.count("-") != 1:
        raise ClockError("wrong_interval", value)
    start, end = (parse_clock(part.strip()) for part in value.split("-"))
    if end <= start:
        raise ClockError("empty_interval", value)
    return Hours(start, end)


def format_clock(ticks: int) -> str:
    """Write ticks after midnight as `HH:MM`.

    Examples
    --------
    >>> format_clock(parse_clock("14:30"))
    '14:30'
    """
    return f"{ticks // HOUR:02d}:{ticks % HOUR // MINUTE:02d}"


def parse_time_zone(value: object) -> str:
    """The name of a time zone of the IANA database.

    Examples
    --------
    >>> parse_time_zone("Europe/Madrid")
    'Europe/Madrid'

    Raises
    ------
    ClockError
        `unknown_time_zone`.
    """
    if value == BEIJING:
        return BEIJING
    try:
        return ZoneInfo(str(value)).key
    except (KeyError, ValueError, OSError):
        raise ClockError("unknown_time_zone", value) from None


def utc_offsets(zone: str, first: date, ticks: Ints) -> list[str]:
    """Offsets of the clock of a hall from UTC, as ISO 8601 writes them.

    Of an hour that the clock shows twice, in autumn, the first is meant.

    Parameters
    ----------
    first
        Day whose 00:00 is tick 0.
    ticks : ndarray(int64), shape (n,)

    Examples
    --------
    >>> days = np.array([0, 200 * DAY])
    >>> utc_offsets("Europe/Madrid", date(2025, 1, 6), days), utc_offsets(BEIJING, date.min, days)
    (['+01:00', '+02:00'], ['+08:00', '+08:00'])
    """
    if zone == BEIJING:
        return ["+08:00"] * len(ticks)
    midnight, at = datetime(first.year, first.month, first.day), ZoneInfo(zone)
    # zones change their offset on quarter hours
    quarters, where = np.unique(ticks // (15 * MINUTE), return_inverse=True)
    instants = [midnight + timedelta(minutes=15 * quarter) for quarter in quarters.tolist()]
    offsets = [f"{instant.replace(tzinfo=at):%z}" for instant in instants]
    return [f"{offsets[n][:3]}:{offsets[n][3:5]}" for n in where.tolist()]


def parse_days(value: object) -> tuple[int, ...]:
    """Read a day or a range of days, `mon-fri` or `sat`, as weekday numbers (Monday 0).

    Examples
    --------
    >>> parse_days("mon-wed"), parse_days("sat")
    ((0, 1, 2), (5,))
    """
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) not in {1, 2} or any(part not in WEEKDAYS for part in parts):
        raise ClockError("wrong_day_name", value)
    first, last = WEEKDAYS.index(parts[0]), WEEKDAYS.index(parts[-1])
    if last < first:
        raise ClockError("wrong_day_name", value)
    return tuple(range(first, last + 1))


def parse_rate(value: object) -> float:
    """Read `0.4 per min` as arrivals per hour.

    Examples
    --------
    >>> parse_rate("0.4 per min")
    24.0
    """
    if isinstance(value, int | float):
        raise ClockError("bare_number", value)
    match = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ClockError("wrong_rate", value)
    return float(match[1]) * (HOUR / UNITS[match[2]])


@cache
def holiday(day: date, holidays: Holidays) -> bool:
    """Whether `day` is a public holiday, as the kept library knows it.

    In years that the library does not hold, the days are kept that the law fixes; how they are
    moved and joined by make-up days is not known then.

    Examples
    --------
    >>> holiday(date(2025, 10, 1), "china"), holiday(date(2050, 10, 1), "china")
    (True, True)
    """
    if holidays == "none":
        return False
    if not is_published(day):
        return day in statutory_days(day.year)
    is_free, name = chinese_calendar.get_holiday_detail(day)
    return bool(is_free and name is not None)


@cache
def makeup_day(day: date, holidays: Holidays) -> bool:
    """Whether `day` is a week-end day that is worked in exchange for a holiday (调休)."""
    if holidays == "none" or not is_published(day):
        return False
    return day.weekday() >= 5 and bool(chinese_calendar.is_workday(day))


def is_published(day: date) -> bool:
    """Whether the holiday library holds the year of `day`."""
    return first_known_year() <= day.year <= last_known_year()


@cache
def first_known_year() -> int:
    """The first year of public holidays that the library holds."""
    return int(min(day.year for day in chinese_calendar.constants.holidays))


@cache
def last_known_year() -> int:
    """The last year of public holidays that the library holds.

    Examples
    --------
    >>> last_known_year() >= 2025
    True
    """
    return int(max(day.year for day in chinese_calendar.constants.holidays))


@cache
def statutory_days(year: int) -> frozenset[date]:
    """Days off that the law gives everybody in a year.

    One that falls on a week-end, or on another one, is made up for: the law says so, not when. Here
    it is the next working day, so the number of working days of the year is right.

    References
    ----------
    全国年节及纪念日放假办法, as of 1 January 2025, articles 2 and 6.

    Examples
    --------
    >>> sum(day.weekday() < 5 for day in statutory_days(2027))
    13
    """
    from sim.theory.lunar import festivals  # half a second for the whole of theory

    moon, one_day = festivals(year), timedelta(days=1)
    days = [
        date(year, 1, 1),
        *(moon.spring + n * one_day for n in (-1, 0, 1, 2)),
        moon.tomb_sweeping,
        date(year, 5, 1),
        date(year, 5, 2),
        moon.dragon_boat,
        moon.mid_autumn,
        *(date(year, 10, n) for n in (1, 2, 3)),
    ]
    free = set(days)
    for n, day in enumerate(days):
        if day.weekday() >= 5 or day in days[:n]:
            after = day
            while after in free or after.weekday() >= 5:
                after += one_day
            free.add(after)
    return frozenset(free)


def workday(day: date, holidays: Holidays) -> bool:
    """Whether `day` counts as a working day (工作日) for limits and spans.

    Examples
    --------
    >>> workday(date(2025, 10, 1), "china"), workday(date(2025, 9, 28), "china")
    (False, True)
    """
    if makeup_day(day, holidays):
        return True
    return day.weekday() < 5 and not holiday(day, holidays)


def open_hours(
    weekly: Mapping[int, Sequence[Hours]],
    day: date,
    holidays: Holidays,
    closed: Container[date] = frozenset(),
) -> Sequence[Hours]:
    """The open intervals of one date: none on a holiday, Monday's on a make-up day."""
    if day in closed or holiday(day, holidays):
        return ()
    return weekly.get(0 if makeup_day(day, holidays) else day.weekday(), ())


def open_intervals(hours_on: Callable[[date], Sequence[Hours]], first: date, n_days: int) -> Ints:
    """Lay the hours of dates behind each other; intervals that touch become one.

    Returns
    -------
    ndarray(int64), shape (intervals, 2)
        Start and end in ticks from 00:00 of `first`, sorted, disjoint.

    Examples
    --------
    >>> week = {day: (parse_hours("09:00-12:00"),) for day in range(5)}
    >>> on = lambda day: open_hours(week, day, "china")
    >>> open_intervals(on, date(2025, 9, 30), 3) // HOUR
    array([[ 9, 12]])
    """
    merged: list[list[int]] = []
    for n in range(n_days):
        for hours in hours_on(first + timedelta(days=n)):
            start, end = n * DAY + hours.start, n * DAY + hours.end
            if merged and merged[-1][1] == start:
                merged[-1][1] = end
            else:
                merged.append([start, end])
    return np.array(merged, dtype=np.int64).reshape(-1, 2)


def open_until(starts: Ints, ends: Ints, instants: Ints) -> Ints:
    """Ticks that a calendar has been open before each instant.

    Parameters
    ----------
    starts, ends : ndarray(int64), shape (intervals,)
        Sorted and disjoint.
    instants : ndarray(int64), any shape
        From 0.

    Examples
    --------
    >>> open_until(np.array([10, 30]), np.array([20, 40]), np.array([5, 15, 35, 50]))
    array([ 0,  5, 15, 20])
    """
    row = np.searchsorted(starts, instants, side="right")
    opened = np.concatenate([[0], np.cumsum(ends - starts)])
    shut = np.concatenate([[0], starts - opened[:-1]])
    return np.asarray(np.minimum(instants - shut[row], opened[row]))
