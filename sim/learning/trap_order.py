"""Traps in the order of a ticket's instants and in its end: calls before tickets, tickets that were
left open or closed by the system, services that were none, windows that serve two at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import gammainc

from sim.arrays import Bools, Ints
from sim.clock import DAY, HOUR, MINUTE, SECOND
from sim.learning.log_rows import WORKED_ON, LogRows
from sim.learning.ticket_log import UNKNOWN
from sim.learning.trap_cells import SHORTEST_SERVICE
from sim.learning.traps import Caught, LogHall, LogTrap, blanking, caught_rows
from sim.scenario.table_values import NO_INSTANT

LONGEST_SERVICE: Final = 4 * HOUR
LONGEST_WAIT: Final = 8 * HOUR
FEWEST_CLOSED: Final = 5
"""Services that end at one second of the day before a system is taken to have closed them."""
FEWEST_DAYS: Final = 3
TIMES_USUAL: Final = 5
"""So many times as often as around it must services end at one second or minute of the day."""
CHANCE: Final = 1e-9
"""With which a Poisson number of the mean around would be so large; a day has 86,400 seconds."""
LEAST_AROUND: Final = 1e-2
MOST_MOMENTS: Final = 6
"""At which systems close on several days: noon and evening, in summer, in winter, before holidays.
Where there are more, days repeat each other, and each must show by itself who was closed."""
AROUND: Final = HOUR
"""Width of what stands for around, on both sides."""


def _call_before_ticket(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    call = np.where(rows.has("called"), rows["called"], rows["started"])
    both = rows.is_there & (call != NO_INSTANT) & (rows.came != NO_INSTANT)
    marked = both & (call < rows.came)
    return caught_rows(marked, _without_call)


def _without_call(rows: LogRows, marked: Bools) -> None:
    """How long the work took is not in doubt: the window's clock says both its ends."""
    rows.columns["service"] = np.where(marked, rows.service_of, rows["service"])
    rows.blank(marked, "called", "started", "ended", "freed", "wait")


def _long_wait(rows: LogRows, hall: LogHall) -> Caught | None:
    """Tickets that are called on another day, or after more than eight hours."""
    del hall
    call = np.where(rows.has("called"), rows["called"], rows["started"])
    both = (call != NO_INSTANT) & (rows.came != NO_INSTANT)
    other_day = both & (np.where(both, call, 0) // DAY > rows.day)
    marked = rows.is_there & (other_day | (rows.wait_of > LONGEST_WAIT))
    return caught_rows(marked, _without_call)


def _start_before_call(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    both = rows.is_there & rows.has("started") & rows.has("called")
    marked = both & (rows["started"] < rows["called"])
    return caught_rows(marked, blanking("started"))


def _end_before_start(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    both = rows.is_there & (rows.begun != NO_INSTANT) & rows.has("ended")
    return caught_rows(both & (rows["ended"] < rows.begun), blanking("ended", "freed"))


def _closed_by_system(rows: LogRows, hall: LogHall) -> Caught | None:
    """Ends at one second of the day (minute, where instants are minutes), on several days.

    Midnight needs no crowd: no hall serves at it. Days that repeat each other to the second (a log
    made by copying days, or one that knows some ends to the minute alone) bring such moments
    without a system: there it is a moment at which many end on one and the same day.
    """
    del hall
    there = np.flatnonzero(rows.is_there & rows.has("ended"))
    if not len(there):
        return None
    step = max(rows.grain, SECOND)
    if step > MINUTE:
        return None
    ended = rows["ended"][there]
    clock = ended % DAY // step
    per_day = DAY // step
    counts = np.bincount(clock, minlength=per_day)
    around = _around(counts, AROUND // step)
    often = (counts >= FEWEST_CLOSED) & (counts > TIMES_USUAL * around)
    often &= gammainc(np.maximum(counts, 1), np.maximum(around, LEAST_AROUND)) < CHANCE
    many = np.flatnonzero(often)
    days = ended // DAY
    n_days = [len(np.unique(days[clock == moment])) for moment in many.tolist()]
    spikes = many[np.array(n_days, dtype=np.int64) >= FEWEST_DAYS]
    if len(spikes) > MOST_MOMENTS:
        spikes = np.intersect1d(spikes, _crowded_moments(ended // step, per_day))
    at_midnight = clock == 0
    last_moment = clock == per_day - 1
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[np.isin(clock, spikes) | at_midnight | last_moment]] = True
    moments = np.unique(clock[np.isin(clock, spikes) | at_midnight | last_moment])
    listed = ", ".join(_clock(int(moment) * step) for moment in moments)
    return caught_rows(marked, blanking("ended", "freed"), (("clocks", listed),))


def _crowded_moments(ended: Ints, per_day: int) -> Ints:
    """int64: moments of the day at which more end than chance brings on each of several days.

    Parameters
    ----------
    ended
        int64, in steps of which a day has `per_day`.
    """
    instants, counts = np.unique(ended, return_counts=True)
    width = AROUND * per_day // DAY
    until = np.concatenate([[0], np.cumsum(counts)])
    first = np.searchsorted(instants, instants - width)
    last = np.searchsorted(instants, instants + width, side="right")
    around = (until[last] - until[first] - counts) / (2 * width)
    crowded = (counts >= FEWEST_CLOSED) & (counts > TIMES_USUAL * around)
    crowded &= gammainc(counts, np.maximum(around, LEAST_AROUND)) < CHANCE
    moments, n_days = np.unique(instants[crowded] % per_day, return_counts=True)
    return np.asarray(moments[n_days >= FEWEST_DAYS])


def _around(counts: Ints, width: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Mean of the moments around each, itself left out; the day is a ring."""
    ring = np.concatenate([counts[-width:], counts, counts[:width]]).astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(ring)])
    whole = sums[2 * width + 1 :] - sums[: -2 * width - 1]
    means: np.ndarray[tuple[int], np.dtype[np.float64]] = (whole - counts) / (2 * width)
    return means


def _clock(ticks: int) -> str:
    minutes, second = divmod(ticks // SECOND, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def _over_day(rows: LogRows, hall: LogHall) -> Caught | None:
    """Services that end on another day, or take more than four hours."""
    del hall
    service = rows.service_of
    both = rows.has("ended") & (rows.begun != NO_INSTANT)
    other_day = both & (rows["ended"] // DAY != np.where(both, rows.begun, 0) // DAY)
    marked = rows.is_there & (other_day | (service > LONGEST_SERVICE))
    return caught_rows(marked, blanking("ended", "freed", "service"))


def _past(rows: LogRows) -> Bools:
    """bool: rows of days before the last one of the log."""
    there = rows.is_there & (rows.came != NO_INSTANT)
    last = rows.day[there].max() if there.any() else 0
    return np.asarray(there & (rows.day < last))


def _left_open(rows: LogRows, hall: LogHall) -> Caught | None:
    """Called or begun, and without an end, where the log has ends."""
    del hall
    if not (rows.has("ended") | rows.has("service")).any():
        return None
    open_end = (rows.begun != NO_INSTANT) & ~rows.has("ended") & ~rows.has("service")
    for name in {"ended", "service"} & set(rows.unread):
        open_end &= ~rows.unread[name]
    worked_on = np.isin(rows["outcome"], [*WORKED_ON, UNKNOWN])
    return caught_rows(_past(rows) & open_end & worked_on)


def _never_called(rows: LogRows, hall: LogHall) -> Caught | None:
    """Without a call and without a word on how it ended, where the log has calls."""
    del hall
    has_calls = rows.has("called") | rows.has("started")
    if not has_calls.any():
        return None
    silent = ~has_calls & (rows["outcome"] == UNKNOWN) & ~rows.has("ended") & ~rows.has("service")
    return caught_rows(_past(rows) & silent)


def _short_service(rows: LogRows, hall: LogHall) -> Caught | None:
    del hall
    service = rows.service_of
    worked_on = np.isin(rows["outcome"], [*WORKED_ON, UNKNOWN])
    marked = rows.is_there & worked_on & (service >= 0) & (service < SHORTEST_SERVICE)
    return caught_rows(marked, blanking("ended", "freed", "service"))


def _two_at_once(rows: LogRows, hall: LogHall) -> Caught | None:
    """Services that begin at a window before an earlier one has ended there."""
    del hall
    if rows.grain > MINUTE:
        return None
    spanned = (rows.begun != NO_INSTANT) & rows.has("ended") & (rows["window"] >= 0)
    there = np.flatnonzero(rows.is_there & spanned)
    if not len(there):
        return None
    n_places = len(rows.names["place"]) + 1
    owner = rows["window"][there] * n_places + rows["place"][there] + 1
    begun, ended = rows.begun[there], rows["ended"][there]
    order = np.lexsort((ended, begun, owner))
    owner, begun, ended = owner[order], begun[order], ended[order]
    first = int(begun.min())
    beyond = int(ended.max()) - first + 1
    latest = np.maximum.accumulate(owner * beyond + ended - first)
    late = np.concatenate([[False], (owner * beyond + begun - first)[1:] < latest[:-1]])
    if rows.grain == MINUTE:  # one that ends within the minute in which the next begins
        within = (owner * beyond + begun - first)[1:] + MINUTE >= latest[:-1]
        late[1:] &= ~within
    marked = np.zeros(len(rows), dtype=np.bool_)
    marked[there[order[late]]] = True
    windows = np.unique(rows["window"][marked])
    listed = ", ".join(rows.names["window"][code] for code in windows.tolist())
    return caught_rows(marked, None, (("windows", listed),))


ORDER_TRAPS: Final = (
    LogTrap("call_before_ticket", _call_before_ticket, ("mended", "left_out", "kept")),
    LogTrap(
        "long_wait",
        _long_wait,
        ("mended", "left_out", "kept"),
        ("taken", "called", "started", "wait", "window"),
    ),
    LogTrap("start_before_call", _start_before_call, ("mended", "left_out", "kept")),
    LogTrap("end_before_start", _end_before_start, ("mended", "left_out", "kept")),
)
END_TRAPS: Final = (
    LogTrap("closed_by_system", _closed_by_system, ("mended", "left_out", "kept")),
    LogTrap("over_day", _over_day, ("mended", "left_out", "kept")),
)
OPEN_TRAPS: Final = (
    LogTrap("left_open", _left_open, ("kept", "left_out")),
    LogTrap("never_called", _never_called, ("kept", "left_out")),
)
WORK_TRAPS: Final = (
    LogTrap(
        "short_service",
        _short_service,
        ("kept", "mended", "left_out"),
        ("taken", "called", "ended", "service", "window"),
    ),
    LogTrap("two_at_once", _two_at_once, ("kept", "left_out")),
)
