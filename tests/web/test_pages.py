"""Every page opens in both languages; the main way through, as far as no browser is needed."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button
from streamlit.util import calc_hash

from sim import Run, example_path, load_scenario
from sim.errors import Problem, ResultError
from sim.plan.staff import StaffMember
from sim.questions.allocate import AllocateQuestion, allocated_scenario
from sim.questions.compare import CompareQuestion
from sim.questions.hall_levers import LeverChoice
from sim.questions.lever_question import LeversQuestion
from sim.questions.one_matter import MatterQuestion
from sim.questions.question import Question
from sim.questions.rostering import RosterQuestion, rostered_scenario
from sim.questions.size import SizeQuestion, sized_scenario
from sim.questions.staff_change import StaffChangeQuestion
from sim.questions.staffing import StaffingQuestion
from sim.questions.tune import TuneQuestion, tuned_scenario
from sim.questions.warm_up import WarmUpQuestion
from sim.scenario.scenario import Scenario
from sim.storage.answers import QUESTIONS, kind_of
from sim.storage.example import EXAMPLE_OF, example_folder
from sim.storage.jobs import Jobs
from sim.storage.keep import load_study
from sim.storage.kept_study import open_study
from sim.storage.request import Request, read_request
from sim.storage.shipped import example_name
from sim.storage.spreadsheet import rows_of
from sim.text import LANGUAGES, Language, load_text
from sim.views.allocate_words import answers_of
from sim.views.asked_words import asked_words
from sim.views.promise_words import promise_sentences
from sim.views.report_formats import FORMATS
from sim.views.roster_words import answer_sentence as roster_sentence
from sim.views.size_words import answer_sentence
from sim.views.staff_change_words import NeedsGrid, change_sentences
from sim.views.tune_words import answer_sentence as tune_answer
from sim.views.warm_up_words import warm_up_sentences
from sim.web.change import Change, Source, made, with_total
from sim.web.data import read, shown_name
from sim.web.pages import PAGES
from sim.web.people import table_of
from sim.web.reader import KEY as READER
from sim.web.reader import digest
from sim.web.session import Session, answer_to, comparison_of, name_of
from sim.web.telling import plain
from sim.web.uploader import css_text
from tests.strategies import small, without_departments
from tests.web.halls import SMALL
from tests.web.signs import signs_of_log

APP = Path(__file__).resolve().parents[2] / "app.py"
SOURCE = Source("small.yaml", SMALL)
OF_AREA = ("shortlist", "next_points", "frontier")
"""Questions that a page asks only of a hall with townships."""
WHO = digest("ann")
"""Who reads."""

pytestmark = [
    pytest.mark.timeout(300),
    # Streamlit's own: what its test runner does outside a server
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for runs."""
    monkeypatch.setenv("GOVHALL_HOME", str(tmp_path))
    return tmp_path


def opened(page: str, language: Language = "zh", **address: str) -> AppTest:
    """A page as a reader finds it who uses the small hall, or follows an address."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["lang"] = language
    app.session_state[READER] = WHO
    for name, value in address.items():
        app.query_params[name] = value
    if not address:
        app.session_state["session"] = Session(language, Change(SOURCE))
    turn(app, page)
    return app.run()


def address(app: AppTest, name: str) -> str:
    """One value of the address."""
    value = app.query_params[name]
    return value if isinstance(value, str) else str(value[0])


def turn(app: AppTest, page: str) -> None:
    """Turn to a page; `switch_page` knows only pages that are files."""
    app._page_hash = calc_hash("" if page == PAGES[0].key else page)


def open_each_page(app: AppTest) -> Iterator[str]:
    """Turn to one page after the other; each opens without a fault."""
    for page in PAGES:
        turn(app, page.key)
        app.run()
        assert not app.exception, page.key
        yield page.key


def finished(home: Path, request: Request, change: Change | None = None) -> str:
    chosen = change or Change(SOURCE)
    scenario = made(chosen).scenario
    assert scenario is not None
    jobs = Jobs(home)
    submitted = request._replace(settings={"change": chosen.data()}, reader=WHO)
    name = jobs.submit(submitted, scenario)
    limit = time.monotonic() + 250
    while (job := jobs.job(name)) is None or job.live:
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert job.state == "done"
    return name


def words(app: AppTest) -> str:
    """Everything a page says, in one string."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "button", "metric")
    alerts = ("error", "warning", "info", "success")
    said = [str(element.value) for kind in (*kinds, *alerts) for element in getattr(app, kind)]
    labels = [str(element.label) for kind in ("button", "metric") for element in getattr(app, kind)]
    return "\n".join(said + labels)


def until(app: AppTest, done: Callable[[AppTest], bool]) -> None:
    limit = time.monotonic() + 250
    while not done(app):
        assert time.monotonic() < limit, words(app)
        time.sleep(0.2)
        app.run()


def asked_by_example(kind: str, language: Language) -> str:
    """What the mark of an example says was asked, as a page writes it."""
    folder, text = example_folder(kind), load_text(language)
    request = read_request(folder.parent)
    answer = open_study(str(folder)).answer
    words = asked_words(kind, request.question, request.replications, answer, text)
    return plain(text("app.example_asked", asked=words))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_every_page_opens(home: Path, page: str, language: Language) -> None:
    app = opened(page, language)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    title = "app.title" if page == "home" else f"page.{page}.title"
    assert [element.value for element in app.title] == [text(title)]
    if language == "en":
        foreign = {sign for sign in words(app) if "\u4e00" <= sign <= "\u9fff"}
        assert foreign <= signs_of_log(page)


def test_chinese_is_the_default_and_english_a_switch(home: Path) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    assert app.title[0].value == load_text("zh")("app.title")
    app.segmented_control(key="language").set_value("en").run()
    assert app.title[0].value == load_text("en")("app.title")
    assert address(app, "lang") == "en"


@pytest.mark.parametrize(
    ("page", "choice"),
    [("layouts", "staffed"), ("levers", "levers-layout"), ("matter", "matter-layout")],
)
def test_a_choice_outlives_the_switch_of_language(home: Path, page: str, choice: str) -> None:
    """A browser keeps the words of a choice as long as its key, so each language has a key."""
    app = opened(page)
    app.selectbox(key=f"{choice}-zh").set_value("pooled").run()
    for language in ("en", "zh"):
        app.segmented_control(key="language").set_value(language).run()
        assert app.selectbox(key=f"{choice}-{language}").value == "pooled"
        assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "field", "go"),
    [
        ("layouts", "replications", "go"),
        ("layouts", "seed", "go"),
        ("staffing", "staffing-low", "go-staffing"),
        ("levers", "levers-seed", "go-levers"),
        ("matter", "case-open_company", ""),
        ("matter", "reviewers-open_company-tax", ""),
    ],
)
@pytest.mark.parametrize("typed", [-7, 12.5])
def test_a_number_that_cannot_be_used_is_told_and_nothing_starts(
    home: Path, language: Language, page: str, field: str, go: str, typed: float
) -> None:
    """Nor is another number made of it: 12.5 is not 12."""
    app = opened(page, language)
    change = Change(Source("assumed.yaml", ASSUMED))
    story = (
        finished(home, Request(MatterQuestion("pooled"), 2, 1), change) if page == "matter" else ""
    )
    app.session_state["session"] = Session(language, change, shown={"matter": story})
    app.run()
    app.number_input(key=field).set_value(typed)
    if field.startswith("reviewers"):
        again_of(app, language).click()
    app.run()
    assert not app.exception
    [message] = [error.value for error in app.error]
    assert str(typed) in message
    assert load_text(language)("error.field_value.remedy") in message
    if go:
        assert app.button(key=go).disabled


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in EXAMPLE_OF if kind not in OF_AREA])
def test_a_page_is_never_empty(home: Path, kind: str, language: Language) -> None:
    """Before anything is asked the example stands, in the simple view without numbers to find it
    again; a hall of one's own takes nothing from it.
    """
    app = opened(QUESTIONS[kind].page, language)
    text = load_text(language)
    assert not app.exception
    assert text("app.example") in words(app)
    assert asked_by_example(kind, language) in words(app)
    scenario = EXAMPLE_OF[kind].scenario()
    assert not [sign for sign in (example_name(kind), scenario.hash) if sign in words(app)]
    for button in app.button:
        if str(button.key).startswith(f"take-{kind}"):
            button.click().run()
            assert not app.exception
            assert app.session_state["session"].change == Change(SOURCE)
            assert app.error
            break


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLE_OF if kind != "compare"])
def test_fields_stand_as_the_example_was_asked(
    home: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who presses the button below an example's fields asks what the example was asked."""
    submitted: list[tuple[Request, str]] = []

    def refuse(jobs: Jobs, request: Request, scenario: Scenario) -> str:
        submitted.append((request, scenario.hash))
        raise ResultError(Problem("no_study"))

    monkeypatch.setattr(Jobs, "submit", refuse)
    app = AppTest.from_file(str(APP), default_timeout=120)
    turn(app, QUESTIONS[kind].page)
    app.run()
    app.button(key=f"go-{name_of(QUESTIONS[kind].asks)}").click().run()
    assert not app.exception
    [(request, scenario_hash)] = submitted
    shown = read_request(example_folder(kind).parent)
    assert request.same_question(shown)
    assert scenario_hash == EXAMPLE_OF[kind].scenario().hash


def test_a_study_is_run_and_shown(home: Path) -> None:
    app = opened("layouts")
    text = load_text("zh")
    assert text("app.example") in words(app), "before anything is asked the example stands"
    app.segmented_control(key="view").set_value("expert")
    app.number_input(key="replications").set_value(2)
    app.button(key="go").click().run()
    assert not app.exception
    name = address(app, "study")
    until(app, lambda page: (home / "runs" / name / "result").is_dir())
    app.run()
    study = load_study(home / "runs" / name / "result")
    assert study.replications == 2
    said = words(app)
    assert study.scenario.hash in said
    assert name in said.replace("\\", "")
    assert text("app.stale") not in said
    app.number_input(key="seed").set_value(7).run()
    assert text("app.stale") in words(app), "the result is of another seed"
    again = opened("layouts", study=name)
    assert study.scenario.hash in words(again), "a reader's view is kept between visits"
    again.segmented_control(key="view").set_value("simple").run()
    assert study.scenario.hash not in words(again)
    assert text("app.example") not in words(again)
    assert (
        text.template("format.likely").partition("{low}")[0][-4:]
        in again.table[0].value.to_string()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_a_study_is_played(home: Path, language: Language) -> None:
    name = finished(
        home, Request(CompareQuestion(("pooled", "zone")), 2, 5), Change(SOURCE, days=2)
    )
    app = opened("layouts", language, study=name)
    app.toggle(key="hall-day-shown").set_value(True).run()
    assert not app.exception
    assert not app.error
    app.number_input(key="hall-day-number").set_value(3).run()
    assert load_text(language)("error.field_value.remedy") in " ".join(e.value for e in app.error)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_survives_a_refresh(home: Path, language: Language) -> None:
    change = Change(SOURCE, demand=80, days=4)
    name = finished(home, Request(CompareQuestion(("pooled", "zone")), 2, 5), change)
    app = opened("layouts", language, study=name)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    assert text("page.results.title") in words(app)
    assert app.slider(key="demand").value == 80
    assert app.number_input(key="days").value == 4
    assert app.number_input(key="seed").value == 5
    if language == "en":
        assert not [sign for sign in words(app) if "\u4e00" <= sign <= "\u9fff"]
    turn(app, "home")
    app.run()
    assert not app.exception
    assert name not in words(app).replace("\\", ""), "nobody's study stands on the first page"


def test_an_unknown_study_is_a_sentence(home: Path) -> None:
    app = opened("layouts", study="../../etc/passwd")
    assert not app.exception
    assert len(app.error) == 1


def again_of(app: AppTest, language: Language) -> Button:
    """The button by which the page of one matter takes other numbers."""
    words_of = load_text(language)("page.matter.again")
    return next(button for button in app.button if button.label == words_of)


def edit(app: AppTest, revision: int, day: str, changes: dict[int, dict[str, int]]) -> AppTest:
    key = f"clerks-zone-{day}-{revision}"
    app.session_state[key] = {"edited_rows": changes, "added_rows": [], "deleted_rows": []}
    return app.run()


def change_of(app: AppTest) -> Change:
    change = app.session_state["session"].change
    assert isinstance(change, Change)
    return change


def test_clerks_are_edited_undone_and_reset(home: Path) -> None:
    app = opened("layouts")
    text = load_text("zh")
    weekdays = "0-1-2-3-4"
    edit(app, 0, weekdays, {0: {"09:30": 3}})
    assert not app.exception
    first = {"mon-fri 09:00-09:30": 2, "mon-fri 09:30-10:00": 3, "mon-fri 10:00-11:00": 2}
    assert change_of(app).rosters["zone"]["zone"] == {**first, "sat 09:00-10:00": 1}
    assert text("page.layouts.unequal") in words(app)
    assert app.button(key="go").disabled
    app.checkbox(key="unequal").check().run()
    assert not app.button(key="go").disabled
    edit(app, 0, weekdays, {0: {"09:30": 3, "10:00": 4}})
    assert change_of(app).rosters["zone"]["zone"]["mon-fri 10:00-10:30"] == 4
    app.button(key="undo").click().run()
    assert change_of(app).rosters["zone"]["zone"] == {**first, "sat 09:00-10:00": 1}
    app.button(key="reset").click().run()
    assert change_of(app).rosters == {}
    app.button(key="undo").click().run()
    assert "zone" in change_of(app).rosters


def test_edits_are_kept_while_another_page_is_read(home: Path) -> None:
    app = opened("layouts")
    edit(app, 0, "0-1-2-3-4", {0: {"09:30": 3}})
    before = change_of(app)
    turn(app, "data")
    app.run()
    turn(app, "layouts")
    app.run()
    assert not app.exception
    assert change_of(app) == before


def test_a_staffing_point_becomes_the_scenario(home: Path) -> None:
    request = Request(StaffingQuestion(("pooled",), (3, 4)), 2, 1)
    name = finished(home, request)
    for language in LANGUAGES:
        app = opened("staffing", language, staffing=name)
        assert not app.exception
        assert not app.error
        assert load_text(language)("page.results.title") in words(app)
        assert app.button(key="take").disabled


def test_taking_a_point_sets_the_rosters(home: Path) -> None:
    def body() -> None:
        from functools import partial

        from sim.web.adopt import adopt
        from sim.web.change import with_total
        from sim.web.session import session

        if not session().change.rosters:
            adopt(partial(with_total, layout="pooled", clerks=3), "pooled", "take")

    app = AppTest.from_function(body, default_timeout=60)
    app.session_state["session"] = Session("zh", Change(SOURCE))
    app.run()
    assert not app.exception
    assert change_of(app) == with_total(Change(SOURCE), "pooled", 3)
    assert app.session_state["staffed"] == "pooled"
    turned = AppTest.from_file(str(APP), default_timeout=120)
    turned.session_state["session"] = app.session_state["session"]
    turn(turned, "layouts")
    turned.run()
    assert not turned.exception
    assert not turned.error, "another budget was asked for on purpose"
    assert not turned.button(key="go").disabled


ASSUMED = (
    SMALL
    + """\
assumed:
  matters.errand.service.base.mean: [3 min, 9 min]
  layouts.pooled.windows.all.clerks: [3, 6]
  layouts.zone.windows.zone.clerks: [1, 3]
  departments.*.reviewers: [1, 2]
"""
)


def test_levers_are_ranked_and_the_same_question_is_not_run_again(home: Path) -> None:
    app = opened("levers")
    app.session_state["session"] = Session("zh", Change(Source("assumed.yaml", ASSUMED)))
    app.run()
    text = load_text("zh")
    assert app.toggle(key="levers-screen").value, "in groups first, unless told otherwise"
    app.toggle(key="levers-screen").set_value(False).run()
    app.button(key="go-levers").click().run()
    assert not app.exception
    name = address(app, "levers")
    until(app, lambda page: text("page.results.title") in words(page))
    ranking = QUESTIONS["levers"].load(home / "runs" / name / "result")
    assert {swing.lever.path for swing in ranking.swings} == {
        "matters.errand.service.base.mean",
        "layouts.zone.windows.zone.clerks",
        "departments.*.reviewers",
    }
    anew = {name, ranking.scenario.hash}
    assert not [sign for sign in anew if sign in words(app)]
    app.segmented_control(key="view").set_value("expert").run()
    assert all(sign in words(app) for sign in anew), "the full view says how to find it anew"
    app.session_state["session"] = Session("zh", Change(Source("assumed.yaml", ASSUMED)))
    app.run()
    app.button(key="go-levers").click().run()
    assert address(app, "levers") == name, "the same job, shown at once"
    app.selectbox(key="levers-measure-zh").set_value("trips").run()
    app.button(key="go-levers").click().run()
    assert address(app, "levers") != name
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ranking_survives_a_refresh(home: Path, language: Language) -> None:
    change = Change(Source("assumed.yaml", ASSUMED))
    request = Request(LeversQuestion("pooled", "trips", ("layouts", "matters")), 2, 1)
    name = finished(home, request, change)
    app = opened("levers", language, levers=name)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    assert text("page.results.title") in words(app)
    assert app.selectbox(key=f"levers-layout-{language}").value == "pooled"
    assert app.selectbox(key=f"levers-measure-{language}").value == "trips"
    if language == "en":
        assert not [sign for sign in words(app) if "\u4e00" <= sign <= "\u9fff"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checked_warm_up_survives_a_refresh(home: Path, language: Language) -> None:
    """It stands on the page of the scenario, with its figure and a row a layout."""
    name = finished(home, Request(WarmUpQuestion(), 2, 1), Change(SOURCE))
    app = opened("data", language, warm_up=name)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    assert text("warm_up.heading") in words(app)
    check = answer_to(WarmUpQuestion, name)
    for sentence in warm_up_sentences(check, text):
        assert plain(sentence) in words(app)
    assert len(app.table[0].value) == len(check.rows) == 2
    app.button(key="go-warm_up").click().run()
    assert app.query_params["warm_up"] == name, "the same question, shown at once"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_scenario_says_what_is_promised(home: Path, language: Language) -> None:
    app, text = opened("data", language), load_text(language)
    assert text("size.promised") not in words(app)
    app.session_state["session"] = Session(language, Change(Source("promised_day.yaml")))
    app.run()
    assert not app.exception
    assert text("size.promised") in words(app)
    promised = load_scenario(example_path("promised_day.yaml"))
    assert plain(promise_sentences(promised, text)[0]) in words(app)


PROMISED = {
    "targets.promises": '[{"measure": "called_within", "within": "10 min", "at_least": 0.8,'
    ' "each": "half_hour"}, {"measure": "overtime", "at_most": "30 min", "each": "day"}]'
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sized_roster_survives_a_refresh_and_can_be_taken(home: Path, language: Language) -> None:
    """The answer stands above the curve, and its roster becomes that of the scenario."""
    change = Change(SOURCE, fields=PROMISED)
    name = finished(home, Request(SizeQuestion(("pooled",)), 2, 1), change)
    app = opened("staffing", language, size=name)
    assert not app.exception
    assert not app.error
    text, sizing = load_text(language), answer_to(SizeQuestion, name)
    [row] = sizing.layouts
    assert plain(answer_sentence(sizing, row, text)) in words(app)
    offered = {element.key for element in app.main if element.type == "download_button"}
    assert {"size-csv", "size-json", "size-html"} <= offered
    assert app.number_input(key="size-share").value == 80, "as the scenario promises"
    assert app.number_input(key="size-minutes").value == 10
    app.button(key="go-size").click().run()
    assert app.query_params["size"] == name, "the same question, shown at once"
    assert not app.error
    assert text("page.roster.needs_sized") in words(app), "people are rostered for that answer"
    app.selectbox(key=f"roster-layout-{language}").set_value("zone").run()
    assert text("page.roster.needs_sized") not in words(app), "which is not of this layout"
    app.button(key="take-size-pooled").click().run()
    assert not app.exception
    taken = made(app.session_state["session"].change).scenario
    assert taken is not None
    [group] = taken.layout("pooled").windows
    assert dict(group.clerks) == dict(
        sized_scenario(sizing, "pooled").layout("pooled").windows[0].clerks
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_chosen_settings_survive_a_refresh_and_can_be_taken(home: Path, language: Language) -> None:
    """The levers that were asked for are chosen again, and the best become the scenario's."""
    lever = LeverChoice("hall.last_ticket", "10 min,20 min")
    question = TuneQuestion((lever,), "pooled", "drain", zone=0.01)
    name = finished(home, Request(question, 2, 1), Change(SOURCE))
    app = opened("staffing", language, tune=name)
    assert not app.exception
    assert not app.error
    text, tuning = load_text(language), answer_to(TuneQuestion, name)
    assert plain(tune_answer(tuning, text)) in words(app)
    assert tuning.best.overrides
    app.button(key="take-tune").click().run()
    assert not app.exception
    taken = made(app.session_state["session"].change).scenario
    assert taken is not None
    assert taken.hash == tuned_scenario(tuning).hash


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_move_where_is_said_on_the_page(home: Path, language: Language) -> None:
    """A reader chooses groups; both ways where none is chosen, and again where it is reopened."""
    moves = LeverChoice("seats", "zone>rest")
    name = finished(home, Request(TuneQuestion((moves,), "zone"), 2, 1), Change(SOURCE))
    app, text = opened("staffing", language, tune=name), load_text(language)
    assert not app.exception
    ends = {end: app.multiselect(key=f"tune-seats-{end}-zone") for end in ("from", "to")}
    assert (ends["from"].value, ends["to"].value) == (["zone"], ["rest"])
    app.button(key="go-tune").click().run()
    assert address(app, "tune") == name, "the same question, shown at once"
    ends["to"].set_value([]).run()
    assert text("page.tune.seats_help") in words(app)
    assert not app.button(key="go-tune").disabled
    app.session_state["tune-levers"] = ["seats", "opening"]
    app.run()
    assert text("page.tune.together") in words(app)
    assert app.button(key="go-tune").disabled


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_half_hour_is_tried_with_one_clerk_fewer_and_one_more(
    home: Path, language: Language
) -> None:
    """A cell of the table says what becomes of the promises; a name or a closed hour does not."""
    name = finished(home, Request(SizeQuestion(("pooled",)), 2, 1), Change(SOURCE, fields=PROMISED))
    app, text = opened("staffing", language, size=name), load_text(language)
    sizing = answer_to(SizeQuestion, name)
    [row] = sizing.layouts
    assert text("size.change.hint") in words(app)
    grid = NeedsGrid(sizing, row, text)
    need = next(need for need in row.needs if need.clerks > 1)
    column = next(n for n in range(len(grid.table.heads)) if grid.need_at(0, n) == need)
    for cell, is_tried in ((grid.table.heads[0], False), (grid.table.heads[column], True)):
        chosen = {"selection": {"rows": [], "columns": [], "cells": [(0, cell)]}}
        app.session_state["change-pooled"] = chosen
        app.run()
        assert not app.exception
        assert not app.error
        question = StaffChangeQuestion("pooled", need.group, need.days, need.starts)
        change = question.answer(sizing, run=Run(workers=1))
        for sentence in change_sentences(sizing, change, text):
            assert (plain(sentence) in words(app)) == is_tried


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_best_roster_within_the_hours_can_be_taken(home: Path, language: Language) -> None:
    """What the hours buy stands between the promise and the curve."""
    name = finished(home, Request(AllocateQuestion(("pooled",)), 2, 1), Change(SOURCE))
    app = opened("staffing", language, allocate=name)
    assert not app.exception
    assert not app.error
    text, allocation = load_text(language), answer_to(AllocateQuestion, name)
    for sentence in answers_of(allocation, allocation.layouts[0], text):
        assert plain(sentence) in words(app)
    assert text("app.download_csv") in [button.proto.label for button in app.get("download_button")]
    app.button(key="take-allocate-pooled").click().run()
    assert not app.exception
    taken = made(app.session_state["session"].change).scenario
    assert taken is not None
    best = allocated_scenario(allocation, "pooled").layout("pooled").windows[0].clerks
    assert dict(taken.layout("pooled").windows[0].clerks) == dict(best)


STAFF = (
    StaffMember("张三", ("all",), 40.0),
    StaffMember("李四", ("all",), 40.0, weekdays_off=(2,)),
    StaffMember("王五", ("all",), 40.0, wishes=("mornings",)),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_roster_is_shown_and_changed_by_hand(home: Path, language: Language) -> None:
    """The roster survives a refresh; what is changed in it is simulated as it stands."""
    question = RosterQuestion("pooled", STAFF, 1, "2025-03-03")
    name = finished(home, Request(question, 2, 1))
    app = opened("staffing", language, roster=name)
    assert not app.exception
    assert not app.error
    text, roster = load_text(language), answer_to(RosterQuestion, name)
    assert plain(roster_sentence(roster, text)) in words(app)
    assert not app.button(key="check-roster").disabled
    assert app.session_state["staff-table"][1][0] == "张三", "as it was asked"
    assert app.number_input(key="roster-weeks").value == 1
    app.button(key="check-roster").click().run()
    assert not app.exception
    job = str(app.session_state["session"].job(RosterQuestion))
    assert job != name
    until(app, lambda _: (checked := Jobs(home).job(job)) is not None and not checked.live)
    answer = answer_to(RosterQuestion, job)
    assert answer.posted
    assert answer.duties == roster.duties
    assert answer.cover == roster.cover


def test_the_clerks_of_a_roster_can_be_taken(home: Path) -> None:
    name = finished(home, Request(RosterQuestion("pooled", STAFF, 1, "2025-03-03"), 2, 1))
    app = opened("staffing", roster=name)
    app.button(key="take-roster").click().run()
    assert not app.exception
    taken = made(app.session_state["session"].change).scenario
    assert taken is not None
    rostered = rostered_scenario(answer_to(RosterQuestion, name)).layout("pooled").windows[0]
    assert dict(taken.layout("pooled").windows[0].clerks) == dict(rostered.clerks)


def test_without_people_the_fewest_are_asked_for(home: Path) -> None:
    app = opened("staffing")
    text = load_text("zh")
    assert text("page.roster.nobody") in words(app)
    assert text("page.roster.needs_today") in words(app)
    assert not app.button(key="go-roster").disabled
    app.number_input(key="roster-weeks").set_value(0).run()
    assert app.button(key="go-roster").disabled


def test_mistakes_of_a_table_of_people_are_told_with_their_cells(home: Path) -> None:
    """So are they after another page, as what was written stays."""
    app = opened("levers")
    app.session_state["staff-table"] = [["姓名", "岗位"], ["张三", "没有的岗位"], ["张三", "全部"]]
    for page in ("staffing", "levers", "staffing"):
        turn(app, page)
        app.run()
        assert not app.exception
    said = "\n".join(element.value for element in app.error)
    assert "B2 岗位" in said
    assert "A3 姓名" in said
    assert app.button(key="go-roster").disabled


def test_a_table_of_people_is_taken_from_a_file() -> None:
    """A title above the heads and columns without one are left out."""
    file = "科室人员,,\n姓名,岗位,,工号\n张三,全部,x,7\n,,,\n".encode("gb18030")
    table = table_of(rows_of(file, "people.csv"), load_text("zh"))
    assert table == [["姓名", "岗位", "工号"], ["张三", "全部", "7"]]
    assert table_of([], load_text("en"))[0][:2] == ["name", "groups"]


def test_another_promise_is_another_question(home: Path) -> None:
    """A promise of the page is no change of the scenario until a roster is taken."""
    app = opened("staffing")
    before = app.session_state["session"].change
    app.number_input(key="size-share").set_value(95)
    app.selectbox(key="size-each-zh").set_value("day").run()
    assert "各日类 95% 的群众 15 分钟内叫到号" in words(app)
    assert app.session_state["session"].change == before
    app.number_input(key="size-share").set_value(0).run()
    assert app.button(key="go-size").disabled
    assert "100" in app.error[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_ranges_there_are_no_levers(home: Path, language: Language) -> None:
    app = opened("levers", language)
    assert not app.exception
    assert load_text(language)("page.levers.no_levers") in words(app)
    assert app.button(key="go-levers").disabled


def queue_of(reader: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four jobs of a reader that wait."""
    monkeypatch.setattr(Jobs, "_start_next", lambda self: None)
    scenario = made(Change(SOURCE)).scenario
    assert scenario is not None
    jobs = Jobs(home)
    for _ in range(4):
        jobs.submit(Request(CompareQuestion(("zone",)), 2, 1, reader=reader), scenario)


def test_a_full_queue_is_a_sentence_beside_the_button(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_of("ann", home, monkeypatch)
    app = opened("layouts")
    app.session_state[READER] = "ann"
    app.button(key="go").click().run()
    assert not app.exception
    [message] = app.error
    assert "4" in message.value
    shown = [*app.main]
    [button] = [element for element in shown if getattr(element, "key", None) == "go"]
    assert shown.index(message) == shown.index(button) + 1
    turn(app, "staffing")
    app.run()
    assert not app.error, "it is told where it was asked"


def test_a_queue_of_others_shuts_nobody_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_of("bob", home, monkeypatch)
    app = opened("layouts")
    app.session_state[READER] = "ann"
    app.button(key="go").click().run()
    assert not app.exception
    assert not app.error
    assert read_request(home / "runs" / address(app, "study")).reader == "ann"


def test_a_job_of_another_is_looked_at_and_not_cancelled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jobs, "_start_next", lambda self: None)
    scenario = made(Change(SOURCE)).scenario
    assert scenario is not None
    request = Request(CompareQuestion(("zone",)), 2, 1, settings={"change": Change(SOURCE).data()})
    name = Jobs(home).submit(request._replace(reader="bob"), scenario)
    for reader, may in (("ann", False), ("bob", True)):
        app = opened("layouts", study=name)
        app.session_state[READER] = reader
        app.run()
        assert not app.exception
        assert (f"stop-{name}" in [button.key for button in app.button]) == may


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_file_is_a_list_with_lines(home: Path, language: Language) -> None:
    app = opened("data", language)
    wrong = SMALL.replace("review: 10 min", "review: 10").replace("serves: [market]", "serves: [x]")
    app.file_uploader(key="file").upload("mine.yaml", wrong.encode()).run()
    assert not app.exception
    errors = "\n".join(error.value for error in app.error).replace("\\", "")
    line = wrong[: wrong.index("review: 10}")].count("\n") + 1
    assert f"mine.yaml:{line}" in errors
    assert "Traceback" not in errors
    assert change_of(app).source == SOURCE


def test_bytes_that_are_no_text_are_told_by_line(home: Path) -> None:
    source, problems = read("mine.yaml", "name: a\nname: é".encode("latin-1"))
    assert source is None
    assert [(problem.code, problem.line) for problem in problems] == [("not_utf8", 2)]


def test_a_right_file_is_taken_and_given_back(home: Path) -> None:
    app = opened("data")
    upload = SMALL.replace("小厅", "我的厅")
    app.file_uploader(key="file").upload("mine.yaml", upload.encode()).run()
    app.button(key="use").click().run()
    assert not app.exception
    assert change_of(app).source == Source("mine.yaml", upload)
    assert "我的厅" in words(app)
    turn(app, "layouts")
    app.run()
    assert not app.exception


def test_every_page_opens_where_nothing_is_reviewed(home: Path) -> None:
    app = opened("data")
    upload = without_departments(small())
    app.file_uploader(key="file").upload("mine.yaml", upload.encode()).run()
    app.button(key="use").click().run()
    assert not app.error
    assert [*open_each_page(app)]


def test_every_page_opens_where_hours_and_rosters_go_by_dates(home: Path) -> None:
    """Rosters of such a layout are not edited as a week, and the page says so."""
    dated = (
        "sat: [09:00-10:00]}, days: {2025-03-05: [09:00-12:00]},"
        " periods: {2025-03-04 to 2025-03-31: {mon-fri: [09:00-11:00]}}}"
    )
    upload = SMALL.replace("sat: [09:00-10:00]}}", dated).replace(
        "clerks: {mon-fri 00:00-24:00: 2,",
        "clerks: {mon-fri 00:00-24:00: 2.5, 2025-03-05 00:00-24:00: 1,",
    )
    app = opened("data", "en")
    upload += "equal_budget: none\n"
    app.file_uploader(key="file").upload("mine.yaml", upload.encode()).run()
    app.button(key="use").click().run()
    assert not app.error
    for page in open_each_page(app):
        if page == "layouts":
            assert [info.value for info in app.info if "go by dates" in info.value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_that_ships_is_taken(home: Path, language: Language) -> None:
    app = opened("data", language)
    app.selectbox(key=f"built-in-{language}").select("sanmenxia_before.yaml").run()
    app.button(key="take").click().run()
    assert not app.exception
    assert change_of(app).source == Source("sanmenxia_before.yaml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_point_brings_people_nearer(home: Path, language: Language) -> None:
    app = opened("townships", language, view="expert")
    app.multiselect(key=f"points-{language}").set_value([]).run()
    assert not app.exception
    before, after = (str(app.table[0].value.iloc[0, column]) for column in range(2))
    assert before == after
    app.multiselect(key=f"points-{language}").select("t411224204").run()
    assert not app.exception
    now, then = (app.table[0].value.iloc[0, column] for column in range(2))
    assert float(str(then).split()[0]) < float(str(now).split()[0])


def test_what_breaks_is_a_sentence_with_a_number(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any) -> None:
        raise RuntimeError("private detail")

    monkeypatch.setattr("sim.web.layouts.day_types", breaks)
    app = opened("layouts")
    assert not app.exception
    assert len(app.error) == 1
    assert "private detail" not in app.error[0].value
    number = caplog.records[-1].getMessage().split()[-1]
    assert number in app.error[0].value


def test_downloads_hold_all_numbers(home: Path) -> None:
    from sim.web.results import csv_of, json_of, report_of

    name = finished(home, Request(CompareQuestion(("zone", "pooled")), 2, 1))
    comparison = comparison_of(home / "runs" / name / "result")
    table = csv_of(comparison)
    assert table.startswith(b"\xef\xbb\xbf")
    assert len(table.splitlines()) > 40
    assert json.loads(json_of(comparison))["replications"] == 2
    for language in LANGUAGES:
        assert b"<html" in report_of(comparison, load_text(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "kind", "question"),
    [
        ("layouts", "study", CompareQuestion(("zone", "pooled"))),
        ("data", "warm_up", WarmUpQuestion()),
    ],
)
def test_an_answer_becomes_a_document_once_it_is_asked_for(
    home: Path, page: str, kind: str, question: Question[Any, Any], language: Language
) -> None:
    """A button a form; a press makes that form alone, for this language, and offers it to save."""
    name, text = finished(home, Request(question, 2, 1)), load_text(language)
    app = opened(page, language, **{kind: name})
    key = f"document-{kind_of(type(question))}"
    keys = {f"{key}-{form}" for form in FORMATS}
    assert keys <= {button.key for button in app.button}
    app.button(key=f"{key}-xlsx").click().run()
    assert not app.exception
    assert keys - {button.key for button in app.button} == {f"{key}-xlsx"}
    [saved] = [each for each in app.get("download_button") if each.proto.id.endswith("xlsx-save")]
    words_of = text("app.document_save", form=text("app.document.xlsx"))
    assert saved.proto.label == words_of
    app.run()
    assert keys - {button.key for button in app.button} == {f"{key}-xlsx"}, "it is kept"


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\con", "a\0b.yaml", "", "x" * 300])
def test_names_of_uploads_are_only_shown(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 60
    assert not set("/\\\0") & set(shown)


def test_words_in_a_style_sheet_cannot_leave_it() -> None:
    assert '"' not in css_text('a"} b').strip('"')


def looked_into(app: AppTest) -> AppTest:
    """The page of one matter once its job has answered."""
    app.button(key="go-matter").click().run()
    assert not app.exception
    until(app, lambda page: load_text("zh")("page.matter.case") in words(page))
    return app


def cuts_shown(app: AppTest) -> pd.DataFrame:
    """The table of the four reductions."""
    head = plain(load_text("zh")("cli.head.cut"))
    [table] = [table.value for table in app.table if head in table.value.columns]
    return table


def test_one_matter_tried_with_other_numbers(home: Path) -> None:
    """Papers and reviewers are moved; the same people come again, and the base stays as it was."""
    app, text = opened("matter"), load_text("zh")
    assert text("page.matter.process") in words(app), "what the scenario says is there at once"
    looked_into(app)
    assert plain(text("page.matter.reductions")) in words(app)
    before = cuts_shown(app)
    first = address(app, "matter")
    app.slider(key="papers-open_company").set_value(9)
    app.number_input(key="reviewers-open_company-tax").set_value(2)
    again_of(app, "zh").click().run()
    assert not app.exception
    assert text("page.matter.tried", n=2) in words(app)
    assert text("app.stale") in words(app)
    looked_into(app)
    until(app, lambda page: text("app.stale") not in words(page))
    after = cuts_shown(app)
    head = plain(text("cli.head.after"))
    assert list(before[head])[1].startswith("0")
    assert list(after[head])[1].startswith("9")
    assert made(app.session_state["session"].change).scenario == made(Change(SOURCE)).scenario
    app.slider(key="papers-open_company").set_value(0)
    app.number_input(key="reviewers-open_company-tax").set_value(1)
    again_of(app, "zh").click().run()
    assert address(app, "matter") == first, "what was answered is shown at once"
    assert text("app.stale") not in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_matter_survives_a_refresh(home: Path, language: Language) -> None:
    name = finished(home, Request(MatterQuestion("pooled"), 2, 5))
    app = opened("matter", language, view="expert", matter=name)
    assert not app.exception
    assert not app.error
    text = load_text(language)
    said = words(app)
    assert plain(text("page.matter.reductions")) in said
    assert name in said.replace("\\", "")
    app.number_input(key="case-open_company").set_value(2).run()
    assert not app.exception
    if language == "en":
        assert not [sign for sign in words(app) if "\u4e00" <= sign <= "\u9fff"]


def test_one_matter_without_a_before(home: Path) -> None:
    """Where nothing says at which windows single items are applied for, the rest is shown."""
    source = Source("small.yaml", SMALL.replace(", own_matter: errand", ""))
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state["session"] = Session("en", Change(source))
    turn(app, "matter")
    app.run()
    assert not app.exception
    assert not app.error
    assert load_text("en")("page.matter.no_before") in words(app)
    assert "own\\_matter" in words(app)
