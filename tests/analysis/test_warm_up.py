"""Open cases are counted day by day, and the warm-up is found where they have filled up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Tables, compile_plan, draw_tape, run
from sim.analysis.warm_up import LEAST_DAYS, WEEK, find_warm_up, open_at_day_ends
from sim.clock import DAY
from sim.scenario.load import scenario_from_text
from tests.web.halls import SMALL


@pytest.mark.parametrize("layout", ["zone", "pooled"])
def test_each_accepted_case_is_open_from_its_day_until_the_day_it_is_closed(layout: str) -> None:
    plan = compile_plan(scenario_from_text(SMALL), layout)
    tape = draw_tape(plan.demand, seed=1, replication=0)
    tables = Tables(plan, tape, run(plan, tape))
    cases, counted = tables.cases, open_at_day_ends(tables)
    assert len(counted) == plan.period.measured_until > plan.period.measured_from
    for day, count in enumerate(counted):
        evening = (day + 1) * DAY
        assert count == sum(
            0 <= accepted < evening and not 0 <= closed < evening
            for accepted, closed in zip(cases.accepted_at, cases.closed_at, strict=True)
        )
    assert counted.max() > 0


FILLING = 30.0 * (1 - 0.6 ** np.arange(4 * WEEK))
USUAL = np.tile([30.0, 31.0, 30.0, 29.0, 29.0, 30.0, 31.0], 12)


@given(st.integers(1, 4), st.floats(0.5, 100), st.floats(0, 1e4))
def test_the_unit_and_the_level_of_what_is_counted_change_nothing(
    weeks: int, unit: float, level: float
) -> None:
    series = np.concatenate([FILLING[: weeks * WEEK], USUAL])
    before, after = find_warm_up(series), find_warm_up(level + unit * series)
    assert before.days == after.days
    assert after.usual == pytest.approx(level + unit * before.usual)


@pytest.mark.parametrize("empty_weeks", [0, 1, 2, 3])
def test_weeks_in_which_nothing_is_open_are_left_out(empty_weeks: int) -> None:
    warm_up = find_warm_up([0.0] * (empty_weeks * WEEK) + USUAL.tolist())
    assert warm_up.days == empty_weeks * WEEK
    assert warm_up.usual == pytest.approx(30.0)


def test_what_only_the_weekday_changes_needs_no_warm_up() -> None:
    """In batches of five days one would be found, as no week is whole."""
    assert find_warm_up(np.tile([0.0, 0, 5, 6, 7, 8, 9], 9)).days == 0


def test_where_it_never_stops_filling_up_nothing_can_be_told() -> None:
    assert find_warm_up(np.arange(70.0)).days is None
    assert find_warm_up(np.arange(70.0)).usual == np.arange(35, 70).mean()


def test_four_weeks_are_needed() -> None:
    assert find_warm_up([1.0] * (LEAST_DAYS - 1)).days is None
    assert find_warm_up([1.0] * LEAST_DAYS).days == 0
    assert np.isnan(find_warm_up([]).usual)
