"""How many come on a busy day, by each way to say it."""

from __future__ import annotations

import pytest

from sim.scenario.arrivals import visits_a_day
from sim.scenario.load import scenario_from_text
from tests.strategies import small


@pytest.mark.parametrize(
    ("flow", "open_days", "visits"),
    [
        ("per_year: 2500", 5, 10),  # fifty weeks
        ("per_year: 2500", 2, 25),
        ("per_day: 20", 5, 20),
        ("per_day: 20, weekdays: {mon: 1.5, tue: 0.5}, months: {1: 1.2, 2: 0.3}", 5, 36),
        ("per_day: 20, weekdays: {mon: 0.5}, months: {1: 0.5}", 5, 20),  # on all other days
        ("rate: 6 per h", 5, 144),
        ("every: 10 min", 5, 144),
        ("at: [2025-01-06 09:00]", 5, 0),
    ],
)
def test_no_fewer_come_on_a_busy_day(flow: str, open_days: int, visits: float) -> None:
    scenario = scenario_from_text(small(demand=f"[{{id: people, matter: errand, {flow}}}]"))
    assert visits_a_day(scenario.demand[0], open_days) == pytest.approx(visits)
