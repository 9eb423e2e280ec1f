"""Time by half hour of the day: how long things lasted in each slot, all measured days together."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from sim.clock import DAY, MINUTE
from sim.plan.plan import Plan

Ints = npt.NDArray[np.int64]

SLOT: Final = 30 * MINUTE
SLOTS: Final = DAY // SLOT


def slot_of(instants: Ints) -> Ints:
    """Half hour of the day, 0 to 47, of each instant."""
    return instants % DAY // SLOT


def time_in_bins(starts: Ints, ends: Ints, edges: Ints) -> Ints:
    """Ticks that all intervals together spend in each bin.

    Examples
    --------
    >>> time_in_bins(np.array([5]), np.array([25]), np.array([0, 10, 20, 30]))
    array([ 5, 10,  5])
    """
    return np.diff(_clipped(ends, edges) - _clipped(starts, edges))


def _clipped(instants: Ints, edges: Ints) -> Ints:
    """Sum over instants of min(instant, edge), for each edge."""
    ordered = np.sort(instants)
    before = np.concatenate([[0], np.cumsum(ordered)])
    smaller = np.searchsorted(ordered, edges, side="right")
    return np.asarray(before[smaller] + (len(ordered) - smaller) * edges)


def time_by_slot(plan: Plan, starts: Ints, ends: Ints) -> Ints:
    """int64, shape (48,): ticks in each half hour of the day, summed over measured hall days."""
    edges = np.arange(plan.period.n_days * SLOTS + 1, dtype=np.int64) * SLOT
    by_day = time_in_bins(starts, ends, edges).reshape(-1, SLOTS)
    return np.asarray(by_day[plan.period.hall_days].sum(axis=0))
