"""Where the rows of a table stand in their file, as a sentence names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim.arrays import Ints

MOST_SHOWN: Final = 10
"""Rows that a sentence names."""
LONGEST_SHOWN: Final = 30
"""Characters of a cell in it."""


class RowPlaces(NamedTuple):
    """Where rows stand in their file."""

    lines: Ints
    """int64, shape (rows,): line of a text, row of a sheet; of Parquet the number of the row."""
    letters: Mapping[str, str]
    """Column of a sheet, by name in code; empty where there are no cells."""

    def name(self, row: int, column: str) -> str:
        """A row as its file counts it, or a cell of a sheet."""
        return f"{self.letters.get(column, '')}{self.lines[row]}"

    def listed(self, rows: Ints, column: str, cells: Sequence[object] | None = None) -> str:
        """The first rows of some, with what stands there.

        Parameters
        ----------
        cells
            What stands in the rows that are shown; None: only their places.

        Examples
        --------
        >>> import numpy as np
        >>> RowPlaces(np.arange(2, 6), {"day": "B"}).listed(np.array([1, 3]), "day", ["x", "y"])
        'B3: x; B5: y'
        """
        shown = [self.name(row, column) for row in rows[:MOST_SHOWN].tolist()]
        if cells is not None:
            shown = [
                f"{place}: {_shortened(cell)}" for place, cell in zip(shown, cells, strict=False)
            ]
        return "; ".join(shown) + ("; …" if len(rows) > MOST_SHOWN else "")


def _shortened(cell: object) -> str:
    words = " ".join(str("" if cell is None else cell).split())
    return words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
