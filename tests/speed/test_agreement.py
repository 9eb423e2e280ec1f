"""The scenario files of the benchmark and plain SimPy tell of the same halls."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim import compile_plan, draw_tape, load_scenario, run
from sim.engine.run import ENGINES
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from tests.speed.__main__ import APART, agreement, main
from tests.speed.agreement import distances
from tests.speed.area import PARTS, area, whole_area
from tests.speed.peers import known_peers, peer_speed
from tests.speed.plain_simpy import KINDS, OFFICERS, RATES, PlainHall, closed_for, one_list
from tests.speed.side_by_side import PLAIN
from tests.speed.workloads import HERE


def test_both_describe_the_same_numbers() -> None:
    scenario = load_scenario(HERE / "w2.yaml")
    volumes = {flow.matter: flow.per_day for flow in scenario.demand}
    assert volumes == {name: volume for name, volume, _, _ in KINDS}
    reviewers = [department.most_reviewers for department in scenario.departments]
    assert reviewers == list(OFFICERS)
    assert tuple(scenario.profiles[0].shape.values()) == RATES
    assert sum(volume for _, volume, _, _ in KINDS) == pytest.approx(30 * sum(RATES))


@pytest.mark.parametrize("name", ["w1", "w2"])
def test_a_day_of_each_workload_obeys_the_laws(name: str) -> None:
    plan = compile_plan(load_scenario(HERE / f"{name}.yaml", ["run.measured_days=1"]), "hall")
    tape = draw_tape(plan.demand, seed=1, replication=0)
    check_invariants(Tables(plan, tape, run(plan, tape)))


def test_plain_programs_run() -> None:
    assert len(one_list(200, seed=1)) == 200
    people = PlainHall(days=1, seed=1).run()
    assert 1000 < len(people) < 1400
    assert all(person.arrived_at <= person.left_at <= person.done_at for person in people)
    assert closed_for(725) == 55


def test_distances_notice_a_difference() -> None:
    rng = np.random.default_rng(1)
    sample, higher = rng.normal(10, 1, 50), rng.normal(12, 1, 50)
    assert distances({"x": sample}, {"x": higher})["x"][2] > APART


def test_the_area_is_measured_beside_the_city_hall() -> None:
    assert whole_area().run.measured_days > 280
    figures = area(replications=1, days=1)
    assert figures["customers"]["area"] > figures["customers"]["city_hall"] > 0
    assert len(figures["area_over_city_hall"]) == 1
    assert set(figures["share_of_time"]) == set(PARTS)
    assert sum(figures["share_of_time"].values()) == pytest.approx(1)


def test_the_command_keeps_figures_and_draws_them(tmp_path: Path) -> None:
    file, picture = tmp_path / "speed.json", tmp_path / "speed.png"
    few = ["--rounds", "1", "--days", "1", "--only", "engines", "--json", str(file)]
    absent = ["--peers", str(tmp_path), "--figure", str(picture)]
    assert main([*few, *absent]) == 0
    programs = json.loads(file.read_text(encoding="utf-8"))["engines"]
    assert set(programs) == {"W1", "W2", "city"}
    assert set(programs["W2"]) == {PLAIN, *ENGINES}
    assert programs["W2"][PLAIN]["times_plain"] == [1.0]
    assert picture.stat().st_size > 0


def test_a_peer_that_fails_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "peers").mkdir()
    (tmp_path / "peers" / "simpy_hall.py").write_text("raise SystemExit('not here')")
    (tmp_path / "peers" / "pyheap_hall.py").write_text("print('{\"customers_per_s\": 5}')")
    peers = {peer.name: peer for peer in known_peers(tmp_path, {})}
    assert peer_speed(peers["simpy"], seed=1) == 0.0
    assert "left out: simpy, W2: not here" in capsys.readouterr().err
    assert peer_speed(peers["plain Python"], seed=1) == 5.0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_figures_agree() -> None:
    for figures in agreement(days=60).values():
        for name, (plain, ours, z) in figures.items():
            assert abs(z) <= APART, (name, plain, ours)
