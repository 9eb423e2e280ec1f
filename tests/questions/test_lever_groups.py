"""Levers found in groups: whatever matters in the full design is found, the rest is bounded."""

from __future__ import annotations

import pytest

from sim import Run, Scenario
from sim.errors import OptionError
from sim.questions.lever_groups import screen_levers
from sim.questions.lever_question import LeversQuestion
from sim.questions.levers import ENDS, Levers, assumed_levers
from sim.questions.ranking import Ranking, rank
from sim.scenario.load import scenario_from_text
from tests.questions.test_levers import ASSUMED

RUN = Run(replications=6, seed=2, workers=1)
MEASURES = ("wait", "turnaround", "cost_per_day")


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return scenario_from_text(ASSUMED)


@pytest.fixture(scope="module")
def levers(hall: Scenario) -> Levers:
    return assumed_levers(hall, "pooled")


@pytest.fixture(scope="module")
def full(hall: Scenario, levers: Levers) -> dict[str, Ranking]:
    return {measure: rank(hall, "pooled", levers, measure, run=RUN) for measure in MEASURES}


def screened(hall: Scenario, levers: Levers, measure: str, threshold: float) -> Ranking:
    return screen_levers(hall, "pooled", levers, measure, threshold=threshold, run=RUN)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_every_lever_above_the_threshold_is_found(
    hall: Scenario, levers: Levers, full: dict[str, Ranking], measure: str, share: float
) -> None:
    complete = full[measure]
    threshold = share * complete.swings[0].size
    ranking = screened(hall, levers, measure, threshold)
    matter = {swing.lever.path for swing in complete.swings if swing.size > threshold}
    assert matter <= {swing.lever.path for swing in ranking.swings}
    assert not ranking.waiting
    assert not ranking.cancelled


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_found_is_what_the_full_design_finds(
    hall: Scenario, levers: Levers, full: dict[str, Ranking], measure: str
) -> None:
    """On the same crowds; only how many differences hold together is another number."""
    ranking = screened(hall, levers, measure, full[measure].swings[0].size / 20)
    by_path = {swing.lever.path: swing for swing in full[measure].swings}
    assert ranking.base == full[measure].base
    assert ranking.swings
    for swing in ranking.swings:
        other = by_path[swing.lever.path]
        for end, other_end in ((swing.low, other.low), (swing.high, other.high)):
            assert (end is None) == (other_end is None)
            if end is not None and other_end is not None:
                assert end.estimate == other_end.estimate
                mean = other_end.difference.interval.mean
                assert end.difference.interval.mean == pytest.approx(mean)
                assert end.same_budget == other_end.same_budget


@pytest.mark.parametrize("measure", MEASURES)
def test_sums_of_dismissed_groups_are_within_their_bound(
    hall: Scenario, levers: Levers, full: dict[str, Ranking], measure: str
) -> None:
    complete = full[measure]
    by_path = {swing.lever.path: swing for swing in complete.swings}
    ranking = screened(hall, levers, measure, 0.9 * complete.swings[0].size)
    for group in ranking.groups:
        assert group.within <= ranking.threshold / 2
        for end in ("low", "high"):
            ends = [getattr(by_path[path], end) for path in group.paths if path in by_path]
            total = sum(each.difference.interval.mean for each in ends if each is not None)
            assert abs(total) <= group.within + 1e-9


def test_every_lever_is_told_once(hall: Scenario, levers: Levers) -> None:
    ranking = screened(hall, levers, "wait", 1.0)
    in_groups = [path for group in ranking.groups for path in group.paths]
    alone = [swing.lever.path for swing in ranking.swings]
    refused = {left.path for left in ranking.left_out} - {left.path for left in levers.left_out}
    listed = [*in_groups, *alone, *(refused - {*alone})]
    assert sorted(listed) == sorted(lever.path for lever in levers.levers)
    assert ranking.dismissed == len(in_groups)


def test_rankings_are_shown_early_and_stopped_ones_are_kept(hall: Scenario, levers: Levers) -> None:
    shown: list[Ranking] = []
    run = Run(
        replications=6, seed=2, workers=1, early=shown.append, cancelled=lambda: len(shown) >= 2
    )
    ranking = screen_levers(hall, "pooled", levers, "wait", threshold=0.01, run=run)
    assert len(shown[0].waiting) > 0
    assert ranking.cancelled
    waiting = {path for group in ranking.waiting for path in group.paths}
    listed = {*waiting, *(swing.lever.path for swing in ranking.swings)}
    listed |= {path for group in ranking.groups for path in group.paths}
    listed |= {left.path for left in ranking.left_out}
    assert listed >= {lever.path for lever in levers.levers}


def test_processes_change_nothing(hall: Scenario, levers: Levers) -> None:
    first, second = (
        screen_levers(
            hall, "pooled", levers, "wait", run=Run(replications=3, seed=2, workers=workers)
        )
        for workers in (1, 2)
    )
    assert first == second


def test_stopped_before_anything_is_run_it_is_empty(hall: Scenario, levers: Levers) -> None:
    run = Run(replications=2, seed=2, workers=1, cancelled=lambda: True)
    ranking = screen_levers(hall, "pooled", levers, "wait", run=run)
    assert (ranking.replications, ranking.swings, ranking.groups) == (0, (), ())


def test_a_threshold_is_above_zero(hall: Scenario, levers: Levers) -> None:
    with pytest.raises(OptionError) as caught:
        screened(hall, levers, "wait", 0.0)
    assert caught.value.problems[0].code == "outside_range"


def test_the_full_design_stays(hall: Scenario, levers: Levers) -> None:
    question = LeversQuestion("pooled", "wait")
    assert question.runs(hall) == 1 + ENDS * len(levers.levers)
    assert question.answer(hall, run=RUN) == rank(hall, "pooled", levers, run=RUN)
    asked = LeversQuestion("pooled", "wait", screen=True, threshold=1.0)
    assert asked.answer(hall, run=RUN) == screened(hall, levers, "wait", 1.0)
