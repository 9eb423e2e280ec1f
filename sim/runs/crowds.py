"""Many plans of one area, settled and served on the same crowds, with one count of all that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final, NamedTuple, TypeVar

import numpy as np

from sim.analysis.area import AreaTally, area_tally
from sim.arrays import Floats
from sim.engine.run import Engine, run
from sim.plan.crowd import draw_tape
from sim.plan.demand import Demand
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.runs.equilibrium import (
    CROWDS,
    TOLERANCE,
    Equilibrium,
    depends_on_waits,
    solve_equilibrium,
    with_expected_waits,
)
from sim.runs.processes import Work, run_parts
from sim.runs.run import ResolvedRun
from sim.scenario.travel import Ways

Tallies = tuple[AreaTally, ...]
"""Replications in order."""

AT_ONCE: Final = 4
"""Plans that a crowd is drawn for once: more would make a run slow to report and to stop."""


class _Start(NamedTuple):
    """A plan to be settled, and on which crowds."""

    plans: tuple[Plan]
    seed: int
    crowds: int
    engine: Engine


class _ServedPart(NamedTuple):
    """Plans that are served by the same task, and what that takes."""

    plans: tuple[Plan, ...]
    ways: tuple[Ways, ...]
    value_of_time: float
    weights: Floats
    seed: int
    engine: Engine


P = TypeVar("P", bound=Work)
R = TypeVar("R")


class Crowds:
    """The same crowds for all plans of a question.

    Plans are settled each for itself, so what comes of one does not depend on the others, nor on
    the number of processes.

    Parameters
    ----------
    plans : int
        How many are going to be settled and served, for the count of what is done: a replication
        of a plan is one, and so is each crowd that a plan is settled on.
    run : ResolvedRun
        How to run them.
    """

    def __init__(self, plans: int, run: ResolvedRun) -> None:
        self._run = run
        self._settling = min(CROWDS, run.replications)
        self._done, self._total = 0, plans * (self._settling + run.replications)
        self.stopped = False
        """Whether somebody asked to stop."""

    def solve_equilibria(self, plans: Sequence[Plan]) -> tuple[Equilibrium, ...]:
        """The plans whose people know the waits; once stopped, the others as they are."""
        seed, engine = self._run.seed, self._run.engine
        parts = [_Start((plan,), seed, self._settling, engine) for plan in plans]
        equilibria = [Equilibrium(plan, (), np.inf, TOLERANCE) for plan in plans]
        rows = self._work(parts, _settled, 1, [self._settling] * len(parts))
        for (_, n), (waits, residuals, residual) in rows.items():
            plan = with_expected_waits(plans[n], waits) if depends_on_waits(plans[n]) else plans[n]
            equilibria[n] = Equilibrium(plan, residuals, residual, TOLERANCE)
        return tuple(equilibria)

    def serve(
        self, plans: Sequence[Plan], ways: Sequence[Ways], value_of_time: float, weights: Floats
    ) -> tuple[Tallies, ...]:
        """Tallies of each plan: the first replications, without a gap, the same of all plans.

        Parameters
        ----------
        plans
            Those of one demand one behind the other: its crowds are drawn for them once.
        ways
            Of each plan.
        value_of_time
            Yuan an hour of a resident.
        weights
            As in `area_tally`.
        """
        starts = range(0, len(plans), AT_ONCE)
        parts = [
            _ServedPart(
                tuple(plans[n : n + AT_ONCE]),
                tuple(ways[n : n + AT_ONCE]),
                value_of_time,
                weights,
                self._run.seed,
                self._run.engine,
            )
            for n in starts
        ]
        requested = self._run.replications
        rows = self._work(parts, _served, requested, [len(part.plans) for part in parts])
        whole = [all((r, n) in rows for n in range(len(parts))) for r in range(requested)]
        completed = next((r for r, is_whole in enumerate(whole) if not is_whole), requested)
        return tuple(
            tuple(rows[r, n // AT_ONCE][n % AT_ONCE] for r in range(completed))
            for n in range(len(plans))
        )

    def _work(
        self,
        parts: Sequence[P],
        task: Callable[[P, int], R],
        times: int,
        counts: Sequence[int],
    ) -> dict[tuple[int, int], R]:
        """What a task gave, by number and part, until somebody stops it."""
        rows: dict[tuple[int, int], R] = {}
        if self.stopped:
            return rows
        try:
            with closing(run_parts(parts, task, times, self._run)) as source:
                for replication, n, result in source:
                    rows[replication, n] = result
                    self._done += counts[n]
                    self._run.report(self._done, self._total)
                    if self._run.cancelled():
                        break
            self.stopped = self._run.cancelled()
        except KeyboardInterrupt:
            self.stopped = True
        return rows


def _settled(start: _Start, _: int) -> tuple[Floats, tuple[float, ...], float]:
    """The waits that are expected, and how well they agree with those found."""
    equilibrium = solve_equilibrium(start.plans[0], start.seed, start.crowds, start.engine)
    return equilibrium.waits, equilibrium.residuals, equilibrium.residual


def _served(part: _ServedPart, replication: int) -> Tallies:
    drawn: tuple[Demand, Tape] | None = None
    row = []
    for plan, ways in zip(part.plans, part.ways, strict=True):
        if drawn is None or drawn[0] is not plan.demand:
            drawn = plan.demand, draw_tape(plan.demand, part.seed, replication)
        tables = Tables(plan, drawn[1], run(plan, drawn[1], part.engine))
        check_invariants(tables)
        row.append(area_tally(tables, ways, part.value_of_time, part.weights))
    return tuple(row)
