"""Crowds that settle plans tell how long that still takes, by what has settled so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sim import Run
from sim.runs.crowds import EXPECTED_ROUNDS, Crowds, rounds_left
from sim.runs.equilibrium import CROWDS, MOST_ROUNDS
from sim.storage.job_folder import _seconds_left

REPLICATIONS = 10
STEP_S, SERVED_S = 1.0, 0.8
"""What a run takes while a plan settles, and when it is served."""
ABOUT_AS_EXPECTED = (EXPECTED_ROUNDS * 3 // 4 + 1, EXPECTED_ROUNDS * 5 // 4)
FIRST_TENTH = 0.1


def progress_of(rounds: Sequence[int]) -> list[dict[str, Any]]:
    """What is told while plans settle after so many rounds, one after the other, and are served;
    by a clock of its own.
    """
    clock, steps = [0.0], [{"done": 0, "total": 1, "at": 0.0}]

    def note(done: int, total: int) -> None:
        steps.append({"done": done, "total": total, "at": clock[0]})

    run = Run(replications=REPLICATIONS, workers=1, progress=note).resolved()
    crowds = Crowds(len(rounds), run)
    for count in rounds:
        for _ in range(CROWDS * count):
            clock[0] += STEP_S
            crowds._steps += 1
            crowds._report()
        crowds._count_rounds(count)
    for _ in range(REPLICATIONS * len(rounds)):
        clock[0] += SERVED_S
        crowds._served += 1
        crowds._report()
    return steps


def told_over_true(steps: Sequence[dict[str, Any]]) -> list[float]:
    """The time left that is told over the true one, after the first tenth."""
    end = steps[-1]["at"]
    return [
        _seconds_left([*steps[: n + 1]], step["at"]) / (end - step["at"])
        for n, step in enumerate(steps)
        if FIRST_TENTH * end <= step["at"] < end
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_time_left_is_right_after_the_first_tenth(seed: int) -> None:
    """Where plans take up to a quarter more or fewer rounds than is expected."""
    rng = np.random.default_rng(seed)
    rounds = rng.integers(*ABOUT_AS_EXPECTED, 9, endpoint=True)
    ratios = told_over_true(progress_of(rounds.tolist()))
    assert min(ratios) >= 0.67
    assert max(ratios) <= 1.5


def test_a_plan_that_does_not_settle_is_taken_to_last() -> None:
    """It is not told to be nearly over when it has had twice the rounds that were expected."""
    steps = progress_of([EXPECTED_ROUNDS, EXPECTED_ROUNDS, MOST_ROUNDS])
    late = [step for step in steps if step["done"] >= 4 * EXPECTED_ROUNDS * CROWDS]
    assert min(told_over_true(steps)[-len(late) :]) >= 0.5
    assert [rounds_left(done, EXPECTED_ROUNDS) for done in (20, 40)] == [10, 0]


def test_runs_done_never_fall_and_end_as_announced() -> None:
    steps = progress_of([3, MOST_ROUNDS, 12])
    done = [step["done"] for step in steps]
    assert done == sorted(done)
    assert all(step["done"] <= step["total"] for step in steps)
    assert steps[-1]["done"] == steps[-1]["total"]
