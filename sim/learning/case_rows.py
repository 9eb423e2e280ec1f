"""Rows of a log of cases (办件信息) while they are looked through; several files are joined by the
number of the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Bools, Ints
from sim.clock import DAY
from sim.errors import Problem, ScenarioError
from sim.learning.columns import CASES, LogMapping, LogRole, guess_mapping
from sim.learning.log_rows import LogRows, filled_cells, grain_of
from sim.learning.log_times import read_days, read_instants
from sim.learning.ticket_log import UNKNOWN
from sim.results.columns import CASE_FATES
from sim.scenario.row_places import RowPlaces
from sim.scenario.table_values import NO_INSTANT, names_of
from sim.scenario.tables import CellTable, folded

MADE_OF: Final[tuple[LogRole, ...]] = ("applied", "accepted")
"""Columns of which the file of the cases has one; others are joined to it."""


class CaseRows(LogRows):
    """The rows of a log of cases.

    `applied`, `accepted`, `promised` and `closed` are instants, `suspended` is the ticks for which
    the clock of the limit stood still, `result` a place in `CASE_FATES`.
    """

    TIMES: ClassVar = ("applied", "accepted", "promised", "closed")
    COUNTS: ClassVar = ("case", "result", "suspended", "rating")
    NAMED: ClassVar = {
        "matter": "matters",
        "department": "departments",
        "class_": "classes",
        "clerk": "clerks",
    }

    @property
    def came(self) -> Ints:
        """int64: application, else acceptance; NO_INSTANT = neither is said."""
        return np.where(self.has("applied"), self["applied"], self["accepted"])


def is_case_log(names: Sequence[str], by_hand: Mapping[LogRole, str]) -> bool:
    """Whether a table is of cases: it says when one was applied for or accepted.

    Examples
    --------
    >>> is_case_log(["project_no", "accept_date"], {}), is_case_log(["票号", "取号时间"], {})
    (True, False)
    """
    headings = guess_mapping(names, "", None, CASES).headings
    return bool(set(MADE_OF) & {*headings, *by_hand})


def case_rows(cells: CellTable, mapping: LogMapping) -> CaseRows:
    """The rows of the file of the cases.

    Raises
    ------
    ScenarioError
        `log_without_instants` when nothing says when a case was applied for or accepted.
    """
    columns = _columns_of(cells, mapping)
    if not set(MADE_OF) & set(columns):
        raise ScenarioError(Problem("log_without_instants"))
    rows = CaseRows(len(cells.lines), RowPlaces(cells.lines, {}))
    for name in CaseRows.TIMES:
        if name in columns:
            rows.columns[name], rows.unread[name] = _instants(columns[name])
    for name in CaseRows.NAMED:
        role = name.rstrip("_")
        if role in columns:
            rows.names[name], rows.columns[name] = names_of(columns[role])
    if "case" in columns:
        rows.columns["case"] = names_of(columns["case"]).codes
    if "result" in columns:
        rows.columns["result"], rows.unread["result"] = _results(columns["result"], mapping)
    _suspend(rows, columns, np.arange(len(rows)))
    rows.grain = grain_of([rows[name][rows.has(name)] for name in CaseRows.TIMES], (DAY,))
    return rows


def join_part(
    rows: CaseRows,
    cells: CellTable,
    part: CellTable,
    case_heading: str,
    by_hand: Mapping[LogRole, str] | None = None,
) -> int:
    """Add what another file says of the cases, in place; how many of its rows are of none.

    Parameters
    ----------
    cells, case_heading
        The file of the cases, and the heading of their numbers in it.
    part
        Results or suspensions, with numbers of cases.
    by_hand
        Column -> the heading that somebody names; what this table does not have is no matter of it.

    Raises
    ------
    ScenarioError
        `log_part` when it has no numbers of cases, or nothing to add.
    """
    has = {folded(name) for name in part.names}
    of_part = {role: name for role, name in (by_hand or {}).items() if folded(name) in has}
    mapping = guess_mapping(part.names, "", of_part, CASES)
    columns = _columns_of(part, mapping)
    adds = {"closed", "result", "suspended_from", "promised"} & set(columns)
    if "case" not in columns or not adds or not case_heading:
        raise ScenarioError(Problem("log_part", found=", ".join(part.names)))
    numbers, codes = names_of(dict(zip(cells.names, cells.columns, strict=True))[case_heading])
    place_of_number = {number: n for n, number in enumerate(numbers)}
    row_of_code = np.full(len(numbers) + 1, UNKNOWN)
    row_of_code[codes[::-1]] = np.arange(len(codes))[::-1]
    row_of_code[-1] = UNKNOWN  # blank numbers
    part_numbers, part_codes = names_of(columns["case"])
    code_of = np.array([*(place_of_number.get(n, -1) for n in part_numbers), -1], dtype=np.int64)
    row = row_of_code[code_of[part_codes]]
    here = row != UNKNOWN
    for name in ("promised", "closed"):
        if name in columns:
            ticks, unread = _instants(columns[name])
            # of several results the last one stands
            order = np.argsort(ticks, kind="stable")
            good = order[here[order] & (ticks[order] != NO_INSTANT)]
            rows.columns[name][row[good]] = ticks[good]
            marks = rows.unread.setdefault(name, np.zeros(len(rows), dtype=np.bool_)).copy()
            marks[row[here & unread]] = True
            rows.unread[name] = marks
    if "result" in columns:
        results, unknown = _results(columns["result"], mapping)
        rows.columns["result"][row[here]] = results[here]
        marks = np.zeros(len(rows), dtype=np.bool_)
        marks[row[here & unknown]] = True
        rows.unread["result"] = marks
    _suspend(rows, columns, row)
    return int(np.count_nonzero(~here))


def _columns_of(cells: CellTable, mapping: LogMapping) -> dict[str, Any]:
    by_name = dict(zip(reversed(cells.names), reversed(cells.columns), strict=True))
    return {role: filled_cells(by_name[heading]) for role, heading in mapping.headings.items()}


def _instants(column: Any) -> tuple[Ints, Bools]:
    """Instants, or dates as their midnight."""
    read = read_instants(column)
    ticks, unread = read.ticks.copy(), read.unread.copy()
    if unread.any():
        rows = np.flatnonzero(unread)
        days = read_days(column.take(rows))
        ticks[rows] = np.where(days.days == NO_INSTANT, NO_INSTANT, days.days * DAY)
        unread[rows] = days.unread
    return ticks, unread


def _results(column: Any, mapping: LogMapping) -> tuple[Ints, Bools]:
    """Places in CASE_FATES, and which rows have a word that is not known."""
    if pa.types.is_floating(column.type):
        column = compute.cast(compute.cast(column, pa.int64(), safe=False), pa.string())
    names, codes = names_of(column)
    meant = [mapping.outcomes.get(folded(name)) for name in names]
    places = [UNKNOWN if word is None else CASE_FATES.index(word) for word in meant]
    unknown = np.array([*(word is None for word in meant), False])
    return np.array([*places, UNKNOWN], dtype=np.int64)[codes], unknown[codes]


def _suspend(rows: CaseRows, columns: Mapping[str, Any], row: Ints) -> None:
    """Add the spans for which the clock of each case stood still; one without an end is unknown."""
    if not {"suspended_from", "suspended_until"} <= set(columns):
        return
    begins, ends = _instants(columns["suspended_from"])[0], _instants(columns["suspended_until"])[0]
    whole = (begins != NO_INSTANT) & (ends != NO_INSTANT) & (ends >= begins) & (row != UNKNOWN)
    spans = np.where(whole, np.where(whole, ends, 0) - np.where(whole, begins, 0), 0)
    added = np.bincount(row[whole], weights=spans[whole], minlength=len(rows))
    rows.columns["suspended"] = np.maximum(rows["suspended"], 0) + np.rint(added).astype(np.int64)
