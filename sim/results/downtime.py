"""When systems are down: for lists and for groups of windows, and what is paused meanwhile."""

from __future__ import annotations

import numpy as np

from sim.arrays import AnyInts
from sim.plan.plan import NOT_CALLED, HallPlan

ALWAYS_UP = -1
"""Calendar of a list that no outage stops."""


def work_ends_at(hall: HallPlan, calendar: int, begins: AnyInts, ticks: AnyInts) -> AnyInts:
    """When work ends that pauses while a system is down.

    Parameters
    ----------
    begins, ticks : ndarray(int64), shape (works,)
        Ticks are above 0.
    """
    rows = slice(int(hall.up_offsets[calendar]), int(hall.up_offsets[calendar + 1]))
    starts, before, length = (
        hall.up_starts[rows],
        hall.up_before[rows],
        hall.up_ends[rows] - hall.up_starts[rows],
    )
    row = np.searchsorted(starts, begins, side="right") - 1
    # who walks to the window may come there while the system is down
    elapsed = np.clip(begins - starts[row], 0, length[row]) * (row >= 0)
    done = before[np.maximum(row, 0)] + elapsed + ticks
    row = np.searchsorted(before, done, side="left") - 1
    return np.asarray(starts[row] + done - before[row])


def down_of_calendar(hall: HallPlan, calendar: int, end: int) -> tuple[AnyInts, AnyInts]:
    """Begins and ends of what the times leave in which a calendar is up, from 0 to `end`.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> span = "{begins: '2025-01-06 10:00', ends: '2025-01-06 11:00'}"
    >>> outage = f"hall.outages=[{{id: net, dated: [{span}]}}]"
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2", outage])
    >>> hall = compile_plan(scenario, "hall").hall
    >>> [int(instants[0]) // 3_600_000 for instants in down_of_calendar(hall, 0, 10**9)]
    [10, 11]
    """
    rows = slice(int(hall.up_offsets[calendar]), int(hall.up_offsets[calendar + 1]))
    begins = np.minimum(np.append(0, hall.up_ends[rows]), end)
    ends = np.minimum(np.append(hall.up_starts[rows], end), end)
    is_span = begins < ends
    return begins[is_span], ends[is_span]


def down_of_group(hall: HallPlan, window: int, end: int) -> tuple[AnyInts, AnyInts]:
    """Begins and ends of the times in which no list works that a window calls.

    Windows of one group call the same lists.
    """
    lists = np.unique(hall.list_of_line[hall.calls[window] != NOT_CALLED])
    calendars = np.unique(hall.up_of_list[lists]).tolist()
    nothing = np.zeros(0, dtype=np.int64)
    if not calendars or ALWAYS_UP in calendars:
        return nothing, nothing
    begins, ends = down_of_calendar(hall, calendars[0], end)
    for calendar in calendars[1:]:
        _, begins, ends = overlaps(begins, ends, *down_of_calendar(hall, calendar, end))
    return begins, ends


def overlaps(
    begins: AnyInts, ends: AnyInts, span_begins: AnyInts, span_ends: AnyInts
) -> tuple[AnyInts, AnyInts, AnyInts]:
    """Where intervals meet some spans: which interval, from when, and until when.

    Parameters
    ----------
    begins, ends : ndarray(int64), shape (intervals,)
        In any order; they may overlap.
    span_begins, span_ends : ndarray(int64), shape (spans,)
        Sorted, apart from each other.

    Examples
    --------
    >>> interval, begin, end = overlaps(*map(np.array, ([0, 5], [9, 30], [3, 20], [6, 25])))
    >>> interval.tolist(), begin.tolist(), end.tolist()
    ([0, 1, 1], [3, 5, 20], [6, 6, 25])
    """
    first = np.searchsorted(span_ends, begins, side="right")
    n = np.maximum(np.searchsorted(span_begins, ends, side="left") - first, 0)
    interval = np.repeat(np.arange(len(begins)), n)
    span = np.arange(len(interval)) - np.repeat(np.cumsum(n) - n, n) + first[interval]
    return (
        interval,
        np.maximum(begins[interval], span_begins[span]),
        np.minimum(ends[interval], span_ends[span]),
    )
