"""Work that several may do: the least loads against all sets, and by hand."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import shared_loads

Floats = npt.NDArray[np.float64]
NEVER = np.inf


@st.composite
def offers(draw: st.DrawFn) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Work of up to five kinds, capacity of up to four groups, and who may do what."""
    kinds, groups = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    work = draw(st.lists(st.integers(0, 20), min_size=kinds, max_size=kinds))
    capacity = draw(st.lists(st.integers(1, 9), min_size=groups, max_size=groups))
    row = st.lists(st.booleans(), min_size=kinds, max_size=kinds)
    may = np.array(draw(st.lists(row, min_size=groups, max_size=groups)))
    may[0] |= ~may.any(axis=0)
    return np.array(work, float), np.array(capacity, float), may


def bottleneck(work: Floats, capacity: Floats, may: npt.NDArray[np.bool_]) -> float:
    """The largest ratio over all sets of kinds."""
    kinds = range(len(work))
    sets = chain.from_iterable(combinations(kinds, n) for n in range(1, len(work) + 1))
    ratios = [
        work[[*subset]].sum() / capacity[may[:, [*subset]].any(axis=1)].sum()
        for subset in map(list, sets)
    ]
    return float(max(ratios))


@given(offers())
def test_the_largest_load_is_the_bottleneck(
    drawn: tuple[Floats, Floats, npt.NDArray[np.bool_]],
) -> None:
    """Max flow is min cut: with equally fast groups no set of work has more than its groups."""
    work, capacity, may = drawn
    shared = shared_loads(np.where(may, work, NEVER), capacity)
    assert shared.loads.max() == pytest.approx(bottleneck(work, capacity, may), abs=1e-6)
    assert shared.loads @ capacity == pytest.approx(work.sum(), abs=1e-5)


@given(offers())
def test_nobody_can_be_relieved(drawn: tuple[Floats, Floats, npt.NDArray[np.bool_]]) -> None:
    """Who is busier than another does nothing that the other may do."""
    work, capacity, may = drawn
    shared = shared_loads(np.where(may, work, NEVER), capacity)
    for level in set(shared.loads.round(5).tolist()):
        # the work of the busiest sets is what only they may do
        busy = shared.loads >= level - 1e-5
        only = work[~may[~busy].any(axis=0)].sum() if not busy.all() else work.sum()
        assert shared.loads[busy] @ capacity[busy] == pytest.approx(only, abs=1e-4)


def test_sets_are_bound_each_for_itself() -> None:
    work = np.array([[3.0, NEVER, NEVER], [3.0, NEVER, NEVER], [NEVER, 1.5, 0.0]])
    shared = shared_loads(work, np.array([1.0, 1.0, 1.0]))
    assert shared.loads == pytest.approx([1.5, 1.5, 1.5])
    assert shared.sets[0] == shared.sets[1] != shared.sets[2]


def test_the_faster_takes_more() -> None:
    """One needs twice as long: two thirds go to the other, and both are busy alike."""
    shared = shared_loads(np.array([[1.0], [2.0]]), np.array([1.0, 1.0]))
    assert shared.loads == pytest.approx([2 / 3, 2 / 3])


def test_nobody_there() -> None:
    """Work that only the absent may do is infinitely much for them; others go on."""
    work = np.array([[1.0, NEVER], [NEVER, 1.0], [NEVER, 1.0]])
    shared = shared_loads(work, np.array([0.0, 0.0, 2.0]))
    assert shared.loads.tolist() == [np.inf, 0.0, 0.5]
    assert shared_loads(np.zeros((1, 1)), np.zeros(1)).loads.tolist() == [0.0]


def test_borrowed_time_is_bounded_twice() -> None:
    """A reserve window takes the pool's time, and no more than a window's hours."""
    work = np.array([[3.0, NEVER], [NEVER, 1.0], [3.0, NEVER]])  # ordinary, pool, reserve
    uses = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 1]], dtype=np.bool_)
    few, many = (shared_loads(work, np.array([1.0, 5.0, cap]), uses).loads for cap in (0.5, 9.0))
    assert few == pytest.approx([2.0, 0.4, 2.0])  # 3 = 1 x 2 + 0.5 x 2, whatever the pool has
    assert many[:2] == pytest.approx([4 / 6, 4 / 6])
