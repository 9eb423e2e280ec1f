"""Hand values of unevenness, and what no measure of it may do."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.theory import gini, share_within, worst_mean

Floats = npt.NDArray[np.float64]
burdens = arrays(np.float64, st.integers(1, 8), elements=st.integers(0, 100).map(float))


def differences(values: Floats, weights: Floats) -> float:
    """Mean absolute difference of two people over twice the mean, pair by pair."""
    gap = np.abs(np.subtract.outer(values, values))
    people, mean = weights.sum(), weights @ values / weights.sum()
    return float(weights @ gap @ weights / people**2 / (2 * mean))


def test_five_burdens() -> None:
    """Case gini-a: 368 ÷ (2 × 25 × 18)."""
    assert gini(np.array([5.0, 8, 12, 20, 45])) == pytest.approx(0.408889, rel=1e-6)


def test_hand_values() -> None:
    assert gini(np.array([7.0, 7, 7])) == 0
    assert gini(np.zeros(3)) == 0
    assert gini(np.array([0.0, 0, 0, 12])) == pytest.approx(3 / 4)
    assert gini(np.array([0.0, 12]), np.array([3.0, 1])) == pytest.approx(3 / 4)
    assert share_within(np.array([5.0, 15, 16]), 15) == pytest.approx(2 / 3)
    assert share_within(np.array([5.0, np.inf]), 60) == 0.5
    assert worst_mean(np.arange(1.0, 21.0)) == pytest.approx(19.5)


@given(burdens, st.data())
def test_weighted_gini_is_that_of_the_pairs(values: Floats, data: st.DataObject) -> None:
    weights = data.draw(arrays(np.float64, len(values), elements=st.integers(0, 9).map(float)))
    assume(weights @ values > 0)
    assert gini(values, weights) == pytest.approx(differences(values, weights), abs=1e-9)


@given(burdens, st.floats(0.01, 100))
def test_units_do_not_matter(values: Floats, scale: float) -> None:
    assert gini(values * scale) == pytest.approx(gini(values), abs=1e-9)
    assert worst_mean(values * scale) == pytest.approx(worst_mean(values) * scale)


@given(burdens)
def test_a_twin_of_everybody_changes_nothing(values: Floats) -> None:
    twins, twice = np.concatenate([values, values]), np.full(len(values), 2.0)
    assert gini(twins) == pytest.approx(gini(values), abs=1e-9)
    assert gini(values, twice) == pytest.approx(gini(values), abs=1e-9)
    assert worst_mean(twins, 0.3) == pytest.approx(worst_mean(values, 0.3))
    assert share_within(twins, 50) == pytest.approx(share_within(values, 50))


@given(burdens, st.integers(1, 50))
def test_the_same_load_on_all_makes_it_more_even(values: Floats, more: int) -> None:
    """Which is why the coefficient never stands without the mean."""
    assert gini(values + more) <= gini(values) + 1e-9


@given(burdens, st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_the_worst_off_bear_more_than_the_mean(values: Floats, few: float, many: float) -> None:
    few, many = sorted((few, many))
    assert values.mean() - 1e-9 <= worst_mean(values, many) <= worst_mean(values, few) + 1e-9
    assert worst_mean(values, few) <= values.max() + 1e-9


@given(burdens, st.floats(0, 100), st.floats(0, 100))
def test_a_wider_reach_holds_more(values: Floats, near: float, far: float) -> None:
    near, far = sorted((near, far))
    assert 0 <= share_within(values, near) <= share_within(values, far) <= 1


@pytest.mark.parametrize(
    ("values", "weights"), [([-1.0], [1.0]), ([1.0], [-1.0]), ([1.0], [0.0]), ([1.0], [1.0, 1.0])]
)
def test_impossible_is_refused(values: list[float], weights: list[float]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        gini(np.array(values), np.array(weights))
