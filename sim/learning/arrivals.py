"""When people come, learned from a log: by weekday, by half hour, by month, and how days differ.

Days are the clusters of every interval: people of one day share its weather and its news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, MINUTE, Holidays, makeup_day
from sim.learning.ticket_log import TicketLog
from sim.learning.trap_days import FEW_SHARE, days_of_counts

SLOT: Final = 30 * MINUTE
FEWEST_WHOLE: Final = 5
"""Days without which nothing is said of days."""
FEWEST_DAYS: Final = 2
FEWEST_MONTHS: Final = 3
"""Of which a season can be told from a change of level."""
DRAWS: Final = 1_000
"""Resamples of days behind the interval of the day factor."""
SEED: Final = 1


class WeekdayArrivals(NamedTuple):
    """Tickets of one weekday."""

    weekday: int
    """0 = Monday; make-up days count as Mondays, as in a simulated calendar."""
    per_day: Interval


class SlotArrivals(NamedTuple):
    """Tickets of one part of the day."""

    begin: int
    """Ticks after midnight."""
    share: Interval
    """Of the tickets of a day."""


class MonthArrivals(NamedTuple):
    """Tickets of one calendar month, weekdays taken as they fell."""

    month: int
    factor: Interval
    """Of what these weekdays have in the mean of all months."""


@dataclass(frozen=True)
class ArrivalFit:
    """When people came.

    Attributes
    ----------
    n_days : int
        Days on which the hall was open and had a whole day: only these are counted.
    n_left_out : int
        Days with tickets that were not: closed days, and those with less than a fifth of a day.
    weekdays : tuple of WeekdayArrivals
    slot : int
        Ticks of a part of the day: half an hour, or the grain of the log where that is more.
    slots : tuple of SlotArrivals
        From the first with a ticket to the last.
    months : tuple of MonthArrivals
        Empty with fewer than three months of two days and more.
    day_factor_cv : Interval
        Coefficient of variation of the factor by which a day is busier than its weekday and month,
        beyond what chance alone (Poisson) makes of it; 0 = nothing beyond.
    """

    n_days: int
    n_left_out: int
    weekdays: tuple[WeekdayArrivals, ...]
    slot: int
    slots: tuple[SlotArrivals, ...]
    months: tuple[MonthArrivals, ...]
    day_factor_cv: Interval


def fit_arrivals(
    log: TicketLog, holidays: Holidays = "china", level: float = 0.95
) -> ArrivalFit | None:
    """When people come, with an interval for each number; None with fewer than five whole days.

    The day factor is by moments: the number of tickets of a day has the variance m + (m cv)² around
    its mean m, as a Poisson number whose mean is m times a factor. Its interval is of resampled
    days.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit = fit_arrivals(log)
    >>> assert fit is not None
    >>> fit.n_days, len(fit.weekdays), round(sum(slot.share.mean for slot in fit.slots), 9)
    (20, 5, 1.0)
    """
    counts = np.bincount(log.day, minlength=log.n_days).astype(np.int64)
    is_whole = whole_days(log, holidays)
    whole = np.flatnonzero(is_whole)
    if len(whole) < FEWEST_WHOLE:
        return None
    dates = [log.first_date + timedelta(days=n) for n in whole.tolist()]
    weekday = np.array([weekday_of(when, holidays) for when in dates], dtype=np.int64)
    month = np.array([when.month for when in dates], dtype=np.int64)
    tickets = counts[whole].astype(np.float64)
    expected, months = _season(tickets, weekday, month, level)
    slot = max(SLOT, log.grain)
    return ArrivalFit(
        n_days=len(whole),
        n_left_out=int(np.count_nonzero((counts > 0) & ~is_whole)),
        weekdays=tuple(
            WeekdayArrivals(number, t_interval(tickets[weekday == number], level))
            for number in np.unique(weekday).tolist()
        ),
        slot=slot,
        slots=_slots(log, is_whole, slot, level),
        months=months,
        day_factor_cv=_day_factor(tickets, expected, _groups(weekday, month, months), level),
    )


def whole_days(log: TicketLog, holidays: Holidays) -> Bools:
    """bool, shape (days,): days on which the hall was open, and that are whole."""
    counts = np.bincount(log.day, minlength=log.n_days).astype(np.int64)
    days = days_of_counts(log.first_date, counts, holidays)
    return np.asarray(days.is_open & (counts > 0) & (counts >= FEW_SHARE * days.usual))


def weekday_of(when: date, holidays: Holidays) -> int:
    """0 = Monday; a make-up day is one."""
    return 0 if makeup_day(when, holidays) else when.weekday()


def _means(values: Floats, group: Ints) -> Floats:
    """The mean of each value's group."""
    sums = np.bincount(group, weights=values)
    return np.asarray(sums[group] / np.bincount(group)[group])


def _season(
    tickets: Floats, weekday: Ints, month: Ints, level: float
) -> tuple[Floats, tuple[MonthArrivals, ...]]:
    """What each day's weekday and month let expect, and the factors of months."""
    expected = _means(tickets, weekday)
    numbers, counts = np.unique(month, return_counts=True)
    if len(numbers) < FEWEST_MONTHS or counts.min() < FEWEST_DAYS:
        return expected, ()
    months = []
    factors = np.ones(len(tickets))
    for number in numbers.tolist():
        here = month == number
        factor = ratio_interval(tickets[here], expected[here], level)
        months.append(MonthArrivals(number, factor))
        factors[here] = factor.mean
    return expected * factors, tuple(months)


def _groups(weekday: Ints, month: Ints, months: tuple[MonthArrivals, ...]) -> int:
    """Means that were estimated from the days."""
    return len(np.unique(weekday)) + (len(np.unique(month)) - 1 if months else 0)


def _slots(log: TicketLog, is_whole: Bools, slot: int, level: float) -> tuple[SlotArrivals, ...]:
    here = is_whole[log.day]
    place = log.tickets.arrived_at[here] % DAY // slot
    first, last = int(place.min()), int(place.max())
    row = (np.cumsum(is_whole) - 1)[log.day[here]]
    n_days, width = int(is_whole.sum()), last - first + 1
    table = np.bincount(row * width + place - first, minlength=n_days * width)
    table = table.reshape(n_days, width).astype(np.float64)
    of_day = table.sum(axis=1)
    return tuple(
        SlotArrivals((first + n) * slot, ratio_interval(table[:, n], of_day, level))
        for n in range(width)
    )


def _day_factor(tickets: Floats, expected: Floats, n_means: int, level: float) -> Interval:
    """Coefficient of variation of the day factor, from days whose means were estimated."""
    n = len(tickets)
    if n <= n_means:
        return Interval(np.nan, np.nan, np.nan, n, level)
    freedom = n / (n - n_means)
    excess = (tickets - expected) ** 2 * freedom - expected
    squares = expected**2
    draws = np.random.default_rng(SEED).integers(0, n, (DRAWS, n))
    spread = excess[draws].sum(axis=1) / squares[draws].sum(axis=1)
    tail = (1 - level) / 2
    low, high = np.sqrt(np.maximum(np.quantile(spread, [tail, 1 - tail]), 0.0)).tolist()
    middle = float(np.sqrt(max(excess.sum() / squares.sum(), 0.0)))
    return Interval(middle, min(low, middle), max(high, middle), n, level)
