"""Places beyond the hall: what each mistake gives, all at once, in both languages."""

# ruff: noqa: E501 one row a mistake

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from sim.engine.run import run
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.scenario.geography import kilometres
from sim.scenario.load import scenario_from_text
from sim.scenario.places import MarketDays
from sim.text import load_text
from tests.assertions import assert_same_journal, assert_same_tape
from tests.scenario.town import TOWN, only, place_of, problems, read

EN, ZH = load_text("en"), load_text("zh")

TOWNSHIPS: Final = """\
  townships:
    - {id: seat, name: {zh: 城关镇, en: Seat}, county: hills, population: 900, lon: 111.0, lat: 34.0}
    - {id: brook, name: {zh: 河口乡, en: Brook}, county: hills, population: 300, lon: 111.2, lat: 34.0}
    - {id: ridge, name: {zh: 山梁乡, en: Ridge}, county: hills, population: 200, lon: 111.0, lat: 34.2, terrain: mountain}
    - {id: port, name: {zh: 码头镇, en: Port}, county: plain, population: 500, lon: 112.0, lat: 34.5}
"""
PLACES: Final = """\
places:
  open:
    - {id: city, name: {zh: 市厅, en: City hall}, kind: city_hall, lon: 112.1, lat: 34.5}
    - {id: county, name: {zh: 县厅, en: County hall}, kind: county_hall, township: seat, catchment: [hills], clerks: 2, accepts: [police]}
    - id: point
      name: {zh: 便民服务站, en: Station}
      kind: station
      township: brook
      hours: week
      market_days: {ends_in: [3, 8]}
      clerks: {mon-fri 08:30-12:00: 1}
      accepts: [id_card]
      courier: {leaves: ["12:00"], takes: 2 h}
      forwards_to: county
      home_visits: {agents: 1, classes: [walk_in], within: 40 min}
      yuan_per_year: 50000
      setup_yuan: 30000
  travel:
    terrains:
      - {id: flat, name: {zh: 平原, en: Plain}, road_factor: 1.3, km_per_hour: 45}
      - {id: mountain, name: {zh: 山区, en: Mountain}, road_factor: 1.6, km_per_hour: 30}
    legs:
      - {township: ridge, place: city, takes: 3 h, km: 140}
    fare_yuan_per_km: 0.25
    least_fare_yuan: 2
    value_of_time_yuan_per_h: 11
  siting:
    station: {clerks: 1, accepts: [police], yuan_per_year: 50000, setup_yuan: 30000}
    townships: [ridge]
    budget_yuan: 100000
"""
MARK: Final = "  patience: {law: exponential, mean: 60 min}\n"
AREA: Final = TOWN.replace(MARK, MARK + TOWNSHIPS) + PLACES
LEGS: Final = "\n".join(
    f"      - {{township: {town}, place: {place}, takes: 1 h, km: 30}}"
    for place, towns in (("city", "seat brook ridge port"), ("county", "seat brook ridge"))
    for town in towns.split()
    if (town, place) != ("ridge", "city")
)


class Mistake(NamedTuple):
    """A change of the area, and the one problem it must give."""

    old: str
    new: str
    mark: str
    path: str
    code: str
    found: str = ""
    allowed: str = ""


AT_POINT = "places.open[point]"
MISTAKES = {
    "swapped coordinates": Mistake(
        "lon: 111.2, lat: 34.0",
        "lon: 34.0, lat: 111.2",
        "{id: brook",
        "applicants.townships[brook]",
        "swapped_coordinates",
        "lon 34, lat 111.2",
        "lon 73 – 136",
    ),
    "swapped coordinates of a place": Mistake(
        "lon: 112.1, lat: 34.5",
        "lon: 34.5, lat: 112.1",
        "{id: city",
        "places.open[city]",
        "swapped_coordinates",
        "lon 34.5, lat 112.1",
    ),
    "outside China": Mistake(
        "lon: 111.2, lat: 34.0",
        "lon: 2.3, lat: 48.9",
        "{id: brook",
        "applicants.townships[brook]",
        "outside_china",
        "lon 2.3, lat 48.9",
    ),
    "outside the globe": Mistake(
        "lon: 111.2, lat: 34.0",
        "lon: 1112, lat: 34.0",
        "lon: 1112",
        "applicants.townships[brook].lon",
        "outside_range",
        "1112",
    ),
    "half a point": Mistake(
        "lon: 111.2, lat: 34.0",
        "lon: 111.2",
        "{id: brook",
        "applicants.townships[brook]",
        "half_coordinates",
        "lon",
    ),
    "no coordinates": Mistake(
        ", lon: 111.0, lat: 34.0}",
        "}",
        "{id: seat",
        "applicants.townships[seat]",
        "no_coordinates",
        "seat",
    ),
    "no population": Mistake(
        "county: hills, population: 300, ",
        "county: hills, ",
        "{id: brook",
        "applicants.townships[brook].population",
        "missing_field",
    ),
    "nobody lives there": Mistake(
        "population: 300",
        "population: 0",
        "population: 0",
        "applicants.townships[brook].population",
        "no_population",
        "0",
    ),
    "duplicate township": Mistake(
        "{id: port,",
        "{id: ridge,",
        "id: ridge, name: {zh: 码",
        "applicants.townships[ridge].id",
        "duplicate_id",
        "ridge",
    ),
    "duplicate place": Mistake(
        "{id: county,",
        "{id: city,",
        "id: city, name: {zh: 县",
        "places.open[city].id",
        "duplicate_id",
        "city",
    ),
    "far from its county": Mistake(
        "lon: 111.2, lat: 34.0",
        "lon: 111.2, lat: 43.0",
        "{id: brook",
        "applicants.townships[brook]",
        "outside_county",
        "979 km",
        "≤ 50 km",
    ),
    "a place far from its county": Mistake(
        "kind: station\n      township: brook",
        "kind: station\n      county: plain\n      lon: 111.2\n      lat: 34.0",
        "id: point",
        AT_POINT,
        "outside_county",
        "92 km",
    ),
    "a place in another county than its township": Mistake(
        "kind: station\n",
        "kind: station\n      county: plain\n",
        "county: plain\n      township",
        f"{AT_POINT}.county",
        "outside_county",
        "plain",
        "hills",
    ),
    "a place in no county": Mistake(
        "kind: station\n      township: brook",
        "kind: station\n      lon: 111.2\n      lat: 34.0",
        "id: point",
        AT_POINT,
        "place_without_county",
        "point",
    ),
    "a place nowhere": Mistake(
        "      township: brook\n", "", "id: point", AT_POINT, "place_nowhere", "-"
    ),
    "a place at two points": Mistake(
        "township: brook\n",
        "township: brook\n      lon: 111.2\n      lat: 34.0\n",
        "id: point",
        AT_POINT,
        "place_nowhere",
        "township brook, lon 111.2",
    ),
    "nobody serves": Mistake(
        "clerks: {mon-fri 08:30-12:00: 1}",
        "clerks: 0",
        "clerks: 0",
        f"{AT_POINT}.clerks",
        "no_clerks",
        "0",
    ),
    "duty out of hours": Mistake(
        "mon-fri 08:30-12:00: 1}\n      accepts",
        "sun 08:30-12:00: 1}\n      accepts",
        "sun 08",
        f"{AT_POINT}.clerks.sun 08:30-12:00",
        "roster_outside_hours",
        "sun 08:30-12:00",
    ),
    "nobody is told to serve": Mistake(
        "      clerks: {mon-fri 08:30-12:00: 1}\n",
        "",
        "id: point",
        AT_POINT,
        "no_clerks",
        "0",
    ),
    "two city halls": Mistake(
        "kind: county_hall", "kind: city_hall", "open:", "places.open", "city_halls", "2"
    ),
    "no city hall": Mistake(
        "kind: city_hall, lon",
        "kind: county_hall, county: plain, clerks: 1, accepts: [market, police], lon",
        "open:",
        "places.open",
        "city_halls",
        "0",
    ),
    "a matter out of reach": Mistake(
        "lon: 112.1, lat: 34.5}",
        "lon: 112.1, lat: 34.5, catchment: [plain]}",
        "open:",
        "places.open",
        "matter_nowhere",
        "open_shop (hills)",
    ),
    "unknown matter": Mistake(
        "accepts: [id_card]",
        "accepts: [id_cart]",
        "id_cart",
        f"{AT_POINT}.accepts[0]",
        "unknown_matter",
        "id_cart",
    ),
    "unknown township": Mistake(
        "township: brook\n",
        "township: brok\n",
        "township: brok",
        f"{AT_POINT}.township",
        "unknown_township",
        "brok",
    ),
    "unknown township for a new station": Mistake(
        "townships: [ridge]",
        "townships: [rigde]",
        "rigde",
        "places.siting.townships[0]",
        "unknown_township",
        "rigde",
    ),
    "unknown county": Mistake(
        "catchment: [hills]",
        "catchment: [hill]",
        "hill]",
        "places.open[county].catchment[0]",
        "unknown_county",
        "hill",
    ),
    "unknown terrain": Mistake(
        "terrain: mountain",
        "terrain: montain",
        "terrain: montain",
        "applicants.townships[ridge].terrain",
        "unknown_terrain",
        "montain",
    ),
    "unknown place": Mistake(
        "forwards_to: county",
        "forwards_to: conty",
        "forwards_to: conty",
        f"{AT_POINT}.forwards_to",
        "unknown_place",
        "conty",
    ),
    "unknown place of a leg": Mistake(
        "place: city, takes",
        "place: cty, takes",
        "place: cty",
        "places.travel.legs[0].place",
        "unknown_place",
        "cty",
    ),
    "unknown place of a weight": Mistake(
        "  siting:\n",
        "  choice: {rule: shares, shares: {city: 1, pint: 2}}\n  siting:\n",
        "pint: 2",
        "places.choice.shares.pint",
        "unknown_place",
        "pint",
    ),
    "unknown class": Mistake(
        "classes: [walk_in]",
        "classes: [walkin]",
        "walkin]",
        f"{AT_POINT}.home_visits.classes[0]",
        "unknown_class",
        "walkin",
    ),
    "unknown calendar": Mistake(
        "hours: week\n      market",
        "hours: weak\n      market",
        "hours: weak",
        f"{AT_POINT}.hours",
        "unknown_calendar",
        "weak",
    ),
    "sent round": Mistake(
        "catchment: [hills]",
        "catchment: [hills], forwards_to: point",
        "forwards_to: point",
        "places.open[county].forwards_to",
        "cycle_forwards",
        "county → point → county",
    ),
    "sent where it may not be accepted": Mistake(
        "accepts: [id_card]",
        "accepts: [id_card]\n      forwards: [open_shop]",
        "forwards: [open_shop]",
        f"{AT_POINT}.forwards",
        "forwards_nowhere",
        "open_shop → county",
    ),
    "unknown matter sent on": Mistake(
        "accepts: [id_card]",
        "accepts: [id_card]\n      forwards: [id_crd]",
        "id_crd",
        f"{AT_POINT}.forwards[0]",
        "unknown_matter",
        "id_crd",
    ),
    "a budget below one point": Mistake(
        "budget_yuan: 100000",
        "budget_yuan: 55999",
        "budget_yuan: 55999",
        "places.siting.budget_yuan",
        "budget_below_point",
        "55,999",
        "≥ 56,000",
    ),
    "no terrain": Mistake(
        PLACES[PLACES.index("    terrains:") : PLACES.index("    legs:")],
        "",
        "travel:",
        "places.travel",
        "no_terrain",
        "-",
    ),
    "disconnected": Mistake(
        "    legs:\n",
        f"    rule: matrix\n    legs:\n{LEGS}\n",
        "legs:",
        "places.travel.legs",
        "missing_leg",
        "seat, brook, ridge, port → point",
    ),
    "measured twice": Mistake(
        "    legs:\n",
        "    legs:\n      - {township: ridge, place: city, takes: 2 h, km: 99}\n",
        "{township: ridge, place: city, takes: 3 h",
        "places.travel.legs[1]",
        "duplicate_leg",
        "ridge → city",
    ),
    "two kinds of market days": Mistake(
        "{ends_in: [3, 8]}",
        "{ends_in: [3, 8], every: 5, first: 2025-03-03}",
        "market_days",
        f"{AT_POINT}.market_days",
        "market_days_way",
        "ends_in, every",
    ),
    "market days from nowhen": Mistake(
        "{ends_in: [3, 8]}",
        "{every: 5}",
        "market_days",
        f"{AT_POINT}.market_days",
        "market_days_first",
        "every",
    ),
    "no such digit": Mistake(
        "{ends_in: [3, 8]}",
        "{ends_in: [3, 18]}",
        "18]",
        f"{AT_POINT}.market_days.ends_in[1]",
        "outside_range",
        "18",
    ),
    "9.30 of a courier": Mistake(
        '["12:00"]', '["9.30"]', '"9.30"', f"{AT_POINT}.courier.leaves[0]", "wrong_clock", "9.30"
    ),
    "a road shorter than the straight line": Mistake(
        "road_factor: 1.3",
        "road_factor: 0.9",
        "road_factor: 0.9",
        "places.travel.terrains[flat].road_factor",
        "outside_range",
        "0.9",
    ),
}


def changed(old: str, new: str) -> str:
    assert AREA.count(old) == 1, old
    return AREA.replace(old, new)


def test_the_area_is_sound(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, AREA)
    assert scenario.places is not None
    assert scenario.places.open[2].yearly_cost == 56_000


@pytest.mark.parametrize("name", MISTAKES)
def test_told_once_at_its_place_in_both_languages(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    text = changed(mistake.old, mistake.new)
    if name in {
        "duplicate place",
        "a place in no county",
        "a place nowhere",
        "swapped coordinates of a place",
    }:
        text = text.replace("      forwards_to: county\n", "")
    if name == "no terrain":
        text = text.replace(", terrain: mountain", "")
    problem = only(problems(tmp_path, text))
    assert (problem.code, problem.path) == (mistake.code, mistake.path)
    assert (problem.line, problem.column) == place_of(text, mistake.mark)
    assert mistake.found in problem.found
    assert mistake.allowed in problem.sentence(EN)
    assert problem.sentence(ZH) != problem.sentence(EN)


def test_of_two_townships_far_apart_nobody_knows_which_is_astray(tmp_path: Path) -> None:
    """Where others are near one of them, the other is told."""
    text = changed("county: plain, population", "county: hills, population")
    text = text.replace("lon: 112.0, lat: 34.5", "lon: 112.0, lat: 43.0")
    problem = only(problems(tmp_path, text))
    assert (problem.code, problem.path) == ("outside_county", "applicants.townships[port]")
    for people in (900, 300):
        text = text.replace(f"hills, population: {people}", f"plain, population: {people}")
    read(tmp_path, text.replace("catchment: [hills]", "catchment: [hills, plain]"))


def test_all_at_once(tmp_path: Path) -> None:
    text = changed("lon: 111.2, lat: 34.0", "lon: 34.0, lat: 111.2")
    for old, new in (("budget_yuan: 100000", "budget_yuan: 1"), ("clerks: 2", "clerks: 0")):
        text = text.replace(old, new)
    codes = {problem.code for problem in problems(tmp_path, text)}
    assert codes >= {"swapped_coordinates", "budget_below_point", "no_clerks"}


def test_places_without_townships(tmp_path: Path) -> None:
    text = TOWN + PLACES.replace("township: seat, catchment: [hills]", "lon: 111.0, lat: 34.0")
    assert "no_townships" in {problem.code for problem in problems(tmp_path, text)}


def test_measured_ways_need_no_coordinates(tmp_path: Path) -> None:
    measured = PLACES[PLACES.index("      - {township: ridge") : PLACES.index("    fare")]
    legs = f"{measured}{LEGS}\n" + "\n".join(
        f"      - {{township: {town}, place: point, takes: 1 h, km: 30}}"
        for town in ("seat", "brook", "ridge", "port")
    )
    own = PLACES[PLACES.index("    legs:") : PLACES.index("    fare")]
    text = AREA.replace(own, f"    rule: matrix\n    legs:\n{legs}\n")
    text = text[: text.index("  siting:")]
    for line in TOWNSHIPS.splitlines()[1:]:
        text = text.replace(line, line.partition(", lon:")[0] + "}")
    scenario, _ = read(tmp_path, text)
    assert scenario.places is not None
    assert len(scenario.places.travel.legs) == 11


def test_a_station_that_accepts_nothing_moves_nobody(tmp_path: Path) -> None:
    """Nor does a county hall that accepts nothing: crowd and day stay what they are."""
    text = AREA.replace("accepts: [id_card]", "accepts: []")
    text = text.replace("clerks: 2, accepts: [police]", "clerks: 2")
    area, _ = read(tmp_path, text)
    bare, _ = read(tmp_path, text.partition("places:\n")[0])
    assert area.hash != bare.hash
    plans = [compile_plan(scenario, "zone") for scenario in (area, bare)]
    tapes = [draw_tape(plan.demand, 1, 0) for plan in plans]
    assert_same_tape(*tapes)
    days = [run(plan, tape, "reference") for plan, tape in zip(plans, tapes, strict=True)]
    assert_same_journal(*days)


def test_the_city_hall_accepts_what_its_windows_accept(tmp_path: Path) -> None:
    area, _ = read(tmp_path, AREA)
    journeys = compile_plan(area, "zone").journeys
    assert journeys is not None
    assert journeys.accepts[0].all()


def test_market_days_of_the_lunar_month() -> None:
    """逢三、八: the six days of a lunar month that end in 3 or 8, five days apart but at its end."""
    market = MarketDays(ends_in=(3, 8))
    days = [date(2025, 1, 29) + timedelta(n) for n in range(30)]  # first month of that year
    held = [n + 1 for n, day in enumerate(days) if market.held_on(day)]
    assert held == [3, 8, 13, 18, 23, 28]


def test_market_days_by_count() -> None:
    market = MarketDays(every=5, first=date(2025, 3, 3))
    days = [date(2025, 2, 1) + timedelta(n) for n in range(100)]
    held = [day for day in days if market.held_on(day)]
    assert len(held) == 20
    assert date(2025, 3, 3) in held
    assert {(b - a).days for a, b in pairwise(held)} == {5}
    solar = MarketDays(ends_in=(0,), month="solar")
    assert [day.day for day in days if solar.held_on(day)] == [10, 20, 10, 20, 30, 10, 20, 30, 10]


def test_kilometres() -> None:
    here, there = (111.2, 34.77), (111.05, 34.05)
    assert kilometres(here, here) == 0
    assert kilometres(here, there) == kilometres(there, here)
    quarter = kilometres((0, 0), (90, 0))
    assert quarter == pytest.approx(10_007.5, abs=0.1)


def test_a_scenario_without_places_needs_no_coordinates() -> None:
    text = TOWN.replace(
        MARK, MARK + "\n".join(TOWNSHIPS.splitlines()[:2]).partition(", lon")[0] + "}\n"
    )
    assert scenario_from_text(text).places is None
