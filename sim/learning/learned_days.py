"""Days of the week that are alike in a log: when the hall is open, and who comes when.

What the language says by flow, profile and calendar is computed here once (DESIGN §9.11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, WEEKDAYS, Holidays, format_clock
from sim.learning.arrivals import SLOT, weekday_of, whole_days
from sim.learning.staffing import StaffingFit
from sim.learning.ticket_log import TicketLog

GOES_ON: Final = 0.5
"""Of the clerks of the half hour before, who are at work in one in which nobody comes any more:
then it is one of the hall's hours, else only the last are served."""
FEWEST_OF_OWN: Final = 4
"""Whole days of Saturdays, or of Sundays, with which they have numbers of their own: a month of
them. With fewer they share those of days with their hours."""
WEEKEND: Final = (5, 6)
LEAST_SHARE: Final = 2e-3
"""Of a day's tickets, below which a half hour at its ends is none of its hours."""


class AlikeDays(NamedTuple):
    """Weekdays with the same hours."""

    weekdays: tuple[int, ...]
    hours: tuple[tuple[int, int], ...]
    """Begins and ends of open hours, ticks after midnight; what is between them is a break."""
    end: int
    """After it hardly anybody comes."""
    days: Ints
    """int64: whole days of the log that are among them."""
    shape: tuple[tuple[int, Interval], ...]
    """Begin of each half hour, and its share of the day's tickets."""
    slot: int
    factors: tuple[tuple[int, Interval], ...]
    """Weekday -> tickets, of the mean of all of these days; drawn towards 1 by chance's part."""
    few: tuple[tuple[int, int], ...] = ()
    """Weekday and its whole days, of a Saturday or Sunday that is among others as it has few."""


def in_hall(log: TicketLog) -> Bools:
    """bool, shape (tickets,): not online."""
    return np.asarray(log.details.online != 1)


def alike_days(
    log: TicketLog, staffing: StaffingFit, holidays: Holidays, level: float = 0.95
) -> tuple[AlikeDays, ...]:
    """Weekdays by their hours, the most frequent kind first.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.clock import format_clock
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> assert learned.staffing is not None and isinstance(learned.log, TicketLog)
    >>> (alike,) = alike_days(learned.log, learned.staffing, "china")
    >>> alike.weekdays, [*map(format_clock, (*alike.hours[0], alike.end))]
    ((0, 1, 2, 3, 4), ['08:30', '16:30', '16:00'])
    """
    whole = np.flatnonzero(whole_days(log, holidays))
    dates = [log.first_date + timedelta(days=n) for n in whole.tolist()]
    weekday = np.array([weekday_of(when, holidays) for when in dates], dtype=np.int64)
    slot = max(SLOT, log.grain)
    open_slots = {
        number: _open_slots(log, staffing, whole[weekday == number], slot)
        for number in np.unique(weekday).tolist()
    }
    n_days = {number: int(np.count_nonzero(weekday == number)) for number in open_slots}
    kinds = list[tuple[list[int], Bools]]()
    for number, slots in open_slots.items():
        # a Sunday that shares numbers shares a Saturday's first
        for kind, (members, those) in reversed([*enumerate(kinds)]):
            has_hours = np.count_nonzero(slots != those) <= 2
            if has_hours and not _are_apart(number, members, n_days):
                kinds[kind] = ([*members, number], slots | those)
                break
        else:
            kinds.append(([number], slots))
    alike = []
    for members, slots in kinds:
        few = tuple(
            (number, n_days[number])
            for number in members
            if number in WEEKEND and len(members) > 1 and n_days[number] < FEWEST_OF_OWN
        )
        is_member = np.isin(weekday, members)
        days = whole[is_member]
        shape = _shape(log, days, slots, slot, level, in_hall(log))
        counts = np.bincount(log.day[in_hall(log)], minlength=log.n_days)[days]
        factors = _factors(counts.astype(np.float64), weekday[is_member], level)
        end = max(begin for begin, share in shape if share.mean >= LEAST_SHARE) + slot
        hours = _runs(slots, slot)
        alike.append(AlikeDays(tuple(members), hours, end, days, shape, slot, factors, few))
    return tuple(sorted(alike, key=lambda each: -len(each.days)))


def _are_apart(number: int, members: Sequence[int], n_days: Mapping[int, int]) -> bool:
    """Whether a Saturday or Sunday has enough days, and so have the others, not to share numbers.

    Examples
    --------
    >>> _are_apart(6, [5], {5: 9, 6: 9}), _are_apart(6, [5], {5: 9, 6: 3})
    (True, False)
    """
    if not {number, *members} & {*WEEKEND}:
        return False
    return min(n_days[number], sum(n_days[member] for member in members)) >= FEWEST_OF_OWN


def _open_slots(log: TicketLog, staffing: StaffingFit, days: Ints, slot: int) -> Bools:
    """bool, shape (slots of a day,): in which people come, or those at work go on."""
    here = in_hall(log) & np.isin(log.day, days)
    n = DAY // slot
    counts = np.bincount(log.tickets.arrived_at[here] % DAY // slot, minlength=n)
    of_days = np.isin(staffing.day, days)
    place = staffing.begin[of_days] // slot
    at_work = np.bincount(place, staffing.clerks[of_days], minlength=n)
    comes = counts >= LEAST_SHARE * counts.sum()
    goes_on = np.zeros(n, np.bool_)
    goes_on[1:] = comes[:-1] & (at_work[1:] >= GOES_ON * at_work[:-1]) & (at_work[1:] > 0)
    return np.asarray(comes | goes_on)


def _runs(slots: Bools, slot: int) -> tuple[tuple[int, int], ...]:
    """Begins and ends of slots that follow each other.

    Examples
    --------
    >>> _runs(np.array([True, True, False, True]), 10)
    ((0, 20), (30, 40))
    """
    edges = np.diff(np.concatenate([[False], slots, [False]]).astype(np.int64))
    begins, ends = np.flatnonzero(edges == 1) * slot, np.flatnonzero(edges == -1) * slot
    return tuple(zip(begins.tolist(), ends.tolist(), strict=True))


def with_people(
    log: TicketLog, days: AlikeDays, people: Bools, holidays: Holidays, level: float = 0.95
) -> AlikeDays:
    """The same days with the shape and the factors of some of their people.

    Parameters
    ----------
    people
        bool, shape (tickets,).
    """
    slots = np.zeros(DAY // days.slot, dtype=np.bool_)
    slots[[begin // days.slot for begin, _ in days.shape]] = True
    dates = [log.first_date + timedelta(days=n) for n in days.days.tolist()]
    weekday = np.array([weekday_of(when, holidays) for when in dates], dtype=np.int64)
    counts = np.bincount(log.day[people], minlength=log.n_days)[days.days]
    return days._replace(
        shape=_shape(log, days.days, slots, days.slot, level, people),
        factors=_factors(counts.astype(np.float64), weekday, level),
    )


def _shape(
    log: TicketLog, days: Ints, slots: Bools, slot: int, level: float, people: Bools
) -> tuple[tuple[int, Interval], ...]:
    """Share of each open slot; who comes at other times is left out of it."""
    here = people & np.isin(log.day, days)
    place = log.tickets.arrived_at[here] % DAY // slot
    row = np.searchsorted(days, log.day[here])
    table = np.bincount(row * len(slots) + place, minlength=len(days) * len(slots))
    table = table.reshape(len(days), len(slots)).astype(np.float64)
    of_day = table[:, slots].sum(axis=1)
    return tuple(
        (n * slot, ratio_interval(table[:, n], of_day, level, (0.0, 1.0)))
        for n in np.flatnonzero(slots).tolist()
    )


def _factors(counts: Floats, weekday: Ints, level: float) -> tuple[tuple[int, Interval], ...]:
    """Of each weekday, drawn towards 1 by how much of their spread chance explains."""
    numbers = np.unique(weekday).tolist()
    if len(numbers) < 2:
        return ()
    means = [t_interval(counts[weekday == number], level) for number in numbers]
    mean = float(counts.mean())
    residual = counts - np.array([counts[weekday == number].mean() for number in weekday])
    freedom = max(len(counts) - len(numbers), 1)
    noise = float((residual**2).sum()) / freedom
    each = np.array([noise / np.count_nonzero(weekday == number) for number in numbers])
    centres = np.array([interval.mean for interval in means])
    spread = float(centres.var(ddof=1))
    weight = max(0.0, 1 - float(each.mean()) / spread) if spread > 0 else 0.0
    if weight == 0:
        return ()
    centres = 1 + weight * (centres / mean - 1)
    halves = [weight**0.5 * interval.half_width / mean for interval in means]
    return tuple(
        (number, interval._replace(mean=centre, low=centre - half, high=centre + half))
        for number, interval, centre, half in zip(
            numbers, means, centres.tolist(), halves, strict=True
        )
    )


def hours_key(begin: int, end: int) -> str:
    """Hours as the language writes them.

    Examples
    --------
    >>> hours_key(30_600_000, 32_400_000)
    '08:30-09:00'
    """
    return f"{format_clock(begin)}-{format_clock(end)}"


def day_keys(weekdays: Sequence[int]) -> Iterator[str]:
    """Days and ranges of days that are these weekdays.

    Examples
    --------
    >>> list(day_keys((0, 1, 2, 4)))
    ['mon-wed', 'fri']
    """
    days = sorted(weekdays)
    while days:
        n = 1
        while n < len(days) and days[n] == days[0] + n:
            n += 1
        first, last = WEEKDAYS[days[0]], WEEKDAYS[days[n - 1]]
        yield first if n == 1 else f"{first}-{last}"
        days = days[n:]
