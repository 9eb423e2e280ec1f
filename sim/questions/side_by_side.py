"""Kept studies beside each other: what each gives, and the paired difference where people agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.analysis.catalogue import Measure
from sim.analysis.estimates import Estimate, differences, estimates, price_measures
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.plan.same_plan import is_same_plan
from sim.runs.replicate import Study
from sim.scenario.scenario import Scenario

MOST: Final = 4
"""Studies that stand beside each other at most."""


class StudyLayout(NamedTuple):
    """One layout of a kept study."""

    study: Study
    layout: str


class SideBySide(NamedTuple):
    """Layouts of studies, the first of which the others are held against."""

    columns: tuple[StudyLayout, ...]
    level: float
    """Coverage of each estimate alone, and of all differences of one measure together."""
    estimates: tuple[tuple[Estimate, ...], ...]
    """For each column, every measure."""
    differences: tuple[tuple[Estimate, ...] | None, ...]
    """For each column but the first: itself minus the first, crowd by crowd; None where other
    people come, or fewer than two crowds are the same."""


def is_same_crowd(first: Study, second: Study) -> bool:
    """Whether the same people come to both studies, replication by replication.

    People are drawn from what the plan says of the demand and from the seed, and from nothing else.
    """
    is_seed_same = first.seed == second.seed
    return is_seed_same and is_same_plan(first.plans[0].demand, second.plans[0].demand)


def put_side_by_side(columns: Sequence[StudyLayout], level: float = 0.95) -> SideBySide:
    """Hold layouts of kept studies against the first of them.

    The intervals of one measure's differences hold together with probability `level`, as those of
    `compare` do.
    """
    base, *others = columns
    corrected = bonferroni(level, max(len(others), 1))
    return SideBySide(
        tuple(columns),
        level,
        tuple(
            estimates(column.study.of(column.layout), level, _measures(column.study.scenario))
            for column in columns
        ),
        tuple(_apart(base, other, corrected) for other in others),
    )


def _measures(scenario: Scenario) -> tuple[Measure, ...]:
    money = scenario.money
    return price_measures(money.clerk_yuan_per_hour if money is not None else None)


def _apart(base: StudyLayout, other: StudyLayout, level: float) -> tuple[Estimate, ...] | None:
    together = min(base.study.replications, other.study.replications)
    if together < 2 or not is_same_crowd(base.study, other.study):
        return None
    before, after = (column.study.of(column.layout)[:together] for column in (base, other))
    measures, prices_after = (_measures(column.study.scenario) for column in (base, other))
    means = {each.measure: each.interval.mean for each in estimates(before, level, measures)}
    targets = base.study.scenario.targets
    return tuple(
        rated(each, means.get(each.measure, math.nan), targets)
        for each in differences(before, after, level, measures, prices_after)
    )
