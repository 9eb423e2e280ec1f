"""Traps of whole days: rows of closed days, days and months without rows, days that are not whole,
changes of what is normal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, HOUR, Holidays, holiday, makeup_day
from sim.learning.log_rows import EPOCH, LogRows
from sim.learning.traps import Caught, LogChange, LogHall, LogTrap, caught_rows
from sim.scenario.table_values import NO_INSTANT

FEW_SHARE: Final = 0.2
"""Of a usual day: fewer tickets on a closed day are stale."""
OPEN_SHARE: Final = 0.5
"""Of the days of a weekday: with tickets on so many of them the hall opens on it."""
EARLY: Final = HOUR
"""By which the last ticket of the last day must be earlier than on nearly all days."""
FEWEST_DAYS: Final = 5
FEWEST_BESIDE: Final = 15
"""Days on either side of a change."""
SURE: Final = 6.0
"""Standard errors that part the means of both sides: the place of the change was looked for, and
days depend on each other."""
LARGE: Final = 0.15
"""Of the mean before: smaller changes are not told."""
LONG: Final = 30
"""Days without a name at either end of the log before it is told to be new, or gone."""
FEWEST_OF_NAME: Final = 20
MOST_LISTED: Final = 10


class LogDay(NamedTuple):
    """Days of a log from the first to the last."""

    first: int
    """Days since 1970-01-01."""
    counts: Ints
    """int64, shape (days,): tickets of each."""
    is_holiday: Bools
    is_open: Bools
    """The hall usually opens on such a day: its weekday, no holiday; a make-up day."""
    usual: float
    """Median of the tickets of days that are open and have any."""


def log_days(rows: LogRows, holidays: Holidays) -> LogDay | None:
    """The days of a log; None when no row says its day."""
    there = rows.is_there & (rows.came != NO_INSTANT)
    if not there.any():
        return None
    days = rows.day[there]
    first, last = int(days.min()), int(days.max())
    if last - first > 40_000:
        return None
    counts = np.bincount(days - first, minlength=last - first + 1).astype(np.int64)
    return days_of_counts(date.fromordinal(EPOCH + first), counts, holidays)


def days_of_counts(first: date, counts: Ints, holidays: Holidays) -> LogDay:
    """Days by their tickets: which of them the hall opens on, and what is usual.

    Examples
    --------
    >>> week = np.array([90, 88, 91, 90, 92, 0, 1])
    >>> days = days_of_counts(date(2025, 3, 3), week, "china")
    >>> days.is_open.tolist(), days.usual
    ([True, True, True, True, True, False, False], 90.0)
    """
    dates = [first + timedelta(days=n) for n in range(len(counts))]
    is_holiday = np.array([holiday(day, holidays) for day in dates])
    makes_up = np.array([makeup_day(day, holidays) for day in dates])
    weekday = np.array([day.weekday() for day in dates])
    is_open = makes_up.copy()
    for number in range(7):
        of_it = (weekday == number) & ~is_holiday & ~makes_up
        busy = counts[of_it]
        typical = np.median(counts[counts > 0])
        if len(busy) and (busy > FEW_SHARE * typical).mean() >= OPEN_SHARE:
            is_open |= of_it
    open_counts = counts[is_open & (counts > 0)]
    usual = float(np.median(open_counts)) if len(open_counts) else 0.0
    return LogDay(first.toordinal() - EPOCH, counts, is_holiday, is_open, usual)


def _listed(first: int, places: Ints) -> str:
    words = [_iso(first + n) for n in places[:MOST_LISTED].tolist()]
    return ", ".join(words) + (", …" if len(places) > MOST_LISTED else "")


def _closed_day(rows: LogRows, hall: LogHall) -> Caught | None:
    """Few tickets on a day on which the hall does not open: a holiday, most often."""
    days = log_days(rows, hall.holidays)
    if days is None or not days.usual:
        return None
    stale = (days.counts > 0) & ~days.is_open & (days.counts < FEW_SHARE * days.usual)
    places = np.flatnonzero(stale)
    there = rows.is_there & (rows.came != NO_INSTANT)
    marked = there & np.isin(rows.day - days.first, places)
    return caught_rows(marked, None, (("dates", _listed(days.first, places)),))


def _part_day(rows: LogRows, hall: LogHall) -> Caught | None:
    """The last day, where its last ticket is earlier than on nearly all other days: the export was
    made while the hall was open."""
    days = log_days(rows, hall.holidays)
    if days is None or np.count_nonzero(days.counts) < FEWEST_DAYS:
        return None
    there = np.flatnonzero(rows.is_there & (rows.came != NO_INSTANT))
    place = rows.day[there] - days.first
    latest = np.full(len(days.counts), -1, dtype=np.int64)
    np.maximum.at(latest, place, rows.came[there] % DAY)
    last = len(days.counts) - 1
    alike = np.flatnonzero(days.is_open & (days.counts > 0))
    others = latest[alike[alike < last]]
    if len(others) < FEWEST_DAYS - 1 or latest[last] > np.quantile(others, 0.05) - EARLY:
        return None
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[place == last]] = True
    return caught_rows(marked, None, (("dates", _listed(days.first, np.array([last]))),))


def _note(rows: LogRows, count: int, values: tuple[tuple[str, str], ...]) -> Caught | None:
    return Caught(np.zeros(len(rows), dtype=np.bool_), None, values, count) if count else None


def _days_missing(rows: LogRows, hall: LogHall) -> Caught | None:
    """Days on which the hall opens, and of which the log has nothing; months come by themselves."""
    days = log_days(rows, hall.holidays)
    if days is None or np.count_nonzero(days.counts) < FEWEST_DAYS:
        return None
    missing = days.is_open & (days.counts == 0) & ~np.isin(_months(days), _empty_months(days))
    places = np.flatnonzero(missing)
    return _note(rows, len(places), (("dates", _listed(days.first, places)),))


def _months(days: LogDay) -> Ints:
    """int64: months since 1970 of each day."""
    all_days = days.first + np.arange(len(days.counts))
    return all_days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _empty_months(days: LogDay) -> Ints:
    """int64: whole months of which less than a quarter of the usual tickets is there."""
    months = _months(days)
    unique = np.unique(months)
    if len(unique) < 3:
        return np.zeros(0, dtype=np.int64)
    counts = np.array([days.counts[months == month].sum() for month in unique])
    lengths = np.array([days.is_open[months == month].sum() for month in unique])
    expected = days.usual * lengths
    inner = np.ones(len(unique), dtype=np.bool_)
    inner[[0, -1]] = False
    return np.asarray(unique[inner & (lengths >= FEWEST_DAYS) & (counts < 0.25 * expected)])


def _months_missing(rows: LogRows, hall: LogHall) -> Caught | None:
    days = log_days(rows, hall.holidays)
    if days is None or not days.usual:
        return None
    empty = _empty_months(days)
    listed = ", ".join(str(month) for month in empty.astype("datetime64[M]"))
    return _note(rows, len(empty), (("months", listed),))


def _drift(rows: LogRows, hall: LogHall) -> Caught | None:
    """What changed for good: tickets a day, waits, services, windows at work."""
    days = log_days(rows, hall.holidays)
    if days is None:
        return None
    there = np.flatnonzero(rows.is_there & (rows.came != NO_INSTANT))
    place = rows.day[there] - days.first
    n = len(days.counts)
    whole = days.is_open & (days.counts >= FEW_SHARE * days.usual)
    series = {"tickets": np.where(whole, days.counts, np.nan).astype(np.float64)}
    for name, spans in (("wait", rows.wait_of), ("service", rows.service_of)):
        series[name] = np.where(whole, _daily_mean(spans[there], place, n), np.nan)
    window = rows["window"][there]
    if (window >= 0).any():
        seen = np.unique(place[window >= 0] * (window.max() + 1) + window[window >= 0])
        at_work = np.bincount(seen // (window.max() + 1), minlength=n).astype(np.float64)
        series["windows"] = np.where(whole & (at_work > 0), at_work, np.nan)
    changes = []
    for name, values in series.items():
        if (change := _change(values)) is not None:
            changes.append(LogChange(name, _iso(days.first + change[0]), change[1]))
    nothing = np.zeros(len(rows), dtype=np.bool_)
    return Caught(nothing, number=len(changes), changes=tuple(changes)) if changes else None


def _daily_mean(spans: Ints, place: Ints, n: int) -> Floats:
    good = spans >= 0
    sums = np.bincount(place[good], weights=spans[good], minlength=n)
    counts = np.bincount(place[good], minlength=n)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _change(values: Floats) -> tuple[int, float] | None:
    """The first day of a change of the mean, and by which share; None where none is sure.

    The split with the largest standardised difference of means; its error counts how much days
    that follow each other are alike (lag 1).
    """
    places = np.flatnonzero(~np.isnan(values))
    x = values[places]
    n = len(x)
    if n < 2 * FEWEST_BESIDE:
        return None
    k = np.arange(FEWEST_BESIDE, n - FEWEST_BESIDE + 1)
    sums, squares = np.cumsum(x), np.cumsum(x * x)
    left, right = sums[k - 1] / k, (sums[-1] - sums[k - 1]) / (n - k)
    within = squares[-1] - k * left**2 - (n - k) * right**2
    variance = np.maximum(within, 1e-12 * max(squares[-1], 1e-12)) / (n - 2)
    scores = np.abs(right - left) / np.sqrt(variance * (1 / k + 1 / (n - k)))
    best = int(scores.argmax())
    split = int(k[best])
    residuals = np.concatenate([x[:split] - left[best], x[split:] - right[best]])
    spread = float((residuals * residuals).sum())
    alike = max(0.0, float((residuals[1:] * residuals[:-1]).sum()) / spread) if spread > 0 else 0.0
    sure = scores[best] * np.sqrt((1 - min(alike, 0.9)) / (1 + min(alike, 0.9)))
    share = float(right[best] / left[best] - 1) if left[best] else np.inf
    if sure < SURE or abs(share) < LARGE:
        return None
    return int(places[split]), share


def _new_names(rows: LogRows, hall: LogHall) -> Caught | None:
    """Queues, matters and windows that come, or go, while the log runs."""
    del hall
    there = rows.is_there & (rows.came != NO_INSTANT)
    if not there.any():
        return None
    days = rows.day
    first, last = int(days[there].min()), int(days[there].max())
    names = []
    for name in filter(rows.NAMED.__contains__, ("list_", "matter", "window")):
        codes = rows[name]
        named = there & (codes >= 0)
        n = len(rows.names[name])
        begins = np.full(n, np.iinfo(np.int64).max)
        ends = np.full(n, -1, dtype=np.int64)
        np.minimum.at(begins, codes[named], days[named])
        np.maximum.at(ends, codes[named], days[named])
        many = np.bincount(codes[named], minlength=n) >= FEWEST_OF_NAME
        for code in np.flatnonzero(many & (begins > first + LONG)).tolist():
            names.append(f"{rows.names[name][code]} {_iso(int(begins[code]))} …")
        for code in np.flatnonzero(many & (ends < last - LONG)).tolist():
            names.append(f"{rows.names[name][code]} … {_iso(int(ends[code]))}")
    return _note(rows, len(names), (("names", "; ".join(names)),))


def _iso(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


DAY_TRAPS: Final = (
    LogTrap("closed_day", _closed_day, ("left_out", "kept"), ("taken", "called", "window")),
    LogTrap("part_day", _part_day, ("left_out", "kept"), ("taken", "called", "window")),
    LogTrap("days_missing", _days_missing, ("kept",), scope="days"),
    LogTrap("months_missing", _months_missing, ("kept",), scope="log"),
    LogTrap("drift", _drift, ("kept",), scope="log"),
    LogTrap("new_names", _new_names, ("kept",), scope="log"),
)
