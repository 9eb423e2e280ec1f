"""A scenario comes with the tables that it names, matched by name; nothing else is ever read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.text import LANGUAGES, Language, load_text
from sim.web.change import Change, Source, made
from sim.web.data import read
from sim.web.tables import kept_tables, tables_folder
from sim.web.uploads import address_of, keep_file, kept_file
from tests.strategies import errand, small
from tests.web.test_pages import change_of, home, opened, pytestmark, words

__all__ = ["home", "pytestmark"]

LOG = b"instant,matter\n2025-01-06 09:00,errand\n2025-01-06 10:00,errand\n"
CLERKS = b"date,from,to,group,clerks\n2025-01-06,09:00,12:00,window,2\n"
LAYOUTS = (
    "[{id: hall, name: {zh: 厅, en: Hall}, clerks_file: data/clerks.csv,"
    " windows: [{id: window, serves: [errand], clerks: 1, count: 3}]}]"
)
TEXT = small(
    matters=f"[{errand('10 min')}]",
    demand="[{id: log, matter: errand, arrivals_file: log.csv}]",
    layouts=LAYOUTS,
)
BOTH = {"log.csv": LOG, "clerks.csv": CLERKS}


def test_tables_are_matched_by_name(home: Path) -> None:
    """In whatever folder the planner has them."""
    source, problems = read("mine.yaml", TEXT.encode(), BOTH)
    assert problems == ()
    assert source is not None
    scenario = made(Change(source)).scenario
    assert scenario is not None
    assert len(scenario.demand[0].arrivals_file or ()) == 2
    assert scenario.layouts[0].clerks_file is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_that_lacks_is_told_at_its_line(home: Path, language: Language) -> None:
    source, problems = read("mine.yaml", TEXT.encode(), {"clerks.csv": CLERKS, "more.csv": LOG})
    assert source is None
    missing, left = problems[0], problems[-1]
    line = TEXT[: TEXT.index("arrivals_file")].count("\n") + 1
    assert (missing.code, missing.found, missing.line) == ("table_not_brought", "log.csv", line)
    assert (left.code, left.found) == ("table_not_named", "more.csv")
    assert all(problem.sentence(load_text(language)) for problem in problems)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../etc/passwd", "..\\\\secret.csv", ".."])
def test_no_name_leads_to_a_file_of_the_machine(home: Path, path: str) -> None:
    text = TEXT.replace("log.csv", path)
    source, problems = read("mine.yaml", text.encode(), BOTH)
    assert source is None
    assert "table_not_brought" in {problem.code for problem in problems}


def test_wrong_rows_are_told_by_file_and_line(home: Path) -> None:
    wrong = CLERKS + b"2025-01-06,12:00,09:00,window,2\n"
    source, problems = read("mine.yaml", TEXT.encode(), {**BOTH, "clerks.csv": wrong})
    assert source is None
    assert [problem.code for problem in problems] == ["clerks_order"]
    assert (problems[0].file, problems[0].line) == ("clerks.csv", 3)
    assert str(home) not in str(problems)


def test_they_are_there_again_after_a_reload(home: Path) -> None:
    source, _ = read("mine.yaml", TEXT.encode(), BOTH)
    assert source is not None
    assert keep_file(source)
    assert kept_file(address_of(source)) == source
    assert address_of(source) != address_of(Source(source.name, source.text))
    for folder in tables_folder().iterdir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert kept_file(address_of(source)) is None
    assert kept_tables("../..") is None


def test_files_are_chosen_together_on_the_page(home: Path) -> None:
    app = opened("data")
    chooser = app.file_uploader(key="file").upload("mine.yaml", TEXT.encode())
    chooser.upload("log.csv", LOG).upload("clerks.csv", CLERKS).run()
    assert not app.exception
    app.button(key="use").click().run()
    assert not app.exception
    assert change_of(app).source.name == "mine.yaml"


def test_two_scenarios_or_none_are_refused(home: Path) -> None:
    app = opened("data", "en")
    app.file_uploader(key="file").upload("log.csv", LOG).run()
    assert "0 scenario files" in "".join(error.value for error in app.error)
    app.file_uploader(key="file").upload("a.yaml", TEXT.encode()).upload(
        "b.yaml", TEXT.encode()
    ).run()
    assert "2 scenario files" in "".join(error.value for error in app.error)
    assert words(app)
