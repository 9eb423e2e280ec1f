"""Arrivals that somebody recorded, replayed: the rows of a table as arrays, known by their content.

The arrays are part of the scenario, whatever their file is called; where a scenario travels as text
they travel packed, and where only its identity is wanted their digest stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Ints, Shorts
from sim.clock import DAY
from sim.scenario.packed_rows import PackedRows, rows_field
from sim.scenario.row_places import RowPlaces

BLANK: Final = -1
"""Of names and services: the cell is blank, and the value drawn."""
EPOCH: Final = date(1970, 1, 1)
"""Instants of rows are ticks of the local clock since it began."""
NOT_BOOKED: Final = int(np.iinfo(np.int64).min)


class ArrivalRows(PackedRows):
    """Who came when, and for what, in order of their instants; equal by content.

    Parameters
    ----------
    instants : array of int, shape (R,)
        Ticks of the local clock since 1970-01-01 00:00, sorted; people of one instant in the
        order of their file.
    file
        What the table is called; no part of the content.
    matters, classes, townships
        Ids; those of no row are left out, and the others sorted.
    matter, class_, township : array of int, shape (R,)
        Places in the ids; BLANK = it is that of the flow, or drawn.
    booked_for : array of int, shape (R,)
        Begin of the booked slot, ticks as above; NOT_BOOKED = they walk in.
    service : array of int, shape (R,)
        Window work in ticks; BLANK = it is drawn.
    places
        Where each row stands in its file; None after a journey as text.

    Examples
    --------
    >>> rows = ArrivalRows([0, 1_000], "log.csv", matters=("cards", "births"), matter=[0, -1])
    >>> len(rows), rows.matters, rows.matter.tolist(), rows.service.tolist()
    (2, ('cards',), [0, -1], [-1, -1])
    """

    COLUMNS: ClassVar = {
        "instants": "<i8",
        "matter": "<i4",
        "class_": "<i4",
        "township": "<i4",
        "booked_for": "<i8",
        "service": "<i8",
    }
    NAMES = ("matters", "classes", "townships")
    SORTED = frozenset({"instants"})

    def __init__(
        self,
        instants: ArrayLike,
        file: str = "",
        *,
        matters: Sequence[str] = (),
        classes: Sequence[str] = (),
        townships: Sequence[str] = (),
        matter: ArrayLike = BLANK,
        class_: ArrayLike = BLANK,
        township: ArrayLike = BLANK,
        booked_for: ArrayLike = NOT_BOOKED,
        service: ArrayLike = BLANK,
        places: RowPlaces | None = None,
    ) -> None:
        self.file, self.places = file, places
        self.instants = np.array(instants, np.int64)
        self.matters, self.matter = _named(matters, self._column(matter))
        self.classes, self.class_ = _named(classes, self._column(class_))
        self.townships, self.township = _named(townships, self._column(township))
        self.booked_for, self.service = self._column(booked_for), self._column(service)
        for name in self.COLUMNS:
            getattr(self, name).flags.writeable = False

    def _column(self, values: ArrayLike) -> Ints:
        """Values of all rows, or the one that all have."""
        return np.array(np.broadcast_to(np.asarray(values, np.int64), self.instants.shape))

    def listed(self, rows: Ints) -> str:
        """The first of some rows, as their file counts them; empty where no file is known."""
        return self.places.listed(rows, "instant") if self.places is not None else ""

    @cached_property
    def dates(self) -> tuple[date, date]:
        """The first day and the last.

        Examples
        --------
        >>> [str(day) for day in ArrivalRows([0, 86_400_000]).dates]
        ['1970-01-01', '1970-01-02']
        """
        first, last = (EPOCH + timedelta(days=int(self.instants[n] // DAY)) for n in (0, -1))
        return first, last

    @cached_property
    def filled(self) -> Mapping[str, float]:
        """Share of the rows that say something, by column.

        Examples
        --------
        >>> ArrivalRows([0, 1], service=[-1, 5]).filled["service"]
        0.5
        """
        blank = {"booked_for": NOT_BOOKED}
        return {
            name: int(np.count_nonzero(getattr(self, name) != blank.get(name, BLANK))) / len(self)
            for name in list(self.COLUMNS)[1:]
        }


def _named(names: Sequence[str], codes: Ints) -> tuple[tuple[str, ...], Shorts]:
    """The names that occur, sorted, and the place of each row's among them."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    used = sorted(name for name, count in zip(names, counts, strict=True) if count)
    place = {name: n for n, name in enumerate(used)}
    places = np.array([*(place.get(name, BLANK) for name in names), BLANK], dtype=np.int32)
    return tuple(used), places[codes]


ArrivalsFile = Annotated[
    ArrivalRows, *rows_field(ArrivalRows, "arrivals_damaged", "arrivals_file_unavailable")
]
"""A field in which a file names a table, and a scenario holds its rows."""
