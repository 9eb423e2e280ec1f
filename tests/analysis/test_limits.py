"""Limits, promised and by law: working days from the day after acceptance, a clock that stops."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.limits import Limits, workdays_between
from sim.clock import DAY, HOUR
from tests.assertions import assert_same_journal
from tests.laws.halls import told_tables
from tests.strategies import bundle, come, department, item, scenarios, small

DAYS = "{start: 2025-01-06, measured_days: 10}"
"""From a Monday; hall days are Monday to Friday."""


def limits(review: str, promised: str, more: str = "", **sections: str) -> Limits:
    """One case, handed in on Monday at 09:00, with one item."""
    matters = bundle(item("check", review, more), more=f"promised: {promised}")
    texts = {"run": DAYS, "demand": come("09:00"), **sections}
    return Limits(told_tables(small(matters=matters, **texts)))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (0, 0, 0),
        (0, 1, 1),
        (4, 7, 1),  # Friday to Monday
        (4, 6, 0),  # Friday to Sunday
        (5, 7, 1),  # Saturday to Monday
        (0, 14, 10),
    ],
)
def test_working_days_between(start: int, end: int, days: int) -> None:
    plan = told_tables(small(run=DAYS)).plan
    days_between = workdays_between(plan, np.array([start * DAY + 9 * HOUR]), np.array([end * DAY]))
    assert days_between.tolist() == [days]


def test_public_holidays_and_worked_week_ends() -> None:
    """30 September 2025 to 9 October: eight days off; Sunday 28 September is worked."""
    run = "{start: 2025-09-26, measured_days: 20, holidays: china}"
    somebody = "[{id: people, matter: errand, rate: 1 per h}]"
    plan = told_tables(small(run=run, demand=somebody)).plan
    friday, tuesday, thursday = (np.array([n * DAY]) for n in (0, 4, 13))
    assert workdays_between(plan, tuesday, thursday).tolist() == [1]
    assert workdays_between(plan, friday, tuesday).tolist() == [3]


def test_issued_on_the_day_of_acceptance_is_no_day() -> None:
    tally = limits("1 h", "1 wd")
    assert (tally.turnaround.tolist(), tally.promised.late.tolist()) == ([0], [False])


def test_in_time_on_the_last_day_and_late_on_the_next() -> None:
    """8 h and 16 h of review, 8 h a day: nine hours end on Tuesday, seventeen on Wednesday."""
    assert limits("9 h", "1 wd").promised.late.tolist() == [False]
    assert limits("17 h", "1 wd").promised.late.tolist() == [True]
    assert limits("17 h", "2 wd").promised.late.tolist() == [False]


def test_calendar_days() -> None:
    assert limits("9 h", "1 d").promised.late.tolist() == [True]  # 25 hours
    assert limits("9 h", "26 h").promised.late.tolist() == [False]


def test_a_limit_in_calendar_days_stops_with_the_clock() -> None:
    """Reviews of 60 and 60 minutes, and papers at home for 3 days, or results for as long."""
    mending = {
        "corrections": "{share: 0, at_most: 1, delay: 3 d, online: 1}",
        "online": "{department: office, precheck: 0 min}",
    }
    for most, is_late in (("120 min", False), ("119 min", True)):
        tally = limits("1 h", most, "correction_share: 1", **mending)
        assert tally.clock_ticks.tolist() == [2 * HOUR]
        assert tally.promised.late.tolist() == [is_late]
    for most, is_late in (("60 min", False), ("59 min", True)):
        tally = limits("1 h", most, "external: 3 d")
        assert tally.clock_ticks.tolist() == [HOUR]
        assert tally.promised.late.tolist() == [is_late]


def test_the_week_end_does_not_count() -> None:
    tally = limits("9 h", "1 wd", demand=come("4 09:00"))
    assert (tally.turnaround.tolist(), tally.promised.late.tolist()) == ([1], [False])


def test_an_external_span_stops_the_clock() -> None:
    tally = limits("1 h", "1 wd", "external: 3 wd")
    assert tally.turnaround.tolist() == [3]
    assert tally.clock.tolist() == [0]
    assert tally.promised.late.tolist() == [False]
    assert limits("1 h", "2 h", "external: 3 d").promised.late.tolist() == [False]


def test_mending_papers_stops_the_clock() -> None:
    """One review of an hour, three days at home, and a second one of the same work."""
    mending = "{share: 0, at_most: 1, delay: 3 d, online: 1}"
    sections = {
        "corrections": mending,
        "online": "{department: office, precheck: 0 min}",
    }
    tally = limits("1 h", "1 wd", "correction_share: 1", **sections)
    assert tally.turnaround.tolist() == [3]
    assert tally.clock.tolist() == [0]
    assert tally.promised.late.tolist() == [False]


def test_spans_at_the_same_time_stop_it_once() -> None:
    """Two external spans of 2 and 4 working days side by side, then a review into the next day."""
    matters = bundle(
        item("one", "0 min", "external: 2 wd"),
        item("two", "0 min", "external: 4 wd"),
        item("last", "9 h", "after: [one, two]", "other"),
        more="promised: 1 wd",
    )
    departments = f"[{department('office')}, {department('other')}]"
    text = small(run=DAYS, matters=matters, departments=departments, demand=come("09:00"))
    tally = Limits(told_tables(text))
    assert tally.turnaround.tolist() == [5]
    assert tally.clock.tolist() == [1]
    assert tally.promised.late.tolist() == [False]


def test_an_open_case_is_late_once_its_limit_has_passed() -> None:
    late, not_yet = limits("200 h", "5 wd"), limits("200 h", "20 wd")
    assert (late.promised.late.tolist(), late.promised.decided.tolist()) == ([True], [True])
    assert (not_yet.promised.late.tolist(), not_yet.promised.decided.tolist()) == ([False], [False])


def test_no_promise_is_never_late() -> None:
    text = small(run=DAYS, matters=bundle(item("check", "30 h")), demand=come("09:00"))
    tally = Limits(told_tables(text))
    assert (
        tally.promised.stated.tolist(),
        tally.promised.late.tolist(),
        tally.promised.decided.tolist(),
    ) == (
        [False],
        [False],
        [False],
    )


def test_nobody_accepted() -> None:
    text = small(
        matters=bundle(item("check", "1 h"), more="promised: 1 wd"),
        demand=come("17:30"),
        applicants="{unserved: {returns: 0, lost: 1}}",
    )
    tally = Limits(told_tables(text))
    assert (tally.turnaround.tolist(), tally.promised.stated.tolist()) == ([0], [False])


# === what the law allows === #


def test_both_limits_are_held_against_one_clock() -> None:
    """Nineteen hours of review end on Wednesday, the second working day."""
    tally = limits("19 h", "1 wd, statutory: 2 wd")
    assert tally.clock.tolist() == [2]
    assert (tally.promised.late.tolist(), tally.statutory.late.tolist()) == ([True], [False])


def test_external_spans_stop_the_clock_of_the_law_too() -> None:
    tally = limits("1 h", "1 wd, statutory: 1 wd", "external: 3 wd")
    assert tally.turnaround.tolist() == [3]
    assert tally.statutory.late.tolist() == [False]


def test_without_a_statutory_limit_there_is_nothing_to_count() -> None:
    tally = limits("30 h", "1 wd")
    assert (tally.statutory.stated.tolist(), tally.statutory.decided.tolist()) == ([False], [False])


def test_a_statutory_limit_needs_no_promise() -> None:
    matters = bundle(item("check", "19 h"), more="statutory: 1 wd")
    tally = Limits(told_tables(small(run=DAYS, matters=matters, demand=come("09:00"))))
    assert tally.promised.stated.tolist() == [False]
    assert tally.statutory.late.tolist() == [True]


@settings(max_examples=15)
@given(scenarios(), st.sampled_from([0, 1, 3]), st.sampled_from(["wd", "d"]))
def test_the_law_allows_no_less_than_the_promise(text: str, more: int, unit: str) -> None:
    """Kept promises are kept limits; limits that are equal are kept alike, case by case."""
    bare = re.sub(r"(promised|statutory): \d+ w?d, ", "", text)
    both = f"promised: 1 {unit}, statutory: {1 + more} {unit}, on_rejection"
    tally = Limits(told_tables(bare.replace("on_rejection", both)))
    promised, statutory = tally.promised, tally.statutory
    np.testing.assert_array_equal(promised.stated, statutory.stated)
    assert (statutory.late <= promised.late).all()
    assert (statutory.decided <= promised.decided).all()
    if more == 0:
        np.testing.assert_array_equal(promised.late, statutory.late)
        np.testing.assert_array_equal(promised.decided, statutory.decided)


@settings(max_examples=10)
@given(scenarios())
def test_what_the_law_allows_changes_nobody_s_case(text: str) -> None:
    """Reviewers go by the promise: the same journal with and without statutory limits."""
    bare = re.sub(r"statutory: \d+ w?d, ", "", text)
    assert_same_journal(told_tables(text).journal, told_tables(bare).journal)
