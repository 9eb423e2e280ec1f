"""An entry meant to refine one of the base that has no such id: told so, not field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import Problem, ScenarioError
from sim.scenario.load import load_scenario
from sim.text import load_text
from tests.strategies import small

ANSWERS = Path(__file__).parents[1] / "cases" / "answers"
EN = load_text("en")
PLACE = "name: {zh: 处, en: Place}, kind: station, township: town, clerks: 1, accepts: [errand]"
BASE = small(
    matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min},"
    " items: [{id: permit, name: {zh: 证, en: Permit}, department: office}]}]",
    profiles="[{id: morning, shape: {09:00-12:00: 1}}]",
    applicants="{classes: [{id: booked, name: {zh: 约, en: Booked}}], townships: [{id: town,"
    " name: {zh: 镇, en: Town}, county: shire, population: 100, lon: 111.2, lat: 34.7}],"
    " appointments: [{id: book, name: {zh: 约, en: Book}, serves: [errand], share: 0.2, slots: 1,"
    " slot: 30 min}]}",
    places=f"{{open: [{{id: station, {PLACE}}}, {{id: city, name: {{zh: 厅, en: Hall}},"
    " kind: city_hall, lon: 111.2, lat: 34.7, clerks: 1}], travel: {terrains: [{id: plain,"
    " name: {zh: 平, en: Plain}, road_factor: 1.3, km_per_hour: 30}]}}",
)
KINDS = {
    "calendars": ("calendars: [{id: days, holidays: china}]", "day", "weekly"),
    "departments": ("departments: [{id: offices, reviewers: 2}]", "office", "name, hours"),
    "matters": ("matters: [{id: errands, service: {materials: 2}}]", "errand", "name"),
    "items": ("matters: [{id: errand, items: [{id: permits, share: 0.5}]}]", "permit", "name"),
    "profiles": ("profiles: [{id: mornings, source: a count}]", "morning", "shape"),
    "demand": ("demand: [{id: peoples, classes: {booked: 1}}]", "people", "matter"),
    "layouts": ("layouts: [{id: halls, idle: longest_idle}]", "hall", "name, windows"),
    "windows": ("layouts: [{id: hall, windows: [{id: windo, clerks: 2}]}]", "window", "serves"),
    "classes": ("applicants: {classes: [{id: boked, priority: 1}]}", "booked", "name"),
    "townships": ("applicants: {townships: [{id: towns, population: 5}]}", "town", "name, county"),
    "books": ("applicants: {appointments: [{id: books, share: 0.1}]}", "book", "name, serves"),
    "open": ("places: {open: [{id: stations, clerks: 2}]}", "station", "name, kind"),
    "terrains": (
        "places: {travel: {terrains: [{id: plains, km_per_hour: 9}]}}",
        "plain",
        "name, road",
    ),
}


def problems(folder: Path, over: str, *overrides: str) -> list[Problem]:
    """Of a file over the base."""
    (folder / "base.yaml").write_text(BASE, "utf-8")
    path = folder / "over.yaml"
    path.write_text(f"extends: base.yaml\n{over}\n", "utf-8")
    try:
        load_scenario(path, overrides)
    except ScenarioError as error:
        return list(error.problems)
    return []


def test_the_base_is_sound(tmp_path: Path) -> None:
    """What is told is that of the file over it."""
    assert problems(tmp_path, "run: {seed: 2}") == []


@pytest.mark.parametrize("kind", KINDS)
def test_lists(tmp_path: Path, kind: str) -> None:
    """One problem an entry: the id that was meant, and what a new entry would need."""
    over, meant, missing = KINDS[kind]
    [problem] = problems(tmp_path, over)
    values = dict(problem.values)
    assert (problem.code, problem.line) == ("unknown_entry", 2)
    assert values["nearest"] == meant
    assert meant in problem.allowed
    assert values["missing"].startswith(missing)
    # the advice: the id that was meant
    assert problems(tmp_path, over.replace(f"id: {problem.found},", f"id: {meant},")) == []


def test_the_case() -> None:
    """`window` for `windows`."""
    with pytest.raises(ScenarioError) as refused:
        load_scenario(ANSWERS / "unclear_extends_typo.yaml")
    [problem] = refused.value.problems
    assert (problem.code, problem.line, problem.allowed) == ("unknown_entry", 6, "windows")
    assert "did you mean 'windows'?" in problem.sentence(EN)


@pytest.mark.parametrize(
    ("over", "codes"),
    [
        # a whole new entry is sound
        ("profiles: [{id: evening, shape: {15:00-17:00: 1}}]", []),
        # beside one that changes the base's
        ("demand: [{id: people, online_share: 0}, {id: peple, per_day: 2}]", ["unknown_entry"]),
        # each entry once
        ("departments: [{id: a, reviewers: 1}, {id: b}]", ["unknown_entry"] * 2),
        # a wrong value in it is told too
        ("departments: [{id: offic, reviewers: 0}]", ["unknown_entry", "too_small"]),
        # a field that the base's entry lost is not the id's fault
        ("layouts: [{id: hall, windows: [{id: window, serves: 3}]}]", ["wrong_type"]),
    ],
)
def test_neighbours(tmp_path: Path, over: str, codes: list[str]) -> None:
    """It is told where the base lacks the id, and nowhere else."""
    assert sorted(problem.code for problem in problems(tmp_path, over)) == sorted(codes)


def test_overrides_may_complete_it(tmp_path: Path) -> None:
    """What is lacking is decided when all layers lie over each other."""
    over = "layouts: [{id: hall, windows: [{id: second, clerks: 1}]}]"
    assert (
        problems(tmp_path, over, "layouts.hall.windows.second.serves=[errand]", "equal_budget=none")
        == []
    )
    [problem] = problems(tmp_path, over, "layouts.hall.windows.second.clerks=2")
    assert problem.code == "unknown_entry"
