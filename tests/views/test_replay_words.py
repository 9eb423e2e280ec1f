"""What is told of replayed arrivals wherever a scenario is told of, and what is written of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sim import Run, compare, example_path, load_scenario, replicate
from sim.command.outputs import write_scenario
from sim.scenario.edit import with_overrides
from sim.text import LANGUAGES, Language, load_text
from sim.views.replay_words import arrivals_table
from sim.views.report import render_report

OFFICE = load_scenario(example_path("office_replay.yaml"))
FILES: Final = ("tuned.yaml", "tuned_log.csv", "tuned_as_it_was_clerks.csv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_names_the_table_and_its_digest(language: Language) -> None:
    comparison = compare(replicate(OFFICE, run=Run(replications=2, workers=1)))
    page = render_report(comparison, load_text(language))
    rows = OFFICE.demand[0].arrivals_file
    assert rows is not None
    assert rows.sha256[:12] in page
    assert "data/office_log.csv" in page
    assert load_text(language)("report.replayed") in page


def test_without_a_table_there_is_no_row() -> None:
    hall = load_scenario(example_path("exact/mmc.yaml"))
    assert arrivals_table(hall, load_text("en")).rows == ()


def test_a_scenario_is_written_with_its_table_beside_it(tmp_path: Path) -> None:
    """As `--save` does; both are read again as the same scenario, however it was changed."""
    changed = with_overrides(OFFICE, ["run.seed=5"])
    write_scenario(changed, tmp_path / "tuned.yaml", load_text("en"))
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    again = load_scenario(tmp_path / "tuned.yaml")
    assert (again.hash, again) == (changed.hash, changed)
