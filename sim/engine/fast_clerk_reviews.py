"""Clerks at windows who review while they have nobody, for the fast engine."""

from __future__ import annotations

from typing import Final

from sim.arrays import Ints
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_clerks import free_clerk, leave_idle
from sim.engine.heap import pop
from sim.engine.instant import END
from sim.engine.jit import phase, shared
from sim.engine.pending import schedule
from sim.engine.state import Events, Lines, Lists, Queues, Reserves, Windows
from sim.plan.journal import BY_CLERK, Journal
from sim.plan.plan import HALL, HallPlan

NO_REVIEW: Final = -1
NO_WINDOW: Final = -1


@shared
def first_to_review(hall: HallPlan, windows: Windows, department: int) -> int:
    """The first idle window whose clerk reviews for a department; -1 = none."""
    first = windows.first_idle[HALL]
    for slot in range(first, first + windows.n_idle[HALL]):
        window = windows.idle[slot]
        if hall.reviews_for[window] == department:
            return int(window)
    return NO_WINDOW


@phase
def clerks_take_up(
    hall: HallPlan,
    touches: Ints,
    journal: Journal,
    events: Events,
    lists: Lists,
    windows: Windows,
    queues: Queues,
    counters: Counters,
    department: int,
    now: int,
) -> None:
    """Idle clerks take the reviews that a department's own reviewers leave. Sets off: their ends.

    Only reviews: checks of what comes online, and surveys, wait for the department. Writes: starts
    of reviews and who does them; the windows busy.
    """
    first, last = queues.offsets[department], queues.offsets[department + 1]
    keys, jobs = queues.keys[first:last], queues.jobs[first:last]
    queued = queues.lengths[department]
    while queued > 0 and jobs[0] < len(touches):
        window = first_to_review(hall, windows, department)
        if window < 0:
            break
        review = jobs[0]
        queued = pop(keys, jobs, queued)
        leave_idle(windows, window)
        windows.busy[window] = 1
        lists.busy_in[hall.list_of_window[window]] += 1
        windows.reviewing[window] = review
        journal.started_at[review], journal.reviewer[review] = now, BY_CLERK - window
        schedule(events, counters, now + touches[review], END + window)
    queues.lengths[department] = queued


@phase
def finish_clerk_review(
    hall: HallPlan,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    aftermath: Aftermath,
    window: int,
    now: int,
) -> None:
    """A clerk has done with a review. Sets off: what it leads to; calls, if anybody waits."""
    aftermath.reviewed = windows.reviewing[window]
    windows.reviewing[window] = NO_REVIEW
    free_clerk(hall, lines, lists, windows, reserves, counters, window, now)
