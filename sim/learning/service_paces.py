"""Paces of windows and clerks at their work, and whether groups of windows have the laws of all."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.arrays import Floats, Ints
from sim.learning.arrivals import DRAWS, SEED
from sim.learning.span_laws import SeenSpans
from sim.learning.ticket_log import UNKNOWN

FEWEST_SERVICES: Final = 30
"""Below which a matter has no law of its own, and a clerk no pace."""
FEWEST_DAYS: Final = 5
OTHER_WAITS: Final = 0.1
"""Of the wait, by which laws of a group of windows' own would change it before it is told."""


class GroupPace(NamedTuple):
    """Time of a group of windows for its matters, of that of all windows."""

    windows: tuple[str, ...]
    matters: tuple[int, ...]
    """Places in `ServiceFit.matters` that it serves."""
    factor: Interval
    n: int
    """Its services whose length is known."""
    wait_factor: float
    """(1 + cv²) / 2 of its services as its matters' laws have them, whatever its pace."""
    wait_factor_seen: Interval
    """The same of its services themselves; nan with fewer than thirty, or five days."""

    @property
    def has_laws_of_all(self) -> bool:
        """Whether the laws of its matters and one pace make people wait as its own services do: to
        a tenth, or as near as these tell; where too few are known they are taken to."""
        seen = self.wait_factor_seen
        if not math.isfinite(seen.low) or seen.low <= self.wait_factor <= seen.high:
            return True
        return abs(seen.mean / self.wait_factor - 1) < OTHER_WAITS


class LogWork(NamedTuple):
    """Services of a log, in the order of their tickets."""

    spans: SeenSpans
    matter: Ints
    window: Ints
    clerk: Ints
    unknown: Ints
    """int64: matters of those of whose end nothing is known."""
    days: Ints
    """int64: whole days."""


def factor_seen(spans: SeenSpans, level: float) -> Interval:
    """(1 + cv²) / 2 of a sample, without what the grain adds to its spread."""
    recorded = spans.is_recorded
    _, row = np.unique(spans.day[recorded], return_inverse=True)
    x = spans.low[recorded]
    n, sums, squares = (
        np.bincount(row, weights=weights)
        for weights in (np.ones(len(x)), x, x * x - spans.grain**2 / 6)
    )
    total, mean, square = n.sum(), sums.sum() / n.sum(), squares.sum() / n.sum()
    pulls = (squares - square * n) / (2 * mean**2) - square / mean**3 * (sums - mean * n)
    return t_interval(square / (2 * mean**2) + len(n) * pulls / total, level)


def _expected(work: LogWork) -> tuple[Floats, Floats, Ints, Ints]:
    """Recorded spans, what their matter has in the mean, their day's row, and their places."""
    at = np.flatnonzero(work.spans.is_recorded & (work.matter >= 0))
    spans, matter = work.spans.low[at], work.matter[at]
    sums = np.bincount(matter, weights=spans)
    expected = sums[matter] / np.bincount(matter)[matter]
    _, row = np.unique(work.spans.day[at], return_inverse=True)
    return spans, expected, np.asarray(row, dtype=np.int64), at


def group_pace(
    work: LogWork,
    names: tuple[str, ...],
    matters: tuple[int, ...],
    windows: list[int],
    means: Floats,
    factors: Floats,
    level: float,
) -> GroupPace:
    """The pace of some windows, and whether the laws of their matters are theirs.

    Parameters
    ----------
    names, matters, windows
        Names of the windows, places of what they serve, their codes.
    means, factors
        Mean and (1 + cv²) / 2 of each matter's services, as a scenario has them.
    """
    here = np.isin(work.window, windows)
    of_matters = here & work.spans.is_recorded & (work.matter >= 0)
    n_of = np.bincount(work.matter[of_matters], minlength=len(means)).astype(np.float64)
    squares = 2 * factors * means**2
    mean, square = (float(n_of @ each) / max(float(n_of.sum()), 1.0) for each in (means, squares))
    spans = work.spans.where(of_matters)
    n = len(spans)
    nothing = Interval(np.nan, np.nan, np.nan, n, level)
    is_enough = n >= FEWEST_SERVICES and len(np.unique(spans.day)) >= FEWEST_DAYS
    return GroupPace(
        names,
        matters,
        _pace(work, windows, level),
        n,
        square / (2 * mean**2) if mean else np.nan,
        factor_seen(spans, level) if is_enough else nothing,
    )


def _pace(work: LogWork, windows: list[int], level: float) -> Interval:
    spans, expected, row, at = _expected(work)
    here = np.isin(work.window[at], windows)
    n_days = int(row.max()) + 1
    sums = np.bincount(row[here], weights=spans[here], minlength=n_days)
    due = np.bincount(row[here], weights=expected[here], minlength=n_days)
    return ratio_interval(sums, due, level)


def people_paces(work: LogWork, who: Ints, level: float) -> tuple[int, Interval]:
    """How many have a pace, and the coefficient of variation of their paces beyond chance.

    By moments: the spread of paces, less that of which the days alone are the cause. Its interval
    is of resampled days, whose paces have that noise twice.
    """
    spans, expected, row, at = _expected(work)
    who = who[at]
    counts = np.bincount(who[who >= 0])
    people = np.flatnonzero(counts >= FEWEST_SERVICES)
    if len(people) < 2:
        return len(people), Interval(np.nan, np.nan, np.nan, len(people), level)
    place = np.full(len(counts) + 1, UNKNOWN)
    place[people] = np.arange(len(people))
    here = place[who] >= 0  # the last place is that of who is nobody
    n_days, width = int(row.max()) + 1, len(people)
    cell = row[here] * width + place[who[here]]
    size = n_days * width
    sums = np.bincount(cell, weights=spans[here], minlength=size).reshape(n_days, width)
    due = np.bincount(cell, weights=expected[here], minlength=size).reshape(n_days, width)
    paces = sums.sum(axis=0) / due.sum(axis=0)
    pulls = (sums - paces * due) / due.sum(axis=0)
    noise = float((pulls**2).sum(axis=0).mean()) * n_days / max(n_days - 1, 1)
    draws = np.random.default_rng(SEED).multinomial(n_days, np.full(n_days, 1 / n_days), DRAWS)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (draws @ sums) / (draws @ due)
    spread = np.nanvar(drawn, axis=1, ddof=1) - 2 * noise
    tail = (1 - level) / 2
    low, high = np.sqrt(np.maximum(np.quantile(spread, [tail, 1 - tail]), 0.0)).tolist()
    middle = float(np.sqrt(max(float(paces.var(ddof=1)) - noise, 0.0)))
    return len(people), Interval(middle, min(low, middle), max(high, middle), n_days, level)
