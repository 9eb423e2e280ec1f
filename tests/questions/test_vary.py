"""Levers are read or refused, with every reason at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, read_levers
from sim.errors import OptionError, Problem
from sim.questions.vary import MOST_VALUES, values_of
from sim.scenario.load import scenario_from_text, tree_of, validate_tree
from tests.scenario.town import TOWN
from tests.strategies import scenarios, small


@pytest.fixture(scope="module")
def town() -> Scenario:
    return scenario_from_text(TOWN)


def refused(town: Scenario, *texts: str) -> list[Problem]:
    with pytest.raises(OptionError) as caught:
        read_levers(town, texts)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("100:300:5", ["100", "150", "200", "250", "300"]),
        ("0 min:30 min:4", ["0 min", "10 min", "20 min", "30 min"]),
        ("30 s:2 min:4", ["30 s", "1 min", "90 s", "2 min"]),
        ("0.1:0.2:3", ["0.1", "0.15", "0.2"]),
        ("3 wd:1 wd:3", ["3 wd", "2 wd", "1 wd"]),
        ("12 per h:24 per h:2", ["12 per h", "24 per h"]),
        ("0:1:4", ["0", "0.333333333333", "0.666666666667", "1"]),
        ("a, b,c", ["a", "b", "c"]),
        ("{law: gamma, mean: 3 min, cv: 1},5 min", ["{law: gamma, mean: 3 min, cv: 1}", "5 min"]),
        ("[08:30-12:00]", ["[08:30-12:00]"]),
        ("7", ["7"]),
    ],
)
def test_values(words: str, values: list[str]) -> None:
    assert list(values_of("x", words)) == values


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(2, MOST_VALUES))
def test_a_range_has_both_ends_and_as_many_values(low: int, high: int, n: int) -> None:
    if low == high:
        with pytest.raises(OptionError):
            values_of("x", f"{low}:{high}:{n}")
        return
    values = [float(value) for value in values_of("x", f"{low}:{high}:{n}")]
    assert (len(values), values[0], values[-1]) == (n, low, high)
    assert values == sorted(values, reverse=high < low)


def test_a_star_moves_the_field_wherever_it_is_written(town: Scenario) -> None:
    [lever] = read_levers(town, ["matters.*.service.base=5 min,6 min"])
    assert lever.places == 2
    assert lever.settings[0].overrides == (
        "matters.open_shop.service.base=5 min",
        "matters.id_card.service.base=5 min",
    )
    [lever] = read_levers(town, ["matters.*.service.per_material=1 min,2 min"])
    assert (lever.places, lever.now) == (1, ("1 min",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hall.last_ticket", "vary_form"),
        ("hall..x=1,2", "vary_form"),
        ("hall.last_ticket=", "vary_form"),
        ("hall.last_ticket=1 min,,2 min", "vary_form"),
        ("hall.last_ticket=1 min:2 min", "vary_form"),
        ("hall.last_ticket=1 min:2 min:0", "vary_count"),
        ("hall.last_ticket=1 min:2 min:-3", "vary_count"),
        ("hall.last_ticket=1 min:2 min:x", "vary_count"),
        ("hall.last_ticket=1 min:2 min:1", "vary_count"),
        ("hall.last_ticket=1 min:2 min:201", "vary_count"),
        ("hall.last_ticket=1 min:1 min:3", "vary_equal"),
        ("hall.last_ticket=1 min,1 min", "vary_equal"),
        ("hall.last_ticket=1 min:2 wd:3", "vary_units"),
        ("hall.last_tickets=1 min,2 min", "unknown_key"),
        ("hall.first.last=1 min,2 min", "override_path"),
        ("hall.last_ticket=1:5:3", "bare_number"),
        ("hall.reception.catches=0.5:1.5:3", "share_outside"),
        ("matters.*.promise=1 wd,2 wd", "vary_nothing"),
        ("run.seed=1,2", "vary_run"),
        ("run.measured_days=5,10", "vary_run"),
    ],
)
def test_what_is_wrong_is_told(town: Scenario, text: str, code: str) -> None:
    [problem] = {problem.code: problem for problem in refused(town, text)}.values()
    assert problem.code == code
    assert problem.file == "--vary"


def test_all_levers_are_told_at_once(town: Scenario) -> None:
    texts = ["hall.last_ticket=15,20", "run.seed=1,2", "x=1:1:2", "matters.open_shop.lead=nobody"]
    codes = {problem.code for problem in refused(town, *texts)}
    assert codes == {"bare_number", "vary_run", "vary_equal", "unknown_department"}


@pytest.mark.parametrize(
    "clashing", ["hall.last_ticket=3 min", "hall={}", "matters.0.service.base=1 min"]
)
def test_two_levers_of_one_field(town: Scenario, clashing: str) -> None:
    """Also when one names an entry by its index, or holds the other."""
    problems = refused(town, "hall.last_ticket=1 min", "matters.*.service.base=2 min", clashing)
    assert "vary_twice" in {problem.code for problem in problems}


def test_unequal_budgets_are_no_mistake_of_a_lever() -> None:
    layouts = (
        "[{id: a, name: {zh: 甲, en: A}, windows: [{id: w, serves: [errand], clerks: 1}]},"
        " {id: b, name: {zh: 乙, en: B}, windows: [{id: w, serves: [errand], clerks: 1}]}]"
    )
    scenario = scenario_from_text(small(layouts=layouts))
    assert scenario.equal_budget == "clerks"
    [lever] = read_levers(scenario, ["layouts.a.windows.w.clerks=1,2"])
    assert (len(lever.settings), lever.now, lever.places) == (2, ("1",), 1)


@given(scenarios())
def test_a_scenario_as_a_tree_is_the_scenario(text: str) -> None:
    scenario = scenario_from_text(text)
    read_back = validate_tree(tree_of(scenario))[0]
    assert read_back == scenario
    assert read_back.hash == scenario.hash
