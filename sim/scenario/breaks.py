"""Breaks that are ruled in two ways, that no day has, or before which there is no ticket at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.clock import format_span
from sim.scenario.dated_hours import DatedHours
from sim.scenario.findings import Finding
from sim.scenario.hall import WindowGroup
from sim.scenario.hours import calendar_of
from sim.scenario.node import Steps
from sim.scenario.scenario import Scenario


def wrong_breaks(scenario: Scenario) -> Iterator[Finding]:
    """Windows of one list whose people do different things when a break begins."""
    for layout in scenario.layouts:
        first: dict[str, WindowGroup] = {}
        for group in layout.windows:
            before = first.setdefault(group.list_id, group)
            rule, rule_before = (of.break_rule(scenario.hall) for of in (group, before))
            if rule != rule_before:
                path: Steps = ("layouts", layout.id, "windows", group.id)
                path = (*path, "at_break") if group.at_break else path
                values = (("list", group.list_id), ("group", before.id))
                yield Finding("breaks_differ", path, rule, rule_before, "error", values, ("hall",))


def idle_breaks(scenario: Scenario) -> Iterator[Finding]:
    """Rules of breaks where no day has one; breaks before which no ticket is given."""
    hall, path = scenario.hall, ("hall", "last_ticket_before_break")
    places = scenario.places.open if scenario.places else ()
    used = {hall.hours, *(place.hours or hall.hours for place in places)}
    before = {name: _before_breaks(scenario, name) for name in used}
    rules: list[tuple[Steps, str]] = []
    if not any(before.values()):
        if hall.at_break != "wait":
            rules.append((("hall", "at_break"), hall.at_break))
        if hall.last_ticket_before_break > 0:
            rules.append((path, format_span(hall.last_ticket_before_break)))
    if not before[hall.hours]:
        rules += [
            (("layouts", layout.id, "windows", group.id, "at_break"), group.at_break)
            for layout in scenario.layouts
            for group in layout.windows
            if group.at_break not in {None, hall.at_break}
        ]
    for where, rule in rules:
        yield Finding("no_break", where, rule, "", "warning")
    shortest = min((ticks for spans in before.values() for ticks in spans), default=None)
    if shortest is not None and hall.last_ticket_before_break >= shortest:
        span, most = format_span(hall.last_ticket_before_break), f"< {format_span(shortest)}"
        yield Finding("no_tickets_before_break", path, span, most, "warning")


def _before_breaks(scenario: Scenario, calendar_id: str) -> list[int]:
    """Ticks for which a calendar is open before each break of any of its days."""
    return [
        before.end - before.start
        for hours in DatedHours(calendar_of(scenario, calendar_id)).of_days()
        for before, after in pairwise(hours)
        if before.end < after.start
    ]
