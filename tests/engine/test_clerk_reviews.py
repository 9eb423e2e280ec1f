"""Clerks at windows who review while nobody waits for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan
from sim.analysis.offered import offered_load
from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    bundle,
    come,
    department,
    item,
    scenarios,
    small,
    tell,
    windows,
)


def hall(*clocks: str, clerks: str = "1", review: str = "30 min", **sections: str) -> str:
    """Cases of ten minutes at the window and a review, which the clerk may do."""
    return small(
        matters=bundle(item("x", review), work="10 min"),
        demand=come(*clocks),
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}, reviews_for: office"),
        **sections,
    )


def test_an_idle_clerk_takes_what_the_reviewer_leaves() -> None:
    """Of two cases that are accepted at 09:20 the reviewer has the first in hand already."""
    day = tell(hall("09:00", "09:00"))
    # the reviewer takes the first at 09:10; at 09:20 nobody waits, and the clerk takes the second
    assert day.started == ["09:10", "09:20"]
    assert day.reviewed == ["09:40", "09:50"]
    assert day.journal.reviewer.tolist() == [-1, -2]


def test_a_review_in_hand_is_finished_first() -> None:
    """Who comes meanwhile waits for the clerk."""
    day = tell(hall("09:00", "09:00", "09:30"))
    assert day.called == ["09:00", "09:10", "09:50"]


def test_people_come_first() -> None:
    """While somebody waits, the clerk calls them and takes up no review."""
    day = tell(hall("09:00", "09:00", "09:00", "09:00", review="2 h"))
    assert day.started == ["09:10", "09:40", "11:10", "11:40"]
    assert day.journal.reviewer.tolist() == [-1, -2, -1, -2]


def test_the_clerk_reviews_while_the_department_is_closed() -> None:
    """A clerk's hours are those of the hall."""
    late = "{id: late, weekly: {mon-fri: [15:00-17:00]}}"
    calendars = f"[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}}}, {late}]"
    departments = department("office", 1).replace("hours: day", "hours: late")
    day = tell(hall("09:00", calendars=calendars, departments=f"[{departments}]"))
    assert (day.started, day.reviewed) == (["09:10"], ["09:40"])


def test_a_review_beyond_the_duty_is_finished() -> None:
    """As a visit is: the clerk goes when it is done."""
    day = tell(hall("09:00", "09:00", clerks="{09:00-10:00: 1, 13:00-17:00: 1}", review="3 h"))
    assert day.reviewed == ["12:10", "12:20"]


def test_a_survey_waits_for_the_department() -> None:
    """Clerks do not go out, nor check what comes online."""
    name = "{zh: 局, en: Office}"
    survey = f"[{department('office', 1)}, {{id: tax, name: {name}, reviewers: 1, hours: day}}]"
    text = small(
        matters=bundle(item("x", "30 min", "survey: {joined_by: [tax]}"), work="10 min"),
        demand=come("09:00", "09:00"),
        departments=survey,
        layouts=windows("id: window, serves: [errand], clerks: 2, reviews_for: office"),
    )
    day = tell(text)
    assert day.started == ["09:10", "09:40"]
    assert set(day.journal.reviewer.tolist()) == {-1}


def test_idle_hours_of_clerks_count_for_the_load_of_the_department() -> None:
    """Eight hours of a clerk, ten minutes of them at the window, beside eight of the reviewer."""
    scenario = scenario_from_text(hall("09:00"))
    loads = offered_load(compile_plan(scenario, "hall"))
    [load] = [load for load in loads if load.kind == "department"]
    assert load.staffed_hours == pytest.approx(16 - 1 / 6)


@FEW
@given(scenarios(), st.integers(0, 99))
def test_reviewers_enough_leave_clerks_nothing(text: str, seed: int) -> None:
    """With a reviewer for each review, always there, nothing changes but who is told.

    Nobody has waited since before the first date, in a hall that is open when it begins.
    """
    open_ = ("calendars.*.weekly", {"mon-sun": ["00:00-24:00"]})
    plain = altered(text, open_, ("departments.*.reviewers", 99), ("initial.waiting", None))
    helped = altered(plain, ("layouts.*.windows.*.reviews_for", "a"))
    assert_same_day(plain, helped, without=("reviewer",), seed=seed)
