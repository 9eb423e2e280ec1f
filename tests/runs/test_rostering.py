"""Laws of planned rosters on drawn staffs, needs and rules, without a simulation."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import combinations, pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.arrays import Ints
from sim.clock import HOUR, Hours
from sim.plan.roster_days import WEEK, RosterDay
from sim.plan.shift_forms import half_hours_of, shift_forms, spans_of
from sim.plan.staff import DatedWish, StaffMember
from sim.runs import rostering
from sim.runs.roster_seats import NOWHERE
from sim.runs.roster_task import PlannedRoster, RosterTask
from sim.runs.rostering import plan_roster
from sim.scenario.day_kinds import DayKind
from sim.scenario.rostering import Rostering

GROUPS = ("bills", "cards", "deeds")
KINDS = (
    DayKind("mon-fri", (0, 1, 2, 3, 4), (Hours(9 * HOUR, 12 * HOUR), Hours(13 * HOUR, 17 * HOUR))),
    DayKind("sat", (5,), (Hours(9 * HOUR, 12 * HOUR),)),
)
NOON = {"id": "noon", "during": "11:00-13:30", "at_most": 3}
EVENING = {"id": "evening", "during": "16:00-17:00", "at_most": 1, "each": "week"}
COFFEE = {"between": "09:30-11:00"}
TEA = {"between": "14:00-15:10", "length": "20 min"}
RULES: tuple[dict[str, Any], ...] = (
    {},
    {"lunch": {"between": "11:30-13:30"}, "staff": {"weekend_each": 2}},
    {"hours": {"at_least": "3 h", "at_most": "6 h"}, "staff": {"days_running": 4}},
    {"split": "2 h", "staff": {"weekend_off": "same_week", "senior_at_least": 1}},
    {"staff": {"senior_at_least": 1, "senior_in": "group"}},
    {"part_time": {"at_least": "2 h", "at_most": "4 h"}, "setup": "15 min"},
    {"staff": {"contract_over": "roster", "days_off_running": 2}},
    {"staff": {"shift_limits": [NOON, EVENING]}, "lunch": {"between": "11:30-13:30"}},
    {"rests": [COFFEE, TEA]},
    {"rests": [COFFEE], "staff": {"senior_at_least": 1}},
)


def dates(weeks: int) -> tuple[RosterDay, ...]:
    """Weeks from a Monday on, open on six days; the second Wednesday is a holiday."""
    first = date(2025, 3, 3)
    days = []
    for n in range(WEEK * weeks):
        day = date.fromordinal(first.toordinal() + n)
        key = "" if n == 9 or day.weekday() == 6 else "sat" if day.weekday() == 5 else "mon-fri"
        days.append(RosterDay(day.isoformat(), day.weekday(), key, n == 9, False))
    return tuple(days)


@st.composite
def people(draw: st.DrawFn) -> tuple[StaffMember, ...]:
    skills = [pair for n in (1, 2, 3) for pair in combinations(GROUPS, n)]
    return tuple(
        StaffMember(
            f"P{n}",
            draw(st.sampled_from(skills)),
            draw(st.sampled_from([40.0, 36.0, 20.0, 6.5])),
            draw(st.sampled_from([(), (), (2,), (5,)])),
            draw(st.sampled_from([(), ("2025-03-04", "2025-03-14")])),
            draw(st.sampled_from([(), ("mornings",), ("no_weekends",)])),
            draw(st.sampled_from([(), (4,)])),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.sampled_from([(), (DatedWish("2025-03-06", "off", 3),)])),
            draw(st.sampled_from([None, None, 1])),
            draw(st.sampled_from([(), (), (("noon", 1),)])),
        )
        for n in range(draw(st.integers(1, 9)))
    )


@st.composite
def tasks(draw: st.DrawFn) -> RosterTask:
    rules = Rostering.model_validate_json(json.dumps(draw(st.sampled_from(RULES))))

    def needs(kind: DayKind) -> Ints:
        rows = len(spans_of(rules, kind))
        levels = [draw(st.integers(0, 2)) for _ in GROUPS]
        peak = draw(st.integers(0, rows - 1))
        of_kind = np.tile(np.array(levels, dtype=np.int64), (rows, 1))
        of_kind[peak] += 1
        return of_kind

    weeks = draw(st.integers(1, 3))
    return RosterTask(
        rules,
        KINDS,
        GROUPS,
        tuple(draw(st.sampled_from([None, 2])) for _ in GROUPS),
        tuple(needs(kind) for kind in KINDS),
        dates(weeks),
        (5, 4, 5)[:weeks],
        draw(people()),
        True,
    )


@given(tasks())
@settings(max_examples=25, deadline=None)
def test_rules_hold_whoever_is_there(task: RosterTask) -> None:
    check(task, plan_roster(task))


@given(tasks())
@settings(max_examples=10, deadline=None)
def test_rules_hold_where_groups_are_planned_apart(task: RosterTask) -> None:
    with patch.object(rostering, "MANY", 0):
        check(task, plan_roster(task))


def check(task: RosterTask, planned: PlannedRoster) -> None:
    rules = task.rules.staff
    places = [(duty.person, duty.day) for duty in planned.duties]
    assert len(places) == len(set(places))
    hours = np.zeros((len(task.staff), len(task.workdays)))
    extra = np.zeros_like(hours)
    for duty in planned.duties:
        person, day = task.staff[duty.person], task.days[duty.day]
        assert day.is_open
        assert not person.is_off(date.fromisoformat(day.date))
        kind = task.kinds[task.kind_of(duty.day)]
        assert duty.form in shift_forms(task.rules, kind, person.part_time)
        week = duty.day // WEEK
        hours[duty.person, week] += duty.form.hours
        extra[duty.person, week] += duty.form.hours * day.is_weekend
        assert [turn.end - turn.start for turn in duty.rests] == [r.length for r in duty.form.rests]
        for turn, shift_rest in zip(duty.rests, duty.form.rests, strict=True):
            assert turn in shift_rest.turns
        for seat, span in zip(duty.seats.tolist(), spans_of(task.rules, kind), strict=True):
            if seat != NOWHERE:
                assert task.groups[seat] in person.groups
                assert not any(t.start < span.end and span.start < t.end for t in duty.rests)
                assert any(p.start <= span.start and span.end <= p.end for p in duty.form.pieces)
    by_week = rules.contract_over == "week"
    moved = extra if rules.weekend_off == "next_week" and by_week else np.zeros_like(extra)
    for p, person in enumerate(task.staff):
        contract = [task.hours_of_week(person.contract_hours, w) for w in range(len(hours[p]))]
        assert hours[p].sum() <= sum(contract) + 1e-6 or by_week
        for week in range(len(task.workdays) if by_week else 0):
            before = moved[p, week - 1] if week else 0.0
            limit = max(task.hours_of_week(person.contract_hours, week) - before, 0.0)
            assert hours[p, week] <= limit + moved[p, week] + 1e-6
        weekends = np.flatnonzero(extra[p])
        assert (np.diff(weekends) >= rules.weekend_each).all()
        assert person.weekends_at_most is None or len(weekends) <= person.weekends_at_most
        worked = {day for who, day in places if who == p}
        for before_off, after_off in pairwise(sorted(worked)):
            assert after_off - before_off - 1 not in range(1, rules.days_off_running)
        for first in range(len(task.days) - rules.days_running):
            assert len(worked & set(range(first, first + rules.days_running + 1))) <= (
                rules.days_running
            )
    for d, clerks in planned.clerks_by_day(task).items():
        for g, built in enumerate(task.built):
            needed = task.needed[task.kind_of(d)][:, g]
            if built is not None:
                assert (clerks[:, g] <= np.maximum(needed, built)).all()
    assert sum(week.bound for week in planned.weeks) >= 0


def covered(task: RosterTask, **rules: Any) -> PlannedRoster:
    """The task under other rules for people, of which no need is missed."""
    staff = Rostering.model_validate_json(json.dumps({"staff": rules})).staff
    task = task._replace(rules=task.rules.model_copy(update={"staff": staff}))
    planned = plan_roster(task)
    check(task, planned)
    for d, clerks in planned.clerks_by_day(task).items():
        assert (clerks >= task.needed[task.kind_of(d)]).all()
    return planned


def halves(number: int, weeks: int) -> RosterTask:
    """One clerk all day from Monday to Friday, and on Saturday; shifts are half a day each."""
    shifts = [
        {"id": "early", "pieces": ["09:00-12:00"]},
        {"id": "late", "pieces": ["13:00-17:00"], "days": "mon-fri"},
    ]
    rules = Rostering.model_validate_json(json.dumps({"shifts": shifts}))
    need = tuple(
        np.tile(np.array([1, 0, 0], dtype=np.int64), (len(half_hours_of(kind)), 1))
        for kind in KINDS
    )
    staff = tuple(StaffMember(f"P{n}", GROUPS, 40.0) for n in range(number))
    workdays = (5, 4, 5, 5)[:weeks]
    return RosterTask(rules, KINDS, GROUPS, (None,) * 3, need, dates(weeks), workdays, staff, True)


def test_nobody_has_more_of_a_burden_than_the_limit() -> None:
    """Nine afternoons in two weeks, of three people: three each; of two, somebody is missing."""
    limit = {"id": "afternoon", "during": "15:00-16:00", "at_most": 3}
    planned = covered(halves(3, 2), shift_limits=[limit])
    late = Counter(duty.person for duty in planned.duties if duty.form.id == "late")
    assert late == {0: 3, 1: 3, 2: 3}


def test_a_limit_of_one_person_goes_before_that_of_all() -> None:
    task = halves(3, 1)
    [first, *others] = task.staff
    staff = (first._replace(shifts_at_most=(("late", 0),)), *others)
    planned = covered(task._replace(staff=staff))
    assert {duty.person for duty in planned.duties if duty.form.id == "late"} == {1, 2}
    limit = {"id": "afternoon", "shifts": ["late"], "at_most": 3, "each": "week"}
    staff = (first._replace(shifts_at_most=(("afternoon", 1),)), *others)
    planned = covered(task._replace(staff=staff), shift_limits=[limit])
    late = Counter(duty.person for duty in planned.duties if duty.form.id == "late")
    assert late[0] <= 1


def test_weekends_of_one_person_are_as_few_as_they_may_be() -> None:
    """Four Saturdays of three people, one of whom may have one and one none."""
    task = halves(3, 4)
    most = (1, 0, None)
    staff = tuple(
        person._replace(weekends_at_most=number)
        for person, number in zip(task.staff, most, strict=True)
    )
    planned = covered(task._replace(staff=staff))
    saturdays = Counter(d.person for d in planned.duties if task.days[d.day].is_weekend)
    assert saturdays[0] <= 1
    assert saturdays[1] == 0


def test_wishes_by_date_are_kept_by_their_weight() -> None:
    """Everybody would be off on the same Saturday, and one most of all but another."""
    task = halves(3, 1)
    saturday = task.days[5].date
    weights = (2, 1, 3)
    staff = tuple(
        person._replace(dated_wishes=(DatedWish(saturday, "off", weight),))
        for person, weight in zip(task.staff, weights, strict=True)
    )
    planned = covered(task._replace(staff=staff))
    assert [duty.person for duty in planned.duties if duty.day == 5] == [1]


def test_a_shift_wished_for_on_a_date_is_given() -> None:
    task = halves(3, 1)
    wish = DatedWish(task.days[2].date, "late", 5)
    staff = (*task.staff[:2], task.staff[2]._replace(dated_wishes=(wish,)))
    planned = covered(task._replace(staff=staff))
    assert [d.person for d in planned.duties if d.day == 2 and d.form.id == "late"] == [2]


def test_one_who_can_do_everything_is_where_nobody_else_can_be() -> None:
    """Two groups of one clerk, two people: whoever can do both takes what the other one cannot."""
    need = tuple(
        np.tile(np.array([1, 1, 0], dtype=np.int64), (len(half_hours_of(kind)), 1))
        for kind in KINDS
    )
    staff = (StaffMember("both", GROUPS, 60.0), StaffMember("bills", ("bills",), 60.0))
    task = RosterTask(Rostering(), KINDS, GROUPS, (None,) * 3, need, dates(1), (5,), staff, True)
    planned = plan_roster(task)
    for d, clerks in planned.clerks_by_day(task).items():
        assert (clerks >= task.needed[task.kind_of(d)]).all()


def test_shifts_of_some_weekdays_are_worked_on_these() -> None:
    """A kind of day whose weekdays have shifts of their own; on Fridays there is none at all."""
    shifts = [
        {"id": "long", "pieces": ["09:00-12:00", "13:00-17:00"], "days": "mon-wed"},
        {"id": "short", "pieces": ["09:00-12:00"], "days": "thu"},
    ]
    rules = Rostering.model_validate_json(json.dumps({"shifts": shifts}))
    need = tuple(
        np.tile(np.array([1, 0, 0], dtype=np.int64), (len(half_hours_of(kind)), 1))
        for kind in KINDS
    )
    staff = tuple(StaffMember(f"P{n}", GROUPS, 40.0) for n in range(2))
    task = RosterTask(rules, KINDS, GROUPS, (None,) * 3, need, dates(1), (5,), staff, True)
    worked = [(duty.day, duty.form.id) for duty in plan_roster(task).duties]
    assert worked == [(0, "long"), (1, "long"), (2, "long"), (3, "short")]


def test_a_shift_is_shared_by_two_groups() -> None:
    """One in the morning here and one in the afternoon there: who can do both needs one shift."""
    needed = np.zeros((len(half_hours_of(KINDS[0])), 3), dtype=np.int64)
    needed[:6, 0], needed[6:, 1] = 1, 1
    need = (needed, np.zeros((len(half_hours_of(KINDS[1])), 3), dtype=np.int64))
    staff = (StaffMember("both", ("bills", "cards"), 40.0),)
    task = RosterTask(Rostering(), KINDS, GROUPS, (None,) * 3, need, dates(1), (5,), staff, True)
    planned = plan_roster(task)
    assert len(planned.duties) == 5
    assert planned.hours == 35
    assert sum(week.bound for week in planned.weeks) == 35
