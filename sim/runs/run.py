"""How a question is run: replications, seed, engine, processes, progress, cancelling."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from sim.engine.run import ENGINES, Engine
from sim.errors import OptionError, Problem
from sim.scenario.scenario import REPLICATIONS, SEED, Scenario

Progress = Callable[[int, int], None]
"""Told after each replication how many are done, of how many."""
Early = Callable[[Any], None]
"""Given an answer so far, of the type of the final one."""
LOWEST: Final = {"replications": 1, "seed": 0, "workers": 1}


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True, kw_only=True)
class Run:
    """How to run a question; every question takes one as `run`, by that name.

    It changes how long an answer takes and how narrow its intervals are, not what is asked.
    `replications` and `seed` name the crowds, so two questions with the same ones are answered on
    common random numbers. Only plain values travel to worker processes; `progress` and `cancelled`
    are called in the process that asks, and need not be picklable.

    Attributes
    ----------
    replications : int or None
        Independent replications, 1 or more; None = the scenario's.
    seed : int or None
        Of their random numbers, 0 or more; None = the scenario's. Replication n of a seed is
        always the same crowd.
    engine : {"fast", "reference"}
        Both give the same figures.
    workers : int or None
        Processes, or threads where a question says so, 1 or more; None = one a core. No figure
        depends on it.
    progress : callable or None
        Called as `progress(done, total)` after each replication; `total` counts those of all
        scenarios that the question runs.
    early : callable or None
        Called with an answer so far whenever a question that takes long has a better one; the last
        one that it returns is not among them.
    cancelled : callable
        Asked between replications, and several times a second while other processes work; true
        stops the question, which keeps the first replications without a gap.
    cluster : str or None
        Address of a Dask scheduler, as "tcp://host:8786": its workers do the work, all of them,
        and `workers` says nothing. The figures are the same. Needs the extra `cluster`. A question
        that cannot be spread over machines refuses it (`cores`).

    Raises
    ------
    OptionError
        `outside_range` for a number that is too small, `option_value` for an unknown engine.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> steps = []
    >>> run = Run(replications=2, workers=1, progress=lambda *step: steps.append(step))
    >>> replicate(scenario, run=run).replications, steps
    (2, [(1, 2), (2, 2)])
    """

    replications: int | None = None
    seed: int | None = None
    engine: Engine = "fast"
    workers: int | None = None
    progress: Progress | None = None
    early: Early | None = None
    cancelled: Callable[[], bool] = never
    cluster: str | None = None

    def __post_init__(self) -> None:
        numbers = {name: getattr(self, name) for name in LOWEST}
        problems = [
            Problem("outside_range", name, found=str(number), allowed=f"≥ {LOWEST[name]}")
            for name, number in numbers.items()
            if number is not None and number < LOWEST[name]
        ]
        if self.engine not in ENGINES:
            allowed = ", ".join(ENGINES)
            problems.append(Problem("option_value", "engine", found=self.engine, allowed=allowed))
        if problems:
            raise OptionError(problems)

    def resolved(self, scenario: Scenario | None = None) -> ResolvedRun:
        """With the scenario's replications and seed where none are given.

        Parameters
        ----------
        scenario
            None: as of a scenario that says neither.

        Examples
        --------
        >>> run = Run(seed=3).resolved()
        >>> run.replications, run.seed
        (10, 3)
        """
        default = (REPLICATIONS, SEED)
        if scenario is not None:
            default = (scenario.run.replications, scenario.run.seed)
        return ResolvedRun(
            replications=default[0] if self.replications is None else self.replications,
            seed=default[1] if self.seed is None else self.seed,
            engine=self.engine,
            workers=self.workers,
            progress=self.progress,
            early=self.early,
            cancelled=self.cancelled,
            cluster=self.cluster,
        )

    def on_crowds_of(self, replications: int, seed: int, engine: Engine) -> ResolvedRun:
        """As an earlier answer was run, for a question about that answer.

        Parameters
        ----------
        replications, seed, engine
            Of the earlier answer.

        Raises
        ------
        OptionError
            `outside_range` where other replications or another seed are given.

        Examples
        --------
        >>> Run(workers=2).on_crowds_of(4, 7, "reference").seed
        7
        """
        earlier = {"replications": replications, "seed": seed}
        problems = [
            Problem("outside_range", name, found=str(getattr(self, name)), allowed=str(number))
            for name, number in earlier.items()
            if getattr(self, name) not in (None, number)
        ]
        if problems:
            raise OptionError(problems)
        same = replace(self, replications=replications, seed=seed, engine=engine)
        return same.resolved()

    def cores(self, at_most: int | None = None) -> int:
        """How many processes, or threads, share the work on this machine.

        Parameters
        ----------
        at_most
            Pieces of work; more processes than that would have nothing to do.

        Raises
        ------
        OptionError
            `not_on_cluster` when the run asks for a cluster.

        Examples
        --------
        >>> Run(workers=4).cores(at_most=3)
        3
        """
        if self.cluster is not None:
            raise OptionError(Problem("not_on_cluster", "cluster", found=self.cluster))
        workers = self.workers or os.cpu_count() or 1
        return workers if at_most is None else min(workers, at_most)

    def show(self, answer: Any) -> None:
        """Give whoever looks an answer so far."""
        if self.early is not None:
            self.early(answer)

    def report(self, done: int, total: int) -> None:
        """Tell whoever listens how many replications are done, of how many."""
        if self.progress is not None:
            self.progress(done, total)


@dataclass(frozen=True, kw_only=True)
class ResolvedRun(Run):
    """A run that says how many replications there are and of which seed."""

    replications: int
    seed: int
