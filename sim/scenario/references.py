"""References that lead nowhere, and names that lead to two things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sim.scenario.base import Block
from sim.scenario.fields import Known
from sim.scenario.findings import Finding
from sim.scenario.hall import Layout
from sim.scenario.node import Steps
from sim.scenario.places import Places, ServicePoint
from sim.scenario.scenario import Scenario


def duplicate_ids(scenario: Scenario) -> Iterator[Finding]:
    """Ids that two entries of one list have."""
    lists: list[tuple[Steps, Sequence[Block]]] = [
        (("calendars",), scenario.calendars),
        (("departments",), scenario.departments),
        (("matters",), scenario.matters),
        (("profiles",), scenario.profiles),
        (("demand",), scenario.demand),
        (("layouts",), scenario.layouts),
        (("applicants", "classes"), scenario.applicants.classes),
        (("applicants", "townships"), scenario.applicants.townships),
        (("applicants", "appointments"), scenario.applicants.appointments),
        (("targets", "promises"), scenario.targets.promises),
        (("hall", "outages"), scenario.hall.outages),
        (("rostering", "shifts"), scenario.rostering.shifts if scenario.rostering else ()),
        (
            ("rostering", "staff", "shift_limits"),
            scenario.rostering.staff.shift_limits if scenario.rostering else (),
        ),
        *_place_lists(scenario),
        (("initial", "waiting"), scenario.initial.waiting if scenario.initial else ()),
        (("initial", "backlog"), scenario.initial.backlog if scenario.initial else ()),
        *((("matters", matter.id, "items"), matter.items) for matter in scenario.matters),
        *((("layouts", layout.id, "windows"), layout.windows) for layout in scenario.layouts),
    ]
    for path, blocks in lists:
        seen = set[str]()
        for index, block in enumerate(blocks):
            name = str(getattr(block, "id", None) or "")  # promises need none
            if name and name in seen:
                yield Finding("duplicate_id", (*path, index, "id"), name)
            seen.add(name)


def _unknown(code: str, path: Steps, name: str, ids: Known, section: str) -> Iterator[Finding]:
    if name not in ids:
        near = ids.near(name)
        yield Finding(code, path, name, ids.words, values=near, depends=(section,))


def unknown_references(scenario: Scenario) -> Iterator[Finding]:
    """References to what is not defined."""
    calendars = Known(calendar.id for calendar in scenario.calendars)
    departments = Known(department.id for department in scenario.departments)
    matters = Known(matter.id for matter in scenario.matters)
    yield from _unknown(
        "unknown_calendar", ("hall", "hours"), scenario.hall.hours, calendars, "calendars"
    )
    for department in scenario.departments:
        path: Steps = ("departments", department.id, "hours")
        yield from _unknown("unknown_calendar", path, department.hours, calendars, "calendars")
        if department.own_matter is not None:
            path, name = ("departments", department.id, "own_matter"), department.own_matter
            yield from _unknown("unknown_matter", path, name, matters, "matters")
    if scenario.online is not None:
        path, name = ("online", "department"), scenario.online.department
        yield from _unknown("unknown_department", path, name, departments, "departments")
    yield from _of_matters(scenario, departments, matters)
    yield from _of_flows(scenario)
    names = list(scenario.matters_named())
    if any(matter.lead and matter.lead not in departments for matter in scenario.matters):
        names += departments.names  # reported once, at the lead, and not again at every window
    named = Known(names)
    yield from _of_books(scenario, named)
    yield from _of_promises(scenario, departments, named)
    yield from _of_shift_limits(scenario)
    if scenario.places is not None:
        yield from _of_places(scenario, scenario.places, calendars, named)
    for layout in scenario.layouts:
        yield from _of_layout(layout, named, matters, departments)
    lists = Known(group.list_id for layout in scenario.layouts for group in layout.windows)
    for outage in scenario.hall.outages:
        for n, name in enumerate(outage.lists):
            path = ("hall", "outages", outage.id, "lists", n)
            yield from _unknown("unknown_list", path, name, lists, "layouts")


def _of_matters(scenario: Scenario, departments: Known, matters: Known) -> Iterator[Finding]:
    for matter in scenario.matters:
        path: Steps = ("matters", matter.id)
        if matter.lead is not None:
            place = (*path, "lead")
            yield from _unknown(
                "unknown_department", place, matter.lead, departments, "departments"
            )
        if matter.issue.at is not None:
            place = (*path, "issue", "at")
            yield from _unknown("unknown_matter", place, matter.issue.at, matters, "matters")
        for name in matter.also:
            yield from _unknown("unknown_matter", (*path, "also", name), name, matters, "matters")
        items = Known(item.id for item in matter.items)
        for item in matter.items:
            here = (*path, "items", item.id)
            name = item.department
            yield from _unknown(
                "unknown_department", (*here, "department"), name, departments, "departments"
            )
            for n, department in enumerate(item.survey.joined_by if item.survey else ()):
                place = (*here, "survey", "joined_by", n)
                yield from _unknown(
                    "unknown_department", place, department, departments, "departments"
                )
            for n, before in enumerate(item.after):
                yield from _unknown("unknown_item", (*here, "after", n), before, items, "matters")


def _of_flows(scenario: Scenario) -> Iterator[Finding]:
    profiles = Known(profile.id for profile in scenario.profiles)
    matters = Known(matter.id for matter in scenario.matters)
    classes = Known(class_.id for class_ in scenario.applicants.classes)
    for flow in scenario.demand:
        path: Steps = ("demand", flow.id)
        yield from _unknown("unknown_matter", (*path, "matter"), flow.matter, matters, "matters")
        if flow.profile is not None:
            place = (*path, "profile")
            yield from _unknown("unknown_profile", place, flow.profile, profiles, "profiles")
        for name in flow.classes:
            place = (*path, "classes", name)
            yield from _unknown("unknown_class", place, name, classes, "applicants")


def _of_books(scenario: Scenario, named: Known) -> Iterator[Finding]:
    classes = Known(class_.id for class_ in scenario.applicants.classes)
    for book in scenario.applicants.appointments:
        path: Steps = ("applicants", "appointments", book.id)
        for n, name in enumerate(book.serves):
            yield from _unknown("unknown_matter", (*path, "serves", n), name, named, "matters")
        if book.priority_class is not None:
            place, name = (*path, "priority_class"), book.priority_class
            yield from _unknown("unknown_class", place, name, classes, "applicants")


def _of_shift_limits(scenario: Scenario) -> Iterator[Finding]:
    if scenario.rostering is None:
        return
    shifts = Known(shift.id for shift in scenario.rostering.shifts)
    for limit in scenario.rostering.staff.shift_limits:
        path: Steps = ("rostering", "staff", "shift_limits", limit.id, "shifts")
        for n, name in enumerate(limit.shifts):
            yield from _unknown("unknown_shift", (*path, n), name, shifts, "rostering")


def _of_promises(scenario: Scenario, departments: Known, named: Known) -> Iterator[Finding]:
    classes = Known(class_.id for class_ in scenario.applicants.classes)
    groups = Known(group.id for layout in scenario.layouts for group in layout.windows)
    for number, promise in enumerate(scenario.targets.promises):
        for field, code, defined, section in (
            ("groups", "unknown_group", groups, "layouts"),
            ("matters", "unknown_matter", named, "matters"),
            ("classes", "unknown_class", classes, "applicants"),
            ("departments", "unknown_department", departments, "departments"),
        ):
            for n, name in enumerate(getattr(promise, field)):
                path: Steps = ("targets", "promises", number, field, n)
                yield from _unknown(code, path, name, defined, section)
    for n, name in enumerate(scenario.targets.constant_over_day):
        here: Steps = ("targets", "constant_over_day", n)
        yield from _unknown("unknown_group", here, name, groups, "layouts")


def _place_lists(scenario: Scenario) -> Iterator[tuple[Steps, Sequence[Block]]]:
    if scenario.places is not None:
        yield ("places", "open"), scenario.places.open
        yield ("places", "travel", "terrains"), scenario.places.travel.terrains


def _of_places(
    scenario: Scenario, places: Places, calendars: Known, named: Known
) -> Iterator[Finding]:
    townships = Known(township.id for township in scenario.applicants.townships)
    counties = Known(township.county for township in scenario.applicants.townships)
    terrains = Known(terrain.id for terrain in places.travel.terrains)
    classes = Known(class_.id for class_ in scenario.applicants.classes)
    ids = Known(place.id for place in places.open)
    point = _Nameable(calendars, named, ids, classes)
    for place in places.open:
        path: Steps = ("places", "open", place.id)
        yield from _of_point(place, path, point)
        for code, field, referable, section in (
            ("unknown_township", "township", townships, "applicants"),
            ("unknown_county", "county", counties, "applicants"),
            ("unknown_terrain", "terrain", terrains, "places"),
        ):
            name = getattr(place, field)
            if name is not None:
                yield from _unknown(code, (*path, field), name, referable, section)
        for n, name in enumerate(place.catchment):
            yield from _unknown(
                "unknown_county", (*path, "catchment", n), name, counties, "applicants"
            )
    for township in scenario.applicants.townships:
        if township.terrain is not None:
            path = ("applicants", "townships", township.id, "terrain")
            yield from _unknown("unknown_terrain", path, township.terrain, terrains, "places")
    for n, leg in enumerate(places.travel.legs):
        path = ("places", "travel", "legs", n)
        here = (*path, "township")
        yield from _unknown("unknown_township", here, leg.township, townships, "applicants")
        yield from _unknown("unknown_place", (*path, "place"), leg.place, ids, "places")
    for name in places.choice.shares:
        path = ("places", "choice", "shares", name)
        yield from _unknown("unknown_place", path, name, ids, "places")
    if places.siting is not None:
        path = ("places", "siting")
        yield from _of_point(places.siting.station, (*path, "station"), point)
        for n, name in enumerate(places.siting.townships):
            place_ = (*path, "townships", n)
            yield from _unknown("unknown_township", place_, name, townships, "applicants")


class _Nameable(NamedTuple):
    """What a place may name."""

    calendars: Known
    named: Known
    places: Known
    classes: Known


def _of_point(point: ServicePoint, path: Steps, nameable: _Nameable) -> Iterator[Finding]:
    if point.hours is not None:
        here = (*path, "hours")
        yield from _unknown("unknown_calendar", here, point.hours, nameable.calendars, "calendars")
    for field, names in (("accepts", point.accepts), ("forwards", point.forwards)):
        for n, name in enumerate(names):
            here = (*path, field, n)
            yield from _unknown("unknown_matter", here, name, nameable.named, "matters")
    if point.forwards_to is not None:
        here = (*path, "forwards_to")
        yield from _unknown("unknown_place", here, point.forwards_to, nameable.places, "places")
    for n, name in enumerate(point.home_visits.classes if point.home_visits else ()):
        here = (*path, "home_visits", "classes", n)
        yield from _unknown("unknown_class", here, name, nameable.classes, "applicants")


def _of_layout(
    layout: Layout, named: Known, matters: Known, departments: Known
) -> Iterator[Finding]:
    lists = Known(group.list_id for group in layout.windows)
    groups = Known(group.id for group in layout.windows)
    for group in layout.windows:
        path: Steps = ("layouts", layout.id, "windows", group.id)
        for n, name in enumerate(group.serves):
            yield from _unknown("unknown_matter", (*path, "serves", n), name, named, "matters")
        for name in group.service_laws:
            place = (*path, "service_laws", name)
            yield from _unknown("unknown_matter", place, name, matters, "matters")
        for n, name in enumerate(group.helps):
            yield from _unknown("unknown_list", (*path, "helps", n), name, lists, "layouts")
        if group.reviews_for is not None:
            place, name = (*path, "reviews_for"), group.reviews_for
            yield from _unknown("unknown_department", place, name, departments, "departments")
        if group.tidal is not None and group.tidal.pool is not None:
            place = (*path, "tidal", "pool")
            yield from _unknown("unknown_pool", place, group.tidal.pool, groups, "layouts")
    for name in layout.routing.shares:
        place = ("layouts", layout.id, "routing", "shares", name)
        yield from _unknown("unknown_list", place, name, lists, "layouts")
    for name in layout.quota.tickets if layout.quota else ():
        place = ("layouts", layout.id, "quota", "tickets", name)
        yield from _unknown("unknown_list", place, name, lists, "layouts")


def ambiguous_names(scenario: Scenario) -> Iterator[Finding]:
    """`serves` must mean one thing: matters, groups and departments share one space of names."""
    departments = {department.id for department in scenario.departments}
    groups = {group for matter in scenario.matters for group in matter.groups}
    for matter in scenario.matters:
        if matter.id in departments | groups:
            yield Finding("ambiguous_name", ("matters", matter.id, "id"), matter.id)
        for n, group in enumerate(matter.groups):
            if group in departments:
                yield Finding("ambiguous_name", ("matters", matter.id, "groups", n), group)


def ring_of(after: Mapping[str, Sequence[str]]) -> list[str]:
    """One ring of a directed graph, first node repeated at the end; empty when there is none.

    Examples
    --------
    >>> ring_of({"a": ["b"], "b": ["c"], "c": ["b"]}), ring_of({"a": ["b"], "b": []})
    (['b', 'c', 'b'], [])
    """
    done: set[str] = set()
    for first in after:
        trail, waiting = dict[str, None](), [(first, iter(after[first]))]
        while waiting:
            node, neighbours = waiting[-1]
            trail.setdefault(node)
            below = next((neighbour for neighbour in neighbours if neighbour not in done), None)
            if below is None:
                done.add(node)
                trail.pop(node)
                waiting.pop()
            elif below in trail:
                ring = list(trail)
                return [*ring[ring.index(below) :], below]
            else:
                waiting.append((below, iter(after.get(below, ()))))
    return []
