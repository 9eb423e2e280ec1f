"""Answers of sizing beside the best that there is: every staff tried, and the exact equations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pytest

from sim.arrays import Ints
from sim.questions.size import searched, size
from sim.runs import sizing_confirm
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import Run
from sim.runs.sizing import SizingProblem
from sim.runs.sizing_confirm import size_staff
from sim.theory.transient import hall_day
from tests.questions.drawn_halls import DESIGNS, drawn_hall
from tests.questions.known_days import KNOWN_DAYS, known_hall

DAYS: Final = 60
"""Of the only replication that small problems are sized on: a trial takes a few milliseconds."""
PROBLEMS: Final = 60
QUICK: Final = (0, 3, 4, 8, 11, 12, 16)
"""Problems with few staffs to try."""
ENOUGH: Final = ("run.measured_days=10", "run.replications=20")
"""Two hundred days to search on: with these, and the margin against chance, none of nine answers
(three days, seeds 1 to 3) missed a half hour. With half that margin two of nine did, by 1.1 and 0.4
points."""


class Solved(NamedTuple):
    """A small problem by the search and by trying every staff."""

    half_hours: int
    """Clerk half hours a day of the answer."""
    best: int
    """The fewest with which the promises are kept on the same crowds."""
    bound: float
    """Clerk half hours a day that it says are the fewest."""
    keeps: bool
    """Whether the answer keeps them there."""
    tried: int
    """Staffs that were tried for the best."""


def staffs_of(total: int, n_posts: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many clerks over posts.

    Examples
    --------
    >>> sorted(staffs_of(2, 2))
    [(0, 2), (1, 1), (2, 0)]
    """
    if n_posts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in staffs_of(total - first, n_posts - 1):
            yield (first, *others)


def keeps_promises(problem: SizingProblem, clerks: Ints) -> bool:
    """Whether so many at the posts keep every promise on the problem's crowd."""
    reviewers = problem.staff_today[len(clerks) :]
    plan = problem.plan(np.concatenate([clerks, reviewers]))
    [sums] = problem.crowds.each(plan, problem.replications, problem.promised.sums)
    return bool(problem.promised.are_kept(problem.promised.values(sums)).all())


def fewest(problem: SizingProblem, answer: int) -> tuple[int, int]:
    """The fewest clerk half hours that keep every promise, and how many staffs were tried for it.

    Every staff with fewer than the answer is tried, by how many they are; all cost the same.
    """
    n_posts, tried = len(problem.posts), 0
    for total in range(answer):
        for clerks in staffs_of(total, n_posts):
            staff = np.array(clerks, dtype=np.int64)
            if problem.keeps_open(staff):
                tried += 1
                if keeps_promises(problem, staff):
                    return total, tried
    return answer, tried


def solved(number: int, monkeypatch: pytest.MonkeyPatch) -> Solved | None:
    """One drawn problem; None where nobody could keep its promises.

    The margin against chance, and the rounds on fresh crowds, are left out: both change what is
    kept, and on what, and say nothing of how well it is searched.
    """
    monkeypatch.setattr(sizing_confirm, "MARGIN", 0.0)
    monkeypatch.setattr(sizing_confirm, "ROUNDS", 0)
    one_group = DESIGNS[number % len(DESIGNS)] == "one"
    n_half_hours = 3 + number % 3 if one_group else 3 + number // len(DESIGNS) % 2
    busiest = 2.6 if one_group else {3: 1.4, 4: 0.9}[n_half_hours]
    scenario = drawn_hall(number, n_half_hours, DAYS, busiest=busiest, replications=1)
    with KeptCrowds(seed=1, engine="fast", workers=1) as crowds:
        problem = SizingProblem(searched(scenario), "hall", crowds, range(1), lambda: None)
        sized = size_staff(problem)
        if len(sized.ample.impossible):
            return None
        clerks = sized.staff[: len(problem.posts)]
        answer = int(clerks.sum())
        best, tried = fewest(problem, answer)
        bound = sized.bound_hours / problem.hours[0]
        return Solved(answer, best, bound, keeps_promises(problem, clerks), tried)


class TestEveryStaffTried:
    """The search against the best there is, on one crowd, so that luck has no part in it."""

    @pytest.mark.parametrize("number", QUICK)
    def test_a_quick_problem(self, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        problem = solved(number, monkeypatch)
        assert problem is not None
        assert problem.keeps
        assert problem.half_hours == problem.best
        assert problem.bound == problem.best

    @pytest.mark.slow
    @pytest.mark.timeout(1800)
    def test_sixty_problems(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Measured: 59 of 60 are the best there is, one has a clerk half hour too many (16 for 15).

        All the staffs that were tried for it are 102,330. Of 60 problems with busier groups, which
        take four times as long, three had one too many, each with a list that two groups share.
        """
        problems = [
            problem
            for number in range(PROBLEMS)
            if (problem := solved(number, monkeypatch)) is not None
        ]
        over = np.array([problem.half_hours - problem.best for problem in problems])
        gaps = over / np.array([problem.best for problem in problems])
        short = np.array([problem.best - problem.bound for problem in problems])
        assert len(problems) >= 50
        assert all(problem.keeps for problem in problems)
        assert over.max() <= 1
        assert (over == 0).mean() >= 0.95
        assert gaps.mean() <= 0.005
        assert short.min() >= 0, "more clerks have harmed"
        assert (short == 0).mean() >= 0.9


class TestOneNumberAllDay:
    def test_eight_are_enough_and_seven_are_not(self) -> None:
        """Case staff-const-a; by the Kolmogorov equations its worst half hour has 97.2 % and
        87.2 %."""
        constant = "targets.constant_over_day=[windows]"
        scenario, layout = known_hall("two_peaks", *ENOUGH, constant)
        [row] = size(scenario, [layout], run=Run(workers=1, seed=1)).layouts
        assert {need.clerks for need in row.needs} == {8}
        worst = min(row.cells, key=lambda checked: checked.sized.mean).sized
        assert worst.low < 0.971985 < worst.high
        assert row.needs[0].one_fewer == pytest.approx(0.87237, abs=0.02)


class TestKnownDays:
    """Days of one list whose share called in time, half hour by half hour, is known exactly."""

    @pytest.mark.parametrize("name", KNOWN_DAYS)
    def test_no_half_hour_is_missed_for_fewer_hours_than_formulas(self, name: str) -> None:
        """Offered load with Erlang's formula takes 39.0, 54.0 and 52.5 clerk hours a day."""
        day = KNOWN_DAYS[name]
        scenario, layout = known_hall(name, *ENOUGH)
        [row] = size(scenario, [layout], run=Run(workers=1, seed=1)).layouts
        clerks = [need.clerks for need in row.needs]
        exact = hall_day(day.slots(clerks), day.minutes, within=15)
        assert sum(clerks) / 2 <= day.staff_hours
        assert exact.within_by_slot.min() >= 0.9
