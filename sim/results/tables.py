"""The tables of one replication: tickets, visits, cases, items, windows; columns of equal length.

Everything later is a function of these tables, and logs of a real hall are read into the same ones.
Instants and spans are int64 ticks, -1 for what did not happen before the run ended.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.clock import DAY
from sim.plan.journal import ISSUED, NOT_YET, PARTLY, PENDING, Journal
from sim.plan.plan import Plan
from sim.plan.tape import Tape

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.signedinteger[Any]]
"""Whole numbers: instants and spans are int64, indices may be int32."""
TableName = Literal["tickets", "visits", "cases", "items", "services"]


class Tickets(NamedTuple):
    """One row each time somebody is at the door, at the lists again, or applies online."""

    case: Ints
    errand: Ints
    trip: Ints
    """1 for the first trip of the case; 0 = online."""
    matter: Ints
    class_: Ints
    list_: Ints
    window: Ints
    arrived_at: Ints
    greeted_at: Ints
    taken_at: Ints
    called_at: Ints
    ended_at: Ints
    fate: Ints


class Visits(NamedTuple):
    """One row a trip to the hall, from the door to leaving."""

    case: Ints
    trip: Ints
    arrived_at: Ints
    left_at: Ints
    fate: Ints
    """How its last ticket ended."""


class Cases(NamedTuple):
    """One row an applicant with a matter."""

    matter: Ints
    class_: Ints
    township: Ints
    online: Bools
    """Applied online from the start."""
    arrived_at: Ints
    accepted_at: Ints
    closed_at: Ints
    fate: Ints
    trips: Ints
    last_item: Ints
    """Row of the item that finished last; -1 = none."""


class Overtime(NamedTuple):
    """One row a time that a group of windows had one clerk more at work than its roster says."""

    group: Ints
    """Number of the group in the order of the layout."""
    begins_at: Ints
    ends_at: Ints


class Services(NamedTuple):
    """One row a time a window was occupied."""

    window: Ints
    called_at: Ints
    ended_at: Ints
    """The end of the run when it was not over."""


class Tables:
    """The tables of one replication.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> list(tables.frame("visits").columns)
    ['case', 'trip', 'arrived_at', 'left_at', 'fate']
    """

    def __init__(self, plan: Plan, tape: Tape, journal: Journal) -> None:
        self.plan, self.tape, self.journal = plan, tape, journal

    @cached_property
    def tickets(self) -> Tickets:
        """Rows in order of coming."""
        n, journal, tape = int(self.journal.n_tickets[0]), self.journal, self.tape
        errand = journal.errand[:n].astype(np.int64)
        case = tape.case_of_errand[errand]
        return Tickets(
            case=case,
            errand=errand,
            trip=journal.trip[:n].astype(np.int64),
            matter=tape.matter[case],
            class_=tape.class_[case],
            list_=journal.list_[:n].astype(np.int64),
            window=journal.window[:n].astype(np.int64),
            arrived_at=journal.arrived_at[:n],
            greeted_at=journal.greeted_at[:n],
            taken_at=journal.taken_at[:n],
            called_at=journal.called_at[:n],
            ended_at=journal.ended_at[:n],
            fate=journal.fate[:n].astype(np.int64),
        )

    @cached_property
    def visits(self) -> Visits:
        """Tickets of one trip belong together; the last one says how it ended."""
        tickets = self.tickets
        rows = np.flatnonzero(tickets.trip > 0)
        order = rows[np.lexsort((rows, tickets.trip[rows], tickets.case[rows]))]
        case, trip = tickets.case[order], tickets.trip[order]
        new = np.ones(len(order), dtype=np.bool_)
        new[1:] = (case[1:] != case[:-1]) | (trip[1:] != trip[:-1])
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(order)) - 1 if len(first) else first
        fate = tickets.fate[order][last]
        return Visits(
            case=case[first],
            trip=trip[first],
            arrived_at=tickets.arrived_at[order][first],
            left_at=np.where(fate == PENDING, NOT_YET, tickets.ended_at[order][last]),
            fate=fate,
        )

    @cached_property
    def cases(self) -> Cases:
        """Rows in order of arrival."""
        tape, journal = self.tape, self.journal
        trips = np.zeros(len(tape.matter), dtype=np.int64)
        np.maximum.at(trips, self.tickets.case, self.tickets.trip)
        return Cases(
            matter=tape.matter,
            class_=tape.class_,
            township=tape.township,
            online=tape.online[tape.errand_offsets[:-1]],
            arrived_at=tape.arrived_at,
            accepted_at=journal.accepted_at,
            closed_at=journal.closed_at,
            fate=journal.case_fate.astype(np.int64),
            trips=trips,
            last_item=self._last_item(),
        )

    def _last_item(self) -> Ints:
        """Row of each case's item that finished last; ties go to the lowest row."""
        done, n = self.journal.completed_at, len(self.tape.matter)
        case = np.repeat(np.arange(n), np.diff(self.tape.item_offsets))
        order = np.lexsort((-np.arange(len(done)), done, case))
        last = np.full(n, -1, dtype=np.int64)
        last[case[order]] = order
        return np.where((last >= 0) & (done[last] >= 0), last, -1) if len(done) else last

    @cached_property
    def services(self) -> Services:
        """Every occupation of a window; one that is not over lasts to the end of the run."""
        tickets, end = self.tickets, self.plan.period.end
        rows = np.flatnonzero(tickets.window >= 0)
        ended_at = np.where(tickets.ended_at[rows] < 0, end, tickets.ended_at[rows])
        return Services(tickets.window[rows], tickets.called_at[rows], ended_at)

    @cached_property
    def overtime(self) -> Overtime:
        """When more windows of a group were busy than its roster has clerks.

        Windows of a group are alike, so overtime belongs to the group: who is over the roster's
        number longest is matched with who finishes first.
        """
        hall, services, end = self.plan.hall, self.services, self.plan.period.end
        group_of_service = hall.group_of_window[services.window]
        group_of_duty = np.repeat(hall.group_of_window, np.diff(hall.duty_offsets))
        parts = [np.zeros((3, 0), dtype=np.int64)]
        for group in np.unique(group_of_service):
            busy, on = group_of_service == group, group_of_duty == group
            starts, ends = _above(
                np.concatenate([services.called_at[busy], hall.duty_ends[on]]),
                np.concatenate([services.ended_at[busy], hall.duty_starts[on]]),
                end,
            )
            parts.append(np.stack([np.full(len(starts), group), starts, ends]))
        return Overtime(*np.concatenate(parts, axis=1))

    @cached_property
    def finished(self) -> Bools:
        """bool, shape (cases,): issued, in whole or in part."""
        return np.isin(self.cases.fate, (ISSUED, PARTLY))

    def day_of(self, instants: Ints) -> Ints:
        """Measured day of each instant, counted among hall days; -1 outside."""
        index = np.full(self.plan.period.n_days + 1, -1, dtype=np.int64)
        index[self.plan.period.hall_days] = np.arange(len(self.plan.period.hall_days))
        return index[np.clip(instants // DAY, 0, self.plan.period.n_days)]

    def frame(self, name: TableName) -> pd.DataFrame:
        """One table as a pandas frame, ids in place of indices, instants in ticks.

        Raises
        ------
        KeyError
            For a name that is no table.
        """
        import pandas as pd  # takes a second: only who asks for a frame pays

        from sim.results.columns import named

        tables: dict[str, NamedTuple] = {
            "tickets": self.tickets,
            "visits": self.visits,
            "cases": self.cases,
            "items": self._items(),
            "services": self.services,
        }
        return pd.DataFrame(named(self.plan.names, tables[name]._asdict()))

    def _items(self) -> Items:
        tape, journal = self.tape, self.journal
        case = np.repeat(np.arange(len(tape.matter)), np.diff(tape.item_offsets))
        return Items(
            case=case,
            item=tape.item,
            department=self.plan.office.department[tape.item],
            released_at=journal.item_released_at,
            reviewed_at=journal.reviewed_at,
            completed_at=journal.completed_at,
            rounds=np.diff(tape.review_offsets),
        )


class Items(NamedTuple):
    """One row an item that a case needs."""

    case: Ints
    item: Ints
    department: Ints
    released_at: Ints
    reviewed_at: Ints
    completed_at: Ints
    rounds: Ints


def _above(ups: Ints, downs: Ints, end: int) -> tuple[Ints, Ints]:
    """Spans in which a level that rises and falls by one lies above 0, a span for each unit.

    The level starts at 0 before everything, and may fall below; at `end` all spans end.
    """
    times, place = np.unique(np.concatenate([ups, downs]), return_inverse=True)
    steps = np.zeros(len(times), dtype=np.int64)
    np.add.at(steps, place, np.repeat([1, -1], [len(ups), len(downs)]))
    level = np.where(times < end, np.maximum(np.cumsum(steps), 0), 0)
    change = np.diff(level, prepend=0)
    times = np.minimum(times, end)
    return np.repeat(times, np.maximum(change, 0)), np.repeat(times, np.maximum(-change, 0))
