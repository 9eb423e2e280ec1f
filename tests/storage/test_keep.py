"""A kept study is the study, bit for bit, or it is not there at all."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sim import Run, Study, compare, load_scenario, replicate
from sim.analysis.catalogue import OF_SECONDS
from sim.analysis.estimates import differences, estimates
from sim.analysis.measures import NO_USE
from sim.errors import OptionError, OutputError, Problem, ResultError
from sim.questions.levers import LeftOut, Levers, given_levers
from sim.questions.ranking import rank
from sim.questions.staffing import staffing_curve
from sim.storage.answers import QUESTIONS
from sim.storage.keep import (
    MANIFEST,
    SCENARIO,
    TALLIES,
    load_manifest,
    load_study,
    read_manifest,
    save_study,
)
from sim.views.window_use import tells_uses
from tests.web.halls import small_file

CURVE, RANKING = QUESTIONS["staffing"], QUESTIONS["levers"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    scenario = load_scenario(small_file(tmp_path_factory.mktemp("hall")))
    return replicate(scenario, run=Run(replications=2, workers=1))


def test_a_kept_study_is_the_study(study: Study, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    loaded = load_study(tmp_path / "kept")
    assert loaded.scenario == study.scenario
    assert loaded[1:2] + loaded[3:6] == study[1:2] + study[3:6]
    assert [plan.scenario_hash for plan in loaded.plans] == [p.scenario_hash for p in study.plans]
    for row, kept_row in zip(study.tallies, loaded.tallies, strict=True):
        for tally, kept_tally in zip(row, kept_row, strict=True):
            for name, value, kept_value in zip(tally._fields, tally, kept_tally, strict=True):
                np.testing.assert_equal(kept_value, value, err_msg=name)
            assert list(kept_tally.by_day) == list(tally.by_day)
            assert {k: v.dtype for k, v in kept_tally.by_day.items()} == {
                k: v.dtype for k, v in tally.by_day.items()
            }
    assert compare(loaded).layouts == compare(study).layouts


def test_the_manifest_says_what_was_run(study: Study, tmp_path: Path) -> None:
    save_study(study._replace(asked=5, reached=False), tmp_path / "kept")
    manifest = load_manifest(tmp_path / "kept")
    assert manifest.scenario_hash == study.scenario.hash
    assert (manifest.seed, manifest.asked, manifest.replications) == (1, 5, 2)
    assert load_study(tmp_path / "kept").cancelled
    assert load_study(tmp_path / "kept").reached is False


def test_a_kept_curve_is_the_curve(study: Study, tmp_path: Path) -> None:
    curve = staffing_curve(study.scenario, ["pooled"], [3, 4], run=Run(replications=2, workers=1))
    CURVE.save(curve, tmp_path / "kept")
    # two estimates may hold nan, which equals nothing
    assert str(CURVE.load(tmp_path / "kept")) == str(curve)
    assert CURVE.load(tmp_path / "kept").scenario == curve.scenario


def test_a_kept_ranking_is_the_ranking(study: Study, tmp_path: Path) -> None:
    texts = ["demand.people.rate=15 per h,25 per h", "layouts.pooled.windows.all.clerks=3,6"]
    problem = Problem("lever_hours", "hall.hours", found="x", values=(("a", "b"),))
    levers = Levers(given_levers(study.scenario, texts), (LeftOut("hall.hours", (problem,)),))
    ranking = rank(study.scenario, "pooled", levers, run=Run(replications=2, workers=1))
    RANKING.save(ranking, tmp_path / "kept")
    assert RANKING.load(tmp_path / "kept") == ranking
    written = tmp_path / "kept" / "levers.json"
    data = json.loads(written.read_text())
    # as 0.2.0 wrote it
    data["scenario"] = data.pop("scenario_hash")
    data["swings"] = [
        [[*swing["lever"].values()], swing["low"], swing["high"]] for swing in data["swings"]
    ]
    written.write_text(json.dumps(data))
    assert RANKING.load(tmp_path / "kept") == ranking
    written.write_text(json.dumps({**data, "scenario": "another"}))
    with pytest.raises(ResultError):
        RANKING.load(tmp_path / "kept")
    written.write_text("{}")
    with pytest.raises(ResultError):
        RANKING.load(tmp_path / "kept")


def test_a_study_is_never_written_over(study: Study, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    with pytest.raises(OutputError):
        save_study(study, tmp_path / "kept")
    assert load_study(tmp_path / "kept").replications == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("name", [MANIFEST, SCENARIO, TALLIES])
def test_a_broken_study_is_an_error_and_no_traceback(
    study: Study, tmp_path: Path, name: str
) -> None:
    save_study(study, tmp_path / "kept")
    file = tmp_path / "kept" / name
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(ResultError):
        load_study(tmp_path / "kept")
    file.unlink()
    with pytest.raises(ResultError):
        load_study(tmp_path / "kept")


def test_another_format_or_scenario_is_refused(study: Study, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    file = tmp_path / "kept" / MANIFEST
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for changed in ({"format": 99}, {"engine": "quantum"}, {"scenario_hash": "0" * 16}, {"x": 1}):
        file.write_text(json.dumps({**manifest, **changed}), encoding="utf-8")
        with pytest.raises(ResultError):
            load_study(tmp_path / "kept")


TOLD = {
    "scenario_hash": "0" * 16,
    "seed": 1,
    "asked": 2,
    "replications": 2,
    "engine": "fast",
    "layouts": ["zone"],
    "version": "0.2.0",
    "kept_at": "2026-01-05T09:00:00+00:00",
    "format": 2,
}


@pytest.mark.parametrize("changed", [{}, {"replications": 0}, {"asked": 0, "replications": 0}])
def test_a_manifest_of_the_second_format_is_read(changed: dict[str, object]) -> None:
    """Whoever kept it: studies are there for years."""
    manifest = read_manifest(json.dumps(TOLD | changed))
    assert manifest._asdict() == TOLD | changed | {
        "layouts": ("zone",),
        "reached": None,
        "tables": (),
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 1},
        {"format": 3},
        {"layouts": []},
        {"asked": -1},
        {"replications": -1},
        {"kept_at": "yesterday"},
    ],
)
def test_a_manifest_that_says_nothing_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"format|numbers|yesterday"):
        read_manifest(json.dumps(TOLD | changed))


def test_a_study_of_before_windows_uses_were_counted_is_read(study: Study, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    path = tmp_path / "kept" / TALLIES
    with np.load(path) as arrays:
        older = {name: arrays[name] for name in arrays if "use_by_slot" not in name}
        assert len(older) < len(arrays)
    np.savez_compressed(path, allow_pickle=False, **older)
    older_study = load_study(tmp_path / "kept")
    for tallies, tallies_now in zip(older_study.tallies, study.tallies, strict=True):
        assert {tally.use_by_slot.shape for tally in tallies} == {NO_USE.shape}
        assert [t.by_day.keys() for t in tallies] == [t.by_day.keys() for t in tallies_now]
    assert not tells_uses(older_study)


def test_a_study_of_before_second_matters_were_measured_is_read(
    study: Study, tmp_path: Path
) -> None:
    """Its other measures are as they were, of second matters it has none; it is compared too."""
    save_study(study, tmp_path / "kept")
    path = tmp_path / "kept" / TALLIES
    with np.load(path) as arrays:
        older = {name: arrays[name] for name in arrays if not name.endswith(OF_SECONDS)}
        assert len(older) == len(arrays) - len(OF_SECONDS) * len(study.layouts)
    np.savez_compressed(path, allow_pickle=False, **older)
    older_study = load_study(tmp_path / "kept")
    for before, now in zip(older_study.tallies, study.tallies, strict=True):
        assert "second_share" not in before[0].by_day
        assert estimates(before) == estimates(now)
        assert differences(before, now) == differences(now, now)


def test_what_is_kept_can_be_read_by_people(study: Study, tmp_path: Path) -> None:
    """A field a line, one space in; names as they are written."""
    save_study(study, tmp_path / "one" / "more" / "kept")
    for name, field in ((SCENARIO, "name"), (MANIFEST, "seed")):
        lines = (tmp_path / "one" / "more" / "kept" / name).read_text("utf-8").splitlines()
        assert [line for line in lines if line.startswith(f' "{field}": ')], name
        if name == SCENARIO:
            assert any(study.scenario.name.zh in line for line in lines)


@pytest.mark.parametrize(
    ("replications", "wrong"), [((-1,), "-1"), ((0, 2), "2"), ((1, 0, 9, 5), "5")]
)
def test_tables_of_a_replication_that_was_not_run(
    study: Study, tmp_path: Path, replications: tuple[int, ...], wrong: str
) -> None:
    with pytest.raises(OptionError) as refused:
        save_study(study, tmp_path / "kept", replications)
    [problem] = refused.value.problems
    assert (problem.code, problem.found, problem.allowed) == ("outside_range", wrong, "0..1")
    assert not list(tmp_path.iterdir())


def test_no_pickle_is_ever_read(study: Study, tmp_path: Path) -> None:
    save_study(study, tmp_path / "kept")
    evil = np.array([{"a": 1}], dtype=object)
    with (tmp_path / "kept" / TALLIES).open("wb") as file:
        np.savez(file, evil)
    with pytest.raises(ResultError):
        load_study(tmp_path / "kept")


SAVER = """
import sys, time
from pathlib import Path
import numpy as np
from sim import Run, load_scenario, replicate
from sim.storage import keep
slow = np.savez_compressed
def dawdle(*args, **kwargs):
    print("writing", flush=True)
    time.sleep(60)
np.savez_compressed = dawdle
folder = Path(sys.argv[1])
study = replicate(load_scenario(folder / "small.yaml"), run=Run(replications=1, workers=1))
keep.save_study(study, folder / "runs" / "kept")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_study_killed_while_written_is_not_listed(tmp_path: Path) -> None:
    small_file(tmp_path)
    command = [sys.executable, "-c", SAVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as saver:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "writing\n"
        os.kill(saver.pid, signal.SIGKILL)
    time.sleep(0.05)
    assert list((tmp_path / "runs").iterdir()), "it had begun to write"
    assert not list((tmp_path / "runs").glob(f"[!.]*/{MANIFEST}"))
