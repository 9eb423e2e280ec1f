"""Tables of data beside a scenario: columns of a CSV file, a workbook (xlsx) or a Parquet file.

A table has the size of a log, so a column is one array, and no row is an object of Python; of a
workbook the cells are, as its reader makes them. Each row knows its line.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from csv import reader as iter_cells
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute, csv, parquet

from sim.arrays import Ints
from sim.errors import Problem, ScenarioError
from sim.scenario.row_places import MOST_SHOWN, RowPlaces
from sim.scenario.tree import read_bytes, text_of
from sim.scenario.workbooks import DamagedWorkbook, column_letters, read_sheet
from sim.text import load_spelling

MOST_ROWS: Final = 4_000_000
"""Of a table: a year of a city with ten thousand visits a day, and more."""
MOST_BYTES: Final = 500_000_000
MOST_SHEET_ROWS: Final = 200_000
"""Of a workbook, whose cells are read one by one, some ten thousand a second."""
SEPARATORS: Final = load_spelling()["staff_words"]["separators"]
HEAD: Final = 1
"""Lines above the first row."""


class CellTable(NamedTuple):
    """All columns of a table, as they stand there."""

    names: Sequence[str]
    """Headings."""
    columns: Sequence[Any]
    """Arrow arrays of text, of instants, or of numbers; null = blank."""
    lines: Ints
    """int64, shape (rows,): line of a text, row of a sheet; of Parquet the number of the row."""
    ragged: Sequence[tuple[int, str]] = ()
    """Line and text of rows that have another number of cells, which are left out."""


class DataTable(NamedTuple):
    """The columns of a table that somebody asked for, as they stand there."""

    file: str
    columns: Mapping[str, Any]
    """By their names in code: Arrow arrays of text, of instants, or of numbers; null = blank."""
    places: RowPlaces

    @property
    def n_rows(self) -> int:
        """Rows below the headings."""
        return len(next(iter(self.columns.values())))


def read_table(
    path: Path,
    headings: Mapping[str, Sequence[str]],
    needed: Collection[str],
    problems: list[Problem],
) -> DataTable:
    """The columns of a table.

    Parameters
    ----------
    path
        A workbook (`.xlsx`), a Parquet file (`.parquet`), or else a CSV file in UTF-8 or GB18030,
        parted by commas, semicolons or tabs. The first row names the columns.
    headings
        Column -> the headings that name it, in whatever letters.
    needed
        Columns without which there is no table.
    problems
        Gets rows that have another number of cells, and notes.

    Raises
    ------
    ScenarioError
        When it cannot be read, has no rows or too many, lacks a column or has one twice.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "days.csv"
    ...     _ = file.write_bytes("日期,人\\n2025-03-03, 4\\n".encode("gb18030"))
    ...     table = read_table(file, {"day": ["日期", "day"], "people": ["人", "n"]}, ["day"], [])
    >>> table.columns["day"].to_pylist(), table.places.name(0, "day")
    (['2025-03-03'], '2')
    """
    content = read_bytes(path, MOST_BYTES)
    name = str(path)
    kind = _kind_of(path, content)
    if not content.strip():
        raise ScenarioError(Problem("table_empty", file=name))
    if kind == "parquet":
        cells = parquet_cells(content, name)
    elif kind == "workbook":
        cells = _of_workbook(content, name)
    else:
        cells = csv_cells(content, name, problems)
        if cells.ragged:
            problems.append(_other_cells(name, cells))
    columns = _known_columns(name, cells.names, headings, needed, problems)
    if not len(cells.lines):
        raise ScenarioError(Problem("table_empty", file=name))
    letters = (
        {column: column_letters(at) for column, at in columns.items()} if kind == "workbook" else {}
    )
    filled = {column: cells.columns[at] for column, at in columns.items()}
    return DataTable(name, filled, RowPlaces(cells.lines, letters))


def _kind_of(path: Path, content: bytes) -> str:
    if path.suffix.lower() in {".parquet", ".pq"} or content[:4] == b"PAR1":
        return "parquet"
    return (
        "workbook" if path.suffix.lower() in {".xlsx", ".xlsm"} or content[:2] == b"PK" else "csv"
    )


def _known_columns(
    file: str,
    names: Sequence[str],
    headings: Mapping[str, Sequence[str]],
    needed: Collection[str],
    problems: list[Problem],
) -> dict[str, int]:
    """Column -> its place; others are said once to be left aside."""
    meant = {folded(word): column for column, words in headings.items() for word in words}
    columns: dict[str, int] = {}
    left_aside: list[str] = []
    for at, name in enumerate(names):
        column = meant.get(folded(name))
        if column is None:
            left_aside.append(name)
        elif column in columns:
            twice = Problem("table_column_twice", column, file, HEAD, found=name)
            raise ScenarioError(twice)
        else:
            columns[column] = at
    missing = [column for column in needed if column not in columns]
    allowed = " · ".join("/".join(recommended(words)) for words in headings.values())
    if missing:
        words = " · ".join("/".join(recommended(headings[column])) for column in missing)
        has = ", ".join(names)
        absent = Problem("table_columns", "", file, HEAD, found=has, allowed=allowed)
        raise ScenarioError(replace(absent, values=(("missing", words),)))
    if left_aside:
        listed = ", ".join(name or "—" for name in left_aside)
        problems.append(
            Problem(
                "table_left_aside",
                "",
                file,
                HEAD,
                found=listed,
                allowed=allowed,
                severity="warning",
            )
        )
    return columns


def recommended(words: Sequence[str]) -> tuple[str, str]:
    """Of the headings of a column the first Chinese and the first English one.

    Examples
    --------
    >>> recommended(["日期", "date", "day"])
    ('日期', 'date')
    """
    return words[0], next(word for word in words if word.isascii())


def folded(word: str) -> str:
    """A heading as it is compared: no matter how wide its letters are, or large, or apart.

    Examples
    --------
    >>> folded("Ticket_Time "), folded("ticket time")
    ('tickettime', 'tickettime')
    """
    plain = unicodedata.normalize("NFKC", word).lower()
    return "".join(sign for sign in plain if not sign.isspace() and sign != "_")


def _refuse(name: str, reason: str) -> ScenarioError:
    return ScenarioError(Problem("table_unreadable", file=name, found=reason))


def refuse_size(name: str, rows: int, most: int) -> ScenarioError:
    """A table that has too many rows."""
    return ScenarioError(
        Problem("table_too_many_rows", file=name, found=f"{rows:,}", allowed=f"≤ {most:,}")
    )


# === CSV === #


def csv_cells(content: bytes, name: str, problems: list[Problem]) -> CellTable:
    r"""The columns of a CSV file, all of text.

    Raises
    ------
    ScenarioError
        When it cannot be read, or has too many rows.

    Examples
    --------
    >>> cells = csv_cells(b"a,b\n1,x\n2\n", "t.csv", [])
    >>> cells.names, cells.columns[1].to_pylist(), cells.lines.tolist(), cells.ragged
    (['a', 'b'], ['x'], [2], [(3, '2')])
    """
    rows = content.count(b"\n") + (not content.endswith(b"\n")) - HEAD
    if rows > MOST_ROWS:
        raise refuse_size(name, rows, MOST_ROWS)
    text = text_of(content, name, problems)
    if "\0" in text:
        raise _refuse(name, r"\0")
    data = text.encode()
    head = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max((sign for sign in SEPARATORS if sign.isascii()), key=head.count)
    names = next(iter_cells([head], delimiter=separator), [])
    ragged: list[tuple[int, str]] = []

    def leave_out(row: Any) -> str:
        ragged.append((row.number - 1, row.text))
        return "skip"

    keys = [str(n) for n in range(len(names))]
    try:
        table = csv.read_csv(
            pa.py_buffer(data),
            # in one thread, so that a row with too many cells knows its number
            read_options=csv.ReadOptions(use_threads=False, column_names=keys),
            parse_options=csv.ParseOptions(delimiter=separator, invalid_row_handler=leave_out),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(keys, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        raise _refuse(name, str(error)) from None
    lines = _filled_lines(data)
    if len(lines) != table.num_rows + len(ragged):  # a cell goes on in the next line, or never ends
        raise ScenarioError(Problem("table_line_break", file=name))
    at = np.array([number for number, _ in ragged], dtype=np.int64)
    left_out = [(int(lines[number]), words) for number, words in ragged]
    columns = [column.combine_chunks() for column in table.columns]
    # the row of the headings was read with the others
    filled = np.delete(lines, at)[HEAD:]
    return CellTable(names, [column.slice(HEAD) for column in columns], filled, left_out)


def _other_cells(name: str, cells: CellTable) -> Problem:
    """Rows that have more cells than the headings, or fewer."""
    lines = np.array([line for line, _ in cells.ragged])
    words = [words for _, words in cells.ragged[:MOST_SHOWN]]
    listed = RowPlaces(lines, {}).listed(np.arange(len(lines)), "", words)
    values = (("cells", str(len(cells.names))), ("rows", listed))
    return Problem("table_row", "", name, int(lines[0]), found=f"{len(lines):,}", values=values)


def _filled_lines(data: bytes) -> Ints:
    """int64: numbers, from 1, of the lines in which anything stands."""
    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.append(np.flatnonzero(signs == ord("\n")), len(signs))
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts
    lengths -= (lengths > 0) & (signs[np.maximum(ends - 1, 0)] == ord("\r"))
    return np.flatnonzero(lengths > 0) + 1


# === workbooks and Parquet === #


def _of_workbook(content: bytes, name: str) -> CellTable:
    """The first sheet."""
    try:
        rows, n_rows = read_sheet(content, MOST_SHEET_ROWS + HEAD + 1)
    except DamagedWorkbook as error:
        raise _refuse(name, str(error)) from None
    if len(rows) > MOST_SHEET_ROWS + HEAD:
        raise refuse_size(name, n_rows - HEAD, MOST_SHEET_ROWS)
    return sheet_cells(rows)


def sheet_cells(rows: Sequence[Sequence[object]], head: int = 0) -> CellTable:
    """The columns of a sheet: cells of a column are of one kind, or all made text.

    Parameters
    ----------
    head
        Which row names the columns, from 0.

    Examples
    --------
    >>> cells = sheet_cells([("a", "b"), (1, "x"), (None, None), (2, 3)])
    >>> cells.columns[0].to_pylist(), cells.columns[1].to_pylist(), cells.lines.tolist()
    ([1.0, 2.0], ['x', '3'], [2, 4])
    """
    # blank cells behind the last one of a row may be there or not; formats may go on for ever
    ends = [n + 1 for row in rows for n, cell in enumerate(row) if cell is not None]
    width = max(ends, default=0)
    columns = [[row[n] if n < len(row) else None for row in rows] for n in range(width)]
    names = ["" if cells[head] is None else str(cells[head]) for cells in columns]
    filled = [n for n, row in enumerate(rows) if n > head and any(cell is not None for cell in row)]
    cells = [_of_cells([column[n] for n in filled]) for column in columns]
    return CellTable(names, cells, np.array(filled, dtype=np.int64) + 1)


def _of_cells(cells: Sequence[object]) -> Any:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {datetime}:
        return pa.array(cells, pa.timestamp("ms"))
    if kinds and kinds <= {int, float}:
        return pa.array([None if cell is None else float(str(cell)) for cell in cells])
    return pa.array([_cell_text(cell) for cell in cells], pa.string())


def _cell_text(cell: object) -> str | None:
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "milliseconds" if cell.microsecond else "seconds")
    return None if cell is None else str(cell)


def parquet_cells(content: bytes, name: str) -> CellTable:
    """The columns of a Parquet file.

    Raises
    ------
    ScenarioError
        When it cannot be read, or has too many rows.

    Examples
    --------
    >>> content = io.BytesIO()
    >>> parquet.write_table(pa.table({"n": [1, 2]}), content)
    >>> parquet_cells(content.getvalue(), "t.parquet").columns[0].to_pylist()
    [1.0, 2.0]
    """
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST_ROWS:
            raise refuse_size(name, file.metadata.num_rows, MOST_ROWS)
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise _refuse(name, str(error)) from None
    columns = [_plain_column(column.combine_chunks()) for column in table.columns]
    return CellTable(list(table.column_names), columns, np.arange(table.num_rows) + 1)


def _plain_column(column: Any) -> Any:
    """Text as text, whole and decimal numbers as floats, instants as they are; else nothing."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return compute.cast(column, pa.string())
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return compute.cast(column, pa.float64(), safe=False)
    return column
