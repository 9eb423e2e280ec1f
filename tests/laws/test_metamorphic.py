"""Changes whose effect is known without knowing any number, for the same crowd."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import (
    Run,
    Scenario,
    Tables,
    compare,
    compile_plan,
    draw_tape,
    load_scenario,
    replicate,
    run,
)
from sim.analysis.measures import Tally
from sim.analysis.offered import offered_load
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_journal, assert_same_tape
from tests.laws.halls import SCENARIOS, city, tables_of, told_tables
from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    at,
    errand,
    flows,
    scenarios,
    sequence,
    small,
    windows,
)

Waits = npt.NDArray[np.int64]
work = st.lists(st.integers(0, 40), min_size=2, max_size=25)
"""Minutes at the window, by order of arrival."""
gaps = st.lists(st.integers(0, 15), min_size=25, max_size=25)
"""Minutes between arrivals."""
LEFT, RIGHT = "left", "right"


def waits(tables: Tables) -> Waits:
    """Ticks waited, by case."""
    t = tables.tickets
    assert (t.called_at >= 0).all()
    return (t.called_at - t.taken_at)[np.argsort(t.case)]


def clocks(minutes: Sequence[int]) -> list[str]:
    """Clock times so many minutes after nine."""
    return [f"{9 + m // 60:02d}:{m % 60:02d}" for m in minutes]


def one_list(work: Sequence[int], arrivals: Sequence[int], clerks: int = 1, more: str = "") -> str:
    """One list, first come first called, work given person by person."""
    return small(
        matters=f"[{errand(sequence(*work))}]",
        demand=flows(at(*clocks(arrivals))),
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}{more}"),
    )


# === more capacity, less work === #


@settings(max_examples=25)
@given(work, gaps, st.integers(1, 3))
def test_one_more_window_makes_nobody_wait_longer(
    work: list[int], gaps: list[int], clerks: int
) -> None:
    arrivals = np.cumsum(gaps[: len(work)]).tolist()
    few = waits(told_tables(one_list(work, arrivals, clerks)))
    many = waits(told_tables(one_list(work, arrivals, clerks + 1)))
    assert (many <= few).all()


@settings(max_examples=25)
@given(work, gaps, st.integers(1, 3))
def test_shorter_service_makes_nobody_wait_longer(
    work: list[int], gaps: list[int], clerks: int
) -> None:
    arrivals = np.cumsum(gaps[: len(work)]).tolist()
    slow = waits(told_tables(one_list(work, arrivals, clerks)))
    fast = waits(told_tables(one_list(work, arrivals, clerks, ", proficiency: 0.7")))
    assert (fast <= slow).all()


@settings(max_examples=25)
@given(work, gaps, st.integers(1, 3), st.integers(0, 24))
def test_one_visitor_less_makes_nobody_wait_longer(
    work: list[int], gaps: list[int], clerks: int, who: int
) -> None:
    who %= len(work)
    arrivals = np.cumsum(gaps[: len(work)]).tolist()
    everybody = waits(told_tables(one_list(work, arrivals, clerks)))
    other_work, other_arrivals = work[:who] + work[who + 1 :], arrivals[:who] + arrivals[who + 1 :]
    without = waits(told_tables(one_list(other_work, other_arrivals, clerks)))
    assert (without <= np.delete(everybody, who)).all()


@settings(max_examples=25)
@given(gaps, st.lists(st.booleans(), min_size=25, max_size=25))
def test_pooling_alike_windows_never_raises_the_total_wait(
    gaps: list[int], sides: list[bool]
) -> None:
    """Work alike for all: with unequal work a single crowd can lose, only the mean cannot."""
    arrivals = clocks(np.cumsum(gaps).tolist())
    left = [clock for clock, side in zip(arrivals, sides, strict=True) if side]
    right = [clock for clock, side in zip(arrivals, sides, strict=True) if not side]
    apart = [f"id: {side}_window, serves: [{side}], clerks: 1" for side in (LEFT, RIGHT)]
    text = {
        "matters": f"[{errand('9 min', id_=LEFT)}, {errand('9 min', id_=RIGHT)}]",
        "demand": flows(
            at(*left, flow="from_left", matter=LEFT), at(*right, flow="from_right", matter=RIGHT)
        ),
    }
    separate = told_tables(small(**text, layouts=windows(*apart)))
    pooled = windows(f"id: window, serves: [{LEFT}, {RIGHT}], clerks: 2")
    together = told_tables(small(**text, layouts=pooled))
    assert waits(together).sum() <= waits(separate).sum()


def test_pooling_shortens_the_mean_wait() -> None:
    days = ["run.warmup_days=1", "run.measured_days=5", "run.replications=8"]
    scenario = load_scenario(SCENARIOS / "exact" / "pooling.yaml", days)
    study = compare(replicate(scenario, run=Run(workers=1)))
    assert study.pairs[0].judgement("wait") == "better"


# === scales and names === #


def test_time_twice_as_slow_doubles_waits_and_keeps_utilisation() -> None:
    path = SCENARIOS / "exact" / "mmc.yaml"
    plain = ["run.warmup_days=1", "run.measured_days=10", "run.followup_days=1"]
    slow = ["run.warmup_days=2", "run.measured_days=20", "run.followup_days=2"]
    slow += ["demand.everybody.rate=0.2 per min", "matters.errand.service.base.mean=20 min"]
    usual, slow_tables = tables_of(load_scenario(path, plain)), tables_of(load_scenario(path, slow))
    busy_one, busy_two = (
        (x.services.ended_at - x.services.called_at).sum() / x.plan.period.end
        for x in (usual, slow_tables)
    )
    # instants are rounded down to ticks, and a queue passes a rounding on to who comes next
    n = min(len(usual.tickets.case), len(slow_tables.tickets.case)) - 100
    waited = [(x.tickets.called_at - x.tickets.taken_at)[:n] for x in (usual, slow_tables)]
    np.testing.assert_allclose(waited[1], 2 * waited[0], rtol=0, atol=1000)
    assert busy_two == pytest.approx(busy_one, rel=1e-4)


def test_order_of_the_file_and_names_for_people_change_nothing() -> None:
    scenario = city(1)
    turned = {
        name: tuple(reversed(getattr(scenario, name)))
        for name in ("calendars", "departments", "matters", "profiles", "demand", "layouts")
    }
    turned["matters"] = tuple(
        matter.model_copy(update={"items": matter.items[::-1], "name": scenario.name})
        for matter in turned["matters"]
    )
    reordered = scenario.model_copy(update=turned)
    for layout in ("zone", "parallel"):
        plan, reordered_plan = compile_plan(scenario, layout), compile_plan(reordered, layout)
        tape = draw_tape(plan.demand, seed=3, replication=0)
        assert_same_tape(tape, draw_tape(reordered_plan.demand, seed=3, replication=0))
        assert_same_journal(run(plan, tape), run(reordered_plan, tape))


def test_window_groups_renamed_and_turned_round_serve_the_same() -> None:
    scenario = city(1)
    zone = scenario.layout("zone")
    groups = tuple(
        group.model_copy(update={"id": f"renamed_{n}"}) for n, group in enumerate(zone.windows)
    )
    renamed = scenario.model_copy(
        update={"layouts": (zone.model_copy(update={"windows": groups[::-1]}),)}
    )
    before, after = tables_of(scenario, "zone"), tables_of(renamed, "zone")
    np.testing.assert_array_equal(before.tickets.called_at, after.tickets.called_at)
    np.testing.assert_array_equal(before.cases.closed_at, after.cases.closed_at)


def test_a_matter_nobody_wants_changes_nothing() -> None:
    scenario = city(1)
    new = scenario.matters[0].model_copy(update={"id": "a_new_one", "name": scenario.name})
    flow = scenario.demand[0].model_copy(
        update={"id": "a_new_flow", "matter": "a_new_one", "per_day": 0.0, "per_year": None}
    )
    with_new = scenario.model_copy(
        update={"matters": (new, *scenario.matters), "demand": (flow, *scenario.demand)}
    )
    before, after = tables_of(scenario, "zone"), tables_of(with_new, "zone")
    for name in ("arrived_at", "called_at", "ended_at", "window", "fate"):
        np.testing.assert_array_equal(getattr(before.tickets, name), getattr(after.tickets, name))
    np.testing.assert_array_equal(before.cases.closed_at, after.cases.closed_at)


def test_an_item_nobody_needs_changes_nothing() -> None:
    scenario = city(1)
    birth = scenario.matters[0]
    more = birth.items[0].model_copy(update={"id": "a_new_item", "share": 0.0})
    matters = (birth.model_copy(update={"items": (*birth.items, more)}), *scenario.matters[1:])
    before = tables_of(scenario, "zone")
    after = tables_of(scenario.model_copy(update={"matters": matters}), "zone")
    np.testing.assert_array_equal(before.tickets.called_at, after.tickets.called_at)
    np.testing.assert_array_equal(before.cases.closed_at, after.cases.closed_at)


@FEW
@given(scenarios())
def test_where_people_live_changes_nothing_in_the_hall(text: str) -> None:
    """In any hall, with journeys left aside."""
    towns = [
        {"id": name, "name": {"zh": "镇", "en": "Town"}, "county": "c", "population": people}
        for name, people in (("near", 900), ("far", 100))
    ]
    settled = altered(text, ("applicants.townships", towns))
    assert_same_day(settled, altered(text, ("applicants.townships", None)))


def test_endless_patience_is_none() -> None:
    path, days = SCENARIOS / "exact" / "mmc.yaml", ["run.measured_days=3"]
    none = tables_of(load_scenario(path, days))
    endless = tables_of(load_scenario(path, [*days, "applicants.patience=3000 d"]))
    assert_same_journal(none.journal, endless.journal)


def test_more_arrivals_begin_like_fewer() -> None:
    """A busier crowd draws from the same streams: its first people are the quiet crowd's."""
    path = SCENARIOS / "exact" / "mmc.yaml"
    quiet = tables_of(load_scenario(path, ["run.measured_days=3"]))
    busy = tables_of(
        load_scenario(path, ["run.measured_days=3", "demand.everybody.rate=0.44 per min"])
    )
    n = len(quiet.cases.matter)
    np.testing.assert_array_equal(quiet.tape.errands.service, busy.tape.errands.service[:n])
    assert (busy.tape.cases.arrived_at[:n] <= quiet.tape.cases.arrived_at).all()


def test_a_factor_on_volume_is_that_factor_on_every_flow() -> None:
    """The city with a factor of 2 is the city whose flows each say twice as many, tick for tick."""
    whole = city(1)
    people = whole.applicants.model_copy(update={"volume_factor": 2.0})
    doubled = [
        flow.model_copy(update={"per_day": 2 * (flow.per_day or 0)}) for flow in whole.demand
    ]
    with_factor = tables_of(whole.model_copy(update={"applicants": people}), "zone")
    two = tables_of(whole.model_copy(update={"demand": tuple(doubled)}), "zone")
    assert_same_tape(two.tape, with_factor.tape)
    assert_same_journal(two.journal, with_factor.journal)
    loads = zip(
        offered_load(tables_of(whole, "zone").plan), offered_load(with_factor.plan), strict=True
    )
    for before, after in loads:
        assert after.work_hours == pytest.approx(2 * before.work_hours)
        assert after.staffed_hours == before.staffed_hours


# === the same crowd again === #


def assert_same_tallies(first_tallies: Sequence[Tally], second_tallies: Sequence[Tally]) -> None:
    """Bit for bit."""
    assert len(first_tallies) == len(second_tallies)
    for first, second in zip(first_tallies, second_tallies, strict=True):
        for name in Tally._fields:
            left, right = getattr(first, name), getattr(second, name)
            if isinstance(left, Mapping):
                assert left.keys() == right.keys()
                assert all(left[key].tobytes() == right[key].tobytes() for key in left), name
            else:
                np.testing.assert_array_equal(left, right, err_msg=name)


def test_any_number_of_workers_gives_the_same_bits() -> None:
    scenario = city(1)
    one_worker = replicate(scenario, run=Run(replications=3, workers=1))
    two_workers = replicate(scenario, run=Run(replications=3, workers=2))
    for layout in one_worker.layouts:
        assert_same_tallies(one_worker.of(layout), two_workers.of(layout))


def test_same_seed_same_output_and_another_seed_another() -> None:
    scenario: Scenario = scenario_from_text(
        small(demand="[{id: people, matter: errand, rate: 5 per h}]")
    )
    first, same = (
        replicate(scenario, run=Run(replications=2, seed=7, workers=1)) for _ in range(2)
    )
    assert_same_tallies(first.of("hall"), same.of("hall"))
    reseeded = replicate(scenario, run=Run(replications=2, seed=8, workers=1))
    waited = [study.of("hall")[0].by_day["wait"].tolist() for study in (first, reseeded)]
    assert waited[0] != waited[1]


def test_one_tape_serves_three_layouts_and_pairing_pays() -> None:
    scenario = city(3)
    plans = [compile_plan(scenario, layout.id) for layout in scenario.layouts]
    tape = draw_tape(plans[0].demand, seed=1, replication=0)
    before = copy.deepcopy(tape)
    for plan in plans:
        assert_same_tape(tape, draw_tape(plan.demand, seed=1, replication=0))
        run(plan, tape)
    assert_same_tape(before, tape)
    study = compare(replicate(scenario, run=Run(replications=4, workers=1)))
    narrower = 0
    for pair in study.pairs:
        for difference in pair.differences:
            if difference.measure in {"wait", "stay", "called_within"}:
                alone = [
                    study.estimate(layout, difference.measure).interval
                    for layout in (pair.before, pair.after)
                ]
                # both at the wider level of the three pairs together
                independent = math.hypot(*(interval.half_width for interval in alone))
                narrower += difference.interval.half_width < independent
    assert narrower >= 8  # of 9
