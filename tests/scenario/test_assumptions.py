"""Ranges of assumptions: what may stand in them, and what is left alone."""

from __future__ import annotations

import pytest

from sim.scenario.assumptions import values_outside, wrong_assumptions
from sim.scenario.load import scenario_from_text
from sim.scenario.provenance import numbers
from sim.scenario.scenario import Scenario
from tests.scenario.town import TOWN


def town(ranges: str) -> Scenario:
    return scenario_from_text(f"assumed: {ranges}\n{TOWN}")


@pytest.mark.parametrize(
    "ranges",
    [
        "{hall.last_ticket: [0 min, 30 min]}",
        "{hall.last_ticket: [15 min, 15 min]}",
        "{hall.last_ticket: [60 s, 1 h]}",
        "{demand.cards.rate: [1 per h, 2 per min]}",
        "{demand.*.online_share: [0, 0.5]}",
        "{matters.*.items.*.review: [5 min, 15 min]}",
        "{matters.open_shop.promised: [3 wd, 9 wd]}",
        "{matters.*.service.base: [5 min, 15 min]}",
        "{calendars.week.weekly.sat: ['09:00-10:00', '09:00-13:00']}",
        "{layouts.zone.windows.plain.clerks: [1, 3]}",
        "{applicants.assistance_factor: [0.5, 1.5]}",
        "{corrections.delay: [1 h, 3 d]}",
    ],
)
def test_a_range_in_the_unit_of_its_number_is_right(ranges: str) -> None:
    scenario = town(ranges)
    assert list(wrong_assumptions(scenario, numbers(scenario))) == []
    assert list(values_outside(numbers(scenario))) == []


@pytest.mark.parametrize(
    ("key", "unknown", "nearest"),
    [
        ("hall.last_tiket", "last_tiket", "last_ticket"),
        ("hal.last_ticket", "hal", "hall"),
        ("demand.shop.per_day", "shop", "shops"),
        ("demand.*.per_dey", "per_dey", "per_day"),
        ("hall.last_ticket.mean", "mean", ""),
        ("calendars.week.weekly.sun", "sun", ""),
        ("", "", ""),
    ],
)
def test_a_range_of_no_field_is_an_error(key: str, unknown: str, nearest: str) -> None:
    scenario = scenario_from_text(TOWN).model_copy(update={"assumed": {key: (1, 2)}})
    finding = next(wrong_assumptions(scenario, numbers(scenario)))
    assert (finding.code, finding.path) == ("unknown_key", ("assumed", key))
    assert (finding.found, dict(finding.values).get("nearest", "")) == (unknown, nearest)


def test_every_range_of_a_block_is_looked_at() -> None:
    """One that is right, or wrong in its own way, does not hide those behind it."""
    scenario = scenario_from_text(TOWN)
    wrong = {
        "hall.last_ticket": ("20 min", "10 min"),
        "hal": (1, 2),
        "applicants.assistance_factor": (0.5, 1.5),
        "corrections.delay": ("3 d", "1 h"),
        "demand.shop.per_day": (1, 2),
    }
    changed = scenario.model_copy(update={"assumed": wrong})
    findings = [
        (finding.code, finding.path[-1])
        for finding in wrong_assumptions(changed, numbers(scenario))
    ]
    assert findings == [
        ("bounds_order", "hall.last_ticket"),
        ("unknown_key", "hal"),
        ("bounds_order", "corrections.delay"),
        ("unknown_key", "demand.shop.per_day"),
    ]


@pytest.mark.parametrize(
    "bounds",
    [(None, 5), (True, 2), ("x", "y"), (float("nan"), 1), ((1,), 2), ("9" * 400 + " d", 1)],
)
def test_bounds_that_are_no_numbers(bounds: tuple[object, object]) -> None:
    update = {"assumed": {"applicants.assistance_factor": bounds}}
    scenario = scenario_from_text(TOWN).model_copy(update=update)
    assert next(wrong_assumptions(scenario, numbers(scenario))).code == "wrong_bounds"


@pytest.mark.parametrize(
    ("ranges", "path", "value"),
    [
        ("{hall.last_ticket: [20 min, 30 min]}", ("hall", "last_ticket"), "15 min"),
        (
            "{matters.*.service.base: [10 min, 20 min]}",
            ("matters", "id_card", "service", "base"),
            "8 min",
        ),
    ],
)
def test_a_value_outside_its_range_is_a_warning(
    ranges: str, path: tuple[str, ...], value: str
) -> None:
    (finding,) = values_outside(numbers(town(ranges)))
    assert (finding.code, finding.severity) == ("outside_assumed", "warning")
    assert (finding.path, finding.found) == (path, value)


def test_a_range_that_a_nearer_one_replaces_does_not_bind() -> None:
    text = TOWN.replace(
        "  last_ticket: 15 min\n",
        "  last_ticket: 15 min\n  assumed: {last_ticket: [9 min, 20 min]}\n",
    )
    scenario = scenario_from_text(f"assumed: {{hall.last_ticket: [20 min, 30 min]}}\n{text}")
    assert list(values_outside(numbers(scenario))) == []
