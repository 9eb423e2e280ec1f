"""Halls that end full, whatever they do: the laws hold, and work is never more than duty."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sim import Tables, compile_plan, draw_tape
from sim.analysis.measures import measure
from sim.analysis.sites import site_loads
from sim.engine.run import ENGINES, run
from sim.results.invariants import INVARIANTS
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal
from tests.strategies import PLAIN, areas, text_of

FULL = settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
HOURS = (["09:00-12:00", "13:00-17:00"], ["00:00-24:00"], ["22:00-24:00"], ["09:00-09:01"])


@st.composite
def full_halls(draw: st.DrawFn) -> str:
    """Any hall with places around it, to which far more people come than it can serve."""
    tree: Any = PLAIN.load(draw(areas()))
    for calendar in tree["calendars"]:
        if calendar["id"] == "day":
            calendar["weekly"] = {"mon-sun": draw(st.sampled_from(HOURS))}
    for people in tree.get("initial", {}).get("waiting", ()):
        people.pop("waited", None)  # the hours may begin at midnight, before which nobody waits
    for flow in tree["demand"]:
        for way in ("at", "arrivals_file"):
            flow.pop(way, None)
        flow["rate"] = f"{draw(st.sampled_from([30, 90]))} per h"
    for layout in tree["layouts"]:
        for group in layout["windows"]:
            group["clerks"] = draw(st.integers(1, 2))
    for book in tree["applicants"].get("appointments", ()):
        book |= {"slots": 1, "slot": "1 min"}
    if "reception" in tree["hall"]:
        tree["hall"]["reception"]["clerks"] = 1
    tree["run"] |= {"measured_days": 1, "followup_days": draw(st.sampled_from([0, 1]))}
    return text_of(tree)


def check(text: str, seed: int) -> None:
    """Both engines, all laws, and work beside duty in every group, day and place."""
    note(text)
    plan = compile_plan(scenario_from_text(text), "hall")
    crowd = draw_tape(plan.demand, seed, 0)
    journal, *others = (run(plan, crowd, engine) for engine in ENGINES)
    for journal_again in others:
        assert_same_journal(journal, journal_again)
    tables = Tables(plan, crowd, journal)
    assert [name for name, law in INVARIANTS.items() if not law(tables)] == []
    tally, places = measure(tables), site_loads(tables)
    for busy, paid in (tally.by_day["utilisation"], tally.by_group["utilisation", "group"]):
        assert (busy <= paid).all()
    assert (places.busy <= places.on_duty).all()
    assert tally.by_day["utilisation"][0].sum() == places.busy.sum()


@settings(FULL, max_examples=15)
@given(full_halls(), st.integers(0, 9))
def test_a_full_hall_keeps_the_laws(text: str, seed: int) -> None:
    check(text, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(FULL, max_examples=300)
@given(full_halls(), st.integers(0, 10_000))
def test_many_full_halls_keep_the_laws(text: str, seed: int) -> None:
    check(text, seed)
