"""A hall whose answers are read: its numbers, where each comes from, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sim.drafting.opening import OpenHours
from sim.drafting.templates import BothNames

ANSWERED: Final = "answered"
"""In place of a source: whoever answered said so."""


class Figure(NamedTuple):
    """A number of the hall and where it comes from.

    Attributes
    ----------
    value : float
    span : tuple of float or None
        Lowest and highest plausible value of an assumption.
    source : str
        Address, or `ANSWERED`; empty = it is an assumption.
    """

    value: float
    span: tuple[float, float] | None = None
    source: str = ""


class CheckedRow(NamedTuple):
    """A row of a table.

    Attributes
    ----------
    n : int
        Row of the table as written, from 1.
    id : str
        Of the template's row, or made from its number.
    name : BothNames or str
    figures : mapping of str to Figure
        By column; what is left empty on purpose is missing.
    names : mapping of str to tuple of str
        Ids of the rows that a choice names.
    """

    n: int
    id: str
    name: BothNames | str
    figures: Mapping[str, Figure]
    names: Mapping[str, tuple[str, ...]]


class CheckedHall(NamedTuple):
    """A hall whose every cell is read."""

    name: BothNames | str
    hours: OpenHours
    cells: Mapping[str, Figure]
    departments: tuple[CheckedRow, ...]
    matters: tuple[CheckedRow, ...]
    windows: tuple[CheckedRow, ...]
    clerks: Mapping[str, tuple[Figure, ...]]
    """Clerks of each window group in each of `hours.slots`."""
    shape: tuple[Figure, ...]
    """Weight of each of `hours.visit_slots`."""
