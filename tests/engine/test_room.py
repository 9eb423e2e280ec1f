"""Room: memory used again from run to run holds nothing of the run before."""

import threading

import numpy as np

from sim import compile_plan, draw_tape
from sim.engine.fast import run_fast
from sim.engine.room import LARGEST, Room
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import small


def test_runs_do_not_hear_of_each_other() -> None:
    """A run between two equal ones, of another size and hall, changes nothing."""
    texts = [small(run=f"{{start: 2025-01-06, measured_days: {days}}}") for days in (2, 5)]
    plans = [compile_plan(scenario_from_text(text), "hall") for text in texts]
    tapes = [draw_tape(plan.demand, 1, 0) for plan in plans]
    before = run_fast(plans[0], tapes[0])
    run_fast(plans[1], tapes[1])
    assert_same_journal(before, run_fast(plans[0], tapes[0]))


def test_a_journal_keeps_what_it_says() -> None:
    """The next run does not write into the journal of the one before."""
    plan = compile_plan(scenario_from_text(small()), "hall")
    first = run_fast(plan, draw_tape(plan.demand, 1, 0))
    copies = [column.copy() for column in first]
    run_fast(plan, draw_tape(plan.demand, 2, 0))
    for column, copy in zip(first, copies, strict=True):
        np.testing.assert_array_equal(column, copy)


def test_each_thread_has_its_own() -> None:
    """What one thread takes, another never gets."""
    room, arrays = Room(), []
    array = room.full(4, 1, np.int64)
    thread = threading.Thread(target=lambda: arrays.append(room.full(4, 2, np.int64)))
    thread.start()
    thread.join()
    assert array.tolist() == [1] * 4
    assert not np.shares_memory(array, arrays[0])


def test_what_is_too_large_is_not_kept() -> None:
    """An array beyond the limit is made anew each time."""
    room, n = Room(), LARGEST // 8 + 1
    array = room.empty(n, np.int64)
    room.clear()
    assert not np.shares_memory(array, room.empty(n, np.int64))
