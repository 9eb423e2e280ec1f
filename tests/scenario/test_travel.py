"""Ways: nothing is nearer than the straight line, and the way back is as long as the way out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.geography import kilometres
from sim.scenario.travel import (
    Spots,
    candidates,
    fares,
    road_ways,
    spots,
    straight_km,
    trip_cost,
    ways_to_places,
    ways_to_townships,
)
from tests.scenario.test_places import AREA, PLACES
from tests.scenario.town import TOWN, read

Spot = tuple[tuple[float, float], float, float]
degrees = st.tuples(st.floats(73, 136), st.floats(18, 54))
spot = st.tuples(degrees, st.floats(1, 3), st.floats(5, 90))


def as_spots(*rows: Spot) -> Spots:
    return Spots(*np.array([(*where, factor, speed) for where, factor, speed in rows]).T)


@given(spot, spot)
def test_out_is_as_long_as_back(first: Spot, second: Spot) -> None:
    here, there = as_spots(first), as_spots(second)
    for out, back in zip(road_ways(here, there), road_ways(there, here), strict=True):
        assert out == pytest.approx(back)


@given(spot, spot)
def test_no_road_is_shorter_than_the_straight_line(first: Spot, second: Spot) -> None:
    here, there = as_spots(first), as_spots(second)
    straight = straight_km(here, there)
    assert straight == pytest.approx(kilometres(first[0], second[0]), rel=1e-6, abs=1e-6)
    assert road_ways(here, there)[1] >= straight - 1e-9


@given(spot)
def test_no_distance_takes_no_time(place: Spot) -> None:
    here = as_spots(place)
    assert [float(way[0, 0]) for way in road_ways(here, here)] == [0, 0]
    minutes, km = road_ways(here, here, local_km=3)
    assert km[0, 0] == 3
    assert minutes[0, 0] == pytest.approx(180 / place[2])


@given(spot, spot, st.floats(1, 3))
def test_scaling(
    first: Spot,
    second: Spot,
    times: float,
) -> None:
    here, there = as_spots(first), as_spots(second)

    def longer(at: Spots) -> Spots:
        return at._replace(road_factor=at.road_factor * times)

    def faster(at: Spots) -> Spots:
        return at._replace(km_per_hour=at.km_per_hour * times)

    minutes, km = road_ways(here, there)
    assert road_ways(longer(here), longer(there))[0] == pytest.approx(minutes * times)
    assert road_ways(longer(here), longer(there))[1] == pytest.approx(km * times)
    assert road_ways(faster(here), faster(there))[0] == pytest.approx(minutes / times)
    assert road_ways(faster(here), faster(there))[1] == pytest.approx(km)


@given(st.tuples(spot, spot, spot))
def test_no_detour_is_shorter(
    three: tuple[Spot, ...],
) -> None:
    km = straight_km(*[as_spots(*three)] * 2)
    assert km[0, 2] <= km[0, 1] + km[1, 2] + 1e-6


def test_fares() -> None:
    assert fares(np.array([0.0, 1.0, 8.0, 9.0]), 0.25, 2).tolist() == [0, 2, 2, 2.25]


def test_the_area(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    ways = ways_to_places(scenario)
    seat, brook, ridge, port = range(4)
    city, county, point = range(3)
    assert ways.minutes.shape == (4, 3)
    assert ways.minutes[brook, point] == ways.km[brook, point] == ways.yuan[brook, point] == 0
    assert (ways.minutes[ridge, city], ways.km[ridge, city]) == (180, 140)  # measured
    assert ways.yuan[ridge, city] == 35
    assert np.isinf(ways.minutes[port, county])  # the county hall takes the county's people only
    straight = kilometres((111.0, 34.0), (111.0, 34.2))
    assert ways.km[ridge, county] == pytest.approx(straight * 1.45)
    assert ways.minutes[ridge, county] == pytest.approx(straight * 1.45 * (60 / 30 + 60 / 45) / 2)
    cost = trip_cost(ways, 11)
    assert cost[ridge, city] == pytest.approx(2 * 35 + 6 * 11)
    assert ways.km[seat, county] == 0
    assert [town.id for town in candidates(scenario)] == ["ridge"]
    to_ridge = ways_to_townships(scenario).km[:, 0]
    assert to_ridge[ridge] == 0
    assert to_ridge[seat] == pytest.approx(ways.km[ridge, county])


def test_without_places_there_is_no_way(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, TOWN)
    for ask in (ways_to_places, ways_to_townships):
        with pytest.raises(ValueError, match="found no places"):
            ask(scenario)


def test_every_township_may_get_a_station_unless_some_are_named(tmp_path: Path) -> None:
    siting = PLACES[PLACES.index("  siting:") :]
    scenario, _ = read(tmp_path, AREA.replace(siting, ""))
    assert len(candidates(scenario)) == 4
    km = ways_to_townships(scenario).km
    assert (km == km.T).all()
    assert (np.diag(km) == 0).all()


def test_under_a_matrix_only_what_is_measured_leads_anywhere(tmp_path: Path) -> None:
    legs = "\n".join(
        f"      - {{township: {town}, place: {place}, takes: 30 min, km: 20}}"
        for town in ("seat", "brook", "ridge", "port")
        for place in ("city", "county", "point")
        if (town, place) not in {("ridge", "city"), ("port", "county")}
    )
    text = AREA.replace("    legs:\n", f"    rule: matrix\n    legs:\n{legs}\n")
    scenario, _ = read(tmp_path, text)
    minutes = ways_to_places(scenario).minutes
    assert sorted(set(minutes.ravel().tolist())) == [30, 180, np.inf]
    assert np.isinf(minutes).sum() == 1


def test_roads_around_a_place(tmp_path: Path) -> None:
    """Its own terrain, else its township's, else that of the nearest township, else the first."""
    city = "kind: city_hall, lon: 112.1, lat: 34.5"
    point = "      township: brook\n"

    def road_factors(old: str, new: str, towns: str = AREA) -> list[float]:
        scenario, _ = read(tmp_path, towns.replace(old, new))
        assert scenario.places is not None
        return list(spots(scenario, scenario.places.open).road_factor)

    assert road_factors(city, city) == [1.3, 1.3, 1.3]
    assert road_factors(city, f"{city}, terrain: mountain") == [1.6, 1.3, 1.3]
    assert road_factors(point, "      township: ridge\n") == [1.3, 1.3, 1.6]
    assert road_factors(point, "      county: hills\n      lon: 111.01\n      lat: 34.19\n") == [
        1.3,
        1.3,
        1.6,
    ]
    assert road_factors(point, "      county: hills\n      lon: 111.19\n      lat: 34.01\n") == [
        1.3,
        1.3,
        1.3,
    ]


def test_townships_nobody_knows_where(tmp_path: Path) -> None:
    """Where all ways are measured, townships need no spot on the map: roads are the first."""
    legs = "\n".join(
        f"      - {{township: {town}, place: {place}, takes: 30 min, km: 20}}"
        for town in ("seat", "brook", "ridge", "port")
        for place in ("city", "county", "point")
        if (town, place) not in {("ridge", "city"), ("port", "county")}
    )
    text = AREA.replace("    legs:\n", f"    rule: matrix\n    legs:\n{legs}\n")
    text = re.sub(r"(population: \d+), lon: [\d.]+, lat: [\d.]+", r"\1", text)
    text = text[: text.index("  siting:")]
    scenario, _ = read(tmp_path, text)
    assert scenario.places is not None
    where = spots(scenario, scenario.places.open)
    assert np.isnan(where.lon).tolist() == np.isnan(where.lat).tolist() == [False, True, True]
    assert where.road_factor.tolist() == [1.3, 1.3, 1.3]
    assert where.km_per_hour.tolist() == [45, 45, 45]
    ways = ways_to_places(scenario)
    assert ways.minutes[:, 0].tolist() == [30, 30, 180, 30]
    assert ways.km[:, 0].tolist() == [20, 20, 140, 20]
