"""A hall day as slots, and what it comes to: the words of `sim.theory.transient`.

Rates are per unit of time and every duration is in that same unit, any unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.theory.checks import above_zero, at_least_zero, whole


class Slot(NamedTuple):
    """A stretch of the day with constant arrivals and officers on duty.

    Attributes
    ----------
    length : float
        Duration.
    arrival_rate : float
        Arrivals per unit of time.
    servers : int
        Officers on duty, 0 or more.
    """

    length: float
    arrival_rate: float
    servers: int


class Moment(NamedTuple):
    """Means at one time of the day, just before any change at that time.

    Attributes
    ----------
    time : float
        Since opening.
    inside, queue, busy, extra : float
        People inside; people waiting; officers at work; of those, past the end of their shift.
    """

    time: float
    inside: float
    queue: float
    busy: float
    extra: float


class Day(NamedTuple):
    """What a hall day comes to, in expectation.

    Attributes
    ----------
    mean_arrivals : float
        People a day.
    mean_wait : float
        Waiting of a day over people of a day, both in expectation.
    within_share : float
        Share of arrivals that wait at most `within`.
    wait_by_slot, within_by_slot : ndarray(float64), shape (S,)
        The same for the arrivals of each slot; NaN where nobody comes.
    waited_open, waited_after : float
        Person-time spent waiting before and after the doors close.
    inside_at_close : float
        People inside when the doors close.
    overrun : float
        Doors closing to the last departure, 0 if the hall is empty.
    moments : tuple of Moment
        One for each time asked for.
    """

    mean_arrivals: float
    mean_wait: float
    within_share: float
    wait_by_slot: Floats
    within_by_slot: Floats
    waited_open: float
    waited_after: float
    inside_at_close: float
    overrun: float
    moments: tuple[Moment, ...]


class Timetable(NamedTuple):
    """A day that has been checked, in plain arrays.

    Attributes
    ----------
    edges : ndarray(float64), shape (S + 1,)
        Starts of the slots since opening, and the closing of the doors.
    rates : ndarray(float64), shape (S,)
        Arrivals per unit of time, by slot.
    servers : tuple of int, length S + 1
        Officers on duty, by slot and then after closing.
    service_mean, within : float
        Mean service; longest wait that counts as good.
    at : tuple of float
        Times to report on, in order.
    """

    edges: Floats
    rates: Floats
    servers: tuple[int, ...]
    service_mean: float
    within: float
    at: tuple[float, ...]


def timetable(
    slots: Sequence[Slot],
    service_mean: float,
    within: float,
    at: Sequence[float],
    closing_servers: int | None,
) -> Timetable:
    """Return the day as arrays; parameters as in `sim.theory.transient.hall_day`.

    Examples
    --------
    >>> timetable([Slot(30, 0.5, 2), Slot(30, 0.5, 3)], 9, 15, (), None).servers
    (2, 3, 3)
    """
    if not slots:
        raise ValueError("slots: found none; allowed is one or more; describe the day")
    lengths = [above_zero("slot length", slot.length) for slot in slots]
    servers = [whole("slot servers", slot.servers, least=0) for slot in slots]
    closing = servers[-1] if closing_servers is None else closing_servers
    servers.append(whole("closing_servers", closing, least=1))
    above_zero("service_mean", service_mean)
    if not within >= 0:
        raise ValueError(f"within: found {within}; allowed is 0 or more; correct it")
    edges = np.concatenate(([0.0], np.cumsum(lengths)))
    for time in at:
        if not 0 <= time <= edges[-1]:
            raise ValueError(
                f"at: found {time}; allowed is 0 to {edges[-1]:g}; choose another time"
            )
    rates = np.array([at_least_zero("slot arrival_rate", slot.arrival_rate) for slot in slots])
    return Timetable(edges, rates, tuple(servers), service_mean, within, tuple(sorted(set(at))))
