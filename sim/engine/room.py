"""Memory that a thread uses again from run to run.

Large arrays that are asked of the system anew for every run cost as much as filling them, and make
threads wait for each other. What is taken here holds nothing of the run before, and is given back
when the next run begins.
"""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np
import numpy.typing as npt

LARGEST: Final = 1 << 26
"""Bytes of the largest array that is kept: runs of years are asked of the system each time."""


class Room(threading.local):
    """Arrays in the order in which they are asked for, a set for each thread.

    Examples
    --------
    >>> room = Room()
    >>> room.clear()
    >>> one = room.full(3, 7, np.int64)
    >>> room.clear()
    >>> other = room.full(2, 0, np.int64)
    >>> other.tolist(), np.shares_memory(one, other)
    ([0, 0], True)
    """

    def __init__(self) -> None:
        self._kept: list[npt.NDArray[Any]] = []
        self._used = 0

    def clear(self) -> None:
        """Take back all that was given."""
        self._used = 0

    def empty(self, n: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """An array of so many entries that say nothing."""
        if n * np.dtype(kind).itemsize > LARGEST:
            return np.empty(n, kind)
        place, self._used = self._used, self._used + 1
        if place == len(self._kept):
            self._kept.append(np.empty(n, kind))
        array = self._kept[place]
        if len(array) < n or array.dtype != kind:
            array = self._kept[place] = np.empty(n, kind)
        return array[:n]

    def full(self, n: int, value: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """An array of so many entries of one value."""
        array = self.empty(n, kind)
        array.fill(value)
        return array
