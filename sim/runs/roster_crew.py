"""As few people as the needs take, where nobody has a name yet."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final, NamedTuple

import numpy as np

from sim.clock import HOUR
from sim.plan.shift_forms import shift_forms
from sim.plan.staff import StaffMember
from sim.runs.roster_cover import day_to_cover
from sim.runs.roster_task import PlannedRoster, RosterTask
from sim.runs.rostering import plan_roster
from sim.theory.absence import people_with_absence
from sim.theory.week_shifts import Classes, Hiring, week_shifts

MORE_PEOPLE: Final = 6
"""People who are added at most to those of the programme, one after the other, where they cannot be
led through the weeks: it knows the rules of a week, and not days in a row or turns. With rests, of
which it knows nothing, as many again as it has."""


class HiredCrew(NamedTuple):
    """People of one window group.

    Attributes
    ----------
    group : str
    people : int
    at_least : int
        No roster of such shifts does with fewer.
    with_absence : int
        So that enough come in spite of absence.
    """

    group: str
    people: int
    at_least: int
    with_absence: int


def plan_crews(task: RosterTask) -> tuple[RosterTask, PlannedRoster, tuple[HiredCrew, ...]]:
    """A roster with as few people as it takes, each of one window group and with a full contract.

    Returns
    -------
    task
        With its people.
    roster
    crews
        By window group.
    """
    of_groups = range(len(task.groups))
    at_least = [_fewest(task, g) for g in of_groups]
    most = [each + MORE_PEOPLE for each in at_least]
    if task.has_rests:
        most = [each + fewest for each, fewest in zip(most, at_least, strict=True)]
    if task.rules.staff.contract_over == "roster":
        at_least = [_fewest_over_weeks(task, g) for g in of_groups]
    people = list(at_least)
    while True:
        staffed = task._replace(staff=_named(task, people))
        roster = plan_roster(staffed)
        short = _short_groups(staffed, roster)
        growing = [g for g in short if people[g] < most[g]]
        if not growing:
            break
        for g in growing:
            people[g] += 1
    crews = tuple(
        HiredCrew(
            group,
            people[g],
            at_least[g],
            people[g] + _standing_by(staffed, roster, group),
        )
        for g, group in enumerate(task.groups)
    )
    return staffed, roster, crews


def _fewest(task: RosterTask, g: int) -> int:
    """People whom the hardest week of a group takes, by the rules of a week alone.

    Rests are left out: with them the programme ends at its time limit, and it is a bound without.
    """
    rules, most = task.rules.staff, 0
    has_skill = np.ones((1, 1), dtype=np.bool_)
    nobody = Classes(
        has_skill, ~has_skill[0], np.zeros(1), np.zeros(1, np.int64), np.zeros(1, np.int64), False
    )
    solved: dict[tuple[tuple[int, bool, int], ...], int] = {}
    for week, workdays in enumerate(task.workdays):
        alike = Counter((task.kind_of(d), task.days[d].is_weekend) for d in task.open_days(week))
        key = tuple((kind, weekend, times) for (kind, weekend), times in sorted(alike.items()))
        contract = task.hours_of_week(rules.contract / HOUR, week)
        if key not in solved and workdays:
            days = [
                day_to_cover(
                    task, (g,), *each, shift_forms(task.rules, task.kinds[each[0]])
                )._replace(rests=())
                for each in key
            ]
            hiring = Hiring(contract, workdays, rules.weekend_each)
            solved[key] = int(week_shifts(days, nobody, hiring).bound)
        most = max(most, solved.get(key, 0))
    return most


def _fewest_over_weeks(task: RosterTask, g: int) -> int:
    """People whom the hours of all weeks take, where they are counted together."""
    contract = sum(
        task.hours_of_week(task.rules.staff.contract / HOUR, week)
        for week in range(len(task.workdays))
    )
    hours, at_once = 0.0, 0
    for d in (d for week in range(len(task.workdays)) for d in task.open_days(week)):
        kind = task.kind_of(d)
        needed = task.needed[kind][:, g]
        spans = np.array([(span.end - span.start) / HOUR for span in task.spans(kind)])
        hours += float(needed @ spans)
        at_once = max(at_once, int(needed.max(initial=0)))
    return max(at_once, math.ceil(hours / contract - 1e-9)) if contract else at_once


def _named(task: RosterTask, people: list[int]) -> tuple[StaffMember, ...]:
    contract = task.rules.staff.contract / HOUR
    return tuple(
        StaffMember(f"{group}-{n + 1}", (group,), contract)
        for g, group in enumerate(task.groups)
        for n in range(people[g])
    )


def _short_groups(task: RosterTask, roster: PlannedRoster) -> list[int]:
    """Groups that lack somebody, in a half hour that a shift is there for."""
    short = set()
    for day, planned in roster.clerks_by_day(task).items():
        kind = task.kind_of(day)
        lacking = (planned < task.needed[kind]) & task.has_shift(day)[:, None]
        short.update(np.flatnonzero(lacking.any(axis=0)).tolist())
    return sorted(short)


def _standing_by(task: RosterTask, roster: PlannedRoster, group: str) -> int:
    """People beside those on duty, on the day that takes the most."""
    rules = task.rules.staff
    on_duty: dict[int, int] = {}
    for duty in roster.duties:
        if group in task.staff[duty.person].groups:
            on_duty[duty.day] = on_duty.get(duty.day, 0) + 1
    return max(
        (
            people_with_absence(number, rules.absence, rules.short_at_most) - number
            for number in set(on_duty.values())
        ),
        default=0,
    )
