"""Whether two plans, or parts of them, hold the same numbers."""

from __future__ import annotations

import numpy as np


def is_same_plan(first: object, second: object) -> bool:
    """Whether two parts of plans hold the same numbers, whatever they were compiled from.

    Examples
    --------
    >>> part = (1, np.array([2, 3]))
    >>> is_same_plan(part, (1, np.array([2, 3]))), is_same_plan(part, (1, np.array([2, 4])))
    (True, False)
    """
    if first is second:
        return True
    if isinstance(first, np.ndarray):
        return isinstance(second, np.ndarray) and np.array_equal(first, second)
    if isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second):
        return all(is_same_plan(a, b) for a, b in zip(first, second, strict=True))
    return first == second
