"""Layouts against each other on the same crowds: paired differences, corrected for their number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.analysis.estimates import Estimate, differences, estimates, price_measures
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import Judgement, judge, rated
from sim.runs.replicate import Study, replicate
from sim.runs.run import Run
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.questions.turning import Turning

HEADLINES: Final = (
    *("wait", "called_within", "trips", "turnaround"),
    *("on_time_share", "statutory_on_time_share"),
)
"""Measures that the verdict speaks of, of those that have something to count."""


class Pair(NamedTuple):
    """One layout against another: `after` minus `before`, each with the size that matters."""

    before: str
    after: str
    differences: tuple[Estimate, ...]

    def judgement(self, measure: str) -> Judgement:
        """Whether `after` is better or worse than `before`, and by a size that matters."""
        return judge(next(gap for gap in self.differences if gap.measure == measure))


class Comparison(NamedTuple):
    """What the layouts do, and how they differ."""

    study: Study
    level: float
    """Coverage of each estimate alone, and of all differences of one measure together."""
    layouts: tuple[tuple[Estimate, ...], ...]
    """For each layout of the study, every measure."""
    pairs: tuple[Pair, ...]
    turning: Turning | None = None
    """On which assumptions the verdict hangs, where somebody asked."""

    def estimate(self, layout: str, measure: str) -> Estimate:
        """One measure of one layout.

        Raises
        ------
        KeyError
            When it was not measured.
        """
        for estimate in self.layouts[self.study.layouts.index(layout)]:
            if estimate.measure == measure:
                return estimate
        raise KeyError(measure)


def compare(study: Study, level: float = 0.95) -> Comparison:
    """Compare all layouts of a study pair by pair.

    The intervals of one measure's differences hold together with probability `level`: each is
    widened for the number of pairs (Bonferroni).

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> compare(replicate(scenario, run=Run(replications=2, workers=1))).pairs
    ()
    """
    pairs = tuple(combinations(study.layouts, 2))
    corrected = bonferroni(level, len(pairs)) if pairs else level
    money = study.scenario.money
    measures = price_measures(money.clerk_yuan_per_hour if money is not None else None)
    of_layout = {layout: estimates(study.of(layout), level, measures) for layout in study.layouts}

    def pair(first: str, second: str) -> Pair:
        before = {each.measure: each.interval.mean for each in of_layout[first]}
        apart = differences(study.of(first), study.of(second), corrected, measures)
        targets = study.scenario.targets
        return Pair(
            first,
            second,
            tuple(rated(each, before.get(each.measure, math.nan), targets) for each in apart),
        )

    return Comparison(
        study,
        level,
        tuple(of_layout.values()),
        tuple(pair(first, second) for first, second in pairs),
    )


@dataclass(frozen=True)
class CompareQuestion:
    """How do layouts differ? Its answer is the study, of which `compare` makes the comparison.

    Attributes
    ----------
    layouts : tuple of str
        Empty = all of the scenario.
    until : tuple of (str, float)
        As in `replicate`: measures, and how wide their intervals may be.
    """

    layouts: tuple[str, ...] = ()
    until: tuple[tuple[str, float], ...] = ()

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is: a replication is one, whatever the number of layouts."""
        del scenario
        return 1

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Study:
        """All layouts on the same crowds."""
        return replicate(scenario, self.layouts, run=run, until=dict(self.until))
