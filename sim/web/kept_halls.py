"""Halls that readers described, kept in a folder of each reader: no address leads to them."""

from __future__ import annotations

import json
import re
import secrets
import time
from pathlib import Path
from typing import Final, NamedTuple

from sim.drafting.answers import HallAnswers
from sim.storage.jobs import default_home
from sim.storage.keep import DAMAGE, write_file
from sim.storage.life import Life, life_or_default, outlived
from sim.web.reader import MARK

MOST_HALLS: Final = 100
"""Of one reader; the oldest goes first."""
MOST_GB: Final = 0.1
"""Of all readers together."""


class KeptHall(NamedTuple):
    """A hall that a reader has saved."""

    id: str
    name: str
    answers: HallAnswers
    saved_at: float
    """Seconds since 1970."""


def halls_folder() -> Path:
    """Where the folders of all readers are."""
    return default_home() / "halls"


def kept_halls(reader: str) -> list[KeptHall]:
    """Halls of a reader, the newest first; what cannot be read is left out."""
    folder = halls_folder() / reader
    if not MARK.fullmatch(reader) or not folder.is_dir():
        return []
    halls = []
    for path in folder.glob("*.json"):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            answers = HallAnswers.from_data(data["answers"])
            halls.append(KeptHall(path.stem, str(data["name"]), answers, path.stat().st_mtime))
        except (*DAMAGE, AttributeError):
            continue
    return sorted(halls, key=lambda hall: (-hall.saved_at, hall.id))


def keep_hall(reader: str, name: str, answers: HallAnswers) -> str:
    """Keep a hall of a reader under a name, in place of the one of that name.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    halls = kept_halls(reader)
    id_ = next((hall.id for hall in halls if hall.name == name), secrets.token_hex(8))
    data = {"name": name, "answers": answers.data()}
    path = _path(reader, id_)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, json.dumps(data, ensure_ascii=False).encode())
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
