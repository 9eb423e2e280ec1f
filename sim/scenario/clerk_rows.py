"""Clerks by date from a table: its rows as arrays, known by their content, and who is on duty when.

As with arrivals, the arrays are part of the scenario, whatever their file is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Ints
from sim.clock import Hours
from sim.scenario.packed_rows import PackedRows, rows_field
from sim.scenario.row_places import RowPlaces

NOBODY: Final = -1
"""In the column of people: the row has a number and names nobody."""


class StaffedSpans(NamedTuple):
    """When how many clerks of a group are on duty, all dates together; sorted by date and time."""

    day: Ints
    """int64, shape (spans,): ordinal of the date."""
    start: Ints
    """Ticks after midnight."""
    end: Ints
    clerks: Ints

    @property
    def most(self) -> int:
        """The most clerks at a time."""
        return int(self.clerks.max(initial=0))

    def on(self, ordinal: int) -> tuple[tuple[Hours, int], ...] | None:
        """Clerks in the hours of a date that are named; None where the date is not."""
        first, last = np.searchsorted(self.day, (ordinal, ordinal + 1)).tolist()
        if first == last:
            return None
        columns = (column[first:last].tolist() for column in self[1:])
        return tuple((Hours(start, end), n) for start, end, n in zip(*columns, strict=True))


class ClerkRows(PackedRows):
    """Who is on duty when, row by row of a table; equal by content.

    Parameters
    ----------
    day : array of int, shape (R,)
        Ordinals of dates.
    start, end : array of int, shape (R,)
        Ticks after midnight.
    group : array of int, shape (R,)
        Places in `groups`.
    clerks : array of int, shape (R,)
        How many; 1 where a person is named.
    person : array of int, shape (R,)
        Places in `people`; NOBODY = the row has a number.
    groups, people
        Names.
    file
        What the table is called; no part of the content.
    places
        Where each row stands in its file; None after a journey as text.

    Examples
    --------
    >>> rows = ClerkRows([1, 1], [0, 5], [8, 9], [0, 0], [1, 1], [0, 1], ["desk"], ["An", "Bo"])
    >>> rows.spans("desk").on(1)
    ((Hours(start=0, end=5), 1), (Hours(start=5, end=8), 2), (Hours(start=8, end=9), 1))
    """

    COLUMNS: ClassVar = dict.fromkeys(("day", "start", "end", "group", "clerks", "person"), "<i8")
    NAMES = ("groups", "people")

    def __init__(
        self,
        day: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        group: ArrayLike,
        clerks: ArrayLike,
        person: ArrayLike,
        groups: Sequence[str],
        people: Sequence[str] = (),
        file: str = "",
        places: RowPlaces | None = None,
    ) -> None:
        self.file, self.places = file, places
        self.groups, self.people = tuple(groups), tuple(people)
        columns = (day, start, end, group, clerks, person)
        self.table: Ints = np.array(columns, dtype=np.int64).reshape(len(self.COLUMNS), -1)
        self.table.flags.writeable = False
        self.day, self.start, self.end, self.group, self.clerks, self.person = self.table

    @cached_property
    def _spans(self) -> dict[str, StaffedSpans]:
        """By group, one span for each stretch of a day with the same number, zeros too."""
        events = np.concatenate([self.start, self.end])
        change = np.concatenate([self.clerks, -self.clerks])
        day, group = np.tile(self.day, 2), np.tile(self.group, 2)
        order = np.lexsort((events, day, group))
        at, day, group = events[order], day[order], group[order]
        there = np.cumsum(change[order])
        # what begins and ends at one instant is one change
        last = np.flatnonzero((np.diff(at) != 0) | (np.diff(day) != 0) | (np.diff(group) != 0))
        ends_day = (day[last] != day[last + 1]) | (group[last] != group[last + 1])
        begins, follows = last[~ends_day], last[~ends_day] + 1
        columns = day[begins], at[begins], at[follows], there[begins], group[begins]
        keep = np.ones(len(begins), dtype=np.bool_)
        same = (columns[1][1:] == columns[2][:-1]) & (columns[0][1:] == columns[0][:-1])
        same &= (columns[3][1:] == columns[3][:-1]) & (columns[4][1:] == columns[4][:-1])
        keep[1:] = ~same
        firsts = np.flatnonzero(keep)
        until = np.append(firsts[1:] - 1, len(begins) - 1)[: len(firsts)]
        day, start, end = columns[0][firsts], columns[1][firsts], columns[2][until]
        clerks, group = columns[3][firsts], columns[4][firsts]
        return {
            name: StaffedSpans(*(column[group == g] for column in (day, start, end, clerks)))
            for g, name in enumerate(self.groups)
        }

    def spans(self, group: str) -> StaffedSpans:
        """When how many clerks of a group are on duty; none where no row names it."""
        empty = np.zeros(0, dtype=np.int64)
        return self._spans.get(group, StaffedSpans(empty, empty, empty, empty))


ClerksFile = Annotated[
    ClerkRows, *rows_field(ClerkRows, "clerks_damaged", "clerks_file_unavailable")
]
"""A field in which a file names a table, and a scenario holds its rows."""
