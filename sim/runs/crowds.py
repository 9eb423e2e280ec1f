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
    MOST_ROUNDS,
    TOLERANCE,
    Equilibrium,
    depends_on_waits,
    solve_equilibrium,
    with_expected_waits,
)
from sim.runs.processes import Work, run_parts, tell_step
from sim.runs.run import ResolvedRun
from sim.scenario.travel import Ways

Tallies = tuple[AreaTally, ...]
"""Replications in order."""

EXPECTED_ROUNDS: Final = 9
"""Rounds until waits agree, for the count of what there is to do; in Sanmenxia from 5 to 36."""
TRUSTED: Final = 2
"""Plans whose rounds are known that weigh as much as what was expected of them."""
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
    first: int
    """Replication with which it begins."""


class _StartedPart(NamedTuple):
    """A plan that is settled, and then serves the replications before `end`."""

    start: _Start
    served: _ServedPart
    end: int

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plan."""
        return self.start.plans


class StartedPlan(NamedTuple):
    """A plan that is settled, and its first replications.

    Attributes
    ----------
    number : int
        Place of the plan among those that were started.
    settled : Equilibrium
    tallies : tuple of AreaTally
    """

    number: int
    settled: Equilibrium
    tallies: Tallies


P = TypeVar("P", bound=Work)
R = TypeVar("R")


class Crowds:
    """Crowds that settle and serve plans on the same seed, whatever the number of processes.

    Progress counts the runs of a plan on a crowd. How many rounds a plan takes to settle is known
    when it is settled only, so what is announced follows what was found.

    Parameters
    ----------
    plans : int
        How many are going to be settled.
    run : ResolvedRun
        How to run them.
    served : int or None
        Replications of all plans together that are going to be served; None = of each plan those of
        the run.
    """

    def __init__(self, plans: int, run: ResolvedRun, served: int | None = None) -> None:
        self._run = run
        self._settling = min(CROWDS, run.replications)
        self._plans, self._rounds, self._settled, self._steps = plans, 0, 0, 0
        self._served, self._to_serve = 0, plans * run.replications if served is None else served
        self._reported = (0, 0)
        self.stopped = False
        """Whether somebody asked to stop."""

    def expect(self, served: int) -> None:
        """Say how many replications of all plans together are going to be served from now on."""
        self._to_serve = self._served + served

    def start(
        self,
        plans: Sequence[Plan],
        ways: Sequence[Ways],
        value_of_time: float,
        weights: Floats,
        end: int,
        take: Callable[[StartedPlan], None],
    ) -> None:
        """Settle each plan and serve the replications before `end` in it.

        Parameters
        ----------
        plans
            Those that come first are begun first.
        ways, value_of_time, weights
            As in `serve`.
        take
            Called with each plan as it is finished.
        """
        parts = [
            _StartedPart(
                _Start((plan,), self._run.seed, self._settling, self._run.engine),
                self._part((plan,), (way,), value_of_time, weights),
                end,
            )
            for plan, way in zip(plans, ways, strict=True)
        ]

        def took(place: tuple[int, int], result: tuple[SettledWaits, Tallies]) -> None:
            waits, tallies = result
            self._served += end
            self._count_rounds(len(waits[1]))
            take(StartedPlan(place[1], self._equilibrium(plans[place[1]], waits), tallies))

        self._work(parts, _started, 1, took)

    def solve_equilibria(self, plans: Sequence[Plan]) -> tuple[Equilibrium, ...]:
        """The plans whose people know the waits; once stopped, the others as they are."""
        seed, engine = self._run.seed, self._run.engine
        parts = [_Start((plan,), seed, self._settling, engine) for plan in plans]
        equilibria = [Equilibrium(plan, (), np.inf, TOLERANCE) for plan in plans]

        def took(place: tuple[int, int], waits: SettledWaits) -> None:
            self._count_rounds(len(waits[1]))
            equilibria[place[1]] = self._equilibrium(plans[place[1]], waits)

        self._work(parts, _settled, 1, took)
        return tuple(equilibria)

    def _count_rounds(self, rounds: int) -> None:
        """A plan is settled, after so many rounds."""
        self._settled += 1
        self._rounds += rounds
        self._steps -= rounds * self._settling
        self._report()

    def _equilibrium(self, plan: Plan, settled_waits: SettledWaits) -> Equilibrium:
        waits, residuals, residual = settled_waits
        settled = with_expected_waits(plan, waits) if depends_on_waits(plan) else plan
        return Equilibrium(settled, residuals, residual, TOLERANCE)

    def _part(
        self,
        plans: tuple[Plan, ...],
        ways: tuple[Ways, ...],
        value_of_time: float,
        weights: Floats,
        first: int = 0,
    ) -> _ServedPart:
        how = self._run
        return _ServedPart(plans, ways, value_of_time, weights, how.seed, how.engine, first)

    def serve(
        self,
        plans: Sequence[Plan],
        ways: Sequence[Ways],
        value_of_time: float,
        weights: Floats,
        first: int = 0,
        end: int | None = None,
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
        first, end
            From which replication on, and before which; None = those of the run.
        """
        requested = (self._run.replications if end is None else end) - first
        parts = [
            self._part(
                tuple(plans[n : n + AT_ONCE]),
                tuple(ways[n : n + AT_ONCE]),
                value_of_time,
                weights,
                first,
            )
            for n in range(0, len(plans), AT_ONCE)
        ]
        rows: dict[tuple[int, int], Tallies] = {}

        def took(place: tuple[int, int], row: Tallies) -> None:
            rows[place] = row
            self._served += len(row)
            self._report()

        self._work(parts, _served, requested, took)
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
        took: Callable[[tuple[int, int], R], None],
    ) -> None:
        """Hand over what a task gave, by number and part, until somebody stops it."""
        if self.stopped:
            return
        before = 0

        def stepped(steps: int) -> None:
            nonlocal before
            self._steps += steps - before
            before = steps
            self._report()

        try:
            with closing(run_parts(parts, task, times, self._run, stepped)) as source:
                for replication, n, result in source:
                    took((replication, n), result)
                    if self._run.cancelled():
                        break
            self.stopped = self._run.cancelled()
        except KeyboardInterrupt:
            self.stopped = True

    def _report(self) -> None:
        """Tell how many runs are done, of how many; never fewer than were told before."""
        rounds = (EXPECTED_ROUNDS * TRUSTED + self._rounds) / (TRUSTED + self._settled)
        under_way, waiting = max(self._steps, 0), max(self._plans - self._settled, 0)
        at_once = min(self._run.cores(), waiting)
        left = 0.0
        if at_once:
            each = rounds_left(under_way / (at_once * self._settling), rounds)
            left = (at_once * each + (waiting - at_once) * rounds) * self._settling
        ahead = under_way + round(left)
        done = self._rounds * self._settling + self._served
        total = done + ahead + max(self._to_serve - self._served, 0)
        progress = max(self._reported[0], done + under_way), max(total, self._reported[0])
        if progress != self._reported:
            self._reported = progress
            self._run.report(*progress)


def rounds_left(done: float, expected: float) -> float:
    """Rounds that a plan still takes which has not settled after so many.

    A plan that has taken long takes long again: half as many as it has had.

    Examples
    --------
    >>> rounds_left(0, 9), rounds_left(6, 9), rounds_left(20, 9), rounds_left(38, 9)
    (9, 3, 10.0, 2)
    """
    return max(min(max(expected - done, done / 2), MOST_ROUNDS - done), 0)


SettledWaits = tuple[Floats, tuple[float, ...], float]
"""Waits that are expected, gaps of the rounds, and that of the waits."""


def _started(part: _StartedPart, _: int) -> tuple[SettledWaits, Tallies]:
    """A plan that settles, and its first replications."""
    waits = _settled(part.start, 0)
    plan = part.served.plans[0]
    if depends_on_waits(plan):
        plan = with_expected_waits(plan, waits[0])
    served = part.served._replace(plans=(plan,))
    return waits, tuple(_served(served, replication)[0] for replication in range(part.end))


def _settled(start: _Start, _: int) -> SettledWaits:
    """The waits that are expected, and how well they agree with those found."""
    equilibrium = solve_equilibrium(
        start.plans[0], start.seed, start.crowds, start.engine, tell=tell_step
    )
    return equilibrium.waits, equilibrium.residuals, equilibrium.residual


def _served(part: _ServedPart, replication: int) -> Tallies:
    drawn: tuple[Demand, Tape] | None = None
    row = []
    for plan, ways in zip(part.plans, part.ways, strict=True):
        if drawn is None or drawn[0] is not plan.demand:
            drawn = plan.demand, draw_tape(plan.demand, part.seed, part.first + replication)
        tables = Tables(plan, drawn[1], run(plan, drawn[1], part.engine))
        check_invariants(tables)
        row.append(area_tally(tables, ways, part.value_of_time, part.weights))
    return tuple(row)
