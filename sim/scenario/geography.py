"""Places that contradict the map, the roads, the law or the budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sim.scenario.dated_hours import DatedHours
from sim.scenario.demand import Township
from sim.scenario.fields import join_names
from sim.scenario.findings import Finding
from sim.scenario.node import Steps
from sim.scenario.places import Place, Places, ServicePoint
from sim.scenario.references import ring_of
from sim.scenario.roster_checks import outside_hours, wrong_roster
from sim.scenario.scenario import Scenario

FAR_KM: Final = 50.0
"""Farther than that from all townships of its county, a point lies in another: no county of China's
densely settled half has townships so far apart, and a digit mistyped before the point is 100 km."""
EARTH_KM: Final = 6371.0088
"""Mean radius of the earth."""
CITY_HALL: Final = "city_hall"
"""What plans and results call the hall of the scenario, whatever id stands in the file."""


WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 18.0, 54.0
"""Degrees between which China lies, its islands in the far south left aside."""
POLE: Final = 90.0
"""Degrees of latitude of the poles."""
OF_CHINA: Final = frozenset(
    {
        *("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin"),
        *("Asia/Kashgar", "Asia/Hong_Kong", "Asia/Macau", "Asia/Macao", "Asia/Taipei"),
        *("PRC", "Hongkong", "ROC"),
    }
)
"""Time zones of halls whose townships and places lie in China."""


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


def kilometres(start: Coordinates, end: Coordinates) -> float:
    """Straight line over the ground, by the haversine formula.

    Examples
    --------
    >>> round(kilometres((111.0, 34.0), (111.0, 35.0)), 1)
    111.2
    """
    lon1, lat1, lon2, lat2 = map(math.radians, (*start, *end))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))


def coordinates_of(scenario: Scenario, spot: Township | Place) -> Coordinates | None:
    """Where a township or place is; a place in a township is in its centre."""
    if spot.lon is not None and spot.lat is not None:
        return spot.lon, spot.lat
    if isinstance(spot, Place):
        for township in scenario.applicants.townships:
            if township.id == spot.township:
                return coordinates_of(scenario, township)
    return None


class Hands:
    """Who gets the papers that places send on, and which."""

    def __init__(self, scenario: Scenario) -> None:
        assert scenario.places is not None
        self._named = scenario.matters_named()
        self._counties = {
            township.id: township.county for township in reversed(scenario.applicants.townships)
        }
        places = scenario.places.open
        self._city = next(
            (place.id for place in reversed(places) if place.kind == "city_hall"), None
        )
        self._halls: dict[str | None, str] = {}
        for place in places:
            if place.kind == "county_hall":
                self._halls.setdefault(self.county(place), place.id)

    def county(self, place: Place) -> str | None:
        """County of a place: its own word, else that of its township."""
        return place.county or self._counties.get(place.township or "")

    def next(self, point: ServicePoint) -> str | None:
        """Place that gets the papers a point sends on: by default its county's hall.

        Without one it is the city's. A new station that stands nowhere yet has no county.
        """
        if point.forwards_to is not None:
            return point.forwards_to
        if isinstance(point, Place) and point.kind == "station":
            return self._halls.get(self.county(point), self._city)
        return self._city

    def sent_on(self, point: ServicePoint) -> frozenset[str]:
        """Matters whose papers a point sends on: those it forwards and does not accept."""
        return frozenset(self.named(point.forwards) - self.named(point.accepts))

    def named(self, names: Iterable[str]) -> set[str]:
        """Matters behind names of matters, groups and departments."""
        return {matter for name in names for matter in self._named.get(name, ())}


def forwarded(scenario: Scenario, point: ServicePoint) -> frozenset[str]:
    """Matters whose papers a point sends on: those it forwards and does not accept."""
    return Hands(scenario).sent_on(point)


def _forwarded(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Papers must come to a place that accepts them, and not go round in a circle."""
    hands = Hands(scenario)
    senders = {
        place.id: (to,)
        for place in places.open
        if place.kind != "city_hall" and (place.forwards or place.forwards_to)
        if (to := hands.next(place)) is not None
    }
    ring = ring_of(senders)
    path: Steps
    if ring:
        path = ("places", "open", ring[0], "forwards_to")
        yield Finding("cycle_forwards", path, " → ".join(ring))
        return
    ids: dict[str, list[Place]] = {}
    for place in places.open:
        ids.setdefault(place.id, []).append(place)
    takes = dict[str, set[str]]()
    for path, point in _points(places):
        sent = hands.sent_on(point) if point.forwards else frozenset()
        if not sent:
            continue
        for hall in _next_halls(places, point, ids.get(hands.next(point) or "", [])):
            if hall.kind == "city_hall":
                continue
            if hall.id not in takes:
                takes[hall.id] = hands.named(hall.takes_in)
            lost = sorted(sent - takes[hall.id])
            if lost:
                lost_matters = f"{join_names(lost)} → {hall.id}"
                yield Finding(
                    "forwards_nowhere", (*path, "forwards"), lost_matters, depends=("matters",)
                )


def _next_halls(places: Places, point: ServicePoint, next_: list[Place]) -> list[Place]:
    """Where a point may send papers on; a new station may be opened in any county."""
    if point.forwards_to is None and not isinstance(point, Place):
        return [place for place in places.open if place.kind == "county_hall"]
    return next_


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


CELL: Final = 0.3
"""Degrees of a cell of the map: whoever is in one cell is nearer than `FAR_KM`, at any latitude."""


class _CellMap:
    """Where the townships of one county are, by cells, so that neighbours are found at once."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[str, Coordinates]]] = {}

    def add(self, name: str, where: Coordinates) -> None:
        """One more township."""
        self._cells.setdefault(self._cell(where), []).append((name, where))

    def away(self, where: Coordinates, name: str = "") -> float:
        """Distance to the nearest of another name; 0 where one is near.

        Of two townships that are far apart nobody can tell which is astray: for one, named, it is 0
        where there are no two others.
        """
        column, row = self._cell(where)
        # as far as somebody can be near: degrees of longitude are half as long in the far north
        for cell in ((column + x, row + y) for x in range(-4, 5) for y in range(-2, 3)):
            for neighbour, coordinates in self._cells.get(cell, ()):
                if neighbour != name and kilometres(where, coordinates) <= FAR_KM:
                    return 0.0
        others = [
            spot for cell in self._cells.values() for other_name, spot in cell if other_name != name
        ]
        if name and len(others) < 2:
            return 0.0
        # cells are narrow near the poles, and end at 180 degrees
        nearest = min(kilometres(where, spot) for spot in others)
        return nearest if nearest > FAR_KM else 0.0

    @staticmethod
    def _cell(where: Coordinates) -> tuple[int, int]:
        return math.floor(where[0] / CELL), math.floor(where[1] / CELL)


def wrong_coordinates(scenario: Scenario) -> Iterator[Finding]:
    """Points of a hall by a Chinese clock that lie elsewhere, most often a digit mistyped.

    By another clock they lie anywhere on the globe.
    """
    in_china = scenario.hall.time_zone in OF_CHINA
    townships, places = scenario.applicants.townships, scenario.places
    spots: list[tuple[Steps, Township | Place]] = [
        (("applicants", "townships", township.id), township) for township in townships
    ]
    spots += [(("places", "open", place.id), place) for place in (places.open if places else ())]
    for path, spot in spots:
        lon, lat = spot.lon, spot.lat
        if lon is None or lat is None:
            continue
        if in_china and not _is_in_china(lon, lat):
            code = "swapped_coordinates" if _is_in_china(lat, lon) else "outside_china"
            allowed = f"lon {WEST:g} – {EAST:g}, lat {SOUTH:g} – {NORTH:g}"
        elif abs(lat) > POLE:
            code, allowed = "beyond_globe", f"lon -180 – 180, lat -{POLE:g} – {POLE:g}"
        else:
            continue
        yield Finding(code, path, f"lon {lon:g}, lat {lat:g}", allowed, depends=("hall",))


def _is_in_china(lon: float, lat: float) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _on_the_map(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Points far from everything else in their county."""
    towns, maps, hands = dict[str, Township](), dict[str, _CellMap](), Hands(scenario)
    wrong = {finding.path for finding in wrong_coordinates(scenario)}
    for town in scenario.applicants.townships:
        towns.setdefault(town.id, town)
        if ("applicants", "townships", town.id) in wrong:
            continue
        if (where := coordinates_of(scenario, town)) is not None:
            maps.setdefault(town.county, _CellMap()).add(town.id, where)
    for town in scenario.applicants.townships:
        where = coordinates_of(scenario, town)
        path: Steps = ("applicants", "townships", town.id)
        if where is None or path in wrong:
            continue
        if (away := maps[town.county].away(where, town.id)) > 0:
            yield _astray(path, town.county, away)
    for place in places.open:
        path = ("places", "open", place.id)
        county = hands.county(place)
        if county is None:
            if place.kind != "city_hall" and place.township is None:
                yield Finding("place_without_county", path, place.id)
            continue
        at = towns.get(place.township or "")
        if at is not None and at.county != county:
            yield Finding("outside_county", (*path, "county"), county, at.county)
            continue
        if {path, ("applicants", "townships", place.township)} & wrong:
            continue
        where = coordinates_of(scenario, place if at is None else at)
        if where is not None and county in maps and (away := maps[county].away(where)) > 0:
            yield _astray(path, county, away)


def _astray(path: Steps, county: str, away: float) -> Finding:
    return Finding(
        "outside_county",
        path,
        f"{county}: {away:,.0f} km",
        f"≤ {FAR_KM:.0f} km",
        depends=("applicants",),
    )


def _measured(places: Places) -> Mapping[str, set[str]]:
    """Township -> places that its people have a measured way to."""
    places_of: dict[str, set[str]] = {}
    for leg in places.travel.legs:
        places_of.setdefault(leg.township, set()).add(leg.place)
    return places_of


def _legs(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Ways measured twice, and under `matrix` ways that nobody measured."""
    seen = set[tuple[str, str]]()
    for n, leg in enumerate(places.travel.legs):
        if (leg.township, leg.place) in seen:
            path: Steps = ("places", "travel", "legs", n)
            yield Finding("duplicate_leg", path, f"{leg.township} → {leg.place}")
        seen.add((leg.township, leg.place))
    if places.travel.legs_file is not None:  # it is among those that are out of reach
        return
    for place in places.open if places.travel.rule == "matrix" else ():
        catchment = place.catchment
        missing = [
            town.id
            for town in scenario.applicants.townships
            if (town.id, place.id) not in seen and (not catchment or town.county in catchment)
        ]
        if missing:
            path, missing_legs = ("places", "travel", "legs"), f"{join_names(missing)} → {place.id}"
            yield Finding("missing_leg", path, missing_legs, depends=("applicants", "places"))


def _staffed(scenario: Scenario, path: Steps, point: ServicePoint) -> Iterator[Finding]:
    """Somebody must be there, at hours when it is open."""
    roster = (*path, "clerks")
    yield from wrong_roster(roster, point.clerks)
    if not any(point.clerks.values()):
        yield Finding("no_clerks", roster, "0")
    hours = point.hours or scenario.hall.hours
    for calendar in scenario.calendars:
        if calendar.id == hours:
            open_ = DatedHours(calendar)
            yield from outside_hours("roster_outside_hours", roster, point.clerks, open_)


def _nowhere(scenario: Scenario, places: Places) -> Iterator[Finding]:
    """Matters that people of some county come for, and that no place may take in for them."""
    named = scenario.matters_named()
    if not all(name in named for place in places.open for name in place.takes_in):
        return  # reported already: the name that is unknown may be the one that is missed
    demanded = scenario.matters_demanded(in_person=True)
    counties = list(
        dict.fromkeys(township.county for township in scenario.applicants.townships)
    ) or [""]
    reached = _Reached(counties, places)
    for matter in scenario.matters:
        names = dict.fromkeys((EVERYTHING, *matter.names))
        lost = reached.lost(names) if matter.id in demanded else []
        if lost:
            stranded = f"{matter.id} ({join_names(lost)})" if reached.anywhere(names) else matter.id
            depends = ("matters", "demand", "applicants")
            yield Finding("matter_nowhere", ("places", "open"), stranded, depends=depends)


EVERYTHING: Final = ""
"""Stands for what the city hall accepts; no id is empty."""


class _Reached:
    """From which counties people reach a place for a name of matters."""

    def __init__(self, counties: Sequence[str], places: Places) -> None:
        self._counties = counties
        self._from: dict[str, set[str]] = {}
        self._everywhere: set[str] = set()
        for place in places.open:
            for name in [EVERYTHING] if place.kind == "city_hall" else place.takes_in:
                self._from.setdefault(name, set()).update(place.catchment)
                if not place.catchment:
                    self._everywhere.add(name)

    def lost(self, names: Iterable[str]) -> list[str]:
        """Counties from which nobody reaches a place for any of these names."""
        if not self._everywhere.isdisjoint(names):
            return []
        near = set[str]().union(*(self._from.get(name, ()) for name in names))
        return [county for county in self._counties if county not in near]

    def anywhere(self, names: Iterable[str]) -> bool:
        """Whether any place takes one of these names in."""
        return any(name in self._from for name in names)
