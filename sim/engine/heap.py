"""The fast engine's pending events: a binary heap of (instant, order) on two arrays."""

from __future__ import annotations

from sim.arrays import Ints
from sim.engine.jit import shared


@shared
def push(times: Ints, orders: Ints, n: int, time: int, order: int) -> int:
    """Put an event into a heap of `n`; returns the new size. Modified in place.

    Examples
    --------
    >>> import numpy as np
    >>> times, orders = np.zeros(4, np.int64), np.zeros(4, np.int64)
    >>> n = push(times, orders, 0, 9, 0)
    >>> n = push(times, orders, n, 5, 1)
    >>> int(times[0]), n
    (5, 2)
    """
    row = n
    while row > 0:
        above = (row - 1) >> 1
        if times[above] < time or (times[above] == time and orders[above] <= order):
            break
        times[row], orders[row] = times[above], orders[above]
        row = above
    times[row], orders[row] = time, order
    return n + 1


@shared
def pop(times: Ints, orders: Ints, n: int) -> int:
    """Remove the first event of a heap of `n`; returns the new size. Modified in place.

    Examples
    --------
    >>> import numpy as np
    >>> times, orders = np.array([5, 9]), np.array([1, 0])
    >>> pop(times, orders, 2), int(times[0])
    (1, 9)
    """
    n -= 1
    time, order = times[n], orders[n]
    row, below = 0, 1
    while below < n:
        right = below + 1
        if right < n:
            right_first = times[right] < times[below]
            if times[right] == times[below]:
                right_first = orders[right] < orders[below]
            below += int(right_first)  # added rather than chosen: no branch to guess
        if time < times[below] or (time == times[below] and order <= orders[below]):
            break
        times[row], orders[row] = times[below], orders[below]
        row, below = below, 2 * below + 1
    times[row], orders[row] = time, order
    return n
