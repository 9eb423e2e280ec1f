"""Laws of who works which shift: rosters that can be checked by hand, and by enumeration."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from sim.theory.shift_people import (
    Limit,
    PeopleOnShifts,
    Vacancy,
    Worker,
    WorkerWish,
    WorkRules,
    people_on_shifts,
)

ANY = WorkRules(most_running=14, weekend_each=1, weekend_is_extra=False)


def shifts(days: range, number: int = 1, traits: str = "") -> list[Vacancy]:
    """One shift of eight hours a day; Saturday and Sunday are at the week-end."""
    of_all = frozenset(traits.split())
    return [Vacancy(day, day % 7 >= 5, (0,), 8.0, number, 8.0, of_all) for day in days]


def worker(weeks: int = 1, hours: float = 40.0, days: int = 5) -> Worker:
    return Worker(0, (True,) * 7 * weeks, (hours,) * weeks, (days,) * weeks, could=5 * weeks)


def days_of(week: PeopleOnShifts, vacancies: list[Vacancy], person: int = 0) -> list[int]:
    return sorted(vacancies[o].day for p, o in week.of if p == person)


def test_work_is_shared_evenly_over_all_weeks() -> None:
    """Whoever was away in the first week works more in the second, until all have as much."""
    away = (False,) * 7 + (True,) * 7
    people = [worker(2), worker(2)._replace(present=away)]
    vacancies = shifts(range(5)) + shifts(range(7, 12))
    solved = people_on_shifts(people, vacancies, ANY)
    assert Counter(p for p, _ in solved.of) == {0: 5, 1: 5}
    assert solved.unfilled == (0,) * 10


def test_first_weekend_does_not_spend_all_turns() -> None:
    """Four people, one week-end in two each: two are there each time, not four and then none."""
    vacancies = shifts(range(5, 7), 2) + shifts(range(12, 14), 2)
    rules = ANY._replace(weekend_each=2)
    solved = people_on_shifts([worker(2) for _ in range(4)], vacancies, rules)
    assert solved.unfilled == (0, 0, 0, 0)
    weekends = [{day // 7 for day in days_of(solved, vacancies, p)} for p in range(4)]
    assert all(len(of_person) == 1 for of_person in weekends)


def test_a_turn_of_the_week_before_counts() -> None:
    people = [worker()._replace(turns=(-1,)), worker()._replace(turns=(-2,))]
    solved = people_on_shifts(people, shifts(range(5, 7)), ANY._replace(weekend_each=2))
    assert {p for p, _ in solved.of} == {1}


def test_a_shift_nobody_has_time_for_is_the_one_worth_least() -> None:
    vacancies = [Vacancy(day, False, (0,), 8.0, 1, worth) for day, worth in enumerate((8, 2, 8))]
    solved = people_on_shifts([worker(hours=16.0)], vacancies, ANY)
    assert solved.unfilled == (0, 1, 0)


@pytest.mark.parametrize(("least", "most"), [(1, 6), (2, 5), (3, 4)])
def test_days_off_stand_together(least: int, most: int) -> None:
    """Seven days with a shift, at most `most` days on duty, so many days off at least in a row."""
    rules = ANY._replace(least_off=least)
    vacancies = shifts(range(1, 6))
    busy_before = worker(days=most)._replace(worked=(-1,))
    solved = people_on_shifts([busy_before], vacancies, rules)
    worked = {-1, *days_of(solved, vacancies)}
    best = max(sum(on) for on in product((0, 1), repeat=5) if sum(on) <= most and apart(on, least))
    assert len(worked) - 1 == best
    assert apart(tuple(int(day in worked) for day in range(1, 6)), least)


def apart(on: tuple[int, ...], least: int) -> bool:
    """On duty on the day before, off on the next one, then these days: by hand."""
    runs = "".join(map(str, (1, 0, *on))).strip("0").split("1")
    return all(len(run) >= least for run in runs if run)


def test_no_day_off_alone_over_a_change_of_weeks() -> None:
    rules = ANY._replace(least_off=2)
    vacancies = shifts(range(0, 2))
    solved = people_on_shifts([worker()._replace(worked=(-2,))], vacancies, rules)
    assert days_of(solved, vacancies) == [1]


def test_at_most_so_many_shifts_of_a_kind() -> None:
    """Two late shifts a person, so four are worked by two people; early ones are free."""
    vacancies = shifts(range(5), traits="late") + shifts(range(5), traits="early")
    limits = (Limit("late", 2, 0, 7),)
    people = [worker()._replace(limits=limits) for _ in range(2)]
    solved = people_on_shifts(people, vacancies, ANY)
    late = Counter(p for p, o in solved.of if "late" in vacancies[o].traits)
    assert late == {0: 2, 1: 2}
    assert sum(solved.unfilled[:5]) == 1
    assert sum(solved.unfilled[5:]) == 0


def test_a_heavier_wish_goes_first() -> None:
    """Both would have Wednesday off, one of them more; the third has no say."""
    wishes = [(WorkerWish(2, "", weight),) for weight in (1.0, 3.0)]
    people = [worker()._replace(wishes=each) for each in wishes]
    solved = people_on_shifts(people, shifts(range(2, 3)), ANY)
    assert [p for p, _ in solved.of] == [0]


def test_a_shift_that_is_wished_for_is_given() -> None:
    vacancies = shifts(range(1), traits="early") + shifts(range(1), traits="late")
    people = [worker()._replace(wishes=(WorkerWish(0, "late", -2.0),)), worker()]
    solved = people_on_shifts(people, vacancies, ANY)
    assert sorted(solved.of) == [(0, 1), (1, 0)]


def test_no_wish_leaves_a_shift_open() -> None:
    wishes = tuple(WorkerWish(day, "", 10.0) for day in range(5))
    solved = people_on_shifts([worker()._replace(wishes=wishes)], shifts(range(5)), ANY)
    assert solved.unfilled == (0,) * 5


def test_hours_of_weeks_together() -> None:
    """36 hours a week are four shifts in each of two weeks, or nine in both."""
    vacancies = shifts(range(5)) + shifts(range(7, 12))
    by_week = people_on_shifts([worker(2, 36.0)], vacancies, ANY)
    together = people_on_shifts(
        [worker(2)._replace(hours=(72.0,), days=(10,))], vacancies, ANY._replace(weeks_together=2)
    )
    assert (sum(by_week.unfilled), sum(together.unfilled)) == (2, 1)


@pytest.mark.parametrize(("hours", "worked"), [(40.0, 4), (16.0, 1), (0.0, 0), (4.0, 0)])
def test_days_at_the_weekend_are_given_back_in_the_next_week(hours: float, worked: int) -> None:
    """Saturday of eight hours; a week too short to give it back has no other day on duty."""
    people = [worker(2)._replace(hours=(40.0, hours), days=(5, 5))]
    saturday = Vacancy(5, True, (0,), 8.0, 1, 20.0)
    vacancies = [saturday, *shifts(range(7, 12))]
    solved = people_on_shifts(people, vacancies, ANY._replace(weekend_is_extra=True))
    assert days_of(solved, vacancies)[0] == 5
    assert len(days_of(solved, vacancies)) - 1 == worked
