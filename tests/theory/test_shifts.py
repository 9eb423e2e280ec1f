"""Shifts of textbooks, and what any cheapest cover must be."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import cheapest_shifts

SHIFTS = ([0, 1], [1, 2], [2, 3], [0, 3], [1])


def test_union_airways() -> None:
    """Hillier & Lieberman, Union Airways; case shift-union-a: 30,610 a day."""
    needed = [48, 79, 65, 87, 64, 73, 82, 43, 52, 15]  # from 6 by 2 h, then the night
    shifts = [[0, 1, 2, 3], [1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, 8], [8, 9]]
    cover = cheapest_shifts(needed, shifts, [170, 160, 175, 180, 195])
    assert cover.cost == 30610
    assert cover.servers == (48, 31, 39, 43, 15)


def test_post_office() -> None:
    """Winston, post office; case shift-postoffice-a: 23 people, 5 days on and 2 off."""
    needed = [17, 13, 15, 19, 14, 16, 11]
    shifts = [[(first + day) % 7 for day in range(5)] for first in range(7)]
    cover = cheapest_shifts(needed, shifts, [1] * 7)
    assert sum(cover.servers) == cover.cost == 23
    assert cover.bound == pytest.approx(22.3333, abs=1e-4)


@given(
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0]), min_size=5, max_size=5),
)
def test_no_other_cover_is_cheaper(needed: list[int], prices: list[float]) -> None:
    cover = cheapest_shifts(needed, SHIFTS, prices)
    best = math.inf
    for servers in product(range(4), repeat=len(SHIFTS)):
        duty = [sum(n for n, s in zip(servers, SHIFTS, strict=True) if p in s) for p in range(4)]
        if all(on >= need for on, need in zip(duty, needed, strict=True)):
            cost = sum(n * price for n, price in zip(servers, prices, strict=True))
            best = min(best, cost)
    assert cover.cost == best
    assert cover.bound <= best + 1e-9


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="none that works period 2, which needs 4"):
        cheapest_shifts([1, 0, 4], [[0, 1]], [1])
    with pytest.raises(ValueError, match="prices: found 2; allowed is one for each of 1 shifts"):
        cheapest_shifts([1], [[0]], [1, 2])
    with pytest.raises(ValueError, match="needed: found -1"):
        cheapest_shifts([-1], [[0]], [1])
