"""When people come, held against when the hall is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Final

from sim import clock
from sim.clock import DAY, SECOND, Hours
from sim.scenario.base import format_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.demand import Flow, Profile
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar, hall_dates, weekly_hours
from sim.scenario.intervals import join_hours
from sim.scenario.node import Steps
from sim.scenario.replay_checks import rows_outside_hours
from sim.scenario.scenario import Scenario

OPEN_WEEKS: Final = 50
"""Weeks a year with open days, to estimate the size of a run before it is compiled."""


def arrivals_outside_hours(scenario: Scenario) -> Iterator[Finding]:
    """Profiles and given instants that bring people while the hall is shut, and what they do then.

    A profile is held against the hours of the first open day of an ordinary week.
    """
    week = weekly_hours(hall_calendar(scenario))
    open_ = join_hours(week[min(day for day, hours in week.items() if hours)])
    in_person = [flow for flow in scenario.demand if flow.online_share < 1]
    used = {flow.profile for flow in in_person if not flow.is_given}
    for profile in scenario.profiles:
        if profile.id in used and profile.when_closed == "wait":
            yield from _of_profile(profile, open_)
    timed = [flow for flow in in_person if flow.at]
    for flow in in_person:
        if flow.arrivals_file is not None:
            yield from rows_outside_hours(scenario, flow, flow.arrivals_file)
    last = hall_dates(scenario)[-1] if timed else date.max
    for flow in timed:
        yield from _of_instants(DatedHours(hall_calendar(scenario)), flow, last)


def _of_profile(profile: Profile, open_: Sequence[Hours]) -> Iterator[Finding]:
    """People before the opening or over a break wait at the door; after closing, nobody."""
    path: Steps = ("profiles", profile.id, "shape")
    closes = open_[-1].end
    first = min(clock.parse_hours(key).start for key, weight in profile.shape.items() if weight > 0)
    shut = [Hours(first, open_[0].start), *(Hours(a.end, b.start) for a, b in pairwise(open_))]
    early = {hours: _mass(profile, hours) for hours in shut}
    come, late = _mass(profile, Hours(first, closes)), _mass(profile, Hours(closes, DAY))
    allowed = ", ".join(map(format_hours, open_))
    if sum(early.values()) > 0:
        listed = [(hours, mass / come) for hours, mass in early.items() if mass > 0]
        outside = ", ".join(f"{format_hours(hours)}: {share:.0%}" for hours, share in listed)
        yield Finding("profile_outside_hours", path, outside, allowed, "warning")
    if late > 0:
        late_share = f"{late / (come + late):.0%}"
        yield Finding("profile_after_closing", path, late_share, allowed, "warning")


def _mass(profile: Profile, within: Hours) -> float:
    """Rate times length of what lies within an interval."""
    pieces = [(clock.parse_hours(key), weight) for key, weight in profile.shape.items()]
    return sum(
        weight * max(0, min(hours.end, within.end) - max(hours.start, within.start))
        for hours, weight in pieces
    )


def _of_instants(open_: DatedHours, flow: Flow, last: date) -> Iterator[Finding]:
    """How many of a flow's given instants lie outside the run, and at a closed door."""
    path: Steps = ("demand", flow.id, "at")
    instants = flow.at or ()
    beyond = [instant for instant in instants if instant.date() > last]
    at_door = turned_away = 0
    for instant in (moment for moment in instants if moment.date() <= last):
        hours = open_.on(instant.date())
        ticks = round((instant - datetime.combine(instant.date(), time())).total_seconds() * SECOND)
        if not hours or ticks >= hours[-1].end:
            turned_away += 1
        elif not any(open_hours.start <= ticks < open_hours.end for open_hours in hours):
            at_door += 1
    for code, n in (("given_at_door", at_door), ("given_turned_away", turned_away)):
        if n:
            share = (("share", f"{n / len(instants):.0%}"), ("all", f"{len(instants):,}"))
            yield Finding(code, path, f"{n:,}", severity="warning", values=share)
    if beyond:
        share = (("share", f"{len(beyond) / len(instants):.0%}"), ("all", f"{len(instants):,}"))
        allowed = f"≤ {last}"
        yield Finding("given_after_run", path, f"{len(beyond):,}", allowed, "warning", share)


def visits_a_day(flow: Flow, open_days: int) -> float:
    """Upper bound on arrivals of one hall day, when the hall opens n days a week."""
    busiest = max([1.0, *flow.weekdays.values()]) * max([1.0, *flow.months.values()])
    if flow.per_year is not None:
        return flow.per_year / (OPEN_WEEKS * open_days)
    if flow.per_day is not None:
        return flow.per_day * busiest
    if flow.rate is not None:
        return flow.rate * 24
    if flow.every is not None:
        return DAY / max(flow.every, 1)
    return 0.0
