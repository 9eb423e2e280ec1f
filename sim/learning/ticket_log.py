"""A hall's tickets as its log holds them, in the table of a simulated day (DESIGN §9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.arrays import AnyInts, Bools, Ints
from sim.clock import DAY
from sim.plan.journal import FORWARDED, MISSED, PENDING, SERVED
from sim.results.columns import FATES, name_ids
from sim.results.tables import Tickets
from sim.scenario.row_places import RowPlaces

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN: Final = -1
"""Of an instant, a span, an index or a count: the log does not say."""
LOG_OUTCOMES: Final = (*FATES, "no_one", "transferred", "suspended", "waiting", "called")
"""How a log says that a ticket ended; each has a text `fate.<name>` or `learn.outcome.<name>`."""
NO_ONE, TRANSFERRED, SUSPENDED, WAITING, CALLED = range(len(FATES), len(LOG_OUTCOMES))
FATE_OF_OUTCOME: Final = np.array(
    [*range(len(FATES)), MISSED, FORWARDED, PENDING, PENDING, PENDING, UNKNOWN], dtype=np.int64
)
"""int64: the fate in the tables for each outcome; the last one for UNKNOWN."""


class LogNames(NamedTuple):
    """Ids by index, each sorted; a name that no row bears is not there."""

    matters: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    clerks: tuple[str, ...] = ()
    """Numbers in the order of their names in the log, which are not kept."""
    purposes: tuple[str, ...] = ()


class TicketDetails(NamedTuple):
    """What a log says of a ticket beside what the tables of a day hold; UNKNOWN = it does not."""

    row: Ints
    """int64: row of the file, from 0 below the headings, rows with other cells left aside; of an
    event log the number of the ticket."""
    freed_at: Ints
    """int64 ticks: when the window was free again, where the log tells it from the end."""
    wait: Ints
    """int64 ticks: ticket to call; from instants, or as the log says."""
    service: Ints
    """int64 ticks: begin of the work (else call) to end, of tickets that were worked on."""
    department: Ints
    clerk: Ints
    booked: Ints
    """1 = booked, 0 = walked in."""
    booked_for: Ints
    """int64 ticks: begin of the slot, where the log tells it; it may be of another day."""
    outcome: Ints
    """Place in LOG_OUTCOMES: finer than the fate."""
    rating: Ints
    purpose: Ints
    online: Ints
    """1 = applied online, 0 = in a hall; only an event log says."""


@dataclass(frozen=True, eq=False)
class TicketLog:
    """The tickets of a log, in the order of their instants; everything is read-only.

    Attributes
    ----------
    first_date : date
        Tick 0 is 00:00 of it, by the clock of the hall.
    n_days : int
        Days from the first instant to the last, both included.
    grain : int
        Ticks to which instants are exact: 1 or 1,000 (a second), 60,000 (a minute) or 3,600,000
        (an hour: then `taken_at` is its begin, and only `wait` and `service` say more).
    tickets : Tickets
        The table of a simulated day. `arrived_at` is `taken_at` where the log says no more;
        `case`, `errand`, `class_`, `place`, `list_`, `window`, `greeted_at`, `called_at`,
        `began_at`, `ended_at` may be -1 = unknown; `trip` is 1 where the log says no more.
    details : TicketDetails
    names : LogNames
        Of the indices of both.
    places : RowPlaces
        Where each row of the file stands, by `details.row`; an event log has none.
    """

    first_date: date
    n_days: int
    grain: int
    tickets: Tickets
    details: TicketDetails
    names: LogNames
    places: RowPlaces | None = None

    def __len__(self) -> int:
        return len(self.tickets.fate)

    def __eq__(self, other: object) -> bool:
        """Whether two logs say the same, wherever it stands in their files."""
        if not isinstance(other, TicketLog):
            return NotImplemented
        content = (self.first_date, self.n_days, self.grain, self.names, len(self))
        if content != (other.first_date, other.n_days, other.grain, other.names, len(other)):
            return False
        columns = (
            *zip(self.tickets, other.tickets, strict=True),
            *zip(self.details[1:], other.details[1:], strict=True),
        )
        return all(np.array_equal(first, second) for first, second in columns)

    __hash__ = None  # type: ignore[assignment]

    def frame(self) -> pd.DataFrame:
        """The tickets as `Tables.frame("tickets")` gives them: ids, and instants in ticks.

        Examples
        --------
        >>> from sim.learning.log_rows import rows_of_columns
        >>> from sim.learning.log_tickets import ticket_log
        >>> log = ticket_log(rows_of_columns({"taken": ["2025-03-03 08:05"], "window": ["3"]}))
        >>> log.frame()[["window", "taken_at", "fate"]].to_dict("records")
        [{'window': '3', 'taken_at': 29100000, 'fate': 'pending'}]
        """
        import pandas as pd

        return pd.DataFrame(name_ids(self.names, "tickets", self.tickets._asdict()))

    def first_days(self, n_days: int) -> TicketLog:
        """The tickets of the first days alone, with all names.

        Examples
        --------
        >>> from sim.learning.log_rows import rows_of_columns
        >>> from sim.learning.log_tickets import ticket_log
        >>> days = ["2025-03-03 08:05", "2025-03-04 09:00"]
        >>> len(ticket_log(rows_of_columns({"taken": days})).first_days(1))
        1
        """
        here = self.day < n_days
        return TicketLog(
            self.first_date,
            min(n_days, self.n_days),
            self.grain,
            Tickets(*frozen_columns(column[here] for column in self.tickets)),
            TicketDetails(*frozen_columns(column[here] for column in self.details)),
            self.names,
            self.places,
        )

    @property
    def weekday(self) -> Ints:
        """int64, shape (tickets,): 0 = Monday, of the day on which each was taken."""
        return np.asarray((self.first_date.weekday() + self.day) % 7)

    @property
    def day(self) -> Ints:
        """int64, shape (tickets,): days after the first date."""
        return np.asarray(self.tickets.arrived_at // DAY, dtype=np.int64)


def fates(outcome: Ints, was_worked_on: Bools) -> Ints:
    """int64: the fate of each ticket; where the log says none, served if it was worked on.

    Examples
    --------
    >>> fates(np.array([NO_ONE, UNKNOWN, UNKNOWN]), np.array([True, True, False])).tolist()
    [7, 1, 0]
    """
    fate = FATE_OF_OUTCOME[outcome]
    return np.where(fate == UNKNOWN, np.where(was_worked_on, SERVED, PENDING), fate)


def used_names(names: tuple[str, ...], codes: AnyInts) -> tuple[tuple[str, ...], Ints]:
    """The names that occur, sorted, and the place of each row's among them; codes below 0 stay.

    Examples
    --------
    >>> used_names(("b", "a", "c"), np.array([0, -1, 2, -2]))
    (('b', 'c'), array([ 0, -1,  1, -2]))
    """
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    used = sorted(name for name, count in zip(names, counts, strict=True) if count)
    place = {name: n for n, name in enumerate(used)}
    places = np.array([*(place.get(name, UNKNOWN) for name in names), UNKNOWN], dtype=np.int64)
    return tuple(used), np.where(codes >= 0, places[np.maximum(codes, UNKNOWN)], codes)


def frozen_columns(columns: Iterable[Any]) -> Iterator[Any]:
    """Columns that nobody can write to."""
    for column in columns:
        column.flags.writeable = False
        yield column
