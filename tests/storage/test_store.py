"""What a store lists is complete, whatever happened to it; what it has is not run again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import Run, Study, Tables, draw_tape, load_scenario, replicate, run
from sim.__main__ import main
from sim.errors import OptionError, OutputError, ResultError
from sim.runs.run import ResolvedRun
from sim.scenario.scenario import Scenario
from sim.storage.keep import MANIFEST, PARTS, TABLE_NAMES, TALLIES, save_study
from sim.storage.store import INDEX, Store, run_or_find
from tests.web.halls import small_file

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path = small_file(tmp_path_factory.mktemp("hall"))
    scenario = load_scenario(path, ["run.measured_days=1", "run.followup_days=1"])
    return replicate(scenario, run=Run(replications=2, engine="reference", workers=1))


@pytest.fixture(scope="module")
def kept_study(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "study"
    save_study(study, path)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _found(store: Store, study: Study, **differing: object) -> Path | None:
    question = {
        "scenario_hash": study.scenario.hash,
        "seed": study.seed,
        "replications": study.replications,
        "layouts": study.layouts,
        **differing,
    }
    return store.find(**question)  # type: ignore[arg-type]


def _listed(store: Store) -> list[Path]:
    return [study.folder for study in store.studies()]


def _hidden(store: Store) -> list[str]:
    return [path.name for path in store.folder.iterdir() if path.name[0] == "." and path.is_dir()]


class TestLife:
    def test_studies_stay_for_ever_unless_told(self, store: Store, study: Study) -> None:
        path = store.keep(study)
        os.utime(path, (0, 0))
        store.keep(study)
        assert path in _listed(store)

    def test_the_oldest_go_when_they_are_old_or_too_many(
        self, store: Store, study: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old, later = store.keep(study), store.keep(study)
        os.utime(old, (0, 0))
        monkeypatch.setenv("GOVHALL_STORE_DAYS", "30")
        newest = Store(store.folder).keep(study)
        assert set(_listed(store)) == {later, newest}
        monkeypatch.setenv("GOVHALL_STORE_GB", "0.000000001")
        newest = Store(store.folder).keep(study)
        assert _listed(store) == [newest], "what has just been kept stays"

    def test_a_setting_that_is_none_is_told_before_anything_is_run(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GOVHALL_STORE_DAYS", "soon")
        with pytest.raises(OptionError, match="soon"):
            Store(store.folder)


class TestFinding:
    def test_only_the_same_question_is_found(
        self, store: Store, study: Study, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert _found(store, study) is None
        path = store.keep(study)
        assert _found(store, study) == path
        assert _found(store, study, engine="reference") == path
        for difference in (
            {"scenario_hash": "0" * 16},
            {"seed": 2},
            {"replications": 1},
            {"layouts": study.layouts[::-1]},
            {"layouts": study.layouts[:1]},
            {"engine": "fast"},
        ):
            assert _found(store, study, **difference) is None, difference
        monkeypatch.setattr("sim.storage.store.VERSION", "99")
        assert _found(store, study) is None

    def test_the_newest_is_found(self, store: Store, study: Study) -> None:
        first, second = store.keep(study), store.keep(study._replace(engine="fast"))
        assert first != second
        for path, at in (
            (first, "2030-01-01T00:00:00+00:00"),
            (second, "2029-01-01T00:00:00+00:00"),
        ):
            manifest = json.loads((path / MANIFEST).read_text())
            (path / MANIFEST).write_text(json.dumps({**manifest, "kept_at": at}))
        assert [entry.folder for entry in store.rebuild()] == [second, first]
        assert _found(store, study) == first

    def test_what_is_loaded_is_what_was_kept(self, store: Store, study: Study) -> None:
        loaded = store.load(store.keep(study._replace(reached=False)))
        assert loaded.reached is False
        assert loaded.scenario == study.scenario
        np.testing.assert_equal(
            [tally._asdict() for row in loaded.tallies for tally in row],
            [tally._asdict() for row in study.tallies for tally in row],
        )

    def test_a_manifest_of_before_is_read(self, store: Store, study: Study) -> None:
        path = store.keep(study)
        manifest = json.loads((path / MANIFEST).read_text())
        del manifest["reached"], manifest["tables"]
        (path / MANIFEST).write_text(json.dumps(manifest))
        assert [entry.folder for entry in store.rebuild()] == [path]
        assert store.load(path).reached is None

    def test_a_seed_of_any_length_is_kept(self, store: Store, study: Study) -> None:
        long = study._replace(seed=10**300)
        path = store.keep(long)
        assert path.name.split("-")[1:3] == [f"1{'0' * 19}", "2"], "the first twenty digits"
        assert _found(store, long) == path

    def test_run_once(self, store: Store, study: Study) -> None:
        def serve(scenario: Scenario, layouts: object, *, run: ResolvedRun) -> Study:
            runs.append((scenario.hash, layouts, run.replications, run.seed))
            return study

        runs: list[object] = []
        answers = [run_or_find(study.scenario, serve=serve, store=store) for _ in range(3)]
        assert runs == [(study.scenario.hash, ("zone", "pooled"), 2, 1)]
        assert [answer.found for answer in answers] == [False, True, True]
        assert len({answer.folder for answer in answers}) == 1
        assert run_or_find(study.scenario, serve=serve, store=None).folder is None
        assert len(runs) == 2

    def test_the_start_of_a_cancelled_study_is_whole(self, store: Store, study: Study) -> None:
        store.keep(study._replace(asked=50, reached=False))
        answer = run_or_find(study.scenario, store=store)
        assert answer.found
        assert (answer.study.asked, answer.study.cancelled, answer.study.reached) == (
            2,
            False,
            None,
        )

    def test_the_command_line_runs_once(
        self, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        command = ["compare", str(small_file(tmp_path)), "--engine", "reference", "--cores", "1"]
        command += ["--days", "1", "--format", "csv", "--lang", "en", "--store", str(store.folder)]
        outputs = []
        for _ in range(2):
            with pytest.raises(SystemExit, match="0"):
                main(command)
            outputs.append(capsys.readouterr())
        (path,) = _listed(store)
        assert outputs[0].out == outputs[1].out
        assert f"Study kept in {path}" in outputs[0].err
        assert f"Found in {path}, not run again" in outputs[1].err
        assert "Ctrl-C" not in outputs[1].err

    def test_what_is_damaged_is_run_again(self, store: Store, study: Study) -> None:
        path = store.keep(study)
        data = bytearray((path / TALLIES).read_bytes())
        data[100:300] = bytes(200)
        (path / TALLIES).write_bytes(data)
        with pytest.raises(ResultError):
            store.load(path)
        assert not run_or_find(study.scenario, serve=lambda *_, **__: study, store=store).found
        assert run_or_find(study.scenario, store=store).found


class TestTables:
    def test_tables_are_those_of_the_run(self, store: Store, study: Study) -> None:
        path = store.keep(study, tables=[1])
        assert store.studies()[0].manifest.tables == (1,)
        assert {file.name for file in path.iterdir()} == {
            *PARTS,
            *(f"{name}.parquet" for name in TABLE_NAMES),
        }
        tape = draw_tape(study.plans[0].demand, study.seed, 1)
        tables = Tables(study.plans[1], tape, run(study.plans[1], tape, "reference"))
        for name in TABLE_NAMES:
            table = store.table(path, name)
            of_layout = table[table["layout"] == "pooled"].reset_index(drop=True)
            expected = tables.frame(name)
            assert set(table["replication"]) == {1}
            assert len(table) > len(of_layout) == len(expected) > 0
            for column in expected:
                assert list(of_layout[column]) == list(expected[column]), (name, column)

    def test_a_table_not_kept_is_an_error(self, store: Store, study: Study) -> None:
        with pytest.raises(ResultError):
            store.table(store.keep(study), "tickets")

    def test_a_replication_not_run_is_an_error(self, store: Store, study: Study) -> None:
        with pytest.raises(OptionError):
            store.keep(study, tables=[0, 2])
        assert store.studies() == ()


class TestFolders:
    def test_a_folder_that_is_gone_is_not_listed(self, store: Store, study: Study) -> None:
        paths = [store.keep(study) for _ in range(3)]
        shutil.rmtree(paths[0])
        (paths[1] / TALLIES).unlink()
        assert _listed(store) == [paths[2]]

    def test_a_folder_brought_from_elsewhere_is_listed(
        self, store: Store, kept_study: Path
    ) -> None:
        shutil.copytree(kept_study, store.folder / "市民中心")
        assert _listed(store) == [store.folder / "市民中心"]

    @pytest.mark.parametrize("part", PARTS[1:])
    def test_a_folder_cut_short_is_not_listed(
        self, store: Store, kept_study: Path, part: str
    ) -> None:
        shutil.copytree(kept_study, store.folder / "short")
        data = (kept_study / part).read_bytes()
        (store.folder / "short" / part).write_bytes(data[: len(data) // 2])
        assert store.studies() == ()

    def test_removed(self, store: Store, study: Study) -> None:
        path, remaining = store.keep(study), store.keep(study)
        store.remove(path)
        assert _listed(store) == [remaining]
        assert not path.exists()
        assert not _hidden(store)

    def test_nothing_but_a_study_of_the_store_is_removed(
        self, store: Store, kept_study: Path
    ) -> None:
        (store.folder / "letters").mkdir(parents=True)
        for path in (kept_study, store.folder / "letters", store.folder, store.folder / ".." / "x"):
            with pytest.raises(ResultError):
                store.remove(path)
        assert kept_study.is_dir()
        assert (store.folder / "letters").is_dir()

    def test_no_folder_has_no_studies(self, store: Store, tmp_path: Path) -> None:
        assert store.studies() == store.rebuild() == ()
        assert not store.folder.exists()
        (tmp_path / "file").touch()
        with pytest.raises(ResultError):
            Store(tmp_path / "file").studies()

    @pytest.mark.skipif(
        sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere"
    )
    def test_a_folder_that_may_only_be_read(self, store: Store, study: Study) -> None:
        path = store.keep(study)
        (store.folder / INDEX).unlink()
        store.folder.chmod(0o500)
        try:
            assert _listed(store) == [path]
            with pytest.raises(OutputError):
                store.keep(study)
        finally:
            store.folder.chmod(0o700)


class TestIndex:
    def test_it_may_be_lost(self, store: Store, study: Study) -> None:
        paths = {store.keep(study) for _ in range(2)}
        for left in store.folder.glob(f"{INDEX}*"):
            left.unlink()
        assert set(_listed(store)) == paths
        assert (store.folder / INDEX).is_file()

    def test_it_may_be_damaged_anywhere(self, store: Store, kept_study: Path) -> None:
        for n in range(30):
            shutil.copytree(kept_study, store.folder / f"study-{n:02}")
        expected = store.studies()
        assert len(expected) == 30
        index = store.folder / INDEX
        sound, rng = index.read_bytes(), random.Random(1)
        for n in range(40):
            data = bytearray(sound)
            start = (0, 20, 100)[n] if n < 3 else rng.randrange(len(data))
            size = rng.choice((1, 8, 300))
            data[start : start + size] = rng.randbytes(size)
            index.write_bytes(data)
            assert store.studies() == expected, n
            assert store.rebuild() == expected, n
        for text in (b"", b"no database", sound[:5000], bytes(len(sound))):
            index.write_bytes(text)
            assert store.studies() == expected, text[:20]
        assert index.read_bytes()[:6] == b"SQLite"

    def test_a_folder_in_its_place_does_no_harm(self, store: Store, study: Study) -> None:
        (store.folder / INDEX).mkdir(parents=True)
        path = store.keep(study)
        assert _listed(store) == [path]


# === several processes, kills, full disks: forked from one that has imported everything === #

DRIVER = """
import os, signal, sys
import pandas, pyarrow.parquet, simpy
from pathlib import Path
from sim.errors import OutputError
from sim.storage import keep, store as stores
kept, folder = Path(sys.argv[1]), Path(sys.argv[2])
study, store = keep.load_study(kept), stores.Store(folder)

def forked(work):
    child = os.fork()
    if not child:
        try:
            work()
        except OutputError as error:
            print(error, flush=True)
            os._exit(error.exit_status)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(99)
        os._exit(0)
    return child

def status(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""


def _drive(script: str, *arguments: object) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", DRIVER + script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


WRITE_AT_ONCE = """
def several():
    for n in range(8):
        store.keep(study)
        assert len(store.studies()) > n
        store.rebuild()
print(sorted(status(child) for child in [forked(several) for _ in range(3)]))
"""


@POSIX
def test_several_write_at_once(store: Store, kept_study: Path) -> None:
    assert _drive(WRITE_AT_ONCE, kept_study, store.folder) == ["[0, 0, 0]"]
    assert len(store.studies()) == 24
    assert store.rebuild() == store.studies()
    assert not _hidden(store)


KILL = """
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dying_at(owner, name, nth):
    before, calls = getattr(owner, name), []
    def call(*arguments, **settings):
        calls.append(0)
        return die() if len(calls) == nth else before(*arguments, **settings)
    setattr(owner, name, call)

points = [
    *((os, "fsync", n) for n in (1, 2, 3, 4, 9)),
    (Path, "rename", 1),
    (keep, "_arrow", 7),
    (stores.Store, "_listed", 1),
    (stores, "_row", 1),
    (stores.sqlite3, "connect", 1),
]
for point in points:
    def killed():
        dying_at(*point)
        store.keep(study, tables=[1])
    print(point[1], point[2], status(forked(killed)), len(stores.Store(folder).studies()))
"""


@POSIX
def test_a_writer_may_be_killed_anywhere(store: Store, kept_study: Path, study: Study) -> None:
    lines = [line.split() for line in _drive(KILL, kept_study, store.folder)]
    assert {status for _, _, status, _ in lines} == {"-9"}
    # before it has its name, nothing is listed; from then on, a whole study
    listed = [int(n) for _, _, _, n in lines]
    assert listed == [0] * 7 + [1, 2, 3]
    assert len(_hidden(store)) == 7
    for listed_study in store.studies():
        assert store.load(listed_study.folder).replications == study.replications
        assert len(store.table(listed_study.folder, "services")) > 0
    assert len(store.rebuild()) == 3
    assert not _hidden(store)


def test_nothing_is_cleared_away_while_somebody_writes(store: Store, kept_study: Path) -> None:
    half = store.folder / f".half.{'0' * 32}"
    with store._writing():
        half.mkdir()
        store.rebuild()
        assert half.is_dir()
        os.utime(half, (0, 0))
        store.rebuild()
        assert not half.exists()


FULL = """
import resource
for size in (10, 1000, 3000, 6000):
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        store.keep(study, tables=[0, 1])
    print(status(forked(limited)))
"""


@POSIX
def test_files_that_may_not_grow(store: Store, kept_study: Path) -> None:
    lines = _drive(FULL, kept_study, store.folder)
    assert lines[1::2] == [str(OutputError.exit_status)] * 4
    assert all("cannot be written" in line for line in lines[0::2])
    assert store.studies() == ()
    assert not _hidden(store)


@contextlib.contextmanager
def _small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(tmp_path: Path, study: Study) -> None:
    with _small_disk(tmp_path / "disk", 256):
        store = Store(tmp_path / "disk")
        paths: set[Path] = set()
        with contextlib.suppress(OutputError):
            while len(paths) < 1000:
                paths.add(store.keep(study))
        with pytest.raises(OutputError, match="cannot be written"):
            store.keep(study)
        assert 0 < len(paths) < 1000
        assert set(_listed(store)) == paths
        assert not _hidden(store)
        answer = run_or_find(study.scenario, ["zone"], serve=lambda *_, **__: study, store=store)
        assert answer.study is study
        assert answer.problem is not None
        while len(paths) > 1:
            store.remove(paths.pop())
        assert set(_listed(store)) == paths
        paths.add(store.keep(study))
        assert set(_listed(store)) == paths
