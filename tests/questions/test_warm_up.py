"""A warm-up is long enough when the back office has filled up by its end."""

from __future__ import annotations

import pytest

from sim import Run, Scenario, load_scenario
from sim.questions.warm_up import WarmUpQuestion, warm_up
from sim.scenario.load import scenario_from_text
from tests.web.halls import SMALL

SLOW = SMALL.replace("review: 10 min", "review: 10 min, external: 8 wd").replace(
    "measured_days: 3, followup_days: 6", "measured_days: 66, followup_days: 20"
)
"""A case stays open for about ten days, so it takes that long to fill up."""


def slow_hall(warmup_days: int, **changes: str) -> Scenario:
    """The same hall with another warm-up; the days it simulates stay the same."""
    text = SLOW.replace("warmup_days: 1", f"warmup_days: {warmup_days}").replace(
        "measured_days: 66", f"measured_days: {66 - warmup_days}"
    )
    for old, new in changes.items():
        text = text.replace(old, new)
    return scenario_from_text(text)


RUN = Run(replications=3, seed=2, workers=1)


def test_a_warm_up_that_begins_at_once_is_too_short_and_a_long_one_is_enough() -> None:
    none, long = (warm_up(slow_hall(days), ["zone"], run=RUN).rows[0] for days in (0, 30))
    assert none.verdict == "too_short"
    assert long.verdict == "enough"
    assert none.needed_days is not None
    assert 7 <= none.needed_days <= 28
    # the same days of the same crowds: what is needed does not hang on what is given
    assert none.needed_days == long.needed_days
    assert none.open_cases == long.open_cases
    assert none.usual == pytest.approx(long.usual)


def test_just_what_is_needed_is_enough_and_a_day_less_is_not() -> None:
    needed = warm_up(slow_hall(0), ["zone"], run=RUN).rows[0].needed_hall_days
    assert needed is not None
    verdicts = [
        warm_up(slow_hall(needed - less), ["zone"], run=RUN).rows[0].verdict for less in (0, 1)
    ]
    assert verdicts == ["enough", "too_short"]


def test_an_office_that_cannot_keep_up_has_no_usual_state() -> None:
    hall = slow_hall(0)
    text = SLOW.replace("review: 10 min", "review: 100 min")
    check = warm_up(scenario_from_text(text), ["zone"], run=RUN)
    assert check.rows[0].verdict == "cannot_tell"
    assert check.rows[0].needed_days is None
    assert check.given_hall_days == 1 > hall.run.warmup_days


def test_where_everything_is_done_at_the_window_no_warm_up_is_needed() -> None:
    windows_only = load_scenario("scenarios/exact/mmc.yaml", ["run.measured_days=5"])
    [row] = warm_up(windows_only, run=RUN).rows
    assert row.verdict == "never_open"
    assert (row.needed_days, row.needed_hall_days, row.usual) == (0, 0, 0.0)


def test_a_short_run_cannot_tell() -> None:
    rows = warm_up(scenario_from_text(SMALL), run=RUN).rows
    assert {row.verdict for row in rows} == {"cannot_tell"}


def test_processes_and_threads_change_no_figure() -> None:
    hall = slow_hall(5)
    alone, shared = (
        warm_up(hall, run=Run(replications=3, seed=2, workers=workers)) for workers in (1, 2)
    )
    assert alone == shared


def test_stopped_before_the_first_replication_there_is_nothing() -> None:
    stopped = Run(replications=3, workers=1, cancelled=lambda: True)
    check = WarmUpQuestion(("zone",)).answer(slow_hall(0), run=stopped)
    assert (check.rows, check.replications, check.asked) == ((), 0, 3)


def test_stopped_by_ctrl_c_it_keeps_what_is_finished() -> None:
    """As many replications as were reported, and the answer of these alone."""

    def stop(done: int, of: int) -> None:
        if (done, of) == (2, 3):
            raise KeyboardInterrupt

    hall = slow_hall(5)
    stopped = warm_up(hall, run=Run(replications=3, seed=2, workers=1, progress=stop))
    assert (stopped.replications, stopped.asked) == (2, 3)
    assert stopped.rows == warm_up(hall, run=Run(replications=2, seed=2, workers=1)).rows
