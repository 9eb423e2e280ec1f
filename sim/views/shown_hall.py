"""A hall as the player shows it on one day: names, floor plan and record, simulated or of a log."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.analysis.day_record import DayRecord
from sim.arrays import AnyInts
from sim.plan.journal import FORWARDED, SENT_BACK, SERVED
from sim.plan.plan import HALL
from sim.views.floor_plan import Bay, Premises, floor_plan, seat_pitch

COLOURS: Final = 7
"""Matters with a colour of their own; the others share one."""
DONE: Final = (SERVED, SENT_BACK, FORWARDED)
"""How a ticket ends with which a window did something."""


class ShownGroup(NamedTuple):
    """Windows that stand together."""

    name: str
    lists: tuple[int, ...]
    """Whose people sit before them."""
    windows: tuple[int, ...]
    at: tuple[float, float] | None = None
    """Where the scenario has it: metres to the right, and away from the door."""


class ShownPlace(NamedTuple):
    """The hall, which is the first, or a place beside it."""

    name: str
    lists: tuple[int, ...]
    windows: tuple[int, ...]


class ShownHall(NamedTuple):
    """What is drawn of one layout, or of one log; numbers as in its record.

    Attributes
    ----------
    name : str
    lists, windows, matters, departments : tuple of str
    groups : tuple of ShownGroup
        In the hall and in places beside it.
    places : tuple of ShownPlace
    record : DayRecord
        Groups of its duties are places in `groups`.
    has_desk : bool
    seats : tuple of (float, float) or None
        Where the scenario has people wait; none = before the windows.
    """

    name: str
    lists: tuple[str, ...]
    windows: tuple[str, ...]
    matters: tuple[str, ...]
    departments: tuple[str, ...]
    groups: tuple[ShownGroup, ...]
    places: tuple[ShownPlace, ...]
    record: DayRecord
    has_desk: bool
    seats: tuple[float, float] | None = None

    @property
    def inner_groups(self) -> dict[int, ShownGroup]:
        """Those of the hall, by number."""
        inside = set(self.places[0].windows)
        return {
            number: group
            for number, group in enumerate(self.groups)
            if inside.issuperset(group.windows)
        }


def shown_halls(halls: Sequence[ShownHall]) -> list[dict[str, Any]]:
    """What the player reads of each; drawn alike where they stand side by side."""
    ranks = matter_ranks([hall.record for hall in halls], len(halls[0].matters))
    most_reviews = max(_most_reviews(hall.record) for hall in halls)
    premises = [_premises(hall) for hall in halls]
    pitch = min(seat_pitch(each.bays) for each in premises)
    return [
        {
            "name": hall.name,
            "lists": list(hall.lists),
            "windows": list(hall.windows),
            "matters": list(hall.matters),
            "departments": list(hall.departments),
            "groups": [
                {"name": group.name, "lists": list(group.lists), "windows": list(group.windows)}
                for group in hall.groups
            ],
            "places": [
                {"name": place.name, "lists": list(place.lists), "windows": list(place.windows)}
                for place in hall.places
            ],
            "ranks": ranks,
            "done": list(DONE),
            "most_reviews": most_reviews,
            "floor": floor_plan(each, pitch),
            **_packed_record(hall.record),
        }
        for hall, each in zip(halls, premises, strict=True)
    ]


def packed(numbers: AnyInts) -> str:
    """Whole numbers as base64 of differences, zigzag, seven bits a byte: small where they are near.

    Examples
    --------
    >>> packed(np.array([300, 301, 299]))
    '2AQCAw=='
    """
    steps = np.diff(numbers.astype(np.int64), prepend=0)
    zigzag = np.where(steps < 0, -2 * steps - 1, 2 * steps)
    sevens = [(zigzag >> shift) & 127 for shift in range(0, 35, 7)]
    lengths = sum((zigzag >> shift > 0).astype(np.int64) for shift in range(7, 35, 7)) + 1
    rows = np.stack(sevens, axis=1).reshape(len(zigzag), 5)
    place = np.arange(5)
    rows |= np.where(place < np.reshape(lengths, (-1, 1)) - 1, 128, 0)
    written = rows[place < np.reshape(lengths, (-1, 1))].astype(np.uint8)
    return base64.b64encode(written.tobytes()).decode("ascii")


def matter_ranks(records: Sequence[DayRecord], n_matters: int) -> list[int]:
    """Place of each matter among those that most people come for; from COLOURS on they share one.

    Examples
    --------
    >>> matter_ranks([], 2)
    [0, 1]
    """
    came = sum(
        (np.bincount(record.tickets.matter, minlength=n_matters) for record in records),
        np.zeros(n_matters, dtype=np.int64),
    )
    ranks = np.empty(n_matters, dtype=np.int64)
    ranks[np.argsort(-came, kind="stable")] = np.arange(n_matters)
    return [min(rank, COLOURS) for rank in ranks.tolist()]


def _premises(hall: ShownHall) -> Premises:
    record, t = hall.record, hall.record.tickets
    inside = t.place == HALL
    before: dict[tuple[int, ...], list[int]] = {}
    for number, group in hall.inner_groups.items():
        before.setdefault(group.lists, []).append(number)
    reviewed = np.bincount(record.reviews.department, minlength=len(hall.departments))
    return Premises(
        bays=[
            Bay(
                lists,
                [(number, hall.groups[number].windows) for number in numbers],
                _most_waiting(record, lists),
                tuple(hall.groups[number].at for number in numbers),
            )
            for lists, numbers in before.items()
        ],
        n_lists=len(hall.lists),
        n_groups=len(hall.groups),
        n_windows=len(hall.windows),
        n_departments=len(hall.departments),
        departments=np.flatnonzero(reviewed > 0).tolist(),
        n_places=len(hall.places),
        places=list(range(1, len(hall.places))),
        has_desk=hall.has_desk,
        lobby=_most_at_once(t.came[inside], np.minimum(t.taken, t.ended)[inside]),
        seats=hall.seats,
    )


def _most_waiting(record: DayRecord, lists: Sequence[int]) -> int:
    """The most tickets that wait in some lists at once."""
    t = record.tickets
    rows = np.isin(t.list_, lists)
    return _most_at_once(t.taken[rows], np.minimum(t.called, t.ended)[rows])


def _most_reviews(record: DayRecord) -> int:
    """The most reviews that a department has at once."""
    reviews = record.reviews
    return max(
        (
            _most_at_once(reviews.released[rows], reviews.ended[rows])
            for rows in (reviews.department == d for d in np.unique(reviews.department))
        ),
        default=0,
    )


def _most_at_once(starts: AnyInts, ends: AnyInts) -> int:
    lasting = ends > starts
    stamps = np.concatenate([2 * ends[lasting], 2 * starts[lasting] + 1])
    steps = np.concatenate([np.full(lasting.sum(), -1), np.full(lasting.sum(), 1)])
    return int(np.cumsum(steps[np.argsort(stamps, kind="stable")]).max(initial=0))


def _packed_record(record: DayRecord) -> dict[str, dict[str, str]]:
    parts: dict[str, NamedTuple] = {
        "tickets": record.tickets,
        "work": record.work,
        "duties": record.duties,
        "cases": record.cases,
        "reviews": record.reviews,
    }
    return {
        name: {column: packed(numbers) for column, numbers in part._asdict().items()}
        for name, part in parts.items()
    }
