"""How many servers a target needs: exact search, square-root rule, load that moves with the day.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from sim.arrays import Floats
from sim.theory.checks import above_zero, at_least_zero, share_of_one
from sim.theory.erlang import mmc_wait_tail
from sim.theory.offered_wait import exponential_patience
from sim.theory.patience import patience_within


def smallest_servers(
    arrival_rate: float,
    service_mean: float,
    within: float,
    share: float,
    patience_mean: float = math.inf,
) -> int:
    """Smallest number of servers with P(wait <= within) >= share in the long run.

    Parameters
    ----------
    arrival_rate, service_mean
        As in `sim.theory.erlang.mmc`.
    within : float
        Longest wait that still counts as good, same unit of time.
    share : float
        Share of all arrivals whose wait must be good.
    patience_mean : float
        Mean of an exponential patience; infinite if nobody leaves. A person who leaves within
        `within` does not count as good: good means called in time.

    Returns
    -------
    int
        At least 1, also when nobody comes.

    Examples
    --------
    >>> [smallest_servers(per_hour / 60, 8, 15, 0.9) for per_hour in (12, 24, 36, 60, 90)]
    [3, 5, 6, 10, 14]
    """
    load = at_least_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    at_least_zero("within", within)
    share_of_one("share", share)
    if math.isinf(patience_mean):
        servers = math.floor(load) + 1
        while 1 - mmc_wait_tail(within, arrival_rate, service_mean, servers) < share:
            servers += 1
        return servers
    patience = exponential_patience(patience_mean)
    servers = max(1, math.floor(load * share))
    while (
        load > 0
        and patience_within(within, arrival_rate, service_mean, servers, patience).served_share
        < share
    ):
        servers += 1
    return servers


def smallest_places(load: float, blocked_share: float) -> int:
    """Smallest number of places that loses at most `blocked_share` of the arrivals (Erlang B).

    Parameters
    ----------
    load : float
        Arrival rate × mean time a place is held.
    blocked_share : float
        Largest share of arrivals that may be turned away.

    Examples
    --------
    >>> smallest_places(10, 0.02)
    17
    """
    at_least_zero("load", load)
    share_of_one("blocked_share", blocked_share)
    blocked, places = 1.0, 0
    while blocked > blocked_share:
        places += 1
        blocked = load * blocked / (places + load * blocked)
    return places


def halfin_whitt(beta: float) -> float:
    """Share of arrivals that wait in a large M/M/c with load + beta × sqrt(load) servers.

    Parameters
    ----------
    beta : float
        Spare servers in units of the square root of the load, above 0.

    References
    ----------
    S. Halfin, W. Whitt, Operations Research 29 (1981) 567-588.

    Examples
    --------
    >>> round(halfin_whitt(1.06152), 4)
    0.2
    """
    above_zero("beta", beta)
    density = float(norm.pdf(beta))
    return density / (density + beta * float(norm.cdf(beta)))


def halfin_whitt_beta(wait_share: float) -> float:
    """Spare servers, in square roots of the load, at which `wait_share` of the arrivals wait.

    Examples
    --------
    >>> round(halfin_whitt_beta(0.5), 6)
    0.506054
    """
    share_of_one("wait_share", wait_share)
    return float(brentq(lambda beta: halfin_whitt(beta) - wait_share, 1e-12, 38.0, xtol=1e-13))


def square_root_servers(load: float, wait_share: float) -> int:
    """Servers by the square-root rule: load plus a margin that grows like its square root.

    Parameters
    ----------
    load : float
        Arrival rate × service mean.
    wait_share : float
        Share of arrivals that may have to wait.

    Examples
    --------
    >>> square_root_servers(100, 0.2)
    111
    """
    above_zero("load", load)
    return math.ceil(load + halfin_whitt_beta(wait_share) * math.sqrt(load))


def load_by_slot(rates: Sequence[float], slot: float, service_mean: float) -> Floats:
    """Mean number busy in each slot if nobody ever had to wait: M(t)/M/∞ from empty.

    The load trails the arrivals by about one service time, so it is the better first guess of
    the servers a slot needs.

    Parameters
    ----------
    rates : sequence of float, shape (S,)
        Arrivals per unit of time in each slot.
    slot : float
        Length of a slot, same unit of time.
    service_mean : float
        Mean of the exponential service, same unit.

    Returns
    -------
    ndarray(float64), shape (S,)
        Average over the slot.

    References
    ----------
    O. B. Jennings, A. Mandelbaum, W. A. Massey, W. Whitt, Management Science 42 (1996).

    Examples
    --------
    >>> load_by_slot([0.5, 1.0, 1.0], slot=30, service_mean=9).round(2).tolist()
    [3.2, 7.65, 8.95]
    """
    above_zero("slot", slot)
    above_zero("service_mean", service_mean)
    stays = math.exp(-slot / service_mean)
    averages, busy = [], 0.0
    for rate in rates:
        target = at_least_zero("rates", rate) * service_mean
        averages.append(target + (busy - target) * (1 - stays) * service_mean / slot)
        busy = target + (busy - target) * stays
    return np.array(averages, dtype=np.float64)


def load_of_wave(
    at: float, rate_mean: float, rate_swing: float, cycle: float, service_mean: float
) -> float:
    """Mean number busy at time `at` in M(t)/M/∞ with rate mean + swing × sin(2π t / cycle).

    Parameters
    ----------
    at : float
        Time since the upward crossing of the mean rate.
    rate_mean, rate_swing : float
        Arrivals per unit of time; the swing is at most the mean.
    cycle, service_mean : float
        Period of the wave and mean of the exponential service, same unit.

    References
    ----------
    S. G. Eick, W. A. Massey, W. Whitt, Management Science 39 (1993) 241-252.

    Examples
    --------
    >>> round(load_of_wave(120, 1.2, 0.8, 480, 20), 4)
    38.9737
    """
    if not 0 <= rate_swing <= rate_mean:
        raise ValueError(
            f"rate_swing: found {rate_swing}; allowed is 0 to rate_mean ({rate_mean}), as a rate "
            "cannot be negative; lower it"
        )
    turn = 2 * math.pi / above_zero("cycle", cycle)
    slow = turn * above_zero("service_mean", service_mean)
    wave = math.sin(turn * at) - slow * math.cos(turn * at)
    return service_mean * (rate_mean + rate_swing * wave / (1 + slow * slow))
