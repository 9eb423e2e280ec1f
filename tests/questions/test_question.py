"""Every question: a frozen description that is saved, compared and answered by a run."""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from sim import Run, Scenario, questions, replicate, staffing_curve, sweep
from sim.questions.compare import CompareQuestion
from sim.questions.extend import ExtendQuestion
from sim.questions.frontier import FrontierQuestion
from sim.questions.lever_question import LeversQuestion
from sim.questions.levers import assumed_levers
from sim.questions.next_point import NextPointQuestion
from sim.questions.question import Question
from sim.questions.ranking import rank
from sim.questions.reductions import ReductionsQuestion
from sim.questions.sites import SitesQuestion
from sim.questions.staffing import StaffingQuestion
from sim.questions.sweep import SweepQuestion
from sim.questions.vary import read_levers
from sim.storage.codec import read_plain, to_plain
from tests.questions.test_extend import area
from tests.storage.test_jobs import priced

MODULES = [path.stem for path in Path(questions.__path__[0]).glob("[a-z]*.py")]
DESCRIPTIONS = [
    kind
    for module in MODULES
    for name, kind in vars(importlib.import_module(f"sim.questions.{module}")).items()
    if name.endswith("Question") and kind is not Question
    if kind.__module__ == f"sim.questions.{module}"
]
FEW = Run(replications=2, seed=3, workers=1)


@pytest.fixture
def hall(tmp_path: Path) -> Scenario:
    return priced(tmp_path)


@pytest.mark.parametrize("kind", DESCRIPTIONS, ids=lambda kind: kind.__name__)
def test_a_description_is_a_frozen_record_that_asks(kind: Any) -> None:
    words = inspect.getdoc(kind) or ""
    assert "?" in words.splitlines()[0], "it says what is asked"
    assert kind.__dataclass_params__.frozen
    assert {"runs", "answer"} <= set(vars(kind))


def test_each_description_is_found() -> None:
    names = {kind.__name__ for kind in DESCRIPTIONS}
    assert {"CompareQuestion", "FrontierQuestion", "SitesQuestion", "TurningQuestion"} <= names
    assert len(names) == len(DESCRIPTIONS) >= 12


def test_a_description_is_saved_as_it_is(hall: Scenario) -> None:
    levers = read_levers(hall, ["money.clerk_yuan_per_hour=20,40"])
    questions: list[Any] = [
        SweepQuestion(levers, ("zone",)),
        LeversQuestion("zone", "trips", ("money",), levers),
        ReductionsQuestion(None, ("birth",), 60),
        SitesQuestion(3, "zone", rival=True),
        CompareQuestion(("zone",), (("wait", 0.5),)),
    ]
    for question in questions:
        data = json.loads(json.dumps(to_plain(question)))
        assert read_plain(type(question), data) == question


def test_a_description_is_answered_as_its_function_answers(hall: Scenario) -> None:
    levers = read_levers(hall, ["hall.last_ticket=5 min,10 min"])
    layouts = ("pooled",)
    pairs: list[tuple[Any, Any]] = [
        (CompareQuestion(layouts), replicate(hall, layouts, run=FEW)),
        (StaffingQuestion(layouts, (3, 4)), staffing_curve(hall, layouts, [3, 4], run=FEW)),
        (SweepQuestion(levers, layouts), sweep(hall, levers, layouts, run=FEW)),
        (
            LeversQuestion("pooled", "trips"),
            rank(hall, "pooled", assumed_levers(hall, "pooled"), "trips", run=FEW),
        ),
    ]
    for question, answer in pairs:
        # a plan holds arrays, and an estimate may hold nan, which equals nothing
        assert str(question.answer(hall, run=FEW)) == str(answer), question


def test_progress_counts_the_replications_of_each_run(hall: Scenario) -> None:
    levers = read_levers(hall, ["hall.last_ticket=5 min,10 min"])
    questions: list[Question[Scenario, Any]] = [
        CompareQuestion(("zone", "pooled")),
        StaffingQuestion(("zone", "pooled"), (3, 4)),
        SweepQuestion(levers, ("zone", "pooled")),
    ]
    steps: list[tuple[int, int]] = []
    run = Run(replications=2, seed=3, workers=1, progress=lambda *step: steps.append(step))
    for question in questions:
        question.answer(hall, run=run)
        whole = 2 * question.runs(hall)
        assert steps[-1] == (whole, whole), question


def test_runs_of_stations_count_what_they_are_held_against() -> None:
    """The places as they are; of a station more beside chosen points, these points."""
    town = area()
    assert ExtendQuestion(("ridge",)).runs(town) == 2
    assert FrontierQuestion((1, 2)).runs(town) == FrontierQuestion((0, 1, 2)).runs(town) == 3
    assert NextPointQuestion((), 2).runs(town) == 3
    assert NextPointQuestion(("ridge",), 2).runs(town) == 3
    assert SitesQuestion(1).runs(town) >= 2


def test_layouts_are_those_that_are_named() -> None:
    assert FrontierQuestion((1,)).layouts == ()
    assert FrontierQuestion((1,), "zone").layouts == ("zone",)
    assert StaffingQuestion(("zone", "pooled"), (3,)).layouts == ("zone", "pooled")
