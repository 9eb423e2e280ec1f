"""Rows of a log while they are looked through: what each says, and what became of it.

The arrays are changed in place, by traps (`quality.py`) and by nobody else; what is left of them
becomes a `TicketLog` (`log_tickets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

import numpy as np
import pyarrow as pa
from pyarrow import compute

from sim.arrays import Bools, Ints
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.errors import Problem, ScenarioError
from sim.learning.columns import INSTANTS, LogMapping, LogRole, guess_mapping, looks_personal
from sim.learning.log_times import NO_ZONE, read_clocks, read_days, read_instants, read_slots
from sim.learning.ticket_log import (
    LOG_OUTCOMES,
    SUSPENDED,
    TRANSFERRED,
    UNKNOWN,
)
from sim.plan.journal import SENT_BACK, SERVED
from sim.scenario.row_places import RowPlaces
from sim.scenario.table_values import NO_INSTANT, names_of, numbers_of
from sim.scenario.tables import CellTable, folded
from sim.text import load_log_forms

_FORMS: Final = load_log_forms()
BLANK_WORDS: Final = pa.array(_FORMS["blank"]["words"])
NO_WORDS: Final = frozenset(_FORMS["truth"]["no"])
EPOCH: Final = date(1970, 1, 1).toordinal()
NAMED: Final[Mapping[str, str]] = {
    "window": "windows",
    "clerk": "clerks",
    "matter": "matters",
    "department": "departments",
    "list_": "lists",
    "place": "places",
    "class_": "classes",
    "purpose": "purposes",
}
"""Columns of names -> field of `LogNames`."""
ROLE_OF: Final[Mapping[str, LogRole]] = {
    "window": "window",
    "clerk": "clerk",
    "matter": "matter",
    "department": "department",
    "list_": "list",
    "place": "place",
    "class_": "class",
}
TIMES: Final = ("arrived", "greeted", "taken", "called", "started", "ended", "freed", "booked_for")
"""Instants of a row, in ticks since 1970-01-01 00:00 of the hall's clock; NO_INSTANT = none."""
COUNTS: Final = ("case", "trip", "booked", "outcome", "rating", "online", "wait", "service")
"""Whole numbers of a row; UNKNOWN = none. Waits and services are ticks that the log says itself."""
FEWEST: Final = {HOUR: 20, MINUTE: 5, SECOND: 1}
"""Instants that must all be multiples of a unit, before they are taken to be no exacter."""
WORKED_ON: Final = (SERVED, SENT_BACK, TRANSFERRED, SUSPENDED)
"""Outcomes of tickets that somebody worked on."""


class LogRows:
    """The rows of a log, a column an array; shape (rows,) each.

    Attributes
    ----------
    columns : dict of str to ndarray(int64)
        `TIMES`, `COUNTS` and the keys of `NAMED`, which the rows of cases have of their own.
    names : dict of str to tuple of str
        Names of the columns of `NAMED`.
    ticket : ndarray(int64)
        Which tickets have one number; UNKNOWN = none. The numbers themselves are not kept.
    zone : ndarray(int64)
        What the cell of `taken` says of its zone: ticks ahead of UTC, or NO_ZONE.
    unread : dict of str to ndarray(bool)
        Cells of a column in which something stands that cannot be read.
    order : ndarray(int64)
        Number of the ticket where a log numbers them; else 0.
    rows, file : ndarray(int64)
        Row of the log, and number of its file.
    is_there, is_mended : ndarray(bool)
        Rows that are not left out, and rows of which something was mended.
    grain : int
        As in `TicketLog`.
    tells_begin : bool
        The log has a column for the begin of the work: where that is blank there was none.
    """

    TIMES: ClassVar[tuple[str, ...]] = TIMES
    COUNTS: ClassVar[tuple[str, ...]] = COUNTS
    NAMED: ClassVar[Mapping[str, str]] = NAMED

    def __init__(self, n: int, places: RowPlaces | None = None) -> None:
        self.columns: dict[str, Ints] = {name: np.full(n, NO_INSTANT) for name in self.TIMES}
        self.columns |= {name: np.full(n, UNKNOWN) for name in (*self.COUNTS, *self.NAMED)}
        self.names: dict[str, tuple[str, ...]] = dict.fromkeys(self.NAMED, ())
        self.ticket, self.zone = np.full(n, UNKNOWN), np.full(n, NO_ZONE)
        self.unread: dict[str, Bools] = {}
        self.order, self.rows = np.zeros(n, np.int64), np.arange(n)
        self.file = np.zeros(n, np.int64)
        self.is_there, self.is_mended = np.ones(n, np.bool_), np.zeros(n, np.bool_)
        self.places = places
        self.grain = 1
        self.tells_begin = False

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Ints:
        return self.columns[name]

    def has(self, name: str) -> Bools:
        """bool: rows that say an instant, or a name or a number."""
        return np.asarray(self.columns[name] != (NO_INSTANT if name in self.TIMES else UNKNOWN))

    def blank(self, marked: Bools, *names: str) -> None:
        """Make columns of some rows say nothing."""
        for name in names:
            self.columns[name][marked] = NO_INSTANT if name in self.TIMES else UNKNOWN

    @property
    def came(self) -> Ints:
        """int64: ticket taken, else arrival; NO_INSTANT = neither is said."""
        return np.where(self.has("taken"), self["taken"], self["arrived"])

    @property
    def begun(self) -> Ints:
        """int64: begin of the work, else the call."""
        return np.where(self.has("started"), self["started"], self["called"])

    @property
    def day(self) -> Ints:
        """int64: days since 1970-01-01 of each ticket; of rows without an instant 0."""
        came = self.came
        return np.asarray(np.where(came == NO_INSTANT, 0, came) // DAY)

    @property
    def service_of(self) -> Ints:
        """int64 ticks: begin of the work to end, else as the log says; UNKNOWN."""
        spanned = (self.begun != NO_INSTANT) & self.has("ended")
        span = np.where(spanned, self["ended"] - np.where(spanned, self.begun, 0), UNKNOWN)
        return np.where(spanned, span, self["service"])

    @property
    def wait_of(self) -> Ints:
        """int64 ticks: ticket to call (else begin of the work), else as the log says; UNKNOWN."""
        call = np.where(self.has("called"), self["called"], self["started"])
        spanned = (call != NO_INSTANT) & (self.came != NO_INSTANT)
        span = np.where(spanned, call - np.where(spanned, self.came, 0), UNKNOWN)
        return np.where(spanned, span, self["wait"])


# === from cells === #


def log_rows(cells: CellTable, mapping: LogMapping) -> LogRows:
    """The rows of a table whose columns a mapping knows.

    Raises
    ------
    ScenarioError
        `log_without_instants` when nothing says when a ticket was taken or called.
    """
    rows = LogRows(len(cells.lines), RowPlaces(cells.lines, {}))
    by_name = dict(zip(reversed(cells.names), reversed(cells.columns), strict=True))

    def column(role: LogRole) -> Any:
        heading = mapping.headings.get(role)
        return None if heading is None else filled_cells(by_name[heading])

    _read_times(rows, column)
    for name, role in ROLE_OF.items():
        if (names := column(role)) is not None:
            rows.names[name], rows.columns[name] = names_of(names)
    if (numbers := column("ticket")) is not None:
        rows.ticket = names_of(numbers).codes
    if (cases := column("case")) is not None:
        rows.columns["case"] = names_of(cases).codes
    counted: tuple[LogRole, ...] = ("trip", "rating")
    for role in counted:
        if (numbers := column(role)) is not None:
            _read_counts(rows, role, numbers)
    for role, unit in (
        ("wait_s", SECOND),
        ("wait_min", MINUTE),
        ("service_s", SECOND),
        ("service_min", MINUTE),
    ):
        if (spans := column(role)) is not None:
            _read_counts(rows, role.partition("_")[0], spans, unit)
    if (bookings := column("booked")) is not None:
        names, codes = names_of(bookings)
        yes = np.array([*(folded(name) not in NO_WORDS for name in names), False])
        rows.columns["booked"] = yes[codes].astype(np.int64)
    if (slots := column("booked_for")) is not None:
        rows.columns["booked_for"], rows.unread["booked_for"] = read_slots(slots, rows.came)
        if column("booked") is None:
            rows.columns["booked"] = rows.has("booked_for").astype(np.int64)
    if (outcomes := column("outcome")) is not None:
        _read_outcomes(rows, outcomes, mapping)
    rows.grain = _grain(rows, mapping)
    rows.tells_begin = "started" in mapping.headings
    return rows


def filled_cells(column: Any) -> Any:
    """A column without what databases write for nothing.

    Examples
    --------
    >>> filled_cells(pa.array(["NULL", "3"])).to_pylist()
    [None, '3']
    """
    if not pa.types.is_string(column.type):
        return column
    return compute.if_else(compute.is_in(column, BLANK_WORDS), None, column)


def _read_times(rows: LogRows, column: Any) -> None:
    days = None
    if (dates := column("date")) is not None:
        days, unread = read_days(dates)
        rows.unread["date"] = unread
    has_clock = False
    for role in INSTANTS:
        cells = column(role)
        if cells is None:
            continue
        has_clock = True
        read = read_instants(cells) if days is None else read_clocks(cells, days)
        # what Arrow gives is read-only
        rows.columns[role], rows.unread[role] = read.ticks.copy(), read.unread
        if role == "taken" or (role == "arrived" and (rows.zone == NO_ZONE).all()):
            rows.zone = read.zone
    if days is not None and not (rows.has("taken") | rows.has("arrived")).any():
        hours = np.zeros(len(rows), np.int64)
        if (cells := column("hour")) is not None:
            has_clock = True
            numbers = numbers_of(cells)
            good = (numbers.values >= 0) & (numbers.values < 24)
            rows.unread["hour"] = numbers.unread | (~np.isnan(numbers.values) & ~good)
            hours = np.where(good, np.nan_to_num(numbers.values), -1).astype(np.int64)
        is_dated = (days != NO_INSTANT) & (hours >= 0) & has_clock
        ticks = np.where(is_dated, days, 0) * DAY + np.maximum(hours, 0) * HOUR
        if not rows.has("called").any() and not rows.has("started").any():
            rows.columns["taken"] = np.where(is_dated, ticks, NO_INSTANT)
    if not has_clock:
        raise ScenarioError(Problem("log_without_instants"))
    if not any(rows.has(role).any() for role in INSTANTS):
        _refuse_unread(rows, column)


def _refuse_unread(rows: LogRows, column: Any) -> None:
    """Instants of which none could be read; the first cell that is none is shown."""
    of_times: tuple[LogRole, ...] = ("date", *INSTANTS, "hour")
    for role in of_times:
        marked = np.flatnonzero(rows.unread.get(role, ()))
        if len(marked):
            cell = str(column(role)[int(marked[0])].as_py())
            shown = "…" if looks_personal(cell) else cell
            raise ScenarioError(Problem("log_instants_unread", f"--mapping {role}", found=shown))


def _read_counts(rows: LogRows, name: str, cells: Any, unit: int = 1) -> None:
    numbers = numbers_of(cells)
    good = numbers.values >= 0  # nan is not
    rows.unread[name] = numbers.unread | (numbers.values < 0)
    scaled = np.rint(np.where(good, numbers.values, 0.0) * unit)
    rows.columns[name] = np.where(good, scaled, UNKNOWN).astype(np.int64)


def _read_outcomes(rows: LogRows, cells: Any, mapping: LogMapping) -> None:
    if pa.types.is_floating(cells.type):
        whole = compute.cast(cells, pa.int64(), safe=False)
        cells = compute.cast(whole, pa.string())
    names, codes = names_of(cells)
    meant = [mapping.outcomes.get(folded(name)) for name in names]
    places = [UNKNOWN if word is None else LOG_OUTCOMES.index(word) for word in meant]
    rows.columns["outcome"] = np.array([*places, UNKNOWN], dtype=np.int64)[codes]
    unmeant = np.array([*(word is None for word in meant), False])
    rows.unread["outcome"] = unmeant[codes]


def _grain(rows: LogRows, mapping: LogMapping) -> int:
    """To how much the instants of tickets are exact."""
    if "hour" in mapping.headings and not {"taken", "arrived"} & set(mapping.headings):
        return HOUR
    return grain_of([rows[name][rows.has(name)] for name in TIMES])


def grain_of(instants: Sequence[Ints], larger: tuple[int, ...] = ()) -> int:
    """To how much instants are exact: what all of them are multiples of.

    Parameters
    ----------
    larger
        Ticks of units above the hour that may be the grain too.

    Examples
    --------
    >>> grain_of([np.arange(5) * MINUTE]) // SECOND
    60
    """
    ticks = np.concatenate(list(instants))
    for unit in (*larger, HOUR, MINUTE, SECOND):
        if len(ticks) >= FEWEST.get(unit, 1) and not (ticks % unit).any():
            return unit
    return 1


def personal_cells(rows: LogRows) -> dict[str, Bools]:
    """bool by column of names: cells that are numbers or addresses of people."""
    marks = {}
    for name in rows.NAMED:
        is_one = np.array([*map(looks_personal, rows.names[name]), False])
        if is_one.any():
            marks[name] = is_one[rows[name]]
    return marks


def rows_of_columns(columns: Mapping[str, Sequence[str | None]]) -> LogRows:
    """Rows of columns of text, whose names are those of roles.

    Examples
    --------
    >>> rows = rows_of_columns({"taken": ["2025-03-03 08:05"], "called": ["2025-03-03 08:09"]})
    >>> int(rows.wait_of[0]) // MINUTE
    4
    """
    names, arrays = list(columns), [pa.array(column, pa.string()) for column in columns.values()]
    lines = np.arange(len(arrays[0])) + 2
    by_hand: dict[Any, str] = {name: name for name in names}
    return log_rows(CellTable(names, arrays, lines), guess_mapping(names, by_hand=by_hand))
