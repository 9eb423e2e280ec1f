"""What each column of the tables holds, and ids in place of its indices.

`docs/data_model.md` is written from these declarations (`sim/views/data_model.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from sim.results.second_matters import SECONDS

FATES: Final = (
    "pending",
    "served",
    "sent_back",
    "caught",
    "gave_up",
    "balked",
    "turned_away",
    "missed",
    "cut_off",
    "forwarded",
    "at_break",
    "refused",
    "held_over",
)
"""How a ticket ended, by code; each has a text `fate.<name>`."""
CASE_FATES: Final = ("open", "issued", "rejected", "partly", "lost")
"""How a case stands, by code; each has a text `fate.<name>`."""
CODES: Final[Mapping[str, Sequence[str]]] = {
    "FATES": FATES,
    "CASE_FATES": CASE_FATES,
    "SECONDS": SECONDS,
}
"""The words of columns of codes."""

ColumnKind = Literal["instant", "row", "id", "code", "count", "flag"]
"""What a column holds; it decides dtype, unit and what stands for "nothing".

`instant`: int64, milliseconds since 00:00 of the first simulated date. `row`: int64, a row of
another table. `id`: in arrays the index of a name in `Names`, in frames the id itself. `code`: in
arrays the place in one of `CODES`, in frames the word. `count`: int64. `flag`: bool.
"""


class Column(NamedTuple):
    """What one column of a table holds; its meaning is stated in `sim/text/data_model.toml`."""

    kind: ColumnKind
    of: str = ""
    """Rows: the table. Ids: the field of `Names`. Codes: the key in `CODES`. Counts: the unit,
    as a key of the texts `unit.<name>`; none for an ordinal number."""
    may_lack: bool = False
    """Some rows have nothing here: -1 in arrays, and no text where a frame has ids."""


def _instant(may_lack: bool = False) -> Column:
    return Column("instant", may_lack=may_lack)


_MATTER: Final = Column("id", "matters")
_CLASS: Final = Column("id", "classes")
_CASE: Final = Column("row", "cases")
_FATE: Final = Column("code", "FATES")

TABLES: Final[Mapping[str, Mapping[str, Column]]] = {
    "tickets": {
        "case": _CASE,
        "errand": Column("row", "errands"),
        "trip": Column("count"),
        "matter": _MATTER,
        "class_": _CLASS,
        "place": Column("id", "places", may_lack=True),
        "list_": Column("id", "lists", may_lack=True),
        "window": Column("id", "windows", may_lack=True),
        "arrived_at": _instant(),
        "greeted_at": _instant(may_lack=True),
        "taken_at": _instant(may_lack=True),
        "called_at": _instant(may_lack=True),
        "began_at": _instant(may_lack=True),
        "ended_at": _instant(may_lack=True),
        "fate": _FATE,
    },
    "visits": {
        "case": _CASE,
        "trip": Column("count"),
        "arrived_at": _instant(),
        "called_at": _instant(may_lack=True),
        "left_at": _instant(may_lack=True),
        "fate": _FATE,
        "place": Column("id", "places"),
        "people": Column("count", "person"),
        "second": Column("code", "SECONDS"),
    },
    "cases": {
        "matter": _MATTER,
        "class_": _CLASS,
        "township": Column("id", "townships", may_lack=True),
        "online": Column("flag"),
        "arrived_at": _instant(),
        "accepted_at": _instant(may_lack=True),
        "closed_at": _instant(may_lack=True),
        "issued_at": _instant(may_lack=True),
        "fate": Column("code", "CASE_FATES"),
        "trips": Column("count", "trip"),
        "last_item": Column("row", "items", may_lack=True),
        "wished_at": _instant(),
        "booked_for": _instant(may_lack=True),
        "no_show": Column("flag"),
        "initial": Column("flag"),
    },
    "items": {
        "case": _CASE,
        "item": Column("id", "items"),
        "department": Column("id", "departments"),
        "released_at": _instant(may_lack=True),
        "reviewed_at": _instant(may_lack=True),
        "completed_at": _instant(may_lack=True),
        "rounds": Column("count"),
    },
    "services": {
        "window": Column("id", "windows"),
        "called_at": _instant(),
        "began_at": _instant(),
        "set_up_at": _instant(),
        "left_at": _instant(),
        "ended_at": _instant(),
        "reviews": Column("flag"),
    },
    "duties": {
        "group": Column("row", "groups"),
        "starts": _instant(),
        "ends": _instant(),
        "drains": Column("flag"),
    },
    "overtime": {
        "group": Column("row", "groups"),
        "begins_at": _instant(),
        "ends_at": _instant(),
    },
    "idle": {
        "group": Column("row", "groups"),
        "begins_at": _instant(),
        "ends_at": _instant(),
    },
    "rostered": {
        "group": Column("row", "groups"),
        "starts": _instant(),
        "ends": _instant(),
        "drains": Column("flag"),
    },
}
"""Every table of a replication, in the order of its columns. `Tables.frame` gives the first five;
the others are tuples of arrays."""


def ids_of(names: NamedTuple, column: Column) -> Sequence[str] | None:
    """The ids or words that a column's indices stand for; None for a column of plain numbers.

    `names` are those of a plan, or of a log.
    """
    if column.kind == "code":
        return CODES[column.of]
    if column.kind == "id":
        ids: Sequence[str] = getattr(names, column.of)
        return ids
    return None


def name_ids(names: NamedTuple, table: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a table with ids in place of indices; what has no index stays empty."""
    out: dict[str, Any] = {}
    for column, values in columns.items():
        ids = ids_of(names, TABLES[table][column])
        key = column.rstrip("_")
        if ids is None:
            out[key] = values
        elif len(ids) == 0:
            out[key] = np.full(len(values), "", dtype=object)
        else:
            words = np.array(ids, dtype=object)[np.clip(values, 0, len(ids) - 1)]
            out[key] = np.where(values >= 0, words, "")
    return out
