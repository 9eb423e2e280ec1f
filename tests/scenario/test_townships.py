"""The city's townships as they ship: complete, in their counties, with the crowd of the city."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
import pytest

from sim import example_path
from sim.analysis.offered import offered_load
from sim.plan.compile import compile_demand, compile_plan
from sim.plan.crowd import draw_tape
from sim.scenario.load import load_scenario, read_scenario
from sim.scenario.provenance import numbers
from sim.scenario.scenario import Scenario
from sim.scenario.travel import ways_to_places, ways_to_townships
from tests.assertions import assert_same_tape

TOTALS: Final = {
    "hubin": 326_682,
    "shanzhou": 288_538,
    "mianchi": 310_130,
    "yima": 135_819,
    "lingbao": 656_571,
    "lushi": 317_132,
}
"""Residents of the census of 2020."""
TOWNSHIPS: Final = {
    "hubin": 11,
    "shanzhou": 13,
    "mianchi": 12,
    "yima": 7,
    "lingbao": 15,
    "lushi": 20,
}
"""Townships and streets of 2023; Hubin with the street of the development zone."""
Ring = list[list[float]]


@pytest.fixture(scope="module")
def area() -> Scenario:
    return load_scenario(example_path("sanmenxia_townships.yaml"))


def borders() -> dict[str, Ring]:
    path = example_path("data/sanmenxia_counties.geojson")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {
        feature["properties"]["county"]: feature["geometry"]["coordinates"][0]
        for feature in features
    }


def inside(lon: float, lat: float, ring: Ring) -> bool:
    """Whether a ray to the east crosses the border an odd number of times."""
    crossed = [
        x1 + (lat - y1) / (y2 - y1) * (x2 - x1) > lon
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > lat) != (y2 > lat)
    ]
    return sum(crossed) % 2 == 1


def test_every_township_of_every_county(area: Scenario) -> None:
    towns = area.applicants.townships
    assert Counter(town.county for town in towns) == TOWNSHIPS
    people = Counter[str]()
    for town in towns:
        people[town.county] += town.population
    assert people == TOTALS


def test_they_lie_in_their_counties(area: Scenario) -> None:
    rings = borders()
    assert rings.keys() == TOTALS.keys()
    for town in area.applicants.townships:
        assert town.lon is not None
        assert town.lat is not None
        assert inside(town.lon, town.lat, rings[town.county]), town.id
        others = [name for name, ring in rings.items() if inside(town.lon, town.lat, ring)]
        assert others == [town.county]


def test_halls_lie_in_their_counties(area: Scenario) -> None:
    rings = borders()
    assert area.places is not None
    for place in area.places.open:
        assert place.lon is not None
        assert place.lat is not None
        assert inside(place.lon, place.lat, rings[place.county or "hubin"]), place.id


def test_nothing_is_wrong_and_every_number_says_where_it_comes_from() -> None:
    scenario, warnings = read_scenario(example_path("sanmenxia_townships.yaml"))
    assert warnings == ()
    of_places = [number for number in numbers(scenario) if number.path[0] == "places"]
    assert of_places
    assert [number.path for number in of_places if not (number.source or number.assumed)] == []


def shorter(scenario: Scenario, **run: object) -> Scenario:
    days = {"warmup_days": 0, "followup_days": 0, **run}
    return scenario.model_copy(update={"run": scenario.run.model_copy(update=days)})


def test_the_city_with_its_own_volume_is_what_it_was(area: Scenario) -> None:
    city = load_scenario(example_path("sanmenxia.yaml"))
    people = area.applicants.model_copy(update={"volume_factor": 1.0})
    plain = area.model_copy(update={"applicants": people})
    short = [shorter(scenario_, measured_days=2) for scenario_ in (plain, city)]
    tapes = [draw_tape(compile_plan(scenario_, "zone").demand, 1, 0) for scenario_ in short]
    assert_same_tape(*tapes)


def test_the_whole_citys_cases(area: Scenario) -> None:
    """138,000 one-matter cases are published from 1 January 2024 to 18 July 2025."""
    period = shorter(area, start=date(2024, 1, 1), measured_days=452)
    demand = compile_demand(period)
    assert date(2024, 1, 1) + timedelta(days=demand.n_days - 1) == date(2025, 7, 18)
    ordinary = {flow.id for flow in area.demand if flow.matter.startswith("ord_")}
    bundles = [n for n, name in enumerate(demand.flows.ids) if name not in ordinary]
    assert demand.flows.cases_of_day[bundles].sum() == pytest.approx(138_000, rel=0.002)


def test_halls_and_departments_have_work_and_can_do_it(area: Scenario) -> None:
    """County halls are assumed to be about 70 % busy; so are departments, or small.

    The five that are hardly ever asked have one reviewer, late in the day; fire has its mornings
    for joint visits, which it makes with two other departments.
    """
    loads = offered_load(compile_plan(area, "zone"))
    assert area.places is not None
    counties = {place.id for place in area.places.open if place.kind == "county_hall"}
    load_of = {load.id: load.load for load in loads if load.id in counties}
    assert load_of.keys() == counties
    assert all(0.6 < load < 0.85 for load in load_of.values()), load_of
    assert all(0.3 < load.load < 0.6 for load in loads if load.id.startswith("counter_"))
    busy = {load.id: load.load for load in loads if load.kind == "department" and load.load > 0.5}
    assert all(0.55 < load < 0.85 for load in busy.values()), busy
    small = {department.id for department in area.departments} - busy.keys()
    assert small == {"culture", "customs", "fire", "justice", "statistics", "tobacco"}


def test_levels_accept_what_they_may(area: Scenario) -> None:
    """Company matters stay with counties and the city; a township may take what guides allow."""
    places = area.places
    assert places is not None
    assert places.siting is not None
    companies = {matter.id for matter in area.matters if matter.applicant == "company"}
    named = area.matters_named()
    demanded = {flow.matter for flow in area.demand}
    for place in [place_ for place_ in places.open if place_.kind != "city_hall"]:
        accepted = {matter for name in place.accepts for matter in named[name]}
        assert accepted >= demanded
    township = {matter for name in places.siting.station.accepts for matter in named[name]}
    bundles = {"after_death", "disability", "public_rental"}
    assert township == bundles | {"ord_civil", "ord_disabled"}
    assert not township & companies
    assert not [place for place in places.open if place.kind == "station"]


def test_the_farthest_are_hours_away(area: Scenario) -> None:
    assert area.places is not None
    ways = ways_to_places(area)
    rows = {town.name.zh: n for n, town in enumerate(area.applicants.townships)}
    columns = {place.id: n for n, place in enumerate(area.places.open)}
    assert ways.km[rows["汤河乡"], columns["lushi_hall"]] == 75
    assert ways.minutes[rows["汤河乡"], columns["lushi_hall"]] == 150
    assert np.isinf(ways.km[rows["汤河乡"], columns["yima_hall"]])
    assert ways.minutes[rows["湖滨街道"], columns["city_hall"]] < 15
    between = ways_to_townships(area).km
    assert between.shape == (78, 78)
    assert np.allclose(between, between.T)
