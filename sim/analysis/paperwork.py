"""What a matter asks of its applicant on paper: steps, papers, forms and trips, without any run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.plan.columns import integers
from sim.plan.matters import own_service
from sim.plan.parts import parts_of, visits_of
from sim.scenario.matters import Handling, Item, Matter, Service
from sim.scenario.scenario import Scenario


class HandCount(NamedTuple):
    """What a case without repeats asks of its applicant."""

    steps: int
    materials: int
    trips: int


def hand_count(
    scenario: Scenario,
    matter: Matter,
    handling: Handling,
    needed: Collection[str],
    *,
    collects: bool = False,
) -> HandCount:
    """Steps, materials and trips of an applicant who needs some of a matter's items.

    Bundled it is one application with the matter's papers, in one visit. Separate it is one
    application an item, each with its papers, in one visit to each department in turn. Who needs no
    item hands the matter in as a whole. Who collects the result takes one more step, by one more
    trip.

    Parameters
    ----------
    needed
        Ids of items.
    collects
        Whether the result is collected at a window.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> birth = next(matter for matter in scenario.matters if matter.id == "birth")
    >>> hand_count(scenario, birth, "separate", everything(birth))
    HandCount(steps=7, materials=22, trips=5)
    >>> hand_count(scenario, birth, "bundled", everything(birth))
    HandCount(steps=1, materials=4, trips=1)
    """
    items = [item for item in matter.items if item.id in needed]
    if handling == "bundled" or not items:
        return HandCount(1 + collects, matter.service.materials, 1 + collects)
    services = [own_service(scenario, item) for item in items]
    papers = sum(service.materials for service in services if service is not None)
    visits = visits_of(matter)
    trips = sum(_any(needed, visit) for visit in visits)
    return HandCount(len(items) + collects, papers, trips + collects)


def _any(needed: Collection[str], items: Sequence[Item]) -> bool:
    return any(item.id in needed for item in items)


def everything(matter: Matter) -> tuple[str, ...]:
    """Items of who needs all that one person can need: the likeliest of those that exclude others.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("sanmenxia.yaml"))
    >>> restaurant = next(matter for matter in scenario.matters if matter.id == "restaurant")
    >>> len(restaurant.items), len(everything(restaurant))
    (7, 5)
    """
    likeliest: dict[str, Item] = {}
    for item in matter.items:
        mark = item.one_of or f"={item.id}"
        if mark not in likeliest or item.share > likeliest[mark].share:
            likeliest[mark] = item
    return tuple(item.id for item in likeliest.values())


class Paperwork(NamedTuple):
    """What is handed in and filled in, in the order of a plan's names."""

    materials: Ints
    """int64, shape (matters,): papers of the whole."""
    fields: Ints
    to_fill: Floats
    """float64, shape (matters,): fields that are not pre-filled."""
    own_materials: Ints
    """int64, shape (items,): papers of an item applied for alone; 0 for what is not."""
    own_fields: Ints
    own_to_fill: Floats


def paperwork(scenario: Scenario) -> Paperwork:
    """The papers and fields of all matters and items of a scenario.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> paperwork(load_scenario(example_path("exact/mmc.yaml"))).materials
    array([0])
    """
    matters = sorted(scenario.matters, key=lambda matter: matter.id)
    whole = [matter.service for matter in matters]
    alone = [
        None if part.visit is None else own_service(scenario, part.item)
        for matter in matters
        for part in parts_of(matter)
    ]
    return Paperwork(
        integers(service.materials for service in whole),
        integers(service.fields for service in whole),
        np.array([_to_fill(service) for service in whole]),
        integers(service.materials if service else 0 for service in alone),
        integers(service.fields if service else 0 for service in alone),
        np.array([_to_fill(service) if service else 0.0 for service in alone]),
    )


def _to_fill(service: Service) -> float:
    return service.fields * (1.0 - service.prefilled_share)
