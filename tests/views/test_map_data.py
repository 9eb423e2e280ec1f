"""The map that is clicked shows what the printed one shows, and only what may be opened opens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sim import example_path, load_scenario
from sim.scenario.geography import coordinates_of
from sim.scenario.scenario import Scenario
from sim.scenario.travel import ways_to_places
from sim.text import load_text
from sim.views.map import read_borders
from sim.views.map_data import map_data
from tests.scenario.test_places import AREA
from tests.scenario.town import read

EN = load_text("en")
BORDERS = read_borders(example_path("data/sanmenxia_counties.geojson"))


@pytest.fixture(scope="module")
def city() -> Scenario:
    return load_scenario(example_path("sanmenxia_townships.yaml"))


def minutes(city: Scenario) -> npt.NDArray[np.float64]:
    return np.asarray(ways_to_places(city).minutes.min(axis=1))


def test_every_township_is_there_once_and_inside(city: Scenario) -> None:
    data = map_data(city, minutes(city), "x", {}, EN, borders=BORDERS, new=["t411224204"])
    ids = [town["id"] for town in data["towns"]]
    assert sorted(ids) == sorted(town.id for town in city.applicants.townships)
    for town in data["towns"]:
        assert 0 < town["at"][0] < data["width"]
        assert 0 < town["at"][1] < data["height"]
    assert [town["id"] for town in data["towns"] if town["new"]] == ["t411224204"]
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_small_ones_are_on_top_and_as_large_as_their_people(city: Scenario) -> None:
    towns = map_data(city, minutes(city), "x", {}, EN)["towns"]
    people = {town.id: town.population for town in city.applicants.townships}
    size = [people[town["id"]] for town in towns]
    assert size == sorted(size, reverse=True)
    first, second = towns[:2]
    assert first["r"] ** 2 / second["r"] ** 2 == pytest.approx(size[0] / size[1])


def test_ten_kilometres_are_as_long_in_any_direction(city: Scenario) -> None:
    data = map_data(city, minutes(city), "x", {}, EN, borders=BORDERS)
    drawn = {town["id"]: town["at"] for town in data["towns"]}
    where = {town.id: coordinates_of(city, town) for town in city.applicants.townships}
    km = float(data["scale"]["words"].split()[0])
    unit = data["scale"]["long"] / km
    assert data["width"] / 10 < data["scale"]["long"] <= data["width"] / 4
    for township, neighbour in (("t411221210", "t411224205"), ("t411282105", "t411221103")):
        dx, dy = np.subtract(drawn[township], drawn[neighbour])
        here, there = where[township], where[neighbour]
        assert here is not None
        assert there is not None
        lat = np.radians(float(np.mean([at[1] for at in where.values() if at is not None])))
        east = (here[0] - there[0]) * 111.2 * np.cos(lat)
        north = (here[1] - there[1]) * 111.2
        assert dx / unit == pytest.approx(east, rel=0.01)
        assert -dy / unit == pytest.approx(north, rel=0.01)


def test_one_county_fills_the_frame(city: Scenario) -> None:
    whole = map_data(city, minutes(city), "x", {}, EN, borders=BORDERS)
    near = map_data(city, minutes(city), "x", {}, EN, borders=BORDERS, county="hubin")
    assert len(near["towns"]) == 11
    ids = {town["id"] for town in near["towns"]}

    def wide(data: dict[str, object]) -> float:
        x = [town["at"][0] for town in data["towns"] if town["id"] in ids]  # type: ignore[attr-defined]
        return float(max(x) - min(x))

    assert wide(near) > 4 * wide(whole)
    fills = {town["id"]: town["fill"] for town in whole["towns"]}
    assert all(fills[town["id"]] == town["fill"] for town in near["towns"]), "one scale for all"


def test_nothing_to_show_is_hollow_and_what_may_not_be_opened_is_not_open(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    values = np.array([1.0, np.nan, np.inf, 0.0])
    data = map_data(scenario, values, "x", {"seat": "Seat, 900"}, EN, sure=["ridge"])
    towns = {town["id"]: town for town in data["towns"]}
    assert {name for name, town in towns.items() if not town["fill"]} == {"brook", "ridge"}
    assert [name for name, town in towns.items() if town["open"]] == ["ridge"]
    assert [name for name, town in towns.items() if town["sure"]] == ["ridge"]
    assert towns["seat"]["said"] == "Seat, 900"
    assert {place["kind"] for place in data["places"]} == {"city_hall", "county_hall", "station"}
    assert [entry["kind"] for entry in data["legend"]][-1] == "new_station"
    for nothing in (np.full(4, np.nan), np.zeros(4)):
        json.dumps(map_data(scenario, nothing, "x", {}, EN), allow_nan=False)


def test_the_bar_begins_at_nothing_unless_something_is_below(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    for values, low, high in (
        ([20.0, 30, 40, 50], "0", "50"),
        ([-30.0, 30, 40, 50], "-30", "50"),
        ([-30.0, 0, -40, -50], "-50", "0"),
        ([-30.0, -20, -40, -50], "-50", "-20"),
        ([0.0, 0, 0, 0], "0", "1"),
    ):
        bar = map_data(scenario, np.array(values), "x", {}, EN)["bar"]
        assert (bar["low"], bar["high"]) == (low, high)
        assert len(set(bar["colours"])) == 9


def test_by_county_there_is_a_circle_a_county(city: Scenario) -> None:
    """In the middle of its residents, with their mean; who clicks it asks for its townships."""
    towns, values = city.applicants.townships, minutes(city)
    data = map_data(city, values, "x", {}, EN, borders=BORDERS, by_county=True)
    counties = {town.county for town in towns}
    assert {circle["id"] for circle in data["towns"]} == counties
    assert all(circle["open"] and circle["said"] for circle in data["towns"])
    assert {border["name"] for border in data["borders"]} == {""}
    people = np.array([town.population for town in towns], dtype=float)
    for circle in data["towns"]:
        here = np.array([town.county == circle["id"] for town in towns])
        mean = np.average(values[here], weights=people[here])
        assert circle["rank"] == pytest.approx(mean)
        assert 0 < circle["at"][0] < data["width"]
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_a_county_of_which_nothing_is_known_is_hollow(city: Scenario) -> None:
    nothing = np.full(len(city.applicants.townships), np.nan)
    data = map_data(city, nothing, "x", {}, EN, by_county=True)
    assert {circle["fill"] for circle in data["towns"]} == {""}
    assert {circle["rank"] for circle in data["towns"]} == {None}
