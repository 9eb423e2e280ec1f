"""Backups hold all that is kept and nothing else; restoring is whole, or changes nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.command import backups
from sim.drafting.answers import HallAnswers
from sim.errors import HallError, OutputError, ResultError
from sim.storage.backup import BACKUP_FORMAT, LIST, UNITS, unit_of, write_backup
from sim.storage.job_folder import LOCK, PID
from sim.storage.restore import EXISTING, restore_backup
from sim.storage.study_card import StudyCard, write_card
from sim.text import LANGUAGES, load_text
from sim.web.change import Source
from sim.web.kept_halls import keep_hall, kept_halls
from sim.web.tables import keep_tables
from sim.web.uploads import keep_file, kept_file

READER = "ab" * 16
JOB = "20250101-080000-abcdefabcdef0123"
STUDY = f"runs/{JOB}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study with its card, one that waits, a hall, an upload with a table."""
    home = tmp_path / "home"
    monkeypatch.setenv("GOVHALL_HOME", str(home))
    put(home / STUDY / "request.json", "{}")
    put(home / STUDY / "scenario.json", "{}")
    put(home / STUDY / "result" / "curve.json", "a curve")
    put(home / STUDY / "result" / "bundled" / "tallies.npz", "tallies")
    put(home / STUDY / LOCK, "")
    put(home / STUDY / PID, "77")
    write_card(home / STUDY, StudyCard("窗口", "for Monday"))
    put(home / "runs" / f"{JOB}aa" / "request.json", "{}")
    keep_hall(READER, "小厅", HallAnswers("county"))
    keep_file(Source("own.yaml", "x: 1", keep_tables({"人员.csv": b"time\n"})))
    return home


def put(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")


def files_of(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file()
    }


def pack(home: Path) -> Path:
    out = home.parent / "all.zip"
    write_backup(home, out)
    return out


def repacked(backup: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The same backup with its members changed, the list left as it is unless it is changed."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return backup


def codes(error: HallError) -> list[tuple[str, str]]:
    return [(problem.code, problem.found) for problem in error.problems]


# === what a backup holds === #


def test_everything_kept_comes_back_on_another_machine(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = write_backup(home, tmp_path / "all.zip")
    assert (count.studies, count.halls, count.uploads) == (1, 1, 2)
    assert count.size == (tmp_path / "all.zip").stat().st_size
    new = tmp_path / "new"
    assert restore_backup(new, tmp_path / "all.zip").brought == 4
    before, after = files_of(home), files_of(new)
    lost = before.keys() - after.keys()
    assert lost == {f"{STUDY}/{LOCK}", f"{STUDY}/{PID}", f"runs/{JOB}aa/request.json"}
    assert after == {name: before[name] for name in after}
    monkeypatch.setenv("GOVHALL_HOME", str(new))
    assert [hall.name for hall in kept_halls(READER)] == ["小厅"]
    [path] = (new / "files").glob("*.json")
    assert kept_file(path.stem) is not None


def test_folders_of_the_app_are_those_of_a_backup(home: Path) -> None:
    """But for the chosen view, which is set again with one click."""
    assert {path.name for path in home.iterdir()} == {"runs", "halls", "files"}
    assert set(UNITS) == {"studies", "halls", "files", "tables"}


def test_nothing_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(ResultError) as refused:
        write_backup(tmp_path / "none", tmp_path / "all.zip")
    assert codes(refused.value) == [("nothing_to_back_up", str(tmp_path / "none"))]
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_cannot_be_written_leaves_nothing(home: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_backup(home, tmp_path / "missing" / "all.zip")
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        f"{STUDY}/result/../../../x",
        f"{STUDY}/result",
        f"{STUDY}/lock",
        f"{STUDY}/error.json",
        f"{STUDY}/result/.hidden",
        f"{STUDY}\\result\\x",
        f"{STUDY}/result/c:x",
        f"halls/{READER}/../x.json",
        f"halls/{READER}/{'a' * 16}.json/x",
        f"files/{'a' * 40}.json\n",
        f"files/tables/{'a' * 40}/..",
        f"files/tables/{'a' * 40}/a/b",
        "runs/x/request.json",
        f"./{STUDY}/request.json",
        f"{STUDY}//request.json",
    ],
)
def test_a_path_elsewhere_belongs_to_nothing(path: str) -> None:
    assert unit_of(path) is None


# === restoring === #


def test_twice_is_once(home: Path) -> None:
    backup, before = pack(home), files_of(home)
    assert restore_backup(home, backup) == (0, 4, 0, 0)
    assert files_of(home) == before


def test_nothing_is_overwritten_unasked_and_all_differences_are_told(home: Path) -> None:
    backup = pack(home)
    write_card(home / STUDY, StudyCard("renamed"))
    hall = next((home / "halls").rglob("*.json"))
    put(hall, "{}")
    before = files_of(home)
    with pytest.raises(ResultError) as refused:
        restore_backup(home, backup)
    differing = [hall.relative_to(home).as_posix(), STUDY]
    assert codes(refused.value) == [("backup_differs", path) for path in differing]
    assert files_of(home) == before


def test_what_differs_is_kept_or_replaced_as_said(home: Path) -> None:
    backup, before = pack(home), files_of(home)
    write_card(home / STUDY, StudyCard("renamed"))
    put(home / STUDY / "result" / "turning.json", "{}")
    (home / "files" / "tables").rename(home / "away")
    shutil.rmtree(home / "away")
    changed = files_of(home)
    assert restore_backup(home, backup, "keep") == (1, 2, 1, 0)
    assert {**before, **changed} == files_of(home)
    assert restore_backup(home, backup, "replace") == (0, 3, 0, 1)
    after = files_of(home)
    assert after == {name: before[name] for name in after}
    assert f"{STUDY}/result/turning.json" not in after


def test_all_faults_are_told_at_once_and_nothing_is_changed(home: Path, tmp_path: Path) -> None:
    backup = pack(home)
    hall = next(name for name in files_of(home) if name.startswith("halls/"))

    def spoil(members: dict[str, bytes]) -> None:
        members["../outside.txt"] = b"x"
        members[f"{STUDY}/request.json"] += b" "
        members[f"{STUDY}/result/more.json"] = b"{}"
        del members[hall]

    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", repacked(backup, spoil))
    assert sorted(codes(refused.value)) == [
        ("backup_damaged", hall),
        ("backup_damaged", f"{STUDY}/request.json"),
        ("backup_damaged", f"{STUDY}/result/more.json"),
        ("backup_foreign", "../outside.txt"),
    ]
    assert not list((tmp_path / "new").iterdir())
    assert not (tmp_path / "outside.txt").exists()


def test_a_study_without_a_result_is_not_put_in_the_queue(home: Path, tmp_path: Path) -> None:
    def unfinished(members: dict[str, bytes]) -> None:
        listed = json.loads(members[LIST])
        for name in [name for name in members if "/result/" in name]:
            del members[name], listed["files"][name]
        members[LIST] = json.dumps(listed).encode()

    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", repacked(pack(home), unfinished))
    assert codes(refused.value) == [("backup_damaged", STUDY)]


def test_a_member_may_not_be_larger_than_it_says(home: Path, tmp_path: Path) -> None:
    """What is unpacked ends where the list ends: a small file cannot fill the disk."""

    def bomb(members: dict[str, bytes]) -> None:
        members[f"{STUDY}/request.json"] = b"0" * 50_000_000

    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", repacked(pack(home), bomb))
    assert codes(refused.value) == [("backup_damaged", f"{STUDY}/request.json")]


def test_another_format_is_told(home: Path, tmp_path: Path) -> None:
    def later(members: dict[str, bytes]) -> None:
        members[LIST] = json.dumps(json.loads(members[LIST]) | {"format": 9}).encode()

    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", repacked(pack(home), later))
    [problem] = refused.value.problems
    assert (problem.code, problem.found) == ("backup_format", "9")
    assert problem.allowed == str(BACKUP_FORMAT)


@pytest.mark.parametrize("content", [b"", b"PK", b"\x00" * 400])
def test_what_is_no_backup_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", tmp_path / "x.zip")
    assert codes(refused.value) == [("no_backup", str(tmp_path / "x.zip"))]


@pytest.mark.parametrize("listed", [b"", b"[]", b'{"format": 1}', b'{"format": 1, "files": 3}'])
def test_a_damaged_list_is_told(home: Path, tmp_path: Path, listed: bytes) -> None:
    backup = repacked(pack(home), lambda members: members.update({LIST: listed}))
    with pytest.raises(ResultError) as refused:
        restore_backup(tmp_path / "new", backup)
    assert codes(refused.value) == [("no_backup", str(backup))]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_backup_cut_short_changes_nothing(home: Path, tmp_path: Path, cut: float) -> None:
    backup = pack(home)
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(ResultError):
        restore_backup(tmp_path / "new", backup)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_told_before_anything_is_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = pack(home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(OutputError) as refused:
        restore_backup(tmp_path / "new", backup)
    assert codes(refused.value) == [("disk_full", "0.0 MB")]
    assert not (tmp_path / "new").exists()


def test_what_cannot_be_replaced_is_still_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = pack(home)
    write_card(home / STUDY, StudyCard("renamed"))
    before, rename = files_of(home), Path.rename

    def fail_at_the_study(path: Path, to: Path) -> Path:
        if ".restore." in str(path) and to == home / STUDY and "replaced-" not in path.name:
            raise OSError
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail_at_the_study)
    with pytest.raises(OutputError) as refused:
        restore_backup(home, backup, "replace")
    assert codes(refused.value) == [("unwritable_folder", str(home))]
    assert files_of(home) == before


# === the command line === #


def test_the_command_takes_what_restoring_understands() -> None:
    assert backups.EXISTING == EXISTING


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_commands_say_what_they_did(
    home: Path, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = home.parent / "out.zip"
    for command in (["backup", str(out)], ["restore", str(out)]):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--lang", language])
        assert ended.value.code == 0
    printed, errors = capsys.readouterr()
    text = load_text("zh" if language == "zh" else "en")
    counts = {"brought": 0, "equal": 4, "left": 0, "replaced": 0}
    assert printed == text("cli.restored", home=home, **counts) + "\n"
    assert str(out) in errors
    write_card(home / STUDY, StudyCard("renamed"))
    with pytest.raises(SystemExit) as ended:
        main(["restore", str(out), "--lang", language])
    assert ended.value.code == 1
    assert "--existing keep" in capsys.readouterr().err
