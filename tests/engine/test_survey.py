"""Joint survey: one appointment of several departments at once (联合踏勘)."""

import numpy as np
import pytest
from hypothesis import given

from sim.analysis.causes import CAUSES, causes
from sim.clock import MINUTE
from sim.errors import ScenarioError
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
    Told,
    altered,
    assert_same_day,
    bundle,
    come,
    department,
    item,
    ordinary_scenarios,
    small,
    tell,
)

DEPARTMENTS = f"[{department('a')}, {department('b')}, {department('office')}]"
CALENDARS = (
    "[{id: day, weekly: {mon-fri: [09:00-17:00]}}, {id: late, weekly: {mon-fri: [14:00-17:00]}}]"
)
RUN = "{start: 2025-01-06, measured_days: 5}"


def survey(ahead: str = "0 d", joined_by: str = "b") -> str:
    """An item of department `a` that begins with an hour's joint survey."""
    more = f"survey: {{joined_by: [{joined_by}], ahead: {ahead}}}"
    return item("site", "60 min", more, "a")


def cases(
    *items: str, departments: str = DEPARTMENTS, clocks: tuple[str, ...] = ("09:00",)
) -> Told:
    """Cases of these items, handed in at once; columns follow the items' ids."""
    return tell(
        small(
            run=RUN,
            calendars=CALENDARS,
            matters=bundle(*items),
            departments=departments,
            demand=come(*clocks),
        )
    )


def test_before_any_other_work() -> None:
    """What a department has in its queue waits until the survey is over."""
    day = cases(item("other", "90 min", "", "b"), survey())
    assert day.started == ["10:00", "09:00"]
    assert day.reviewed == ["11:30", "10:00"]


def test_who_is_there_waits_for_the_last() -> None:
    """The reviewer of `a` waits from the appointment until the one of `b` has finished."""
    early, pre = item("early", "90 min", "", "b"), item("pre", "40 min", "", "office")
    held = item("zeal", "10 min", "after: [pre]", "a")
    day = cases(early, pre, survey(ahead="30 min"), held)
    assert day.started == ["09:00", "09:00", "10:30", "11:30"]
    assert day.released[2:] == ["09:00", "09:40"]


def test_arranged_ahead() -> None:
    """The appointment is two working days later, at the same time of day."""
    assert cases(survey(ahead="2 wd")).started == ["2 09:00"]


def test_when_all_are_open() -> None:
    """With one department open in the afternoon only, they meet in the afternoon."""
    late = department("b").replace("hours: day", "hours: late")
    departments = f"[{department('a')}, {late}, {department('office')}]"
    assert cases(survey(), departments=departments).started == ["14:00"]


def test_closing_does_not_interrupt_it() -> None:
    """People on the spot finish there; a review in the office would pause."""
    day = cases(survey(), clocks=("16:30",))
    assert (day.started, day.reviewed) == (["16:30"], ["17:30"])


def test_nobody_waits_for_each_other_for_ever() -> None:
    """Surveys that need the same two reviewers, called by either of them, all take place."""
    mirror = item("mirror", "60 min", "survey: {joined_by: [a]}", "b")
    day = cases(survey(), mirror, clocks=("09:00", "09:00", "09:01"))
    assert day.case_fates == ["issued"] * 3
    times = sorted(f"{at:0>5}" for at in day.started if at is not None)
    assert times == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]


def test_a_further_round_is_a_review() -> None:
    """Papers mended after the survey are looked at in the office, by one reviewer."""
    faulty = item("site", "60 min", "survey: {joined_by: [b]}, correction_share: 1.0", "a")
    corrections = "{at_most: 1, online: 1, delay: 0 min, review_again: 0.5}"
    online = "{department: office, precheck: 0 min}"
    text = small(
        run=RUN,
        matters=bundle(faulty, item("work", "100 min", "", "b")),
        departments=DEPARTMENTS,
        corrections=corrections,
        online=online,
    )
    assert tell(text).started == ["09:00", "10:00", "10:00"]


def test_causes_add_up() -> None:
    """Waiting for the appointment is waiting for reviewers, and for opening hours."""
    day = cases(survey(ahead="1 wd"), item("so", "20 min", "after: [site]", "b"))
    tables = Tables(day.plan, day.tape, day.journal)
    [row] = causes(tables)
    assert row.sum() == tables.cases.closed_at[0] - tables.cases.arrived_at[0]
    spent = dict(zip(CAUSES, row.tolist(), strict=True))
    assert (spent["review"], spent["reviewer_wait"]) == (80 * MINUTE, 8 * 60 * MINUTE)
    assert (spent["closed"], spent["applicant"]) == (16 * 60 * MINUTE, 0)


def test_one_survey_instead_of_two() -> None:
    """Two departments one after the other take twice as long as both at once."""
    apart = cases(item("site", "60 min", "", "a"), item("so", "60 min", "after: [site]", "b"))
    assert (apart.closed, cases(survey()).closed) == (["11:00"], ["10:00"])


@FEW
@given(ordinary_scenarios())
def test_one_that_takes_no_time_is_none(text: str) -> None:
    """In any hall: where all are open, an appointment at once that takes no time keeps nobody."""
    none = ("matters.*.items.*.review", "0 min")
    always = (
        ("calendars.*.weekly", {"mon-sun": ["00:00-24:00"]}),
        *((f"calendars.*.{dated}", None) for dated in ("days", "periods")),
        ("departments.*.reviewers", 2),
        # no clerk goes to a survey
        ("layouts.*.windows.*.reviews_for", None),
    )
    plain = altered(text, none, *always, ("matters.*.items.*.survey", None))
    assert_same_day(altered(text, none, *always, ("matters.*.items.*.survey.ahead", "0 d")), plain)


@FEW
@given(ordinary_scenarios())
def test_it_takes_its_time(text: str) -> None:
    """In any hall, whoever is at a survey is there from its beginning to its end."""
    day = tell(text)
    joint = np.flatnonzero(day.tape.reviews.attends >= 0)
    done = joint[day.journal.ended_review_at[joint] >= 0]
    spans = day.journal.ended_review_at[done] - day.journal.started_at[done]
    assert (spans == day.tape.reviews.touch[done]).all()


@pytest.mark.parametrize(
    ("joined_by", "code"),
    [("c", "unknown_department"), ("a", "surveys_twice"), ("b, b", "surveys_twice")],
)
def test_bad_rules(joined_by: str, code: str) -> None:
    """A department that is unknown, or comes twice, is told."""
    text = small(matters=bundle(survey(joined_by=joined_by)), departments=DEPARTMENTS)
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text)
    assert [problem.code for problem in caught.value.problems] == [code]
