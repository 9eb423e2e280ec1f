"""What matters most: each lever at both ends of its range, all else as it is, same crowds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sim.analysis.catalogue import QUANTILES, Measure
from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.analysis.measures import Tally
from sim.engine.run import Engine
from sim.errors import OptionError, Problem, ScenarioError
from sim.questions.levers import ENDS, LeftOut, Levers
from sim.questions.sweep import ALL, prices, tallies_of
from sim.questions.vary import Lever
from sim.runs.run import Run
from sim.scenario.edit import VariedScenario, vary_tree
from sim.scenario.load import tree_of
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario, Targets


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


class LeverGroup(NamedTuple):
    """Levers that were moved together.

    Attributes
    ----------
    paths : tuple of str
        Of the levers.
    within : float
        How far any of their moves together surely changes the measure at most, in its unit; 0 =
        nothing changed in any crowd. Of a group that is to be split further, the mean change by
        the group that it is of.
    replications : int
        On which they were moved.
    """

    paths: tuple[str, ...]
    within: float
    replications: int


class Ranking(NamedTuple):
    """The levers of one layout by what they do to one measure."""

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
    groups: tuple[LeverGroup, ...] = ()
    """Levers that were dismissed in groups; none where each was run by itself."""
    waiting: tuple[LeverGroup, ...] = ()
    """Groups that may matter and are to be split further, those first that may matter most."""
    threshold: float = 0.0
    """Effects from which a lever was looked for in groups, in the unit of the measure; 0 = each was
    run by itself."""
    compared: int = 0
    """Differences that hold together where levers were looked for in groups."""

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked or bool(self.waiting)

    @property
    def dismissed(self) -> int:
        """Levers that were dismissed in groups."""
        return sum(len(group.paths) for group in self.groups)

    @property
    def comparisons(self) -> int:
        """Differences that hold together: every end that was run, or might have been."""
        return self.compared or sum(
            end is not None for swing in self.swings for end in (swing.low, swing.high)
        )

    @property
    def idle(self) -> int:
        """Levers that change nothing at all, in no replication."""
        return sum(swing.size == 0 for swing in self.swings)


def check_ranked(measure: str, levers: Levers) -> None:
    """Complain of what cannot be ranked.

    Raises
    ------
    OptionError
        `unknown_measure`; `no_levers` when there is none.
    """
    if measure not in ALL:
        problem = Problem("unknown_measure", "--measure", found=measure, allowed=", ".join(ALL))
        raise OptionError(problem)
    if not levers.levers:
        raise OptionError(Problem("no_levers"))


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
    check_ranked(measure, levers)
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
    key = sums_of(measure)
    rows = tallies_of(scenarios, (layout,), tuple(dict.fromkeys((key, measure))), run=how)
    tallies = {varied.hash: by_layout[0] for varied, by_layout in zip(scenarios, rows, strict=True)}
    own = measured(scenario, key, tallies[scenario.hash])
    context = EndContext(own, scenario.targets, measure, level, len(scenarios) - 1)
    replications = len(own.tallies)

    def end_of(lever: Lever, n: int, made: VariedScenario | None) -> End | None:
        if made is None:
            return None
        about = measured(made.scenario, key, tallies[made.scenario.hash])
        return context.end(lever.settings[n].value, about, same_budget=made.same_budget)

    swings = [
        Swing(lever, *(end_of(lever, n, ends[n]) for n in range(ENDS)))
        for lever, ends in zip(levers.levers, made, strict=True)
        if replications and any(end is not None for end in ends)
    ]
    swings.sort(key=lambda swing: -swing.size)
    base = context.estimate(own) if replications else None
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


def sums_of(measure: str) -> str:
    """The measure whose sums a measure needs: quantiles of waits are made from waits."""
    return "wait" if measure in QUANTILES else measure


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


class MeasuredScenario(NamedTuple):
    """What came of a scenario, and what its measures are: costs are those of its own wages."""

    measures: tuple[Measure, ...]
    tallies: tuple[Tally, ...]
    """Replications in order."""


def measured(scenario: Scenario, key: str, tallies: tuple[Tally, ...]) -> MeasuredScenario:
    """A scenario by one measure, or by that whose sums another one needs."""
    return MeasuredScenario(measures_of(scenario, key), tallies)


def measures_of(scenario: Scenario, key: str) -> tuple[Measure, ...]:
    """The measure of that key, as a scenario prices it."""
    return tuple(measure for measure in prices(scenario) if measure.key == key)


class EndContext(NamedTuple):
    """What all ends of a ranking share."""

    base: MeasuredScenario
    """The scenario as it is."""
    targets: Targets
    measure: str
    level: float
    comparisons: int

    def estimate(self, about: MeasuredScenario) -> Estimate | None:
        """The measure in one scenario."""
        return _only(self.measure, estimates(about.tallies, self.level, about.measures))

    def difference(self, about: MeasuredScenario) -> Estimate | None:
        """One scenario minus the base, on the crowds that it has."""
        before = self.base.tallies[: len(about.tallies)]
        each = bonferroni(self.level, max(self.comparisons, 1))
        old, new = self.base.measures, about.measures
        apart = _only(self.measure, differences(before, about.tallies, each, old, new))
        base = self.estimate(self.base._replace(tallies=before))
        if apart is None or base is None:
            return apart
        return rated(apart, base.interval.mean, self.targets)

    def end(self, value: str, about: MeasuredScenario, *, same_budget: bool) -> End | None:
        """A lever at one end; None where there was nothing to count."""
        estimate, difference = self.estimate(about), self.difference(about)
        if estimate is None or difference is None:
            return None
        return End(value, same_budget, estimate, difference)


def _only(measure: str, estimates: Iterable[Estimate]) -> Estimate | None:
    return next((estimate for estimate in estimates if estimate.measure == measure), None)
