"""Reserve windows, for the fast engine: when they open and close, and who staffs them.

The reference tells the same in `hall_reserves.py`. All state is modified in place.
"""

from __future__ import annotations

from sim.arrays import Ints
from sim.clock import NEVER
from sim.engine.choices import is_long, is_short
from sim.engine.counters import Counters
from sim.engine.fast_clerks import NO_POOL, close_one, has_idle, on_hand, open_one
from sim.engine.fast_lines import NONE, longest_wait
from sim.engine.instant import SHIFT
from sim.engine.jit import shared
from sim.engine.pending import schedule
from sim.engine.state import Events, Lines, Lists, Reserves, Windows
from sim.plan.plan import HallPlan


@shared
def may_close(reserves: Reserves, waiting: Ints, tidal: int) -> bool:
    """Whether it is worth looking if an idle reserve window closes."""
    is_few = waiting[reserves.list_[tidal]] <= reserves.closes_at[tidal]
    return bool(reserves.lent[tidal] > 0 and is_few)


@shared
def any_may_close(reserves: Reserves, waiting: Ints) -> bool:
    """Whether it is worth looking for any group."""
    tidal = NONE
    while tidal < len(reserves.group) and not may_close(reserves, waiting, tidal):
        tidal += 1
    return tidal < len(reserves.group)


@shared
def close_reserves(
    windows: Windows, lists: Lists, lines: Lines, reserves: Reserves, now: int
) -> bool:
    """Idle reserve windows close while their list is short; their clerks go back.

    Returns whether any did: a clerk who is back at the pool may call somebody in this instant.
    """
    has_closed = False
    for tidal in range(len(reserves.group)):
        if not may_close(reserves, lists.waiting, tidal):
            continue
        group, list_, pool = reserves.group[tidal], reserves.list_[tidal], reserves.pool[tidal]
        closes_at, opens_after = reserves.closes_at[tidal], reserves.opens_after[tidal]
        while has_idle(windows, group):
            longest = longest_wait(lines, list_, now) if opens_after < NEVER else NONE
            if not is_short(lists.waiting[list_], longest, closes_at, opens_after):
                break
            close_one(windows, lists, group)
            reserves.lent[tidal] -= 1
            reserves.spare[tidal] += 1
            has_closed = True
            if pool >= NO_POOL:
                open_one(windows, lists, pool, now)
    return has_closed


@shared
def is_asked_for(reserves: Reserves, waiting: Ints, tidal: int) -> bool:
    """Whether it is worth looking if one more reserve window opens."""
    n_waiting = waiting[reserves.list_[tidal]]
    by_wait = reserves.opens_after[tidal] < NEVER
    return bool(n_waiting > 0 and (by_wait or n_waiting >= reserves.opens_at[tidal]))


@shared
def may_open(
    windows: Windows, lists: Lists, lines: Lines, reserves: Reserves, tidal: int, now: int
) -> bool:
    """Whether a reserve window is wanted, and a clerk can be spared."""
    list_, pool = reserves.list_[tidal], reserves.pool[tidal]
    opens_at, opens_after = reserves.opens_at[tidal], reserves.opens_after[tidal]
    if reserves.spare[tidal] <= 0 or reserves.coming_at[tidal] >= 0:
        return False
    longest = longest_wait(lines, list_, now) if opens_after < NEVER else NONE
    if not is_long(lists.waiting[list_], longest, opens_at, opens_after):
        return False
    if pool < NO_POOL:
        return True
    return has_idle(windows, pool) and on_hand(windows, pool) > reserves.keep[tidal]


@shared
def send_for_reserve(
    hall: HallPlan,
    events: Events,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    tidal: int,
    now: int,
    end: int,
) -> None:
    """A reserve window is made ready. Sets off: its opening. Writes: the pool has a clerk less."""
    if reserves.pool[tidal] >= NO_POOL:
        close_one(windows, lists, reserves.pool[tidal])
    reserves.lent[tidal] += 1
    reserves.spare[tidal] -= 1
    opens = now + reserves.setup[tidal]
    reserves.coming_at[tidal] = opens
    if opens < end:
        schedule(events, counters, opens, SHIFT + len(hall.factor) + 1 + tidal)


@shared
def open_reserve(
    lists: Lists, windows: Windows, reserves: Reserves, counters: Counters, tidal: int, now: int
) -> None:
    """A reserve window is ready, unless its clerk has gone in the meantime. Sets off: calls."""
    if reserves.coming_at[tidal] == now:
        reserves.coming_at[tidal] = -1
        open_one(windows, lists, reserves.group[tidal], now)
        counters.calls_wanted = 1
