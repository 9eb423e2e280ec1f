"""Rankings of levers as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sim.analysis.judge import judge
from sim.questions.columns import AnswerColumn, CellKind
from sim.questions.ranking import End, LeverGroup, Ranking
from sim.questions.vary import Lever
from sim.storage.answer_export import table_rows
from sim.storage.numbers_data import estimate_data, judged_data
from sim.storage.run_data import run_data


def ranking_data(ranking: Ranking, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat a ranking of levers.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.levers import Levers, given_levers
    >>> from sim.questions.ranking import rank
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = Levers(given_levers(scenario, ["layouts.hall.windows.windows.clerks=5,7"]), ())
    >>> data = ranking_data(rank(scenario, "hall", levers, run=Run(replications=2, workers=1)))
    >>> data["levers"][0]["low"]["difference"]["mean"]
    0.0
    """
    base = ranking.base
    return {
        **run_data(ranking.scenario, path, ranking),
        "layout": ranking.layout,
        "measure": ranking.measure,
        "level": ranking.level,
        "comparisons": ranking.comparisons,
        "base": estimate_data(base) if base is not None else None,
        "levers": [
            {
                "path": swing.lever.path,
                "places": swing.lever.places,
                "now": list(swing.lever.now),
                "low": _end_data(swing.low),
                "high": _end_data(swing.high),
            }
            for swing in ranking.swings
        ],
        "threshold": ranking.threshold or None,
        "dismissed_together": [_group_data(group) for group in ranking.groups],
        "not_told_apart": [_group_data(group) for group in ranking.waiting],
        "left_out": [
            {"path": refusal.path, "codes": list(dict.fromkeys(p.code for p in refusal.problems))}
            for refusal in ranking.left_out
        ],
    }


def _group_data(group: LeverGroup) -> dict[str, Any]:
    return {
        "paths": list(group.paths),
        "within": group.within,
        "replications": group.replications,
    }


def _end_data(end: End | None) -> dict[str, Any] | None:
    if end is None:
        return None
    return {
        "value": end.value,
        "same_budget": end.same_budget,
        "estimate": estimate_data(end.estimate),
        "difference": judged_data(end.difference),
    }


class _SwingEnd(NamedTuple):
    """One row: a lever at one end of its range; an end that was refused is None."""

    rank: int
    lever: Lever
    name: str
    end: End | None
    measure: str


def _at_end(
    name: str, field: str, kind: CellKind = "number", unit: str = "as_unit"
) -> AnswerColumn:
    """A column of what was found at the end; empty where it was refused."""
    value_of = attrgetter(field)

    def value(row: _SwingEnd, _: int) -> Any:
        return None if row.end is None else value_of(row.end)

    return AnswerColumn(name, kind, unit, value=value)


COLUMNS: Final = (
    AnswerColumn("rank", "whole"),
    AnswerColumn("path", "text", field="lever.path"),
    AnswerColumn("places", "whole", field="lever.places"),
    AnswerColumn("end", "text", field="name"),
    _at_end("value", "value", "text", ""),
    _at_end("same_budget", "same_budget", "flag", ""),
    AnswerColumn("measure", "text"),
    _at_end("unit", "estimate.unit", "text", ""),
    _at_end("mean", "estimate.interval.mean"),
    _at_end("low", "estimate.interval.low"),
    _at_end("high", "estimate.interval.high"),
    _at_end("difference", "difference.interval.mean"),
    _at_end("difference_low", "difference.interval.low"),
    _at_end("difference_high", "difference.interval.high"),
    _at_end("n", "estimate.interval.n", "whole", ""),
    _at_end("matters_from", "difference.matters_from"),
    AnswerColumn(
        "judgement",
        "text",
        value=lambda row, _: None if row.end is None else judge(row.end.difference),
        values="judgement",
    ),
)
"""Columns of `ranking_rows`."""


def ranking_rows(ranking: Ranking) -> Iterator[dict[str, Any]]:
    """Two rows a lever, the largest swing first; an end that was refused has no numbers."""
    ends = (
        _SwingEnd(rank, swing.lever, name, end, ranking.measure)
        for rank, swing in enumerate(ranking.swings, 1)
        for name, end in (("low", swing.low), ("high", swing.high))
    )
    return table_rows(COLUMNS, ends)
