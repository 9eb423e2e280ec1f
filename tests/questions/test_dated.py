"""Questions about halls that go by dates: answered for each kind of day, or refused."""

import numpy as np
import pytest

from sim import Run, compile_plan, roster, size
from sim.clock import MINUTE
from sim.errors import OptionError, ScenarioError
from sim.plan.rosters import Rosters, clerks_today, posts_of, rosters_of
from sim.questions.size import sized_scenario
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.day_kinds import day_kinds
from sim.scenario.edit import with_overrides, with_roster
from sim.scenario.edit_levers import move_opening
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from tests.strategies import small

SUMMER = "2025-01-13 to 2025-01-31"


PERIODS = f"periods: {{{SUMMER}: {{mon-fri: [07:00-13:00]}}}}"


def hall(clerks: str, dated: str = PERIODS) -> Scenario:
    """Two weeks, in the second of which the hall opens and closes earlier."""
    group = f"{{id: window, serves: [errand], clerks: {{{clerks}}}}}"
    return scenario_from_text(
        small(
            run="{start: 2025-01-06, measured_days: 10}",
            calendars=f"[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}, {dated}}}]",
            demand="[{id: people, matter: errand, rate: 12 per h}]",
            layouts=f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{group}]}}]",
            targets="{promises: [{measure: wait, at_most: 5 min, each: day}]}",
        )
    )


SEASONS = f"09:00-17:00: 3, {SUMMER} 07:00-13:00: 4"


def test_numbers_by_kind_of_day_are_the_plan_of_that_scenario() -> None:
    scenario = hall(SEASONS)
    layout, kinds = scenario.layout("hall"), day_kinds(scenario)
    posts = posts_of(scenario, layout, kinds)
    today = clerks_today(scenario, layout, posts, kinds)
    assert dict(zip([post.days for post in posts], today.tolist(), strict=True)) == {
        "mon-fri": 3,
        f"{SUMMER} mon-fri": 4,
    }
    draws = np.random.default_rng(1)
    plan = compile_plan(scenario, "hall")
    for _ in range(3):
        clerks = draws.integers(1, 9, len(posts))
        written = compile_plan(with_roster(scenario, "hall", rosters_of(posts, clerks)), "hall")
        for name, value in Rosters(scenario, plan, posts).plan(clerks).hall._asdict().items():
            np.testing.assert_array_equal(value, getattr(written.hall, name), err_msg=name)


def test_a_sizing_has_a_number_for_each_season() -> None:
    scenario = hall(SEASONS)
    sizing = size(scenario, run=Run(replications=4, workers=1))
    [sized] = sizing.layouts
    assert {need.days for need in sized.needs} == {"mon-fri", f"{SUMMER} mon-fri"}
    written = sized_scenario(sizing, "hall")
    assert sized.today_hours == weekly_clerk_hours(scenario, scenario.layout("hall"))
    assert sized.today_hours == pytest.approx((3 * 40 + 4 * 30) / 2)
    assert sized.clerk_hours == pytest.approx(weekly_clerk_hours(written, written.layout("hall")))


@pytest.mark.parametrize(
    "clerks", ["09:00-17:00: 2.5", "09:00-17:00: 3, 2025-01-07 09:00-17:00: 2"]
)
def test_clerks_that_differ_within_a_kind_of_day_are_not_sized(clerks: str) -> None:
    with pytest.raises(OptionError) as caught:
        size(hall(clerks), run=Run(replications=4, workers=1))
    assert [problem.code for problem in caught.value.problems] == ["roster_varies"]


def test_people_are_not_rostered_where_weeks_have_other_hours() -> None:
    with pytest.raises(OptionError) as caught:
        roster(hall(SEASONS), weeks=1, run=Run(replications=2, workers=1))
    assert [problem.code for problem in caught.value.problems] == ["roster_dated_hours"]


def test_dated_rosters_are_not_moved_as_a_week() -> None:
    weeks = (
        "{id: day, weekly: {mon-fri: [09:00-17:00]}}",
        "{id: office, weekly: {mon: [09:00-10:00]}}",
    )
    scenario = with_overrides(
        hall("09:00-17:00: 3, 2025-01-07 09:00-17:00: 4", "closed: []"),
        [f"calendars=[{', '.join(weeks)}]", "departments.office.hours=office"],
    )
    with pytest.raises(ScenarioError) as caught:
        move_opening(scenario, 30 * MINUTE)
    assert [problem.code for problem in caught.value.problems] == ["lever_dated"]
