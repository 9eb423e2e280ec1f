"""One job, worked on in a process of its own: `python -m sim.storage.worker FOLDER`.

It lowers its priority, bounds its memory and processor time, writes one JSON line a replication to
its standard output, and puts what came out under `result` by renaming. Its standard input is held
open by the server that started it: when that closes, the server is gone, and so is the worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

from sim.errors import Cancelled, HallError, Problem, RunError
from sim.runs.run import Run
from sim.storage import limits
from sim.storage.answers import QUESTIONS
from sim.storage.early import keep_early
from sim.storage.job_folder import CANCEL, INTERRUPTED, LOCK, PID, RESULT, write_problems
from sim.storage.keep import SCENARIO, read_scenario_text
from sim.storage.lock import take_lock
from sim.storage.request import read_request

PATIENCE_S: Final = 5.0
"""Seconds to try for the lock: those who only ask whether it is held, hold it for a moment."""
MEMORY_GB: Final = limits.MEMORY_GB.read_or_default()
CPU_HOURS: Final = limits.CPU_HOURS.read_or_default()
WORKERS: Final = int(limits.CORES.read_or_default())


def work(folder: Path) -> None:
    """Do a job and keep what it gave.

    Raises
    ------
    Cancelled
        When it was cancelled before anything was finished.
    HallError
        When it could not be carried out.
    """
    request, scenario = read_request(folder), read_scenario_text(folder / SCENARIO)

    def report(done: int, total: int) -> None:
        print(json.dumps({"done": done, "total": total, "at": time.time()}), flush=True)

    def cancelled() -> bool:
        return (folder / CANCEL).exists()

    kind, question = QUESTIONS[request.kind], request.question
    studied = folder.parent / request.about / RESULT
    subject = QUESTIONS[kind.about].load(studied) if kind.about else scenario
    report(0, request.replications * question.runs(subject))
    if cancelled():
        raise Cancelled
    number = count(1)

    def early(answer: Any) -> None:
        if not kind.is_empty(answer):
            keep_early(folder, next(number), partial(kind.save, answer))

    run = Run(
        replications=request.replications,
        seed=request.seed,
        workers=WORKERS,
        progress=report,
        early=early,
        cancelled=cancelled,
    )
    answer = question.answer(subject, run=run)
    if kind.is_empty(answer):
        raise Cancelled
    if kind.add is not None:
        kind.add(answer, studied)
    kind.save(answer, folder / RESULT)


def main(folder: Path) -> int:
    """Do the job in `folder`; what goes wrong is written there."""
    with _only_worker(folder) as is_alone:
        if not is_alone or (folder / RESULT).exists():
            return 0
        try:
            (folder / PID).write_text(str(os.getpid()), encoding="ascii")
            threading.Thread(target=_end_with_server, args=(folder,), daemon=True).start()
            bound_process()
            work(folder)
        except HallError as error:
            write_problems(folder, error.problems)
            return error.exit_status
        except (MemoryError, BrokenProcessPool):
            # a process that the system ended was, but for the rarest faults, one that took too much
            write_problems(folder, (Problem("out_of_memory", found=f"{MEMORY_GB:g} GB"),))
            return RunError.exit_status
    return 0


def _end_with_server(folder: Path) -> None:
    """Wait until the server that started this worker is gone; then end, with all helpers."""
    if sys.stdin is None or sys.stdin.isatty():
        return
    with contextlib.suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
        if (folder / RESULT).exists():
            return
        (folder / INTERRUPTED).touch()
        if sys.platform == "win32":
            os._exit(RunError.exit_status)
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)


@contextlib.contextmanager
def _only_worker(folder: Path) -> Iterator[bool]:
    """Hold the folder's lock; false when another worker has it."""
    with (folder / LOCK).open("ab") as file:
        until = time.monotonic() + PATIENCE_S
        while not (is_taken := take_lock(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield is_taken


def bound_process() -> None:
    """Give way to people at the screen, and stay within memory and processor time."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)
    limits = (
        (resource.RLIMIT_AS, int(MEMORY_GB * 2**30)),
        (resource.RLIMIT_CPU, int(CPU_HOURS * 3600)),
    )
    for what, soft in limits:
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):
            limit = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
            resource.setrlimit(what, (limit, hard))

    def out_of_time(*_: object) -> None:
        raise RunError(Problem("run_too_long", found=f"{CPU_HOURS:g} h"))

    signal.signal(signal.SIGXCPU, out_of_time)


if __name__ == "__main__":
    try:
        status = main(Path(sys.argv[1]))
    except BaseException:
        traceback.print_exc()
        status = RunError.exit_status
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # pieces of work that were broken off are not waited for
