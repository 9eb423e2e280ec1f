"""Systems that fail, for the fast engine: who is not called, and how long services take then."""

from __future__ import annotations

from sim.engine.bits import bit_of, word_of
from sim.engine.counters import Counters
from sim.engine.hours import Opening, end_of_work, is_open, open_from, rows_until
from sim.engine.jit import shared
from sim.engine.state import Lines, Lists, Windows
from sim.plan.plan import ALTERNATION, NOT_CALLED, OWN, OWN_FIRST, HallPlan


@shared
def up_times_of(hall: HallPlan, calendar: int) -> Opening:
    """When what a list needs works, as `hours.py` reads it."""
    rows = slice(hall.up_offsets[calendar], hall.up_offsets[calendar + 1])
    return Opening(hall.up_starts[rows], hall.up_ends[rows], hall.up_before[rows])


@shared
def end_of_service(hall: HallPlan, calendar: int, begins_at: int, span: int) -> int:
    """When a service ends that pauses while the system of its list is down."""
    opening = up_times_of(hall, calendar)
    up_at = open_from(opening, begins_at)
    return int(end_of_work(opening, rows_until(opening.starts, up_at), up_at, span))


@shared
def change_systems(
    hall: HallPlan,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    counters: Counters,
    calendar: int,
    now: int,
) -> None:
    """Systems fail, or work again. Sets off: calls. Writes: which lists are down, and which lines
    windows call."""
    opening = up_times_of(hall, calendar)
    works = is_open(opening, rows_until(opening.starts, now), now)
    for line in range(len(lines.first)):
        list_ = lines.list_of_line[line]
        if hall.up_of_list[list_] != calendar:
            continue
        lists.is_down[list_] = not works
        bit = bit_of(line)
        for window in range(len(windows.busy)):
            calls = windows.calls[window, line]
            if calls == NOT_CALLED:
                continue
            own_first = hall.calling in (OWN_FIRST, ALTERNATION)
            called = windows.helped if calls != OWN and own_first else windows.own
            word = window * len(lines.queued) + word_of(line)
            if works:
                called[word] |= bit
            else:
                called[word] &= ~bit
    counters.calls_wanted = 1
