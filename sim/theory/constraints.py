"""Linear constraints of an integer programme, written one by one."""

from __future__ import annotations

from collections.abc import Sequence

from scipy import sparse
from scipy.optimize import LinearConstraint


class Constraints:
    """Rows of a sparse matrix.

    Examples
    --------
    >>> rows = Constraints()
    >>> rows.add([0, 2], [1.0, -1.0], 0.0, 5.0)
    >>> rows.constraint(3).A.toarray()
    array([[ 1.,  0., -1.]])
    """

    def __init__(self) -> None:
        self._row: list[int] = []
        self._column: list[int] = []
        self._value: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []

    def add(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        """One constraint: low ≤ Σ values · columns ≤ high."""
        self._row += [len(self._low)] * len(columns)
        self._column += columns
        self._value += values
        self._low.append(low)
        self._high.append(high)

    def constraint(self, n_columns: int) -> LinearConstraint:
        """All of them."""
        matrix = sparse.coo_array(
            (self._value, (self._row, self._column)), shape=(len(self._low), n_columns)
        )
        return LinearConstraint(matrix.tocsr(), self._low, self._high)
