"""Where a case's time goes: the causes along its critical path, which add up to the elapsed time.

Before acceptance the path is the applicant's own; after it, the path goes back from the item that
finished last through whatever released it last.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from sim.clock import open_until
from sim.plan.journal import ONLINE_LIST
from sim.results.tables import Tables

Ints = npt.NDArray[np.int64]

CAUSES: Final = (
    "reception",
    "window_wait",
    "at_window",
    "reviewer_wait",
    "review",
    "closed",
    "external",
    "applicant",
)
"""Order of the columns; each has a text `cause.<name>`."""
RECEPTION, WINDOW_WAIT, AT_WINDOW, REVIEWER_WAIT, REVIEW, CLOSED, EXTERNAL, APPLICANT = range(8)


def causes(tables: Tables) -> Ints:
    """Ticks of every closed case by cause, along the path that decided its end.

    Returns
    -------
    ndarray(int64), shape (cases, causes)
        Rows of cases that are not closed, or were lost, are 0. Elsewhere a row adds up to
        `closed_at - arrived_at`.
    """
    cases, journal = tables.cases, tables.journal
    closed = (cases.closed_at >= 0) & (cases.accepted_at >= 0) & tables.finished
    before = _before_acceptance(tables)
    chains = _chains(tables)
    total = (
        before + np.where(cases.last_item[:, None] >= 0, chains[np.maximum(cases.last_item, 0)], 0)
        if len(journal.completed_at)
        else before
    )
    return np.where(closed[:, None], total, 0)


def _office_split(tables: Tables, department: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Open and closed ticks of a department's calendar between instants."""
    office, open_ = tables.plan.office, np.zeros(len(start), dtype=np.int64)
    calendar = office.calendar[department] if len(start) else department
    for row in np.unique(calendar):
        mine = calendar == row
        span = slice(office.open_offsets[row], office.open_offsets[row + 1])
        starts, ends = office.open_starts[span], office.open_ends[span]
        open_[mine] = open_until(starts, ends, end[mine]) - open_until(starts, ends, start[mine])
    return open_, end - start - open_


def _before_acceptance(tables: Tables) -> Ints:
    """From the first arrival to acceptance: door, lists, windows, pre-checks, mending."""
    t, tape = tables.tickets, tables.tape
    out = np.zeros((len(tables.cases.matter), len(CAUSES)), dtype=np.int64)
    intake = (tape.purpose[t.errand] == 0) & (t.ended_at >= 0)
    rows = np.flatnonzero(intake)
    rows = rows[np.lexsort((rows, t.case[rows]))]
    case = t.case[rows]
    _add_rows(tables, out, rows, case)
    follows = np.flatnonzero(case[1:] == case[:-1]) + 1
    gap = t.arrived_at[rows][follows] - t.ended_at[rows][follows - 1]
    np.add.at(out[:, APPLICANT], case[follows], gap)
    return out


def _add_rows(tables: Tables, out: Ints, rows: Ints, target: Ints) -> None:
    """Add what each journal row took, by cause, to the rows `target` of `out`; in place."""
    t = tables.tickets
    arrived, taken, called, ended = (
        column[rows] for column in (t.arrived_at, t.taken_at, t.called_at, t.ended_at)
    )
    online = t.list_[rows] == ONLINE_LIST
    joined = np.where(taken >= 0, taken, ended)
    np.add.at(out[:, RECEPTION], target, joined - arrived)
    left = np.where(called >= 0, called, ended)
    hall = ~online
    np.add.at(out[:, WINDOW_WAIT], target[hall], (left - joined)[hall])
    np.add.at(out[:, AT_WINDOW], target[hall], (ended - left)[hall])
    if online.any():
        desk = np.full(int(online.sum()), tables.plan.office.online_department)
        _add_office(tables, out, target[online], desk, joined[online], left[online], ended[online])


def _add_office(
    tables: Tables,
    out: Ints,
    target: Ints,
    department: Ints,
    released: Ints,
    started: Ints,
    ended: Ints,
) -> None:
    """Add a review's wait, work and closed hours to the rows `target` of `out`; in place."""
    wait, shut = _office_split(tables, department, released, started)
    work, paused = _office_split(tables, department, started, ended)
    finishes = tables.plan.office.finishes[department]
    work, paused = np.where(finishes, work + paused, work), np.where(finishes, 0, paused)
    np.add.at(out[:, REVIEWER_WAIT], target, wait)
    np.add.at(out[:, REVIEW], target, work)
    np.add.at(out[:, CLOSED], target, shut + paused)


def _own(tables: Tables) -> Ints:
    """int64, shape (items, causes): what each finished item took from its release to its end."""
    tape, journal, office = tables.tape, tables.journal, tables.plan.office
    own = np.zeros((len(tape.item), len(CAUSES)), dtype=np.int64)
    j = np.repeat(np.arange(len(tape.item)), np.diff(tape.review_offsets))
    done = journal.completed_at[j] >= 0
    reviews, j = np.flatnonzero(done), j[done]
    if not len(reviews):
        return own
    department = office.department[tape.item[j]]
    released, started = journal.released_at[reviews], journal.started_at[reviews]
    ended = journal.ended_review_at[reviews]
    _add_office(tables, own, j, department, released, started, ended)
    more = np.flatnonzero(j[1:] == j[:-1])
    np.add.at(own[:, APPLICANT], j[more], released[more + 1] - ended[more])
    _split_trips(tables, own, reviews[more], j[more])
    finished = journal.completed_at >= 0
    own[finished, EXTERNAL] += (journal.completed_at - journal.reviewed_at)[finished]
    return own


def _split_trips(tables: Tables, own: Ints, reviews: Ints, j: Ints) -> None:
    """Take the time in the hall out of the applicant's time for trips to hand papers in."""
    t, tape = tables.tickets, tables.tape
    item_of_errand = np.full(len(tape.purpose), -1, dtype=np.int64)
    trips = tape.hand_in[reviews]
    item_of_errand[trips[trips >= 0]] = j[trips >= 0]
    rows = np.flatnonzero((item_of_errand[t.errand] >= 0) & (t.ended_at >= 0))
    if len(rows):
        target = item_of_errand[t.errand[rows]]
        _add_rows(tables, own, rows, target)
        np.add.at(own[:, APPLICANT], target, t.arrived_at[rows] - t.ended_at[rows])


def _chains(tables: Tables) -> Ints:
    """int64, shape (items, causes): from acceptance to the end of each finished item."""
    tape, journal, office = tables.tape, tables.journal, tables.plan.office
    chain = _own(tables)
    n_items, case = (
        len(office.department),
        np.repeat(np.arange(len(tape.matter)), np.diff(tape.item_offsets)),
    )
    key = case * n_items + tape.item
    for item in _in_order(office.after_offsets, office.after):
        mine = np.flatnonzero(tape.item == item)
        mine = mine[journal.completed_at[mine] >= 0]
        best = np.full(len(mine), -1, dtype=np.int64)
        latest = np.full(len(mine), -1, dtype=np.int64)
        for before in office.after[office.after_offsets[item] : office.after_offsets[item + 1]]:
            place = np.searchsorted(key, case[mine] * n_items + before)
            place = np.minimum(place, len(key) - 1)
            there = key[place] == case[mine] * n_items + before
            later = there & (journal.completed_at[place] > latest)
            best, latest = (
                np.where(later, place, best),
                np.where(later, journal.completed_at[place], latest),
            )
        follows = best >= 0
        chain[mine[follows]] += chain[best[follows]]
    return chain


def _in_order(offsets: Ints, after: Ints) -> list[int]:
    """All items so that each comes after what it waits for."""
    done: dict[int, None] = {}

    def visit(item: int) -> None:
        if item not in done:
            for before in after[offsets[item] : offsets[item + 1]]:
                visit(int(before))
            done[item] = None

    for item in range(len(offsets) - 1):
        visit(item)
    return list(done)
