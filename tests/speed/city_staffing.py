"""How long the city takes to be staffed: sized, rostered, and its clerk hours allocated."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import sim
from sim.analysis.kept import count_verdicts, kept_verdict
from sim.questions.rostering import roster
from sim.scenario.edit import with_overrides
from tests.speed.workloads import city

REPLICATIONS: Final = 4
"""Of four weeks each, and as many that confirm."""
PROMISES: Final = (
    "{measure: called_within, within: 15 min, at_least: 90 %, each: half_hour}",
    "{measure: on_time_share, at_least: 95 %, each: run}",
)
LAYOUT: Final = "zone"

Answer = TypeVar("Answer")


def city_staffing(_: int) -> dict[str, Any]:
    """All window groups and departments of the city's zone layout, on all cores, once.

    Seconds by the clock; clerk hours a week; checks of the promise that fresh crowds find broken.
    """
    scenario = with_overrides(city(20), [f"targets.promises=[{', '.join(PROMISES)}]"])
    run = sim.Run(replications=REPLICATIONS)
    seconds: dict[str, float] = {}

    def timed(name: str, ask: Callable[[], Answer]) -> Answer:
        begun = time.perf_counter()
        answer = ask()
        seconds[name] = time.perf_counter() - begun
        return answer

    timed("compile", lambda: sim.replicate(scenario, run=sim.Run(replications=1)))
    sizing = timed("size", lambda: sim.size(scenario, [LAYOUT], run=run))
    [row] = sizing.layouts
    planned = timed(
        "roster_of_a_week", lambda: roster(scenario, LAYOUT, weeks=1, needs=row.needs, run=run)
    )
    [allocated] = timed("allocate", lambda: sim.allocate(scenario, [LAYOUT], run=run)).layouts
    promises = scenario.targets.promises
    checks = count_verdicts(
        kept_verdict(cell.sized, cell.level, promises[cell.cell.promise].kind.better)
        for cell in row.cells
    )
    return {
        "seconds": seconds,
        "staffs_tried": row.evaluations,
        "clerk_hours": {
            "sized": row.clerk_hours,
            "today": row.today_hours,
            "lower_bound": row.lower_bound_hours,
            "rostered": planned.hours,
        },
        "checks": checks._asdict(),
        "people": len(planned.people),
        "in_time": {
            "today": allocated.today.in_time.mean,
            "same_hours_better_spread": allocated.best.in_time.mean,
        },
    }
