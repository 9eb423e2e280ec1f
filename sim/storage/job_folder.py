"""The folder of a job: what lies in it, and what it says of the job at a moment.

`request.json` and `scenario.json` say what was asked, `progress.jsonl` how far it is, `result`
holds what came out, `error.json` why nothing did, `worker.log` the details. A lock, held by the
worker while it lives, tells a running job from a dead one.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from sim.errors import Problem
from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import write_file
from sim.storage.lock import lock_held

PROGRESS: Final = "progress.jsonl"
RESULT: Final = "result"
ERROR: Final = "error.json"
LOG: Final = "worker.log"
CANCEL: Final = "cancel"
LOCK: Final = "lock"
PID: Final = "pid"
INTERRUPTED: Final = "interrupted"
"""There when the server ended before the job: it waits again."""
STARTING_S: Final = 30.0
"""Seconds that a started worker may take until it holds its lock."""
ID: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6,16}", re.ASCII)
"""Names of jobs. Who knows one may look at the job, so none can be guessed."""

JobState = Literal["queued", "running", "done", "cancelled", "failed"]


class Job(NamedTuple):
    """What is known of a job at one moment."""

    id: str
    state: JobState
    done: int
    total: int
    """Replications, over all layouts and numbers of clerks."""
    left_s: float
    """Seconds left, judged from those done; nan before the first."""
    problems: tuple[Problem, ...]
    """Why it failed."""

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")


def new_name() -> str:
    """A name for a job, which nobody can guess.

    Examples
    --------
    >>> bool(ID.fullmatch(new_name())), new_name() == new_name()
    (True, False)
    """
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(8)}"


def write_problems(folder: Path, problems: tuple[Problem, ...]) -> None:
    """Write down why a job gave nothing."""
    write_file(folder / ERROR, json.dumps(to_plain(problems)).encode())


def read_job(folder: Path, alive: bool | None) -> Job:
    """Read a job's folder; `alive` says whether its worker lives, where that is known."""
    held = (
        lock_held(folder / LOCK) if alive is None else alive
    )  # before the files: a worker that ends writes them first
    done, total, left_s = _progress(folder)
    problems: tuple[Problem, ...] = ()
    state: JobState
    if (folder / RESULT).is_dir():
        state = "done"
    elif (folder / ERROR).is_file():
        problems = _problems(folder)
        state = "cancelled" if problems[0].code == "cancelled" else "failed"
    elif not (folder / LOG).exists() or ((folder / INTERRUPTED).exists() and not held):
        state = "queued"
    elif held or (alive is None and not total and _age_s(folder / LOG) < STARTING_S):
        state = "running"
    else:
        state, problems = "failed", (Problem("run_crashed", found=folder.name),)
    return Job(folder.name, state, done, total, left_s, problems)


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _progress(folder: Path) -> tuple[int, int, float]:
    try:
        lines = (folder / PROGRESS).read_text(encoding="utf-8").splitlines(keepends=True)
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        first, last = whole[0], whole[-1]
        done, total, spent = last["done"], last["total"], float(last["at"] - first["at"])
    except (OSError, ValueError, IndexError, TypeError, KeyError):
        return 0, 0, float("nan")
    return done, total, _seconds_left(whole, spent)


def _seconds_left(steps: list[dict[str, Any]], spent: float) -> float:
    """Seconds left at the pace since the first run was done: what came before was preparation."""
    last = steps[-1]
    done, ahead = last["done"], last["total"] - last["done"]
    begun = next((line for line in steps if line["done"]), last)
    if done > begun["done"]:
        return float((last["at"] - begun["at"]) / (done - begun["done"]) * ahead)
    return spent / done * ahead if done else float("nan")


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        data = json.loads((folder / ERROR).read_text(encoding="utf-8"))
        problems = tuple(read_plain(Problem, record) for record in data)
    except (OSError, ValueError, TypeError):
        problems = ()
    return problems or (Problem("run_crashed", found=folder.name),)
