"""Which of many candidates is best, when each replication costs: Kim and Nelson's procedure."""

from __future__ import annotations

import math

import numpy as np

from sim.analysis.intervals import paired_difference
from sim.arrays import Bools, Floats, Ints

LEAST_FIRST = 2
"""Replications without which nothing is known of a spread."""


class KimNelson:
    """Drops candidates that are worse for certain, replication by replication, until one is left.

    All candidates meet the same crowds (common random numbers), so what counts is the spread of
    their differences. With probability `level` the one that is left is the best, provided that no
    other is nearer to it than `zone`; of those nearer, any may be left. A candidate is a ratio of
    sums, as measures are: its replications are what each adds to the ratio (delta method).

    Parameters
    ----------
    first : ndarray(float64), shape (k, n, 2)
        Numerators and denominators of k candidates in the first n replications, n at least 2.
    zone : float
        Indifference zone, above 0, in the unit of the ratio: less does not matter.
    level : float
        Probability of a correct selection, above 1/k and below 1.

    Attributes
    ----------
    in_play : ndarray(bool), shape (k,)
    needed : int
        Replications after which it ends at the latest.

    Raises
    ------
    ValueError
        For fewer than two replications, a zone that is not above 0, or a level out of range.

    References
    ----------
    Kim & Nelson (2001), A fully sequential procedure for indifference-zone selection in
    simulation, ACM Transactions on Modeling and Computer Simulation 11, with c = 1.

    Examples
    --------
    >>> waits = np.array([[12.0, 15.0, 11.0, 14.0], [9.0, 16.0, 8.0, 13.0], [9.5, 15.5, 8.2, 13.4]])
    >>> selection = KimNelson(np.stack([waits, np.ones_like(waits)], axis=2), 1.0, 0.95)
    >>> selection.drop(waits.mean(axis=1), 4).tolist(), selection.needed
    ([2], 71)
    >>> selection.drop(np.array([13.0, 9.9, 10.0]), 50).tolist()
    [0]
    """

    def __init__(self, first: Floats, zone: float, level: float) -> None:
        count, n = first.shape[:2]
        if n < LEAST_FIRST:
            raise ValueError(f"first: found {n} replications; allowed is from {LEAST_FIRST}")
        if not (zone > 0 and math.isfinite(zone)):
            raise ValueError(f"zone: found {zone}; allowed is a number above 0")
        if not 1 / max(count, 2) < level < 1:
            raise ValueError(f"level: found {level}; allowed is from 1/{max(count, 2)} to 1")
        self._zone = zone
        self.in_play: Bools = np.ones(count, dtype=np.bool_)
        spread = _variances_of_differences(first)
        # chance of error that each comparison may have, by which the borders are as wide as needed
        each = 2 * (1 - level) / max(count - 1, 1)
        eta = (each ** (-2 / (n - 1)) - 1) / 2
        self._reach = 2 * eta * (n - 1) * spread / zone**2

    @property
    def needed(self) -> int:
        """Replications after which nothing more is to be decided between those in play."""
        left = self._reach[np.ix_(self.in_play, self.in_play)]
        return int(left.max(initial=0.0)) + 1

    def drop(self, ratios: Floats, n: int) -> Ints:
        """Indices of those that drop out, seeing the ratios after n replications of all in play.

        Parameters
        ----------
        ratios : ndarray(float64), shape (k,)
            The smallest is best; of those out of play anything.
        n
            At least as many as the first ones.
        """
        room = np.maximum(self._zone / (2 * n) * (self._reach - n), 0.0)
        behind = ratios[:, None] - ratios[None, :] > room
        others = self.in_play[:, None] & self.in_play[None, :]
        dropped: Ints = np.flatnonzero((behind & others).any(axis=1)).astype(np.int64)
        self.in_play[dropped] = False
        return dropped

    def is_decided(self, n: int) -> bool:
        """Whether n replications are enough: one is left, or those left are alike."""
        return int(self.in_play.sum()) == 1 or n >= self.needed


def surely_beaten(values: Floats, level: float) -> Bools:
    """Which candidates another one beats for certain, on the same crowds; the largest is best.

    Each is held against the one whose mean is largest, by the interval of their paired difference.
    If the best is looked at L times among k candidates, its chance to be beaten by error is at most
    `error` for `level = 1 - 2 error / ((k - 1) L)`: any rival may have the largest mean at any
    look, and the chances that one end of one of these intervals is wrong add up (Boole's
    inequality, the union bound). So it holds however often somebody looks and stops before, as far
    as differences of replications are normal.

    Parameters
    ----------
    values : ndarray(float64), shape (k, n)
        Of each candidate in each replication.
    level
        Coverage of the interval of one difference at one look.

    Returns
    -------
    ndarray(bool), shape (k,)

    Examples
    --------
    >>> surely_beaten(np.array([[9.0, 8.0, 9.5], [2.0, 1.5, 2.5], [8.0, 9.0, 9.0]]), 0.95).tolist()
    [False, True, False]
    """
    best = values[values.mean(axis=1).argmax()]
    apart = [paired_difference(row, best, level) for row in values]
    return np.array([interval.low > 0 for interval in apart], dtype=np.bool_)


def ratio_parts(sums: Floats) -> Floats:
    """What each replication adds to a ratio of sums, around its mean (delta method).

    Parameters
    ----------
    sums : ndarray(float64), shape (…, n, 2)

    Returns
    -------
    ndarray(float64), shape (…, n)
        Its mean is 0, and its spread is that of a replication of the ratio; nan where nothing is
        counted.

    Examples
    --------
    >>> ratio_parts(np.array([[30.0, 10.0], [10.0, 10.0]]))
    array([ 1., -1.])
    """
    numerators, denominators = sums[..., 0], sums[..., 1]
    whole = denominators.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = numerators.sum(axis=-1, keepdims=True) / whole
        parts = (numerators - ratio * denominators) * denominators.shape[-1] / whole
    return np.asarray(parts)


def _variances_of_differences(sums: Floats) -> Floats:
    """float64, shape (k, k): of a replication of one ratio less another."""
    parts = ratio_parts(sums)
    apart = parts[:, None, :] - parts[None, :, :]
    return np.asarray((apart**2).sum(axis=2) / (parts.shape[1] - 1))
