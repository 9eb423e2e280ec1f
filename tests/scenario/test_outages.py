"""Absence and outages: what is refused, where, and what to do; what can never act."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.consistency import findings
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from tests.strategies import small, windows


def hall(more: str, group: str = "") -> str:
    return small(
        hall=f"{{name: {{zh: 厅, en: Hall}}, hours: day, {more}}}",
        layouts=windows(f"id: window, serves: [errand], clerks: 1{group}"),
    )


DAY = "{begins: 2025-01-06T10:00, ends: 2025-01-06T11:00}"


@pytest.mark.parametrize(
    ("more", "code", "shown"),
    [
        ("absence: 1.5", "share_outside", "1.5"),
        ("absence: -1", "share_outside", "-1"),
        ("outages: [{id: system}]", "outage_never", "system"),
        ("outages: [{id: system, up: 2 h}]", "outage_half", "down"),
        ("outages: [{id: system, down: 2 h}]", "outage_half", "up"),
        ("outages: [{id: system, up: 0 min, down: 1 min}]", "outage_too_often", "0 min"),
        (
            "outages: [{id: system, dated: [{begins: 2025-01-06T10:00, ends: 2025-01-06T10:00}]}]",
            "downtime_order",
            "2025-01-06T10:00:00 – 2025-01-06T10:00:00",
        ),
        (f"outages: [{{id: system, dated: [{DAY}], lists: [other]}}]", "unknown_list", "other"),
        (
            f"outages: [{{id: a, dated: [{DAY}]}}, {{id: a, dated: [{DAY}]}}]",
            "duplicate_id",
            "a",
        ),
    ],
)
def test_what_is_refused(more: str, code: str, shown: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario_from_text(hall(more))
    [problem] = raised.value.problems
    assert (problem.code, problem.found) == (code, shown)
    assert problem.path.startswith("hall.")
    assert problem.line > 0
    for language in ("zh", "en"):
        assert problem.sentence(load_text(language))


def test_a_known_time_beyond_the_run_never_acts() -> None:
    later = "{begins: 2026-01-06T10:00, ends: 2026-01-06T11:00}"
    scenario = scenario_from_text(hall(f"outages: [{{id: system, dated: [{later}]}}]"))
    assert [finding.code for finding in findings(scenario)] == ["outside_run"]


def test_absence_of_a_group_that_borrows_is_that_of_its_pool() -> None:
    text = small(
        layouts=windows(
            "id: window, serves: [errand], clerks: 2",
            "id: reserve, list: window, serves: [errand], clerks: 1, absence: 0.1,"
            " tidal: {opens_at: 3, pool: window}",
        ),
    )
    assert [finding.code for finding in findings(scenario_from_text(text))] == ["ignored_field"]
