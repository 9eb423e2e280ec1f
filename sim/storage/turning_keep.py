"""What a verdict hangs on, saved beside the study whose verdict it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from sim.questions.turning import Turning
from sim.storage.codec import read_plain, to_plain
from sim.storage.keep import DAMAGE, unreadable, write_file

TURNING: Final = "turning.json"


def save_turning(turning: Turning, folder: Path) -> None:
    """Write it beside a saved study.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    write_file(folder / TURNING, json.dumps(to_plain(turning), indent=1).encode())


def load_turning(folder: Path) -> Turning | None:
    """What is saved beside a study; None when nobody asked.

    Raises
    ------
    ResultError
        When it cannot be read.
    """
    path = folder / TURNING
    if not path.is_file():
        return None
    try:
        return read_plain(Turning, json.loads(path.read_text(encoding="utf-8")))
    except DAMAGE as error:
        raise unreadable(path, type(error).__name__) from None
