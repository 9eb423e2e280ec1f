"""Another scenario of this one: only what was asked for differs, and what cannot be is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, example_path, load_scenario
from sim.errors import OptionError, Problem, ScenarioError
from sim.scenario.edit import (
    VARY,
    apportion,
    clerks_of,
    demand_overrides,
    scaled_roster,
    vary_tree,
    with_clerks,
    with_days_at_most,
    with_handling,
    with_overrides,
)
from sim.scenario.edit_places import with_points
from sim.scenario.load import scenario_from_text, tree_of
from sim.scenario.places import HomeVisits, ServicePoint
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN
from tests.strategies import FEW, small, windows

TWO_LAYOUTS = (
    "[{id: a, name: {zh: 甲, en: A}, windows: [{id: w, serves: [errand], clerks: 1}]},"
    " {id: b, name: {zh: 乙, en: B}, windows: [{id: w, serves: [errand], clerks: 1}]}]"
)
OWN = ServicePoint(
    hours="office",
    clerks={"mon-fri 09:00-17:00": 2},
    accepts=("police",),
    home_visits=HomeVisits.model_validate({"agents": 1, "within": "1 h"}),
    yuan_per_year=70_000,
)


@pytest.fixture(scope="module")
def town() -> Scenario:
    return scenario_from_text(TOWN)


@pytest.fixture(scope="module")
def city() -> Scenario:
    return load_scenario(example_path("sanmenxia.yaml"))


def differing(scenario: Scenario, edited: Scenario) -> set[str]:
    """Fields of the scenario that an edit has changed."""
    before, after = scenario.model_dump(), edited.model_dump()
    return {name for name in before if before[name] != after[name]}


def test_an_override_changes_its_field_alone(town: Scenario) -> None:
    edited = with_overrides(town, ["run.seed=11"])
    assert edited.run.seed == 11
    assert differing(town, edited) == {"run"}
    assert with_overrides(town, []).hash == town.hash


def test_every_wrong_override_is_refused_at_once(town: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        with_overrides(town, ["run.seed=many", "hall.last_ticket=15"])
    assert len(refused.value.problems) == 2


def test_a_lever_may_break_the_equal_budgets_and_nothing_else() -> None:
    scenario = scenario_from_text(small(layouts=TWO_LAYOUTS))
    tree = tree_of(scenario)
    more, later = "layouts.a.windows.w.clerks=2", "run.seed=11"
    assert vary_tree(tree, [later]).same_budget
    varied = vary_tree(tree, [more, later])
    assert not varied.same_budget
    assert varied.scenario.equal_budget == "none"
    assert differing(scenario, varied.scenario) == {"layouts", "run", "equal_budget"}
    with pytest.raises(ScenarioError) as refused:
        vary_tree(tree, [more, "run.seed=many"])
    assert {problem.file for problem in refused.value.problems} == {VARY}


@FEW
@given(st.floats(0.0, 3.0))
def test_every_flow_is_scaled_by_the_same_factor(town: Scenario, factor: float) -> None:
    edited = with_overrides(town, list(demand_overrides(tree_of(town), factor)))
    assert differing(town, edited) <= {"demand"}
    for before, after in zip(town.demand, edited.demand, strict=True):
        for name in ("per_year", "per_day", "rate"):
            amount = getattr(before, name)
            scaled = None if amount is None else pytest.approx(amount * factor, abs=1e-6)
            assert getattr(after, name) == scaled


def test_another_number_of_clerks_is_another_roster_of_one_layout() -> None:
    scenario = scenario_from_text(small(layouts=TWO_LAYOUTS))
    edited = with_clerks(scenario, "a", 3)
    assert [clerks_of(layout) for layout in edited.layouts] == [3, 1]
    assert differing(scenario, edited) == {"layouts", "equal_budget"}
    with pytest.raises(ScenarioError) as refused:
        with_clerks(scenario, "a", 0)
    assert [problem.code for problem in refused.value.problems] == ["too_small"]


def test_handling_is_switched_and_switched_back(city: Scenario) -> None:
    apart = with_handling(city, "separate")
    assert {matter.handling for matter in apart.matters if len(matter.items) > 1} == {"separate"}
    assert differing(city, apart) == {"matters"}
    bundled = with_handling(apart, "bundled")
    handlings = [[matter.handling for matter in each.matters] for each in (city, bundled)]
    assert handlings[0] == handlings[1]


def test_fewer_days_never_become_more(city: Scenario) -> None:
    names = ("warmup_days", "measured_days", "followup_days")
    for most in (1, 10, 10_000):
        edited = with_days_at_most(city, most)
        assert differing(city, edited) <= {"run"}
        for name in names:
            assert getattr(edited.run, name) == min(getattr(city.run, name), most)


# === clerks are shared out in whole numbers, and each group keeps one === #


@pytest.mark.parametrize(
    ("weights", "total", "shares"),
    [
        ([5, 3], 8, [5, 3]),
        ([1, 1, 1], 5, [2, 2, 1]),  # the first of equals
        ([3, 3, 2], 4, [2, 1, 1]),
        ([1, 1, 3], 8, [2, 1, 5]),  # 1.6, 1.6 and 4.8: the largest part that was cut off
        ([100, 1, 1, 1], 5, [2, 1, 1, 1]),  # only who has more than one gives one away
        ([100, 50, 1, 1], 6, [3, 1, 1, 1]),  # 3.9 and 2.0: who has least to lose
        ([4, 4, 1], 3, [1, 1, 1]),
    ],
)
def test_whole_shares(weights: list[int], total: int, shares: list[int]) -> None:
    assert apportion(weights, total) == shares


@FEW
@given(st.lists(st.integers(1, 99), min_size=1, max_size=8), st.integers(0, 60))
def test_all_clerks_sit_somewhere_and_nobody_is_left_without(weights: list[int], more: int) -> None:
    total = len(weights) + more
    shares = apportion(weights, total)
    assert sum(shares) == total
    assert min(shares) >= 1
    by_weight = sorted(zip(weights, shares, strict=True))
    for (light, few), (heavy, many) in pairwise(by_weight):
        assert few <= many + (light == heavy)
    if total % sum(weights) == 0:
        assert shares == [weight * total // sum(weights) for weight in weights]


def test_fewer_clerks_than_groups_are_refused() -> None:
    assert apportion([2, 2], 2) == [1, 1]
    with pytest.raises(ValueError, match="1 clerks cannot staff 2 groups"):
        apportion([2, 2], 1)


# === new stations === #


def area(text: str = AREA) -> Scenario:
    return scenario_from_text(text + "money: {clerk_yuan_per_hour: 30}\n")


def test_own_stations_stand_beside_the_measured_ways() -> None:
    """Where every way is measured the legs to it are computed, as to any other point."""
    matrix = "\n".join(
        f"      - {{township: {township}, place: {place}, takes: 60 min, km: 30}}"
        for place, townships in (
            ("city", "seat brook ridge port"),
            ("county", "seat brook ridge"),
            ("point", "seat brook ridge port"),
        )
        for township in townships.split()
    )
    legs = AREA[AREA.index("    legs:") : AREA.index("    fare")]
    anywhere = AREA.replace("    townships: [ridge]\n", "")
    measured = area(anywhere.replace(legs, f"    rule: matrix\n    legs:\n{matrix}\n"))
    usual, own = (with_points(measured, ["port"], stations) for stations in ({}, {"port": OWN}))
    assert usual.places is not None
    assert own.places is not None
    assert usual.places.travel == own.places.travel
    assert own.places.open[-1].clerks == OWN.clerks


def test_all_that_is_wrong_with_points_is_reported_at_once() -> None:
    anywhere = area(AREA.replace("    townships: [ridge]\n", ""))
    with pytest.raises(OptionError) as refused:
        with_points(anywhere, ["ridge", "rigde", "ridge", "prot"])
    problems: tuple[Problem, ...] = refused.value.problems
    assert [problem.code for problem in problems] == [
        "unknown_township",
        "unknown_township",
        "duplicate_id",
    ]
    assert problems[0].found == "rigde"


@FEW
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 60))
def test_a_roster_keeps_its_shape(clerks: list[int], after: int) -> None:
    """Each number to the nearest whole, halves up; who had a clerk keeps one, who had none none."""
    before = max(*clerks, 1)
    scaled = scaled_roster({str(n): number for n, number in enumerate(clerks)}, before, after)
    for n, number in enumerate(clerks):
        nearest = math.floor(Fraction(number * after, before) + Fraction(1, 2))
        assert scaled[str(n)] == (max(nearest, 1) if number else 0)


def test_clerks_of_a_layout_are_shared_out_among_those_who_have_some() -> None:
    """Six at most of one group, two of another; nobody sits at a third, however many there are."""
    hours = "{'mon-fri 09:00-12:00': 6, 'mon-fri 13:00-17:00': 3}"
    groups = (
        f"id: many, serves: [errand], count: 6, clerks: {hours}",
        "id: few, serves: [errand], clerks: 2",
        "id: none, serves: [errand], clerks: 0",
    )
    scenario = scenario_from_text(small(layouts=windows(*groups)))
    assert clerks_of(scenario.layout("hall")) == 8
    for total, many, few in ((12, (9, 5), 3), (4, (3, 2), 1), (2, (1, 1), 1)):
        changed = with_clerks(scenario, "hall", total)
        assert changed.equal_budget == "none"
        layout = changed.layout("hall")
        assert clerks_of(layout) == total
        rosters = [tuple(group.clerks.values()) for group in layout.windows]
        assert rosters == [many, (few,), (0,)]
        assert [group.count for group in layout.windows] == [max(6, total * 6 // 8), None, None]
    with pytest.raises(ScenarioError) as refused:
        with_clerks(scenario, "hall", 1)
    [problem] = refused.value.problems
    assert (problem.code, problem.found, problem.allowed) == ("too_small", "1", "≥ 2")
