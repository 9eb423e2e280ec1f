"""Cells of the sheets of a workbook (xlsx), one by one: some ten thousand a second."""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from typing import Final, NamedTuple

DAMAGE: Final = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    SyntaxError,
    EOFError,
    zipfile.BadZipFile,
)
"""What reading a workbook may raise that was cut off, or never was one."""


class DamagedWorkbook(Exception):  # noqa: N818 what it is, as whoever catches it says
    """Bytes that are no workbook, or only a part of one; the reason is its text."""


class SheetRows(NamedTuple):
    """What was read of a sheet."""

    rows: list[tuple[object, ...]]
    n_rows: int
    """That the sheet says it has; formats of cells may go on to its millionth row."""


def read_sheet(content: bytes, most_rows: int, most_columns: int | None = None) -> SheetRows:
    """The first rows and columns of a workbook's first sheet; of formulas what they gave.

    Raises
    ------
    DamagedWorkbook
        When it cannot be read.

    Examples
    --------
    >>> read_sheet(b"PK", 10)
    Traceback (most recent call last):
    ...
    sim.scenario.workbooks.DamagedWorkbook: BadZipFile: File is not a zip file
    """
    from openpyxl import load_workbook  # a third of a second

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [*sheet.iter_rows(1, most_rows, 1, most_columns, values_only=True)]
    except DAMAGE as error:
        raise DamagedWorkbook(f"{type(error).__name__}: {error}") from None
    return SheetRows(rows, max(sheet.max_row or 0, len(rows)))


def read_sheets(
    content: bytes, most_rows: int, most_columns: int | None = None
) -> dict[str, list[tuple[object, ...]]]:
    """The first rows and columns of each sheet of a workbook, by its name; of formulas what they
    gave. A row is as long as it was written.

    Raises
    ------
    DamagedWorkbook
        When it cannot be read.

    Examples
    --------
    >>> read_sheets(b"", 10)
    Traceback (most recent call last):
    ...
    sim.scenario.workbooks.DamagedWorkbook: BadZipFile: File is not a zip file
    """
    from openpyxl import load_workbook  # a third of a second

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a sheet says of its size would fill it with empty cells
            rows = islice(sheet.iter_rows(values_only=True), most_rows)
            sheets[sheet.title] = [row[:most_columns] for row in rows]
        return sheets
    except DAMAGE as error:
        raise DamagedWorkbook(f"{type(error).__name__}: {error}") from None


def column_letters(column: int) -> str:
    """What a sheet calls a column that is counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters, number = "", column + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
