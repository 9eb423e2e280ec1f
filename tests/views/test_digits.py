"""What is printed says what was judged: rounding never moves an interval over zero or a size."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.judge import judge
from sim.text import load_text
from sim.views.values import number_of, shown_scale, size_words

EN = load_text("en")
UNITS = {"min": 1.0, "share": 0.01, "wd": 0.1, "yuan_per_day": 120.0}


def printed(estimate: Estimate) -> Estimate:
    """An estimate with the numbers that a reader sees."""
    scale = shown_scale(estimate.unit)
    words = re.sub(r"(?<=\d),(?=\d)", "", number_of(estimate, EN).replace("−", "-"))
    numbers = re.findall(r"-?\d+\.?\d*", words)
    mean, low, high = (float(value) / scale for value in (numbers if "[" in words else 3 * numbers))
    return estimate._replace(interval=Interval(mean, low, high, estimate.interval.n))


def drawn(unit: str, mean: float, half: float, lean: float) -> Estimate:
    """An estimate that lies, in the size that matters, so far off and is so wide."""
    size = UNITS[unit]
    low, high = mean - half * lean, mean + half
    return Estimate("m", unit, "low", Interval(size * mean, size * low, size * high, 20), size)


FINE = st.integers(-3_000_000, 3_000_000).map(lambda n: n / 1_000_000)
"""Far finer than what is ever printed."""
ESTIMATES = st.builds(
    drawn, st.sampled_from(sorted(UNITS)), FINE, FINE.map(abs), st.sampled_from([1.0, 0.3, 1.001])
)


@given(ESTIMATES)
def test_the_printed_interval_is_judged_as_the_exact_one(estimate: Estimate) -> None:
    assert judge(printed(estimate)) == judge(estimate)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0001, 0.006, "0.0031 [0.0001, 0.0060]"),  # three decimals would touch zero
        (0.000, 0.006, "0.003 [0.000, 0.006]"),  # touches it
        (-0.006, -0.0001, "−0.0031 [−0.0060, −0.0001]"),
        (0.996, 3.0, "1.998 [0.996, 3.000]"),  # 1.00 would reach the size
        (1.0, 3.0, "2.0 [1.0, 3.0]"),
    ],
)
def test_no_interval_is_printed_as_touching_what_it_does_not_touch(
    low: float, high: float, words: str
) -> None:
    estimate = Estimate("m", "min", "low", Interval((low + high) / 2, low, high, 20), 1.0)
    assert number_of(estimate, EN) == words


def test_bounds_without_width_are_left_out() -> None:
    cut = Estimate("m", "share", "high", Interval(0.83, 0.83, 0.83, 20))
    assert number_of(cut, EN, 0) == "83"


@pytest.mark.parametrize(
    ("unit", "size", "words"),
    [
        ("min", 1.0, "1 min"),
        ("share", 0.005, "0.5 percentage points"),
        ("yuan_per_day", 12_345.6, None),
    ],
)
def test_a_size_is_written_plainly(unit: str, size: float, words: str | None) -> None:
    estimate = Estimate("m", unit, "low", Interval(0.0, 0.0, 0.0, 20), size)
    assert size_words(estimate, EN) == words or (
        words is None and "12,346" in size_words(estimate, EN)
    )
