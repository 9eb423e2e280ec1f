"""Rows of a table as arrays that are part of a scenario: known by their content, packed as text."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, ClassVar, Final, Self

import numpy as np
from pydantic import PlainSerializer, PlainValidator, SerializationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.scenario.row_places import RowPlaces

BRIEFLY: Final = {"rows": "digest"}
"""Context of a dump in which a digest stands for the rows."""


class PackedRows:
    """Rows of a table; two tables of the same rows are equal, whatever their files are called.

    A class of rows has an array for each of `COLUMNS` and a tuple of names for each of `NAMES`, and
    can be made from these and `file` by keyword.
    """

    # no dataclass: pydantic writes the fields of one wherever it meets it, and copies them

    COLUMNS: ClassVar[Mapping[str, str]]
    """Arrays, one value a row: name -> its type in bytes, the same on every machine."""
    NAMES: ClassVar[tuple[str, ...]]
    """Names that columns number."""
    SORTED: ClassVar[frozenset[str]] = frozenset()
    """Columns that are packed as steps from row to row, which takes less."""

    file: str
    """What the table is called; no part of the content."""
    places: RowPlaces | None
    """Where each row stands in its file; None after a journey as text."""

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.COLUMNS))))

    @cached_property
    def sha256(self) -> str:
        """Digest of the rows as they were read: a CSV file and a workbook of the same rows agree.

        Examples
        --------
        >>> from sim.scenario.arrival_rows import ArrivalRows
        >>> rows = ArrivalRows([0, 60_000], "a.csv", matters=("cards",), matter=[0, 0])
        >>> rows.sha256 == ArrivalRows([0, 60_000], "b.xlsx", matters=["cards"], matter=0).sha256
        True
        """
        digest = hashlib.sha256(json.dumps([getattr(self, name) for name in self.NAMES]).encode())
        for name, kind in self.COLUMNS.items():
            digest.update(getattr(self, name).astype(kind).tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __str__(self) -> str:
        return f"{self.file} ({len(self):,}, {self.sha256[:8]})"

    __repr__ = __str__

    @cached_property
    def packed(self) -> dict[str, Any]:
        """All of it as JSON can hold it, from which `unpack` makes the same rows."""
        content = b"".join(self._stored(name).tobytes() for name in self.COLUMNS)
        return {
            "file": self.file,
            **{name: list(getattr(self, name)) for name in self.NAMES},
            "rows": len(self),
            "sha256": self.sha256,
            "packed": base64.b85encode(zlib.compress(content, 1)).decode("ascii"),
        }

    def _stored(self, name: str) -> Any:
        column = getattr(self, name)
        steps = np.diff(column, prepend=0) if name in self.SORTED else column
        return steps.astype(self.COLUMNS[name])

    @classmethod
    def packed_keys(cls) -> tuple[str, ...]:
        """Keys of rows that travel as text."""
        return ("file", *cls.NAMES, "rows", "sha256", "packed")

    @classmethod
    def unpack(cls, data: Mapping[str, Any]) -> Self:
        """The rows again from what `packed` gave.

        Raises
        ------
        ValueError
            For data of another shape, or whose rows are not those of its digest.

        Examples
        --------
        >>> from sim.scenario.arrival_rows import ArrivalRows
        >>> rows = ArrivalRows([0, 60_000], matters=("cards",), matter=[0, -1])
        >>> ArrivalRows.unpack(rows.packed) == rows
        True
        """
        if set(data) != set(cls.packed_keys()):
            raise ValueError("keys")
        n, columns = int(data["rows"]), dict[str, Any]()
        n_bytes = n * sum(np.dtype(kind).itemsize for kind in cls.COLUMNS.values())
        # no more than was promised, however large it would become
        content = zlib.decompressobj().decompress(base64.b85decode(data["packed"]), n_bytes + 1)
        if len(content) != n_bytes:
            raise ValueError("rows")
        start = 0
        for name, kind in cls.COLUMNS.items():
            stored = np.dtype(kind)
            column = np.frombuffer(content, stored, n, start).astype(stored.newbyteorder("="))
            columns[name] = np.cumsum(column) if name in cls.SORTED else column
            start += stored.itemsize * n
        names = {name: tuple(map(str, data[name])) for name in cls.NAMES}
        rows = cls(file=str(data["file"]), **names, **columns)  # type: ignore[call-arg]
        if rows.sha256 != data["sha256"]:
            raise ValueError("sha256")
        return rows


def rows_field(rows: type[PackedRows], damaged: str, unavailable: str) -> tuple[Any, ...]:
    """What makes a type of rows a field in which a file names a table, and a scenario holds rows.

    Parameters
    ----------
    damaged, unavailable
        Codes of packed rows that are not what they were, and of a name without a table beside it.
    """
    return (
        PlainValidator(partial(_read, rows, damaged, unavailable)),
        PlainSerializer(_written, when_used="json"),
        WithJsonSchema({"type": "string", "minLength": 1, "kind": "path"}),
    )


def _read(rows: type[PackedRows], damaged: str, unavailable: str, value: object) -> PackedRows:
    if isinstance(value, rows):
        return value
    if isinstance(value, Mapping):
        try:
            return rows.unpack(value)
        except (ValueError, TypeError, KeyError, zlib.error) as error:
            context = {"found": f"{type(error).__name__}: {error}"}
            raise PydanticCustomError(damaged, "{found}", context) from None
    if isinstance(value, str) and value:
        raise PydanticCustomError(unavailable, "{found}", {"found": value})
    raise PydanticCustomError("wrong_type", "{found}", {"allowed": "allowed.path"})


def _written(rows: PackedRows, info: SerializationInfo) -> dict[str, Any]:
    return {"sha256": rows.sha256} if info.context == BRIEFLY else rows.packed
