"""The cheapest change with which window groups lack nobody: tried, not guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.clock import HOUR
from sim.plan.staff import StaffMember
from sim.runs.rostering import PlannedRoster, RosterTask, plan_groups
from sim.scenario.rostering import Rostering

WayOut = Literal["more_people", "longer_shifts", "part_time", "more_weekends", "none"]
"""What would mend it at the least cost."""
MOST_PEOPLE: Final = 16
"""People who are added at most."""
LONGER_BY: Final = 2 * HOUR
"""Hours by which shifts are made longer: overtime that the law allows on a day is one hour, for
special reasons three (劳动法, article 41)."""
SHORTEST: Final = 2 * HOUR
"""Shifts are made no shorter."""


class Relaxation(NamedTuple):
    """A change, and what it leaves.

    Attributes
    ----------
    way_out : str
        Of `WayOut`.
    people : int
        Added.
    hours : float
        `more_people`: contract of each; `longer_shifts`: the longest shift; `part_time`: the
        shortest; `more_weekends`: every so many weeks.
    left : float
        Clerk hours that are missing even so.
    cost : float
        Hours a week of contracts more, or on duty in the whole roster more.
    """

    way_out: WayOut
    people: int
    hours: float
    left: float
    cost: float


def short_hours(task: RosterTask, planned: PlannedRoster, groups: tuple[int, ...]) -> float:
    """Clerk hours that some window groups lack in the whole roster."""
    return sum(
        float(
            np.maximum(task.needed[task.kind_of(d)] - clerks, 0)[:, list(groups)].sum(axis=1)
            @ np.array([(s.end - s.start) / HOUR for s in task.spans(task.kind_of(d))])
        )
        for d, clerks in planned.clerks_by_day(task).items()
    )


def cheapest_way_out(
    task: RosterTask, planned: PlannedRoster, groups: tuple[int, ...], people: tuple[int, ...]
) -> Relaxation:
    """The change that leaves the least, and of these the one of the fewest hours.

    Each is tried by planning these groups and people again.
    """
    before = short_hours(task, planned, groups)
    hours = sum(duty.form.hours for duty in planned.duties if duty.person in people)
    tried = [Relaxation("none", 0, 0.0, before, 0.0)]
    for way_out, value, rules in _easier_rules(task.rules):
        easier = task._replace(rules=rules)
        again = plan_groups(easier, groups, people)
        spent = sum(duty.form.hours for duty in again.duties) - hours
        tried.append(
            Relaxation(way_out, 0, value, short_hours(easier, again, groups), max(spent, 0.0))
        )
    tried.append(_with_more_people(task, groups, people, before))
    return min(tried, key=lambda relaxation: (round(relaxation.left, 6), relaxation.cost))


def _easier_rules(rules: Rostering) -> Iterator[tuple[WayOut, float, Rostering]]:
    """Rules with one thing made easier."""
    hours, staff = rules.hours, rules.staff
    if not rules.shifts:
        longest = hours.at_most + LONGER_BY
        longer = hours.model_copy(update={"at_most": longest})
        yield "longer_shifts", longest / HOUR, rules.model_copy(update={"hours": longer})
        if hours.at_least > SHORTEST:
            shorter = hours.model_copy(update={"at_least": SHORTEST})
            yield "part_time", SHORTEST / HOUR, rules.model_copy(update={"hours": shorter})
    if staff.weekend_each > 1:
        each_week = staff.model_copy(update={"weekend_each": 1})
        yield "more_weekends", 1.0, rules.model_copy(update={"staff": each_week})


def _with_more_people(
    task: RosterTask, groups: tuple[int, ...], people: tuple[int, ...], before: float
) -> Relaxation:
    """As many more as it takes, each with the skills of all these groups."""
    contract = task.rules.staff.contract / HOUR
    skills = tuple(task.groups[g] for g in groups)
    senior = task.rules.staff.senior_at_least > 0
    best = Relaxation("none", 0, 0.0, before, 0.0)
    number = 1
    while number <= MOST_PEOPLE:
        added = [StaffMember(f"+{n + 1}", skills, contract, senior=senior) for n in range(number)]
        more = task._replace(staff=(*task.staff, *added))
        everybody = (*people, *range(len(task.staff), len(task.staff) + number))
        left = short_hours(more, plan_groups(more, groups, everybody), groups)
        if left < best.left:
            best = Relaxation("more_people", number, contract, left, number * contract)
        if left == 0:
            break
        number += max(1, number // 2)
    return best
