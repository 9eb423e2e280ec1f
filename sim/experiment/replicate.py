"""Many crowds, each served by every layout: the same people in different halls."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, TypeVar

from sim.analysis.measures import Tally, measure, only
from sim.engine.run import Engine, prepare, run
from sim.errors import Problem, RunError
from sim.experiment.parent import end_with_parent
from sim.experiment.precision import Enough
from sim.experiment.run import ResolvedRun, Run
from sim.plan.compile import compile_plan, freeze
from sim.plan.plan import Plan
from sim.plan.tape import draw_tape
from sim.results.laws import check_laws
from sim.results.tables import Tables
from sim.scenario.scenario import Scenario

Row = tuple[Tally, ...]
"""One replication: a tally a layout."""


class Study(NamedTuple):
    """All tallies of a question, with all that is needed to ask it again."""

    scenario: Scenario
    layouts: tuple[str, ...]
    plans: tuple[Plan, ...]
    seed: int
    asked: int
    """Replications wanted; fewer were kept when the study was cancelled."""
    engine: Engine
    tallies: tuple[tuple[Tally, ...], ...]
    """For each layout, the replications in order."""
    reached: bool | None = None
    """Whether the precision asked for was reached; None when none was asked for."""

    @property
    def replications(self) -> int:
        """Replications kept: the first so many, without a gap."""
        return len(self.tallies[0])

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked

    def of(self, layout: str) -> tuple[Tally, ...]:
        """Tallies of one layout."""
        return self.tallies[self.layouts.index(layout)]


class Job(NamedTuple):
    """What all replications of a study share, beside their plans."""

    seed: int
    engine: Engine
    called_within: int
    """Ticks within which a ticket should be called."""
    measures: tuple[str, ...] = ()
    """All that is kept of a tally; empty = the whole of it."""


def one_replication(plans: Sequence[Plan], job: Job, replication: int) -> Row:
    """Draw one crowd, serve it in every layout, check the laws, sum up.

    Raises
    ------
    LawViolation
        When a journal breaks a law of the hall.
    """
    tape, row = draw_tape(plans[0].demand, job.seed, replication), []
    for plan in plans:
        tables = Tables(plan, tape, run(plan, tape, job.engine))
        check_laws(tables)
        tally = measure(tables, replication, job.called_within)
        row.append(only(tally, job.measures) if job.measures else tally)
    return tuple(row)


def replicate(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    run: Run = Run(),
    until: Mapping[str, float] | None = None,
) -> Study:
    """Run a scenario's layouts over the same crowds.

    Parameters
    ----------
    layouts
        Ids; default: all of the scenario, in its order.
    run
        How to run it, also on a cluster; stopped early, the first replications without a gap are
        kept.
    until
        Measure -> half-width in its unit: stop as soon as every layout is known so well; the run's
        `replications` are then the limit. The count does not depend on its `workers` either.

    Raises
    ------
    ScenarioError
        For a layout the scenario does not have.
    OptionError
        For a measure in `until` that does not exist, or a width that is not above 0;
        for a cluster where Dask is not installed.
    RunError
        When the cluster does not answer, or has no workers or unlike ones.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> replicate(scenario, run=Run(replications=3, workers=1)).replications
    3
    """
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    plans = tuple(compile_plan(scenario, name) for name in names)
    how = run.resolved(scenario)
    asked = how.replications
    enough = Enough(until, asked) if until else None
    rows: dict[int, Row] = {}
    counted = 0
    job = Job(how.seed, how.engine, scenario.targets.called_within)
    prepare(plans[0], how.engine)
    if how.cluster is not None:
        from sim.experiment.cluster import on_cluster  # Dask is an extra

        source = on_cluster(plans, job, asked, how.cluster)
    else:
        source = _alone(Batch(plans, job), replace(how, workers=how.cores(at_most=asked)))
    try:
        for replication, row in source:
            rows[replication] = row
            how.report(len(rows), asked)
            while enough is not None and counted in rows and counted < asked:
                counted += 1
                if enough.after(rows[counted - 1]):
                    asked = counted
            if how.cancelled() or (enough is not None and counted == asked):
                break
    except KeyboardInterrupt:
        pass
    finally:
        source.close()
    kept = next(n for n in range(asked + 1) if n == asked or n not in rows)
    tallies = tuple(tuple(rows[n][k] for n in range(kept)) for k in range(len(names)))
    reached = enough.reached if enough is not None else None
    return Study(scenario, names, plans, how.seed, asked, how.engine, tallies, reached)


Rows: TypeAlias = Generator[tuple[int, Row], None, None]
"""Replications as they finish, each with its number."""


class Batch(NamedTuple):
    """Plans of one demand: a crowd is drawn once and served by all of them."""

    plans: tuple[Plan, ...]
    job: Job


def served(
    batches: Sequence[Batch], run: ResolvedRun
) -> Generator[tuple[int, int, Row], None, None]:
    """Serve the same crowds in many batches of plans, the first crowd in all of them first.

    Returns
    -------
    Generator
        As they finish: the replication, the place of the batch, its row.
    """
    yield from worked(batches, _serve, run.replications, run)


def _serve(batch: Batch, replication: int) -> Row:
    return one_replication(*batch, replication)


class Work(Protocol):
    """Anything with plans that travels to worker processes."""

    @property
    def plans(self) -> tuple[Plan, ...]: ...


P = TypeVar("P", bound=Work)
R = TypeVar("R")


def worked(
    parts: Sequence[P],
    work: Callable[[P, int], R],
    times: int,
    run: Run,
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
        and no more come. Whoever takes the results tells how far it is.

    Returns
    -------
    Generator
        As they finish: the replication, the place of the part, what `work` gave.
    """
    tasks = [(replication, n) for replication in range(times) for n in range(len(parts))]
    workers = run.cores()
    if workers > 1 and tasks:
        yield from _in_processes(parts, work, tasks, min(workers, len(tasks)), run.cancelled)
        return
    for replication, n in tasks:
        if run.cancelled():
            return
        yield replication, n, work(parts[n], replication)


def _alone(batch: Batch, run: ResolvedRun) -> Rows:
    with closing(served((batch,), run)) as rows:
        for replication, _, row in rows:
            yield replication, row


HEED_S: Final = 0.2
"""Seconds between two looks at whether somebody cancelled."""
_shared: list[Any] = []
"""What this worker process serves, put there once when it starts."""


def _start_worker(parts: Sequence[Work]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    # arrays that come through a pipe have lost their mark; kernels are compiled for the marked
    for part in parts:
        for plan in part.plans:
            freeze(plan)
    _shared[:] = parts


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
) -> Generator[tuple[int, int, R], None, None]:
    """Results as they finish; few are under way at a time, so it stops soon, or when cancelled at
    once."""
    pool = ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(parts,))
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
            if not done:
                return
            for future in sorted(done, key=lambda one: under_way[one]):
                yield *under_way.pop(future), future.result()
    except BrokenProcessPool:
        raise RunError(Problem("worker_lost")) from None
    finally:
        broken_off = cancelled()
        for process in list((pool._processes or {}).values()) if broken_off else ():
            process.kill()  # nobody waits for pieces that may take minutes
        pool.shutdown(wait=not broken_off, cancel_futures=True)
