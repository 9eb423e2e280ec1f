"""Separate handling: one department after the other, a visit each, the next after the result."""

import numpy as np
import pytest
from hypothesis import assume, given

from sim import compile_plan, draw_tape
from sim.analysis.causes import CAUSES, causes
from sim.analysis.story import hall_stretches
from sim.clock import DAY, HOUR, MINUTE
from sim.engine.run import run
from sim.errors import ScenarioError
from sim.plan.parts import visits_of
from sim.plan.tape import APPLY
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from sim.views.case_timeline import case_timeline
from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    department,
    errand,
    item,
    scenarios,
    small,
    tell,
    windows,
)

WEEKS = "{start: 2025-01-06, measured_days: 1, followup_days: 14}"
OFFICES = tuple(
    department(name, 3, f"own_matter: {matter}")
    for name, matter in (("office", "a"), ("tax", "b"), ("police", "c"))
)
LISTS = tuple(f"id: {name}, serves: [{name}], clerks: 1" for name in "abc")
"""A window for each department's own matter; nobody serves the joint matter itself."""


def joint(*items: str, more: str = "", handling: str = "separate") -> str:
    """A matter of these items, and the departments' own matters of 5, 10 and 15 minutes."""
    keys = f"handling: {handling}, items: [{', '.join(items)}]" + (f", {more}" if more else "")
    own = [errand(f"{5 * n} min", id_=name) for n, name in enumerate("abc", start=1)]
    return f"[{errand('20 min', keys, 'joint')}, {', '.join(own)}]"


def separate(*items: str, more: str = "", **sections: str) -> str:
    """The text of a scenario with one applicant, Monday at nine."""
    usual = {
        "run": WEEKS,
        "departments": f"[{', '.join(OFFICES)}]",
        "matters": joint(*items, more=more),
        "demand": "[{id: p, matter: joint, at: [2025-01-06T09:00:00]}]",
        "layouts": windows(*LISTS),
    }
    return small(**{**usual, **sections})


X, Y, Z = (item(n, "30 min", "", d) for n, d in (("x", "office"), ("y", "tax"), ("z", "police")))


def test_one_department_after_the_other() -> None:
    """Three departments: three visits at their own windows, each the day after the last result."""
    day = tell(separate(X, Y, Z))
    journal = day.journal
    assert (day.lists, day.trips) == (["a", "b", "c"], [1, 2, 3])
    served = (journal.ended_at - journal.called_at)[:3] // MINUTE
    assert served.tolist() == [5, 10, 15]
    assert (journal.arrived_at[:3] // DAY).tolist() == [0, 1, 2]
    assert day.case_fates[0] == "issued"
    closed = int(journal.closed_at[0])
    assert closed == int(journal.ended_at[2]) + 30 * MINUTE
    assert int(journal.accepted_at[0]) == int(journal.ended_at[0])


def test_the_next_only_after_the_result() -> None:
    """An external span of the first department keeps the applicant from going to the second."""
    slow = item("x", "30 min", "external: 3 wd", "office")
    day = tell(separate(slow, Y))
    assert (day.journal.arrived_at[:2] // DAY).tolist() == [0, 4]


def test_the_applicant_takes_time() -> None:
    """`between` is the applicant's own delay before the next department."""
    day = tell(separate(X, Y, more="between: 2 d"))
    assert (day.journal.arrived_at[:2] // DAY).tolist() == [0, 2]


def test_one_department_is_one_visit() -> None:
    """With one department, separate handling is one visit for all its items, done together."""
    other_item = item("w", "10 min", "", "office")
    day = tell(separate(X, other_item))
    journal = day.journal
    assert day.trips == [1]
    assert int(journal.ended_at[0] - journal.called_at[0]) == 10 * MINUTE  # 5 for each item
    assert int(journal.closed_at[0] - journal.ended_at[0]) == 30 * MINUTE


def test_an_item_may_have_work_of_its_own() -> None:
    """What an item costs at the window when it is applied for alone can be said at the item."""
    own = item("x", "30 min", "own_service: {base: 2 min, materials: 3, per_material: 1 min}")
    day = tell(separate(own, Y))
    assert int(day.journal.ended_at[0] - day.journal.called_at[0]) == 5 * MINUTE
    cheap = tell(separate(item("x", "30 min", "own_service: {base: 2 min}"), Y))
    assert int(cheap.journal.ended_at[0] - cheap.journal.called_at[0]) == 2 * MINUTE


def test_who_needs_no_item_does_not_go_there() -> None:
    """Departments of items that an applicant does not need are left out, the first ones too."""
    absent = item("x", "30 min", "share: 0.0")
    day = tell(separate(absent, Y, Z))
    assert (day.lists, day.trips) == (["b", "c"], [1, 2])


def test_incomplete_papers_at_any_department() -> None:
    """Each visit may fail for its papers, and is then repeated there."""
    corrections = "{share: 1.0, at_most: 1, delay: 1 d}"
    day = tell(separate(X, Y, corrections=corrections))
    assert day.fates == ["sent back", "served", "sent back", "served"]
    assert day.lists == ["a", "a", "b", "b"]


def test_who_gives_up_half_way_has_lost_the_matter() -> None:
    """Nobody is at the second department's window: the case is lost there, not open for ever."""
    layouts = windows(LISTS[0], "id: b, serves: [b], clerks: {mon 09:00-09:30: 1}", *LISTS[2:])
    day = tell(separate(X, Y, layouts=layouts, applicants="{unserved: {returns: 0, lost: 1}}"))
    assert (day.fates, day.case_fates[0]) == (["served", "turned away"], "lost")
    assert int(day.journal.closed_at[0]) == int(day.journal.ended_at[1])


def test_rejected_at_the_first_department() -> None:
    """A rejected item stops the rest: nobody goes on to the second department."""
    refused = item("x", "30 min", "rejection_share: 1.0")
    day = tell(separate(refused, Y))
    assert (day.trips, day.case_fates[0]) == ([1], "rejected")


def test_online_applicants_apply_to_each_department_online() -> None:
    """Who applies online needs no trip for any of the departments."""
    demand = "[{id: p, matter: joint, at: [2025-01-06T09:00:00], online_share: 1.0}]"
    day = tell(separate(X, Y, demand=demand, online="{department: office, precheck: 5 min}"))
    assert day.trips == [0, 0]
    assert day.case_fates[0] == "issued"


def test_order_of_departments() -> None:
    """A department is not left while it has an item that can begin, nor visited before its time."""
    scenario = scenario_from_text(
        separate(
            item("a", "1 min", "", "office"),
            item("b", "1 min", "", "tax"),
            item("c", "1 min", "after: [a]", "office"),
            item("d", "1 min", "after: [b]", "office"),
        )
    )
    [matter] = [matter for matter in scenario.matters if matter.id == "joint"]
    visits = [[item.id for item in items] for items in visits_of(matter)]
    assert visits == [["a", "c"], ["b"], ["d"]]


def test_whoever_needs_nothing_hands_the_matter_in_itself() -> None:
    """When nobody surely needs an item, the matter's own window must be there, and serves."""
    absent = item("x", "30 min", "share: 0.0")
    day = tell(separate(absent, layouts=windows(*LISTS, "id: all, serves: [joint], clerks: 1")))
    assert (day.lists, day.trips, day.case_fates[0]) == (["all"], [1], "issued")


def crowd_of(handling: str) -> Tables:
    """A busy week of random people under one of both handlings."""
    law = "{law: exponential, mean: 20 min}"
    items = (
        item("x", law, "correction_share: 0.3", "office"),
        item("y", law, "share: 0.5, external: 1 wd", "tax"),
        item("z", law, "after: [x], rejection_share: 0.1", "police"),
    )
    text = separate(
        matters=joint(*items, more="between: {law: exponential, mean: 1 d}", handling=handling),
        demand="[{id: p, matter: joint, rate: 3 per h}, {id: q, matter: b, rate: 2 per h}]",
        run="{start: 2025-01-06, measured_days: 5, followup_days: 30}",
        corrections="{share: 0.3, at_most: 2, on_the_spot: 0.3, delay: 1 d, hand_in: 5 min}",
        layouts=windows(*LISTS, "id: all, serves: [joint], clerks: 1"),
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    return Tables(plan, tape, run(plan, tape))


def test_causes_add_up_and_laws_hold() -> None:
    """Every tick of a case belongs to one cause, visits to further departments included."""
    tables = crowd_of("separate")
    check_invariants(tables)
    cases, shares = tables.cases, causes(tables)
    done = tables.finished
    elapsed = np.where(done, cases.closed_at - cases.arrived_at, 0)
    np.testing.assert_array_equal(shares.sum(axis=1), elapsed)
    assert (shares[done][:, CAUSES.index("window_wait")] >= 0).all()
    assert (tables.tape.errands.purpose == APPLY).any()


def test_same_people_fewer_trips() -> None:
    """The same crowd needs more trips and more time when it is sent from office to office."""
    bundled, apart = crowd_of("bundled"), crowd_of("separate")
    np.testing.assert_array_equal(bundled.tape.cases.arrived_at, apart.tape.cases.arrived_at)
    both = bundled.finished & apart.finished & (bundled.cases.matter == 3)
    assert both.sum() > 50
    trips = [tables.cases.trips[both].mean() for tables in (bundled, apart)]
    times = [
        (tables.cases.closed_at - tables.cases.arrived_at)[both].mean() / HOUR
        for tables in (bundled, apart)
    ]
    assert trips[1] > trips[0]
    assert times[1] > times[0]


def test_bundled_draws_are_untouched() -> None:
    """What is drawn for reviews and papers of a person does not depend on the handling."""
    bundled, apart = crowd_of("bundled"), crowd_of("separate")
    own = apart.plan.demand.items.visit_order[apart.tape.items.item] < 0
    np.testing.assert_array_equal(apart.tape.items.rejected[own], bundled.tape.items.rejected)
    first = apart.tape.items.review_offsets[:-1][own]
    np.testing.assert_array_equal(
        apart.tape.reviews.touch[first],
        bundled.tape.reviews.touch[bundled.tape.items.review_offsets[:-1]],
    )


def test_timeline_of_a_case_shows_every_visit() -> None:
    """The hall's row has a stretch at the window for each department; visits have no row."""
    scenario = scenario_from_text(separate(X, Y))
    plan = compile_plan(scenario, "hall")
    tape = draw_tape(plan.demand, 1, 0)
    tables = Tables(plan, tape, run(plan, tape))
    stretches = hall_stretches(tables, 0)
    at_window = [stretch for stretch in stretches if stretch.cause == "at_window"]
    away = [stretch for stretch in stretches if stretch.cause == "applicant"]
    assert len(at_window) == 2
    assert len(away) == 1
    assert away[0].start == int(tables.journal.completed_at[tape.items.application < 0][0])
    [axes] = case_timeline(scenario, tables, 0, load_text("en")).axes
    assert len(axes.get_yticks()) == 3


@pytest.mark.parametrize(
    ("own", "code", "path"),
    [
        ("", "no_own_matter", "matters[joint].items[x].department"),
        ("own_matter: bb", "unknown_matter", "departments[office].own_matter"),
    ],
)
def test_a_department_without_windows_is_told(own: str, code: str, path: str) -> None:
    """Who is sent to a department must find its windows: told at its place, in both languages."""
    departments = f"[{department('office', 1, own)}, {OFFICES[1]}, {OFFICES[2]}]"
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(separate(X, Y, departments=departments))
    [problem] = caught.value.problems
    assert (problem.code, problem.path) == (code, path)
    for language in ("en", "zh"):
        assert "own_matter" in problem.sentence(load_text(language))


def test_windows_of_every_department_must_be_there() -> None:
    """A layout in which nobody accepts the second department's own matter is refused."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(separate(X, Y, layouts=windows(LISTS[0], LISTS[2])))
    [problem] = caught.value.problems
    assert (problem.code, problem.found) == ("matter_not_accepted", "b")


@FEW
@given(scenarios())
def test_bundled_has_no_delay_between_departments(text: str) -> None:
    """In any hall, `between` and the departments' own matters say nothing to who comes once."""
    bundled = altered(text, ("matters.*.handling", "bundled"))
    assert_same_day(
        altered(bundled, ("matters.*.between", "2 d")),
        altered(bundled, ("matters.*.between", None), ("departments.*.own_matter", None)),
    )


@FEW
@given(scenarios())
def test_one_department_alone_is_one_trip_as_bundled(text: str) -> None:
    """In any hall where all items are one department's: as many trips either way."""
    assume("arrivals_file" not in text)  # a table names classes of its own
    alone = altered(
        text,
        ("matters.*.items.*.department", "a"),
        ("matters.*.items.*.survey", None),
        ("matters.*.issue", None),
        ("matters.*.items.*.after", None),
        ("matters.*.items.*.correction_share", 0.0),
        ("corrections", None),
        ("applicants", None),
        ("matters.*.patience", None),
        ("matters.*.balk_at", None),
        ("matters.*.also", None),  # done at the same window or not, by who calls first
        ("layouts.*.quota", None),
        ("layouts.*.windows.*.at_break", None),
        ("hall.at_break", None),
        ("hall.last_ticket_before_break", None),
        ("demand.*.classes", None),
        ("hall.capacity", None),
        ("hall.last_ticket", None),
        ("hall.closing", "serve_all"),
    )
    how = "matters.*.handling"
    apart, together = (tell(altered(alone, (how, way))) for way in ("separate", "bundled"))
    # whose windows are others, and close earlier, may be asked to come again
    assume(not {"cut off", "turned away"} & {*apart.fates, *together.fates})
    assert sorted(apart.trips) == sorted(together.trips)
