"""Steps, materials and trips: by hand where nothing repeats, and one more for each repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sim import Scenario, Tables, compile_plan, draw_tape, example_path, load_scenario, run
from sim.analysis.paperwork import everything, hand_count, paperwork
from sim.analysis.reductions import corrections, count_cases, pair_of, reviewed
from sim.clock import MINUTE
from sim.plan.journal import REJECTED, SENT_BACK, SERVED
from sim.plan.tape import ANOTHER_TRIP, HAND_IN
from sim.scenario.edit import bundles, with_handling
from sim.scenario.load import scenario_from_text
from sim.scenario.matters import Matter
from tests.engine.test_separate import X, Y, Z, joint, separate
from tests.strategies import item, scenarios, windows

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
CITY = ("run.warmup_days=2", "run.measured_days=3", "run.followup_days=40")


@pytest.fixture(scope="module")
def city() -> Scenario:
    return load_scenario(example_path("sanmenxia.yaml"), CITY)


def tables_of(scenario: Scenario, layout: str = "hall", seed: int = 1) -> Tables:
    plan = compile_plan(scenario, layout)
    tape = draw_tape(plan.demand, seed, 0)
    return Tables(plan, tape, run(plan, tape))


def needed(tables: Tables, case: int) -> list[str]:
    """Ids of the items that a case needs, visits left out."""
    tape, names = tables.tape, tables.plan.names.items
    rows = range(tape.cases.item_offsets[case], tape.cases.item_offsets[case + 1])
    ids = (names[int(tape.items.item[row])].partition(".")[2] for row in rows)
    return [id_ for id_ in ids if ":" not in id_]


def matter_of(scenario: Scenario, tables: Tables, case: int) -> Matter:
    name = tables.plan.names.matters[int(tables.cases.matter[case])]
    return next(matter for matter in scenario.matters if matter.id == name)


def unrepeated(tables: Tables) -> Iterator[int]:
    """Cases issued in full whose every ticket was served, with nothing to mend, from their start
    on: not those that were in hand when the run began."""
    t, n = tables.tickets, len(tables.cases.matter)
    repeated = np.bincount(t.case[t.fate != SERVED], minlength=n) + corrections(tables)
    yield from np.flatnonzero(tables.finished & (repeated == 0) & ~tables.cases.initial).tolist()


def collects(tables: Tables, case: int) -> bool:
    """Whether the result of a case is collected in time, at a window."""
    t, errand = tables.tickets, int(tables.tape.cases.collection[case])
    handed = (t.errand == errand) & (t.fate == SERVED) & (t.trip > 0)
    return bool(errand >= 0 and handed.any())


def check_hand_counts(scenario: Scenario, tables: Tables) -> int:
    """Every unrepeated case against its hand count; how many there were."""
    counts, cases = count_cases(tables, paperwork(scenario)), list(unrepeated(tables))
    for case in cases:
        matter = matter_of(scenario, tables, case)
        steps, materials, trips = hand_count(
            scenario,
            matter,
            matter.handling,
            needed(tables, case),
            collects=collects(tables, case),
        )
        if matter.on_rejection == "continue" and tables.tape.items.rejected.any():
            continue
        assert counts.steps[case] == steps
        assert counts.materials[case] == materials
        online = tables.tickets.trip[tables.tickets.case == case] == 0
        assert counts.trips[case] == (0 if online.all() else trips - online.sum())
    return len(cases)


@pytest.mark.parametrize("handling", ["separate", "bundled"])
def test_the_city_by_hand(city: Scenario, handling: str) -> None:
    """Every case of the city without repeats is what a planner counts on paper."""
    scenario = with_handling(city, "separate" if handling == "separate" else "bundled")
    assert check_hand_counts(scenario, tables_of(scenario, "counters")) > 500


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=PATIENT,
)
@given(scenarios(), st.integers(0, 9))
def test_any_scenario_by_hand(text: str, seed: int) -> None:
    """Whatever the scenario: without repeats the count is the hand count."""
    note(text)
    scenario = scenario_from_text(text)
    check_hand_counts(scenario, tables_of(scenario, seed=seed))


@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=PATIENT,
)
@given(scenarios(), st.integers(0, 9))
def test_each_repeat_adds_one(text: str, seed: int) -> None:
    """Whatever happens to an issued case: each correction adds a step and a paper, no more."""
    note(text)
    scenario = scenario_from_text(text)
    tables = tables_of(scenario, seed=seed)
    counts, repeats = count_cases(tables, paperwork(scenario)), corrections(tables)
    for case in np.flatnonzero(tables.finished).tolist():
        matter = matter_of(scenario, tables, case)
        whole = hand_count(
            scenario,
            matter,
            matter.handling,
            needed(tables, case),
            collects=collects(tables, case),
        )
        if matter.on_rejection == "stop":
            assert counts.steps[case] == whole.steps + repeats[case]
            assert counts.materials[case] == whole.materials + repeats[case]
        assert counts.steps[case] <= whole.steps + repeats[case]


@pytest.mark.parametrize("way", ["separate", "bundled"])
def test_who_collects_takes_one_step_and_one_trip_more(
    city: Scenario, way: Literal["separate", "bundled"]
) -> None:
    """Whatever the matter and however it is handled; papers are handed in once."""
    for matter in city.matters:
        needs = everything(matter)
        at_once, fetched = (
            hand_count(city, matter, way, needs, collects=collects) for collects in (False, True)
        )
        assert fetched == (at_once.steps + 1, at_once.materials, at_once.trips + 1)


def test_each_trip_has_its_reason() -> None:
    """At the hall, trips are the hand count, another trip for each correction mended at home."""
    items = (item("x", "20 min", "correction_share: 0.5", "office"), Y, Z)
    scenario = scenario_from_text(
        separate(
            *items,
            run="{start: 2025-01-06, measured_days: 5, followup_days: 60}",
            demand="[{id: p, matter: joint, rate: 4 per h}]",
            corrections="{share: 0.4, at_most: 2, on_the_spot: 0.3, online: 0, delay: 1 d}",
        )
    )
    tables = tables_of(scenario)
    tape, t, done = tables.tape, tables.tickets, tables.finished
    n = len(tables.cases.matter)
    home = (t.fate == SENT_BACK) & (tape.errands.mend[t.errand] == ANOTHER_TRIP)
    handing = (t.fate == SERVED) & (tape.errands.purpose[t.errand] == HAND_IN)
    more = np.bincount(t.case[home], minlength=n) + np.bincount(t.case[handing], minlength=n)
    assert (t.fate[done[t.case]] != SERVED).any()
    assert more.any()
    np.testing.assert_array_equal(tables.cases.trips[done], 3 + more[done])


def test_one_department_is_one_trip_either_way() -> None:
    """With one department, separate handling is as many trips as bundled, and a step an item."""
    items = (X, item("w", "10 min", "", "office"))
    apart = scenario_from_text(separate(*items))
    joined = scenario_from_text(
        separate(matters=joint(*items, handling="bundled"), layouts=windows(*JOINT))
    )
    in_turn, at_once = (count_cases(tables_of(each), paperwork(each)) for each in (apart, joined))
    assert in_turn.trips[0] == at_once.trips[0] == 1
    assert (in_turn.steps[0], at_once.steps[0]) == (2, 1)


JOINT = (
    "id: all, serves: [joint], clerks: 1",
    *(f"id: {n}, serves: [{n}], clerks: 1" for n in "abc"),
)


def test_a_matter_of_one_item_is_the_same_either_way() -> None:
    """With one item there is nothing to bundle: one step, one trip; and it is never switched."""
    scenario = scenario_from_text(separate(X))
    [joint] = [matter for matter in scenario.matters if matter.id == "joint"]
    assert hand_count(scenario, joint, "separate", ["x"])[::2] == (1, 1)
    assert hand_count(scenario, joint, "bundled", ["x"])[::2] == (1, 1)
    assert "joint" not in bundles(scenario)


def test_papers_of_an_item_alone() -> None:
    """An item's own papers take the place of those of the department's own matter, and time."""
    own = "[{id: a, name: {zh: 事, en: A}, lead: office,"
    own += " service: {base: 5 min, materials: 9, per_material: 1 min}}"
    matters = joint(item("x", "30 min", "materials: 2", "office"), Y)
    start = matters.index("{id: a,")
    matters = matters[:start] + own[1:] + matters[matters.index("}}", start) + 2 :]
    scenario = scenario_from_text(separate(matters=matters))
    tables = tables_of(scenario)
    assert int(tables.tickets.ended_at[0] - tables.tickets.called_at[0]) == 7 * MINUTE
    assert count_cases(tables, paperwork(scenario)).materials[0] == 2


def test_who_needs_everything_hands_in_what_is_published(city: Scenario) -> None:
    """The papers of a city matter's items add up to the total of its guide, before and after."""
    published = [matter for matter in city.matters if matter.published is not None]
    assert len(published) == 23
    for matter in published:
        assert matter.published is not None
        before, after = matter.published.materials or (0, 0)
        assert hand_count(city, matter, "separate", everything(matter)).materials == before
        assert hand_count(city, matter, "bundled", everything(matter)).materials == after


def test_bundling_never_costs_the_applicant_a_step_or_a_trip(city: Scenario) -> None:
    """For any needs of any matter of the city, by hand."""
    for matter in city.matters:
        ids = [item.id for item in matter.items]
        for n in range(len(ids) + 1):
            joined, apart = (
                hand_count(city, matter, "bundled", ids[:n]),
                hand_count(city, matter, "separate", ids[:n]),
            )
            assert joined.steps <= apart.steps
            assert joined.trips <= apart.trips


def test_two_crowds_are_no_pair(city: Scenario) -> None:
    """Before and after must be the same people."""
    papers = paperwork(city)
    crowd, other_crowd = (tables_of(city, "counters", seed) for seed in (1, 2))
    with pytest.raises(ValueError, match="two crowds"):
        pair_of(crowd, other_crowd, (papers, papers))


def test_the_price_of_parallel_review() -> None:
    """Series stops at the first refusal; in parallel all levels work on what is refused."""
    series, parallel = (
        tables_of(
            load_scenario(example_path(f"exact/approvals_{name}.yaml"), ["run.measured_days=1"])
        )
        for name in ("series", "parallel")
    )
    np.testing.assert_array_equal(series.cases.arrived_at, parallel.cases.arrived_at)
    both = (series.cases.closed_at >= 0) & (parallel.cases.closed_at >= 0)
    granted = both & series.finished & parallel.finished
    refused = both & (series.cases.fate == REJECTED) & (parallel.cases.fate == REJECTED)
    assert granted.sum() > 500
    np.testing.assert_array_equal(reviewed(series)[granted], reviewed(parallel)[granted])
    more = reviewed(parallel)[refused] - reviewed(series)[refused]
    assert (more >= 0).all()
    assert more.any()
