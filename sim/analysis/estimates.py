"""Tallies of many replications become estimates: a mean and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.catalogue import MEASURES, QUANTILES, By, Measure
from sim.analysis.histogram import EDGES, at_most, quantile
from sim.analysis.intervals import Interval, ratio_difference, ratio_interval
from sim.analysis.measures import Tally
from sim.arrays import Floats

UNBOUNDED = (-math.inf, math.inf)


class Estimate(NamedTuple):
    """One measure of one layout, or its difference between two."""

    measure: str
    unit: str
    better: str
    interval: Interval
    matters_from: float = 0.0
    """Of a difference: the size from which it matters (`judge.rated`), in its unit."""


def price_measures(clerk_yuan_per_hour: float | None) -> tuple[Measure, ...]:
    """The measures of a scenario: cost is clerk hours times their price, and needs one.

    Examples
    --------
    >>> "cost_per_day" in {measure.key for measure in price_measures(None)}
    False
    """
    if clerk_yuan_per_hour is None:
        return tuple(measure for measure in MEASURES if measure.key != "cost_per_day")
    return tuple(
        measure._replace(scale=measure.scale / clerk_yuan_per_hour)
        if measure.key == "cost_per_day"
        else measure
        for measure in MEASURES
    )


def estimates(
    tallies: Sequence[Tally], level: float = 0.95, measures: Sequence[Measure] = MEASURES
) -> tuple[Estimate, ...]:
    """Every measure that has something to count, in the order of `measures`.

    The clusters are hall days for what a day starts empty with, replications for what carries over.
    """
    measured: list[Estimate] = []
    for measure in _kept_of(measures, tallies):
        interval = ratio_interval(*_sums(tallies, measure), level=level, bounds=bounds_of(measure))
        if not math.isnan(interval.mean):
            measured.append(Estimate(measure.key, measure.unit, measure.better, interval))
        if measure.key == "wait":
            measured += _quantiles(tallies, level)
    return tuple(measured)


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
    compared: list[Estimate] = []
    priced_after = {measure.key: measure for measure in prices_after or measures}
    pairs = [
        (measure, priced_after[measure.key])
        for measure in _kept_of(measures, [*before, *after])
        if measure.key in priced_after
    ]
    for measure, priced_measure in pairs:
        interval = ratio_difference(
            *_sums(before, measure), *_sums(after, priced_measure), level=level
        )
        if not math.isnan(interval.mean):
            compared.append(Estimate(measure.key, measure.unit, measure.better, interval))
        if measure.key == "wait":
            compared += _quantile_differences(before, after, level)
    return tuple(compared)


def group_estimates(
    tallies: Sequence[Tally], key: str, by: By, level: float = 0.95
) -> tuple[Interval, ...]:
    """One measure for each matter, class, list …, in the order of the plan's names.

    A group that nobody belongs to has a mean of nan.
    """
    measure = next(measure for measure in MEASURES if measure.key == key)
    sums = np.array([tally.by_group[key, by] for tally in tallies], dtype=np.float64)
    return tuple(
        ratio_interval(
            sums[:, 0, g] / measure.scale, sums[:, 1, g], level=level, bounds=bounds_of(measure)
        )
        for g in range(sums.shape[2])
    )


def bounds_of(measure: Measure) -> tuple[float, float]:
    """What a measure can be at all."""
    return UNBOUNDED if measure.signed else (0.0, 1.0 if measure.unit == "share" else math.inf)


def _kept_of(measures: Sequence[Measure], tallies: Sequence[Tally]) -> list[Measure]:
    """Those that all tallies have: a study may have been kept before one was measured."""
    keys = set(tallies[0].by_day).intersection(*(tally.by_day for tally in tallies))
    return [measure for measure in measures if measure.key in keys]


def _sums(
    tallies: Sequence[Tally], measure: Measure, *, by_day: bool = True
) -> tuple[Floats, Floats]:
    """Numerators and denominators by cluster, in the unit of the measure."""
    sums = np.array([tally.by_day[measure.key] for tally in tallies], dtype=np.float64)
    by_day = measure.cluster == "day" and tallies[0].starts_empty and len(tallies) < ENOUGH
    if not by_day:
        sums = sums.sum(axis=2, keepdims=True)
    return sums[:, 0].ravel() / measure.scale, sums[:, 1].ravel()


ENOUGH = 5
"""Replications from which they, rather than days, are the clusters of every measure.

Days of one run differ by date (a Saturday is short), which is no luck; replications share dates.
"""


def _pulls(tallies: Sequence[Tally], p: float, level: float) -> tuple[Interval, Floats]:
    """A quantile of the pool, and what each replication adds to its error.

    The bounds are the quantiles at p ± h, where h is the half-width of the share of waits up to the
    estimate: they follow the waits, so they need not be symmetric. Where p + h is more than
    all, so few replications do not say how long the longest waits are: there is no upper bound.

    References
    ----------
    Woodruff (1952), Confidence intervals for medians and other position measures, JASA 47.
    """
    histograms = np.array([tally.wait_histogram for tally in tallies])
    unknown = np.full(len(tallies), math.nan)
    pool = histograms.sum(axis=0)
    estimate = quantile(pool, p)
    no_interval = Interval(estimate, math.nan, math.nan, len(tallies), level)
    if math.isnan(estimate):
        return no_interval, unknown
    below = at_most(histograms, np.array([max(estimate, EDGES[1])]))[:, 0]
    share = ratio_interval(below, histograms.sum(axis=1), level)
    if not math.isfinite(h := share.half_width):
        return no_interval, unknown
    low = quantile(pool, p - h)
    if p + h >= 1:
        return Interval(estimate, low, math.inf, share.n, level), unknown
    high = quantile(pool, p + h)
    reach = p + h - max(p - h, 0.0)
    slope = (high - low) / reach if reach else 0.0
    pulls = slope * (share.mean * histograms.sum(axis=1) - below) / pool.sum()
    return Interval(estimate, low, high, share.n, level), pulls


def _around(estimate: float, pulls: Floats, level: float) -> Interval:
    """An interval around a linearised estimate from the pulls of independent replications."""
    if not np.isfinite(pulls).all():
        return Interval(estimate, math.nan, math.nan, len(pulls), level)
    spread = ratio_interval(pulls * len(pulls), np.ones(len(pulls)), level=level)
    return Interval(
        estimate, estimate - spread.half_width, estimate + spread.half_width, len(pulls), level
    )


def _quantiles(tallies: Sequence[Tally], level: float) -> list[Estimate]:
    intervals = {key: _pulls(tallies, p, level)[0] for key, p in QUANTILES.items()}
    return [
        Estimate(key, "min", "low", interval)
        for key, interval in intervals.items()
        if not math.isnan(interval.mean)
    ]


def _quantile_differences(
    before: Sequence[Tally], after: Sequence[Tally], level: float
) -> list[Estimate]:
    changes = []
    same = all(
        np.array_equal(tally.wait_histogram, tally_after.wait_histogram)
        for tally, tally_after in zip(before, after, strict=True)
    )
    for key, p in QUANTILES.items():
        was, pulls_before = _pulls(before, p, level)
        is_, pulls_after = _pulls(after, p, level)
        if not math.isnan(was.mean + is_.mean):
            # the same waits in every replication differ by nothing, whatever their bounds
            pulls = np.zeros(len(before)) if same else pulls_after - pulls_before
            change = _around(is_.mean - was.mean, pulls, level)
            changes.append(Estimate(key, "min", "low", change))
    return changes
