"""Waits counted in bins that grow with the wait: any range in one small array, of known error.

Up to 102.4 minutes a bin is a tenth of a minute; from there on each doubling of the wait has 512
bins, so that a value is never further from its bin's bounds than 0.2 % of itself. That is the
layout of Tene's HdrHistogram, in ticks.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.arrays import Floats, Ints
from sim.clock import MINUTE

BIN: Final = MINUTE // 10
"""Ticks of the narrowest bins."""
EVEN: Final = 1024
"""Bins of that width."""
PER_DOUBLING: Final = EVEN // 2
DOUBLINGS: Final = 16
"""The last bin ends at 6.7 million minutes, twelve years."""
BINS: Final = EVEN + DOUBLINGS * PER_DOUBLING
RELATIVE_ERROR: Final = 1 / PER_DOUBLING
"""Of a quantile beyond the even bins; below, it is off by `BIN` at most."""


def bin_of(waits: Ints) -> Ints:
    """The bin of each wait.

    Parameters
    ----------
    waits : ndarray(int64)
        Ticks, 0 or more; beyond the last bin they count in it.

    Examples
    --------
    >>> bin_of(np.array([0, 5_999, 6_000, 102 * MINUTE, 205 * MINUTE])).tolist()
    [0, 0, 1, 1020, 1536]
    """
    tenths = waits // BIN
    if tenths.max(initial=0) < EVEN:
        return tenths
    doubling = np.maximum(np.frexp(tenths / PER_DOUBLING)[1] - 1, 0)
    return np.asarray(np.minimum(doubling * PER_DOUBLING + (tenths >> doubling), BINS - 1))


def lower_bounds() -> Floats:
    """float64, shape (BINS + 1,): where each bin begins, in minutes; the last entry ends the last.

    Examples
    --------
    >>> edges = lower_bounds()
    >>> [round(float(edges[n]), 1) for n in (0, 1, 1024, 1025, BINS)]
    [0.0, 0.1, 102.4, 102.6, 6710886.4]
    """
    number = np.arange(BINS + 1)
    doubling = np.maximum(number // PER_DOUBLING - 1, 0)
    tenths = (number - doubling * PER_DOUBLING) << doubling
    return np.asarray(tenths * (BIN / MINUTE))


EDGES: Final = lower_bounds()


def counted(waits: Ints) -> Ints:
    """int64, shape (BINS,): how many waits fall into each bin."""
    return np.bincount(bin_of(waits), minlength=BINS)


def quantile(histogram: Ints, p: float) -> float:
    """The wait, in minutes, that a share `p` of the people counted stay at or below.

    Parameters
    ----------
    histogram : ndarray(int64), shape (BINS,)
    p : float
        A share; below 0 and above 1 the least and the greatest wait.

    Returns
    -------
    float
        Even within a bin, so off by less than `BIN` or `RELATIVE_ERROR`; nan when nobody counts.

    Examples
    --------
    >>> round(quantile(counted(np.array([0, 10, 20, 30]) * MINUTE), 0.9), 2)
    30.06
    """
    total = int(histogram.sum())
    if total == 0:
        return math.nan
    goal = min(max(p, 0.0), 1.0) * total
    cumulative = np.cumsum(histogram)
    row = int(np.searchsorted(cumulative, max(goal, 1e-9)))
    if row == 0:
        # the first bin is mostly people called at once: their wait is 0, not a tenth of a minute
        return 0.0
    inside = (goal - (cumulative[row] - histogram[row])) / histogram[row]
    return float(EDGES[row] + inside * (EDGES[row + 1] - EDGES[row]))


def at_most(histogram: npt.NDArray[np.number], minutes: Floats) -> Floats:
    """How many waits lie at or below each of some lengths, even within a bin.

    Parameters
    ----------
    histogram : ndarray, shape (…, BINS)
    minutes : ndarray(float64), shape (m,)

    Returns
    -------
    ndarray(float64), shape (…, m)

    Examples
    --------
    >>> at_most(counted(np.array([0, 10, 20, 30]) * MINUTE), np.array([0.1, 15.0])).tolist()
    [1.0, 2.0]
    """
    cumulative = np.concatenate(
        [np.zeros((*histogram.shape[:-1], 1)), np.cumsum(histogram, axis=-1)], axis=-1
    )
    row = np.clip(np.searchsorted(EDGES, minutes, side="right") - 1, 0, BINS - 1)
    inside = np.clip((minutes - EDGES[row]) / (EDGES[row + 1] - EDGES[row]), 0, 1)
    low = cumulative[..., row]
    return np.asarray(low + inside * (cumulative[..., row + 1] - low))
