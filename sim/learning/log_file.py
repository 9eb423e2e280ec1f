"""The file of a log as columns: text, a workbook of either kind (xlsx, xls) or Parquet, packed or
not."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sim.errors import Problem, ScenarioError
from sim.scenario.tables import MOST_BYTES, CellTable, csv_cells, parquet_cells, sheet_cells
from sim.scenario.tree import read_bytes, too_large

PACKED: Final = b"\x1f\x8b"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
"""How a file begins that spreadsheets wrote until 2007 (xls)."""
MOST_UNPACKED: Final = 4_000_000_000
"""Bytes of a workbook's parts: a full sheet of twenty columns has one billion."""
TITLE_ROWS: Final = 10
"""First rows of a sheet among which the headings are looked for: exports put titles above."""


def read_log_file(
    path: Path,
    problems: list[Problem],
    is_heading: Callable[[str], bool],
    content: bytes | None = None,
) -> CellTable:
    """All columns of a log, with the line of each row.

    Parameters
    ----------
    path
        CSV in UTF-8 or GB18030, xlsx, xls or Parquet; a CSV file may be packed (`.gz`).
    problems
        Gets notes, such as that the file is not in UTF-8.
    is_heading
        Whether words name a column; the row of a sheet with most of these is its headings.
    content
        Of a file that is not on a disk; its path is then only what it is called.

    Raises
    ------
    ScenarioError
        When it cannot be read, has no rows or too many.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "log.csv"
    ...     _ = file.write_text("ticket,window\\nA1,3\\nA2,\\n")
    ...     cells = read_log_file(file, [], str.isalpha)
    >>> cells.names, cells.columns[1].to_pylist()
    (['ticket', 'window'], ['3', None])
    """
    name = str(path)
    content = read_bytes(path, MOST_BYTES) if content is None else content
    if content[:2] == PACKED:
        content = _unpacked(content, name)
    if not content.strip():
        raise ScenarioError(Problem("table_empty", file=name))
    if content[:4] == b"PAR1":
        cells = parquet_cells(content, name)
    elif content[:2] == b"PK" or content[:4] == OLD_WORKBOOK:
        rows = _sheet(content, name)
        cells = sheet_cells(rows, _head_of(rows, is_heading))
    else:
        cells = csv_cells(content, name, problems)
    if not len(cells.lines):
        raise ScenarioError(Problem("table_empty", file=name))
    return cells


def _unpacked(content: bytes, name: str) -> bytes:
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = reader.decompress(content, MOST_BYTES + 1)
        if not reader.eof and len(plain) <= MOST_BYTES:
            raise zlib.error("end of file")
    except zlib.error as error:
        raise ScenarioError(Problem("table_unreadable", file=name, found=str(error))) from None
    if len(plain) > MOST_BYTES:
        raise too_large(name, len(plain), MOST_BYTES)
    return plain


def _sheet(content: bytes, name: str) -> list[list[object]]:
    """Cells of the first sheet, whose headings are in one of its first rows; None = blank."""
    from python_calamine import CalamineError, load_workbook

    if content[:2] == b"PK":
        try:
            parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except (zipfile.BadZipFile, ValueError) as error:
            raise ScenarioError(Problem("table_unreadable", file=name, found=str(error))) from None
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED:
            raise too_large(name, unpacked, MOST_UNPACKED)
    try:
        book = load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise ScenarioError(Problem("table_unreadable", file=name, found=str(error))) from None
    return [[None if cell == "" else cell for cell in row] for row in rows]


def _head_of(rows: Sequence[Sequence[object]], is_heading: Callable[[str], bool]) -> int:
    """Which row of a sheet names its columns, from 0."""
    counts = [
        sum(isinstance(cell, str) and is_heading(cell) for cell in row) for row in rows[:TITLE_ROWS]
    ]
    return counts.index(max(counts)) if counts else 0
