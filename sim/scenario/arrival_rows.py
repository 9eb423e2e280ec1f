"""Arrivals that somebody recorded, replayed: the rows of a table as arrays, known by their content.

The arrays are part of the scenario, whatever their file is called; where a scenario travels as text
they travel packed, and where only its identity is wanted their digest stands for them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import ArrayLike
from pydantic import PlainSerializer, PlainValidator, SerializationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.arrays import Ints, Shorts
from sim.clock import DAY
from sim.scenario.row_places import RowPlaces

BLANK: Final = -1
"""Of names and services: the cell is blank, and the value drawn."""
EPOCH: Final = date(1970, 1, 1)
"""Instants of rows are ticks of the local clock since it began."""
NOT_BOOKED: Final = int(np.iinfo(np.int64).min)
BRIEFLY: Final = {"rows": "digest"}
"""Context of a dump in which a digest stands for the rows."""
COLUMNS: Final = ("instants", "matter", "class_", "township", "booked_for", "service")
NAMES: Final = ("matters", "classes", "townships")
PACKED: Final = ("file", *NAMES, "rows", "sha256", "packed")
"""Keys of rows that travel as text."""


class ArrivalRows:
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

    # no dataclass: pydantic writes the fields of one wherever it meets it, and copies them

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
        for name in COLUMNS:
            getattr(self, name).flags.writeable = False

    def _column(self, values: ArrayLike) -> Ints:
        """Values of all rows, or the one that all have."""
        return np.array(np.broadcast_to(np.asarray(values, np.int64), self.instants.shape))

    def __len__(self) -> int:
        return len(self.instants)

    @cached_property
    def sha256(self) -> str:
        """Digest of the rows as they were read: a CSV file and a workbook of the same rows agree.

        Examples
        --------
        >>> rows = ArrivalRows([0, 60_000], matters=("cards",), matter=[0, 0])
        >>> rows.sha256 == ArrivalRows([0, 60_000], matters=("cards",), matter=[0, 0]).sha256
        True
        """
        digest = hashlib.sha256(json.dumps([getattr(self, name) for name in NAMES]).encode())
        for column in self._bytes():
            digest.update(column)
        return digest.hexdigest()

    def _bytes(self) -> list[bytes]:
        return [getattr(self, name).astype(_kind(name)).tobytes() for name in COLUMNS]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArrivalRows) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __str__(self) -> str:
        return f"{self.file} ({len(self):,}, {self.sha256[:8]})"

    __repr__ = __str__

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
            for name in COLUMNS[1:]
        }

    @cached_property
    def packed(self) -> dict[str, Any]:
        """All of it as JSON can hold it, from which `unpack` makes the same rows."""
        columns = [np.diff(self.instants, prepend=0).astype("<i8").tobytes(), *self._bytes()[1:]]
        return {
            "file": self.file,
            **{name: list(getattr(self, name)) for name in NAMES},
            "rows": len(self),
            "sha256": self.sha256,
            "packed": base64.b85encode(zlib.compress(b"".join(columns), 1)).decode("ascii"),
        }


def _named(names: Sequence[str], codes: Ints) -> tuple[tuple[str, ...], Shorts]:
    """The names that occur, sorted, and the place of each row's among them."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    used = sorted(name for name, count in zip(names, counts, strict=True) if count)
    place = {name: n for n, name in enumerate(used)}
    places = np.array([*(place.get(name, BLANK) for name in names), BLANK], dtype=np.int32)
    return tuple(used), places[codes]


def _kind(column: str) -> str:
    """The type of a column in bytes, the same on every machine."""
    return "<i4" if column in {"matter", "class_", "township"} else "<i8"


def unpack(data: Mapping[str, Any]) -> ArrivalRows:
    """The rows again from what `packed` gave.

    Raises
    ------
    ValueError
        For data of another shape, or whose rows are not those of its digest.

    Examples
    --------
    >>> rows = ArrivalRows([0, 60_000], matters=("cards",), matter=[0, -1])
    >>> unpack(rows.packed) == rows
    True
    """
    if set(data) != set(PACKED):
        raise ValueError("keys")
    n, columns = int(data["rows"]), dict[str, Any]()
    row_bytes = sum(np.dtype(_kind(name)).itemsize for name in COLUMNS)
    content = zlib.decompressobj().decompress(base64.b85decode(data["packed"]), row_bytes * n + 1)
    if len(content) != row_bytes * n:
        raise ValueError("rows")
    start = 0
    for name in COLUMNS:
        kind = np.dtype(_kind(name))
        column = np.frombuffer(content, kind, n, start).astype(kind.newbyteorder("="))
        columns[name] = np.cumsum(column) if name == "instants" else column
        start += kind.itemsize * n
    names: dict[str, Any] = {name: tuple(map(str, data[name])) for name in NAMES}
    rows = ArrivalRows(columns.pop("instants"), str(data["file"]), **names, **columns)
    if rows.sha256 != data["sha256"]:
        raise ValueError("sha256")
    return rows


# === in a scenario === #


def _read(value: object) -> ArrivalRows:
    if isinstance(value, ArrivalRows):
        return value
    if isinstance(value, Mapping):
        try:
            return unpack(value)
        except (ValueError, TypeError, KeyError, zlib.error) as error:
            context = {"found": f"{type(error).__name__}: {error}"}
            raise PydanticCustomError("arrivals_damaged", "{found}", context) from None
    if isinstance(value, str) and value:
        raise PydanticCustomError("arrivals_file_unavailable", "{found}", {"found": value})
    raise PydanticCustomError("wrong_type", "{found}", {"allowed": "allowed.path"})


def _written(rows: ArrivalRows, info: SerializationInfo) -> dict[str, Any]:
    return {"sha256": rows.sha256} if info.context == BRIEFLY else rows.packed


ArrivalsFile = Annotated[
    ArrivalRows,
    PlainValidator(_read),
    PlainSerializer(_written, when_used="json"),
    WithJsonSchema({"type": "string", "minLength": 1, "kind": "path"}),
]
"""A field in which a file names a table, and a scenario holds its rows."""
