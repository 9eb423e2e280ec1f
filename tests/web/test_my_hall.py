"""The page *My hall*: edited in place, checked as it is written, kept for its owner alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from sim.drafting.answers import HallAnswers, template_answers
from sim.drafting.draft import draft_hall
from sim.drafting.templates import TEMPLATES
from sim.storage.answer_book import answer_workbook, slots_of
from sim.storage.answer_reader import read_answers
from sim.text import LANGUAGES, Language, load_text
from sim.web.change import made
from sim.web.hall_tables import table_key
from sim.web.kept_halls import MOST_HALLS, delete_hall, halls_folder, keep_hall, kept_halls
from sim.web.pages import PAGES
from sim.web.reader import KEY as READER
from sim.web.reader import digest
from sim.web.session import MY_HALL
from tests.web.test_pages import home, opened, turn, until, words

__all__ = ["home"]
ANN, BOB = digest("ann"), digest("bob")
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


def hall_page(language: Language = "zh") -> AppTest:
    app = opened("my_hall", language, lang=language)
    app.session_state[READER] = ANN
    app.run()
    assert not app.exception
    return app


def answers_of(app: AppTest) -> HallAnswers:
    answers = app.session_state[MY_HALL]
    assert isinstance(answers, HallAnswers)
    return answers


def write(app: AppTest, cell: str, value: str) -> None:
    field = next(each for each in app.text_input if str(each.key).startswith(f"my_hall-{cell}-"))
    field.set_value(value).run()
    assert not app.exception


def edit(app: AppTest, table: str, *, language: Language = "zh", **changes: Any) -> None:
    """As the editor tells what was changed in it."""
    text, answers = load_text(language), answers_of(app)
    whole = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **changes}
    app.session_state[table_key(table, answers, slots_of(answers, text), 0, text)] = whole
    app.run()
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_never_empty(home: Path, language: Language) -> None:
    app = hall_page(language)
    assert not app.error
    expected = draft_hall(template_answers("county", language), load_text(language))
    assert draft_hall(answers_of(app), load_text(language)).text == expected.text


@pytest.mark.parametrize("template", TEMPLATES)
def test_one_begins_from_a_template(home: Path, template: str) -> None:
    app = hall_page()
    app.selectbox(key="my_hall-template-zh").set_value(template).run()
    app.button(key="my_hall-start").click().run()
    assert not app.exception
    assert not app.error
    assert answers_of(app).template == template


def test_what_is_wrong_is_told_as_it_is_written(home: Path) -> None:
    """Once above with the number of the question, once at the question; no way to use it."""
    app = hall_page("en")
    write(app, "per_day", "many")
    above, beside = (error.value for error in app.error)
    assert "9" in above
    assert "question 9 (Visitors), Visitors a day" in beside
    assert "my_hall-use" not in [button.key for button in app.button]
    write(app, "per_day", "１,200")
    assert not app.error
    assert "my_hall-use" in [button.key for button in app.button]


def test_rows_are_added_renamed_and_taken_out(home: Path) -> None:
    app = hall_page()
    edit(app, "matters", edited_rows={0: {"matter": "企业变更"}})
    assert not app.error  # the windows follow the new name
    accepts = answers_of(app).tables["windows"][0]["accepts"]
    assert isinstance(accepts, tuple)
    assert "企业变更" in accepts
    edit(app, "matters", added_rows=[{"matter": "许可", "lead": "税务局", "minutes": "8"}])
    assert any("许可" in error.value for error in app.error)
    edit(app, "matters", deleted_rows=[14], edited_rows={0: {"matter": "企业变更"}})
    edit(app, "departments", edited_rows={4: {"department": "税务分局"}})
    assert answers_of(app).tables["matters"][9]["lead"] == "税务分局"


def test_clerks_by_half_hour(home: Path) -> None:
    app = hall_page()
    edit(app, "clerks", edited_rows={0: {"08:30": "1"}, 1: {"16:30": "9"}})
    assert answers_of(app).tables["clerks"][0]["08:30"] == "1"
    assert answers_of(app).tables["clerks"][0]["09:00"] is None
    assert any("16:30" in error.value.replace("\\", "") for error in app.error)
    edit(app, "windows", edited_rows={1: {"windows": "9"}})
    assert not app.error


def test_other_hours_are_other_columns(home: Path) -> None:
    app = hall_page("en")
    write(app, "closes", "18:00")
    assert answers_of(app).tables["visitors"][-1]["begins"] == "17:30"
    assert "17:30" in answers_of(app).tables["clerks"][0]
    assert not app.error


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_of_days_and_dates(home: Path, language: Language) -> None:
    """A wrong cell is told in its row; a right one is in the hall, and half hours follow."""
    app, text = hall_page(language), load_text(language)
    sunday = {"days": "周日", "open_from": "13：00", "open_to": "noon"}
    summer = {"days": "mon-fri", "open_from": "8:30", "open_to": "18:30"}
    summer |= {"first_day": "2026-07-01", "last_day": "2026/8/31"}
    edit(app, "hours", added_rows=[sunday, summer], language=language)
    errors = [error.value for error in app.error]
    assert any(text("draft.head.open_to") in each and "1" in each for each in errors)
    added = [sunday | {"open_to": "15:00"}, summer]
    edit(app, "hours", added_rows=added, language=language)
    assert not app.error
    assert answers_of(app).tables["clerks"][0].keys() >= {"12:30", "18:00"}
    scenario = draft_hall(answers_of(app), text).scenario
    assert scenario is not None
    assert [*scenario.calendars[0].periods] == ["2026-07-01 to 2026-08-31"]
    assert "sun" in scenario.calendars[0].weekly


def test_months_are_asked(home: Path) -> None:
    app = hall_page("en")
    write(app, "month_3", "120")
    assert not app.error
    write(app, "month_3", "1.2.3")
    assert any("month 3" in error.value for error in app.error)


def test_every_page_computes_on_it(home: Path) -> None:
    app = hall_page("en")
    write(app, "hall_name", "Our hall")
    app.button(key="my_hall-use").click().run()
    assert not app.exception
    scenario = made(app.session_state["session"].change).scenario
    assert scenario is not None
    assert scenario.name.en == "Our hall"
    for page in PAGES:
        turn(app, page.key)
        app.run()
        assert not app.exception, page.key
    turn(app, "my_hall")
    app.run()
    assert answers_of(app).cells["hall_name"] == "Our hall"
    assert load_text("en")("page.my_hall.in_use") in words(app)


def test_the_language_is_a_switch_that_keeps_what_was_written(home: Path) -> None:
    app = hall_page()
    write(app, "per_day", "555")
    app.segmented_control(key="language").set_value("en").run()
    assert not app.exception
    assert answers_of(app).cells["per_day"] == "555"
    assert answers_of(app).tables["windows"][0]["group"] == "Market entry"


def test_saved_opened_copied_deleted(home: Path) -> None:
    app = hall_page()
    write(app, "hall_name", "甲厅")
    write(app, "per_day", "321")
    app.button(key="my_hall-save").click().run()
    assert [hall.name for hall in kept_halls(ANN)] == ["甲厅"]
    write(app, "per_day", "999")
    app.button(key="my_hall-open").click().run()
    assert answers_of(app).cells["per_day"] == "321"
    app.button(key="my_hall-copy").click().run()
    assert answers_of(app).cells["hall_name"] == "甲厅（副本）"
    app.button(key="my_hall-save").click().run()
    assert len(kept_halls(ANN)) == 2
    app.button(key="my_hall-delete").click().run()
    assert len(kept_halls(ANN)) == 1
    assert kept_halls(BOB) == []


class TestKeptHalls:
    def test_they_are_their_owners(self, home: Path) -> None:
        answers = template_answers("city", "en").with_cells(hall_name="A")
        id_ = keep_hall(ANN, "A", answers)
        assert keep_hall(ANN, "A", answers.with_cells(per_day=5)) == id_
        assert kept_halls(ANN)[0].answers.cells["per_day"] == 5
        delete_hall(BOB, id_)
        assert len(kept_halls(ANN)) == 1
        for wrong in ("../ann", "", "x" * 32):
            assert kept_halls(wrong) == []
            with pytest.raises(OSError, match=id_):
                delete_hall(wrong, id_)

    def test_there_is_an_end_to_them(self, home: Path) -> None:
        answers = template_answers("township", "en")
        for n in range(MOST_HALLS + 3):
            keep_hall(ANN, f"{n}", answers)
        assert len(kept_halls(ANN)) == MOST_HALLS

    def test_what_is_damaged_is_left_out(self, home: Path) -> None:
        keep_hall(ANN, "A", template_answers("township", "en"))
        for n, content in enumerate(("{", "[]", '{"name": 1}', '{"name": "B", "answers": {}}')):
            (halls_folder() / ANN / f"{n}.json").write_text(content, encoding="utf-8")
        assert [hall.name for hall in kept_halls(ANN)] == ["A"]


def test_a_filled_in_workbook_is_read_as_the_page_writes_it(home: Path) -> None:
    text, answers = load_text("zh"), template_answers("vehicle", "zh")
    book = openpyxl.load_workbook(
        io.BytesIO(answer_workbook(answers, slots_of(answers, text), text))
    )
    assert "十二问" in book.sheetnames
    file = io.BytesIO()
    book.save(file)
    read = read_answers(file.getvalue(), "hall.xlsx", text)
    assert draft_hall(read, text).text == draft_hall(answers, text).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_ones_own_is_told_and_not_read(home: Path, language: Language) -> None:
    text, answers = load_text(language), template_answers("vehicle", language)
    book = openpyxl.load_workbook(
        io.BytesIO(answer_workbook(answers, slots_of(answers, text), text))
    )
    book.create_sheet("xyz")["A1"] = 3
    file = io.BytesIO()
    book.save(file)
    app = hall_page(language)
    app.file_uploader(key=f"{MY_HALL}-file").upload("hall.xlsx", file.getvalue()).run()
    assert not app.exception
    assert not app.error
    left_out = text("error.answer_sheet_left")
    assert any(left_out in each.value and "xyz" in each.value for each in app.warning)


def test_measures_are_laid_over_the_hall_in_use(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four scenarios of the small hall in one job, a row each but for today; all to download."""
    saved: list[Callable[[], bytes]] = []
    monkeypatch.setattr(
        "sim.web.switches.download_table",
        lambda name, text, table, key: saved.__setitem__(slice(None), [table]),
    )
    app = hall_page("en")
    take(app)
    app.session_state["switches-chosen"] = ["online", "training"]
    app.run()
    app.number_input(key="switches-replications").set_value(2).run()
    app.button(key="go-switches").click().run()
    until(app, lambda app: any("replications, seed" in each.value for each in app.caption))
    differences, values = app.table[-2].value, app.table[-1].value
    assert (len(differences), len(values)) == (3, 4)
    assert not app.error
    [table] = saved
    kept_table = Path(__file__).parents[1] / "answers" / "kept" / "switches.csv.txt"
    head, *rows = table().decode("utf-8-sig").splitlines()
    assert head == kept_table.read_text(encoding="utf-8").partition("\n")[0]
    assert len({row.partition(",")[0] for row in rows}) == 4


def take(app: AppTest) -> None:
    """The small hall of these tests, with shorter days."""
    for name, value in (("saturday_from", ""), ("saturday_to", ""), ("per_day", "60")):
        write(app, name, value)
    app.button(key="my_hall-use").click().run()
    assert not app.exception
