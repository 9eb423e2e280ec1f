"""The windows of a plan: each with its group and place, what it accepts and who is paid there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Bools
from sim.plan.columns import floats, integers
from sim.plan.plan import HALL
from sim.plan.streams import words
from sim.scenario.dated_rosters import DayRosters
from sim.scenario.distributions import mean_of
from sim.scenario.hall import WindowGroup
from sim.scenario.scenario import Scenario


class PlanWindow(NamedTuple):
    """A window that is built, in the order of a plan."""

    group: WindowGroup
    group_number: int
    number: int
    """Among the windows of its group."""
    place: int
    roster: DayRosters

    @property
    def id(self) -> str:
        """Name of its group, and its number there counted from 1."""
        return f"{self.group.id}-{self.number + 1}"


def windows_of(
    groups: Sequence[WindowGroup], places: Sequence[int], rosters: Mapping[str, DayRosters]
) -> list[PlanWindow]:
    """Windows group by group, each of which is at a place; of each group its clerks by date."""
    return [
        PlanWindow(group, n, number, place, rosters[group.id])
        for n, (group, place) in enumerate(zip(groups, places, strict=True))
        for number in range(windows_built(group, rosters[group.id]))
    ]


def windows_built(group: WindowGroup, roster: DayRosters) -> int:
    """Number of windows of a group; as many as clerks sit there at once, where none is stated."""
    return roster.most if group.count is None else group.count


def compile_windows(
    scenario: Scenario,
    groups: Sequence[WindowGroup],
    windows: Sequence[PlanWindow],
    lists: Sequence[str],
) -> dict[str, Any]:
    """The fields of `HallPlan` about windows."""
    departments = sorted(department.id for department in scenario.departments)
    reviews_for = [
        departments.index(window.group.reviews_for) if window.group.reviews_for else -1
        for window in windows
    ]
    training = scenario.hall.training
    trained = training.service_factor if training else 1.0
    return {
        "list_of_window": integers(lists.index(window.group.list_id) for window in windows),
        "group_of_window": integers(window.group_number for window in windows),
        "factor": floats(window.group.proficiency * trained for window in windows),
        **_compile_between(scenario, windows),
        **_compile_walks(scenario, windows),
        "payroll": integers(_payer(groups, window.group) for window in windows),
        "reviews_for": integers(reviews_for),
        "clerks_review": max(reviews_for, default=-1) >= 0,
        "absence": floats(_absence(scenario, window) for window in windows),
        "clerk_words": words([window.group.id for window in windows], "clerks"),
    }


def _compile_between(scenario: Scenario, windows: Sequence[PlanWindow]) -> dict[str, Any]:
    """The fields of `HallPlan` about what windows do between one visitor and the next."""
    spans = [window.group.changeover for window in windows]
    return {
        "changeover": integers(spans),
        "changes_over": any(spans),
        "wraps_up": any(mean_of(matter.wrap_up) > 0 for matter in scenario.matters),
    }


def _compile_walks(scenario: Scenario, windows: Sequence[PlanWindow]) -> dict[str, Any]:
    """The fields of `HallPlan` about walks; places beside the hall are a room each."""
    hall = scenario.hall
    walks = [window.group.walk_of(hall) if window.place == HALL else 0 for window in windows]
    return {"walk": integers(walks), "way_in": hall.way_in, "walks": any(walks)}


def served_matters(scenario: Scenario, windows: Sequence[PlanWindow]) -> Bools:
    """bool, shape (W, M): which matters a window may accept."""
    named = scenario.matters_named()
    ids = sorted(matter.id for matter in scenario.matters)
    serves = np.zeros((len(windows), len(ids)), dtype=np.bool_)
    for w, window in enumerate(windows):
        for name in window.group.serves:
            for matter in named[name]:
                serves[w, ids.index(matter)] = True
    return serves


def _payer(groups: Sequence[WindowGroup], group: WindowGroup) -> int:
    """Number of the group whose roster pays a group's clerks."""
    pool = group.tidal.pool if group.tidal else None
    return [each.id for each in groups].index(pool or group.id)


def _absence(scenario: Scenario, window: PlanWindow) -> float:
    """Of places beside the hall nothing is known; who is lent to a reserve window is on its roster
    by what their own group says."""
    if window.group.borrows:
        return 0.0
    if window.group.absence is not None:
        return window.group.absence
    return scenario.hall.absence if window.place == HALL else 0.0
