"""Priority classes: who waits how long when some are called before others.

Classes are listed from the first served to the last. Rates are per unit of time and every
duration is in that same unit, any unit. First come, first served inside a class.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from sim.theory.checks import above_zero, at_least_zero, same_length, stable
from sim.theory.erlang import mmc


def priority_mg1(
    arrival_rates: Sequence[float], service_means: Sequence[float], service_cvs: Sequence[float]
) -> tuple[float, ...]:
    """Mean wait of each class of M/G/1 when a service once begun is finished.

    Parameters
    ----------
    arrival_rates, service_means, service_cvs : sequence of float, shape (P,)
        Arrivals per unit of time, mean service and its coefficient of variation, by class.

    Returns
    -------
    tuple of float, length P
        Mean waits in the time unit of the input.

    Raises
    ------
    ValueError
        If all classes together would make the queue grow without bound.

    References
    ----------
    A. Cobham, Operations Research 2 (1954) 70-76.

    Examples
    --------
    >>> [round(wait, 6) for wait in priority_mg1([0.2, 0.6], [1, 1], [1, 1])]
    [1.0, 5.0]
    """
    loads, rests = _loads(arrival_rates, service_means, service_cvs)
    residual = math.fsum(rests)
    return tuple(
        residual / ((1 - math.fsum(loads[:p])) * (1 - math.fsum(loads[: p + 1])))
        for p in range(len(loads))
    )


def preemptive_mg1(
    arrival_rates: Sequence[float], service_means: Sequence[float], service_cvs: Sequence[float]
) -> tuple[float, ...]:
    """Mean stay of each class of M/G/1 when a higher class interrupts, and work is resumed.

    Parameters as in `priority_mg1`; the stay runs from arrival to end of service.

    References
    ----------
    H. C. White, L. S. Christie, Operations Research 6 (1958); N. K. Jaiswal, Priority Queues.

    Examples
    --------
    >>> [round(stay, 4) for stay in preemptive_mg1([0.03, 0.04], [10, 10], [1, 1])]
    [14.2857, 47.619]
    """
    loads, rests = _loads(arrival_rates, service_means, service_cvs)
    stays = []
    for p, mean in enumerate(service_means):
        left_by_higher = 1 - math.fsum(loads[:p])
        left = 1 - math.fsum(loads[: p + 1])
        stays.append(mean / left_by_higher + math.fsum(rests[: p + 1]) / (left_by_higher * left))
    return tuple(stays)


def priority_mmc(
    arrival_rates: Sequence[float], service_mean: float, servers: int
) -> tuple[float, ...]:
    """Mean wait of each class of M/M/c with one service distribution, non-preemptive.

    Parameters
    ----------
    arrival_rates : sequence of float, shape (P,)
        Arrivals per unit of time, by class.
    service_mean : float
        Mean of the exponential service, the same for every class.
    servers : int
        Identical servers.

    Returns
    -------
    tuple of float, length P
        Mean waits in the time unit of the input.

    References
    ----------
    A. Cobham, Operations Research 2 (1954); D. Gross, C. M. Harris.

    Examples
    --------
    >>> [round(wait, 4) for wait in priority_mmc([0.05, 0.15], 12, 3)]
    [3.236, 16.1798]
    """
    same_length(arrival_rates=arrival_rates)
    rates = [at_least_zero("arrival_rates", rate) for rate in arrival_rates]
    everybody = mmc(math.fsum(rates), service_mean, servers)
    head_of_line = everybody.wait_share * service_mean / servers
    used = [math.fsum(rates[:p]) * service_mean / servers for p in range(len(rates) + 1)]
    return tuple(
        head_of_line / ((1 - before) * (1 - with_own)) for before, with_own in pairwise(used)
    )


def accumulating_mg1(
    arrival_rates: Sequence[float],
    service_means: Sequence[float],
    service_cvs: Sequence[float],
    growths: Sequence[float],
) -> tuple[float, ...]:
    """Mean wait of each class of M/G/1 when priority grows while people wait, at the class's rate.

    Whoever has most priority when a service ends is called next; a service once begun is finished.

    Parameters
    ----------
    arrival_rates, service_means, service_cvs : sequence of float, shape (P,)
        As in `priority_mg1`; the order of the classes does not matter.
    growths : sequence of float, shape (P,)
        Priority that a class gains in a unit of time; only their ratios matter.

    References
    ----------
    L. Kleinrock, Naval Research Logistics Quarterly 11 (1964) 329-341 (delay-dependent priority);
    D. Stanford, P. Taylor, I. Ziedins, Queueing Systems 77 (2014) 297-330.

    Examples
    --------
    >>> [round(wait, 4) for wait in accumulating_mg1([0.2, 0.6], [1, 1], [1, 1], [3, 1])]
    [2.1538, 4.6154]
    """
    loads, rests = _loads(arrival_rates, service_means, service_cvs)
    same_length(arrival_rates=arrival_rates, growths=growths)
    rates = [above_zero("growths", growth) for growth in growths]
    first_come = math.fsum(rests) / (1 - math.fsum(loads))
    waits = [0.0] * len(loads)
    for p in sorted(range(len(loads)), key=lambda p: rates[p]):
        # whom the class overtakes, and who overtakes it
        gained, lost = [], []
        for load, wait, growth in zip(loads, waits, rates, strict=True):
            if growth < rates[p]:
                gained.append(load * wait * (1 - growth / rates[p]))
            elif growth > rates[p]:
                lost.append(load * (1 - rates[p] / growth))
        waits[p] = (first_come - math.fsum(gained)) / (1 - math.fsum(lost))
    return tuple(waits)


def _loads(
    arrival_rates: Sequence[float], service_means: Sequence[float], service_cvs: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Utilisation by class and its share of the rest of service that an arrival meets."""
    same_length(arrival_rates=arrival_rates, service_means=service_means, service_cvs=service_cvs)
    loads, rests = [], []
    for rate, mean, cv in zip(arrival_rates, service_means, service_cvs, strict=True):
        load = at_least_zero("arrival_rates", rate) * above_zero("service_means", mean)
        loads.append(load)
        rests.append(load * mean * (1 + at_least_zero("service_cvs", cv) ** 2) / 2)
    stable(math.fsum(loads))
    return loads, rests
