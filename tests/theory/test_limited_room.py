"""M/M/c/K against published numbers and the two queues it lies between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import erlang_b, mixture_moments, mmc, mmck


def test_nine_seats() -> None:
    """Gross & Harris; case mmck-a."""
    queue = mmck(0.5, 7, 3, 12)
    assert queue.blocked_share == pytest.approx(0.170273, rel=1e-5)
    assert queue.mean_wait == pytest.approx(12.924, rel=1e-5)
    assert queue.throughput == pytest.approx(0.414863, rel=1e-5)
    assert queue.mean_queue == pytest.approx(5.36171, rel=1e-5)
    assert queue.utilisation == pytest.approx(0.968015, rel=1e-5)


def test_one_waiting_seat() -> None:
    """simmer, vignette 06: M/M/2/3."""
    queue = mmck(3, 1 / 4, 2, 3)
    assert queue.blocked_share == pytest.approx(0.04936, abs=6e-6)
    assert queue.mean_inside == pytest.approx(0.76234, abs=6e-6)


def test_two_classes_without_room() -> None:
    """simmer, vignette 07: only the mean of the mixed service counts."""
    mean, _ = mixture_moments([0.75, 0.25], [8, 3], [1, 1])
    load = 3 / 20 * mean
    assert load * (1 - erlang_b(load, 1)) == pytest.approx(0.503106, rel=1e-5)


@given(st.integers(1, 30), st.floats(0.05, 3.0))
def test_no_seats_is_erlang_b(servers: int, busy: float) -> None:
    queue = mmck(servers * busy, 1, servers, servers)
    assert queue.blocked_share == pytest.approx(erlang_b(servers * busy, servers))
    assert queue.mean_wait == 0


@given(st.integers(1, 20), st.floats(0.05, 0.9))
def test_endless_room_is_mmc(servers: int, busy: float) -> None:
    limited, endless = (
        mmck(servers * busy, 1, servers, servers + 600),
        mmc(servers * busy, 1, servers),
    )
    assert limited.blocked_share < 1e-20
    assert limited.mean_wait == pytest.approx(endless.mean_wait)
    assert limited.mean_inside == pytest.approx(endless.mean_inside)


@given(st.integers(1, 20), st.integers(0, 200), st.floats(0.05, 5.0))
def test_flows_balance(servers: int, seats: int, busy: float) -> None:
    rate = servers * busy
    queue = mmck(rate, 1, servers, servers + seats)
    assert queue.throughput == pytest.approx(rate * (1 - queue.blocked_share))
    assert queue.throughput <= servers * (1 + 1e-12)
    assert queue.mean_queue <= seats * (1 + 1e-12)
    one_more = mmck(rate, 1, servers, servers + seats + 1)
    assert one_more.blocked_share <= queue.blocked_share * (1 + 1e-12)


def test_hardly_anybody_comes() -> None:
    assert mmck(1e-3, 1, 300, 400).mean_wait == 0


def test_capacity_below_servers_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity: found 2; allowed is a whole number from 3 up"):
        mmck(0.5, 7, 3, 2)
