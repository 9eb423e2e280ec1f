"""Which place people choose, and the waits that follow from it and lead to it.

Costs and waits may be in any unit as long as one call keeps to it. Rows are places of origin,
columns are places to go to.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.theory.checks import above_zero, at_least_zero, same_length, whole
from sim.theory.erlang import mmc

SLOWER: Final = 1.5
"""Added to the divisor of a step after which the residual grew."""
FASTER: Final = 0.3
"""… after which it fell."""
NEARLY_FULL: Final = 0.999
"""Utilisation beyond which a hall counts as overloaded."""


def huff_shares(attraction: Floats, distance: Floats, exponent: float) -> Floats:
    """Share of each origin that goes to each place: attraction ÷ distance ^ exponent, normed.

    Parameters
    ----------
    attraction : ndarray, shape (J,)
        Pull of each place, such as its windows; 0 or more.
    distance : ndarray, shape (I, J)
        Minutes, or any other distance; 0 or more, `inf` = no way.
    exponent : float
        How fast the pull decays; 0 or more.

    Returns
    -------
    ndarray, shape (I, J)
        Rows add up to 1. A place at no distance takes all.

    References
    ----------
    D. L. Huff, Defining and estimating a trading area, Journal of Marketing 28 (1964) 34-38.

    Examples
    --------
    >>> huff_shares(np.array([3.0, 2.0]), np.array([[10.0, 30.0]]), 2).round(4).tolist()
    [[0.931, 0.069]]
    """
    pull, way = np.array(attraction, dtype=np.float64), _rows("distance", distance)
    if pull.shape != way.shape[1:] or not (np.isfinite(pull).all() and (pull >= 0).all()):
        raise ValueError(
            f"attraction: found {pull}; allowed is a number from 0 up for each of {way.shape[1]} "
            "places; correct it"
        )
    power = at_least_zero("exponent", exponent)
    open_ = (pull > 0) & np.isfinite(way)
    if not open_.any(axis=1).all():
        raise ValueError(
            "distance: found an origin that reaches no place with a pull; allowed is one at least; "
            "add a way or a place"
        )
    at_once = open_ & (way == 0) if power > 0 else np.zeros(way.shape, dtype=bool)
    near = np.where(at_once.any(axis=1, keepdims=True), at_once, open_)
    shortest = np.where(near, way, np.inf).min(axis=1, keepdims=True)
    # relative to the shortest way, so that no power is too large for a float
    ratio = np.divide(shortest, way, out=np.ones(way.shape), where=near & (way > 0))
    weight = np.where(near, pull * ratio**power, 0.0)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def logit_shares(cost: Floats, scale: float) -> Floats:
    """Share of each origin that goes to each place if tastes differ: exp(-cost ÷ scale), normed.

    Parameters
    ----------
    cost : ndarray, shape (I, J)
        Generalised cost; `inf` = no way.
    scale : float
        Spread of tastes, in the unit of the cost; 0 = all go to the cheapest, and share out evenly
        where several are.

    Returns
    -------
    ndarray, shape (I, J)
        Rows add up to 1.

    References
    ----------
    D. McFadden, Conditional logit analysis of qualitative choice behavior, in: P. Zarembka (ed.),
    Frontiers in econometrics, Academic Press 1974, 105-142.

    Examples
    --------
    >>> logit_shares(np.array([[10.0, 10.0, 20.0]]), 10).round(3).tolist()
    [[0.422, 0.422, 0.155]]
    """
    price, spread = np.array(cost, dtype=np.float64), at_least_zero("scale", scale)
    if price.ndim != 2 or np.isnan(price).any() or not np.isfinite(price).any(axis=1).all():
        raise ValueError(
            "cost: found an origin without any finite cost; allowed is one place at least that can "
            "be reached; add a way or a place"
        )
    above = price - price.min(axis=1, keepdims=True)
    weight = np.exp(-above / spread) if spread > 0 else (above == 0).astype(np.float64)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


class ChoiceEquilibrium(NamedTuple):
    """A choice that agrees with the waits it causes.

    Attributes
    ----------
    shares : ndarray, shape (I, J)
        Share of each origin that goes to each place.
    loads : ndarray, shape (J,)
        Arrivals at each place, in the unit of the demand.
    waits : ndarray, shape (J,)
        Wait at each place under these loads.
    residual : float
        Largest change of a share that one more round of choice would bring.
    rounds : int
        Rounds of choice that were needed.
    """

    shares: Floats
    loads: Floats
    waits: Floats
    residual: float
    rounds: int


def choice_equilibrium(
    demand: Floats,
    start: Floats,
    shares_at: Callable[[Floats], Floats],
    waits_at: Callable[[Floats], Floats],
    tolerance: float = 1e-9,
    most_rounds: int = 10_000,
) -> ChoiceEquilibrium:
    """Find the choice that people would not change after seeing the waits it leads to.

    Self-regulated averaging: from round to round the shares go a step of 1/b of the way to what
    would be chosen at the present waits; b grows by 1.5 when the residual grew, else by 0.3.

    Parameters
    ----------
    demand : ndarray, shape (I,)
        Arrivals of each origin per unit of time.
    start : ndarray, shape (I, J)
        First guess of the shares.
    shares_at
        Shares (I, J) chosen at given waits (J,).
    waits_at
        Finite waits (J,) at given loads (J,).
    tolerance : float
        Residual at which it ends.
    most_rounds : int
        … or ends anyhow: the residual says how good it is.

    References
    ----------
    H. X. Liu, X. He, B. He, Method of successive weighted averages and self-regulated averaging
    schemes for solving stochastic user equilibrium problem, Networks and Spatial Economics 9
    (2009) 485-503. Uniqueness: C. Fisk, Some developments in equilibrium traffic assignment,
    Transportation Research B 14 (1980) 243-255.

    Examples
    --------
    Two equal halls and one town: half goes to each, whatever the first guess.

    >>> travel, first = np.array([[20.0, 20.0]]), np.array([[0.9, 0.1]])
    >>> choice = choice_equilibrium(
    ...     np.array([0.4]), first, lambda waits: logit_shares(travel + waits, 5),
    ...     lambda loads: 30 * loads)
    >>> choice.shares.round(6).tolist(), choice.residual < 1e-9
    ([[0.5, 0.5]], True)
    """
    rates = np.array(demand, dtype=np.float64)
    limit, most = above_zero("tolerance", tolerance), whole("most_rounds", most_rounds)
    shares = np.array(start, dtype=np.float64)
    if shares.shape[:1] != rates.shape:
        raise ValueError(
            f"start: found {shares.shape[0]} origins for a demand of {len(rates)}; allowed is a "
            "row for each; correct it"
        )
    divisor, last = 1.0, np.inf
    for rounds in range(1, most + 1):
        loads = rates @ shares
        waits = waits_at(loads)
        chosen = shares_at(waits)
        residual = float(np.abs(chosen - shares).max())
        if residual <= limit or rounds == most:
            break
        divisor += SLOWER if residual >= last else FASTER
        shares = shares + (chosen - shares) / divisor
        last = residual
    return ChoiceEquilibrium(shares, loads, waits, residual, rounds)


def halls_equilibrium(
    demand: Floats,
    travel: Floats,
    servers: Sequence[int],
    service_mean: Sequence[float],
    scale: float,
    wait_weight: float = 1.0,
    tolerance: float = 1e-9,
) -> ChoiceEquilibrium:
    """Answer where people go if they know travel and the mean wait of M/M/c halls.

    Parameters
    ----------
    demand : ndarray, shape (I,)
        Arrivals of each origin per unit of time.
    travel : ndarray, shape (I, J)
        Cost of the way, in units of time; `inf` = no way.
    servers, service_mean : sequences of length J
        Windows of each hall, and their mean service time.
    scale : float
        Spread of tastes as in `logit_shares`; above 0, so that the answer is one and only one.
    wait_weight : float
        What a unit of waiting counts in units of travel.
    tolerance : float
        Residual at which it ends.

    Raises
    ------
    ValueError
        If all halls together cannot serve all, or some hall would still be overloaded.

    Examples
    --------
    The larger hall is preferred until its wait has eaten up the advantage:

    >>> choice = halls_equilibrium(np.array([0.3]), np.array([[10.0, 10.0]]), [4, 1], [9.0, 9.0], 5)
    >>> choice.shares.round(3).tolist(), choice.waits.round(2).tolist()
    ([[0.818, 0.182]], [1.15, 8.67])
    """
    halls = same_length(servers=servers, service_mean=service_mean)
    way, rates = _rows("travel", travel), np.array(demand, dtype=np.float64)
    if way.shape != (len(rates), halls):
        raise ValueError(
            f"travel: found shape {way.shape}; allowed is a row for each of {len(rates)} origins "
            f"and a column for each of {halls} halls; correct it"
        )
    weight, spread = at_least_zero("wait_weight", wait_weight), above_zero("scale", scale)
    full = np.array([c / mean for c, mean in zip(servers, service_mean, strict=True)])
    if rates.sum() >= full.sum():
        raise ValueError(
            f"demand: found {rates.sum():g} in all; allowed is less than the {full.sum():g} that "
            "all halls can serve; add servers"
        )

    def waits_at(loads: Floats) -> Floats:
        rows = zip(loads, servers, service_mean, full, strict=True)
        return np.array([_extended_wait(*row) for row in rows])

    choice = choice_equilibrium(
        rates,
        logit_shares(way, spread),
        lambda waits: logit_shares(way + weight * waits, spread),
        waits_at,
        tolerance,
    )
    over = np.flatnonzero(choice.loads >= NEARLY_FULL * full)
    if over.size:
        raise ValueError(
            f"demand: found hall {over[0]} loaded beyond {NEARLY_FULL:.1%} where choice settles; "
            "allowed is less; add servers there or a place nearby"
        )
    return choice


def _extended_wait(load: float, servers: int, service_mean: float, full: float) -> float:
    """Mean wait of M/M/c; beyond a nearly full hall along its tangent, so that it stays finite."""
    brim = NEARLY_FULL * full
    if load <= brim:
        return mmc(load, service_mean, servers).mean_wait
    near = brim - full * 1e-6
    at_brim = mmc(brim, service_mean, servers).mean_wait
    slope = (at_brim - mmc(near, service_mean, servers).mean_wait) / (brim - near)
    return at_brim + slope * (load - brim)


def _rows(name: str, values: Floats) -> Floats:
    table = np.array(values, dtype=np.float64)
    if table.ndim != 2 or not table.size or np.isnan(table).any() or (table < 0).any():
        raise ValueError(
            f"{name}: found shape {table.shape} or a negative entry; allowed is a row for each "
            "origin, a column for each place, and numbers from 0 up; correct it"
        )
    return table
