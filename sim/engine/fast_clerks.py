"""Windows that open, idle and close, for the fast engine.

Idle windows of a place stand in the order in which they call: few idle at a time, so a window is
put in and taken out by moving its neighbours. All state is modified in place.
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Ints
from sim.engine.bits import bit_of, word_of
from sim.engine.counters import Counters
from sim.engine.fast_lines import NONE, ONE
from sim.engine.jit import phase, shared
from sim.engine.state import Lines, Lists, Reserves, Windows
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
    windows.idles_at[word_of(place)] |= bit_of(place)


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
        windows.idles_at[word_of(place)] &= ~bit_of(place)


@shared
def call_longest(lines: Lines, waiting: Ints, windows: Windows, window: int) -> None:
    """Of the lines of a window, those of the list in which most wait; the first one of several.

    `windows.called` is modified in place.
    """
    longest, most, before = NONE, NONE, window * len(lines.queued)
    place = windows.place_of_group[windows.group_of_window[window]]
    for line in range(windows.first_line[place], windows.last_line[place]):
        list_ = lines.list_of_line[line]
        may_call = windows.own[before + word_of(line)] & bit_of(line)
        if may_call and lines.waiting_in[line] > 0 and waiting[list_] > most:
            longest, most = list_, waiting[list_]
    for word in range(len(windows.called)):
        windows.called[word] = 0
    for line in range(lines.first_of_list[longest], lines.first_of_list[longest + 1]):
        windows.called[word_of(line)] |= windows.own[before + word_of(line)] & bit_of(line)


@shared
def count_clerk(windows: Windows, lists: Lists, group: int, step: int) -> None:
    """One clerk more (+1) or less (-1) that lists may count on."""
    window, place = windows.members[group], windows.place_of_group[group]
    lists.on_duty_in[windows.list_of_window[window]] += step
    for line in range(windows.first_line[place], windows.last_line[place]):
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
def come_on(windows: Windows, lists: Lists, reserves: Reserves, group: int, now: int) -> None:
    """A clerk comes by the roster, to a window or to stand by; or one more may be borrowed.

    Whose visit at a reserve window has outlasted the duty goes on there, and is lent again.
    """
    for tidal in range(len(reserves.group)):
        if reserves.pool[tidal] == group and windows.leaving[reserves.group[tidal]] > 0:
            reserves.lent[tidal] += 1
            reserves.spare[tidal] -= 1
            open_one(windows, lists, reserves.group[tidal], now)
            return
    if reserves.tidal_of[group] >= 0:
        reserves.spare[reserves.tidal_of[group]] += 1
    else:
        open_one(windows, lists, group, now)


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
