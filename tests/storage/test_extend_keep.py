"""New stations that were kept answer every question as those that were run, or are not there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim import Run
from sim.errors import ResultError
from sim.questions.extend import extend
from sim.questions.extension import Extension, diverted_cases
from sim.questions.frontier import frontier
from sim.questions.next_point import next_points
from sim.scenario.places import HomeVisits, MarketDays, ServicePoint
from sim.storage.answers import QUESTIONS
from sim.storage.codec import read_plain, to_plain
from sim.storage.extend_export import extension_data, extension_rows
from sim.storage.extend_keep import (
    EXTENDED,
    EXTENSION,
    load_extension,
    save_extension,
)
from sim.storage.keep import SCENARIO, TALLIES
from tests.questions.test_extend import area

NEXT, FRONTIER = QUESTIONS["next_points"], QUESTIONS["frontier"]
STATIONS = {
    "ridge": ServicePoint(
        hours="week",
        clerks={"mon-fri 08:30-12:00": 2},
        accepts=("police", "market"),
        market_days=MarketDays(ends_in=(3, 8)),
        home_visits=HomeVisits.model_validate({"agents": 1, "within": "20 min"}),
        yuan_per_year=40_000,
    )
}


@pytest.fixture(scope="module")
def extension() -> Extension:
    scenario = area()
    return extend(
        scenario,
        ["port", "ridge"],
        run=Run(replications=2, seed=3, engine="reference", workers=1),
        stations=STATIONS,
    )


def test_kept_stations_answer_as_those_that_were_run(extension: Extension, tmp_path: Path) -> None:
    assert extension.has_rival
    save_extension(extension, tmp_path / "kept")
    loaded = load_extension(tmp_path / "kept")
    assert loaded.scenario == extension.scenario
    assert loaded.extended == extension.extended
    assert loaded.opened == extension.opened
    # a place where nobody came has no wait: nan, which equals nothing
    assert str(loaded.summary) == str(extension.summary)
    assert str(extension_data(loaded)) == str(extension_data(extension))
    assert str([*extension_rows(loaded)]) == str([*extension_rows(extension)])
    assert diverted_cases(loaded).tolist() == diverted_cases(extension).tolist()
    assert (loaded.replications, loaded.asked, loaded.seed) == (extension.replications, 2, 3)


def test_kept_plans_are_those_that_were_served(extension: Extension, tmp_path: Path) -> None:
    """Their people know the same waits and apply online as often."""
    save_extension(extension, tmp_path / "kept")
    loaded = load_extension(tmp_path / "kept")
    for plan_kept, plan_run in zip(loaded.settled, extension.settled, strict=True):
        assert plan_kept[1:] == plan_run[1:]
        assert plan_kept.waits.tolist() == plan_run.waits.tolist()
        assert plan_kept.plan.names == plan_run.plan.names
        shares = [each.plan.demand.flows.online_share.tolist() for each in (plan_kept, plan_run)]
        assert shares[0] == shares[1]
    for rows, kept_rows in zip(extension.tallies, loaded.tallies, strict=True):
        for tally, kept_tally in zip(rows, kept_rows, strict=True):
            for field, value, kept_value in zip(tally._fields, tally, kept_tally, strict=True):
                np.testing.assert_equal(kept_value, value, err_msg=field)
            assert kept_tally.loads.visits.dtype == tally.loads.visits.dtype


def test_stations_travel_as_data() -> None:
    """As a scenario writes them, without what is left to the default."""
    data = to_plain(STATIONS)
    assert set(data["ridge"]) == STATIONS["ridge"].model_fields_set
    assert read_plain(dict[str, ServicePoint], json.loads(json.dumps(data))) == STATIONS


@pytest.mark.parametrize("name", [EXTENSION, EXTENDED, TALLIES, SCENARIO])
def test_what_is_damaged_is_told(extension: Extension, tmp_path: Path, name: str) -> None:
    save_extension(extension, tmp_path / "kept")
    path = tmp_path / "kept" / name
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ResultError):
        load_extension(tmp_path / "kept")
    path.unlink()
    with pytest.raises(ResultError):
        load_extension(tmp_path / "kept")


def test_stations_of_another_scenario_are_told(extension: Extension, tmp_path: Path) -> None:
    save_extension(extension, tmp_path / "kept")
    path = tmp_path / "kept" / SCENARIO
    path.write_text(path.read_text(encoding="utf-8").replace('"seed": 7', '"seed": 8'), "utf-8")
    with pytest.raises(ResultError):
        load_extension(tmp_path / "kept")


def test_a_kept_ranking_of_next_points_is_the_ranking(tmp_path: Path) -> None:
    ranking = next_points(
        area(),
        ["ridge"],
        2,
        run=Run(replications=2, seed=3, engine="reference", workers=1),
        stations=STATIONS,
    )
    assert len(ranking.rows) == 2
    NEXT.save(ranking, tmp_path / "kept")
    assert NEXT.load(tmp_path / "kept") == ranking
    with pytest.raises(ResultError):
        FRONTIER.load(tmp_path / "kept")
    (tmp_path / "kept" / "next.json").write_text("{}")
    with pytest.raises(ResultError):
        NEXT.load(tmp_path / "kept")


def test_a_kept_frontier_is_the_frontier(tmp_path: Path) -> None:
    answer = frontier(
        area(), [1, 2], run=Run(replications=2, seed=3, engine="reference", workers=1)
    )
    assert len(answer.steps) == 3
    FRONTIER.save(answer, tmp_path / "kept")
    assert FRONTIER.load(tmp_path / "kept") == answer
    (tmp_path / "kept" / "frontier.json").unlink()
    with pytest.raises(ResultError):
        FRONTIER.load(tmp_path / "kept")


@pytest.mark.parametrize("changed", [{"format": 99}, {"scenario": "0" * 16}])
def test_another_format_or_scenario_is_refused(tmp_path: Path, changed: dict[str, object]) -> None:
    """Each alone is enough."""
    NEXT.save(
        next_points(area(), (), 2, run=Run(replications=1, seed=3, engine="reference", workers=1)),
        tmp_path / "kept",
    )
    path = tmp_path / "kept" / "next.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changed))
    with pytest.raises(ResultError):
        NEXT.load(tmp_path / "kept")
