"""Pieces of work spread over processes of this machine, and broken off at once when asked."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import takewhile
from multiprocessing.sharedctypes import Synchronized
from typing import Any, Final, Protocol, TypeVar

from sim.errors import Problem, RunError
from sim.plan.plan import Plan
from sim.runs.parent import end_with_parent
from sim.runs.run import ResolvedRun, Run
from sim.runs.task import Batch, Row, one_replication

HEED_S: Final = 0.2
"""Seconds between two looks at whether somebody cancelled."""
_shared: list[Any] = []
"""What this worker process serves, put there once when it starts."""
_step_listeners: list[Callable[[], None]] = []
"""Whom this process tells of a step."""


def tell_step() -> None:
    """Tell that a step of a long piece of work is done, while the piece goes on."""
    for listener in _step_listeners:
        listener()


def served(
    batches: Sequence[Batch], run: ResolvedRun
) -> Generator[tuple[int, int, Row], None, None]:
    """Serve the same crowds in many batches of plans, the first crowd in all of them first.

    Returns
    -------
    Generator
        As they finish: the replication, counted from the first of its batch, the place of the
        batch, its row.
    """
    yield from run_parts(batches, _serve, run.replications, run)


def _serve(batch: Batch, replication: int) -> Row:
    return one_replication(batch.plans, batch.conditions, batch.first + replication)


class Work(Protocol):
    """Anything with plans that travels to worker processes."""

    @property
    def plans(self) -> tuple[Plan, ...]: ...


P = TypeVar("P", bound=Work)
R = TypeVar("R")


def run_parts(
    parts: Sequence[P],
    work: Callable[[P, int], R],
    times: int,
    run: Run,
    stepped: Callable[[int], None] | None = None,
) -> Generator[tuple[int, int, R], None, None]:
    """Do a piece of work for each replication and part, the first replication of all parts first.

    Parameters
    ----------
    work
        A function of a module, given a part and a replication.
    times
        Replications.
    run
        Its processes do the work; with one it is done in this process, which cannot break off a
        piece. `cancelled` is asked while pieces are under way: once it is true, they are broken off
        and no more come. Whoever takes the results reports progress.
    stepped
        Told now and then how many steps (`tell_step`) all pieces have done so far.

    Returns
    -------
    Generator
        As they finish: the replication, the place of the part, what `work` gave.
    """
    tasks = [(replication, n) for replication in range(times) for n in range(len(parts))]
    workers = run.cores()
    if workers > 1 and tasks:
        few = min(workers, len(tasks))
        yield from _in_processes(parts, work, tasks, few, run.cancelled, stepped)
        return
    with _counted_here(stepped):
        for replication, n in tasks:
            if run.cancelled():
                return
            yield replication, n, work(parts[n], replication)


def run_each_crowd(part: P, work: Callable[[P, int], R], run: ResolvedRun) -> tuple[R, ...]:
    """Do a piece of work for each replication, and report how many are done.

    Parameters
    ----------
    work
        A function of a module, given the part and a replication.
    run
        How to run it; stopped early, also by Ctrl-C, the first replications without a gap are kept.

    Returns
    -------
    tuple
        What `work` gave, replications in order.

    Raises
    ------
    OptionError
        `not_on_cluster`.
    """
    results: dict[int, R] = {}
    few = replace(run, workers=run.cores(at_most=run.replications))
    try:
        with closing(run_parts((part,), work, run.replications, few)) as finished:
            for replication, _, result in finished:
                results[replication] = result
                run.report(len(results), run.replications)
                if run.cancelled():
                    break
    except KeyboardInterrupt:
        pass
    return tuple(results[n] for n in takewhile(results.__contains__, range(run.replications)))


@contextmanager
def _counted_here(stepped: Callable[[int], None] | None) -> Iterator[None]:
    """Steps of this process are told to `stepped` as they are done."""
    count, before = 0, list(_step_listeners)

    def count_step() -> None:
        nonlocal count
        count += 1
        if stepped is not None:
            stepped(count)

    _step_listeners[:] = [count_step]
    try:
        yield
    finally:
        _step_listeners[:] = before


def _count(steps: Synchronized[int]) -> None:
    with steps.get_lock():
        steps.value += 1


def _start_worker(parts: Sequence[Work], steps: Synchronized[int]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _shared[:] = parts
    _step_listeners[:] = [partial(_count, steps)]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until this is over, where the system can make it wait."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _task(work: Callable[[Any, int], R], replication: int, n: int) -> R:
    return work(_shared[n], replication)


def _in_processes(
    parts: Sequence[P],
    work: Callable[[P, int], R],
    tasks: Sequence[tuple[int, int]],
    workers: int,
    cancelled: Callable[[], bool],
    stepped: Callable[[int], None] | None = None,
) -> Generator[tuple[int, int, R], None, None]:
    """Results as they finish; few are under way at a time, so it stops soon, or when cancelled at
    once."""
    context = multiprocessing.get_context()
    steps: Synchronized[int] = context.Value("q", 0)
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(parts, steps)
    )
    try:
        waiting = iter(tasks)
        under_way: dict[Future[R], tuple[int, int]] = {}
        while True:
            for task in waiting:
                with _undisturbed():  # a pool whose start is broken off waits for ever at the end
                    under_way[pool.submit(_task, work, task[0], task[1])] = task
                if len(under_way) > workers:
                    break
            if not under_way:
                return
            done: set[Future[R]] = set()
            while not done and not cancelled():
                done, _ = wait(under_way, HEED_S, return_when=FIRST_COMPLETED)
                if stepped is not None:
                    stepped(steps.value)
            if not done:
                return
            for future in sorted(done, key=lambda future: under_way[future]):
                yield *under_way.pop(future), future.result()
    except BrokenProcessPool:
        raise RunError(Problem("worker_lost")) from None
    finally:
        broken_off = cancelled()
        for process in list((pool._processes or {}).values()) if broken_off else ():
            process.kill()  # nobody waits for pieces that may take minutes
        pool.shutdown(wait=not broken_off, cancel_futures=True)
