"""Laws of paid rests in turn: what is planned, what is paid, and what the hall then has."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

import pytest

from sim import Run, compile_plan
from sim.clock import DAY, HOUR, MINUTE, Hours
from sim.plan.posted import PostedDuty
from sim.questions.roster import DutyRoster
from sim.questions.rostering import RosterQuestion, needs_of, roster, rostered_scenario
from sim.scenario.scenario import Scenario
from sim.storage.codec import read_plain, to_plain
from tests.questions.test_roster import clerks, hall

UNPROVEN = Run(replications=1, workers=1, cancelled=lambda: True)
"""Who works when is found, and not simulated."""
COFFEE = "{between: 09:30-11:00, length: 15 min}"
TEA = "{between: 14:00-15:00, length: 20 min}"
DAY_SHIFT = "{id: day, pieces: [09:00-17:00], days: mon-fri}"
SATURDAY = "{id: sat, pieces: [09:00-12:00], days: sat}"
SHIFTS = f"{DAY_SHIFT}, {SATURDAY}"
NEED = 5


def scenario_with(rests: str, shifts: str = SHIFTS) -> Scenario:
    """Five clerks in every half hour, and two shifts to have them."""
    return hall(f"rostering={{source: a test, rests: [{rests}], shifts: [{shifts}]}}")


@cache
def planned(rests: str, people: int) -> DutyRoster:
    return roster(scenario_with(rests), staff=clerks(people), weeks=1, run=UNPROVEN)


def test_one_more_is_there_where_one_rests_at_a_time() -> None:
    """By hand: six people take six turns one by one, and five are always at the windows."""
    answer = planned(COFFEE, 12)
    assert {*Counter(duty.date for duty in answer.duties).values()} == {NEED + 1}
    assert answer.hours == 6 * 5 * 8 + 6 * 3
    assert answer.rest_hours == pytest.approx(6 * 6 / 4)
    assert answer.most_at_rest == 1
    assert answer.uncovered == ()
    in_turns = [row for row in answer.cover if 9 * HOUR + 30 * MINUTE <= row.starts < 11 * HOUR]
    assert {row.ends - row.starts for row in in_turns} == {15 * MINUTE}
    assert {(row.planned, row.planned_most) for row in in_turns} == {(NEED, NEED)}
    others = [row for row in answer.cover if row not in in_turns]
    assert {(row.planned, row.planned_most) for row in others} == {(NEED + 1, NEED + 1)}


def test_longer_rests_in_fewer_turns_take_more_people() -> None:
    """By hand: of eight people in three turns three rest at once, and five are left."""
    answer = planned(TEA, 14)
    on_duty = Counter(duty.date for duty in answer.duties)
    assert [on_duty[day.date] for day in answer.days] == [8, 8, 8, 8, 8, NEED, 0]
    assert answer.most_at_rest == 3
    assert answer.uncovered == ()


def test_whoever_has_no_turn_without_harm_is_told_of() -> None:
    """Five people for five windows: one is missing in every turn, as somebody rests."""
    answer = planned(COFFEE, NEED)
    rows = [row for row in answer.uncovered if row.date == "2025-03-03"]
    assert {(row.reason, row.short) for row in rows} == {("resting", 1)}
    assert sum(row.ends - row.starts for row in rows) == NEED * 15 * MINUTE
    assert answer.most_at_rest == 1
    for row in rows:
        assert 9 * HOUR + 30 * MINUTE <= row.starts < row.ends <= 11 * HOUR


def test_rests_of_a_shift_stand_in_place_of_those_of_all() -> None:
    """Saturday's shift says that it has none; the other has those of all."""
    saturday = f"{SATURDAY[:-1]}, rests: []}}"
    answer = roster(
        scenario_with(f"{COFFEE}, {TEA}", f"{DAY_SHIFT}, {saturday}"),
        staff=clerks(16),
        weeks=1,
        run=UNPROVEN,
    )
    rests = Counter((row.person, row.date) for row in answer.rows if row.at_rest)
    for duty in answer.duties:
        assert rests[duty.person, duty.date] == (2 if duty.shift == "day" else 0)


def test_pay_is_for_rests_too_and_windows_are_without_them() -> None:
    """The same people on the same shifts: hours are equal, those at windows less by the rests."""
    before = planned("", 12)
    pieces = {shift.id: tuple(Hours(*piece) for piece in shift.pieces) for shift in before.shifts}
    posted = [PostedDuty(duty.person, duty.date, pieces[duty.shift]) for duty in before.duties]
    with_rests = scenario_with(f"{COFFEE}, {TEA}")
    after = roster(with_rests, staff=clerks(12), weeks=1, posted=posted, run=UNPROVEN)
    assert after.hours == before.hours
    assert [person.weekly_hours for person in after.people] == [
        person.weekly_hours for person in before.people
    ]
    assert at_windows(after) == pytest.approx(at_windows(before) - after.rest_hours)
    assert after.rest_hours == pytest.approx(25 * (15 + 20) / 60 + 5 * 15 / 60)


def at_windows(answer: DutyRoster) -> float:
    """Clerk hours at the windows, of a week of six days."""
    return sum(row.planned * (row.ends - row.starts) for row in answer.cover) / HOUR


def test_the_hall_has_the_clerks_without_those_at_rest_in_exactly_their_minutes() -> None:
    answer = planned(COFFEE, 12)
    plan = compile_plan(rostered_scenario(answer), "hall").hall
    on_duty: dict[int, int] = defaultdict(int)
    for start, end in zip(plan.duty_starts.tolist(), plan.duty_ends.tolist(), strict=True):
        for minute in range(start % DAY // MINUTE, (end - 1) % DAY // MINUTE + 1):
            on_duty[start // DAY * 1440 + minute] += 1
    shift_hours = {shift.id: shift.hours for shift in answer.shifts}
    paid = sum(shift_hours[duty.shift] for duty in answer.duties)
    assert sum(on_duty.values()) / 60 == pytest.approx(paid - answer.rest_hours)
    rested: Counter[int] = Counter()
    for row in answer.rows:
        if row.at_rest and row.date == "2025-03-03":
            rested.update(range(row.starts // MINUTE, row.ends // MINUTE))
    assert rested
    for minute in range(9 * 60, 17 * 60):
        assert on_duty[minute] == NEED + 1 - rested[minute]


def test_a_roster_that_is_posted_again_has_its_rests_again() -> None:
    answer = planned(f"{COFFEE}, {TEA}", 16)
    pieces = {shift.id: tuple(Hours(*piece) for piece in shift.pieces) for shift in answer.shifts}
    posted = [PostedDuty(duty.person, duty.date, pieces[duty.shift]) for duty in answer.duties]
    again = roster(answer.scenario, staff=clerks(16), weeks=1, posted=posted, run=UNPROVEN)
    assert again.duties == answer.duties
    assert again.shifts == answer.shifts


def test_needs_of_a_roster_are_by_half_hours_again() -> None:
    answer = planned(COFFEE, 12)
    needs = needs_of(answer)
    assert {need.ends - need.starts for need in needs} == {30 * MINUTE}
    question = RosterQuestion(staff=tuple(clerks(12)), weeks=1, needs=needs)
    again = question.answer(answer.scenario, run=UNPROVEN)
    assert again.duties == answer.duties
    assert read_plain(RosterQuestion, to_plain(question)) == question


def test_it_is_saved_and_loaded_again() -> None:
    answer = planned(COFFEE, 12)
    plain = to_plain(answer, ["scenario"])
    assert repr(read_plain(DutyRoster, plain, scenario=answer.scenario)) == repr(answer)


def test_an_empty_list_of_rests_is_none() -> None:
    """Nothing is cut, nobody rests, and the roster is the one without the field."""
    rosters = [
        roster(
            hall(f"rostering={{source: a test, {rests}}}"), staff=clerks(8), weeks=1, run=UNPROVEN
        )
        for rests in ("", "rests: []")
    ]
    assert rosters[0].duties == rosters[1].duties
    assert rosters[0].rest_hours == 0
    assert {row.ends - row.starts for row in rosters[0].cover} == {30 * MINUTE}


def test_without_a_table_as_many_are_hired_as_rests_leave_enough() -> None:
    """By hand: six are on duty at a time, and five days of eight hours are a contract of each."""
    answer = roster(scenario_with(COFFEE), weeks=1, run=UNPROVEN)
    [crew] = answer.crews
    assert crew.people == NEED + 1 >= crew.at_least
    assert answer.uncovered == ()
