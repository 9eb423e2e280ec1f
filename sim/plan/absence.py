"""Clerks who do not come: whose duties of a day fall away, in one replication."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY
from sim.plan.columns import offsets_of
from sim.plan.duties import line_duty_until
from sim.plan.opening import FromTo
from sim.plan.plan import HallPlan
from sim.plan.streams import Uint64s, address, keys, later, uniforms, word

DESK: Final = np.uint64(word("clerks", "reception"))
"""What the people of the reception desk key absence with, where window groups have their ids."""


def are_absent(
    key: Uint64s, group_word: np.uint64, share: float, numbers: Ints, n_days: int
) -> Bools:
    """bool, shape (clerks, n_days): who of a group does not come on which day of the run.

    A clerk is a number of the group's roster, and the draw has the address (day, number): so a
    clerk is absent on the same days whatever the roster, the layout or anybody else's share, and a
    larger share adds days and takes none away.

    Parameters
    ----------
    key : ndarray(uint64), shape (1,)
        Of the replication.
    numbers : ndarray(int64), shape (clerks,)
        From 0.

    Examples
    --------
    >>> key = np.array([1], dtype=np.uint64)
    >>> few = are_absent(key, DESK, 0.1, np.arange(50), 200)
    >>> many = are_absent(key, DESK, 0.2, np.arange(50), 200)
    >>> bool((few <= many).all()), bool(abs(few.mean() - 0.1) < 0.01)
    (True, True)
    """
    days = address(np.arange(n_days))
    where = days[None, :] + later(np.asarray(numbers, dtype=np.int64))[:, None]
    stream = keys(key, group_word)
    return np.asarray(uniforms(np.broadcast_to(stream, where.shape), where) < share)


def without_absent(hall: HallPlan, key: Uint64s) -> HallPlan:
    """The hall's rosters without who is absent; the plan itself where nobody ever is."""
    n_days = hall.day_closes.shape[1]
    if hall.desk_absence > 0 and len(hall.reception_times):
        hall = hall._replace(reception_clerks=_at_desk(hall, key, n_days))
    may_be = np.flatnonzero(hall.absence > 0)
    if not len(may_be):
        return hall
    absent = np.zeros((len(hall.absence), n_days), dtype=np.bool_)
    number = np.arange(len(hall.absence)) - np.searchsorted(
        hall.group_of_window, hall.group_of_window
    )
    for group in np.unique(hall.group_of_window[may_be]).tolist():
        windows = np.flatnonzero(hall.group_of_window == group)
        share, group_word = float(hall.absence[windows[0]]), hall.clerk_words[windows[0]]
        absent[windows] = are_absent(key, group_word, share, number[windows], n_days)
    starts, ends, drains, counts = list[Ints](), list[Ints](), list[Bools](), list[int]()
    for window in range(len(hall.absence)):
        own = slice(hall.duty_offsets[window], hall.duty_offsets[window + 1])
        duties = (hall.duty_starts[own], hall.duty_ends[own], hall.duty_drains[own])
        if absent[window].any():
            duties = _who_come(*duties, absent[window])
        starts.append(duties[0])
        ends.append(duties[1])
        drains.append(duties[2])
        counts.append(len(duties[0]))
    hall = hall._replace(
        duty_offsets=offsets_of(counts),
        duty_starts=np.concatenate(starts),
        duty_ends=np.concatenate(ends),
        duty_drains=np.concatenate(drains),
    )
    return hall._replace(line_duty_until=_until(hall, may_be))


def _who_come(starts: Ints, ends: Ints, drains: Bools, absent: Bools) -> tuple[Ints, Ints, Bools]:
    """The duties of one window on the days on which its clerk comes; what goes on is one duty."""
    duties: list[tuple[int, int, bool]] = []
    for start, end, drain in zip(starts.tolist(), ends.tolist(), drains.tolist(), strict=True):
        for day in range(start // DAY, (end - 1) // DAY + 1):
            if absent[day]:
                continue
            begins, stops = max(start, day * DAY), min(end, (day + 1) * DAY)
            goes_on = bool(duties) and duties[-1][1] == begins and not duties[-1][2]
            if goes_on:
                begins = duties.pop()[0]
            duties.append((begins, stops, drain and stops == end))
    columns = np.array([duty[:2] for duty in duties], dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1], np.array([duty[2] for duty in duties], dtype=np.bool_)


def _at_desk(hall: HallPlan, key: Uint64s, n_days: int) -> Ints:
    """People at the desk from each instant on, of the numbers on its roster those who come."""
    most = int(hall.reception_clerks.max())
    comes = ~are_absent(key, DESK, hall.desk_absence, np.arange(most), n_days)
    by_number = np.concatenate([np.zeros((1, n_days), np.int64), np.cumsum(comes, axis=0)])
    return np.asarray(by_number[hall.reception_clerks, hall.reception_times // DAY])


def _until(hall: HallPlan, may_be: Ints) -> Ints:
    """`HallPlan.line_duty_until`, where somebody who may be absent calls a line."""
    until, n_days = hall.line_duty_until.copy(), hall.line_duty_until.shape[1]
    lines = np.flatnonzero((hall.calls[may_be] > 0).any(axis=0))
    windows = np.flatnonzero((hall.calls[:, lines] > 0).any(axis=1))
    tidal = frozenset(hall.tidal_group.tolist())
    duties: list[list[FromTo]] = []
    for window in windows.tolist():
        own = slice(hall.duty_offsets[window], hall.duty_offsets[window + 1])
        spans = zip(hall.duty_starts[own].tolist(), hall.duty_ends[own].tolist(), strict=True)
        duties.append([] if hall.group_of_window[window] in tidal else list(spans))
    until[lines] = line_duty_until(duties, hall.calls[np.ix_(windows, lines)], n_days)
    return until
