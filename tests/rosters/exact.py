"""The instances as one integer programme with all their rules, or with some left out.

It is the model of Curtois and Qu (2014), written for HiGHS: with all rules its optimum must be the
best known value, which checks the files and `judge`; with those rules alone that a hall has, it
says what no planner who keeps these rules can do better. Nothing of `sim` is used.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.rosters.instance import DAYS_OF_WEEK, FREE, RULES, SATURDAY, Employee, Instance, Roster


class Solved(NamedTuple):
    """The best roster found, its objective, and a bound that none is below."""

    roster: Roster
    objective: int
    bound: float

    @property
    def is_best(self) -> bool:
        """Whether the bound says that there is none better; objectives are whole numbers."""
        return self.bound > self.objective - 1 + 1e-6


class _Rows:
    def __init__(self) -> None:
        self.cost: list[float] = []
        self.high: list[float] = []
        self.entries: list[tuple[int, int, float]] = []
        self.limits: list[tuple[float, float]] = []

    def column(self, cost: float = 0.0, high: float = 1.0) -> int:
        self.cost.append(cost)
        self.high.append(high)
        return len(self.cost) - 1

    def add(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        self.entries += [(len(self.limits), c, v) for c, v in zip(columns, values, strict=True)]
        self.limits.append((low, high))

    def at_most(self, columns: Sequence[int], high: float) -> None:
        self.add(columns, [1.0] * len(columns), -math.inf, high)


def solve(instance: Instance, rules: Collection[str] = RULES, time_limit: float = 60.0) -> Solved:
    """The roster of the least objective under some of the hard rules.

    Raises
    ------
    ValueError
        Nothing found in the time.
    """
    rows, days, shifts = _Rows(), range(instance.horizon), list(instance.minutes)
    works = {
        (person.id, d): {shift: rows.column() for shift in shifts}
        for person in instance.staff
        for d in days
    }
    for request in instance.on:  # its weight is owed unless the shift is given
        rows.cost[works[request.employee, request.day][request.shift]] -= request.weight
    for request in instance.off:
        rows.cost[works[request.employee, request.day][request.shift]] += request.weight
    for need in instance.cover:
        there = [works[person.id, need.day][need.shift] for person in instance.staff]
        off = [rows.column(need.under, math.inf), rows.column(need.over, math.inf)]
        signs = [*[1.0] * len(there), 1.0, -1.0]
        rows.add([*there, *off], signs, need.people, need.people)
    for person in instance.staff:
        on = [list(works[person.id, d].values()) for d in days]
        for d in days:
            rows.at_most(on[d], 1.0)
        _add_rules(rows, instance, person, works, rules)
    row, column, value = zip(*rows.entries, strict=True)
    shape = (len(rows.limits), len(rows.cost))
    low, high = zip(*rows.limits, strict=True)
    solution = milp(
        rows.cost,
        constraints=LinearConstraint(sparse.csr_array((value, (row, column)), shape), low, high),
        bounds=Bounds(0.0, rows.high),
        integrality=np.ones(shape[1], dtype=np.int64),
        options={"time_limit": time_limit, "mip_rel_gap": 0.0},
    )
    if solution.x is None:
        raise ValueError(solution.message)
    roster = {
        person.id: [
            next((s for s, c in works[person.id, d].items() if solution.x[c] > 0.5), FREE)
            for d in days
        ]
        for person in instance.staff
    }
    owed = sum(request.weight for request in instance.on)
    return Solved(roster, round(solution.fun) + owed, solution.mip_dual_bound + owed)


def _add_rules(
    rows: _Rows,
    instance: Instance,
    person: Employee,
    works: dict[tuple[str, int], dict[str, int]],
    rules: Collection[str],
) -> None:
    name, days = person.id, range(instance.horizon)
    on = [list(works[name, d].values()) for d in days]

    def window(first: int, length: int) -> list[int]:
        return [column for d in range(first, first + length) for column in on[d]]

    if "days_off" in rules:
        rows.at_most([column for d in person.days_off for column in on[d]], 0.0)
    for shift, number in person.max_shifts.items():
        if "max_shifts" in rules:
            rows.at_most([works[name, d][shift] for d in days], number)
    minutes = [float(length) for _ in days for length in instance.minutes.values()]
    least = person.min_minutes if "min_minutes" in rules else 0
    most = person.max_minutes if "max_minutes" in rules else math.inf
    rows.add(window(0, instance.horizon), minutes, least, most)
    if "max_running" in rules:
        for first in range(instance.horizon - person.max_running):
            rows.at_most(window(first, person.max_running + 1), person.max_running)
    if "min_running" in rules:
        for length in range(1, person.min_running):
            for first in range(1, instance.horizon - length):
                # off, so many days on duty, off again: forbidden
                inside, edges = window(first, length), [*on[first - 1], *on[first + length]]
                signs = [1.0] * len(inside) + [-1.0] * len(edges)
                rows.add([*inside, *edges], signs, -math.inf, length - 1)
    if "min_off_running" in rules:
        for length in range(1, person.min_off_running):
            for first in range(1, instance.horizon - length):
                inside, edges = window(first, length), [*on[first - 1], *on[first + length]]
                signs = [1.0] * len(inside) + [-1.0] * len(edges)
                rows.add([*inside, *edges], signs, -1.0, math.inf)
    if "max_weekends" in rules:
        turns = []
        for saturday in range(SATURDAY, instance.horizon, DAYS_OF_WEEK):
            turns.append(rows.column())
            for d in range(saturday, min(saturday + 2, instance.horizon)):
                rows.add([*on[d], turns[-1]], [1.0] * len(on[d]) + [-1.0], -math.inf, 0.0)
        rows.at_most(turns, person.max_weekends)
    if "follows" in rules:
        for d in days[1:]:
            for before, barred in instance.not_after.items():
                for after in barred:
                    rows.at_most([works[name, d - 1][before], works[name, d][after]], 1.0)
