"""Spans that the law or outsiders take after a review: no reviewer, and working days if so said."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import DAY
from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    bundle,
    come,
    crowd,
    item,
    scenarios,
    small,
    tell,
)

CHINA = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, holidays: china}]"


def span(external: str, review: str = "30 min", **sections: str) -> list[str | None]:
    """When cases with one item end."""
    matters = bundle(item("x", review, f"external: {external}"))
    return tell(small(matters=matters, **sections)).closed


def test_after_the_review() -> None:
    """The span begins when the review ends and counts through closed hours."""
    assert span("3 h") == ["12:30"]
    assert span("13 h") == ["22:30"]


def test_uses_no_reviewer() -> None:
    """Spans of several cases run side by side; only the reviews queue."""
    assert span("3 h", demand=come("09:00", "09:00")) == ["12:30", "13:00"]


def test_calendar_days() -> None:
    """Calendar days count weekends."""
    run = "{start: 2025-01-10, measured_days: 5}"
    demand = "[{id: people, matter: errand, at: [2025-01-10T09:00:00]}]"
    assert span("2 d", run=run, demand=demand) == ["2 09:30"]


def test_working_days() -> None:
    """Working days do not: from Friday three working days end on Wednesday, same time of day."""
    run = "{start: 2025-01-10, measured_days: 5}"
    demand = "[{id: people, matter: errand, at: [2025-01-10T09:00:00]}]"
    assert span("3 wd", run=run, demand=demand) == ["5 09:30"]


def test_over_the_holidays() -> None:
    """From 29 September 2025 three working days end on 10 October: the 1st to the 8th are free."""
    run = "{start: 2025-09-29, measured_days: 6, holidays: china}"
    demand = "[{id: people, matter: errand, at: [2025-09-29T09:00:00]}]"
    assert span("3 wd", run=run, demand=demand, calendars=CHINA) == ["11 09:30"]


def test_worked_saturday() -> None:
    """The Saturday worked after the holidays counts as a working day: 11 October 2025."""
    run = "{start: 2025-10-10, measured_days: 3, holidays: china}"
    demand = "[{id: people, matter: errand, at: [2025-10-10T09:00:00]}]"
    assert span("1 wd", run=run, demand=demand, calendars=CHINA) == ["1 09:30"]


def test_uniform() -> None:
    """A uniform span of working days takes every whole number between its bounds alike."""
    matters = bundle(item("x", "0 min", "external: {law: uniform, low: 2 wd, high: 4 wd}"))
    day = tell(small(matters=matters, demand=come(*["09:00"] * 300)))
    counts = [int((day.tape.items.external_workdays == n).sum()) for n in range(6)]
    assert [counts[0], counts[1], counts[5]] == [0, 0, 0]
    # 100 expected of each, standard deviation √(300 × 1/3 × 2/3) = 8.2
    assert all(abs(count - 100) < 3 * 8.2 for count in counts[2:5])


def test_no_review_only_a_span() -> None:
    """An item may be nothing but a span."""
    assert span("20 min", review="0 min") == ["09:20"]


def test_beyond_the_run() -> None:
    """A span that ends after the run leaves the case open."""
    assert span("30 d") == [None]


@FEW
@given(scenarios(), st.sampled_from(["0 wd", "0 min"]))
def test_a_span_of_no_length_is_none(text: str, span: str) -> None:
    """In any hall."""
    external = "matters.*.items.*.external"
    assert_same_day(altered(text, (external, span)), altered(text, (external, None)))


@FEW
@given(MINUTES, st.integers(0, 4), st.integers(0, 4))
def test_a_longer_span_delays_a_case_by_itself(gaps: list[int], days: int, more: int) -> None:
    """It uses no reviewer: everybody's result comes later by the difference, nobody's otherwise."""
    text = crowd(gaps, [0], matters=bundle(item("x", "7 min", f"external: {days} d")))
    text = altered(text, ("run.followup_days", 10))
    longer = altered(text, ("matters.*.items.*.external", f"{days + more} d"))
    short, long = tell(text).journal, tell(longer).journal
    np.testing.assert_array_equal(long.closed_at - short.closed_at, more * DAY)
    np.testing.assert_array_equal(long.started_at, short.started_at)
