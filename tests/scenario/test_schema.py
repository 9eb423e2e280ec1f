"""What editors and readers get is what the loader accepts, and it is current."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim import example_path
from sim.scenario.load import scenario_from_text
from sim.scenario.node import Node
from sim.scenario.schema import BEGIN, END, field_table, schema_text, update, with_table
from sim.scenario.tree import parse_tree, read_tree
from tests.scenario.town import TOWN, changed

jsonschema = pytest.importorskip("jsonschema")

FOLDER = example_path("")
SCENARIOS = sorted(path for path in FOLDER.rglob("*.yaml") if "data" not in path.parts)
SCHEMA = schema_text()
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA))


def as_json(node: Node) -> object:
    """A tree as an editor sees it: lists, texts for dates, every key a text."""
    if isinstance(node.value, dict):
        return {key: as_json(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [as_json(child) for child in node.value]
    return node.value.isoformat() if isinstance(node.value, date) else node.value


def complaints(node: Node) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(as_json(node))]


def test_the_schema_that_ships_is_current() -> None:
    """No bound, choice or default is another than the one that planners were given."""
    written = (FOLDER / "schema.json").read_text(encoding="utf-8")
    assert written == SCHEMA, "run: python -m sim.scenario.schema scenarios"


def test_the_table_that_ships_is_current() -> None:
    written = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert field_table() in written, "run: python -m sim.scenario.schema scenarios"
    assert with_table(written) == written


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_that_ships_fits_the_schema(path: Path) -> None:
    assert complaints(read_tree(path)) == []


def test_the_town_fits_and_a_file_that_extends_may_be_short() -> None:
    assert complaints(parse_tree(TOWN)) == []
    assert complaints(parse_tree("extends: town.yaml\nhall: {last_ticket: 5 min}\n")) == []
    assert complaints(parse_tree("hall: {last_ticket: 5 min}\n")) == ["$"]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("last_ticket: 15 min", "last_ticket: 15", "$.hall.last_ticket"),
        ("last_ticket: 15 min", "last_tiket: 15 min", "$.hall"),
        ("{share: 0.1,", "{share: 1.2,", "$.corrections.share"),
        ("seed: 7", "seed: 7.5", "$.run.seed"),
        ("law: gamma", "law: gama", "$.matters[0].service.base"),
        ("rule: shares", "rule: share", "$.layouts[0].routing.rule"),
        ("clerks: 2}", "clerks: []}", "$.layouts[0].windows[1].clerks"),
    ],
)
def test_an_editor_sees_the_commonest_mistakes(old: str, new: str, path: str) -> None:
    assert complaints(parse_tree(changed(old, new))) == [path]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{share: 0.1,", "{share: 10 %,"),
        ("{share: 0.1,", "{share: 10%,"),
        ("layouts:", "targets: {promises: [{measure: wait, at_most: 8 min, each: run}]}\nlayouts:"),
        (
            "layouts:",
            "targets:\n  promises:\n  - {measure: called_within, at_least: 90 %, each: run}\n"
            "layouts:",
        ),
    ],
)
def test_an_editor_takes_shares_in_per_cent_as_the_reader_does(old: str, new: str) -> None:
    text = changed(old, new)
    scenario_from_text(text)
    assert complaints(parse_tree(text)) == []


def test_an_editor_wants_no_per_cent_where_a_number_is_meant() -> None:
    assert complaints(parse_tree(changed("seed: 7", "seed: 7 %"))) == ["$.run.seed"]


def test_defaults_are_as_a_planner_would_write_them() -> None:
    definitions = json.loads(SCHEMA)["$defs"]
    assert definitions["Targets"]["properties"]["called_within"]["default"] == "15 min"
    assert definitions["Corrections"]["properties"]["delay"]["default"] == "1 d"
    assert definitions["Service"]["properties"]["individual"]["default"] == 1.0


def test_every_field_is_explained() -> None:
    rows = [line.split(" | ") for line in field_table().splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    unexplained = [row[0] for row in rows if row[-1].strip(" |") == ""]
    assert unexplained == []


def test_definitions_have_readable_names() -> None:
    schema: dict[str, Any] = json.loads(SCHEMA)
    assert all(name.isalnum() and len(name) < 24 for name in schema["$defs"])


def test_the_readme_is_changed_between_its_markers_only(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nstale words\n{END}\nafter\n", encoding="utf-8")
    update(tmp_path)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "stale words" not in text
    assert (tmp_path / "schema.json").exists()


@pytest.mark.parametrize("text", ["", f"{BEGIN} only", f"{END} only", f"{END} first, {BEGIN} last"])
def test_a_text_without_both_marks_stays_as_it_is(text: str) -> None:
    assert with_table(text) == text
