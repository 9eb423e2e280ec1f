"""Long runs in processes of their own: a folder each, so that they outlive pages and servers.

All that is known of a job is read from its folder, never from memory: `request.json` and
`scenario.json` say what was asked, `progress.jsonl` how far it is, `result` holds what came out,
`error.json` why nothing did, `worker.log` the details. A lock, held by the worker while it lives,
tells a running job from a dead one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal, NamedTuple

from sim.errors import Problem, RunError
from sim.experiment.keep import SCENARIO, read_problem, scenario_text, write_file, write_folder
from sim.scenario.scenario import Scenario

REQUEST: Final = "request.json"
PROGRESS: Final = "progress.jsonl"
RESULT: Final = "result"
ERROR: Final = "error.json"
LOG: Final = "worker.log"
CANCEL: Final = "cancel"
LOCK: Final = "lock"
STARTING_S: Final = 30.0
"""Seconds that a started worker may take until it holds its lock."""
LISTS: Final = ("layouts", "totals", "only", "points")
"""Fields of a request that hold several things."""
ID: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}", re.ASCII)

State = Literal["queued", "running", "done", "cancelled", "failed"]


class Request(NamedTuple):
    """What a job is asked to do with its scenario."""

    kind: Literal["compare", "staffing", "levers", "extend", "next_points", "frontier"]
    layouts: tuple[str, ...]
    replications: int
    seed: int
    totals: tuple[int, ...] = ()
    """Numbers of clerks of a staffing curve, of stations of a frontier."""
    settings: Mapping[str, Any] = {}
    """Plain data that the asker wants to find again, such as how the scenario was made."""
    measure: str = "wait"
    """By which levers are ranked."""
    only: tuple[str, ...] = ()
    """Levers, or beginnings of their paths; empty = all."""
    points: tuple[str, ...] = ()
    """Townships that get a new station."""
    stations: Mapping[str, Any] = {}
    """How it serves in some of them, as a scenario writes it; as `places.siting` says in others."""
    most: int = 8
    """Townships that are run to find the next point."""


class Job(NamedTuple):
    """What is known of a job at one moment."""

    id: str
    state: State
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


def default_home() -> Path:
    """Where runs are kept: HALLSIM_HOME, else the system's folder for a program's data."""
    if named := os.environ.get("HALLSIM_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "hallsim"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "hallsim"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "hallsim"


class Jobs:
    """The jobs below a folder; at most so many run, at most so many wait.

    Parameters
    ----------
    home
        Jobs are kept in its folder `runs`; it is made when it is missing.
    running, waiting
        Most jobs that run, and that wait, at a time.
    """

    def __init__(self, home: Path, running: int = 1, waiting: int = 4) -> None:
        self.runs = home / "runs"
        self._running, self._waiting = running, waiting
        self._lock = threading.RLock()
        self._own: dict[str, subprocess.Popen[bytes]] = {}
        """Workers started here."""
        self._ended: set[str] = set()
        """Jobs known to have ended; they are not looked at again."""
        with self._lock:
            self._start_next()

    def submit(self, request: Request, scenario: Scenario) -> str:
        """Queue a job and start it when there is room.

        Raises
        ------
        RunError
            `queue_full` when too many wait already.
        OutputError
            When the folder of runs cannot be written.
        """
        with self._lock:
            waiting = [job for job in self._live() if job.state == "queued"]
            if len(waiting) >= self._waiting:
                raise RunError(Problem("queue_full", found=str(len(waiting))))
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            files = {
                REQUEST: json.dumps(request._asdict(), ensure_ascii=False).encode(),
                SCENARIO: scenario_text(scenario).encode(),
            }
            write_folder(self.runs / name, files)
            self._start_next()
        return name

    def job(self, name: str) -> Job | None:
        """What is known of a job; None when there is none of that name."""
        folder = self.folder(name)
        if folder is None:
            return None
        with self._lock:
            self._start_next()
            return _read(folder, self._alive(name))

    def folder(self, name: str) -> Path | None:
        """The folder of a job; None when there is none of that name."""
        if not ID.fullmatch(name) or not (self.runs / name / REQUEST).is_file():
            return None
        return self.runs / name

    def result(self, name: str) -> Path:
        """The folder that holds what a finished job gave."""
        return self.runs / name / RESULT

    def cancel(self, name: str) -> None:
        """Ask a job to stop after the replications under way; a job that waits never starts."""
        folder = self.folder(name)
        if folder is None:
            return
        with self._lock:
            (folder / CANCEL).touch()
            job = _read(folder, self._alive(name))
            if job.state == "queued":
                write_problems(folder, (Problem("cancelled"),))

    def newest(self) -> tuple[str, ...]:
        """Names of all jobs, the newest first."""
        if not self.runs.is_dir():
            return ()
        found = (path.name for path in self.runs.iterdir() if ID.fullmatch(path.name))
        return tuple(sorted(found, reverse=True))

    def _alive(self, name: str) -> bool | None:
        """Whether a job's worker lives; None when it was not started here."""
        worker = self._own.get(name)
        return None if worker is None else worker.returncode is None

    def _live(self) -> list[Job]:
        """Jobs that wait or run, the oldest first."""
        live = []
        for name in reversed(self.newest()):
            if name in self._ended or not (self.runs / name / REQUEST).is_file():
                continue
            job = _read(self.runs / name, self._alive(name))
            if job.live:
                live.append(job)
            else:
                self._ended.add(name)
        return live

    def _start_next(self) -> None:
        live = self._live()
        room = self._running - sum(job.state == "running" for job in live)
        for job in [job for job in live if job.state == "queued"][: max(room, 0)]:
            self._start(job.id)

    def _start(self, name: str) -> None:
        folder = self.runs / name
        command = [sys.executable, "-m", "sim.experiment.worker", str(folder)]
        root = Path(__file__).resolve().parents[2]
        found = [str(root), os.environ.get("PYTHONPATH", "")]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(part for part in found if part),
            "PYTHONUTF8": "1",
        }
        with (folder / PROGRESS).open("ab") as out, (folder / LOG).open("ab") as log:
            worker = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        self._own[name] = worker
        threading.Thread(target=self._await, args=(name, worker), daemon=True).start()

    def _await(self, name: str, worker: subprocess.Popen[bytes]) -> None:
        """Wait for a worker's end, end what it left behind, start the next job."""
        if sys.platform != "win32":
            with contextlib.suppress(ChildProcessError):
                # seen but not yet reaped, its process group cannot have become another's
                os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        with self._lock, contextlib.suppress(OSError):
            self._start_next()


def read_request(folder: Path) -> Request:
    """What a job was asked."""
    data = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    lists = {name: tuple(data.get(name, ())) for name in LISTS}
    return Request(**{**data, **lists})


def write_problems(folder: Path, problems: tuple[Problem, ...]) -> None:
    """Write down why a job gave nothing."""
    write_file(folder / ERROR, json.dumps([asdict(one) for one in problems]).encode())


def _read(folder: Path, alive: bool | None) -> Job:
    """Read a job's folder; `alive` says whether its worker lives, where that is known."""
    held = (
        lock_held(folder) if alive is None else alive
    )  # before the files: a worker that ends writes them first
    done, total, left_s = _progress(folder)
    problems: tuple[Problem, ...] = ()
    state: State
    if (folder / RESULT).is_dir():
        state = "done"
    elif (folder / ERROR).is_file():
        problems = _problems(folder)
        state = "cancelled" if problems[0].code == "cancelled" else "failed"
    elif not (folder / LOG).exists():
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
    except (OSError, ValueError, IndexError):
        return 0, 0, float("nan")
    done, total, spent = last["done"], last["total"], last["at"] - first["at"]
    left = spent / done * (total - done) if done else float("nan")
    return done, total, left


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        found = json.loads((folder / ERROR).read_text(encoding="utf-8"))
        return tuple(read_problem(one) for one in found)
    except (OSError, ValueError, TypeError, KeyError):
        return (Problem("run_crashed", found=folder.name),)


# --- the lock ----------------------------------------------------------------


def take_lock(file: IO[bytes]) -> bool:
    """Lock a file for this process until it is closed; false when another process holds it.

    The lock is the process's own: it is not handed on to forked children, and the system drops it
    however the process ends.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def lock_held(folder: Path) -> bool:
    """Whether a worker lives that works on this folder."""
    path = folder / LOCK
    if not path.exists():
        return False
    with path.open("r+b") as file:
        return not take_lock(file)
