"""Shifts and people for what is needed, through the weeks.

Which shifts how many people of each class are wanted for is found week by week
(`runs/roster_shifts`); who works them, in one programme of several weeks (`theory/shift_people`),
since turns at the week-end, days in a row and evenness go on. Window groups that share no people
are planned apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from sim.plan.roster_days import WEEK
from sim.plan.shift_forms import ShiftForm
from sim.runs.roster_classes import StaffClasses
from sim.runs.roster_day import OnDuty, duties_of_day
from sim.runs.roster_shifts import OpenShift, WantedWeek, WeekPlanner
from sim.runs.roster_shortage import short_hours
from sim.runs.roster_supply import StaffSupply
from sim.runs.roster_task import PlannedDuty, PlannedRoster, RosterTask, SoFar, WeekOfGroups
from sim.runs.roster_workers import worker_of
from sim.theory.shift_people import WorkRules, people_on_shifts

MANY: Final = 4_000
"""Shifts by kind of day and class of people from which on each window group has its shifts planned
by itself: all together would take minutes. People still go where they are needed, seat by seat."""
PAIRS: Final = 12_000
"""Pairs of a person and a shift from which on no further week joins the programme of people."""


def plan_roster(task: RosterTask) -> PlannedRoster:
    """Who works when, for all weeks and window groups."""
    parts = [plan_groups(task, *sharing) for sharing in groups_that_share(task)]
    duties = [duty for part in parts for duty in part.duties]
    weeks = [week for part in parts for week in part.weeks]
    return PlannedRoster(
        tuple(sorted(duties, key=lambda duty: (duty.day, duty.person))), tuple(weeks)
    )


def plan_groups(
    task: RosterTask, groups: tuple[int, ...], people: tuple[int, ...]
) -> PlannedRoster:
    """Who works when in window groups that share their people with no others."""
    of_groups = _Groups(task, groups, people)
    weeks: list[WeekOfGroups] = []
    while len(weeks) < len(task.workdays):
        weeks += of_groups.solve(len(weeks), len(task.workdays))
    return PlannedRoster(tuple(of_groups.duties), tuple(weeks))


def plan_week(
    task: RosterTask,
    groups: tuple[int, ...],
    people: tuple[int, ...],
    week: int,
    before: Sequence[SoFar],
) -> PlannedRoster:
    """One week of them alone; people of whom nothing is said have worked on no day before."""
    of_groups = _Groups(task, groups, people, before)
    solved = of_groups.solve(week, week + 1)
    return PlannedRoster(tuple(of_groups.duties), tuple(solved))


def groups_that_share(task: RosterTask) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Window groups that share people, with these people; each group is in one of them.

    Experienced people who must be somewhere in the hall are shared by all.
    """
    number = {group: n for n, group in enumerate(task.groups)}
    of_groups = list(range(len(task.groups)))
    serves = [[number[g] for g in person.groups if g in number] for person in task.staff]
    rules = task.rules.staff
    in_hall = rules.senior_at_least > 0 and rules.senior_in == "hall" and task.named
    for of_person in [*serves, list(range(len(task.groups)))] if in_hall else serves:
        joined = {of_groups[g] for g in of_person}
        of_groups = [min(joined) if root in joined else root for root in of_groups]
    return [
        (
            tuple(g for g, label in enumerate(of_groups) if label == root),
            tuple(
                p
                for p, of_person in enumerate(serves)
                if of_person and of_groups[of_person[0]] == root
            ),
        )
        for root in sorted(set(of_groups))
    ]


class _Attempt(NamedTuple):
    """Weeks with their duties, and what they lack."""

    duties: list[PlannedDuty]
    bounds: list[float]
    short: float
    """Clerk hours."""
    filled: list[OpenShift]
    unfilled: list[tuple[OpenShift, int]]


class _Groups:
    """Window groups that share people, week after week."""

    def __init__(
        self,
        task: RosterTask,
        groups: tuple[int, ...],
        people: tuple[int, ...],
        before: Sequence[SoFar] = (),
    ) -> None:
        self._task, self._groups, self._people = task, groups, people
        self._staff = [task.staff[p] for p in people]
        self._classes = StaffClasses(task, groups, people)
        self._planner = WeekPlanner(task, groups, self._classes)
        self._so_far = [*before, *(SoFar() for _ in range(len(people) - len(before)))]
        dates = [date.fromisoformat(day.date) for day in task.days]
        self._present = {
            d: np.array([not person.is_off(dates[d]) for person in self._staff], dtype=np.bool_)
            for d, day in enumerate(task.days)
            if day.is_open
        }
        self.duties: list[PlannedDuty] = []

    def solve(self, first: int, end: int) -> list[WeekOfGroups]:
        """As many weeks as can be solved at once; the last of them looks ahead, and is not kept.

        At least one week; all where they reach the end.
        """
        block, wanted = self._wanted(first, end)
        best = self._attempt(block, *_joined(wanted))
        if best.short > 0 and all(self._is_joint(week) for week in block):
            best = self._better(block, best)
        n_weeks = len(block) if block[-1] == end - 1 else max(len(block) - 1, 1)
        return [
            self._close(week, best.duties, bound)
            for week, bound in zip(block[:n_weeks], best.bounds, strict=False)
        ]

    def _is_joint(self, week: int) -> bool:
        return self._planner.size(week) <= MANY

    # --- which shifts --- #

    def _wanted(self, first: int, end: int) -> tuple[range, list[WantedWeek]]:
        """Shifts of as many weeks as there is room for; one week to look ahead in any case."""
        supply = StaffSupply(self._task, self._classes, self._people, self._so_far, self._present)
        wanted: list[WantedWeek] = []
        pairs = 0
        for week in range(first, end):
            wanted.append(self._week(week, supply))
            pairs += self._pairs(wanted[-1])
            if pairs > PAIRS and len(wanted) > 1:
                break
        return range(first, first + len(wanted)), wanted

    def _week(self, week: int, supply: StaffSupply) -> WantedWeek:
        if not self._is_joint(week):
            return self._planner.group_by_group(week)
        present = {d: self._present[d] for d in self._task.open_days(week)}
        of_week = self._planner.together(present, supply.limits(week))
        supply.spend(week, of_week)
        return of_week

    def _pairs(self, wanted: WantedWeek) -> int:
        of_class = self._classes.count(np.ones(len(self._people), dtype=np.bool_))
        return sum(int(of_class[list(shift.kinds)].sum()) for shift in wanted.shifts)

    def _better(self, block: range, best: _Attempt) -> _Attempt:
        """Other shifts, where people could not fill those of before or are too few.

        First with less time, where it is left in parts that no shift fits. Then more shifts are
        offered for what is lacking: not alike people, but persons choose what stays open.
        """
        if best.unfilled:
            less = StaffSupply(self._task, self._classes, self._people, self._so_far, self._present)
            for shift, missing in best.unfilled:
                less.take_off(shift, missing)
            other = self._attempt(block, *_joined([self._week(week, less) for week in block]))
            best = min(best, other, key=lambda attempt: attempt.short)
        more = self._attempt(block, [*best.filled, *self._offered(block, best)], best.bounds)
        return min(best, more, key=lambda attempt: attempt.short)

    def _offered(self, block: range, attempt: _Attempt) -> Iterator[OpenShift]:
        """Shifts for what an attempt lacks."""
        task, planned = self._task, PlannedRoster(tuple(attempt.duties), ())
        clerks = planned.clerks_by_day(task)
        on_duty = {(duty.person, duty.day) for duty in attempt.duties}
        for d in (d for week in block for d in task.open_days(week)):
            lacking = np.maximum(task.needed[task.kind_of(d)] - clerks[d], 0)[:, list(self._groups)]
            if lacking.any():
                busy = np.array([(p, d) in on_duty for p in self._people], dtype=np.bool_)
                yield from self._planner.for_lacking(d, lacking, self._present[d] & ~busy)

    # --- who works them --- #

    def _attempt(self, block: range, shifts: Sequence[OpenShift], bounds: list[float]) -> _Attempt:
        """The best that people make of some shifts."""
        task, rules = self._task, self._task.rules.staff
        workers = [
            worker_of(task, self._people[p], block, self._classes.of_person[p], so_far)
            for p, so_far in enumerate(self._so_far)
        ]
        solved = people_on_shifts(
            workers,
            [shift.vacancy(task, block[0] * WEEK) for shift in shifts],
            WorkRules(
                rules.days_running,
                rules.weekend_each,
                task.weekend_is_extra,
                rules.days_off_running,
                weeks_together=1 if rules.contract_over == "week" else len(block),
            ),
        )
        on_duty: dict[int, list[tuple[int, ShiftForm]]] = {}
        for p, o in solved.of:
            on_duty.setdefault(shifts[o].day, []).append((p, shifts[o].form))
        duties = [duty for d, of_day in sorted(on_duty.items()) for duty in self._seat(d, of_day)]
        planned = PlannedRoster(tuple(duties), ())
        short = sum(short_hours(task, planned, self._groups, week) for week in block)
        filled, unfilled = [], []
        for shift, missing in zip(shifts, solved.unfilled, strict=True):
            if missing:
                unfilled.append((shift, missing))
            if missing < shift.number:
                filled.append(shift._replace(number=shift.number - missing))
        return _Attempt(duties, bounds, short, filled, unfilled)

    def _seat(self, day: int, of_day: list[tuple[int, ShiftForm]]) -> Iterator[PlannedDuty]:
        """Rests and window groups of those on duty."""
        of_day = sorted(of_day)
        of_class = [self._classes.of_person[p] for p, _ in of_day]
        on_duty = OnDuty(
            [self._people[p] for p, _ in of_day],
            [form for _, form in of_day],
            self._classes.skills[of_class],
            self._classes.senior[of_class],
        )
        return duties_of_day(self._task, day, self._groups, on_duty)

    def _close(self, week: int, duties: Sequence[PlannedDuty], bound: float) -> WeekOfGroups:
        """A week is as it is: what everybody has had goes on."""
        task, before = self._task, tuple(self._so_far)
        of_week = [duty for duty in duties if duty.day // WEEK == week]
        self.duties += of_week
        days = task.open_days(week)
        for p, person in enumerate(self._people):
            of_person = [duty for duty in of_week if duty.person == person]
            present = sum(bool(self._present[d][p]) for d in days)
            could = min(present, task.workdays[week])
            self._so_far[p] = before[p].after(task, week, of_person, could)
        return WeekOfGroups(week, self._groups, self._people, before, bound)


def _joined(weeks: Sequence[WantedWeek]) -> tuple[list[OpenShift], list[float]]:
    """Shifts of all weeks, and the bound of each."""
    return [shift for week in weeks for shift in week.shifts], [week.bound for week in weeks]
