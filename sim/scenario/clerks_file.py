"""Rosters from a table: what a layout's `clerks_file` names becomes rows of the scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import ClockError, parse_clock
from sim.errors import Problem, ScenarioError
from sim.scenario.base import MOST_CLERKS
from sim.scenario.clerk_rows import NOBODY, ClerkRows
from sim.scenario.node import Node
from sim.scenario.row_faults import RowFaults, mark_rows
from sim.scenario.spelling import read_clock, read_date
from sim.scenario.table_files import with_table_rows
from sim.text import load_spelling

FIELD: Final = "clerks_file"
HEADINGS: Final = load_spelling()["clerks_headings"]
"""Columns, and the headings that name them."""
NEEDED: Final = ("date", "from", "to", "group")
WRONG: Final = -1
"""Of a date or time: nothing can be read."""


def with_clerks_files(tree: Node, folder: Path, problems: list[Problem]) -> Node:
    """The tree of a file with the rows of each table of clerks in the place of its name."""
    return with_table_rows(tree, "layouts", FIELD, read_clerks, folder, problems)


def read_clerks(path: Path, problems: list[Problem], name: str = "") -> ClerkRows:
    """The rows of a table of clerks; those that are wrong are left out and reported.

    Parameters
    ----------
    name
        What the scenario calls it; default: its path.

    Raises
    ------
    ScenarioError
        As `read_table`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "clerks.csv"
    ...     _ = file.write_text("日期,起,止,窗口组,人数\\n2025/1/8,8:00,14:00,desk,2\\n", "utf-8")
    ...     rows = read_clerks(file, [])
    >>> len(rows), rows.groups, rows.clerks.tolist()
    (1, ('desk',), [2])
    """
    from sim.scenario.table_values import BLANK, names_of, numbers_of  # Arrow: a tenth of a second
    from sim.scenario.tables import read_table

    table = read_table(path, HEADINGS, NEEDED, problems)
    if not {"clerks", "clerk"} & set(table.columns):
        words = " · ".join("/".join(HEADINGS[column][:1]) for column in ("clerks", "clerk"))
        missing = Problem("table_columns", "", table.file, 1, values=(("missing", words),))
        raise ScenarioError(missing)
    n, faults = table.n_rows, RowFaults(table, problems)
    day = _each_once(table.columns["date"], _ordinal)
    start, end = (_each_once(table.columns[column], _ticks) for column in ("from", "to"))
    groups, group = names_of(table.columns["group"])
    people, person = (
        names_of(table.columns["clerk"]) if "clerk" in table.columns else ((), np.full(n, BLANK))
    )
    numbers = np.full(n, np.nan)
    unread = np.zeros(n, dtype=np.bool_)
    if "clerks" in table.columns:
        numbers, unread = numbers_of(table.columns["clerks"])
    blank_number = np.isnan(numbers) & ~unread
    whole = np.nan_to_num(numbers)
    no_clerks = unread | (whole < 0) | (whole > MOST_CLERKS) | (whole != np.rint(whole))
    both_or_none = ~no_clerks & (blank_number == (person == BLANK))
    shown = "clerks" if "clerks" in table.columns else "clerk"
    wrong = {
        ("clerks_date", "date"): day == WRONG,
        ("clerks_clock", "from"): start == WRONG,
        ("clerks_clock", "to"): end == WRONG,
        ("clerks_order", "to"): (start != WRONG) & (end != WRONG) & (end <= start),
        ("clerks_no_group", "group"): group == BLANK,
        ("clerks_number", shown): no_clerks,
        ("clerks_or_clerk", shown): both_or_none,
    }
    for (code, column), marked in wrong.items():
        faults.tell(code, column, marked)
    good = np.flatnonzero(~np.any(list(wrong.values()), axis=0))
    clerks = np.where(person == BLANK, whole, 1).astype(np.int64)
    rows = ClerkRows(
        day[good],
        start[good],
        end[good],
        group[good],
        clerks[good],
        np.where(person == BLANK, NOBODY, person)[good],
        groups,
        people,
        name or str(path),
        table.places._replace(lines=table.places.lines[good]),
    )
    named = rows.person != NOBODY
    for code, column, key, among in (
        ("clerks_overlap", "group", rows.group, ~named),
        ("clerk_twice", "clerk", rows.person, named),
    ):
        faults.tell(code, column, mark_rows(good[_overlapping(rows, key, among)], n))
    return rows


def _each_once(column: Any, read: Callable[[str], int]) -> Ints:
    """int64: what each text of a column means; a year has few dates, and a day few times."""
    import pyarrow as pa
    from pyarrow import compute

    words = column if pa.types.is_string(column.type) else compute.cast(column, pa.string())
    encoded = words.dictionary_encode()
    meanings = [read(word) for word in encoded.dictionary.to_pylist()]
    indices = compute.fill_null(encoded.indices, len(meanings)).to_numpy(zero_copy_only=False)
    return np.asarray(np.array([*meanings, WRONG], dtype=np.int64)[indices])


def _ordinal(word: str) -> int:
    day = read_date(word.removesuffix(".000"))
    return WRONG if day is None else day.toordinal()


def _ticks(word: str) -> int:
    try:
        return parse_clock(read_clock(word) or word.strip())
    except ClockError:
        return WRONG


def _overlapping(rows: ClerkRows, key: Ints, among: Bools) -> Ints:
    """int64: rows that begin before an earlier one of the same day and key has ended."""
    which = np.flatnonzero(among)
    order: Ints = which[np.lexsort((rows.start[which], key[which], rows.day[which]))]
    day, whose, start = rows.day[order], key[order], rows.start[order]
    if len(order) < 2:
        return order[:0]
    new = np.append(True, (np.diff(day) != 0) | (np.diff(whose) != 0))
    stretch: Ints = np.cumsum(new)
    # the latest end so far of a stretch: a running maximum that a new stretch lifts above all
    lift = stretch * (int(rows.end.max()) + 1)
    reached = np.maximum.accumulate(rows.end[order] + lift) - lift
    late: Ints = np.flatnonzero(~new[1:] & (start[1:] < reached[:-1])) + 1
    return np.asarray(np.sort(order[late]))
