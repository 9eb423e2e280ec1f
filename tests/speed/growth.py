"""What a customer costs as runs get longer, halls larger, queues endless."""

from __future__ import annotations

from collections.abc import Iterable
from time import process_time
from typing import Any, Final

import sim
from sim.plan.plan import Plan
from tests.speed.workloads import hall, one_queue

A_TENTH: Final = tuple(
    f"demand.{flow}_flow.per_day={people / 10:g}"
    for flow, people in (
        ("inquiry", 300),
        ("certificate", 216),
        ("business", 144),
        ("tax", 90),
        ("senior", 96),
        ("booked", 36),
        ("departmental", 318),
    )
)
"""Workload 2 with a tenth of its people, so that 10,000 days fit into memory."""
DAYS: Final = (10, 100, 1_000, 10_000)
WINDOWS: Final = (1, 10, 100, 1_000)
LOADS: Final = (0.5, 0.95, 1.5, 10.0)
CUSTOMERS: Final = 330_000


def cost(plan: Plan, runs: int) -> dict[str, float]:
    """Nanoseconds a customer of crowd and loop: the least of some runs."""
    crowd, loop, n, waiting = [], [], 1, 0
    for run in range(runs):
        begun = process_time()
        tape = sim.draw_tape(plan.demand, 1, run)
        drawn = process_time()
        journal = sim.run(plan, tape)
        loop.append(process_time() - drawn)
        crowd.append(drawn - begun)
        n, waiting = len(tape.cases.arrived_at), int((journal.called_at < 0).sum())
    costs = {"crowd_ns": min(crowd) / n * 1e9, "loop_ns": min(loop) / n * 1e9}
    return {**costs, "customers": n, "waiting_at_end": waiting}


def grow(plans: Iterable[tuple[float, Plan]], runs: int) -> list[dict[str, Any]]:
    """Costs of several plans, in one process and in turn."""
    costs = []
    for size, plan in plans:
        cost(plan, 1)
        costs.append({"size": size, **cost(plan, runs)})
    return costs


def horizon(runs: int) -> list[dict[str, Any]]:
    """Cost over days: a tenth of workload 2's people."""
    return grow(((days, hall(days, *A_TENTH)) for days in DAYS), runs)


def windows(runs: int) -> list[dict[str, Any]]:
    """Cost over the number of windows of workload 1, at its load."""

    def plan(n: int) -> Plan:
        per_day = 0.95 * n * 24 * 60
        days = max(1, min(200, round(CUSTOMERS / 3 / per_day)))
        clerks = f"layouts.hall.windows.windows.clerks={n}"
        return one_queue(days, f"demand.everybody.rate={0.95 * n} per min", clerks)

    return grow(((n, plan(n)) for n in WINDOWS), runs)


def overload(runs: int) -> list[dict[str, Any]]:
    """Cost over the load of workload 1's ten windows, with the same number of customers."""

    def plan(load: float) -> Plan:
        days = max(1, round(CUSTOMERS / (load * 10 * 24 * 60)))
        rate = CUSTOMERS / (days * 24 * 60)
        return one_queue(days, f"demand.everybody.rate={rate} per min")

    return grow(((load, plan(load)) for load in LOADS), runs)
