"""Laws of rosters that somebody wrote down: simulated as they stand, with what they break told."""

from __future__ import annotations

from functools import cache

import pytest

from sim.clock import Hours
from sim.errors import OptionError
from sim.plan.posted import PostedDuty
from sim.plan.staff import StaffMember
from sim.questions.roster import Duty, DutyRoster
from sim.questions.rostering import RosterQuestion, roster
from sim.storage.codec import read_plain, to_plain
from tests.questions.test_roster import FEW, clerks, hall

STAFF = tuple(clerks(8))
HALF_DAY, DAY = (Hours(9 * 3_600_000, 12 * 3_600_000),), (Hours(9 * 3_600_000, 17 * 3_600_000),)


@cache
def made() -> DutyRoster:
    return roster(hall(), staff=STAFF, weeks=1, run=FEW)


def as_posted(duties: tuple[Duty, ...]) -> list[PostedDuty]:
    pieces = {shift.id: tuple(Hours(*piece) for piece in shift.pieces) for shift in made().shifts}
    return [PostedDuty(duty.person, duty.date, pieces[duty.shift]) for duty in duties]


def checked(posted: list[PostedDuty], staff: tuple[StaffMember, ...] = STAFF) -> DutyRoster:
    return roster(hall(), staff=staff, weeks=1, posted=posted, run=FEW)


def test_what_was_made_comes_back_as_it_was() -> None:
    answer = checked(as_posted(made().duties))
    assert made().rounds == 0, "else other crowds have the last word"
    assert answer.duties == made().duties
    assert answer.cover == made().cover
    assert answer.hours == made().hours
    assert answer.posted
    assert not answer.breaches


def test_whoever_is_taken_out_is_missing() -> None:
    removed = made().duties[0]
    answer = checked(as_posted(made().duties[1:]))
    assert answer.hours < made().hours
    lacking = [row for row in answer.uncovered if row.date == removed.date]
    assert lacking
    assert {(row.reason, row.way_out) for row in lacking} == {("not_posted", "edit")}


def test_rules_that_are_broken_are_told() -> None:
    dates = [day.date for day in made().days][:6]
    staff = (StaffMember("Li", ("windows",), 20.0, weekdays_off=(2,)),)
    duties = [PostedDuty("Li", date, DAY if n < 5 else HALF_DAY) for n, date in enumerate(dates)]
    rules = {(breach.rule, breach.date) for breach in checked(duties, staff).breaches}
    assert rules == {("day_off", dates[2]), ("contract", dates[0])}
    [hours] = [row for row in checked(duties, staff).breaches if row.rule == "contract"]
    assert (hours.value, hours.limit) == (43.0, 23.0), "Saturday is made up for in the next week"


def test_days_in_a_row_are_counted() -> None:
    scenario = hall("rostering={source: a test, staff: {days_running: 3}}")
    dates = [day.date for day in made().days][:5]
    duties = [PostedDuty("P0", date, HALF_DAY) for date in dates]
    answer = roster(scenario, staff=STAFF, weeks=1, posted=duties, run=FEW)
    [breach] = answer.breaches
    assert (breach.rule, breach.value, breach.limit) == ("days_running", 5, 3)


@pytest.mark.parametrize(
    ("rule", "breaches"),
    [
        ("days_off_running: 2", [("days_off_running", 1, 2)]),
        ("contract_over: roster, contract: 10 h", [("contract_roster", 12.0, 10.0)]),
        ("contract_over: roster, contract: 12 h", []),
    ],
)
def test_days_off_stand_together_and_hours_of_all_weeks_are_counted(
    rule: str, breaches: list[tuple[str, float, float]]
) -> None:
    """Four half days with a day off alone; four hours each in a contract of so many."""
    scenario = hall(f"rostering={{source: a test, staff: {{{rule}}}}}")
    dates = [made().days[n].date for n in (0, 1, 3, 4)]
    duties = [PostedDuty("P0", date, HALF_DAY) for date in dates]
    answer = roster(scenario, weeks=1, posted=duties, run=FEW)
    assert [(row.rule, row.value, row.limit) for row in answer.breaches] == breaches


def test_weekends_and_burdens_of_a_person_are_counted() -> None:
    """A Saturday of somebody who may have none, and two mornings of somebody who may have one."""
    rule = "shift_limits: [{id: morning, during: 09:00-10:00, at_most: 3}]"
    scenario = hall(f"rostering={{source: a test, staff: {{{rule}}}}}")
    days = made().days
    saturday = next(day.date for day in days if day.is_weekend and day.is_open)
    staff = (
        StaffMember("Li", ("windows",), 40.0, weekends_at_most=0),
        StaffMember("Wang", ("windows",), 40.0, shifts_at_most=(("morning", 1),)),
    )
    duties = [
        PostedDuty("Li", saturday, HALF_DAY),
        *(PostedDuty("Wang", days[n].date, HALF_DAY) for n in (0, 1)),
    ]
    answer = roster(scenario, staff=staff, weeks=1, posted=duties, run=FEW)
    rows = [(row.person, row.rule, row.value, row.limit) for row in answer.breaches]
    assert rows == [("Li", "weekends", 1, 0), ("Wang", "shift_limit", 2, 1)]


def test_somebody_at_windows_that_they_cannot_serve_is_told() -> None:
    date = made().days[0].date
    staff = (StaffMember("Li", (), 40.0),)
    answer = checked([PostedDuty("Li", date, DAY, ("windows",))], staff)
    assert [breach.rule for breach in answer.breaches] == ["skill"]
    assert {row.planned_most for row in answer.cover if row.weekday == 0} == {1}


def test_without_a_staff_table_everybody_serves_everywhere() -> None:
    answer = checked(as_posted(made().duties), ())
    assert answer.hours == made().hours
    assert {person.groups for person in answer.people} == {("windows",)}


@pytest.mark.parametrize(
    ("duty", "code"),
    [
        (PostedDuty("Nobody", "2025-03-03", DAY), "posted_person"),
        (PostedDuty("P0", "2025-04-03", DAY), "posted_date"),
        (PostedDuty("P0", "2025-03-09", DAY), "posted_shut"),
    ],
)
def test_duties_of_nobody_or_never_are_refused(duty: PostedDuty, code: str) -> None:
    with pytest.raises(OptionError) as caught:
        checked([*as_posted(made().duties), duty])
    [problem] = caught.value.problems
    assert (problem.code, problem.path) == (code, f"{duty.person} {duty.date}")


def test_a_job_can_be_asked() -> None:
    question = RosterQuestion(staff=STAFF, weeks=1, posted=tuple(as_posted(made().duties)))
    assert read_plain(RosterQuestion, to_plain(question)) == question
