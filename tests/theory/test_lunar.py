"""The lunar calendar, against festivals whose lunar date is their definition."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from sim.theory import festivals, lunar_day

SPRING = ["2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22"]
SPRING += ["2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13"]
DRAGON_BOAT = ["2021-06-14", "2022-06-03", "2023-06-22", "2024-06-10", "2025-05-31", "2026-06-19"]
MID_AUTUMN = ["2020-10-01", "2021-09-21", "2022-09-10", "2023-09-29", "2024-09-17", "2025-10-06"]


@pytest.mark.parametrize(
    ("number", "days"), [(1, SPRING), (5, DRAGON_BOAT), (15, MID_AUTUMN)], ids=str
)
def test_festivals(number: int, days: list[str]) -> None:
    assert [lunar_day(date.fromisoformat(day)) for day in days] == [number] * len(days)


def test_months_have_29_or_30_days_in_a_row() -> None:
    first = date(1990, 1, 1)
    days = [lunar_day(first + timedelta(n)) for n in range(365 * 60)]
    ends = [day for day, after in pairwise(days) if after == 1]
    assert set(ends) == {29, 30}
    assert all(b in (a + 1, 1) for a, b in pairwise(days))
    assert len(days) / len(ends) == pytest.approx(29.530589, abs=0.05)


NEW_YEARS = (
    "2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19"
    " 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12 2041-02-01 2042-01-22"
    " 2043-02-10 2044-01-30 2045-02-17 2046-02-06 2047-01-26 2048-02-14 2049-02-02 2050-01-23"
)


@pytest.mark.parametrize("spring", NEW_YEARS.split())
def test_new_years_to_come(spring: str) -> None:
    """2033 has the leap month that simple rules put into the wrong winter."""
    assert str(festivals(int(spring[:4])).spring) == spring


def test_festivals_have_their_lunar_days() -> None:
    for year in range(1950, 2200):
        dates = festivals(year)
        days = [lunar_day(day) for day in (dates.spring, dates.dragon_boat, dates.mid_autumn)]
        assert days == [1, 5, 15]
        assert (dates.spring.month, dates.spring.day) >= (1, 20)
        assert dates.tomb_sweeping in {date(year, 4, day) for day in (4, 5, 6)}
