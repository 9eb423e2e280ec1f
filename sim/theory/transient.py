"""An exact hall day: Poisson arrivals by slot, exponential service, officers changing by slot.

M(t)/M/s(t) by its Kolmogorov equations, slot by slot. Doors close at the end of the last
slot and everyone inside is served. An officer whose shift ends finishes the person in hand.
Rates are per unit of time and every duration is in that same unit, any unit.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim.arrays import Floats
from sim.theory.day import Day, Moment, Slot, Timetable, timetable
from sim.theory.drain import time_to_call, time_to_empty, waiting_to_empty
from sim.theory.uniformisation import (
    before_change,
    busy_officers,
    change_shift,
    run_back,
    run_on,
)

_LOST = 1e-11  # probability allowed at the edge of the state space
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


def hall_day(
    slots: Sequence[Slot],
    service_mean: float,
    within: float = math.inf,
    at: Sequence[float] = (),
    closing_servers: int | None = None,
) -> Day:
    """Answer what a day that starts empty comes to, without simulation.

    Parameters
    ----------
    slots : sequence of Slot, shape (S,)
        The day from opening to the closing of the doors.
    service_mean : float
        Mean of the exponential service.
    within : float
        Longest wait that counts as good.
    at : sequence of float, shape (T,)
        Times since opening for which to report means, up to closing.
    closing_servers : int, optional
        Officers who serve those still inside; those of the last slot unless given.

    Raises
    ------
    ValueError
        If a value is impossible, or nobody is left to serve those inside.

    References
    ----------
    A. Ingolfsson, E. Akhmetshina, S. Budge, Y. Li, X. Wu, A survey and experimental comparison
    of service-level-approximation methods, INFORMS J. Comput. 19 (2007) 201-214.

    Examples
    --------
    >>> day = hall_day([Slot(120, 0.55, 8), Slot(120, 0.55, 5)], 12, at=[130])
    >>> round(day.moments[0].queue, 4), round(day.inside_at_close, 4)
    (4.6581, 24.8791)
    """
    day = timetable(slots, service_mean, within, at, closing_servers)
    # room for the fluid peak and many standard deviations; doubled if that was not enough
    peak = backlog = 0.0
    for slot in slots:
        backlog += (slot.arrival_rate - slot.servers / service_mean) * slot.length
        backlog = max(0.0, backlog)
        peak = max(peak, backlog)
    room = int(peak + max(day.servers) + 20 + 4 * math.sqrt(peak + day.rates.max() * service_mean))
    while (answer := _walk(day, room)) is None:
        room *= 2
    return answer


def _walk(day: Timetable, room: int) -> Day | None:
    """Go through the day with at most `room` inside; None if that is too few."""
    shape = (max(day.servers) - min(day.servers) + 1, room + 1)
    p = np.zeros(shape)
    p[0, 0] = 1.0
    slots = range(len(day.rates))
    left_at_end = _waits_left(day, shape)
    waited, waits, good = 0.0, np.zeros(len(slots)), np.zeros(len(slots))
    moments = [_moment(p, 0.0, day.servers[0])] if 0.0 in day.at else []
    for slot in slots:
        servers, rate, now = day.servers[slot], float(day.rates[slot]), float(day.edges[slot])
        ending_rates = busy_officers(servers, shape) / day.service_mean
        marks = _marks(day, slot)
        left_at = _waits_at(day, slot, [time for time, _ in marks], left_at_end[slot])
        for (time, weight), left in zip(marks, left_at, strict=True):
            p, spent = run_on(p, time - now, rate, ending_rates)
            waited += _waiting(spent, servers)
            now = time
            if weight and rate:
                waits[slot] += weight * float((p * left).sum())
                good[slot] += weight * (1 - _late_share(p, time, slot, day))
            if time in day.at and not weight:
                moments.append(_moment(p, time, servers))
        if p[:, -1].max() > _LOST:
            return None
        inside_at_close = float(p.sum(axis=0) @ np.arange(room + 1))
        p = change_shift(p, servers, day.servers[slot + 1])
    people = day.rates * np.diff(day.edges)
    total, closing = float(people.sum()), day.servers[-1]
    after = float((p * waiting_to_empty(closing, day.service_mean, shape)).sum())
    good_people = float(people @ good)
    waits[people == 0] = good[people == 0] = math.nan
    return Day(
        mean_arrivals=total,
        mean_wait=(waited + after) / total if total else math.nan,
        within_share=good_people / total if total else math.nan,
        wait_by_slot=waits,
        within_by_slot=good,
        waited_open=waited,
        waited_after=after,
        inside_at_close=inside_at_close,
        overrun=float((p * time_to_empty(closing, day.service_mean, shape)).sum()),
        moments=tuple(moments),
    )


def _marks(day: Timetable, slot: int) -> list[tuple[float, float]]:
    """Times to stop at in the slot, with their weight in a mean over its arrivals.

    The slot is cut at times asked for, where the limit meets a change, and if it is long; the
    pieces hold Gauss nodes, the cuts have weight 0.
    """
    start, stop = float(day.edges[slot]), float(day.edges[slot + 1])
    cuts = {*day.at, *(day.edges - day.within).tolist()}
    cuts |= set(np.arange(start, stop, 3 * day.service_mean).tolist())
    ends = [start, *sorted(cut for cut in cuts if start < cut < stop), stop]
    marks = []
    for begin, end in pairwise(ends):
        length = end - begin
        times, weights = begin + (_NODES + 1) / 2 * length, _WEIGHTS / 2 * length / (stop - start)
        marks += [*zip(times.tolist(), weights.tolist(), strict=True), (end, 0.0)]
    return marks


def _waits_left(day: Timetable, shape: tuple[int, int]) -> list[Floats]:
    """Mean wait left at the end of each slot to a person last in line, by state just before it.

    Only those ahead matter: the same chain without arrivals, until an officer is free.
    """
    left = time_to_call(day.servers[-1], day.service_mean, shape)
    ends = []
    for slot in reversed(range(len(day.rates))):
        servers, after = day.servers[slot], day.servers[slot + 1]
        if servers != after:
            left = _uncalled(before_change(left, servers, after), servers)
        ends.append(left)
        left = _waits_at(day, slot, [float(day.edges[slot])], left)[0]
    return ends[::-1]


def _waits_at(day: Timetable, slot: int, times: list[float], left_at_end: Floats) -> list[Floats]:
    """Mean wait left at these times of the slot, in order, by state."""
    servers, left, now = day.servers[slot], left_at_end, float(day.edges[slot + 1])
    if len(set(day.servers[slot:])) == 1:
        return [left] * len(times)  # no change to come: the same at any time
    waiting = _uncalled(np.ones_like(left), servers)
    ending_rates = _uncalled(busy_officers(servers, left.shape), servers) / day.service_mean
    answers = []
    for time in reversed(times):
        left = run_back(left, now - time, ending_rates, waiting)
        answers.append(left)
        now = time
    return answers[::-1]


def _late_share(p: Floats, time: float, slot: int, day: Timetable) -> float:
    """Share of those who come at `time` who are still waiting at the limit."""
    limit = time + day.within
    if math.isinf(limit):
        return 0.0
    for edge, (servers, after) in zip(
        [*day.edges[slot + 1 :].tolist(), math.inf],
        pairwise([*day.servers[slot:], day.servers[-1]]),
        strict=True,
    ):
        p = _uncalled(p, servers)
        ending_rates = _uncalled(busy_officers(servers, p.shape), servers) / day.service_mean
        p, _ = run_on(p, min(edge, limit) - time, 0.0, ending_rates)
        p, time = _uncalled(p, servers), edge
        if limit <= edge:
            break
        p = change_shift(p, servers, after)
    return float(p.sum())


def _uncalled(values: Floats, servers: int) -> Floats:
    """The same by state, but 0 where an officer is free for the next person."""
    uncalled = values.copy()
    uncalled[0, :servers] = 0.0
    return uncalled


def _waiting(p: Floats, servers: int) -> float:
    """People waiting, in expectation."""
    people = np.arange(p.shape[1]) - busy_officers(servers, p.shape)
    return float((p * people).sum())


def _moment(p: Floats, time: float, servers: int) -> Moment:
    extras, inside = np.indices(p.shape)
    busy = float((p * busy_officers(servers, p.shape)).sum())
    people = float((p * inside).sum())
    return Moment(time, people, people - busy, busy, float((p * extras).sum()))
