"""Clerks are shared out in whole numbers, near the shares of now, and each group keeps one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.questions.staffing import shared_out
from tests.strategies import FEW


@pytest.mark.parametrize(
    ("weights", "total", "shares"),
    [
        ([5, 3], 8, [5, 3]),
        ([1, 1, 1], 5, [2, 2, 1]),  # the first of equals
        ([3, 3, 2], 4, [2, 1, 1]),
        ([1, 1, 3], 8, [2, 1, 5]),  # 1.6, 1.6 and 4.8: the largest part that was cut off
        ([100, 1, 1, 1], 5, [2, 1, 1, 1]),  # only who has more than one gives one away
        ([100, 50, 1, 1], 6, [3, 1, 1, 1]),  # 3.9 and 2.0: who has least to lose
        ([4, 4, 1], 3, [1, 1, 1]),
    ],
)
def test_whole_shares(weights: list[int], total: int, shares: list[int]) -> None:
    assert shared_out(weights, total) == shares


@FEW
@given(st.lists(st.integers(1, 99), min_size=1, max_size=8), st.integers(0, 60))
def test_all_clerks_sit_somewhere_and_nobody_is_left_without(weights: list[int], more: int) -> None:
    total = len(weights) + more
    shares = shared_out(weights, total)
    assert sum(shares) == total
    assert min(shares) >= 1
    by_weight = sorted(zip(weights, shares, strict=True))
    for (small, few), (large, many) in pairwise(by_weight):
        assert few <= many + (small == large)
    if total % sum(weights) == 0:
        assert shares == [weight * total // sum(weights) for weight in weights]


def test_fewer_clerks_than_groups_are_refused() -> None:
    assert shared_out([2, 2], 2) == [1, 1]
    with pytest.raises(ValueError, match="1 clerks cannot staff 2 groups"):
        shared_out([2, 2], 1)
