"""A hall goes into a workbook and comes back the same, but for the cells that were changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sim import example_path
from sim.__main__ import main
from sim.errors import OptionError, ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.node import Node
from sim.storage.hall_book import hall_workbook, held_rows, read_source
from sim.storage.hall_book_reader import ReadBook, read_hall_workbook
from sim.storage.hall_book_tables import TABLES
from sim.text import LANGUAGES, Language, load_text

TEXT = load_text("zh")
HALL = """\
name: {zh: 小厅, en: Small hall}
run: {start: 2025-01-06, warmup_days: 0, measured_days: 2, replications: 3, seed: 5}
calendars:
- id: day
  weekly: {mon-fri: [08:30-12:00, 14:00-17:00], sat: [09:00-12:00]}
  periods: {2025-06-16 to 2025-08-31: {mon-fri: [08:30-12:00, 15:00-17:00], sat: []}}
  source: a sign
- {id: office, weekly: {mon-fri: [08:30-12:00], sat: [09:00-12:00]}, source: a sign}
profiles:
- {id: early, shape: {08:30-12:00: 3, 14:00-17:00: 1}, source: the ticket machine}
hall: {name: 小厅, hours: day}
departments:
- {id: market, name: 市场监管局, reviewers: {mon-fri 08:30-12:00: 2}, hours: office, source: x}
- {id: police, name: {zh: 公安局, en: Police}, reviewers: 4, hours: office, source: x}
matters:
- id: cards
  name: {zh: '=办证', en: "'=Cards"}
  lead: police
  service: {base: 9 min}
  source: x
- id: shop
  name: {zh: 开店, en: Shop}
  applicant: company
  lead: market
  promised: 5 wd
  service: {base: {law: gamma, mean: 20 min, cv: 0.5}, materials: 3, per_material: 30 s}
  items: [{id: licence, name: {zh: 执照, en: Licence}, department: market, review: 5 min}]
  source: x
demand:
- {id: citizens, matter: cards, per_day: 40, profile: early, weekdays: {mon: 1.2},
   months: {7: 0.8, 12: 1.1}, source: x}
- {id: firms, matter: shop, rate: 2 per h, source: x}
layouts:
- id: one
  name: {zh: 一种, en: One}
  windows:
  - id: front
    serves: [cards, shop]
    clerks: {mon-fri 08:30-12:00: 4, mon-fri 14:00-17:00: 3, sat 09:00-12:00: 1}
    service_laws: {cards: 12 min, shop: {law: gamma, mean: 15 min, cv: 0.3}}
    source: x
  - {id: back, serves: [market], clerks: 1, source: x}
"""
SHIPPED = (
    "exact/mmc.yaml",
    "sanmenxia_tidal.yaml",
    "sanmenxia_townships.yaml",
    "office_replay.yaml",
)


class Book:
    """A workbook that is changed like a person does it, and read back."""

    def __init__(self, folder: Path, scenario: str = "", language: Language = "zh") -> None:
        self.text = load_text(language)
        self.over, self.file = folder / "small.yaml", folder / "hall.xlsx"
        if scenario:
            self.over = example_path(scenario)
        else:
            self.over.write_text(HALL, encoding="utf-8")
        self.out = folder / "new.yaml"
        self.file.write_bytes(hall_workbook(self.over, self.text))
        self.sheets = openpyxl.load_workbook(self.file)

    def sheet(self, table: str) -> Any:
        return self.sheets[self.text(f"book.sheet.{table}")]

    def cell(self, table: str, keys: tuple[str, ...], column: str) -> Any:
        sheet, [fields] = self.sheet(table), [each for each in TABLES if each.name == table]
        at = fields.shown.index(column) + 1
        for row in sheet.iter_rows(3):
            if tuple(cell.value or "" for cell in row[: len(keys)]) == keys:
                return sheet.cell(row[0].row, at)
        raise LookupError(keys)

    def read(self) -> ReadBook:
        self.sheets.save(self.file)
        return read_hall_workbook(self.file, self.over, self.out)

    def problems(self) -> list[tuple[str, str]]:
        with pytest.raises(OptionError) as caught:
            self.read()
        problems = caught.value.problems
        assert all(problem.file == "hall.xlsx" for problem in problems)
        for language in LANGUAGES:
            assert all(problem.sentence(load_text(language)) for problem in problems)
        return [(problem.code, problem.path.split(" ")[0]) for problem in problems]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scenario", ["", *SHIPPED])
def test_what_nobody_changed_is_the_same_scenario(
    tmp_path: Path, scenario: str, language: Language
) -> None:
    book = Book(tmp_path, scenario, language)
    read = book.read()
    assert read.changed == ()
    book.out.write_text(read.text, encoding="utf-8")
    assert load_scenario(book.out).hash == load_scenario(book.over).hash == read.scenario.hash


CHANGES = [
    ("windows", ("one", "back"), "proficiency", 1.25, "layouts.one.windows.back.proficiency"),
    ("windows", ("one", "back"), "serves", "cards；market", "layouts.one.windows.back.serves"),
    ("clerks", ("one", "front", "sat"), "clerks", 2, "layouts.one.windows.front.clerks"),
    ("clerks", ("one", "back", ""), "clerks", "２", "layouts.one.windows.back.clerks"),
    (
        "service_laws",
        ("one", "front", "shop"),
        "service_there",
        "9 min",
        "layouts.one.windows.front.service_laws.shop.mean",
    ),
    (
        "service_laws",
        ("one", "front", "cards"),
        "service_there",
        "9 分钟",
        "layouts.one.windows.front.service_laws.cards",
    ),
    ("matters", ("cards",), "name_en", "@Cards", "matters.cards.name.en"),
    ("matters", ("cards",), "service", "25 分钟", "matters.cards.service.base"),
    ("matters", ("shop",), "service", "1小时5分", "matters.shop.service.base.mean"),
    ("matters", ("shop",), "promised", "９个工作日", "matters.shop.promised"),
    ("matters", ("shop",), "correction_share", "20％", "matters.shop.correction_share"),
    ("departments", ("police",), "reviewers", 8, "departments.police.reviewers"),
    ("departments", ("market",), "name_zh", 2025, "departments.market.name"),
    ("departments", ("market",), "hours", "day", "departments.market.hours"),
    ("calendars", ("office", "sat"), "to", "１１点", "calendars.office.weekly"),
    ("calendars", ("day", "mon-fri", "14:00"), "to", 17.5 / 24, "calendars.day.weekly"),
    ("calendars", ("day", "mon-fri", "14:00"), "from", time(13, 30), "calendars.day.weekly"),
    ("demand", ("citizens",), "per_day", 55, "demand.citizens.per_day"),
    ("demand", ("citizens",), "on_tue", 1.1, "demand.citizens.weekdays.tue"),
    ("demand", ("citizens",), "in_month_7", 0.9, "demand.citizens.months"),
    ("demand", ("citizens",), "in_month_1", "０.8", "demand.citizens.months"),
    (
        "periods",
        ("day", "2025-06-16", "2025-08-31", "mon-fri", "15:00"),
        "to",
        time(16),
        "calendars.day.periods",
    ),
    ("profiles", ("early", "14:00"), "weight", 2, "profiles.early.shape"),
]


@pytest.mark.parametrize(("table", "keys", "column", "value", "path"), CHANGES)
def test_a_changed_cell_changes_its_field_alone(
    tmp_path: Path, table: str, keys: tuple[str, ...], column: str, value: object, path: str
) -> None:
    book = Book(tmp_path)
    book.cell(table, keys, column).value = value
    read = book.read()
    [change] = read.changed
    assert change.path == path
    book.out.write_text(read.text, encoding="utf-8")
    written = load_scenario(book.out)
    assert written.hash == read.scenario.hash != load_scenario(book.over).hash
    before, now = (_cells(read_source(path).tree) for path in (book.over, book.out))
    [(of_table, of_keys, _)] = {
        place for place in before.keys() | now if before.get(place) != now.get(place)
    }
    assert (of_table, of_keys[0]) == (table, keys[0])


def _cells(tree: Node) -> dict[tuple[str, tuple[str, ...], str], object]:
    return {
        (table.name, row.keys, field.name): cell.value
        for table in TABLES
        for row in held_rows(table, tree)
        for field, cell in zip(table.fields, row.cells, strict=True)
    }


def test_rows_may_be_added(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.sheet("calendars").append(["office", "周日", "9:00", "12:00"])
    book.sheet("profiles").append(["early", "06:00", 6.5 / 24, 0.5])
    winter = ["office", date(2025, 12, 1), 46022, "周一", "9:00", "12:00"]
    book.sheet("periods").append(winter)
    read = book.read()
    assert len(read.changed) == 3
    [office] = [calendar for calendar in read.scenario.calendars if calendar.id == "office"]
    assert [str(day) for day in office.weekly] == ["mon-fri", "sat", "sun"]
    assert [*office.periods] == ["2025-12-01 to 2025-12-31"]


def test_one_number_may_become_many(tmp_path: Path) -> None:
    book = Book(tmp_path, "exact/mmc.yaml")
    sheet = book.sheet("clerks")
    assert [cell.value for cell in sheet[3]] == ["hall", "windows", None, None, None, 5]
    sheet["C3"], sheet["D3"], sheet["E3"], sheet["F3"] = "mon-sun", time(0), time(12), 6
    sheet.append(["hall", "windows", "周一至周日", "12:00", "24:00", "５"])
    [group] = book.read().scenario.layout("hall").windows
    assert group.clerks == {"mon-sun 00:00-12:00": 6, "mon-sun 12:00-24:00": 5}


def _emptied(book: Book) -> None:
    book.cell("windows", ("one", "back"), "serves").value = None
    book.cell("departments", ("police",), "reviewers").value = None


def _fixed(book: Book) -> None:
    book.cell("departments", ("market",), "reviewers").value = 3
    book.cell("departments", ("market",), "name_en").value = "Market"


def _row_gone(book: Book) -> None:
    book.sheet("calendars").delete_rows(5)


def _twice(book: Book) -> None:
    book.sheet("profiles").append(["early", "8:30", 0.5, 2])


def _mixed(book: Book) -> None:
    book.sheet("clerks").append(["one", "front", None, None, None, 3])


def _no_id(book: Book) -> None:
    book.sheet("calendars").append([None, "sat", "9:00", "12:00"])


def _heading(book: Book) -> None:
    book.sheet("departments")["D1"].value = "审批人"
    book.sheet("demand")["D1"].value = "来办事项"


def _columns(book: Book) -> None:
    book.sheet("departments")["A1"].value = None


def _sheet(book: Book) -> None:
    book.sheets.create_sheet("Departmens")["A1"] = "early"
    book.sheets.copy_worksheet(book.sheet("demand")).title = "上月"


def _other(book: Book) -> None:
    book.sheet("about")["B2"].value = "0" * 16


def _values(book: Book) -> None:
    book.cell("departments", ("police",), "reviewers").value = "many"
    book.cell("matters", ("shop",), "service").value = 25
    book.cell("matters", ("shop",), "correction_share").value = 1.5
    book.cell("clerks", ("one", "back", ""), "clerks").value = -1
    book.cell("calendars", ("day", "sat"), "to").value = "8:00"


def _clocks(book: Book) -> None:
    book.cell("calendars", ("day", "sat"), "from").value = "早上"
    book.cell("calendars", ("office", "sat"), "to").value = None
    book.cell("profiles", ("early", "14:00"), "to").value = 17.5


def _references(book: Book) -> None:
    book.cell("departments", ("police",), "hours").value = "ofice"
    book.cell("windows", ("one", "back"), "serves").value = "market; parks"
    book.sheet("clerks").append(["one", "front", "mon", "09:00", "10:00", 3])
    book.sheet("calendars").append(["day", "周一至周五", "8:00", "9:00"])


def _new_part(book: Book) -> None:
    book.sheet("departments").append(["archive", "档案局", "Archive"])
    book.cell("demand", ("firms",), "per_day").value = 3


Faults = list[tuple[str, str]]
FAULTS: list[tuple[Callable[[Book], None], Faults]] = [
    (_emptied, [("book_emptied", "部门!D4")]),
    (_fixed, [("book_fixed", "部门!C3"), ("book_fixed", "部门!D3")]),
    (_row_gone, [("book_row_gone", "开放时间")]),
    (_twice, [("book_twice", "到达曲线!B5")]),
    (_mixed, [("book_mixed", "值守人数!D7")]),
    (_no_id, [("book_no_id", "开放时间!A8")]),
    (_heading, [("book_heading_twice", "业务量!D1"), ("book_heading", "部门!D1")]),
    (_columns, [("book_columns", "部门")]),
    (_sheet, [("book_sheet", "Departmens"), ("book_sheet_twice", "上月")]),
    (_other, [("book_other", "说明!B2")]),
    (
        _values,
        [
            ("bare_number", "事项!G4"),
            ("share_outside", "事项!I4"),
            ("negative", "值守人数!F6"),
            ("empty_interval", "开放时间!C5"),
            ("wrong_type", "部门!D4"),
        ],
    ),
    (
        _clocks,
        [
            ("answer_clock", "到达曲线!C4"),
            ("answer_clock", "开放时间!C5"),
            ("answer_half_span", "开放时间!D7"),
        ],
    ),
    (
        _references,
        [
            ("overlapping_intervals", "值守人数!F7"),
            ("overlapping_intervals", "开放时间!C3"),
            ("unknown_matter", "窗口!F4"),
            ("unknown_calendar", "部门!E4"),
        ],
    ),
    (_new_part, [("one_amount", "业务量!A4"), ("unknown_entry", "部门!A5")]),
]


@pytest.mark.parametrize(("spoil", "expected"), FAULTS)
def test_every_wrong_cell_is_told(
    tmp_path: Path, spoil: Callable[[Book], None], expected: Faults
) -> None:
    book = Book(tmp_path)
    spoil(book)
    assert book.problems() == expected


def test_a_sentence_names_sheet_cell_found_and_allowed(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.cell("departments", ("police",), "hours").value = "ofice"
    with pytest.raises(OptionError) as caught:
        book.read()
    [problem] = caught.value.problems
    assert problem.sentence(TEXT) == (
        "hall.xlsx 部门!E4 日历：没有定义日历“ofice”（是否应为“office”？）；应为：day, office；"
        "请改正编号，或在 calendars: 下定义这个日历"
    )


def test_what_is_wrong_below_is_told_of_the_file_below(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.over.write_text(HALL.replace("hours: day}", "hours: night}"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"small\.yaml:11"):
        book.read()


def test_lists_to_choose_from_and_explanations(tmp_path: Path) -> None:
    book = Book(tmp_path)
    lists = {
        validation.formula1: str(validation.sqref)
        for validation in book.sheet("departments").data_validations.dataValidation
    }
    assert lists['"day,office"'].startswith("E3:E")
    for table in TABLES:
        explained = [cell.value for cell in book.sheet(table.name)[2]]
        assert explained == [TEXT(f"book.explain.{name}") for name in table.shown]


def left(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


class TestCommand:
    """`govhall workbook`, both ways."""

    def test_there_and_back(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        book = Book(tmp_path)
        file, over, out = str(book.file), str(book.over), str(book.out)
        book.file.unlink()
        assert left(["--lang", "en", "workbook", over, "--out", file]) == 0
        sheets = openpyxl.load_workbook(book.file)
        sheets["Departments"]["D4"].value = 5
        sheets.save(book.file)
        capsys.readouterr()
        back = ["--lang", "en", "workbook", file, "--over", over, "--out", out]
        assert left(back) == 0
        said = capsys.readouterr().out.splitlines()
        assert said[0] == "departments.police.reviewers: 4 → 5"
        assert load_scenario(out).hash in said[1]
        assert load_scenario(out).departments[1].most_reviewers == 5

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["small.yaml"], "--out"),
            (["hall.xlsx", "--out", "new.yaml"], "--over"),
            (["hall.xlsx", "--over", "small.yaml", "--out", "small.yaml"], "extends"),
        ],
    )
    def test_what_it_needs(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        code: str,
    ) -> None:
        Book(tmp_path)
        monkeypatch.chdir(tmp_path)
        assert left(["workbook", *arguments]) == 2
        assert code in capsys.readouterr().err
        assert (tmp_path / "small.yaml").read_text(encoding="utf-8") == HALL
