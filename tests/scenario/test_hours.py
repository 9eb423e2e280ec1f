"""Hours of calendars, rosters and profiles: what lies in what, what overlaps, how long it is."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import DAY, HOUR, MINUTE, Hours
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.hours import hall_dates, weekly_hours
from sim.scenario.intervals import is_inside, join_hours
from sim.scenario.load import scenario_from_text
from sim.scenario.roster_checks import outside_hours, wrong_roster
from tests.strategies import small, windows

spans = st.lists(
    st.tuples(st.integers(0, 47), st.integers(1, 12)).map(
        lambda pair: Hours(pair[0] * HOUR // 2, min((pair[0] + pair[1]) * HOUR // 2, DAY))
    ),
    max_size=6,
).map(sorted)
SLOTS = [Hours(n * HOUR // 4, (n + 1) * HOUR // 4) for n in range(96)]
"""Quarters of an hour, finer than what is drawn."""


def covered(hours: list[Hours]) -> list[bool]:
    """Which quarters of an hour are in any of the intervals."""
    return [
        any(span.start < slot.end and slot.start < span.end for span in hours) for slot in SLOTS
    ]


@given(spans)
def test_joined_intervals_cover_the_same_and_do_not_touch(hours: list[Hours]) -> None:
    spans = join_hours(hours)
    assert covered(spans) == covered(hours)
    assert all(span.end < following.start for span, following in pairwise(spans))


@given(spans, st.integers(0, 47), st.integers(1, 12))
def test_inside_is_covered_by_one_interval(hours: list[Hours], start: int, length: int) -> None:
    duty = Hours(start * HOUR // 2, min((start + length) * HOUR // 2, DAY))
    of_duty = [slot for slot, at in zip(SLOTS, covered([duty]), strict=True) if at]
    whole = all(covered(hours)[SLOTS.index(slot)] for slot in of_duty)
    assert is_inside(duty, join_hours(hours)) == whole


def test_a_duty_may_fill_its_interval() -> None:
    morning = Hours(9 * HOUR, 12 * HOUR)
    assert is_inside(morning, [morning])
    assert not is_inside(Hours(9 * HOUR - 1, 12 * HOUR), [morning])
    assert not is_inside(Hours(9 * HOUR, 12 * HOUR + 1), [morning])
    assert not is_inside(morning, [])


LUNCH = "[{id: day, weekly: {mon-thu: [09:00-12:00, 13:00-17:30], fri: [09:00-12:00]}}]"


def clerk_hours(groups: str, calendars: str = LUNCH) -> float:
    """Hours a week of one layout."""
    scenario = scenario_from_text(small(calendars=calendars, layouts=windows(groups)))
    return weekly_clerk_hours(scenario, scenario.layouts[0])


@pytest.mark.parametrize(
    ("clerks", "hours"),
    [
        ("2", 2 * (4 * 7.5 + 3)),
        ("{00:00-24:00: 2}", 2 * (4 * 7.5 + 3)),  # over lunch nobody is on duty
        ("{09:00-12:00: 1, mon-thu 13:00-15:00: 3}", 5 * 3 + 4 * 3 * 2),
        ("{mon 09:00-12:00: 4}", 12),
        ("{mon 10:00-11:30: 4, fri 09:00-10:00: 1}", 7),
    ],
)
def test_weekly_hours_of_clerks(clerks: str, hours: float) -> None:
    assert clerk_hours(f"id: window, serves: [errand], clerks: {clerks}") == pytest.approx(hours)


def test_week_of_a_calendar() -> None:
    scenario = scenario_from_text(small(calendars=LUNCH))
    week = weekly_hours(scenario.calendars[0])
    assert sorted(week) == [0, 1, 2, 3, 4]
    assert week[0] == (Hours(9 * HOUR, 12 * HOUR), Hours(13 * HOUR, 17 * HOUR + 30 * MINUTE))
    assert week[4] == (Hours(9 * HOUR, 12 * HOUR),)


@pytest.mark.parametrize(
    ("run", "days"),
    [
        ("measured_days: 1", ["01-06"]),
        ("measured_days: 5", ["01-06", "01-07", "01-08", "01-09", "01-10"]),
        ("measured_days: 2, warmup_days: 4", [f"01-{n:02d}" for n in (6, 7, 8, 9, 10, 13)]),
        ("measured_days: 1, followup_days: 5", [f"01-{n:02d}" for n in (6, 7, 8, 9, 10, 13)]),
        (
            "measured_days: 1, warmup_days: 1, followup_days: 1",
            ["01-06", "01-07", "01-08"],
        ),
    ],
)
def test_days_of_a_run_are_days_on_which_the_hall_opens(run: str, days: list[str]) -> None:
    scenario = scenario_from_text(small(run=f"{{start: 2025-01-06, {run}}}"))
    assert hall_dates(scenario) == [date.fromisoformat(f"2025-{day}") for day in days]


def test_closed_days_are_left_out() -> None:
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, closed: [2025-01-07]}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    scenario = scenario_from_text(small(calendars=calendars, run=run))
    assert hall_dates(scenario) == [date(2025, 1, 6), date(2025, 1, 8)]


def overlaps(*keys: str) -> list[tuple[str, str]]:
    """Where a roster overlaps itself, and with what."""
    findings = wrong_roster(("clerks",), dict.fromkeys(keys, 1))
    return [(str(finding.path[-1]), finding.found) for finding in findings]


def test_overlapping_duties_are_told_once_at_the_second() -> None:
    assert overlaps("09:00-12:00", "12:00-13:00") == []
    assert overlaps("09:00-12:00", "11:59-13:00") == [("11:59-13:00", "09:00-12:00, 11:59-13:00")]
    assert overlaps("11:59-13:00", "09:00-12:00") == [("09:00-12:00", "11:59-13:00, 09:00-12:00")]
    assert overlaps("mon 09:00-12:00", "tue 11:00-13:00") == []
    assert overlaps("mon-wed 09:00-12:00", "tue-fri 11:00-13:00") == [
        ("tue-fri 11:00-13:00", "09:00-12:00, 11:00-13:00")
    ]


def test_more_clerks_than_windows() -> None:
    roster = {"09:00-12:00": 3, "13:00-17:00": 2}
    assert [problem.code for problem in wrong_roster(("clerks",), roster, 3)] == []
    [problem] = wrong_roster(("clerks",), roster, 2)
    assert (problem.code, problem.found, problem.allowed) == (
        "more_clerks_than_windows",
        "3",
        "≤ 2",
    )
    assert problem.path == ("clerks", "09:00-12:00")
    assert [problem.found for problem in wrong_roster(("clerks",), roster, 1)] == ["3", "2"]


def shut(*keys: str) -> list[tuple[str, str]]:
    """Duties at hours at which the hall is closed, and the hours that are allowed."""
    scenario = scenario_from_text(small(calendars=LUNCH))
    open_ = DatedHours(scenario.calendars[0])
    findings = outside_hours("roster_outside_hours", ("clerks",), dict.fromkeys(keys, 1), open_)
    return [(finding.found, finding.allowed) for finding in findings]


def test_duties_outside_the_hours() -> None:
    morning, day = "fri 09:00-12:00", "mon 09:00-12:00, 13:00-17:30"
    assert shut("00:00-24:00", "09:00-12:00", "mon-thu 13:00-17:30") == []
    assert shut("mon 08:59-12:00") == [("mon 08:59-12:00", day)]
    assert shut("mon 13:00-17:31") == [("mon 13:00-17:31", day)]
    assert shut("mon 11:00-14:00") == [("mon 11:00-14:00", day)]  # lunch lies between
    assert shut("mon-fri 13:00-17:30") == [("mon-fri 13:00-17:30", morning)]
    assert shut("sat 09:00-12:00") == [("sat 09:00-12:00", "sat -")]
    assert shut("13:00-17:30") == [("13:00-17:30", morning)]
