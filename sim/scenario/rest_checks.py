"""Paid breaks inside shifts that cannot be taken, or that no shift has (轮休)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from sim import clock
from sim.clock import MINUTE, Hours, format_span
from sim.scenario.base import format_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar
from sim.scenario.intervals import is_inside, join_hours
from sim.scenario.node import Steps
from sim.scenario.rostering import NamedShift, Rest, Rostering
from sim.scenario.scenario import Scenario

PATH: Final[Steps] = ("rostering",)
SHORTEST_REST: Final = 5 * MINUTE
"""Of shorter ones a window is not empty before whoever serves there is back."""


def wrong_rests(scenario: Scenario) -> Iterator[Finding]:
    """Rests that do not fit into their hours, or into any shift, and rests at one time."""
    rules = scenario.rostering
    if rules is None:
        return
    is_calendar = scenario.hall.hours in {calendar.id for calendar in scenario.calendars}
    openings = _openings(scenario) if is_calendar else {}
    yield from _of_list((*PATH, "rests"), rules.rests)
    for shift in rules.shifts:
        path = (*PATH, "shifts", shift.id, "rests")
        yield from _of_list(path, shift.rests or ())
        yield from _outside(path, shift, openings)
    yield from _of_nobody(rules, openings)
    lunch = rules.lunch
    if lunch is not None and not rules.shifts:
        for n, rest in enumerate(rules.rests):
            if _overlap(rest.between, lunch.between):
                both = f"{format_hours(rest.between)}, {format_hours(lunch.between)}"
                yield Finding("rest_at_lunch", (*PATH, "rests", n, "between"), both)


def _openings(scenario: Scenario) -> dict[int, list[Hours]]:
    """Hours in which the hall is open, of each weekday, dates and periods together."""
    hours_of = DatedHours(hall_calendar(scenario))
    return {
        weekday: [span for hours in hours_of.of_weekday(weekday) for span in join_hours(hours)]
        for weekday in range(len(clock.WEEKDAYS))
    }


def _of_list(path: Steps, rests: Sequence[Rest]) -> Iterator[Finding]:
    """Of one shift: how long they are, and whether two of them may be at one time."""
    for n, rest in enumerate(rests):
        window = rest.between.end - rest.between.start
        if rest.length % MINUTE or not SHORTEST_REST <= rest.length <= window:
            yield Finding("rest_length", (*path, n, "length"), format_span(rest.length))
    for (_, before), (n, after) in combinations(enumerate(rests), 2):
        if _overlap(before.between, after.between):
            both = f"{format_hours(before.between)}, {format_hours(after.between)}"
            yield Finding("rests_overlap", (*path, n, "between"), both)


def _overlap(first: Hours, second: Hours) -> bool:
    return first.start < second.end and second.start < first.end


def _outside(path: Steps, shift: NamedShift, openings: dict[int, list[Hours]]) -> Iterator[Finding]:
    """Rests of a listed shift in whose hours it is not always on duty, or the hall is shut."""
    pieces = join_hours(shift.pieces)
    for n, rest in enumerate(shift.rests or ()):
        days = [openings[day] for day in clock.parse_days(shift.days) if openings.get(day)]
        is_open = not days or any(is_inside(rest.between, hours) for hours in days)
        if not is_inside(rest.between, pieces) or not is_open:
            allowed = ", ".join(map(format_hours, shift.pieces))
            rest_hours = format_hours(rest.between)
            depends = ("calendars", "hall")
            at = (*path, n, "between")
            yield Finding("rest_outside_shift", at, rest_hours, allowed, depends=depends)


def _of_nobody(rules: Rostering, openings: dict[int, list[Hours]]) -> Iterator[Finding]:
    """Rests of all shifts that no shift has."""
    days = [hours for hours in openings.values() if hours]
    others = [join_hours(shift.pieces) for shift in rules.shifts if shift.rests is None]
    longest = max(each.at_most for each in (rules.hours, rules.part_time) if each)
    for n, rest in enumerate(rules.rests):
        if rules.shifts:
            fits = any(is_inside(rest.between, pieces) for pieces in others)
        else:
            fits = rest.between.end - rest.between.start <= longest
        is_open = not days or any(is_inside(rest.between, hours) for hours in days)
        if not fits or not is_open:
            path, rest_hours = (*PATH, "rests", n, "between"), format_hours(rest.between)
            depends = () if is_open else ("calendars", "hall")
            yield Finding("rest_of_nobody", path, rest_hours, depends=depends)
