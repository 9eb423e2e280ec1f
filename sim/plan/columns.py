"""Columns made of plain numbers: whole numbers, offsets of rows of different length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.arrays import Floats, Ints


def floats(values: Iterable[float]) -> Floats:
    """Numbers as a column.

    Examples
    --------
    >>> floats(n for n in (3, 1))
    array([3., 1.])
    """
    return np.array(list(values), dtype=np.float64)


def integers(values: Iterable[int]) -> Ints:
    """Whole numbers as a column.

    Examples
    --------
    >>> integers(n for n in (3, 1))
    array([3, 1])
    """
    return np.array(list(values), dtype=np.int64)


def offsets_of(counts: Sequence[int] | Ints) -> Ints:
    """Where each of several rows of different length starts, and where the last one ends.

    Examples
    --------
    >>> offsets_of([2, 0, 3])
    array([0, 2, 2, 5])
    """
    return np.concatenate([[0], np.cumsum(np.asarray(counts, dtype=np.int64))])
