"""Waiting lists and their lines: which line a ticket joins, and which windows call from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Bools, Bytes, Floats, Ints
from sim.plan import plan as codes
from sim.plan.columns import floats, integers
from sim.plan.demand import Demand
from sim.plan.service_laws import laws_of
from sim.plan.window_work import mean_pace, mean_service
from sim.plan.windows import PlanWindow
from sim.scenario.hall import Hall, Layout, WindowGroup
from sim.scenario.scenario import Scenario


class LinePlan(NamedTuple):
    """The lines of a plan, as `HallPlan` holds them."""

    list_of_line: Ints
    class_of_line: Ints
    line_of: Ints
    """int64, shape (Z, M, K)."""
    calls: Bytes
    """int8, shape (W, L)."""


def lists_of(groups: Sequence[WindowGroup]) -> tuple[str, ...]:
    """Ids of the waiting lists, in the order of the groups that have them."""
    return tuple(dict.fromkeys(group.list_id for group in groups))


def compile_lists(
    scenario: Scenario,
    layout: Layout,
    groups: Sequence[WindowGroup],
    places: Sequence[int],
    demand: Demand,
    line_of: Ints,
) -> dict[str, Any]:
    """The fields of `HallPlan` about waiting lists; of each group of windows its place."""
    lists, shares = lists_of(groups), layout.routing.shares
    quotas = layout.quota.tickets if layout.quota else {}
    place_of = dict(zip((group.list_id for group in groups), places, strict=True))
    laws, list_of = laws_of(scenario, groups), np.array([group.list_id for group in groups])
    walks = _mean_walks(scenario.hall, groups, places, demand)
    return {
        "mean_service": mean_service(line_of, demand, [laws[list_of == z] for z in lists]) + walks,
        "route_shares": floats(shares.get(name, 0.0 if shares else 1.0) for name in lists),
        "quota": integers(quotas.get(name, codes.NO_LIMIT) for name in lists),
        "place_of_list": integers(place_of[name] for name in lists),
    }


def _mean_walks(
    hall: Hall, groups: Sequence[WindowGroup], places: Sequence[int], demand: Demand
) -> Floats:
    """float64, shape (Z,): ticks of the walk to windows of each list, mean over their groups."""
    walks: dict[str, list[int]] = {name: [] for name in lists_of(groups)}
    for group, place in zip(groups, places, strict=True):
        walks[group.list_id].append(group.walk_of(hall) if place == codes.HALL else 0)
    return floats(sum(each) / len(each) for each in walks.values()) * mean_pace(demand)


def compile_lines(
    windows: Sequence[PlanWindow], lists: Sequence[str], serves: Bools, n_classes: int
) -> LinePlan:
    """Which line a ticket joins, and which windows may call from it.

    Who helps a list calls all its tickets. Windows at which nobody ever sits accept nothing: a list
    is not open because they are built.
    """
    own, helped = _own_and_helped(windows, lists)
    sat_at = np.array([window.roster.most > 0 for window in windows], dtype=np.bool_)
    numbers: dict[tuple[int, int, bytes], int] = {}
    line_of = np.full((len(lists), serves.shape[1], n_classes), -1, dtype=np.int64)
    # matters that the same windows serve have the same callers: many windows serve few kinds
    kinds, kind_of = np.unique(serves, axis=1, return_inverse=True)
    for z in range(len(lists)):
        callers = (own[:, z, None] & kinds) * codes.OWN + helped[:, z, None] * codes.HELPED
        is_open = (callers[sat_at] == codes.OWN).any(axis=0)
        of_kind = [column.astype(np.int8).tobytes() for column in callers.T]
        for m, kind in enumerate(kind_of.reshape(-1).tolist()):
            if is_open[kind]:
                for k in range(n_classes):
                    line_of[z, m, k] = numbers.setdefault((z, k, of_kind[kind]), len(numbers))
    calls = np.frombuffer(b"".join(key for *_, key in numbers), dtype=np.int8)
    return LinePlan(
        list_of_line=integers(z for z, _, _ in numbers),
        class_of_line=integers(k for _, k, _ in numbers),
        line_of=line_of,
        calls=calls.reshape(len(numbers), len(windows)).T.copy(),
    )


def _own_and_helped(windows: Sequence[PlanWindow], lists: Sequence[str]) -> tuple[Bools, Bools]:
    """bool, shape (W, Z): whether a list is the window's own; whether it only helps there."""
    own, helped = np.zeros((2, len(windows), len(lists)), dtype=np.bool_)
    numbers = {name: z for z, name in enumerate(lists)}
    for w, window in enumerate(windows):
        own[w, numbers[window.group.list_id]] = True
        helped[w, [numbers[name] for name in window.group.helps if name in numbers]] = True
    return own, helped & ~own


def compile_seconds(scenario: Scenario, lines: LinePlan) -> dict[str, Any]:
    """The fields of `HallPlan` about second matters: at which windows they are done at once."""
    has_seconds = any(share > 0 for matter in scenario.matters for share in matter.also.values())
    shape = (len(lines.calls), *lines.line_of.shape[1:]) if has_seconds else (0, 0, 0)
    serves = np.zeros(shape, dtype=np.bool_)
    for z, m, k in np.argwhere(lines.line_of >= 0) if has_seconds else ():
        serves[:, m, k] |= lines.calls[:, lines.line_of[z, m, k]] != codes.NOT_CALLED
    return {"serves_also": serves, "has_seconds": has_seconds}


def skills_of(lines: LinePlan, serves: Bools) -> Ints:
    """int64, shape (W,): matters a window may accept, for its own lists and those it helps."""
    may, helped = serves.copy(), lines.calls == codes.HELPED
    is_helped = np.append(helped.any(axis=0), False)  # the last stands for no line
    for z, m in np.argwhere(is_helped[lines.line_of[:, :, 0]]):
        may[:, m] |= helped[:, lines.line_of[z, m, 0]]
    return np.asarray(may.sum(axis=1), dtype=np.int64)
