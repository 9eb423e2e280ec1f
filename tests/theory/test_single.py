"""One server, general laws, against published numbers and the exponential special cases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import (
    Steady,
    allen_cunneen,
    gim1,
    long_run_mean,
    long_run_shares,
    md1_wait_within,
    mg1,
    mixture_moments,
    mmc,
)


def test_constant_service() -> None:
    """Erlang 1909; case md1-a."""
    assert mg1(0.2, 4, 0).mean_wait == pytest.approx(8.0)
    assert md1_wait_within(10, 0.2, 4) == pytest.approx(0.704852, rel=2e-6)


def test_lognormal_service() -> None:
    """Pollaczek-Khinchine; case mg1-a."""
    queue = mg1(0.1, 7, 0.8)
    assert queue.mean_wait == pytest.approx(13.3933, rel=1e-5)
    assert queue.utilisation == pytest.approx(0.7)


def test_one_every_ten_minutes() -> None:
    """Gross & Harris, GI/M/1; case dm1-a."""
    queue = gim1(lambda s: math.exp(-10 * s), 10, 8)
    assert queue.mean_wait == pytest.approx(13.5418, rel=1e-5)
    assert queue.wait_share == pytest.approx(0.62863, rel=1e-5)


def test_scaled_by_scatter() -> None:
    """Case mgc-e2-a: the rule gives 5.59155, the exact chain 5.67652."""
    assert allen_cunneen(0.32, 10, 4, 1, 0.5**0.5) == pytest.approx(5.59155, rel=1e-6)


def test_exact_erlang_2_service() -> None:
    """Hillier & Lo 1971; case mgc-e2-a, by the chain of (waiting, in phase 1, in phase 2)."""
    rate, phase_rate, servers = 0.32, 0.2, 4
    State = tuple[int, int, int]

    def moves(state: State) -> list[tuple[float, State]]:
        waiting, first, second = state
        if first + second < servers:
            arrived = (waiting, first + 1, second)
        else:
            arrived = (min(waiting + 1, 150), first, second)
        steps = [(rate, arrived), (phase_rate * first, (waiting, first - 1, second + 1))]
        called = (waiting - 1, first + 1) if waiting else (0, first)
        return [*steps, (phase_rate * second, (*called, second - 1))]

    shares = long_run_shares((0, 0, 0), moves)
    queue = long_run_mean(shares, lambda state: state[0])
    assert queue / rate == pytest.approx(5.67652, rel=1e-5)
    all_busy = long_run_mean(shares, lambda state: state[1] + state[2] == servers)
    assert all_busy == pytest.approx(0.591447, rel=1e-5)


@given(st.floats(0.02, 0.98))
def test_exponential_is_the_common_case(busy: float) -> None:
    exact = mmc(busy, 1, 1)
    poisson_arrivals = gim1(lambda s: busy / (busy + s), 1 / busy, 1)
    assert mg1(busy, 1, 1) == pytest.approx(exact)
    assert poisson_arrivals == pytest.approx(exact, rel=1e-6)
    assert allen_cunneen(busy, 1, 1) == pytest.approx(exact.mean_wait)


@given(st.floats(0.02, 0.98), st.floats(0, 3))
def test_more_scatter_more_wait(busy: float, cv: float) -> None:
    assert mg1(busy, 1, cv + 0.1).mean_wait > mg1(busy, 1, cv).mean_wait
    assert allen_cunneen(busy, 1, 1, 1, cv) == pytest.approx(mg1(busy, 1, cv).mean_wait)


@pytest.mark.parametrize("busy", [0.1, 0.5, 0.85])
def test_constant_service_law_has_its_mean(busy: float) -> None:
    horizon = 15 / (1 - busy)
    steps = np.arange(0, horizon, 0.04) + 0.02
    late = [1 - md1_wait_within(float(t), busy, 1) for t in steps]
    assert math.fsum(late) * 0.04 == pytest.approx(mg1(busy, 1, 0).mean_wait, rel=1e-3)
    assert md1_wait_within(0, busy, 1) == pytest.approx(1 - busy)


def test_mixture() -> None:
    assert mixture_moments([0.3], [8], [0.5]) == pytest.approx((8, 0.5))
    mean, cv = mixture_moments([0.5, 0.5], [2, 6], [0, 0])
    assert (mean, cv) == pytest.approx((4, 0.5))


def _little(queue: Steady, rate: float) -> bool:
    return queue.mean_inside == pytest.approx(rate * queue.mean_stay)


@given(st.floats(0.02, 0.98), st.floats(0, 3))
def test_little(busy: float, cv: float) -> None:
    assert _little(mg1(busy, 1, cv), busy)
    assert _little(gim1(lambda s: math.exp(-s / busy), 1 / busy, 1), busy)


def test_unstable_is_refused() -> None:
    for call in (
        lambda: mg1(0.2, 5, 1),
        lambda: md1_wait_within(1, 0.2, 5),
        lambda: gim1(lambda s: math.exp(-5 * s), 5, 5),
        lambda: allen_cunneen(0.4, 5, 2),
    ):
        with pytest.raises(ValueError, match="grows without bound"):
            call()
