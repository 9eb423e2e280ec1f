"""Shifts and rules for people that contradict each other or the hall, and those without effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim import clock
from sim.clock import MINUTE, Hours, format_span
from sim.scenario.base import format_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar
from sim.scenario.intervals import join_hours
from sim.scenario.node import Steps
from sim.scenario.rostering import NamedShift, Rostering, hours_worked
from sim.scenario.scenario import Scenario

PATH: Final[Steps] = ("rostering",)
SHORTEST_STEP: Final = 5 * MINUTE
"""Between two starts: at shorter ones shifts are the same to everybody, and too many."""
OF_HOURS: Final = ("starts_each", "hours", "part_time", "lunch", "split")
"""Fields of shifts that are made of the hall's hours; a list of shifts takes their place."""


def wrong_rostering(scenario: Scenario) -> Iterator[Finding]:
    """Hours and rules that nobody could work by."""
    rules = scenario.rostering
    if rules is None:
        return
    yield from _lengths(rules)
    if rules.starts_each < SHORTEST_STEP:
        allowed = f"≥ {format_span(SHORTEST_STEP)}"
        path = (*PATH, "starts_each")
        yield Finding("too_small", path, format_span(rules.starts_each), allowed)
    lunch = rules.lunch
    if lunch is not None and not 0 < lunch.length <= lunch.between.end - lunch.between.start:
        here = (*PATH, "lunch", "length")
        yield Finding(
            "lunch_too_long", here, format_span(lunch.length), format_hours(lunch.between)
        )
    staff = rules.staff
    if staff.absence > 0 and (staff.absence == 1 or staff.short_at_most == 0):
        field, value = ("absence", "1") if staff.absence == 1 else ("short_at_most", "0")
        yield Finding("reserve_endless", (*PATH, "staff", field), value)
    for limit in staff.shift_limits:
        if (limit.during is None) == (not limit.shifts):
            yield Finding("limit_of_what", (*PATH, "staff", "shift_limits", limit.id), limit.id)
    yield from _listed_shifts(scenario, rules)


def _lengths(rules: Rostering) -> Iterator[Finding]:
    """Shifts that cannot be so long and so short, or that no contract holds."""
    contract = rules.staff.contract
    if contract == 0:
        yield Finding("too_small", (*PATH, "staff", "contract"), format_span(0))
    for field, hours in (("hours", rules.hours), ("part_time", rules.part_time)):
        if hours is None:
            continue
        path = (*PATH, field)
        if hours.at_most < max(hours.at_least, 1):
            length, allowed = format_span(hours.at_most), f"≥ {format_span(hours.at_least)}"
            yield Finding("shift_lengths", (*path, "at_most"), length, allowed)
        elif field == "hours" and hours.at_least > contract > 0 and not rules.shifts:
            length, allowed = format_span(hours.at_least), f"≤ {format_span(contract)}"
            yield Finding("shift_beyond_contract", (*path, "at_least"), length, allowed)


def _listed_shifts(scenario: Scenario, rules: Rostering) -> Iterator[Finding]:
    """Shifts outside the hall's hours, and shifts longer than everybody's week."""
    is_calendar = scenario.hall.hours in {calendar.id for calendar in scenario.calendars}
    hours_of = DatedHours(hall_calendar(scenario)) if is_calendar else None
    for n, shift in enumerate(rules.shifts):
        path = (*PATH, "shifts", shift.id or n)
        for weekday in clock.parse_days(shift.days):
            hours_there = hours_of.of_weekday(weekday) if hours_of is not None else []
            every = [join_hours(hours) for hours in hours_there]
            outsides = [_outside(shift, open_, rules.setup) for open_ in every]
            if every and all(outsides) and (outside := outsides[0]):
                open_ = every[0]
                hours = ", ".join(map(format_hours, open_))
                allowed = f"{clock.WEEKDAYS[weekday]} {hours} ± {format_span(rules.setup)}"
                piece_outside = format_hours(outside)
                depends = ("calendars", "hall")
                yield Finding(
                    "shift_outside_hours",
                    (*path, "pieces"),
                    piece_outside,
                    allowed,
                    depends=depends,
                )
                break
        worked = hours_worked(shift.pieces)
        if worked > rules.staff.contract > 0:
            allowed = f"≤ {format_span(rules.staff.contract)}"
            length = format_span(worked)
            yield Finding("shift_beyond_contract", (*path, "pieces"), length, allowed)


def _outside(shift: NamedShift, open_: Sequence[Hours], setup: int) -> Hours | None:
    """The first hours of a shift in which nobody is let in, nor sets up or clears away."""
    first, last = open_[0].start - setup, open_[-1].end + setup
    return next((piece for piece in shift.pieces if piece.start < first or piece.end > last), None)


def idle_rostering(scenario: Scenario) -> Iterator[Finding]:
    """Fields that a list of shifts rules out, shifts that nobody ever works, hours without any."""
    rules = scenario.rostering
    if rules is None:
        return
    staff = rules.staff
    if staff.contract_over == "roster" and "weekend_off" in staff.model_fields_set:
        path, together = (*PATH, "staff", "weekend_off"), (("beside", "contract_over: roster"),)
        yield Finding("ignored_field", path, "weekend_off", "", "warning", together)
    if not rules.shifts:
        return
    beside = (("beside", "shifts"),)
    for field in OF_HOURS:
        if field in rules.model_fields_set and getattr(rules, field):
            yield Finding("ignored_field", (*PATH, field), field, "", "warning", beside)
    hours_of = DatedHours(hall_calendar(scenario))
    week = {day: hours_of.of_weekday(day) for day in range(len(clock.WEEKDAYS))}
    for shift in rules.shifts:
        if not any(week.get(day) for day in clock.parse_days(shift.days)):
            path = (*PATH, "shifts", shift.id, "days")
            yield Finding("shift_when_shut", path, shift.days, "", "warning")
    for day, every in sorted(week.items()):
        pieces = [
            piece
            for shift in rules.shifts
            if day in clock.parse_days(shift.days)
            for piece in shift.pieces
        ]
        covered = join_hours(sorted(pieces))
        for span in (span for hours in every for span in join_hours(hours)):
            gap = _first_gap(span, covered)
            if gap is not None:
                gap_words = f"{clock.WEEKDAYS[day]} {format_hours(gap)}"
                yield Finding("hour_without_shift", (*PATH, "shifts"), gap_words, "", "warning")
                return


def _first_gap(hours: Hours, covered: Sequence[Hours]) -> Hours | None:
    """The first part of an opening in which no shift is on duty."""
    reached = hours.start
    for piece in covered:
        if piece.start > reached:
            return Hours(reached, min(piece.start, hours.end)) if reached < hours.end else None
        reached = max(reached, piece.end)
    return Hours(reached, hours.end) if reached < hours.end else None
