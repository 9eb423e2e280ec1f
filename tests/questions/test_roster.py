"""Laws of rosters: what holds whoever works when, and what people, rules and needs change."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim import Run, example_path, load_scenario
from sim.clock import HOUR, makeup_day
from sim.errors import OptionError
from sim.plan.staff import StaffMember
from sim.questions.roster import DutyRoster
from sim.questions.rostering import RosterQuestion, roster, rostered_scenario
from sim.questions.size import Need, size
from sim.scenario.base import roster_hours
from sim.scenario.scenario import Scenario
from sim.storage.codec import read_plain, to_plain
from sim.theory.day_cover import DayToCover
from sim.theory.week_shifts import Classes, Hiring, WeekShifts, week_shifts

HALF = HOUR // 2
FEW = Run(replications=3, workers=1)
OPEN = "calendars.always.weekly={mon-fri: [09:00-17:00], sat: [09:00-12:00]}"
SHORT = ("run.measured_days=6", "run.warmup_days=0", "run.start=2025-03-03")


@cache
def hall(*changes: str, hours: str = OPEN) -> Scenario:
    """One window group of five clerks, on six days a week."""
    return load_scenario(example_path("exact/mmc.yaml"), [*SHORT, hours, *changes])


@cache
def city(*changes: str) -> Scenario:
    """Ten window groups, of which two are looked at here, and a Saturday morning."""
    days = ("run.measured_days=5", "run.warmup_days=0", "run.followup_days=0")
    return load_scenario(example_path("sanmenxia.yaml"), [*days, *changes])


def clerks(number: int, groups: tuple[str, ...] = ("windows",), **about: Any) -> list[StaffMember]:
    return [StaffMember(f"P{n}", groups, 40.0, **about) for n in range(number)]


@cache
def answered(rules: str = "", people: int = 8, weeks: int = 4, **about: Any) -> DutyRoster:
    scenario = hall(f"rostering={{source: a test, {rules}}}")
    return roster(scenario, staff=clerks(people, **about), weeks=weeks, run=FEW)


LUNCH = "lunch: {between: 11:30-13:30, length: 60 min}"
TURNS = "staff: {weekend_each: 2}"
ROSTERS = [
    ("", 8, {}),
    (LUNCH, 9, {}),
    (TURNS, 10, {}),
    ("staff: {weekend_off: same_week}", 8, {}),
    ("staff: {senior_at_least: 1}", 8, {"senior": True}),
    ("", 3, {}),
    ("", 8, {"weekdays_off": (2,), "dates_off": ("2025-03-10",)}),
    ("staff: {days_running: 3}", 10, {}),
]


@pytest.fixture(params=ROSTERS, ids=[f"{rules}-{people}" for rules, people, _ in ROSTERS])
def answer(request: pytest.FixtureRequest) -> DutyRoster:
    rules, people, about = request.param
    return answered(rules, people, **about)


# === whoever works when === #


class TestEveryRoster:
    def test_nobody_works_twice_a_day(self, answer: DutyRoster) -> None:
        assert max(Counter((duty.person, duty.date) for duty in answer.duties).values()) == 1

    def test_nobody_works_who_is_off(self, answer: DutyRoster) -> None:
        off = {row.name: row.days_off for row in answer.people}
        on = {(duty.person, date.fromisoformat(duty.date)) for duty in answer.duties}
        if off.get("P0"):
            assert not [day for _, day in on if day.weekday() == 2 or day == date(2025, 3, 10)]
        assert {day.weekday() for _, day in on} <= set(range(6))

    def test_nobody_works_more_than_the_contract(self, answer: DutyRoster) -> None:
        """A day at the week-end is made up for in the week after, or in the same one."""
        extra = _weekend_hours(answer)
        rules = answer.scenario.rostering
        moved = rules is None or rules.staff.weekend_off == "next_week"
        for person in answer.people:
            assert person.hours - person.owed_hours <= person.available_hours + 1e-9
            for week, hours in enumerate(person.weekly_hours):
                now, before = extra[person.name, week], extra[person.name, week - 1]
                limit = person.contract_hours + (now - before if moved else 0.0)
                assert hours <= limit + 1e-9

    def test_nobody_works_more_days_in_a_row(self, answer: DutyRoster) -> None:
        rules = answer.scenario.rostering
        most = rules.staff.days_running if rules else 6
        for person in answer.people:
            worked = sorted(
                date.fromisoformat(duty.date).toordinal()
                for duty in answer.duties
                if duty.person == person.name
            )
            assert max(_runs(worked), default=0) <= most

    def test_turns_at_the_weekend(self, answer: DutyRoster) -> None:
        rules = answer.scenario.rostering
        each = rules.staff.weekend_each if rules else 1
        extra = _weekend_hours(answer)
        for person in answer.people:
            weeks = [week for week in range(answer.weeks) if extra[person.name, week]]
            assert all(after - before >= each for before, after in pairwise(weeks))

    def test_every_half_hour_has_its_clerks_or_is_told(self, answer: DutyRoster) -> None:
        reported = {
            (row.date, row.group, slot)
            for row in answer.uncovered
            for slot in range(row.starts, row.ends, HALF)
        }
        for day, group, starts, need, clerks_there in _half_hours(answer):
            if clerks_there < need:
                assert (day, group, starts) in reported
            else:
                assert (day, group, starts) not in reported

    def test_hours_are_those_of_the_duties(self, answer: DutyRoster) -> None:
        length = {shift.id: shift.hours for shift in answer.shifts}
        hours = sum(length[duty.shift] for duty in answer.duties)
        assert answer.hours == pytest.approx(hours)
        assert sum(person.hours for person in answer.people) == pytest.approx(hours)
        assert Counter(duty.shift for duty in answer.duties) == {
            shift.id: shift.worked for shift in answer.shifts
        }

    def test_it_costs_no_less_than_its_bound(self, answer: DutyRoster) -> None:
        assert 0 <= answer.lower_bound_hours <= answer.hours + 1e-9
        assert answer.gap == pytest.approx((answer.hours - answer.lower_bound_hours) / answer.hours)

    def test_covering_takes_the_hours_that_are_needed(self, answer: DutyRoster) -> None:
        if not answer.uncovered:
            assert answer.hours >= answer.needed_hours

    def test_everybody_is_where_their_shift_is(self, answer: DutyRoster) -> None:
        pieces = {shift.id: shift.pieces for shift in answer.shifts}
        groups = {person.name: person.groups for person in answer.people}
        for duty in answer.duties:
            for seat in duty.seats:
                assert seat.group in ("", *groups[duty.person])
                assert any(a <= seat.starts and seat.ends <= b for a, b in pieces[duty.shift])

    def test_it_is_saved_and_loaded_again(self, answer: DutyRoster) -> None:
        plain = to_plain(answer, ["scenario"])
        read_back = read_plain(DutyRoster, plain, scenario=answer.scenario)
        assert repr(read_back) == repr(answer)  # nan differs from itself


def _weekend_hours(answer: DutyRoster) -> dict[tuple[str, int], float]:
    """Hours at the week-end, by person and week."""
    length = {shift.id: shift.hours for shift in answer.shifts}
    number = {day.date: n for n, day in enumerate(answer.days)}
    extra: dict[tuple[str, int], float] = defaultdict(float)
    for duty in answer.duties:
        if answer.days[number[duty.date]].is_weekend:
            extra[duty.person, number[duty.date] // 7] += length[duty.shift]
    return extra


def _runs(days: Sequence[int]) -> Iterator[int]:
    run = 0
    for n, day in enumerate(days):
        run = run + 1 if n and days[n - 1] == day - 1 else 1
        yield run


def _half_hours(answer: DutyRoster) -> Iterator[tuple[str, str, int, int, int]]:
    """Date, group, start, need, and people in seats, counted of the duties themselves."""
    people: Counter[tuple[str, str, int]] = Counter()
    for seat in answer.rows:
        people.update((seat.date, seat.group, slot) for slot in range(seat.starts, seat.ends, HALF))
    for day in answer.days:
        for row in answer.cover:
            if day.days and row.weekday == day.planned_as:
                place = (day.date, row.group, row.starts)
                yield *place, row.need, people[place]


# === what is covered, and what is not === #


class TestCover:
    def test_fewest_and_most_are_those_of_the_dates(self) -> None:
        answer = answered()
        seen: dict[tuple[int, str, int], list[int]] = defaultdict(list)
        weekday = {day.date: day.planned_as for day in answer.days}
        for day, group, starts, _, people in _half_hours(answer):
            seen[weekday[day], group, starts].append(people)
        for row in answer.cover:
            numbers = seen[row.weekday, row.group, row.starts]
            assert (row.planned, row.planned_most) == (min(numbers), max(numbers))

    def test_enough_people_leave_nothing_uncovered(self) -> None:
        assert answered(people=8).uncovered == ()
        assert all(row.planned >= row.need for row in answered(people=8).cover)

    def test_a_share_is_called_in_time_by_what_is_needed_and_by_what_is_planned(self) -> None:
        for row in answered().cover:
            assert 0 <= row.needed_share.mean <= row.planned_share.mean + 1e-9 <= 1 + 1e-9

    @pytest.mark.parametrize(
        ("people", "about", "reason"),
        [
            (3, {}, "too_few"),
            (6, {"weekdays_off": (2,)}, "days_off"),
            (5, {}, "hours_used"),
        ],
    )
    def test_why_nobody_is_there(self, people: int, about: dict[str, Any], reason: str) -> None:
        rows = answered(people=people, **about).uncovered
        assert rows
        assert reason in {row.reason for row in rows}
        assert {row.way_out for row in rows} <= {"more_people", "longer_shifts", "part_time"}

    def test_who_has_no_skill_is_told_of(self) -> None:
        needs = [Need("windows", "mon-fri", 9 * HOUR, 9 * HOUR + HALF, 1, 1, 1, 0.5, -1, math.nan)]
        staff = clerks(1, groups=("elsewhere",))
        rows = roster(hall(), staff=staff, needs=needs, weeks=1, run=FEW).uncovered
        assert {row.reason for row in rows} == {"no_skill"}
        assert {row.way_out for row in rows} == {"more_people"}

    def test_the_way_out_is_one(self) -> None:
        """As many people more as it says leave as little as it says."""
        rows = answered(people=6, weeks=1, weekdays_off=(2,)).uncovered
        way = rows[0]
        assert (way.way_out, way.left) == ("more_people", 0.0)
        scenario = hall("rostering={source: a test}")
        staff = clerks(6, weekdays_off=(2,))
        more = [StaffMember(f"+{n}", ("windows",), way.hours) for n in range(way.people)]
        assert roster(scenario, staff=[*staff, *more], weeks=1, run=FEW).uncovered == ()
        assert roster(scenario, staff=[*staff, *more[1:]], weeks=1, run=FEW).uncovered

    def test_seniors_are_there_whenever_anybody_is_needed(self) -> None:
        scenario = hall("rostering={source: a test, staff: {senior_at_least: 1}}")
        staff = [person._replace(senior=n < 3) for n, person in enumerate(clerks(9))]
        answer = roster(scenario, staff=staff, run=FEW)
        senior = {person.name for person in staff if person.senior}
        covered_by_seniors = {
            (row.date, slot)
            for row in answer.rows
            if row.person in senior
            for slot in range(row.starts, row.ends, HALF)
        }
        assert answer.uncovered == ()
        assert all(
            (day, starts) in covered_by_seniors
            for day, _, starts, need, _ in _half_hours(answer)
            if need
        )

    def test_without_seniors_that_is_why(self) -> None:
        scenario = hall("rostering={source: a test, staff: {senior_at_least: 1}}")
        rows = roster(scenario, staff=clerks(9), weeks=1, run=FEW).uncovered
        assert {(row.reason, row.group) for row in rows} == {("senior", "")}
        assert {(row.way_out, row.people, row.left) for row in rows} == {("more_people", 1, 0.0)}


# === evenness, wishes, absence === #


class TestPeople:
    def test_weekends_are_shared(self) -> None:
        """Five of ten are there each Saturday, in turn: all have had two of four."""
        answer = answered(TURNS, 10)
        assert answer.spread_weekend_days == 0
        assert {person.weekend_days for person in answer.people} == {2}

    def test_hours_are_shared(self) -> None:
        hours = [person.hours for person in answered(people=8).people]
        assert max(hours) - min(hours) <= 8 + 3

    def test_wishes_are_kept_where_that_costs_nothing(self) -> None:
        shifts = (
            "{id: early, pieces: [09:00-13:00], days: mon-fri},"
            " {id: late, pieces: [13:00-17:00], days: mon-fri},"
            " {id: sat, pieces: [09:00-12:00], days: sat}"
        )
        scenario = hall(f"rostering={{source: a test, shifts: [{shifts}]}}")
        staff = [
            person._replace(wishes=("mornings",) if n < 6 else ("afternoons",))
            for n, person in enumerate(clerks(12))
        ]
        answer = roster(scenario, staff=staff, weeks=2, run=FEW)
        weekdays = {day.date for day in answer.days if day.weekday < 5}
        early = {duty.person for duty in answer.duties if duty.shift == "early"}
        assert early == {f"P{n}" for n in range(6)}
        assert weekdays
        assert answer.hours == roster(scenario, staff=clerks(12), weeks=2, run=FEW).hours

    def test_absence_asks_for_people_who_stand_by(self) -> None:
        scenario = hall("rostering={source: a test, staff: {absence: 10 %, short_at_most: 5 %}}")
        answer = roster(scenario, staff=clerks(10), weeks=1, run=FEW)
        on = {(duty.person, duty.date) for duty in answer.duties}
        assert answer.reserves
        for reserve in answer.reserves:
            assert reserve.needed > reserve.on_duty
            assert not [name for name in reserve.free if (name, reserve.date) in on]
            enough = reserve.on_duty + len(reserve.free) >= reserve.needed
            assert (reserve.short <= 0.05) == enough
        assert answered().reserves == ()


# === without a table === #


class TestCrew:
    def test_as_few_as_it_takes(self) -> None:
        answer = roster(hall("rostering={source: a test}"), run=FEW)
        [crew] = answer.crews
        assert not answer.named
        assert answer.uncovered == ()
        assert crew.at_least <= crew.people == len(answer.people)
        fewer = clerks(crew.at_least - 1)
        assert roster(hall("rostering={source: a test}"), staff=fewer, run=FEW).uncovered

    def test_more_turns_at_the_weekend_take_more_people(self) -> None:
        people = [
            roster(hall(f"rostering={{source: a test, staff: {{weekend_each: {n}}}}}"), run=FEW)
            .crews[0]
            .people
            for n in (1, 2, 3)
        ]
        assert people == sorted(people)
        assert people[2] >= 15

    def test_absence_takes_more_people(self) -> None:
        absent = hall("rostering={source: a test, staff: {absence: 8 %}}")
        [crew] = roster(absent, weeks=1, run=FEW).crews
        assert crew.with_absence > crew.people


# === from promises, and proven === #


class TestProof:
    CALLED = "{measure: called_within, within: 10 min, at_least: 80 %, each: half_hour}"
    PROMISE = f"targets.promises=[{CALLED}]"

    def test_needs_are_those_of_the_promises(self) -> None:
        scenario = hall(self.PROMISE)
        needs = size(scenario, run=FEW).layouts[0].needs
        answer = roster(scenario, weeks=1, run=FEW)
        sized = {(need.days, need.starts): need.clerks for need in needs}
        assert answer.needs_from == "promises"
        assert answer.rounds > 0 or all(
            row.need == sized[row.days, row.starts] for row in answer.cover
        )
        assert len(answer.promises) == len(sized)

    def test_a_broken_promise_raises_the_needs(self) -> None:
        """One clerk in every half hour breaks it; what is planned then is more."""
        scenario = hall(self.PROMISE)
        needs = [need._replace(clerks=3) for need in size(scenario, run=FEW).layouts[0].needs]
        answer = roster(scenario, needs=needs, weeks=1, run=FEW)
        assert answer.rounds == 3
        assert any(row.need > 3 for row in answer.cover)
        assert all(row.need >= 3 for row in answer.cover)

    def test_missing_people_do_not_raise_the_needs(self) -> None:
        scenario = hall(self.PROMISE)
        needs = size(scenario, run=FEW).layouts[0].needs
        answer = roster(scenario, staff=clerks(2), needs=needs, weeks=1, run=FEW)
        assert answer.rounds == 0
        assert any(checked.planned.mean < checked.level for checked in answer.promises)

    def test_without_promises_the_rosters_of_today_are_needed(self) -> None:
        assert answered().needs_from == "today"
        assert {row.need for row in answered().cover} == {5}

    def test_the_scenario_that_it_makes_has_its_clerks(self) -> None:
        for people in (8, 6):
            answer = answered(people=people)
            scenario = rostered_scenario(answer)
            [group] = scenario.layout("hall").windows
            for row in answer.cover:
                written = [
                    number
                    for key, number in group.clerks.items()
                    for days, hours in [roster_hours(key)]
                    if row.weekday in days and hours.start <= row.starts < hours.end
                ]
                assert written == [row.planned]
            assert scenario.layout("hall").windows[0].id == "windows"

    def test_workers_change_nothing(self) -> None:
        scenario, staff = hall(), clerks(8)
        runs = [Run(replications=3, workers=workers) for workers in (1, 2)]
        one_worker, two_workers = (roster(scenario, staff=staff, weeks=1, run=run) for run in runs)
        assert repr(one_worker) == repr(two_workers)

    def test_stopped_it_has_a_roster_and_no_proof(self) -> None:
        run = Run(replications=3, workers=1, cancelled=lambda: True)
        answer = roster(hall(), staff=clerks(8), weeks=1, run=run)
        assert (answer.replications, answer.promises) == (0, ())
        assert answer.duties


# === dates === #


class TestDates:
    def test_holidays_are_free_and_make_up_days_are_mondays(self) -> None:
        scenario = city("run.start=2025-09-22")
        answer = roster(scenario, "zone", weeks=3, run=Run(replications=2, workers=1))
        on = {duty.date for duty in answer.duties}
        sunday = next(day for day in answer.days if day.date == "2025-09-28")
        assert makeup_day(date(2025, 9, 28), "china")
        assert (sunday.days, sunday.is_weekend, "2025-09-28" in on) == ("mon", False, True)
        assert not on & {f"2025-10-0{n}" for n in range(1, 9)}

    @pytest.mark.parametrize("weeks", [0, 13])
    def test_a_roster_has_one_to_twelve_weeks(self, weeks: int) -> None:
        with pytest.raises(OptionError):
            roster(hall(), weeks=weeks)

    def test_dates_on_which_nobody_is_needed(self) -> None:
        days = ", ".join(f"2025-03-0{n}" for n in range(3, 10))
        shut = hall(f"calendars.always.closed=[{days}]")
        with pytest.raises(OptionError, match="2025-03-03"):
            roster(shut, weeks=1, first_day=date(2025, 3, 3))

    def test_needs_of_another_hall_are_refused(self) -> None:
        needs = [
            Need("elsewhere", "mon-fri", 9 * HOUR, 9 * HOUR + HALF, 1, 1, 1, 0.5, -1, math.nan)
        ]
        with pytest.raises(OptionError, match="elsewhere"):
            roster(hall(), needs=needs, weeks=1)

    def test_the_question_asks_the_same(self) -> None:
        question = RosterQuestion(staff=tuple(clerks(8)), weeks=1, first_day="2025-03-03")
        assert repr(question.answer(hall(), run=FEW)) == repr(
            roster(hall(), staff=clerks(8), weeks=1, first_day=date(2025, 3, 3), run=FEW)
        )
        assert read_plain(RosterQuestion, to_plain(question)) == question


# === public cases of shift scheduling === #


def covered(needed: list[int], worked: list[list[int]], prices: list[float]) -> WeekShifts:
    """The cheapest shifts by the programme of a week: one day, one class, plenty of people."""
    works = np.array([[t in periods for t in range(len(needed))] for periods in worked])
    price = np.array(prices)
    all_of_them = np.ones((1, len(prices)), dtype=bool)
    need = np.array(needed)[:, None]
    many = np.array([1_000])
    day = DayToCover(1, False, need, np.ones(len(needed)), works, price, all_of_them, many, 0)
    plenty = Classes(ANYBODY, ~ANYBODY[0], np.array([1e9]), np.array([10_000]), many, True)
    return week_shifts([day], plenty)


ANYBODY = np.ones((1, 1), dtype=bool)


def test_union_airways() -> None:
    """Hillier and Lieberman: ten periods, five shifts; 30 610 a day with 48, 31, 39, 43, 15."""
    needed = [48, 79, 65, 87, 64, 73, 82, 43, 52, 15]
    worked = [[0, 1, 2, 3], [1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, 8], [8, 9]]
    week = covered(needed, worked, [17.0, 16.0, 17.5, 18.0, 19.5])
    assert 10 * week.hours == pytest.approx(30_610)
    assert week.counts[0].tolist() == [[48, 31, 39, 43, 15]]
    assert week.gap == 0


def test_post_office() -> None:
    """Winston: five days in a row on, two off; 23 people, where parts of people would be 22 1/3."""
    needed = [17, 13, 15, 19, 14, 16, 11]
    patterns = [[(first + n) % 7 for n in range(5)] for first in range(7)]
    week = covered(needed, patterns, [1.0] * 7)
    assert (week.hours, week.gap) == (23, 0)


def test_any_two_days_off_take_fewer() -> None:
    """105 days of five: 21 people, as no day needs more than that."""
    days = [
        DayToCover(
            1,
            False,
            np.array([[need]]),
            np.ones(1),
            ANYBODY,
            np.array([8.0]),
            ANYBODY,
            np.zeros(1, int),
            0,
        )
        for need in (17, 13, 15, 19, 14, 16, 11)
    ]
    nobody = Classes(ANYBODY, ~ANYBODY[0], np.zeros(1), np.zeros(1, int), np.zeros(1, int), False)
    week = week_shifts(days, nobody, Hiring(40.0, 5, 1))
    assert (week.hired.tolist(), week.bound) == ([21], 21)


def test_hours_without_a_shift_hire_nobody() -> None:
    """On Saturdays there is no shift: that is why, and more people would not mend it."""
    shifts = "{id: day, pieces: [09:00-17:00], days: mon-fri}"
    answer = roster(hall(f"rostering={{source: a test, shifts: [{shifts}]}}"), weeks=1, run=FEW)
    assert {row.reason for row in answer.uncovered} == {"no_shift"}
    assert {row.way_out for row in answer.uncovered} == {"none"}
    assert answer.crews[0].people == 5
