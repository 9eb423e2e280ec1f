"""What a roster lacks: clerk hours, and experienced people."""

from __future__ import annotations

import numpy as np

from sim.arrays import Ints
from sim.clock import HOUR
from sim.runs.roster_seats import NOWHERE
from sim.runs.roster_task import PlannedRoster, RosterTask


def short_hours(
    task: RosterTask, planned: PlannedRoster, groups: tuple[int, ...], week: int
) -> float:
    """Clerk hours that some window groups lack in a week, experienced people too.

    Experienced people who must be in the hall are shared by all its groups.
    """
    hours, seniors = 0.0, short_seniors(task, planned)
    by_day = planned.clerks_by_day(task)
    for d in task.open_days(week):
        kind, clerks = task.kind_of(d), by_day[d]
        lengths = np.array([(span.end - span.start) / HOUR for span in task.spans(kind)])
        lacking = np.maximum(task.needed[kind] - clerks, 0)[:, list(groups)].sum(axis=1)
        if d in seniors:
            columns = list(groups) if seniors[d].shape == clerks.shape else [0]
            lacking = lacking + seniors[d][:, columns].sum(axis=1)
        hours += float(lacking @ lengths)
    return hours


def short_seniors(task: RosterTask, planned: PlannedRoster) -> dict[int, Ints]:
    """Experienced people who are missing, of each open day; empty where none have to be there.

    Returns
    -------
    dict of ndarray(int64), shape (T, G), or (T, 1) where they may be anywhere in the hall
    """
    rules = task.rules.staff
    if not rules.senior_at_least or not task.named:
        return {}
    open_days = [d for d, day in enumerate(task.days) if day.is_open]
    at_windows = {d: np.zeros_like(task.needed[task.kind_of(d)]) for d in open_days}
    for duty in planned.duties:
        if task.staff[duty.person].senior:
            at = np.flatnonzero(duty.seats != NOWHERE)
            at_windows[duty.day][at, duty.seats[at]] += 1
    short = {}
    for d in open_days:
        needed, seniors = task.needed[task.kind_of(d)], at_windows[d]
        if rules.senior_in == "hall":
            needed, seniors = (each.sum(axis=1, keepdims=True) for each in (needed, seniors))
        short[d] = np.maximum(np.minimum(needed, rules.senior_at_least) - seniors, 0)
    return short
