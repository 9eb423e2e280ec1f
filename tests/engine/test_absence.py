"""Clerks who do not come: their duties of the day fall away, on the same days in every layout."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.clock import DAY
from sim.plan.chances import realised_plan
from sim.plan.plan import HallPlan
from sim.scenario.load import scenario_from_text
from tests.strategies import FEW, altered, assert_same_day, scenarios, small, tell, windows

WEEKS = "{start: 2025-01-06, measured_days: 40}"


def hall(absence: float, clerks: str = "4", more: str = "", days: str = WEEKS) -> str:
    return small(
        run=days,
        hall=f"{{name: {{zh: 厅, en: Hall}}, hours: day, absence: {absence}}}",
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}{more}"),
    )


def duty_days(text: str, layout: str = "hall", seed: int = 1) -> dict[int, set[int]]:
    """Days on which each window has somebody."""
    plan = compile_plan(scenario_from_text(text), layout)
    realised = realised_plan(plan, draw_tape(plan.demand, seed, 0)).hall
    return {window: _days(realised, window) for window in range(len(realised.factor))}


def _days(realised: HallPlan, window: int) -> set[int]:
    own = slice(realised.duty_offsets[window], realised.duty_offsets[window + 1])
    return {int(start) // DAY for start in realised.duty_starts[own]}


def test_as_many_are_absent_as_is_said() -> None:
    """Of 4 clerks on 40 days at one half 80 come, within four standard errors of a binomial."""
    come = sum(len(days) for days in duty_days(hall(0.5)).values())
    assert abs(come - 80) < 4 * np.sqrt(160 * 0.25)


def test_a_larger_share_takes_nobody_back() -> None:
    """Who is absent with a small share is absent with every larger one."""
    few, many = duty_days(hall(0.1)), duty_days(hall(0.4))
    assert all(many[window] <= few[window] for window in few)


def test_other_rosters_and_layouts_have_the_same_absent_clerks() -> None:
    """A clerk is a number of a group: more clerks, or another layout, leave the others alone."""
    four, six = duty_days(hall(0.3)), duty_days(hall(0.3, clerks="6"))
    assert all(six[window] == four[window] for window in four)


def test_absent_all_day() -> None:
    """Of a duty of two parts both fall away, and no other day's."""
    text = hall(0.5, clerks="{09:00-12:00: 3, 13:00-17:00: 3}")
    plan = compile_plan(scenario_from_text(text), "hall")
    realised = realised_plan(plan, draw_tape(plan.demand, 1, 0)).hall
    for window in range(3):
        own = slice(realised.duty_offsets[window], realised.duty_offsets[window + 1])
        _, parts = np.unique(realised.duty_starts[own] // DAY, return_counts=True)
        assert set(parts.tolist()) == {2}


def test_with_everybody_absent_people_are_turned_away() -> None:
    """Nobody will serve them: the list is closed all day."""
    day = tell(hall(1.0, days="{start: 2025-01-06, measured_days: 1}"))
    assert day.fates == ["turned away"]


def test_a_group_may_have_a_share_of_its_own() -> None:
    assert duty_days(hall(1.0, more=", absence: 0"))[0] == duty_days(hall(0.0))[0]
    assert duty_days(hall(0.0, more=", absence: 100%"))[0] == set()


def test_the_desk_has_absent_people_too() -> None:
    """With everybody away the desk is passed by; machines are never absent."""
    desk = "reception: {clerks: 2, service: 5 min}"
    text = hall(1.0, more=", absence: 0", days="{start: 2025-01-06, measured_days: 1}")
    with_desk = text.replace("hours: day, absence", f"hours: day, {desk}, absence")
    assert tell(with_desk).greeted == [None]
    assert tell(with_desk.replace("clerks: 2,", "kind: kiosk, clerks: 2,")).greeted == ["09:00"]


@FEW
@given(scenarios(), st.integers(0, 99))
def test_nobody_absent_is_the_hall_as_it_was(text: str, seed: int) -> None:
    """A share with which nobody is ever absent changes nothing, to the tick."""
    assert_same_day(text, altered(text, ("hall.absence", 1e-12)), seed=seed)
