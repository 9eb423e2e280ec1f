"""Half hours of a roster with too few clerks: why, and the cheapest way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.questions.roster import ShortReason, Uncovered
from sim.runs.roster_shortage import short_seniors
from sim.runs.roster_task import PlannedRoster, RosterTask
from sim.runs.roster_ways_out import Relaxation, cheapest_way_out
from sim.runs.rostering import groups_that_share
from sim.scenario.intervals import is_inside


class _Short(NamedTuple):
    day: int
    group: int
    """-1 = an experienced person, anywhere in the hall."""
    slot: int
    short: int
    reason: ShortReason


def uncovered_of(task: RosterTask, planned: PlannedRoster) -> tuple[Uncovered, ...]:
    """What a roster lacks; half hours in a row for one reason are one."""
    sharing = groups_that_share(task)
    lacking = [*_too_few(task, planned), *_without_senior(task, planned)]
    ways_out: dict[int, Relaxation] = {}
    rows: list[Uncovered] = []
    for short in sorted(lacking):
        n = next(n for n, (groups, _) in enumerate(sharing) if max(short.group, 0) in groups)
        if n not in ways_out:
            ways_out[n] = cheapest_way_out(task, planned, *sharing[n])
        way_out = ways_out[n]
        span = task.spans(task.kind_of(short.day))[short.slot]
        name = task.groups[short.group] if short.group >= 0 else ""
        row = Uncovered(
            task.days[short.day].date,
            name,
            span.start,
            span.end,
            short.short,
            short.reason,
            *way_out[:4],
        )
        last = rows[-1] if rows else None
        if last and last.ends == row.starts and _alike(last, row):
            rows[-1] = last._replace(ends=row.ends, short=max(last.short, row.short))
        else:
            rows.append(row)
    return tuple(rows)


def _alike(first: Uncovered, second: Uncovered) -> bool:
    return (first.date, first.group, first.reason) == (second.date, second.group, second.reason)


def _too_few(task: RosterTask, planned: PlannedRoster) -> Iterator[_Short]:
    for d, clerks in planned.clerks_by_day(task).items():
        kind = task.kind_of(d)
        needed, has_shift = task.needed[kind], task.has_shift(d)
        for t, g in zip(*np.nonzero(clerks < needed), strict=True):
            reason = _reason(task, planned, d, int(g), int(needed[t, g]))
            at_rest = _at_rest(task, planned, d, int(g), int(t))
            if at_rest and clerks[t, g] + at_rest >= needed[t, g]:
                reason = "resting"
            if not has_shift[t] and reason not in ("no_skill", "not_posted"):
                reason = "no_shift"
            yield _Short(d, int(g), int(t), int(needed[t, g] - clerks[t, g]), reason)


def _reason(
    task: RosterTask, planned: PlannedRoster, day: int, group: int, need: int
) -> ShortReason:
    """Why so many are not there."""
    skilled = [p for p, person in enumerate(task.staff) if task.groups[group] in person.groups]
    if not skilled:
        return "no_skill"
    if planned.is_posted:
        return "not_posted"
    if len(skilled) < need:
        return "too_few"
    when = date.fromisoformat(task.days[day].date)
    if sum(not task.staff[p].is_off(when) for p in skilled) < need:
        return "days_off"
    if task.days[day].is_weekend and task.rules.staff.weekend_each > 1:
        return "weekends"
    return "hours_used"


def _at_rest(task: RosterTask, planned: PlannedRoster, day: int, group: int, slot: int) -> int:
    """People at rest who could serve a window group."""
    span = task.spans(task.kind_of(day))[slot]
    return sum(
        is_inside(span, duty.rests) and task.groups[group] in task.staff[duty.person].groups
        for duty in planned.duties
        if duty.day == day and duty.rests
    )


def _without_senior(task: RosterTask, planned: PlannedRoster) -> Iterator[_Short]:
    """Half hours with fewer experienced people than there should be."""
    in_hall = task.rules.staff.senior_in == "hall"
    for d, lacking in short_seniors(task, planned).items():
        for t, g in zip(*np.nonzero(lacking), strict=True):
            yield _Short(d, -1 if in_hall else int(g), int(t), int(lacking[t, g]), "senior")
