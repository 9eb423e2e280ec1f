"""A replayed log as data for programs: figures, errors, waits of each hour, day and month."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from sim.clock import WEEKDAYS
from sim.learning.log_replay import LogReplay
from sim.learning.wait_figures import WaitCell, WaitErrors, WaitFigures, date_of
from sim.questions.columns import AnswerColumn
from sim.version import VERSION

FILE: Final = "waits"
WAITS: Final = (
    AnswerColumn("by", "text"),
    AnswerColumn("of", "text"),
    AnswerColumn("n", "whole"),
    AnswerColumn("observed_min", "number", "min"),
    AnswerColumn("simulated_min", "number", "min"),
    AnswerColumn("low_min", "number", "min"),
    AnswerColumn("high_min", "number", "min"),
    AnswerColumn("observed_p90_min", "number", "min"),
    AnswerColumn("simulated_p90_min", "number", "min"),
    AnswerColumn("observed_within", "number", "share_of_1"),
    AnswerColumn("simulated_within", "number", "share_of_1"),
)
"""Columns of `waits.csv`."""


def replay_data(replay: LogReplay) -> dict[str, Any]:
    """All of it, as JSON can hold it.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.log_replay import replay_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> data = replay_data(replay_log(log))
    >>> data["people"], data["observed"]["n"], data["changed"]
    (1829, 1829, None)
    """
    first, last = replay.days
    changed = replay.changed
    return {
        "version": VERSION,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "tickets": replay.n_tickets,
        "people": len(replay.people),
        "unserved": replay.n_unserved,
        "scenario": replay.scenario.hash,
        "staffing": replay.staffing.how,
        "factor": replay.factor,
        "mean_min_without_factor": replay.plain_mean,
        "observed": figures_data(replay.observed),
        "simulated": figures_data(replay.simulated),
        "errors": errors_data(replay.errors),
        "unexplained_min": replay.unexplained,
        "changed": None
        if changed is None
        else {
            **figures_data(changed.figures),
            "difference_min": changed.difference.mean,
            "difference_min_low": finite_or_none(changed.difference.low),
            "difference_min_high": finite_or_none(changed.difference.high),
            "sooner": changed.n_sooner,
            "later": changed.n_later,
            "by_hour": dict(changed.by_hour),
        },
        "waits": list(wait_rows(replay.cells, replay.people.first_date, _groups(replay))),
    }


def replay_rows(replay: LogReplay) -> list[dict[str, Any]]:
    """A row for each hour of the day, weekday, week, month, group and date."""
    return list(wait_rows(replay.cells, replay.people.first_date, _groups(replay)))


def _groups(replay: LogReplay) -> tuple[str, ...]:
    return tuple(group.id for group in replay.people.groups)


def figures_data(figures: WaitFigures) -> dict[str, Any]:
    """Waits of many people."""
    return {
        "n": figures.n,
        "mean_min": figures.mean,
        "median_min": figures.median,
        "p90_min": figures.p90,
        "within_15_min": figures.within,
    }


def errors_data(errors: WaitErrors) -> dict[str, Any]:
    """How far a model is off."""
    return {
        "mean_min": errors.mean,
        "by_hour_min": errors.by_hour,
        "by_month_min": errors.by_month,
        "by_day_min": errors.by_day,
        "day_correlation": finite_or_none(errors.day_correlation),
        "coverage": finite_or_none(errors.coverage),
    }


def wait_rows(
    cells: Iterable[WaitCell], first_date: date, groups: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """A row each cell."""
    for cell in cells:
        yield {
            "by": cell.by,
            "of": _key(cell, first_date, groups),
            "n": cell.n,
            "observed_min": cell.observed,
            "simulated_min": cell.simulated,
            "low_min": finite_or_none(cell.low),
            "high_min": finite_or_none(cell.high),
            "observed_p90_min": cell.observed_p90,
            "simulated_p90_min": cell.simulated_p90,
            "observed_within": cell.observed_within,
            "simulated_within": cell.simulated_within,
        }


def _key(cell: WaitCell, first_date: date, groups: tuple[str, ...]) -> str:
    match cell.by:
        case "hour":
            return f"{cell.key:02}:00"
        case "weekday":
            return WEEKDAYS[cell.key]
        case "month":
            return f"{cell.key // 100}-{cell.key % 100:02}"
        case "group":
            return groups[cell.key]
        case "day" | "week":
            return date_of(cell, first_date).isoformat()


def finite_or_none(value: float) -> float | None:
    """A number, or None for what JSON has no word for."""
    return value if math.isfinite(value) else None
