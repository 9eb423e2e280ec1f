"""Scenarios one after the other, each with one change more: what does each change bring?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from sim.analysis.catalogue import Measure
from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.judge import judge, rated
from sim.analysis.measures import Tally
from sim.arrays import Ints
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.questions.columns import LEVEL_OR_DIFFERENCE, AnswerColumn, AnswerRows
from sim.questions.question import one_layout
from sim.questions.sweep import prices, tallies_of
from sim.runs.replicate import Study
from sim.runs.run import Run
from sim.scenario.fields import join_names, nearest
from sim.scenario.scenario import Scenario


class ReformStep(NamedTuple):
    """One scenario of the row, and how far it is from the one before."""

    study: Study
    estimates: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    """This scenario minus the one before; empty for the first."""
    same_people: bool
    """The same people want the same at the same instants as in the one before."""

    def estimate(self, measure: str) -> Estimate | None:
        """One measure; None when there was nothing to count."""
        return next((estimate for estimate in self.estimates if estimate.measure == measure), None)

    def difference(self, measure: str) -> Estimate | None:
        """How far one measure is from the one before; None when there was nothing to count."""
        return next(
            (difference for difference in self.differences if difference.measure == measure), None
        )


class Reform(NamedTuple):
    """A row of scenarios in one layout."""

    layout: str
    matters: tuple[str, ...]
    """Whose people are counted; empty = everybody."""
    level: float
    """Coverage of each estimate alone, and of all differences of one measure together."""
    changes: tuple[ReformStep, ...]
    asked: int
    """Replications that were wanted."""

    @property
    def scenario(self) -> Scenario:
        """The last of the row: what the reform leads to."""
        return self.changes[-1].study.scenario

    @property
    def seed(self) -> int:
        """Of the crowds of all scenarios."""
        return self.changes[-1].study.seed

    @property
    def replications(self) -> int:
        """Replications kept of every scenario: the first so many, without a gap."""
        return self.changes[-1].study.replications

    @property
    def figures(self) -> tuple[ReformFigure, ...]:
        """Every measure of every scenario, and what its change brought."""
        return tuple(
            _figure(n, change, estimate)
            for n, change in enumerate(self.changes)
            for estimate in change.estimates
        )


class ReformFigure(NamedTuple):
    """One measure of one scenario of the row.

    Attributes
    ----------
    stage : int
        Place of the scenario in the row, from 0.
    same_people : bool or None
        As of its `ReformStep`; None for the first.
    measure, unit : str
    value : Interval
    difference : Interval
        From the scenario before; nan for the first, and where there was nothing to count.
    matters_from : float or None
        Size from which the difference matters.
    judgement : str or None
        What the difference allows to say.
    """

    stage: int
    same_people: bool | None
    measure: str
    unit: str
    value: Interval
    difference: Interval
    matters_from: float | None
    judgement: str | None


def _figure(stage: int, change: ReformStep, estimate: Estimate) -> ReformFigure:
    moved, value = change.difference(estimate.measure), estimate.interval
    nothing = Interval(math.nan, math.nan, math.nan, value.n, value.level)
    return ReformFigure(
        stage,
        change.same_people if stage else None,
        estimate.measure,
        estimate.unit,
        value,
        nothing if moved is None else moved.interval,
        None if moved is None else moved.matters_from,
        None if moved is None else judge(moved),
    )


def follow(
    studies: Sequence[Study], layout: str, matters: Sequence[str] = (), level: float = 0.95
) -> Reform:
    """Each study minus the one before, in one layout.

    Clusters are whole replications, so the studies may differ in their hall days. Where the people
    are not the same, replications of equal number are independent and the interval is wider. Costs
    are in the prices of each scenario, and there where it has them.

    Parameters
    ----------
    studies
        In the order of the changes; equal seeds and numbers of replications.
    matters
        Ids: count only people who came for these; measures that are not kept by matter are left
        out. Default: everybody.

    Raises
    ------
    ValueError
        When the studies differ in their seed or number of replications.
    KeyError
        For a matter that the scenarios do not have.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario, replicate
    >>> clerks, studies = "layouts.hall.windows.windows.clerks", []
    >>> for n in (5, 6):
    ...     changed = ["run.measured_days=2", f"{clerks}={n}"]
    ...     scenario = load_scenario(example_path("exact/mmc.yaml"), changed)
    ...     studies.append(replicate(scenario, run=Run(replications=2, workers=1)))
    >>> first, second = follow(studies, "hall").changes
    >>> first.differences, second.same_people, second.difference("wait").interval.mean < 0
    ((), True, True)
    """
    kinds = {(study.seed, study.replications) for study in studies}
    if len(kinds) > 1:
        raise ValueError(f"studies: found seeds and replications {kinds}; allowed is one of each")
    corrected = bonferroni(level, len(studies) - 1) if len(studies) > 1 else level
    changes: list[ReformStep] = []
    before: list[Tally] = []
    measures_before: list[Measure] = []
    for n, study in enumerate(studies):
        tallies = [_whole(tally, _rows(study, matters)) for tally in study.of(layout)]
        measures = [each for each in prices(study.scenario) if each.key in tallies[0].by_day]
        gaps = differences(before, tallies, corrected, measures_before, measures) if n else ()
        same = n > 0 and _same_people(studies[n - 1], study)
        levels = {} if not n else {o.measure: o.interval.mean for o in changes[-1].estimates}
        apart = tuple(
            rated(gap, levels.get(gap.measure, math.nan), study.scenario.targets) for gap in gaps
        )
        changes.append(ReformStep(study, estimates(tallies, level, measures), apart, same))
        before, measures_before = tallies, measures
    return Reform(layout, tuple(matters), level, tuple(changes), studies[0].asked)


def reform(
    stages: Sequence[Scenario],
    layout: str | None = None,
    *,
    run: Run = Run(),
    matters: Sequence[str] = (),
    level: float = 0.95,
) -> Reform:
    """Run the stages of a reform on the same crowds, and set each against the one before.

    Parameters
    ----------
    stages
        Scenarios in the order of the changes, the first as it was before.
    layout
        Default: the first of the first stage.
    run
        How to run it; stopped early, all stages keep the same first replications.
    matters
        As in `follow`.

    Raises
    ------
    OptionError
        `one_stage` for fewer than two stages; `unknown_matter` for a matter that a stage does not
        have; `not_on_cluster`.
    ScenarioError
        For an unknown layout.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> clerks, path = "layouts.hall.windows.windows.clerks", example_path("exact/mmc.yaml")
    >>> few, more = (
    ...     load_scenario(path, ["run.measured_days=2", f"{clerks}={n}"]) for n in (5, 6)
    ... )
    >>> stages = reform([few, more], run=Run(replications=2, workers=1))
    >>> stages.changes[1].difference("wait").interval.mean < 0
    True
    """
    if len(stages) < 2:
        raise OptionError(Problem("one_stage", "FILE", found=str(len(stages))))
    _check_matters(stages, matters)
    how, name = run.resolved(stages[0]), layout or stages[0].layouts[0].id
    rows = tallies_of(stages, [name], (), run=how)
    studies = [
        Study(
            scenario,
            (name,),
            (compile_plan(scenario, name),),
            how.seed,
            how.replications,
            how.engine,
            tallies,
        )
        for scenario, tallies in zip(stages, rows, strict=True)
    ]
    if not studies[0].replications:
        empty = (ReformStep(study, (), (), same_people=False) for study in studies)
        return Reform(name, tuple(matters), level, tuple(empty), how.replications)
    return follow(studies, name, matters, level)


def _check_matters(stages: Sequence[Scenario], matters: Sequence[str]) -> None:
    """Complain of all matters that some stage does not have."""
    in_all = set.intersection(*({matter.id for matter in stage.matters} for stage in stages))
    ids = [matter.id for matter in stages[0].matters if matter.id in in_all]
    problems = [
        Problem("unknown_matter", "--matters", found=matter, allowed=join_names(ids), values=near)
        for matter, near in ((matter, nearest(matter, ids)) for matter in matters)
        if matter not in in_all
    ]
    if problems:
        raise OptionError(problems)


def _rows(study: Study, matters: Sequence[str]) -> list[int]:
    names = study.plans[0].names.matters
    unknown = [matter for matter in matters if matter not in names]
    if unknown:
        raise KeyError(unknown[0])
    return [names.index(matter) for matter in matters]


def _whole(tally: Tally, rows: Sequence[int]) -> Tally:
    """All days of a replication as one, of everybody or of some matters."""
    if not rows:
        sums = {key: days.sum(axis=1, keepdims=True) for key, days in tally.by_day.items()}
        return tally._replace(by_day=sums)
    by_day = {
        key: groups[:, list(rows)].sum(axis=1, keepdims=True)
        for (key, by), groups in tally.by_group.items()
        if by == "matter"
    }
    return tally._replace(by_day=by_day, wait_histogram=np.zeros_like(tally.wait_histogram))


def _same_people(first: Study, second: Study) -> bool:
    """Whether a crowd of both wants the same at the same instants, whenever it comes."""
    first_people, second_people = _people(first), _people(second)
    return first_people.shape == second_people.shape and bool((first_people == second_people).all())


def _people(study: Study) -> Ints:
    """int64, shape (2, cases): wish and matter of a crowd, in the order of wishes."""
    tape = draw_tape(study.plans[0].demand, study.seed, replication=0)
    people = np.stack([tape.cases.wished_at, tape.cases.matter.astype(np.int64)])
    return people[:, np.lexsort(people[::-1])]


@dataclass(frozen=True)
class ReformQuestion:
    """What does each stage of a reform bring, against the one before?

    It is asked of a row of scenarios.

    Attributes
    ----------
    layout : str or None
        None = the first of the first stage.
    matters : tuple of str
        Ids of the matters whose people are counted; empty = everybody.
    level : float
        Coverage of each estimate, and of all differences of one measure together.
    """

    layout: str | None = None
    matters: tuple[str, ...] = ()
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def runs(self, stages: Sequence[Scenario]) -> int:
        """The stages."""
        return len(stages)

    def answer(self, stages: Sequence[Scenario], *, run: Run = Run()) -> Reform:
        """Each stage against the one before, on the same crowds."""
        return reform(stages, self.layout, run=run, matters=self.matters, level=self.level)


def _stages(answer: Reform, _: int) -> list[dict[str, Any]]:
    scenarios = (change.study.scenario for change in answer.changes)
    return [{"hash": scenario.hash, "name": scenario.name.model_dump()} for scenario in scenarios]


ROWS: Final = AnswerRows(
    "reform",
    "figures",
    "figures",
    (AnswerColumn("stage", "whole"), *LEVEL_OR_DIFFERENCE),
    head=(
        AnswerColumn("layout", "text"),
        AnswerColumn("matters", "words"),
        AnswerColumn("stages", "data", value=_stages),
    ),
)
"""One row a stage and measure."""
