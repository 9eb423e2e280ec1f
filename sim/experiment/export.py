"""A comparison as plain data: one JSON object, or rows of a table with code names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.analysis.estimates import Estimate
from sim.experiment.compare import Comparison, judge


def comparison_data(comparison: Comparison, path: str = "") -> dict[str, Any]:
    """Everything a reader needs to check or repeat a comparison; what does not exist is null.

    Examples
    --------
    >>> from sim import compare, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> data = comparison_data(compare(replicate(scenario, replications=2, workers=1)))
    >>> sorted(data["layouts"]["hall"]["wait"])
    ['high', 'low', 'mean', 'n', 'unit']
    """
    study = comparison.study
    run = study.scenario.run
    return {
        "scenario": {
            "path": path,
            "hash": study.scenario.hash,
            "name": study.scenario.name.model_dump(),
        },
        "seed": study.seed,
        "replications": study.replications,
        "replications_asked": study.asked,
        "cancelled": study.cancelled,
        "engine": study.engine,
        "level": comparison.level,
        "days": {
            "start": run.start.isoformat(),
            "warmup": run.warmup_days,
            "measured": run.measured_days,
            "followup": run.followup_days,
        },
        "layouts": {
            layout: {one.measure: _numbers(one) for one in found}
            for layout, found in zip(study.layouts, comparison.layouts, strict=True)
        },
        "open_at_end": {
            layout: sum(tally.open_at_end for tally in study.of(layout)) for layout in study.layouts
        },
        "pairs": [
            {
                "before": pair.before,
                "after": pair.after,
                "level": pair.differences[0].interval.level if pair.differences else None,
                "differences": {
                    one.measure: {**_numbers(one), "judgement": judge(one)}
                    for one in pair.differences
                },
            }
            for pair in comparison.pairs
        ],
    }


def _numbers(estimate: Estimate) -> dict[str, Any]:
    interval = estimate.interval
    return {
        "mean": _known(interval.mean),
        "low": _known(interval.low),
        "high": _known(interval.high),
        "unit": estimate.unit,
        "n": interval.n,
    }


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def comparison_rows(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """One row a layout and measure, then one a pair and measure."""
    data = comparison_data(comparison)
    for layout, measures in data["layouts"].items():
        for name, numbers in measures.items():
            yield {"layout": layout, "against": "", "measure": name, **numbers, "judgement": ""}
    for pair in data["pairs"]:
        for name, numbers in pair["differences"].items():
            yield {"layout": pair["after"], "against": pair["before"], "measure": name, **numbers}
