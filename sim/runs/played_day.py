"""One day of one replication in several layouts, on the same crowd: what can be played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.engine.run import Engine
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.results.tables import Tables
from sim.runs.task import serve_crowd
from sim.scenario.scenario import Scenario


class PlayedDay(NamedTuple):
    """One day of one replication, in each layout that is played."""

    scenario: Scenario
    tables: tuple[Tables, ...]
    day: int
    """Day of the run, from 0."""
    seed: int
    replication: int


def serve_day(
    scenario: Scenario,
    layouts: Sequence[str],
    *,
    number: int = 1,
    seed: int | None = None,
    replication: int = 0,
    engine: Engine = "fast",
) -> PlayedDay:
    """Serve one crowd in each layout, as a comparison does, for one of its days.

    Parameters
    ----------
    number
        Which of the measured days on which the hall is open, from 1.
    seed
        None = the scenario's.

    Raises
    ------
    OptionError
        When there is no such day.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> played = serve_day(scenario, ["hall"], number=2)
    >>> played.day - played.tables[0].plan.period.measured_from
    1
    """
    plans = [compile_plan(scenario, layout) for layout in layouts]
    days = plans[0].period.hall_days
    if not 1 <= number <= len(days):
        allowed = f"1–{len(days)}" if len(days) else ""
        raise OptionError(Problem("option_value", "--day", found=f"{number}", allowed=allowed))
    used = scenario.run.seed if seed is None else seed
    tables = tuple(serve_crowd(plan, used, replication, engine) for plan in plans)
    return PlayedDay(scenario, tables, int(days[number - 1]), used, replication)
