"""A lock that a process holds while it lives, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


def take_lock(file: IO[bytes]) -> bool:
    """Lock a file for this process until it is closed; false when another process holds it.

    The lock is the process's own: it is not handed on to forked children, and the system drops it
    however the process ends.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def lock_held(path: Path) -> bool:
    """Whether another process holds the lock of a file."""
    if not path.exists():
        return False
    with path.open("r+b") as file:
        return not take_lock(file)
