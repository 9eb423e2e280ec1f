"""Sessions by appointment against the published recursion and its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory import appointment_session


def test_one_every_ten_minutes() -> None:
    """Bailey 1952, Pegden & Rosenshine 1990; case appt-a."""
    session = appointment_session(range(0, 120, 10), 8)
    assert session.mean_wait == pytest.approx(6.02764, rel=1e-5)
    assert session.waits[-1] == pytest.approx(9.15601, rel=1e-5)
    assert session.end_of_work == pytest.approx(127.156, rel=1e-5)


def test_block_of_four() -> None:
    assert appointment_session([0, 0, 0, 0], 5).waits == pytest.approx((0, 5, 10, 15))
    assert appointment_session([0, 0, 0], 5, show_share=0.5).waits == pytest.approx((0, 2.5, 5))


@given(st.lists(st.floats(0, 60), min_size=1, max_size=12).map(sorted), st.floats(0.1, 0.9))
def test_missed_appointments_shorten_waits(times: list[float], show_share: float) -> None:
    everybody, some = (appointment_session(times, 8, share) for share in (1.0, show_share))
    assert all(a <= b + 1e-9 for a, b in zip(some.waits, everybody.waits, strict=True))
    assert times[-1] <= some.end_of_work <= everybody.end_of_work + 1e-9
    assert everybody.end_of_work == pytest.approx(times[-1] + everybody.waits[-1] + 8)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        appointment_session([10, 0], 8)
    with pytest.raises(ValueError, match="show_share: found 0"):
        appointment_session([0], 8, show_share=0)
