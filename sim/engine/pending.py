"""The fast engine's pending events: the soonest may stand in front, the others are a heap.

Two arrays hold instants and orders. Row 0 is the front, free while its instant is NEVER; the rows
after it are a heap. Much of what an event sets off happens at its own instant, before anything else
that is pending: the front takes it in and gives it back without touching the heap.
"""

from __future__ import annotations

from sim.arrays import Ints
from sim.clock import NEVER
from sim.engine.counters import Counters
from sim.engine.heap import pop, push
from sim.engine.jit import shared
from sim.engine.state import Events


@shared
def expect(times: Ints, orders: Ints, n: int, time: int, order: int) -> int:
    """One more event; returns how many are in the heap. Modified in place.

    Examples
    --------
    >>> import numpy as np
    >>> times, orders = np.full(4, NEVER), np.zeros(4, np.int64)
    >>> n = expect(times, orders, 0, 9, 0)
    >>> n = expect(times, orders, n, 5, 1)
    >>> times[:2].tolist(), n, soonest(times, orders, n)
    ([5, 9], 1, 0)
    """
    if n == 0 or time < times[1] or (time == times[1] and order < orders[1]):
        if times[0] == NEVER:
            times[0], orders[0] = time, order
            return n
        if time < times[0] or (time == times[0] and order < orders[0]):
            before, its_order = times[0], orders[0]
            times[0], orders[0] = time, order
            return push(times[1:], orders[1:], n, before, its_order)
    return push(times[1:], orders[1:], n, time, order)


@shared
def schedule(events: Events, counters: Counters, time: int, order: int) -> None:
    """One more event is pending. Modified in place."""
    counters.n_events = expect(events.times, events.orders, counters.n_events, time, order)


@shared
def soonest(times: Ints, orders: Ints, n: int) -> int:
    """Row of the event that comes first, 0 or 1; without any its instant is NEVER."""
    if n > 0 and (times[1] < times[0] or (times[1] == times[0] and orders[1] < orders[0])):
        return 1
    return 0


@shared
def is_next(
    times: Ints, orders: Ints, n: int, sure: int, sure_order: int, time: int, order: int
) -> bool:
    """Whether an event would come before all that is pending and before what is sure to come.

    Examples
    --------
    >>> import numpy as np
    >>> times, orders = np.array([NEVER, 5, 9]), np.array([0, 1, 0])
    >>> is_next(times, orders, 2, 7, 0, 5, 0), is_next(times, orders, 2, 4, 0, 5, 0)
    (True, False)
    """
    if sure < time or (sure == time and sure_order < order):
        return False
    row = soonest(times, orders, n)
    return bool(time < times[row] or (time == times[row] and order < orders[row]))


@shared
def done(times: Ints, orders: Ints, n: int, row: int) -> int:
    """The soonest event, in that row, is over; returns how many are left in the heap.

    Modified in place.

    Examples
    --------
    >>> import numpy as np
    >>> times, orders = np.array([NEVER, 5, 9]), np.array([0, 1, 0])
    >>> done(times, orders, 2, soonest(times, orders, 2)), int(times[1])
    (1, 9)
    """
    if row == 0:
        times[0] = NEVER
        return n
    return pop(times[1:], orders[1:], n)
