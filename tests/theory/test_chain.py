"""Layouts without a closed form, each a few lines of moves, against published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import long_run_mean, long_run_shares, mmck

Pair = tuple[int, int]
Triple = tuple[int, int, int]


def test_unequal_officers() -> None:
    """Gumbel 1960; case hetero-a: (fast busy, slow busy, waiting), the fast one first."""
    rate, fast, slow = 0.19, 1 / 6, 1 / 12

    def moves(state: Triple) -> list[tuple[float, Triple]]:
        f, s, q = state
        if not f:
            arrived = (1, s, 0)
        elif not s:
            arrived = (1, 1, 0)
        else:
            arrived = (1, 1, min(q + 1, 600))
        after_fast = (1, s, q - 1) if q else (0, s, 0)
        after_slow = (f, 1, q - 1) if q else (f, 0, 0)
        return [(rate, arrived), (fast * f, after_fast), (slow * s, after_slow)]

    shares = long_run_shares((0, 0, 0), moves)
    assert long_run_mean(shares, sum) / rate == pytest.approx(18.8766, rel=1e-5)
    assert long_run_mean(shares, lambda state: state[0]) == pytest.approx(0.765039, rel=1e-5)
    assert long_run_mean(shares, lambda state: state[1]) == pytest.approx(0.749923, rel=1e-5)


def test_specialists_and_generalists() -> None:
    """Case skill-a: people of kind A, 2 + 2 officers, generalists call kind B first."""
    rate_a, rate_b, end = 0.22, 0.1, 1 / 9
    State = tuple[int, int, int, int]  # specialists busy, generalists busy, A and B waiting

    def moves(state: State) -> list[tuple[float, State]]:
        s, g, a, b = state
        if s < 2:
            came_a = (s + 1, g, a, b)
        elif g < 2:
            came_a = (s, g + 1, a, b)
        else:
            came_a = (s, g, min(a + 1, 120), b)
        came_b = (s, g + 1, a, b) if g < 2 else (s, g, a, min(b + 1, 60))
        specialist = (s, g, a - 1, b) if a else (s - 1, g, a, b)
        if_no_b = (s, g, a - 1, b) if a else (s, g - 1, a, b)
        generalist = (s, g, a, b - 1) if b else if_no_b
        return [
            (rate_a, came_a),
            (rate_b, came_b),
            (end * s, specialist),
            (end * g, generalist),
        ]

    shares = long_run_shares((0, 0, 0, 0), moves)
    assert long_run_mean(shares, lambda n: n[2]) / rate_a == pytest.approx(4.19903, rel=1e-5)
    assert long_run_mean(shares, lambda n: n[3]) / rate_b == pytest.approx(4.99031, rel=1e-5)


def test_blocked_station() -> None:
    """Rossetti, KSL book, Example 7.2; case tandem-blocking-a: one chair between two stations."""
    rate, first, second = 0.5, 1 / 0.7, 1 / 0.9

    def moves(state: Pair) -> list[tuple[float, Pair]]:
        a, b = state  # at station 1; beyond it, b = 3 meaning station 1 is blocked
        steps = [(rate, (min(a + 1, 200), b))]
        if a and b < 2:
            steps.append((first, (a - 1, b + 1)))
        elif a and b == 2:
            steps.append((first, (a, 3)))
        if b == 3:
            steps.append((second, (a - 1, 2)))
        elif b:
            steps.append((second, (a, b - 1)))
        return steps

    shares = long_run_shares((0, 0), moves)
    inside = long_run_mean(shares, lambda s: s[0] + min(s[1], 2))
    assert inside == pytest.approx(1.40113, rel=1e-5)
    assert inside / rate == pytest.approx(2.80227, rel=1e-5)
    assert long_run_mean(shares, lambda s: s[0] > 0) == pytest.approx(0.420731, rel=1e-5)
    assert long_run_mean(shares, lambda s: s[1] > 0) == pytest.approx(0.45, rel=1e-5)


def test_come_back_later() -> None:
    """Falin & Templeton 1997; case retrial-a: (busy, people who will come back)."""
    rate, end, returns = 0.06, 1 / 10, 1 / 15

    def moves(state: Pair) -> list[tuple[float, Pair]]:
        busy, away = state
        if busy:
            return [(rate, (1, min(away + 1, 300))), (end, (0, away))]
        return [(rate, (1, away)), (returns * away, (1, away - 1))]

    away = long_run_mean(long_run_shares((0, 0), moves), lambda state: state[1])
    assert away == pytest.approx(2.25, rel=1e-5)
    assert away / rate == pytest.approx(37.5, rel=1e-5)


@given(st.integers(1, 4), st.integers(0, 8), st.floats(0.1, 3.0))
def test_same_as_limited_room(servers: int, seats: int, load: float) -> None:
    room = servers + seats
    shares = long_run_shares(
        0, lambda n: [(load, min(n + 1, room)), (min(n, servers), max(n - 1, 0))]
    )
    limited = mmck(load, 1, servers, room)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[room] == pytest.approx(limited.blocked_share)
    assert long_run_mean(shares, lambda n: n) == pytest.approx(limited.mean_inside)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 100 states"):
        long_run_shares(0, lambda n: [(1.0, n + 1), (2.0, max(n - 1, 0))], most_states=100)
    with pytest.raises(ValueError, match="no way back to 0"):
        long_run_shares(0, lambda n: [(1.0, 1)])
    assert long_run_shares("closed", lambda state: []) == {"closed": 1.0}
