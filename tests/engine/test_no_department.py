"""Departments may be left out where nothing is reviewed: the hall is the same without them."""

import pytest

from sim import compile_plan, draw_tape
from sim.engine.run import ENGINES, Engine, run
from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_lawful, assert_same_journal
from tests.strategies import come, small, without_departments

PEOPLE = {"demand": come("09:00", "09:00", "09:05", "16:58")}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_journal_is_that_of_a_hall_whose_departments_have_no_work(engine: Engine) -> None:
    text = small(**PEOPLE)
    journals = []
    for written in (text, without_departments(text)):
        plan = compile_plan(scenario_from_text(written), "hall")
        tape = draw_tape(plan.demand, 1, 0)
        journals.append(run(plan, tape, engine))
        assert_lawful(plan, tape, journals[-1])
    assert_same_journal(*journals)


def test_an_item_needs_its_department() -> None:
    item = "items: [{id: permit, name: Permit, department: office, review: 5 min}]"
    text = without_departments(small(**PEOPLE)).replace("service: {", f"{item}, service: {{")
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text)
    [problem] = caught.value.problems
    assert (problem.code, problem.path.endswith("department")) == ("unknown_department", True)
