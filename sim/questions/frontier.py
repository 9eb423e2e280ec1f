"""How many stations pay: what more and more of them cost and save, on the same crowds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from sim.analysis.intervals import Interval, bonferroni, paired_difference, shifted, t_interval
from sim.questions.columns import YUAN_A_YEAR, AnswerColumn, AnswerRows
from sim.questions.extend import extend_each
from sim.questions.extension import Extension, largest_residual
from sim.questions.proposals import propose
from sim.questions.question import SITING_HEAD, one_layout
from sim.runs.run import Run
from sim.scenario.scenario import Scenario


class FrontierStep(NamedTuple):
    """So many stations at the places that an integer programme gave them.

    Attributes
    ----------
    number : int
    points : tuple of str
    yearly : float
        Yuan a year that they cost.
    saved : Interval
        Yuan a year that residents save in fares and time.
    minutes : Interval
        Minutes a year that they save on the way.
    net : Interval
        `saved` less `yearly`.
    more : Interval
        Yuan a year that residents save more than at the step before.
    """

    number: int
    points: tuple[str, ...]
    yearly: float
    saved: Interval
    minutes: Interval
    net: Interval
    more: Interval


class Frontier(NamedTuple):
    """What more and more stations cost and save, on the same crowds.

    Attributes
    ----------
    scenario : Scenario
        As it is.
    layout : str
        Of the city hall.
    steps : tuple of FrontierStep
        From no station on; intervals of a column hold together (Bonferroni).
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of the intervals of a column together.
    residual : float
        Minutes: largest gap anywhere between the wait that people expect and the one they find.
    """

    scenario: Scenario
    layout: str
    steps: tuple[FrontierStep, ...]
    replications: int
    asked: int
    seed: int
    level: float
    residual: float = 0.0

    @property
    def best(self) -> FrontierStep:
        """The step that is worth most after its cost; of equal ones the smallest."""
        return max(self.steps, key=lambda step: step.net.mean)


def frontier(
    scenario: Scenario,
    numbers: Sequence[int],
    layout: str | None = None,
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> Frontier:
    """What each number of stations saves at its p-median, on the same crowds.

    Each number has the p-median of its own: the points of a step need not be among those of the
    next one. Numbers that give the same points are one step; the first step is no station.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> steps = frontier(area, [1, 2], run=Run(replications=1, workers=1)).steps
    >>> [(step.number, step.saved.mean > 0) for step in steps]
    [(0, False), (1, True), (2, True)]
    """
    sets = [
        propose(scenario, number, ["p_median"])[0].points if number else ()
        for number in (0, *sorted(numbers))
    ]
    sets = list(dict.fromkeys(sets))
    together = bonferroni(level, max(len(sets) - 1, 1))
    extensions = extend_each(scenario, sets, layout, run=run, level=together)
    none = extensions[0]
    pairs = pairwise((none, *extensions))
    return Frontier(
        scenario,
        none.layout,
        tuple(_step(before, after) for before, after in pairs if after.replications),
        none.replications,
        none.asked,
        none.seed,
        level,
        largest_residual(extensions),
    )


def _step(before: Extension, after: Extension) -> FrontierStep:
    money, saved = after.worth, "resident_cost"
    return FrontierStep(
        len(after.points),
        after.points,
        money.yearly,
        money.residents,
        t_interval(money.saved["travel"], after.level),
        shifted(money.residents, -money.yearly),
        paired_difference(before.worth.saved[saved], money.saved[saved], after.level),
    )


@dataclass(frozen=True)
class FrontierQuestion:
    """How many stations pay?

    Attributes
    ----------
    numbers : tuple of int
        Stations, each number at the townships where trips are cheapest in all.
    layout : str or None
        Of the city hall; None = the first of the scenario.
    level : float
        Coverage of the intervals of a column together.
    """

    numbers: tuple[int, ...]
    layout: str | None = None
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and with each number of stations."""
        del scenario
        return len({0, *self.numbers})

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Frontier:
        """What each number costs and saves."""
        return frontier(scenario, self.numbers, self.layout, run=run, level=self.level)


def _best_number(frontier: Frontier, _: int) -> int | None:
    return frontier.best.number if frontier.steps else None


ROWS: Final = AnswerRows(
    "frontier",
    "steps",
    "steps",
    (
        AnswerColumn("number", "whole"),
        AnswerColumn("points", "words"),
        AnswerColumn("stations_yuan_a_year", "number", YUAN_A_YEAR, "yearly"),
        AnswerColumn("residents_save_yuan_a_year", unit=YUAN_A_YEAR, field="saved"),
        AnswerColumn("minutes_saved_a_year", unit="min_a_year", field="minutes"),
        AnswerColumn("net_yuan_a_year", unit=YUAN_A_YEAR, field="net"),
        AnswerColumn("more_than_before_yuan_a_year", unit=YUAN_A_YEAR, field="more"),
    ),
    head=SITING_HEAD,
    foot=(AnswerColumn("best", "whole", value=_best_number),),
)
"""One row a number of stations, from none on."""
