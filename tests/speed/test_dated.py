"""A log is read as columns: time in proportion, and near what parsing it takes."""

from __future__ import annotations

from statistics import median
from typing import Final

import pytest

from tests.speed.dated import clerk_hours, dated, replay_days

pytestmark = pytest.mark.speed

MOST_TIMES: Final = 20.0
"""Over Arrow's parsing alone: three seconds for a million rows where that takes 0.15."""
MOST_TIMES_CLERKS: Final = 90.0
"""Twice what was measured: of rows that say who is on duty duties are made, window by window."""
MOST_TIMES_A_DAY: Final = 12.0
"""Twice what was measured for 183 days over one."""


def test_a_million_rows_take_little_more_than_parsing_them() -> None:
    assert median(dated(3)["times_parsed"]) < MOST_TIMES


def test_time_is_in_proportion_to_rows() -> None:
    """Ten times the rows, ten times the time at most: a run of as many days is in both."""
    few, many = (min(dated(3, n)["read_and_compiled_s"]) for n in (100_000, 1_000_000))
    assert many / few < 10


def test_a_year_of_clerks_by_the_half_hour_takes_little_more_than_parsing_them() -> None:
    """700,800 rows of forty groups: read, checked, summed to spans and compiled to duties."""
    assert median(clerk_hours(3)["times_parsed"]) < MOST_TIMES_CLERKS


def test_half_a_year_of_days_is_read_once() -> None:
    """183 days of a replay are one reading: a small multiple of one day's, not 183 of them."""
    assert min(replay_days(3)["times_one_day"]) < MOST_TIMES_A_DAY
