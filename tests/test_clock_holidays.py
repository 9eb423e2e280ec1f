"""Public holidays: what is published, and what the law fixes for years to come."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from sim import clock


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", range(2014, clock.last_known_year() + 1))
def test_statutory_days_are_published_ones(year: int) -> None:
    """What moon, sun and law say was a day off in every year known, but for two that came later.

    New Year's Eve and the 2nd of May are days off by law since 2025.
    """
    missing = [
        day
        for day in clock.statutory_days(year)
        if not chinese_calendar.is_holiday(day) and not (year < 2025 and day.month in {1, 2, 5})
    ]
    made_up = [day for day in missing if day.weekday() < 5]
    # made up for on another day than the next working one: only their number is law
    assert len(missing) == len(made_up) <= 3


@pytest.mark.parametrize("year", range(2025, clock.last_known_year() + 1))
def test_a_year_has_as_many_working_days_as_published(year: int) -> None:
    """However they are moved: make-up days take back what joins the holidays."""
    published = sum(clock.workday(day, "china") for day in days_of(year))
    by_law = sum(
        day.weekday() < 5 and day not in clock.statutory_days(year) for day in days_of(year)
    )
    assert by_law == published


def test_years_to_come() -> None:
    """2027: the spring festival from its eve on, two of its days on a week-end; nobody makes up."""
    free = " ".join(f"{day:%m%d}" for day in days_of(2027) if clock.holiday(day, "china"))
    spring = "0205 0206 0207 0208 0209 0210"
    assert free == (f"0101 {spring} 0405 0501 0502 0503 0504 0609 0915 1001 1002 1003 1004 1005")
    assert not any(clock.makeup_day(day, "china") for day in days_of(2027))
    assert not any(clock.holiday(day, "none") for day in days_of(2027))
