"""One server out of the ordinary: people in groups, other work between visits, outages.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

import math
from collections.abc import Sequence

from sim.theory.checks import above_zero, at_least_zero, stable
from sim.theory.single import mg1


def groups_wait(
    group_rate: float, group_shares: Sequence[float], service_mean: float, service_cv: float = 1.0
) -> float:
    """Mean wait of a person when people come in groups and are served one by one (M[X]/G/1).

    Parameters
    ----------
    group_rate : float
        Groups per unit of time.
    group_shares : sequence of float, shape (X,)
        Share of the groups with 1, 2, …, X people; they sum to 1.
    service_mean, service_cv : float
        Mean and coefficient of variation of one service.

    References
    ----------
    D. Gross, C. M. Harris, Fundamentals of Queueing Theory (bulk input).

    Examples
    --------
    >>> round(groups_wait(0.06, [0.6, 0.3, 0.1], 8), 6)
    32.0
    """
    at_least_zero("group_rate", group_rate)
    shares = [at_least_zero("group_shares", share) for share in group_shares]
    if abs(math.fsum(shares) - 1) > 1e-9:
        raise ValueError(
            f"group_shares: found a sum of {math.fsum(shares):.6g}; allowed is 1; rescale them"
        )
    size = math.fsum(n * share for n, share in enumerate(shares, start=1))
    square = math.fsum(n * n * share for n, share in enumerate(shares, start=1))
    first = mg1(group_rate * size, service_mean, service_cv)
    behind_own_group = (square - size) * service_mean / (2 * size * (1 - first.utilisation))
    return first.mean_wait + behind_own_group


def vacation_wait(
    arrival_rate: float, service_mean: float, service_cv: float, away_mean: float, away_cv: float
) -> float:
    """Mean wait in M/G/1 when the server leaves for spells of other work whenever nobody waits.

    Parameters
    ----------
    arrival_rate, service_mean, service_cv
        As in `sim.theory.single.mg1`.
    away_mean, away_cv : float
        Mean and coefficient of variation of one spell; spells repeat until somebody waits.

    References
    ----------
    S. W. Fuhrmann, R. B. Cooper, Operations Research 33 (1985) 1117-1129.

    Examples
    --------
    >>> round(vacation_wait(0.12, 5, 0.5, 6, 0.19245), 4)
    7.7986
    """
    at_least_zero("away_cv", away_cv)
    rest_of_spell = above_zero("away_mean", away_mean) * (1 + away_cv**2) / 2
    return mg1(arrival_rate, service_mean, service_cv).mean_wait + rest_of_spell


def outage_stay(
    arrival_rate: float, service_mean: float, up_mean: float, down_mean: float
) -> float:
    """Mean stay in M/M/1 whose server fails, busy or idle, and resumes the person in hand.

    Parameters
    ----------
    arrival_rate, service_mean : float
        As in `sim.theory.erlang.mmc`.
    up_mean, down_mean : float
        Means of the exponential spells of working order and of repair.

    References
    ----------
    H. C. White, L. S. Christie, Operations Research 6 (1958); B. Avi-Itzhak, P. Naor, 11 (1963).

    Examples
    --------
    >>> round(outage_stay(0.08, 9, 240, 20), 4)
    51.3112
    """
    above_zero("service_mean", service_mean)
    fail_rate = 1 / above_zero("up_mean", up_mean)
    stretch = 1 + fail_rate * above_zero("down_mean", down_mean)
    utilisation = stable(at_least_zero("arrival_rate", arrival_rate) * service_mean * stretch)
    # second moment of a service with its repairs, then the repair met on arrival
    square = 2 * (service_mean * stretch) ** 2 + 2 * fail_rate * down_mean**2 * service_mean
    down_share = 1 - 1 / stretch
    wait = arrival_rate * square / 2 / (1 - utilisation) + down_share * down_mean
    return wait + service_mean * stretch
