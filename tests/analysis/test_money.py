"""Money both ways: sums by hand, and where a point begins to pay."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.analysis.money import (
    Accounts,
    PointMoney,
    Visit,
    break_even,
    break_even_value_of_time,
    saved_per_case,
)

yuan = st.floats(0, 500)
hours = st.floats(0, 10)
visits = st.builds(Visit, yuan, hours)
points = st.builds(
    PointMoney,
    st.floats(1, 1e5),
    st.floats(0, 20),
    st.floats(0, 3),
    st.floats(0, 3),
    st.floats(0, 50),
)


def break_even_cases(point: PointMoney, hall: Visit, near: Visit, value_of_time: float) -> float:
    """Cases a year from which a point saves both accounts together what it costs."""
    return break_even(point.yearly, saved_per_case(point, hall, near, value_of_time).both)


def year_of(
    point: PointMoney, hall: Visit, near: Visit, value_of_time: float, cases: float
) -> Accounts:
    """Yuan a year that a point saves each account."""
    saved = saved_per_case(point, hall, near, value_of_time)
    return Accounts(cases * saved.administration - point.yearly, cases * saved.residents)


def test_what_a_point_changes_by_hand() -> None:
    """One trip to it in place of one to the hall, unless told; each trip costs fare and time."""
    hall, near = Visit(38, 5), Visit(4, 1)
    assert saved_per_case(PointMoney(57_000), hall, near, 11) == (0, 38 + 55 - 4 - 11)
    point = PointMoney(57_000, per_case=3, avoided=2, visits=1.5, hall_saved=8)
    assert saved_per_case(point, hall, near, 11) == (8 - 3, 2 * (38 + 55) - 1.5 * (4 + 11))
    assert break_even_cases(point, hall, near, 11) == pytest.approx(57_000 / 168.5)
    assert year_of(point, hall, near, 11, 100) == (100 * 5 - 57_000, 100 * 163.5)
    # fares and clerks save 75 yuan a case; so do time's 8.5 hours at a worth that is left to find
    assert break_even_value_of_time(point, hall, near, 100) == pytest.approx(495 / 8.5)
    # what costs nothing more than fares save pays though time is worth nothing
    assert break_even_value_of_time(point, hall, near, 760) == 0
    assert break_even_value_of_time(point, hall, near, 759) > 0


def test_far_township_by_hand() -> None:
    """Tanghe to the seat of Lushi: 150 km and 5 hours, about 38 yuan of bus: 93 yuan a visit."""
    hall_visit = Visit(37.5, 5)
    nothing = Visit(0, 0)
    point = PointMoney(57_000)
    assert saved_per_case(point, hall_visit, nothing, 11).residents == 92.5
    assert break_even_cases(point, hall_visit, nothing, 11) == pytest.approx(57_000 / 92.5)


@given(points, visits, visits, st.floats(0, 60))
def test_at_break_even_both_accounts_cancel(
    point: PointMoney, hall: Visit, near: Visit, worth: float
) -> None:
    cases = break_even_cases(point, hall, near, worth)
    assume(math.isfinite(cases) and cases < 1e9)
    balance = year_of(point, hall, near, worth, cases).both
    assert balance == pytest.approx(0, abs=1e-6 * (point.yearly + cases))
    assert year_of(point, hall, near, worth, 2 * cases).both > 0


@given(points, visits, visits, st.floats(1, 1e4))
def test_the_value_of_time_at_which_it_pays(
    point: PointMoney, hall: Visit, near: Visit, cases: float
) -> None:
    worth = break_even_value_of_time(point, hall, near, cases)
    if worth == 0:
        assert year_of(point, hall, near, 0, cases).both >= -1e-6
    elif worth < 1e6:
        balance = year_of(point, hall, near, worth, cases).both
        assert balance == pytest.approx(0, abs=1e-6 * (1 + point.yearly + cases * worth))
    else:
        assert year_of(point, hall, near, 1_000, cases).both < 0


@given(points, visits, visits, st.floats(0, 60))
def test_a_cheaper_point_or_a_farther_hall_pays_sooner(
    point: PointMoney, hall: Visit, near: Visit, worth: float
) -> None:
    now = break_even_cases(point, hall, near, worth)
    cheaper = break_even_cases(point._replace(yearly=point.yearly / 2), hall, near, worth)
    farther = break_even_cases(point, hall._replace(hours=hall.hours + 1), near, worth)
    assert cheaper <= now
    assert farther <= now


def test_a_point_that_saves_nothing_never_pays() -> None:
    here = Visit(4, 1)
    assert break_even_cases(PointMoney(1), here, here, 11) == math.inf
    assert break_even_cases(PointMoney(0), here, here, 11) == 0
    assert break_even_value_of_time(PointMoney(1), here, here, 100) == math.inf
    assert break_even_value_of_time(PointMoney(0), here, here, 100) == 0


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="cases: found -1"):
        break_even_value_of_time(PointMoney(1), Visit(1, 1), Visit(1, 1), -1)
    with pytest.raises(ValueError, match="yearly: found -1"):
        break_even(-1, 1)
