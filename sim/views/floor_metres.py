"""Where the window groups of a layout stand, in metres: as the scenario says, else as drawn."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from sim.plan.compile import compile_plan
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.floor_plan import PITCH, Bay, Premises, floor_plan, group_size
from sim.views.scenario_names import group_name

USUAL_SEATS: Final = 12
"""Of a list, where nobody has been simulated yet."""


class StandingGroup(NamedTuple):
    """A window group on the floor.

    Attributes
    ----------
    id, name : str
    windows : int
    x, y : float
        Its middle: metres to the right, and away from the door.
    breadth, depth : float
        Of its sign, counters and who stands at them.
    """

    id: str
    name: str
    windows: int
    x: float
    y: float
    breadth: float
    depth: float


class FloorMetres(NamedTuple):
    """A layout's floor.

    Attributes
    ----------
    groups : tuple of StandingGroup
    seats : tuple of (float, float)
        Where people wait.
    is_written : bool
        The scenario says where each group stands.
    has_seats : bool
        And where people wait.
    """

    groups: tuple[StandingGroup, ...]
    seats: tuple[float, float]
    is_written: bool
    has_seats: bool


def floor_metres(scenario: Scenario, layout: str, text: Text) -> FloorMetres:
    """Where each group and the seats are: where the scenario does not say it, as in the drawing.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> floor = floor_metres(scenario, "hall", load_text("en"))
    >>> [group.id for group in floor.groups], floor.is_written
    (['windows'], False)
    """
    windows = scenario.layout(layout).windows
    built = Counter(compile_plan(scenario, layout).names.groups)
    numbers, first = list[range](), 0
    for group in windows:
        numbers.append(range(first, first + built[group.id]))
        first = numbers[-1].stop
    lists = list(dict.fromkeys(group.list_id for group in windows))
    bays = [
        Bay(
            [number],
            [(n, numbers[n]) for n, group in enumerate(windows) if group.list_id == name],
            USUAL_SEATS,
        )
        for number, name in enumerate(lists)
    ]
    has_desk = scenario.hall.reception is not None
    premises = Premises(bays, len(lists), len(windows), first, 0, [], 1, [], has_desk)
    drawn = floor_plan(premises, PITCH)
    door = drawn["door"][1]
    groups = []
    for group, (x, y, across), own_windows in zip(windows, drawn["groups"], numbers, strict=True):
        breadth, depth = group_size(len(own_windows))
        at = group.position
        middle = (x + across / 2, door - y - depth / 2) if at is None else (at.x, at.y)
        name = group_name(scenario, layout, group.id, text)
        groups.append(
            StandingGroup(group.id, name, len(own_windows), *_tenths(middle), breadth, depth)
        )
    seats = scenario.hall.seats
    if seats is None:
        block = drawn["seats"][0]
        waiting = _tenths((drawn["door"][0], door - block["y"] - 1))
    else:
        waiting = (seats.x, seats.y)
    is_written = all(group.position is not None for group in windows)
    return FloorMetres(tuple(groups), waiting, is_written, seats is not None)


def _tenths(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 1), round(point[1], 1)
