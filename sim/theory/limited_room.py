"""A queue with a limited number of places: people who find it full go away (M/M/c/K).

Rates are per unit of time and every duration is in that same unit, any unit.
"""

import math
from typing import NamedTuple

from sim.theory.checks import above_zero, whole
from sim.theory.erlang import odds_of_room


class LimitedRoom(NamedTuple):
    """Long-run state of a queue with a limited number of places.

    Attributes
    ----------
    blocked_share : float
        Share of arrivals that find every place taken and go away.
    mean_wait : float
        Arrival to start of service of those let in (time unit of the input).
    mean_queue, mean_inside : float
        People waiting; people waiting or being served; means over time.
    throughput : float
        People served per unit of time.
    utilisation : float
        Share of server time that is busy.
    """

    blocked_share: float
    mean_wait: float
    mean_queue: float
    mean_inside: float
    throughput: float
    utilisation: float


def mmck(arrival_rate: float, service_mean: float, servers: int, capacity: int) -> LimitedRoom:
    """Answer how M/M/c does when only `capacity` people fit in (M/M/c/K).

    Parameters
    ----------
    arrival_rate, service_mean, servers
        As in `sim.theory.erlang.mmc`; any load is allowed, since arrivals to a full room go away.
    capacity : int
        Places for people being served and waiting, `servers` or more.

    References
    ----------
    D. Gross, C. M. Harris, Fundamentals of Queueing Theory.

    Examples
    --------
    >>> round(mmck(0.5, 7, 3, 12).blocked_share, 6)
    0.170273
    """
    load = above_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    seats = whole("capacity", capacity, least=whole("servers", servers)) - servers
    # States c, c+1, …, K relative to the likelier end, so that nothing overflows.
    ratio = load / servers
    shift = 0 if ratio <= 1 else seats
    above = [ratio ** (k - shift) for k in range(seats + 1)]
    p_all_busy = 1 / (ratio ** (-shift) * odds_of_room(load, servers) + math.fsum(above))
    blocked_share = p_all_busy * above[-1]
    throughput = arrival_rate * (1 - blocked_share)
    mean_queue = p_all_busy * math.fsum(k * weight for k, weight in enumerate(above))
    return LimitedRoom(
        blocked_share=blocked_share,
        mean_wait=mean_queue / throughput,
        mean_queue=mean_queue,
        mean_inside=mean_queue + throughput * service_mean,
        throughput=throughput,
        utilisation=throughput * service_mean / servers,
    )
