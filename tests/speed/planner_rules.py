"""How planners find clerks without a simulation; a program of its own, nothing of `sim` is used.

A rule knows how many people come in a half hour, how long one takes, and what is promised. It takes
every half hour by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

HALF_HOUR: Final = 30.0
"""Minutes."""


def erlang_c_positions(people: float, minutes: float, within: float, share: float) -> int:
    """Positions by Erlang's formula for one interval taken by itself.

    As pyworkforce finds them (`ErlangC.required_positions`): begin at the load and one, rounded,
    and add one until the share who wait at most `within` is reached.

    Parameters
    ----------
    people
        Who come in the half hour.
    minutes, within
        Mean of the work for each, and longest wait that counts as good.
    share
        Of people whose wait must be good.

    Examples
    --------
    The example of that package's own tests:

    >>> erlang_c_positions(100, minutes=3, within=0.33, share=0.8)
    14
    """
    load = people / HALF_HOUR * minutes
    positions = round(load + 1)
    while 1 - _must_wait(load, positions) * math.exp((load - positions) * within / minutes) < share:
        positions += 1
    return positions


def _must_wait(load: float, positions: int) -> float:
    """Share of people who find nobody free, by the loss formula built up one by one."""
    if load == 0:
        return 0.0
    inverse = 1.0
    for position in range(1, positions + 1):
        inverse = 1 + inverse * position / load
    lost = 1 / inverse
    return positions * lost / (positions - load * (1 - lost))


def square_root_positions(people: float, minutes: float, within: float, share: float) -> int:
    """Positions by the square-root rule: the load, and a margin that grows with its root.

    The margin is the smallest that reaches the share in Halfin's and Whitt's limit, in which β
    roots leave a share of 1 / (1 + β Φ(β) / φ(β)) waiting, of whom e to the minus β √load
    `within` / `minutes` wait too long.

    Examples
    --------
    >>> square_root_positions(100, minutes=3, within=0.33, share=0.8)
    13
    """
    load = people / HALF_HOUR * minutes
    if load == 0:
        return 1
    root, low, high = math.sqrt(load), 0.0, 10.0

    def too_late(beta: float) -> float:
        density = math.exp(-beta * beta / 2) / math.sqrt(2 * math.pi)
        waiting = 1 / (1 + beta * float(ndtr(beta)) / density)
        return waiting * math.exp(-beta * root * within / minutes)

    for _ in range(50):
        beta = (low + high) / 2
        low, high = (beta, high) if too_late(beta) > 1 - share else (low, beta)
    return math.ceil(load + high * root)


def equal_spread(
    clerks: npt.NDArray[np.int64], people: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """The same clerk half hours as equally as can be; what is over goes where most people come.

    Examples
    --------
    >>> equal_spread(np.array([1, 4, 3]), people=np.array([5.0, 9.0, 7.0])).tolist()
    [2, 3, 3]
    """
    each, over = divmod(int(clerks.sum()), len(clerks))
    spread = np.full(len(clerks), each)
    spread[np.argsort(-people, kind="stable")[:over]] += 1
    return spread


Rule = Callable[[float, float, float, float], int]
RULES: Final[Mapping[str, Rule]] = {
    "erlang_c": erlang_c_positions,
    "square_root": square_root_positions,
}
