"""M/M/c and Erlang's B and C against published numbers and their own laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.theory import erlang_b, erlang_c, mmc, mmc_stay_tail, mmc_wait_quantile, mmc_wait_tail

servers_and_busy = st.tuples(st.integers(1, 60), st.floats(0.05, 0.98))


def test_five_windows() -> None:
    """Gross & Harris, Fundamentals of Queueing Theory; case mmc-a."""
    queue = mmc(0.4, 10, 5)
    assert queue.mean_wait == pytest.approx(5.54113, rel=1e-5)
    assert queue.wait_share == pytest.approx(0.554113, rel=1e-5)
    assert queue.mean_queue == pytest.approx(2.21645, rel=1e-5)
    assert queue.utilisation == pytest.approx(0.8)
    assert 1 - mmc_wait_tail(15, 0.4, 10, 5) == pytest.approx(0.876361, rel=1e-5)
    assert mmc_wait_quantile(0.9, 0.4, 10, 5) == pytest.approx(17.122, rel=1e-5)


def test_one_server() -> None:
    """Rossetti, KSL book, Example 4.5: 10 an hour, 3 minutes each."""
    queue = mmc(10 / 60, 3, 1)
    assert queue == pytest.approx((0.5, 0.5, 3.0, 0.5, 1.0, 6.0))
    assert mmc_stay_tail(4, 10 / 60, 3, 1) == pytest.approx(0.5134, abs=5e-5)


@pytest.mark.parametrize(
    ("servers", "wait_share", "within_20_s", "utilisation"),
    [(14, 0.17413, 0.88835, 0.71429), (15, 0.102, 0.941, 0.667)],
)
def test_call_centre(
    servers: int, wait_share: float, within_20_s: float, utilisation: float
) -> None:
    """pyworkforce, queuing/tests/test_erlang.py; R package ErlangC: 100 calls in 30 minutes."""
    queue = mmc(100 / 30, 3, servers)
    digits = 6e-6 if servers == 14 else 6e-4
    assert queue.wait_share == pytest.approx(wait_share, abs=digits)
    assert 1 - mmc_wait_tail(1 / 3, 100 / 30, 3, servers) == pytest.approx(within_20_s, abs=digits)
    assert queue.utilisation == pytest.approx(utilisation, abs=digits)
    if servers == 14:
        assert queue.mean_wait * 60 == pytest.approx(7.836, abs=6e-4)


def test_thirteen_agents() -> None:
    """A. Herzog, Callcenter-Simulator, ErlangCTest: 26.56 seconds."""
    assert mmc(3.5, 3, 13).mean_wait * 60 == pytest.approx(26.56, abs=6e-3)


def test_four_servers() -> None:
    """pydesrap_mms: one arrival in 4 minutes, 10 minutes each, theory 2.132 minutes."""
    queue = mmc(1 / 4, 10, 4)
    assert queue.mean_wait == pytest.approx(2.132, abs=6e-4)
    assert queue.utilisation == pytest.approx(0.625)


def test_lost_calls() -> None:
    """pyworkforce, test_erlang_b.py; case loss-a (any service law of mean 10)."""
    assert erlang_b(1, 1) == pytest.approx(0.5)
    assert erlang_b(1, 2) == pytest.approx(0.2)
    assert erlang_b(10, 17) == pytest.approx(0.01295, abs=6e-6)
    assert erlang_b(10, 16) == pytest.approx(0.02230, abs=6e-6)
    assert erlang_b(0.5 * 10, 6) == pytest.approx(0.191847, rel=1e-5)


def test_closed_hours_taken_out() -> None:
    """Case worktime-a: work frozen overnight is M/M/4 in working minutes."""
    queue = mmc(0.06, 50, 4)
    assert queue.mean_stay == pytest.approx(75.4717, rel=1e-5)
    assert queue.mean_inside == pytest.approx(4.5283, rel=1e-5)


def test_unlike_halls() -> None:
    """Case sites-a: two halls at fixed shares of two towns (Huff)."""
    assert mmc(0.224732, 9, 3).mean_wait == pytest.approx(4.19052, rel=1e-4)
    assert mmc(0.125268, 9, 2).mean_wait == pytest.approx(4.19188, rel=1e-4)


def test_nobody_comes() -> None:
    assert mmc(0, 10, 2) == (0, 0, 0, 0, 0, 10)
    assert mmc_wait_quantile(0.9, 0, 10, 2) == 0


@given(servers_and_busy)
def test_another_server_never_hurts(case: tuple[int, float]) -> None:
    servers, busy = case
    load = servers * busy
    assert erlang_b(load, servers + 1) < erlang_b(load, servers)
    assert erlang_c(load, servers + 1) < erlang_c(load, servers)
    assert mmc(load, 1, servers + 1).mean_wait < mmc(load, 1, servers).mean_wait


@given(servers_and_busy)
def test_little_and_the_tails(case: tuple[int, float]) -> None:
    servers, busy = case
    rate, mean = servers * busy / 7.0, 7.0
    queue = mmc(rate, mean, servers)
    assert queue.mean_inside == pytest.approx(rate * queue.mean_stay)
    spare = servers / mean - rate
    wait, _ = quad(lambda x: mmc_wait_tail(x / spare, rate, mean, servers) / spare, 0, 60)
    stay, _ = quad(lambda x: mmc_stay_tail(x, rate, mean, servers), 0, 60 * max(mean, 1 / spare))
    assert wait == pytest.approx(queue.mean_wait, rel=1e-6)
    assert stay == pytest.approx(queue.mean_stay, rel=1e-5)


@given(servers_and_busy, st.floats(0.01, 0.999))
def test_quantile_undoes_tail(case: tuple[int, float], share: float) -> None:
    servers, busy = case
    wait = mmc_wait_quantile(share, servers * busy, 1, servers)
    tail = mmc_wait_tail(wait, servers * busy, 1, servers)
    assert tail == pytest.approx(1 - share) if wait else tail <= 1 - share


@given(servers_and_busy, st.floats(0.01, 100))
def test_unit_of_time_is_free(case: tuple[int, float], k: float) -> None:
    servers, busy = case
    load = servers * busy
    assert mmc(load / k, k, servers).mean_wait == pytest.approx(k * mmc(load, 1, servers).mean_wait)


def test_stay_where_both_rates_meet() -> None:
    """The wait's rate equals the service's: the formula has a removable gap there."""
    assert mmc_stay_tail(5, 1.0, 1.0, 2) == pytest.approx(mmc_stay_tail(5, 1 + 1e-7, 1.0, 2))


def test_unstable_is_refused() -> None:
    with pytest.raises(ValueError, match=r"utilisation: found 1.*grows without bound.*least 4"):
        mmc(0.3, 10, 3)
    with pytest.raises(ValueError, match=r"servers: found 2\.5"):
        mmc(0.1, 10, 2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="arrival_rate: found nan"):
        mmc(math.nan, 10, 3)
