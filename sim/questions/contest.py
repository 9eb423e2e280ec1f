"""Candidates on the same crowds, dropped one by one until the best is left, or time is up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.catalogue import Measure
from sim.analysis.intervals import bonferroni, paired_difference
from sim.analysis.judge import matters_from
from sim.analysis.selection import LEAST_FIRST, KimNelson
from sim.arrays import Bools, Floats, Ints
from sim.errors import OptionError, Problem
from sim.questions.sweep import prices, tallies_of
from sim.runs.run import ResolvedRun
from sim.scenario.scenario import Scenario

CALLED: Final = "wait"
"""The measure whose denominator is the number of people called."""


class Criterion(NamedTuple):
    """What makes one candidate better than another, and how sure that must be.

    Attributes
    ----------
    measure : Measure
        Low or high is good.
    zone : float
        Indifference zone in its unit: less does not matter.
    level : float
        Probability that the best is selected, as far as it is better by the zone.
    fewer_matter : float
        Share of the people called from which fewer of them matter.
    """

    measure: Measure
    zone: float
    level: float
    fewer_matter: float

    @property
    def sign(self) -> float:
        """Times which the measure is best where it is smallest."""
        return -1.0 if self.measure.better == "high" else 1.0


def criterion_of(
    scenario: Scenario, measure: str, zone: float | None = None, level: float = 0.95
) -> Criterion:
    """A criterion by the name of its measure.

    Parameters
    ----------
    zone
        None = the difference that matters in the scenario (`targets.matters_from`).

    Raises
    ------
    OptionError
        `unknown_measure` unless it is one of which low or high is good; `outside_range` unless the
        zone is a number above 0.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> criterion_of(hall, "called_within").zone
    0.01
    """
    measures = {each.key: each for each in prices(scenario) if each.better != "neither"}
    if measure not in measures:
        allowed = ", ".join(measures)
        problem = Problem("unknown_measure", "--measure", found=measure, allowed=allowed)
        raise OptionError(problem)
    judged = measures[measure]
    matters = matters_from(scenario.targets, measure, judged.unit) if zone is None else zone
    if not (matters > 0 and math.isfinite(matters)):
        raise OptionError(Problem("outside_range", "--zone", found=f"{matters:g}", allowed="> 0"))
    return Criterion(judged, matters, level, scenario.targets.matters_from.amount)


class Candidate(NamedTuple):
    """One way to run the hall.

    Attributes
    ----------
    values : tuple of str
        One a lever, in their order.
    overrides : tuple of str
        That make it of the scenario as it is.
    scenario : Scenario
    key : str
        Its hash, which takes as long to compute as many other steps of a search.
    """

    values: tuple[str, ...]
    overrides: tuple[str, ...]
    scenario: Scenario
    key: str


class CandidateRuns:
    """What came of each candidate so far; none is run twice on a crowd.

    Parameters
    ----------
    layout, measure
        Where and by what they are judged.
    run
        How to run them; its replications are not asked for.
    expected
        Replications of all candidates together, for the report of how far it is; it is an estimate.
    """

    def __init__(self, layout: str, measure: Measure, run: ResolvedRun, expected: int) -> None:
        self._layout, self._measure, self._run = layout, measure, run
        self._expected, self.done = expected, 0
        self._sums: dict[str, Floats] = {}
        self.stopped = False

    def count(self, candidate: Candidate) -> int:
        """Replications that are known of a candidate: the first so many."""
        return len(self._sums.get(candidate.key, ()))

    def sums(self, candidate: Candidate, n: int) -> Floats:
        """float64, shape (n, 2): the measure's sums in the first replications, in its unit."""
        return self._sums[candidate.key][:n, :2]

    def called(self, candidate: Candidate, n: int) -> Floats:
        """float64, shape (n,): people called in the first replications."""
        return self._sums[candidate.key][:n, 2]

    def ratios(self, candidates: Sequence[Candidate], n: int, of: Bools) -> Floats:
        """float64, shape (candidates,): the measure over the first replications; nan of others.

        Parameters
        ----------
        of : ndarray(bool), shape (candidates,)
            Which ones are asked for.
        """
        nobody = np.full(2, np.nan)
        totals = np.array(
            [
                self.sums(candidate, n).sum(axis=0) if is_asked_for else nobody
                for candidate, is_asked_for in zip(candidates, of, strict=True)
            ]
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(totals[:, 0] / totals[:, 1])

    def run_to(self, candidates: Sequence[Candidate], n: int) -> int:
        """Run all of them as far as n replications; how many all of them then have."""
        behind: dict[int, list[Candidate]] = {}
        for candidate in candidates:
            if self.count(candidate) < n:
                behind.setdefault(self.count(candidate), []).append(candidate)
        for first, group in sorted(behind.items()):
            for candidate, sums in zip(group, self.fresh_sums(group, first, n), strict=True):
                before = self._sums.get(candidate.key, sums[:0])
                self._sums[candidate.key] = np.concatenate([before, sums])
        return min(self.count(candidate) for candidate in candidates)

    def fresh_sums(self, candidates: Sequence[Candidate], first: int, end: int) -> list[Floats]:
        """Sums in the replications from `first` to before `end`; fewer once somebody stopped it.

        Returns
        -------
        list of ndarray(float64), shape (replications, 3)
            For each candidate: numerator and denominator of the measure, people called.
        """
        scenarios = [candidate.scenario for candidate in candidates]
        count, before = end - first, self.done

        def report(done: int, _: int) -> None:
            self.done = before + done
            self._expected = max(self._expected, before + count * len(scenarios))
            self._run.report(self.done, self._expected)

        keys = tuple(dict.fromkeys((self._measure.key, CALLED)))
        run = replace(self._run, replications=count, progress=report)
        rows = []
        if not self.stopped:
            rows = tallies_of(scenarios, (self._layout,), keys, run=run, first=first)
        self.done = before + sum(len(tallies) for (tallies,) in rows)
        self.stopped |= not rows or len(rows[0][0]) < count
        if not rows:
            return [np.zeros((0, 3)) for _ in scenarios]
        by_key = [
            [
                [tally.by_day[key].sum(axis=1) for key in (self._measure.key, CALLED)]
                for tally in row
            ]
            for (row,) in rows
        ]
        sums = np.array(by_key, dtype=np.float64).reshape(len(scenarios), -1, 4)
        return list(sums[:, :, [0, 1, 3]] / [self._measure.scale, 1.0, 1.0])


class Selection(NamedTuple):
    """What a contest decided.

    Attributes
    ----------
    best : int
    dropped_after : tuple of int
        Replications after which each candidate fell; 0 = it stayed to the end.
    serves_fewer : tuple of bool
        Dropped as it surely serves fewer people, by a number that matters.
    is_decided : bool
        Whether the procedure came to its end: else it was stopped, or there were enough
        replications.
    """

    best: int
    dropped_after: tuple[int, ...]
    serves_fewer: tuple[bool, ...]
    is_decided: bool


def select_best(
    runs: CandidateRuns,
    candidates: Sequence[Candidate],
    today: Candidate,
    criterion: Criterion,
    first: int,
    most: int,
) -> Selection:
    """Run candidates until the best is known, as far as it is better by the zone (Kim and Nelson).

    A wait is easily shortened by serving fewer people: who surely does so is dropped first.

    Parameters
    ----------
    candidates
        Of equally good ones the first is taken.
    today
        Has been run as often as the first replications, or is among the others.
    first, most
        Replications of all candidates, and those after which it ends.

    Raises
    ------
    OptionError
        `nothing_counted` where the measure has nothing to count today.
    """
    count, sign = len(candidates), criterion.sign
    n = runs.run_to(candidates, first)
    if n and not runs.sums(today, n)[:, 1].sum():
        raise OptionError(Problem("nothing_counted", "--measure", found=criterion.measure.key))
    if n < LEAST_FIRST:
        everybody = np.ones(count, dtype=np.bool_)
        best = int(np.nanargmin(sign * runs.ratios(candidates, n, everybody))) if n else 0
        return Selection(best, (0,) * count, (False,) * count, is_decided=False)
    sums = np.stack([runs.sums(each, n) for each in candidates])
    procedure = KimNelson(sums * [sign, 1.0], criterion.zone, criterion.level)
    fewer = np.array([_serves_fewer(runs, each, today, criterion, count) for each in candidates])
    procedure.in_play[fewer | (sums[:, :, 1].sum(axis=1) == 0)] = False
    dropped: Ints = np.where(procedure.in_play, 0, n)

    def drop(so_many: int) -> None:
        ratios = sign * runs.ratios(candidates, so_many, procedure.in_play)
        dropped[procedure.drop(ratios, so_many)] = so_many

    drop(n)
    while not procedure.is_decided(n) and n < most and not runs.stopped:
        left = [candidates[k] for k in np.flatnonzero(procedure.in_play).tolist()]
        end = runs.run_to(left, min(n + first, procedure.needed, most))
        while n < end and not procedure.is_decided(n):
            n += 1
            drop(n)
    return Selection(
        int(np.nanargmin(sign * runs.ratios(candidates, n, procedure.in_play))),
        tuple(dropped.tolist()),
        tuple(fewer.tolist()),
        procedure.is_decided(n),
    )


def _serves_fewer(
    runs: CandidateRuns, candidate: Candidate, today: Candidate, criterion: Criterion, count: int
) -> bool:
    """Whether it surely calls fewer people than today, by a number that matters.

    Parameters
    ----------
    count
        How many are held against today, all of which shall hold together.
    """
    n = min(runs.count(each) for each in (candidate, today))
    before, after = (runs.called(each, n) for each in (today, candidate))
    apart = paired_difference(before, after, bonferroni(criterion.level, count))
    return apart.high < -criterion.fewer_matter * float(before.mean())
