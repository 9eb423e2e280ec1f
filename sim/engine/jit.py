"""The one typed door to numba.

Compiled code is kept on disk beside the package, or in the user's cache when that place cannot be
written; where neither can, it is compiled again in each process, which only costs time.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import numba
import numpy as np
from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")
OPTIONS: Final[Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays; it releases the interpreter's lock while it runs.

    `kernel(f).py_func` is the plain function. With NUMBA_DISABLE_JIT=1 it stays plain.
    Kernels allocate nothing, so nobody need count who holds an array; counting took a third of the
    fast engine's time.
    """
    compiled: Callable[P, R]
    try:
        compiled = numba.njit(function, cache=True, **OPTIONS)
    except RuntimeError:  # no place to keep compiled code
        compiled = numba.njit(function, **OPTIONS)
    with contextlib.suppress(AttributeError):  # compiled code holds parts of other files
        compiled._cache._cache_file._source_stamp = _sources()  # type: ignore[attr-defined]
    return compiled


@functools.cache
def _sources() -> tuple[tuple[str, float, int], ...]:
    """Name, time and size of every file that compiled code is made of."""
    package = Path(__file__).parent.parent
    files = [*package.glob("engine/*.py"), *package.glob("plan/*.py"), package / "clock.py"]
    with contextlib.suppress(OSError):
        found = [(path.name, path.stat()) for path in sorted(files)]
        return tuple((name, stat.st_mtime, stat.st_size) for name, stat in found)
    return ()


def is_kept(function: Callable[P, R]) -> bool:
    """Whether compiled code of a kernel lies on disk, so that its first call need not compile.

    Also true when that cannot be known: it only decides whether a wait is announced.
    """
    try:
        index = function._cache._cache_file._load_index  # type: ignore[attr-defined]
        return bool(index())
    except (AttributeError, OSError):
        return True


def shared(function: Callable[P, R]) -> Callable[P, R]:
    """A plain Python function that kernels may call too: one decision, written once."""
    return register_jitable(function)


def whole(value: int) -> int:
    """A constant that kernels take for a variable: each literal would be compiled for itself."""
    return np.int64(value)  # type: ignore[return-value]
