"""The workloads: scenario files, plans, and the plain programs beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import sim
from sim.plan.plan import Plan
from sim.scenario.scenario import Scenario
from tests.speed.plain_simpy import PlainHall, one_list

HERE: Final = Path(__file__).parent
CUSTOMERS_A_DAY: Final = 13_680
"""Of workload 1, which never closes."""


class Workload(NamedTuple):
    """One workload, as long as asked for."""

    name: str
    plan: Plan
    plain: Callable[[int], int] | None
    """Runs the program in plain SimPy with a seed; how many people it served."""


def load(name: str, *overrides: str) -> Scenario:
    """A scenario file of the benchmark."""
    return sim.load_scenario(HERE / f"{name}.yaml", overrides)


def hall(days: int, *overrides: str) -> Plan:
    """Workload 2 over so many days."""
    return sim.compile_plan(load("w2", f"run.measured_days={days}", *overrides), "hall")


def one_queue(days: int, *overrides: str) -> Plan:
    """Workload 1 over so many days."""
    return sim.compile_plan(load("w1", f"run.measured_days={days}", *overrides), "hall")


def city(days: int) -> Scenario:
    """The city with its own warm-up and follow-up, and so many measured days."""
    return sim.load_scenario(sim.example_path("sanmenxia.yaml"), [f"run.measured_days={days}"])


def workloads(days: int) -> tuple[Workload, ...]:
    """All workloads, about as long as so many days of the second."""
    one_days = max(1, round(days * 1200 / CUSTOMERS_A_DAY))
    town = city(days)
    return (
        Workload(
            "W1",
            one_queue(one_days),
            lambda seed: len(one_list(one_days * CUSTOMERS_A_DAY, seed)),
        ),
        Workload("W2", hall(days), lambda seed: len(PlainHall(days, seed).run())),
        Workload("city", sim.compile_plan(town, town.layouts[0].id), None),
    )
