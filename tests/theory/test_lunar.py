"""The lunar calendar, against festivals whose lunar date is their definition."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from sim.theory import lunar_day

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
