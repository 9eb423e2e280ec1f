"""Crowds drawn once and kept: many plans of one demand are tried on the same people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

import numpy as np

from sim.arrays import Ints
from sim.engine.run import Engine, run
from sim.plan.crowd import draw_tape
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.results.tables import Tables

Look = TypeVar("Look")


class KeptCrowds:
    """People drawn once and kept, for any number of plans of one demand; threads share the runs."""

    def __init__(self, seed: int, engine: Engine, workers: int) -> None:
        self._seed, self.engine = seed, engine
        self._pool = ThreadPoolExecutor(workers)
        self._tapes: dict[int, Tape] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def each(self, plan: Plan, replications: Sequence[int], look: Callable[[Tables], Ints]) -> Ints:
        """What `look` finds in each replication of a plan, one row a replication."""
        return np.stack(self.looks(plan, replications, look))

    def looks(
        self,
        plan: Plan,
        replications: Sequence[int],
        look: Callable[[Tables], Look],
        crowd: Callable[[Plan, int], Tape] | None = None,
    ) -> list[Look]:
        """What `look` finds in each replication of a plan.

        A journal is gone when the next run on its thread begins, so `look` must copy what it keeps.

        Parameters
        ----------
        crowd
            Makes the crowd of a replication; without it, it is drawn, or as it was drawn before.
        """

        def look_at(replication: int) -> Look:
            tape = (crowd or self._tape)(plan, replication)
            return look(Tables(plan, tape, run(plan, tape, self.engine)))

        return list(self._pool.map(look_at, replications))

    def _tape(self, plan: Plan, replication: int) -> Tape:
        if replication not in self._tapes:
            self._tapes[replication] = draw_tape(plan.demand, self._seed, replication)
        return self._tapes[replication]
