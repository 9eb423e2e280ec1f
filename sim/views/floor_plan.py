"""A hall drawn to walk in: where door, desk, seats, windows, back offices and other places are.

Metres, x to the right and y down. Windows stand in bays, one for each waiting list, with the seats
of its people in front of them, or where the scenario has them; back offices are behind glass above,
other places in a strip below. The same layout is always drawn alike.
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
SEATED: Final = 12.0
"""Breadth of the seats that all lists share, where the scenario says where people wait."""


class Bay(NamedTuple):
    """Waiting lists of the hall, with the groups of windows that call them and how many wait."""

    lists: Sequence[int]
    """Their numbers; mostly one."""
    groups: Sequence[tuple[int, Sequence[int]]]
    """Number of each group, and of its windows."""
    seats: int
    """People of these lists who wait at once, at most."""
    spots: Sequence[tuple[float, float] | None] = ()
    """Where the scenario has the middle of each group, x to the right and y away from the door."""


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
    seats: tuple[float, float] | None = None
    """Where the scenario has people wait."""

    @property
    def is_placed(self) -> bool:
        """Whether the scenario says where each group stands."""
        spots = [spot for bay in self.bays for spot in bay.spots]
        return bool(spots) and None not in spots


class FloorPart(NamedTuple):
    """Something that takes floor: a group of windows, or seats, `breadth` times `depth` metres."""

    number: int
    """Of the group; -1 = seats."""
    bay: int
    """-1 = of all bays."""
    x: float
    y: float
    breadth: float
    depth: float


def seat_pitch(bays: Sequence[Bay]) -> float:
    """Metres from seat to seat with which the people of the fullest bay find room.

    Examples
    --------
    >>> seat_pitch([Bay([0], [(0, [0, 1])], 12)]), seat_pitch([Bay([0], [(0, [0, 1])], 400)]) < 0.3
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
    >>> bay = Bay([0], [(0, [0, 1])], 12)
    >>> plan = floor_plan(Premises([bay], 1, 1, 2, 1, [0], 1, [], False), 0.8)
    >>> len(plan["windows"]), plan["width"], plan["seats"][0]["number"]
    (2, 24.0, 12)
    """
    blocks = _blocks(premises, pitch) if premises.is_placed else []
    left = min((block.x for block in blocks), default=0.0)
    right = max((block.x + block.breadth for block in blocks), default=0.0)
    aside = GAP - left if left < GAP or right > WIDTH - GAP else 0.0
    width = max(WIDTH, right + aside + GAP)
    plan: dict[str, Any] = {
        "width": width,
        "pitch": pitch,
        "counter": COUNTER,
        "ahead": AHEAD,
        "sign": SIGN,
        "has_desk": premises.has_desk,
        "groups": [None] * premises.n_groups,
        "windows": [None] * premises.n_windows,
        "seats": [],
        "seats_of": [-1] * premises.n_lists,
        "departments": [None] * premises.n_departments,
        "places": [None] * premises.n_places,
    }
    y = _offices(plan, premises)
    top = y
    y += GAP
    if blocks:
        y = _place_blocks(plan, premises, apart(blocks), y, aside, pitch) + 0.5
    else:
        for row in _rows(premises.bays):
            y = _bay_row(plan, row, y, pitch) + 0.5
    middle = width / 2
    plan["desk"] = (middle - 2.0, y + 0.9, 4.0, 0.9)
    across = _across(WIDTH / 2, pitch)
    plan["lobby"] = {"x": middle, "y": y + 2.0, "across": across}
    y += 3.0 + max(math.ceil(premises.lobby / across) * pitch - 0.6, 0.0)
    plan["door"] = (middle, y)
    plan["hall"] = (0.1, top, width - 0.2, y - top)
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


# === where the scenario says it === #


def group_size(n_windows: int) -> tuple[float, float]:
    """Metres across and deep of a group's sign, counters and who stands at them.

    Examples
    --------
    >>> group_size(4)
    (4.7, 4.0)
    """
    breadth = max(2.2, WINDOW * min(n_windows, IN_A_ROW) + 0.3)
    n_rows = math.ceil(n_windows / max(1, int(breadth / WINDOW)))
    return round(breadth, 2), SIGN + TALLY + n_rows * ROW


def apart(blocks: Sequence[FloorPart]) -> list[FloorPart]:
    """Blocks, of which none lies on another: from the back of the hall on, each is moved towards
    the door until there is room.

    Examples
    --------
    >>> first, second = FloorPart(0, 0, 1, 0, 4, 3), FloorPart(1, 1, 2, 1, 4, 3)
    >>> [block.y for block in apart([second, first])]
    [0, 3]
    """
    there: list[FloorPart] = []
    for block in sorted(blocks, key=lambda each: (each.y, each.x)):
        y = block.y
        for other in sorted(there, key=lambda each: each.y):
            beside = block.x >= other.x + other.breadth or other.x >= block.x + block.breadth
            if not beside and other.y < y + block.depth and y < other.y + other.depth:
                y = other.y + other.depth
        there.append(block._replace(y=y))
    return there


def _blocks(premises: Premises, pitch: float) -> list[FloorPart]:
    """Groups and seats where the scenario has them, y down from the one that is farthest back."""
    groups = []
    for number, bay in enumerate(premises.bays):
        for (group, windows), spot in zip(bay.groups, bay.spots, strict=True):
            assert spot is not None  # all groups have positions
            breadth, depth = group_size(len(windows))
            groups.append(
                FloorPart(
                    group, number, spot[0] - breadth / 2, -spot[1] - depth / 2, breadth, depth
                )
            )
    back = min(block.y for block in groups)
    groups = [block._replace(y=block.y - back) for block in groups]
    if premises.seats is not None:
        total = sum(bay.seats for bay in premises.bays)
        depth = max(math.ceil(total / _across(SEATED, pitch)) * pitch, 1.5)
        x, y = premises.seats[0] - SEATED / 2, -premises.seats[1] - depth / 2 - back
        return [*groups, FloorPart(-1, -1, x, y, SEATED, depth)]
    first = {block.bay: block for block in reversed(groups)}
    return [
        *groups,
        *(
            FloorPart(
                -1,
                block.bay,
                block.x,
                block.y + block.depth,
                block.breadth,
                max(math.ceil(bay.seats / _across(block.breadth, pitch)) * pitch, 1.5),
            )
            for bay, block in ((premises.bays[number], block) for number, block in first.items())
        ),
    ]


def _place_blocks(
    plan: dict[str, Any],
    premises: Premises,
    blocks: Sequence[FloorPart],
    y: float,
    aside: float,
    pitch: float,
) -> float:
    """Draw blocks from y on, moved aside by some metres; returns where the last one ends."""
    windows_of = dict(group for bay in premises.bays for group in bay.groups)
    top = min(block.y for block in blocks)
    for block in blocks:
        x, at = block.x + aside, y + block.y - top
        if block.number >= 0:
            windows = windows_of[block.number]
            _counters(plan, [(block.number, windows)], x, at, block.breadth)
            continue
        bays = premises.bays if block.bay < 0 else [premises.bays[block.bay]]
        _seats(plan, bays, x, at, block.breadth, pitch)
    return y + max(block.y + block.depth for block in blocks) - top


# === in rows === #


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
    room = 0.0
    for bay in bays:
        if _breadth(bay) + GAP > room:
            rows.append([])
            room = WIDTH - GAP
        rows[-1].append(bay)
        room -= _breadth(bay) + GAP
    return rows


def _bay_row(plan: dict[str, Any], row: Sequence[Bay], y: float, pitch: float) -> float:
    """Place a row of bays from y on; returns where it ends."""
    spare = WIDTH - GAP - sum(_breadth(bay) + GAP for bay in row)
    x, counters, deepest = GAP, 1, 1.5
    breadths = [_breadth(bay) + min(spare / len(row), 3.0) for bay in row]
    x += (WIDTH - GAP - sum(breadths) - GAP * len(row)) / 2
    for bay, breadth in zip(row, breadths, strict=True):
        counters = max(counters, _counters(plan, bay.groups, x, y, breadth))
        x += breadth + GAP
    seats_from = y + SIGN + TALLY + counters * ROW
    for bay, breadth in zip(row, breadths, strict=True):
        left = plan["groups"][bay.groups[0][0]][0]
        deepest = max(deepest, _seats(plan, [bay], left, seats_from, breadth, pitch))
    return seats_from + deepest


def _seats(
    plan: dict[str, Any], bays: Sequence[Bay], x: float, y: float, breadth: float, pitch: float
) -> float:
    """Place the seats of some bays; returns how deep they are."""
    across, number = _across(breadth, pitch), sum(bay.seats for bay in bays)
    for bay in bays:
        for each in bay.lists:
            plan["seats_of"][each] = len(plan["seats"])
    left = x + (breadth - across * pitch) / 2
    plan["seats"].append({"x": left, "y": y, "across": across, "number": number})
    return math.ceil(number / across) * pitch


def _counters(
    plan: dict[str, Any],
    groups: Sequence[tuple[int, Sequence[int]]],
    x: float,
    y: float,
    breadth: float,
) -> int:
    """Place signs and windows of groups side by side; returns how many rows of windows."""
    n_rows, total = 1, sum(max(2, len(windows)) for _, windows in groups)
    for group, windows in groups:
        part = breadth * max(2, len(windows)) / total
        plan["groups"][group] = (x, y, part - (GAP / 2 if len(groups) > 1 else 0))
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
