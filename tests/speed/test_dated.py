"""A log is read as columns: time in proportion, and near what parsing it takes."""

from __future__ import annotations

from statistics import median
from typing import Final

import pytest

from tests.speed.dated import dated

pytestmark = pytest.mark.speed

MOST_TIMES: Final = 20.0
"""Over Arrow's parsing alone: three seconds for a million rows where that takes 0.15."""


def test_a_million_rows_take_little_more_than_parsing_them() -> None:
    assert median(dated(3)["times_parsed"]) < MOST_TIMES


def test_time_is_in_proportion_to_rows() -> None:
    """Ten times the rows, ten times the time at most: a run of as many days is in both."""
    few, many = (min(dated(3, n)["read_and_compiled_s"]) for n in (100_000, 1_000_000))
    assert many / few < 10
