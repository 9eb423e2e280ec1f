"""Twelve answers give a scenario that runs, or say at which question and row what is wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import replicate
from sim.__main__ import main
from sim.analysis.offered import offered_load
from sim.drafting.answers import AnswerRow, HallAnswers, in_language, template_answers
from sim.drafting.draft import DraftedHall, draft_hall
from sim.drafting.form import CELLS, QUESTIONS, TABLES
from sim.drafting.templates import TEMPLATES, Cell, load_template
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.scenario.load import scenario_from_text
from sim.scenario.provenance import numbers
from sim.storage.answer_book import answer_workbook, slots_of
from sim.storage.answer_reader import read_answers
from sim.text import LANGUAGES, Language, load_text

ZH, EN = load_text("zh"), load_text("en")
COUNTY = template_answers("county", "en")


def codes(drafted: DraftedHall) -> list[str]:
    for language in LANGUAGES:
        assert all(fault.problem.sentence(load_text(language)) for fault in drafted.faults)
    return [fault.problem.code for fault in drafted.faults]


def with_cell(answers: HallAnswers, table: str, row: int, column: str, value: Cell) -> HallAnswers:
    rows = [dict(each) for each in answers.tables[table]]
    rows[row][column] = value
    return answers.with_table(table, tuple(rows))


class TestTemplates:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("template", TEMPLATES)
    def test_every_template_is_a_sound_hall(self, template: str, language: Language) -> None:
        """Nothing to complain of, nothing overloaded, no number without source or range."""
        drafted = draft_hall(template_answers(template, language), load_text(language))
        assert codes(drafted) == []
        assert drafted.scenario is not None
        assert scenario_from_text(drafted.text).hash == drafted.scenario.hash
        for layout in drafted.scenario.layouts:
            loads = offered_load(compile_plan(drafted.scenario, layout.id))
            assert all(0 < load.load < 0.95 for load in loads)
        origins = {number.origin for number in numbers(drafted.scenario)}
        assert origins == {"assumed", "published"}

    @pytest.mark.parametrize("template", TEMPLATES)
    def test_every_template_runs(self, template: str) -> None:
        scenario = draft_hall(template_answers(template, "en"), EN).scenario
        assert scenario is not None
        run_length = {"warmup_days": 0, "measured_days": 2, "followup_days": 0, "replications": 2}
        short = scenario.run.model_copy(update=run_length)
        small = scenario.model_copy(update={"run": short})
        study = replicate(small)
        assert set(study.layouts) == {layout.id for layout in small.layouts}
        assert study.replications == 2

    def test_the_county_hall_has_twenty_windows(self) -> None:
        rows = load_template("county").tables["windows"]
        assert sum(int(str(row.cells["windows"].value)) for row in rows) == 20

    def test_there_are_twelve_questions(self) -> None:
        assert len(QUESTIONS) == 12
        for text in (ZH, EN):
            for question in QUESTIONS:
                assert text(f"draft.question.{question.name}")
                for column in (*question.cells, *question.columns):
                    assert text(f"draft.head.{column.name}")
                    assert text(f"draft.help.{column.name}")


class TestAnswers:
    def test_an_answer_has_a_source_and_no_range(self) -> None:
        """What was not answered stays an assumption."""
        answers = with_cell(COUNTY, "matters", 2, "minutes", 12).with_cells(yearly_yuan=60_000)
        scenario = draft_hall(answers, EN).scenario
        assert scenario is not None
        by_path = {".".join(map(str, each.path)): each for each in numbers(scenario)}
        # one with a range is told as the distribution that it belongs to
        answered = by_path["matters.market_item.service.base.value"]
        assert (answered.source, answered.assumed) == ("answered by the hall", False)
        assert by_path["matters.hrss_item.service.base"].assumed
        assert by_path["money.clerk_yuan_per_hour"].origin == "document"

    def test_a_confirmed_question_is_an_answer_also_where_it_agrees(self) -> None:
        answers = HallAnswers("county", COUNTY.cells, COUNTY.tables, ("departments",))
        scenario = draft_hall(answers, EN).scenario
        assert scenario is not None
        origins = {
            number.origin
            for number in numbers(scenario)
            if number.path[-1] == "reviewers" and number.path[1] != "online_intake"
        }
        assert origins == {"document"}

    def test_a_renamed_row_is_not_what_was_published(self) -> None:
        renamed = with_cell(COUNTY, "matters", 0, "matter", "Licences")
        accepts = "Licences; Open a restaurant; Market regulation, single items"
        scenario = draft_hall(with_cell(renamed, "windows", 0, "accepts", accepts), EN).scenario
        assert scenario is not None
        assert (scenario.matters[0].id, scenario.matters[0].source) == (
            "company_change",
            "answered by the hall",
        )

    def test_nothing_answered_is_the_template(self) -> None:
        drafted = draft_hall(HallAnswers("vehicle"), ZH)
        assert drafted.text == draft_hall(template_answers("vehicle", "zh"), ZH).text

    @pytest.mark.parametrize("template", TEMPLATES)
    def test_languages_are_two_words_for_one_hall(self, template: str) -> None:
        chinese = template_answers(template, "zh")
        assert draft_hall(chinese, EN).text == draft_hall(in_language(chinese, "en"), EN).text

    def test_clerks_by_half_hour_become_a_roster(self) -> None:
        rows: tuple[AnswerRow, ...] = ({"of_group": "Public security", "08:30": 1, "16:30": "０"},)
        scenario = draft_hall(COUNTY.with_table("clerks", rows), EN).scenario
        assert scenario is not None
        group = next(each for each in scenario.layouts[0].windows if each.id == "police")
        assert dict(group.clerks) == {
            "mon-fri 08:30-09:00": 1,
            "mon-fri 09:00-12:00": 2,
            "mon-fri 14:00-16:30": 2,
            "sat 09:00-12:00": 1,
        }

    @pytest.mark.parametrize("template", TEMPLATES)
    def test_a_hall_without_the_net(self, template: str) -> None:
        answers = template_answers(template, "en").with_cells(online_share="0 %")
        drafted = draft_hall(answers, EN)
        assert codes(drafted) == []
        assert drafted.scenario is not None
        assert drafted.scenario.online is None

    @pytest.mark.parametrize("online", [0, 20])
    def test_matters_of_no_department_are_done_at_the_window(self, online: int) -> None:
        nothing = {"lead": None, "reviewed": None, "promised_days": None}
        matters = tuple({**row, **nothing} for row in COUNTY.tables["matters"])
        answers = COUNTY.with_cells(online_share=online).with_table("matters", matters)
        answers = answers.with_table("departments", ())
        drafted = draft_hall(answers, EN)
        assert codes(drafted) == []
        assert drafted.scenario is not None
        assert [each.id for each in drafted.scenario.departments] == ["online_intake"] * (
            online > 0
        )
        assert all(not matter.items and not matter.lead for matter in drafted.scenario.matters)
        compile_plan(drafted.scenario, "today")
        book = answer_workbook(answers, slots_of(answers, EN), EN)
        again = draft_hall(read_answers(book, "hall.xlsx", EN), EN)
        assert again.text == drafted.text

    def test_one_matter_of_no_department_among_others(self) -> None:
        answers = with_cell(
            with_cell(COUNTY, "matters", 1, "lead", ""), "matters", 1, "reviewed", 0
        )
        scenario = draft_hall(answers, EN).scenario
        assert scenario is not None
        assert [not matter.lead for matter in scenario.matters].count(True) == 1

    def test_a_hall_without_break_and_saturday(self) -> None:
        closed = dict.fromkeys(("lunch_from", "lunch_to", "saturday_from", "saturday_to"))
        answers = COUNTY.with_cells(**closed)
        scenario = draft_hall(answers, EN).scenario
        assert scenario is not None
        assert list(scenario.calendars[0].weekly) == ["mon-fri"]
        assert "sat" not in scenario.demand[0].weekdays

    def test_new_rows_are_assumed_where_they_are_empty(self) -> None:
        row = {"matter": "Permits", "lead": "Taxation"}
        answers = COUNTY.with_table("matters", (*COUNTY.tables["matters"], row))
        assert codes(draft_hall(answers, EN)) == ["answer_not_accepted"]
        before = COUNTY.tables["windows"][0]["accepts"]
        assert isinstance(before, tuple)
        accepts = (*before, "Permits")
        drafted = draft_hall(with_cell(answers, "windows", 0, "accepts", accepts), EN)
        assert codes(drafted) == []
        assert drafted.scenario is not None
        assert drafted.scenario.matters[-1].assumed.keys() == {"service.base"}


WRONG: list[tuple[str, Callable[[HallAnswers], HallAnswers], str]] = [
    (
        "answer_clock",
        lambda a: a.with_cells(opens="half past"),
        "question 2 (Opening hours), Opens",
    ),
    ("answer_span_order", lambda a: a.with_cells(closes="07:00"), "question 2"),
    ("answer_half_span", lambda a: a.with_cells(lunch_to=None), "question 3 (Lunch break)"),
    ("answer_lunch", lambda a: a.with_cells(lunch_from="07:00"), "question 3"),
    ("answer_number", lambda a: a.with_cells(per_day="many"), "question 9 (Visitors)"),
    ("answer_percent", lambda a: a.with_cells(online_share=0.2), "question 10 (Online)"),
    ("answer_name", lambda a: a.with_cells(hall_name="x" * 61), "question 1 (Name)"),
    (
        "answer_missing",
        lambda a: with_cell(a, "departments", 2, "department", " "),
        "question 5 (Departments that review), row 3, Department",
    ),
    ("answer_number", lambda a: with_cell(a, "matters", 1, "minutes", -3), "question 6"),
    (
        "answer_no_such",
        lambda a: with_cell(
            a, "windows", 3, "accepts", ("Property registraton", "Tax, single items")
        ),
        "question 7 (Windows), row 4, Accepts",
    ),
    ("answer_no_such", lambda a: with_cell(a, "matters", 0, "lead", "Nobody"), "question 6"),
    (
        "answer_no_lead",
        lambda a: with_cell(a, "matters", 0, "lead", None),
        "question 6 (Matters), row 1, Department",
    ),
    ("answer_twice", lambda a: with_cell(a, "windows", 1, "group", "Market entry"), "question 7"),
    ("answer_no_rows", lambda a: a.with_table("windows", ()), "question 7 (Windows)"),
    ("answer_rows", lambda a: a.with_table("clerks", ({"of_group": "x"},) * 201), "question 8"),
    (
        "answer_no_weight",
        lambda a: a.with_table(
            "visitors", tuple({**r, "visitor_weight": 0} for r in a.tables["visitors"])
        ),
        "question 9",
    ),
    (
        "answer_no_clerks",
        lambda a: a.with_table(
            "clerks", ({"of_group": "Market entry", **dict.fromkeys(slots_of(a, EN), 0)},)
        ),
        "question 8 (Clerks each half hour), row 1",
    ),
    (
        "answer_number",
        lambda a: a.with_table("clerks", ({"of_group": "Market entry", "09:00": 5},)),
        "question 8 (Clerks each half hour), row 1, 09:00",
    ),
]


@pytest.mark.parametrize(("code", "change", "place"), WRONG)
def test_what_is_wrong_is_told_of_its_question_and_row(
    code: str, change: Callable[[HallAnswers], HallAnswers], place: str
) -> None:
    drafted = draft_hall(change(COUNTY), EN)
    assert drafted.scenario is None
    assert code in codes(drafted)
    assert any(fault.problem.path.startswith(place) for fault in drafted.faults)
    assert not [
        sign for fault in drafted.faults for sign in ("[", "layouts") if sign in fault.problem.path
    ]


def test_all_problems_are_told_at_once() -> None:
    answers = COUNTY.with_cells(opens="x", per_day="y", yearly_yuan=1)
    assert codes(draft_hall(answers, EN)) == ["answer_clock", "answer_number", "answer_number"]


WORDS = st.text(max_size=8) | st.sampled_from(
    ["", "Taxation", "办证", "=1+1", "'", "{a: 1}", "a;b"]
)
ANY_CELL = (
    st.none() | WORDS | st.integers(-5, 300) | st.floats(allow_infinity=True) | st.just("１２")
)


@st.composite
def drawn_answers(draw: st.DrawFn) -> HallAnswers:
    """A template in which some cells were changed at random, rows taken out, doubled or added."""
    answers = template_answers(draw(st.sampled_from(TEMPLATES)), draw(st.sampled_from(LANGUAGES)))
    names = draw(st.lists(st.sampled_from([*CELLS]), max_size=2))
    answers = answers.with_cells(**{name: draw(ANY_CELL) for name in names})
    for table in draw(st.lists(st.sampled_from([*TABLES]), max_size=2)):
        rows = [dict(row) for row in answers.tables[table]]
        columns = [column.name for column in TABLES[table]]
        match draw(st.sampled_from(["cell", "out", "twice", "new"])):
            case "cell" if rows:
                rows[draw(st.integers(0, len(rows) - 1))][draw(st.sampled_from(columns))] = draw(
                    ANY_CELL
                )
            case "out" if rows:
                rows.pop(draw(st.integers(0, len(rows) - 1)))
            case "twice" if rows:
                rows.append({**draw(st.sampled_from(rows))})
            case _:
                rows.append({column: draw(ANY_CELL) for column in columns})
        answers = answers.with_table(table, tuple(rows))
    confirmed = draw(st.lists(st.sampled_from([each.name for each in QUESTIONS]), max_size=2))
    return HallAnswers(answers.template, answers.cells, answers.tables, tuple(confirmed))


@settings(max_examples=60)
@given(drawn_answers(), st.sampled_from(LANGUAGES))
def test_any_answers_give_a_hall_that_compiles_or_say_why_not(
    answers: HallAnswers, language: Language
) -> None:
    drafted = draft_hall(answers, load_text(language))
    codes(drafted)
    if drafted.scenario is None:
        assert drafted.text == ""
        # in the words of the form, never in those of a scenario file
        assert all(fault.problem.code.startswith("answer_") for fault in drafted.faults)
        assert drafted.faults
        return
    assert scenario_from_text(drafted.text).hash == drafted.scenario.hash
    for layout in drafted.scenario.layouts:
        compile_plan(drafted.scenario, layout.id)
    assert all(number.origin != "none" for number in numbers(drafted.scenario))


def clock_cell(value: Any) -> Any:
    """A clock as a spreadsheet holds it; all else as it is."""
    if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value):
        hours, minutes = map(int, value.split(":"))
        return timedelta(hours=hours, minutes=minutes)
    return value


class TestFiles:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("template", TEMPLATES)
    def test_a_workbook_comes_back_the_same(self, template: str, language: Language) -> None:
        text, answers = load_text(language), template_answers(template, language)
        answers = answers.with_cells(per_day=55.5)
        content = answer_workbook(answers, slots_of(answers, text), text)
        read = read_answers(content, "hall.xlsx", text)
        assert draft_hall(read, text).text == draft_hall(answers, text).text

    def test_a_filled_in_workbook(self) -> None:
        """As people fill it in: times of the program, full-width digits, a new row, a mark."""
        sheets = openpyxl.load_workbook(
            io.BytesIO(answer_workbook(COUNTY, slots_of(COUNTY, ZH), ZH))
        )
        form = sheets["十二问"]
        for row in form.iter_rows(2):
            if row[1].value == "开门":
                row[2].value = 0.375
                row[3].value = "x"
            if row[1].value == "每日来客":
                row[2].value = "５００"
        sheets["事项"].append(["Permits", "Taxation", "15分钟", 3])
        sheets["窗口"]["C3"] = str(sheets["窗口"]["C3"].value) + "；Permits"
        file = io.BytesIO()
        sheets.save(file)
        answers = read_answers(file.getvalue(), "hall.xlsx", ZH)
        assert answers.confirmed == ("hours",)
        scenario = draft_hall(answers, ZH).scenario
        assert scenario is not None
        assert scenario.calendars[0].weekly["mon-fri"][0].start == 9 * 3_600_000
        assert scenario.matters[-1].name.zh == "Permits"

    def test_what_is_not_of_the_form_is_left_and_told(self) -> None:
        """Sheets, columns and cells of one's own do no harm, as in the workbook of a hall."""
        notes: list[Problem] = []
        content = self.with_own_parts("Prices", "Colour")
        answers = read_answers(content, "hall.xlsx", EN, "", notes)
        plain = read_answers(answer_workbook(COUNTY, [], EN), "hall.xlsx", EN)
        assert answers == plain
        assert {(each.code, each.found, each.severity) for each in notes} == {
            ("answer_sheet_left", "Prices", "warning"),
            ("answer_column_left", "Colour", "warning"),
        }
        assert sorted(each.path for each in notes) == ["Matters!Z1", "Prices"]

    def test_a_slip_in_a_name_is_told(self) -> None:
        with pytest.raises(OptionError) as caught:
            read_answers(self.with_own_parts("Departmens", "Matterr"), "hall.xlsx", EN)
        told = {(each.code, dict(each.values)["nearest"]) for each in caught.value.problems}
        assert told == {("answer_sheet", "Departments that review"), ("answer_column", "Matter")}

    @staticmethod
    def with_own_parts(sheet: str, column: str) -> bytes:
        """The workbook of a county hall, with another sheet and another column."""
        sheets = openpyxl.load_workbook(io.BytesIO(answer_workbook(COUNTY, [], EN)))
        sheets.create_sheet(sheet)["A1"] = 3
        sheets["Matters"]["Z1"] = column
        file = io.BytesIO()
        sheets.save(file)
        return file.getvalue()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_workbook_laid_out_anew(self, language: Language) -> None:
        """Sheets of other names, columns turned round, a title and a second row of headings."""
        text, answers = load_text(language), template_answers("city", language)
        summer = {"first_day": "2026-07-01", "last_day": "2026-08-31"}
        hours = ({"days": "sun", "open_from": "08:00", "open_to": "24:00", **summer},)
        clerks = ({"of_group": answers.tables["windows"][0]["group"], "09:00": 2},)
        answers = answers.with_table("hours", hours).with_table("clerks", clerks)
        before = openpyxl.load_workbook(
            io.BytesIO(answer_workbook(answers, slots_of(answers, text), text))
        )
        after = openpyxl.Workbook()
        after.remove(after.active)
        for n, sheet in enumerate(before):
            to = after.create_sheet(f"2026-{n}")
            to["A1"] = "政务服务大厅"
            width = sheet.max_column
            for m, cells in enumerate(sheet.iter_rows(values_only=True)):
                for at, value in enumerate(reversed(cells), 1):
                    to.cell(2 if m == 0 else m + 3, at, clock_cell(value) if m else value)
            to.cell(3, 1, to.cell(2, 1).value)
            to.cell(2, 1).value = "（合并）"
            for at in range(2, width + 1):
                to.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)
        file = io.BytesIO()
        after.save(file)
        again = read_answers(file.getvalue(), "x.xlsx", text)
        assert draft_hall(again, text).text == draft_hall(answers, text).text

    def test_two_sheets_for_one_table(self) -> None:
        sheets = openpyxl.load_workbook(io.BytesIO(answer_workbook(COUNTY, [], EN)))
        copied = sheets.copy_worksheet(sheets["Matters"])
        copied.title = "Older matters"
        sheets["Windows"]["Z1"] = "Accepts"
        file = io.BytesIO()
        sheets.save(file)
        with pytest.raises(OptionError) as caught:
            read_answers(file.getvalue(), "hall.xlsx", EN)
        assert {each.code for each in caught.value.problems} == {
            "book_sheet_twice",
            "book_heading_twice",
        }

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_one_sheet_as_csv(self, encoding: str) -> None:
        """Its name is that of the sheet; all else is the template's."""
        rows = "部门,审批人数,每件审批分钟\n交警,３,5分钟\n税务局,1,\n"
        answers = read_answers(rows.encode(encoding), "审批部门.csv", ZH, "vehicle")
        assert answers.template == "vehicle"
        assert [row["department"] for row in answers.tables["departments"]] == ["交警", "税务局"]
        assert answers.tables["windows"] == template_answers("vehicle", "zh").tables["windows"]

    def test_what_is_no_form_at_all(self) -> None:
        old = (Path(__file__).parents[1] / "learning" / "made_ticket_log.xls").read_bytes()
        for content, name in ((old, "log.xls"), (b"a,b\n1,2\n", "x.csv"), (b"PK", "x.xlsx")):
            with pytest.raises(OptionError) as caught:
                read_answers(content, name, EN)
            assert caught.value.problems[0].code in ("answer_sheet", "table_unreadable")

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("per_dy: 3", "answer_no_cell"),
            ("template: palace", "answer_no_template"),
            ("[1]", "answer_file"),
            ("matters: [5]", "answer_file"),
            ("confirmed: [all]", "answer_no_cell"),
        ],
    )
    def test_yaml_that_is_no_answers(self, words: str, code: str) -> None:
        with pytest.raises(OptionError) as caught:
            read_answers(words.encode(), "a.yaml", EN)
        assert [problem.code for problem in caught.value.problems] == [code]


class TestCommand:
    def call(self, *words: str) -> int:
        with pytest.raises(SystemExit) as caught:
            main(words)
        return int(str(caught.value.code))

    def test_from_name_to_checked_scenario(self, tmp_path: Path, capfd: Any) -> None:
        out = tmp_path / "mine.yaml"
        settings = ("--set", "per_day=30", "--out", str(out))
        assert self.call("new", "Our hall", "--from", "township", *settings, "--lang", "en") == 0
        assert self.call("check", str(out), "--lang", "en") == 0
        assert "Our hall" in capfd.readouterr().out

    def test_a_workbook_is_written_and_read(self, tmp_path: Path, capfd: Any) -> None:
        book = tmp_path / "mine.xlsx"
        assert self.call("new", "Hall", "--from", "vehicle", "--out", str(book)) == 0
        assert self.call("new", "Hall", "--answers", str(book), "--lang", "en") == 0
        assert "registration" in capfd.readouterr().out

    def test_faults_are_told_without_yaml(self, tmp_path: Path, capfd: Any) -> None:
        assert self.call("new", "Hall", "--set", "per_day=no", "--lang", "en") == 2
        errors = capfd.readouterr().err
        assert "question 9 (Visitors), Visitors a day" in errors
        answers = tmp_path / "a.yaml"
        answers.write_text("template: county\n", encoding="utf-8")
        for wrong in (("--set", "nothing"), ("--answers", str(answers), "--from", "city")):
            assert self.call("new", "Hall", *wrong) == 2
