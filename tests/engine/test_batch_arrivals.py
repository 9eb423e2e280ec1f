"""Batch arrivals: several people come at one instant, and each is a person of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import compile_demand, compile_plan, draw_tape
from sim.analysis.intervals import ratio_interval
from sim.clock import MINUTE
from sim.engine.run import ENGINES, run
from sim.errors import ScenarioError
from sim.scenario.load import read_scenario, scenario_from_text
from sim.theory import groups_wait
from tests.assertions import assert_lawful, assert_same_journal, assert_same_tape
from tests.strategies import small

ALWAYS = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
SHARES = {2: 0.3, 3: 0.1}
PEOPLE_A_MINUTE = 0.09
"""0.06 arrivals of one, two or three people."""


def text_of(amount: str, days: int = 1, **sections: str) -> str:
    demand = f"[{{id: people, matter: errand, {amount}}}]"
    run_days = f"{{start: 2025-01-06, measured_days: {days}}}"
    return small(**{"demand": demand, "run": run_days, "calendars": ALWAYS, **sections})


def test_as_many_people_come_at_fewer_instants() -> None:
    """Volumes count people: batches change when they come, and not how many there are."""
    text = text_of("rate: 20 per h, batches: {2: 0.25, 10: 0.05}", days=200)
    arrived = draw_tape(compile_demand(scenario_from_text(text)), 1, 0).cases.arrived_at
    sizes, counts = np.unique(np.unique(arrived, return_counts=True)[1], return_counts=True)
    assert sizes.tolist() == [1, 2, 10]
    n = counts.sum()
    for count, share in zip(counts, (0.7, 0.25, 0.05), strict=True):
        assert abs(count - n * share) < 4 * np.sqrt(n * share * (1 - share))
    arrivals_expected = 200 * 24 * 20 / 1.7
    assert abs(n - arrivals_expected) < 4 * np.sqrt(arrivals_expected)


def test_batches_of_nobody_are_people_who_come_alone() -> None:
    plain, none = (
        compile_demand(scenario_from_text(text_of(f"rate: 20 per h{more}", 20)))
        for more in ("", ", batches: {4: 0}")
    )
    assert_same_tape(draw_tape(plain, 3, 1), draw_tape(none, 3, 1))


def test_the_wait_is_that_of_the_theory() -> None:
    """One window, exponential work of eight minutes: the bulk input of Gross and Harris."""
    matter = "[{id: errand, name: Errand, lead: office, service: {base: %s}}]"
    law = "{law: exponential, mean: 8 min}"
    text = text_of(
        f"rate: {PEOPLE_A_MINUTE} per min, batches: {SHARES}", days=800, matters=matter % law
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    waits, tickets = [], []
    for replication in range(8):
        tape = draw_tape(plan.demand, 7, replication)
        journal = run(plan, tape)
        called = journal.called_at >= 0
        waits.append(float((journal.called_at - journal.taken_at)[called].sum()) / MINUTE)
        tickets.append(float(called.sum()))
    interval = ratio_interval(np.array(waits), np.array(tickets), 0.9999)
    assert interval.low < groups_wait(0.06, [0.6, 0.3, 0.1], 8) < interval.high
    assert interval.high - interval.low < 0.2 * interval.mean


def test_engines_tell_the_same() -> None:
    plan = compile_plan(scenario_from_text(text_of("rate: 9 per h, batches: {5: 0.5}")), "hall")
    tape = draw_tape(plan.demand, 2, 0)
    journals = [run(plan, tape, engine) for engine in ENGINES]
    assert_same_journal(*journals)
    assert_lawful(plan, tape, journals[0])


@pytest.mark.parametrize(
    ("batches", "code"),
    [
        ("{2: 0.7, 3: 0.4}", "shares_sum"),
        ("{1: 0.5}", "outside_range"),
        ("{2.5: 0.5}", "wrong_type"),
        ("{2: -0.1}", "share_outside"),
    ],
)
def test_shares_that_cannot_be(batches: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text_of(f"rate: 9 per h, batches: {batches}"))
    assert code in {problem.code for problem in caught.value.problems}


def test_people_whose_instants_are_given_come_as_given(tmp_path: Path) -> None:
    file = tmp_path / "given.yaml"
    file.write_text(text_of("every: 10 min, batches: {2: 0.5}"), encoding="utf-8")
    scenario, warnings = read_scenario(file)
    assert ("ignored_field", "demand[people].batches") in [(w.code, w.path) for w in warnings]
    plain = scenario_from_text(text_of("every: 10 min"))
    tapes = [draw_tape(compile_demand(each), 1, 0) for each in (scenario, plain)]
    assert_same_tape(*tapes)
