"""Waits by class, matter, list, window group, county, half hour and day: who a mean is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, get_args

import numpy as np

from sim.analysis.catalogue import BY_GROUP, MEASURES, OF_WINDOWS, By
from sim.analysis.estimates import Estimate, bounds_of
from sim.analysis.intervals import ratio_difference, ratio_interval
from sim.analysis.judge import rated
from sim.analysis.measures import Tally
from sim.analysis.slots import SLOT
from sim.clock import format_clock
from sim.plan.plan import Plan
from sim.scenario.scenario import Targets

GROUPINGS: Final[tuple[By, ...]] = get_args(By)
OF_THE_CROWD: Final[frozenset[By]] = frozenset({"class", "matter", "county", "slot", "day"})
"""Groupings that two layouts share, since they say who comes and not where they wait."""


class Group(NamedTuple):
    """The figures of one group of people."""

    id: str
    """Of the class, matter …; "08:30" for a half hour, a date for a day."""
    called: float
    """Tickets called, a replication."""
    figures: dict[str, Estimate]
    """Measure -> its estimate, over replications."""


def group_ids(plan: Plan, by: By) -> tuple[str, ...]:
    """The ids of a grouping, in the order of a tally's sums.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> group_ids(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"), "slot")[17]
    '08:30'
    """
    names = plan.names
    match by:
        case "matter":
            return names.matters
        case "class":
            return names.classes
        case "list":
            return names.lists
        case "group":
            return tuple(sorted(set(names.groups)))
        case "county":
            return tuple(sorted(set(names.counties)))
        case "slot":
            return tuple(format_clock(n * SLOT) for n in range(24 * 2))
        case "day":
            first = date.fromordinal(plan.period.start_ordinal)
            days = (first + timedelta(days=int(n)) for n in plan.period.hall_days)
            return tuple(day.isoformat() for day in days)


def by_group(
    plan: Plan, tallies: Sequence[Tally], by: By, level: float = 0.95
) -> tuple[Group, ...]:
    """The figures of each group that anybody belongs to.

    Days and half hours of one replication share their people, so the clusters are replications
    here: with one there is no interval.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> study = replicate(scenario, run=Run(replications=2, workers=1))
    >>> [group.id for group in by_group(study.plans[0], study.of("hall"), "day")]
    ['2025-01-09', '2025-01-10']
    """
    groups = []
    for n, name in enumerate(group_ids(plan, by)):
        keys = (key for key in (*BY_GROUP, *OF_WINDOWS) if (key, by) in _keys(tallies))
        sums = {key: _sums(tallies, key, by, n) for key in keys}
        figures = {
            key: Estimate(
                key,
                _MEASURE[key].unit,
                _MEASURE[key].better,
                ratio_interval(
                    numerators / _MEASURE[key].scale, counts, level, bounds_of(_MEASURE[key])
                ),
            )
            for key, (numerators, counts) in sums.items()
            if counts.any()
        }
        if figures:
            groups.append(Group(name, float(sums["wait"][1].mean()), figures))
    return tuple(groups)


def group_changes(
    plan: Plan,
    before: Sequence[Tally],
    after: Sequence[Tally],
    by: By,
    targets: Targets,
    level: float = 0.95,
) -> tuple[Group, ...]:
    """After minus before for each group of a crowd that both layouts served.

    Parameters
    ----------
    by
        One of `OF_THE_CROWD`.
    targets
        From what size on a difference matters.
    """
    changes = []
    for n, name in enumerate(group_ids(plan, by)):
        figures = {}
        for key in BY_GROUP:
            was, is_ = _sums(before, key, by, n), _sums(after, key, by, n)
            if was[1].any() and is_[1].any():
                measure = _MEASURE[key]
                change = ratio_difference(
                    was[0] / measure.scale, was[1], is_[0] / measure.scale, is_[1], level
                )
                level_before = float(was[0].sum() / measure.scale / was[1].sum())
                apart = Estimate(key, measure.unit, measure.better, change)
                figures[key] = rated(apart, level_before, targets)
        if figures:
            called = float(_sums(after, "wait", by, n)[1].mean())
            changes.append(Group(name, called, figures))
    return tuple(changes)


_MEASURE: Final = {measure.key: measure for measure in MEASURES}


def _keys(tallies: Sequence[Tally]) -> set[tuple[str, By]]:
    return set(tallies[0].by_group) if tallies else set()


def _sums(
    tallies: Sequence[Tally], key: str, by: By, n: int
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]
]:
    """Numerators and denominators of one group, a replication each."""
    sums = np.array([tally.by_group[key, by][:, n] for tally in tallies], dtype=np.float64)
    return sums[:, 0], sums[:, 1]
