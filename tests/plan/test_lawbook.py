"""Laws: means, scatter, and one uniform for one value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plan.lawbook import (
    CONSTANT,
    EMPIRICAL,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    SEQUENCE,
    TRIANGULAR,
    UNIFORM,
    LawRow,
    lawbook,
    mean,
    sample,
)

N = 40_000
EVEN = (np.arange(N) + 0.5) / N
"""Evenly spread uniforms: sample means are integrals, without chance."""
LAWS = [
    (LawRow(CONSTANT, 7.0), 7.0, 0.0),
    (LawRow(EXPONENTIAL, 600.0), 600.0, 1.0),
    (LawRow(GAMMA, 600.0, 0.5), 600.0, 0.5),
    (LawRow(GAMMA, 600.0, 1.4), 600.0, 1.4),
    (LawRow(LOGNORMAL, 600.0, 0.8), 600.0, 0.8),
    (LawRow(UNIFORM, 2.0, 8.0), 5.0, 6 / 12**0.5 / 5),
    (LawRow(TRIANGULAR, 1.0, 2.0, 6.0), 3.0, (14 / 12) ** 0.5 / 3),
    (LawRow(EMPIRICAL, values=(1.0, 2.0, 6.0)), 3.0, (14 / 3) ** 0.5 / 3),
]


@pytest.mark.parametrize(("row", "expected_mean", "cv"), LAWS)
def test_mean_and_scatter(row: LawRow, expected_mean: float, cv: float) -> None:
    """Mean and coefficient of variation are those of the variable itself."""
    laws = lawbook([row])
    values = sample(laws, 0, EVEN)
    assert values.mean() == pytest.approx(expected_mean, rel=2e-3)
    assert values.std() / values.mean() == pytest.approx(cv, rel=2e-2, abs=1e-12)
    assert mean(laws, 0) == pytest.approx(expected_mean)


@pytest.mark.parametrize("row", [law[0] for law in LAWS])
@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_more_luck_more_value(row: LawRow, first: float, second: float) -> None:
    """A larger uniform never gives a smaller value, and every value is finite and positive."""
    low, high = sample(lawbook([row]), 0, np.array(sorted((first, second))))
    assert 0 <= low <= high < np.inf


def test_sequence() -> None:
    """Given values come in order and begin anew; a person's row says which."""
    laws = lawbook([LawRow(CONSTANT, 1.0), LawRow(SEQUENCE, values=(3.0, 1.0, 2.0))])
    assert sample(laws, 1, np.zeros(5)).tolist() == [3.0, 1.0, 2.0, 3.0, 1.0]
    assert sample(laws, 1, np.zeros(2), np.array([4, 2])).tolist() == [1.0, 2.0]
    assert mean(laws, 1) == 2.0


def test_flat_triangle() -> None:
    """A triangle without width is a constant."""
    assert sample(lawbook([LawRow(TRIANGULAR, 4.0, 4.0, 4.0)]), 0, EVEN[:3]).tolist() == [4.0] * 3
