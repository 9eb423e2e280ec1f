"""One server, general distributions: M/G/1, M/D/1, GI/M/1; and a rule for GI/G/c.

Rates are per unit of time and every duration is in that same unit, any unit. A coefficient of
variation (`cv`) is standard deviation over mean: 0 constant, 1 exponential.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import poisson

from sim.theory.checks import above_zero, at_least_zero, same_length, stable
from sim.theory.erlang import Steady, mmc


def mg1(arrival_rate: float, service_mean: float, service_cv: float) -> Steady:
    """Answer how M/G/1 does in the long run (Pollaczek–Khinchine).

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time.
    service_mean : float
        Mean service time, same unit.
    service_cv : float
        Coefficient of variation of the service time itself, not of its logarithm.

    References
    ----------
    F. Pollaczek (1930); A. Khinchine (1932).

    Examples
    --------
    >>> round(mg1(0.1, 7, 0.8).mean_wait, 4)
    13.3933
    """
    load = at_least_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    utilisation = stable(load)
    scatter = (1 + at_least_zero("service_cv", service_cv) ** 2) / 2
    mean_wait = utilisation * service_mean * scatter / (1 - utilisation)
    mean_queue = arrival_rate * mean_wait
    return Steady(
        utilisation=utilisation,
        wait_share=utilisation,
        mean_wait=mean_wait,
        mean_queue=mean_queue,
        mean_inside=mean_queue + utilisation,
        mean_stay=mean_wait + service_mean,
    )


def md1_wait_within(t: float, arrival_rate: float, service_time: float) -> float:
    """Share of arrivals to M/D/1 that wait at most `t`, by sums of positive terms only.

    Parameters
    ----------
    t : float
        Wait, same unit of time as the service.
    arrival_rate, service_time : float
        Arrivals per unit of time; the constant service time.

    References
    ----------
    A. K. Erlang (1909); G. J. Franx, Operations Research Letters 29 (2001) 221-229.

    Examples
    --------
    >>> round(md1_wait_within(10, 0.2, 4), 6)
    0.704852
    """
    at_least_zero("t", t)
    load = at_least_zero("arrival_rate", arrival_rate) * above_zero("service_time", service_time)
    free = 1 - stable(load)
    n_services = math.floor(t / service_time) + 1
    # P(n inside) from level crossing: what crosses n upwards in a service crosses back by one
    more_than = poisson.sf(np.arange(n_services + 1), load)
    inside = np.zeros(n_services + 1)
    inside[0] = free
    for n in range(n_services):
        up = inside[0] * more_than[n] + inside[1 : n + 1] @ more_than[n:0:-1]
        inside[n + 1] = up * math.exp(load)
    # P(at most j waiting), met by the arrivals of the rest of the current service
    waiting_at_most = np.cumsum(inside)[1:]
    late = arrival_rate * (n_services * service_time - t)
    terms = poisson.pmf(np.arange(n_services), late) * waiting_at_most[::-1]
    return float(min(1.0, terms.sum()))


def gim1(
    interarrival_transform: Callable[[float], float], interarrival_mean: float, service_mean: float
) -> Steady:
    """Answer how GI/M/1 does: any interarrival distribution, exponential service, one server.

    Parameters
    ----------
    interarrival_transform : callable
        s -> E[exp(-s × time between arrivals)].
    interarrival_mean, service_mean : float
        Mean time between arrivals and mean service, same unit.

    Returns
    -------
    Steady
        `wait_share` is the root σ of σ = transform((1 - σ) / service_mean).

    References
    ----------
    D. G. Kendall, Ann. Math. Statist. 24 (1953); D. Gross, C. M. Harris.

    Examples
    --------
    >>> every_ten = gim1(lambda s: math.exp(-10 * s), 10, 8)
    >>> round(every_ten.wait_share, 5), round(every_ten.mean_wait, 4)
    (0.62863, 13.5418)
    """
    above_zero("interarrival_mean", interarrival_mean)
    load = above_zero("service_mean", service_mean) / interarrival_mean
    utilisation = stable(load)

    def excess(root: float) -> float:
        return interarrival_transform((1 - root) / service_mean) - root

    # just below 1 the excess is negative because utilisation < 1
    nearly_one = 1 - 1e-4 * (1 - utilisation)
    root = float(brentq(excess, 0.0, nearly_one, xtol=1e-14))
    mean_wait = root * service_mean / (1 - root)
    mean_queue = mean_wait / interarrival_mean
    return Steady(
        utilisation=utilisation,
        wait_share=root,
        mean_wait=mean_wait,
        mean_queue=mean_queue,
        mean_inside=mean_queue + utilisation,
        mean_stay=mean_wait + service_mean,
    )


def allen_cunneen(
    arrival_rate: float,
    service_mean: float,
    servers: int,
    arrival_cv: float = 1.0,
    service_cv: float = 1.0,
) -> float:
    """Mean wait in GI/G/c, approximately: that of M/M/c scaled by the variability.

    Parameters
    ----------
    arrival_rate, service_mean, servers
        As in `sim.theory.erlang.mmc`.
    arrival_cv, service_cv : float
        Coefficients of variation of the times between arrivals and of the services.

    References
    ----------
    A. O. Allen, Probability, Statistics and Queueing Theory (1990).

    Examples
    --------
    >>> round(allen_cunneen(0.32, 10, 4, service_cv=0.5**0.5), 5)
    5.59155
    """
    scatter = at_least_zero("arrival_cv", arrival_cv) ** 2
    scatter += at_least_zero("service_cv", service_cv) ** 2
    return mmc(arrival_rate, service_mean, servers).mean_wait * scatter / 2


def mixture_moments(
    shares: Sequence[float], means: Sequence[float], cvs: Sequence[float]
) -> tuple[float, float]:
    """Mean and coefficient of variation of a service that is one of several kinds.

    Parameters
    ----------
    shares, means, cvs : sequence of float, shape (M,)
        Share, mean and coefficient of variation of each kind; shares need not sum to 1.

    Examples
    --------
    >>> mean, cv = mixture_moments([0.75, 0.25], [8, 3], [1, 1])
    >>> round(mean, 2), round(cv, 4)
    (6.75, 1.0981)
    """
    same_length(shares=shares, means=means, cvs=cvs)
    total = above_zero("sum of shares", math.fsum(shares))
    mean = math.fsum(s * m for s, m in zip(shares, means, strict=True)) / total
    above_zero("mean", mean)
    square = math.fsum(
        s * m * m * (1 + cv * cv) for s, m, cv in zip(shares, means, cvs, strict=True)
    )
    return mean, math.sqrt(max(0.0, square / total / mean**2 - 1))
