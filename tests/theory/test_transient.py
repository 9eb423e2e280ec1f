"""The exact hall day against published and independently computed days, and its limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.theory import Slot, hall_day, mmc, mmc_wait_tail

HALL_DAY = [20, 34, 46, 52, 48, 40, 30, 24, 22, 30, 40, 44, 40, 30, 22, 14]  # an hour
WITHIN_15 = [
    *(0.999908, 0.990446, 0.883579, 0.593835, 0.358737, 0.305469, 0.394447, 0.579862),
    *(0.765825, 0.86201, 0.846409, 0.725678, 0.621837, 0.665494, 0.810013, 0.933381),
]


def half_hours(per_hour: list[int], servers: int, factor: float = 1.0) -> list[Slot]:
    return [Slot(30, factor * rate / 60, servers) for rate in per_hour]


def test_day_of_six_windows() -> None:
    """Method of Ingolfsson et al. 2007; case hall-day-a."""
    day = hall_day(half_hours(HALL_DAY, 6), 9, within=15)
    assert day.mean_wait == pytest.approx(12.0528, rel=1e-5)
    assert day.overrun == pytest.approx(14.8465, rel=1e-5)
    assert day.mean_arrivals == pytest.approx(268)
    assert day.inside_at_close == pytest.approx(3.35459, rel=1e-5)
    assert day.within_share == pytest.approx(0.680236, rel=1e-5)
    assert day.within_by_slot == pytest.approx(np.array(WITHIN_15), abs=1e-6)
    assert day.within_by_slot.argmin() == 5


def test_three_go_home() -> None:
    """Ingolfsson et al. 2007; case shift-change-a: whoever is busy finishes the person in hand."""
    day = hall_day([Slot(120, 0.55, 8), Slot(120, 0.55, 5)], 12, at=[130, 240])
    assert day.moments[0].queue == pytest.approx(4.65807, rel=1e-5)
    assert day.moments[0].extra == pytest.approx(0.0482729, rel=1e-5)
    assert day.waited_open == pytest.approx(1525.69, rel=1e-5)
    assert day.moments[1].inside == pytest.approx(24.8791, rel=1e-5)
    assert day.moments[1].inside == pytest.approx(day.inside_at_close)


@pytest.mark.parametrize(
    ("tellers", "mean_wait", "overrun"),
    [(4, 35.9368, 75.4062), (5, 5.4421, 15.6134), (6, 1.2058, 10.4606), (7, 0.378957, 9.68381)],
)
def test_bank_with_jockeying(tellers: int, mean_wait: float, overrun: float) -> None:
    """Law, Simulation Modeling and Analysis; case law-bank-a: the mean is that of one queue."""
    day = hall_day([Slot(480, 1, tellers)], 4.5)
    assert day.mean_wait == pytest.approx(mean_wait, rel=1e-5)
    assert day.overrun == pytest.approx(overrun, rel=1e-5)


def test_bank_of_five_tellers() -> None:
    """Law, ch. 9, and 1500 recomputed days: 2.04±.07 min, .857±.006 in 5 min, ends 8.165±.005 h."""
    day = hall_day([Slot(480, 1, 5)], 4, within=5)
    assert day.mean_wait == pytest.approx(2.04, abs=0.07)
    assert day.within_share == pytest.approx(0.857, abs=0.006)
    assert 8 + day.overrun / 60 == pytest.approx(8.165, abs=0.005)
    assert day.mean_wait < mmc(1, 4, 5).mean_wait  # it starts empty


def test_one_window_fills() -> None:
    """Abate & Whitt 1987; case transient-a."""
    day = hall_day([Slot(120, 0.09, 1)], 10, at=[30, 120])
    inside = [moment.inside for moment in day.moments]
    assert inside == pytest.approx([1.30188, 2.77013], rel=1e-5)


def test_quiet_and_busy_days() -> None:
    """Case busy-day-a: rates times .8 or 1.2, a visitor's mean wait."""
    days = [hall_day(half_hours(HALL_DAY, 6, factor), 9) for factor in (0.8, 1.2)]
    waited = sum(day.mean_arrivals * day.mean_wait for day in days)
    assert waited / sum(day.mean_arrivals for day in days) == pytest.approx(22.3084, rel=1e-5)


def test_smallest_constant_staffing() -> None:
    """Case staff-const-a: 8 windows for 90 % in 15 minutes in every half hour."""
    rates = [18, 30, 40, 46, 44, 34, 26, 24, 30, 38, 34, 22]
    worst = [
        float(hall_day(half_hours(rates, windows), 9, within=15).within_by_slot.min())
        for windows in (7, 8)
    ]
    assert worst == pytest.approx([0.87237, 0.971985], rel=1e-5)


def test_long_day_is_the_steady_state() -> None:
    day = hall_day([Slot(900, 0.4, 6), Slot(60, 0.4, 6)], 10, within=15, at=[900])
    steady = mmc(0.4, 10, 6)
    assert day.wait_by_slot[1] == pytest.approx(steady.mean_wait, rel=1e-6)
    assert day.within_by_slot[1] == pytest.approx(1 - mmc_wait_tail(15, 0.4, 10, 6), rel=1e-6)
    assert day.moments[0].queue == pytest.approx(steady.mean_queue, rel=1e-6)


def test_cutting_slots_changes_nothing() -> None:
    whole = hall_day([Slot(60, 0.8, 3), Slot(60, 0.3, 2)], 5, within=7)
    cut = hall_day([Slot(20, 0.8, 3), Slot(40, 0.8, 3), Slot(60, 0.3, 2)], 5, within=7)
    assert cut.mean_wait == pytest.approx(whole.mean_wait)
    assert cut.within_share == pytest.approx(whole.within_share)
    assert cut.overrun == pytest.approx(whole.overrun)


def test_windows_that_open_late() -> None:
    """People gather for half an hour before anybody serves: nobody is called before that."""
    day = hall_day([Slot(30, 0.2, 0), Slot(30, 0.0, 50)], 5, within=10, at=[30])
    assert day.moments[0].queue == pytest.approx(6)
    assert day.mean_wait == pytest.approx(15, rel=1e-6)
    assert day.within_share == pytest.approx(1 / 3, rel=1e-6)
    assert math.isnan(day.wait_by_slot[1])


slots = st.lists(
    st.builds(Slot, st.floats(5, 40), st.floats(0, 1.0), st.integers(0, 4)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=10)
@given(slots, st.floats(0, 30))
def test_two_ways_to_count_waiting(slots: list[Slot], within: float) -> None:
    """Waiting seen by those inside (Little) equals waiting met by those who come."""
    day = hall_day(slots, 6, within, closing_servers=2)
    people = np.array([slot.length * slot.arrival_rate for slot in slots])
    met = float(people @ np.nan_to_num(day.wait_by_slot))
    assert met == pytest.approx(day.waited_open + day.waited_after, rel=1e-5, abs=1e-6)


@settings(max_examples=6)
@given(slots)
def test_another_officer_never_hurts(slots: list[Slot]) -> None:
    more = [slot._replace(servers=slot.servers + 1) for slot in slots]
    fewer_day, more_day = (hall_day(day, 6, 5, closing_servers=2) for day in (slots, more))
    people = fewer_day.mean_arrivals
    if people:
        assert more_day.mean_wait <= fewer_day.mean_wait + 1e-8
        assert more_day.within_share >= fewer_day.within_share - 1e-8


def test_nobody_comes() -> None:
    day = hall_day([Slot(60, 0, 2)], 5, at=[0])
    assert math.isnan(day.mean_wait)
    assert (day.overrun, day.inside_at_close, day.moments[0].queue) == (0, 0, 0)


def test_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="slots: found none"):
        hall_day([], 5)
    with pytest.raises(ValueError, match="closing_servers: found 0"):
        hall_day([Slot(60, 1, 0)], 5)
    with pytest.raises(ValueError, match="at: found 90; allowed is 0 to 60"):
        hall_day([Slot(60, 1, 2)], 5, at=[90])
    with pytest.raises(ValueError, match="within: found -1"):
        hall_day([Slot(60, 1, 2)], 5, within=-1)
    with pytest.raises(ValueError, match="slot arrival_rate: found -1"):
        hall_day([Slot(60, -1, 2)], 5)
