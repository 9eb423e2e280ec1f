"""Layouts against each other on the same crowds: paired differences, corrected for their number."""

from __future__ import annotations

from itertools import combinations
from typing import Final, Literal, NamedTuple

from sim.analysis.estimates import Estimate, differences, estimates, priced
from sim.analysis.intervals import bonferroni
from sim.experiment.replicate import Study

HEADLINES: Final = (
    *("wait", "called_within", "trips", "turnaround"),
    *("on_time_share", "statutory_on_time_share"),
)
"""Measures that the verdict speaks of, of those that have something to count."""

Judgement = Literal["better", "worse", "not_distinguishable", "differs"]


class Pair(NamedTuple):
    """One layout against another: `after` minus `before`."""

    before: str
    after: str
    differences: tuple[Estimate, ...]

    def judgement(self, measure: str) -> Judgement:
        """Whether `after` is better, worse, or cannot be told apart from `before`."""
        return judge(next(one for one in self.differences if one.measure == measure))


class Comparison(NamedTuple):
    """What the layouts do, and how they differ."""

    study: Study
    level: float
    """Coverage of each estimate alone, and of all differences of one measure together."""
    layouts: tuple[tuple[Estimate, ...], ...]
    """For each layout of the study, every measure."""
    pairs: tuple[Pair, ...]

    def estimate(self, layout: str, measure: str) -> Estimate:
        """One measure of one layout.

        Raises
        ------
        KeyError
            When it was not measured.
        """
        for one in self.layouts[self.study.layouts.index(layout)]:
            if one.measure == measure:
                return one
        raise KeyError(measure)


def judge(difference: Estimate) -> Judgement:
    """What an interval of a difference allows to say: nothing, when it holds zero."""
    low, high = difference.interval.low, difference.interval.high
    if not (low > 0 or high < 0):
        return "not_distinguishable"
    if difference.better == "neither":
        return "differs"
    return "better" if (high < 0) == (difference.better == "low") else "worse"


def compare(study: Study, level: float = 0.95) -> Comparison:
    """Compare all layouts of a study pair by pair.

    The intervals of one measure's differences hold together with probability `level`: each is
    widened for the number of pairs (Bonferroni).

    Examples
    --------
    >>> from sim import example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> compare(replicate(scenario, replications=2, workers=1)).pairs
    ()
    """
    pairs = tuple(combinations(study.layouts, 2))
    corrected = bonferroni(level, len(pairs)) if pairs else level
    money = study.scenario.money
    measures = priced(money.clerk_yuan_per_hour if money is not None else None)
    return Comparison(
        study,
        level,
        tuple(estimates(study.of(layout), level, measures) for layout in study.layouts),
        tuple(
            Pair(one, two, differences(study.of(one), study.of(two), corrected, measures))
            for one, two in pairs
        ),
    )
