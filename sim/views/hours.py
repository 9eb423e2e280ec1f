"""Weekdays and weekly hours as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sim.scenario.base import format_hours
from sim.scenario.demand import Calendar
from sim.scenario.roster_keys import parse_named_days
from sim.text import Text


class Timed(Protocol):
    """Something from one time of the day to another."""

    @property
    def starts(self) -> int: ...
    @property
    def ends(self) -> int: ...


AnyTimed = TypeVar("AnyTimed", bound=Timed)


def unbroken(spans: Iterable[AnyTimed]) -> list[list[AnyTimed]]:
    """Spans in runs without a pause, by when they start.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> spans = [Row(starts=3, ends=4), Row(starts=0, ends=1), Row(starts=1, ends=2)]
    >>> [[span.starts for span in run] for run in unbroken(spans)]
    [[0, 1], [3]]
    """
    runs: list[list[AnyTimed]] = []
    for span in sorted(spans, key=lambda span: span.starts):
        if runs and runs[-1][-1].ends == span.starts:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def days_name(weekdays: Sequence[int], text: Text) -> str:
    """Weekdays for people, those one behind the other as a range."""
    return text("format.list").join(
        text("app.day_range", first=_day(first, text), last=_day(last, text))
        if first != last
        else _day(first, text)
        for first, last in runs_of(weekdays)
    )


def named_days(days: str, text: Text) -> str:
    """The days that a key of a roster names, for people.

    Examples
    --------
    >>> from sim.text import load_text
    >>> named_days("2025-06-15 to 2025-09-15 mon-fri", load_text("en"))
    '2025-06-15 to 2025-09-15, Monday to Friday'
    >>> named_days("mon-fri", load_text("zh")), named_days("2025-01-08", load_text("zh"))
    ('周一至周五', '2025-01-08')
    """
    named = parse_named_days(days)
    words = days_name(named.weekdays, text)
    if named.dates is None:
        return words
    first, last = named.dates.first.isoformat(), named.dates.last.isoformat()
    if first == last:
        return first
    return text("format.days_in", first=first, last=last, days=words)


def _day(weekday: int, text: Text) -> str:
    return text(f"weekday.{weekday + 1}")


def hours_name(calendar: Calendar, text: Text) -> str:
    """A calendar as its weekly hours, days of equal hours together; then periods and single days.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> [hours_name(calendar, load_text("en")) for calendar in area.calendars][:1]
    ['Monday to Friday 08:30-12:00, 14:00-17:00; Saturday 09:00-12:00']
    """
    by_days = {
        **calendar.weekly,
        **{
            f"{dates} {days}": hours
            for dates, week in calendar.periods.items()
            for days, hours in week.items()
        },
        **calendar.days,
    }
    parts = [
        text(
            "format.hours_of",
            days=named_days(days, text),
            hours=text("format.list").join(map(format_hours, hours)),
        )
        for days, hours in by_days.items()
        if hours
    ]
    return text("format.parts").join(parts)


def runs_of(weekdays: Sequence[int]) -> list[tuple[int, int]]:
    """Weekdays as ranges without gaps.

    Examples
    --------
    >>> runs_of([0, 1, 2, 5])
    [(0, 2), (5, 5)]
    """
    runs: list[tuple[int, int]] = []
    for day in weekdays:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
