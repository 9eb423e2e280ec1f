"""Sums of the quick measures, against a plain loop over tickets of which anything may be said."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compile_plan, draw_tape, run
from sim.analysis.quick import QUICK, quick_sums
from sim.clock import DAY, MINUTE
from sim.plan.journal import FORWARDED, GAVE_UP, PENDING, Journal
from sim.plan.plan import Plan
from sim.scenario.load import scenario_from_text
from tests.strategies import small

LIMIT = 15 * MINUTE
PEOPLE = "[{id: people, matter: errand, rate: 1 per h}]"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Friday to Monday, the hall closed in between; days before and after are not measured."""
    days = "{start: 2025-01-09, warmup_days: 1, measured_days: 2, followup_days: 1}"
    return compile_plan(scenario_from_text(small(run=days, demand=PEOPLE)), "hall")


def drawn(plan: Plan, n: int) -> Journal:
    """Tickets on every day of the run and at both ends of days, called at and about the limit."""
    rng = np.random.default_rng(4)
    tape = draw_tape(plan.demand, 1, 0)
    arrived = rng.integers(0, plan.period.n_days, n) * DAY + rng.choice([0, 9 * 60 * MINUTE], n)
    arrived += rng.choice([0, DAY - 1], n) * (arrived % DAY == 0)
    taken = np.where(rng.random(n) < 0.2, -1, arrived)
    wait = rng.choice([0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 3 * LIMIT], n)
    called = np.where((rng.random(n) < 0.4) | (taken < 0), -1, taken + wait)
    return run(plan, tape, "reference")._replace(
        trip=rng.integers(0, 3, n).astype(np.int32),
        arrived_at=arrived,
        taken_at=taken,
        called_at=called,
        fate=rng.integers(PENDING, FORWARDED + 1, n).astype(np.int8),
    )


def test_sums_by_a_plain_loop(plan: Plan) -> None:
    journal = drawn(plan, 3_000)
    wait = called_tickets = in_time = decided = left = ended = 0
    for trip, arrived, taken, called, fate in zip(
        journal.trip,
        journal.arrived_at,
        journal.taken_at,
        journal.called_at,
        journal.fate,
        strict=True,
    ):
        if trip < 1 or taken < 0 or int(arrived) // DAY not in plan.period.hall_days:
            continue
        if called >= 0:
            wait += int(called - taken)
            called_tickets += 1
            in_time += called - taken <= LIMIT
        decided += called >= 0 or fate != PENDING
        left += fate == GAVE_UP
        ended += fate != PENDING
    assert QUICK == ("wait", "called_within", "give_up_share")
    assert list(plan.period.hall_days) == [1, 4]
    assert quick_sums(plan, journal, LIMIT).tolist() == [
        [wait, called_tickets],
        [in_time, decided],
        [left, ended],
    ]
    assert 0 < in_time < called_tickets < decided
