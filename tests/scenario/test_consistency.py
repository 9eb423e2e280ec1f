"""What only the whole can get wrong, at the border of each limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.consistency import errors
from sim.scenario.load import scenario_from_text
from tests.scenario.town import TOWN, problems, read
from tests.strategies import small


def _told(run: str, **sections: str) -> list[tuple[str, str, str]]:
    """Contradictions: code, found, allowed; the run is as told, whatever it leads to."""
    usual = scenario_from_text(small(**sections))
    fields = dict(pair.split(": ") for pair in run.split(", ") if pair)
    changed = {name: int(value) for name, value in fields.items()}
    scenario = usual.model_copy(update={"run": usual.run.model_copy(update=changed)})
    return [(problem.code, problem.found, problem.allowed) for problem in errors(scenario)]


@pytest.mark.parametrize(
    ("warmup", "measured", "followup"), [(0, 40_000, 0), (10_000, 20_000, 10_000)]
)
def test_forty_thousand_days_are_the_most(warmup: int, measured: int, followup: int) -> None:
    demand = "[{id: people, matter: errand, per_day: 1}]"
    run = f"warmup_days: {warmup}, measured_days: {measured}, followup_days: "
    assert _told(f"{run}{followup}", demand=demand) == []
    too_many = [("too_many_days", "40,001", "≤ 40,000")]
    assert _told(f"{run}{followup + 1}", demand=demand) == too_many


@pytest.mark.parametrize(
    ("flow", "days", "weekly"),
    [
        ("per_year: 100000000", 50, "mon-fri"),  # 400,000 a day
        ("per_year: 50000000", 20, "mon"),  # 1,000,000 a day
        ("per_day: 4000000", 5, "mon-fri"),
    ],
)
def test_twenty_million_visits_are_the_most(flow: str, days: int, weekly: str) -> None:
    sections = {
        "demand": f"[{{id: people, matter: errand, {flow}}}]",
        "calendars": f"[{{id: day, weekly: {{{weekly}: [09:00-17:00]}}}}]",
    }
    assert _told(f"measured_days: {days}", **sections) == []
    visits = f"{20_000_000 * (days + 1) // days:,}"
    too_many = [("too_many_visits", visits, "≤ 20,000,000")]
    assert _told(f"measured_days: {days + 1}", **sections) == too_many


def test_a_hall_that_never_opens_is_told_as_such() -> None:
    """Nothing else is: on how many days a year's visits come nobody asks then."""
    text = small(
        calendars="[{id: day, weekly: {mon-fri: []}}]",
        demand="[{id: people, matter: errand, per_year: 2000}]",
    )
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(text)
    assert [problem.code for problem in caught.value.problems] == ["empty_calendar"]


@pytest.mark.parametrize(
    ("start", "is_told"),
    [("1989-12-31", True), ("1990-01-01", False), ("2199-12-31", False), ("2200-01-01", True)],
)
def test_years_that_calendars_know(start: str, is_told: bool, tmp_path: Path) -> None:
    text = TOWN.replace("2025-03-03", start)
    if is_told:
        [problem] = problems(tmp_path, text)
        assert (problem.code, problem.found) == ("outside_range", start)
        assert dict(problem.values) == {"low": "1990-01-01", "high": "2199-12-31"}
    else:
        read(tmp_path, text)


def test_a_window_without_clerks_accepts_nothing(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, TOWN.replace("clerks: 2}", "clerks: 0}"))
    assert (problem.code, problem.found) == ("matter_without_clerk", "id_card")
    assert dict(problem.values) == {"groups": "plain"}


def test_each_layout_is_looked_at(tmp_path: Path) -> None:
    """A name that is unknown in one hides nothing in the next."""
    second_layout = (
        "  - {id: other, name: {zh: 它, en: Other}, windows: [{id: a, serves: [one_matter],"
        " clerks: 1}]}\n"
    )
    text = TOWN.replace("serves: [police]", "serves: [polise]") + second_layout
    codes = [(problem.code, problem.path) for problem in problems(tmp_path, text)]
    assert codes == [
        ("unknown_matter", "layouts[zone].windows[plain].serves[0]"),
        ("matter_not_accepted", "layouts[other].windows"),
    ]
