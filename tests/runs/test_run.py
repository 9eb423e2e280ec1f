"""How a question is run: one object, checked once, the same for every question."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import Run, Scenario, compile_plan, example_path, load_scenario, read_levers, replicate
from sim.errors import OptionError
from sim.questions.levers import Levers, given_levers
from sim.questions.ranking import rank
from sim.questions.sweep import sweep
from sim.questions.turning import turning
from sim.runs.run import ResolvedRun
from sim.runs.screen import screen

ROOT = Path(sim.__file__).parent
CLERKS = "layouts.hall.windows.windows.clerks"
TAIL = {"replications", "seed", "engine", "workers", "progress", "cancelled", "cluster"}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    days = ["run.warmup_days=0", "run.measured_days=1", "run.replications=3", "run.seed=8"]
    return load_scenario(example_path("exact/mmc.yaml"), days)


def test_what_is_not_said_is_the_scenarios(scenario: Scenario) -> None:
    run = Run().resolved(scenario)
    assert (run.replications, run.seed) == (3, 8)
    run = Run(replications=5, seed=0).resolved(scenario)
    assert (run.replications, run.seed) == (5, 0)
    assert run.resolved(load_scenario(example_path("sanmenxia.yaml"))) == run


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        Run(replications=0, seed=-1, workers=0, engine="slow")  # type: ignore[arg-type]
    refusals = {
        (problem.code, problem.path, problem.found, problem.allowed)
        for problem in caught.value.problems
    }
    assert refusals == {
        ("outside_range", "replications", "0", "≥ 1"),
        ("outside_range", "seed", "-1", "≥ 0"),
        ("outside_range", "workers", "0", "≥ 1"),
        ("option_value", "engine", "slow", "fast, reference"),
    }


def test_a_changed_run_is_checked_too_and_the_old_one_stays() -> None:
    run = Run(replications=2)
    assert replace(run, workers=3).replications == 2
    with pytest.raises(OptionError):
        replace(run, workers=0)
    with pytest.raises(FrozenInstanceError):
        run.workers = 3  # type: ignore[misc]


def test_a_plain_run_travels() -> None:
    run = Run(replications=2, seed=3, engine="reference", workers=1).resolved()
    assert pickle.loads(pickle.dumps(run)) == run


def test_no_more_processes_than_pieces_of_work() -> None:
    assert Run(workers=4).cores() == 4
    assert Run(workers=4).cores(at_most=1) == 1
    assert Run().cores() >= 1


def test_who_does_not_listen_is_not_told() -> None:
    steps: list[tuple[int, int]] = []
    Run().report(1, 2)
    Run(progress=lambda *step: steps.append(step)).report(1, 2)
    assert steps == [(1, 2)]


def questions(scenario: Scenario) -> list[Callable[..., Any]]:
    """Some of each way in which work is spread: over plans, ends and threads."""
    ends = Levers(given_levers(scenario, [f"{CLERKS}=5,6"]), ())
    return [
        partial(sweep, scenario, read_levers(scenario, [f"{CLERKS}=5,6"])),
        partial(rank, scenario, "hall", ends),
        partial(screen, [compile_plan(scenario, "hall")]),
    ]


def test_what_cannot_be_spread_over_machines_refuses_a_cluster(scenario: Scenario) -> None:
    run = Run(engine="reference", cluster="tcp://127.0.0.1:1")
    for question in questions(scenario):
        with pytest.raises(OptionError) as caught:
            question(run=run)
        assert [problem.code for problem in caught.value.problems] == ["not_on_cluster"]


def test_a_question_about_an_answer_is_run_as_that_was(scenario: Scenario) -> None:
    two = scenario.model_copy(
        update={
            "layouts": tuple(
                scenario.layouts[0].model_copy(update={"id": name}) for name in ("one", "other")
            )
        }
    )
    study = replicate(two, run=Run(replications=2, engine="reference", workers=1))
    with pytest.raises(OptionError) as caught:
        turning(study, run=Run(replications=4, seed=9))
    refusals = [(problem.path, problem.found, problem.allowed) for problem in caught.value.problems]
    assert refusals == [("replications", "4", "2"), ("seed", "9", "8")]
    assert Run(seed=8).on_crowds_of(2, 8, "reference") == ResolvedRun(
        replications=2, seed=8, engine="reference"
    )


def test_no_question_takes_the_parts_of_a_run_one_by_one() -> None:
    """Two of these who-does-it names in one signature are a run taken apart."""
    apart = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                names = {argument.arg for argument in arguments} & TAIL
                if len(names & {"workers", "progress", "cancelled"}) > 1:
                    apart.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert apart == []
