"""When the hall and other places are open: days of the run, hours in which tickets are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY, Hours
from sim.plan.columns import integers, offsets_of
from sim.plan.plan import Period
from sim.scenario.dated_hours import DatedHours
from sim.scenario.hall import Hall
from sim.scenario.hours import calendar_of
from sim.scenario.places import ServicePoint
from sim.scenario.scenario import Scenario

FromTo = tuple[int, int]
"""From one instant to before another."""


class HallDay(NamedTuple):
    """One day of the run on which the hall opens."""

    n: int
    weekday: int
    """Weekday whose roster holds: Monday's on a make-up day."""
    hours: tuple[Hours, ...]
    closes: int
    """Instant the hall closes for the day; -1 when it stays open through the night."""
    date: date
    part: str = ""
    """Key of the period, or single date, of the calendar whose hours it has; empty = ordinary."""


def compile_opening(
    days_of: Sequence[Sequence[HallDay]], n_days: int, hall: Hall
) -> dict[str, Any]:
    """The fields of `HallPlan` about when places give tickets and close."""
    hours_of = [hours for days in days_of for hours in _tickets(days, n_days, hall)]
    return {
        "ticket_offsets": offsets_of([len(hours) for hours in hours_of]),
        "ticket_opens": integers(start for hours in hours_of for start, _ in hours),
        "ticket_closes": integers(end for hours in hours_of for _, end in hours),
        "day_closes": np.array([_day_closes(days, n_days) for days in days_of]),
    }


def hall_days(scenario: Scenario, period: Period) -> list[HallDay]:
    """Days of the run on which the hall opens."""
    return _days(scenario, period, scenario.hall.hours)


def place_days(scenario: Scenario, period: Period, place: ServicePoint) -> list[HallDay]:
    """Days of the run on which a place opens."""
    days = _days(scenario, period, place.hours or scenario.hall.hours)
    markets, start = place.market_days, scenario.run.start
    if markets is None:
        return days
    return [day for day in days if markets.held_on(start + timedelta(days=day.n))]


def _days(scenario: Scenario, period: Period, hours_id: str) -> list[HallDay]:
    open_, days = DatedHours(calendar_of(scenario, hours_id)), list[HallDay]()
    for n in range(period.n_days):
        day = scenario.run.start + timedelta(days=n)
        hours = open_.on(day)
        if hours:
            closes, weekday = n * DAY + hours[-1].end, open_.weekday_on(day)
            days.append(HallDay(n, weekday, hours, closes, day, open_.part_on(day)))
    opens = {day.n * DAY + day.hours[0].start for day in days}
    return [day._replace(closes=-1) if day.closes in opens else day for day in days]


def ticket_hours(day: HallDay, hall: Hall) -> list[FromTo]:
    """When tickets are given on one day."""
    hours = [(day.n * DAY + h.start, day.n * DAY + h.end) for h in day.hours]
    opens = [start for start, _ in hours[1:]]
    if hall.last_ticket_before_break > 0:
        # intervals that touch have no break between them
        hours = [
            (start, end - hall.last_ticket_before_break * (n < len(opens) and end < opens[n]))
            for n, (start, end) in enumerate(hours)
        ]
    if day.closes >= 0:
        hours = [(start, min(end, day.closes - hall.last_ticket)) for start, end in hours]
    return [(start, end) for start, end in hours if start < end]


def _tickets(days: Sequence[HallDay], n_days: int, hall: Hall) -> list[list[FromTo]]:
    """Ticket hours of a place on each day of the run."""
    by_day = {day.n: ticket_hours(day, hall) for day in days}
    return [by_day.get(n, []) for n in range(n_days)]


def _day_closes(days: Sequence[HallDay], n_days: int) -> Ints:
    closes = np.full(n_days, -1, dtype=np.int64)
    for day in days:
        closes[day.n] = day.closes
    return closes
