"""The questions that a job may answer: how each is answered, its answer saved, and loaded.

A question more is a row here; jobs, their worker and the pages know the table and not its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sim.questions.extend import Extension, extend
from sim.questions.levers import Ranking, assumed_levers, chosen, rank
from sim.questions.one_matter import OneMatter, one_matter
from sim.questions.siting import Frontier, NextPoints, frontier, next_points
from sim.questions.staffing import StaffingCurve, staffing_curve
from sim.questions.turning import Turning, turning
from sim.runs.replicate import Study, replicate
from sim.runs.run import Run
from sim.scenario.scenario import Scenario
from sim.storage.extend_keep import (
    load_extension,
    load_frontier,
    load_next,
    read_stations,
    save_extension,
    save_frontier,
    save_next,
)
from sim.storage.jobs import RESULT, Request
from sim.storage.keep import (
    load_curve,
    load_ranking,
    load_study,
    save_curve,
    save_ranking,
    save_study,
)
from sim.storage.one_matter_keep import load_one_matter, save_one_matter
from sim.storage.turning_keep import add_turning, load_turning, save_turning


class Asked(NamedTuple):
    """What a job is asked, of what, and how to run it."""

    request: Request
    scenario: Scenario
    run: Run
    jobs: Path
    """Folder of all jobs: a question may be about the answer of another."""

    @property
    def layout(self) -> str:
        """The layout of a question about one."""
        [layout] = self.request.layouts
        return layout


Answer = TypeVar("Answer")


class Question(NamedTuple, Generic[Answer]):
    """What there is to know of a kind of question."""

    gives: type[Answer]
    answer: Callable[[Asked], Answer]
    save: Callable[[Answer, Path], object]
    load: Callable[[Path], Answer]
    is_empty: Callable[[Answer], bool]
    """Whether nothing was finished before it was cancelled."""
    scenarios: Callable[[Request], int] = lambda request: 1
    """How often the replications are run, as far as that is known at the start."""


def _turn(asked: Asked) -> Turning:
    """Look what would turn the verdict of a finished comparison; it is saved with that too."""
    studied = asked.jobs / asked.request.study / RESULT
    answer = turning(load_study(studied), asked.request.measure, run=asked.run)
    if not answer.cancelled:
        add_turning(answer, studied)
    return answer


QUESTIONS: Final[Mapping[str, Question[Any]]] = {
    "compare": Question(
        Study,
        lambda asked: replicate(asked.scenario, asked.request.layouts, run=asked.run),
        save_study,
        load_study,
        lambda study: study.replications == 0,
    ),
    "staffing": Question(
        StaffingCurve,
        lambda asked: staffing_curve(
            asked.scenario, asked.request.layouts, asked.request.totals, run=asked.run
        ),
        save_curve,
        load_curve,
        lambda curve: not curve.points,
        lambda request: len(request.totals) * len(request.layouts),
    ),
    "levers": Question(
        Ranking,
        lambda asked: rank(
            asked.scenario,
            asked.layout,
            chosen(assumed_levers(asked.scenario, asked.layout), only=asked.request.only),
            asked.request.measure,
            run=asked.run,
        ),
        save_ranking,
        load_ranking,
        lambda ranking: ranking.replications == 0,
    ),
    "extend": Question(
        Extension,
        lambda asked: extend(
            asked.scenario,
            asked.request.points,
            asked.layout,
            run=asked.run,
            stations=read_stations(asked.request.stations),
        ),
        save_extension,
        load_extension,
        lambda extension: extension.replications == 0,
    ),
    "next_points": Question(
        NextPoints,
        lambda asked: next_points(
            asked.scenario,
            asked.request.points,
            asked.request.most,
            asked.layout,
            run=asked.run,
            stations=read_stations(asked.request.stations),
        ),
        save_next,
        load_next,
        lambda ranking: ranking.replications == 0,
    ),
    "frontier": Question(
        Frontier,
        lambda asked: frontier(asked.scenario, asked.request.totals, asked.layout, run=asked.run),
        save_frontier,
        load_frontier,
        lambda steps: steps.replications == 0,
        lambda request: len(request.totals),
    ),
    "turning": Question(
        Turning,
        _turn,
        save_turning,
        load_turning,
        lambda answer: answer.cancelled,
    ),
    "matter": Question(
        OneMatter,
        lambda asked: one_matter(asked.scenario, asked.layout, run=asked.run),
        save_one_matter,
        load_one_matter,
        lambda answer: not answer.ways,
    ),
}
"""By the kind that a request names."""
