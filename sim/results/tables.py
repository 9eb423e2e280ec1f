"""The tables of one replication: tickets, visits, cases, items, windows; columns of equal length.

Everything later is a function of these tables, and logs of a real hall are read into the same ones.
Instants and spans are int64 ticks, -1 for what did not happen before the run ended.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.arrays import AnyInts, Bools, Singles
from sim.clock import DAY, NEVER
from sim.plan.chances import realised_plan
from sim.plan.initial import filed_before
from sim.plan.journal import (
    BY_CLERK,
    FORWARDED,
    ISSUED,
    MISSED,
    NOT_YET,
    ONLINE_LIST,
    PARTLY,
    PENDING,
    Journal,
)
from sim.plan.plan import HallPlan, Plan
from sim.plan.tape import ALSO, Tape
from sim.results.downtime import work_ends_at
from sim.results.second_matters import seconds_of_visits

if TYPE_CHECKING:
    import pandas as pd

"""Whole numbers: instants and spans are int64, indices may be int32."""
TableName = Literal["tickets", "visits", "cases", "items", "services"]


class Tickets(NamedTuple):
    """One row each time somebody is at the door, at the lists again, or applies online.

    Papers that are sent on have a row at each place they come to.
    """

    case: AnyInts
    errand: AnyInts
    trip: AnyInts
    """1 for the first trip of the case; 0 = nobody came: online, or papers that were sent on."""
    matter: AnyInts
    class_: AnyInts
    place: AnyInts
    """-1 = online."""
    list_: AnyInts
    window: AnyInts
    arrived_at: AnyInts
    greeted_at: AnyInts
    taken_at: AnyInts
    called_at: AnyInts
    began_at: AnyInts
    """Who was called is at the window: later than the call where they walk there."""
    ended_at: AnyInts
    fate: AnyInts


class Visits(NamedTuple):
    """One row a trip to the hall, from the door to leaving."""

    case: AnyInts
    trip: AnyInts
    arrived_at: AnyInts
    called_at: AnyInts
    """The first call of the trip."""
    left_at: AnyInts
    fate: AnyInts
    """How its last ticket ended."""
    place: AnyInts
    people: AnyInts
    """Who came, with those who came along."""
    second: AnyInts
    """What became of a second matter, a place in `SECONDS`; 0 = there was none."""


class Cases(NamedTuple):
    """One row an applicant with a matter."""

    matter: AnyInts
    class_: AnyInts
    township: AnyInts
    online: Bools
    """Applied online from the start."""
    arrived_at: AnyInts
    accepted_at: AnyInts
    closed_at: AnyInts
    issued_at: AnyInts
    """The applicant has the result."""
    fate: AnyInts
    trips: AnyInts
    last_item: AnyInts
    """Row of the item that finished last; -1 = none."""
    wished_at: AnyInts
    """When they would have come if nobody booked."""
    booked_for: AnyInts
    """Begin of the slot booked; -1 = none."""
    no_show: Bools
    """Booked, and did not come for it."""
    initial: Bools
    """In hand when the run began."""


class Duties(NamedTuple):
    """One row a time that a clerk is on duty by a roster."""

    group: AnyInts
    """Number of the group in the order of the layout."""
    starts: AnyInts
    ends: AnyInts
    drains: Bools
    """Who is on duty stays when it ends, until the place is empty."""


class Overtime(NamedTuple):
    """One row a time that a group of windows had one clerk more at work than its roster says."""

    group: AnyInts
    """Number of the group in the order of the layout."""
    begins_at: AnyInts
    ends_at: AnyInts


class IdleTime(NamedTuple):
    """One row a time that a group of windows had one clerk more on duty than at work."""

    group: AnyInts
    """Number of the group in the order of the layout."""
    begins_at: AnyInts
    ends_at: AnyInts


class Services(NamedTuple):
    """One row a time a window was occupied."""

    window: AnyInts
    called_at: AnyInts
    began_at: AnyInts
    """Who was called is there; of a missed call its instant. The end of the run when not before."""
    set_up_at: AnyInts
    """The window is set up for the work with who was called: later after a changeover."""
    left_at: AnyInts
    """Who was served has left; the clerk may still wrap up. The end of the run when not before."""
    ended_at: AnyInts
    """The window is free again. The end of the run when not before."""
    reviews: Bools
    """The clerk reviewed for a department."""


class Turns(NamedTuple):
    """When windows of each group became busy and free again; stamps by group, each column sorted.

    Which call belongs to which end is lost: that is enough to say how many are busy.
    """

    calls: AnyInts
    ends: AnyInts


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
    ['case', 'trip', 'arrived_at', 'called_at', 'left_at', 'fate', 'place', 'people', 'second']
    """

    def __init__(self, plan: Plan, tape: Tape, journal: Journal) -> None:
        self.plan, self.tape, self.journal = realised_plan(plan, tape), tape, journal
        self.roster: HallPlan = plan.hall
        """The hall with everybody who is on its rosters, absent or not."""

    @cached_property
    def tickets(self) -> Tickets:
        """Rows in order of coming."""
        n, journal, tape = int(self.journal.n_tickets[0]), self.journal, self.tape
        errand = journal.errand[:n].astype(np.int64)
        case = tape.errands.case[errand].astype(np.int64, copy=False)
        return Tickets(
            case=case,
            errand=errand,
            trip=journal.trip[:n].astype(np.int64),
            matter=self._matter_of(errand, case),
            class_=tape.cases.class_[case].astype(np.int64, copy=False),
            place=journal.place[:n].astype(np.int64),
            list_=journal.list_[:n].astype(np.int64),
            window=journal.window[:n].astype(np.int64),
            arrived_at=journal.arrived_at[:n],
            greeted_at=journal.greeted_at[:n],
            taken_at=journal.taken_at[:n],
            called_at=journal.called_at[:n],
            began_at=self._began_at(errand, case),
            ended_at=journal.ended_at[:n],
            fate=journal.fate[:n].astype(np.int64),
        )

    def _matter_of(self, errand: AnyInts, case: AnyInts) -> AnyInts:
        """int64, shape (tickets,): that of the case, or the second one of who was sent on."""
        errands = self.tape.errands
        matter = self.tape.cases.matter[case].astype(np.int64, copy=False)
        if not self.plan.hall.has_seconds:
            return matter
        return np.where(errands.purpose[errand] == ALSO, errands.sought[errand], matter)

    def _began_at(self, errand: AnyInts, case: AnyInts) -> AnyInts:
        """int64, shape (tickets,): when the person is at the window that called; who misses the
        call never is, and papers are there at once."""
        journal, hall = self.journal, self.plan.hall
        began_at, missed = journal.called_at[: len(errand)], journal.fate[: len(errand)] == MISSED
        if hall.walks:
            came = np.flatnonzero((began_at >= 0) & (journal.trip[: len(errand)] > 0))
            walks = hall.walk[journal.window[came]]
            began_at = began_at.copy()
            began_at[came] += walked(walks, self.tape.cases.pace[case[came]])
            missed |= began_at >= self.plan.period.end
        return np.where(missed, NOT_YET, began_at) if missed.any() else began_at

    @cached_property
    def walked_in(self) -> AnyInts:
        """int64, shape (tickets,): ticks from the door of the hall to the desk or the ticket, for
        who comes through it."""
        way_in, pace = self.plan.hall.way_in, self.tape.cases.pace
        if way_in == 0:
            return np.zeros(len(self.tickets.case), dtype=np.int64)
        return walked(np.full(len(self.tickets.case), way_in), pace[self.tickets.case])

    @cached_property
    def visits(self) -> Visits:
        """Tickets of one trip belong together; the last one says how it ended.

        Rows by case and trip: the trips of a case are numbered from 1, and each has a ticket.
        """
        tickets, rows = self.tickets, self._came
        visit, n = self.visit_of[rows], int(self._trips.sum())
        # rows are in order of coming: of what is written to one place the last one stays
        first, last = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        first[visit[::-1]], last[visit] = rows[::-1], rows
        called_at, is_called = np.full(n, NOT_YET), self.first_call >= 0
        called_at[is_called] = tickets.called_at[self.first_call[is_called]]
        fate = tickets.fate[last]
        return Visits(
            case=tickets.case[first],
            trip=tickets.trip[first],
            arrived_at=tickets.arrived_at[first],
            called_at=called_at,
            left_at=np.where(fate == PENDING, NOT_YET, tickets.ended_at[last]),
            fate=fate,
            place=tickets.place[first],
            people=1 + self.tape.cases.companions[tickets.case[first]].astype(np.int64),
            second=seconds_of_visits(self.plan.hall, self.tape, self.journal, self.visit_of, n),
        )

    @cached_property
    def first_call(self) -> AnyInts:
        """int64, shape (visits,): ticket of the trip that was called first; -1 = none was."""
        called = self._came[self.tickets.called_at[self._came] >= 0]
        first_call = np.full(int(self._trips.sum()), -1)
        first_call[self.visit_of[called[::-1]]] = called[::-1]
        return first_call

    @cached_property
    def visit_of(self) -> AnyInts:
        """int64, shape (tickets,): row of the ticket's trip in `visits`; -1 = nobody came."""
        tickets, trips = self.tickets, self._trips
        visit = (np.cumsum(trips) - trips - 1)[tickets.case] + tickets.trip
        return np.where(tickets.trip > 0, visit, -1)

    @cached_property
    def entered_at(self) -> AnyInts:
        """int64, shape (tickets,): when the person came in, or the door was open to them.

        -1 where that was not before the run ended, for people who found the place closed for the
        day, and for papers and applications online. Returning people are inside already.
        """
        came, n = self._came, len(self.tickets.trip)
        comes_at, visit = self.tickets.arrived_at[came], self.visit_of[came]
        inside = comes_at > self.visits.arrived_at[visit]
        entered_at = np.full(n, NOT_YET)
        entered_at[came] = np.where(inside, comes_at, self.door_opens_at[visit])
        return np.where(entered_at < self.plan.period.end, entered_at, NOT_YET)

    @cached_property
    def door_opens_at(self) -> AnyInts:
        """int64, shape (visits,): when the person who comes can go in; -1 for not that day."""
        place, comes_at = self.visits.place, self.visits.arrived_at
        hall, beyond = self.plan.hall, self._beyond
        n_places, n_days = hall.day_closes.shape
        offsets = hall.ticket_offsets
        owner = np.repeat(np.arange(n_places), np.diff(offsets[::n_days]))
        # the first hours of the place that are not over
        closings = owner * beyond + hall.ticket_closes
        hours = np.searchsorted(closings, place * beyond + comes_at, side="right")
        today = hours < offsets[place * n_days + comes_at // DAY + 1]
        opens = np.append(hall.ticket_opens, NOT_YET)[hours]
        return np.where(today, np.maximum(comes_at, opens), NOT_YET)

    @cached_property
    def papers(self) -> Bools:
        """bool, shape (tickets,): papers that a place sent on; nobody came with them."""
        return np.asarray((self.tickets.trip == 0) & (self.tickets.list_ != ONLINE_LIST))

    @cached_property
    def sent_on(self) -> Bools:
        """bool, shape (tickets,): a place took papers in and sent them on."""
        return np.asarray(self.tickets.fate == FORWARDED)

    @cached_property
    def _came(self) -> AnyInts:
        """int64: rows of tickets with which somebody came."""
        return np.flatnonzero(self.tickets.trip > 0)

    @cached_property
    def _trips(self) -> AnyInts:
        """int64, shape (cases,): trips to the hall."""
        trips, came = np.zeros(len(self.tape.cases.matter), dtype=np.int64), self._came
        # rows are in order of coming: the trip of a case's last row stays
        trips[self.tickets.case[came]] = self.tickets.trip[came]
        return trips

    @cached_property
    def _journeys(self) -> AnyInts:
        """int64, shape (cases,): trips to any place; a home visit is none."""
        at_home = self.plan.hall.at_home
        if not at_home.any():
            return self._trips
        visits = self.visits
        case = visits.case[~at_home[visits.place]]
        return np.bincount(case, minlength=len(self.tape.cases.matter))

    @cached_property
    def cases(self) -> Cases:
        """Rows in order of arrival."""
        tape, journal = self.tape, self.journal
        initial = np.zeros(len(tape.cases.matter), dtype=np.bool_)
        initial[filed_before(self.plan.demand, tape.cases.flow)] = True
        return Cases(
            matter=tape.cases.matter.astype(np.int64, copy=False),
            class_=tape.cases.class_.astype(np.int64, copy=False),
            township=tape.cases.township.astype(np.int64, copy=False),
            online=tape.errands.online[tape.cases.errand_offsets[:-1]],
            arrived_at=tape.cases.arrived_at,
            accepted_at=journal.accepted_at,
            closed_at=journal.closed_at,
            issued_at=journal.issued_at,
            fate=journal.case_fate.astype(np.int64),
            trips=self._journeys,
            last_item=finished_last(journal.completed_at, tape.items.case, len(tape.cases.matter)),
            wished_at=tape.cases.wished_at,
            booked_for=tape.cases.booked_for,
            no_show=tape.cases.no_show,
            initial=initial,
        )

    @cached_property
    def services(self) -> Services:
        """Every occupation of a window, by a visit or a review of its clerk; one that is not over
        lasts to the end of the run."""
        tickets, journal, end = self.tickets, self.journal, self.plan.period.end
        rows = self.called
        window, called = tickets.window[rows], tickets.called_at[rows]
        left, ended = tickets.ended_at[rows], journal.free_again_at[rows]
        began = np.where(tickets.fate[rows] == MISSED, called, tickets.began_at[rows])
        set_up, reviewing = self._set_up_at(rows, began), np.zeros(len(rows), dtype=np.bool_)
        if self.plan.hall.clerks_review:
            reviews = np.flatnonzero(journal.reviewer <= BY_CLERK)
            window = np.concatenate([window, BY_CLERK - journal.reviewer[reviews]])
            called = np.concatenate([called, journal.started_at[reviews]])
            began = np.concatenate([began, journal.started_at[reviews]])
            set_up = np.concatenate([set_up, journal.started_at[reviews]])
            left = np.concatenate([left, journal.ended_review_at[reviews]])
            ended = np.concatenate([ended, journal.ended_review_at[reviews]])
            reviewing = np.concatenate([reviewing, np.ones(len(reviews), dtype=np.bool_)])
        there, until, free = (np.where(at < 0, end, at) for at in (began, left, ended))
        set_up = np.minimum(np.where(set_up < 0, end, set_up), until)
        return Services(window, called, there, set_up, until, free, reviewing)

    @cached_property
    def called(self) -> AnyInts:
        """int64: rows of tickets that a window called, the first rows of `services`."""
        return np.flatnonzero(self.tickets.window >= 0)

    def _set_up_at(self, rows: AnyInts, began_at: AnyInts) -> AnyInts:
        """int64: when windows are set up for tickets that they called; systems may fail before."""
        hall = self.plan.hall
        if not hall.changes_over:
            return began_at
        ticks = self.journal.set_up[rows].astype(np.int64) * (began_at >= 0)
        set_up_at, calendar = began_at + ticks, hall.up_of_list[self.tickets.list_[rows]]
        for number in np.unique(calendar[(calendar >= 0) & (ticks > 0)]).tolist():
            pauses = np.flatnonzero((calendar == number) & (ticks > 0))
            set_up_at[pauses] = work_ends_at(hall, number, began_at[pauses], ticks[pauses])
        return set_up_at

    def stamps(self, owner: AnyInts, instants: AnyInts | int) -> AnyInts:
        """Owner and instant as one number, so that one sort orders the instants of each owner."""
        return np.asarray(owner.astype(np.int64, copy=False) * self._beyond + instants)

    @property
    def _beyond(self) -> int:
        """An instant after all instants of the run."""
        return self.plan.period.end + 1

    @cached_property
    def duties(self) -> Duties:
        """Paid duties of who came; at reserve windows with borrowed clerks there are none."""
        return _duties_of(self.plan.hall)

    @cached_property
    def rostered(self) -> Duties:
        """Paid duties by the roster, also of who is absent."""
        return _duties_of(self.roster) if self.roster is not self.plan.hall else self.duties

    @cached_property
    def turns(self) -> Turns:
        """Calls and ends of services in order of time, one group of windows after the other."""
        services = self.services
        group = self.plan.hall.payroll[services.window]
        return Turns(
            np.sort(self.stamps(group, services.called_at)),
            np.sort(self.stamps(group, services.ended_at)),
        )

    @cached_property
    def overtime(self) -> Overtime:
        """When more windows of a group were busy than its roster has clerks.

        Windows of a group are alike, so overtime belongs to the group: who is over the roster's
        number longest is matched with who finishes first. Busy less on duty rises by one at `ups`
        and falls by one at `downs`, so it has been above 0 since an up that comes before the down
        of the same rank.
        """
        ups, downs = self._steps
        over = ups < downs
        begins, ends = _apart(ups[over], downs[over])
        group = begins // self._beyond
        return Overtime(group, begins - self.stamps(group, 0), ends - self.stamps(group, 0))

    @cached_property
    def idle(self) -> IdleTime:
        """When fewer windows of a group were busy than clerks were on duty: the other way round."""
        ups, downs = self._steps
        under = downs < ups
        group = downs[under] // self._beyond
        zero = self.stamps(group, 0)
        return IdleTime(group, downs[under] - zero, ups[under] - zero)

    @cached_property
    def _steps(self) -> tuple[AnyInts, AnyInts]:
        """Stamps, sorted: when busy windows less clerks on duty rise by one, and fall by one."""
        turns, duties = self.turns, self.duties
        starts = self.stamps(duties.group, duties.starts)
        ends = self.stamps(duties.group, duties.ends)
        ups = np.sort(np.concatenate([turns.calls, ends]), kind="stable")
        return ups, np.sort(np.concatenate([turns.ends, starts]), kind="stable")

    @cached_property
    def finished(self) -> Bools:
        """bool, shape (cases,): issued, in whole or in part."""
        fate = self.cases.fate
        return np.asarray((fate == ISSUED) | (fate == PARTLY))

    @cached_property
    def to_office(self) -> Bools:
        """bool, shape (cases,): has items for the back office."""
        return np.diff(self.tape.cases.item_offsets) > 0

    def on_measured_dates(self, instants: AnyInts) -> Bools:
        """Which instants fall between the first and the last measured date, both included.

        Dates between on which the hall is closed count too: people wish something on them.
        """
        period = self.plan.period
        first, after = period.measured_from * DAY, period.measured_until * DAY
        return np.asarray((instants >= first) & (instants < after))

    def day_of(self, instants: AnyInts) -> AnyInts:
        """Measured day of each instant, counted among hall days; -1 outside."""
        return self._measured_day[np.minimum(instants // DAY, self.plan.period.n_days)]

    @cached_property
    def _measured_day(self) -> AnyInts:
        """int64, shape (days + 1,): measured day of each day, and of what comes after or never."""
        period = self.plan.period
        measured = np.full(period.n_days + 1, -1, dtype=np.int64)
        measured[period.hall_days] = np.arange(len(period.hall_days))
        return measured

    def frame(self, name: TableName) -> pd.DataFrame:
        """One table as a pandas frame, ids in place of indices, instants in ticks.

        Raises
        ------
        KeyError
            For a name that is no table.
        """
        import pandas as pd  # takes a second: only calls for a frame pay

        from sim.results.columns import name_ids

        tables: dict[str, NamedTuple] = {
            "tickets": self.tickets,
            "visits": self.visits,
            "cases": self.cases,
            "items": self._items(),
            "services": self.services,
        }
        return pd.DataFrame(name_ids(self.plan.names, name, tables[name]._asdict()))

    def _items(self) -> Items:
        tape, journal = self.tape, self.journal
        return Items(
            case=tape.items.case,
            item=tape.items.item,
            department=self.plan.office.department[tape.items.item],
            released_at=journal.item_released_at,
            reviewed_at=journal.reviewed_at,
            completed_at=journal.completed_at,
            rounds=np.diff(tape.items.review_offsets),
        )


class Items(NamedTuple):
    """One row an item that a case needs."""

    case: AnyInts
    item: AnyInts
    department: AnyInts
    released_at: AnyInts
    reviewed_at: AnyInts
    completed_at: AnyInts
    rounds: AnyInts


def _duties_of(hall: HallPlan) -> Duties:
    window = np.repeat(np.arange(len(hall.payroll)), np.diff(hall.duty_offsets))
    paid = np.flatnonzero((hall.payroll == hall.group_of_window)[window])
    return Duties(
        hall.payroll[window[paid]],
        hall.duty_starts[paid],
        hall.duty_ends[paid],
        hall.duty_drains[paid],
    )


def finished_last(done: AnyInts, owner: AnyInts, n: int) -> AnyInts:
    """The row of each owner with the latest instant, -1 for none; ties go to the lowest row.

    Parameters
    ----------
    done : ndarray(int64), shape (rows,)
        Instants; -1 = not yet.
    owner : ndarray(int64), shape (rows,)
        Sorted, from 0 to n - 1.

    Examples
    --------
    >>> finished_last(np.array([5, 9, 9, -1]), np.array([0, 0, 0, 1]), 3)
    array([ 1, -1, -1])
    """
    owner = owner.astype(np.int64, copy=False)  # numpy picks by int32 three times slower
    latest, last = np.zeros(n, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    np.maximum.at(latest, owner, done)
    rows = np.flatnonzero(done == latest[owner])[::-1]
    last[owner[rows]] = rows  # from the end, so the lowest row of an owner stays
    return last


def spread(offsets: AnyInts, rows: AnyInts) -> tuple[AnyInts, AnyInts]:
    """All entries of some rows of different length, and the place in `rows` of each one's row.

    Examples
    --------
    >>> spread(np.array([0, 2, 2, 5]), np.array([2, 0]))
    (array([2, 3, 4, 0, 1]), array([0, 0, 0, 1, 1]))
    """
    starts = offsets[rows]
    counts = offsets[rows + 1] - starts
    if (counts == 1).all():
        return starts.astype(np.int64, copy=False), np.arange(len(rows))
    skipped = starts - (np.cumsum(counts) - counts)
    owner = np.repeat(np.arange(len(rows)), counts)
    return np.arange(len(owner)) + skipped[owner], owner


def walked(ticks: AnyInts, pace: Singles) -> AnyInts:
    """Ticks of walks at each person's pace, to the nearest one, as engines count them.

    Examples
    --------
    >>> walked(np.array([1000, 1001]), np.array([1.0, 1.5], np.float32))
    array([1000, 1502])
    """
    return np.asarray(np.minimum(ticks * pace.astype(np.float64) + 0.5, NEVER), dtype=np.int64)


def _apart(begins: AnyInts, ends: AnyInts) -> tuple[AnyInts, AnyInts]:
    """Join spans that touch: an end and a beginning at one instant cancel.

    Both are sorted, and stay so.
    """
    times, place = np.unique(np.concatenate([begins, ends]), return_inverse=True)
    change = np.bincount(place[: len(begins)], minlength=len(times)) - np.bincount(
        place[len(begins) :], minlength=len(times)
    )
    return np.repeat(times, np.maximum(change, 0)), np.repeat(times, np.maximum(-change, 0))
