"""Promised limits, in working days from the day after acceptance, with a clock that stops."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.limits import Limits, workdays_between
from sim.clock import DAY, HOUR
from tests.laws.halls import told_tables
from tests.strategies import bundle, come, department, item, small

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
    found = workdays_between(plan, np.array([start * DAY + 9 * HOUR]), np.array([end * DAY]))
    assert found.tolist() == [days]


def test_public_holidays_and_worked_week_ends() -> None:
    """30 September 2025 to 9 October: eight days off; Sunday 28 September is worked."""
    run = "{start: 2025-09-26, measured_days: 20, holidays: china}"
    somebody = "[{id: people, matter: errand, rate: 1 per h}]"
    plan = told_tables(small(run=run, demand=somebody)).plan
    friday, tuesday, thursday = (np.array([n * DAY]) for n in (0, 4, 13))
    assert workdays_between(plan, tuesday, thursday).tolist() == [1]
    assert workdays_between(plan, friday, tuesday).tolist() == [3]


def test_issued_on_the_day_of_acceptance_is_no_day() -> None:
    found = limits("1 h", "1 wd")
    assert (found.turnaround.tolist(), found.late.tolist()) == ([0], [False])


def test_in_time_on_the_last_day_and_late_on_the_next() -> None:
    """8 h and 16 h of review, 8 h a day: nine hours end on Tuesday, seventeen on Wednesday."""
    assert limits("9 h", "1 wd").late.tolist() == [False]
    assert limits("17 h", "1 wd").late.tolist() == [True]
    assert limits("17 h", "2 wd").late.tolist() == [False]


def test_calendar_days() -> None:
    assert limits("9 h", "1 d").late.tolist() == [True]  # 25 hours
    assert limits("9 h", "26 h").late.tolist() == [False]


def test_the_week_end_does_not_count() -> None:
    found = limits("9 h", "1 wd", demand=come("4 09:00"))
    assert (found.turnaround.tolist(), found.late.tolist()) == ([1], [False])


def test_an_external_span_stops_the_clock() -> None:
    found = limits("1 h", "1 wd", "external: 3 wd")
    assert found.turnaround.tolist() == [3]
    assert found.clock.tolist() == [0]
    assert found.late.tolist() == [False]
    assert limits("1 h", "2 h", "external: 3 d").late.tolist() == [False]


def test_mending_papers_stops_the_clock() -> None:
    """One review of an hour, three days at home, and a second one of the same work."""
    mending = "{share: 0, at_most: 1, delay: 3 d, online: 1}"
    sections = {
        "corrections": mending,
        "online": "{department: office, precheck: 0 min}",
    }
    found = limits("1 h", "1 wd", "correction_share: 1", **sections)
    assert found.turnaround.tolist() == [3]
    assert found.clock.tolist() == [0]
    assert found.late.tolist() == [False]


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
    found = Limits(told_tables(text))
    assert found.turnaround.tolist() == [5]
    assert found.clock.tolist() == [1]
    assert found.late.tolist() == [False]


def test_an_open_case_is_late_once_its_limit_has_passed() -> None:
    late, not_yet = limits("200 h", "5 wd"), limits("200 h", "20 wd")
    assert (late.late.tolist(), late.decided.tolist()) == ([True], [True])
    assert (not_yet.late.tolist(), not_yet.decided.tolist()) == ([False], [False])


def test_no_promise_is_never_late() -> None:
    text = small(run=DAYS, matters=bundle(item("check", "30 h")), demand=come("09:00"))
    found = Limits(told_tables(text))
    assert (found.promised.tolist(), found.late.tolist(), found.decided.tolist()) == (
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
    found = Limits(told_tables(text))
    assert (found.turnaround.tolist(), found.promised.tolist()) == ([0], [False])
