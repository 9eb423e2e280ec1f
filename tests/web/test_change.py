"""A change is plain data, and what comes of it is a scenario or sentences."""

import json

import pytest

from sim.errors import ScenarioError
from sim.scenario.edit import clerks_of
from sim.scenario.edit_levers import HALF_HOUR, move_opening
from sim.scenario.hours import calendar_of, hall_calendar, weekly_hours
from sim.web.change import Change, Source, budget_problems, made, with_settings, with_total
from tests.web.halls import SMALL

SOURCE = Source("small.yaml", SMALL)


def test_no_change_is_the_base() -> None:
    change = made(Change(SOURCE))
    assert change.scenario is not None
    assert change.scenario.run.measured_days == 3


def test_demand_scales_every_way_to_say_how_many() -> None:
    scenario = made(Change(SOURCE, demand=150)).scenario
    assert scenario is not None
    assert [(flow.per_day, flow.rate) for flow in scenario.demand] == [(15.0, None), (None, 30.0)]


def test_days_are_measured_days() -> None:
    scenario = made(Change(SOURCE, days=5)).scenario
    assert scenario is not None
    assert scenario.run.measured_days == 5


def test_unequal_budgets_are_told_and_can_be_allowed() -> None:
    more = Change(SOURCE, rosters={"zone": {"zone": {"mon-fri 09:00-11:00": 3}}})
    assert [problem.code for problem in budget_problems(more)] == ["unequal_budget"]
    assert made(more).scenario is None
    allowed = Change(SOURCE, rosters=more.rosters, unequal=True)
    assert budget_problems(allowed) == ()
    assert made(allowed).scenario is not None


def test_another_number_of_clerks_becomes_a_change() -> None:
    change = with_total(Change(SOURCE), "zone", 6)
    scenario = made(change).scenario
    assert scenario is not None
    assert clerks_of(scenario.layout("zone")) == 6
    assert clerks_of(scenario.layout("pooled")) == 4
    with pytest.raises(ScenarioError):
        with_total(Change(SOURCE), "zone", 1)


def test_more_clerks_than_windows_build_windows() -> None:
    built = SMALL.replace("{id: all,", "{id: all, count: 4,")
    change = with_total(Change(Source("small.yaml", built)), "pooled", 6)
    assert change.built == {"pooled": {"all": 6}}
    assert made(change).scenario is not None


def test_a_change_travels_as_data() -> None:
    change = with_total(Change(SOURCE, demand=90, days=4), "zone", 6)
    reread = Change.from_data(json.loads(json.dumps(change.data())))
    assert reread == change
    assert made(reread) == made(change)


def test_a_wrong_file_is_told_by_line() -> None:
    problems = made(Change(Source("mine.yaml", SMALL.replace("10 min", "10")))).problems
    assert [(problem.code, problem.file) for problem in problems] == [("bare_number", "mine.yaml")]
    assert problems[0].line == SMALL[: SMALL.index("review: 10 min")].count("\n") + 1


def test_an_upload_extends_nothing() -> None:
    upload = made(Change(Source("mine.yaml", "extends: ../../etc/passwd\n" + SMALL)))
    assert upload.scenario is None
    assert "extends_unavailable" in {problem.code for problem in upload.problems}


SHARED = """extends: exact/hall_day.yaml
calendars: [{id: day, closed: [2025-05-08]}]
"""


def test_hours_that_the_hall_got_for_itself_can_be_moved_again() -> None:
    """The second setting is a part of the calendar that the first one has written as a whole."""
    change = Change(Source("shared.yaml", SHARED))
    for _ in range(2):
        scenario = made(change).scenario
        assert scenario is not None
        change = with_settings(change, move_opening(scenario, HALF_HOUR))
    scenario = made(change).scenario
    assert scenario is not None
    own, shared = hall_calendar(scenario), calendar_of(scenario, "day")
    first, second = (weekly_hours(calendar)[0][0].start for calendar in (shared, own))
    assert second - first == 2 * HALF_HOUR
    assert own.closed == shared.closed
    assert set(change.fields) == {"calendars.hall_hours", "hall.hours"}


def test_a_whole_takes_the_place_of_its_parts() -> None:
    change = with_settings(Change(Source("exact/hall_day.yaml")), ["run.seed=7"])
    whole = "run={start: 2025-01-06, measured_days: 2, replications: 3, seed: 8}"
    assert set(with_settings(change, [whole]).fields) == {"run"}
