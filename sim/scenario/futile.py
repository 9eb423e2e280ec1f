"""What is asked for and can never act: told with what it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.clock import format_span
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar, weekly_hours
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario

WALKING_KM_PER_HOUR: Final = 4.0
"""Slower than people walk."""


def futile_mechanisms(scenario: Scenario) -> Iterator[Finding]:
    """Tickets that end before the day begins, windows that never open, surveys that never meet."""
    yield from _last_tickets(scenario)
    yield from _thresholds(scenario)
    yield from _surveys(scenario)
    for terrain in scenario.places.travel.terrains if scenario.places else ():
        if terrain.km_per_hour < WALKING_KM_PER_HOUR:
            path: Steps = ("places", "travel", "terrains", terrain.id, "km_per_hour")
            yield Finding("slower_than_walking", path, f"{terrain.km_per_hour:g}", "", "warning")


def _last_tickets(scenario: Scenario) -> Iterator[Finding]:
    days = [hours for hours in weekly_hours(hall_calendar(scenario)).values() if hours]
    shortest = min(hours[-1].end - hours[0].start for hours in days)
    if scenario.hall.last_ticket >= shortest:
        found, most = format_span(scenario.hall.last_ticket), f"< {format_span(shortest)}"
        yield Finding("no_tickets", ("hall", "last_ticket"), found, most, "warning")


def _thresholds(scenario: Scenario) -> Iterator[Finding]:
    """Reserve windows that open at more waiting than there can be."""
    limits = (scenario.hall.capacity, scenario.applicants.balk_at)
    most = min((limit for limit in limits if limit is not None), default=None)
    for layout in scenario.layouts:
        for group in layout.windows:
            rule = group.tidal
            if (
                most is None
                or rule is None
                or rule.opens_at is None
                or rule.opens_after is not None
            ):
                continue
            if rule.opens_at > most:
                path: Steps = ("layouts", layout.id, "windows", group.id, "tidal", "opens_at")
                found, at_most = str(rule.opens_at), f"≤ {most}"
                yield Finding("tidal_out_of_reach", path, found, at_most, "warning")


def _surveys(scenario: Scenario) -> Iterator[Finding]:
    """Joint surveys whose departments are never open together."""
    weeks = {one.id: weekly_hours(one) for one in scenario.calendars}
    hours = {one.id: weeks[one.hours] for one in scenario.departments}
    for matter in scenario.matters:
        for item in matter.items:
            if item.survey is None:
                continue
            names = (item.department, *item.survey.joined_by)
            if not any(
                all(any(h.start <= at < h.end for h in hours[one].get(day, ())) for one in names)
                for day in range(7)
                for at in (h.start for one in names for h in hours[one].get(day, ()))
            ):
                where: Steps = ("matters", matter.id, "items", item.id, "survey")
                yield Finding("survey_never_meets", where, ", ".join(names), "", "warning")
