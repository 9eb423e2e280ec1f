"""Speed of the engines beside plain SimPy: `python -m tests.speed`.

All programs run in turn in this one process, round after round; what counts is the ratio inside a
round, for it holds on a slow or busy machine too. Time is that of the crowd and the run alone.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.table import Table

import sim
from sim.engine.run import ENGINES
from sim.plan.plan import Plan
from tests.speed.agreement import batches, distances, plain_figures, sim_figures
from tests.speed.plain_simpy import PlainHall, one_list

HERE: Final = Path(__file__).parent
PLAIN: Final = "plain SimPy"
APART: Final = 4.0
"""Standard errors from which two programs count as different."""
CUSTOMERS_A_DAY: Final = 13_680


class Timing(NamedTuple):
    """One program in one round."""

    customers: int
    seconds: float
    """Crowd and run."""
    run_seconds: float
    """The run alone; plain SimPy draws while it runs."""

    @property
    def speed(self) -> float:
        """Customers a second."""
        return self.customers / self.seconds


class Workload(NamedTuple):
    """One workload and what it takes to time it."""

    name: str
    plan: Plan
    plain: Callable[[int], int]
    """Runs the plain program with a seed; how many people it served."""


def time_engine(plan: Plan, engine: Any, seed: int) -> Timing:
    """Draw a crowd and serve it."""
    before = process_time()
    tape = sim.draw_tape(plan.demand, seed, replication=0)
    drawn = process_time()
    sim.run(plan, tape, engine)
    after = process_time()
    return Timing(len(tape.arrived_at), after - before, after - drawn)


def time_plain(plain: Callable[[int], int], seed: int) -> Timing:
    """Run the plain program."""
    before = process_time()
    n = plain(seed)
    seconds = process_time() - before
    return Timing(n, seconds, seconds)


def workloads(days: int) -> tuple[Workload, Workload]:
    """Both workloads, about as long as so many days of the second."""
    one_days = max(1, round(days * 1200 / CUSTOMERS_A_DAY))
    plans = [
        sim.compile_plan(
            sim.load_scenario(HERE / f"{name}.yaml", [f"run.measured_days={n}"]), "hall"
        )
        for name, n in (("w1", one_days), ("w2", days))
    ]
    return (
        Workload("W1", plans[0], lambda seed: len(one_list(one_days * CUSTOMERS_A_DAY, seed))),
        Workload("W2", plans[1], lambda seed: len(PlainHall(days, seed).run())),
    )


def measure(workload: Workload, rounds: int) -> dict[str, list[Timing]]:
    """All programs in turn, round after round; a first round that warms up is not counted."""
    timings: dict[str, list[Timing]] = {name: [] for name in (PLAIN, *ENGINES)}
    for round_ in range(rounds + 1):
        for name, list_ in timings.items():
            if name == PLAIN:
                one = time_plain(workload.plain, round_)
            else:
                one = time_engine(workload.plan, name, round_)
            if round_:
                list_.append(one)
    return timings


def ratios(timings: dict[str, list[Timing]], name: str) -> list[float]:
    """How many times as fast as plain SimPy, round by round."""
    return [
        mine.speed / plain.speed for mine, plain in zip(timings[name], timings[PLAIN], strict=True)
    ]


def agreement(days: int) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Figures of the plain program and of the scenario files, and their distances."""
    one, two = workloads(days)
    tape = sim.draw_tape(one.plan.demand, seed=1, replication=0)
    t = sim.Tables(one.plan, tape, sim.run(one.plan, tape)).tickets
    waits = (t.called_at - t.taken_at)[t.called_at >= 0] / 60_000
    tape = sim.draw_tape(two.plan.demand, seed=1, replication=0)
    tables = sim.Tables(two.plan, tape, sim.run(two.plan, tape))
    plain = plain_figures(PlainHall(days, seed=1).run(), days)
    return {
        "W1": distances({"wait": batches(one_list(len(waits), seed=1))}, {"wait": batches(waits)}),
        "W2": distances(plain, sim_figures(tables)),
    }


def machine() -> dict[str, str]:
    """Where the figures were taken."""
    packages = {name: version(name) for name in ("simpy", "numpy", "numba")}
    return {
        "machine": f"{platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "sim": sim.__version__,
        **packages,
    }


def main() -> int:
    """Print the tables; 1 when the programs disagree."""
    parser = argparse.ArgumentParser(prog="python -m tests.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--days", type=int, default=20, help="days of workload 2 in a round")
    parser.add_argument("--check-days", type=int, default=60, help="days of the agreement check")
    parser.add_argument("--json", type=Path, help="file for all figures")
    options = parser.parse_args()
    console, speed = Console(), {}
    console.print(", ".join(f"{key} {value}" for key, value in machine().items()))
    for workload in workloads(options.days):
        timings = measure(workload, options.rounds)
        console.print(_speed_table(workload.name, timings))
        speed[workload.name] = _figures(timings)
    apart = agreement(options.check_days)
    console.print(_agreement_table(apart))
    if options.json is not None:
        found = {"machine": machine(), "speed": speed, "agreement": apart}
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    worst = max(abs(z) for figures in apart.values() for _, _, z in figures.values())
    return int(worst > APART)


def _figures(timings: dict[str, list[Timing]]) -> dict[str, dict[str, list[float]]]:
    return {
        name: {
            "customers_per_s": [one.speed for one in list_],
            "run_customers_per_s": [one.customers / one.run_seconds for one in list_],
            "times_plain": ratios(timings, name),
        }
        for name, list_ in timings.items()
    }


def _speed_table(name: str, timings: dict[str, list[Timing]]) -> Table:
    table = Table("program", "customers/s", "run alone", "× plain, by round", "median", title=name)
    for program, list_ in timings.items():
        times = ratios(timings, program)
        table.add_row(
            program,
            f"{median(one.speed for one in list_):,.0f}",
            f"{median(one.customers / one.run_seconds for one in list_):,.0f}",
            " ".join(f"{x:.2f}" for x in times),
            f"{median(times):.2f}",
        )
    return table


def _agreement_table(apart: dict[str, dict[str, tuple[float, float, float]]]) -> Table:
    table = Table("figure", "plain SimPy", "scenario", "z", title="agreement")
    for name, figures in apart.items():
        for figure, (plain, ours, z) in figures.items():
            table.add_row(f"{name} {figure}", f"{plain:.4g}", f"{ours:.4g}", f"{z:+.2f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
