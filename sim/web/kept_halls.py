"""Halls that readers described, or learned from a log, kept in a folder of each reader: no address
leads to them."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.drafting.answers import HallAnswers
from sim.storage.jobs import default_home
from sim.storage.keep import DAMAGE, write_file
from sim.storage.life import Life, life_or_default, outlived
from sim.web.reader import MARK

MOST_HALLS: Final = 100
"""Of one reader and one kind; the oldest goes first."""
MOST_GB: Final = 0.1
"""Of all readers together."""


class KeptHall(NamedTuple):
    """A hall that a reader has saved."""

    id: str
    name: str
    answers: HallAnswers
    saved_at: float
    """Seconds since 1970."""


class KeptScenario(NamedTuple):
    """A hall that a reader has learned from a log and saved; the log itself is not kept."""

    id: str
    name: str
    words: str
    """The scenario file."""
    saved_at: float


def halls_folder() -> Path:
    """Where the folders of all readers are."""
    return default_home() / "halls"


def kept_halls(reader: str) -> list[KeptHall]:
    """Halls that a reader described, the newest first; what cannot be read is left out."""
    halls = []
    for path, data in _files(reader):
        try:
            answers = HallAnswers.from_data(data["answers"])
            halls.append(KeptHall(path.stem, str(data["name"]), answers, path.stat().st_mtime))
        except (*DAMAGE, AttributeError):
            continue
    return sorted(halls, key=lambda hall: (-hall.saved_at, hall.id))


def kept_scenarios(reader: str) -> list[KeptScenario]:
    """Halls that a reader learned from logs, as `kept_halls`."""
    halls = []
    for path, data in _files(reader):
        try:
            words = str(data["scenario"])
            halls.append(KeptScenario(path.stem, str(data["name"]), words, path.stat().st_mtime))
        except DAMAGE:
            continue
    return sorted(halls, key=lambda hall: (-hall.saved_at, hall.id))


def _files(reader: str) -> Iterator[tuple[Path, Any]]:
    folder = halls_folder() / reader
    if not MARK.fullmatch(reader) or not folder.is_dir():
        return
    for path in folder.glob("*.json"):
        try:
            yield path, json.loads(path.read_text(encoding="utf-8"))
        except DAMAGE:
            continue


def keep_hall(reader: str, name: str, content: HallAnswers | str) -> str:
    """Keep a hall of a reader under a name, in place of the one of that name and kind.

    Parameters
    ----------
    content
        Answers, or the file of a scenario.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    is_file = isinstance(content, str)
    halls: Sequence[KeptHall | KeptScenario] = (kept_scenarios if is_file else kept_halls)(reader)
    id_ = next((hall.id for hall in halls if hall.name == name), secrets.token_hex(8))
    part = {"scenario": content} if isinstance(content, str) else {"answers": content.data()}
    path = _path(reader, id_)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, json.dumps({"name": name, **part}, ensure_ascii=False).encode())
    for hall in [hall for hall in halls if hall.id != id_][MOST_HALLS - 1 :]:
        delete_hall(reader, hall.id)
    _clear()
    return id_


def delete_hall(reader: str, id_: str) -> None:
    """Take a hall of a reader away."""
    _path(reader, id_).unlink(missing_ok=True)


def _path(reader: str, id_: str) -> Path:
    if not MARK.fullmatch(reader) or not ID.fullmatch(id_):
        raise OSError(id_)
    return halls_folder() / reader / f"{id_}.json"


ID: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)


def _clear() -> None:
    """Take away what has outlived what runs live."""
    files = [
        (path, path.stat().st_mtime, path.stat().st_size) for path in halls_folder().glob("*/*")
    ]
    for path in outlived(files, Life(life_or_default().days, MOST_GB), time.time()):
        path.unlink(missing_ok=True)
