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
from pathlib import Path
from typing import Final

from sim.errors import Cancelled, HallError, Problem, RunError
from sim.questions.extend import extend
from sim.questions.levers import assumed_levers, chosen, rank
from sim.questions.one_matter import one_matter
from sim.questions.siting import frontier, next_points
from sim.questions.staffing import staffing_curve
from sim.questions.turning import turning
from sim.runs.replicate import replicate
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.storage.extend_keep import read_stations, save_extension, save_frontier, save_next
from sim.storage.jobs import (
    CANCEL,
    INTERRUPTED,
    LOCK,
    PID,
    RESULT,
    Request,
    read_request,
    write_problems,
)
from sim.storage.keep import (
    SCENARIO,
    load_study,
    read_scenario_text,
    save_curve,
    save_ranking,
    save_study,
    write_folder,
)
from sim.storage.lock import take_lock
from sim.storage.one_matter_keep import save_one_matter
from sim.storage.turning_keep import TURNING, save_turning

PATIENCE_S: Final = 5.0
"""Seconds to try for the lock: those who only ask whether it is held, hold it for a moment."""
MEMORY_GB: Final = float(os.environ.get("GOVHALL_MEMORY_GB", "8"))
"""Address space of each process."""
CPU_HOURS: Final = float(os.environ.get("GOVHALL_CPU_HOURS", "4"))
"""Processor time of each process."""
WORKERS: Final = max(os.cpu_count() or 1, 2)
"""Processes that work: also on one core not this one, which minds the order to stop."""


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

    def told(done: int, total: int) -> None:
        print(json.dumps({"done": done, "total": total, "at": time.time()}), flush=True)

    def cancelled() -> bool:
        return (folder / CANCEL).exists()

    told(0, request.replications * max(1, len(request.totals) * len(request.layouts)))
    if cancelled():
        raise Cancelled
    run = Run(
        replications=request.replications,
        seed=request.seed,
        workers=WORKERS,
        progress=told,
        cancelled=cancelled,
    )
    match request.kind:
        case "compare":
            _compare(folder, request, scenario, run)
        case "staffing":
            _staff(folder, request, scenario, run)
        case "levers":
            _rank(folder, request, scenario, run)
        case "extend":
            _extend(folder, request, scenario, run)
        case "next_points":
            _next_points(folder, request, scenario, run)
        case "frontier":
            _frontier(folder, request, scenario, run)
        case "turning":
            _turn(folder, request, run)
        case "matter":
            _matter(folder, request, scenario, run)


def _compare(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    study = replicate(
        scenario,
        request.layouts,
        run=run,
    )
    if study.replications == 0:
        raise Cancelled
    save_study(study, folder / RESULT)


def _turn(folder: Path, request: Request, run: Run) -> None:
    """Look what would turn the verdict of a finished comparison; it is kept with that too."""
    studied = folder.parent / request.study / RESULT
    study = load_study(studied)
    found = turning(study, request.measure, run=run)
    if found.cancelled:
        raise Cancelled
    save_turning(found, studied)
    write_folder(folder / RESULT, {TURNING: (studied / TURNING).read_bytes()})


def _staff(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    curve = staffing_curve(
        scenario,
        request.layouts,
        request.totals,
        run=run,
    )
    if not curve.points:
        raise Cancelled
    save_curve(curve, folder / RESULT)


def _rank(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    [layout] = request.layouts
    ranking = rank(
        scenario,
        layout,
        chosen(assumed_levers(scenario, layout), only=request.only),
        request.measure,
        run=run,
    )
    if ranking.replications == 0:
        raise Cancelled
    save_ranking(ranking, folder / RESULT)


def _extend(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    [layout] = request.layouts
    found = extend(
        scenario,
        request.points,
        layout,
        run=run,
        stations=read_stations(request.stations),
    )
    if found.replications == 0:
        raise Cancelled
    save_extension(found, folder / RESULT)


def _next_points(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    [layout] = request.layouts
    found = next_points(
        scenario,
        request.points,
        request.most,
        layout,
        run=run,
        stations=read_stations(request.stations),
    )
    if found.replications == 0:
        raise Cancelled
    save_next(found, folder / RESULT)


def _frontier(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    [layout] = request.layouts
    found = frontier(
        scenario,
        request.totals,
        layout,
        run=run,
    )
    if found.replications == 0:
        raise Cancelled
    save_frontier(found, folder / RESULT)


def _matter(folder: Path, request: Request, scenario: Scenario, run: Run) -> None:
    [layout] = request.layouts
    found = one_matter(
        scenario,
        layout,
        run=run,
    )
    if not found.ways:
        raise Cancelled
    save_one_matter(found, folder / RESULT)


def main(folder: Path) -> int:
    """Do the job in `folder`; what goes wrong is written there."""
    with _only_worker(folder) as mine:
        if not mine or (folder / RESULT).exists():
            return 0
        try:
            (folder / PID).write_text(str(os.getpid()), encoding="ascii")
            threading.Thread(target=_end_with_server, args=(folder,), daemon=True).start()
            _bound()
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
        while not (mine := take_lock(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield mine


def _bound() -> None:
    """Give way to people at the screen, and stay within memory and processor time."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)
    wanted = (
        (resource.RLIMIT_AS, int(MEMORY_GB * 2**30)),
        (resource.RLIMIT_CPU, int(CPU_HOURS * 3600)),
    )
    for what, soft in wanted:
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):
            known = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
            resource.setrlimit(what, (known, hard))

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
