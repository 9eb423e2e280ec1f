"""A curve of clerks says how far it is, and keeps its points in their order."""

from __future__ import annotations

import pytest

from sim import Run
from sim.questions.staffing import staffing_curve
from sim.scenario.load import scenario_from_text
from tests.strategies import come, small


def test_a_curve_tells_how_far_it_is() -> None:
    """Two numbers of clerks, three replications each: steps of one up to six."""
    steps: list[tuple[int, int]] = []
    scenario = scenario_from_text(small(demand=come("09:00", "09:01")))
    run = Run(
        replications=3,
        engine="reference",
        workers=1,
        progress=lambda done, of: steps.append((done, of)),
    )
    curve = staffing_curve(scenario, ["hall"], [2, 1], run=run)
    assert steps == [(n, 6) for n in range(1, 7)]
    assert [point.clerks for point in curve.points] == [2, 1]
    assert [point.clerks for point in curve.of("hall")] == [1, 2]


@pytest.mark.parametrize(("steps_made", "clerks"), [(2, []), (3, [2]), (4, [2]), (6, [2, 1])])
def test_a_point_that_was_stopped_is_none(steps_made: int, clerks: list[int]) -> None:
    """Whole points only: one that has fewer crowds than the others cannot be compared."""
    steps: list[int] = []
    scenario = scenario_from_text(small(demand=come("09:00", "09:01")))
    run = Run(
        replications=3,
        engine="reference",
        workers=1,
        progress=lambda done, of: steps.append(done),
        cancelled=lambda: len(steps) >= steps_made,
    )
    curve = staffing_curve(scenario, ["hall"], [2, 1], run=run)
    assert [point.clerks for point in curve.points] == clerks
