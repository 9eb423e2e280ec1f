"""Traps of clocks: another zone or year, a window whose clock is wrong, hours for instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.learning.log_rows import EPOCH, LogRows
from sim.learning.trap_cells import has_zone
from sim.learning.traps import Caught, LogHall, LogTrap, caught_rows
from sim.scenario.table_values import NO_INSTANT

FEWEST: Final = 50
"""Tickets that must be there before anything is said of their hours."""
NIGHT: Final = (0, 6)
OPEN: Final = (7, 21)
"""Hours of the day in which next to no hall is open, and nearly every hall."""
NIGHT_SHARE, OPEN_SHARE = 0.3, 0.98
FAR: Final = 183
"""Days without a row that part a log."""
FAR_SHARE: Final = 0.05
"""Of the rows: more is no slip of a clock."""
LONGEST_WAIT: Final = 8 * HOUR
SHORTEST_WAITS: Final = 0.02
"""Share of the waits of a window that are its shortest ones."""
FEWEST_OF_WINDOW: Final = 10
BATCH: Final = 5
"""Services that end in one and the same second: more than windows end by chance."""


def shift(rows: LogRows, marked: Bools, by: Ints, names: tuple[str, ...] = ()) -> None:
    """Move instants of some rows, in place; without names all of them."""
    for name in names or rows.TIMES:
        here = marked & rows.has(name)
        rows.columns[name][here] += by[here]


def _wrong_zone(rows: LogRows, hall: LogHall) -> Caught | None:
    """Instants in UTC: as their zone says, or as all of them are in the night of the hall."""
    came = rows.came
    dated = rows.is_there & (came != NO_INSTANT)
    if not dated.any():
        return None
    says_utc = dated & has_zone(rows) & (rows.zone == 0)
    ahead = _ahead(came, dated, hall.time_zone)
    if says_utc.any() and (ahead[says_utc] != 0).any():
        marked = says_utc & (ahead != 0)
    else:
        hours = came[dated] % DAY // HOUR
        moved = (came[dated] + ahead[dated]) % DAY // HOUR
        at_night = (hours >= NIGHT[0]) & (hours < NIGHT[1]) & (came[dated] % DAY > 0)
        is_open = (moved >= OPEN[0]) & (moved < OPEN[1])
        sure = len(hours) >= FEWEST and at_night.mean() >= NIGHT_SHARE
        if not sure or is_open.mean() < OPEN_SHARE or has_zone(rows)[dated].any():
            return None
        marked = dated & (ahead != 0)
    by = ahead / HOUR
    values = (("hours", f"{np.median(by[marked]):+g}"), ("zone", hall.time_zone))
    return caught_rows(marked, lambda rows, marked: shift(rows, marked, ahead), values)


def _ahead(came: Ints, dated: Bools, zone: str) -> Ints:
    """int64 ticks: by how much the hall's clock is ahead of UTC, at noon of each row's day."""
    days = np.where(dated, came, 0) // DAY
    unique, place = np.unique(days, return_inverse=True)
    clock = ZoneInfo(zone)
    ahead = []
    for day in unique.tolist():
        try:
            noon = datetime.fromordinal(EPOCH + day).replace(hour=12, tzinfo=UTC)
            offset = noon.astimezone(clock).utcoffset() or timedelta()
        except (ValueError, OverflowError):
            offset = timedelta()
        ahead.append(round(offset.total_seconds()) * SECOND)
    return np.array(ahead, dtype=np.int64)[place]


def _week_year(rows: LogRows, hall: LogHall) -> Caught | None:
    """Days at the end of December that bear the year of their week: 2020-12-30 for 2019-12-30.

    They stand alone, months behind the last other day, in the year to which their true week
    belongs; a year earlier they fit.
    """
    del hall
    days, there = rows.day, rows.is_there & (rows.came != NO_INSTANT)
    unique = np.unique(days[there])
    if len(unique) < 2:
        return None
    late = [day for day in unique.tolist() if _is_week_year(day)]
    others = np.setdiff1d(unique, late)
    if not late or not len(others):
        return None
    wrong = {
        day: day - _year_before(day)
        for day in late
        if day > others.max() + 31 and others.min() - 7 <= _year_before(day) <= others.max() + 7
    }
    if not wrong:
        return None
    by = np.zeros(len(rows), dtype=np.int64)
    for day, ahead in wrong.items():
        by[days == day] = -ahead * DAY
    listed = ", ".join(_iso(day) for day in wrong)
    marked = there & (by != 0)
    return caught_rows(marked, lambda rows, marked: shift(rows, marked, by), (("dates", listed),))


def _iso(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


def _year_before(day: int) -> int:
    when = date.fromordinal(EPOCH + day)
    return when.replace(year=when.year - 1).toordinal() - EPOCH


def _is_week_year(day: int) -> bool:
    """Whether a year earlier the day is in a week (from Sunday or Monday) of the next year."""
    try:
        when = date.fromordinal(EPOCH + day)
    except ValueError:
        return False
    if when.month != 12 or when.day < 25:
        return False
    true = when.replace(year=when.year - 1)
    new_year = date(when.year, 1, 1)
    return (new_year - true).days <= max(new_year.weekday(), (new_year.weekday() + 1) % 7)


def _far_dates(rows: LogRows, hall: LogHall) -> Caught | None:
    """Days half a year and more from nearly all others: a clock that began anew."""
    del hall
    there = rows.is_there & (rows.came != NO_INSTANT)
    unique, counts = np.unique(rows.day[there], return_counts=True)
    if len(unique) < 2:
        return None
    block = np.concatenate([[0], np.cumsum(np.diff(unique) > FAR)])
    sizes = np.bincount(block, weights=counts)
    if len(sizes) < 2 or sizes.max() < (1 - FAR_SHARE) * sizes.sum():
        return None
    near = unique[block == sizes.argmax()]
    days = rows.day
    marked = there & ((days < near[0]) | (days > near[-1]))
    return caught_rows(marked)


def _wrong_clock(rows: LogRows, hall: LogHall) -> Caught | None:
    """Windows whose calls are mostly before their tickets, or eight hours behind them."""
    del hall
    wait = rows.wait_of
    spanned = (rows.has("called") | rows.has("started")) & (rows.came != NO_INSTANT)
    dated = rows.is_there & spanned & (rows["window"] >= 0)
    if not dated.any():
        return None
    by = np.zeros(len(rows), dtype=np.int64)
    odd = dated & ((wait < 0) | (wait > LONGEST_WAIT))
    window, n = rows["window"], len(rows.names["window"])
    all_of = np.bincount(window[dated], minlength=n)
    odd_of = np.bincount(window[odd], minlength=n)
    wrong = np.flatnonzero((all_of >= FEWEST_OF_WINDOW) & (2 * odd_of > all_of))
    right = dated & ~np.isin(window, wrong)
    if not len(wrong) or not right.any():
        return None
    usual = float(np.quantile(wait[right], SHORTEST_WAITS))
    listed = []
    for code in wrong.tolist():
        here = dated & (window == code)
        # the shortest waits of two windows are alike, as both call at once when nobody waits
        shortest = float(np.quantile(wait[here], SHORTEST_WAITS))
        off = round((shortest - usual) / MINUTE) * MINUTE
        by[here] = -off
        listed.append(f"{rows.names['window'][code]} ({off / MINUTE:+g} min)")
    names = ("called", "started", "ended", "freed")
    return caught_rows(
        dated & (by != 0),
        lambda rows, marked: shift(rows, marked, by, names),
        (("windows", ", ".join(listed)),),
    )


def _hours_only(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    if rows.grain < HOUR:
        return None
    return caught_rows(rows.is_there & (rows.came != NO_INSTANT), _spread)


def _spread(rows: LogRows, marked: Bools) -> None:
    """Tickets of an hour at even steps, in the order of their rows."""
    at = np.flatnonzero(marked)
    hour = rows.came[at] // HOUR
    order = np.lexsort((rows.rows[at], hour))
    at, hour = at[order], hour[order]
    _, first, counts = np.unique(hour, return_index=True, return_counts=True)
    place = np.arange(len(at)) - np.repeat(first, counts)
    within = (2 * place + 1) * HOUR // (2 * np.repeat(counts, counts))
    rows.columns["taken"][at] = hour * HOUR + within // SECOND * SECOND
    rows.grain = SECOND


def _batch(rows: LogRows, hall: LogHall) -> Caught | None:
    """Services that end at one instant, more of them than windows."""
    del hall
    if rows.grain > MINUTE:
        return None
    there = rows.is_there & rows.has("ended")
    ended = rows["ended"]
    instants, place, counts = np.unique(ended[there], return_inverse=True, return_counts=True)
    if not len(instants):
        return None
    n_windows = int(np.count_nonzero(np.unique(rows["window"][there]) >= 0))
    most = BATCH - 1 if rows.grain < MINUTE else max(2 * n_windows, 2 * BATCH)
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[np.flatnonzero(there)[counts[place] > most]] = True
    return caught_rows(marked, lambda rows, marked: rows.blank(marked, "ended", "freed"))


ZONE_TRAPS: Final = (
    LogTrap("wrong_zone", _wrong_zone, ("mended", "kept"), ("taken", "called")),
    LogTrap("week_year", _week_year, ("mended", "left_out", "kept"), ("taken",)),
    LogTrap("far_date", _far_dates, ("left_out", "kept"), ("taken", "called")),
    LogTrap("wrong_clock", _wrong_clock, ("mended", "left_out", "kept")),
    LogTrap("hours_only", _hours_only, ("kept", "mended"), ("taken",)),
)
BATCH_TRAPS: Final = (LogTrap("batch", _batch, ("mended", "left_out", "kept")),)
