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
from sim.scenario.edit import clerks_of, with_clerks
from tests.speed.workloads import city, load

PAIRS: Final = 100
PAIR_DAYS: Final = 20
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
WHAT_IFS: Final = {
    "one_more_in_the_zone": ("layouts.hall.windows.zone.clerks=13",),
    "one_more_at_a_counter": ("layouts.hall.windows.counter_1.clerks=3",),
    "zone_3_percent_quicker": QUICKER,
}


def variance_ratios(pairs: int = PAIRS, n_days: int = PAIR_DAYS) -> dict[str, dict[str, float]]:
    """Variance of a what-if's difference, independent seeds over the same crowd.

    Questions of workload 2, and one of the city.
    """
    days = f"run.measured_days={n_days}"
    ratios_by_hall: dict[str, dict[str, float]] = {}
    town, base = city(n_days), sim.compile_plan(load("w2", days), "hall")
    halls = {
        name: (base, sim.compile_plan(load("w2", days, *change), "hall"))
        for name, change in WHAT_IFS.items()
    }
    more = with_clerks(town, "parallel", clerks_of(town.layout("parallel")) + 1)
    halls["city_one_more_clerk"] = (
        sim.compile_plan(town, "parallel"),
        sim.compile_plan(more, "parallel"),
    )
    for name, (as_it_is, what_if) in halls.items():
        figures = [
            _figures(plan, pairs, seed)
            for plan, seed in ((as_it_is, 1), (what_if, 1), (what_if, 2))
        ]
        paired, apart = figures[1] - figures[0], figures[2] - figures[0]
        ratios = apart.var(axis=0, ddof=1) / paired.var(axis=0, ddof=1)
        ratios_by_hall[name] = dict(zip(("wait", "called_within"), ratios.tolist(), strict=True))
    return ratios_by_hall


def _figures(plan: Plan, pairs: int, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """float64, shape (pairs, 2): mean wait in minutes and share called within 15 minutes."""
    sums = sim.screen([plan], run=sim.Run(replications=pairs, seed=seed)).sums[0].astype(np.float64)
    wait, within = (sums[:, QUICK.index(key)] for key in ("wait", "called_within"))
    return np.stack([wait[:, 0] / wait[:, 1] / MINUTE, within[:, 0] / within[:, 1]], axis=1)


def city_question(rounds: int) -> dict[str, Any]:
    """All layouts of the city, 20 measured days, 30 replications, compared, on all cores."""
    scenario = city(20)
    times = []
    for round_ in range(rounds + 1):
        begun = time.perf_counter()
        sim.compare(sim.replicate(scenario, run=sim.Run(replications=30, seed=round_ + 1)))
        if round_:
            times.append(time.perf_counter() - begun)
    return {"seconds": times, "median": median(times)}
