"""Traps in cells and columns: what cannot be read, says who somebody is, or never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import HOUR, SECOND
from sim.errors import OptionError, Problem
from sim.learning.log_rows import COUNTS, NAMED, TIMES, LogRows, personal_cells
from sim.learning.log_times import NO_ZONE
from sim.learning.traps import Caught, LogChange, LogHall, LogTrap, blanking, caught_rows
from sim.scenario.fields import nearest
from sim.scenario.table_values import NO_INSTANT

TYPICAL_MOST: Final = 2 * HOUR
"""Half of the waits or services of a hall are longer: minutes were taken for seconds."""
SHORTEST_SERVICE: Final = 20 * SECOND
FEWEST_CONSTANT: Final = 20
"""Rows in which a column must say the same before it is called constant."""


def _no_instant(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    says_when = np.zeros(len(rows), dtype=np.bool_)
    for name in ("arrived", "taken", "called", "started"):
        says_when |= rows.has(name)
    return caught_rows(rows.is_there & ~says_when)


def _other_place(rows: LogRows, hall: LogHall) -> Caught | None:
    """Rows of halls that are not asked for.

    Raises
    ------
    OptionError
        `no_such_place` when there is no row of the one that is.
    """
    if not hall.place:
        return None
    others = rows.is_there & (rows["place"] != place_code(rows, hall.place, hall.place))
    return caught_rows(others, None, (("place", hall.place),))


def place_code(rows: LogRows, name: str, asked_for: str) -> int:
    """Place of a hall among those that the log names; `asked_for` is what was typed.

    Raises
    ------
    OptionError
        `no_such_place` when there is no row of it.
    """
    names = rows.names["place"]
    if name not in names:
        problem = Problem("no_such_place", "--place", found=asked_for, allowed=", ".join(names))
        raise OptionError(replace(problem, values=nearest(asked_for, names)))
    return int(names.index(name))


def _unread(rows: LogRows, hall: LogHall) -> Caught | None:
    """What cannot be read says nothing already: to mend is to leave it so."""
    del hall
    words = {"outcome", "result"}
    marks = [marked for name, marked in rows.unread.items() if name not in words]
    if not marks:
        return None
    return caught_rows(rows.is_there & reduce(np.logical_or, marks), blanking())


def _personal(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    cells = personal_cells(rows)
    marked = reduce(np.logical_or, cells.values(), np.zeros(len(rows), dtype=np.bool_))

    def mend(rows: LogRows, marked: Bools) -> None:
        for name, here in cells.items():
            rows.blank(here & marked, name)

    return caught_rows(rows.is_there & marked, mend)


def _unknown_outcome(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    marked = rows.unread.get("outcome")
    return None if marked is None else caught_rows(rows.is_there & marked)


def _doubled(rows: LogRows, hall: LogHall) -> Caught | None:
    """Rows that are as another one in all that is read; of each only the first stays.

    Where instants are minutes or hours and tickets have no numbers, two people may be alike: then
    as many stay as the one of several files has that has most of them.
    """
    del hall
    may_be_alike = rows.grain > SECOND and bool((rows.ticket < 0).all())
    if may_be_alike and not has_files(rows):
        return None
    there = _at_once(rows)
    columns: list[Ints] = [rows[name] for name in (*TIMES, *COUNTS, *NAMED)]
    columns = [rows.ticket, *columns] if (rows.order == 0).all() else [rows.order]
    varied = [column[there] for column in columns if (column[there] != column[there][:1]).any()]
    if len(there) < 2:
        return None
    if may_be_alike:
        varied.append(_counted_on(varied, rows.file[there], rows.rows[there]))
    order = np.lexsort([rows.rows[there], *varied[::-1]])
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[order[1:][_same_as_last(varied, order)]]] = True
    return caught_rows(marked)


def _same_as_last(columns: Sequence[Ints], order: Ints) -> Bools:
    """bool: rows, from the second of an order on, that are as the one before them."""
    same = np.ones(len(order) - 1, dtype=np.bool_)
    for column in columns:
        same &= column[order][1:] == column[order][:-1]
    return same


def _counted_on(columns: Sequence[Ints], file: Ints, row: Ints) -> Ints:
    """int64: which of the alike rows of its file each is, from 0."""
    order = np.lexsort([row, file, *columns[::-1]])
    begins = np.append(True, ~_same_as_last([*columns, file], order))
    place = np.arange(len(order))
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = place - np.maximum.accumulate(np.where(begins, place, 0))
    return numbers


def has_files(rows: LogRows) -> bool:
    """Whether the rows are of several files."""
    return bool((rows.file != rows.file[:1]).any())


def _seam(rows: LogRows, hall: LogHall) -> Caught | None:
    """Tickets that two files tell differently, such as one that was open when the first was made;
    the row that says most stays, of these the one of the later file."""
    del hall
    there = np.flatnonzero(rows.is_there & (rows.ticket >= 0) & (rows.came != NO_INSTANT))
    if not has_files(rows) or len(there) < 2:
        return None
    key = [column[there] for column in (rows.came, rows.ticket, rows["place"], rows["list_"])]
    filled = np.sum([rows.has(name)[there] for name in rows.columns], axis=0)
    order = np.lexsort([-rows.rows[there], -rows.file[there], -filled, *key[::-1]])
    same = _same_as_last(key, order)
    # of one file two rows of a ticket are another matter: only those of a second one are left out
    group = np.cumsum(np.append(0, ~same))
    begins = np.flatnonzero(np.append(True, ~same))
    stays = rows.file[there[order]][begins][group]
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[order[rows.file[there[order]] != stays]]] = True
    return caught_rows(marked)


def _at_once(rows: LogRows) -> Ints:
    """int64: rows that came at one instant with another one; of many rows these are few."""
    there = np.flatnonzero(rows.is_there)
    came = rows.came[there]
    order = np.argsort(came, kind="stable")
    same = np.diff(came[order]) == 0
    alike = np.append(same, False) | np.insert(same, 0, False)
    return np.sort(there[order[alike[: len(order)]]])


def _constant(rows: LogRows, hall: LogHall) -> Caught | None:
    """Waits or services that are all one number: whoever writes the log does not measure them.

    Of a wait it is the ticket that is not measured: calls have to follow each other.
    """
    del hall
    blank = {"wait": ("wait", "taken", "arrived"), "service": ("service", "ended", "freed")}
    names = []
    for name, spans in (("wait", rows.wait_of), ("service", rows.service_of)):
        measured = spans[rows.is_there & (spans >= 0)]
        if len(measured) >= FEWEST_CONSTANT and (measured == measured[0]).all():
            names.append(name)
    if not names:
        return None

    def mend(rows: LogRows, marked: Bools) -> None:
        del marked
        called = rows.has("called") | rows.has("started")
        for name in names:
            rows.blank(called, *blank[name])
            rows.blank(~called, name)

    changes = tuple(LogChange(name) for name in names)
    nothing = np.zeros(len(rows), dtype=np.bool_)
    return Caught(nothing, mend, number=len(names), changes=changes)


def _unlikely_unit(rows: LogRows, hall: LogHall) -> Caught | None:
    """Spans that the log says itself, half of which are longer than any hall lets people wait, or
    shorter than any work."""
    del hall
    names = []
    for name, low, high in (("wait", 0, TYPICAL_MOST), ("service", SHORTEST_SERVICE, TYPICAL_MOST)):
        spans = rows[name][rows.is_there & (rows[name] > 0)]
        if len(spans) >= FEWEST_CONSTANT and not low <= np.median(spans) <= high:
            names.append(name)
    if not names:
        return None
    nothing = np.zeros(len(rows), dtype=np.bool_)
    return Caught(nothing, number=len(names), changes=tuple(map(LogChange, names)))


def _zero_waits(rows: LogRows, hall: LogHall) -> Caught | None:
    """Queues whose tickets are called as they are taken, beside queues where people wait."""
    del hall
    wait, lists = rows.wait_of, rows["list_"]
    waited = rows.is_there & (wait >= 0) & (lists >= 0)
    n = len(rows.names["list_"])
    if not waited.any() or not (wait[waited] > 0).any():
        return None
    all_of = np.bincount(lists[waited], minlength=n)
    zeros = np.bincount(lists[waited & (wait == 0)], minlength=n)
    without = np.flatnonzero((all_of >= FEWEST_CONSTANT) & (zeros >= 0.95 * all_of))
    if not len(without):
        return None
    listed = ", ".join(rows.names["list_"][code] for code in without.tolist())
    nothing = np.zeros(len(rows), dtype=np.bool_)
    return Caught(nothing, None, (("lists", listed),), len(without))


def has_zone(rows: LogRows) -> Bools:
    """bool: rows whose instants say their zone."""
    return np.asarray((rows.zone != NO_ZONE) & (rows.came != NO_INSTANT))


CELL_TRAPS: Final = (
    # first, so that nothing that says who somebody is stands in an example
    LogTrap("personal_cell", _personal, ("mended", "left_out"), ("taken",)),
    LogTrap("other_place", _other_place, ("left_out",), ("taken", "place")),
    LogTrap("no_instant", _no_instant, ("left_out",), ("window", "matter")),
    LogTrap("unread_cell", _unread, ("mended", "left_out")),
    LogTrap("unknown_outcome", _unknown_outcome, ("kept", "left_out")),
    LogTrap("unlikely_unit", _unlikely_unit, ("kept",), scope="column"),
    LogTrap("doubled", _doubled, ("left_out", "kept")),
    LogTrap("seam", _seam, ("left_out", "kept")),
)
COLUMN_TRAPS: Final = (
    LogTrap("constant", _constant, ("mended", "kept"), scope="column"),
    LogTrap("zero_waits", _zero_waits, ("kept",), scope="column"),
)
