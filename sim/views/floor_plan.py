"""A hall drawn to walk in: where door, desk, seats, windows, back offices and other places are.

Metres, x to the right and y down. Windows stand in bays, one for each waiting list, with the seats
of its people in front of them; back offices are behind glass above, other places in a strip below.
The same layout is always drawn alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

WIDTH: Final = 24.0
PITCH: Final = 0.8
"""From seat to seat where there is room."""
LEAST_PITCH: Final = 0.2
DEEPEST: Final = 5.0
"""Of the seats of a bay, before they stand closer."""
WINDOW: Final = 1.1
"""Of a row of windows, each."""
COUNTER: Final = (0.9, 0.7)
"""Breadth and depth of a window's counter."""
AHEAD: Final = 0.8
"""From the middle of a counter to who stands at it."""
SIGN: Final = 1.1
TALLY: Final = 1.0
"""Height of the line below a sign."""
ROW: Final = 1.9
"""Depth of a row of windows with who stands at them."""
NARROWEST: Final = 4.4
"""Of a bay, so that its sign can be read."""
IN_A_ROW: Final = 18
"""Windows."""
OFFICES: Final = 5
PLACES: Final = 4
"""Cells in a row."""
OFFICE: Final = 1.9
PLACE: Final = 3.6
"""Heights of a cell."""
GAP: Final = 0.3
BESIDE: Final = 3.0
"""Metres from front to back within which groups that have positions stand in one row."""


class Bay(NamedTuple):
    """A waiting list of the hall, with the groups of windows that call it and how many wait."""

    number: int
    """Of the list."""
    groups: Sequence[tuple[int, Sequence[int]]]
    """Number of each group, and of its windows."""
    seats: int
    """People of this list who wait at once, at most."""
    at: tuple[float, float] | None = None
    """Where the scenario has it, x to the right and y away from the door."""


class Premises(NamedTuple):
    """What is to be drawn; numbers as in the record of the day."""

    bays: Sequence[Bay]
    n_lists: int
    n_groups: int
    n_windows: int
    n_departments: int
    departments: Sequence[int]
    """That have anything to do."""
    n_places: int
    places: Sequence[int]
    """Other than the hall."""
    has_desk: bool
    lobby: int = 0
    """People between the door and their ticket at once, at most."""


def seat_pitch(bays: Sequence[Bay]) -> float:
    """Metres from seat to seat with which the people of the fullest bay find room.

    Examples
    --------
    >>> seat_pitch([Bay(0, [(0, [0, 1])], 12)]), seat_pitch([Bay(0, [(0, [0, 1])], 400)]) < 0.3
    (0.8, True)
    """
    pitch = PITCH
    while pitch > LEAST_PITCH and any(_depth(bay, pitch) > DEEPEST for bay in bays):
        pitch *= 0.95
    return pitch


def floor_plan(premises: Premises, pitch: float) -> dict[str, Any]:
    """Boxes and points by name, as the player reads them.

    Examples
    --------
    >>> bay = Bay(0, [(0, [0, 1])], 12)
    >>> plan = floor_plan(Premises([bay], 1, 1, 2, 1, [0], 1, [], False), 0.8)
    >>> len(plan["windows"]), plan["width"], plan["seats"][0]["number"]
    (2, 24.0, 12)
    """
    plan: dict[str, Any] = {
        "width": WIDTH,
        "pitch": pitch,
        "counter": COUNTER,
        "ahead": AHEAD,
        "sign": SIGN,
        "has_desk": premises.has_desk,
        "groups": [None] * premises.n_groups,
        "windows": [None] * premises.n_windows,
        "seats": [None] * premises.n_lists,
        "departments": [None] * premises.n_departments,
        "places": [None] * premises.n_places,
    }
    y = _offices(plan, premises)
    top = y
    y += GAP
    for row in _rows(premises.bays):
        y = _bay_row(plan, row, y, pitch) + 0.5
    plan["desk"] = (WIDTH / 2 - 2.0, y + 0.9, 4.0, 0.9)
    across = _across(WIDTH / 2, pitch)
    plan["lobby"] = {"x": WIDTH / 2, "y": y + 2.0, "across": across}
    y += 3.0 + max(math.ceil(premises.lobby / across) * pitch - 0.6, 0.0)
    plan["door"] = (WIDTH / 2, y)
    plan["hall"] = (0.1, top, WIDTH - 0.2, y - top)
    y = _places(plan, premises, y + 0.6)
    plan["height"] = y + 0.1
    metres: dict[str, Any] = rounded(plan)
    return metres


def rounded(plan: Any) -> Any:
    """The same with whole centimetres.

    Examples
    --------
    >>> rounded({"door": (1.23456, 2)})
    {'door': [1.23, 2]}
    """
    if isinstance(plan, dict):
        return {name: rounded(part) for name, part in plan.items()}
    if isinstance(plan, list | tuple):
        return [rounded(part) for part in plan]
    return round(plan, 2) if isinstance(plan, float) else plan


def _n_windows(bay: Bay) -> int:
    return sum(len(windows) for _, windows in bay.groups)


def _breadth(bay: Bay) -> float:
    wide = sum(max(2.2, WINDOW * min(len(windows), IN_A_ROW) + 0.3) for _, windows in bay.groups)
    return min(max(NARROWEST, wide + 0.3), WIDTH - 2 * GAP)


def _across(breadth: float, pitch: float) -> int:
    return max(1, int((breadth - 0.4) / pitch))


def _depth(bay: Bay, pitch: float) -> float:
    return math.ceil(bay.seats / _across(_breadth(bay), pitch)) * pitch


def _rows(bays: Sequence[Bay]) -> list[list[Bay]]:
    """Bays side by side as far as there is room."""
    rows: list[list[Bay]] = []
    for rank in _ranks(bays):
        room = 0.0
        for bay in rank:
            if _breadth(bay) + GAP > room:
                rows.append([])
                room = WIDTH - GAP
            rows[-1].append(bay)
            room -= _breadth(bay) + GAP
    return rows


def _ranks(bays: Sequence[Bay]) -> list[list[Bay]]:
    """All bays in their order; where each has a position, those that stand beside each other, from
    the back of the hall to its door and from left to right."""
    placed = [(*bay.at, bay) for bay in bays if bay.at is not None]
    if len(placed) < len(bays):
        return [list(bays)]
    ranks: list[list[tuple[float, float, Bay]]] = []
    for spot in sorted(placed, key=lambda spot: -spot[1]):
        if not ranks or spot[1] < ranks[-1][0][1] - BESIDE:
            ranks.append([])
        ranks[-1].append(spot)
    return [[bay for _, _, bay in sorted(rank, key=lambda spot: spot[0])] for rank in ranks]


def _bay_row(plan: dict[str, Any], row: Sequence[Bay], y: float, pitch: float) -> float:
    """Place a row of bays from y on; returns where it ends."""
    spare = WIDTH - GAP - sum(_breadth(bay) + GAP for bay in row)
    x, counters, deepest = GAP, 1, 1.5
    breadths = [_breadth(bay) + min(spare / len(row), 3.0) for bay in row]
    x += (WIDTH - GAP - sum(breadths) - GAP * len(row)) / 2
    for bay, breadth in zip(row, breadths, strict=True):
        counters = max(counters, _counters(plan, bay, x, y, breadth))
        x += breadth + GAP
    seats_from = y + SIGN + TALLY + counters * ROW
    for bay, breadth in zip(row, breadths, strict=True):
        across = _across(breadth, pitch)
        left = plan["groups"][bay.groups[0][0]][0]
        plan["seats"][bay.number] = {
            "x": left + (breadth - across * pitch) / 2,
            "y": seats_from,
            "across": across,
            "number": bay.seats,
        }
        deepest = max(deepest, math.ceil(bay.seats / across) * pitch)
    return seats_from + deepest


def _counters(plan: dict[str, Any], bay: Bay, x: float, y: float, breadth: float) -> int:
    """Place signs and windows of a bay; returns how many rows of windows it has."""
    n_rows, total = 1, sum(max(2, len(windows)) for _, windows in bay.groups)
    for group, windows in bay.groups:
        part = breadth * max(2, len(windows)) / total
        plan["groups"][group] = (x, y, part - (GAP / 2 if len(bay.groups) > 1 else 0))
        across = max(1, int(part / WINDOW))
        for n, window in enumerate(windows):
            in_row = min(across, len(windows) - n // across * across)
            middle = x + part / 2 + (n % across - (in_row - 1) / 2) * WINDOW
            plan["windows"][window] = (middle, y + SIGN + TALLY + 0.4 + n // across * ROW)
        n_rows = max(n_rows, math.ceil(len(windows) / across))
        x += part
    return n_rows


def _offices(plan: dict[str, Any], premises: Premises) -> float:
    """Place the back offices; returns where the hall begins."""
    plan["office"] = None
    if not premises.departments:
        return 0.1
    wide = (WIDTH - GAP) / OFFICES
    for n, department in enumerate(premises.departments):
        x, y = GAP + n % OFFICES * wide, 1.1 + n // OFFICES * (OFFICE + 0.2)
        plan["departments"][department] = (x, y, wide - GAP, OFFICE)
    height = 1.2 + math.ceil(len(premises.departments) / OFFICES) * (OFFICE + 0.2)
    plan["office"] = (0.1, 0.1, WIDTH - 0.2, height)
    return height + 0.3


def _places(plan: dict[str, Any], premises: Premises, y: float) -> float:
    """Place the strip of other places; returns where it ends."""
    plan["apart"] = None
    if not premises.places:
        return y
    plan["apart"] = (GAP, y + 0.3)
    wide = (WIDTH - GAP) / PLACES
    for n, place in enumerate(premises.places):
        x, top = GAP + n % PLACES * wide, y + 1.0 + n // PLACES * (PLACE + GAP)
        plan["places"][place] = (x, top, wide - GAP, PLACE)
    return y + 1.0 + math.ceil(len(premises.places) / PLACES) * (PLACE + GAP)
