"""Runs that several laws are held against."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from sim import Scenario, Tables, compile_plan, draw_tape, load_scenario, run
from sim.scenario.load import scenario_from_text

SCENARIOS: Final = Path(__file__).parents[2] / "scenarios"


def tables_of(scenario: Scenario, layout: str = "hall", replication: int = 0) -> Tables:
    """One replication of one layout, with the seed of the scenario."""
    plan = compile_plan(scenario, layout)
    tape = draw_tape(plan.demand, scenario.run.seed, replication)
    return Tables(plan, tape, run(plan, tape))


def told_tables(text: str, layout: str = "hall") -> Tables:
    """Tables of a scenario text, for the crowd of seed 1."""
    return tables_of(scenario_from_text(text), layout)


@lru_cache
def city(measured: int = 3, *overrides: str) -> Scenario:
    """Sanmenxia for a few days, with a warm-up and a follow-up."""
    days = ("run.warmup_days=2", f"run.measured_days={measured}", "run.followup_days=2")
    return load_scenario(SCENARIOS / "sanmenxia.yaml", [*days, *overrides])
