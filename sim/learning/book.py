"""The book of appointments that a log tells of: its slots, their places, and who came for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, share_interval, t_interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, HOUR, MINUTE, Holidays
from sim.learning.arrivals import SLOT, ArrivalFit, weekday_of, whole_days
from sim.learning.book_places import fit_places
from sim.learning.ticket_log import UNKNOWN, TicketLog

FEWEST: Final = 20
"""Booked people who came, without whom nothing is said."""
LEAST_SHARE: Final = 2e-3
"""Of the booked, who have a begin of a slot before it is one of the book's."""
MOST_SLOTS: Final = 150
"""Begins of slots of a day; with more of them there are none, and anybody books any minute."""
SHORTEST: Final = 5 * MINUTE
DRAWS: Final = 399
"""Weekdays change places among their days so often, to see whether they differ."""
CHANCE: Final = 0.05
"""With which weekdays that are alike are taken for different ones."""
SEED: Final = 1
NOBODY: Final = np.zeros(0, dtype=np.int64)


class BookedSlot(NamedTuple):
    """A slot on some days of the week."""

    begin: int
    """Ticks after midnight."""
    came: Interval
    """Booked people who came for it on that day, a day."""
    most: int
    """On any day."""
    places: int
    low: int
    high: int
    is_full: bool
    """The log shows the bound of its places; else they are enough, and no more is known."""


class BookedDays(NamedTuple):
    """Days of the week with the same slots."""

    weekdays: tuple[int, ...]
    n_days: int
    """Whole days of the log among them."""
    slots: tuple[BookedSlot, ...]
    """In order of time."""


@dataclass(frozen=True, eq=False)
class BookFit:
    """Slots and places of those who came booked, on whole days.

    Attributes
    ----------
    slot : int
        Ticks from one begin to the next: the length of a slot.
    days : tuple of BookedDays
        Weekdays on which nobody came booked are in none.
    n : int
        Booked people who came on the day of their slot.
    n_without : int
        Booked people on whole days without: of another day, of none, or at odd times.
    no_show, no_show_low, no_show_high : float
        Share of the booked who do not come: an assumption and its range, or what the log tells.
    n_absent : int
        Rows of those who had booked and took no ticket, on whole days: with them the share is told,
        and no assumption.
    gain, needed : float
        Log-likelihood that one bound for all slots brings, and what it must.
    begin : ndarray(int64), shape (tickets,)
        Begin of the slot for which each came, ticks after midnight; -1 = for none of the book's.
    """

    slot: int
    days: tuple[BookedDays, ...]
    n: int
    n_without: int
    no_show: float
    no_show_low: float
    no_show_high: float
    n_absent: int
    gain: float
    needed: float
    begin: Ints

    @property
    def is_full(self) -> bool:
        """Whether any slot shows a bound of its places."""
        return any(slot.is_full for days in self.days for slot in days.slots)


def fit_book(
    log: TicketLog,
    arrivals: ArrivalFit | None,
    holidays: Holidays = "china",
    level: float = 0.95,
    absent: Ints = NOBODY,
) -> BookFit | None:
    """The book of a log; None where it has no slots of the day, or fewer than twenty came for one.

    Parameters
    ----------
    arrivals
        Of all tickets; without whole days there is no book.
    absent
        int64: begins of slots that somebody had booked who took no ticket, in ticks of the log.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> assert isinstance(learned.log, TicketLog)
    >>> fit_book(learned.log, learned.arrivals) is None  # it has no slots
    True
    """
    slot, came = log.details.booked_for, log.tickets.arrived_at
    in_hall = log.details.online != 1
    if arrivals is None or log.grain >= HOUR or not has_slots(log):
        return None
    is_whole = whole_days(log, holidays)
    here = in_hall & is_whole[log.day] & (slot != UNKNOWN) & (slot // DAY == came // DAY)
    here &= slot % DAY != 0  # dates alone
    begin = _often_booked(np.where(here, slot % DAY, -1))
    begins, here = np.unique(begin[begin >= 0]), begin >= 0
    if np.count_nonzero(here) < FEWEST or len(begins) > MOST_SLOTS:
        return None
    length = int(np.diff(begins).min()) if len(begins) > 1 else SLOT
    if length < SHORTEST:
        return None
    whole = np.flatnonzero(is_whole)
    table = np.zeros((log.n_days, len(begins)), dtype=np.int64)
    np.add.at(table, (log.day[here], np.searchsorted(begins, begin[here])), 1)
    dates = [log.first_date + timedelta(days=n) for n in whole.tolist()]
    weekday = np.array([weekday_of(when, holidays) for when in dates], dtype=np.int64)
    groups = _alike(table[whole], weekday)
    at = [np.flatnonzero(np.isin(weekday, group)) for group in groups]
    cells = [
        (n, k)
        for n, rows in enumerate(at)
        for k in np.flatnonzero(table[whole[rows]].any(axis=0)).tolist()
    ]
    day_cv = float(np.nan_to_num(arrivals.day_factor_cv.mean))
    numbers = [table[whole[at[n]], k] for n, k in cells]
    stayed = np.bincount(
        absent[(absent >= 0) & (absent < log.n_days * DAY)] // DAY, minlength=log.n_days
    )
    stayed = np.where(is_whole, stayed, 0)
    stays_away = _no_shows(stayed, np.bincount(log.day[here], minlength=log.n_days), level)
    no_show = None if stays_away is None else stays_away.mean
    fit = fit_places(numbers, [k for _, k in cells], day_cv, no_show)
    ends = (fit.no_show_low, fit.no_show_high)
    if stays_away is not None:
        ends = (stays_away.low, stays_away.high)
    days = []
    for n, (group, rows) in enumerate(zip(groups, at, strict=True)):
        slots = tuple(
            BookedSlot(
                int(begins[k]),
                t_interval(table[whole[rows], k].astype(np.float64), level),
                int(table[whole[rows], k].max()),
                *place,
            )
            for (of, k), place in zip(cells, fit.slots, strict=True)
            if of == n
        )
        days.append(BookedDays(group, len(rows), slots))
    n_booked = np.count_nonzero(in_hall & is_whole[log.day] & (log.details.booked == 1))
    return BookFit(
        slot=length,
        days=tuple(days),
        n=int(np.count_nonzero(here)),
        n_without=int(n_booked - np.count_nonzero(here & (log.details.booked == 1))),
        no_show=fit.no_show,
        no_show_low=ends[0],
        no_show_high=ends[1],
        n_absent=int(stayed.sum()),
        gain=fit.gain,
        needed=fit.needed,
        begin=begin,
    )


def _often_booked(begin: Ints) -> Ints:
    """int64: begins of slots in the day, and -1 also for those that hardly anybody booked."""
    begins, counts = np.unique(begin[begin >= 0], return_counts=True)
    often = begins[counts >= max(LEAST_SHARE * np.count_nonzero(begin >= 0), 2)]
    return np.where(np.isin(begin, often), begin, -1)


def _no_shows(stayed: Ints, came: Ints, level: float) -> Interval | None:
    """Share of the booked who took no ticket, by days; None where the log has no rows of them."""
    return share_interval(stayed, stayed + came, level) if stayed.any() else None


def has_slots(log: TicketLog) -> bool:
    """Whether bookings tell a time of the day, and not the date alone.

    Examples
    --------
    >>> from sim.learning.log_rows import rows_of_columns
    >>> from sim.learning.log_tickets import ticket_log
    >>> columns = {"taken": ["2025-03-03 08:05"], "booked_for": ["2025-03-03"]}
    >>> has_slots(ticket_log(rows_of_columns(columns)))
    False
    """
    slots = log.details.booked_for[log.details.booked_for != UNKNOWN]
    return bool((slots % DAY != 0).any())


def _alike(table: Ints, weekday: Ints) -> list[tuple[int, ...]]:
    """Weekdays on which as many book as far as chance can tell; those without bookings left out.

    Parameters
    ----------
    table
        int64, shape (days, slots).
    weekday
        int64, shape (days,).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> weekday = np.tile(np.arange(3), 30)
    >>> _alike(rng.poisson([[4.0], [4.0], [1.0]] * 30, (90, 5)), weekday)
    [(0, 1), (2,)]
    """
    groups: list[list[int]] = []
    for number in np.unique(weekday).tolist():
        if not table[weekday == number].any():
            continue
        for group in groups:
            if not _differ(table, np.isin(weekday, group), weekday == number):
                group.append(number)
                break
        else:
            groups.append([number])
    return [tuple(group) for group in groups]


def _differ(table: Ints, first: Bools, second: Bools) -> bool:
    """Whether two kinds of days have other numbers: days that change places seldom differ more."""
    values = np.concatenate([table[first], table[second]]).astype(np.float64)
    n_first, n_days = int(first.sum()), len(values)
    scale = np.sqrt(np.maximum(values.mean(axis=0), 1 / n_days))

    def distances(chosen: Floats) -> Floats:
        of_first = chosen @ values / n_first
        others = (1 - chosen) @ values / (n_days - n_first)
        return np.asarray((((of_first - others) / scale) ** 2).sum(axis=1))

    seen = distances((np.arange(n_days) < n_first)[None, :].astype(np.float64))[0]
    order = np.random.default_rng(SEED).permuted(np.tile(np.arange(n_days), (DRAWS, 1)), axis=1)
    drawn = distances((order < n_first).astype(np.float64))
    return float(1 + np.count_nonzero(drawn >= seen - 1e-12)) / (DRAWS + 1) <= CHANCE


def week_of(fit: BookFit) -> Iterator[tuple[int, Sequence[BookedSlot]]]:
    """Each weekday that has slots, in order, and these."""
    for number in range(7):
        for days in fit.days:
            if number in days.weekdays:
                yield number, days.slots
