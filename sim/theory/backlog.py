"""People who queue before the doors open, as a fluid: arrivals and service flow evenly.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

import math

from sim.theory.checks import above_zero, at_least_zero, whole


def backlog_time(backlog: float, arrival_rate: float, service_mean: float, servers: int) -> float:
    """Time from opening until nobody has to wait any more.

    Parameters
    ----------
    backlog : float
        People waiting at the opening.
    arrival_rate, service_mean
        As in `sim.theory.erlang.mmc`.
    servers : int
        Identical servers, all busy until then.

    Returns
    -------
    float
        Infinite if as many come as the servers serve, or more. Where people are served one by
        one, the first server is free a little sooner, once fewer are left than servers.

    References
    ----------
    G. F. Newell, Applications of Queueing Theory, 2nd ed. (1982), ch. 2, fluid approximation.

    Examples
    --------
    >>> [backlog_time(120, 3, 1, windows) for windows in (3, 5, 6)]
    [inf, 60.0, 40.0]
    """
    served = whole("servers", servers) / above_zero("service_mean", service_mean)
    falls = served - at_least_zero("arrival_rate", arrival_rate)
    if at_least_zero("backlog", backlog) == 0 and falls >= 0:
        return 0.0
    return backlog / falls if falls > 0 else math.inf


def backlog_servers(backlog: float, arrival_rate: float, service_mean: float, within: float) -> int:
    """Smallest number of servers that clears a backlog in time.

    Parameters
    ----------
    backlog, arrival_rate, service_mean
        As in `backlog_time`.
    within : float
        Longest time from opening, above 0.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> backlog_servers(120, 3, 1, within=20)
    9
    """
    in_time = above_zero("within", within) * (1 + 1e-12)  # 9 servers need 20 min, rounding or not
    work = at_least_zero("arrival_rate", arrival_rate) + at_least_zero("backlog", backlog) / within
    servers = max(1, math.floor(work * above_zero("service_mean", service_mean)))
    while backlog_time(backlog, arrival_rate, service_mean, servers) > in_time:
        servers += 1
    return servers
