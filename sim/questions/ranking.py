"""What matters most: each lever at both ends of its range, all else as it is, same crowds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.analysis.catalogue import QUANTILES
from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.analysis.measures import Tally
from sim.engine.run import Engine
from sim.errors import OptionError, Problem, ScenarioError
from sim.questions.levers import ENDS, LeftOut, Levers, assumed_levers, chosen
from sim.questions.question import one_layout
from sim.questions.sweep import ALL, prices, tallies_of
from sim.questions.vary import Lever
from sim.runs.run import Run
from sim.scenario.edit import VariedScenario, vary_tree
from sim.scenario.load import tree_of
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario


class End(NamedTuple):
    """A lever at one end of its range."""

    value: str
    same_budget: bool
    estimate: Estimate
    difference: Estimate
    """This end minus the scenario as it is, on the same crowds."""


class Swing(NamedTuple):
    """One lever at both ends; an end that makes the scenario unsound is None."""

    lever: Lever
    low: End | None
    high: End | None

    @property
    def size(self) -> float:
        """The larger of both differences, without its sign."""
        ends = (end for end in (self.low, self.high) if end is not None)
        return max((abs(end.difference.interval.mean) for end in ends), default=0.0)


class Ranking(NamedTuple):
    """All levers of one layout by what they do to one measure."""

    scenario: Scenario
    layout: str
    measure: str
    base: Estimate | None
    """The scenario as it is; None where there was nothing to count."""
    swings: tuple[Swing, ...]
    """The largest first."""
    left_out: tuple[LeftOut, ...]
    replications: int
    asked: int
    seed: int
    engine: Engine
    level: float
    """Coverage of each estimate alone, and of all differences together."""

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked

    @property
    def comparisons(self) -> int:
        """Differences that hold together: every end that was run."""
        return sum(end is not None for swing in self.swings for end in (swing.low, swing.high))

    @property
    def idle(self) -> int:
        """Levers that change nothing at all, in no replication."""
        return sum(swing.size == 0 for swing in self.swings)


def rank(
    scenario: Scenario,
    layout: str,
    levers: Levers,
    measure: str = "wait",
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> Ranking:
    """Run each lever at its low and its high end, all else as it is, and rank the levers.

    An end that makes the scenario unsound is left out and told; a point of unequal clerk hours is
    run and marked, as in a sweep.

    Parameters
    ----------
    levers
        As `assumed_levers` or `chosen` give them.
    measure
        Of `MEASURES`, or a quantile of waits.
    run
        How to run it; stopped early, every end keeps the same first replications.

    Raises
    ------
    OptionError
        For an unknown measure, when no lever is left, and on a cluster.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.questions.levers import given_levers
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = given_levers(scenario, ["layouts.hall.windows.windows.clerks=5,7"])
    >>> ranking = rank(scenario, "hall", Levers(levers, ()), run=Run(replications=2, workers=1))
    >>> [(swing.lever.path, swing.low.difference.interval.mean) for swing in ranking.swings]
    [('layouts.hall.windows.windows.clerks', 0.0)]
    """
    if measure not in ALL:
        problem = Problem("unknown_measure", "--measure", found=measure, allowed=", ".join(ALL))
        raise OptionError(problem)
    if not levers.levers:
        raise OptionError(Problem("no_levers"))
    tree = tree_of(scenario)
    made: list[tuple[VariedScenario | None, VariedScenario | None]] = []
    left_out = list(levers.left_out)
    for lever in levers.levers:
        ends, problems = _ends(tree, lever, run.cancelled)
        made.append(ends)
        if problems:
            left_out.append(LeftOut(lever.path, problems))
    how = run.resolved(scenario)
    scenarios = [scenario, *(end.scenario for ends in made for end in ends if end is not None)]
    key = "wait" if measure in QUANTILES else measure
    rows = tallies_of(scenarios, (layout,), tuple(dict.fromkeys((key, measure))), run=how)
    tallies = {varied.hash: by_layout[0] for varied, by_layout in zip(scenarios, rows, strict=True)}
    context = _EndContext(scenario, tallies, measure, key, level, len(scenarios) - 1)
    replications = len(tallies[scenario.hash])
    swings = [
        Swing(lever, *(_end(context, lever, n, ends[n]) for n in range(ENDS)))
        for lever, ends in zip(levers.levers, made, strict=True)
        if replications and any(end is not None for end in ends)
    ]
    swings.sort(key=lambda swing: -swing.size)
    base = context.estimate(scenario) if replications else None
    return Ranking(
        scenario,
        layout,
        measure,
        base,
        tuple(swings),
        tuple(left_out),
        replications,
        how.replications,
        how.seed,
        how.engine,
        level,
    )


def _ends(
    tree: Node, lever: Lever, cancelled: Callable[[], bool]
) -> tuple[tuple[VariedScenario | None, VariedScenario | None], tuple[Problem, ...]]:
    """The scenarios of both ends, and why there is none."""
    ends: list[VariedScenario | None] = []
    problems: list[Problem] = []
    for setting in lever.settings:
        try:
            ends.append(None if cancelled() else vary_tree(tree, setting.overrides))
        except ScenarioError as error:
            ends.append(None)
            problems += [problem for problem in error.problems if problem not in problems]
    low, high = ends
    return (low, high), tuple(problems)


class _EndContext(NamedTuple):
    """What all ends of a ranking share."""

    scenario: Scenario
    tallies: Mapping[str, tuple[Tally, ...]]
    """By the hash of their scenario."""
    measure: str
    key: str
    """The measure whose sums it needs."""
    level: float
    comparisons: int

    def estimate(self, scenario: Scenario) -> Estimate | None:
        """The measure in one scenario."""
        measures = [measure for measure in prices(scenario) if measure.key == self.key]
        return _only(self.measure, estimates(self.tallies[scenario.hash], self.level, measures))

    def difference(self, scenario: Scenario) -> Estimate | None:
        """One scenario minus the base."""
        before, after = self.tallies[self.scenario.hash], self.tallies[scenario.hash]
        old, new = (
            [measure for measure in prices(each) if measure.key == self.key]
            for each in (self.scenario, scenario)
        )
        each = bonferroni(self.level, max(self.comparisons, 1))
        apart = _only(self.measure, differences(before, after, each, old, new))
        base = self.estimate(self.scenario)
        if apart is None or base is None:
            return apart
        return rated(apart, base.interval.mean, self.scenario.targets)


def _only(measure: str, measured: Iterable[Estimate]) -> Estimate | None:
    return next((estimate for estimate in measured if estimate.measure == measure), None)


def _end(context: _EndContext, lever: Lever, n: int, made: VariedScenario | None) -> End | None:
    if made is None:
        return None
    estimate, difference = context.estimate(made.scenario), context.difference(made.scenario)
    if estimate is None or difference is None:
        return None
    return End(lever.settings[n].value, made.same_budget, estimate, difference)


@dataclass(frozen=True)
class LeversQuestion:
    """Which number matters most for one measure in one layout?

    Attributes
    ----------
    layout : str or None
        None = the first of the scenario.
    measure : str
        Of `MEASURES`, or a quantile of waits.
    only : tuple of str
        Levers, or beginnings of their paths; empty = all.
    given : tuple of Lever
        Levers of the asker's own, as `given_levers` gives them.
    level : float
        Coverage of each estimate alone, and of all differences together.
    """

    layout: str | None = None
    measure: str = "wait"
    only: tuple[str, ...] = ()
    given: tuple[Lever, ...] = ()
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def levers(self, scenario: Scenario) -> Levers:
        """The levers that are moved.

        Raises
        ------
        OptionError
            As `chosen`.
        """
        return chosen(assumed_levers(scenario, self._layout_of(scenario)), self.given, self.only)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and both ends of every lever."""
        return 1 + ENDS * len(self.levers(scenario).levers)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Ranking:
        """The levers, ranked."""
        return rank(
            scenario,
            self._layout_of(scenario),
            self.levers(scenario),
            self.measure,
            run=run,
            level=self.level,
        )

    def _layout_of(self, scenario: Scenario) -> str:
        return self.layout or scenario.layouts[0].id
