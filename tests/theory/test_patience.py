"""Queues that people leave, against published numbers and one another."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma, uniform

from sim.theory import (
    Patience,
    constant_patience,
    erlang_a,
    exponential_patience,
    mixed_patience,
    mmc,
    mmc_patience,
    mmc_patiences,
    mmc_wait_tail,
    patience_within,
)


def test_fifty_agents() -> None:
    """Garnett, Mandelbaum & Reiman 2002, Table 1; case erlanga-a."""
    queue = erlang_a(48, 1, 50, 2)
    assert queue.abandon_share == pytest.approx(0.0309122, rel=1e-5)
    assert queue.mean_wait == pytest.approx(0.0618245, rel=1e-5)
    assert queue.wait_share == pytest.approx(0.467774, rel=1e-5)
    assert queue.mean_queue == pytest.approx(2.96758, rel=1e-5)
    assert queue.utilisation == pytest.approx(0.930324, rel=1e-5)


def test_thirteen_agents() -> None:
    """A. Herzog, Callcenter-Simulator, ErlangCTest: 9.91 seconds over all arrivals."""
    assert erlang_a(3.5, 3, 13, 5).mean_wait * 60 == pytest.approx(9.91, abs=6e-3)


def test_call_centre() -> None:
    """pyworkforce, queuing/tests/test_abandonment.py."""
    queue = erlang_a(100 / 30, 3, 14, 5)
    assert queue.wait_share == pytest.approx(0.14526, abs=6e-6)
    assert queue.abandon_share == pytest.approx(0.013984, abs=6e-7)
    assert queue.utilisation == pytest.approx(0.704297, abs=6e-7)
    assert queue.mean_wait == pytest.approx(0.069919, abs=6e-7)
    within = patience_within(1 / 3, 100 / 30, 3, 14, exponential_patience(5))
    assert within.served_share == pytest.approx(0.916792, abs=6e-7)


def test_everybody_leaves_after_twenty_minutes() -> None:
    """Baccelli & Hebuterne 1981; case mmc-detpatience-a."""
    queue = mmc_patience(0.35, 8, 3, constant_patience(20))
    assert queue.abandon_share == pytest.approx(0.0703744, rel=1e-5)
    assert queue.wait_share == pytest.approx(0.755175, rel=1e-5)
    assert queue.mean_wait == pytest.approx(7.68719, rel=1e-5)
    assert queue.mean_queue == pytest.approx(2.69052, rel=1e-5)
    assert queue.utilisation == pytest.approx(0.867651, rel=1e-5)
    assert patience_within(20.001, 0.35, 8, 3, constant_patience(20)).ended_share == 1


@given(st.integers(1, 40), st.floats(0.1, 1.8), st.floats(0.02, 20.0))
def test_integral_equals_chain(servers: int, busy: float, patience_mean: float) -> None:
    chain = erlang_a(servers * busy, 1, servers, patience_mean)
    integral = mmc_patience(servers * busy, 1, servers, exponential_patience(patience_mean))
    assert integral == pytest.approx(chain, rel=1e-7, abs=1e-12)


@given(st.integers(1, 40), st.floats(0.1, 0.95))
def test_endless_patience_is_erlang_c(servers: int, busy: float) -> None:
    patient, leaving = mmc(servers * busy, 1, servers), erlang_a(servers * busy, 1, servers, 1e9)
    assert leaving.wait_share == pytest.approx(patient.wait_share, rel=1e-5)
    assert leaving.mean_wait == pytest.approx(patient.mean_wait, rel=1e-5)
    within = patience_within(0.5, servers * busy, 1, servers, exponential_patience(1e9))
    tail = mmc_wait_tail(0.5, servers * busy, 1, servers)
    assert within.ended_share == pytest.approx(1 - tail, rel=1e-6)
    assert within.served_share == pytest.approx(1 - tail, rel=1e-6)


@given(st.integers(1, 30), st.floats(0.1, 1.8), st.floats(0.1, 10.0))
def test_another_server_never_hurts(servers: int, busy: float, patience_mean: float) -> None:
    fewer = erlang_a(servers * busy, 1, servers, patience_mean)
    more = erlang_a(servers * busy, 1, servers + 1, patience_mean)
    assert more.abandon_share < fewer.abandon_share
    assert more.mean_wait < fewer.mean_wait


@pytest.mark.parametrize(
    "patience",
    [
        exponential_patience(12),
        constant_patience(12),
        Patience(gamma(2, scale=6).sf),
        Patience(uniform(0, 24).sf, (24.0,)),
    ],
)
def test_served_and_left_add_up(patience: Patience) -> None:
    queue = mmc_patience(0.6, 9, 5, patience)
    assert 0 < queue.abandon_share < queue.wait_share < 1
    late = patience_within(200.0, 0.6, 9, 5, patience)
    assert late.ended_share == pytest.approx(1)
    assert late.served_share == pytest.approx(1 - queue.abandon_share)
    at_once = patience_within(0.0, 0.6, 9, 5, patience)
    assert at_once.served_share == pytest.approx(1 - queue.wait_share)
    assert patience_within(5.0, 0.6, 9, 5, patience).served_share > at_once.served_share


def test_hardly_anybody_comes() -> None:
    assert erlang_a(1e-3, 1, 300, 5).mean_wait == 0
    assert mmc_patience(1e-3, 1, 300, constant_patience(5)).wait_share == 0


def test_crowd_that_never_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="queue of millions"):
        erlang_a(10, 1, 5, 1e9)
    with pytest.raises(ValueError, match="grows without bound"):
        mmc_patience(10, 1, 5, Patience(lambda x: 0 * x + 1))
    with pytest.raises(ValueError, match="patience_mean: found inf"):
        erlang_a(10, 1, 50, math.inf)


LAWS = (exponential_patience(10), exponential_patience(40))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_two_classes_in_one_queue_add_up(share: float) -> None:
    """Who leave are as many by class as together; leaving is memoryless, so waits add up too."""
    shares = [share, 1 - share]
    together = mmc_patience(0.35, 8, 3, mixed_patience(shares, LAWS))
    classes = mmc_patiences(0.35, 8, 3, shares, LAWS)
    left = [p * each.abandon_share for p, each in zip(shares, classes, strict=True)]
    assert sum(left) == pytest.approx(together.abandon_share)
    assert 10 * left[0] + 40 * left[1] == pytest.approx(together.mean_wait)
    assert classes[0].abandon_share > classes[1].abandon_share
    assert classes[0].served_wait < classes[1].served_wait


def test_classes_of_equal_patience_are_one() -> None:
    alike = mmc_patiences(0.35, 8, 3, [0.2, 0.8], [LAWS[0], LAWS[0]])
    assert alike[0] == alike[1]
    assert alike[0].abandon_share == pytest.approx(erlang_a(0.35, 8, 3, 10).abandon_share)


@pytest.mark.parametrize("shares", [[0.5], [0.5, 0.6], [1.5, -0.5]])
def test_shares_of_a_mixture_are_one_together(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="shares: found"):
        mixed_patience(shares, LAWS)
