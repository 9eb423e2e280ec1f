"""Fork and join: a case goes to K departments at once and is done when the last has answered.

Rates are per unit of time and every duration is in that same unit, any unit. Unless said
otherwise departments are alike: one officer, first come first served, exponential service.
"""

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from scipy.integrate import quad
from scipy.optimize import brentq

from sim.theory.chain import long_run_mean, long_run_shares
from sim.theory.checks import above_zero, share_of_one, stable, whole

Survival = Callable[[float], float]


class Bounds(NamedTuple):
    """Two values the mean stay lies between (time unit of the input).

    Attributes
    ----------
    lower, upper : float
        The stay at one department alone; the mean maximum of independent stays.
    """

    lower: float
    upper: float


def flatto_hahn(arrival_rate: float, service_mean: float) -> float:
    """Mean time from fork to join with two departments, exact.

    Parameters
    ----------
    arrival_rate : float
        Cases per unit of time.
    service_mean : float
        Mean work of one department on one case.

    References
    ----------
    L. Flatto, S. Hahn, SIAM J. Appl. Math. 44 (1984) 1041-1053.

    Examples
    --------
    >>> round(flatto_hahn(0.07, 10), 4)
    47.0833
    """
    stay, utilisation = _one_department(arrival_rate, service_mean)
    return (12 - utilisation) / 8 * stay


def nelson_tantawi(arrival_rate: float, service_mean: float, departments: int) -> float:
    """Mean time from fork to join with K departments, approximately (within about 5 %).

    Parameters
    ----------
    arrival_rate, service_mean
        As in `flatto_hahn`.
    departments : int
        K from 1 to 32; exact for 1 and 2.

    References
    ----------
    R. Nelson, A. N. Tantawi, IEEE Transactions on Computers 37 (1988) 739-743.

    Examples
    --------
    >>> round(nelson_tantawi(0.05, 10, 3), 4)
    33.9773
    """
    if whole("departments", departments) > 32:
        raise ValueError(
            f"departments: found {departments}; allowed is 1 to 32, where the formula was fitted; "
            "use fork_join_bounds"
        )
    stay, utilisation = _one_department(arrival_rate, service_mean)
    if departments == 1:
        return stay
    growth = _harmonic(departments) / _harmonic(2)
    scale = growth + 4 / 11 * (1 - growth) * utilisation
    return scale * flatto_hahn(arrival_rate, service_mean)


def fork_join_bounds(arrival_rate: float, service_mean: float, departments: int) -> Bounds:
    """Bounds of the mean time from fork to join with K departments.

    Parameters as in `nelson_tantawi`; any number of departments.

    References
    ----------
    R. Nelson, A. N. Tantawi (1988): the stays at the departments of a case are associated.

    Examples
    --------
    >>> [round(bound, 4) for bound in fork_join_bounds(0.07, 10, 2)]
    [33.3333, 50.0]
    """
    stay, _ = _one_department(arrival_rate, service_mean)
    return Bounds(stay, _harmonic(whole("departments", departments)) * stay)


def fork_join_exact(arrival_rate: float, service_mean: float, departments: int) -> float:
    """Mean time from fork to join with K departments, by the Markov chain of their queues.

    Cases leave in the order they came, so those not joined number as many as the longest
    queue; Little's law turns its mean into time. States grow with the K-th power of the
    longest queue: refused where that is too much (three departments up to about 0.6 busy).

    Parameters as in `nelson_tantawi`.

    Examples
    --------
    >>> round(fork_join_exact(0.05, 10, 3), 4)
    34.3258
    """
    _, utilisation = _one_department(arrival_rate, service_mean)
    room = math.ceil(math.log(1e-8) / math.log(utilisation))
    n_states = math.comb(room + whole("departments", departments), departments)
    if n_states > 12_000:
        raise ValueError(
            f"departments: found {departments} at utilisation {utilisation:.3g}, a chain of "
            f"{n_states} states; allowed are 12000; use nelson_tantawi or simulate"
        )

    def moves(queues: tuple[int, ...]) -> list[tuple[float, tuple[int, ...]]]:
        forked = tuple(n + 1 for n in queues)
        steps = [(arrival_rate, forked if forked[0] <= room else queues)]
        for k, n in enumerate(queues):  # alike, so only the sorted lengths matter
            if n:
                shorter = (*queues[:k], n - 1, *queues[k + 1 :])
                steps.append((1 / service_mean, tuple(sorted(shorter, reverse=True))))
        return steps

    shares = long_run_shares((0,) * departments, moves)
    return long_run_mean(shares, lambda queues: queues[0]) / arrival_rate


def mean_maximum(survivals: Sequence[Survival], scale: float = 1.0) -> float:
    """Mean of the largest of independent times, such as answers of unhurried departments.

    Parameters
    ----------
    survivals : sequence of callable, shape (K,)
        t -> P(time of department k > t).
    scale : float
        A typical time, to guide the quadrature.

    Examples
    --------
    >>> round(mean_maximum([lambda t: math.exp(-t), lambda t: math.exp(-t / 2)]), 6)
    2.333333
    """
    above_zero("scale", scale)

    def not_all_in(u: float) -> float:
        return _open_share(survivals, scale * u / (1 - u)) * scale / (1 - u) ** 2

    value, _ = quad(not_all_in, 0.0, 1.0, epsabs=1e-11 * scale, epsrel=1e-10, limit=400)
    return float(value)


def mean_maximum_exponential(means: Sequence[float]) -> float:
    """Mean of the largest of independent exponential times, by inclusion and exclusion.

    Parameters
    ----------
    means : sequence of float, shape (K,)
        Means of the times; up to about 20 of them.

    Examples
    --------
    >>> round(mean_maximum_exponential([1, 2, 3]), 5)
    3.92879
    """
    rates = [1 / above_zero("means", mean) for mean in means]
    return math.fsum(
        (-1) ** (size + 1) / math.fsum(chosen)
        for size in range(1, len(rates) + 1)
        for chosen in combinations(rates, size)
    )


def maximum_quantile(share: float, survivals: Sequence[Survival], scale: float = 1.0) -> float:
    """Time by which all of several independent answers are in with probability `share`.

    Parameters as in `mean_maximum`.

    Examples
    --------
    >>> laws = [lambda t, mean=mean: math.exp(-t / mean) for mean in (1, 2, 3)]
    >>> round(maximum_quantile(0.9, laws), 5)
    7.61202
    """
    still_open = 1 - share_of_one("share", share)
    longest = above_zero("scale", scale)
    while _open_share(survivals, longest) > still_open:
        longest *= 2
    return float(brentq(lambda t: _open_share(survivals, t) - still_open, 0.0, longest))


def _open_share(survivals: Sequence[Survival], t: float) -> float:
    """P(the largest > t), kept accurate where it is tiny."""
    tails = [survival(t) for survival in survivals]
    if max(tails) >= 1:
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-tail) for tail in tails))


def _one_department(arrival_rate: float, service_mean: float) -> tuple[float, float]:
    """Mean stay at, and utilisation of, one department alone (M/M/1)."""
    load = above_zero("arrival_rate", arrival_rate) * above_zero("service_mean", service_mean)
    utilisation = stable(load)
    return service_mean / (1 - utilisation), utilisation


def _harmonic(n: int) -> float:
    return math.fsum(1 / k for k in range(1, n + 1))
