"""Windows that open, idle and close, for the fast engine, and reserve windows among them.

Idle windows of a place stand in the order in which they call: few idle at a time, so a window is
put in and taken out by moving its neighbours. All state is modified in place.
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Ints
from sim.clock import NEVER
from sim.engine.choices import is_long, is_short
from sim.engine.counters import Counters
from sim.engine.fast_lines import NONE, ONE, longest_wait
from sim.engine.jit import phase, shared
from sim.engine.state import WORD, Lines, Lists, Reserves, Windows
from sim.plan.plan import NOT_CALLED, HallPlan

NO_POOL: Final = 0
"""From here on a number names a pool; below it a group's own clerks stand by."""


@phase
def rest(windows: Windows, window: int, now: int) -> None:
    """A window on duty has nobody: it takes its turn among idle ones of its place."""
    idle, turns = windows.idle, windows.turn
    turn = now if windows.longest_idle else windows.n_skills[window]
    place = windows.place_of_group[windows.group_of_window[window]]
    first = windows.first_idle[place]
    slot = first + windows.n_idle[place]
    while slot > first:
        neighbour = idle[slot - 1]
        if turns[neighbour] < turn or (turns[neighbour] == turn and neighbour < window):
            break
        idle[slot] = neighbour
        slot -= 1
    idle[slot], turns[window] = window, turn
    windows.n_idle[place] += 1
    windows.idles_at[place // WORD] |= 1 << place % WORD


@phase
def free_clerk(
    hall: HallPlan,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    window: int,
    now: int,
) -> None:
    """A clerk has done with a visit, or a review: the window is idle, or closes if it was to.

    Sets off: calls, if anybody waits.
    """
    windows.busy[window] = 0
    lists.busy_in[hall.list_of_window[window]] -= 1
    group = windows.group_of_window[window]
    if windows.leaving[group] > 0:
        windows.leaving[group] -= 1
        windows.on_duty[window] = 0
    else:
        rest(windows, window, now)
        has_more = lines.waiting_at[windows.place_of_group[group]] > 0
        if has_more or reserves.is_tidal[group] or hall.reviews_for[window] >= 0:
            counters.calls_wanted = 1


@shared
def leave_idle(windows: Windows, window: int) -> None:
    """A window leaves the idle ones of its place."""
    idle, place = windows.idle, windows.place_of_group[windows.group_of_window[window]]
    slot = windows.first_idle[place]
    while idle[slot] != window:
        slot += 1
    n_idle = windows.n_idle[place] - 1
    for later in range(slot, windows.first_idle[place] + n_idle):
        idle[later] = idle[later + 1]
    count_idle(windows, place, n_idle)


@phase
def count_idle(windows: Windows, place: int, n_idle: int) -> None:
    """So many windows of a place are idle now, fewer than before."""
    windows.n_idle[place] = n_idle
    if n_idle == 0:
        windows.idles_at[place // WORD] &= ~(1 << place % WORD)


@shared
def call_longest(lines: Lines, waiting: Ints, windows: Windows, window: int) -> None:
    """Of the lines of a window, those of the list in which most wait; the first one of several.

    `windows.called` is modified in place.
    """
    longest, most = NONE, NONE
    for line in range(windows.first_line[window], windows.last_line[window]):
        list_ = lines.list_of_line[line]
        may_call = windows.own[window, line // WORD] >> line % WORD & 1
        if may_call and lines.waiting_in[line] > 0 and waiting[list_] > most:
            longest, most = list_, waiting[list_]
    for word in range(len(windows.called)):
        windows.called[word] = 0
    for line in range(lines.first_of_list[longest], lines.first_of_list[longest + 1]):
        bit = windows.own[window, line // WORD] & 1 << line % WORD
        windows.called[line // WORD] |= bit


@shared
def count_clerk(windows: Windows, lists: Lists, group: int, step: int) -> None:
    """One clerk more (+1) or less (-1) that lists may count on."""
    window = windows.members[group]
    lists.on_duty_in[windows.list_of_window[window]] += step
    for line in range(windows.first_line[window], windows.last_line[window]):
        if windows.calls[window, line] != NOT_CALLED:
            lists.on_duty_for[line] += step


@shared
def close_one(windows: Windows, lists: Lists, group: int) -> None:
    """The highest idle window of a group closes; when all are busy, the first to finish will."""
    count_clerk(windows, lists, group, -ONE)
    for window in range(windows.members[group + 1] - 1, windows.members[group] - 1, -1):
        if windows.on_duty[window] and not windows.busy[window]:
            windows.on_duty[window] = 0
            leave_idle(windows, window)
            return
    windows.leaving[group] += 1


@shared
def open_one(windows: Windows, lists: Lists, group: int, now: int) -> None:
    """The lowest closed window opens, unless a busy one that was to close goes on."""
    count_clerk(windows, lists, group, ONE)
    if windows.leaving[group] > 0:
        windows.leaving[group] -= 1
        return
    window = windows.members[group]
    while windows.on_duty[window]:
        window += 1
    windows.on_duty[window] = 1
    windows.last_matter[window] = -1
    windows.own_calls[window] = 0
    rest(windows, window, now)


@shared
def on_hand(windows: Windows, group: int) -> int:
    """Clerks at the windows of a group that do not close when they have finished."""
    n_clerks = -windows.leaving[group]
    for window in range(windows.members[group], windows.members[group + 1]):
        n_clerks += windows.on_duty[window]
    return int(n_clerks)


@shared
def has_idle(windows: Windows, group: int) -> bool:
    """Whether a window of the group is on duty and has nobody."""
    for window in range(windows.members[group], windows.members[group + 1]):
        if windows.on_duty[window] and not windows.busy[window]:
            return True
    return False


@shared
def go_off(windows: Windows, lists: Lists, reserves: Reserves, group: int) -> None:
    """A clerk goes by the roster; who is at a reserve window goes from there.

    A clerk on the way to a reserve window just does not arrive: no window has opened yet.
    """
    tidal = reserves.tidal_of[group]
    if tidal >= 0 and (reserves.pool[tidal] >= NO_POOL or reserves.spare[tidal] > 0):
        reserves.spare[tidal] -= 1
        return
    if tidal < 0:
        if len(reserves.group) == 0 or on_hand(windows, group) > 0:
            close_one(windows, lists, group)
            return
        # all of the pool's clerks are lent: one is called back, from the first group that has one
        tidal = NONE
        while reserves.pool[tidal] != group or reserves.lent[tidal] == 0:
            tidal += 1
    reserves.lent[tidal] -= 1
    if reserves.pool[tidal] >= NO_POOL:
        reserves.spare[tidal] += 1
    if reserves.coming_at[tidal] >= 0:
        reserves.coming_at[tidal] = -1
        return
    close_one(windows, lists, reserves.group[tidal])


@shared
def send_home(windows: Windows, lists: Lists, reserves: Reserves, place: int) -> None:
    """Clerks who stayed after closing go: their place is empty."""
    windows.stays[place] = 0
    for group in range(len(windows.staying)):
        while windows.staying[group] > 0 and windows.place_of_group[group] == place:
            windows.staying[group] -= 1
            go_off(windows, lists, reserves, group)


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
