"""One day of one replication in several halls, on the same crowd: what can be played."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Literal, NamedTuple

import numpy as np

from sim.engine.run import Engine
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.results.tables import Tables
from sim.runs.task import serve_crowd
from sim.scenario.scenario import Scenario

Side = Literal[
    "", "today", "sized", "allocated", "tuned", "rostered", "switched", "before", "after"
]
"""What a hall is beside another one of the same layout; empty = it is told by its layout."""


class PlayedHall(NamedTuple):
    """A layout of a scenario."""

    scenario: Scenario
    layout: str
    side: Side = ""


class PlayedDay(NamedTuple):
    """One day of one replication, in each hall that is played."""

    halls: tuple[PlayedHall, ...]
    tables: tuple[Tables, ...]
    day: int
    """Day of the run, from 0."""
    seed: int
    replication: int

    @property
    def scenario(self) -> Scenario:
        """That of the first hall."""
        return self.halls[0].scenario

    @property
    def same_people(self) -> bool:
        """The same applicants want the same at the same instants in each hall."""
        first, *others = (tables.cases for tables in self.tables)
        return all(
            np.array_equal(first.arrived_at, cases.arrived_at)
            and np.array_equal(first.matter, cases.matter)
            for cases in others
        )


def serve_day(
    scenario: Scenario,
    layouts: Sequence[str],
    *,
    number: int = 1,
    seed: int | None = None,
    replication: int = 0,
    engine: Engine = "fast",
) -> PlayedDay:
    """Serve one crowd in each layout of a scenario, as a comparison does; else as `serve_halls`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> played = serve_day(scenario, ["hall"], number=2)
    >>> played.day - played.tables[0].plan.period.measured_from
    1
    """
    halls = [PlayedHall(scenario, layout) for layout in layouts]
    return serve_halls(halls, number=number, seed=seed, replication=replication, engine=engine)


def serve_halls(
    halls: Sequence[PlayedHall],
    *,
    number: int = 1,
    seed: int | None = None,
    replication: int = 0,
    engine: Engine = "fast",
) -> PlayedDay:
    """Serve one crowd in each hall, also of different scenarios, for one of their days.

    Parameters
    ----------
    number
        Which of the measured days on which all halls are open, from 1.
    seed
        None = that of the first scenario.

    Raises
    ------
    OptionError
        When there is no such day.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.edit import with_overrides
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> more = with_overrides(hall, ["layouts.hall.windows.windows.clerks=8"])
    >>> played = serve_halls([PlayedHall(hall, "hall", "today"), PlayedHall(more, "hall", "sized")])
    >>> played.same_people
    True
    """
    plans = [compile_plan(hall.scenario, hall.layout) for hall in halls]
    days = reduce(np.intersect1d, [plan.period.hall_days for plan in plans])
    if not 1 <= number <= len(days):
        allowed = f"1–{len(days)}" if len(days) else ""
        raise OptionError(Problem("option_value", "--day", found=f"{number}", allowed=allowed))
    used = halls[0].scenario.run.seed if seed is None else seed
    tables = tuple(serve_crowd(plan, used, replication, engine) for plan in plans)
    return PlayedDay(tuple(halls), tables, int(days[number - 1]), used, replication)
