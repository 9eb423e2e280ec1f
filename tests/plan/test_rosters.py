"""A roster's plan is the plan of the scenario that has this roster."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compile_plan, example_path, load_scenario
from sim.plan.plan import Plan
from sim.plan.rosters import Rosters, clerks_today, posts_of, rosters_of
from sim.scenario.day_kinds import day_kinds
from sim.scenario.edit import with_roster
from sim.scenario.scenario import Scenario


def city() -> Scenario:
    days = ["run.warmup_days=1", "run.measured_days=7", "run.followup_days=0"]
    return load_scenario(example_path("sanmenxia.yaml"), days)


def same(first: Plan, second: Plan) -> None:
    for name, value in first.hall._asdict().items():
        np.testing.assert_array_equal(value, getattr(second.hall, name), err_msg=name)
    assert first.names == second.names
    np.testing.assert_array_equal(first.office.reviewers, second.office.reviewers)


@pytest.mark.parametrize("layout", ["zone", "counters", "parallel"])
def test_any_numbers_of_clerks_give_the_plan_of_that_scenario(layout: str) -> None:
    scenario = city()
    posts = posts_of(scenario, scenario.layout(layout), day_kinds(scenario))
    rosters = Rosters(scenario, compile_plan(scenario, layout), posts)
    draws = np.random.default_rng(1)
    for _ in range(3):
        clerks = draws.integers(1, 9, len(posts))
        written = with_roster(scenario, layout, rosters_of(posts, clerks))
        same(rosters.plan(clerks), compile_plan(written, layout))


def test_todays_numbers_give_todays_plan() -> None:
    scenario = city()
    posts = posts_of(scenario, scenario.layout("zone"), day_kinds(scenario))
    plan = compile_plan(scenario, "zone")
    today = clerks_today(scenario, scenario.layout("zone"), posts, day_kinds(scenario))
    same(Rosters(scenario, plan, posts).plan(today), plan)


def test_each_list_keeps_somebody_in_each_half_hour() -> None:
    """In the city's zone every list has one group, so each post keeps its own list open."""
    scenario = city()
    posts = posts_of(scenario, scenario.layout("zone"), day_kinds(scenario))
    lines = Rosters(scenario, compile_plan(scenario, "zone"), posts).lines_of_posts()
    assert sorted(int(line[0]) for line in lines) == list(range(len(posts)))
    assert {len(line) for line in lines} == {1}
