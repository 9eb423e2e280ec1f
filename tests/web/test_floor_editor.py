"""The floor plan whose groups are moved: what a browser hands back, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.text import LANGUAGES, Language, load_text
from sim.views.floor_metres import floor_metres
from sim.web import floor_editor
from sim.web.change import Change, made
from sim.web.floor_editor import SEATS
from sim.web.kept_halls import kept_scenarios
from tests.web.test_pages import SOURCE, WHO, change_of, home, opened, pytestmark

__all__ = ["home", "pytestmark"]


def small_hall() -> Scenario:
    scenario = made(Change(SOURCE, unequal=True)).scenario
    assert scenario is not None
    return scenario


def change_after(place: Any, monkeypatch: pytest.MonkeyPatch) -> Change:
    """The change when a browser has handed back a place in the small hall's zone layout."""
    after = [Change(SOURCE)]
    monkeypatch.setattr(floor_editor, "current", lambda: type("S", (), {"change": after[-1]}))

    def put(change: Change) -> None:
        after.append(change)

    monkeypatch.setattr(floor_editor, "put", put)
    scenario = small_hall()
    floor = floor_metres(scenario, "zone", load_text("en"))
    floor_editor._put("zone", floor, place)
    return after[-1]


def test_a_group_that_is_moved_stands_there_and_the_others_where_they_were_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = floor_metres(small_hall(), "zone", load_text("en"))
    assert not before.is_written
    moved = before.groups[-1].id
    change = change_after({"id": moved, "x": 3.5, "y": 9}, monkeypatch)
    scenario = made(Change(SOURCE, fields=change.fields, unequal=True)).scenario
    assert scenario is not None
    after = floor_metres(scenario, "zone", load_text("en"))
    assert after.is_written
    assert after.seats == before.seats
    for old, new in zip(before.groups, after.groups, strict=True):
        assert (new.x, new.y) == ((3.5, 9.0) if old.id == moved else (old.x, old.y))
    assert scenario.hall.metres_per_minute is None, "a drawing alone changes no walk"
    assert scenario.hall.seats is None, "people still sit before their windows"


def test_seats_are_moved_too(monkeypatch: pytest.MonkeyPatch) -> None:
    change = change_after({"id": SEATS, "x": 1, "y": 2.5}, monkeypatch)
    assert change.fields["hall.seats"] == "{x: 1, y: 2.5}"


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"id": "nobody", "x": 1, "y": 1},
        {"id": SEATS, "x": "a", "y": 1},
        {"id": SEATS, "x": float("nan"), "y": 1},
        {"id": SEATS, "x": 1e9, "y": 1},
        {"id": SEATS, "x": None, "y": 1},
    ],
)
def test_what_is_no_place_of_this_floor_changes_nothing(
    place: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert change_after(place, monkeypatch) == Change(SOURCE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_walks_are_of_the_model_when_the_reader_says_so(home: Path, language: Language) -> None:
    app: AppTest = opened("layouts", language)
    box = app.checkbox(key=f"floor-walks-{language}")
    assert not box.value
    box.check().run()
    assert not app.exception
    assert not app.error
    scenario = made(change_of(app)).scenario
    assert scenario is not None
    assert scenario.hall.metres_per_minute == 70
    walks = [group.walk_of(scenario.hall) for group in scenario.layout("zone").windows]
    assert min(walks) > 0
    app.number_input(key="floor-speed").set_value(80).run()
    assert not app.exception
    scenario = made(change_of(app)).scenario
    assert scenario is not None
    assert scenario.hall.metres_per_minute == 80
    app.checkbox(key=f"floor-walks-{language}").uncheck().run()
    scenario = made(change_of(app)).scenario
    assert scenario is not None
    assert scenario.hall.metres_per_minute is None
    app.button(key="floor-reset").click().run()
    assert not app.exception
    assert not any(path.endswith(".position") for path in change_of(app).fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_is_saved_as_a_hall_of_the_reader(home: Path, language: Language) -> None:
    app: AppTest = opened("layouts", language)
    app.checkbox(key=f"floor-walks-{language}").check().run()
    app.button(key="floor-save").click().run()
    assert not app.exception
    [hall] = kept_scenarios(WHO)
    saved = scenario_from_text(hall.words)
    assert hall.name == load_text(language).name(small_hall().name)
    assert saved.hall.metres_per_minute == 70
    assert all(group.position is not None for group in saved.layout("zone").windows)
