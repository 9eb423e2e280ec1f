"""Heads in the hall: how many people are inside, and how many of them wait, at most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY
from sim.plan.journal import AT_BREAK
from sim.plan.plan import HALL
from sim.results.tables import Tables


class Spans(NamedTuple):
    """Times in which people are somewhere; heads below 0 take out who is away meanwhile."""

    starts: Ints
    ends: Ints
    heads: Ints


def most_at_once(spans: Spans, n_days: int) -> Ints:
    """int64, shape (days,): the most heads at one instant of each day of the run.

    At one instant people leave before others come, as in the order of an instant (DESIGN §4.1).

    Examples
    --------
    >>> hours = np.array([9, 10, 10]) * 3_600_000
    >>> most_at_once(Spans(hours, hours + 3_600_000, np.array([2, 3, 1])), 1)
    array([4])
    """
    lasts = np.flatnonzero(spans.ends > spans.starts)
    starts, ends, heads = (column[lasts] for column in spans)
    stamps = np.concatenate([2 * ends, 2 * starts + 1])
    order = np.argsort(stamps, kind="stable")
    level = np.cumsum(np.concatenate([-heads, heads])[order])
    most = np.zeros(n_days, dtype=np.int64)
    inside_run = stamps[order] < 2 * n_days * DAY
    np.maximum.at(most, stamps[order][inside_run] // 2 // DAY, level[inside_run])
    return most


def inside(tables: Tables) -> Spans:
    """Visits to the hall from the door to leaving, less breaks for which their people go out."""
    v, end = tables.visits, tables.plan.period.end
    rows = np.flatnonzero((v.place == HALL) & (tables.door_opens_at >= 0))
    heads = v.people[rows]
    left = np.where(v.left_at[rows] < 0, end, v.left_at[rows])
    visits = Spans(tables.door_opens_at[rows], left, heads)
    away = _away(tables)
    return Spans(*(np.concatenate(pair) for pair in zip(visits, away, strict=True)))


def _away(tables: Tables) -> Spans:
    """Breaks of a visit: from a ticket that ended at one to the next ticket of the trip."""
    t, end = tables.tickets, tables.plan.period.end
    came = np.flatnonzero((t.trip > 0) & (t.place == HALL))
    came = came[np.argsort(tables.visit_of[came], kind="stable")]
    visit = tables.visit_of[came]
    back_at = np.full(len(came), end)
    goes_on = np.flatnonzero(visit[1:] == visit[:-1])
    back_at[goes_on] = t.arrived_at[came[goes_on + 1]]
    leaves = t.fate[came] == AT_BREAK
    rows = came[leaves]
    return Spans(t.ended_at[rows], back_at[leaves], -tables.visits.people[visit[leaves]])


def waiting(tables: Tables) -> Spans:
    """Tickets of the hall from their taking to the call, or to the end without one."""
    t, end = tables.tickets, tables.plan.period.end
    rows = np.flatnonzero((t.trip > 0) & (t.place == HALL) & (t.taken_at >= 0))
    uncalled = np.where(t.ended_at[rows] < 0, end, t.ended_at[rows])
    until = np.where(t.called_at[rows] < 0, uncalled, t.called_at[rows])
    return Spans(t.taken_at[rows], until, tables.visits.people[tables.visit_of[rows]])
