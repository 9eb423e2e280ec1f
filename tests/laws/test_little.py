"""Little's law: people present, over time, are arrivals times stay, whichever way they are counted.

The left side adds up how many are there at each instant, the right side how long each one stayed.
Where everybody has left by the end, both are the same whole number of ticks.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from sim import Scenario, Tables, load_scenario
from sim.analysis.measures import measure
from sim.arrays import Ints
from sim.plan.journal import TURNED_AWAY
from tests.laws.halls import SCENARIOS, city, tables_of, told_tables
from tests.strategies import scenarios


def present(starts: Ints, ends: Ints) -> int:
    """Ticks times people present: the area under the number present."""
    instants = np.concatenate([starts, ends])
    steps = np.concatenate([np.ones(len(starts), int), -np.ones(len(ends), int)])
    order = np.argsort(instants, kind="stable")
    number = np.cumsum(steps[order])
    assert number.size == 0 or number[-1] == 0
    return int((number[:-1] * np.diff(instants[order])).sum())


def assert_little_holds(tables: Tables) -> None:
    """For every list, for the hall, and for every department."""
    t, v, tally, end = tables.tickets, tables.visits, measure(tables), tables.plan.period.end
    left = np.where(t.called_at >= 0, t.called_at, t.ended_at)
    left = np.where(left < 0, end, left)
    for z in range(len(tables.plan.names.lists)):
        rows = (t.list_ == z) & (t.taken_at >= 0)
        waits = int((left - t.taken_at)[rows].sum())
        assert present(t.taken_at[rows], left[rows]) == waits
        if _every_day_measured(tables):
            assert int(tally.queue_by_slot[z].sum()) == waits
    inside = v.fate != TURNED_AWAY
    left_at = np.where(v.left_at < 0, end, v.left_at)[inside]
    assert present(v.arrived_at[inside], left_at) == int((left_at - v.arrived_at[inside]).sum())
    _assert_departments(tables)


def _every_day_measured(tables: Tables) -> bool:
    return len(tables.plan.period.hall_days) == tables.plan.period.n_days


def _assert_departments(tables: Tables) -> None:
    """Items in hand over time, by department, are their spans from release to review."""
    items, end = tables.frame("items"), tables.plan.period.end
    items = items[items["released_at"] >= 0]
    for _, of_department in items.groupby("department"):
        released = of_department["released_at"].to_numpy()
        reviewed = np.where(
            of_department["reviewed_at"] < 0, end, of_department["reviewed_at"]
        ).astype(np.int64)
        assert present(released, reviewed) == int((reviewed - released).sum())


@settings(max_examples=30)
@given(scenarios())
def test_in_any_small_scenario(text: str) -> None:
    assert_little_holds(told_tables(text))


@pytest.mark.parametrize(
    "scenario",
    [
        load_scenario(SCENARIOS / "exact" / "hall_day.yaml", ["run.measured_days=3"]),
        load_scenario(SCENARIOS / "exact" / "composite.yaml", ["run.measured_days=3"]),
    ],
    ids=["hall_day", "composite"],
)
def test_on_hall_days(scenario: Scenario) -> None:
    tables = tables_of(scenario)
    assert_little_holds(tables)
    assert (tables.visits.left_at >= 0).all()


def test_in_the_city() -> None:
    for layout in ("zone", "counters", "parallel"):
        assert_little_holds(tables_of(city(2), layout))


def test_measures_obey_it_too() -> None:
    """Mean number waiting of the slots = visits a day × mean wait, on days that end empty."""
    scenario = load_scenario(SCENARIOS / "exact" / "hall_day.yaml", ["run.measured_days=5"])
    tally = measure(tables_of(scenario))
    visits, waited = tally.by_day["visits"][0].sum(), tally.by_day["wait"]
    assert tally.queue_by_slot.sum() == waited[0].sum()
    assert visits == waited[1].sum()
    assert tally.busy_by_slot.sum() == tally.by_day["utilisation"][0].sum()
