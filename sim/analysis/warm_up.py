"""Is the back office in its usual state when measuring begins, or still filling up?

A hall's day begins and ends empty; the back office never is. A run starts without open cases, so
the first days measure an office that has less to do than usual: the warm-up is what is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.replications import mser
from sim.arrays import Floats, Ints
from sim.clock import DAY
from sim.results.tables import Tables

WEEK: Final = 7
"""Days of a batch: Monday and Friday differ, so weeks stay whole."""
LEAST_DAYS: Final = 4 * WEEK
"""Days of the shortest run of which a warm-up can be told."""


class WarmUpFound(NamedTuple):
    """From when on a series is in its usual state.

    Attributes
    ----------
    days : int or None
        Calendar days to leave out at the start, in whole weeks; None where the run is too short to
        tell: under four weeks, or still rising or falling at its middle.
    usual : float
        Mean of what is left; of the last half where `days` is None; nan without a day.
    """

    days: int | None
    usual: float


def open_at_day_ends(tables: Tables) -> Ints:
    """Count accepted cases that are not closed yet, at the end of each day.

    Cases that are never closed stay open: those of an office that cannot keep up pile up.

    Returns
    -------
    ndarray of int64, shape (days,)
        From the first day of the run to the last that is measured.

    Examples
    --------
    >>> from sim import Tables, compile_plan, draw_tape, example_path, load_scenario, run
    >>> days = ["run.warmup_days=1", "run.measured_days=3"]
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml"), days), "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> open_at_day_ends(Tables(plan, tape, run(plan, tape))).tolist()
    [0, 0, 0, 0]
    """
    n_days = tables.plan.period.measured_until
    cases = tables.cases
    accepted, closed = (
        np.bincount(instants[instants >= 0] // DAY, minlength=n_days)[:n_days]
        for instants in (cases.accepted_at, cases.closed_at[cases.accepted_at >= 0])
    )
    return np.cumsum(accepted - closed).astype(np.int64)


def find_warm_up(series: Sequence[float] | Floats) -> WarmUpFound:
    """Find how many days to leave out at the start of a run, by MSER in batches of a week.

    Parameters
    ----------
    series : array_like(float), shape (days,)
        Open cases at the end of each calendar day, averaged over replications.

    References
    ----------
    White (1997), see `sim.analysis.replications.mser`; weeks in place of five values, as the days
    of a week differ.

    Examples
    --------
    Three weeks of filling up, then sixteen as usual:

    >>> filling = [n / 21 for n in range(21)]
    >>> find_warm_up(filling + [1.0, 1.1, 1.0, 1.0, 0.9, 1.0, 1.0] * 16).days
    21
    >>> find_warm_up(range(140)).days is None
    True
    """
    days = np.asarray(series, dtype=np.float64)
    last_half = days[days.size // 2 :]
    usual = float(last_half.mean()) if last_half.size else float("nan")
    if days.size < LEAST_DAYS:
        return WarmUpFound(None, usual)
    warm_up = mser(days, batch=WEEK)
    return (
        WarmUpFound(None, usual)
        if warm_up.too_short
        else WarmUpFound(warm_up.n_dropped, warm_up.mean)
    )
