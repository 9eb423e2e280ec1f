"""What a verdict hangs on: saved beside the study it is about, or in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from sim.questions.turning import Turning
from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import DAMAGE, unreadable, write_file, write_folder

TURNING: Final = "turning.json"


def add_turning(turning: Turning, folder: Path) -> None:
    """Write it beside a saved study.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    write_file(folder / TURNING, _text(turning))


def find_turning(folder: Path) -> Turning | None:
    """What is saved beside a study; None when nobody asked.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    return load_turning(folder) if (folder / TURNING).is_file() else None


def save_turning(turning: Turning, folder: Path) -> None:
    """Write it into a new folder, complete or not at all.

    Raises
    ------
    OutputError
        When the folder exists already or cannot be written.
    """
    write_folder(folder, {TURNING: _text(turning)})


def load_turning(folder: Path) -> Turning:
    """Read it, from either place.

    Raises
    ------
    ResultError
        When it is not there or cannot be read.
    """
    path = folder / TURNING
    try:
        return read_plain(Turning, json.loads(path.read_text(encoding="utf-8")))
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None


def _text(turning: Turning) -> bytes:
    return json.dumps(to_plain(turning), indent=1).encode()
