"""Laws of service that window groups have for matters in place of the matter's own (DESIGN §4.12).

A tape holds the work of an errand by each of its matter's laws, whichever layout has them; a plan
says which of them a window has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.arrays import Ints
from sim.plan.demand import Demand
from sim.plan.windows import PlanWindow
from sim.scenario.distributions import Law
from sim.scenario.hall import WindowGroup
from sim.scenario.scenario import Scenario


def laws_of_groups(scenario: Scenario) -> tuple[tuple[Law, ...], ...]:
    """Of each matter, in order of ids, the laws that groups of any layout have, each once.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> laws_of_groups(load_scenario(example_path("exact/mmc.yaml")))
    ((),)
    """
    laws: dict[str, list[Law]] = {name: [] for name in sorted(m.id for m in scenario.matters)}
    for layout in scenario.layouts:
        for group in layout.windows:
            for name, law in group.service_laws.items():
                if law not in laws[name]:
                    laws[name].append(law)
    return tuple(tuple(of_matter) for of_matter in laws.values())


def laws_of(scenario: Scenario, groups: Sequence[WindowGroup]) -> Ints:
    """int64, shape (groups, M): which of a matter's laws each group has; -1 = the matter's own."""
    ids = sorted(matter.id for matter in scenario.matters)
    number, laws = {name: m for m, name in enumerate(ids)}, laws_of_groups(scenario)
    chosen = np.full((len(groups), len(ids)), -1, dtype=np.int64)
    for n, group in enumerate(groups):
        for name, law in group.service_laws.items():
            chosen[n, number[name]] = laws[number[name]].index(law)
    return chosen


def compile_service_laws(scenario: Scenario, windows: Sequence[PlanWindow]) -> dict[str, Any]:
    """The fields of `HallPlan` about laws of window groups."""
    groups = [window.group for window in windows]
    if not any(group.service_laws for group in groups):
        return {"service_law": np.zeros((0, 0), dtype=np.int64), "has_service_laws": False}
    return {"service_law": laws_of(scenario, groups), "has_service_laws": True}


def as_served(demand: Demand, laws: Ints) -> Demand:
    """The demand as windows meet it that have these laws.

    Parameters
    ----------
    laws : ndarray(int64), shape (M,)
        Which of each matter's laws of groups; -1 = the matter's own.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> slow = ["layouts.hall.windows.windows.service_laws.errand=30 min"]
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml"), slow))
    >>> work = as_served(demand, np.array([0])).matters.work
    >>> demand.laws.parameters[work.base_law, 0].tolist()
    [1800000.0]
    """
    matters, items = demand.matters, demand.items
    others = np.flatnonzero(laws >= 0)
    if not len(others):
        return demand
    base = matters.work.base_law.copy()
    base[others] = matters.group_law[matters.law_offsets[others] + laws[others]]
    alone = items.own_work.base_law.copy()
    parts = np.flatnonzero(items.works_as_sought)
    parts = parts[laws[items.sought[parts]] >= 0]
    alone[parts] = base[items.sought[parts]]
    return demand._replace(
        matters=matters._replace(work=matters.work._replace(base_law=base)),
        items=items._replace(own_work=items.own_work._replace(base_law=alone)),
    )
