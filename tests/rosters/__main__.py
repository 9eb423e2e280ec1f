"""Rosters of the program beside the best known ones of Curtois and Qu: `python -m tests.rosters`.

The instances are not part of the project, since nobody says under which licence they are; FOLDER
holds `Instance1.txt` and so on, as schedulingbenchmarks.org/nrp gives them out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Column, Table

from tests.rosters.bridge import RULES_OF_A_HALL, plan_by_horizon, plan_by_week
from tests.rosters.exact import solve
from tests.rosters.instance import (
    DAYS_OF_WEEK,
    RULES,
    SATURDAY,
    Instance,
    Roster,
    Verdict,
    judge,
    read_instance,
)

BEST_KNOWN: Final = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300}
"""Of the page of the instances, as copied on 2026-09-24 by seyon1988/IT5082_Optimization_Methods_
Programming__Assignment (data/best_known.csv); lower bounds are the same. Those of 1 to 7 are also
in the comparison of four published methods by ORProjects/NRP (ComputationalResults/README.md)."""
PLANS: Final[dict[str, Callable[[Instance], Roster]]] = {
    "hours by the week": plan_by_week,
    "hours over all weeks": plan_by_horizon,
}

HEADS: Final = ("objective", "requests", "missing", "seconds")


def instances_in(folder: Path) -> dict[int, Instance]:
    """Those of `BEST_KNOWN` that a folder holds."""
    files = {n: folder / f"Instance{n}.txt" for n in BEST_KNOWN}
    return {
        n: read_instance(path.read_text(encoding="utf-8"))
        for n, path in files.items()
        if path.is_file()
    }


def on_weekdays(instance: Instance) -> Instance:
    """The instance of a hall that is shut on Saturday and Sunday, and heeds no requests."""
    cover = tuple(need for need in instance.cover if need.day % DAYS_OF_WEEK < SATURDAY)
    return instance._replace(cover=cover, on=(), off=())


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 when the folder holds no instance."""
    parser = argparse.ArgumentParser(prog="python -m tests.rosters", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", type=int, nargs="*", choices=list(BEST_KNOWN))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of an exact solution")
    parser.add_argument("--prove", action="store_true", help="solve with all their rules, too")
    parser.add_argument(
        "--weekdays", action="store_true", help="nobody wanted at week-ends, and no requests"
    )
    options, console = parser.parse_args(arguments), Console()
    instances = instances_in(options.folder)
    chosen = {n: each for n, each in instances.items() if not options.only or n in options.only}
    if not chosen:
        console.print(f"no Instance1.txt … Instance{max(BEST_KNOWN)}.txt in {options.folder}")
        return 1
    table = Table("instance", "roster", "rules", *(Column(head, justify="right") for head in HEADS))
    broken = Table("instance", "roster", "their hard rules that it breaks, times")
    for n, whole in chosen.items():
        instance = on_weekdays(whole) if options.weekdays else whole
        size = f"{n}: {len(instance.staff)} people, {instance.horizon} days"
        published = "" if options.weekdays else str(BEST_KNOWN[n])
        table.add_row(size, "best known", "all", published)
        exact = {"hall": RULES_OF_A_HALL, **({"all": RULES} if options.prove else {})}
        for name, rules in exact.items():
            started = time.perf_counter()
            solved = solve(instance, rules, options.limit)
            verdict, took = judge(instance, solved.roster), time.perf_counter() - started
            at_least = "" if solved.is_best else f", ≥ {solved.bound:.0f}"
            table.add_row("", "exact" + at_least, name, *_figures(verdict, took))
        for name, plan in PLANS.items():
            started = time.perf_counter()
            verdict = judge(instance, plan(instance))
            table.add_row("", name, "hall", *_figures(verdict, time.perf_counter() - started))
            times = (f"{rule} {number}" for rule, number in verdict.breaches.items() if number)
            broken.add_row(str(n), name, ", ".join(times))
    console.print(table)
    console.print(broken)
    return 0


def _figures(verdict: Verdict, seconds: float) -> tuple[str, ...]:
    numbers = (verdict.objective, verdict.requests, verdict.missing)
    return (*map(str, numbers), f"{seconds:.1f}")


if __name__ == "__main__":
    sys.exit(main())
