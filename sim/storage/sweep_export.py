"""Sweeps as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sim.analysis.estimates import Estimate
from sim.analysis.judge import judge
from sim.questions.columns import JUDGEMENT, MATTERS_FROM, AnswerColumn
from sim.questions.sweep import Sweep, SweepCell, cells, comparisons
from sim.storage.answer_export import table_rows
from sim.storage.numbers_data import estimate_data, judged_data
from sim.storage.run_data import run_data


def sweep_data(swept: Sweep, path: str = "", level: float = 0.95) -> dict[str, Any]:
    """Everything a reader needs to check or repeat a sweep; what does not exist is null.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, sweep
    >>> from sim.questions.vary import read_levers
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = read_levers(scenario, ["layouts.hall.windows.windows.clerks=5,6"])
    >>> data = sweep_data(sweep(scenario, levers, run=Run(replications=2, workers=1)))
    >>> [point["values"] for point in data["points"]]
    [{'layouts.hall.windows.windows.clerks': '5'}, {'layouts.hall.windows.windows.clerks': '6'}]
    """
    all_cells = cells(swept, level)
    step = len(swept.layouts)
    base, *points = (all_cells[n : n + step] for n in range(0, len(all_cells), step))
    return {
        **run_data(swept.base.scenario, path, swept),
        "level": level,
        "comparisons": comparisons(swept),
        "levers": [
            {
                "path": lever.path,
                "places": lever.places,
                "now": list(lever.now),
                "values": [setting.value for setting in lever.settings],
            }
            for lever in swept.levers
        ],
        "base": _point_data(base),
        "points": [
            {
                "values": {
                    lever.path: value
                    for lever, value in zip(swept.levers, of_point[0].point.values, strict=True)
                },
                "hash": of_point[0].point.scenario.hash,
                "same_budget": of_point[0].point.same_budget,
                **_point_data(of_point),
                "differences": {cell.layout: _differences(cell.differences) for cell in of_point},
            }
            for of_point in points
        ],
    }


def _point_data(of_point: Sequence[SweepCell]) -> dict[str, Any]:
    return {
        "layouts": {
            cell.layout: {estimate.measure: estimate_data(estimate) for estimate in cell.estimates}
            for cell in of_point
        }
    }


def _differences(differences: Sequence[Estimate]) -> dict[str, Any]:
    level = differences[0].interval.level if differences else None
    judged = {difference.measure: judged_data(difference) for difference in differences}
    return {"level": level, "measures": judged}


class _SweepFigure(NamedTuple):
    """One row: a level of a point in a layout, or a difference from the base."""

    cell: SweepCell
    estimate: Estimate
    against: str = ""
    matters_from: float | None = None
    judgement: str | None = None


COLUMNS: Final = (
    AnswerColumn("layout", "text", field="cell.layout"),
    AnswerColumn("same_budget", "flag", field="cell.point.same_budget"),
    AnswerColumn("against", "text"),
    AnswerColumn("measure", "text", field="estimate.measure"),
    AnswerColumn("mean", "number", "as_unit", "estimate.interval.mean"),
    AnswerColumn("low", "number", "as_unit", "estimate.interval.low"),
    AnswerColumn("high", "number", "as_unit", "estimate.interval.high"),
    AnswerColumn("unit", "text", field="estimate.unit"),
    AnswerColumn("n", "whole", field="estimate.interval.n"),
    MATTERS_FROM,
    JUDGEMENT,
)
"""Columns of `sweep_rows` behind those of the levers."""


def sweep_rows(swept: Sweep, level: float = 0.95) -> Iterator[dict[str, Any]]:
    """One row a point, layout and measure; then, against the base, one a difference.

    The columns of the levers are their paths; the base has them empty.
    """
    for cell in cells(swept, level):
        values = cell.point.values or [""] * len(swept.levers)
        where = dict(zip((lever.path for lever in swept.levers), values, strict=True))
        figures = [_SweepFigure(cell, estimate) for estimate in cell.estimates]
        figures += [
            _SweepFigure(cell, difference, "base", difference.matters_from, judge(difference))
            for difference in cell.differences
        ]
        yield from ({**where, **row} for row in table_rows(COLUMNS, figures))
