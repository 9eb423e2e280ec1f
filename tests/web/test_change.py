"""A change is plain data, and what comes of it is a scenario or sentences."""

import json

import pytest

from sim.errors import ScenarioError
from sim.scenario.edit import clerks_of
from sim.web.change import Change, Source, budget_problems, made, with_total
from tests.web.halls import SMALL

SOURCE = Source("small.yaml", SMALL)


def test_no_change_is_the_base() -> None:
    found = made(Change(SOURCE))
    assert found.scenario is not None
    assert found.scenario.run.measured_days == 3


def test_demand_scales_every_way_to_say_how_many() -> None:
    found = made(Change(SOURCE, demand=150)).scenario
    assert found is not None
    assert [(one.per_day, one.rate) for one in found.demand] == [(15.0, None), (None, 30.0)]


def test_days_are_measured_days() -> None:
    found = made(Change(SOURCE, days=5)).scenario
    assert found is not None
    assert found.run.measured_days == 5


def test_unequal_budgets_are_told_and_can_be_allowed() -> None:
    more = Change(SOURCE, rosters={"zone": {"zone": {"mon-fri 09:00-11:00": 3}}})
    assert [one.code for one in budget_problems(more)] == ["unequal_budget"]
    assert made(more).scenario is None
    allowed = Change(SOURCE, rosters=more.rosters, unequal=True)
    assert budget_problems(allowed) == ()
    assert made(allowed).scenario is not None


def test_another_number_of_clerks_becomes_a_change() -> None:
    change = with_total(Change(SOURCE), "zone", 6)
    found = made(change).scenario
    assert found is not None
    assert clerks_of(found.layout("zone")) == 6
    assert clerks_of(found.layout("pooled")) == 4
    with pytest.raises(ScenarioError):
        with_total(Change(SOURCE), "zone", 1)


def test_more_clerks_than_windows_build_windows() -> None:
    built = SMALL.replace("{id: all,", "{id: all, count: 4,")
    change = with_total(Change(Source("small.yaml", built)), "pooled", 6)
    assert change.built == {"pooled": {"all": 6}}
    assert made(change).scenario is not None


def test_a_change_travels_as_data() -> None:
    change = with_total(Change(SOURCE, demand=90, days=4), "zone", 6)
    again = Change.from_data(json.loads(json.dumps(change.data())))
    assert again == change
    assert made(again) == made(change)


def test_a_wrong_file_is_told_by_line() -> None:
    problems = made(Change(Source("mine.yaml", SMALL.replace("10 min", "10")))).problems
    assert [(one.code, one.file) for one in problems] == [("bare_number", "mine.yaml")]
    assert problems[0].line == SMALL[: SMALL.index("review: 10 min")].count("\n") + 1


def test_an_upload_extends_nothing() -> None:
    found = made(Change(Source("mine.yaml", "extends: ../../etc/passwd\n" + SMALL)))
    assert found.scenario is None
    assert "extends_unavailable" in {one.code for one in found.problems}
