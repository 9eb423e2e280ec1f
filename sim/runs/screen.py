"""Thousands of halls on the same crowds, a few sums each: what optimisers and sweeps ask for.

Crowds are drawn once and serve every hall. Threads share the work: the fast engine holds no lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.analysis.catalogue import Measure
from sim.analysis.intervals import Interval, ratio_difference, ratio_interval
from sim.analysis.quick import KNOWN, QUICK, quick_sums
from sim.arrays import Ints
from sim.clock import MINUTE
from sim.engine.run import Engine, prepare, run
from sim.errors import OptionError, Problem
from sim.plan.crowd import draw_tape
from sim.plan.plan import Plan
from sim.plan.same_plan import is_same_plan
from sim.runs.run import Run


class Screening(NamedTuple):
    """What came of many halls on the same crowds."""

    sums: Ints
    """int64, shape (P, R, measures, 2): of each plan, replication and measure in the order of
    `QUICK`, numerator and denominator."""
    seed: int

    def interval(self, plan: int, measure: str, level: float = 0.95) -> Interval:
        """One measure of one plan, in its unit; clusters are replications.

        Raises
        ------
        OptionError
            For a measure that is not a quick one.
        """
        counted = _known(measure)
        numerators, denominators = self.sums[plan, :, QUICK.index(measure)].T
        return ratio_interval(numerators / counted.scale, denominators, level)

    def difference(
        self, base: int, alternative: int, measure: str, level: float = 0.95
    ) -> Interval:
        """By how much a measure of plan `alternative` is above that of plan `base`, same crowds.

        Raises
        ------
        OptionError
            For a measure that is not a quick one.
        """
        counted, place = _known(measure), QUICK.index(measure)
        from_, to = (
            self.sums[plan, :, place].T / [[counted.scale], [1.0]] for plan in (base, alternative)
        )
        return ratio_difference(from_[0], from_[1], to[0], to[1], level)


def screen(
    plans: Sequence[Plan],
    *,
    run: Run = Run(),
    called_within: int = 15 * MINUTE,
) -> Screening:
    """Run many halls over the same crowds and sum up waits, calls in time and give-ups.

    Parameters
    ----------
    plans
        Of one demand: layouts, numbers of clerks, rules; the crowd must be the same.
    run
        How to run it: `workers` are threads. Plans say no replications and no seed; where the run
        says none either, they are those of a scenario that says none.
    called_within : int
        Ticks within which a ticket should be called.

    Raises
    ------
    OptionError
        When two plans have different demands; `not_on_cluster`.

    Examples
    --------
    >>> from sim import Run, compile_plan, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> screening = screen([compile_plan(scenario, "hall")], run=Run(replications=3, workers=1))
    >>> screening.sums.shape, screening.interval(0, "wait").n
    ((1, 3, 3, 2), 3)
    """
    for plan in plans[1:]:
        if not is_same_plan(plans[0].demand, plan.demand):
            layout, allowed = plan.names.layout, plans[0].names.layout
            raise OptionError(Problem("another_demand", "plans", found=layout, allowed=allowed))
    how = run.resolved()
    pool = ThreadPoolExecutor(how.cores())
    prepare(plans[0], how.engine)
    task = partial(_sums, plans, how.seed, how.engine, called_within)
    rows: list[Ints] = []
    try:
        for row in pool.map(task, range(how.replications)):
            rows.append(row)
            how.report(len(rows), how.replications)
            if how.cancelled():
                break
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return Screening(np.stack(rows, axis=1), how.seed)


def _sums(
    plans: Sequence[Plan], seed: int, engine: Engine, called_within: int, replication: int
) -> Ints:
    """int64, shape (P, measures, 2): of one crowd in every hall."""
    tape = draw_tape(plans[0].demand, seed, replication)
    return np.array([quick_sums(plan, run(plan, tape, engine), called_within) for plan in plans])


def _known(measure: str) -> Measure:
    if measure not in KNOWN:
        problem = Problem("unknown_measure", "screen", found=measure, allowed=", ".join(QUICK))
        raise OptionError(problem)
    return KNOWN[measure]
