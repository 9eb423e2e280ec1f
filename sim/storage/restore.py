"""A backup brought back: checked as a whole first, then laid beside what is kept already."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

from sim.errors import OutputError, Problem, ResultError
from sim.storage.backup import BACKUP_FORMAT, LIST, FileStamp, KeptUnit, stamp_of, unit_of
from sim.storage.codec import read_plain
from sim.storage.job_folder import RESULT
from sim.storage.keep import DAMAGE, SCENARIO
from sim.storage.life import megabytes
from sim.storage.request import REQUEST

Existing = Literal["keep", "replace"]
EXISTING: Final[tuple[Existing, ...]] = get_args(Existing)
"""What becomes of what is kept already and differs from the backup."""
LARGEST_LIST: Final = 256 * 2**20
"""Bytes of the list of a backup; a million files need 200 MB."""
CHUNK: Final = 2**20
UNSOUND: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError),
)
"""What unpacking a file may raise that was damaged, or packed by others."""


class RestoreCount(NamedTuple):
    """Studies, halls and files of a backup, by what became of them."""

    brought: int
    """Were not there."""
    equal: int
    """Were there as in the backup."""
    left: int
    """Were there otherwise, and stayed so."""
    replaced: int
    """Were there otherwise."""


class OpenBackup(NamedTuple):
    """A backup that was opened: its files by what they belong to."""

    zip: zipfile.ZipFile
    units: Mapping[KeptUnit, Mapping[str, FileStamp]]


def restore_backup(home: Path, file: Path, existing: Existing | None = None) -> RestoreCount:
    """Bring back what a backup holds; nothing is changed unless all of it is sound.

    Parameters
    ----------
    existing
        What becomes of a study, hall or file that is there and differs; None: it is a fault.

    Raises
    ------
    ResultError
        `no_backup`, `backup_format` for what is none that this version reads; `backup_foreign`,
        `backup_damaged`, `backup_differs`, each as often as it occurs.
    OutputError
        `disk_full`, or when the home cannot be written.
    """
    try:
        opened = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile):
        raise ResultError(Problem("no_backup", found=str(file))) from None
    with opened:
        archive, problems = _checked(opened, file)
        try:
            differing = {
                unit for unit, files in archive.units.items() if _differs(home, unit, files)
            }
            if existing is None:
                differ = (Problem("backup_differs", found=unit.path) for unit in sorted(differing))
                problems.extend(differ)
            _room_for(home, archive)
            return _restored(home, archive, problems, differing, existing)
        except OSError:
            raise OutputError(Problem("unwritable_folder", found=str(home))) from None


def _checked(opened: zipfile.ZipFile, file: Path) -> tuple[OpenBackup, list[Problem]]:
    """What a backup holds, and which of its files are none of ours, missing or doubled."""
    stamps = _read_list(opened, file)
    names = Counter(info.filename for info in opened.infolist())
    units: dict[KeptUnit, dict[str, FileStamp]] = {}
    problems = []
    for name in sorted({*names, *stamps} - {LIST}):
        unit = unit_of(name)
        if unit is None:
            problems.append(Problem("backup_foreign", found=name))
        elif names[name] != 1 or name not in stamps:
            problems.append(Problem("backup_damaged", found=name))
        else:
            units.setdefault(unit, {})[name] = stamps[name]
    for unit, files in units.items():
        parts = {name.removeprefix(f"{unit.path}/").split("/")[0] for name in files}
        if unit.kind == "studies" and not parts >= {REQUEST, SCENARIO, RESULT}:
            # what has no result would be taken for a job that waits, and run
            problems.append(Problem("backup_damaged", found=unit.path))
    return OpenBackup(opened, units), problems


def _read_list(opened: zipfile.ZipFile, file: Path) -> dict[str, FileStamp]:
    try:
        with opened.open(LIST) as member:
            data = json.loads(member.read(LARGEST_LIST))
        made_as = data["format"]
        stamps = read_plain(dict[str, FileStamp], data["files"])
    except DAMAGE:
        raise ResultError(Problem("no_backup", found=str(file))) from None
    if made_as != BACKUP_FORMAT:
        allowed = str(BACKUP_FORMAT)
        raise ResultError(Problem("backup_format", found=str(made_as)[:40], allowed=allowed))
    return stamps


def _differs(home: Path, unit: KeptUnit, files: Mapping[str, FileStamp]) -> bool:
    """Whether something is there that is not as in the backup."""
    place = home / unit.path
    if not place.exists():
        return False
    paths = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    present = {path.relative_to(home).as_posix(): path for path in paths}
    ours = {name: path for name, path in present.items() if unit_of(name) == unit}
    return {name: stamp_of(path.read_bytes()) for name, path in ours.items()} != files


def _room_for(home: Path, archive: OpenBackup) -> None:
    """Complain where the disk has no room for all that is in a backup."""
    needed = sum(stamp.size for files in archive.units.values() for stamp in files.values())
    nearest = next(folder for folder in (home, *home.resolve().parents) if folder.is_dir())
    free = shutil.disk_usage(nearest).free
    if needed > free:
        raise OutputError(Problem("disk_full", found=megabytes(free), allowed=megabytes(needed)))


def _restored(
    home: Path,
    archive: OpenBackup,
    problems: list[Problem],
    differing: set[KeptUnit],
    existing: Existing | None,
) -> RestoreCount:
    """Unpack beside the home, check what was unpacked, and only then move it in."""
    home.mkdir(parents=True, exist_ok=True)
    staged = home / f".restore.{uuid.uuid4().hex}"
    count = Counter[str]()
    try:
        for files in archive.units.values():
            for name, stamp in files.items():
                if not _unpack(archive.zip, name, stamp, staged / name):
                    problems.append(Problem("backup_damaged", found=name))
        if problems:
            raise ResultError(problems)
        for unit in archive.units:
            count[_move_in(home, staged, unit, unit in differing, existing)] += 1
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return RestoreCount(count["brought"], count["equal"], count["left"], count["replaced"])


def _unpack(opened: zipfile.ZipFile, name: str, stamp: FileStamp, to: Path) -> bool:
    """Unpack a file, no more of it than the list says; whether it is the file that was put in."""
    digest, left = hashlib.sha256(), stamp.size
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as out:
        try:
            with opened.open(name) as member:
                while left >= 0 and (chunk := member.read(min(CHUNK, left + 1))):
                    left -= len(chunk)
                    digest.update(chunk)
                    out.write(chunk)
        except UNSOUND:
            return False
    return left == 0 and digest.hexdigest() == stamp.sha256


def _move_in(
    home: Path, staged: Path, unit: KeptUnit, differs: bool, existing: Existing | None
) -> str:
    """Move a unit to its place; what became of it."""
    place, new = home / unit.path, staged / unit.path
    is_there = place.exists()
    if is_there and not differs:
        return "equal"
    if is_there and existing == "keep":
        return "left"
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = staged / f"replaced-{uuid.uuid4().hex}"
    if is_there:
        place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        if is_there:  # else it would be cleared away with what was unpacked
            aside.rename(place)
        raise
    return "replaced" if is_there else "brought"
