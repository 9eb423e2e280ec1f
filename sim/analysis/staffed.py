"""Hours in which somebody is there: clerks of window groups, the desk, reviewers of departments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, HOUR, open_until
from sim.plan.plan import Plan


def group_of_window(plan: Plan) -> tuple[Ints, list[str]]:
    """int64, shape (W,): number of each window's group among those that have windows; their ids."""
    numbers = {id_: n for n, id_ in enumerate(dict.fromkeys(plan.names.groups))}
    return np.array([numbers[id_] for id_ in plan.names.groups], dtype=np.int64), [*numbers]


def staffed_hours(plan: Plan) -> Floats:
    """float64: hours on duty of each group, of who comes, in which its systems work; on average."""
    hall, (group_of, ids) = plan.hall, group_of_window(plan)
    window = np.repeat(np.arange(len(group_of)), np.diff(hall.duty_offsets))
    list_ = hall.list_of_window[window]
    ticks = hall.duty_ends - hall.duty_starts
    for calendar, (first, last) in enumerate(pairwise(hall.up_offsets.tolist())):
        rows = np.flatnonzero(hall.up_of_list[list_] == calendar)
        works = hall.up_starts[first:last], hall.up_ends[first:last]
        from_, until = (
            open_until(*works, edges[rows]) for edges in (hall.duty_starts, hall.duty_ends)
        )
        ticks[rows] = until - from_
    hours = ticks / HOUR * (1.0 - hall.absence[window]) * hall.up_share[list_]
    return np.bincount(group_of[window], hours, len(ids)).astype(np.float64)


def payers_of(plan: Plan, group_of: Ints) -> Ints:
    """int64: the group whose clerks work in each group: its own, or those of its pool."""
    hall = plan.hall
    numbers = dict(zip(hall.group_of_window.tolist(), group_of.tolist(), strict=True))
    payer = np.arange(int(group_of.max(initial=-1)) + 1)
    payer[group_of] = [
        numbers.get(of, group)
        for of, group in zip(hall.payroll.tolist(), group_of.tolist(), strict=True)
    ]
    return payer


def spare_ticks(plan: Plan, group: int, pool: int, group_of: Ints) -> float:
    """Ticks in which a reserve window has hours and its pool somebody beyond those it keeps."""
    hall = plan.hall
    numbers = hall.group_of_window[group_of == group]
    keep = int(hall.tidal_keep[np.flatnonzero(hall.tidal_group == numbers[0])[0]])
    steps: list[tuple[int, int, int]] = []
    for w in np.flatnonzero((group_of == group) | (group_of == pool)).tolist():
        span = slice(hall.duty_offsets[w], hall.duty_offsets[w + 1])
        side = int(group_of[w] == group)
        steps += [(t, side, 1) for t in hall.duty_starts[span].tolist()]
        steps += [(t, side, -1) for t in hall.duty_ends[span].tolist()]
    on_duty, spare, before = [0, 0], 0, 0
    for t, side, change in sorted(steps):
        spare += max(0, min(on_duty[0] - keep, on_duty[1])) * (t - before)
        on_duty[side] += change
        before = t
    return float(spare)


def desk_hours(plan: Plan) -> tuple[float, float] | None:
    """Hours in which somebody is at the desk, and in which tickets are given; None = no desk."""
    hall = plan.hall
    if not hall.has_reception:
        return None
    staffed = desk_staffed(plan, 1)
    of_hall = slice(hall.ticket_offsets[hall.day_closes.shape[1]])
    return staffed, float((hall.ticket_closes[of_hall] - hall.ticket_opens[of_hall]).sum() / HOUR)


def desk_staffed(plan: Plan, most: int | None = None) -> float:
    """Hours of people at the desk while tickets are given, at most `most` of them at a time."""
    hall = plan.hall
    times = np.append(hall.reception_times, plan.period.end)
    of_hall = slice(hall.ticket_offsets[hall.day_closes.shape[1]])
    closes = np.concatenate([hall.ticket_closes[of_hall], [plan.period.end]])
    until = np.minimum(times[1:], closes[np.searchsorted(closes, times[:-1], side="right")])
    clerks = hall.reception_clerks if most is None else np.minimum(hall.reception_clerks, most)
    return float((np.maximum(until - times[:-1], 0) * clerks).sum() / HOUR)


def reviewer_hours(plan: Plan) -> Floats:
    """float64, shape (D,): hours that the reviewers of each department have."""
    office, end = plan.office, plan.period.n_days * DAY
    hours = np.zeros(len(plan.names.departments))
    lengths = np.maximum(np.minimum(office.open_ends, end) - office.open_starts, 0)
    open_ = [lengths[first:last].sum() for first, last in pairwise(office.open_offsets.tolist())]
    for d, (first, last) in enumerate(pairwise(office.rostered_offsets.tolist())):
        by_roster = sum(open_[calendar] for calendar in office.rostered_calendar[first:last])
        ticks = by_roster if first < last else office.reviewers[d] * open_[office.calendar[d]]
        hours[d] = ticks / HOUR
    return hours
