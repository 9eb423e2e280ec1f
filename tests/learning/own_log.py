"""The program's own event log of a hall, to be learned from."""

from __future__ import annotations

from pathlib import Path

from sim import compile_plan, draw_tape, run
from sim.results.eventlog import write_log
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text


def write_own_log(text: str, seed: int, path: Path, layout: str = "desks") -> Tables:
    """Run one crowd of a scenario's text, and write its log; what the log is of."""
    plan = compile_plan(scenario_from_text(text), layout)
    tape = draw_tape(plan.demand, seed, 0)
    tables = Tables(plan, tape, run(plan, tape, "reference"))
    write_log(tables, path)
    return tables
