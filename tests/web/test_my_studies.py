"""My studies: listed, named, copied, deleted by their reader alone; side by side where asked."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.questions.compare import CompareQuestion, compare
from sim.questions.side_by_side import StudyLayout, is_same_crowd, put_side_by_side
from sim.runs.replicate import Study, replicate
from sim.runs.run import Run
from sim.storage.answers import QUESTIONS
from sim.storage.example import EXAMPLE_OF
from sim.storage.jobs import Jobs
from sim.storage.own_jobs import copy_job, delete_job, write_on_job
from sim.storage.request import REQUEST, Request, read_reader
from sim.storage.shipped import example_name
from sim.storage.study_card import MOST_NAME, StudyCard, read_card
from sim.text import LANGUAGES, Language, load_text
from sim.web.change import Change, made
from sim.web.pages import PAGES
from tests.web.test_pages import OF_AREA, SOURCE, WHO, finished, home, opened, turn, words

__all__ = ["home"]

pytestmark = [
    pytest.mark.timeout(300),
    # Streamlit's own: what its test runner does outside a server
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
BOTH = CompareQuestion(("zone", "pooled"))


def said(app: AppTest) -> str:
    """All words of a page, as a reader sees them."""
    tables = [table.value.to_string() for table in app.table]
    return "\n".join([words(app), *tables]).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_studies_the_example_stands_there(home: Path, language: Language) -> None:
    app = opened("my_studies", language)
    assert not app.exception
    text = load_text(language)
    assert text("page.my_studies.none") in words(app)
    assert text("page.home.example") in words(app)


@pytest.mark.parametrize("kind", EXAMPLE_OF)
def test_an_example_is_opened_as_a_study(home: Path, kind: str) -> None:
    """On its page, of its own hall: the reader's is as it was."""
    app = opened("my_studies")
    app.button(key=f"open-{example_name(kind)}").click().run()
    assert not app.exception
    session = app.session_state["session"]
    assert session.shown == {kind: example_name(kind)}
    assert session.change == Change(SOURCE)
    turn(app, QUESTIONS[kind].page)
    app.run()
    assert not app.exception
    if kind not in OF_AREA:
        assert load_text("zh")("app.example") in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_can_be_taken_along_and_tells_where_its_scale_begins(
    home: Path, language: Language
) -> None:
    """The example's figures on the page of layouts, which are there before anything is asked."""
    app = opened("layouts", language)
    for figure, from_zero in (("headlines", True), ("compare", False)):
        app.segmented_control(key="figure").set_value(figure).run()
        offered = [str(button.key) for button in app.get("download_button")]
        assert sum(key.startswith((f"png-{figure}", f"svg-{figure}")) for key in offered) == 2
        assert (load_text(language)("app.no_zero") in words(app)) != from_zero


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_is_named_copied_opened_and_deleted(home: Path, language: Language) -> None:
    name = finished(home, Request(BOTH, 2, 5), Change(SOURCE, demand=80))
    app = opened("my_studies", language)
    assert not app.exception
    assert load_text(language)("page.my_studies.kind.compare") in said(app)
    app.text_input(key=f"name-{name}").set_value("  July, *two* clerks ")
    app.text_area(key=f"note-{name}").set_value("for the meeting")
    next(button for button in app.button if button.key == f"save-{name}").click()
    app.run()
    assert read_card(home / "runs" / name) == StudyCard("July, *two* clerks", "for the meeting")
    assert "July, *two* clerks" in said(app)
    assert "for the meeting" in said(app)
    app.button(key=f"copy-{name}").click().run()
    names = Jobs(home).newest(WHO)
    assert len(names) == 2
    copied = next(other for other in names if other != name)
    assert read_card(home / "runs" / copied).note == "for the meeting"
    app.button(key=f"delete-{name}").click().run()
    assert Jobs(home).newest(WHO) == (copied,)
    app.button(key=f"open-{copied}").click().run()
    assert app.session_state["session"].job(CompareQuestion) == copied
    assert app.session_state["session"].change.demand == 80


def test_nobody_touches_the_study_of_another(home: Path) -> None:
    name, jobs = finished(home, Request(BOTH, 2, 5)), Jobs(home)
    before = (home / "runs" / name / REQUEST).read_bytes()
    write_on_job(jobs, name, "bob", StudyCard("mine"))
    delete_job(jobs, name, "bob")
    assert read_card(home / "runs" / name) == StudyCard()
    assert (home / "runs" / name / REQUEST).read_bytes() == before
    copied = copy_job(jobs, name, "bob")
    assert read_reader(home / "runs" / copied) == "bob"
    assert jobs.newest("bob") == (copied,)
    assert jobs.newest(WHO) == (name,)


def test_a_card_that_is_damaged_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text('{"name": 7', encoding="utf-8")
    assert read_card(tmp_path) == StudyCard()


def test_a_long_name_is_cut(home: Path) -> None:
    name, jobs = finished(home, Request(BOTH, 2, 5)), Jobs(home)
    write_on_job(jobs, name, WHO, StudyCard("n" * 500))
    assert read_card(home / "runs" / name).name == "n" * MOST_NAME


def test_a_request_of_an_earlier_version_is_listed(home: Path) -> None:
    name = finished(home, Request(BOTH, 2, 5))
    path = home / "runs" / name / REQUEST
    data = json.loads(path.read_text(encoding="utf-8"))
    flat = {key: value for key, value in data.items() if key != "question"}
    path.write_text(json.dumps({**flat, "layouts": ["zone", "pooled"]}), encoding="utf-8")
    app = opened("my_studies")
    assert not app.exception
    assert [button for button in app.button if button.key == f"open-{name}"]


# === side by side === #


def study_of(change: Change) -> Study:
    scenario = made(change).scenario
    assert scenario is not None
    return replicate(scenario, run=Run(replications=3, seed=1, workers=1))


def test_the_same_people_are_paired_as_layouts_of_one_study_are() -> None:
    study = study_of(Change(SOURCE))
    beside = put_side_by_side([StudyLayout(study, "zone"), StudyLayout(study, "pooled")])
    assert beside.differences == (compare(study).pairs[0].differences,)


def test_other_people_are_not_paired() -> None:
    base, later = study_of(Change(SOURCE)), study_of(Change(SOURCE, demand=80))
    closing = study_of(
        Change(SOURCE, fields={"layouts.pooled.windows.all.clerks": "5"}, unequal=True)
    )
    assert is_same_crowd(base, closing)
    assert not is_same_crowd(base, later)
    assert not is_same_crowd(base, base._replace(seed=2))
    columns = [StudyLayout(each, "pooled") for each in (base, later, closing)]
    beside = put_side_by_side(columns)
    assert beside.differences[0] is None
    assert beside.differences[1] is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["simple", "expert"])
def test_studies_stand_side_by_side(home: Path, language: Language, view: str) -> None:
    first = finished(home, Request(BOTH, 2, 5))
    second = finished(home, Request(BOTH, 2, 5), Change(SOURCE, demand=80))
    app = opened("my_studies", language, view=view)
    app.multiselect(key="my_studies-chosen").set_value([first, second]).run()
    assert not app.exception
    text, told_words = load_text(language), said(app)
    assert text("side_by_side.outcome") in told_words
    assert text("side_by_side.changed") in told_words, "the demand was asked differently"
    people = [warning.value for warning in app.warning]
    assert len(people) == 1, "other people come"


def test_each_question_but_those_about_another_has_a_page() -> None:
    pages = {page.key for page in PAGES}
    for kind, question in QUESTIONS.items():
        assert bool(question.about) or question.page in pages, kind
