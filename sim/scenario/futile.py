"""What is asked for and can never act: told with what it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sim import clock
from sim.clock import format_span
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar, hall_dates, weekly_hours
from sim.scenario.ignored import ignored_fields
from sim.scenario.node import Steps
from sim.scenario.places import MarketDays
from sim.scenario.scenario import Scenario

WALKING_KM_PER_HOUR: Final = 4.0
"""Slower than people walk."""


def futile_mechanisms(scenario: Scenario) -> Iterator[Finding]:
    """Mechanisms that nothing sets off in this run, or that something else rules out."""
    yield from ignored_fields(scenario)
    yield from _never_open(scenario)
    yield from _nobody_comes(scenario)
    yield from _never_again(scenario)
    yield from _last_tickets(scenario)
    yield from _thresholds(scenario)
    yield from _surveys(scenario)
    for terrain in scenario.places.travel.terrains if scenario.places else ():
        if terrain.km_per_hour < WALKING_KM_PER_HOUR:
            path: Steps = ("places", "travel", "terrains", terrain.id, "km_per_hour")
            yield Finding("slower_than_walking", path, f"{terrain.km_per_hour:g}", "", "warning")


def _never_open(scenario: Scenario) -> Iterator[Finding]:
    """Places and departments whose calendar or market days miss the whole run."""
    start, last = scenario.run.start, hall_dates(scenario)[-1]
    dates = [start + timedelta(days=n) for n in range((last - start).days + 1)]
    calendars = {one.id: one for one in scenario.calendars}

    known: dict[tuple[object, ...], bool] = {}

    def opens(name: str, market: MarketDays | None = None) -> bool:
        """Whether there is a day in the run; thousands of places share few calendars."""
        key = (name, *(market.key if market else ()))
        if key not in known:
            calendar = calendars[name]
            week, shut = weekly_hours(calendar), frozenset(calendar.closed)
            known[key] = any(
                clock.open_hours(week, day, calendar.holidays, shut)
                for day in dates
                if market is None or market.held_on(day)
            )
        return known[key]

    found = f"{start} – {last}"
    wanted = {flow.matter for flow in scenario.demand}
    needed = {i.department for m in scenario.matters if m.id in wanted for i in m.items}
    for department in scenario.departments:
        if department.id in needed and not opens(department.hours):
            path: Steps = ("departments", department.id, "hours")
            yield Finding("department_never_opens", path, found, "", "warning")
    for place in scenario.places.open if scenario.places else ():
        hours = place.hours or scenario.hall.hours
        if place.kind != "city_hall" and not opens(hours, place.market_days):
            way = "hours" if place.market_days is None else "market_days"
            path = ("places", "open", place.id, way)
            yield Finding("place_never_opens", path, found, "", "warning")


def _nobody_comes(scenario: Scenario) -> Iterator[Finding]:
    """Books, forwarding and home visits for matters or people that no flow brings."""
    named = scenario.matters_named()
    wanted = {flow.matter for flow in scenario.demand}
    # who is sent from department to department, or collects elsewhere, is at other matters' windows
    elsewhere = {one.own_matter for one in scenario.departments}
    elsewhere |= {one.issue.at for one in scenario.matters if one.id in wanted}
    in_person = {flow.matter for flow in scenario.demand if flow.online_share < 1}
    at_hall = in_person | elsewhere
    for book in scenario.applicants.appointments:
        path: Steps = ("applicants", "appointments", book.id)
        if book.share == 0:
            yield Finding("nobody_books", (*path, "share"), "0", "> 0", "warning")
        elif at_hall.isdisjoint(matter for name in book.serves for matter in named[name]):
            yield Finding("book_without_demand", (*path, "serves"), book.id, "", "warning")
    first = [one.id for one in scenario.applicants.classes][:1]
    come = {
        name
        for flow in scenario.demand
        for name in ([one for one, share in flow.classes.items() if share > 0] or first)
    }
    come |= {book.priority_class or "" for book in scenario.applicants.appointments}
    for place in scenario.places.open if scenario.places else ():
        path = ("places", "open", place.id)
        if place.forwards:
            accepted = {matter for name in place.accepts for matter in named[name]}
            sent = {matter for name in place.forwards for matter in named[name]} - accepted
            if (wanted | elsewhere).isdisjoint(sent):
                found = ", ".join(place.forwards)
                yield Finding("forwards_nothing", (*path, "forwards"), found, "", "warning")
        if place.home_visits and place.home_visits.classes:
            classes = place.home_visits.classes
            if come.isdisjoint(classes):
                here = (*path, "home_visits", "classes")
                yield Finding("visits_nobody", here, ", ".join(classes), "", "warning")


def _never_again(scenario: Scenario) -> Iterator[Finding]:
    """Coming again, mending papers and training that are allowed no time at all."""
    unserved, corrections = scenario.applicants.unserved, scenario.corrections
    if "returns" in unserved.model_fields_set and unserved.returns > 0 and unserved.at_most == 0:
        path: Steps = ("applicants", "unserved", "at_most")
        yield Finding("never_returns", path, f"{unserved.returns:g}", "≥ 1", "warning")
    if corrections.share > 0 and corrections.at_most == 0:
        path = ("corrections", "at_most")
        yield Finding("never_corrected", path, f"{corrections.share:g}", "≥ 1", "warning")
    training = scenario.hall.training
    if training and training.service_factor == training.correction_factor == 1:
        found = f"{training.sessions} × {training.people}"
        yield Finding("training_without_effect", ("hall", "training"), found, "", "warning")


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
