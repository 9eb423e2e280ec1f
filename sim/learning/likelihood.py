"""The parameters under which a log is likeliest, with intervals whose clusters are its days."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.arrays import Floats, Ints

Terms = Callable[[Floats], Floats]
"""Parameters -> log-likelihood of each kind of observation."""
STEP: Final = 1e-3
"""Of parameters, to tell slopes: they are logarithms or of that size."""


class Likeliest(NamedTuple):
    """Parameters by maximum likelihood."""

    theta: Floats
    log_likelihood: float
    pulls: Floats
    """float64, shape (days, parameters): how far each day pulls the estimate, in sum 0; the
    infinitesimal jackknife."""
    n: int
    """Observations."""

    def interval(self, of: Callable[[Floats], float], level: float) -> Interval:
        """Bounds of the logarithm of a positive quantity of the parameters, put back.

        Parameters
        ----------
        of
            The logarithm, from the parameters.
        """
        slope = np.array([_slope(of, self.theta, k) for k in range(len(self.theta))])
        days = len(self.pulls)
        return exp_interval(t_interval(of(self.theta) + days * (self.pulls @ slope), level))


def exp_interval(logs: Interval) -> Interval:
    """The interval of a positive quantity, from that of its logarithm.

    Examples
    --------
    >>> exp_interval(Interval(0.0, 0.0, 0.0, n=2))
    Interval(mean=1.0, low=1.0, high=1.0, n=2, level=0.95)
    """
    mean, low, high = (float(np.exp(bound)) for bound in logs[:3])
    return logs._replace(mean=mean, low=low, high=high)


def _slope(of: Callable[[Floats], float], theta: Floats, k: int) -> float:
    step = np.zeros(len(theta))
    step[k] = STEP
    return (of(theta + step) - of(theta - step)) / (2 * STEP)


def likeliest(
    terms: Terms, starts: Sequence[Floats], kind: Ints, day: Ints, least: float = -1e9
) -> Likeliest | None:
    """Parameters by maximum likelihood; None when no maximum is found or it is a ridge.

    Observations are independent from day to day: the spread of days' scores gives the intervals, so
    that people of one day may be alike. Each interval is that of a mean of days, to first order
    (infinitesimal jackknife, Student t); a bootstrap over days tends to the same and costs a
    thousand fits.

    Parameters
    ----------
    terms
        Of kinds of observations that are alike.
    starts
        Where to begin; the best end counts.
    kind, day
        int64, shape (observations,): place in what `terms` gives, and day.
    least
        Logarithm that stands for impossible.

    References
    ----------
    Jaeckel (1972), The infinitesimal jackknife, Bell Labs MM 72-1215-11. White (1982),
    Econometrica 50, 1-25.

    Examples
    --------
    The mean of an exponential distribution is that of the sample.

    >>> spans = np.array([1.0, 2.0, 6.0])
    >>> fit = likeliest(
    ...     lambda theta: -theta[0] - spans / np.exp(theta[0]),
    ...     [np.zeros(1)], np.arange(3), np.arange(3),
    ... )
    >>> assert fit is not None
    >>> round(float(np.exp(fit.theta[0])), 3)
    3.0
    """
    from scipy.optimize import minimize

    n_kinds = int(kind.max()) + 1
    counts = np.bincount(kind, minlength=n_kinds).astype(np.float64)

    def bounded(theta: Floats) -> Floats:
        with np.errstate(all="ignore"):
            values = terms(theta)
        return np.maximum(np.nan_to_num(values, nan=least, neginf=least), least)

    def loss(theta: Floats) -> float:
        return -float(bounded(theta) @ counts)

    ends = [
        minimize(
            loss,
            start,
            method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-7 * len(kind), "maxiter": 2_000},
        )
        for start in starts
    ]
    best = min(ends, key=lambda end: float(end.fun))
    theta = np.asarray(best.x, dtype=np.float64)
    p = len(theta)
    steps = STEP * np.eye(p)
    scores = np.stack(
        [(bounded(theta + step) - bounded(theta - step)) / (2 * STEP) for step in steps], axis=1
    )
    curvature = np.empty((p, p))
    for (j, a), (k, b) in itertools.product(enumerate(steps), repeat=2):
        ends_at = [loss(theta + i * a + m * b) * i * m for i in (1, -1) for m in (1, -1)]
        curvature[j, k] = sum(ends_at) / (4 * STEP**2)
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature).min() <= 1e-8 * len(kind):
        return None
    days, row = np.unique(day, return_inverse=True)
    by_day = np.stack(
        [np.bincount(row, weights=scores[kind, k], minlength=len(days)) for k in range(p)], axis=1
    )
    by_day -= by_day.mean(axis=0)
    pulls: Floats = np.linalg.solve(curvature, by_day.T).T.astype(np.float64)
    return Likeliest(theta, -float(best.fun), pulls, len(kind))
