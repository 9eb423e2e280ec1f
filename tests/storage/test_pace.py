"""How long a question takes is told by the last of its kind, in proportion to the work."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from sim import example_path, load_scenario
from sim.questions.allocate import AllocateQuestion
from sim.questions.size import SizeQuestion
from sim.scenario.edit import with_overrides
from sim.scenario.scenario import Scenario
from sim.storage.job_folder import CANCEL, PROGRESS, RESULT
from sim.storage.jobs import Jobs
from sim.storage.keep import SCENARIO, scenario_text
from sim.storage.pace import expected_seconds
from sim.storage.request import REQUEST, Request, request_text

HALL = load_scenario(example_path("promised_day.yaml"))
ASKED = Request(SizeQuestion(("hall",)), 6, 1)


def finished(home: Path, name: str, request: Request, scenario: Scenario, seconds: float) -> Path:
    """The folder of a job that took so long."""
    folder = home / "runs" / f"20260101-00000{name}-{'a' * 16}"
    (folder / RESULT).mkdir(parents=True)
    (folder / REQUEST).write_text(request_text(request), encoding="utf-8")
    (folder / SCENARIO).write_text(scenario_text(scenario), encoding="utf-8")
    steps = [{"done": n, "total": 9, "at": 100.0 + n * seconds} for n in (0, 1)]
    lines = "".join(f"{json.dumps(step)}\n" for step in steps)
    (folder / PROGRESS).write_text(lines, encoding="utf-8")
    return folder


def test_the_same_takes_as_long_and_twice_as_much_twice_as_long(tmp_path: Path) -> None:
    finished(tmp_path, "1", ASKED, HALL, 30.0)
    jobs = Jobs(tmp_path)
    assert expected_seconds(jobs, ASKED, HALL) == pytest.approx(30.0)
    assert expected_seconds(jobs, ASKED._replace(replications=12), HALL) == pytest.approx(60.0)
    twice = ASKED._replace(question=SizeQuestion(("hall",), repeats=2))
    assert expected_seconds(jobs, twice, HALL) == pytest.approx(60.0)
    longer = with_overrides(HALL, ["run.measured_days=40"])
    assert expected_seconds(jobs, ASKED, longer) == pytest.approx(60.0)


def test_the_newest_tells(tmp_path: Path) -> None:
    finished(tmp_path, "1", ASKED, HALL, 30.0)
    finished(tmp_path, "2", ASKED, HALL, 12.0)
    assert expected_seconds(Jobs(tmp_path), ASKED, HALL) == pytest.approx(12.0)


def test_what_tells_nothing_is_passed_over(tmp_path: Path) -> None:
    other = Request(AllocateQuestion(("hall",)), 6, 1)
    finished(tmp_path, "1", other, HALL, 30.0)
    small = with_overrides(HALL, ["run.measured_days=2"])
    finished(tmp_path, "2", ASKED, small, 3.0)
    stopped = finished(tmp_path, "3", ASKED, HALL, 2.0)
    (stopped / CANCEL).touch()
    damaged = finished(tmp_path, "4", ASKED, HALL, 2.0)
    (damaged / PROGRESS).write_text("", encoding="utf-8")
    assert math.isnan(expected_seconds(Jobs(tmp_path), ASKED, HALL))


@pytest.mark.parametrize("prepared", [0.0, 40.0, 400.0])
def test_the_time_left_is_right_after_the_first_tenth(tmp_path: Path, prepared: float) -> None:
    """By a clock of its own: what came before the first run is preparation, and no pace."""
    runs, each = 200, 1.5
    steps = [{"done": 0, "total": runs, "at": 0.0}]
    steps += [
        {"done": n, "total": runs, "at": prepared + n * each * (1.0 + 0.4 * (n % 2))}
        for n in range(1, runs // 10 + 1)
    ]
    folder = finished(tmp_path, "1", ASKED, HALL, 1.0)
    lines = "".join(json.dumps(line) + "\n" for line in steps)
    (folder / PROGRESS).write_text(lines, encoding="utf-8")
    job = Jobs(tmp_path).job(folder.name)
    assert job is not None
    assert job.done == runs // 10
    left = (runs - job.done) * each
    assert abs(job.left_s - left) <= left / 2
