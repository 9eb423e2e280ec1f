"""A grid of overrides on the same crowds: every point, and its difference from the base."""

from __future__ import annotations

import hashlib
import math
import pickle
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

from sim.analysis.catalogue import MEASURES, QUANTILES, Measure
from sim.analysis.estimates import Estimate, differences, estimates, price_measures
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.analysis.measures import Tally
from sim.engine.run import Engine, prepare
from sim.errors import OptionError, Problem, ScenarioError
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.questions.vary import Lever
from sim.runs.processes import served
from sim.runs.run import ResolvedRun, Run
from sim.runs.task import Batch, Conditions
from sim.scenario.edit import VariedScenario, vary_tree
from sim.scenario.load import tree_of
from sim.scenario.scenario import Scenario

MOST_POINTS: Final = 400
"""Points of a grid times layouts: more are a question for `sim.screen`."""
TOGETHER: Final = 8
"""Plans that one task serves: few, so that it is soon told how far it is, and stops soon."""
ALL: Final = (*(measure.key for measure in MEASURES), *QUANTILES)


class SweepPoint(NamedTuple):
    """One scenario of a sweep, and what came of it."""

    values: tuple[str, ...]
    """One a lever, in their order; empty for the base."""
    scenario: Scenario
    same_budget: bool
    """Its layouts have equal clerk hours, as the base scenario wants."""
    tallies: tuple[tuple[Tally, ...], ...]
    """For each layout, the replications in order; sums of measures only."""


class Sweep(NamedTuple):
    """All points of a grid, on the same crowds."""

    levers: tuple[Lever, ...]
    layouts: tuple[str, ...]
    base: SweepPoint
    """The scenario as it is."""
    points: tuple[SweepPoint, ...]
    """The last lever changes first."""
    seed: int
    asked: int
    engine: Engine

    @property
    def replications(self) -> int:
        """Replications of every point: the first so many, without a gap."""
        return len(self.base.tallies[0])

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked


class SweepCell(NamedTuple):
    """One point in one layout: what was measured, and how far it is from the base."""

    point: SweepPoint
    layout: str
    estimates: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    """This point minus the base, on the same crowds."""

    def estimate(self, measure: str) -> Estimate | None:
        """One measure; None when there was nothing to count."""
        return next((estimate for estimate in self.estimates if estimate.measure == measure), None)

    def difference(self, measure: str) -> Estimate | None:
        """How far one measure is from the base; None when there was nothing to count."""
        return next(
            (difference for difference in self.differences if difference.measure == measure), None
        )


def sweep(
    scenario: Scenario,
    levers: Sequence[Lever],
    layouts: Sequence[str] = (),
    *,
    run: Run = Run(),
) -> Sweep:
    """Run every combination of the levers' values, and the scenario as it is, on the same crowds.

    A point whose clerk hours differ between layouts is run although the scenario asks for equal
    budgets, and says so (`Point.same_budget`).

    Parameters
    ----------
    levers
        As `read_levers` gives them.
    layouts
        As in `replicate`.
    run
        How to run it; stopped early, every point keeps the same first replications.

    Raises
    ------
    OptionError
        Without a lever, for more points than `MOST_POINTS`, and on a cluster.
    ScenarioError
        When values that are sound one by one contradict each other.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.questions.vary import read_levers
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = read_levers(scenario, ["layouts.hall.windows.windows.clerks=5:7:3"])
    >>> swept = sweep(scenario, levers, run=Run(replications=2, workers=1))
    >>> [point.values for point in swept.points]
    [('5',), ('6',), ('7',)]
    """
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    if not levers:
        raise OptionError(Problem("vary_missing", "--vary"))
    check_size(levers, len(names))
    grid = list(product(*(lever.settings for lever in levers)))
    tree, problems, made = tree_of(scenario), list[Problem](), list[VariedScenario]()
    for settings in grid:
        try:
            overrides = [override for setting in settings for override in setting.overrides]
            made.append(vary_tree(tree, overrides))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(problems)
    how = run.resolved(scenario)
    everything = [VariedScenario(scenario), *made]
    tallies = tallies_of([varied.scenario for varied in everything], names, run=how)
    values = [(), *(tuple(setting.value for setting in settings) for settings in grid)]
    base, *points = (
        SweepPoint(where, *varied, rows)
        for where, varied, rows in zip(values, everything, tallies, strict=True)
    )
    return Sweep(tuple(levers), names, base, tuple(points), how.seed, how.replications, how.engine)


def check_size(levers: Sequence[Lever], layouts: int) -> None:
    """Refuse a grid that is too large.

    Raises
    ------
    OptionError
        For more points than `MOST_POINTS`.
    """
    points = layouts
    for lever in levers:
        points *= len(lever.settings)
    if points > MOST_POINTS:
        most = (("high", f"{MOST_POINTS:,}"),)
        raise OptionError(
            Problem(
                "too_many_points",
                "--vary",
                found=f"{points:,}",
                allowed="allowed.at_most",
                values=most,
            )
        )


def tallies_of(
    scenarios: Sequence[Scenario],
    layouts: Sequence[str],
    measures: tuple[str, ...] = ALL,
    *,
    run: ResolvedRun,
    first: int = 0,
) -> list[tuple[tuple[Tally, ...], ...]]:
    """Serve the same crowds in many scenarios; equal scenarios are served once.

    Parameters
    ----------
    first
        Replication with which to begin, for a question that goes on where it was.

    Returns
    -------
    list
        For each scenario and layout the replications that all of them have finished.
    """
    places: dict[str, int] = {}
    for scenario in scenarios:
        places.setdefault(scenario.hash, len(places))
    different = {scenario.hash: scenario for scenario in scenarios}
    plans: list[tuple[Plan, ...]] = []
    for scenario in different.values():
        if run.cancelled():
            return [tuple(() for _ in layouts) for _ in scenarios]
        plans.append(tuple(compile_plan(scenario, layout) for layout in layouts))
    conditions = [
        Conditions(run.seed, run.engine, scenario.targets.called_within, measures)
        for scenario in different.values()
    ]
    members, batches = _batches(plans, conditions, len(layouts), first)
    prepare(plans[0][0], run.engine)
    rows: dict[tuple[int, int], tuple[Tally, ...]] = {}
    """By replication and batch."""
    done, total = 0, run.replications * len(plans)
    try:
        with closing(served(batches, run)) as source:
            for replication, n, row in source:
                rows[replication, n] = row
                done += len(members[n])
                run.report(done, total)
                if run.cancelled():
                    break
    except KeyboardInterrupt:
        pass
    replications = run.replications
    whole = (k for k in range(replications) if any((k, n) not in rows for n in range(len(batches))))
    complete = next(whole, replications)
    by_plan: list[tuple[tuple[Tally, ...], ...]] = [() for _ in plans]
    for n, batch in enumerate(members):
        for k, place in enumerate(batch):
            parts = range(k * len(layouts), (k + 1) * len(layouts))
            by_plan[place] = tuple(
                tuple(rows[r, n][part] for r in range(complete)) for part in parts
            )
    return [by_plan[places[scenario.hash]] for scenario in scenarios]


def _batches(
    plans: Sequence[tuple[Plan, ...]],
    conditions: Sequence[Conditions],
    layouts: int,
    first: int,
) -> tuple[list[list[int]], list[Batch]]:
    """Places whose plans have the same demand and conditions, a few together; and their batches."""
    alike: dict[tuple[bytes, Conditions], list[list[int]]] = {}
    most = max(TOGETHER // layouts, 1)
    for place, (layout_plans, own) in enumerate(zip(plans, conditions, strict=True)):
        demand = hashlib.sha256(pickle.dumps(layout_plans[0].demand)).digest()
        groups = alike.setdefault((demand, own), [[]])
        if len(groups[-1]) == most:
            groups.append([])
        groups[-1].append(place)
    members = [(shared, group) for (_, shared), groups in alike.items() for group in groups]
    batches = [
        Batch(tuple(p for n in group for p in plans[n]), shared, first) for shared, group in members
    ]
    return [group for _, group in members], batches


def comparisons(swept: Sweep) -> int:
    """Differences of one measure: points that are not the base, in every layout."""
    different = {point.scenario.hash for point in swept.points} - {swept.base.scenario.hash}
    return len(different) * len(swept.layouts)


def cells(swept: Sweep, level: float = 0.95) -> tuple[SweepCell, ...]:
    """Every point in every layout; the first cells are the base.

    The intervals of one measure's differences hold together with probability `level` (Bonferroni).
    """
    each = bonferroni(level, max(comparisons(swept), 1))
    return tuple(_cells(swept, level, each))


def _cells(swept: Sweep, level: float, each: float) -> Iterator[SweepCell]:
    before, targets = prices(swept.base.scenario), swept.base.scenario.targets
    levels = [
        {estimate.measure: estimate.interval.mean for estimate in estimates(old, level, before)}
        for old in swept.base.tallies
    ]
    for point in (swept.base, *swept.points):
        after = prices(point.scenario)
        rows = zip(swept.layouts, swept.base.tallies, point.tallies, levels, strict=True)
        for layout, old, new, means in rows:
            apart = () if point is swept.base else differences(old, new, each, before, after)
            changes = tuple(rated(gap, means.get(gap.measure, math.nan), targets) for gap in apart)
            yield SweepCell(point, layout, estimates(new, level, after), changes)


def prices(scenario: Scenario) -> tuple[Measure, ...]:
    """The measures of a scenario, its costs in its own prices."""
    return price_measures(
        scenario.money.clerk_yuan_per_hour if scenario.money is not None else None
    )


@dataclass(frozen=True)
class SweepQuestion:
    """What do several values of several fields do, in every combination?

    Attributes
    ----------
    levers : tuple of Lever
        As `read_levers` gives them.
    layouts : tuple of str
        Empty = all of the scenario.
    """

    levers: tuple[Lever, ...]
    layouts: tuple[str, ...] = ()

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and every combination.

        Raises
        ------
        OptionError
            As `check_size`.
        """
        check_size(self.levers, len(self.layouts or scenario.layouts))
        return 1 + math.prod(len(lever.settings) for lever in self.levers)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Sweep:
        """Every point, and the scenario as it is."""
        return sweep(scenario, self.levers, self.layouts, run=run)
