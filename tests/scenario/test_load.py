"""Whole scenarios: what they print, what they warn of, how fast they load."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import example_path
from sim.errors import ScenarioError
from sim.scenario.fields import field_schema
from sim.scenario.load import MAX_REPORTED, load_scenario, scenario_from_text
from sim.scenario.scenario import Scenario
from tests.scenario.town import TOWN, changed, only, read

EXAMPLES = sorted(path for path in example_path("").rglob("*.yaml") if "data" not in path.parts)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_scenario_that_ships_is_sound(path: Path) -> None:
    load_scenario(path)


def test_a_scenario_prints_in_one_line(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, TOWN)
    assert str(scenario) == repr(scenario)
    assert str(scenario).startswith(
        "Scenario('Town': 1 layouts, 2 matters, 2 departments, 2 flows, "
    )
    assert len(str(scenario)) < 100


def test_an_unknown_layout_is_a_scenario_error(tmp_path: Path) -> None:
    scenario, _ = read(tmp_path, TOWN)
    assert scenario.layout("zone").id == "zone"
    with pytest.raises(ScenarioError, match=r"layouts: unknown layout 'zon' .did you mean 'zone'"):
        scenario.layout("zon")


def test_a_copy_that_differs_has_a_hash_of_its_own() -> None:
    """The hash is taken once of each scenario, and never handed on to another content."""
    scenario = load_scenario(example_path("exact/mmc.yaml"))
    before = scenario.hash
    other = scenario.model_copy(update={"run": scenario.run.model_copy(update={"seed": 77})})
    assert other.hash != before
    assert other.hash == load_scenario(example_path("exact/mmc.yaml"), ["run.seed=77"]).hash
    assert scenario.model_copy().hash == scenario.with_changed(()).hash == before
    assert scenario == scenario.model_copy()


def test_equal_content_has_an_equal_hash_wherever_it_stands(tmp_path: Path) -> None:
    from_file, _ = read(tmp_path, TOWN)
    assert scenario_from_text(TOWN.replace("# ", "#  ") + "\n# a comment\n").hash == from_file.hash
    assert scenario_from_text(changed("seed: 7", "seed: 8")).hash != from_file.hash


def test_a_scenario_written_as_json_reads_as_itself(tmp_path: Path) -> None:
    text = changed("rate: 6 per h", "rate: 0.0000001 per s")
    scenario, _ = read(tmp_path, text.replace("15 min", "1234.567 s"))
    reread = Scenario.model_validate_json(scenario.model_dump_json(exclude_unset=True))
    assert reread == scenario
    assert reread.hash == scenario.hash


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("promised: 5 wd", "promised: 1 wd", "", ""),
        ("promised: 5 wd\n", "promised: 2 wd\n", "", ""),
        ("low: 1 wd", "low: 3 wd", "", ""),
        (
            "{08:30-10:00: 3",
            "{08:00-10:00: 3",
            "profile_outside_hours",
            "profiles[morning].shape",
        ),
        ("source: a test\n", "", "no_source", ""),
        (
            "  - {id: cards, matter: id_card, rate: 6 per h, online_share: 0.1}\n",
            "",
            "nobody_asks",
            "matters[id_card]",
        ),
        (
            "  last_ticket: 15 min\n",
            "  last_ticket: 15 min\n  assumed: {last_ticket: [20 min, 30 min]}\n",
            "outside_assumed",
            "hall.last_ticket",
        ),
    ],
)
def test_warnings_do_not_stop(old: str, new: str, code: str, path: str, tmp_path: Path) -> None:
    _, warnings = read(tmp_path, changed(old, new))
    assert {warning.code for warning in warnings} == ({code} if code else set())
    assert all(warning.severity == "warning" for warning in warnings)
    if path:
        assert only(warnings).path == path


def test_no_demand_is_a_warning(tmp_path: Path) -> None:
    text = changed("per_day: 20", "per_day: 0").replace("rate: 6 per h", "at: []")
    assert only(read(tmp_path, text)[1]).code == "no_demand"


def test_unequal_layouts_are_an_error_unless_meant(tmp_path: Path) -> None:
    windows = "[{id: w, serves: [market, police], clerks: 9}]"
    more = f"  - {{id: big, name: {{zh: 大, en: Big}}, windows: {windows}}}\n"
    with pytest.raises(ScenarioError, match="the layouts do not have the same budget"):
        read(tmp_path, TOWN + more)
    read(tmp_path, TOWN + more + "equal_budget: none\n")


def test_text_alone_cannot_extend() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(f"extends: base.yaml\n{TOWN}", "page")
    problem = only(caught.value.problems)
    assert (problem.code, problem.where) == ("extends_unavailable", "page:1:1 extends")


def test_duty_may_span_intervals_that_touch(tmp_path: Path) -> None:
    text = changed("[08:30-12:00, 14:30-17:30]", "[08:30-12:00, 12:00-17:30]")
    read(tmp_path, text.replace("mon-fri 08:30-12:00: 2", "mon-fri 08:30-13:00: 2"))


def test_a_file_of_mistakes_is_told_up_to_a_limit() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text("".join(f"a{n}: 1\n" for n in range(3 * MAX_REPORTED)))
    assert len(caught.value.problems) == MAX_REPORTED


def test_the_schema_is_made_once() -> None:
    assert field_schema() is field_schema()
