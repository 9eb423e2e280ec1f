"""Time by half hour of the day: how long things lasted in each slot, all measured days together."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY, MINUTE
from sim.plan.plan import Plan

SLOT: Final = 30 * MINUTE
SLOTS: Final = DAY // SLOT


def slot_of(instants: Ints) -> Ints:
    """Half hour of the day, 0 to 47, of each instant."""
    half_hour = instants // SLOT
    return half_hour - half_hour // SLOTS * SLOTS  # numpy's % is three times slower


def time_in_bins(starts: Ints, ends: Ints, owner: Ints, width: int, shape: tuple[int, int]) -> Ints:
    """Ticks that the intervals of each owner together spend in each bin.

    Who is there at the end of a bin counts its whole width, less what they were late; who has
    left in it counts what they stayed.

    Parameters
    ----------
    starts, ends, owner : ndarray(int64), shape (intervals,)
        From 0 to the end of the last bin; the owner from 0.
    width : int
        Ticks of a bin.
    shape : tuple
        Owners and bins.

    Examples
    --------
    >>> time_in_bins(np.array([5]), np.array([25]), np.array([0]), 10, (1, 3))
    array([[ 5, 10,  5]])
    """
    n_owners, n_bins = shape
    columns = n_bins + 1  # the last one for the instant at which the last bin ends
    entered = np.zeros(n_owners * columns, dtype=np.int64)
    ticks = np.zeros(n_owners * columns, dtype=np.int64)
    for instants, sign in ((starts, 1), (ends, -1)):
        bin_ = instants // width
        place = owner * columns + bin_
        entered += sign * np.bincount(place, minlength=len(entered))
        np.add.at(ticks, place, sign * (bin_ * width - instants))
    ticks += np.cumsum(entered) * width  # all intervals end, so an owner leaves nothing to the next
    return ticks.reshape(n_owners, columns)[:, :-1]


def time_in_slots(plan: Plan, starts: Ints, ends: Ints, owner: Ints, n: int) -> Ints:
    """int64, shape (n, days, 48): ticks of each owner in each half hour of all days of the run."""
    ticks = time_in_bins(starts, ends, owner, SLOT, (n, plan.period.n_days * SLOTS))
    return ticks.reshape(n, -1, SLOTS)


def time_by_slot(plan: Plan, starts: Ints, ends: Ints, owner: Ints, n: int) -> Ints:
    """int64, shape (n, measured hall days, 48): ticks of each owner in each half hour of a day."""
    return time_in_slots(plan, starts, ends, owner, n)[:, plan.period.hall_days]
