"""What `hallsim check` says of the cases to get right, and of their kin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import compile_plan, draw_tape
from sim.analysis.offered import cases_a_day
from sim.clock import DAY, HOUR
from sim.errors import Problem
from sim.scenario.load import read_scenario, scenario_from_text
from sim.scenario.scenario import Scenario
from tests.strategies import small

ANSWERS = Path(__file__).parent / "answers"


def told(name: str, *overrides: str) -> tuple[Scenario, dict[str, Problem]]:
    """A case and its warnings by their code, those about sources left aside."""
    scenario, warnings = read_scenario(ANSWERS / f"{name}.yaml", overrides)
    return scenario, {one.code: one for one in warnings if one.code != "no_source"}


class TestArrivals:
    """Who comes while the hall is shut."""

    def test_one_every_so_often_comes_in_hall_hours(self) -> None:
        """3 days of 8 hours hold 144 intervals of 10 minutes; the last ends with the run."""
        scenario, warnings = told("every_at_night")
        clock = draw_tape(compile_plan(scenario, "hall").demand, 1, 0).arrived_at % DAY
        assert len(clock) == 143
        assert ((clock >= 9 * HOUR) & (clock < 17 * HOUR)).all()
        assert not warnings

    def test_given_instants_are_counted(self) -> None:
        """6.5 hours, one every 10 minutes; the first day begins with a gap."""
        scenario, _ = told("check_counts_zero")
        assert cases_a_day(compile_plan(scenario, "hall")) == pytest.approx(39, abs=0.06)
        text = small(
            run="{start: 2025-01-06, measured_days: 2}",
            demand="[{id: all, matter: errand, at: [2025-01-06 10:00, 2025-01-07 10:00,"
            " 2025-01-07 11:00]}]",
        )
        assert cases_a_day(compile_plan(scenario_from_text(text), "hall")) == 1.5

    def test_who_comes_early_waits_at_the_door(self) -> None:
        """180 and 150 of 720 weights before closing; 90 of 810 lie after it."""
        scenario, warnings = told("profile_outside_hours")
        assert set(warnings) == {"profile_outside_hours", "profile_after_closing"}
        early = warnings["profile_outside_hours"].found
        assert early == "07:30-08:30: 25%, 12:00-14:30: 21%"
        assert warnings["profile_after_closing"].found == "11%"
        tape = draw_tape(compile_plan(scenario, "hall").demand, 1, 0)
        clock = tape.arrived_at % DAY / HOUR
        assert np.mean(clock < 8.5) == pytest.approx(0.25, abs=0.04)
        assert np.mean((clock >= 12) & (clock < 14.5)) == pytest.approx(0.21, abs=0.04)
        assert clock.max() < 17.5

    @pytest.mark.parametrize(
        ("instants", "expected"),
        [
            ("2025-01-06 10:00", {}),
            ("2025-01-06 08:00, 2025-01-06 10:00", {"given_at_door": "50%"}),
            ("2025-01-06 12:30, 2025-01-06 10:00", {"given_at_door": "50%"}),
            ("2025-01-06 17:00", {"given_turned_away": "100%"}),
            ("2025-01-08 10:00, 2025-01-07 10:00", {"given_turned_away": "50%"}),
            ("2025-01-10 10:00, 2025-01-07 10:00", {"given_after_run": "50%"}),
        ],
    )
    def test_given_instants_outside_hours(self, instants: str, expected: dict[str, str]) -> None:
        """Before the opening, in a break, after closing, on a shut day, after the run."""
        text = small(
            source="a test",
            run="{start: 2025-01-06, measured_days: 3}",
            calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]},"
            " closed: [2025-01-08]}]",
            demand=f"[{{id: all, matter: errand, at: [{instants}]}}]",
        )
        found: dict[str, Any] = {}
        for one in read_text(text):
            found[one.code] = dict(one.values)["share"]
        assert found == expected


def read_text(text: str) -> tuple[Problem, ...]:
    """Warnings of a scenario that comes as text."""
    from sim.scenario.load import validate_tree
    from sim.scenario.tree import parse_tree

    problems: list[Problem] = []
    return validate_tree(parse_tree(text, "", problems), problems)[1]
