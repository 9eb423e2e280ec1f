"""Long runs in processes of their own: a folder each, so that they outlive pages and servers.

All that is known of a job is read from its folder (`job_folder.py`), never from memory.

A worker ends with the server that started it, however that ends; `interrupted` says so, and the
job waits again for the next server. Its process group goes with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import HallError, OutputError, Problem, RunError
from sim.scenario.scenario import Scenario
from sim.storage.early import newest_early
from sim.storage.job_folder import (
    CANCEL,
    ID,
    INTERRUPTED,
    LOCK,
    LOG,
    PID,
    PROGRESS,
    RESULT,
    Job,
    new_name,
    read_job,
    write_problems,
)
from sim.storage.keep import SCENARIO, scenario_text, write_folder
from sim.storage.life import (
    GB,
    Life,
    clear_leftovers,
    life_or_default,
    megabytes,
    outlived,
    remove_folder,
    size_of,
)
from sim.storage.limits import RUNNING, WAITING, WAITING_ALL
from sim.storage.lock import lock_held
from sim.storage.request import REQUEST, Request, read_reader, request_text
from sim.storage.shipped import is_example, shipped_job
from sim.storage.turns import Waiting, count_before, next_in_turn

HEED_S: Final = 2.0
"""Seconds that a cancelled job may take to end while it has nothing to keep."""
SAVE_S: Final = 30.0
"""Seconds that it may take to sum up and write down what it has."""
EARLY_S: Final = 2.0
"""Seconds after which the answer so far is taken, where there is one."""
LOOK_S: Final = 3_600.0
"""Seconds between two looks for what has outlived its life."""


class DiskUse(NamedTuple):
    """Bytes of finished jobs, and bytes that are free beside them."""

    studies: int
    free: int


def default_home() -> Path:
    """Where runs are kept: GOVHALL_HOME, else the system's folder for a program's data."""
    if named := os.environ.get("GOVHALL_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "govhall"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "govhall"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "govhall"


class Jobs:
    """The jobs below a folder; at most so many run, so many of each reader and of all wait.

    Readers take turns (`turns.py`). What has ended goes when it has outlived its life (`life.py`).

    Parameters
    ----------
    home
        Jobs are kept in its folder `runs`; it is made when it is missing.
    running
        Most jobs that run at a time.
    waiting, waiting_all
        Most jobs of one reader, and of all, that wait at a time.
    life
        Default: as `life_or_default`.
    free_gb
        Room on the disk below which no job is taken on.
    """

    def __init__(
        self,
        home: Path,
        running: int = int(RUNNING.default),
        waiting: int = int(WAITING.default),
        life: Life | None = None,
        *,
        waiting_all: int = int(WAITING_ALL.default),
        free_gb: float = 0.0,
    ) -> None:
        self.runs = home / "runs"
        self._running, self._waiting, self._waiting_all = running, waiting, waiting_all
        self._free_gb = free_gb
        self.life = life_or_default() if life is None else life
        self._lock = threading.RLock()
        self._own: dict[str, subprocess.Popen[bytes]] = {}
        """Workers started here."""
        self._ended: dict[str, tuple[float, int]] = {}
        """Jobs known to have ended, when, and their bytes; they are not looked at again."""
        self._readers: dict[str, str] = {}
        self._served_at: dict[str, float] = {}
        self._looked_at = float("-inf")
        with self._lock:
            clear_leftovers(self.runs)
            self._start_next()

    def submit(self, request: Request, scenario: Scenario) -> str:
        """Queue a job and start it when it is its turn.

        Raises
        ------
        RunError
            `queue_full` when too many of this reader wait already, `queue_full_of_all`.
        OutputError
            `disk_full`, or when the folder of runs cannot be written.
        """
        with self._lock:
            waiting = [job.id for job in self._live() if job.state == "queued"]
            of_reader = sum(self._reader(name) == request.reader for name in waiting)
            if of_reader >= self._waiting:
                raise RunError(Problem("queue_full", found=str(of_reader)))
            if len(waiting) >= self._waiting_all:
                raise RunError(Problem("queue_full_of_all", found=str(len(waiting))))
            free = self.use().free
            if free < self._free_gb * GB:
                needed = megabytes(int(self._free_gb * GB))
                raise OutputError(Problem("disk_full", found=megabytes(free), allowed=needed))
            name = new_name()
            files = {
                REQUEST: request_text(request).encode(),
                SCENARIO: scenario_text(scenario).encode(),
            }
            write_folder(self.runs / name, files)
            self._looked_at = float("-inf")
            self._start_next()
        return name

    def job(self, name: str) -> Job | None:
        """What is known of a job; None when there is none of that name."""
        folder = self.folder(name)
        if folder is None:
            return None
        if is_example(name):
            return Job(name, "done", 0, 0, float("nan"), ())
        with self._lock:
            self._start_next()
            return read_job(folder, self._alive(name))

    def folder(self, name: str) -> Path | None:
        """The folder of a job or of an example that ships; None when there is none of that name."""
        if not ID.fullmatch(name) or not (self.runs / name / REQUEST).is_file():
            return shipped_job(name)
        return self.runs / name

    def result(self, name: str) -> Path:
        """The folder that holds what a finished job gave."""
        return (shipped_job(name) or self.runs / name) / RESULT

    def early(self, name: str) -> Path | None:
        """The folder of the newest answer so far of a job; None where there is none."""
        folder = self.folder(name)
        return None if folder is None else newest_early(folder)

    def cancel(self, name: str) -> None:
        """Stop a job: at once while there is nothing to keep, else as soon as that is kept."""
        folder = self.folder(name)
        if folder is None or is_example(name):
            return
        with self._lock:
            (folder / CANCEL).touch()
            job = read_job(folder, self._alive(name))
            if job.state == "queued":
                write_problems(folder, (Problem("cancelled"),))
        if job.state == "running":
            threading.Thread(target=self._end_cancelled, args=(folder,), daemon=True).start()

    def owned(self, name: str, reader: str) -> bool:
        """Whether a job is a reader's own; one of nobody is everybody's."""
        return self.folder(name) is not None and self._reader(name) in ("", reader)

    def newest(self, reader: str | None = None) -> tuple[str, ...]:
        """Names of jobs, the newest first.

        Parameters
        ----------
        reader
            Only those of this reader; None: all.
        """
        if not self.runs.is_dir():
            return ()
        names = (path.name for path in self.runs.iterdir() if ID.fullmatch(path.name))
        return tuple(
            name
            for name in sorted(names, reverse=True)
            if reader is None or self._reader(name) == reader
        )

    def count_before(self, name: str) -> int:
        """How many jobs that wait start before this one."""
        with self._lock:
            running, waiting = self._queue()
            return count_before(name, waiting, running, self._served_at)

    def use(self) -> DiskUse:
        """What finished jobs take of the disk, and what is free."""
        with self._lock:
            self._live()
            studies = sum(size for _, size in self._ended.values())
        nearest = next(path for path in (self.runs, *self.runs.resolve().parents) if path.is_dir())
        return DiskUse(studies, shutil.disk_usage(nearest).free)

    def _reader(self, name: str) -> str:
        if name not in self._readers:
            try:
                self._readers[name] = read_reader(self.runs / name)
            except HallError:
                return "?"  # damaged: nobody's, and so not shown to anybody who does not name it
        return self._readers[name]

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
            job = read_job(self.runs / name, self._alive(name))
            if job.live:
                live.append(job)
            else:
                folder = self.runs / name
                self._ended[name] = (folder.stat().st_mtime, size_of(folder))
        return live

    def _queue(self) -> tuple[list[str], list[Waiting]]:
        """The reader of each job that runs, and the jobs that wait."""
        live = self._live()
        running = [self._reader(job.id) for job in live if job.state == "running"]
        waiting = [
            Waiting(job.id, self._reader(job.id), (self.runs / job.id / REQUEST).stat().st_mtime_ns)
            for job in live
            if job.state == "queued"
        ]
        return running, waiting

    def _start_next(self) -> None:
        running, waiting = self._queue()
        while len(running) < self._running:
            job = next_in_turn(waiting, running, self._served_at)
            if job is None:
                break
            self._start(job.name)
            self._served_at[job.reader] = time.monotonic()
            running.append(job.reader)
            waiting.remove(job)
        if time.monotonic() - self._looked_at > LOOK_S:
            self._looked_at = time.monotonic()
            self._clear()

    def _clear(self) -> None:
        """Take away what has outlived its life."""
        ended = [(self.runs / name, *ending) for name, ending in self._ended.items()]
        for folder in outlived(ended, self.life, time.time()):
            with contextlib.suppress(OSError):
                remove_folder(folder)
            del self._ended[folder.name]

    def _start(self, name: str) -> None:
        folder = self.runs / name
        command = [sys.executable, "-m", "sim.storage.worker", str(folder)]
        for left in (INTERRUPTED, PROGRESS):
            (folder / left).unlink(missing_ok=True)
        with (folder / PROGRESS).open("ab") as out, (folder / LOG).open("ab") as log:
            worker = subprocess.Popen(
                command,
                # nothing is ever written to it: it closes when this process ends, however it does
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=log,
                env=environment_of_workers(),
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
        if worker.stdin is not None:
            with contextlib.suppress(OSError):
                worker.stdin.close()
        with self._lock, contextlib.suppress(OSError):
            self._start_next()

    def _end_cancelled(self, folder: Path) -> None:
        """End a cancelled job that does not end by itself: soon if it has nothing to keep."""
        since = time.monotonic()
        while time.monotonic() - since < SAVE_S:
            with self._lock:
                job = read_job(folder, self._alive(folder.name))
            if job.state != "running":
                return
            if not job.done and time.monotonic() - since > HEED_S:
                break
            if newest_early(folder) is not None and time.monotonic() - since > EARLY_S:
                break
            time.sleep(0.1)
        if (early := newest_early(folder)) is not None:
            self._kill(folder)
            with contextlib.suppress(OSError):  # it has written its own answer in the meantime
                early.rename(folder / RESULT)
            return
        with contextlib.suppress(OSError):
            write_problems(folder, (Problem("cancelled"),))
        self._kill(folder)

    def _kill(self, folder: Path) -> None:
        """End a worker and all processes that it started."""
        own = self._own.get(folder.name)
        if own is not None and sys.platform == "win32":
            own.kill()
            return
        try:
            pid = own.pid if own is not None else int((folder / PID).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return
        if own is not None or lock_held(folder / LOCK):  # else the number may be another's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)


def environment_of_workers() -> dict[str, str]:
    """Variables with which a process of this program starts, wherever the server was started."""
    root = Path(__file__).resolve().parents[2]
    search_path = [str(root), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(part for part in search_path if part),
        "PYTHONUTF8": "1",
    }
