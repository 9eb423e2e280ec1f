"""Erlang's formulas: Poisson arrivals, exponential service, `c` identical servers, one queue.

Arrival rates are per unit of time and service means in that same unit, any unit; waits come
out in it. Loads (arrival rate × service mean) and shares have no unit.
"""

import math
from typing import NamedTuple

from sim.theory.checks import above_zero, at_least_zero, share_of_one, stable, whole


class Steady(NamedTuple):
    """Long-run state of a queue that nobody is turned away from and nobody leaves unserved.

    Attributes
    ----------
    utilisation : float
        Share of server time that is busy.
    wait_share : float
        Share of arrivals that wait at all.
    mean_wait : float
        Arrival to start of service, over all arrivals (time unit of the input).
    mean_queue : float
        People waiting, mean over time.
    mean_inside : float
        People waiting or being served, mean over time.
    mean_stay : float
        Arrival to end of service (time unit of the input).
    """

    utilisation: float
    wait_share: float
    mean_wait: float
    mean_queue: float
    mean_inside: float
    mean_stay: float


def erlang_b(load: float, servers: int) -> float:
    """Share of arrivals lost when all servers are busy and nobody can wait (M/G/c/c).

    Parameters
    ----------
    load : float
        Arrival rate × service mean; only the mean of the service distribution matters.
    servers : int
        Places, 0 or more.

    References
    ----------
    A. K. Erlang (1917); insensitivity: B. A. Sevastyanov, Theory Probab. Appl. 2 (1957).

    Examples
    --------
    >>> round(erlang_b(10, 17), 5)
    0.01295
    """
    load = at_least_zero("load", load)
    blocked = 1.0
    for k in range(1, whole("servers", servers, least=0) + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def odds_of_room(load: float, servers: int) -> float:
    """P(a server is free) over P(all are busy, nobody waits), in any queue for these servers.

    Parameters as in `erlang_b`, with a load above 0; infinite where floats end.

    Examples
    --------
    >>> round(odds_of_room(1, 2), 6)  # states 0 and 1 against state 2: (1 + 1) / 0.5
    4.0
    """
    above_zero("load", load)
    inverse = 1.0
    for k in range(1, whole("servers", servers, least=0) + 1):
        inverse = 1 + k / load * inverse
    return inverse - 1


def erlang_c(load: float, servers: int) -> float:
    """Share of arrivals that have to wait in M/M/c.

    Parameters
    ----------
    load : float
        Arrival rate × service mean, below `servers`.
    servers : int
        Identical servers, 1 or more.

    Raises
    ------
    ValueError
        If the load reaches the number of servers.

    References
    ----------
    D. Gross, C. M. Harris, Fundamentals of Queueing Theory.

    Examples
    --------
    >>> round(erlang_c(10, 14), 5)
    0.17413
    """
    utilisation = stable(at_least_zero("load", load), whole("servers", servers))
    blocked = erlang_b(load, servers)
    return blocked / (1 - utilisation * (1 - blocked))


def mmc(arrival_rate: float, service_mean: float, servers: int) -> Steady:
    """Answer how an M/M/c queue does in the long run.

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time.
    service_mean : float
        Mean service time, same unit.
    servers : int
        Identical servers.

    Raises
    ------
    ValueError
        If the queue would grow without bound.

    References
    ----------
    D. Gross, C. M. Harris, Fundamentals of Queueing Theory.

    Examples
    --------
    >>> round(mmc(0.4, 10, 5).mean_wait, 5)
    5.54113
    """
    load = at_least_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    wait_share = erlang_c(load, servers)
    mean_wait = wait_share * service_mean / (servers - load)
    mean_queue = arrival_rate * mean_wait
    return Steady(
        utilisation=load / servers,
        wait_share=wait_share,
        mean_wait=mean_wait,
        mean_queue=mean_queue,
        mean_inside=mean_queue + load,
        mean_stay=mean_wait + service_mean,
    )


def mmc_wait_tail(t: float, arrival_rate: float, service_mean: float, servers: int) -> float:
    """Share of arrivals to M/M/c (first come, first served) that wait longer than `t`.

    Parameters as in `mmc`; `t` in the same unit of time.

    Examples
    --------
    >>> round(1 - mmc_wait_tail(15, 0.4, 10, 5), 6)
    0.876361
    """
    at_least_zero("t", t)
    spare_rate = servers / service_mean - arrival_rate
    return mmc(arrival_rate, service_mean, servers).wait_share * math.exp(-spare_rate * t)


def mmc_wait_quantile(
    share: float, arrival_rate: float, service_mean: float, servers: int
) -> float:
    """Answer which wait a `share` of the arrivals to M/M/c does not exceed.

    Parameters as in `mmc`; the answer is in the same unit of time, 0 if enough do not wait.

    Examples
    --------
    >>> round(mmc_wait_quantile(0.9, 0.4, 10, 5), 3)
    17.122
    """
    above = 1 - share_of_one("share", share)
    wait_share = mmc(arrival_rate, service_mean, servers).wait_share
    if wait_share <= above:
        return 0.0
    return math.log(wait_share / above) / (servers / service_mean - arrival_rate)


def mmc_stay_tail(t: float, arrival_rate: float, service_mean: float, servers: int) -> float:
    """Share of arrivals to M/M/c (first come, first served) that stay longer than `t`.

    Parameters as in `mmc`; `t` in the same unit of time. The stay is wait plus service.

    Examples
    --------
    >>> round(mmc_stay_tail(6, 1 / 6, 3, 1), 6)  # one server: exponential with mean 6
    0.367879
    """
    at_least_zero("t", t)
    wait_share = mmc(arrival_rate, service_mean, servers).wait_share
    rate, spare_rate = 1 / service_mean, servers / service_mean - arrival_rate
    served_only = math.exp(-rate * t)
    gap = spare_rate - rate
    if abs(gap) < 1e-9 * rate:
        waited = (1 + rate * t) * served_only
    else:
        waited = (spare_rate * served_only - rate * math.exp(-spare_rate * t)) / gap
    return (1 - wait_share) * served_only + wait_share * waited
