"""The four reductions: steps, materials, time and trips of cases, counted one by one (DESIGN §6).

A matter is counted under the handling that it has; tables of one crowd under both handlings make a
before and an after.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.analysis.limits import workdays_between
from sim.analysis.paperwork import Paperwork
from sim.arrays import Bools, Floats, Ints
from sim.plan.journal import CAUGHT, LOST, OPEN, REJECTED, SENT_BACK, SERVED
from sim.plan.tape import COLLECT
from sim.results.tables import Tables

CHANNELS: Final = ("hall", "online")
"""How a case was applied for."""
COUNTED: Final = ("steps", "materials", "time", "trips", "time_calendar", "fields", "to_fill")
"""What is counted of each case; the first four are the reductions. Each has `reduction.<name>`."""
REDUCTIONS: Final = COUNTED[:4]
SPENT: Final = ("reviewed", "reviewed_for_nothing", "known_after")
"""The price of parallel review: reviewers' ticks in all, on cases that end rejected, and ticks
until a rejected applicant knows. Each has `reduction.<name>`."""


class Counts(NamedTuple):
    """What was asked of each applicant until now; shape (cases,), the order of `COUNTED`."""

    steps: Ints
    materials: Ints
    time: Ints
    """Working days from first coming, or applying online, to the last decision; -1 = open."""
    trips: Ints
    time_calendar: Ints
    """Ticks, of the same."""
    fields: Floats
    to_fill: Floats


def count_cases(tables: Tables, papers: Paperwork) -> Counts:
    """Count every case: applications, corrections, papers, visits, time.

    A step is an application, a correction that is asked for, at the window, at the desk, online, or
    by a reviewer, or the collection of the result. A correction hands one paper in again.

    Parameters
    ----------
    papers
        Of the scenario that `tables` come from.
    """
    cases = tables.cases
    n, matter = len(cases.matter), cases.matter
    applied, owner = _applied(tables)
    alone = np.bincount(owner, minlength=n)
    at_once = alone == 0
    item = tables.tape.items.item[applied]
    repeats = corrections(tables)

    def of_each(whole: Ints | Floats, own: Ints | Floats) -> Floats:
        return np.where(at_once, whole[matter], np.bincount(owner, own[item], minlength=n))

    closed = cases.closed_at >= 0
    days = workdays_between(tables.plan, cases.arrived_at, np.maximum(cases.closed_at, 0))
    return Counts(
        np.where(at_once, 1, alone) + repeats + _fetched(tables),
        np.rint(of_each(papers.materials, papers.own_materials)).astype(np.int64) + repeats,
        np.where(closed, days, -1),
        cases.trips,
        np.where(closed, cases.closed_at - cases.arrived_at, -1),
        of_each(papers.fields, papers.own_fields),
        of_each(papers.to_fill, papers.own_to_fill),
    )


def _applied(tables: Tables) -> tuple[Ints, Ints]:
    """Rows of the items that were applied for one by one, and the case of each."""
    tape, visit_of = tables.tape, tables.plan.demand.items.visit
    rows = np.flatnonzero(visit_of[tape.items.item] >= 0)
    if not len(rows):
        return rows, rows
    n_items = len(visit_of)
    key = tape.items.case.astype(np.int64) * n_items
    visit_key = key[rows] + visit_of[tape.items.item[rows]]
    # a visit that is no row of its case is the first one, by which the case is handed in
    place = np.minimum(np.searchsorted(key + tape.items.item, visit_key), len(key) - 1)
    further = (key + tape.items.item)[place] == visit_key
    case = tape.items.case[rows].astype(np.int64)
    done = np.where(further, tables.journal.completed_at[place], tables.cases.accepted_at[case])
    return rows[done >= 0], case[done >= 0]


def corrections(tables: Tables) -> Ints:
    """int64, shape (cases,): how often papers were found incomplete, by a clerk or a reviewer."""
    tape, t, n = tables.tape, tables.tickets, len(tables.tape.cases.matter)
    sent_back = np.bincount(t.case[(t.fate == SENT_BACK) | (t.fate == CAUGHT)], minlength=n)
    decides = np.zeros(len(tape.reviews.touch), dtype=np.bool_)
    decides[tape.items.review_offsets[1:] - 1] = True
    sends_back = ~decides & (tables.journal.ended_review_at >= 0)
    of_case = tape.items.case[tape.reviews.case_item[sends_back]]
    return np.asarray(sent_back + np.bincount(of_case, minlength=n))


def _fetched(tables: Tables) -> Ints:
    """int64, shape (cases,): results collected at a window."""
    t, n = tables.tickets, len(tables.tape.cases.matter)
    fetches = (tables.tape.errands.purpose[t.errand] == COLLECT) & (t.fate == SERVED) & (t.trip > 0)
    return np.bincount(t.case[fetches], minlength=n)


class HandlingPair(NamedTuple):
    """Sums of one crowd under both handlings, by matter."""

    cases: Ints
    """int64, shape (`CHANNELS`, matters): measured cases with a result under both."""
    counted: Floats
    """float64, shape (`CHANNELS`, 2, matters, `COUNTED`): sums over them, before and after."""
    fates: Ints
    """int64, shape (2, matters, 5): measured cases by how they stand."""
    decided: Ints
    """int64, shape (matters,): measured cases decided under both, granted or not."""
    rejected: Ints
    """int64, shape (matters,): those rejected under both."""
    spent: Floats
    """float64, shape (2, matters, `SPENT`): sums over decided, rejected and rejected cases."""


def pair_of(before: Tables, after: Tables, papers: tuple[Paperwork, Paperwork]) -> HandlingPair:
    """What the same applicants met under two handlings of their matters.

    Parameters
    ----------
    papers
        Of the scenario before, and after.

    Raises
    ------
    ValueError
        When the crowds are not the same.
    """
    if not np.array_equal(before.cases.arrived_at, after.cases.arrived_at):
        raise ValueError("found two crowds; allowed is one under two handlings; draw both alike")
    both = (before, after)
    n, matter = len(before.plan.names.matters), before.cases.matter
    measured = before.day_of(before.cases.arrived_at) >= 0
    done = measured & before.finished & after.finished
    channels = (done & ~before.cases.online, done & before.cases.online)
    fates = [tables.cases.fate for tables in both]
    ended = measured & np.all([(f != OPEN) & (f != LOST) for f in fates], axis=0)
    refused = ended & np.all([f == REJECTED for f in fates], axis=0)

    def of_matter(mask: Bools, values: Ints | Floats | None = None) -> Floats:
        weights = None if values is None else values[mask]
        return np.bincount(matter[mask], weights, minlength=n).astype(np.float64)

    counts = [count_cases(tables, of) for tables, of in zip(both, papers, strict=True)]
    touch = [reviewed(tables) for tables in both]
    waits = [tables.cases.closed_at - tables.cases.arrived_at for tables in both]
    return HandlingPair(
        np.array([of_matter(mask) for mask in channels]).astype(np.int64),
        np.array(
            [
                [np.stack([of_matter(mask, count) for count in each], axis=1) for each in counts]
                for mask in channels
            ]
        ),
        np.array([[of_matter(measured & (f == k)) for k in range(LOST + 1)] for f in fates])
        .astype(np.int64)
        .transpose(0, 2, 1),
        of_matter(ended).astype(np.int64),
        of_matter(refused).astype(np.int64),
        np.array(
            [
                np.stack(
                    [of_matter(ended, work), of_matter(refused, work), of_matter(refused, wait)],
                    axis=1,
                )
                for work, wait in zip(touch, waits, strict=True)
            ]
        ),
    )


def reviewed(tables: Tables) -> Ints:
    """int64, shape (cases,): ticks that reviewers worked on each case, reviews that ended."""
    tape = tables.tape
    ended = np.flatnonzero(tables.journal.ended_review_at >= 0)
    case = tape.items.case[tape.reviews.case_item[ended]]
    work = np.zeros(len(tape.cases.matter), dtype=np.int64)
    people = tables.plan.demand.items.attendances[tape.items.item[tape.reviews.case_item[ended]]]
    joint = tape.reviews.attends[ended] >= 0
    np.add.at(work, case, tape.reviews.touch[ended] * np.where(joint, people, 1))
    return work
