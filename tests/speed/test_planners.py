"""The planners' rules against published examples and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.theory import mmc_wait_tail, smallest_servers
from tests.questions.known_days import KNOWN_DAYS, known_hall
from tests.speed.planner_rules import equal_spread, erlang_c_positions, square_root_positions
from tests.speed.planners import plan_by_every_rule

PEOPLE = st.floats(0.5, 60.0)
SHARES = st.floats(0.5, 0.98)


@given(PEOPLE, SHARES)
def test_erlang_c_is_enough_in_the_long_run(people: float, share: float) -> None:
    """It begins at the load and one, rounded, so it may be one more than the fewest."""
    positions = erlang_c_positions(people, 9, 15, share)
    fewest = smallest_servers(people / 30, 9, 15, share)
    assert 1 - mmc_wait_tail(15, people / 30, 9, positions) >= share
    assert fewest <= positions <= fewest + 1


@given(PEOPLE, SHARES)
def test_the_square_root_rule_is_near_erlang(people: float, share: float) -> None:
    assert (
        abs(square_root_positions(people, 9, 15, share) - erlang_c_positions(people, 9, 15, share))
        <= 1
    )


@given(st.lists(st.integers(0, 12), min_size=1, max_size=16))
def test_equal_spread_keeps_the_hours(clerks: list[int]) -> None:
    spread = equal_spread(np.array(clerks), np.arange(len(clerks), dtype=np.float64))
    assert spread.sum() == sum(clerks)
    assert spread.max() - spread.min() <= 1
    assert (np.diff(spread) >= 0).all()


def test_rules_and_size_on_the_same_fresh_crowds() -> None:
    scenario, layout = known_hall("two_peaks", "run.measured_days=10")
    planned = plan_by_every_rule(scenario, layout, sim.Run(replications=4, workers=1, seed=1), 4)
    expected = np.array(KNOWN_DAYS["two_peaks"].rates) / 2
    assert planned.people == pytest.approx(expected, rel=0.1)
    rosters = planned.rosters
    assert rosters["equal"].hours == rosters["sized"].hours == planned.row.clerk_hours
    assert rosters["today"].hours == 8 * 6 * 7
    assert rosters["equal"].broken > rosters["sized"].broken
    assert rosters["equal"].worst < rosters["sized"].worst
