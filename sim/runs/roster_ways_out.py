"""The cheapest change with which window groups lack nobody: tried, not guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.clock import HOUR
from sim.plan.roster_days import WEEK
from sim.plan.staff import StaffMember
from sim.runs.roster_shortage import short_hours
from sim.runs.roster_task import PlannedRoster, RosterTask, WeekOfGroups
from sim.runs.rostering import plan_week
from sim.scenario.rostering import Rostering

WayOut = Literal["more_people", "longer_shifts", "part_time", "more_weekends", "edit", "none"]
"""What would mend it at the least cost; a roster that somebody wrote down, they mend themselves."""
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
        Clerk hours that are missing in that week even so.
    cost : float
        Hours a week of contracts more, or on duty in that week more.
    """

    way_out: WayOut
    people: int
    hours: float
    left: float
    cost: float


def cheapest_way_out(
    task: RosterTask, planned: PlannedRoster, groups: tuple[int, ...], people: tuple[int, ...]
) -> Relaxation:
    """The change that leaves the least, and of these the one of the fewest hours.

    Each is tried in the week that lacks the most: it is planned again, after the weeks before it.
    """
    if planned.is_posted:
        return Relaxation("edit", 0, 0.0, 0.0, 0.0)
    parts = [part for part in planned.weeks if part.groups == groups]
    short = [short_hours(task, _of_week(planned, part.week), groups, part.week) for part in parts]
    worst = parts[int(np.argmax(short))]
    before = max(short)
    hours = sum(
        duty.form.hours for duty in _of_week(planned, worst.week).duties if duty.person in people
    )
    tried = [Relaxation("none", 0, 0.0, before, 0.0)]
    for way_out, value, rules in _easier_rules(task.rules):
        easier = task._replace(rules=rules)
        replanned = plan_week(easier, groups, people, worst.week, worst.before)
        spent = sum(duty.form.hours for duty in replanned.duties) - hours
        left = short_hours(easier, replanned, groups, worst.week)
        tried.append(Relaxation(way_out, 0, value, left, max(spent, 0.0)))
    tried.append(_with_more_people(task, worst, before))
    return min(tried, key=lambda relaxation: (round(relaxation.left, 6), relaxation.cost))


def _of_week(planned: PlannedRoster, week: int) -> PlannedRoster:
    duties = tuple(duty for duty in planned.duties if duty.day // WEEK == week)
    return planned._replace(duties=duties)


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


def _with_more_people(task: RosterTask, worst: WeekOfGroups, before: float) -> Relaxation:
    """As many more as it takes, each with the skills of all these groups."""
    groups, people = worst.groups, worst.people
    contract = task.rules.staff.contract / HOUR
    skills = tuple(task.groups[g] for g in groups)
    senior = task.rules.staff.senior_at_least > 0

    def left_with(number: int) -> float:
        added = [StaffMember(f"+{n + 1}", skills, contract, senior=senior) for n in range(number)]
        more = task._replace(staff=(*task.staff, *added))
        everybody = (*people, *range(len(task.staff), len(task.staff) + number))
        planned = plan_week(more, groups, everybody, worst.week, worst.before)
        return short_hours(more, planned, groups, worst.week)

    too_few, enough = 0, 1
    while (left := left_with(enough)) > 0 and enough < MOST_PEOPLE:
        too_few, enough = enough, 2 * enough
    while left == 0 and enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if left_with(middle) == 0 else (middle, enough)
    if left >= before:
        return Relaxation("none", 0, 0.0, before, 0.0)
    return Relaxation("more_people", enough, contract, left, enough * contract)
