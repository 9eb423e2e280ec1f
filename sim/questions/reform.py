"""Scenarios one after the other, each with one change more: what does each change bring?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.analysis.measures import MEASURES, Measure, Tally
from sim.arrays import Ints
from sim.plan.tape import draw_tape
from sim.runs.replicate import Study


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


def follow(
    studies: Sequence[Study], layout: str, matters: Sequence[str] = (), level: float = 0.95
) -> Reform:
    """Each study minus the one before, in one layout.

    Clusters are whole replications, so the studies may differ in their hall days. Where the people
    are not the same, replications of equal number are independent and the interval is wider.

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
    for n, study in enumerate(studies):
        tallies = [_whole(tally, _rows(study, matters)) for tally in study.of(layout)]
        measures = [measure for measure in MEASURES if measure.key in tallies[0].by_day]
        gaps = differences(before, tallies, corrected, _common(measures, before)) if n else ()
        same = n > 0 and _same_people(studies[n - 1], study)
        levels = {} if not n else {o.measure: o.interval.mean for o in changes[-1].estimates}
        apart = tuple(
            rated(gap, levels.get(gap.measure, math.nan), study.scenario.targets) for gap in gaps
        )
        changes.append(ReformStep(study, estimates(tallies, level, measures), apart, same))
        before = tallies
    return Reform(layout, tuple(matters), level, tuple(changes))


def _common(measures: Sequence[Measure], before: Sequence[Tally]) -> list[Measure]:
    return [measure for measure in measures if measure.key in before[0].by_day]


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
    people = np.stack([tape.wished_at, tape.matter.astype(np.int64)])
    return people[:, np.lexsort(people[::-1])]
