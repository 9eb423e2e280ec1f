"""A workbook holds what was written, as data, and prints as it should."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import openpyxl

from sim.storage.workbook import BookSheet, CellLook, Choices, SheetCell, workbook_bytes

HEAD = CellLook("1F3864", "FFFFFF", is_bold=True, across="center", has_frame=True)


PARTS_OF_A_SHEET = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
)


def opened(*sheets: BookSheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(sheets, "Roster")))


def plain(*rows: tuple[Any, ...]) -> tuple[tuple[SheetCell, ...], ...]:
    return tuple(tuple(map(SheetCell, row)) for row in rows)


def test_what_is_written_is_read_again() -> None:
    rows = ("张三", "A", 7.5, 3, date(2025, 3, 3), None)
    page = opened(BookSheet("排班表", plain(rows)))["排班表"]
    [read] = page.iter_rows(values_only=True)
    assert read == ("张三", "A", 7.5, 3, datetime(2025, 3, 3), None)


def test_nothing_is_a_formula() -> None:
    page = opened(BookSheet("1", plain(("=1+1", "+1", "-1", "@x", "a\x00b"))))["1"]
    assert {cell.data_type for cell in page[1]} == {"s"}
    assert [cell.value for cell in page[1]] == ["=1+1", "+1", "-1", "@x", "a\ufffdb"]


def test_headings_stay_in_sight_and_on_paper() -> None:
    rows = plain(("Title",), ("Name", "1", "2"), ("", "Mon", "Tue"), ("Li", "A", "B"))
    page = opened(BookSheet("1", rows, heading_rows=(1, 2), heading_columns=1))["1"]
    assert page.freeze_panes == "B4"
    assert page.print_title_rows == "$2:$3"
    assert page.print_title_cols == "$A:$A"
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page.page_setup.fitToHeight == 0


def test_a_cell_looks_as_it_is_told() -> None:
    look = HEAD._replace(form="0.0")
    page = opened(BookSheet("1", ((SheetCell(2.25, look),),)))["1"]
    cell = page["A1"]
    assert cell.fill.fgColor.rgb.endswith("1F3864")
    assert cell.font.color.rgb.endswith("FFFFFF")
    assert cell.font.bold
    assert cell.number_format == "0.0"
    assert cell.border.left.style == "thin"


def test_columns_are_wide_enough_for_chinese() -> None:
    page = opened(BookSheet("1", plain(("企业开办专区窗口", "A"))))["1"]
    assert page.column_dimensions["A"].width > 16
    assert page.column_dimensions["B"].width < 6
    page = opened(BookSheet("1", plain(("企业开办专区窗口", "A")), widths=(7.0,)))["1"]
    assert page.column_dimensions["A"].width == 7.0


def test_a_title_above_the_headings_widens_no_column() -> None:
    rows = plain(("一条队各时段需要的人数与排班人数",), (), ("组", "人"), ("甲", 3))
    page = opened(BookSheet("1", rows, heading_rows=(2, 2)))["1"]
    assert page.column_dimensions["A"].width < 6


def test_chinese_letters_are_asked_for_by_their_number_too() -> None:
    page = opened(BookSheet("1", plain(("休",))))["1"]
    assert (page["A1"].font.name, page["A1"].font.charset) == ("SimSun", 134)


def test_the_order_of_parts_is_that_of_the_format() -> None:
    """Strict programs refuse another order of the parts of a sheet (ECMA-376, CT_Worksheet)."""
    choices = (Choices((3, 3), (1, 1), ("A",)),)
    sheet = BookSheet("1", plain(("Li", "A")), (0, 0), 1, choices=choices)
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([sheet], "Roster"))) as file:
        root = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    parts = [part.tag.rpartition("}")[2] for part in root]
    assert parts == sorted(parts, key=PARTS_OF_A_SHEET.index)


def test_a_name_of_a_sheet_that_is_too_long_ends_with_a_word() -> None:
    names = opened(BookSheet("Needed and rostered by half hours", ())).sheetnames
    assert names == ["Needed and rostered by half"]


def test_a_name_of_a_sheet_that_no_program_takes_is_made_one() -> None:
    assert opened(BookSheet("a/b:c" * 20, ())).sheetnames == ["abc" * 10 + "a"]


def test_cells_offer_choices_and_take_others() -> None:
    choices = Choices((3, 9), (2, 5), ("A", "B", "休"))
    page = opened(BookSheet("1", plain(("Li",)), choices=(choices,)))["1"]
    [validation] = page.data_validations.dataValidation
    assert validation.formula1 == '"A,B,休"'
    assert str(validation.sqref) == "C4:F10"
    assert not validation.showErrorMessage
    many = choices._replace(words=tuple(f"shift {n}" for n in range(60)))
    page = opened(BookSheet("1", plain(("Li",)), choices=(many,)))["1"]
    assert not page.data_validations.dataValidation, "the format takes no list as long"
