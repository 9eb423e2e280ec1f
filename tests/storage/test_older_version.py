"""What the last released version kept is read by this one: every kind of study that it had.

`kept_by_0.3.0.zip` is the folder of an app of version 0.3.0 after one study of each kind on small
halls, and figures as that version told them.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from sim.questions.compare import Comparison
from sim.storage.backup import write_backup
from sim.storage.jobs import Jobs
from sim.storage.kept_study import open_study
from sim.storage.request import read_request
from sim.storage.restore import restore_backup
from sim.text import LANGUAGES, Language, load_text
from sim.views.report_kinds import report_of
from sim.web.uploads import kept_file

ARCHIVE: Final = Path(__file__).with_name("kept_by_0.3.0.zip")
KINDS: Final = (
    *("compare", "turning", "staffing", "levers"),
    *("matter", "extend", "next_points", "frontier"),
)
READER: Final = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("older")
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def numbers(older: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((older / "numbers.json").read_text(encoding="utf-8"))
    return data


def test_each_kind_that_it_had_was_kept(numbers: dict[str, Any]) -> None:
    assert numbers["version"] == "0.3.0"
    assert tuple(numbers["jobs"]) == KINDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_study_of_each_kind_is_opened_and_told(
    older: Path, numbers: dict[str, Any], kind: str, language: Language
) -> None:
    study = open_study(numbers["jobs"][kind], older / "home")
    assert study.kind == ("compare" if kind == "turning" else kind)
    report = report_of(study.kind, study.answer, load_text(language))
    assert [part.name for part in report.parts][:2] == ["asked", "answer"]


def test_figures_are_those_that_it_told(older: Path, numbers: dict[str, Any]) -> None:
    study = open_study(numbers["jobs"]["compare"], older / "home")
    assert isinstance(study.answer, Comparison)
    for name, expected in numbers["estimates"].items():
        layout, measure = name.split()
        interval = study.answer.estimate(layout, measure).interval
        assert [interval.mean, interval.low, interval.high] == pytest.approx(expected), name
    assert study.answer.turning is not None, "what the verdict hangs on lies beside it"


def test_they_are_listed_to_their_reader_and_to_nobody_else(
    older: Path, numbers: dict[str, Any]
) -> None:
    jobs = Jobs(older / "home")
    assert set(jobs.newest(READER)) == set(numbers["jobs"].values())
    assert jobs.newest("f" * 32) == ()
    for name in numbers["jobs"].values():
        job, folder = jobs.job(name), jobs.folder(name)
        assert job is not None
        assert folder is not None
        assert (job.state, read_request(folder).reader) == ("done", READER)


def test_an_upload_is_found(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVHALL_HOME", str(older / "home"))
    [path] = (older / "home" / "files").glob("*.json")
    source = kept_file(path.stem)
    assert source is not None
    assert source.name == "small.yaml"


def test_they_are_backed_up_and_restored(
    older: Path, numbers: dict[str, Any], tmp_path: Path
) -> None:
    count = write_backup(older / "home", tmp_path / "all.zip")
    assert (count.studies, count.halls, count.uploads) == (len(KINDS), 0, 1)
    restored = restore_backup(tmp_path / "new", tmp_path / "all.zip")
    assert restored == (len(KINDS) + 1, 0, 0, 0)
    for kind in KINDS:
        assert open_study(numbers["jobs"][kind], tmp_path / "new").kind
