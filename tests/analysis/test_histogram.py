"""Waits of any length are counted with a known error."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.histogram import (
    BIN,
    BINS,
    EDGES,
    RELATIVE_ERROR,
    at_most,
    bin_of,
    counted,
    quantile,
)
from sim.clock import DAY, MINUTE

YEARS = 12 * 365 * DAY
waits = st.lists(st.integers(0, YEARS), min_size=1, max_size=60)


def test_bins_cover_every_wait_without_a_gap() -> None:
    assert len(EDGES) == BINS + 1
    assert (np.diff(EDGES) > 0).all()
    assert EDGES[0] == 0
    assert EDGES[-1] * MINUTE > YEARS
    widths = np.diff(EDGES)
    assert np.isclose(widths.min() * MINUTE, BIN)
    assert (widths[1:] <= np.maximum(EDGES[1:-1] * RELATIVE_ERROR, BIN / MINUTE) * (1 + 1e-9)).all()


@given(waits)
def test_a_wait_lies_in_its_bin(ticks: list[int]) -> None:
    rows = bin_of(np.array(ticks))
    for wait, row in zip(ticks, rows, strict=True):
        assert EDGES[row] * MINUTE <= wait + 1e-6 * wait + 1e-6
        assert wait < EDGES[row + 1] * MINUTE


@given(waits, st.floats(0.01, 0.99))
def test_quantiles_are_off_by_less_than_a_bin(ticks: list[int], p: float) -> None:
    """Of the waits in order, the quantile lies within the bin of the one at rank p."""
    rank = int(np.ceil(p * len(ticks) - 1e-9)) - 1
    true = sorted(ticks)[max(rank, 0)] / MINUTE
    estimate = quantile(counted(np.array(ticks)), p)
    assert abs(estimate - true) <= max(BIN / MINUTE, RELATIVE_ERROR * true) * (1 + 1e-9)


@given(waits, st.floats(0, 1e6))
def test_shares_at_most_are_off_by_less_than_a_bin(ticks: list[int], minutes: float) -> None:
    array = np.array(ticks) / MINUTE
    slack = max(BIN / MINUTE, RELATIVE_ERROR * minutes) * (1 + 1e-9)
    [within] = at_most(counted(np.array(ticks)), np.array([minutes]))
    assert (array <= minutes - slack).sum() - 1e-9 <= within
    assert within <= (array <= minutes + slack).sum() + 1e-9


def test_a_share_below_none_and_above_all() -> None:
    """Bounds of a share may lie outside of what shares can be."""
    histogram = counted(np.array([10, 20, 30]) * MINUTE)
    assert 9.9 < quantile(histogram, -0.5) == quantile(histogram, 0.0) < 10.1
    assert 29.9 < quantile(histogram, 1.5) == quantile(histogram, 1.0) < 30.2
    assert at_most(histogram, np.array([-5.0, 0.0, 1e9])).tolist() == [0, 0, 3]
    ends = counted(np.array([0, 100 * YEARS]))
    assert at_most(ends, np.array([-1.0, 0.0, EDGES[-1], 2 * EDGES[-1]])).tolist() == [0, 0, 2, 2]


def test_no_bin_is_wider_than_is_said_and_some_are_as_wide() -> None:
    widths, begins = np.diff(EDGES), EDGES[:-1]
    wide = widths[1024:] / begins[1024:]
    assert np.isclose(wide.max(), RELATIVE_ERROR)
    assert np.isclose(widths[:1024] * MINUTE, BIN).all()


def test_a_wait_beyond_all_bins_is_in_the_last() -> None:
    assert bin_of(np.array([100 * YEARS])).tolist() == [BINS - 1]
    assert len(counted(np.array([100 * YEARS]))) == BINS
