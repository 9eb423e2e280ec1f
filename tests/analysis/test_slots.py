"""Time by half hour of the day."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.slots import SLOT, SLOTS, slot_of, time_by_slot, time_in_bins
from sim.clock import DAY, HOUR, MINUTE
from tests.laws.halls import told_tables
from tests.strategies import small

SOMEBODY = "[{id: people, matter: errand, rate: 1 per h}]"
spans = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 60)), max_size=20)


@given(st.lists(spans, min_size=1, max_size=3))
def test_time_in_bins_is_what_counting_tick_by_tick_gives(
    owners: list[list[tuple[int, int]]],
) -> None:
    rows = [(n, start, start + long) for n, own in enumerate(owners) for start, long in own]
    owner, starts, ends = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    ticks_in = time_in_bins(starts, ends, owner, 40, (len(owners), 5))
    for n, row in enumerate(ticks_in):
        ticks = [t for owner_, start, end in rows if owner_ == n for t in range(start, end)]
        counted, _ = np.histogram(ticks, bins=np.arange(6) * 40)
        np.testing.assert_array_equal(row, counted)


def test_slot_of() -> None:
    instants = np.array([0, SLOT - 1, SLOT, DAY - 1, DAY, 3 * DAY + 9 * HOUR])
    assert slot_of(instants).tolist() == [0, 0, 1, 47, 0, 18]
    assert SLOTS == 48


def test_only_measured_hall_days_count() -> None:
    """Friday and Monday are hall days; a span over the week-end counts on those two only."""
    text = small(run="{start: 2025-01-10, measured_days: 2}", demand=SOMEBODY)
    plan = told_tables(text).plan
    assert plan.period.hall_days.tolist() == [0, 3]
    start, end = np.array([23 * HOUR + 45 * MINUTE]), np.array([3 * DAY + 40 * MINUTE])
    [days] = time_by_slot(plan, start, end, np.array([0]), 1)
    assert days.shape == (2, SLOTS)
    ticks_in = days.sum(axis=0)
    assert ticks_in[47] == 15 * MINUTE
    assert ticks_in[:2].tolist() == [30 * MINUTE, 10 * MINUTE]
    assert ticks_in.sum() == 55 * MINUTE


def test_nothing_at_all() -> None:
    plan = told_tables(small()).plan
    none = np.zeros(0, dtype=np.int64)
    assert time_by_slot(plan, none, none, none, 2).tolist() == 2 * [[[0] * SLOTS]]
