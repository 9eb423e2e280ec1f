"""Fork and join against published numbers, its bounds and its limits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import (
    flatto_hahn,
    fork_join_bounds,
    fork_join_exact,
    maximum_quantile,
    mean_maximum,
    mean_maximum_exponential,
    mmc,
    mmc_stay_tail,
    nelson_tantawi,
)


def test_two_opinions() -> None:
    """Flatto & Hahn 1984; case fj2-a."""
    alone = mmc(0.07, 10, 1).mean_stay
    assert flatto_hahn(0.07, 10) == pytest.approx(47.0833, rel=1e-5)
    assert alone == pytest.approx(33.3333, rel=1e-5)
    assert flatto_hahn(0.07, 10) - alone == pytest.approx(13.75)


def test_three_opinions() -> None:
    """Nelson & Tantawi 1988; case fj3-a."""
    assert fork_join_exact(0.05, 10, 3) == pytest.approx(34.3258, rel=1e-5)
    assert nelson_tantawi(0.05, 10, 3) == pytest.approx(33.9773, rel=1e-5)


def test_three_departments_with_ample_staff() -> None:
    """Case joint-inf-a: exponential answers of mean 1, 2 and 3 days."""
    laws = [lambda t, mean=mean: math.exp(-t / mean) for mean in (1, 2, 3)]
    assert mean_maximum_exponential([1, 2, 3]) == pytest.approx(3.92879, rel=1e-5)
    assert mean_maximum(laws) == pytest.approx(3.92879, rel=1e-5)
    assert maximum_quantile(0.9, laws) == pytest.approx(7.61202, rel=1e-5)


def test_uniform_answers() -> None:
    """JaamSim A15-1, levels 2 and 3: the mean of max(U(5, 7), U(5, 10)) is 7.6333."""
    laws = [lambda t, end=end: min(1.0, max(0.0, (end - t) / (end - 5))) for end in (7, 10)]
    assert mean_maximum(laws, scale=7) == pytest.approx(7 + 19 / 30, rel=1e-6)


def test_departments_with_several_officers() -> None:
    """Case fj-mmc-a, simulated 25.1074 ± .098: independence is an upper bound.

    The case's department stays, 17.1166 and 18.4454, are simulated too: M/M/c gives the exact.
    """
    laws = [
        lambda t: mmc_stay_tail(t, 0.2, 7.5, 2),
        lambda t: mmc_stay_tail(t, 0.2, 11, 3),
    ]
    stays = (mmc(0.2, 7.5, 2).mean_stay, mmc(0.2, 11, 3).mean_stay)
    assert stays == pytest.approx((17.1166, 18.4454), rel=2e-3)
    assert max(stays) < 25.1074 < mean_maximum(laws, scale=20)


@pytest.mark.parametrize("busy", [0.1, 0.4, 0.8])
def test_chain_of_two_is_flatto_hahn(busy: float) -> None:
    assert fork_join_exact(busy, 1, 2) == pytest.approx(flatto_hahn(busy, 1), rel=1e-5)
    assert fork_join_exact(busy, 1, 1) == pytest.approx(mmc(busy, 1, 1).mean_stay, rel=1e-5)


@given(st.floats(0.01, 0.98), st.integers(1, 31))
def test_bounds_hold_and_departments_cost_time(busy: float, departments: int) -> None:
    lower, upper = fork_join_bounds(busy, 1, departments)
    time = nelson_tantawi(busy, 1, departments)
    assert lower <= time * (1 + 1e-12)
    assert time <= upper * (1 + 1e-12)
    assert nelson_tantawi(busy, 1, departments + 1) > time


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=6))
def test_both_maxima_agree(means: list[float]) -> None:
    laws = [lambda t, mean=mean: math.exp(-t / mean) for mean in means]
    largest = mean_maximum(laws, scale=max(means))
    assert largest == pytest.approx(mean_maximum_exponential(means), rel=1e-7)
    assert max(means) <= largest * (1 + 1e-9)
    assert largest <= sum(means) * (1 + 1e-9)  # parallel is never later than serial


def test_light_traffic_is_the_maximum_of_the_work() -> None:
    assert fork_join_exact(1e-3, 1, 4) == pytest.approx(mean_maximum_exponential([1] * 4), rel=2e-3)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="departments: found 33; allowed is 1 to 32"):
        nelson_tantawi(0.05, 10, 33)
    with pytest.raises(ValueError, match="use nelson_tantawi or simulate"):
        fork_join_exact(0.09, 10, 4)
    with pytest.raises(ValueError, match="grows without bound"):
        flatto_hahn(0.1, 10)
