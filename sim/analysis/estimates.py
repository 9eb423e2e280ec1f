"""Tallies of many replications become estimates: a mean and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Interval, ratio_difference, ratio_interval
from sim.analysis.measures import BIN, MEASURES, QUANTILES, By, Measure, Tally
from sim.clock import MINUTE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

UNBOUNDED = (-math.inf, math.inf)


class Estimate(NamedTuple):
    """One measure of one layout, or its difference between two."""

    measure: str
    unit: str
    better: str
    interval: Interval
    matters_from: float = 0.0
    """Of a difference: the size from which it matters (`judge.rated`), in its unit."""


def priced(clerk_yuan_per_hour: float | None) -> tuple[Measure, ...]:
    """The measures of a scenario: cost is clerk hours times their price, and needs one.

    Examples
    --------
    >>> "cost_per_day" in {one.key for one in priced(None)}
    False
    """
    if clerk_yuan_per_hour is None:
        return tuple(one for one in MEASURES if one.key != "cost_per_day")
    return tuple(
        one._replace(scale=one.scale / clerk_yuan_per_hour) if one.key == "cost_per_day" else one
        for one in MEASURES
        if one.key != "cost_per_day" or clerk_yuan_per_hour > 0
    )


def estimates(
    tallies: Sequence[Tally], level: float = 0.95, measures: Sequence[Measure] = MEASURES
) -> tuple[Estimate, ...]:
    """Every measure that has something to count, in the order of `measures`.

    The clusters are hall days for what a day starts empty with, replications for what carries over.
    """
    found: list[Estimate] = []
    for one in measures:
        interval = ratio_interval(*_sums(tallies, one), level=level, bounds=_bounds(one))
        if not math.isnan(interval.mean):
            found.append(Estimate(one.key, one.unit, one.better, interval))
        if one.key == "wait":
            found += _quantiles(tallies, level)
    return tuple(found)


def differences(
    before: Sequence[Tally],
    after: Sequence[Tally],
    level: float = 0.95,
    measures: Sequence[Measure] = MEASURES,
    prices_after: Sequence[Measure] | None = None,
) -> tuple[Estimate, ...]:
    """After minus before, measure by measure, for the same crowds under two layouts.

    Parameters
    ----------
    prices_after
        The measures as `after` prices them, where a clerk hour costs something else there.
    """
    found: list[Estimate] = []
    priced_after = {one.key: one for one in prices_after or measures}
    pairs = [(one, priced_after[one.key]) for one in measures if one.key in priced_after]
    for one, two in pairs:
        interval = ratio_difference(*_sums(before, one), *_sums(after, two), level=level)
        if not math.isnan(interval.mean):
            found.append(Estimate(one.key, one.unit, one.better, interval))
        if one.key == "wait":
            found += _quantile_differences(before, after, level)
    return tuple(found)


def group_estimates(
    tallies: Sequence[Tally], key: str, by: By, level: float = 0.95
) -> tuple[Interval, ...]:
    """One measure for each matter, class, list …, in the order of the plan's names.

    A group that nobody belongs to has a mean of nan.
    """
    one = next(measure for measure in MEASURES if measure.key == key)
    sums = np.array([tally.by_group[key, by] for tally in tallies], dtype=np.float64)
    return tuple(
        ratio_interval(sums[:, 0, g] / one.scale, sums[:, 1, g], level=level, bounds=_bounds(one))
        for g in range(sums.shape[2])
    )


def _bounds(one: Measure) -> tuple[float, float]:
    return (0.0, 1.0) if one.share else UNBOUNDED


def _sums(tallies: Sequence[Tally], one: Measure, *, by_day: bool = True) -> tuple[Floats, Floats]:
    """Numerators and denominators by cluster, in the unit of the measure."""
    sums = np.array([tally.by_day[one.key] for tally in tallies], dtype=np.float64)
    by_day = one.cluster == "day" and tallies[0].starts_empty and len(tallies) < ENOUGH
    if not by_day:
        sums = sums.sum(axis=2, keepdims=True)
    return sums[:, 0].ravel() / one.scale, sums[:, 1].ravel()


ENOUGH = 5
"""Replications from which they, rather than days, are the clusters of every measure.

Days of one run differ by date (a Saturday is short), which is no luck; replications share dates.
"""


def _pooled_quantile(histogram: Ints, p: float) -> float:
    """Quantile of a histogram of waits in minutes, even within a bin; nan when empty."""
    total = histogram.sum()
    if total == 0:
        return math.nan
    goal = min(max(p, 0.0), 1.0) * total
    cumulative = np.cumsum(histogram)
    row = int(np.searchsorted(cumulative, goal))
    row = min(row, len(histogram) - 1)
    before = cumulative[row] - histogram[row]
    inside = (goal - before) / histogram[row] if histogram[row] else 0.0
    if row == 0:
        # the first bin is mostly people called at once: their wait is 0, not a tenth of a minute
        return 0.0
    return float((row + inside) * BIN / MINUTE)


def _pulls(tallies: Sequence[Tally], p: float) -> tuple[float, Floats, float]:
    """Pooled quantile, each replication's pull on it, and the slope dq/dp there.

    References
    ----------
    Woodruff (1952), Confidence intervals for medians and other position measures.
    """
    histograms = np.array([tally.wait_histogram for tally in tallies])
    pool = histograms.sum(axis=0)
    quantile, total = _pooled_quantile(pool, p), pool.sum()
    if math.isnan(quantile):
        return quantile, np.zeros(len(tallies)), math.nan
    row = int(quantile * MINUTE / BIN)
    below = histograms[:, : row + 1].sum(axis=1)
    share = pool[: row + 1].sum() / total
    pulls = (below - share * histograms.sum(axis=1)) / total
    step = max(0.02, 2.0 / math.sqrt(total))
    high, low = _pooled_quantile(pool, p + step), _pooled_quantile(pool, p - step)
    slope = (high - low) / (min(p + step, 1.0) - max(p - step, 0.0))
    return quantile, pulls, float(slope)


def _around(quantile: float, pulls: Floats, level: float) -> Interval:
    """An interval around a linearised estimate from the pulls of independent replications."""
    spread = ratio_interval(pulls * len(pulls), np.ones(len(pulls)), level=level)
    return Interval(
        quantile, quantile - spread.half_width, quantile + spread.half_width, len(pulls), level
    )


def _quantiles(tallies: Sequence[Tally], level: float) -> list[Estimate]:
    found = []
    for key, p in QUANTILES.items():
        quantile, pulls, slope = _pulls(tallies, p)
        if not math.isnan(quantile):
            interval = _around(quantile, pulls * slope, level)
            bounded = interval._replace(low=max(interval.low, 0.0))
            found.append(Estimate(key, "min", "low", bounded))
    return found


def _quantile_differences(
    before: Sequence[Tally], after: Sequence[Tally], level: float
) -> list[Estimate]:
    found = []
    for key, p in QUANTILES.items():
        one, pulls_one, slope_one = _pulls(before, p)
        two, pulls_two, slope_two = _pulls(after, p)
        if not math.isnan(one + two):
            pulls = pulls_one * slope_one - pulls_two * slope_two
            found.append(Estimate(key, "min", "low", _around(two - one, pulls, level)))
    return found
