"""Places that contradict the map, the roads, the law or the budget."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sim.scenario.demand import Township
from sim.scenario.fields import listed
from sim.scenario.findings import Finding
from sim.scenario.hours import outside_hours, weekly_hours, wrong_roster
from sim.scenario.node import Steps
from sim.scenario.places import Place, Places, ServicePoint
from sim.scenario.references import ring_of
from sim.scenario.scenario import Scenario

FAR_KM: Final = 50.0
"""Farther than that from all townships of its county, a point lies in another: no county of China's
densely settled half has townships so far apart, and a digit mistyped before the point is 100 km."""
EARTH_KM: Final = 6371.0088
"""Mean radius of the earth."""
CITY_HALL: Final = "city_hall"
"""What plans and results call the hall of the scenario, whatever id stands in the file."""


Coordinates: TypeAlias = "tuple[float, float]"
"""Longitude and latitude of a point, in degrees."""


def wrong_places(scenario: Scenario) -> Iterator[Finding]:
    """Everything about places that contradicts something else."""
    places = scenario.places
    if places is None:
        return
    if not scenario.applicants.townships:
        yield Finding("no_townships", ("places",), depends=("applicants",))
    path: Steps
    halls = [place for place in places.open if place.kind == "city_hall"]
    if len(halls) != 1:
        yield Finding("city_halls", ("places", "open"), str(len(halls)), "1")
    for place in places.open:
        if place.id == CITY_HALL and place.kind != "city_hall":
            yield Finding("id_of_the_hall", ("places", "open", place.id, "id"), place.id)
    yield from _townships(scenario, places)
    yield from _on_the_map(scenario, places)
    yield from _legs(scenario, places)
    for path, point in _points(places):
        yield from _staffed(scenario, path, point)
    yield from _nowhere(scenario, places)
    yield from _forwarded(scenario, places)
    siting = places.siting
    if siting is not None and siting.budget_yuan is not None:
        cost, budget = siting.station.yearly_cost, siting.budget_yuan
        if budget < cost:
            path = ("places", "siting", "budget_yuan")
            yield Finding("budget_below_point", path, f"{budget:,.0f}", f"≥ {cost:,.0f}")


def kilometres(one: Coordinates, other: Coordinates) -> float:
    """Straight line over the ground, by the haversine formula.

    Examples
    --------
    >>> round(kilometres((111.0, 34.0), (111.0, 35.0)), 1)
    111.2
    """
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


def coordinates_of(scenario: Scenario, one: Township | Place) -> Coordinates | None:
    """Where a township or place is; a place in a township is in its centre."""
    if one.lon is not None and one.lat is not None:
        return one.lon, one.lat
    if isinstance(one, Place):
        for township in scenario.applicants.townships:
            if township.id == one.township:
                return coordinates_of(scenario, township)
    return None


def county_of(scenario: Scenario, place: Place) -> str | None:
    """County of a place: its own word, else that of its township."""
    counties = {one.id: one.county for one in scenario.applicants.townships}
    return place.county or counties.get(place.township or "")


def next_hand(scenario: Scenario, point: ServicePoint) -> str | None:
    """Place that gets the papers a point sends on: by default its county's hall, else the city's.

    A new station that stands nowhere yet has no county.
    """
    assert scenario.places is not None
    if point.forwards_to is not None:
        return point.forwards_to
    halls = {place.kind: place.id for place in scenario.places.open if place.kind == "city_hall"}
    if isinstance(point, Place) and point.kind == "station":
        county = county_of(scenario, point)
        for place in scenario.places.open:
            if place.kind == "county_hall" and county_of(scenario, place) == county:
                return place.id
    return halls.get("city_hall")


def forwarded(scenario: Scenario, point: ServicePoint) -> frozenset[str]:
    """Matters whose papers a point sends on: those it forwards and does not accept."""
    named = scenario.matters_named()
    accepts, forwards = (
        {matter for name in names for matter in named.get(name, ())}
        for names in (point.accepts, point.forwards)
    )
    return frozenset(forwards - accepts)


def _forwarded(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Papers must come to a place that accepts them, and not go round in a circle."""
    senders = {
        place.id: (to,)
        for place in places.open
        if place.kind != "city_hall" and (place.forwards or place.forwards_to)
        if (to := next_hand(scenario, place)) is not None
    }
    ring = ring_of(senders)
    path: Steps
    if ring:
        path = ("places", "open", ring[0], "forwards_to")
        yield Finding("cycle_forwards", path, " → ".join(ring))
        return
    named = scenario.matters_named()
    for path, point in _points(places):
        for hall in _next_halls(scenario, places, point):
            takes = {matter for name in hall.takes_in for matter in named.get(name, ())}
            lost = sorted(forwarded(scenario, point) - takes)
            if lost and hall.kind != "city_hall":
                found = f"{listed(lost)} → {hall.id}"
                yield Finding("forwards_nowhere", (*path, "forwards"), found, depends=("matters",))


def _next_halls(scenario: Scenario, places: Places, point: ServicePoint) -> list[Place]:
    """Where a point may send papers on; a new station may be opened in any county."""
    if point.forwards_to is None and not isinstance(point, Place):
        return [place for place in places.open if place.kind == "county_hall"]
    to = next_hand(scenario, point)
    return [place for place in places.open if place.id == to]


def _points(places: Places) -> Iterator[tuple[Steps, ServicePoint]]:
    for place in places.open:
        if place.kind != "city_hall":
            yield ("places", "open", place.id), place
    if places.siting is not None:
        yield ("places", "siting", "station"), places.siting.station


def _townships(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Places need to know how many people come from where."""
    measured, by_map = _measured(places), places.travel.rule == "straight_line"
    ids = {place.id for place in places.open}
    for township in scenario.applicants.townships:
        path: Steps = ("applicants", "townships", township.id)
        if township.population == 0:
            yield Finding("no_population", (*path, "population"), "0")
        whole = measured.get(township.id, set[str]()) >= ids
        needed = places.siting is not None or (by_map and not whole)
        if township.lon is None and needed:
            yield Finding("no_coordinates", path, township.id)
    if (by_map or places.siting is not None) and not places.travel.terrains:
        yield Finding("no_terrain", ("places", "travel"), "-")


def _on_the_map(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Points far from everything else in their county."""
    towns = [
        (one.id, one.county, where)
        for one in scenario.applicants.townships
        if (where := coordinates_of(scenario, one)) is not None
    ]
    for name, county, where in towns:
        others = [there for other, its, there in towns if its == county and other != name]
        if len(others) > 1 and (away := _nearest(where, others)) > FAR_KM:
            path: Steps = ("applicants", "townships", name)
            yield _astray(path, county, away)
    for place in places.open:
        path = ("places", "open", place.id)
        county_ = county_of(scenario, place)
        if county_ is None:
            if place.kind != "city_hall" and place.township is None:
                yield Finding("place_without_county", path, place.id)
            continue
        at = next((t for t in scenario.applicants.townships if t.id == place.township), None)
        if at is not None and at.county != county_:
            yield Finding("outside_county", (*path, "county"), county_, at.county)
            continue
        near = [there for _, its, there in towns if its == county_]
        where_ = coordinates_of(scenario, place)
        if where_ is not None and near and (away := _nearest(where_, near)) > FAR_KM:
            yield _astray(path, county_, away)


def _astray(path: Steps, county: str, away: float) -> Finding:
    return Finding(
        "outside_county",
        path,
        f"{county}: {away:,.0f} km",
        f"≤ {FAR_KM:.0f} km",
        depends=("applicants",),
    )


def _nearest(where: Coordinates, others: Sequence[Coordinates]) -> float:
    return min(kilometres(where, other) for other in others)


def _measured(places: Places) -> Mapping[str, set[str]]:
    """Township -> places that its people have a measured way to."""
    found: dict[str, set[str]] = {}
    for leg in places.travel.legs:
        found.setdefault(leg.township, set()).add(leg.place)
    return found


def _legs(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Ways measured twice, under `matrix` ways that nobody measured, and a table out of reach."""
    seen = set[tuple[str, str]]()
    for n, leg in enumerate(places.travel.legs):
        if (leg.township, leg.place) in seen:
            path: Steps = ("places", "travel", "legs", n)
            yield Finding("duplicate_leg", path, f"{leg.township} → {leg.place}")
        seen.add((leg.township, leg.place))
    table = places.travel.legs_file
    if table is not None:  # where a file is read it has become legs
        yield Finding("legs_file_unavailable", ("places", "travel", "legs_file"), table)
        return
    for place in places.open if places.travel.rule == "matrix" else ():
        catchment = place.catchment
        missing = [
            town.id
            for town in scenario.applicants.townships
            if (town.id, place.id) not in seen and (not catchment or town.county in catchment)
        ]
        if missing:
            path, found = ("places", "travel", "legs"), f"{listed(missing)} → {place.id}"
            yield Finding("missing_leg", path, found, depends=("applicants", "places"))


def _staffed(scenario: Scenario, path: Steps, point: ServicePoint) -> Iterator[Finding]:
    """Somebody must be there, at hours when it is open."""
    roster = (*path, "clerks")
    yield from wrong_roster(roster, point.clerks)
    if not any(point.clerks.values()):
        yield Finding("no_clerks", roster, "0")
    hours = point.hours or scenario.hall.hours
    for calendar in scenario.calendars:
        if calendar.id == hours:
            week = weekly_hours(calendar)
            yield from outside_hours("roster_outside_hours", roster, point.clerks, week)


def _nowhere(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Matters that people of some county come for, and that no place may take in for them."""
    named = scenario.matters_named()
    if not all(name in named for place in places.open for name in place.takes_in):
        return  # told already: the name that is unknown may be the one that is missed
    wanted = {flow.matter for flow in scenario.demand if flow.online_share < 1}
    counties = list(dict.fromkeys(one.county for one in scenario.applicants.townships)) or [""]
    for matter in scenario.matters:
        takers = [
            place
            for place in places.open
            if place.kind == "city_hall" or any(matter.id in named[n] for n in place.takes_in)
        ]
        lost = [c for c in counties if not any(_takes_from(place, c) for place in takers)]
        if matter.id in wanted and lost:
            found = f"{matter.id} ({listed(lost)})" if takers else matter.id
            depends = ("matters", "demand", "applicants")
            yield Finding("matter_nowhere", ("places", "open"), found, depends=depends)


def _takes_from(place: Place, county: str) -> bool:
    return not place.catchment or county in place.catchment
