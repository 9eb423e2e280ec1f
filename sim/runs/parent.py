"""A worker process ends with the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Final

LOOK_S: Final = 1.0
"""Seconds between two looks at who the parent is, where the system gives no notice by itself."""
PR_SET_PDEATHSIG: Final = 1
"""Of Linux's prctl: which signal a process gets when its parent dies."""
ORPHANED_STATUS: Final = 1


def end_with_parent() -> None:
    """End this worker process when its parent is gone: killed at once, or however else.

    A thread watches the pipe that the parent holds, and who the parent is: another process that
    was started at the same time may hold the pipe too. Linux ends it also while a kernel works,
    which no thread of Python can.
    """
    parent, adopted_by = multiprocessing.parent_process(), os.getppid()
    if parent is None:
        return
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    def watch() -> None:
        while parent.is_alive() and os.getppid() == adopted_by:
            parent.join(LOOK_S)
        os._exit(ORPHANED_STATUS)

    threading.Thread(target=watch, daemon=True).start()
