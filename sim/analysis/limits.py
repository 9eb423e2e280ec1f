"""Limits: working days from acceptance to issue, less what stops the clock.

One clock runs for each case; it is held against what was promised and what the law allows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY, NEVER
from sim.plan.plan import Plan
from sim.results.tables import Tables


def workdays_between(plan: Plan, start: Ints, end: Ints) -> Ints:
    """Working days after the day of `start` up to and including the day of `end`.

    Issued on the day of acceptance is 0 working days; the day of acceptance does not count.
    """
    rank = plan.office.workday_rank
    last = len(rank) - 1
    return rank[np.minimum(end // DAY, last)] - rank[np.minimum(start // DAY, last)]


class LimitTally(NamedTuple):
    """How accepted cases stand against one kind of limit."""

    stated: Bools
    """Cases that have such a limit."""
    late: Bools
    decided: Bools
    """Of these, the ones that are issued, or already late."""


class Limits:
    """Working days of every accepted case; an open one is counted to the end of the run.

    Parameters
    ----------
    until : int or ndarray(int64), shape (cases,), optional
        Instants at which to look at the cases; what comes later is not known yet.
    """

    def __init__(self, tables: Tables, until: Ints | int | None = None) -> None:
        plan, cases = tables.plan, tables.cases
        office = plan.office
        end = np.where(cases.closed_at >= 0, cases.closed_at, plan.period.end)
        if until is not None:
            end = np.minimum(end, until)
        self.accepted = (cases.accepted_at >= 0) & (cases.accepted_at <= end)
        start = np.where(self.accepted, cases.accepted_at, end)
        self.turnaround = np.where(self.accepted, workdays_between(plan, start, end), 0)
        """Working days from acceptance to closing."""
        stopped_days, stopped_ticks = _stopped(tables, end)
        self.clock = self.turnaround - stopped_days
        """Working days that count against a limit."""
        self.clock_ticks = end - start - stopped_ticks
        """The same in ticks, for limits in calendar days."""
        # a limit is for one intake of the whole: it says nothing to who goes door to door
        visits = np.flatnonzero(plan.demand.items.visit_order >= 0)
        apart = np.searchsorted(plan.demand.matters.item_offsets, visits, side="right") - 1
        self.whole = self.accepted & ~np.isin(cases.matter, apart) if len(apart) else self.accepted
        """Cases accepted as a whole."""
        self.promised = self._held(tables, office.promised_workdays, office.promised_ticks)
        self.statutory = self._held(tables, office.statutory_workdays, office.statutory_ticks)

    def _held(self, tables: Tables, workdays: Ints, ticks: Ints) -> LimitTally:
        """The clock against each matter's limit of one kind."""
        if not (ticks >= 0).any():
            nobody = np.zeros_like(self.whole)
            return LimitTally(nobody, nobody, nobody)
        days, ticks = workdays[tables.cases.matter], ticks[tables.cases.matter]
        stated = self.whole & (ticks >= 0)
        over = np.where(days > 0, self.clock > days, self.clock_ticks > ticks)
        late = stated & over
        return LimitTally(stated, late, stated & (tables.finished | late))


def late_from(tables: Tables, first: int, after: int) -> Ints:
    """int64, shape (cases,): when each case is over its promised limit for the first time.

    Parameters
    ----------
    first, after : int
        Instants; a case that was over its limit before `first` is late from there, and one that is
        not before `after`, or is closed by then in time, has the instant NEVER.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> bool((late_from(tables, 0, DAY) == NEVER).all())
    True
    """
    n_cases = len(tables.cases.matter)
    if not (tables.plan.office.promised_ticks >= 0).any():
        return np.full(n_cases, NEVER)
    # a clock that has run over a limit stays over it, so halving finds the instant
    early, late = np.full(n_cases, first - 1), np.full(n_cases, after)
    while (late - early).max(initial=0) > 1:
        middle = (early + late) // 2
        over = Limits(tables, middle).promised.late
        early, late = np.where(over, early, middle), np.where(over, middle, late)
    return np.where(late < after, late, NEVER)


def _stopped(tables: Tables, end: Ints) -> tuple[Ints, Ints]:
    """Working days and ticks of each case in which a correction or external span stops it."""
    tape, journal, demand = tables.tape, tables.journal, tables.plan.demand
    item, spans = tape.reviews.case_item, np.zeros(0, dtype=np.int64)
    sent_back = np.flatnonzero(item[1:] == item[:-1])  # another review of the same item follows
    sent_back = sent_back[journal.ended_review_at[sent_back] >= 0]
    if demand.items.external_ticks.any() or demand.items.external_workdays.any():
        spans = np.flatnonzero((tape.items.external_ticks > 0) | (tape.items.external_workdays > 0))
    if not len(sent_back) and not len(spans):
        return np.zeros_like(end), np.zeros_like(end)
    spans = spans[journal.reviewed_at[spans] >= 0]
    case = tape.items.case[np.concatenate([item[sent_back], spans])]
    start = np.concatenate([journal.ended_review_at[sent_back], journal.reviewed_at[spans]])
    back = np.concatenate([journal.released_at[sent_back + 1], journal.completed_at[spans]])
    back = np.where(back < 0, end[case], back)
    return _union(tables, case, start, np.minimum(back, end[case]))


def _union(tables: Tables, case: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Length of the union of each case's intervals, in working days and in ticks."""
    days, ticks = np.zeros((2, len(tables.cases.matter)), dtype=np.int64)
    order = np.argsort(tables.stamps(case, start), kind="stable")
    case, start, end = case[order], start[order], end[order]
    covered = np.maximum.accumulate(tables.stamps(case, end))
    before = np.concatenate([[-1], covered[:-1]]) - tables.stamps(case, 0)
    begin = np.maximum(start, before)
    end = np.maximum(end, begin)
    np.add.at(days, case, workdays_between(tables.plan, begin, end))
    np.add.at(ticks, case, end - begin)
    return days, ticks
