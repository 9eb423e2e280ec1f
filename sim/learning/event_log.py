"""The program's own event log (`govhall log`, CSV) read back into the tables it was written from.

A ticket's events bear its number; each column of its row is the instant of one of them. What only
the tape knew, such as the number of the errand, is not in a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from pyarrow import compute

from sim.arrays import Ints
from sim.errors import Problem, ScenarioError
from sim.learning.log_rows import TIMES, LogRows
from sim.learning.log_times import read_instants
from sim.learning.ticket_log import LOG_OUTCOMES, UNKNOWN
from sim.plan.journal import NO_LIST, ONLINE_LIST, PENDING
from sim.results.columns import FATES
from sim.results.log_columns import CASE_COLUMNS, EVENT_COLUMNS
from sim.results.log_events import ACTIVITIES
from sim.scenario.table_values import NO_INSTANT, names_of, numbers_of
from sim.scenario.tables import CellTable
from sim.text.foreign import FORMULA

OWN_FORM: Final = "govhall_log"
"""Form of a log that this program wrote."""
KEYS: Final = {
    **{name: column.key for name, column in EVENT_COLUMNS.items()},
    **{
        f"case_{name}": f"case:{column.key}"
        for name, column in CASE_COLUMNS.items()
        if name not in {"people", "booked_for"}  # logs of 0.3.0 lack them
    },
}
"""Column in code -> its heading, of those that every log has."""
BOOKED_FOR: Final = f"case:{CASE_COLUMNS['booked_for'].key}"
COMES: Final = ("arrive", "rejoin", "apply_online", "papers_arrive")
COLUMN_OF_NAMES: Final = {
    "window": "resource",
    "list_": "list_",
    "place": "place",
    "purpose": "purpose",
    "matter": "case_matter",
    "class_": "case_class_",
}
"""Columns of names of a ticket -> column of the log."""


def is_event_log(names: Sequence[str]) -> bool:
    """Whether a table is an event log of this program.

    Examples
    --------
    >>> is_event_log([*KEYS.values()]), is_event_log(["ticket", "taken"])
    (True, False)
    """
    return set(KEYS.values()) <= set(names)


def event_rows(cells: CellTable) -> LogRows:
    """A row for each ticket of an event log, by their numbers.

    Raises
    ------
    ScenarioError
        `log_not_ours` when activities, steps or numbers are not what this program writes.
    """
    by_name = dict(zip(cells.names, cells.columns, strict=True))
    columns = {name: by_name[key] for name, key in KEYS.items()}
    instance = columns["instance"]
    of_ticket = compute.starts_with(instance, "ticket.")
    events = np.flatnonzero(compute.fill_null(of_ticket, False).to_numpy(zero_copy_only=False))
    columns = {name: column.take(events) for name, column in columns.items()}
    numbers = numbers_of(compute.utf8_slice_codeunits(columns["instance"], len("ticket."))).values
    if np.isnan(numbers).any():
        raise _not_ours(columns["instance"], np.isnan(numbers))
    ids, ticket = np.unique(numbers.astype(np.int64), return_inverse=True)
    rows = LogRows(len(ids))
    rows.order = rows.rows = ids
    instants = read_instants(columns["at"])
    if instants.unread.any():
        raise _not_ours(columns["at"], instants.unread)
    _put_instants(rows, columns, ticket, instants.ticks)
    for name, of in COLUMN_OF_NAMES.items():
        names, codes = names_of(_plain(columns[of]))
        rows.names[name] = names
        rows.columns[name] = _of_tickets(codes, ticket, len(ids))
    rows.columns["trip"] = _of_tickets(_whole(columns["trip"]), ticket, len(ids))
    rows.columns["trip"] = np.maximum(rows.columns["trip"], 0)
    rows.columns["case"] = _of_tickets(_whole(columns["case_case"]), ticket, len(ids))
    outcomes, codes = names_of(columns["outcome"])
    places = [LOG_OUTCOMES.index(name) if name in FATES else UNKNOWN for name in outcomes]
    outcome = np.array([*places, UNKNOWN], dtype=np.int64)[codes]
    fate = _of_tickets(outcome, ticket, len(ids))
    rows.columns["outcome"] = np.where(fate == UNKNOWN, PENDING, fate)
    channels, codes = names_of(columns["channel"])
    is_online = np.array([*(int(name == "online") for name in channels), UNKNOWN], dtype=np.int64)
    rows.columns["online"] = _of_tickets(is_online[codes], ticket, len(ids))
    if BOOKED_FOR in by_name:
        _put_bookings(rows, by_name[BOOKED_FOR].take(events), ticket)
    at_net = rows["online"] == 1
    rows.columns["list_"] = np.where(
        at_net, ONLINE_LIST, np.where(rows["list_"] < 0, NO_LIST, rows["list_"])
    )
    return rows


def _put_instants(rows: LogRows, columns: dict[str, Any], ticket: Ints, ticks: Ints) -> None:
    """Each instant where the journal had it, by activity and step of its event."""
    activities, activity = names_of(_plain(columns["activity"]))
    steps, step = names_of(columns["transition"])
    column_of = {
        **dict.fromkeys(COMES, "arrived"),
        "greet": "greeted",
        "take_ticket": "taken",
        "call": "called",
        "wrap_up": "freed",
        "changeover": "",  # the work with who was called has begun before
    }
    names_known = {*ACTIVITIES, *FATES}
    targets = np.full((len(activities), len(steps)), "", dtype=object)
    for n, name in enumerate(activities):
        for k, transition in enumerate(steps):
            worked = {"schedule": "taken", "start": "started", "complete": "ended"}
            targets[n, k] = column_of.get(name, worked.get(transition, ""))
    strange = np.array([name not in names_known for name in activities])[activity]
    if strange.any():
        raise _not_ours(columns["activity"], strange)
    target = targets[activity, step]
    for name in TIMES:
        here = target == name
        rows.columns[name][ticket[here]] = ticks[here]
    # a call is told apart from the begin of its work where somebody walks
    called = rows.has("called")
    rows.columns["called"] = np.where(called, rows["called"], rows["started"])
    rows.tells_begin = True
    # a window is free when who was served leaves, unless its clerk wraps up
    at_once = rows.has("ended") & ~rows.has("freed") & rows.has("called")
    rows.columns["freed"] = np.where(at_once, rows["ended"], rows["freed"])


def _put_bookings(rows: LogRows, cells: Any, ticket: Ints) -> None:
    """For when the people of each ticket had booked: on their first trip, where anybody books."""
    read = read_instants(cells)
    if read.unread.any():
        raise _not_ours(cells, read.unread)
    has_slot = read.ticks != NO_INSTANT
    if not has_slot.any():
        return
    rows.columns["booked_for"][ticket[has_slot]] = read.ticks[has_slot]
    rows.columns["booked_for"][rows["trip"] > 1] = NO_INSTANT
    rows.columns["booked"] = rows.has("booked_for").astype(np.int64)


def _of_tickets(codes: Ints, ticket: Ints, n: int) -> Ints:
    """What the events of each ticket say; those that say nothing leave it to the others."""
    column = np.full(n, UNKNOWN)
    speaks = codes != UNKNOWN
    column[ticket[speaks]] = codes[speaks]
    return column


def _whole(column: Any) -> Ints:
    numbers = numbers_of(column).values
    return np.where(np.isnan(numbers), UNKNOWN, np.nan_to_num(numbers)).astype(np.int64)


def _plain(column: Any) -> Any:
    """Names without the sign that keeps a spreadsheet from taking them for formulas."""
    marked = compute.match_substring_regex(column, f"^'(?:{FORMULA.pattern})")
    return compute.if_else(marked, compute.utf8_slice_codeunits(column, 1), column)


def _not_ours(column: Any, marked: Any) -> ScenarioError:
    first = column[int(np.flatnonzero(marked)[0])].as_py()
    return ScenarioError(Problem("log_not_ours", found=str(first)))
