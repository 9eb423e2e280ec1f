"""One log in several files, such as an export a month, put end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Ints
from sim.errors import Problem, ScenarioError
from sim.learning.event_log import is_event_log
from sim.learning.log_file import read_log_file
from sim.learning.log_rows import EPOCH, LogRows
from sim.learning.quality import LogQuality
from sim.scenario.table_values import NO_INSTANT
from sim.scenario.tables import MOST_ROWS, CellTable, folded, refuse_size

TOLD_TWICE: Final = ("doubled", "seam", "doubled_case", "snapshot_twice")
"""Traps of rows that another file may have too."""
MOST_NAMED: Final = 3
"""Files that a title names one by one."""


class LogFile(NamedTuple):
    """One file of a log."""

    file: str
    before: int
    """Of the log's lines those of earlier files: its own are counted from here on."""
    n_rows: int
    """Rows of cells, as many as headings."""


class FileSpan(NamedTuple):
    """What one file of a log holds."""

    file: str
    n_rows: int
    first: date | None
    """None = no row says when."""
    last: date | None
    n_twice: int
    """Rows that are left out or marked, as another row tells the same; of an earlier file or of
    this one."""


class LogFiles(NamedTuple):
    """The files of a log, in the order in which they were named."""

    each: tuple[LogFile, ...]

    @property
    def title(self) -> str:
        """Names of the files without their folders.

        Examples
        --------
        >>> LogFiles((LogFile("logs/jan.csv", 0, 3), LogFile("logs/feb.csv", 4, 2))).title
        'jan.csv, feb.csv'
        """
        names = [PurePath(part.file).name for part in self.each]
        if len(names) <= MOST_NAMED:
            return ", ".join(names)
        return f"{names[0]} … {names[-1]} ({len(names)})"

    @property
    def name(self) -> str:
        """Of one file where it is; of several their title."""
        return self.each[0].file if len(self.each) == 1 else self.title

    def number_of(self, lines: Ints) -> Ints:
        """int64: which file each line of the log is in."""
        begins = [part.before for part in self.each]
        return np.asarray(np.searchsorted(begins, lines, side="left") - 1, dtype=np.int64)

    def place(self, line: int) -> tuple[str, int]:
        """File and line of a line of the log.

        Examples
        --------
        >>> LogFiles((LogFile("jan.csv", 0, 3), LogFile("feb.csv", 4, 2))).place(6)
        ('feb.csv', 2)
        """
        part = self.each[max(int(self.number_of(np.array([line]))[0]), 0)]
        return part.file, line - part.before


def read_log_files(
    paths: Sequence[str | Path],
    problems: list[Problem],
    is_heading: Callable[[str], bool],
    contents: Sequence[bytes | None] = (),
) -> tuple[CellTable, LogFiles]:
    """The columns of a log's files as one table, and which of its lines are in which file.

    Columns are put together by their headings, whatever their order; a line of the table counts on
    from the last one of the file before.

    Parameters
    ----------
    paths, problems, is_heading
        As `read_log_file`.
    contents
        Of files that are not on a disk.

    Raises
    ------
    ScenarioError
        As `read_log_file`, of every file; `log_files_own` where one of several is this program's
        own log; `log_files_differ` for each file that has other headings than the first;
        `table_too_many_rows` where they have too many rows together.

    Examples
    --------
    >>> months = [b"ticket,window\\nA1,3\\n", b"window,ticket\\n4,A1\\n5,A2\\n"]
    >>> cells, files = read_log_files(["jan.csv", "feb.csv"], [], str.isalpha, months)
    >>> cells.columns[1].to_pylist(), [files.place(line) for line in cells.lines.tolist()]
    (['3', '4', '5'], [('jan.csv', 2), ('feb.csv', 2), ('feb.csv', 3)])
    """
    tables, wrong = list[CellTable](), list[Problem]()
    for path, content in zip(paths, contents or [None] * len(paths), strict=True):
        try:
            tables.append(read_log_file(Path(path), problems, is_heading, content))
        except ScenarioError as error:
            wrong += error.problems
    if wrong:
        raise ScenarioError(wrong)
    if len(tables) == 1:
        return tables[0], LogFiles((LogFile(str(paths[0]), 0, len(tables[0].lines)),))
    wrong += _unlike([str(path) for path in paths], tables)
    if wrong:
        raise ScenarioError(wrong)
    n_rows = sum(len(table.lines) for table in tables)
    if n_rows > MOST_ROWS:
        raise refuse_size(LogFiles(_parts(paths, tables)).title, n_rows, MOST_ROWS)
    return _end_to_end(paths, tables)


def file_spans(files: LogFiles, rows: LogRows, quality: LogQuality) -> tuple[FileSpan, ...]:
    """What each file of a log holds, after its traps were looked for."""
    twice = np.zeros(len(files.each), dtype=np.int64)
    for finding in quality.findings:
        if finding.trap in TOLD_TWICE:
            twice += np.bincount(files.number_of(finding.lines), minlength=len(twice))
    spans = []
    for number, part in enumerate(files.each):
        days = rows.day[rows.is_there & (rows.file == number) & (rows.came != NO_INSTANT)]
        ends = (
            [date.fromordinal(EPOCH + int(end)) for end in (days.min(), days.max())]
            if len(days)
            else [None, None]
        )
        spans.append(FileSpan(part.file, part.n_rows, ends[0], ends[1], int(twice[number])))
    return tuple(spans)


def _unlike(names: Sequence[str], tables: Sequence[CellTable]) -> Iterator[Problem]:
    """Files that are none of one log."""
    first = _keys(tables[0])
    for name, table in zip(names, tables, strict=True):
        if is_event_log(table.names):
            yield Problem("log_files_own", file=name)
            continue
        keys = _keys(table)
        if set(keys) != set(first):
            missing = [tables[0].names[first.index(key)] for key in first if key not in keys]
            more = [table.names[keys.index(key)] for key in keys if key not in first]
            values = (
                ("first", names[0]),
                ("missing", ", ".join(missing) or "—"),
                ("more", ", ".join(more) or "—"),
            )
            listed = ", ".join(table.names)
            yield Problem("log_files_differ", file=name, line=1, found=listed, values=values)


def _keys(table: CellTable) -> list[tuple[str, int]]:
    """Headings as they are compared; of alike ones the first, second … one."""
    keys = list[tuple[str, int]]()
    for name in table.names:
        plain = folded(name)
        keys.append((plain, sum(key == plain for key, _ in keys)))
    return keys


def _parts(paths: Sequence[str | Path], tables: Sequence[CellTable]) -> tuple[LogFile, ...]:
    parts, before = list[LogFile](), 0
    for path, table in zip(paths, tables, strict=True):
        parts.append(LogFile(str(path), before, len(table.lines)))
        before += max(int(table.lines[-1]), *(line for line, _ in table.ragged), 0)
    return tuple(parts)


def _end_to_end(
    paths: Sequence[str | Path], tables: Sequence[CellTable]
) -> tuple[CellTable, LogFiles]:
    files = LogFiles(_parts(paths, tables))
    keys = [_keys(table) for table in tables]
    columns = [
        _joined(
            [
                table.columns[headings.index(key)]
                for headings, table in zip(keys, tables, strict=True)
            ]
        )
        for key in keys[0]
    ]
    lines = [table.lines + part.before for part, table in zip(files.each, tables, strict=True)]
    ragged = [
        (line + part.before, words)
        for part, table in zip(files.each, tables, strict=True)
        for line, words in table.ragged
    ]
    return CellTable(tables[0].names, columns, np.concatenate(lines), ragged), files


def _joined(columns: Sequence[Any]) -> Any:
    """Columns of one kind as they are; else all of text, as a sheet's mixed columns are."""
    if len({column.type for column in columns}) > 1:
        columns = [_as_text(column) for column in columns]
    return pa.chunked_array(columns).combine_chunks()


def _as_text(column: Any) -> Any:
    if pa.types.is_floating(column.type):
        whole = compute.equal(compute.floor(column), column)
        if compute.all(whole).as_py() is not False:
            column = compute.cast(column, pa.int64(), safe=False)
    return compute.cast(column, pa.string())
