"""Answers so far of a job that still runs: the newest is shown, and kept where it is cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sim.storage.life import remove_folder

EARLY: Final = "early"
NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
READ: Final = 2
"""Newest ones that stay, as somebody may be reading the one before the last."""


def keep_early(folder: Path, number: int, save: Callable[[Path], object]) -> None:
    """Keep an answer so far of a job, and take away older ones.

    Parameters
    ----------
    folder
        Of the job.
    number
        It is the so manyth.
    save
        Writes it into a new folder, complete or not at all.
    """
    (folder / EARLY).mkdir(exist_ok=True)
    save(folder / EARLY / f"{number:06d}")
    for older in _early_answers(folder)[:-READ]:
        remove_folder(older)


def newest_early(folder: Path) -> Path | None:
    """The newest answer so far of a job; None where there is none."""
    answers = _early_answers(folder)
    return answers[-1] if answers else None


def _early_answers(folder: Path) -> list[Path]:
    """In their order."""
    if not (folder / EARLY).is_dir():
        return []
    return sorted(path for path in (folder / EARLY).iterdir() if NUMBER.fullmatch(path.name))
