"""Does a sizing keep what it says? `python -m tests.questions.optimism 0 1 2` sizes drawn halls.

Each hall is sized with a margin, and its answer then lives through 200 days that neither the search
nor its proof has seen, and through many more, which stand for the truth. Three
margins take four minutes of processor time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from unittest import mock

import numpy as np

from sim.analysis.kept import kept_verdict
from sim.arrays import Bools, Floats
from sim.questions.size import SizedLayout, searched, size
from sim.runs import sizing_confirm
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import Run
from sim.runs.sizing import SizingProblem
from sim.scenario.edit import with_overrides
from tests.questions.drawn_halls import drawn_hall

HALLS: Final = 40
HALF_HOURS: Final = 8
DAYS: Final = 10
REPLICATIONS: Final = 10
"""With them a hundred days to search on, and a hundred to prove it, as a planner runs it."""
BUSIEST: Final = 3.0
FRESH_DAYS: Final = 200
TRUE_RUNS: Final = 20
"""Replications of so many days that stand for the truth: an error of a tenth of that of a proof."""
SEED: Final = 1_000_001
"""Of those days; halls are sized with seed 1."""


class Kept(NamedTuple):
    """What one sized hall keeps.

    Attributes
    ----------
    hours : float
        Clerk hours a week of the answer.
    covered : ndarray(bool), shape (cells,)
        The interval of the answer holds the truth.
    error : ndarray(float64), shape (cells,)
        What the answer says of a promise, less the truth, in what the promise leaves room for;
        above 0 where it says too much.
    missed : ndarray(float64), shape (cells,)
        By how much the truth is worse than the promise, in the same unit; below 0 where it is kept.
    missed_fresh : ndarray(bool), shape (cells,)
        Worse than the promise on 200 fresh days.
    wrong : ndarray(bool), shape (cells,)
        Said to be kept for certain, or broken for certain, and the truth is otherwise.
    """

    hours: float
    covered: Bools
    error: Floats
    missed: Floats
    missed_fresh: Bools
    wrong: Bools


def kept_by(number: int, margin: float) -> Kept:
    """One hall, sized and lived through."""
    scenario = drawn_hall(number, HALF_HOURS, DAYS, busiest=BUSIEST, replications=REPLICATIONS)
    with mock.patch.object(sizing_confirm, "MARGIN", margin):
        [row] = size(scenario, run=Run(workers=1, seed=1 + number)).layouts
    longer = with_overrides(scenario, [f"run.measured_days={FRESH_DAYS}"])
    with KeptCrowds(SEED, "fast", 1) as crowds:
        problem = SizingProblem(searched(longer), row.layout, crowds, range(1), lambda: None)
        clerks = np.array([need.clerks for need in row.needs], dtype=np.int64)
        staff = np.concatenate([clerks, problem.staff_today[len(clerks) :]])
        sums = problem.fresh_sums(problem.plan(staff), range(TRUE_RUNS))
        first, truth = (problem.promised.values(s) for s in (sums[0], sums.sum(axis=0)))
        return _judged(problem, row, first, truth)


def _judged(problem: SizingProblem, row: SizedLayout, first: Floats, truth: Floats) -> Kept:
    means, lows, highs = np.array([checked.sized[:3] for checked in row.cells]).T
    sign = np.where(problem.high_is_better, 1.0, -1.0)
    levels = problem.promised.levels
    better = np.where(problem.high_is_better, "high", "low")
    verdicts = [
        kept_verdict(checked.sized, checked.level, side)
        for checked, side in zip(row.cells, better.tolist(), strict=True)
    ]
    missed = sign * (levels - truth) > 0
    sure = {"kept": missed, "broken": ~missed}
    return Kept(
        row.clerk_hours,
        (lows <= truth) & (truth <= highs),
        sign * (means - truth) / problem.room,
        sign * (levels - truth) / problem.room,
        sign * (levels - first) > 0,
        np.array([verdict in sure and sure[verdict][n] for n, verdict in enumerate(verdicts)]),
    )


def all_kept(margin: float, halls: int = HALLS) -> Sequence[Kept]:
    """Every drawn hall."""
    return [kept_by(number, margin) for number in range(halls)]


class Optimism(NamedTuple):
    """What sizing with one margin comes to over all halls; shares of 0 to 1."""

    margin: float
    hours: float
    """Clerk hours a week, a hall."""
    covered_cells: float
    covered_halls: float
    """All intervals of a hall hold the truth: what is stated is 95 %."""
    bias: float
    """Mean of what is said less the truth, in what a promise leaves room for."""
    bias_error: float
    """Its standard error; halls are the clusters."""
    missed_cells: float
    """Truth worse than the promise."""
    missed_fresh: float
    """The same on 200 fresh days."""
    missed_by: float
    """Mean of by how much, where it is missed."""
    missed_most: float
    wrong_halls: float
    """Something is said for certain of a hall that is not so: no more than 5 % are stated."""


def summed(margin: float, halls: Sequence[Kept]) -> Optimism:
    """All halls together."""
    covered, error, missed, fresh = (
        np.concatenate([getattr(hall, name) for hall in halls])
        for name in ("covered", "error", "missed", "missed_fresh")
    )
    short = missed[missed > 0]
    return Optimism(
        margin,
        float(np.mean([hall.hours for hall in halls])),
        float(covered.mean()),
        float(np.mean([hall.covered.all() for hall in halls])),
        float(error.mean()),
        _clustered_error([hall.error for hall in halls]),
        float((missed > 0).mean()),
        float(fresh.mean()),
        float(short.mean()) if len(short) else 0.0,
        float(missed.max()),
        float(np.mean([hall.wrong.any() for hall in halls])),
    )


def _clustered_error(errors: Sequence[Floats]) -> float:
    """Standard error of the mean over all cells of all halls, whose cells share their crowds."""
    cells = np.array([len(each) for each in errors])
    sums = np.array([each.sum() for each in errors])
    pulls = sums - sums.sum() / cells.sum() * cells
    n = len(errors)
    return float(np.sqrt((pulls**2).sum() * n / (n - 1)) / cells.sum())


def rows(margins: Sequence[float]) -> Iterator[Optimism]:
    """One for each margin."""
    for margin in margins:
        yield summed(margin, all_kept(margin))


if __name__ == "__main__":
    print(" ".join(Optimism._fields))
    for row in rows([float(word) for word in sys.argv[1:]] or [sizing_confirm.MARGIN]):
        print(" ".join(f"{value:.4g}" for value in row), flush=True)
