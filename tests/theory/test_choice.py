"""Choice of a place: published shares, and the one settled state that waits and choices share."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.theory import choice_equilibrium, halls_equilibrium, huff_shares, logit_shares, mmc

Floats = npt.NDArray[np.float64]
costs = arrays(np.float64, (3, 4), elements=st.floats(0, 200))


def test_two_towns_share_two_halls() -> None:
    """Case sites-a: Huff shares, then Erlang C at each hall."""
    demand, travel = np.array([0.2, 0.15]), np.array([[10.0, 30.0], [25.0, 12.0]])
    shares = huff_shares(np.array([3.0, 2.0]), travel, 2)
    loads = demand @ shares
    waits = [mmc(load, 9.0, c).mean_wait for load, c in zip(loads, (3, 2), strict=True)]
    total = demand @ (shares * (travel + np.array(waits) + 9.0)).sum(axis=1) / demand.sum()
    assert shares[0] == pytest.approx([0.931034, 0.0689655], rel=1e-6)
    assert loads == pytest.approx([0.224732, 0.125268], rel=1e-5)
    assert waits == pytest.approx([4.19052, 4.19188], rel=1e-5)
    assert total == pytest.approx(26.2673, rel=1e-5)


@given(costs, st.floats(0, 4), st.floats(0.01, 100))
def test_shares_add_up_and_units_do_not_matter(cost: Floats, power: float, scale: float) -> None:
    pull = np.array([1.0, 2.0, 0.0, 4.0])
    huff, logit = huff_shares(pull, cost, power), logit_shares(cost, scale)
    assert huff.sum(axis=1) == pytest.approx(1)
    assert logit.sum(axis=1) == pytest.approx(1)
    assert (huff[:, 2] == 0).all()
    assert huff_shares(pull * 7, cost * 3, power) == pytest.approx(huff, abs=1e-9)
    assert logit_shares(cost * 3 + 5, scale * 3) == pytest.approx(logit, abs=1e-6)


def test_ends_of_taste() -> None:
    cost = np.array([[10.0, 12.0, np.inf], [5.0, 5.0, 5.0]])
    assert logit_shares(cost, 0).tolist() == [[1, 0, 0], pytest.approx([1 / 3] * 3)]
    assert logit_shares(cost, 1e9)[0] == pytest.approx([0.5, 0.5, 0], abs=1e-6)
    assert huff_shares(np.ones(3), cost, 0)[0].tolist() == [0.5, 0.5, 0]
    assert huff_shares(np.ones(2), np.array([[0.0, 1e-9]]), 0.5).tolist() == [[1, 0]]
    assert huff_shares(np.ones(2), np.array([[1.0, 1e-300]]), 9.0).tolist() == [[0, 1]]


towns = arrays(np.float64, (3, 2), elements=st.integers(0, 60).map(float))
rates = arrays(np.float64, 3, elements=st.sampled_from([0.02, 0.05, 0.1]))


@given(rates, towns, st.integers(3, 6), st.sampled_from([2.0, 10.0, 30.0]))
def test_settled_is_settled(demand: Floats, travel: Floats, windows: int, scale: float) -> None:
    equilibrium = halls_equilibrium(demand, travel, [windows, 4], [9.0, 9.0], scale)
    shares = logit_shares(travel + equilibrium.waits, scale)
    assert equilibrium.residual <= 1e-9
    assert shares == pytest.approx(equilibrium.shares, abs=1e-8)
    assert equilibrium.loads.sum() == pytest.approx(demand.sum())


@given(rates, towns, st.integers(3, 5))
def test_more_windows_never_repel(demand: Floats, travel: Floats, windows: int) -> None:
    few = halls_equilibrium(demand, travel, [windows, 4], [9.0, 9.0], 5)
    more = halls_equilibrium(demand, travel, [windows + 1, 4], [9.0, 9.0], 5)
    assert more.loads[0] >= few.loads[0] - 1e-7
    assert more.waits[1] <= few.waits[1] + 1e-6


@given(rates, towns, st.floats(0, 1))
def test_where_it_starts_does_not_matter(demand: Floats, travel: Floats, first: float) -> None:
    start = np.tile([first, 1 - first], (3, 1))

    def waits(loads: Floats) -> Floats:
        return 40 * loads**2

    def shares(at: Floats) -> Floats:
        return logit_shares(travel + at, 3)

    equilibrium = choice_equilibrium(demand, start, shares, waits)
    from_the_other_end = choice_equilibrium(demand, start[:, ::-1], shares, waits)
    assert equilibrium.shares == pytest.approx(from_the_other_end.shares, abs=1e-7)


def test_symmetric_halls_share_evenly() -> None:
    travel = np.array([[10.0, 30.0], [30.0, 10.0]])
    equilibrium = halls_equilibrium(np.array([0.2, 0.2]), travel, [3, 3], [9.0, 9.0], 4)
    assert equilibrium.loads == pytest.approx([0.2, 0.2])
    assert equilibrium.shares[0] == pytest.approx(equilibrium.shares[1][::-1])


def test_without_waits_it_is_the_logit() -> None:
    travel = np.array([[10.0, 20.0]])
    equilibrium = halls_equilibrium(np.array([0.1]), travel, [9, 9], [9.0, 9.0], 4, wait_weight=0)
    assert equilibrium.shares == pytest.approx(logit_shares(travel, 4))
    assert equilibrium.rounds == 1


def test_too_few_rounds_are_told() -> None:
    travel = np.array([[10.0, 20.0]])
    start = np.array([[0.0, 1.0]])
    equilibrium = choice_equilibrium(
        np.array([1.0]), start, lambda w: logit_shares(travel + w, 4), lambda x: 9 * x, 1e-9, 3
    )
    assert equilibrium.rounds == 3
    assert equilibrium.residual > 1e-9


def test_overload_is_refused() -> None:
    with pytest.raises(ValueError, match=r"less than the 0\.444444 that"):
        halls_equilibrium(np.array([0.5]), np.array([[1.0, 1.0]]), [2, 2], [9.0, 9.0], 5)
    with pytest.raises(ValueError, match="hall 0 loaded beyond"):
        halls_equilibrium(np.array([0.23]), np.array([[1.0, 1e6]]), [2, 2], [9.0, 9.0], 5)
    with pytest.raises(ValueError, match="one place at least that can be reached"):
        logit_shares(np.array([[np.inf, np.inf]]), 1)
    with pytest.raises(ValueError, match="reaches no place"):
        huff_shares(np.array([0.0, 1.0]), np.array([[1.0, np.inf]]), 1)
    with pytest.raises(ValueError, match="2 origins for a demand of 1"):
        choice_equilibrium(np.ones(1), np.ones((2, 1)), lambda w: np.ones((2, 1)), lambda x: x)
