"""Numbers as every export writes them, and what they allow to say; what is not there is null."""

from __future__ import annotations

from typing import Any

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.judge import judge
from sim.questions.columns import finite_or_none


def interval_data(interval: Interval) -> dict[str, Any]:
    """Mean, bounds, replications and coverage."""
    mean, low, high = map(finite_or_none, interval[:3])
    return {"mean": mean, "low": low, "high": high, "n": interval.n, "level": interval.level}


def bounds_data(interval: Interval) -> dict[str, Any]:
    """Mean, bounds and replications, where the coverage stands elsewhere."""
    mean, low, high = map(finite_or_none, interval[:3])
    return {"mean": mean, "low": low, "high": high, "n": interval.n}


def estimate_data(estimate: Estimate) -> dict[str, Any]:
    """Mean, bounds, unit and replications."""
    mean, low, high = map(finite_or_none, estimate.interval[:3])
    return {"mean": mean, "low": low, "high": high, "unit": estimate.unit, "n": estimate.interval.n}


def judgement_data(difference: Estimate) -> dict[str, Any]:
    """The size from which a difference matters, and what both allow to say."""
    return {"matters_from": difference.matters_from, "judgement": judge(difference)}


def judged_data(difference: Estimate) -> dict[str, Any]:
    """A difference, the size from which it matters, and what both allow to say."""
    return {**estimate_data(difference), **judgement_data(difference)}
