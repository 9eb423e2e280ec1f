"""Where the headings of a table stand in a sheet: in one or two rows, below a title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from sim.storage.spreadsheet import CellValue

NameOf: TypeAlias = "Callable[[CellValue], str | None]"
"""Name of the column whose heading a cell is; None or empty = it is none."""
ROWS_ABOVE: Final = 10
"""A title and remarks may stand above the headings."""
MOST_HEADING_ROWS: Final = 2
"""A heading over several columns may stand above theirs."""


class StrangeCell(NamedTuple):
    """A cell that cannot be read: where it stands, what it holds, and the code of the problem."""

    code: str
    row: int
    column: int
    value: str


class Headings(NamedTuple):
    """The headings of a table.

    Attributes
    ----------
    head : int
        Their last row, from 0.
    columns : mapping of str to int
        Column of each that was found, from 0.
    strange : tuple of StrangeCell
        Headings that are none of the table's, or stand there twice.
    """

    head: int
    columns: Mapping[str, int]
    strange: tuple[StrangeCell, ...] = ()


def cell_of(row: Sequence[CellValue], column: int) -> CellValue:
    """A cell of a row that may be shorter.

    Examples
    --------
    >>> cell_of(["a", 1], 1), cell_of(["a", 1], 5)
    (1, None)
    """
    return row[column] if 0 <= column < len(row) else None


def find_headings(
    rows: Sequence[Sequence[CellValue]],
    name_of: NameOf,
    is_enough: Callable[[Mapping[str, int]], bool],
) -> Headings | None:
    """The headings of a table in a sheet; None when no row has those that name its rows.

    They may stand in two rows, the upper ones over several columns.

    Parameters
    ----------
    is_enough
        Whether columns are those that name rows.

    Examples
    --------
    >>> rows = [["Hours"], ["day", "clock", "clock"], [None, "from", "to"], ["sat", 9, 12]]
    >>> names = {"day", "from", "to"}
    >>> find_headings(
    ...     rows, lambda value: str(value) if value in names else None, lambda found: "day" in found
    ... )
    Headings(head=2, columns={'day': 0, 'from': 1, 'to': 2}, strange=())
    """
    best: Headings | None = None
    for head in range(min(len(rows), ROWS_ABOVE)):
        for height in range(1, min(MOST_HEADING_ROWS, head + 1) + 1):
            columns, strange = _columns(rows, head, height, name_of)
            more = len(columns) - (len(best.columns) if best else 0)
            # cells that were merged downwards say the same in a second row of headings
            if not is_enough(columns) or more < (height > 1):
                continue
            unheaded = _unheaded(rows, head, columns, strange)
            best = Headings(head, columns, (*strange, *unheaded))
    return best


def _columns(
    rows: Sequence[Sequence[CellValue]], head: int, height: int, name_of: NameOf
) -> tuple[dict[str, int], tuple[StrangeCell, ...]]:
    """Columns by their names, of headings in so many rows; the lowest one of a column counts."""
    columns, strange = dict[str, int](), list[StrangeCell]()
    above = rows[head - height + 1 : head + 1]
    for at in range(max(map(len, above))):
        cells = [(head - n, value) for n in range(height) if (value := cell_of(rows[head - n], at))]
        own = next(((n, name) for n, value in cells if (name := name_of(value))), None)
        if own is None:
            if cells and cells[0][0] == head:  # what stands above only is over other columns
                strange.append(StrangeCell("book_heading", head, at, str(cells[0][1])))
        elif own[1] in columns:
            strange.append(StrangeCell("book_heading_twice", own[0], at, str(rows[own[0]][at])))
        else:
            columns[own[1]] = at
    return columns, tuple(strange)


def _unheaded(
    rows: Sequence[Sequence[CellValue]],
    head: int,
    columns: Mapping[str, int],
    strange: Sequence[StrangeCell],
) -> Iterator[StrangeCell]:
    """Columns in which something stands below no heading, or one that is higher than others."""
    headed = {*columns.values(), *(each.column for each in strange)}
    below = rows[head + 1 :]
    for at in range(max(map(len, below), default=0)):
        if at not in headed and any(cell_of(row, at) is not None for row in below):
            higher = cell_of(rows[head - 1], at) if head else None
            yield StrangeCell("book_heading", head, at, str(higher or "–"))
