"""Files whose answers left people out, or showed them in a way that misled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import Run
from sim.analysis.account import account
from sim.clock import MINUTE
from sim.engine.run import run
from sim.plan.crowd import draw_tape
from sim.questions.compare import Comparison, compare
from sim.results.tables import Tables
from sim.runs.replicate import replicate
from sim.scenario.load import load_scenario
from sim.text import load_text
from sim.views.verdict import cautions

ANSWERS = Path(__file__).parent / "answers"


def comparison_of(file: str, replications: int = 3) -> Comparison:
    scenario = load_scenario(ANSWERS / file)
    return compare(replicate(scenario, run=Run(replications=replications, workers=1)))


def mean(comparison: Comparison, measure: str, layout: str = "hall") -> float:
    return comparison.estimate(layout, measure).interval.mean


@pytest.mark.parametrize("layout", ["hall", "slow"])
def test_percentiles_of_an_overloaded_hall_are_those_of_its_waits(layout: str) -> None:
    comparison = comparison_of("percentiles_capped.yaml")
    study, waits = comparison.study, []
    plan = study.plans[study.layouts.index(layout)]
    for replication in range(study.replications):
        crowd = draw_tape(plan.demand, study.seed, replication)
        tickets = Tables(plan, crowd, run(plan, crowd)).tickets
        called = (tickets.called_at >= 0) & (tickets.trip > 0)
        waits.append((tickets.called_at - tickets.taken_at)[called] / MINUTE)
    for key, p in (("wait_p50", 0.5), ("wait_p90", 0.9), ("wait_p95", 0.95)):
        true = np.quantile(np.concatenate(waits), p)
        assert mean(comparison, key, layout) == pytest.approx(true, rel=0.01, abs=0.2)
    assert mean(comparison, "wait_p90", "slow") > 2 * mean(comparison, "wait_p90", "hall") > 1000


def test_a_backlog_of_bookings_does_not_vanish() -> None:
    comparison = comparison_of("booking_backlog_vanishes.yaml")
    people = account(comparison.study.of("hall"), "people")
    beyond = next(standing for standing in people.standings if standing.outcome == "booked_beyond")
    assert people.total / 60 == pytest.approx(81, abs=3)  # 20 days, 3 replications
    assert beyond.share.mean == pytest.approx(0.44, abs=0.03)
    assert beyond.left_out
    words = " ".join(cautions(comparison, load_text("en")))
    assert "booked beyond the end of the run 44" in words


def test_tickets_that_wait_at_the_end_are_told() -> None:
    comparison = comparison_of("unserved_at_end.yaml")
    people = account(comparison.study.of("hall"), "people")
    waiting = next(standing for standing in people.standings if standing.outcome == "waiting")
    assert 0.04 < waiting.share.mean < 0.09
    words = " ".join(cautions(comparison, load_text("en")))
    assert f"{waiting.number:,} tickets were still waiting" in words
    assert mean(comparison, "wait_of_all") > 0


def test_waiting_at_the_door_is_measured() -> None:
    comparison = comparison_of("profile_outside_hours.yaml")
    # by the profile: 180 of 720 parts come 30 minutes early, 150 come 75 minutes early, on average
    assert mean(comparison, "door_wait") == pytest.approx((180 * 30 + 150 * 75) / 720, rel=0.05)
    coming, wait = mean(comparison, "coming_to_call"), mean(comparison, "wait")
    assert coming > wait
    assert coming - wait == pytest.approx(mean(comparison, "door_wait"), rel=0.05)


def test_nobody_stays_shorter_than_they_waited() -> None:
    """Both means are over people who were called; the rest have a mean of their own."""
    comparison = comparison_of("unclear_stay_below_wait.yaml")
    assert mean(comparison, "stay") > mean(comparison, "wait")
    assert mean(comparison, "stay_uncalled") > 0
