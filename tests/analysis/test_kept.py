"""A promise is kept for certain only where its whole interval is on the good side."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.intervals import Interval
from sim.analysis.kept import KeptVerdict, count_verdicts, kept_verdict

SHARES = st.floats(0.0, 1.0)


@given(level=SHARES, ends=st.tuples(SHARES, SHARES, SHARES))
def test_at_most_is_at_least_the_other_way_round(
    level: float, ends: tuple[float, float, float]
) -> None:
    low, mean, high = sorted(ends)
    as_it_is = kept_verdict(Interval(mean, low, high, 20), level, "high")
    turned = kept_verdict(Interval(-mean, -high, -low, 20), -level, "low")
    assert as_it_is == turned
    assert as_it_is.startswith("seems_") == (min(low, mean) < level <= high)


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.9, "kept"), (0.95, "kept"), (math.nextafter(0.9, 0), "broken")]
)
def test_a_share_that_never_varies_is_sure(share: float, verdict: KeptVerdict) -> None:
    """Exactly what is promised keeps the promise."""
    assert kept_verdict(Interval(share, share, share, 20), 0.9, "high") == verdict


def test_one_replication_is_never_sure() -> None:
    without = [Interval(share, math.nan, math.nan, 1) for share in (0.99, 0.5)]
    verdicts = [kept_verdict(interval, 0.9, "high") for interval in without]
    assert verdicts == ["seems_kept", "seems_broken"]


def test_where_nobody_came_nothing_is_judged() -> None:
    nobody = Interval(math.nan, math.nan, math.nan, 20)
    counts = count_verdicts([kept_verdict(nobody, 0.9, "high"), "seems_broken", "broken", "kept"])
    assert (counts.nobody, counts.judged, counts.broken) == (1, 3, 2)
