"""What a second core brings: threads, worker processes, and staffing plans a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import Any, Final

import sim
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.scenario.edit import with_clerks
from tests.speed.plain_simpy import PlainHall
from tests.speed.workloads import hall, load

PLANS: Final = range(26, 58)
"""Clerks in each staffing plan; 32 is what the workload has."""
PLAN_DAYS: Final = 5
PLAN_REPLICATIONS: Final = 10


def seconds(work: Callable[[], object]) -> float:
    """By the clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def serve_all(plan: Plan, tapes: Sequence[Tape]) -> None:
    """Serve one crowd after the other."""
    for tape in tapes:
        sim.run(plan, tape)


def threads(rounds: int) -> dict[str, list[float]]:
    """How many times as fast two threads serve crowds as one does, runs of one and of 20 days."""
    ratios: dict[str, list[float]] = {}
    with ThreadPoolExecutor(2) as pool:
        for days, runs in ((1, 400), (20, 24)):
            plan = hall(days)
            tapes = [sim.draw_tape(plan.demand, 1, n) for n in range(runs)]
            serve_all(plan, tapes)
            for _ in range(rounds):
                alone = seconds(partial(serve_all, plan, tapes))
                together = seconds(partial(serve_by_two, pool, plan, tapes))
                ratios.setdefault(f"{days}_days", []).append(alone / together)
    return ratios


def serve_by_two(pool: ThreadPoolExecutor, plan: Plan, tapes: Sequence[Tape]) -> None:
    """Two threads serve half of the crowds each."""
    halves = [pool.submit(serve_all, plan, tapes[n::2]) for n in (0, 1)]
    for half in halves:
        half.result()


def workers(rounds: int) -> list[float]:
    """How many times as fast two worker processes make a whole study as one does."""
    scenario = load("w2", "run.measured_days=20")

    def study(n: int) -> float:
        run = sim.Run(replications=30, seed=1, workers=n)
        return seconds(partial(sim.replicate, scenario, ["hall"], run=run))

    study(1)
    return [study(1) / study(2) for _ in range(rounds)]


def staffing_plans(rounds: int) -> dict[str, Any]:
    """Staffing plans a second on two threads, beside plain SimPy on two perfect processes."""
    scenario = load("w2", f"run.measured_days={PLAN_DAYS}")
    plans = [sim.compile_plan(with_clerks(scenario, "hall", n), "hall") for n in PLANS]
    sim.screen(plans[:2], run=sim.Run(replications=2, workers=2))
    ours, times = [], []
    for round_ in range(rounds):
        run = sim.Run(replications=PLAN_REPLICATIONS, seed=round_, workers=2)
        spent = seconds(partial(sim.screen, plans, run=run))
        ours.append(len(plans) / spent)
        begun = time.perf_counter()
        people = len(PlainHall(PLAN_DAYS, round_).run())
        each = (time.perf_counter() - begun) / people
        times.append(ours[-1] * each * people * PLAN_REPLICATIONS / 2)
    return {"plans_per_s": ours, "median": median(ours), "times_plain_on_two": times}
