"""Every decision of the hall as a pure function of numbers, shared by all engines.

A policy is written once, here; engines only gather its arguments.
"""

from __future__ import annotations

from typing import Final

from sim.clock import NEVER
from sim.engine.jit import shared
from sim.plan.plan import NO_LIMIT, WEIGHTED_WAIT

BEHIND_ALL: Final = 1e15
"""Ticks; longer than any wait in a list that is served."""


@shared
def rank(calling: int, priority: int, weight: float, ageing: int, wait: int) -> float:
    """Who is called first: the lowest rank; ties go to the lowest ticket.

    Parameters
    ----------
    calling : int
        PRIORITY, WEIGHTED_WAIT or OWN_FIRST.
    priority, weight
        Of the ticket's class.
    ageing : int
        Ticks of waiting that move a ticket up one class.
    wait : int
        Ticks since the ticket was taken.

    Examples
    --------
    >>> from sim.plan.plan import PRIORITY
    >>> rank(PRIORITY, 1, 1.0, 600_000, 599_999), rank(PRIORITY, 1, 1.0, 600_000, 600_000)
    (1.0, 0.0)
    """
    if calling == WEIGHTED_WAIT:
        return -weight * wait
    return float(priority - wait // ageing)


@shared
def expected_wait(waiting: int, busy: int, on_duty: int, mean_service: float) -> float:
    """What the ticket machine expects a newcomer to wait in a list, in ticks.

    With one window a list, this is the number of people in it times the mean service: the rule is
    then "join the shortest queue". A list nobody serves at the moment ranks behind all others.

    Examples
    --------
    >>> expected_wait(waiting=3, busy=2, on_duty=2, mean_service=600_000.0)
    1200000.0
    """
    if on_duty == 0:
        return (waiting + 1) * mean_service + BEHIND_ALL
    return max(waiting + busy + 1 - on_duty, 0) * mean_service / on_duty


@shared
def is_refused(
    given: int, quota: int, waiting: int, busy: int, on_duty: int, mean_service: float, left: int
) -> bool:
    """Whether a list gives no ticket: all are given, or who comes would not be called in time.

    In time is before closing. A list that nobody serves at the moment makes no forecast.

    Parameters
    ----------
    given, quota : int
        Tickets given in this open interval, and how many it has; NO_LIMIT = any.
    waiting, busy, on_duty, mean_service
        As `expected_wait` takes them.
    left : int
        Open ticks until closing; NEVER = the list does not look so far.

    Examples
    --------
    >>> is_refused(30, 30, 0, 0, 1, 600_000.0, NEVER), is_refused(29, 30, 0, 0, 1, 600_000.0, NEVER)
    (True, False)
    >>> is_refused(0, NO_LIMIT, 3, 1, 1, 600_000.0, 2_000_000)
    True
    """
    if quota != NO_LIMIT and given >= quota:
        return True
    if left == NEVER or on_duty == 0:
        return False
    return expected_wait(waiting, busy, on_duty, mean_service) >= left


@shared
def balks(in_front: int, balk_at: int) -> bool:
    """Whether a newcomer who was not called at once turns round on seeing so many wait in front.

    Examples
    --------
    >>> balks(3, 3), balks(3, NO_LIMIT)
    (True, False)
    """
    return balk_at != NO_LIMIT and in_front >= balk_at


@shared
def is_full(inside: int, capacity: int) -> bool:
    """Whether the hall holds nobody more.

    Examples
    --------
    >>> is_full(12, 12)
    True
    """
    return capacity != NO_LIMIT and inside >= capacity


@shared
def is_long(waiting: int, longest: int, opens_at: int, opens_after: int) -> bool:
    """Whether a list is so long that one more reserve window opens.

    Parameters
    ----------
    waiting : int
        Tickets in the list.
    longest : int
        Ticks the first of them has waited.

    Examples
    --------
    >>> is_long(8, 0, 8, NEVER), is_long(1, 900_000, NEVER, 1_200_000)
    (True, False)
    """
    return waiting > 0 and (waiting >= opens_at or longest >= opens_after)


@shared
def is_short(waiting: int, longest: int, closes_at: int, opens_after: int) -> bool:
    """Whether a list is so short that an idle reserve window closes.

    Examples
    --------
    >>> is_short(2, 0, 2, NEVER), is_short(2, 1_200_000, 2, 1_200_000)
    (True, False)
    """
    return waiting <= closes_at and (waiting == 0 or longest < opens_after)


@shared
def set_up_ticks(last: int, matter: int, changeover: int) -> int:
    """Ticks that a window takes to change from the last matter served there; -1 = none yet.

    Examples
    --------
    >>> set_up_ticks(-1, 2, 60_000), set_up_ticks(2, 2, 60_000), set_up_ticks(0, 2, 60_000)
    (0, 0, 60000)
    """
    return 0 if last < 0 or last == matter else changeover


@shared
def service_ticks(work: int, factor: float) -> int:
    """Window time of a piece of work at a window, to the nearest tick, at most NEVER.

    Examples
    --------
    >>> service_ticks(600_000, 1.1)
    660000
    """
    return int(min(work * factor + 0.5, NEVER))
