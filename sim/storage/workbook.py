"""Workbooks of spreadsheets (xlsx): sheets of cells, each with a look, as bytes of a file.

What stands in a cell is data and never a formula, whatever it begins with.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sim.text.foreign import visible
from sim.version import VERSION

SheetValue = str | int | float | date | None
"""What a cell holds; None = it is empty."""
A4: Final = 9
"""Number of this size of paper in the format."""
NARROWEST, WIDEST = 4.0, 60.0
"""Width of a column, in characters."""
LONGEST_NAME: Final = 31
"""Characters of a sheet's name, as the format allows."""
LONGEST_LIST: Final = 255
"""Characters of a list of choices, as the format allows."""
FONT: Final = "SimSun"
"""Named only: every Chinese spreadsheet program has it."""
GB2312: Final = 134
"""Number of the Chinese letters in the format: who has not the font takes another one of these."""


class CellLook(NamedTuple):
    """How a cell looks.

    Attributes
    ----------
    fill, ink : str
        Colours as RRGGBB; empty = none, and black.
    is_bold : bool
    size : int
        Points.
    across : str
        `left`, `center` or `right`; empty = as the program sets what the cell holds.
    has_frame, wraps : bool
        With a thin line round it; in as many lines as it takes.
    form : str
        How the program writes a number or a date, as `0.0` or `m/d`; empty = as it likes.
    """

    fill: str = ""
    ink: str = ""
    is_bold: bool = False
    size: int = 10
    across: str = ""
    has_frame: bool = False
    wraps: bool = False
    form: str = ""


class SheetCell(NamedTuple):
    """What stands in a cell, and how it looks."""

    value: SheetValue
    look: CellLook = CellLook()


class Choices(NamedTuple):
    """Cells of which each takes one of a few words: a list to choose from.

    Attributes
    ----------
    rows, columns : tuple of int
        The first and the last, counted from 0.
    words : tuple of str
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    words: tuple[str, ...]


class BookSheet(NamedTuple):
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
    rows : tuple of tuple of SheetCell
        Of any lengths.
    heading_rows : tuple of int
        The first and the last of those that stay in sight and are printed on each page, counted
        from 0; rows above them stay in sight too.
    heading_columns : int
        First columns that stay in sight and are printed on each page.
    widths : tuple of float
        Of columns, in characters; the others are as wide as what stands in them.
    choices : tuple of Choices
    """

    name: str
    rows: tuple[tuple[SheetCell, ...], ...]
    heading_rows: tuple[int, int] | None = None
    heading_columns: int = 0
    widths: tuple[float, ...] = ()
    choices: tuple[Choices, ...] = ()


def workbook_bytes(sheets: Sequence[BookSheet], title: str) -> bytes:
    """A workbook as the bytes of a file, printed on A4 across, as wide as a page.

    Examples
    --------
    >>> sheet = BookSheet("1", ((SheetCell("=1+1"), SheetCell(2.5)),))
    >>> workbook_bytes([sheet], "Sums")[:2]
    b'PK'
    """
    from openpyxl import Workbook  # a quarter of a second

    book = Workbook()
    book.remove(book.active)
    book.properties.title = visible(title)
    book.properties.creator = f"govhall {VERSION}"
    styles: dict[CellLook, dict[str, Any]] = {}
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        for n, row in enumerate(sheet.rows, 1):
            for m, cell in enumerate(row, 1):
                _write_cell(page.cell(n, m), cell, styles)
        _set_widths(page, sheet)
        _set_headings(page, sheet)
        _set_paper(page)
        _add_choices(page, sheet.choices)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_cell(place: Any, cell: SheetCell, styles: dict[CellLook, dict[str, Any]]) -> None:
    if isinstance(cell.value, str):
        place.value = visible(cell.value)
        place.data_type = "s"  # else text that begins with = would be a formula
        place.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))
    elif cell.value is not None:
        place.value = cell.value
    if cell.look not in styles:
        styles[cell.look] = _style_of(cell.look)
    for name, value in styles[cell.look].items():
        setattr(place, name, value)


def _style_of(look: CellLook) -> dict[str, Any]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    style: dict[str, Any] = {
        "font": Font(
            name=FONT,
            charset=GB2312,
            size=look.size,
            bold=look.is_bold,
            color=look.ink or "000000",
        ),
        "alignment": Alignment(
            horizontal=look.across or None, vertical="center", wrap_text=look.wraps
        ),
    }
    if look.fill:
        style["fill"] = PatternFill("solid", fgColor=look.fill)
    if look.has_frame:
        line = Side(style="thin", color="A6A6A6")
        style["border"] = Border(left=line, right=line, top=line, bottom=line)
    if look.form:
        style["number_format"] = look.form
    return style


def _sheet_name(name: str) -> str:
    """A name as the format allows it: not too long, whole words, no sign that is of addresses."""
    words = "".join(sign for sign in visible(name) if sign not in "[]:*?/\\")
    if len(words) > LONGEST_NAME:
        words = words[: LONGEST_NAME + 1].rpartition(" ")[0] or words[:LONGEST_NAME]
    return words.strip("'") or "1"


def _set_widths(page: Any, sheet: BookSheet) -> None:
    from openpyxl.utils import get_column_letter

    columns = max((len(row) for row in sheet.rows), default=0)
    # title and notes above the headings run on over the columns beside theirs
    rows = sheet.rows[sheet.heading_rows[0] :] if sheet.heading_rows else sheet.rows
    for n in range(columns):
        width = sheet.widths[n] if n < len(sheet.widths) else _widest(rows, n)
        page.column_dimensions[get_column_letter(n + 1)].width = width


def _widest(rows: Iterable[Sequence[SheetCell]], column: int) -> float:
    """Characters that a column takes, the Chinese counted twice."""
    widths = [_characters(row[column].value) for row in rows if len(row) > column]
    return min(max([1.1 * max(widths, default=0.0) + 1.5, NARROWEST]), WIDEST)


def _characters(value: SheetValue) -> float:
    words = "" if value is None else f"{value:%m/%d}" if isinstance(value, date) else str(value)
    return sum(2.0 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in words)


def _set_headings(page: Any, sheet: BookSheet) -> None:
    from openpyxl.utils import get_column_letter

    last_row = -1
    if sheet.heading_rows is not None:
        first_row, last_row = sheet.heading_rows
        page.print_title_rows = f"{first_row + 1}:{last_row + 1}"
    if sheet.heading_columns:
        page.print_title_cols = f"A:{get_column_letter(sheet.heading_columns)}"
    if last_row >= 0 or sheet.heading_columns:
        page.freeze_panes = page.cell(last_row + 2, sheet.heading_columns + 1)


def _set_paper(page: Any) -> None:
    page.page_setup.orientation = page.ORIENTATION_LANDSCAPE
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0  # as many pages below each other as it takes
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    for side in ("left", "right", "top", "bottom"):
        setattr(page.page_margins, side, 0.4)
    page.oddFooter.center.text = "&P / &N"


def _add_choices(page: Any, choices: Iterable[Choices]) -> None:
    """Lists to choose from; other words are taken too, as they may name something of the reader."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for choice in choices:
        words = [word for word in choice.words if '"' not in word and "," not in word]
        formula = f'"{",".join(words)}"'
        if not words or len(formula) > LONGEST_LIST:
            continue
        validation = DataValidation(type="list", formula1=formula, allow_blank=True)
        validation.showErrorMessage = False
        first, last = (get_column_letter(column + 1) for column in choice.columns)
        validation.add(f"{first}{choice.rows[0] + 1}:{last}{choice.rows[1] + 1}")
        page.add_data_validation(validation)
