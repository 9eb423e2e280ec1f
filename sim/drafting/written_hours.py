"""Opening hours as a scenario has them: calendars, rosters, and when its run begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sim.drafting.cells import clock_words
from sim.drafting.opening import MON_TO_FRI, WEEKEND, ClockSpans, DraftedWeek, OpenHours

ORDINARY_START: Final = date(2026, 3, 2)
WARMUP_DAYS, MEASURED_DAYS = 10, 20
"""Open days of a run."""


def hours_words(begin: int, end: int) -> str:
    """An interval of the clock, of minutes after midnight.

    Examples
    --------
    >>> hours_words(510, 720)
    '08:30-12:00'
    """
    return f"{clock_words(begin)}-{clock_words(end)}"


def run_start(hours: OpenHours) -> date:
    """The run's first day: before hours change, so that half of its measured days have each.

    Examples
    --------
    >>> run_start(OpenHours(DraftedWeek(((),) * 7), (), ""))
    datetime.date(2026, 3, 2)
    """
    if not hours.periods:
        return ORDINARY_START
    day, n_before = hours.periods[0].first, WARMUP_DAYS + MEASURED_DAYS // 2
    while n_before:
        day -= timedelta(days=1)
        n_before -= bool(hours.week.days[day.weekday()])
    return day


def calendar_hours(hours: OpenHours, days: Sequence[int]) -> dict[str, Any]:
    """Hours of some weekdays, ordinarily and in periods, as a calendar has them.

    Examples
    --------
    >>> week = DraftedWeek((((540, 720),),) * 6 + ((),))
    >>> calendar_hours(OpenHours(week, (), ""), range(7))["weekly"]
    {'mon-fri': ['09:00-12:00'], 'sat': ['09:00-12:00']}
    """
    part: dict[str, Any] = {"weekly": _weekly(hours.week, days)}
    if hours.periods:
        part["periods"] = {
            each.key: _weekly(each.week, days) or {"mon-sun": []} for each in hours.periods
        }
    return part


def _weekly(week: DraftedWeek, days: Sequence[int]) -> dict[str, list[str]]:
    """Workdays that are alike together, each day of a weekend by itself; none that is shut."""
    runs = [*week.alike([day for day in days if day in MON_TO_FRI])]
    runs += [run for day in days if day in WEEKEND for run in week.alike((day,))]
    return {names: [hours_words(*span) for span in spans] for names, spans in runs if spans}


def roster_of(hours: OpenHours, clerks: Sequence[int], weekend: int) -> dict[str, int]:
    """A line for each run of half hours with as many clerks, and one for each of the weekend's
    intervals; those of periods say also when nobody is there, as ordinary ones hold else.

    Parameters
    ----------
    clerks
        In each of `hours.slots`.
    weekend
        Clerks on each of `hours.weekend`.

    Examples
    --------
    >>> week = DraftedWeek((((540, 600),),) * 6 + ((),))
    >>> roster_of(OpenHours(week, (), ""), [2, 3], 1)
    {'mon-fri 09:00-09:30': 2, 'mon-fri 09:30-10:00': 3, 'sat 09:00-10:00': 1}
    """
    roster = {key: n for key, n in _lines(hours, hours.week, clerks, weekend) if n}
    for period in hours.periods:
        lines = _lines(hours, period.week, clerks, weekend)
        roster |= {f"{period.key} {key}": n for key, n in lines}
    return roster


def _lines(
    hours: OpenHours, week: DraftedWeek, clerks: Sequence[int], weekend: int
) -> Iterator[tuple[str, int]]:
    for days, spans in week.alike(hours.by_slot):
        for begin, end, n in _staffed(spans, hours.slots, clerks):
            yield f"{days} {hours_words(begin, end)}", n
    for day in hours.weekend:
        for days, spans in week.alike((day,)):
            yield from ((f"{days} {hours_words(*span)}", weekend) for span in spans)


def _staffed(
    spans: ClockSpans, slots: ClockSpans, clerks: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Where clerks of half hours are on duty in some hours: begin, end and number of each run."""
    runs: list[tuple[int, int, int]] = []
    for start, until in spans:
        for (begin, end), n in zip(slots, clerks, strict=True):
            first, last = max(begin, start), min(end, until)
            if first >= last:
                continue
            if runs and runs[-1][1:] == (first, n):
                runs[-1] = (runs[-1][0], last, n)
            else:
                runs.append((first, last, n))
    yield from runs
