"""The process that keeps crowds answers as the question does, and ends with its server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import Run
from sim.errors import RunError
from sim.questions.size import Sizing
from sim.questions.staff_change import StaffChangeQuestion
from sim.storage import trials
from sim.storage.answers import QUESTIONS
from sim.storage.trials import TrialsProcess
from tests.questions.test_size import called, only, sized


@pytest.fixture(scope="module")
def sizing() -> Sizing:
    return sized(called("80 %"))


@pytest.fixture(scope="module")
def folder(sizing: Sizing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    saved = tmp_path_factory.mktemp("sized") / "result"
    QUESTIONS["size"].save(sizing, saved)
    return saved


@pytest.fixture
def process() -> Iterator[TrialsProcess]:
    trials_process = TrialsProcess()
    yield trials_process
    trials_process.end()


def question_of(sizing: Sizing) -> StaffChangeQuestion:
    need = only(sizing).needs[1]
    return StaffChangeQuestion("hall", need.group, need.days, need.starts)


def test_it_answers_as_the_question_does(
    sizing: Sizing, folder: Path, process: TrialsProcess
) -> None:
    question = question_of(sizing)
    answer = process.change(folder, question)
    assert repr(answer) == repr(question.answer(sizing, run=Run(workers=1)))
    since = time.monotonic()
    process.change(folder, question)
    assert time.monotonic() - since < 1.0, "its crowds are kept"


def test_what_cannot_be_answered_is_a_sentence_and_the_next_is_answered(
    sizing: Sizing, folder: Path, process: TrialsProcess, tmp_path: Path
) -> None:
    nowhere = StaffChangeQuestion("hall", "windows", "wed", 0)
    with pytest.raises(RunError, match="wed 00:00"):
        process.change(folder, nowhere)
    with pytest.raises(RunError, match="cannot be read"):
        process.change(tmp_path, question_of(sizing))
    assert process.change(folder, question_of(sizing)).cells


def test_one_that_was_ended_is_started_again(
    sizing: Sizing, folder: Path, process: TrialsProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = process.change(folder, question_of(sizing))
    monkeypatch.setattr(trials, "LONGEST_S", 0.0)
    with pytest.raises(RunError, match="ended before"):
        process.change(folder, StaffChangeQuestion("hall", "windows", "wed", 32_400_000))
    monkeypatch.undo()
    assert repr(process.change(folder, question_of(sizing))) == repr(first)


def test_crowds_of_few_answers_are_kept(sizing: Sizing, folder: Path, tmp_path: Path) -> None:
    """Who was asked about last stays; what went is drawn again."""
    kept_trials = trials._KeptTrials()
    folders = [folder]
    for name in ("second", "third"):
        folders.append(shutil.copytree(folder, tmp_path / name))
    first = kept_trials.of(folders[0], "hall")
    second = kept_trials.of(folders[1], "hall")
    assert kept_trials.of(folders[0], "hall") is first
    kept_trials.of(folders[2], "hall")
    assert kept_trials.of(folders[0], "hall") is first
    assert kept_trials.of(folders[1], "hall") is not second
    kept_trials.clear()


def test_it_ends_with_its_server() -> None:
    """Its input closes when the server is gone, however that went."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "sim.storage.trials"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(30) == 0
