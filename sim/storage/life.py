"""How long results are kept: an age and a size, after which the oldest go."""

from __future__ import annotations

import contextlib
import math
import shutil
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import OptionError
from sim.storage.limits import KEEP_DAYS, KEEP_GB, STORE_DAYS, STORE_GB, MachineLimit

DAY_S: Final = 86_400.0
GB: Final = 10**9


class Life(NamedTuple):
    """Until when something ended is kept; infinite = for ever.

    Attributes
    ----------
    days : float
        Since it ended.
    gigabytes : float
        Of all that is kept together; the oldest goes first.
    """

    days: float
    gigabytes: float


RUNS: Final = Life(KEEP_DAYS.default, KEEP_GB.default)
"""Of runs in the app, unless the environment says otherwise."""


STORED: Final = Life(math.inf, math.inf)
"""Of studies in a store, which is its owner's folder, unless the environment says otherwise."""


def life_of_runs() -> Life:
    """How long the app keeps runs: GOVHALL_KEEP_DAYS and GOVHALL_KEEP_GB; 0 = for ever.

    Raises
    ------
    OptionError
        For a setting that is no number, or below 0.
    """
    return Life(_bound(KEEP_DAYS), _bound(KEEP_GB))


def life_of_stored() -> Life:
    """How long a store keeps studies: GOVHALL_STORE_DAYS and GOVHALL_STORE_GB; 0 = for ever.

    Raises
    ------
    OptionError
        As `life_of_runs`.
    """
    return Life(_bound(STORE_DAYS), _bound(STORE_GB))


def life_or_default() -> Life:
    """As `life_of_runs`; where the environment says nothing that can be read, `RUNS`."""
    try:
        return life_of_runs()
    except OptionError:
        return RUNS


def _bound(limit: MachineLimit) -> float:
    return limit.read() or math.inf


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; what goes meanwhile is not counted."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size if not path.is_dir() else 0
    return total


def megabytes(size: int) -> str:
    """Bytes as they are told.

    Examples
    --------
    >>> megabytes(2_500_000)
    '2.5 MB'
    """
    return f"{size / 1e6:,.1f} MB"


def outlived(folders: Sequence[tuple[Path, float, int]], life: Life, now: float) -> list[Path]:
    """Which folders are to go, the oldest first.

    Parameters
    ----------
    folders
        Each with the second in which it ended and its bytes.
    now
        Seconds, as those.

    Examples
    --------
    >>> old, big = (Path("old"), 0.0, 1), (Path("big"), 5 * DAY_S, 9 * GB)
    >>> new = (Path("new"), 8 * DAY_S, GB)
    >>> [path.name for path in outlived([new, old, big], Life(7.0, 5.0), 9 * DAY_S)]
    ['old', 'big']
    """
    going: list[Path] = []
    left = sum(size for _, _, size in folders)
    for path, ended, size in sorted(folders, key=lambda row: row[1]):
        if now - ended > life.days * DAY_S or left > life.gigabytes * GB:
            going.append(path)
            left -= size
    return going


def remove_folder(folder: Path) -> None:
    """Take a folder away; it is gone at once, though its files go one by one.

    Raises
    ------
    OSError
        When it cannot be removed.
    """
    going = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def clear_leftovers(folder: Path) -> None:
    """Remove what broken-off writers and removers left in a folder a day ago or longer."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(".") and path.is_dir():
                with contextlib.suppress(OSError):
                    if time.time() - path.stat().st_mtime > DAY_S:
                        shutil.rmtree(path, ignore_errors=True)
