"""A hall's workbook is the same hall in whatever form people's programs write its cells."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.scenario.load import load_scenario
from sim.storage.hall_book import hall_workbook
from sim.storage.hall_book_reader import ReadBook, read_hall_workbook
from sim.storage.hall_book_tables import TABLES, BookTable
from sim.storage.hall_sheet import clock_of, day_words, find_table
from sim.text import load_text
from tests.storage.test_hall_book import HALL
from tests.strategies import scenarios

CHINESE, ENGLISH = load_text("zh"), load_text("en")
SHARES: Final = ("correction_share", "online_share")
EXPLAINED: Final = 2
"""Rows of headings and explanations."""
WIDE: Final = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def clock_forms(words: str) -> list[object]:
    """A time of day as spreadsheets and their users write it."""
    hours, minutes = map(int, words.split(":"))
    part = (hours * 60 + minutes) / 1440
    forms: list[object] = [words, f" {hours}:{minutes:02d} ", words.translate(WIDE), round(part, 6)]
    forms += [str(round(part, 9)), timedelta(minutes=hours * 60 + minutes)]
    if hours < 24:
        forms += [
            time(hours, minutes),
            f"{hours}点{minutes}分",
            datetime(1899, 12, 30, hours, minutes),
        ]
    return forms


def date_forms(words: str) -> list[object]:
    """A date as spreadsheets and their users write it."""
    day = date.fromisoformat(words)
    serial = (day - date(1899, 12, 30)).days
    year, month, number = day.year, day.month, day.day
    return [
        words,
        day,
        datetime(year, month, number),
        serial,
        str(serial),
        f"{year}/{month}/{number}",
    ]


def number_forms(value: float, *, is_share: bool) -> list[object]:
    """A number as spreadsheets and their users write it."""
    forms: list[object] = [value, float(value), f" {value} ", str(value).translate(WIDE)]
    if value >= 1000 and value == int(value):
        forms.append(f"{int(value):,}")
    if is_share:
        forms += [f"{value * 100:.10g}%", f"{value * 100:.10g} ％"]
    return forms


def forms(table: BookTable, column: str, value: object) -> list[object]:
    """Other ways to write what stands in a cell."""
    if value is None:
        return [None, "", "  "]
    if column in ("from", "to") and table.has_clocks:
        return clock_forms(str(value))
    if column in ("first_day", "last_day"):
        return date_forms(str(value))
    if isinstance(value, int | float):
        return number_forms(value, is_share=column in SHARES)
    if column in (*table.ids, "lead", "of_matter"):
        return [value, f" {value}\n", str(value).translate(WIDE)]
    return [value, f"  {value} "]


class Rewritten:
    """A workbook whose sheets somebody laid out anew."""

    def __init__(self, seed: int, content: bytes) -> None:
        self.random, self.before = Random(seed), openpyxl.load_workbook(io.BytesIO(content))
        self.after = openpyxl.Workbook()
        self.after.remove(self.after.active)

    def flip(self) -> bool:
        return self.random.random() < 0.5

    def content(self) -> bytes:
        for table in self.random.sample(TABLES, len(TABLES)):
            self._lay_out(table, self.before[CHINESE(f"book.sheet.{table.name}")])
        if self.flip():
            self.after.create_sheet("备忘")["B2"] = "请核对"
        file = io.BytesIO()
        self.after.save(file)
        return file.getvalue()

    def _lay_out(self, table: BookTable, sheet: Any) -> None:
        title = sheet.title if self.flip() else f"{table.name} 2026"
        to = self.after.create_sheet(title)
        above = self.random.randint(0, 3)
        if above:
            to.cell(1, 1, CHINESE("book.title"))
            to.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(table.shown))
        order = self.random.sample(range(len(table.shown)), len(table.shown))
        two_rows = self.flip()
        head = above + 1 + two_rows
        for at, n in enumerate(order, 1):
            text = self.random.choice([CHINESE, ENGLISH])
            heading = to.cell(head - two_rows, at, text(f"book.head.{table.shown[n]}"))
            if two_rows and self.flip():  # one over two rows; else a second one above it
                to.merge_cells(start_row=head - 1, end_row=head, start_column=at, end_column=at)
            elif two_rows:
                to.cell(head, at, heading.value)
                heading.value = CHINESE("book.sheet.windows") + "（合并）"
        remark = len(order) + 1
        to.cell(head, remark, "备注")
        row = head
        first = 1 if self.flip() else EXPLAINED
        for cells in sheet.iter_rows(first + 1, values_only=True):
            row += self.random.randint(1, 2)
            for at, n in enumerate(order, 1):
                value, column = cells[n], table.shown[n]
                is_data = row > head and cells[0] != CHINESE(f"book.explain.{table.ids[0]}")
                others = forms(table, column, value) if is_data else [value]
                cell = to.cell(row, at)
                cell.value = self.random.choice(others)
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # a name may begin with =
            to.cell(row, remark, "见附件")
        self._merge_ids(table, to, head, row, order.index(0) + 1)

    def _merge_ids(self, table: BookTable, to: Any, head: int, last: int, column: int) -> None:
        """Equal ids below each other become one cell, where there is no other row between."""
        if not table.key or not self.flip():
            return
        runs = dict[str, list[int]]()
        for row in range(head + 1, last + 1):
            if value := to.cell(row, column).value:
                runs.setdefault(str(value), []).append(row)
        for rows in runs.values():
            if rows == [*range(rows[0], rows[-1] + 1)] and len(rows) > 1:
                to.merge_cells(
                    start_row=rows[0], end_row=rows[-1], start_column=column, end_column=column
                )


def read(content: bytes, name: str, folder: Path) -> ReadBook:
    file = folder / name
    file.write_bytes(content)
    return read_hall_workbook(file, folder / "hall.yaml", folder / "new.yaml")


@given(st.one_of(st.just(HALL), scenarios()), st.integers(0, 10**6))
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
def test_cells_in_other_forms_are_the_same_hall(text: str, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hall.yaml").write_text(text, encoding="utf-8")
        content = Rewritten(seed, hall_workbook(folder / "hall.yaml", CHINESE)).content()
        book = read(content, "hall.xlsx", folder)
        assert book.changed == ()
        assert book.scenario.hash == load_scenario(folder / "hall.yaml").hash
        left = {(each.code, each.found) for each in book.warnings if each.code[:5] == "book_"}
        assert ("book_heading_left", "备注") in left
        assert left <= {("book_heading_left", "备注"), ("book_sheet_left", "备忘")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_one_sheet_as_csv(table: BookTable, separator: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")
    content = hall_workbook(tmp_path / "hall.yaml", CHINESE)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[CHINESE(f"book.sheet.{table.name}")]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    for n, row in enumerate(sheet.iter_rows(values_only=True)):
        cells = [*row]
        if n >= EXPLAINED:
            cells = [
                str(clock_forms(str(value))[3]) if name in ("from", "to") and value else value
                for name, value in zip(table.shown, row, strict=True)
            ]
        writer.writerow(cells)
    book = read(out.getvalue().encode(encoding), "从前台来.csv", tmp_path)
    assert book.changed == ()
    assert book.scenario.hash == load_scenario(tmp_path / "hall.yaml").hash


def test_an_old_workbook_with_merged_headings(tmp_path: Path) -> None:
    """The same hall as `HALL`, its times as parts of a day, written by another program (xls)."""
    (tmp_path / "hall.yaml").write_text(HALL, encoding="utf-8")
    content = Path(__file__).with_name("made_hall.xls").read_bytes()
    book = read(content, "hall.xls", tmp_path)
    assert book.changed == ()
    assert book.scenario.hash == load_scenario(tmp_path / "hall.yaml").hash


def test_two_headings_over_one_table() -> None:
    calendars = next(table for table in TABLES if table.name == "calendars")
    top = ["开放日历", "星期", "开放时间", "开放时间", "备注"]
    rows: list[list[Any]] = [["营业时间"], top, ["开放日历", "星期", "开始", "结束", None]]
    rows += [["day", "周一", 0.375, time(12), "x"], [], ["day", "周一", "14：00", "0:00"]]
    place = find_table(calendars, "时间", rows)
    assert place is not None
    assert place.cell(3, "open") == "09:00-12:00; 14:00-24:00"
    assert [each.value for each in place.strange] == ["备注"]


@pytest.mark.parametrize("value", ["x", "8.30", 8.5, -0.1, True, date(2025, 3, 3), "25:00"])
def test_what_is_no_clock(value: Any) -> None:
    assert clock_of(value) is None


@pytest.mark.parametrize(
    ("value", "words"), [(45719.5, "45719.5"), (7, "7"), (True, "True"), ("mon-fri", "mon-fri")]
)
def test_what_is_no_date(value: Any, words: str) -> None:
    assert day_words(value) == words
