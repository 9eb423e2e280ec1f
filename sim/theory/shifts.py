"""The cheapest shifts that put enough people on duty in every period: Dantzig's covering."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.arrays import Floats
from sim.theory.checks import at_least_zero, whole


class Shifts(NamedTuple):
    """How many work each shift.

    Attributes
    ----------
    servers : tuple of int, length S
        People by shift.
    cost : float
        Of all together, in the unit of the prices; the smallest there is.
    bound : float
        What it would cost if people could be cut in parts: no solution can be cheaper.
    """

    servers: tuple[int, ...]
    cost: float
    bound: float


def cheapest_shifts(
    needed: Sequence[int], shifts: Sequence[Sequence[int]], prices: Sequence[float]
) -> Shifts:
    """Answer how many people should work each shift.

    Parameters
    ----------
    needed : sequence of int, shape (P,)
        People needed in each period, 0 or more.
    shifts : sequence of sequences of int, length S
        Numbers of the periods that each shift works, counted from 0.
    prices : sequence of float, shape (S,)
        Of one person on each shift, 0 or more.

    Raises
    ------
    ValueError
        If a period that needs people is in no shift, or a value is impossible.

    References
    ----------
    G. B. Dantzig, A comment on Edie's "Traffic delays at toll booths", Operations Research 2
    (1954) 339-341.

    Examples
    --------
    Three periods; two shifts of two periods, and a dear one of all three:

    >>> cheapest_shifts([2, 3, 1], [[0, 1], [1, 2], [0, 1, 2]], [1, 1, 1.4])
    Shifts(servers=(2, 1, 0), cost=3.0, bound=3.0)
    """
    if len(prices) != len(shifts):
        raise ValueError(
            f"prices: found {len(prices)}; allowed is one for each of {len(shifts)} shifts; "
            "complete the shorter"
        )
    need = np.array([whole("needed", people, least=0) for people in needed], dtype=np.float64)
    price = np.array([at_least_zero("prices", yuan) for yuan in prices])
    works = np.zeros((len(need), len(shifts)))
    for s, periods in enumerate(shifts):
        works[list(periods), s] = 1
    alone = np.flatnonzero((need > 0) & (works.sum(axis=1) == 0))
    if alone.size:
        raise ValueError(
            f"shifts: found none that works period {alone[0]}, which needs {need[alone[0]]:.0f}; "
            "allowed is at least one; add a shift"
        )
    servers = tuple(int(n) for n in np.rint(_cover(need, works, price, in_parts=False)))
    bound = float(price @ _cover(need, works, price, in_parts=True))
    return Shifts(servers, float(price @ np.array(servers)), bound)


def _cover(need: Floats, works: Floats, price: Floats, in_parts: bool) -> Floats:
    solution = milp(
        price,
        constraints=LinearConstraint(works, lb=need),
        bounds=Bounds(lb=0),
        integrality=np.full(len(price), 0 if in_parts else 1),
        options={"mip_rel_gap": 0.0},  # the default is content with a ten-thousandth too much
    )
    assert solution.x is not None  # whatever is needed can be covered
    return solution.x
