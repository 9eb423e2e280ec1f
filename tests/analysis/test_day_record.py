"""The record of a day: rebuilt from it, the counts of every minute are those of the journal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sim.analysis.day_record import LAST, DayRecord, day_record
from sim.analysis.limits import Limits, late_from
from sim.arrays import AnyInts
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journal import ONLINE_LIST
from sim.results.tables import Tables
from tests.laws.halls import told_tables
from tests.scenario.test_places import AREA
from tests.strategies import FEW, bundle, come, item, scenarios, small, tell


def present(starts: AnyInts, ends: AnyInts, minute: int) -> AnyInts:
    """Rows of a record whose span holds a whole minute."""
    return np.flatnonzero((starts <= 60 * minute) & (60 * minute < ends))


def counted(record: DayRecord, minute: int, n_windows: int, n_lists: int) -> list[list[int]]:
    """Waiting by list, in service by window, cases late, reviews waiting and in hand."""
    t, reviews, cases = record.tickets, record.reviews, record.cases
    waiting = t.list_[present(t.taken, np.minimum(t.called, t.ended), minute)]
    served = t.window[present(t.called, t.ended, minute)]
    late = present(np.maximum(cases.late, cases.accepted), cases.closed, minute)
    queued = present(reviews.released, np.minimum(reviews.started, reviews.ended), minute)
    in_hand = present(reviews.started, reviews.ended, minute)
    return [
        np.bincount(waiting[waiting >= 0], minlength=n_lists).tolist(),
        np.bincount(served, minlength=n_windows).tolist(),
        [len(late), len(queued), len(in_hand)],
    ]


def journal_counts(tables: Tables, instant: int) -> list[list[int]]:
    """The same, of the journal's own ticks, one ticket after the other."""
    journal, names = tables.journal, tables.plan.names
    waiting, served = [0] * len(names.lists), [0] * len(names.windows)
    end = tables.plan.period.end + DAY
    for row in range(int(journal.n_tickets[0])):
        taken, called, ended = (
            int(column[row]) for column in (journal.taken_at, journal.called_at, journal.ended_at)
        )
        if journal.list_[row] == ONLINE_LIST:
            continue
        over = ended if ended >= 0 else end
        if 0 <= taken <= instant < (called if called >= 0 else over):
            waiting[journal.list_[row]] += 1
        if 0 <= called <= instant < over:
            served[journal.window[row]] += 1
    seen = Limits(tables, instant)
    is_open = (tables.cases.closed_at < 0) | (tables.cases.closed_at > instant)
    late = int((seen.promised.late & is_open & tables.to_office).sum())
    queued = in_hand = 0
    for review in range(len(journal.released_at)):
        released, started, ended = (
            int(column[review])
            for column in (journal.released_at, journal.started_at, journal.ended_review_at)
        )
        begun = started if started >= 0 else end
        queued += 0 <= released <= instant < begun
        in_hand += begun <= instant < (ended if ended >= 0 else end)
    return [waiting, served, [late, queued, in_hand]]


def assert_same_counts(tables: Tables, days: list[int], step: int = 1) -> None:
    names = tables.plan.names
    for day in days:
        record = day_record(tables, day)
        for minute in range(0, 24 * 60, step):
            counts = counted(record, minute, len(names.windows), len(names.lists))
            assert counts == journal_counts(tables, day * DAY + minute * MINUTE), (day, minute)


TWO_DAYS = "{start: 2025-01-06, measured_days: 2, followup_days: 1}"


@pytest.mark.parametrize(
    "text",
    [
        small(run=TWO_DAYS, demand="[{id: people, matter: errand, rate: 9 per h}]"),
        small(
            run=TWO_DAYS,
            hall="{name: {zh: 厅, en: Hall}, hours: day, closing: keep_ticket}",
            demand="[{id: people, matter: errand, rate: 9 per h}]",
        ),
        small(
            run=TWO_DAYS,
            calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]",
            hall="{name: {zh: 厅, en: Hall}, hours: day, at_break: keep_ticket, way_in: 30 s,"
            " walk: 20.5 s}",
            demand="[{id: people, matter: errand, rate: 8 per h}]",
        ),
        small(
            run=TWO_DAYS,
            applicants="{companions: {1: 0.3, 2: 0.2}}",
            demand="[{id: people, matter: errand, rate: 5 per h}]",
        ),
    ],
    ids=["plain", "overnight", "breaks", "companions"],
)
def test_counts_of_every_minute_are_the_journals(text: str) -> None:
    assert_same_counts(told_tables(text), [0, 1], step=7)


def test_counts_of_an_area_are_the_journals() -> None:
    assert_same_counts(told_tables(AREA, layout="zone"), [0, 1], step=31)


@given(scenarios())
@FEW
def test_counts_of_any_hall_are_the_journals(text: str) -> None:
    lived = tell(text)
    tables = Tables(lived.plan, lived.tape, lived.journal)
    last = tables.plan.period.n_days - 1
    assert_same_counts(tables, sorted({0, min(1, last), last}), step=97)


def test_a_case_is_late_from_the_instant_at_which_its_clock_is_over() -> None:
    matters = bundle(item("check", "1 h"), more="promised: 3 h")
    hours = "[{id: day, weekly: {mon-fri: [09:00-17:00]}}]"
    tables = told_tables(
        small(matters=matters, calendars=hours, demand=come("16:30"), run=TWO_DAYS)
    )
    [late] = late_from(tables, 0, DAY).tolist()
    assert late == int(tables.cases.accepted_at[0]) + 3 * HOUR + 1
    assert late_from(tables, DAY, 2 * DAY).tolist() == [DAY]


def test_what_is_not_on_the_day_is_its_end() -> None:
    """Somebody comes half an hour before closing and is served for ten minutes; roster to 17:00."""
    record = day_record(told_tables(small(demand=come("16:30"))), 0)
    assert (record.tickets.called.tolist(), record.tickets.ended.tolist()) == ([59400], [60000])
    assert record.duties.ends.tolist() == [17 * 3600]
    next_day = day_record(told_tables(small(demand=come("16:30"), run=TWO_DAYS)), 1)
    assert len(next_day.tickets.case) == 0
    assert LAST == 24 * 3600
