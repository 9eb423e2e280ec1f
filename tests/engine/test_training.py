"""Training: sessions make work shorter and papers better, by a learning curve."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim import compile_demand, compile_plan, draw_tape
from sim.plan.plan import Plan
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_tape
from tests.strategies import bundle, come, item, small, tell

CURVE = "people: 2, staff: 2, service_rate: 0.9, correction_rate: 0.6"


def town(training: str = "") -> str:
    """Two hundred cases whose papers fail often, at the window and in a review."""
    return small(
        matters=bundle(item("check", "5 min", "correction_share: 0.6"), work="100 min"),
        demand="[{id: people, matter: errand, rate: 25 per h}]",
        corrections="{share: 0.5, at_most: 5, delay: 1 h}",
        hall=f"training: {{sessions: {training}, {CURVE}}}" if training else "capacity: 1000",
    )


def compiled(text: str) -> Plan:
    return compile_plan(scenario_from_text(text), "hall")


def test_two_doublings_take_a_fifth_off() -> None:
    """Three attendances a head are four times the experience: 100 min become 81."""
    matters = bundle(work="100 min")
    day = tell(
        small(matters=matters, demand=come("09:00"), hall=f"training: {{sessions: 3, {CURVE}}}")
    )
    assert day.ended == ["10:21"]


def test_no_session_changes_nothing() -> None:
    before, after = compiled(town()), compiled(town("0"))
    assert (before.hall.factor == after.hall.factor).all()
    assert_same_tape(draw_tape(before.demand, 1, 0), draw_tape(after.demand, 1, 0))


def test_more_sessions_never_do_harm() -> None:
    """Same crowd: no work takes longer, nobody is sent back more often, and some less."""
    factors, intakes, rounds = [], [], []
    for sessions in (0, 1, 3, 10):
        plan = compiled(town(str(sessions)))
        tape = draw_tape(plan.demand, 1, 0)
        factors.append(plan.hall.factor)
        intakes.append(
            np.bincount(tape.errands.case[~tape.errands.complete], minlength=len(tape.cases.matter))
        )
        rounds.append(np.diff(tape.items.review_offsets))
    for by_sessions in (factors, intakes, rounds):
        assert all((more <= less).all() for less, more in pairwise(by_sessions))
        assert by_sessions[-1].sum() < by_sessions[0].sum()


def test_learning_has_its_floor() -> None:
    text = town("10").replace("rate: 0.6", "rate: 0.6, least_correction: 0.8")
    assert compile_demand(scenario_from_text(text)).matters.correction_share == pytest.approx([0.4])
