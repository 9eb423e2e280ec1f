"""All places of a plan: the hall first, then other halls, stations and agents who visit people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.arrays import Ints
from sim.clock import DAY
from sim.plan import plan as codes
from sim.plan.columns import floats, integers, offsets_of
from sim.plan.opening import FromTo, HallDay, hall_days, place_days
from sim.plan.plan import Period
from sim.scenario.geography import Hands
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.places import Place
from sim.scenario.scenario import Scenario

HOME: Final = ":home"
"""Ends the ids of places from which agents go to applicants; no other id has a colon."""
PLACE: Final = "place:"
"""Begins the name of a place's group of windows, and of its list, where a group or list of the hall
has the id of the place."""


def compile_places(scenario: Scenario, days_of: Sequence[Sequence[HallDay]]) -> dict[str, Any]:
    """The fields of `HallPlan` about what places do with papers; of each place its open days."""
    others = other_places(scenario)
    rounds = [[], *(_rounds(place, days) for place, days in zip(others, days_of[1:], strict=True))]
    return {
        "at_home": np.array([False, *(place.id.endswith(HOME) for place in others)]),
        "courier_offsets": offsets_of([len(of_place) for of_place in rounds]),
        "courier_leaves": integers(leaves for of_place in rounds for leaves, _ in of_place),
        "courier_arrives": integers(arrives for of_place in rounds for _, arrives in of_place),
        "onward": _onward(scenario, others),
        "forwarded_work": floats([1.0, *(place.forwarded_work for place in others)]),
    }


def other_places(scenario: Scenario) -> list[Place]:
    """Halls and stations that are open besides the hall of the scenario, which is the city hall.

    The agents of a place who visit people at home are a place of their own.
    """
    places: list[Place] = []
    for place in scenario.places.open if scenario.places else ():
        if place.kind != "city_hall":
            places.append(place)
        if place.home_visits is not None:
            number = place.home_visits.agents
            agents = {key: number if n > 0 else 0 for key, n in place.clerks.items()}
            places.append(place.model_copy(update={"id": f"{place.id}{HOME}", "clerks": agents}))
    return places


def open_days(scenario: Scenario, period: Period) -> list[list[HallDay]]:
    """Days of the run on which each place opens, the hall first."""
    others = other_places(scenario)
    return [hall_days(scenario, period), *(place_days(scenario, period, each) for each in others)]


def everywhere(scenario: Scenario, layout: Layout) -> Layout:
    """A layout with one more group of windows, and list, for each other place.

    They are called like the place, unless the hall has something of that name: places, groups and
    lists are named each for themselves, and a plan's groups and lists all have names of their own.
    """
    taken = {name for group in layout.windows for name in (group.id, group.list_id)}
    groups = [
        WindowGroup.model_construct(
            id=f"{PLACE}{place.id}" if place.id in taken else place.id,
            serves=place.takes_in,
            clerks=place.clerks,
        )
        for place in other_places(scenario)
        if place.takes_in
    ]
    return layout.model_copy(update={"windows": (*layout.windows, *groups)})


def places_of_groups(scenario: Scenario, layout: Layout) -> list[int]:
    """Number of the place where each group of windows is, of a layout and then of other places."""
    others = other_places(scenario)
    taking_in = [n for n, place in enumerate(others, start=1) if place.takes_in]
    return [codes.HALL] * len(layout.windows) + taking_in


def _rounds(place: Place, days: Sequence[HallDay]) -> list[FromTo]:
    """When a courier leaves a place on its open days, and when the departments have the papers."""
    courier = place.courier
    if courier is None:
        return []
    leaves = [day.n * DAY + time for day in days for time in sorted(courier.leaves)]
    return [(instant, instant + courier.takes) for instant in leaves]


def _onward(scenario: Scenario, others: Sequence[Place]) -> Ints:
    """int64, shape (P, M): the next place for papers of each matter; -1 = they stay."""
    matters = sorted(matter.id for matter in scenario.matters)
    onward = np.full((1 + len(others), len(matters)), -1, dtype=np.int64)
    numbers = {place.id: n for n, place in enumerate(others, start=1)}
    hands = Hands(scenario) if scenario.places is not None else None
    for n, place in enumerate(others, start=1):
        if hands is None or not place.forwards:
            continue
        sent, to = hands.sent_on(place), hands.next(place)
        onward[n, [matter in sent for matter in matters]] = numbers.get(to or "", codes.HALL)
    return onward
