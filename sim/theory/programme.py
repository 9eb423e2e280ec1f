"""Integer programmes, written column by column and row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp


class IntegerProgramme:
    """Least cost of columns of which some are whole numbers, under linear constraints.

    Attributes
    ----------
    cost : list of float
        Of one unit of each column.

    Examples
    --------
    Five of two kinds, the cheaper one at most three times:

    >>> programme = IntegerProgramme()
    >>> cheap, dear = programme.column(1.0, whole=True, high=3.0), programme.column(2.0)
    >>> programme.row([cheap, dear], [1.0, 1.0], 5.0, math.inf)
    >>> programme.solve(1.0).x.tolist()
    [3.0, 2.0]
    """

    def __init__(self) -> None:
        self.cost: list[float] = []
        self._whole: list[int] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._place: list[tuple[int, int]] = []
        self._value: list[float] = []
        self._bounds: list[tuple[float, float]] = []

    def column(
        self, cost: float, *, whole: bool = False, low: float = 0.0, high: float = math.inf
    ) -> int:
        """One more column; its number."""
        self.cost.append(cost)
        self._whole.append(int(whole))
        self._low.append(low)
        self._high.append(high)
        return len(self.cost) - 1

    def row(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        """One constraint: low ≤ Σ values · columns ≤ high."""
        self._place += [(len(self._bounds), column) for column in columns]
        self._value += values
        self._bounds.append((low, high))

    def solve(self, time_limit: float) -> OptimizeResult:
        """The best within the time limit, in seconds; `x` is None where nothing was found."""
        shape = (len(self._bounds), len(self.cost))
        rows, columns = zip(*self._place, strict=True)
        low, high = zip(*self._bounds, strict=True)
        matrix = sparse.coo_array((self._value, (rows, columns)), shape=shape)
        return milp(
            self.cost,
            constraints=LinearConstraint(matrix.tocsr(), low, high),
            bounds=Bounds(self._low, self._high),
            integrality=np.array(self._whole),
            options={"mip_rel_gap": 0.0, "time_limit": time_limit},
        )
