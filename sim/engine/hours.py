"""Opening hours and working days inside a run: pure functions of sorted instants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from sim.clock import DAY, NEVER

Instants = Sequence[int]


def is_open(starts: Instants, ends: Instants, first: int, last: int, now: int) -> bool:
    """Whether a calendar, rows `first` to before `last`, is open at an instant.

    Examples
    --------
    >>> is_open([540, 780], [720, 1020], 0, 2, 720)
    False
    """
    row = bisect_right(starts, now, first, last) - 1
    return row >= first and now < ends[row]


def next_opening(starts: Instants, first: int, last: int, now: int) -> int:
    """The first opening after an instant; NEVER beyond the calendar.

    Examples
    --------
    >>> next_opening([540, 780], 0, 2, 730)
    780
    """
    row = bisect_right(starts, now, first, last)
    return starts[row] if row < last else NEVER


def end_of_work(
    starts: Instants, ends: Instants, before: Instants, first: int, last: int, now: int, work: int
) -> int:
    """When work begun at an open instant ends, if it pauses while the calendar is closed.

    Parameters
    ----------
    before
        Open ticks of the calendar before each interval.

    Examples
    --------
    >>> end_of_work([540, 780], [720, 1020], [0, 180], 0, 2, 650, 200)
    910
    """
    row = bisect_right(starts, now, first, last) - 1
    if now + work <= ends[row]:
        return now + work
    goal = before[row] + (now - starts[row]) + work
    # the interval that holds the goal: the last one with fewer open ticks before it
    low, high = row, last - 1
    while low < high:
        middle = (low + high + 1) // 2
        if before[middle] < goal:
            low = middle
        else:
            high = middle - 1
    end = starts[low] + goal - before[low]
    return end if end <= ends[low] else NEVER


def after_workdays(workdays: Instants, ranks: Instants, now: int, days: int) -> int:
    """The same time of day so many working days later; NEVER beyond the calendar.

    Parameters
    ----------
    workdays
        Days of the run that are working days.
    ranks
        Working days up to and including each day.

    Examples
    --------
    Friday (day 4) plus one working day is Monday (day 7).

    >>> after_workdays([0, 1, 2, 3, 4, 7], [1, 2, 3, 4, 5, 5, 5, 6], 4 * DAY + 9, 1) - 7 * DAY
    9
    """
    if days == 0:
        return now
    day = now // DAY
    if day >= len(ranks):
        return NEVER
    place = ranks[day] + days - 1
    return workdays[place] * DAY + now % DAY if place < len(workdays) else NEVER


def due(workdays: Instants, ranks: Instants, accepted_at: int, ticks: int, days: int) -> int:
    """When a promise ends: midnight after the last working day, or so many ticks later.

    The day of acceptance does not count. `ticks` is -1 when nothing was promised.

    Examples
    --------
    >>> due([0, 1, 2], [1, 2, 3], 9, 0, 2) == 3 * DAY
    True
    """
    if ticks < 0:
        return NEVER
    if days == 0:
        return accepted_at + ticks
    day = after_workdays(workdays, ranks, accepted_at // DAY * DAY, days)
    return day + DAY if day < NEVER else NEVER


def door_opens(offsets: Instants, opens: Instants, closes: Instants, now: int) -> int:
    """When who comes now can take a ticket: now, later the same day, or -1 for not today.

    Examples
    --------
    >>> door_opens([0, 1], [540], [720], 500), door_opens([0, 1], [540], [720], 720)
    (540, -1)
    """
    day = now // DAY
    if day + 1 >= len(offsets):
        return -1
    for row in range(offsets[day], offsets[day + 1]):
        if now < closes[row]:
            return max(now, opens[row])
    return -1


def comes_again(
    offsets: Instants,
    opens: Instants,
    closes: Instants,
    now: int,
    delay: int,
    position: float,
) -> int:
    """When a person who must come another day is at the door.

    The first day with ticket hours that is at least tomorrow and at least `delay` later; on it, at
    the share `position` of its ticket hours. NEVER beyond the run.

    Examples
    --------
    >>> comes_again([0, 1, 1, 2], [540, 2 * DAY + 540], [720, 2 * DAY + 720], 600, 0, 0.5)
    172800630
    """
    day = max((now + delay) // DAY, now // DAY + 1)
    last = len(offsets) - 1
    while day < last and offsets[day] == offsets[day + 1]:
        day += 1
    if day >= last:
        return NEVER
    total = 0
    for row in range(offsets[day], offsets[day + 1]):
        total += closes[row] - opens[row]
    left = int(position * total)
    for row in range(offsets[day], offsets[day + 1]):
        length = closes[row] - opens[row]
        if left < length:
            return opens[row] + left
        left -= length
    return NEVER
