"""Where to put sites: the p-median, the largest cover, and sites of limited capacity, exactly.

Every problem is a small integer programme (77 places of demand by 77 sites take about a second).
A cost of `inf` says that no way leads from a place to a site.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.arrays import Floats, Ints
from sim.theory.checks import at_least_zero, whole


class Sites(NamedTuple):
    """Which sites are open, and who goes where.

    Attributes
    ----------
    chosen : tuple of int
        Numbers of the open sites, counted from 0, in order.
    site_of : ndarray of int64, shape (I,)
        Site that serves each place of demand; -1 = none.
    value : float
        What was made smallest or largest, in the unit of the call.
    """

    chosen: tuple[int, ...]
    site_of: Ints
    value: float


def p_median(demand: Floats, cost: Floats, sites: int, given: Sequence[int] = ()) -> Sites:
    """Answer where a number of sites makes the ways of all people shortest.

    Parameters
    ----------
    demand : ndarray, shape (I,)
        People, or cases, of each place; 0 or more.
    cost : ndarray, shape (I, J)
        Of one of them at each site; 0 or more, `inf` = no way.
    sites : int
        Sites to open besides those given; fewer are opened where more would save nothing.
    given : sequence of int
        Numbers of sites that are open already.

    Returns
    -------
    Sites
        Each place goes to its cheapest open site; `value` = sum of demand × cost.

    Raises
    ------
    ValueError
        If a value is impossible, or a place reaches none of the sites that could be open.

    References
    ----------
    S. L. Hakimi, Optimum locations of switching centers and the absolute centers and medians of a
    graph, Operations Research 12 (1964) 450-459.
    C. ReVelle, R. Swain, Central facilities location, Geographical Analysis 2 (1970) 30-42.

    Examples
    --------
    Three villages on a road, at 0, 1 and 10 km; one site:

    >>> way = np.abs(np.subtract.outer([0.0, 1.0, 10.0], [0.0, 1.0, 10.0]))
    >>> sites = p_median(np.array([5.0, 9.0, 2.0]), way, sites=1)
    >>> sites.chosen, sites.value
    ((1,), 23.0)
    """
    weight, price = _table(demand, cost)
    fixed = _fixed_sites(given, price.shape[1])
    _reachable(weight, price, np.arange(price.shape[1]) if sites else np.array(fixed, np.int64))
    limit = whole("sites", sites, least=0) + len(fixed)
    y = _solve(weight, price, fixed, limit, capacity=None, opening=np.zeros(price.shape[1]))[0]
    chosen = np.flatnonzero(y)
    nearest = chosen[np.argmin(price[:, chosen], axis=1)].astype(np.int64)
    return Sites(tuple(map(int, chosen)), nearest, _total(weight, price, nearest))


def max_covering(
    demand: Floats, cost: Floats, sites: int, within: float, given: Sequence[int] = ()
) -> Sites:
    """Answer where a number of sites has most people within reach.

    Parameters
    ----------
    demand, cost, sites, given
        As in `p_median`.
    within : float
        Cost up to which a place is covered, the bound included.

    Returns
    -------
    Sites
        Each covered place goes to its cheapest open site; `value` = demand covered.

    References
    ----------
    R. Church, C. ReVelle, The maximal covering location problem, Papers of the Regional Science
    Association 32 (1974) 101-118.

    Examples
    --------
    >>> way = np.abs(np.subtract.outer([0.0, 1.0, 10.0], [0.0, 1.0, 10.0]))
    >>> max_covering(np.array([5.0, 9.0, 2.0]), way, sites=1, within=1).value
    14.0
    """
    weight, price = _table(demand, cost)
    places, n = price.shape
    fixed, reach = _fixed_sites(given, n), price <= at_least_zero("within", within)
    limit = whole("sites", sites, least=0) + len(fixed)
    # covered_i <= sum of the open sites in its reach
    rows = sparse.hstack([-sparse.csr_array(reach.astype(float)), sparse.eye_array(places)])
    counted = np.concatenate([np.ones(n), np.zeros(places)])
    lowest = np.zeros(n + places)
    lowest[list(fixed)] = 1
    solution = milp(
        np.concatenate([np.zeros(n), -weight]),
        constraints=[
            LinearConstraint(sparse.csr_array(rows), ub=np.zeros(places)),
            LinearConstraint(counted[None, :], ub=limit),
        ],
        bounds=Bounds(lowest, np.ones(n + places)),
        integrality=np.concatenate([np.ones(n), np.zeros(places)]),
        options={"mip_rel_gap": 0.0},
    )
    assert solution.x is not None  # no site at all is allowed
    chosen = np.flatnonzero(solution.x[:n] > 0.5)
    site_of = np.full(places, -1, dtype=np.int64)
    if chosen.size:
        nearest = chosen[np.argmin(price[:, chosen], axis=1)]
        covered = reach[np.arange(places), nearest]
        site_of[covered] = nearest[covered]
    return Sites(tuple(map(int, chosen)), site_of, float(weight[site_of >= 0].sum()))


def capacitated_sites(
    demand: Floats,
    cost: Floats,
    opening: Floats,
    capacity: Floats,
    budget: float = np.inf,
    sites: int | None = None,
    given: Sequence[int] = (),
) -> Sites:
    """Answer which sites cost least in all, if each can take only so much.

    Parameters
    ----------
    demand, cost, given
        As in `p_median`; every place goes to one site whole.
    opening : ndarray, shape (J,)
        Cost of having each site open, in the unit of demand × cost; those given cost nothing more.
    capacity : ndarray, shape (J,)
        Demand that each site can take; `inf` = any.
    budget : float
        All openings together cost no more.
    sites : int, optional
        At most this many are opened besides those given.

    Returns
    -------
    Sites
        `value` = openings + sum of demand × cost, the smallest there is.

    Raises
    ------
    ValueError
        If a value is impossible, or nothing within budget, number and capacity serves everybody.

    References
    ----------
    M. S. Daskin, Network and discrete location, 2nd ed., Wiley 2013, chapter 7 (fixed charge
    location, single source).

    Examples
    --------
    Two villages of 6 people each; a site takes 10, so both are needed, though one would be cheaper:

    >>> way = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> people, price = np.array([6.0, 6.0]), np.array([9.0, 9.0])
    >>> capacitated_sites(people, way, price, np.array([10.0, 10.0])).chosen
    (0, 1)
    >>> capacitated_sites(people, way, price, np.array([12.0, 12.0])).value
    15.0
    """
    weight, price = _table(demand, cost)
    n = price.shape[1]
    fixed = _fixed_sites(given, n)
    opens, room = np.array(opening, dtype=np.float64), np.array(capacity, dtype=np.float64)
    for name, values in (("opening", opens), ("capacity", room)):
        if values.shape != (n,) or np.isnan(values).any() or (values < 0).any():
            raise ValueError(
                f"{name}: found {values}; allowed is a number from 0 up for each of {n} sites; "
                "correct it"
            )
    at_least_zero("opening", float(opens.max()))
    _reachable(weight, price, np.arange(n))
    opens[list(fixed)] = 0
    limit = n if sites is None else whole("sites", sites, least=0) + len(fixed)
    y, x = _solve(weight, price, fixed, limit, np.minimum(room, weight.sum()), opens, budget)
    site_of = np.where(x.any(axis=1), np.argmax(x, axis=1), -1).astype(np.int64)
    chosen = tuple(map(int, np.flatnonzero(y)))
    return Sites(chosen, site_of, float(opens[list(chosen)].sum()) + _total(weight, price, site_of))


def _solve(
    weight: Floats,
    price: Floats,
    fixed: tuple[int, ...],
    limit: int,
    capacity: Floats | None,
    opening: Floats,
    budget: float = np.inf,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Open sites (J,) and who goes where (I, J) at least cost.

    Variables: each site open or not, then each way taken or not. With room for everybody the ways
    are whole numbers by themselves.
    """
    places, n = price.shape
    i, j = np.nonzero(np.isfinite(price))
    ways, ones = len(i), np.ones(len(i))
    k = np.arange(ways)
    each = sparse.csr_array((ones, (i, n + k)), shape=(places, n + ways))
    needs_open = sparse.csr_array(
        (np.concatenate([ones, -ones]), (np.concatenate([k, k]), np.concatenate([n + k, j]))),
        shape=(ways, n + ways),
    )
    counted = np.concatenate([np.ones(n), np.zeros(ways)])
    paid = np.concatenate([opening, np.zeros(ways)])
    constraints = [
        LinearConstraint(each, 1, 1),
        LinearConstraint(needs_open, ub=np.zeros(ways)),
        LinearConstraint(counted[None, :], ub=limit),
    ]
    if np.isfinite(budget):
        constraints.append(LinearConstraint(paid[None, :], ub=at_least_zero("budget", budget)))
    if capacity is not None:
        load = sparse.csr_array((weight[i], (j, n + k)), shape=(n, n + ways))
        room = sparse.diags_array(capacity, shape=(n, n + ways))
        constraints.append(LinearConstraint((load - room).tocsr(), ub=np.zeros(n)))
    lowest = np.zeros(n + ways)
    lowest[list(fixed)] = 1
    solution = milp(
        np.concatenate([opening, weight[i] * price[i, j]]),
        constraints=constraints,
        bounds=Bounds(lowest, np.ones(n + ways)),
        integrality=np.concatenate([np.ones(n), np.full(ways, capacity is not None)]),
        options={"mip_rel_gap": 0.0},  # the default is content with a ten-thousandth too much
    )
    if solution.x is None:
        raise ValueError(
            f"sites: found no choice of at most {limit} sites within budget {budget:g} that serves "
            f"a demand of {weight.sum():g}; allowed is one that can be reached and has room; "
            "raise number, budget or capacity"
        )
    taken = np.zeros(price.shape, dtype=np.bool_)
    taken[i, j] = solution.x[n:] > 0.5
    return solution.x[:n] > 0.5, taken


def _table(demand: Floats, cost: Floats) -> tuple[Floats, Floats]:
    weight, price = np.array(demand, dtype=np.float64), np.array(cost, dtype=np.float64)
    if price.ndim != 2 or weight.shape != price.shape[:1] or not price.size:
        raise ValueError(
            f"cost: found shape {price.shape} for demand of shape {weight.shape}; allowed is a row "
            "for each place of demand and a column for each site; correct it"
        )
    for name, values in (("demand", weight), ("cost", price)):
        if np.isnan(values).any() or (values < 0).any():
            raise ValueError(
                f"{name}: found {float(np.min(values))}; allowed are numbers from 0 up; correct it"
            )
    at_least_zero("demand", float(weight.max()))
    return weight, price


def _fixed_sites(open_sites: Sequence[int], sites: int) -> tuple[int, ...]:
    numbers = tuple(sorted({whole("given", site, least=0) for site in open_sites}))
    if numbers and numbers[-1] >= sites:
        raise ValueError(
            f"given: found {numbers[-1]}; allowed is the number of a site, 0 to {sites - 1}; "
            "correct it"
        )
    return numbers


def _reachable(weight: Floats, price: Floats, sites: NDArray[np.integer]) -> None:
    lost = np.flatnonzero(~np.isfinite(price[:, sites]).any(axis=1))
    if lost.size:
        raise ValueError(
            f"cost: found no way from place {lost[0]}, with a demand of {weight[lost[0]]:g}, to a "
            "site; allowed is one finite cost at least; add a site or a way"
        )


def _total(weight: Floats, price: Floats, site_of: Ints) -> float:
    return float(weight @ price[np.arange(len(weight)), site_of])
