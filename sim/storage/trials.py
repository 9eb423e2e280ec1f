"""Small trials on the crowds of a kept answer, in a process that keeps them: answered at once.

A job starts a process and draws its crowds; that takes longer than one clerk fewer takes to try.
So one process of a server waits for such questions, and keeps the crowds of the answers that were
asked about last. It is bound as the worker of a job is, ends when its server is gone, and is ended
when nobody has asked it for a while.

One line of JSON a question goes in, one line an answer or its problems come out.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sim.errors import HallError, Problem, RunError
from sim.questions.staff_change import StaffChange, StaffChangeQuestion, StaffTrials
from sim.runs.run import Run
from sim.storage.answers import QUESTIONS
from sim.storage.codec import read_plain, to_plain
from sim.storage.jobs import environment_of_workers
from sim.storage.worker import MEMORY_GB, WORKERS, bound_process

KEPT_ANSWERS: Final = 2
"""Layouts of answers whose crowds are kept at a time."""
LONGEST_S: Final = 60.0
"""Seconds that an answer may take, drawing its crowds included."""
IDLE_S: Final = 900.0
"""Seconds after the last question, after which the process ends and its memory is free."""


class TrialsProcess:
    """The process of a server that keeps crowds; readers ask it one after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._idle: threading.Timer | None = None

    def change(self, folder: Path, question: StaffChangeQuestion) -> StaffChange:
        """What one clerk fewer and one more do, on the crowds of the sizing kept in a folder.

        Raises
        ------
        HallError
            As `StaffTrials` and as reading the folder; `worker_lost` when the process ended, or
            took longer than `LONGEST_S`.
        """
        request = {"folder": str(folder), "question": to_plain(question)}
        with self._lock:
            reply = self._reply(json.dumps(request))
        if "problems" in reply:
            raise RunError([read_plain(Problem, problem) for problem in reply["problems"]])
        return read_plain(StaffChange, reply["answer"])

    def end(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            self._end()

    def _reply(self, line: str) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        limit = _timer(LONGEST_S, process.kill)
        try:
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            reply = process.stdout.readline()
            answer: dict[str, Any] = json.loads(reply)
        except (OSError, ValueError):  # it ended, while it was asked or before it answered
            self._end()
            raise RunError(Problem("worker_lost")) from None
        finally:
            limit.cancel()
        self._idle = _timer(IDLE_S, self.end)
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._idle is not None:
            self._idle.cancel()
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sim.storage.trials"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment_of_workers(),
                encoding="utf-8",
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was written to a process that is gone
                    pipe.close()
        process.wait()


def _timer(seconds: float, then: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    timer.start()
    return timer


class _KeptTrials:
    """Trials of the answers that were asked about last, with their crowds."""

    def __init__(self) -> None:
        self._trials: OrderedDict[tuple[Path, str], StaffTrials] = OrderedDict()

    def of(self, folder: Path, layout: str) -> StaffTrials:
        key = (folder, layout)
        if key not in self._trials:
            self.clear(KEPT_ANSWERS - 1)
            sizing = QUESTIONS["size"].load(folder)
            self._trials[key] = StaffTrials(sizing, layout, Run(workers=WORKERS))
        self._trials.move_to_end(key)
        return self._trials[key]

    def clear(self, but: int = 0) -> None:
        """Let crowds go, those that were asked about the longest ago first."""
        while len(self._trials) > but:
            self._trials.popitem(last=False)[1].close()


def _answer(trials: _KeptTrials, line: str) -> dict[str, Any]:
    request = json.loads(line)
    question = read_plain(StaffChangeQuestion, request["question"])
    try:
        of_layout = trials.of(Path(request["folder"]), question.layout)
        change = of_layout.change(question.group, question.days, question.starts)
    except HallError as error:
        return {"problems": to_plain(error.problems)}
    except MemoryError:
        trials.clear()
        return {"problems": to_plain((Problem("out_of_memory", found=f"{MEMORY_GB:g} GB"),))}
    return {"answer": to_plain(change)}


def main() -> None:
    """Answer until the server that asks is gone."""
    bound_process()
    trials = _KeptTrials()
    for line in sys.stdin:
        print(json.dumps(_answer(trials, line)), flush=True)


if __name__ == "__main__":
    main()
