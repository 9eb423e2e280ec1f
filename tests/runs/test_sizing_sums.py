"""Units simulated by themselves, beside whole crowds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from sim import example_path, load_scenario
from sim.questions.size import searched
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.sizing import SizingProblem
from sim.runs.sizing_bound import everybody, first_guess
from sim.runs.sizing_trips import apart_from_cases
from sim.scenario.scenario import Scenario
from tests.questions.drawn_halls import drawn_hall

NINE_OF_TEN = (
    "targets.promises=[{measure: called_within, within: 15 min, at_least: 90 %, each: half_hour}]"
)


@contextmanager
def problem_of(scenario: Scenario, layout: str, replications: int) -> Iterator[SizingProblem]:
    with KeptCrowds(seed=1, engine="fast", workers=1) as crowds:
        yield SizingProblem(searched(scenario), layout, crowds, range(replications), lambda: None)


@pytest.mark.parametrize("number", range(8))
def test_where_nobody_has_papers_to_mend_both_are_the_same(number: int) -> None:
    scenario = drawn_hall(number, 4, days=8, busiest=1.5, replications=2)
    with problem_of(scenario, "hall", 2) as problem:
        ample = everybody(problem)
        guess = first_guess(problem, ample)
        rng = np.random.default_rng(number)
        staffs = [ample.staff, guess, guess, guess + rng.integers(0, 2, len(guess))]
        whole = [problem.trial(staff) for staff in staffs]
        problem.try_by_unit(ample.staff)
        by_unit = [problem.trial(staff) for staff in staffs]
    for before, after in zip(whole, by_unit, strict=True):
        assert np.array_equal(before.sums, after.sums)


def test_a_staff_whose_units_were_all_tried_needs_no_simulation() -> None:
    scenario = drawn_hall(1, 4, days=8, busiest=1.5, replications=2)
    with problem_of(scenario, "hall", 2) as problem:
        ample = everybody(problem)
        problem.try_by_unit(ample.staff)
        first, second = (unit.places for unit in problem.units)
        fewer = ample.staff.copy()
        problem.trial(fewer)
        for places in (first, second):
            staff = ample.staff.copy()
            staff[places] -= 1
            fewer[places] -= 1
            problem.trial(staff)
        n = problem.evaluations
        assert problem.trial(fewer).staff.tolist() == fewer.tolist()
        assert problem.evaluations == n


def test_in_the_city_they_are_nearly_the_same() -> None:
    """What differs: who leaves unserved comes again, before the measured days too."""
    city = load_scenario(example_path("sanmenxia.yaml"), [NINE_OF_TEN])
    with problem_of(city, "zone", 2) as problem:
        ample = everybody(problem)
        staff = first_guess(problem, ample) + 1
        whole = problem.trial(staff)
        problem.try_by_unit(ample.staff)
        by_unit = problem.trial(staff)
    people = [trial.sums[..., 1].sum() for trial in (whole, by_unit)]
    in_time = [trial.sums[..., 0].sum() for trial in (whole, by_unit)]
    assert people[1] == pytest.approx(people[0], rel=0.005)
    assert in_time[1] / people[1] == pytest.approx(in_time[0] / people[0], abs=0.002)
    assert np.nanmean(np.abs(whole.values - by_unit.values)) < 0.004


def test_a_night_that_is_open_is_not_cut_from_the_day() -> None:
    always = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2", NINE_OF_TEN])
    day = ["calendars.always.weekly={mon-sun: [08:00-10:00]}", "run.measured_days=2", NINE_OF_TEN]
    cut = load_scenario(example_path("exact/mmc.yaml"), day)
    for scenario, expected in ((always, False), (cut, True)):
        with problem_of(scenario, "hall", 1) as problem:
            assert apart_from_cases(problem.today) == expected
