"""A group of windows may take another time for a matter: the same people, by other laws."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.analysis.offered import offered_load
from sim.clock import HOUR, MINUTE
from sim.plan.rosters import Rosters, posts_of
from sim.results.tables import Tables
from sim.runs.sizing_trips import WindowTrips, of_units
from sim.scenario.arrival_rows import ArrivalRows
from sim.scenario.day_kinds import day_kinds
from sim.scenario.load import scenario_from_text
from sim.theory import mg1
from tests.assertions import assert_same_journal, assert_same_tape
from tests.engine.test_separate import LISTS, X, Y, separate
from tests.plan.test_replay import ticks
from tests.strategies import (
    FEW,
    MINUTES,
    PLAIN,
    altered,
    at,
    come,
    errand,
    flows,
    item,
    replay,
    scenarios,
    sequence,
    small,
    tell,
    windows,
)

SLOW = "id: slow, list: all, serves: [errand], clerks: 1, service_laws: {errand: 25 min}"
SHAPES = st.sampled_from(["exponential", "gamma", "lognormal"])
QUICK = "id: quick, list: all, serves: [errand], clerks: 1"


def _laws(text: str) -> str:
    return f"{{errand: {text}}}"


# === by hand === #


def test_each_group_takes_its_own_time() -> None:
    """Two windows of one list: 25 minutes at the one, the matter's ten at the other."""
    demand = come("09:00", "09:00", "09:00", "09:00", "09:00")
    day = tell(small(layouts=windows(SLOW, QUICK), demand=demand))
    assert day.windows == ["slow-1", "quick-1", "quick-1", "quick-1", "slow-1"]
    assert day.called == ["09:00", "09:00", "09:10", "09:20", "09:25"]
    assert day.ended == ["09:25", "09:10", "09:20", "09:30", "09:50"]


def test_papers_fields_and_the_persons_factor_stay_the_matters() -> None:
    """(4 min there + 3 papers of one minute + 10 fields half filled in, 24 s each) × 1.5."""
    service = (
        "service: {base: 10 min, materials: 3, per_material: 1 min, fields: 10, per_field: 24 s,"
        " prefilled_share: 0.5, individual: 1.5}"
    )
    matters = f"[{{id: errand, name: {{zh: 事, en: Errand}}, lead: office, {service}}}]"
    layouts = windows("id: w, serves: [errand], clerks: 1, service_laws: {errand: 5 min}")
    day = tell(small(matters=matters, layouts=layouts))
    assert day.ended == ["09:15"]


def test_the_clerks_factor_multiplies_the_groups_law() -> None:
    """Twice four minutes; trained staff halve it again."""
    group = "id: w, serves: [errand], clerks: 1, service_laws: {errand: 4 min}, proficiency: 2"
    slow = small(layouts=windows(group))
    trained = "training: {sessions: 1, people: 1, staff: 1, service_rate: 0.5}"
    assert tell(slow).ended == ["09:08"]
    assert tell(small(layouts=windows(group), hall=trained)).ended == ["09:04"]


def test_a_fault_is_found_after_a_part_of_the_work_there() -> None:
    """A quarter of the group's twenty minutes, then all of them."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 0 min, service_share: 0.25}"
    layouts = windows("id: w, serves: [errand], clerks: 1, service_laws: {errand: 20 min}")
    day = tell(small(layouts=layouts, corrections=corrections))
    assert list(zip(day.fates, day.ended, strict=True)) == [
        ("sent back", "09:05"),
        ("served", "09:25"),
    ]


def test_what_is_handed_in_or_collected_is_no_intake() -> None:
    """Three minutes for a result, as everywhere."""
    issue = "issue: {collection: 1, collects_after: 1 d, service: 3 min}"
    day = tell(
        small(
            matters=f"[{errand('10 min', issue)}]",
            layouts=windows("id: w, serves: [errand], clerks: 1, service_laws: {errand: 20 min}"),
            run="{start: 2025-01-06, measured_days: 2}",
        )
    )
    spans = (day.journal.ended_at - day.journal.called_at)[: day.n_tickets] // MINUTE
    assert spans.tolist() == [20, 3]


def test_a_second_matter_has_the_law_of_the_group_too() -> None:
    """Ten minutes of the first and seven there of the second, which takes four elsewhere."""
    matters = f"[{errand('10 min', 'also: {copy: 1}')}, {errand('4 min', '', 'copy')}]"
    group = "id: w, serves: [errand, copy], clerks: 1, service_laws: {copy: 7 min}"
    assert tell(small(matters=matters, layouts=windows(group))).ended == ["09:17"]


def test_department_by_department_the_own_matter_has_it() -> None:
    """The tax office's own matter takes 12 minutes at its windows in place of ten."""
    tax = f"{LISTS[1]}, service_laws: {{b: 12 min}}"
    day = tell(separate(X, Y, layouts=windows(LISTS[0], tax, LISTS[2])))
    spans = (day.journal.ended_at - day.journal.called_at)[:2] // MINUTE
    assert spans.tolist() == [5, 12]
    stated = item("y", "30 min", "own_service: {base: 2 min}", "tax")
    day = tell(separate(X, stated, layouts=windows(LISTS[0], tax, LISTS[2])))
    spans = (day.journal.ended_at - day.journal.called_at)[:2] // MINUTE
    assert spans.tolist() == [5, 2]


def test_work_that_a_table_states_is_the_same_everywhere() -> None:
    """The first has five minutes by the table; of the second it says nothing."""
    rows = ArrivalRows(ticks("09:00", "10:00"), service=[5 * MINUTE, -1])
    group = "id: w, serves: [errand], clerks: 1, service_laws: {errand: 20 min}"
    day = tell(small(layouts=windows(group), demand=flows(replay(rows))))
    assert day.ended == ["09:05", "10:20"]


def test_who_helps_a_list_works_by_the_law_of_the_own_group() -> None:
    """Permits take 20 minutes where they are called from another group's list."""
    two = f"[{errand('10 min')}, {errand('10 min', '', 'permit')}]"
    layouts = windows(
        "id: helper, serves: [errand], helps: [own], clerks: 1, service_laws: {permit: 20 min}",
        "id: own, serves: [permit], clerks: 1",
    )
    demand = flows(*(at("09:00", flow=f"f{n}", matter="permit") for n in range(2)))
    day = tell(small(matters=two, layouts=layouts, demand=demand))
    assert sorted(zip(day.windows, day.ended, strict=True)) == [
        ("helper-1", "09:20"),
        ("own-1", "09:10"),
    ]


# === the same people === #


@settings(parent=FEW, max_examples=25)
@given(scenarios())
def test_a_law_equal_to_the_matters_own_changes_nothing(text: str) -> None:
    """Every group has each matter's own base: journals as if nothing was said."""
    bases = {matter["id"]: matter["service"]["base"] for matter in PLAIN.load(text)["matters"]}
    plain = altered(text, ("layouts.*.windows.*.service_laws", None))
    stated = altered(text, ("layouts.*.windows.*.service_laws", bases))
    before, after = tell(plain), tell(stated)
    assert_same_journal(before.journal, after.journal)
    assert after.plan.hall.mean_service.tolist() == before.plan.hall.mean_service.tolist()


@FEW
@given(scenarios())
def test_a_law_in_another_layout_leaves_this_one_as_it_is(text: str) -> None:
    """The same people, and the same journal; the tape holds a time more of some."""
    plain = altered(text, ("layouts.*.windows.*.service_laws", None))
    tree = PLAIN.load(plain)
    [layout] = tree["layouts"]
    other = deepcopy(layout)
    other["id"] = "other"
    other["windows"][0]["service_laws"] = {tree["matters"][0]["id"]: "3 min"}
    both = altered(plain, ("layouts", [layout, other]))
    alone, beside = tell(plain), tell(both)
    assert_same_journal(alone.journal, beside.journal)
    assert alone.tape.group_services.first.size == 0
    columns = alone.tape._replace(group_services=beside.tape.group_services)
    assert_same_tape(columns, beside.tape)


@FEW
@given(st.integers(1, 40), st.floats(0.1, 1.0), SHAPES)
def test_a_smaller_law_makes_nobodys_work_longer(seed: int, part: float, law: str) -> None:
    """Of the same shape and a smaller mean: everybody's own work is at most as long."""
    shape = "" if law == "exponential" else ", cv: 0.8"
    there = f"{{law: {law}, mean: {10 * part:g} min{shape}}}"
    hall = small(
        matters=f"[{errand(f'{{law: {law}, mean: 10 min{shape}}}')}]",
        demand="[{id: people, matter: errand, rate: 20 per h}]",
        layouts=windows(f"id: w, serves: [errand], clerks: 1, service_laws: {_laws(there)}"),
    )
    tape = draw_tape(compile_plan(scenario_from_text(hall), "hall").demand, seed, 0)
    work = tape.group_services.ticks[tape.group_services.first]
    assert (work <= tape.errands.service).all()
    assert np.corrcoef(work, tape.errands.service)[0, 1] > 0.99


@settings(max_examples=20)
@given(MINUTES, MINUTES, st.integers(1, 3))
def test_a_law_at_all_groups_is_that_of_the_matter(
    gaps: list[int], work: list[int], clerks: int
) -> None:
    """A hall in which all groups have a law is one whose matter has it."""
    clocks = [f"{9 + m // 60:02d}:{m % 60:02d}" for m in np.cumsum(gaps).tolist() if m < 420]
    group = f"id: w, serves: [errand], clerks: {clerks}"
    demand = come(*clocks)
    stated = tell(
        small(demand=demand, layouts=windows(f"{group}, service_laws: {_laws(sequence(*work))}"))
    )
    usual = tell(
        small(demand=demand, matters=f"[{errand(sequence(*work))}]", layouts=windows(group))
    )
    assert_same_journal(stated.journal, usual.journal)


# === exact === #


@pytest.mark.parametrize(("law", "mean", "cv"), [("exponential", 7.0, 1.0), ("gamma", 5.0, 1.6)])
def test_the_mean_wait_is_that_of_the_groups_law(law: str, mean: float, cv: float) -> None:
    """M/M/1 and M/G/1 (Pollaczek and Khinchine) at a group, where the matter's own law is another.

    Eight runs of 200 days around the clock: within four standard errors of theory, which tell it
    from a queue by the matter's law.
    """
    shape = "" if law == "exponential" else f", cv: {cv}"
    changes = [
        "run.measured_days=200",
        "demand.everybody.rate=6 per h",
        "matters.errand.service.base={law: gamma, mean: 6 min, cv: 0.5}",
        f"layouts.hall.windows.windows.service_laws.errand={{law: {law}, mean: {mean} min{shape}}}",
    ]
    plan = compile_plan(load_scenario(example_path("exact/mm1.yaml"), changes), "hall")
    means = []
    for replication in range(8):
        journal = run(plan, draw_tape(plan.demand, 1, replication))
        waits = (journal.called_at - journal.taken_at)[journal.called_at >= 0]
        means.append(waits.mean() / MINUTE)
    exact, usual = mg1(6 / 60, mean, cv).mean_wait, mg1(6 / 60, 6, 0.5).mean_wait
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - exact) < 4 * error
    assert abs(exact - usual) > 8 * error


# === what is expected of it === #


def test_the_load_counts_each_groups_own_law() -> None:
    """Twelve an hour, 20 minutes at the one and five at the other: shared so that both have 0.8."""
    demand = "[{id: people, matter: errand, rate: 12 per h}]"
    fast = QUICK.replace("clerks: 1", "clerks: 1, service_laws: {errand: 5 min}")
    slow = SLOW.replace("25 min", "20 min")
    plan = compile_plan(
        scenario_from_text(small(demand=demand, layouts=windows(slow, fast))), "hall"
    )
    loads = {load.id: load.load for load in offered_load(plan)}
    # x to the slow one: 20 x = 5 (12 - x), of 60 minutes
    assert loads["slow"] == loads["quick"] == pytest.approx(20 * 12 / 5 / 60)
    assert plan.hall.mean_service.tolist() == [12.5 * MINUTE]


def test_the_load_is_the_work_of_long_runs() -> None:
    """Faults, helpers, second matters, results: at each group as long runs have it."""
    classes = (
        "[{id: young, name: {zh: 青, en: Young}},"
        " {id: old, name: {zh: 老, en: Old}, assisted_share: 0.5}]"
    )
    fetched = "issue: {collection: 1, collects_after: 1 h, service: 2 min}"
    works = (
        errand("{law: exponential, mean: 8 min}", "also: {copy: 0.4}, wrap_up: 1 min"),
        errand("3 min", fetched, "copy"),
    )
    text = small(
        run="{start: 2025-01-06, measured_days: 20}",
        matters=f"[{', '.join(works)}]",
        corrections="{share: 0.3, service_share: 0.5, on_the_spot: 1, spot_delay: 1 min}",
        applicants=f"{{classes: {classes}, assistance_factor: 2}}",
        demand=flows(
            "{id: a, matter: errand, rate: 8 per h, classes: {young: 0.7, old: 0.3}}",
            "{id: b, matter: copy, rate: 5 per h, classes: {young: 0.7, old: 0.3}}",
        ),
        layouts=windows(
            "id: one, serves: [errand, copy], clerks: 9,"
            " service_laws: {errand: {law: gamma, mean: 14 min, cv: 0.5}, copy: 5 min}"
        ),
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    [expected] = [load.work_hours for load in offered_load(plan) if load.id == "one"]
    hours = []
    for replication in range(12):
        tables = Tables(plan, tape := draw_tape(plan.demand, 1, replication), run(plan, tape))
        services = tables.services
        hours.append(float((services.ended_at - services.called_at).sum()) / HOUR)
    error = np.std(hours, ddof=1) / np.sqrt(len(hours))
    assert abs(np.mean(hours) - expected) <= 4 * error


def test_a_sizing_takes_the_laws_along() -> None:
    """Tickets as a crowd of their own, and plans with other clerks, have the work of each group."""
    text = small(
        demand="[{id: people, matter: errand, rate: 9 per h}]", layouts=windows(SLOW, QUICK)
    )
    scenario = scenario_from_text(text)
    plan = compile_plan(scenario, "hall")
    posts = posts_of(scenario, scenario.layout("hall"), day_kinds(scenario))
    more = Rosters(scenario, plan, posts).plan(np.full(len(posts), 2))
    tape = draw_tape(plan.demand, 1, 0)
    every = Tables(more, tape, run(more, tape))
    assert {*_spans(every, "slow")} == {25}
    assert {*_spans(every, "quick")} == {10}
    # every second person as a crowd of their own
    unit = np.arange(len(tape.cases.matter)) % 2
    picked = of_units(WindowTrips(tape, unit, np.zeros(0, np.int64)), [1])
    assert picked.group_services.first.tolist() == tape.group_services.first[1::2].tolist()
    alone = Tables(more, picked, run(more, picked))
    assert_same_journal(run(more, picked, "reference"), alone.journal)
    assert {*_spans(alone, "slow")} <= {25}


def _spans(tables: Tables, group: str) -> list[int]:
    """Minutes of each service of a group."""
    services, groups = tables.services, np.array(tables.plan.names.groups)
    there = (groups[services.window] == group) & (services.ended_at < tables.plan.period.end)
    return [int(x) // MINUTE for x in (services.ended_at - services.called_at)[there]]
