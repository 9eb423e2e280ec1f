"""Calendars and rosters by date as a planner writes them: the guide's examples, spellings."""

import re
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from tests.cases.test_check import read_text
from tests.strategies import small

README = (Path(sim.__file__).parents[1] / "scenarios" / "README.md").read_text(encoding="utf-8")


def bullet(title: str) -> list[str]:
    """What stands between back quotes in a bullet of the guide."""
    start = README.index(f"* **{title}**")
    end = README.index("\n* **", start + 1)
    return re.findall(r"`([^`]+)`", " ".join(README[start:end].split()))


def hall(calendar: str = "weekly: {mon-fri: [08:00-17:00]}", clerks: str = "2") -> str:
    group = f"{{id: window, serves: [errand], clerks: {clerks}}}"
    return small(
        run="{start: 2025-01-06, measured_days: 200}",
        calendars=f"[{{id: day, {calendar}}}]",
        demand="[{id: people, matter: errand, rate: 6 per h}]",
        layouts=f"[{{id: hall, name: {{zh: 厅, en: Hall}}, windows: [{group}]}}]",
    )


def test_the_guides_examples_of_hours_are_read() -> None:
    fields = bullet("Hours by date")
    assert [field.partition(":")[0] for field in fields] == ["periods", "days", "closed"]
    text = hall(
        "weekly: {mon-fri: [08:30-17:00]}, " + ", ".join(fields), "{mon-fri 08:30-17:00: 2}"
    )
    calendar = scenario_from_text(text).calendars[0]
    assert (len(calendar.periods), len(calendar.days), len(calendar.closed)) == (1, 1, 1)


def test_the_guides_examples_of_rosters_are_read() -> None:
    examples = bullet("Rosters by date")
    rows = [example for example in examples if re.search(r"\d\d:\d\d-\d\d:\d\d: \d", example)]
    assert len(rows) == 3
    assert "hall: {week_a: 2025-01-06}" in examples
    clerks = scenario_from_text(hall(clerks=f"{{{', '.join(rows)}}}")).layouts[0].windows[0].clerks
    assert sorted(clerks.values()) == [2, 3, 4]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2025年1月8日 8:00-14:00", "2025-01-08 08:00-14:00"),
        (
            "2025/6/15 to 2025/9/15 周一至周五 8:00-14:00",
            "2025-06-15 to 2025-09-15 mon-fri 08:00-14:00",
        ),
        ("A周 周一至周五 8:00-14:00", "week A mon-fri 08:00-14:00"),
    ],
)
def test_other_spellings_are_one_scenario(written: str, key: str) -> None:
    first, second = (
        scenario_from_text(hall(clerks=f'{{08:00-17:00: 2, "{text}": 1}}'))
        for text in (written, key)
    )
    assert first.hash == second.hash


@pytest.mark.parametrize(
    ("calendar", "clerks", "code"),
    [
        ("weekly: {mon-fri: [08:00-17:00]}, days: {2025-01-08: []}", "2", "too_short_list"),
        ("weekly: {mon-fri: [08:00-17:00]}, days: {2025-01-32: [09:00-10:00]}", "2", "wrong_date"),
        (
            "weekly: {mon-fri: [08:00-17:00]}, days: {2025-01-08: [09:00-11:00, 10:00-12:00]}",
            "2",
            "overlapping_intervals",
        ),
        (
            "weekly: {mon-fri: [08:00-17:00]}",
            "{2025-01-08 07:00-09:00: 2, 08:00-17:00: 1}",
            "roster_outside_hours",
        ),
        (
            "weekly: {mon-fri: [08:00-17:00]},"
            " periods: {2025-02-01 to 2025-02-28: {mon: [08:00-12:00]}}",
            "{2025-02-01 to 2025-02-28 mon 13:00-15:00: 2, 08:00-17:00: 1}",
            "roster_outside_hours",
        ),
        (
            "weekly: {mon-fri: [08:00-17:00]}",
            "{2025-01-06 to 2025-01-10 08:00-12:00: 2, 2025-01-08 to 2025-01-20 11:00-17:00: 1}",
            "overlapping_intervals",
        ),
    ],
)
def test_what_cannot_be_is_told(calendar: str, clerks: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(hall(calendar, clerks))
    assert code in {problem.code for problem in caught.value.problems}


def test_rows_of_ranges_that_share_no_hour_may_share_days() -> None:
    clerks = "{2025-01-06 to 2025-01-10 08:00-12:00: 2, 2025-01-08 to 2025-12-31 12:00-17:00: 1}"
    assert scenario_from_text(hall(clerks=clerks))


def test_a_season_without_clerks_of_its_own_is_warned_of() -> None:
    periods = "periods: {2025-06-02 to 2025-09-15: {mon-fri: [07:00-13:00]}}"
    summer = f"weekly: {{mon-fri: [09:00-17:00]}}, {periods}"
    ordinary = [warning.code for warning in read_text(hall(summer, "{09:00-17:00: 2}"))]
    own = "{09:00-17:00: 2, 2025-06-02 to 2025-09-15 07:00-13:00: 2}"
    assert "open_unstaffed" in ordinary
    assert "open_unstaffed" not in [warning.code for warning in read_text(hall(summer, own))]
