"""Reviewers by the hour: rosters of departments, and what happens when a reviewer's hours end."""

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
    item,
    scenarios,
    small,
    tell,
)

DAYS = "{start: 2025-01-06, measured_days: 3}"


def office(roster: str, more: str = "") -> str:
    """One department with a roster; its calendar is 09:00-17:00 on working days."""
    tail = f", {more}" if more else ""
    name = "{zh: 局, en: Office}"
    return f"[{{id: office, name: {name}, hours: day, reviewers: {roster}{tail}}}]"


def reviews(law: str, roster: str, *clocks: str, more: str = "", items: str = "") -> str:
    return small(
        matters=bundle(item("x", law, items)),
        run=DAYS,
        demand=come(*clocks),
        departments=office(roster, more),
    )


def test_more_in_the_morning() -> None:
    """Two until noon, one afterwards: of two reviews that come at noon the second one waits."""
    day = tell(
        reviews("1 h", "{09:00-12:00: 2, 12:00-17:00: 1}", "11:00", "11:00", "12:00", "12:00")
    )
    assert day.started == ["11:00", "11:00", "12:00", "13:00"]
    assert day.journal.reviewer.tolist() == [0, 1, 0, 0]


def test_a_review_stays_with_its_reviewer() -> None:
    """Whose hours end takes the review up again when they come back; the other one goes on."""
    day = tell(reviews("1 h", "{09:00-12:00: 2, 12:00-17:00: 1}", "11:30", "11:30"))
    assert day.reviewed == ["12:30", "1 09:30"]


def test_finishes_beyond_the_roster() -> None:
    """With `at_close: finish` a reviewer goes home when the review in hand is done."""
    text = reviews(
        "1 h",
        "{09:00-12:00: 2, 12:00-17:00: 1}",
        "11:30",
        "11:30",
        "12:10",
        more="at_close: finish",
    )
    day = tell(text)
    assert (day.started, day.reviewed) == (["11:30", "11:30", "12:30"], ["12:30", "12:30", "13:30"])


def test_more_come_on() -> None:
    """Who waits is taken up in the instant at which one more comes on duty."""
    day = tell(reviews("3 h", "{09:00-10:00: 1, 10:00-17:00: 2}", "09:00", "09:00", "09:00"))
    assert day.started == ["09:00", "10:00", "12:00"]


def test_a_part_time_reviewer() -> None:
    """Somebody who comes on Wednesday alone: the review of Monday waits for them, and no longer."""
    day = tell(
        reviews("2 h", "{wed 09:00-10:00: 1}", "09:00"),
    )
    assert (day.started, day.reviewed) == (["2 09:00"], [None])


def test_nobody_in_some_hours() -> None:
    """Hours that the roster leaves out are closed hours, though the calendar is open."""
    day = tell(reviews("1 h", "{09:00-10:00: 1, 15:00-16:00: 1}", "09:30", "11:00"))
    assert (day.started, day.reviewed) == (["09:30", "15:30"], ["15:30", "1 09:30"])


def test_a_survey_by_people_with_rosters() -> None:
    """A joint survey waits until one of each department is on duty, and goes on beyond that."""
    name = "{zh: 局, en: Office}"
    departments = (
        f"[{{id: office, name: {name}, hours: day, reviewers: {{09:00-11:00: 2}}}},"
        f" {{id: tax, name: {name}, hours: day, reviewers: {{10:00-12:00: 1, 14:00-17:00: 1}}}}]"
    )
    text = small(
        matters=bundle(item("x", "90 min", "survey: {joined_by: [tax]}")),
        run=DAYS,
        demand=come("09:00"),
        departments=departments,
    )
    day = tell(text)
    assert (day.started, day.reviewed) == (["10:00"], ["11:30"])
    assert day.journal.reviewer.tolist() == [0]


def test_a_check_online_takes_a_reviewer_on_duty() -> None:
    """Who checks what comes through the net works by the roster too."""
    text = small(
        run=DAYS,
        departments=office("{10:00-12:00: 1}"),
        online="{department: office, precheck: 90 min}",
        demand="[{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:00:00],"
        " online_share: 1}]",
    )
    assert tell(text).called == ["10:00", "11:30"]


@FEW
@given(scenarios(), st.integers(0, 99))
def test_one_number_at_all_hours_is_no_roster(text: str, seed: int) -> None:
    """A roster that has one number in every hour is that number, to the tick."""
    open_ = ("calendars.*.weekly", {"mon-fri": ["09:00-17:00"]})
    by_hours = {"mon-fri 09:00-11:00": 2, "mon-fri 11:00-17:00": 2}
    plain, rostered = (
        altered(text, open_, ("departments.*.reviewers", value)) for value in (2, by_hours)
    )
    assert_same_day(plain, rostered, seed=seed)


def test_part_of_the_hours_is_told_by_the_load() -> None:
    """Offered load: three reviews of an hour each, of 3 hours on each of three days."""
    text = reviews(
        "1 h",
        "{09:00-12:00: 1}",
        "09:00",
        "09:00",
        "09:00",
    )
    scenario = scenario_from_text(text)
    [load] = [
        row for row in offered_load(compile_plan(scenario, "hall")) if row.kind == "department"
    ]
    assert (load.work_hours, load.staffed_hours) == (3.0, 9.0)
