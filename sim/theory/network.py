"""Several queues: Jackson networks, stations in a row, pooling, the shorter of two queues.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.theory.chain import long_run_mean, long_run_shares
from sim.theory.checks import above_zero, at_least_zero, same_length, stable, whole
from sim.theory.erlang import Steady, mmc


class Network(NamedTuple):
    """Long-run state of an open network of queues.

    Attributes
    ----------
    arrival_rates : tuple of float, length K
        Arrivals per unit of time at each station, returns included.
    stations : tuple of Steady, length K
        Each station as if alone; waits and stays are per call at the station.
    mean_inside : float
        People in the network, mean over time.
    mean_stay : float
        First arrival to last departure of a person (time unit of the input).
    """

    arrival_rates: tuple[float, ...]
    stations: tuple[Steady, ...]
    mean_inside: float
    mean_stay: float


def jackson(
    outside_rates: Sequence[float],
    routing: Sequence[Sequence[float]],
    service_means: Sequence[float],
    servers: Sequence[int],
) -> Network:
    """Answer how an open network of exponential stations does in the long run.

    Parameters
    ----------
    outside_rates : sequence of float, shape (K,)
        Arrivals from outside per unit of time, Poisson, by station.
    routing : sequence of sequences of float, shape (K, K)
        Share of those served at station i who go to j next; the rest of a row leaves.
    service_means : sequence of float, shape (K,)
        Means of the exponential services.
    servers : sequence of int, shape (K,)
        Identical servers, by station.

    Raises
    ------
    ValueError
        If a station would grow without bound or nobody can leave.

    References
    ----------
    J. R. Jackson, Operations Research 5 (1957) 518-521; P. J. Burke (1956).

    Examples
    --------
    A quarter of the served rejoin the queue for a correction:

    >>> round(jackson([0.09], [[0.25]], [6], [1]).mean_stay, 4)
    28.5714
    """
    n_stations = same_length(
        outside_rates=outside_rates, service_means=service_means, servers=servers
    )
    shares = np.asarray(routing, dtype=np.float64)
    if shares.shape != (n_stations, n_stations):
        raise ValueError(
            f"routing: found shape {shares.shape}; allowed is {(n_stations, n_stations)}, one row "
            "and one column a station; complete it"
        )
    if (shares < 0).any() or (shares.sum(axis=1) > 1 + 1e-12).any():
        raise ValueError("routing: found a row outside 0..1; allowed are shares; rescale the row")
    outside = np.array([at_least_zero("outside_rates", rate) for rate in outside_rates])
    above_zero("sum of outside_rates", float(outside.sum()))
    try:
        rates = np.linalg.solve(np.eye(n_stations) - shares.T, outside)
    except np.linalg.LinAlgError as closed:
        raise ValueError(
            "routing: found stations that nobody leaves; allowed is a way out from each, as the "
            "number inside grows without bound otherwise; lower a share"
        ) from closed
    stations = tuple(
        mmc(float(rate), mean, n)
        for rate, mean, n in zip(rates, service_means, servers, strict=True)
    )
    mean_inside = sum(station.mean_inside for station in stations)
    return Network(tuple(rates.tolist()), stations, mean_inside, mean_inside / float(outside.sum()))


def tandem(arrival_rate: float, service_means: Sequence[float], servers: Sequence[int]) -> Network:
    """Answer how stations in a row do when everybody passes each once and nothing blocks.

    Parameters
    ----------
    arrival_rate : float
        Arrivals at the first station per unit of time.
    service_means, servers : sequences, shape (K,)
        Mean of the exponential service and number of servers, by station.

    References
    ----------
    P. J. Burke, Operations Research 4 (1956) 699-704.

    Examples
    --------
    >>> round(tandem(0.4, [6, 10, 3.5], [3, 5, 2]).mean_stay, 4)
    34.8758
    """
    n_stations = same_length(service_means=service_means, servers=servers)
    outside = [arrival_rate] + [0.0] * (n_stations - 1)
    return jackson(outside, np.eye(n_stations, k=1).tolist(), service_means, servers)


def pooling_ratio(
    arrival_rate_each: float, service_mean: float, sites: int, servers_each: int = 1
) -> float:
    """Answer how many times longer people wait at separate sites than in one pooled hall.

    Parameters
    ----------
    arrival_rate_each : float
        Arrivals per unit of time at each site.
    service_mean : float
        Mean of the exponential service.
    sites, servers_each : int
        Number of sites and servers at each; the pooled hall has all of them.

    References
    ----------
    D. R. Smith, W. Whitt, Bell System Technical Journal 60 (1981) 39-55.

    Examples
    --------
    >>> round(pooling_ratio(0.08, 10, 4), 5)
    5.36523
    """
    above_zero("arrival_rate_each", arrival_rate_each)
    whole("sites", sites)
    separate = mmc(arrival_rate_each, service_mean, servers_each)
    pooled = mmc(arrival_rate_each * sites, service_mean, servers_each * sites)
    return separate.mean_wait / pooled.mean_wait


def shorter_of_two(arrival_rate: float, service_mean: float) -> Steady:
    """Answer how two windows with a queue each do when people join the shorter and stay there.

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time at both windows together; ties are split evenly.
    service_mean : float
        Mean of the exponential service.

    References
    ----------
    L. Flatto, H. P. McKean (1977); I. Adan, J. Wessels, W. Zijm (1990). Here by the Markov
    chain on (longer, shorter), cut where a share of about 1e-12 is lost.

    Examples
    --------
    >>> round(shorter_of_two(0.16, 10).mean_wait, 4)
    19.5574
    """
    load = above_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    utilisation = stable(load, 2)
    room = max(12, int(np.ceil(np.log(1e-12) / np.log(utilisation**2))) + 4)
    rate = 1 / service_mean

    def moves(state: tuple[int, int]) -> list[tuple[float, tuple[int, int]]]:
        longer, shorter = state
        joined = (max(longer, shorter + 1), min(longer, shorter + 1))
        steps = [(arrival_rate, joined if joined[0] <= room else state)]
        if longer:
            left = (max(longer - 1, shorter), min(longer - 1, shorter))
            steps.append((rate, left))
        if shorter:
            steps.append((rate, (longer, shorter - 1)))
        return steps

    shares = long_run_shares((0, 0), moves)
    mean_inside = long_run_mean(shares, lambda state: state[0] + state[1])
    mean_queue = mean_inside - long_run_mean(shares, lambda s: (s[0] > 0) + (s[1] > 0))
    return Steady(
        utilisation=utilisation,
        wait_share=long_run_mean(shares, lambda state: state[1] > 0),
        mean_wait=mean_queue / arrival_rate,
        mean_queue=mean_queue,
        mean_inside=mean_inside,
        mean_stay=mean_inside / arrival_rate,
    )
