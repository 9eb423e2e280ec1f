"""Paces of windows and clerks at their work, and whether groups of windows have the laws of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval
from sim.arrays import Floats, Ints
from sim.learning.arrivals import DRAWS, SEED
from sim.learning.log_work import FEWEST_DAYS, FEWEST_SERVICES, LogWork, factor_seen
from sim.learning.service_law import ServiceLaw, factor_of
from sim.learning.ticket_log import UNKNOWN

OTHER_WAITS: Final = 0.1
"""Of the wait, by which a group's services have to change it, beside its laws, to be told."""


class GroupPace(NamedTuple):
    """Time of a group of windows for its matters, of that of all windows."""

    windows: tuple[str, ...]
    matters: tuple[int, ...]
    """Places in `ServiceFit.matters` that it serves."""
    factor: Interval
    n: int
    """Its services whose length is known."""
    wait_factor_of_all: float
    """(1 + cv²) / 2 of its services as its matters' laws of all windows have them, whatever its
    pace."""
    wait_factor: float
    """The same with its own laws."""
    wait_factor_seen: Interval
    """The same of its services themselves; nan with fewer than thirty, or five days."""
    own_laws: tuple[ServiceLaw, ...]
    """Laws of matters that no pace makes of those of all windows."""
    pace_of_others: Interval
    """As `factor`, of the matters without a law of its own; 1 where there is none."""

    @property
    def is_told(self) -> bool:
        """Whether the scenario's laws make people wait as its own services do: to a tenth, or as
        near as these tell; where too few are known they are taken to."""
        seen = self.wait_factor_seen
        if not math.isfinite(seen.low) or seen.low <= self.wait_factor <= seen.high:
            return True
        return abs(seen.mean / self.wait_factor - 1) < OTHER_WAITS


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
    laws: Sequence[ServiceLaw],
    own_laws: tuple[ServiceLaw, ...],
    level: float,
) -> GroupPace:
    """The pace of some windows, and whether laws and pace are what their services are.

    Parameters
    ----------
    names, matters, windows
        Names of the windows, places of what they serve, their codes.
    laws, own_laws
        Of the matters, in order; of these windows alone.
    """
    here = np.isin(work.window, windows)
    of_matters = here & work.spans.is_recorded & (work.matter >= 0)
    n_of = np.bincount(work.matter[of_matters], minlength=len(laws)).astype(np.float64)
    others = pace_of(work, windows, [law.matter for law in own_laws], level)
    means = np.array([law.mean.mean for law in laws])
    factors = np.array([factor_of(law) for law in laws])
    of_all = _wait_factor(n_of, means, factors)
    if own_laws:
        means *= others.mean
        for law in own_laws:
            means[law.matter], factors[law.matter] = law.mean.mean, factor_of(law)
    spans = work.spans.where(of_matters)
    n = len(spans)
    nothing = Interval(np.nan, np.nan, np.nan, n, level)
    is_enough = n >= FEWEST_SERVICES and len(np.unique(spans.day)) >= FEWEST_DAYS
    return GroupPace(
        windows=names,
        matters=matters,
        factor=pace_of(work, windows, [], level),
        n=n,
        wait_factor_of_all=of_all,
        wait_factor=_wait_factor(n_of, means, factors),
        wait_factor_seen=factor_seen(spans, level) if is_enough else nothing,
        own_laws=own_laws,
        pace_of_others=others,
    )


def _wait_factor(n_of: Floats, means: Floats, factors: Floats) -> float:
    """(1 + cv²) / 2 of services of which so many are of each matter; nan of none."""
    squares = 2 * factors * means**2
    mean, square = (float(n_of @ each) / max(float(n_of.sum()), 1.0) for each in (means, squares))
    return square / (2 * mean**2) if mean else np.nan


def pace_of(
    work: LogWork, windows: Sequence[int], without: Sequence[int], level: float
) -> Interval:
    """Time of some windows, of that which their matters take in the mean; 1 where none is left.

    Parameters
    ----------
    windows, without
        Codes of the windows; places of matters that are left out.
    """
    spans, expected, row, at = _expected(work)
    here = np.isin(work.window[at], windows) & ~np.isin(work.matter[at], without)
    n_days = int(row.max()) + 1
    if without and not here.any():
        return Interval(1.0, 1.0, 1.0, n_days, level)
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
