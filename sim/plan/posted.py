"""Duties as somebody wrote them down: a roster that is simulated as it stands."""

from __future__ import annotations

from typing import NamedTuple

from sim.clock import Hours


class PostedDuty(NamedTuple):
    """Somebody on duty, as a table has it.

    Attributes
    ----------
    person, date : str
        The date as `2025-03-04`.
    pieces : tuple of Hours
        On duty from when to when.
    groups : tuple of str
        Ids of the window groups that they serve; empty = the table says none.
    """

    person: str
    date: str
    pieces: tuple[Hours, ...]
    groups: tuple[str, ...] = ()
