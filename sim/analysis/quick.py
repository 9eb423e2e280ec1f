"""A few measures straight from a journal, for questions about thousands of halls."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.analysis.catalogue import MEASURES, Measure
from sim.arrays import Ints
from sim.clock import DAY
from sim.plan.journal import AT_BREAK, GAVE_UP, HELD_OVER, PENDING, Journal
from sim.plan.plan import Plan

QUICK: Final = ("wait", "called_within", "give_up_share")
"""Keys of the measures that need tickets alone."""
KNOWN: Final[dict[str, Measure]] = {
    measure.key: measure for measure in MEASURES if measure.key in QUICK
}


def quick_sums(plan: Plan, journal: Journal, called_within: int) -> Ints:
    """Numerators and denominators of the quick measures over all measured days together.

    The same sums as `measure` gives, without tables and without days.

    Parameters
    ----------
    called_within : int
        Ticks within which a ticket should be called.

    Returns
    -------
    ndarray(int64), shape (measures, 2)
        In the order of `QUICK`.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> journal = run(plan, draw_tape(plan.demand, seed=1, replication=0))
    >>> int(quick_sums(plan, journal, 900_000)[0, 1])
    591
    """
    days = np.zeros(plan.period.n_days + 1, dtype=np.bool_)
    days[plan.period.hall_days] = True
    counted = (journal.trip > 0) & (journal.taken_at >= 0)
    counted &= days[journal.arrived_at // DAY]
    taken_at, called_at = journal.taken_at[counted], journal.called_at[counted]
    fate = journal.fate[counted]
    called = called_at >= 0
    is_over = ~np.isin(fate, (PENDING, AT_BREAK, HELD_OVER))
    decided = called | is_over
    wait = (called_at - taken_at)[called]
    n_decided = np.count_nonzero(decided)
    return np.array(
        [
            [wait.sum(), len(wait)],
            [np.count_nonzero(wait <= called_within), n_decided],
            [np.count_nonzero(fate == GAVE_UP), np.count_nonzero(is_over)],
        ],
        dtype=np.int64,
    )
