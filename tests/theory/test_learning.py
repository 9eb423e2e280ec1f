"""What training saves: the published curve, and its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import learning_curve


def test_each_doubling_saves_the_same_share() -> None:
    """Wright 1936: an 80 % curve falls to 80, 64 and 51.2 % at twice, 4 and 8 times as much."""
    factors = [learning_curve(times - 1, rate=0.8) for times in (2, 4, 8)]
    assert factors == pytest.approx([0.8, 0.64, 0.512])
    assert learning_curve(3, rate=0.9) == pytest.approx(0.81)


@given(st.floats(0, 1e6), st.floats(0.01, 1), st.floats(0, 1))
def test_nothing_learnt_is_nothing_changed(exposure: float, rate: float, floor: float) -> None:
    assert learning_curve(0, rate, floor) == learning_curve(exposure, 1.0, floor) == 1.0


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.01, 1), st.floats(0, 1))
def test_more_is_never_worse(less: float, more: float, rate: float, floor: float) -> None:
    less, more = sorted((less, more))
    assert floor <= learning_curve(more, rate, floor) <= learning_curve(less, rate, floor) <= 1


@pytest.mark.parametrize(("rate", "floor"), [(0, 0), (1.1, 0), (0.9, 1.1), (0.9, -0.1)])
def test_impossible_curves(rate: float, floor: float) -> None:
    with pytest.raises(ValueError, match="allowed"):
        learning_curve(1, rate, floor)
