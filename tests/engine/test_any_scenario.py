"""What must hold whatever the scenario: any mechanism, ties, zero durations, overload."""

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.engine.run import ENGINES, run
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_lawful, assert_same_journal
from tests.strategies import altered, scenarios

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
PHASES = [Phase.explicit, Phase.generate]
"""Making a failure smaller takes minutes: the text is shown as drawn."""
EXPONENTIAL = {"law": "exponential"}
NOON = ("2025-01-06T11:50:00", "2025-01-06T12:20:00")


def check(text: str, seed: int) -> None:
    """Run a scenario twice and by every engine; check all laws."""
    note(text)
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, seed, 0)
    journal = run(plan, tape, "reference")
    assert_lawful(plan, tape, journal)
    for engine in ENGINES:
        assert_same_journal(journal, run(plan, tape, engine))


@settings(max_examples=200, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios(), st.integers(0, 9))
def test_laws_of_any_journal(text: str, seed: int) -> None:
    """Every journal keeps the laws of `tests/assertions.py`, and every engine tells the same."""
    check(text, seed)


MISHAPS: tuple[tuple[str, object], ...] = (
    ("layouts.*.windows.*.reviews_for", "a"),
    ("hall.absence", 0.3),
    (
        "hall.outages",
        [
            {"id": "network", "up": EXPONENTIAL | {"mean": "90 min"}, "down": "7 min"},
            {"id": "power", "dated": [{"begins": NOON[0], "ends": NOON[1]}]},
        ],
    ),
)
"""Clerks who review, or do not come; systems that fail, at random and on the first day at 11:50."""


@settings(max_examples=60, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios(), st.integers(0, 9))
def test_laws_of_any_journal_with_mishaps(text: str, seed: int) -> None:
    """The same where clerks are absent and systems fail."""
    check(altered(text, *MISHAPS), seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=3000, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios(), st.integers(0, 10_000))
def test_laws_of_many_journals(text: str, seed: int) -> None:
    """The same over many more scenarios."""
    check(text, seed)
