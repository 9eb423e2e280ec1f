"""The next point and the frontier as plain data: one JSON object, or rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.analysis.intervals import Interval
from sim.questions.alike import changed_data
from sim.questions.siting import Frontier, FrontierStep, NextPoint, NextPoints
from sim.storage.extend_export import interval_data, known

NEXT: Final = {
    "saved": "residents_save_yuan_a_year",
    "minutes": "minutes_saved_a_year",
    "visits": "visits_a_year",
    "use": "share_of_time_at_work",
    "net": "net_yuan_a_year",
    "behind": "behind_yuan_a_year",
}
"""Intervals of a township, and what they are called in data."""
STEPS: Final = {
    "saved": "residents_save_yuan_a_year",
    "minutes": "minutes_saved_a_year",
    "net": "net_yuan_a_year",
    "more": "more_than_before_yuan_a_year",
}
"""Intervals of a step."""


def next_points_data(found: NextPoints, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null."""
    return {
        **_about(found, path),
        "points": list(found.points),
        "screened": found.screened,
        "ranking": [
            {
                "township": one.township,
                "judgement": _judgement(n, one),
                "proposed_yuan_a_year": one.proposed,
                **{name: interval_data(getattr(one, field)) for field, name in NEXT.items()},
                "station_yuan_a_year": one.yearly,
                "hall_yuan_a_year": known(one.hall_saved),
            }
            for n, one in enumerate(found.rows)
        ],
    }


def next_points_rows(found: NextPoints) -> Iterator[dict[str, Any]]:
    """One row a township, best first."""
    for n, one in enumerate(found.rows):
        yield {
            "township": one.township,
            "judgement": _judgement(n, one),
            "proposed_yuan_a_year": one.proposed,
            **_columns(one, NEXT),
            "station_yuan_a_year": one.yearly,
            "hall_yuan_a_year": known(one.hall_saved),
            "level": one.saved.level,
            "n": one.saved.n,
        }


def frontier_data(found: Frontier, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat it; what does not exist is null."""
    return {
        **_about(found, path),
        "steps": [
            {
                "number": one.number,
                "points": list(one.points),
                "stations_yuan_a_year": one.yearly,
                **{name: interval_data(getattr(one, field)) for field, name in STEPS.items()},
            }
            for one in found.steps
        ],
        "best": found.best.number if found.steps else None,
    }


def frontier_rows(found: Frontier) -> Iterator[dict[str, Any]]:
    """One row a number of stations, from none on."""
    for one in found.steps:
        yield {
            "number": one.number,
            "points": " ".join(one.points),
            "stations_yuan_a_year": one.yearly,
            **_columns(one, STEPS),
            "level": one.saved.level,
            "n": one.saved.n,
        }


def _about(found: NextPoints | Frontier, path: str) -> dict[str, Any]:
    scenario = found.scenario
    return {
        "scenario": {"path": path, "hash": scenario.hash, "name": scenario.name.model_dump()},
        "changed_from_file": changed_data(scenario),
        "layout": found.layout,
        "seed": found.seed,
        "replications": found.replications,
        "replications_asked": found.asked,
        "level": found.level,
        "waits_residual_min": known(found.residual),
    }


def _judgement(n: int, row: NextPoint) -> str:
    if n == 0:
        return "first"
    return "behind" if row.is_behind else "not_distinguishable"


def _columns(one: NextPoint | FrontierStep, named: Mapping[str, str]) -> dict[str, Any]:
    """The mean and the bounds of each interval, a column each."""
    columns = {}
    for field, name in named.items():
        interval: Interval = getattr(one, field)
        for bound in ("mean", "low", "high"):
            column = name if bound == "mean" else f"{name}_{bound}"
            columns[column] = known(getattr(interval, bound))
    return columns
