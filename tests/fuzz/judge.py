"""What must come of a file: problems in words, or a run that keeps all laws."""

from __future__ import annotations

import io
import json
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final, Literal, NamedTuple

from sim import Run, example_path
from sim.command.exit_status import status
from sim.engine.run import ENGINES, prepare, run
from sim.errors import Problem, RunError, ScenarioError
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.questions.compare import compare
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.runs.replicate import replicate
from sim.scenario.arrivals import visits_a_day
from sim.scenario.hours import weekly_hours
from sim.scenario.load import load_scenario, read_scenario
from sim.scenario.scenario import Scenario
from sim.storage.comparison_export import comparison_data
from sim.text import LANGUAGES, load_text
from tests.assertions import assert_same_journal
from tests.fuzz.mutate import Made

LONGEST: Final = 60
"""Seconds after which a file is said to hang: a hundred times what the slowest takes."""
MOST: Final = 200
"""Visits expected in a run: the slow engine serves them in a blink."""
CROWDED: Final = 5_000
"""Visits drawn at which a run is left out: a repeated trip may multiply what was expected."""
Came = Literal["refused", "accepted", "served"]


class Verdict(NamedTuple):
    """What came of a file."""

    came: Came
    codes: frozenset[str] = frozenset()
    """Codes of what it was told."""


class Hang(BaseException):
    """A file took too long; no `except Exception` may swallow it."""


def judge(made: Made, folder: Path) -> Verdict:
    """Read a file, check it, serve its crowd by both engines, measure.

    Raises
    ------
    Exception
        Anything that should not be: a traceback, a broken law, engines that differ, NaN, a hang.
    """
    compiled()
    path = folder / "fuzzed.yaml"
    path.write_bytes(made.content)
    with at_most(LONGEST), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            scenario, findings = read_scenario(path, made.overrides)
        except ScenarioError as error:
            problems = error.problems
        else:
            return _judged(scenario, findings, path, made.overrides)
    assert all(problem.severity == "error" for problem in problems)
    said(problems)
    return Verdict("refused", frozenset(problem.code for problem in problems))


def _judged(
    scenario: Scenario, findings: tuple[Problem, ...], path: Path, overrides: tuple[str, ...]
) -> Verdict:
    """What comes of a scenario that was read."""
    said(findings)
    same_again(scenario)
    codes = frozenset(problem.code for problem in findings)
    small = shortened(scenario)
    if small is None:
        return Verdict("accepted", codes)
    checked(path, overrides)
    return Verdict("served" if served(small) else "accepted", codes)


@cache
def compiled() -> None:
    """Compile the fast engine before any clock runs."""
    scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    prepare(compile_plan(scenario, "hall"), "fast")


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Stop what takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def said(problems: tuple[Problem, ...]) -> None:
    """Every problem is one line in both languages, says where, and what to do."""
    for problem in problems:
        assert problem.where, problem
        for language in LANGUAGES:
            text = load_text(language)
            sentence = problem.sentence(text)
            assert "\n" not in sentence, sentence
            assert "allowed." not in sentence.replace("error.", ""), sentence
            assert problem.remedy or text.has(f"error.{problem.code}.remedy"), problem.code
            sentence.encode("utf-8")


def same_again(scenario: Scenario) -> None:
    """Written out and read again it is the same scenario, as a kept study needs."""
    reread = Scenario.model_validate_json(scenario.model_dump_json(exclude_unset=True))
    assert reread.hash == scenario.hash
    assert reread == scenario


def shortened(scenario: Scenario) -> Scenario | None:
    """The scenario over a few days with few people; None where instants bring too many."""
    run_ = scenario.run.model_copy(
        update={
            "measured_days": min(scenario.run.measured_days, 2),
            "warmup_days": min(scenario.run.warmup_days, 1),
            "followup_days": min(scenario.run.followup_days, 2),
        }
    )
    days = run_.measured_days + run_.warmup_days + run_.followup_days
    calendar = next(
        calendar for calendar in scenario.calendars if calendar.id == scenario.hall.hours
    )
    open_days = max(1, sum(bool(day) for day in weekly_hours(calendar).values()))
    factor = scenario.applicants.volume_factor
    amount = sum(visits_a_day(flow, open_days) for flow in scenario.demand) * days * factor
    instants = sum(len(flow.at or ()) for flow in scenario.demand)
    update: dict[str, Any] = {"run": run_}
    if amount > MOST:
        if any(flow.every is not None or flow.at is not None for flow in scenario.demand):
            return None
        scaled = {"volume_factor": factor * MOST / amount}
        update["applicants"] = scenario.applicants.model_copy(update=scaled)
    return scenario.model_copy(update=update) if instants <= MOST else None


def checked(path: Path, overrides: tuple[str, ...]) -> None:
    """The command `check` tells its data, without NaN."""
    out = io.StringIO()
    sets = [word for override in overrides for word in ("--set", override)]
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        ended = status(["check", str(path), *sets, "--format", "json"], load_text("en"))
    assert ended == 0, (ended, out.getvalue()[:2000])
    strict(out.getvalue())


def strict(text: str) -> Any:
    """JSON that holds neither NaN nor infinities."""

    def refuse(word: str) -> float:
        raise AssertionError(f"{word} in JSON")

    return json.loads(text, parse_constant=refuse)


def served(scenario: Scenario) -> bool:
    """Both engines tell the same of each layout, laws hold, measures are numbers."""
    layouts = [layout.id for layout in scenario.layouts[:2]]
    try:
        plans = [compile_plan(scenario, layout) for layout in layouts]
        tape = draw_tape(plans[0].demand, scenario.run.seed, 0)
    except RunError as error:
        said(error.problems)
        return False
    if len(tape.cases.arrived_at) > CROWDED:
        return False
    for plan in plans:
        journals = [run(plan, tape, engine) for engine in ENGINES]
        assert_same_journal(*journals)
        check_invariants(Tables(plan, tape, journals[0]))
    study = replicate(scenario, layouts, run=Run(replications=2, workers=1))
    strict(json.dumps(comparison_data(compare(study)), allow_nan=False))
    return True
