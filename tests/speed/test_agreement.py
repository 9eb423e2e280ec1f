"""The scenario files of the benchmark and plain SimPy tell of the same halls."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compile_plan, draw_tape, load_scenario, run
from sim.results.laws import check_laws
from sim.results.tables import Tables
from tests.speed.__main__ import APART, agreement
from tests.speed.agreement import distances
from tests.speed.plain_simpy import KINDS, OFFICERS, RATES, PlainHall, closed_for, one_list
from tests.speed.workloads import HERE


def test_both_describe_the_same_numbers() -> None:
    scenario = load_scenario(HERE / "w2.yaml")
    volumes = {flow.matter: flow.per_day for flow in scenario.demand}
    assert volumes == {name: volume for name, volume, _, _ in KINDS}
    assert [one.reviewers for one in scenario.departments] == list(OFFICERS)
    assert tuple(scenario.profiles[0].shape.values()) == RATES
    assert sum(volume for _, volume, _, _ in KINDS) == pytest.approx(30 * sum(RATES))


@pytest.mark.parametrize("name", ["w1", "w2"])
def test_a_day_of_each_workload_obeys_the_laws(name: str) -> None:
    plan = compile_plan(load_scenario(HERE / f"{name}.yaml", ["run.measured_days=1"]), "hall")
    tape = draw_tape(plan.demand, seed=1, replication=0)
    check_laws(Tables(plan, tape, run(plan, tape)))


def test_plain_programs_run() -> None:
    assert len(one_list(200, seed=1)) == 200
    people = PlainHall(days=1, seed=1).run()
    assert 1000 < len(people) < 1400
    assert all(one.arrived_at <= one.left_at <= one.done_at for one in people)
    assert closed_for(725) == 55


def test_distances_notice_a_difference() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(10, 1, 50), rng.normal(12, 1, 50)
    assert distances({"x": one}, {"x": other})["x"][2] > APART


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_figures_agree() -> None:
    for figures in agreement(days=60).values():
        for name, (plain, ours, z) in figures.items():
            assert abs(z) <= APART, (name, plain, ours)
