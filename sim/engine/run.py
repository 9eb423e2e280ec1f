"""The one door to the engines."""

from __future__ import annotations

from typing import Final, Literal

from sim.engine.fast import is_compiled, run_fast, warm_up
from sim.engine.reference import run_reference
from sim.plan.journal import Journal
from sim.plan.plan import Plan
from sim.plan.tape import Tape

Engine = Literal["fast", "reference"]
ENGINES: Final[tuple[Engine, ...]] = ("fast", "reference")


def run(plan: Plan, tape: Tape, engine: Engine = "fast") -> Journal:
    """Serve the tape's crowd in the plan's hall.

    A pure function: the same plan and tape give the same journal, tick for tick, whatever the
    engine.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> run(plan, draw_tape(plan.demand, seed=1, replication=0))
    Journal(2355 tickets, 2355 cases)
    """
    match engine:
        case "fast":
            return run_fast(plan, tape)
        case "reference":
            return run_reference(plan, tape)


def is_ready(engine: Engine) -> bool:
    """Whether an engine can start at once, or has to be compiled first: once for each version."""
    return engine != "fast" or is_compiled()


def prepare(plan: Plan, engine: Engine) -> None:
    """Compile an engine, or read its code from disk, before its workers start.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall")
    >>> prepare(plan, "fast")
    >>> is_ready("fast")
    True
    """
    if engine == "fast":
        warm_up(plan)
