"""What the time of clerks is used for: each tick of rosters and of overtime once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Tables, compile_plan, draw_tape, run
from sim.analysis.measures import Tally, measure
from sim.analysis.slots import SLOTS, time_in_slots
from sim.analysis.window_use import HOURS_OF_USES, WINDOW_USES, group_of_window
from sim.clock import HOUR, MINUTE
from sim.scenario.load import scenario_from_text
from tests.laws.halls import tables_of, told_tables
from tests.strategies import FEW, at, come, errand, flows, scenarios, small, windows

HALL = "{name: {zh: 厅, en: Hall}, hours: day%s}"
TEN_TO_ELEVEN = "{begins: '2025-01-06 10:00', ends: '2025-01-06 11:00'}"


def minutes(tally: Tally) -> dict[str, int]:
    """Minutes of each use, those of no use left out; they are the same by day and by half hour."""
    by_slot = tally.use_by_slot.sum(axis=(1, 2)) // MINUTE
    by_day = [tally.by_day[key][0].sum() // MINUTE for key in HOURS_OF_USES]
    by_group = [tally.by_group[key, "group"][0].sum() // MINUTE for key in HOURS_OF_USES]
    assert by_slot.tolist() == by_day == by_group
    return {use: int(n) for use, n in zip(WINDOW_USES, by_slot, strict=True) if n}


# === by hand === #


def test_changeover_and_wrap_up() -> None:
    """Errand, permit, errand: twice three minutes of set-up; three times two of wrap-up."""
    matters = (
        f"[{errand('10 min', 'wrap_up: 2 min')}, {errand('10 min', 'wrap_up: 2 min', 'permit')}]"
    )
    demand = flows(at("09:00", "11:00"), at("10:00", flow="b", matter="permit"))
    layouts = windows("id: window, serves: [errand, permit], clerks: 1, changeover: 3 min")
    tally = measure(told_tables(small(matters=matters, demand=demand, layouts=layouts)))
    assert minutes(tally) == {"service": 30, "changeover": 6, "wrap_up": 6, "idle": 480 - 42}
    changeover = tally.use_by_slot[WINDOW_USES.index("changeover")].sum(axis=0) // MINUTE
    assert {slot: n for slot, n in enumerate(changeover.tolist()) if n} == {20: 3, 22: 3}


def test_an_outage_takes_time_of_a_visit_and_of_who_is_idle() -> None:
    """Down from 10:00 to 11:00: ten of the visit's twenty minutes wait for it, and two clerks.

    One of both is idle from ten o'clock to eleven, the other paused: all 120 minutes are down.
    """
    hall = HALL % f", outages: [{{id: net, dated: [{TEN_TO_ELEVEN}]}}]"
    layouts = windows("id: window, serves: [errand], clerks: 2")
    text = small(hall=hall, layouts=layouts, matters=f"[{errand('20 min')}]", demand=come("09:50"))
    tables = told_tables(text)
    tally = measure(tables)
    assert minutes(tally) == {"service": 20, "down": 120, "idle": 2 * 480 - 140}
    # the paused visit is busy, who is idle is not
    assert tally.busy_by_slot.sum() == 80 * MINUTE
    assert tally.by_day["utilisation"].tolist() == [[80 * MINUTE], [16 * HOUR]]


def test_a_changeover_waits_for_the_system_too() -> None:
    """Called at 9:58 the window is set up at 11:01, after two minutes and one, and serves five."""
    hall = HALL % f", outages: [{{id: net, dated: [{TEN_TO_ELEVEN}]}}]"
    demand = flows(at("09:00"), at("09:58", flow="b", matter="permit"))
    matters = f"[{errand('5 min')}, {errand('5 min', '', 'permit')}]"
    layouts = windows("id: window, serves: [errand, permit], clerks: 1, changeover: 3 min")
    tables = told_tables(small(hall=hall, matters=matters, demand=demand, layouts=layouts))
    spans = tables.services.set_up_at - tables.services.called_at
    assert (spans // MINUTE).tolist() == [0, 63]
    assert minutes(measure(tables)) == {
        "service": 10,
        "changeover": 3,
        "down": 60,
        "idle": 480 - 73,
    }


def test_who_calls_another_list_that_works_is_idle() -> None:
    """The system of one list is down: its own window is, not one that calls another too."""
    hall = HALL % f", outages: [{{id: net, lists: [a], dated: [{TEN_TO_ELEVEN}]}}]"
    layouts = windows(
        "id: a, serves: [errand], clerks: 1}, {id: b, serves: [permit], helps: [a], clerks: 1"
    )
    matters = f"[{errand('5 min')}, {errand('5 min', '', 'permit')}]"
    demand = flows(at("09:00"), at("09:00", flow="b", matter="permit"))
    tally = measure(told_tables(small(hall=hall, matters=matters, demand=demand, layouts=layouts)))
    assert (tally.use_by_slot[WINDOW_USES.index("down")].sum(axis=1) // MINUTE).tolist() == [60, 0]


def test_who_is_absent_is_paid() -> None:
    """Of two groups one never comes: eight hours absent, paid, and in no utilisation."""
    layouts = windows(
        "id: a, serves: [errand], clerks: 1}, {id: b, serves: [errand], clerks: 1, absence: 1"
    )
    text = small(matters=f"[{errand('30 min')}]", demand=come("09:00"), layouts=layouts)
    tally = measure(told_tables(text))
    assert minutes(tally) == {"service": 30, "idle": 450, "absent": 480}
    assert tally.by_day["cost_per_day"].tolist() == [[16 * HOUR], [1]]
    assert tally.by_day["clerk_hours"].tolist() == [[8 * HOUR], [1]]


def test_what_a_hall_cannot_have_is_not_measured() -> None:
    """Without changeover, wrap-up, reviews, absence and outages there is nothing to tell apart."""
    tally = measure(told_tables(small(matters=f"[{errand('30 min')}]", demand=come("09:00"))))
    assert minutes(tally) == {"service": 30, "idle": 450}
    for key in HOURS_OF_USES:
        assert tally.by_day[key][1].sum() == tally.by_group[key, "group"][1].sum() == 0


# === laws === #


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_twins_say_alike(engine: str) -> None:
    """A run of one engine is told apart like one of the other."""
    matters = f"[{errand('10 min', 'wrap_up: 2 min')}, {errand('7 min', '', 'permit')}]"
    demand = flows(at("09:00", "09:05"), at("09:03", flow="b", matter="permit"))
    layouts = windows("id: window, serves: [errand, permit], clerks: 1, changeover: 3 min")
    scenario = scenario_from_text(small(matters=matters, demand=demand, layouts=layouts))
    plan = compile_plan(scenario, scenario.layouts[0].id)
    tape = draw_tape(plan.demand, 1, 0)
    journal = run(plan, tape, engine)  # type: ignore[arg-type]
    assert minutes(measure(Tables(plan, tape, journal)))["changeover"] == 6


@FEW
@given(scenarios(), st.integers(0, 99))
def test_each_tick_of_rosters_and_overtime_has_one_use(text: str, replication: int) -> None:
    """Of each group in each half hour: all uses are the roster and overtime, and none below 0.

    What is busy is service, changeover, wrap-up, reviews, and what a system takes of them.
    """
    tables = tables_of(scenario_from_text(text), replication=replication)
    tally, grouping = measure(tables), group_of_window(tables)
    plan, duties, extra = tables.plan, tables.rostered, tables.overtime

    def ticks(group: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        of_group = grouping.of[np.searchsorted(plan.hall.group_of_window, group)]
        slots = time_in_slots(plan, starts, ends, of_group, grouping.n)
        return np.asarray(slots[:, plan.period.hall_days].sum(axis=1))

    rostered = ticks(duties.group, duties.starts, duties.ends)
    overtime = ticks(extra.group, extra.begins_at, extra.ends_at)
    used = tally.use_by_slot
    assert used.shape == (len(WINDOW_USES), grouping.n, SLOTS)
    assert (used >= 0).all()
    np.testing.assert_array_equal(used.sum(axis=0), rostered + overtime)
    busy = used[: WINDOW_USES.index("down")].sum(axis=0)
    assert (busy <= tally.busy_by_slot).all()
    assert (tally.busy_by_slot <= busy + used[WINDOW_USES.index("down")]).all()
    for key, of_use in zip(HOURS_OF_USES, used, strict=True):
        if len(plan.period.hall_days) == plan.period.n_days:
            assert tally.by_day[key][0].sum() == of_use.sum()
