"""Names for people and programs: which columns hold indices, and of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.plan.plan import Names

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
)
"""How a ticket ended, by code; each has a text `fate.<name>`."""
CASE_FATES: Final = ("open", "issued", "rejected", "partly", "lost")
"""How a case stands, by code; each has a text `fate.<name>`."""


def ids_of(names: Names, column: str, columns: Mapping[str, Any]) -> Sequence[str] | None:
    """The ids that a column's indices stand for; None for a column of plain numbers."""
    match column:
        case "matter":
            return names.matters
        case "class_":
            return names.classes
        case "township":
            return names.townships
        case "item":
            return names.items
        case "department":
            return names.departments
        case "list_":
            return names.lists
        case "place":
            return names.places
        case "window":
            return names.windows
        case "fate":
            return CASE_FATES if "closed_at" in columns else FATES
        case _:
            return None


def named(names: Names, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns with ids in place of indices; what has no index stays empty."""
    out: dict[str, Any] = {}
    for column, values in columns.items():
        ids = ids_of(names, column, columns)
        key = column.rstrip("_")
        if ids is None:
            out[key] = values
        elif len(ids) == 0:
            out[key] = np.full(len(values), "", dtype=object)
        else:
            known = np.array(ids, dtype=object)[np.clip(values, 0, len(ids) - 1)]
            out[key] = np.where(values >= 0, known, "")
    return out
