"""Townships: points are chosen, arranged and run; the answer is there in both languages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.questions.extend import ExtendQuestion
from sim.questions.frontier import FrontierQuestion
from sim.questions.next_point import NextPointQuestion
from sim.questions.shortlist import ShortlistQuestion
from sim.scenario.edit_places import with_points
from sim.scenario.places import ServicePoint
from sim.storage.example import EXAMPLE_OF
from sim.storage.extend_export import extension_rows
from sim.storage.extend_keep import load_extension
from sim.storage.request import Request, read_request
from sim.text import LANGUAGES, Language, load_text
from sim.views.extend_report import render_extension
from sim.web import chosen
from sim.web.change import Change, Source, made
from sim.web.frontier import numbers_to
from sim.web.reader import KEY as READER
from sim.web.session import Session
from tests.questions.test_extend import ANYWHERE
from tests.web.test_pages import (
    APP,
    OF_AREA,
    SOURCE,
    WHO,
    address,
    asked_by_example,
    change_of,
    finished,
    home,
    opened,
    pytestmark,
    turn,
    until,
    words,
)

__all__ = ["home", "pytestmark"]

EXAMPLE = EXAMPLE_OF["extend"].question
assert isinstance(EXAMPLE, ExtendQuestion)
SHOWN = EXAMPLE.points
QUICK = ANYWHERE.replace("  measured_days: 5\n", "  measured_days: 3\n  replications: 2\n")
AREA = Source("area.yaml", QUICK + "money: {clerk_yuan_per_hour: 30}\n")
CHANGE = Change(AREA)
RIDGE = ExtendQuestion(("ridge",), "zone")
POINTS = Request(RIDGE, 2, 7)
ANSWERS = {
    language: tuple(
        load_text(language).template(f"stations.answer.{word}").split("{names}")[0]
        for word in ("more", "less", "alike", "unknown")
    )
    for language in LANGUAGES
}


def townships(language: Language = "zh", change: Change = CHANGE) -> AppTest:
    """The page as somebody finds it who uses the area."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.session_state[READER] = WHO
    app.session_state["session"] = Session(language, change)
    turn(app, "townships")
    app.run()
    assert not app.exception
    return app


def choose(app: AppTest, *points: str, language: Language = "zh") -> AppTest:
    app.multiselect(key=f"points-{language}").set_value([*points]).run()
    assert not app.exception
    return app


def edit(
    app: AppTest, points: str, changes: dict[int, dict[str, object]], language: Language = "zh"
) -> AppTest:
    key = f"stations-{language}-{points}"
    app.session_state[key] = {"edited_rows": changes, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception
    return app


def answered(app: AppTest) -> bool:
    title = load_text("zh")("page.results.title"), load_text("en")("page.results.title")
    return any(header.value in title for header in app.header)


def tables_headed(app: AppTest, *heads: str) -> list[pd.DataFrame]:
    """Tables with a row to choose that have these heads, the first of them first."""
    frames = [frame.value for frame in app.dataframe]
    return [
        frame for frame in frames if {*heads} <= {*frame.columns} and frame.columns[0] == heads[0]
    ]


def tables(app: AppTest) -> str:
    return "\n".join(table.value.to_string() for table in app.table)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_places_the_page_turns_to_some_by_itself(home: Path, language: Language) -> None:
    app = opened("townships", language, view="expert")
    assert not app.exception
    start = load_text(language).template("page.townships.switched").split("{name}")[0]
    assert app.info[0].value.startswith(start)
    assert change_of(app).source.name == "sanmenxia_townships.yaml"
    assert app.multiselect(key=f"points-{language}").value == [*SHOWN]
    assert not app.button(key="go-townships").disabled, "the points of the example are chosen"
    app.button(key="townships-back").click().run()
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_stand_there_before_anything_is_asked(home: Path, language: Language) -> None:
    """Also in an area of one's own, whose points they are not: nothing is chosen there."""
    shown = words(townships(language))
    for kind in ("extend", *OF_AREA):
        assert asked_by_example(kind, language) in shown, kind
    assert not townships(language).multiselect(key=f"points-{language}").value
    assert load_text(language)("page.townships.other_points") not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hall_of_ones_own_is_left_only_when_that_is_said(home: Path, language: Language) -> None:
    """Other pages would compute on the area; the way back takes the hall again."""
    own, text = Change(SOURCE), load_text(language)
    app = opened("townships", language)
    assert change_of(app) == own
    assert app.info[0].value == text("page.townships.no_places")
    app.button(key="area").click().run()
    assert not app.exception
    assert change_of(app).source.name == "sanmenxia_townships.yaml"
    app.button(key="townships-back").click().run()
    assert change_of(app) == own


def test_a_candidate_is_taken_into_the_scenario_and_back(home: Path) -> None:
    """A row of the ranking becomes the scenario of all pages, which has one place more."""
    request = Request(ShortlistQuestion(("ridge", "port"), "zone"), 2, 7)
    ranked = finished(home, request, CHANGE)
    name = finished(home, Request(ExtendQuestion(("ridge", "port"), "zone"), 2, 7), CHANGE)
    for language in LANGUAGES:
        app = opened("townships", language, townships=name, shortlist=ranked)
        assert not app.exception
        assert not app.error
        assert app.button(key="shortlist-take").disabled
        assert load_text(language)("shortlist.break_even_means") in words(app)
    app.session_state["shortlist-rows"] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    app.run()
    app.button(key="shortlist-take").click().run()
    assert not app.exception
    scenario = made(change_of(app)).scenario
    before = made(CHANGE).scenario
    assert scenario is not None
    assert before is not None
    assert scenario.hash == with_points(before, ("ridge", "port")).hash
    app.button(key="townships-back").click().run()
    assert not app.exception
    assert change_of(app) == CHANGE


def test_more_candidates_than_can_be_compared_are_told(home: Path) -> None:
    app = townships()
    assert app.button(key="go-shortlist").disabled
    choose(app, "ridge", "port")
    assert not app.button(key="go-shortlist").disabled


def test_where_nothing_says_how_a_point_serves_ways_are_shown(home: Path) -> None:
    text = AREA.text
    assert text is not None
    ways = text[: text.index("  siting:")] + "money: {clerk_yuan_per_hour: 30}\n"
    app = townships(change=Change(Source("area.yaml", ways)))
    assert load_text("zh")("page.townships.no_siting") in [element.value for element in app.info]
    assert app.button(key="go-townships").disabled
    text_of_page = load_text("zh")
    assert [*app.table[0].value] == [text_of_page(f"page.townships.{n}") for n in ("now", "then")]


def test_points_are_chosen_run_and_answered(home: Path) -> None:
    text = load_text("zh")
    app = choose(townships(), "ridge", "port")
    app.button(key="go-townships").click().run()
    assert not app.exception
    name = address(app, "townships")
    until(app, answered)
    extension = load_extension(home / "runs" / name / "result")
    assert extension.points == ("ridge", "port")
    assert extension.scenario == made(CHANGE).scenario
    said = words(app)
    assert extension.scenario.hash not in said  # of the full view
    assert any(answer in said for answer in ANSWERS["zh"])
    assert text("app.stale") not in said
    assert text("page.townships.other_points") not in said
    for measure in ("travel", "trips", "within_30", "gini"):
        assert text(f"area.{measure}") in tables(app)
    app.segmented_control(key="language").set_value("en").run()
    assert not app.exception
    assert any(answer in words(app) for answer in ANSWERS["en"])
    assert not [sign for sign in words(app) + tables(app) if "\u4e00" <= sign <= "\u9fff"]
    assert app.multiselect(key="points-en").value == ["ridge", "port"]
    choose(app, "ridge", language="en")
    assert load_text("en")("page.townships.other_points") in words(app)


def test_the_same_question_is_not_run_again(home: Path) -> None:
    name = finished(home, POINTS, CHANGE)
    app = townships()
    app.session_state["session"] = Session("zh", CHANGE)
    choose(app, "ridge")
    app.number_input(key="townships-seed").set_value(7)
    app.button(key="go-townships").click().run()
    assert address(app, "townships") == name
    choose(app, "port")
    app.button(key="go-townships").click().run()
    assert address(app, "townships") != name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_survives_a_refresh(home: Path, language: Language) -> None:
    own = {"ridge": ServicePoint(hours="office", clerks={"mon-sun 00:00-24:00": 2})}
    base = made(CHANGE).scenario
    assert base is not None
    assert base.places is not None
    assert base.places.siting is not None
    station = base.places.siting.station.model_copy(
        update={"hours": "office", "clerks": own["ridge"].clerks, "assumed": {}}
    )
    own_station = replace(RIDGE, stations={"ridge": station})
    name = finished(home, POINTS._replace(question=own_station), CHANGE)
    app = opened("townships", language, townships=name)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    said = words(app)
    assert answered(app)
    assert app.multiselect(key=f"points-{language}").value == ["ridge"]
    assert text("page.townships.other_points") not in said, "the table says the same"
    if language == "en":
        assert not [sign for sign in said + tables(app) if "\u4e00" <= sign <= "\u9fff"]


def test_a_reopened_page_finds_its_newest_result(home: Path) -> None:
    finished(home, POINTS._replace(question=replace(RIDGE, points=("port",))), CHANGE)
    name = finished(home, POINTS, CHANGE)
    finished(home, POINTS, Change(AREA, demand=90))
    app = townships()
    assert address(app, "townships") == name
    assert app.multiselect(key="points-zh").value == ["ridge"]
    app.session_state["session"] = Session("zh", Change(AREA, demand=80), shown={"extend": name})
    app.run()
    assert load_text("zh")("app.stale") in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_entries_are_told_and_nothing_starts(home: Path, language: Language) -> None:
    app = choose(townships(language), "ridge", "port", language=language)
    text = load_text(language)
    changes: dict[int, dict[str, object]] = {0: {"agents": 0, "yuan": -3}, 1: {"market": "13"}}
    edit(app, "ridge-port", changes, language)
    [message] = [error.value for error in app.error]
    for words_ in ("error.market_digits.remedy", "error.field_value.remedy"):
        assert text(words_).split("{")[0] in message
    assert message.count("\n- ") == 2
    assert "Traceback" not in message
    assert app.button(key="go-townships").disabled
    other_language: Language = "en" if language == "zh" else "zh"
    app.segmented_control(key="language").set_value(other_language).run()
    [message] = [error.value for error in app.error]
    assert load_text(other_language)("error.market_digits.remedy") in message, (
        "what was typed stays"
    )


def test_what_is_written_in_the_table_is_run(home: Path) -> None:
    app = choose(townships(), "ridge", "port")
    edit(app, "ridge-port", {1: {"hours": "office", "agents": 2, "market": "3 8", "yuan": 61_000}})
    assert not app.error
    choose(app, "ridge", "port", "brook")
    app.button(key="go-townships").click().run()
    folder = home / "runs" / address(app, "townships")
    question = read_request(folder).question
    assert isinstance(question, ExtendQuestion)
    assert question.points == ("brook", "ridge", "port")
    assert set(question.stations) == {"port"}
    station = question.stations["port"]
    assert station.hours == "office"
    assert station.market_days is not None
    assert station.market_days.ends_in == (3, 8)
    assert station.yuan_per_year == 61_000


def test_matters_that_are_chosen_are_run(home: Path) -> None:
    app = choose(townships(), "ridge")
    assert app.multiselect(key="station-accepts-zh").value == ["id_card"]
    app.multiselect(key="station-accepts-zh").set_value(["open_shop"]).run()
    app.segmented_control(key="language").set_value("en").run()
    assert app.multiselect(key="station-accepts-en").value == ["open_shop"]
    app.multiselect(key="station-accepts-en").set_value(["open_shop", "id_card"]).run()
    app.segmented_control(key="language").set_value("zh").run()
    assert app.multiselect(key="station-accepts-zh").value == ["open_shop", "id_card"]
    app.button(key="go-townships").click().run()
    assert not app.exception
    question = read_request(home / "runs" / address(app, "townships")).question
    assert isinstance(question, ExtendQuestion)
    assert question.stations["ridge"].accepts == ("open_shop", "id_card")


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_that_nobody_may_accept_are_told(home: Path, language: Language) -> None:
    """The county's hall takes no such matter: a sentence, and no run."""
    app = choose(townships(language), "ridge", language=language)
    app.multiselect(key=f"station-forwards-{language}").set_value(["open_shop"]).run()
    app.button(key="go-townships").click().run()
    until(app, lambda app: bool(app.error))
    assert not app.exception
    shown = words(app).replace("\\", "")
    assert load_text(language)("error.forwards_nowhere.remedy") in shown


def test_a_click_on_the_map_opens_and_closes_a_point(home: Path) -> None:
    def body() -> None:
        from sim.web.chosen import toggle

        toggle("ridge")

    app = AppTest.from_function(body, default_timeout=60)
    app.session_state[chosen.POINTS] = ("port",)
    assert app.run().session_state[chosen.POINTS] == ("port", "ridge")
    assert app.run().session_state[chosen.POINTS] == ("port",)


def test_the_next_point_is_ranked_and_taken(home: Path) -> None:
    request = Request(NextPointQuestion(("ridge",), 2, "zone"), 2, 7)
    ranked = finished(home, request, CHANGE)
    name = finished(home, POINTS, CHANGE)
    for language in LANGUAGES:
        app = opened("townships", language, townships=name, next=ranked)
        assert not app.exception
        assert not app.error
        text = load_text(language)
        [rows] = tables_headed(app, text("cli.head.township"), text("cli.head.trips"))
        assert len(rows) == 2
        assert app.button(key="next-take").disabled
        assert text("page.townships.other_points") not in words(app)
    app.session_state["next-rows"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    app.button(key="next-take").click().run()
    assert not app.exception
    assert len(app.multiselect(key="points-en").value) == 2
    choose(app, "ridge", language="en")
    app.number_input(key="next-most").set_value(2)
    app.number_input(key="townships-seed").set_value(7).run()
    app.button(key="go-next").click().run()
    assert address(app, "next") == ranked, "the same job, shown at once"


def test_the_frontier_is_run(home: Path) -> None:
    text = load_text("zh")
    app = townships()
    app.number_input(key="frontier-most").set_value(2).run()
    app.button(key="go-frontier").click().run()
    assert not app.exception
    folder = home / "runs" / address(app, "frontier")
    heads = [text(f"cli.head.{head}") for head in ("stations", "points", "net")]
    until(app, lambda page: len(tables_headed(page, *heads)) > 0)
    assert read_request(folder).question == FrontierQuestion((1, 2), "zone")
    [rows] = tables_headed(app, *heads)
    assert len(rows) == 3, "no station, one, two"
    turn(app, "data")
    app.run()
    turn(app, "townships")
    app.run()
    assert not app.exception
    assert len(tables_headed(app, *heads)) == 1


def test_numbers_of_points_are_evenly_apart() -> None:
    assert numbers_to(1) == (1,)
    assert numbers_to(8) == (1, 2, 3, 4, 5, 6, 7, 8)
    assert numbers_to(40)[-1] == 40
    assert len(numbers_to(40)) == 8


def test_downloads_hold_all_numbers(home: Path) -> None:
    name = finished(home, POINTS, CHANGE)
    extension = load_extension(home / "runs" / name / "result")
    assert len([*extension_rows(extension)]) > 40
    for language in LANGUAGES:
        page = render_extension(extension, load_text(language))
        assert "<html" in page
        assert extension.scenario.hash in page
        assert "http" not in page.replace("http://www.w3.org", "") or "src=" not in page
        if language == "en":
            shown = page.replace(json.dumps("山梁乡"), "")
            assert load_text("en")("stations.report.title") in shown
