"""The ways from townships to places: minutes, kilometres, money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.clock import MINUTE
from sim.scenario.base import Bilingual
from sim.scenario.demand import Township
from sim.scenario.geography import EARTH_KM, Coordinates, coordinates_of
from sim.scenario.places import Place, Terrain, Travel
from sim.scenario.scenario import Scenario

NO_ROADS: Final = Terrain(id="none", name=Bilingual(zh="-", en="-"), road_factor=1, km_per_hour=1)
"""Where every way is measured, nobody asks what roads are like."""


class Spots(NamedTuple):
    """Points on the map and the roads around them.

    Attributes
    ----------
    lon, lat : ndarray, shape (n,)
        Degrees; nan = unknown.
    road_factor : ndarray, shape (n,)
        Length of the road over the straight line.
    km_per_hour : ndarray, shape (n,)
        Speed.
    """

    lon: Floats
    lat: Floats
    road_factor: Floats
    km_per_hour: Floats


class Ways(NamedTuple):
    """One way, from each township (rows) to each place (columns).

    Attributes
    ----------
    minutes : ndarray, shape (townships, places)
        `inf` = no way.
    km : ndarray, shape (townships, places)
        `inf` = no way.
    yuan : ndarray, shape (townships, places)
        Fare.
    """

    minutes: Floats
    km: Floats
    yuan: Floats


def straight_km(starts: Spots, ends: Spots) -> Floats:
    """Straight lines over the ground from each spot to each other one, by the haversine formula.

    Examples
    --------
    >>> here = Spots(*np.array([[111.0], [34.0], [1.3], [45.0]]))
    >>> there = Spots(*np.array([[111.0, 111.0], [34.0, 35.0], [1.3, 1.3], [45.0, 45.0]]))
    >>> straight_km(here, there).round(1).tolist()
    [[0.0, 111.2]]
    """
    lon1, lat1, lon2, lat2 = map(np.radians, (starts.lon, starts.lat, ends.lon, ends.lat))
    half = np.sin((lat2[None, :] - lat1[:, None]) / 2) ** 2
    across = np.sin((lon2[None, :] - lon1[:, None]) / 2) ** 2
    half = half + np.cos(lat1)[:, None] * np.cos(lat2)[None, :] * across
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def road_ways(homes: Spots, places: Spots, local_km: float = 0.0) -> tuple[Floats, Floats]:
    """Minutes and kilometres by road: the straight line times a factor, at a speed.

    The road is that of both ends: its factor is the mean of theirs, and half of it is gone at the
    speed of each. So the way back is as long as the way out.

    Parameters
    ----------
    homes, places : Spots
        Where people live, and where they go.
    local_km : float
        From home to the centre of the own township, at its speed, added to each way.

    Returns
    -------
    minutes, km : ndarray, shape (homes, places)

    Examples
    --------
    One degree north, on roads like those of the plain at one end and of the mountains at the other:

    >>> valley = Spots(*np.array([[111.0], [35.0], [1.3], [45.0]]))
    >>> ridge = Spots(*np.array([[111.0], [34.0], [1.6], [30.0]]))
    >>> minutes, km = road_ways(ridge, valley)
    >>> round(float(km[0, 0]), 1), round(float(minutes[0, 0]))
    (161.2, 269)
    """
    factor = (homes.road_factor[:, None] + places.road_factor[None, :]) / 2
    road = straight_km(homes, places) * factor
    pace = 60 / homes.km_per_hour[:, None] + 60 / places.km_per_hour[None, :]
    minutes = road * pace / 2 + local_km * 60 / homes.km_per_hour[:, None]
    return minutes, road + local_km


def fares(km: Floats, per_km: float, least: float) -> Floats:
    """Yuan for one way: by the kilometre, but no less than the lowest fare; a way of 0 km is free.

    Examples
    --------
    >>> fares(np.array([0.0, 3.0, 75.0]), per_km=0.25, least=2).tolist()
    [0.0, 2.0, 18.75]
    """
    return np.where(km > 0, np.maximum(km * per_km, least), 0.0)


def trip_cost(ways: Ways, value_of_time: float) -> Floats:
    """Yuan that a trip out and back costs a resident: fares, and the worth of the time.

    Parameters
    ----------
    value_of_time : float
        Yuan an hour.

    Examples
    --------
    150 km and 5 hours in all, at 0.25 yuan a kilometre and 11 yuan an hour:

    >>> way = Ways(np.array([[150.0]]), np.array([[75.0]]), np.array([[18.75]]))
    >>> trip_cost(way, value_of_time=11).tolist()
    [[92.5]]
    """
    return np.asarray(2 * (ways.yuan + ways.minutes / 60 * value_of_time))


def ways_to_places(scenario: Scenario) -> Ways:
    """Ways from each township to each open place, in the order of the scenario.

    Straight lines and roads where nothing is measured; measured legs as they are. A place that
    takes nobody from a county is `inf` away from it.

    Raises
    ------
    ValueError
        If the scenario has no places.
    """
    places = scenario.places
    if places is None:
        raise ValueError("scenario: found no places; allowed is one with 'places:'; add them")
    homes = scenario.applicants.townships
    minutes, km = _roads(scenario, homes, places.open)
    if places.travel.rule == "matrix":
        minutes, km = np.full_like(minutes, np.inf), np.full_like(km, np.inf)
    rows = {town.id: n for n, town in enumerate(homes)}
    columns = {place.id: n for n, place in enumerate(places.open)}
    for leg in places.travel.legs:
        at = rows[leg.township], columns[leg.place]
        minutes[at], km[at] = leg.takes / MINUTE, leg.km
    counties = np.array([town.county for town in homes])
    for column, place in enumerate(places.open):
        if place.catchment:
            shut = ~np.isin(counties, place.catchment)
            minutes[shut, column] = km[shut, column] = np.inf
    return _priced(minutes, km, places.travel)


def ways_to_townships(scenario: Scenario) -> Ways:
    """Ways from each township to each that may get a new station, in the order of the scenario.

    Nobody has measured them: they are always computed from coordinates.

    Raises
    ------
    ValueError
        If the scenario has no places.
    """
    places = scenario.places
    if places is None:
        raise ValueError("scenario: found no places; allowed is one with 'places:'; add them")
    homes = scenario.applicants.townships
    return _priced(*_roads(scenario, homes, candidates(scenario)), places.travel)


def candidates(scenario: Scenario) -> Sequence[Township]:
    """Townships that may get a new station; all of them unless the scenario names some."""
    siting = scenario.places.siting if scenario.places is not None else None
    named = siting.townships if siting is not None else ()
    return [town for town in scenario.applicants.townships if not named or town.id in named]


def _roads(
    scenario: Scenario, homes: Sequence[Township], ends: Sequence[Township | Place]
) -> tuple[Floats, Floats]:
    assert scenario.places is not None
    start, end = spots(scenario, homes), spots(scenario, ends)
    minutes, km = road_ways(start, end, scenario.places.travel.local_km)
    unknown = np.isnan(km)
    return np.where(unknown, np.inf, minutes), np.where(unknown, np.inf, km)


def _priced(minutes: Floats, km: Floats, travel: Travel) -> Ways:
    return Ways(minutes, km, fares(km, travel.fare_yuan_per_km, travel.least_fare_yuan))


def spots(scenario: Scenario, points: Sequence[Township | Place]) -> Spots:
    """Where townships or places are, with the roads around them."""
    ground = _Ground(scenario)
    where = [ground.coordinates(point) or (np.nan, np.nan) for point in points]
    roads = [ground.terrain(point) for point in points]
    lon, lat = np.array(where, dtype=np.float64).reshape(-1, 2).T
    return Spots(
        lon,
        lat,
        np.array([road.road_factor for road in roads], dtype=np.float64),
        np.array([road.km_per_hour for road in roads], dtype=np.float64),
    )


class _Ground:
    """The townships of an area by id and on the map, so that no point looks through all of them."""

    def __init__(self, scenario: Scenario) -> None:
        assert scenario.places is not None
        towns = scenario.applicants.townships
        self._scenario = scenario
        self._by_id = {town.id: town for town in reversed(towns)}
        self._terrains = {terrain.id: terrain for terrain in scenario.places.travel.terrains}
        on_map = [(town, at) for town in towns if (at := coordinates_of(scenario, town))]
        self._on_map = [town for town, _ in on_map]
        self._spots = _bare([at for _, at in on_map])

    def coordinates(self, point: Township | Place) -> Coordinates | None:
        """Where a point is: its own word, else the centre of its township."""
        if point.lon is None and isinstance(point, Place):
            point = self._by_id.get(point.township or "", point)
        return coordinates_of(self._scenario, point)

    def terrain(self, point: Township | Place) -> Terrain:
        """Its own terrain, else that of its township or of the nearest one, else the first."""
        name = point.terrain
        if name is None and isinstance(point, Place):
            town = self._by_id.get(point.township or "") or self._nearest(point)
            name = town.terrain if town is not None else None
        if name is not None:
            return self._terrains[name]
        return next(iter(self._terrains.values()), NO_ROADS)

    def _nearest(self, place: Place) -> Township | None:
        if not self._on_map:
            return None
        where = self.coordinates(place)
        assert where is not None  # it is in no township of the scenario
        return self._on_map[int(straight_km(_bare([where]), self._spots).argmin())]


def _bare(where: Sequence[Coordinates]) -> Spots:
    """Points of which nothing is asked but how far they are."""
    lon, lat = np.array(where, dtype=np.float64).reshape(-1, 2).T
    return Spots(lon, lat, np.ones(len(lon)), np.ones(len(lon)))
