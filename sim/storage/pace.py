"""How long a question will take, judged from how long the last one of its kind took here."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import HallError
from sim.plan.compile import compile_period
from sim.plan.year import expected_cases
from sim.scenario.scenario import Scenario
from sim.storage.job_folder import CANCEL, PROGRESS
from sim.storage.jobs import Jobs
from sim.storage.keep import SCENARIO, read_scenario_text
from sim.storage.request import Request, read_request

LOOKED_AT: Final = 50
"""Newest jobs among which one of the same kind is looked for."""
ALIKE: Final = 3.0
"""Times by which the cases of two runs may differ where the time of one tells that of the other."""


def expected_seconds(jobs: Jobs, request: Request, scenario: Scenario) -> float:
    """Seconds that a request will take, by the newest finished job of its kind; nan without one.

    Only jobs about a hall of about the same size tell anything: how long a search or a roster takes
    grows in other ways than the simulation does. Time grows with the replications that the question
    says it takes, and with the cases that are expected in each. What a job did not need of the
    replications that it announced, the next of its kind is taken not to need either. The start of
    the worker is left out.
    """
    cases = _count_cases(scenario)
    runs = request.question.runs(scenario) * request.replications
    for name in jobs.newest()[:LOOKED_AT]:
        folder = jobs.runs / name
        if not jobs.result(name).is_dir() or (folder / CANCEL).exists():
            continue
        earlier = _read_finished(folder)
        if earlier is None or earlier.kind != request.kind or min(cases, *earlier[1:]) <= 0:
            continue
        if max(cases, earlier.cases) <= ALIKE * min(cases, earlier.cases):
            return earlier.seconds * (cases * runs) / (earlier.cases * earlier.runs)
    return math.nan


class _FinishedJob(NamedTuple):
    """What a finished job did, and how long that took."""

    kind: str
    cases: float
    """Expected in one replication."""
    runs: float
    """Replications that it announced."""
    seconds: float


@lru_cache(maxsize=200)
def _read_finished(folder: Path) -> _FinishedJob | None:
    """What a finished job did, which never changes; None where that cannot be read."""
    try:
        request, scenario = read_request(folder), read_scenario_text(folder / SCENARIO)
        runs = request.question.runs(scenario) * request.replications
        return _FinishedJob(request.kind, _count_cases(scenario), runs, _measure_seconds(folder))
    except (HallError, OSError, ValueError, TypeError, KeyError, IndexError):
        return None


@lru_cache(maxsize=32)
def _count_cases(scenario: Scenario) -> float:
    """Cases that are expected in one replication."""
    return float(expected_cases(scenario, compile_period(scenario)).sum())


def _measure_seconds(folder: Path) -> float:
    """Seconds between the first and the last word of a worker of how far it is."""
    lines = (folder / PROGRESS).read_text(encoding="utf-8").splitlines()
    first, last = (json.loads(line)["at"] for line in (lines[0], lines[-1]))
    return float(last - first)
