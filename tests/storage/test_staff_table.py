"""Staff tables: what is read of them, in which formats, and every mistake with its cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from sim import example_path, load_scenario
from sim.errors import OptionError, Problem
from sim.plan.staff import DatedWish, StaffMember
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.storage.spreadsheet import MOST_ROWS, CellValue, read_rows
from sim.storage.staff_table import HEADINGS, StaffTable, read_staff, staff_of, staff_rows
from sim.text import LANGUAGES, Language, load_text
from tests.scenario.town import TOWN

CHINESE = "姓名,岗位,合同工时,休息日,愿望,资深,部分工时"
LAYOUT = "zone"
SHIFTS = """
rostering:
  source: a test
  shifts: [{id: day, name: {zh: 长班, en: long}, pieces: [08:30-12:00, 14:30-17:30], days: mon-fri}]
  staff: {shift_limits: [{id: noon, during: 12:00-13:00, at_most: 3}]}
"""


def town(rules: str = "") -> Scenario:
    """Two window groups: `one_stop` of one matter, and `plain` of the police."""
    return scenario_from_text(f"{TOWN}{rules}")


def layout_of(scenario: Scenario) -> str:
    return scenario.layouts[0].id


def read(folder: Path, text: str, scenario: Scenario | None = None) -> StaffTable:
    file = folder / "staff.csv"
    file.write_text(text, encoding="utf-8")
    hall = scenario or town()
    return read_staff(file, hall, layout_of(hall))


def only(folder: Path, row: str) -> StaffMember:
    [person] = read(folder, f"{CHINESE}\n{row}\n").staff
    return person


def problems(folder: Path, text: str, scenario: Scenario | None = None) -> tuple[Problem, ...]:
    """Every problem of a table, each told in both languages with file and cell."""
    with pytest.raises(OptionError) as refusal:
        read(folder, text, scenario)
    texts = [load_text(language) for language in LANGUAGES]
    assert all(refusal.value.sentences(text) for text in texts)
    assert all(problem.file == "staff.csv" for problem in refusal.value.problems)
    return refusal.value.problems


class TestWhatIsRead:
    def test_all_of_a_person(self, tmp_path: Path) -> None:
        person = only(tmp_path, "李四,one_stop、plain,36,周三；2025-03-04,早班,是,否")
        groups = tuple(group.id for group in town().layouts[0].windows)
        assert person == StaffMember(
            "李四", groups, 36.0, (2,), ("2025-03-04",), ("mornings",), (), True, False
        )

    def test_what_is_left_out_is_as_the_scenario_has_it(self, tmp_path: Path) -> None:
        hall = town("rostering: {source: a test, staff: {contract: 35 h}}\n")
        [person] = read(tmp_path, "name,groups\nLi,all\n", hall).staff
        assert (person.contract_hours, person.senior, person.weekdays_off) == (35.0, False, ())

    @pytest.mark.parametrize("skill", ["plain", "police", "公安", "Police", "身份证", "ID_CARD"])
    def test_a_skill_is_a_group_or_what_it_serves(self, tmp_path: Path, skill: str) -> None:
        assert "plain" in only(tmp_path, f"李四,{skill},,,,,").groups

    @pytest.mark.parametrize(
        ("cell", "weekdays", "dates"),
        [
            ("周末", (5, 6), ()),
            ("星期日", (6,), ()),
            ("sat", (5,), ()),
            ("2025/3/4", (), ("2025-03-04",)),
            ("2025年3月4日", (), ("2025-03-04",)),
            ("2025-03-04至2025-03-06", (), ("2025-03-04", "2025-03-05", "2025-03-06")),
        ],
    )
    def test_days_off(
        self, tmp_path: Path, cell: str, weekdays: tuple[int, ...], dates: tuple[str, ...]
    ) -> None:
        person = only(tmp_path, f"李四,all,40,{cell},,,")
        assert (person.weekdays_off, person.dates_off) == (weekdays, dates)

    @pytest.mark.parametrize(
        ("cell", "wishes", "weekdays"),
        [
            ("上午", ("mornings",), ()),
            ("prefers mornings", ("mornings",), ()),
            ("周末休", ("no_weekends",), ()),
            ("周三休、下午", ("afternoons",), (2,)),
            ("off wed", (), (2,)),
        ],
    )
    def test_wishes(
        self, tmp_path: Path, cell: str, wishes: tuple[str, ...], weekdays: tuple[int, ...]
    ) -> None:
        person = only(tmp_path, f"李四,all,40,,{cell},,")
        assert (person.wishes, person.weekdays_wished_off) == (wishes, weekdays)

    @pytest.mark.parametrize(
        ("cell", "wishes"),
        [
            ("2025-03-04 休", [("2025-03-04", "off", 1)]),
            ("2025年3月4日 休 ×3", [("2025-03-04", "off", 3)]),
            ("2025-03-04: off *10", [("2025-03-04", "off", 10)]),
            ("2025-03-04至2025-03-05 上午", [(f"2025-03-0{n}", "mornings", 1) for n in (4, 5)]),
            ("2025/3/4 day、2025/3/5 on", [("2025-03-04", "day", 1), ("2025-03-05", "on", 1)]),
            ("2025-03-04 长班 x2", [("2025-03-04", "day", 2)]),
        ],
    )
    def test_wishes_by_date(
        self, tmp_path: Path, cell: str, wishes: list[tuple[str, str, int]]
    ) -> None:
        text = f"{CHINESE}\n李四,all,40,,{cell},,\n"
        [person] = read(tmp_path, text, town(SHIFTS)).staff
        assert person.dated_wishes == tuple(DatedWish(*wish) for wish in wishes)

    def test_columns_of_dates_are_wishes(self, tmp_path: Path) -> None:
        """As a hall asks round: people by dates, a word in each cell."""
        text = "姓名,岗位,2025-03-04,2025/3/5\n李四,all,休×3,\n王五,all,,长班\n"
        li, wang = read(tmp_path, text, town(SHIFTS)).staff
        assert li.dated_wishes == (DatedWish("2025-03-04", "off", 3),)
        assert wang.dated_wishes == (DatedWish("2025-03-05", "day", 1),)

    def test_dates_of_a_workbook_head_columns_too(self) -> None:
        rows: list[list[CellValue]] = [
            ["name", "groups", datetime(2025, 3, 4)],
            ["Li", "all", "off"],
        ]
        [person] = staff_of(rows, town(), layout_of(town())).staff
        assert person.dated_wishes == (DatedWish("2025-03-04", "off", 1),)

    def test_limits_of_a_person(self, tmp_path: Path) -> None:
        text = "姓名,岗位,周末上限,班次上限\n李四,all,2,长班 4；noon最多1次\n王五,all,,\n"
        li, wang = read(tmp_path, text, town(SHIFTS)).staff
        assert (li.weekends_at_most, li.shifts_at_most) == (2, (("day", 4), ("noon", 1)))
        assert (wang.weekends_at_most, wang.shifts_at_most) == (None, ())

    @pytest.mark.parametrize(
        ("code", "place", "row"),
        [
            ("staff_weekends", "C2", "-1,,"),
            ("staff_weekends", "C2", "1.5,,"),
            ("staff_limit", "D2", ",late 4,"),
            ("staff_limit", "D2", ",day,"),
            ("staff_wish", "E2", ",,beach"),
            ("staff_wish", "E2", ",,off ×11"),
        ],
    )
    def test_limits_and_wishes_that_say_nothing(
        self, tmp_path: Path, code: str, place: str, row: str
    ) -> None:
        text = f"name,groups,weekends_at_most,shifts_at_most,2025-03-04\nLi,all,{row}\n"
        [problem] = problems(tmp_path, text, town(SHIFTS))
        assert (problem.code, problem.path.split()[0]) == (code, place)

    def test_a_title_stands_above_and_other_columns_beside(self, tmp_path: Path) -> None:
        text = "大厅人员表,,\n工号,姓名,岗位\n001,李四,all\n,,\n002,王五,plain\n"
        assert [person.name for person in read(tmp_path, text).staff] == ["李四", "王五"]

    def test_every_recommended_heading_is_one_word_of_each_language(self) -> None:
        for words in HEADINGS.values():
            assert not words[0].isascii()
            assert any(word.isascii() for word in words)


class TestFormats:
    ROWS = "姓名,岗位\n李四,plain\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "staff.csv").write_bytes(self.ROWS.encode(encoding))
        hall = town()
        [person] = read_staff(tmp_path / "staff.csv", hall, layout_of(hall)).staff
        assert person.name == "李四"

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_separators(self, tmp_path: Path, separator: str) -> None:
        text = self.ROWS.replace(",", separator)
        assert [person.name for person in read(tmp_path, text).staff] == ["李四"]

    def test_a_workbook_says_the_same_as_text(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["姓名", "岗位", "合同工时", "休息日"])
        sheet.append(["李四", "plain", 36, date(2025, 3, 4)])
        sheet.append(["王五", "plain", 40.0, "周三"])
        book.save(tmp_path / "staff.xlsx")
        hall = town()
        workbook = read_staff(tmp_path / "staff.xlsx", hall, layout_of(hall))
        text = "姓名,岗位,合同工时,休息日\n李四,plain,36,2025-03-04\n王五,plain,40,周三\n"
        assert workbook.staff == read(tmp_path, text, hall).staff

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("staff.xlsx", b"PK\x03\x04 cut off"),
            ("staff.xlsx", b"no workbook"),
            ("staff.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
            ("staff.csv", "姓名,岗位\n".encode("utf-16")),
        ],
    )
    def test_what_cannot_be_read_is_told(self, tmp_path: Path, name: str, content: bytes) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(OptionError) as refusal:
            read_rows(tmp_path / name)
        [problem] = refusal.value.problems
        assert (problem.code, problem.file) == ("table_unreadable", name)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(OptionError, match="table cannot be read"):
            read_rows(tmp_path / "staff.csv")

    def test_formats_without_end_are_no_rows(self, tmp_path: Path) -> None:
        book = Workbook()
        book.worksheets[0]["A1"] = "name"
        book.worksheets[0].cell(row=1_000_000, column=1).value = "far"
        book.save(tmp_path / "staff.xlsx")
        assert len(read_rows(tmp_path / "staff.xlsx")) <= MOST_ROWS


class TestMistakes:
    @pytest.mark.parametrize(
        ("code", "cell", "row"),
        [
            ("staff_name", "A2", ",plain,40,,,,"),
            ("staff_skill", "B2", "李四,,40,,,,"),
            ("staff_skill", "B2", "李四,plane,40,,,,"),
            ("staff_hours", "C2", "李四,plain,0,,,,"),
            ("staff_hours", "C2", "李四,plain,-8,,,,"),
            ("staff_hours", "C2", "李四,plain,200,,,,"),
            ("staff_hours", "C2", "李四,plain,many,,,,"),
            ("staff_shifts", "C2", "李四,plain,1,,,,"),
            ("staff_day", "D2", "李四,plain,40,3月4日,,,"),
            ("staff_day", "D2", "李四,plain,40,2025-02-30,,,"),
            ("staff_day", "D2", "李四,plain,40,2025-03-05至2025-03-04,,,"),
            ("staff_wish", "E2", "李四,plain,40,,海边,,"),
            ("staff_flag", "F2", "李四,plain,40,,,也许,"),
        ],
    )
    def test_a_mistake_has_its_cell(self, tmp_path: Path, code: str, cell: str, row: str) -> None:
        [problem] = problems(tmp_path, f"{CHINESE}\n{row}\n")
        assert (problem.code, problem.path.split()[0]) == (code, cell)

    def test_a_skill_that_is_nearly_one(self, tmp_path: Path) -> None:
        [problem] = problems(tmp_path, f"{CHINESE}\n李四,plane,40,,,,\n")
        assert dict(problem.values)["nearest"] == "plain"

    def test_somebody_twice(self, tmp_path: Path) -> None:
        [problem] = problems(tmp_path, f"{CHINESE}\n李四,all,,,,,\n王五,all,,,,,\n李 四,all,,,,,\n")
        assert (problem.code, dict(problem.values)["first"]) == ("staff_doubled", "A2")

    def test_everything_is_told_at_once(self, tmp_path: Path) -> None:
        text = f"{CHINESE}\n李四,plane,0,,,,\n李四,plain,40,never,,,\n"
        codes = [problem.code for problem in problems(tmp_path, text)]
        assert sorted(codes) == ["staff_day", "staff_doubled", "staff_hours", "staff_skill"]

    @pytest.mark.parametrize("text", ["", "\n\n", f"{CHINESE}\n", f"{CHINESE}\n,,,,,,\n"])
    def test_nobody(self, tmp_path: Path, text: str) -> None:
        [problem] = problems(tmp_path, text)
        assert problem.code == "staff_empty"

    @pytest.mark.parametrize("head", ["姓名,电话", "工号,电话", "岗位,合同工时"])
    def test_a_column_that_is_missing(self, tmp_path: Path, head: str) -> None:
        [problem] = problems(tmp_path, f"{head}\n1,2\n")
        assert problem.code == "staff_columns"

    def test_a_heading_that_is_misspelt(self, tmp_path: Path) -> None:
        [problem] = problems(tmp_path, "name,groups,contract_hour\nLi,plain,40\n")
        assert (problem.code, problem.path) == ("staff_heading", "C1 contract_hour")

    def test_people_whose_week_is_shorter_than_a_shift(self, tmp_path: Path) -> None:
        shifts = "[{id: long, pieces: [08:30-12:00, 14:30-17:30], days: mon-fri}]"
        hall = town(f"rostering: {{source: a test, shifts: {shifts}}}\n")
        [problem] = problems(tmp_path, "name,groups,contract_hours\nLi,plain,6\n", hall)
        assert (problem.code, dict(problem.values)["shortest"]) == ("staff_shifts", "6.5")

    def test_a_group_that_nobody_serves_is_a_warning(self, tmp_path: Path) -> None:
        hall = load_scenario(example_path("sanmenxia.yaml"))
        table = tmp_path / "staff.csv"
        table.write_text("name,groups\nLi,zone\n", encoding="utf-8")
        warnings = read_staff(table, hall, LAYOUT).warnings
        assert {problem.code for problem in warnings} == {"staff_nobody"}
        assert len(warnings) == len(hall.layout(LAYOUT).windows) - 1
        assert all(re.search("staff.csv", problem.where) for problem in warnings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_written_as_a_table_are_read_again(language: Language) -> None:
    one_stop, both = ("one_stop",), ("one_stop", "plain")
    people = (
        StaffMember("张三", both, 40.0, (2, 5), ("2025-03-04",)),
        StaffMember("Li Si", one_stop, 37.5, wishes=("mornings", "no_weekends"), senior=True),
        StaffMember("王五", one_stop, 40.0, weekdays_wished_off=(0,), part_time=True),
    )
    assert_read_again(people, town(), language)
    limited = StaffMember("赵六", both, 40.0, weekends_at_most=0, shifts_at_most=(("noon", 1),))
    dated = (DatedWish("2025-03-04", "off", 3), DatedWish("2025-03-05", "day"))
    assert_read_again((*people, limited._replace(dated_wishes=dated)), town(SHIFTS), language)


def assert_read_again(people: tuple[StaffMember, ...], hall: Scenario, language: Language) -> None:
    rows = staff_rows(people, hall, layout_of(hall), language)
    assert staff_of(rows, hall, layout_of(hall)).staff == people
