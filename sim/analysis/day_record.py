"""The record of one day of one layout: who was where in each second, small enough for a page."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.analysis.limits import late_from
from sim.arrays import AnyInts, Bools, Ints
from sim.clock import DAY
from sim.plan.journal import ONLINE_LIST
from sim.results.tables import Tables

SECOND: Final = 1_000
"""Ticks."""
LAST: Final = DAY // SECOND
"""Seconds of a day: the instant of what is not on the day, or not before it ends."""


class DayTickets(NamedTuple):
    """One row a ticket, or somebody without one, that is there on the day; in order of coming.

    Instants are whole seconds from the day's midnight, rounded up: at a whole second as many have
    come, been called and left as in the journal. What was before the day is 0, what was not on it
    is LAST.
    """

    case: AnyInts
    """Number in the crowd, which all layouts share."""
    trip: AnyInts
    """0 = papers that a place sent on."""
    matter: AnyInts
    place: AnyInts
    list_: AnyInts
    """-1 = none."""
    window: AnyInts
    """-1 = none called."""
    people: AnyInts
    came: AnyInts
    greeted: AnyInts
    taken: AnyInts
    called: AnyInts
    began: AnyInts
    ended: AnyInts
    fate: AnyInts


class OtherWork(NamedTuple):
    """One row a time that a window is occupied by nobody: wrap-up, or a review of its clerk."""

    window: AnyInts
    starts: AnyInts
    ends: AnyInts


class DayDuties(NamedTuple):
    """One row a time that a clerk is on duty on the day, in seconds."""

    group: AnyInts
    starts: AnyInts
    ends: AnyInts


class DayCases(NamedTuple):
    """One row a case that departments have on the day, in seconds."""

    case: AnyInts
    matter: AnyInts
    accepted: AnyInts
    late: AnyInts
    """When it is over its promised limit."""
    closed: AnyInts
    fate: AnyInts
    last: AnyInts
    """Department that finished last; -1 = not on this day, or none."""


class DayReviews(NamedTuple):
    """One row a review that a department has on the day, in seconds; in order of cases."""

    case: AnyInts
    department: AnyInts
    released: AnyInts
    started: AnyInts
    ended: AnyInts


class DayRecord(NamedTuple):
    """All that moves on one day of one layout; letters and numbers as in its plan."""

    day: int
    """Day of the run, from 0."""
    tickets: DayTickets
    work: OtherWork
    duties: DayDuties
    cases: DayCases
    reviews: DayReviews


def day_record(tables: Tables, day: int) -> DayRecord:
    """The record of one day of a replication.

    Applications online are with their departments, and have no row among the tickets.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> record = day_record(tables, int(plan.period.hall_days[0]))
    >>> bool((record.tickets.came[1:] >= record.tickets.came[:-1]).all())
    True
    """
    return DayRecord(
        day,
        _tickets(tables, day),
        _other_work(tables, day),
        _duties(tables, day),
        _cases(tables, day),
        _reviews(tables, day),
    )


def seconds_of(instants: AnyInts, day: int) -> Ints:
    """Instants as seconds of a day, rounded up; LAST for what is not on it, or never.

    Examples
    --------
    >>> seconds_of(np.array([-1, 5, 86_400_000, 86_401_001, 400_000_000]), 1)
    array([86400,     0,     0,     2, 86400])
    """
    within = -(-(instants.astype(np.int64) - day * DAY) // SECOND)
    return np.where(instants < 0, LAST, np.clip(within, 0, LAST))


def _on_day(starts: AnyInts, ends: AnyInts, day: int) -> Bools:
    """Which spans have a part on the day; an end of -1 is after it."""
    begun = (starts >= 0) & (starts < (day + 1) * DAY)
    return np.asarray(begun & ((ends < 0) | (ends > day * DAY)))


def _tickets(tables: Tables, day: int) -> DayTickets:
    t = tables.tickets
    there = _on_day(t.arrived_at, t.ended_at, day) & (t.list_ != ONLINE_LIST)
    rows = np.flatnonzero(there)
    visit = tables.visit_of[rows]
    people = np.where(visit >= 0, tables.visits.people[visit], 0) if len(tables.visits.case) else 0
    return DayTickets(
        case=t.case[rows],
        trip=t.trip[rows],
        matter=t.matter[rows],
        place=t.place[rows],
        list_=t.list_[rows],
        window=t.window[rows],
        people=np.broadcast_to(people, len(rows)),
        came=seconds_of(t.arrived_at[rows], day),
        greeted=seconds_of(t.greeted_at[rows], day),
        taken=seconds_of(t.taken_at[rows], day),
        called=seconds_of(t.called_at[rows], day),
        began=seconds_of(t.began_at[rows], day),
        ended=seconds_of(t.ended_at[rows], day),
        fate=t.fate[rows],
    )


def _other_work(tables: Tables, day: int) -> OtherWork:
    s = tables.services
    starts = np.where(s.reviews, s.called_at, s.left_at)
    rows = np.flatnonzero(_on_day(starts, s.ended_at, day) & (s.ended_at > starts))
    return OtherWork(
        s.window[rows], seconds_of(starts[rows], day), seconds_of(s.ended_at[rows], day)
    )


def _duties(tables: Tables, day: int) -> DayDuties:
    duties = tables.duties
    rows = np.flatnonzero(_on_day(duties.starts, duties.ends, day))
    spans = (seconds_of(column[rows], day) for column in (duties.starts, duties.ends))
    return DayDuties(duties.group[rows], *spans)


def _cases(tables: Tables, day: int) -> DayCases:
    cases, office, items = tables.cases, tables.plan.office, tables.tape.items
    there = tables.to_office & _on_day(cases.accepted_at, cases.closed_at, day)
    rows = np.flatnonzero(there)
    closed = seconds_of(cases.closed_at[rows], day)
    last_item = cases.last_item[rows]
    last = np.full(len(rows), -1)
    ends = np.flatnonzero((last_item >= 0) & (closed < LAST))
    last[ends] = office.department[items.item[last_item[ends]]]
    late = late_from(tables, day * DAY, (day + 1) * DAY)[rows]
    return DayCases(
        case=rows,
        matter=cases.matter[rows],
        accepted=seconds_of(cases.accepted_at[rows], day),
        late=seconds_of(late, day),
        closed=closed,
        fate=cases.fate[rows],
        last=last,
    )


def _reviews(tables: Tables, day: int) -> DayReviews:
    journal, items = tables.journal, tables.tape.items
    rows = np.flatnonzero(_on_day(journal.released_at, journal.ended_review_at, day))
    item = tables.tape.reviews.case_item[rows]
    return DayReviews(
        case=items.case[item],
        department=tables.plan.office.department[items.item[item]],
        released=seconds_of(journal.released_at[rows], day),
        started=seconds_of(journal.started_at[rows], day),
        ended=seconds_of(journal.ended_review_at[rows], day),
    )
