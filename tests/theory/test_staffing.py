"""How many servers: searches against published answers, rules against the exact count."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.theory import (
    erlang_b,
    erlang_c,
    exponential_patience,
    halfin_whitt,
    halfin_whitt_beta,
    load_by_slot,
    load_of_wave,
    mmc_wait_tail,
    patience_within,
    smallest_places,
    smallest_servers,
    square_root_servers,
)


def test_five_halls() -> None:
    """Case minc-a: 90 % called in 15 minutes."""
    windows = [smallest_servers(rate / 60, 8, 15, 0.9) for rate in (12, 24, 36, 60, 90)]
    assert windows == [3, 5, 6, 10, 14]


def test_lines_for_two_percent() -> None:
    """pyworkforce, test_erlang_b.py."""
    assert smallest_places(10, 0.02) == 17


@pytest.mark.parametrize(("wait_share", "beta"), [(0.1, 1.42019), (0.2, 1.06152), (0.5, 0.506054)])
def test_halfin_whitt(wait_share: float, beta: float) -> None:
    """Halfin & Whitt 1981."""
    assert halfin_whitt(beta) == pytest.approx(wait_share, rel=1e-5)
    assert halfin_whitt_beta(wait_share) == pytest.approx(beta, rel=1e-5)


@pytest.mark.parametrize(("at", "busy"), [(120, 38.9737), (360, 9.02628), (120 + 19.561, 39.4784)])
def test_load_of_a_wave(at: float, busy: float) -> None:
    """Eick, Massey & Whitt 1993; case mtinf-a."""
    assert load_of_wave(at, 1.2, 0.8, 480, 20) == pytest.approx(busy, rel=1e-5)


@pytest.mark.parametrize(
    ("at", "for_10_percent", "for_50_percent"),
    [(0, 103, 91), (math.pi / 2, 125, 111), (math.pi, 125, 111), (3 * math.pi / 2, 103, 91)],
)
def test_staffing_when_leaving_is_as_fast_as_service(
    at: float, for_10_percent: int, for_50_percent: int
) -> None:
    """Feldman, Mandelbaum, Massey & Whitt 2008; case isa-a: the number inside is Poisson."""
    load = load_of_wave(at, 100, 20, 2 * math.pi, 1)
    assert load == pytest.approx(100 + 10 * (math.sin(at) - math.cos(at)))
    assert poisson.isf(0.1, load) + 1 == for_10_percent
    assert poisson.isf(0.5, load) + 1 == for_50_percent


@given(st.floats(0.01, 5.0), st.floats(0.0, 60.0), st.floats(0.3, 0.99))
def test_smallest_is_enough_and_one_fewer_is_not(rate: float, within: float, share: float) -> None:
    servers = smallest_servers(rate, 8, within, share)
    assert 1 - mmc_wait_tail(within, rate, 8, servers) >= share
    if servers - 1 > rate * 8:
        assert 1 - mmc_wait_tail(within, rate, 8, servers - 1) < share


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
def test_smallest_with_people_who_leave(rate: float) -> None:
    servers = smallest_servers(rate, 8, 15, 0.9, patience_mean=25)

    def called(n: int) -> float:
        return patience_within(15, rate, 8, n, exponential_patience(25)).served_share

    assert called(servers) >= 0.9
    assert servers == 1 or called(servers - 1) < 0.9
    assert smallest_servers(rate, 8, 15, 0.9, 1e8) == smallest_servers(rate, 8, 15, 0.9)


@given(st.floats(0.5, 100), st.floats(0.001, 0.5))
def test_places_are_enough_and_one_fewer_is_not(load: float, blocked_share: float) -> None:
    places = smallest_places(load, blocked_share)
    assert erlang_b(load, places) <= blocked_share < erlang_b(load, places - 1)


@given(st.floats(30, 2000), st.floats(0.05, 0.8))
def test_square_root_is_close(load: float, wait_share: float) -> None:
    exact = math.floor(load) + 1
    while erlang_c(load, exact) > wait_share:
        exact += 1
    assert abs(square_root_servers(load, wait_share) - exact) <= 1


def test_nobody_comes() -> None:
    assert smallest_servers(0, 8, 15, 0.9) == 1
    assert smallest_servers(0, 8, 15, 0.9, patience_mean=20) == 1
    assert smallest_places(0, 0.02) == 1


def test_load_settles_and_conserves() -> None:
    loads = load_by_slot([1.0] * 40 + [0.0] * 40, 30, 20)
    assert loads[39] == pytest.approx(20)
    assert loads.sum() * 30 == pytest.approx(40 * 30 * 20)  # all work is done in the end


def test_impossible_wave_is_refused() -> None:
    with pytest.raises(ValueError, match="rate_swing: found 2"):
        load_of_wave(0, 1, 2, 480, 20)
