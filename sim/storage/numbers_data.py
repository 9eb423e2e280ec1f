"""Numbers as every export writes them: what does not exist is null."""

from __future__ import annotations

import math
from typing import Any

from sim.analysis.intervals import Interval


def finite_or_none(value: float) -> float | None:
    """The number, or None where there is none.

    Examples
    --------
    >>> finite_or_none(2), finite_or_none(float("nan"))
    (2.0, None)
    """
    return float(value) if math.isfinite(value) else None


def interval_data(interval: Interval) -> dict[str, Any]:
    """Mean, bounds, replications and coverage."""
    mean, low, high = map(finite_or_none, interval[:3])
    return {"mean": mean, "low": low, "high": high, "n": interval.n, "level": interval.level}
