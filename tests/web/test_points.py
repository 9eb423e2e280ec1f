"""Rows of the table of points say the same as the stations they come from."""

from __future__ import annotations

from typing import Any

import pytest

from sim import example_path, load_scenario
from sim.scenario.base import ALWAYS
from sim.scenario.edit_places import with_points
from sim.scenario.places import MarketDays, ServicePoint
from sim.scenario.scenario import Scenario
from sim.text import load_text
from sim.views.hours import hours_name
from sim.web.points import (
    FIELDS,
    PointRow,
    columns_of,
    matters_of,
    own_stations,
    row_of,
    station_of,
    with_matters,
)

WORDS = {name: name for name in FIELDS}


@pytest.fixture(scope="module")
def area() -> Scenario:
    return load_scenario(example_path("sanmenxia_townships.yaml"))


@pytest.fixture
def station(area: Scenario) -> ServicePoint:
    assert area.places is not None
    assert area.places.siting is not None
    return area.places.siting.station


def changed(area: Scenario, station: ServicePoint, **cells: Any) -> ServicePoint:
    row = PointRow(**{**vars(row_of(area, station)), **cells})
    made, problems = station_of(area, station, row, "Brook", WORDS)
    assert problems == ()
    return made


def test_an_untouched_row_is_the_station(area: Scenario, station: ServicePoint) -> None:
    assert changed(area, station) is station
    assert own_stations(area, ["t411224204"], {"t411224204": station}) == {}


@pytest.mark.parametrize(
    "cells",
    [
        {"agents": 3},
        {"hours": "hall"},
        {"hours": "hall", "agents": 2},
        {"market": "3 6 9"},
        {"visiting": 0},
        {"visiting": 2},
        {"yuan": 72_000.0},
        {"hours": "office", "agents": 2, "market": "1 6", "visiting": 3, "yuan": 0.0},
    ],
)
def test_a_changed_row_is_a_station_that_shows_the_row(
    area: Scenario, station: ServicePoint, cells: dict[str, Any]
) -> None:
    made = changed(area, station, **cells)
    assert made != station
    row = row_of(area, made)
    assert {name: getattr(row, name) for name in cells} == cells
    assert changed(area, station, **vars(row)) == made, "what was asked is found again"
    with_points(area, ["t411224204"], {"t411224204": made})


def test_other_hours_put_agents_on_duty_at_all_of_them(
    area: Scenario, station: ServicePoint
) -> None:
    made = changed(area, station, hours="hall", agents=2)
    assert dict(made.clerks) == {ALWAYS: 2}
    assert made.yearly_cost == station.yearly_cost, "nobody guesses what that costs"


def test_what_is_decided_is_assumed_no_longer(area: Scenario, station: ServicePoint) -> None:
    made = changed(area, station, agents=2, visiting=0)
    decided = {name for name in station.assumed if name.split(".")[0] in ("clerks", "home_visits")}
    assert decided
    assert set(made.assumed) == set(station.assumed) - decided


def test_more_agents_keep_their_roster(area: Scenario, station: ServicePoint) -> None:
    shifts = {"mon-fri 08:30-10:00": 2, "mon-fri 10:00-12:00": 1, "sat 09:00-10:00": 0}
    two = station.model_copy(update={"clerks": shifts})
    assert list(changed(area, two, agents=4).clerks.values()) == [4, 2, 0]
    assert list(changed(area, two, agents=1).clerks.values()) == [1, 1, 0]


@pytest.mark.parametrize("words", ["3,6,9", "9 6 3 3", "3\u30016\uff0c9", " 3;6/9 "])
def test_digits_are_read_as_they_are_typed(
    area: Scenario, station: ServicePoint, words: str
) -> None:
    made = changed(area, station, market=words)
    assert made.market_days == MarketDays(ends_in=(3, 6, 9))


def test_days_of_the_common_calendar_stay_theirs(area: Scenario, station: ServicePoint) -> None:
    solar = station.model_copy(update={"market_days": MarketDays(ends_in=(5,), month="solar")})
    assert changed(area, solar, market="5").market_days == solar.market_days
    moved = changed(area, solar, market="7").market_days
    assert moved == MarketDays(ends_in=(7,), month="solar")
    assert changed(area, solar, market=None).market_days is None


def test_columns_that_would_say_nothing_are_left_out(area: Scenario, station: ServicePoint) -> None:
    assert columns_of(station) == FIELDS
    bare = station.model_copy(update={"home_visits": None})
    assert "visiting" not in columns_of(bare)
    made, problems = station_of(area, bare, row_of(area, bare), "Brook", WORDS)
    assert (made, problems) == (bare, ())


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"agents": 0}, ["field_value"]),
        ({"agents": 1.5}, ["field_value"]),
        ({"agents": None}, ["field_value"]),
        ({"visiting": -1}, ["field_value"]),
        ({"yuan": -5}, ["field_value"]),
        ({"yuan": float("inf")}, ["field_value"]),
        ({"market": "13"}, ["market_digits"]),
        ({"market": "lunar"}, ["market_digits"]),
        ({"hours": None}, ["point_hours"]),
        ({"agents": 9_999, "market": "x", "yuan": None}, ["field_value"] * 2 + ["market_digits"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(
    area: Scenario, station: ServicePoint, cells: dict[str, Any], codes: list[str]
) -> None:
    row = PointRow(**{**vars(row_of(area, station)), **cells})
    _, problems = station_of(area, station, row, "Brook", WORDS)
    assert [problem.code for problem in problems] == codes
    for language in ("zh", "en"):
        for problem in problems:
            assert "Brook" in problem.sentence(load_text(language))


def test_hours_are_read_by_people(area: Scenario) -> None:
    hall = next(calendar for calendar in area.calendars if calendar.id == "hall")
    assert hours_name(hall, load_text("zh")) == (
        "周一至周五 08:30-12:00、14:00-17:00；周六 09:00-12:00"
    )


def test_other_matters_are_those_of_the_station_and_nothing_else(
    area: Scenario, station: ServicePoint
) -> None:
    """What means the same stays as it was written; groups and departments may stand for many."""
    accepts, forwards = (matters_of(area, names) for names in (station.accepts, station.forwards))
    assert with_matters(area, station, accepts[::-1], forwards) is station
    more = with_matters(area, station, [*accepts, "birth"], [])
    assert set(more.accepts) == {*accepts, "birth"}
    assert more.forwards == ()
    assert more.model_copy(update={n: getattr(station, n) for n in ("accepts", "forwards")}) == (
        station
    )
    assert len(matters_of(area, ["one_matter"])) == 24
