"""What the same crowd is worth, and how long the city's question takes."""

from __future__ import annotations

import time
from statistics import median
from typing import Any, Final

import numpy as np

import sim
from sim.analysis.quick import QUICK
from sim.clock import MINUTE
from sim.plan.plan import Plan
from tests.speed.workloads import city, load

PAIRS: Final = 60
PAIR_DAYS: Final = 5
ONE_MORE: Final = ("layouts.hall.windows.zone.clerks=13",)
QUICKER: Final = tuple(
    f"matters.{matter}.service.base.mean={0.97 * mean:g} min"
    for matter, mean in (
        ("inquiry", 3),
        ("certificate", 5),
        ("business", 7),
        ("tax", 6),
        ("senior", 6),
        ("booked", 6),
    )
)


def variance_ratios() -> dict[str, dict[str, float]]:
    """Variance of a what-if's difference, independent seeds over the same crowd.

    Two questions of workload 2: one more window in the zone, and 3 % quicker service there.
    """
    days = f"run.measured_days={PAIR_DAYS}"
    base = sim.compile_plan(load("w2", days), "hall")
    found: dict[str, dict[str, float]] = {}
    for name, change in (("one_more_window", ONE_MORE), ("3_percent_quicker", QUICKER)):
        other = sim.compile_plan(load("w2", days, *change), "hall")
        figures = [_figures(plan, seed) for plan, seed in ((base, 1), (other, 1), (other, 2))]
        paired, apart = figures[1] - figures[0], figures[2] - figures[0]
        ratios = apart.var(axis=0, ddof=1) / paired.var(axis=0, ddof=1)
        found[name] = dict(zip(("wait", "called_within"), ratios.tolist(), strict=True))
    return found


def _figures(plan: Plan, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """float64, shape (pairs, 2): mean wait in minutes and share called within 15 minutes."""
    sums = sim.screen([plan], PAIRS, seed).sums[0].astype(np.float64)
    wait, within = (sums[:, QUICK.index(key)] for key in ("wait", "called_within"))
    return np.stack([wait[:, 0] / wait[:, 1] / MINUTE, within[:, 0] / within[:, 1]], axis=1)


def city_question(rounds: int) -> dict[str, Any]:
    """All layouts of the city, 20 measured days, 30 replications, compared, on all cores."""
    scenario = city(20)
    times = []
    for round_ in range(rounds + 1):
        begun = time.perf_counter()
        sim.compare(sim.replicate(scenario, replications=30, seed=round_ + 1))
        if round_:
            times.append(time.perf_counter() - begun)
    return {"seconds": times, "median": median(times)}
