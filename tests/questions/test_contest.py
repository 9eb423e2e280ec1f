"""A contest on drawn samples: the best by the zone wins, nobody wins by serving fewer people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim import Run, load_scenario
from sim.arrays import Floats
from sim.questions.contest import (
    Candidate,
    CandidateRuns,
    Criterion,
    Selection,
    criterion_of,
    select_best,
)
from sim.questions.hall_levers import LeverChoice, hall_levers
from sim.questions.lever_search import LeverSearch
from sim.questions.vary import Setting
from tests.answers.test_answers import HERE

SMALL = load_scenario(HERE / "hall.yaml")
CRITERION = criterion_of(SMALL, "wait", zone=1.0)
FIRST, MOST = 10, 2_000


class DrawnRuns(CandidateRuns):
    """Waits of days with unlike numbers of people, in place of those of a hall.

    Each crowd is hard or easy for all candidates alike, and has luck of its own with each.
    """

    def __init__(self, means: Floats, seed: int, spread: float = 2.0, fewer: float = 0.0) -> None:
        super().__init__("zone", CRITERION.measure, Run(replications=FIRST).resolved(), 1)
        rng, size = np.random.default_rng(seed), (len(means), MOST)
        people = np.broadcast_to(rng.integers(40, 80, MOST).astype(np.float64), size).copy()
        waits = means[:, None] + rng.normal(0, spread, MOST) + rng.normal(0, spread, size)
        people[-1] *= 1 - fewer
        self.drawn = np.stack([waits * people, people, people], axis=2)
        self.most_served = 0

    def fresh_sums(self, candidates: Sequence[Candidate], first: int, end: int) -> list[Floats]:
        self.most_served = max(self.most_served, end)
        return [self.drawn[int(candidate.key), first:end] for candidate in candidates]


def contest(runs: DrawnRuns, criterion: Criterion = CRITERION, most: int = MOST) -> Selection:
    candidates = [Candidate((), (), SMALL, str(n)) for n in range(len(runs.drawn))]
    return select_best(runs, candidates, candidates[0], criterion, FIRST, most)


def test_the_best_by_the_zone_wins_as_often_as_promised() -> None:
    """Four others worse by just the zone; 400 contests, three standard errors."""
    means = np.array([11.0, 11.0, 11.0, 10.0, 11.0])
    draws = 400
    right = sum(contest(DrawnRuns(means, seed)).best == 3 for seed in range(draws))
    assert right / draws > 0.95 - 3 * math.sqrt(0.95 * 0.05 / draws)


def test_where_high_is_good_the_highest_wins() -> None:
    share = criterion_of(SMALL, "called_within", zone=1.0)
    assert contest(DrawnRuns(np.array([10.0, 12.5, 11.0]), 1), share).best == 1


def test_of_equally_good_ones_the_first_is_taken_and_no_more_is_run() -> None:
    runs = DrawnRuns(np.array([10.0, 10.0]), 1)
    runs.drawn[1] = runs.drawn[0]
    selection = contest(runs)
    assert (selection.best, selection.dropped_after) == (0, (0, 0))
    assert selection.is_decided
    assert runs.most_served == FIRST


def test_a_limit_ends_it_without_a_decision() -> None:
    selection = contest(DrawnRuns(np.array([10.0, 10.0, 10.0]), 2, spread=20.0), most=30)
    assert not selection.is_decided
    assert 0 in selection.dropped_after


@pytest.mark.parametrize(("fewer", "is_out"), [(0.0, False), (0.005, False), (0.05, True)])
def test_who_serves_fewer_people_by_what_matters_is_out(fewer: float, is_out: bool) -> None:
    """One per cent is what matters; the last has much shorter waits."""
    selection = contest(DrawnRuns(np.array([10.0, 10.0, 4.0]), 3, fewer=fewer))
    assert selection.serves_fewer == (False, False, is_out)
    assert (selection.best == 2) != is_out


def test_a_lever_goes_back_to_today_too() -> None:
    """In turns, what was moved first may be left as it was once others have moved."""
    levers = hall_levers(SMALL, "zone", [LeverChoice("opening")])
    how = Run(replications=2).resolved(SMALL)
    search = LeverSearch(SMALL, "zone", levers.levers, CRITERION, how, any_hours=False)
    moved = search.make([(0, levers.levers[0].settings[0])], search.today)
    assert moved is not None
    assert moved.overrides
    assert search.make([(0, Setting("0 min", ()))], moved) is search.today
