"""Settings that can never act, each reported with what it leads to."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sim import clock
from sim.clock import DAY, HOUR, format_span
from sim.scenario.breaks import idle_breaks
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import DayRosters, hours_above, weeks_of
from sim.scenario.findings import Finding
from sim.scenario.geography import EARTH_KM, kilometres
from sim.scenario.hall import WindowGroup
from sim.scenario.hours import OpenDays, calendar_of, hall_calendar, hall_dates
from sim.scenario.ignored import ignored_fields
from sim.scenario.matters import Department
from sim.scenario.node import Steps
from sim.scenario.places import Place, Places
from sim.scenario.roster_keys import is_dated, parse_roster_key
from sim.scenario.scenario import Scenario
from sim.scenario.traits import (
    all_traits,
    booking_flows,
    classes_that_come,
    never_booking,
    overruled_traits,
)

WALKING_KM_PER_HOUR: Final = 4.0
"""Slower than people walk."""


def futile_mechanisms(scenario: Scenario) -> Iterator[Finding]:
    """Mechanisms that nothing sets off in this run, or that something else rules out."""
    yield from ignored_fields(scenario)
    days = OpenDays(scenario)
    yield from _never_open(scenario, days)
    yield from _nobody_comes(scenario)
    yield from _reviewing_clerks(scenario)
    yield from overruled_traits(scenario)
    yield from never_booking(scenario)
    yield from _never_again(scenario)
    yield from _last_tickets(scenario)
    yield from idle_breaks(scenario)
    yield from _thresholds(scenario)
    yield from _large_parties(scenario)
    yield from _long_waits(scenario)
    yield from _helpers(scenario)
    yield from _surveys(scenario)
    if scenario.places is not None:
        yield from _couriers(scenario, scenario.places, days)
        yield from _visits(scenario, scenario.places)
        yield from _walking(scenario.places)


def _never_open(scenario: Scenario, days: OpenDays) -> Iterator[Finding]:
    """Places and departments whose calendar or market days miss the whole run."""
    run = f"{scenario.run.start} – {hall_dates(scenario)[-1]}"
    demanded = scenario.matters_demanded()
    needed = {i.department for m in scenario.matters if m.id in demanded for i in m.items}
    for department in scenario.departments:
        if department.id in needed and not _reviews_some_day(scenario, department, days):
            path: Steps = ("departments", department.id, "hours")
            yield Finding("department_never_opens", path, run, "", "warning")
    for place in scenario.places.open if scenario.places else ():
        hours = place.hours or scenario.hall.hours
        if place.kind != "city_hall" and not days.of(hours, place.market_days):
            way = "hours" if place.market_days is None else "market_days"
            path = ("places", "open", place.id, way)
            yield Finding("place_never_opens", path, run, "", "warning")


def _reviews_some_day(scenario: Scenario, department: Department, days: OpenDays) -> bool:
    """Whether somebody reviews there on a day of the run."""
    open_ = DatedHours(calendar_of(scenario, department.hours))
    roster = DayRosters(department.reviewers, weeks_of(scenario))
    return any(hours_above(open_, roster, 0, day) for day in days.of(department.hours))


def _reviewing_clerks(scenario: Scenario) -> Iterator[Finding]:
    """Clerks who review for a department that has no work in this run."""
    demanded = {flow.matter for flow in scenario.demand}
    needed = {i.department for m in scenario.matters if m.id in demanded for i in m.items}
    for layout in scenario.layouts:
        for group in layout.windows:
            if group.reviews_for is not None and group.reviews_for not in needed:
                path = ("layouts", layout.id, "windows", group.id, "reviews_for")
                yield Finding("reviews_nothing", path, group.reviews_for, "", "warning")


def _nobody_comes(scenario: Scenario) -> Iterator[Finding]:
    """Books, forwarding and home visits for matters or people that no flow brings."""
    named = scenario.matters_named()
    demanded = scenario.matters_demanded()
    # people sent from department to department, or who collect elsewhere, use other windows
    elsewhere = {department.own_matter for department in scenario.departments}
    elsewhere |= {matter.issue.at for matter in scenario.matters if matter.id in demanded}
    elsewhere |= {
        name for matter in scenario.matters if matter.id in demanded for name in matter.also
    }
    in_person = scenario.matters_demanded(in_person=True)
    at_hall = in_person | elsewhere
    for book in scenario.applicants.appointments:
        path: Steps = ("applicants", "appointments", book.id)
        if book.share == 0 and not booking_flows(scenario, (book,)):
            yield Finding("nobody_books", (*path, "share"), "0", "> 0", "warning")
        elif at_hall.isdisjoint(matter for name in book.serves for matter in named[name]):
            yield Finding("book_without_demand", (*path, "serves"), book.id, "", "warning")
    come = classes_that_come(scenario)
    for class_ in scenario.applicants.classes:
        if class_.id not in come:
            here: Steps = ("applicants", "classes", class_.id)
            yield Finding("class_never_comes", here, class_.id, "", "warning")
    for place in scenario.places.open if scenario.places else ():
        path = ("places", "open", place.id)
        if place.forwards:
            accepted = {matter for name in place.accepts for matter in named[name]}
            sent = {matter for name in place.forwards for matter in named[name]} - accepted
            if (demanded | elsewhere).isdisjoint(sent):
                places = ", ".join(place.forwards)
                yield Finding("forwards_nothing", (*path, "forwards"), places, "", "warning")
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
        amount = f"{training.sessions} × {training.people}"
        yield Finding("training_without_effect", ("hall", "training"), amount, "", "warning")


def _last_tickets(scenario: Scenario) -> Iterator[Finding]:
    days = DatedHours(hall_calendar(scenario)).of_days()
    shortest = min(hours[-1].end - hours[0].start for hours in days)
    last, path = scenario.hall.last_ticket, ("hall", "last_ticket")
    if last >= shortest:
        yield Finding(
            "no_tickets", path, format_span(last), f"< {format_span(shortest)}", "warning"
        )
        return
    open_ = {calendar.id: DatedHours(calendar) for calendar in scenario.calendars}
    for place in scenario.places.open if scenario.places else ():
        if place.kind == "city_hall" or place.hours is None:
            continue
        hours = open_[place.hours].of_days()
        longest = max(day[-1].end - day[0].start for day in hours)
        if last >= longest:
            here: Steps = ("places", "open", place.id, "hours")
            lasts, least = format_span(longest), f"> {format_span(last)}"
            yield Finding("place_without_tickets", here, lasts, least, "warning")


def _thresholds(scenario: Scenario) -> Iterator[Finding]:
    """Reserve windows that open at more waiting than there can be."""
    limits = all_traits("balk_at", scenario)
    longest = None if None in limits else max(limits, default=None)
    most = min((x for x in (scenario.hall.capacity, longest) if x is not None), default=None)
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
                threshold, at_most = str(rule.opens_at), f"≤ {most}"
                yield Finding("tidal_out_of_reach", path, threshold, at_most, "warning")


def _large_parties(scenario: Scenario) -> Iterator[Finding]:
    """More people together than the hall holds: there is never room for them."""
    capacity = scenario.hall.capacity
    beside = [companions or {} for companions in all_traits("companions", scenario)]
    largest = 1 + max((n for shares in beside for n, share in shares.items() if share), default=0)
    if capacity is not None and largest > capacity:
        path: Steps = ("hall", "capacity")
        yield Finding("party_too_large", path, str(capacity), f"≥ {largest}", "warning")


def _long_waits(scenario: Scenario) -> Iterator[Finding]:
    """Spans as long as the hall is open: waits that set off a rule, and setting up a window."""
    days = DatedHours(hall_calendar(scenario)).of_days()
    if any(hours[-1].end == DAY for hours in days):  # a wait may go on past midnight
        return
    longest = max(hours[-1].end - hours[0].start for hours in days)
    for layout in scenario.layouts:
        calling, path = layout.calling, ("layouts", layout.id)
        spans: list[tuple[str, Steps, int | None]] = []
        if calling.rule in ("priority", "alternation", "longest_list"):
            spans.append(("wait_out_of_reach", (*path, "calling", "ageing"), calling.ageing))
        if calling.rule == "own_first":
            spans.append(
                ("wait_out_of_reach", (*path, "calling", "help_after"), calling.help_after)
            )
        for group in layout.windows:
            if group.tidal is None:
                continue
            tidal = (*path, "windows", group.id, "tidal")
            spans.append(("setup_too_long", (*tidal, "setup"), group.tidal.setup))
            if group.tidal.opens_at is None:
                after = (*tidal, "opens_after")
                spans.append(("wait_out_of_reach", after, group.tidal.opens_after))
        for code, where, span in spans:
            if span is not None and span >= longest:
                most = f"< {format_span(longest)}"
                yield Finding(code, where, format_span(span), most, "warning")


def _helpers(scenario: Scenario) -> Iterator[Finding]:
    """Own lists first where nobody helps; reserve windows whose pool is never there with them."""
    open_ = DatedHours(hall_calendar(scenario))
    week = {
        weekday: tuple(span for hours in open_.of_weekday(weekday) for span in hours)
        for weekday in range(len(clock.WEEKDAYS))
    }
    for layout in scenario.layouts:
        path: Steps = ("layouts", layout.id)
        rule, chooses = layout.calling.rule, ("own_first", "alternation", "longest_list")
        if rule in chooses and not any(group.helps for group in layout.windows):
            yield Finding("nobody_helps", (*path, "calling", "rule"), rule, "", "warning")
        for group in layout.windows:
            if group.tidal is None or not any(group.clerks.values()):
                continue
            for pool in layout.windows:
                is_pool = pool.id == group.tidal.pool
                if layout.clerks_file is not None:
                    continue  # a weekday may have many
                if is_pool and not _meet(week, group, pool, group.tidal.keep):
                    here = (*path, "windows", group.id, "tidal", "pool")
                    yield Finding("pool_absent", here, pool.id, "", "warning")


def _meet(
    week: dict[int, tuple[clock.Hours, ...]], reserve: WindowGroup, pool: WindowGroup, keep: int
) -> bool:
    """Whether there is a time at which the pool can spare somebody for a reserve window.

    Of rosters by date it is not asked: a weekday may have many.
    """
    if is_dated(reserve.clerks) or is_dated(pool.clerks):
        return True
    duties = [
        [
            (key.days.weekdays, key.hours, clerks)
            for text, clerks in group.clerks.items()
            for key in [parse_roster_key(text)]
            if clerks > least
        ]
        for group, least in ((reserve, 0), (pool, keep))
    ]
    return any(
        max(reserve_hours.start, spare.start, open_.start)
        < min(reserve_hours.end, spare.end, open_.end)
        for days, reserve_hours, _ in duties[0]
        for spare_days, spare, _ in duties[1]
        for day in {*days} & {*spare_days}
        for open_ in week.get(day, ())
    )


def _couriers(scenario: Scenario, places: Places, days: OpenDays) -> Iterator[Finding]:
    """Couriers who bring nothing before the run is over."""
    end = hall_dates(scenario)[-1] + timedelta(days=1)
    for place in places.open:
        hours = days.of(place.hours or scenario.hall.hours, place.market_days)
        if place.courier is None or not hours or place.kind == "city_hall":
            continue
        first = next(iter(hours))
        rounds = [
            (day - first).days * DAY + at
            for day in list(hours)[:2]
            for at in place.courier.leaves
            if day > first or at >= hours[first][0].start
        ]
        if not rounds or min(rounds) + place.courier.takes >= (end - first).days * DAY:
            here: Steps = ("places", "open", place.id, "courier")
            takes = format_span(place.courier.takes)
            yield Finding("courier_after_run", here, takes, "", "warning")


def _visits(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Home visits that reach nobody: even as the crow flies and at the highest speed."""
    towns = sorted(
        (town.lat, town.lon, town.county)
        for town in scenario.applicants.townships
        if town.lon is not None and town.lat is not None
    )
    latitudes = [latitude for latitude, *_ in towns]
    travel = places.travel
    speed = max((terrain.km_per_hour for terrain in travel.terrains), default=0.0)
    straightest = min((terrain.road_factor for terrain in travel.terrains), default=1.0)
    nearest: dict[str, int] = {}
    for leg in travel.legs:
        nearest[leg.place] = min(leg.takes, nearest.get(leg.place, leg.takes))

    def reaches(place: Place, within: int) -> bool:
        if nearest.get(place.id, within + 1) <= within:
            return True
        km = (speed * within / HOUR - travel.local_km) / straightest
        if place.lon is None or place.lat is None or km < 0:
            return km >= 0  # from the centre of its township it is no way at all
        degrees = math.degrees(km / EARTH_KM)
        start = bisect_left(latitudes, place.lat - degrees)
        stop = bisect_right(latitudes, place.lat + degrees)
        return any(
            kilometres((place.lon, place.lat), (lon, lat)) <= km
            for lat, lon, county in towns[start:stop]
            if not place.catchment or county in place.catchment
        )

    for place in places.open:
        visits = place.home_visits
        if visits is not None and towns and not reaches(place, visits.within):
            here: Steps = ("places", "open", place.id, "home_visits", "within")
            yield Finding("visits_out_of_reach", here, format_span(visits.within), "", "warning")


def _walking(places: Places) -> Iterator[Finding]:
    for terrain in places.travel.terrains:
        if terrain.km_per_hour < WALKING_KM_PER_HOUR:
            path: Steps = ("places", "travel", "terrains", terrain.id, "km_per_hour")
            yield Finding("slower_than_walking", path, f"{terrain.km_per_hour:g}", "", "warning")


def _surveys(scenario: Scenario) -> Iterator[Finding]:
    """Joint surveys whose departments are never open together."""
    weeks = {
        calendar.id: {
            weekday: [span for hours in DatedHours(calendar).of_weekday(weekday) for span in hours]
            for weekday in range(len(clock.WEEKDAYS))
        }
        for calendar in scenario.calendars
    }
    hours = {department.id: weeks[department.hours] for department in scenario.departments}
    for matter in scenario.matters:
        for item in matter.items:
            if item.survey is None:
                continue
            names = (item.department, *item.survey.joined_by)
            if not any(
                all(any(h.start <= at < h.end for h in hours[name].get(day, ())) for name in names)
                for day in range(7)
                for at in (h.start for name in names for h in hours[name].get(day, ()))
            ):
                where: Steps = ("matters", matter.id, "items", item.id, "survey")
                yield Finding("survey_never_meets", where, ", ".join(names), "", "warning")
