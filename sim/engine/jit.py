"""The one typed door to numba.

Compiled code is kept on disk beside the package, or in the user's cache when that place cannot be
written; where neither can, it is compiled again in each process, which only costs time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba
import numpy as np
from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays; it releases the interpreter's lock while it runs.

    `kernel(f).py_func` is the plain function. With NUMBA_DISABLE_JIT=1 it stays plain.
    """
    try:
        return numba.njit(function, cache=True, nogil=True, error_model="numpy")  # type: ignore[return-value]
    except RuntimeError:  # no place to keep compiled code
        return numba.njit(function, nogil=True, error_model="numpy")  # type: ignore[return-value]


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
