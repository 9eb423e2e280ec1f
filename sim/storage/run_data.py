"""What every export says of the scenario, and of how it was run."""

from __future__ import annotations

from typing import Any, Protocol

from sim.engine.run import Engine
from sim.questions.alike import changed_data
from sim.scenario.scenario import Scenario


class ManyCrowds(Protocol):
    """What is known of every answer that many crowds gave."""

    @property
    def seed(self) -> int: ...
    @property
    def replications(self) -> int: ...
    @property
    def asked(self) -> int: ...
    @property
    def cancelled(self) -> bool: ...
    @property
    def engine(self) -> Engine: ...


def scenario_data(scenario: Scenario, path: str) -> dict[str, Any]:
    """Which scenario it is."""
    return {"path": path, "hash": scenario.hash, "name": scenario.name.model_dump()}


def days_data(scenario: Scenario) -> dict[str, Any]:
    """Which days were simulated."""
    run = scenario.run
    return {
        "start": run.start.isoformat(),
        "warmup": run.warmup_days,
        "measured": run.measured_days,
        "followup": run.followup_days,
    }


def run_data(scenario: Scenario, path: str, answer: ManyCrowds) -> dict[str, Any]:
    """The scenario, the crowds, the days, and what differs from the file."""
    return {
        "scenario": scenario_data(scenario, path),
        "seed": answer.seed,
        "replications": answer.replications,
        "replications_asked": answer.asked,
        "cancelled": answer.cancelled,
        "engine": answer.engine,
        "days": days_data(scenario),
        "changed_from_file": changed_data(scenario),
    }
