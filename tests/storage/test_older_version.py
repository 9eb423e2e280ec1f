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
from streamlit.testing.v1 import AppTest

from sim.questions.compare import Comparison
from sim.storage.answers import QUESTIONS
from sim.storage.backup import write_backup
from sim.storage.jobs import Jobs
from sim.storage.kept_study import open_study
from sim.storage.request import read_request
from sim.storage.restore import restore_backup
from sim.text import LANGUAGES, Language, load_text
from sim.views.report_kinds import report_of
from sim.web.reader import KEY
from sim.web.uploads import kept_file
from tests.web.test_pages import APP, turn, words

ARCHIVE: Final = Path(__file__).with_name("kept_by_0.3.0.zip")
KINDS: Final = (
    *("compare", "turning", "staffing", "levers"),
    *("matter", "extend", "next_points", "frontier"),
)
OF_A_HALL: Final = ("compare", "staffing", "levers", "matter")
"""Those that remember the hall that a page would open them with; the others were asked of an area
without a page."""
pytestmark = [
    # Streamlit's own: what its test runner does outside a server
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
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


@pytest.fixture
def moved(older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app of this version in a new folder, into which a backup of the older was restored."""
    write_backup(older / "home", tmp_path / "all.zip")
    restore_backup(tmp_path / "new", tmp_path / "all.zip")
    monkeypatch.setenv("GOVHALL_HOME", str(tmp_path / "new"))
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state[KEY] = READER
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_list_what_was_restored(
    moved: AppTest, numbers: dict[str, Any], language: Language
) -> None:
    moved.query_params["lang"] = language
    turn(moved, "my_studies")
    moved.run()
    assert not moved.exception
    listed = [job for kind, job in numbers["jobs"].items() if QUESTIONS[kind].page]
    count = load_text(language)("page.my_studies.list", n=len(listed))
    assert count in [heading.value for heading in moved.subheader]
    assert {f"open-{job}" for job in listed} <= {str(button.key) for button in moved.button}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", OF_A_HALL)
def test_what_was_restored_is_opened_on_its_page(
    moved: AppTest, numbers: dict[str, Any], kind: str
) -> None:
    job = numbers["jobs"][kind]
    turn(moved, "my_studies")
    moved.run()
    moved.button(key=f"open-{job}").click().run()
    assert not moved.exception
    turn(moved, QUESTIONS[kind].page)
    moved.run()
    assert not moved.exception
    assert moved.session_state["session"].shown[kind] == job
    assert load_text("zh")("app.documents") in words(moved)
