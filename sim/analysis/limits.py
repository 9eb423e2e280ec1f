"""Promised limits: working days from acceptance to issue, less what stops the clock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.clock import DAY
from sim.plan.plan import Plan
from sim.results.tables import Tables

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def workdays_between(plan: Plan, start: Ints, end: Ints) -> Ints:
    """Working days after the day of `start` up to and including the day of `end`.

    Issued on the day of acceptance is 0 working days; the day of acceptance does not count.
    """
    rank = plan.office.workday_rank
    last = len(rank) - 1
    return rank[np.clip(end // DAY, 0, last)] - rank[np.clip(start // DAY, 0, last)]


class Limits:
    """Working days of every accepted case; an open one is counted to the end of the run."""

    def __init__(self, tables: Tables) -> None:
        plan, cases = tables.plan, tables.cases
        self.accepted = cases.accepted_at >= 0
        end = np.where(cases.closed_at >= 0, cases.closed_at, plan.period.end)
        start = np.where(self.accepted, cases.accepted_at, end)
        self.turnaround = np.where(self.accepted, workdays_between(plan, start, end), 0)
        """Working days from acceptance to closing."""
        stopped_days, stopped_ticks = _stopped(tables, end)
        self.clock = self.turnaround - stopped_days
        """Working days that count against the promise."""
        days = plan.office.promised_workdays[cases.matter]
        ticks = plan.office.promised_ticks[cases.matter]
        self.promised = (ticks >= 0) & self.accepted
        late_days = (days > 0) & (self.clock > days)
        late_ticks = (days == 0) & (end - start - stopped_ticks > ticks)
        self.late = self.promised & (late_days | late_ticks)
        self.decided = self.promised & (tables.finished | self.late)
        """Promised cases that are issued, or already late."""


def _stopped(tables: Tables, end: Ints) -> tuple[Ints, Ints]:
    """Working days and ticks of each case in which a correction or external span stops it."""
    tape, journal, n = tables.tape, tables.journal, len(tables.cases.matter)
    case_of_item = np.repeat(np.arange(n), np.diff(tape.item_offsets))
    item_of_review = np.repeat(np.arange(len(tape.item)), np.diff(tape.review_offsets))
    more = np.flatnonzero(item_of_review[1:] == item_of_review[:-1])
    asked = more[journal.ended_review_at[more] >= 0]
    spans = np.flatnonzero(
        (journal.reviewed_at >= 0) & ((tape.external_ticks > 0) | (tape.external_workdays > 0))
    )
    case = np.concatenate([case_of_item[item_of_review[asked]], case_of_item[spans]])
    start = np.concatenate([journal.ended_review_at[asked], journal.reviewed_at[spans]])
    back = np.concatenate([journal.released_at[asked + 1], journal.completed_at[spans]])
    back = np.where(back < 0, end[case], back) if len(case) else back
    return _union(tables.plan, case, start, np.minimum(back, end[case]), n)


def _union(plan: Plan, case: Ints, start: Ints, end: Ints, n: int) -> tuple[Ints, Ints]:
    """Length of the union of each case's intervals, in working days and in ticks."""
    order = np.lexsort((start, case))
    case, start, end = case[order], start[order], end[order]
    far = np.int64(plan.period.end + 1)
    covered = np.maximum.accumulate(case * far + end)
    before = np.concatenate([[-1], covered[:-1]]) - case * far
    begin = np.maximum(start, before)
    end = np.maximum(end, begin)
    days = np.bincount(case, workdays_between(plan, begin, end), n) if len(case) else np.zeros(n)
    ticks = np.zeros(n, dtype=np.int64)
    np.add.at(ticks, case, end - begin)
    return days.astype(np.int64), ticks
