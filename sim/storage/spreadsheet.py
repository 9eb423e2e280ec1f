"""Cells of a table that a person keeps: a CSV file in any usual encoding, or a workbook (xlsx)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath
from typing import Any, Final, TypeAlias

from sim.errors import OptionError, Problem
from sim.scenario.workbooks import DamagedWorkbook, column_letters, read_sheet, read_sheets
from sim.text import load_spelling
from sim.text.foreign import read_cell

CellValue: TypeAlias = "str | int | float | bool | date | time | timedelta | None"
"""What a cell holds; None = it is empty. A span of time is a clock, beyond a day's too: 24:00."""
CellRange: TypeAlias = "tuple[tuple[int, int], tuple[int, int]]"
"""Its first and its last cell, each as row and column from 0."""
ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""Of a CSV file: what everything writes, and what Chinese spreadsheets save without being asked."""
SEPARATORS: Final = load_spelling()["staff_words"]["separators"]
LARGEST: Final = 20 * 2**20
"""Bytes of a file that is read."""
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
"""How a file begins that spreadsheets wrote until 2007 (xls)."""
MOST_ROWS, MOST_COLUMNS = 20_000, 500
"""Read of a sheet: formats of cells may go on to its millionth row."""


def read_rows(path: Path) -> list[list[CellValue]]:
    """The rows of a CSV file, or of the first sheet of a workbook; texts without blanks around.

    Raises
    ------
    OptionError
        `table_unreadable` with what is wrong, `table_too_large`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "staff.csv"
    ...     _ = file.write_bytes("姓名,岗位\\n李四, 综窗 \\n".encode("gb18030"))
    ...     read_rows(file)
    [['姓名', '岗位'], ['李四', '综窗']]
    """
    return rows_of(file_content(path), path.name)


def read_book(path: Path) -> dict[str, list[list[CellValue]]]:
    """The rows of every sheet of a workbook, by its name; texts without blanks around.

    Raises
    ------
    OptionError
        `table_unreadable` with what is wrong, `table_too_large`.

    Examples
    --------
    >>> import tempfile
    >>> from sim.storage.workbook import BookSheet, SheetCell, workbook_bytes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "hall.xlsx"
    ...     sheet = BookSheet("Windows", ((SheetCell("zone "), SheetCell(4)),))
    ...     _ = file.write_bytes(workbook_bytes([sheet], "Hall"))
    ...     read_book(file)["Windows"][0][:2]
    ['zone', 4]
    """
    return sheets_of(file_content(path), path.name)


def sheets_of(content: bytes, name: str) -> dict[str, list[list[CellValue]]]:
    """The same of the content of a file of that name: xlsx, xls, or a CSV file, which is the one
    sheet of its name. Words in cells that were merged stand in each of them; numbers do not, as
    they may be of all together.

    Raises
    ------
    OptionError
        `table_unreadable` with what is wrong.

    Examples
    --------
    >>> sheets_of("窗口组,窗口数\\n综窗,４\\n".encode("gb18030"), "窗口.csv")
    {'窗口': [['窗口组', '窗口数'], ['综窗', '４']]}
    """
    sheets: dict[str, Iterable[Any]]
    merged: dict[str, list[CellRange]] = {}
    try:
        if content[:4] == OLD_WORKBOOK:
            sheets = {**_old_sheets(content)}
            merged = _merged(content)
        elif content[:2] == b"PK" or name.lower().endswith((".xlsx", ".xlsm")):
            sheets = {**read_sheets(content, MOST_ROWS, MOST_COLUMNS)}
            merged = _merged(content)
        else:
            sheets = {PurePath(name).stem: _of_csv(content, name)}
    except DamagedWorkbook as error:
        raise OptionError(Problem("table_unreadable", file=name, found=str(error))) from None
    read = {
        name: [[_trimmed(value) for value in row] for row in rows] for name, rows in sheets.items()
    }
    for sheet, ranges in merged.items():
        _spread(read.get(sheet, []), ranges)
    return read


def _merged(content: bytes) -> dict[str, list[CellRange]]:
    """Ranges of merged cells of each sheet of a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    with suppress(CalamineError, OSError):  # then its cells could not be read either
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: [*(book.get_sheet_by_name(name).merged_cell_ranges or ())]
            for name in book.sheet_names
        }
    return {}


def _spread(rows: list[list[CellValue]], ranges: Iterable[CellRange]) -> None:
    """Write the words of merged cells into each of them that a sheet has."""
    for (top, left), (bottom, right) in ranges:
        words = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
        if not isinstance(words, str):
            continue
        end = min(right + 1, MOST_COLUMNS)
        for row in rows[top : bottom + 1]:
            row.extend([None] * (end - len(row)))
            row[left:end] = [words] * (end - left)


def _old_sheets(content: bytes) -> dict[str, list[list[object]]]:
    """Sheets of a workbook as spreadsheets wrote them until 2007 (xls); empty cells are None.

    Raises
    ------
    DamagedWorkbook
        When it cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: [
                [None if value == "" else value for value in row[:MOST_COLUMNS]]
                for row in book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS)
            ]
            for name in book.sheet_names
        }
    except (CalamineError, OSError) as error:
        raise DamagedWorkbook(f"{type(error).__name__}: {error}") from None


def file_content(path: Path) -> bytes:
    """The bytes of a table's file.

    Raises
    ------
    OptionError
        `table_unreadable` with what is wrong, `table_too_large`.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            size_words, allowed = f"{size / 2**20:.0f} MB", f"≤ {LARGEST >> 20} MB"
            raise OptionError(
                Problem("table_too_large", file=path.name, found=size_words, allowed=allowed)
            )
        return path.read_bytes()
    except OSError as error:
        problem = Problem("table_unreadable", file=path.name, found=error.strerror or "")
        raise OptionError(problem) from None


def rows_of(content: bytes, name: str) -> list[list[CellValue]]:
    """The same of the content of a file of that name.

    Raises
    ------
    OptionError
        `table_unreadable` with what is wrong.
    """
    is_workbook = name.lower().endswith((".xlsx", ".xlsm")) or content[:2] == b"PK"
    rows = _of_workbook(content, name) if is_workbook else _of_csv(content, name)
    return [[_trimmed(value) for value in row] for row in rows]


def _of_csv(content: bytes, name: str) -> Iterable[Iterable[CellValue]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise OptionError(Problem("table_unreadable", file=name, found=", ".join(ENCODINGS)))
    if "\0" in text:
        raise OptionError(Problem("table_unreadable", file=name, found=r"\0"))
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise OptionError(Problem("table_unreadable", file=name, found=str(error))) from None


def _of_workbook(content: bytes, name: str) -> Iterable[Iterable[CellValue]]:
    try:
        rows: list[Any] = read_sheet(content, MOST_ROWS, MOST_COLUMNS).rows
    except DamagedWorkbook as error:
        raise OptionError(Problem("table_unreadable", file=name, found=str(error))) from None
    return rows


def _trimmed(value: CellValue) -> CellValue:
    if isinstance(value, str):
        return read_cell(" ".join(value.split())) or None
    if isinstance(value, time) and value.microsecond:  # a part of a day, not quite a minute
        second = timedelta(seconds=round(value.second + value.microsecond / 1e6))
        minutes = timedelta(hours=value.hour, minutes=value.minute)
        return (datetime.min + minutes + second).time()
    return value.date() if isinstance(value, datetime) else value


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets call it; both counted from 0.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(9, 27)
    ('A1', 'AB10')
    """
    return f"{column_letters(column)}{row + 1}"
