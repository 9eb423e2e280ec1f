"""What readers keep on a machine, in one file: studies, halls, uploaded files."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import OutputError, Problem, ResultError
from sim.storage.job_folder import ID, RESULT
from sim.storage.keep import unreadable
from sim.version import VERSION

BACKUP_FORMAT: Final = 1
"""Goes up when a backup of before can no longer be restored."""
LIST: Final = "backup.json"
"""Member that lists all others with their checksums."""
MARK: Final = r"[0-9a-f]{32}"
"""A reader, as written down."""
SEGMENT: Final = r'[^\x00-\x1f/\\:*?"<>|.][^\x00-\x1f/\\:*?"<>|]*'
"""Name of a file on any system; none that is hidden or leads upwards."""
UNITS: Final = {
    "studies": (
        rf"runs/{ID.pattern}",
        rf"/(?:(?:request|scenario|card)\.json|progress\.jsonl|worker\.log"
        rf"|{RESULT}(?:/{SEGMENT})+)",
    ),
    "halls": (rf"halls/{MARK}/[0-9a-f]{{16}}\.json", ""),
    "files": (r"files/[0-9a-f]{40}\.json", ""),
    "tables": (r"files/tables/[0-9a-f]{40}", rf"/{SEGMENT}"),
}
"""Kind of what is kept -> path below the home of what is restored as a whole, and files in it."""


class KeptUnit(NamedTuple):
    """What is restored as a whole or not at all: a study, a hall, an uploaded file."""

    kind: str
    path: str
    """Below the home, parts divided by `/`."""


class FileStamp(NamedTuple):
    """What a backup says of a file in it."""

    sha256: str
    size: int
    """Bytes."""


class BackupCount(NamedTuple):
    """What was put into a backup."""

    studies: int
    halls: int
    uploads: int
    size: int
    """Bytes of the file."""


def unit_of(path: str) -> KeptUnit | None:
    """What a file belongs to; None for a path at which nothing of ours is kept.

    Examples
    --------
    >>> unit_of("files/" + "a" * 40 + ".json").kind
    'files'
    >>> unit_of("runs/20250101-000000-abcdefabcdef/result/../../x") is None
    True
    """
    for kind, (whole, inside) in UNITS.items():
        match = re.fullmatch(f"({whole}){inside}", path, re.ASCII)
        if match is not None:
            return KeptUnit(kind, match[1])
    return None


def units_of(home: Path) -> dict[KeptUnit, list[Path]]:
    """All that is kept below a home, with the files of each, sorted; of jobs the finished ones."""
    units: dict[KeptUnit, list[Path]] = {}
    for kind_folder in ("runs", "halls", "files"):
        for path in sorted((home / kind_folder).rglob("*")):
            unit = unit_of(path.relative_to(home).as_posix())
            if unit is not None and path.is_file() and not path.is_symlink():
                units.setdefault(unit, []).append(path)
    return {
        unit: paths
        for unit, paths in units.items()
        if unit.kind != "studies" or (home / unit.path / RESULT).is_dir()
    }


def write_backup(home: Path, out: Path) -> BackupCount:
    """Write all that is kept below a home into a file, which appears complete or not at all.

    The app may run meanwhile; what a reader deletes while it is read is left out.

    Raises
    ------
    ResultError
        `nothing_to_back_up` when nothing is kept there; `unreadable_study`.
    OutputError
        When the file cannot be written.
    """
    units = units_of(home)
    if not units:
        raise ResultError(Problem("nothing_to_back_up", found=str(home)))
    making = out.with_name(f".{out.name}.{uuid.uuid4().hex}")
    stamps: dict[str, FileStamp] = {}
    counted: list[KeptUnit] = []
    try:
        with zipfile.ZipFile(making, "x", zipfile.ZIP_DEFLATED) as archive:
            for unit, paths in units.items():
                contents = _read(paths)
                if contents is None:
                    continue
                counted.append(unit)
                for path, content in zip(paths, contents, strict=True):
                    name = path.relative_to(home).as_posix()
                    stamps[name] = stamp_of(content)
                    archive.writestr(name, content)
            archive.writestr(LIST, _list_text(stamps))
        making.replace(out)
        size = out.stat().st_size
    except OSError:
        raise OutputError(Problem("unwritable_output", found=str(out))) from None
    finally:
        making.unlink(missing_ok=True)
    studies, halls = (sum(unit.kind == kind for unit in counted) for kind in ("studies", "halls"))
    return BackupCount(studies, halls, len(counted) - studies - halls, size)


def _read(paths: list[Path]) -> list[bytes] | None:
    """What files hold; None where somebody has just taken them away."""
    contents = []
    for path in paths:
        try:
            contents.append(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(path, type(error).__name__) from None
    return contents


def stamp_of(content: bytes) -> FileStamp:
    """What is said of a file of that content."""
    return FileStamp(hashlib.sha256(content).hexdigest(), len(content))


def _list_text(stamps: dict[str, FileStamp]) -> str:
    data = {
        "format": BACKUP_FORMAT,
        "version": VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: [*stamp] for name, stamp in stamps.items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=1)
