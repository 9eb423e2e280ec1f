"""Where a case's time goes: the causes along its critical path, which add up to the elapsed time.

Before acceptance the path is the applicant's own; after it, the path goes back from the item that
finished last through whatever released it last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.clock import open_until
from sim.plan.journal import ONLINE_LIST
from sim.plan.tape import APPLY, INTAKE
from sim.results.tables import Tables, finished_last, spread

CAUSES: Final = (
    "reception",
    "window_wait",
    "at_window",
    "handover",
    "reviewer_wait",
    "review",
    "closed",
    "external",
    "applicant",
)
"""Order of the columns; each has a text `cause.<name>`."""
RECEPTION, WINDOW_WAIT, AT_WINDOW, HANDOVER = range(4)
REVIEWER_WAIT, REVIEW, CLOSED, EXTERNAL, APPLICANT = range(4, len(CAUSES))


def causes(tables: Tables) -> Ints:
    """Ticks of every closed case by cause, along the path that decided its end.

    Returns
    -------
    ndarray(int64), shape (cases, causes)
        Rows of cases that are not closed, or were lost, are 0. Elsewhere a row adds up to
        `closed_at - arrived_at`, of cases in hand when the run begins to their time since then.
    """
    n = len(tables.cases.matter)
    return causes_by(tables, np.arange(n), n)


def causes_by(tables: Tables, group: Ints, n: int) -> Ints:
    """Causes of cases that belong together, summed.

    Parameters
    ----------
    group : ndarray(int64), shape (cases,)
        Where each case belongs, 0 to n - 1; -1 = it is left out.

    Returns
    -------
    ndarray(int64), shape (n, causes)
    """
    cases, out = tables.cases, np.zeros((n, len(CAUSES)), dtype=np.int64)
    closed = (cases.closed_at >= 0) & (cases.accepted_at >= 0) & tables.finished
    group = np.where(closed, group, -1)
    _add_before_acceptance(tables, out, group)
    last = np.flatnonzero((group >= 0) & (cases.last_item >= 0))
    items, group = cases.last_item[last], group[last]
    while len(items):
        _add_items(tables, out, items, group)
        before, waited = _waited_for(tables, items)
        first = np.ones(len(items), dtype=np.bool_)
        first[waited] = False
        _add_handover(tables, out, items[first], group[first])
        items, group = before, group[waited]
    return out


def _add_before_acceptance(tables: Tables, out: Ints, group: Ints) -> None:
    """From the first arrival to acceptance: door, lists, windows, pre-checks, mending; in place."""
    t, n = tables.tickets, len(group)
    intake = (tables.tape.errands.purpose[t.errand] == INTAKE) & (t.ended_at >= 0)
    rows = np.flatnonzero(intake & (group[t.case] >= 0))
    case = t.case[rows]
    _add_tickets(tables, out, rows, group[case])
    first, last = tables.cases.arrived_at, np.full(n, -1, dtype=np.int64)
    np.maximum.at(last, case, t.ended_at[rows])
    came = last >= 0
    np.add.at(out[:, APPLICANT], group[came], (last - first)[came])


def _add_tickets(tables: Tables, out: Ints, rows: Ints, target: Ints) -> None:
    """Add what each ticket took, by cause, to the rows `target` of `out`; in place.

    It comes off the applicant's own time, of which the caller adds the whole.
    """
    t = tables.tickets
    arrived, taken, called, ended = (
        column[rows] for column in (t.arrived_at, t.taken_at, t.called_at, t.ended_at)
    )
    joined = np.where(taken >= 0, taken, ended)
    left = np.where(called >= 0, called, ended)
    np.add.at(out[:, APPLICANT], target, arrived - ended)
    door = joined - arrived
    papers = np.flatnonzero(t.trip[rows] == 0)
    papers = papers[tables.papers[rows[papers]]]
    if len(papers):
        door[papers] = 0
        _add_sent_on(tables, out, rows[papers], target[papers])
    np.add.at(out[:, RECEPTION], target, door)
    online = t.list_[rows] == ONLINE_LIST
    if online.any():
        desk = np.full(int(online.sum()), tables.plan.office.online_department)
        joined_, left_, ended_ = (column[online] for column in (joined, left, ended))
        work = tables.tape.errands.precheck[t.errand[rows[online]]]
        _add_office(tables, out, target[online], desk, (joined_, left_, ended_), work)
        hall = ~online
        target, joined, left, ended = target[hall], joined[hall], left[hall], ended[hall]
    np.add.at(out[:, WINDOW_WAIT], target, left - joined)
    np.add.at(out[:, AT_WINDOW], target, ended - left)


def _add_sent_on(tables: Tables, out: Ints, rows: Ints, target: Ints) -> None:
    """Add how long papers were on their way, or lay until a place took them up; in place."""
    t = tables.tickets
    hands = np.flatnonzero(tables.sent_on | tables.papers)
    by_errand = hands[np.argsort(t.errand[hands], kind="stable")]
    before = np.full(len(t.case), -1, dtype=np.int64)
    before[by_errand[1:]] = by_errand[:-1]
    way = t.arrived_at[rows] - t.ended_at[before[rows]]
    np.add.at(out[:, HANDOVER], target, t.taken_at[rows] - t.arrived_at[rows] + way)
    np.add.at(out[:, APPLICANT], target, -way)


def _add_items(tables: Tables, out: Ints, items: Ints, target: Ints) -> None:
    """Add what each finished item took from its release to its end; in place."""
    tape, journal, office = tables.tape, tables.journal, tables.plan.office
    number = tape.items.item[items].astype(np.int64)
    reviews, owner = spread(tape.items.review_offsets, items)
    department, target_of_review = office.department[number][owner], target[owner]
    released, ended = journal.released_at[reviews], journal.ended_review_at[reviews]
    started, begins = journal.started_at[reviews], np.flatnonzero(np.diff(owner, prepend=-1))
    if tables.plan.demand.items.attendances.any():
        # a survey's people are waited for from the instant at which it can be arranged
        waited = np.flatnonzero(tables.plan.demand.items.attendances[number])
        released[begins[waited]] = journal.item_released_at[items[waited]]
    instants = (released, started, ended)
    _add_office(tables, out, target_of_review, department, instants, tape.reviews.touch[reviews])
    before = released[begins] - journal.item_released_at[items]
    np.add.at(out[:, APPLICANT], target, before)
    _add_visits(tables, out, items, target)
    more = np.flatnonzero(owner[1:] == owner[:-1])
    np.add.at(out[:, APPLICANT], target_of_review[more], released[more + 1] - ended[more])
    _add_trips(tables, out, reviews[more], target_of_review[more])
    np.add.at(out[:, EXTERNAL], target, journal.completed_at[items] - journal.reviewed_at[items])


def _add_handover(tables: Tables, out: Ints, items: Ints, target: Ints) -> None:
    """Add how long the papers of cases were on their way to the departments; in place."""
    accepted = tables.cases.accepted_at[tables.tape.items.case[items]]
    np.add.at(out[:, HANDOVER], target, tables.journal.item_released_at[items] - accepted)


def _add_office(
    tables: Tables,
    out: Ints,
    target: Ints,
    department: Ints,
    instants: tuple[Ints, Ints, Ints],
    work: Ints,
) -> None:
    """Add a review's wait, work and closed hours to the rows `target` of `out`; in place.

    Parameters
    ----------
    instants
        Released, started, ended.
    work
        Touch time; what there is beside it from start to end is hours in which its reviewer is off
        duty.
    """
    released, started, ended = instants
    before, begun = _open_until(tables, department, (released, started))
    wait = begun - before
    np.add.at(out[:, REVIEWER_WAIT], target, wait)
    np.add.at(out[:, REVIEW], target, work)
    np.add.at(out[:, CLOSED], target, ended - released - wait - work)


def _open_until(tables: Tables, department: Ints, instants: Sequence[Ints]) -> list[Ints]:
    """Ticks that each one's department has been open before each of its instants."""
    office, end = tables.plan.office, tables.plan.period.end
    calendar, open_ = office.calendar[department], [np.empty_like(column) for column in instants]
    for row in range(len(office.open_offsets) - 1):
        span = slice(office.open_offsets[row], office.open_offsets[row + 1])
        starts, ends = office.open_starts[span], office.open_ends[span]
        run = slice(np.searchsorted(starts, end))  # the calendar goes on beyond the run
        here = calendar == row
        rows = slice(None) if here.all() else np.flatnonzero(here)
        for out, column in zip(open_, instants, strict=True):
            out[rows] = open_until(starts[run], ends[run], column[rows])
    return open_


def _add_trips(tables: Tables, out: Ints, reviews: Ints, target: Ints) -> None:
    """Take the time in the hall out of the applicant's time for trips to hand papers in."""
    t, tape = tables.tickets, tables.tape
    trips = tape.reviews.hand_in[reviews]
    by_trip = trips >= 0
    if by_trip.any():
        target_of_errand = np.full(len(tape.errands.purpose), -1, dtype=np.int64)
        target_of_errand[trips[by_trip]] = target[by_trip]
        target = target_of_errand[t.errand]
        rows = np.flatnonzero((target >= 0) & (t.ended_at >= 0))
        _add_tickets(tables, out, rows, target[rows])


def _add_visits(tables: Tables, out: Ints, items: Ints, target: Ints) -> None:
    """Take the time in the hall out of the applicant's time for visits to further departments."""
    t, tape = tables.tickets, tables.tape
    if not (tables.plan.demand.items.visit_order >= 0).any():
        return
    visits = np.flatnonzero(tape.items.application[items] >= 0)
    if len(visits):
        place = np.full(len(tape.items.item), -1, dtype=np.int64)
        place[items[visits]] = target[visits]
        every = np.flatnonzero(tape.items.application >= 0)
        rows = np.flatnonzero((tape.errands.purpose[t.errand] == APPLY) & (t.ended_at >= 0))
        last = np.searchsorted(tape.items.application[every], t.errand[rows], side="right") - 1
        places = place[every[last]]
        _add_tickets(tables, out, rows[places >= 0], places[places >= 0])


def _waited_for(tables: Tables, items: Ints) -> tuple[Ints, Ints]:
    """Rows of what finished items waited for last, and places in `items` of those that waited.

    Ties go to the lowest row.
    """
    tape, office = tables.tape, tables.plan.office
    if not len(office.after):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    number, n_before = tape.items.item[items], np.diff(office.after_offsets)
    waited = np.flatnonzero(n_before[number])
    if not len(waited):
        return waited, waited
    rows, owner = spread(tape.cases.item_offsets, tape.items.case[items[waited]])
    comes_after = np.zeros((len(n_before), len(n_before)), dtype=np.bool_)
    comes_after[np.repeat(np.arange(len(n_before)), n_before), office.after] = True
    before = np.flatnonzero(comes_after[number[waited][owner], tape.items.item[rows]])
    rows, owner = rows[before], owner[before]
    latest = finished_last(tables.journal.completed_at[rows], owner, len(waited))
    has_before = latest >= 0
    return rows[latest[has_before]], waited[has_before]
