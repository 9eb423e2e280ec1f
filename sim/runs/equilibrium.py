"""The waits that people expect, made to agree with the waits they find (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.sites import SiteLoads, site_loads
from sim.arrays import Floats
from sim.clock import MINUTE
from sim.engine.run import Engine, run
from sim.plan.crowd import draw_tape
from sim.plan.plan import LOWEST_COST, Plan
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.theory.choice import FASTER, SLOWER

CROWDS: Final = 3
"""Replications whose waits people know."""
TOLERANCE: Final = 1.0
"""Minutes."""
MOST_ROUNDS: Final = 40


def silent() -> None:
    """Tell nobody."""


class Equilibrium(NamedTuple):
    """A plan whose people expect the waits that they cause.

    Attributes
    ----------
    plan : Plan
        With the waits that are expected.
    residuals : tuple of float
        Minutes, a round: largest gap at a place between the wait expected and the wait found.
    residual : float
        Minutes: the gap of the plan that is returned.
    tolerance : float
        Minutes; the gap at which it ends.
    """

    plan: Plan
    residuals: tuple[float, ...]
    residual: float
    tolerance: float

    @property
    def rounds(self) -> int:
        """Rounds of choosing and serving; 0 = no choice depends on waits."""
        return len(self.residuals)

    @property
    def waits(self) -> Floats:
        """float64, shape (P,): minutes expected at each place; empty where there is one only."""
        return self.plan.journeys.wait if self.plan.journeys is not None else np.zeros(0)

    @property
    def converged(self) -> bool:
        """Whether expected and found agree."""
        return self.residual <= self.tolerance


def depends_on_waits(plan: Plan) -> bool:
    """Whether a wait can change where anybody goes."""
    journeys = plan.journeys
    return journeys is not None and journeys.rule == LOWEST_COST and journeys.value_of_time > 0


def solve_equilibrium(
    plan: Plan,
    seed: int,
    replications: int = CROWDS,
    engine: Engine = "fast",
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
    tell: Callable[[], None] = silent,
) -> Equilibrium:
    """Solve for waits that people expect and find: the same crowds choose and wait in turn.

    Self-regulated averaging, as in `sim.theory.choice_equilibrium`: from round to round the
    expected waits go a step of 1/b towards those found; b grows by 1.5 when the gap grew, else by
    0.3.
    Where people without tastes of their own stand between two places the gap may stay: whole
    townships move at once. The residuals say so.

    Parameters
    ----------
    plan
        Where to start: the waits that its people expect now.
    seed, replications
        The crowds, numbered from 0.
    tolerance
        Minutes.
    most_rounds
        It ends then anyhow, with the waits of the round whose gap was smallest.
    tell
        Called after each crowd of each round.

    Raises
    ------
    ValueError
        If there is no crowd or no round, or the tolerance is not above 0.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    Where there is one place only nobody has anything to choose:

    >>> from sim import compile_plan, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall")
    >>> solve_equilibrium(plan, seed=1).rounds
    0
    """
    if replications < 1 or most_rounds < 1 or not tolerance > 0:
        raise ValueError(
            f"solve_equilibrium: found {replications} replications, {most_rounds} rounds and "
            f"tolerance {tolerance}; allowed is 1 or more of each and a tolerance above 0; "
            "correct it"
        )
    if not depends_on_waits(plan):
        return Equilibrium(plan, (), 0.0, tolerance)
    assert plan.journeys is not None
    tapes = [draw_tape(plan.demand, seed, n) for n in range(replications)]
    wait, divisor, best = plan.journeys.wait, 1.0, plan
    residuals: list[float] = []
    while True:
        expectant = with_expected_waits(plan, wait)
        loads = []
        for tape in tapes:
            tables = Tables(expectant, tape, run(expectant, tape, engine))
            check_invariants(tables)
            loads.append(site_loads(tables))
            tell()
        gap = mean_waits(loads, plan.journeys.value_of_time) - wait
        residual = float(np.abs(gap).max())
        best = expectant if residual < min(residuals, default=np.inf) else best
        divisor += SLOWER if residuals and residual >= residuals[-1] else FASTER
        residuals.append(residual)
        if residual <= tolerance or len(residuals) == most_rounds:
            break
        wait = wait + gap / divisor
    return Equilibrium(best, tuple(residuals), min(residuals), tolerance)


def with_expected_waits(plan: Plan, wait: Floats) -> Plan:
    """The plan whose people expect these waits, in minutes."""
    assert plan.journeys is not None
    return plan._replace(journeys=plan.journeys._replace(wait=wait))


def mean_waits(replications: list[SiteLoads], value_of_time: float) -> Floats:
    """float64, shape (P,): minutes that it takes to be called at each place; 0 where nobody came.

    All that people wait there, and the worth in minutes of ways on which they were not served,
    over those who were called.

    Parameters
    ----------
    value_of_time
        Yuan an hour, above 0.
    """
    wait = np.sum([replication.wait for replication in replications], axis=0) / MINUTE
    vain = np.sum([replication.vain for replication in replications], axis=0) / value_of_time * 60
    called = np.sum([replication.called for replication in replications], axis=0)
    return np.asarray((wait + vain) / np.maximum(called, 1))
