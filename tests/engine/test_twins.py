"""The two engines are twins: every scenario that ships gives the same journal in every field."""

from pathlib import Path

import numpy as np
import pytest

from sim import compile_plan, data_dir, draw_tape, load_scenario
from sim.engine.fast import run_fast
from sim.engine.reference import run_reference
from sim.plan.journal import Journal
from sim.scenario.edit_places import with_points

FOLDER = data_dir("scenarios")
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
SHORT = ("run.warmup_days=1", "run.measured_days=2", "run.followup_days=0")


def assert_same_journal(reference: Journal, compiled: Journal) -> None:
    for name, column in reference._asdict().items():
        np.testing.assert_array_equal(getattr(compiled, name), column, err_msg=name)


def assert_twins(path: Path, overrides: tuple[str, ...]) -> None:
    scenario = load_scenario(path, overrides)
    tape = None
    for layout in scenario.layouts:
        plan = compile_plan(scenario, layout.id)
        tape = tape or draw_tape(plan.demand, scenario.run.seed, replication=0)
        assert_same_journal(run_reference(plan, tape), run_fast(plan, tape))


@pytest.mark.parametrize("name", FILES)
def test_a_few_days_of_every_scenario(name: str) -> None:
    assert_twins(FOLDER / name, SHORT)


def test_a_station_in_every_township() -> None:
    """Seven halls and 78 stations in one run, and people with tastes of their own."""
    area = load_scenario(
        FOLDER / "sanmenxia_townships.yaml", (*SHORT, "places.choice.taste_yuan=5")
    )
    more = with_points(area, [town.id for town in area.applicants.townships])
    plan = compile_plan(more, "zone")
    crowd = draw_tape(plan.demand, more.run.seed, replication=0)
    journal = run_reference(plan, crowd)
    assert len(set(journal.destination.tolist())) > 20
    assert_same_journal(journal, run_fast(plan, crowd))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FILES)
def test_every_scenario_at_full_size(name: str) -> None:
    assert_twins(FOLDER / name, ())
