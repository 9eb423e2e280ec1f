"""Speed of the engines: `python -m tests.speed`.

Programs run in turn, round after round; what counts is the ratio inside a round, for it holds on a
slow or busy machine too. Tables go to the console, all figures to `--json`, a picture to
`--figure`.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table

import sim
from sim.engine.run import ENGINES
from tests.speed import (
    city_staffing,
    cores,
    crowds,
    dated,
    growth,
    halls,
    mechanisms,
    motion,
    pages,
    planners,
    side_by_side,
    start,
    trials,
)
from tests.speed.agreement import batches, distances, plain_figures, sim_figures
from tests.speed.area import area
from tests.speed.figure import draw
from tests.speed.peers import known_peers
from tests.speed.plain_simpy import PlainHall, one_list
from tests.speed.workloads import workloads

APART: Final = 4.0
"""Standard errors from which two programs count as different."""
SECTIONS: Final[Mapping[str, Callable[[int], Any]]] = {
    "study": side_by_side.study,
    "mechanisms": mechanisms.mechanisms,
    "area": area,
    "halls": halls.halls,
    "pages": pages.pages,
    "horizon": growth.horizon,
    "windows": growth.windows,
    "overload": growth.overload,
    "threads": cores.threads,
    "workers": cores.workers,
    "staffing_plans": cores.staffing_plans,
    "planners": planners.planners,
    "trials": trials.trials,
    "city_staffing": city_staffing.city_staffing,
    "dated": dated.dated,
    "clerk_hours": dated.clerk_hours,
    "replay_days": dated.replay_days,
    "motion": motion.motion,
    "start": start.start,
    "memory": start.memory,
    "variance_ratios": lambda _: crowds.variance_ratios(),
    "city_question": crowds.city_question,
}
"""What is measured beside the engines themselves; each is told how many rounds to make."""


def agreement(days: int) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Figures of the plain program and of the scenario files, and their distances."""
    first, second, _ = workloads(days)
    tape = sim.draw_tape(first.plan.demand, seed=1, replication=0)
    t = sim.Tables(first.plan, tape, sim.run(first.plan, tape)).tickets
    waits = (t.called_at - t.taken_at)[t.called_at >= 0] / 60_000
    tape = sim.draw_tape(second.plan.demand, seed=1, replication=0)
    tables = sim.Tables(second.plan, tape, sim.run(second.plan, tape))
    plain = plain_figures(PlainHall(days, seed=1).run(), days)
    return {
        "W1": distances({"wait": batches(one_list(len(waits), seed=1))}, {"wait": batches(waits)}),
        "W2": distances(plain, sim_figures(tables)),
    }


def machine() -> dict[str, str]:
    """Where the figures were taken."""
    packages = {name: version(name) for name in ("simpy", "numpy", "numba", "scipy")}
    return {
        "machine": f"{platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "sim": sim.__version__,
        **packages,
    }


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command was asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--days", type=int, default=20, help="days of workload 2 in a round")
    parser.add_argument("--check-days", type=int, default=60, help="days of the agreement check")
    parser.add_argument("--peers", type=Path, help="folder with programs of others")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="PEER=PATH",
        help="interpreter of a peer with an environment of its own; without PEER, of all others",
    )
    parser.add_argument("--only", nargs="*", choices=["engines", "agreement", *SECTIONS])
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--figure", type=Path, help="file for a picture, .png or .svg")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 when the programs disagree."""
    options, console = options_of(arguments), Console()
    sections = options.only or ["engines", "agreement", *SECTIONS]
    report: dict[str, Any] = {"machine": machine()}
    console.print(", ".join(f"{key} {value}" for key, value in report["machine"].items()))
    if "engines" in sections:
        pythons = {peer: path for peer, _, path in (p.rpartition("=") for p in options.python)}
        peers = known_peers(options.peers, pythons)
        report["engines"] = {}
        for workload in workloads(options.days):
            timings = side_by_side.measure(workload, options.rounds, peers)
            report["engines"][workload.name] = side_by_side.figures(timings)
            console.print(_engines_table(workload.name, report["engines"][workload.name]))
    for name, section in SECTIONS.items():
        if name in sections:
            report[name] = section(options.rounds)
            console.print(_section_table(name, report[name]))
    if "agreement" in sections:
        report["agreement"] = agreement(options.check_days)
        console.print(_agreement_table(report["agreement"]))
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if options.figure is not None:
        draw(report).savefig(options.figure)
    apart = report.get("agreement", {}).values()
    return int(any(abs(z) > APART for figures in apart for _, _, z in figures.values()))


def _engines_table(name: str, programs: Mapping[str, Mapping[str, Any]]) -> Table:
    heads = ("program", "customers/s", "loop alone", "crowd ÷ loop", "bytes a customer")
    table = Table(*heads, "× plain SimPy (range)", "loop ÷ C's", title=name)
    for program, figures in programs.items():
        own = program in ENGINES
        table.add_row(
            program,
            f"{median(figures['customers_per_s']):,.0f}",
            f"{median(figures['loop_customers_per_s']):,.0f}",
            f"{figures['crowd_over_loop']:.2f}" if own else "",
            f"{figures['bytes_per_customer']:.0f}" if own else "",
            _spread(figures.get("times_plain")),
            _spread(figures.get("loop_times_c")),
        )
    return table


def _spread(values: list[float] | None) -> str:
    if not values:
        return ""
    return f"{median(values):.3g} ({min(values):.3g}-{max(values):.3g})"


def _section_table(name: str, section: Any) -> Table:
    """Rows of numbers as they are; lists of rounds as median and range."""
    table = Table(title=name)
    if isinstance(section, list) and section and isinstance(section[0], dict):
        for key in section[0]:
            table.add_column(key)
        for row in section:
            cells = (value if isinstance(value, str) else f"{value:,.4g}" for value in row.values())
            table.add_row(*cells)
        return table
    table.add_column("what")
    table.add_column("value")
    rows = section.items() if isinstance(section, dict) else [(name, section)]
    for key, value in rows:
        if isinstance(value, list):
            words = _spread(value)
        elif isinstance(value, dict):
            words = ", ".join(f"{inner} {number:.4g}" for inner, number in value.items())
        else:
            words = f"{value:.4g}"
        table.add_row(key, words)
    return table


def _agreement_table(apart: dict[str, dict[str, tuple[float, float, float]]]) -> Table:
    table = Table("figure", "plain SimPy", "scenario", "z", title="agreement")
    for name, figures in apart.items():
        for figure, (plain, ours, z) in figures.items():
            table.add_row(f"{name} {figure}", f"{plain:.4g}", f"{ours:.4g}", f"{z:+.2f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
