"""Laws of rests in turn: halls computed by hand, and every way of a small one tried."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from sim.arrays import Bools, Ints
from sim.theory.day_cover import DayToCover, RestTurns
from sim.theory.rest_turns import rest_turns
from sim.theory.week_shifts import Classes, week_shifts

YES = np.ones((1, 1), dtype=np.bool_)
MANY = np.array([50])


def quarters(need: int, first: int, last: int) -> DayToCover:
    """Eight quarter hours with one shift of all of them, and a rest in one of some quarters."""
    turns = np.eye(8, dtype=np.bool_)[first:last]
    return DayToCover(
        1,
        False,
        np.full((8, 1), need),
        np.full(8, 0.25),
        np.ones((1, 8), dtype=np.bool_),
        np.array([2.0]),
        YES,
        MANY,
        0,
        rests=(RestTurns(np.array([True]), turns),),
    )


@pytest.mark.parametrize(
    ("need", "turns", "people"),
    # two of three stay while one rests; of three in two turns two would rest at once; and so on
    [(2, 4, 3), (2, 3, 3), (2, 2, 4), (2, 1, 0), (5, 4, 7), (6, 4, 8), (0, 4, 0)],
)
def test_as_many_come_as_rests_leave_enough(need: int, turns: int, people: int) -> None:
    """n people in U turns: ceil(n / U) rest at once, and the others are enough."""
    day = quarters(need, 2, 2 + turns)
    week = week_shifts([day], Classes(YES, ~YES[0], MANY * 10.0, MANY, MANY, True))
    if people:
        assert week.counts[0].tolist() == [[people]]
        assert people - -(-people // turns) >= need > (people - 1) - -(-(people - 1) // turns)
        assert (week.short[0] == 0).all()
        [resting] = rest_turns(day, YES, ~YES[0], week.counts[0])
        assert resting.max() == -(-people // turns)
    elif need:
        assert week.short[0][2] == need, "all rest in the only turn that there is"


@st.composite
def small_days(draw: st.DrawFn) -> tuple[DayToCover, Bools, Ints]:
    n_classes, n_groups = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    needs = st.lists(st.integers(0, 2), min_size=n_groups, max_size=n_groups)
    needed = np.array([draw(needs) for _ in range(5)])
    skills = np.array([[draw(st.booleans()) for _ in range(n_groups)] for _ in range(n_classes)])
    skills[:, 0] |= ~skills.any(axis=1)
    rests = [
        RestTurns(np.array([True, True]), np.eye(5, dtype=np.bool_)[: draw(st.integers(1, 3))])
    ]
    if draw(st.booleans()):  # of one shift alone, each turn in two periods
        turns = np.array([[0, 0, 0, 1, 1]], dtype=np.bool_)
        rests.append(RestTurns(np.array([False, True]), turns))
    counts = np.array([[draw(st.integers(0, 2)) for _ in range(2)] for _ in range(n_classes)])
    works = np.ones((2, 5), dtype=np.bool_)
    hours, allowed = np.array([2.0, 2.0]), np.ones((n_classes, 2), dtype=np.bool_)
    lengths = np.array([0.25, 0.25, 0.25, 0.125, 0.375])
    present = counts.sum(axis=1)
    day = DayToCover(
        1, False, needed, lengths, works, hours, allowed, present, 0, False, tuple(rests)
    )
    return day, skills, counts


def missing_hours(day: DayToCover, skills: Bools, there: Ints) -> float:
    """Clerk hours that are missing where so many of each class are not at rest, by assignment."""
    hours = 0.0
    for t, needs in enumerate(day.needed):
        people = np.repeat(np.arange(len(skills)), there[:, t])
        posts = np.repeat(np.arange(len(needs)), needs)
        served = skills[people][:, posts].astype(float)
        person, post = linear_sum_assignment(served, maximize=True)
        hours += day.span_hours[t] * (len(posts) - served[person, post].sum())
    return float(hours)


def away(day: DayToCover, resting: list[Ints]) -> Ints:
    """People of each class at rest in each period, shape (C, T)."""
    return sum(
        (
            of_rest @ rest.turns.astype(np.int64)
            for of_rest, rest in zip(resting, day.rests, strict=True)
        ),
        start=np.zeros((len(resting[0]), len(day.needed)), dtype=np.int64),
    )


def every_way(day: DayToCover, counts: Ints) -> list[list[Ints]]:
    """Every number of people of each class in each turn of each rest."""
    of_rests = []
    for rest in day.rests:
        n_turns, people = len(rest.turns), counts[:, rest.shifts].sum(axis=1)
        of_classes = [
            [way for way in product(range(n + 1), repeat=n_turns) if sum(way) == n] for n in people
        ]
        of_rests.append([np.array(ways) for ways in product(*of_classes)])
    return [list(ways) for ways in product(*of_rests)]


@given(small_days())
@settings(max_examples=60, deadline=None)
def test_no_way_leaves_less_or_is_more_even(drawn: tuple[DayToCover, Bools, Ints]) -> None:
    day, skills, counts = drawn
    if not counts.any():
        return
    on_duty = counts.sum(axis=1)[:, None]
    solved = list(rest_turns(day, skills, np.zeros(len(skills), dtype=np.bool_), counts))
    ways = every_way(day, counts)
    hours = [missing_hours(day, skills, on_duty - away(day, way)) for way in ways]
    assert missing_hours(day, skills, on_duty - away(day, solved)) == pytest.approx(min(hours))
    best = [way for way, lost in zip(ways, hours, strict=True) if lost <= min(hours) + 1e-9]

    if len({*map(tuple, skills.T.tolist())}) == 1:

        def unevenness(way: list[Ints]) -> int:
            resting = away(day, way)[skills[:, 0]].sum(axis=0)
            return int((resting * (resting + 1)).sum())

        assert unevenness(solved) == min(map(unevenness, best))


def test_who_cannot_be_spared_rests_when_nobody_comes() -> None:
    """One clerk who is needed but in the last quarter rests in that one."""
    day = quarters(1, 2, 6)
    day.needed[5] = 0
    [resting] = rest_turns(day, YES, ~YES[0], np.array([[1]]))
    assert resting.tolist() == [[0, 0, 0, 1]]


def test_experienced_people_rest_one_after_the_other() -> None:
    """Two of three are experienced, and one of them is to be there: both never rest at once."""
    day = quarters(1, 2, 4)._replace(seniors=1)
    skills, senior = np.ones((2, 1), dtype=np.bool_), np.array([True, False])
    [resting] = rest_turns(day, skills, senior, np.array([[2], [1]]))
    assert resting[0].tolist() == [1, 1]


def test_without_time_to_search_turns_follow_each_other() -> None:
    [resting] = rest_turns(quarters(2, 2, 5), YES, ~YES[0], np.array([[7]]), time_limit=0.0)
    assert sorted(resting[0].tolist()) == [2, 2, 3]
