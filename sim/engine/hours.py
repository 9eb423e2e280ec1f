"""Opening hours and working days inside a run: pure functions of sorted instants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from sim.arrays import Ints
from sim.clock import DAY, NEVER
from sim.engine.jit import shared

TickSequence: TypeAlias = Sequence[int] | Ints


class Opening(NamedTuple):
    """When one calendar is open: sorted intervals that do not touch."""

    starts: TickSequence
    ends: TickSequence
    before: TickSequence
    """Open ticks of the calendar before each interval."""


class TicketHours(NamedTuple):
    """When tickets are given, day by day."""

    offsets: TickSequence
    """Where a day's intervals start; one more than there are days."""
    opens: TickSequence
    closes: TickSequence


@shared
def rows_until(instants: TickSequence, now: int) -> int:
    """How many of some sorted instants are not after `now`.

    Examples
    --------
    >>> rows_until([540, 780], 780)
    2
    """
    low, high = 0, len(instants)
    while low < high:
        middle = (low + high) // 2
        if instants[middle] <= now:
            low = middle + 1
        else:
            high = middle
    return low


@shared
def rows_from(instants: TickSequence, before: int, now: int) -> int:
    """The same for who knows how many there were a little earlier.

    Examples
    --------
    >>> rows_from([540, 780], 1, 780)
    2
    """
    row = before
    while row < len(instants) and instants[row] <= now:
        row += 1
    return row


@shared
def is_open(opening: Opening, row: int, now: int) -> bool:
    """Whether a calendar is open at an instant.

    Parameters
    ----------
    row : int
        Openings until now, as `rows_until` counts them in `opening.starts`.

    Examples
    --------
    >>> is_open(Opening([540, 780], [720, 1020], [0, 180]), 1, 720)
    False
    """
    return row > 0 and now < opening.ends[row - 1]


@shared
def next_opening(opening: Opening, row: int) -> int:
    """The first opening after so many; NEVER beyond the calendar.

    Examples
    --------
    >>> next_opening(Opening([540, 780], [720, 1020], [0, 180]), 1)
    780
    """
    return opening.starts[row] if row < len(opening.starts) else NEVER


@shared
def open_from(opening: Opening, now: int) -> int:
    """The first instant from now on at which a calendar is open; NEVER beyond it.

    Examples
    --------
    >>> lunch = Opening([540, 780], [720, 1020], [0, 180])
    >>> open_from(lunch, 719), open_from(lunch, 720)
    (719, 780)
    """
    row = rows_until(opening.starts, now)
    return now if is_open(opening, row, now) else next_opening(opening, row)


@shared
def carried(leaves: TickSequence, arrives: TickSequence, first: int, last: int, now: int) -> int:
    """When papers accepted now are with the departments: with the next courier of a place.

    Without couriers at once; NEVER after the last one.

    Parameters
    ----------
    first, last : int
        Rounds of the place.

    Examples
    --------
    >>> carried([600, 960], [660, 1020], 0, 2, 601), carried([600], [660], 1, 1, 601)
    (1020, 601)
    """
    if first == last:
        return now
    for row in range(first, last):
        if leaves[row] >= now:
            return arrives[row]
    return NEVER


@shared
def end_of_work(opening: Opening, row: int, now: int, work: int) -> int:
    """When work begun at an open instant ends, if it pauses while the calendar is closed.

    Work that fills an interval ends with it, not at the next opening. NEVER beyond the calendar.

    Parameters
    ----------
    row : int
        Openings until now.

    Examples
    --------
    >>> end_of_work(Opening([540, 780], [720, 1020], [0, 180]), 1, 650, 200)
    910
    """
    if now + work <= opening.ends[row - 1]:
        return now + work
    goal = opening.before[row - 1] + (now - opening.starts[row - 1]) + work
    # the last interval with fewer open ticks before it holds the goal
    row = rows_from(opening.before, row, goal - 1)
    end = opening.starts[row - 1] + goal - opening.before[row - 1]
    return end if end <= opening.ends[row - 1] else NEVER


@shared
def after_workdays(workdays: TickSequence, ranks: TickSequence, now: int, days: int) -> int:
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


@shared
def due(
    workdays: TickSequence, ranks: TickSequence, accepted_at: int, ticks: int, days: int
) -> int:
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


@shared
def door_opens(hours: TicketHours, now: int) -> int:
    """When who comes now can take a ticket: now, later the same day, or -1 for not today.

    Examples
    --------
    >>> morning = TicketHours([0, 1], [540], [720])
    >>> door_opens(morning, 500), door_opens(morning, 720)
    (540, -1)
    """
    day = now // DAY
    for row in range(hours.offsets[day], hours.offsets[day + 1]):
        if now < hours.closes[row]:
            return max(now, hours.opens[row])
    return -1


@shared
def hours_begun(hours: TicketHours, now: int) -> int:
    """How many ticket hours have begun, those of earlier days included: names the present ones.

    Examples
    --------
    >>> day = TicketHours([0, 2], [540, 780], [720, 1020])
    >>> hours_begun(day, 540), hours_begun(day, 779), hours_begun(day, 780)
    (1, 1, 2)
    """
    day = now // DAY
    row = hours.offsets[day]
    while row < hours.offsets[day + 1] and hours.opens[row] <= now:
        row += 1
    return row


@shared
def time_until_closing(hours: TicketHours, closes: int, before_break: int, now: int) -> int:
    """Open ticks from now until a place closes for the day; NEVER where it does not.

    Parameters
    ----------
    closes : int
        When it closes; -1 = not today.
    before_break : int
        Ticks before each break in which no ticket is given, though the place is open.

    Examples
    --------
    >>> day = TicketHours([0, 2], [540, 780], [710, 1020])
    >>> time_until_closing(day, 1020, 10, 700), time_until_closing(day, 1020, 10, 800)
    (260, 220)
    """
    if closes < 0:
        return NEVER
    day, left = now // DAY, closes - now
    for row in range(hours.offsets[day] + 1, hours.offsets[day + 1]):
        gap = hours.opens[row] - hours.closes[row - 1]
        if hours.opens[row] > now and gap > 0:
            left -= gap - before_break
    return max(left, 0)


@shared
def comes_when_open(hours: TicketHours, now: int, position: float) -> int:
    """When a person who knows the hours of a place comes: now, if it gives tickets.

    Else on the first day, today included, on which it will, at the share `position` of the ticket
    hours that are still to come on it. NEVER beyond the run.

    Examples
    --------
    >>> hours = TicketHours([0, 2, 3], [540, 780, DAY + 540], [720, 1020, DAY + 720])
    >>> comes_when_open(hours, 600, 0.5), comes_when_open(hours, 730, 0.5)
    (600, 900)
    >>> comes_when_open(hours, 1020, 0.5) - DAY
    630
    """
    day, last = now // DAY, len(hours.offsets) - 1
    while day < last:
        total = 0
        for row in range(hours.offsets[day], hours.offsets[day + 1]):
            if hours.opens[row] <= now < hours.closes[row]:
                return now
            if hours.opens[row] > now:
                total += hours.closes[row] - hours.opens[row]
        left = int(position * total)
        for row in range(hours.offsets[day], hours.offsets[day + 1]):
            if hours.opens[row] > now:
                length = hours.closes[row] - hours.opens[row]
                if left < length:
                    return hours.opens[row] + left
                left -= length
        day += 1
    return NEVER


@shared
def papers_wait(hours: TicketHours, now: int) -> int:
    """When papers that nobody brings can be taken up: from now on, on whatever day that is.

    Examples
    --------
    >>> hours = TicketHours([0, 1, 2], [540, DAY + 540], [720, DAY + 720])
    >>> papers_wait(hours, 600), papers_wait(hours, 720) - DAY
    (600, 540)
    """
    today = door_opens(hours, now)
    return today if today >= 0 else comes_again(hours, now, 0, 0.0)


@shared
def back_today(hours: TicketHours, now: int, delay: int) -> int:
    """When a person who leaves now is back on the same day; -1 where no ticket is given then.

    A night in which tickets are given is no end of the day.

    Examples
    --------
    >>> hours = TicketHours([0, 2, 3], [540, 780, DAY + 540], [720, 1020, DAY + 720])
    >>> back_today(hours, 700, 30), back_today(hours, 1000, 30)
    (730, -1)
    """
    day, last, at = now // DAY, len(hours.offsets) - 1, now + delay
    closes = now
    while day < last and hours.offsets[day] < hours.offsets[day + 1]:
        opens = hours.opens[hours.offsets[day]]
        if day > now // DAY and opens > closes:
            return -1
        closes = hours.closes[hours.offsets[day + 1] - 1]
        if at < closes:
            return at
        if closes < (day + 1) * DAY:
            return -1
        day += 1
    return -1


@shared
def comes_again(hours: TicketHours, now: int, delay: int, position: float) -> int:
    """When a person who must come another day is at the door.

    The first day with ticket hours that is at least tomorrow and at least `delay` later; on it, at
    the share `position` of its ticket hours. NEVER beyond the run.

    Examples
    --------
    >>> hours = TicketHours([0, 1, 1, 2], [540, 2 * DAY + 540], [720, 2 * DAY + 720])
    >>> comes_again(hours, now=600, delay=0, position=0.5) - 2 * DAY
    630
    """
    day = max((now + delay) // DAY, now // DAY + 1)
    last = len(hours.offsets) - 1
    while day < last and hours.offsets[day] == hours.offsets[day + 1]:
        day += 1
    if day >= last:
        return NEVER
    total = 0
    for row in range(hours.offsets[day], hours.offsets[day + 1]):
        total += hours.closes[row] - hours.opens[row]
    left = int(position * total)
    for row in range(hours.offsets[day], hours.offsets[day + 1]):
        length = hours.closes[row] - hours.opens[row]
        if left < length:
            return hours.opens[row] + left
        left -= length
    return NEVER
