"""What hangs together in sizing: which posts decide a promise, and which can be tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from sim.analysis.promises import Promised
from sim.arrays import Bools, Ints
from sim.plan.plan import NO_LIMIT, Plan
from sim.plan.rosters import Post
from sim.scenario.hall import Layout

APART: Final = 5
"""Half hours between two posts of a list that are tried at once. A queue that one clerk fewer
leaves behind is gone by then as a rule; whether it was, the next trial shows, which starts from
both."""


class Unit(NamedTuple):
    """Posts that people share, with the promises that they decide.

    Two units have no list, no calls and no promise in common: a change in each can be tried in one
    simulation.
    """

    places: Ints
    """int64: which entries of a staff: a post, or after them a department."""
    cells: Ints
    """int64: which promise cells."""
    by_half_hour: bool
    """All its promises are about half hours of one kind of day, and each has a number of its own,
    so far-apart ones are tried at once."""


Round: TypeAlias = dict[int, list[int]]
"""Places by number of their unit."""


def places_of_cells(
    layout: Layout, plan: Plan, posts: Sequence[Post], promised: Promised
) -> tuple[Ints, ...]:
    """Entries of a staff on which each promise cell depends.

    Parameters
    ----------
    layout, plan
        The layout of the scenario, and the same one compiled.
    posts
        Its posts; the departments of the plan follow them in a staff.
    """
    departments = np.arange(len(posts), len(posts) + len(plan.names.departments))
    places = []
    for cell in promised.cells:
        if promised.promises[cell.promise].kind.over == "cases":
            places.append(departments)
            continue
        groups = _deciding_groups(layout, cell.what, cell.id)
        deciding = [
            n
            for n, post in enumerate(posts)
            if post.group in groups and cell.days in ("", post.days)
        ]
        places.append(np.array(deciding, dtype=np.int64))
    return tuple(places)


def same_numbers(posts: Sequence[Post], n_places: int, constant: Sequence[str]) -> tuple[Ints, ...]:
    """Of each entry of a staff those that always have the same number, itself among them.

    Parameters
    ----------
    constant
        Window groups with one number all day.

    Examples
    --------
    >>> posts = [Post("desk", "mon", 0, 1_800_000), Post("desk", "mon", 1_800_000, 3_600_000)]
    >>> [each.tolist() for each in same_numbers(posts, 3, ["desk"])]
    [[0, 1], [0, 1], [2]]
    """
    places = [np.array([place]) for place in range(n_places)]
    days = {(post.group, post.days) for post in posts if post.group in constant}
    for day in days:
        whole = np.array([n for n, post in enumerate(posts) if post[:2] == day], dtype=np.int64)
        for place in whole.tolist():
            places[place] = whole
    return tuple(places)


def units_of(
    layout: Layout,
    plan: Plan,
    posts: Sequence[Post],
    promised: Promised,
    same_number: Sequence[Ints],
) -> tuple[Unit, ...]:
    """Posts, and departments, whose numbers are decided together; only those with promises.

    Departments are a unit where cases are promised.

    Parameters
    ----------
    layout, plan
        The layout of the scenario, and the same one compiled.
    posts
        Its posts; the departments of the plan follow them in a staff.
    same_number
        Of each entry of a staff those that always have the same.
    """
    deciding = places_of_cells(layout, plan, posts, promised)
    n_places = len(posts) + len(plan.names.departments)
    unit_of = _joined(n_places, [*_shared_posts(layout, plan, posts, promised), *deciding])
    units = []
    for unit in np.unique(unit_of).tolist():
        places = np.flatnonzero(unit_of == unit)
        cells = [n for n, each in enumerate(deciding) if len(each) and unit_of[each[0]] == unit]
        if cells:
            by_half_hour = all(promised.cells[n].slot >= 0 for n in cells)
            by_half_hour &= all(len(same_number[place]) == 1 for place in places.tolist())
            units.append(Unit(places, np.array(cells, dtype=np.int64), by_half_hour))
    return tuple(units)


def _deciding_groups(layout: Layout, what: str, name: str) -> set[str]:
    """Window groups that decide what people of a list, a group, and so on, find."""
    if what == "group":
        return {name}
    if what == "list":
        return {group.id for group in layout.windows if name in (group.list_id, *group.helps)}
    return {group.id for group in layout.windows}


def _shared_posts(
    layout: Layout, plan: Plan, posts: Sequence[Post], promised: Promised
) -> list[Ints]:
    """Posts of groups on one kind of day that share a list, or between which people choose."""
    hall = plan.hall
    sets = [_deciding_groups(layout, "list", name) for name in plan.names.lists]
    if hall.capacity != NO_LIMIT or (plan.demand.items.visit >= 0).any():
        sets.append({group.id for group in layout.windows})
    for matter in range(hall.line_of.shape[1]):
        accepting = np.flatnonzero((hall.line_of[:, matter] >= 0).any(axis=1))
        sets.append(set().union(*(sets[z] for z in accepting)))
    for group in layout.windows:
        if group.tidal is not None:
            pool = {group.tidal.pool} if group.tidal.pool else set()
            sets.append(_deciding_groups(layout, "list", group.list_id) | pool)
    return [
        np.array(
            [n for n, post in enumerate(posts) if post.group in groups and post.days == kind.key],
            dtype=np.int64,
        )
        for groups in sets
        for kind in promised.kinds
    ]


def _joined(n: int, sets: Iterable[Ints]) -> Ints:
    """int64, shape (n,): number of the smallest member of what is joined with each, by chains.

    Examples
    --------
    >>> _joined(4, [np.array([0, 2]), np.array([2, 3])])
    array([0, 1, 0, 0])
    """
    label = np.arange(n)
    for members in sets:
        if len(members):
            labels = np.unique(label[members])
            label[np.isin(label, labels)] = labels[0]
    return label


def blamed(
    unit: Unit, posts: Sequence[Post], promised: Promised, tried: Sequence[int], broken: Bools
) -> set[int]:
    """Which of the places of a unit tried at once have broken a promise.

    A half hour is blamed on the last place tried before it, or in the half hour after: who took a
    ticket late may have waited into that one.

    Parameters
    ----------
    tried
        Places of the unit.
    broken : ndarray(bool), shape (cells,)
    """
    short = unit.cells[broken[unit.cells]]
    if not len(short):
        return set()
    if not unit.by_half_hour or len(tried) <= 1:
        return set(tried)
    by_slot = sorted(tried, key=lambda place: posts[place].slot)
    slots = np.array([posts[place].slot for place in by_slot])
    short_slots = np.array([promised.cells[n].slot for n in short])
    rows = np.searchsorted(slots, short_slots + 1, side="right") - 1
    return {by_slot[max(row, 0)] for row in rows.tolist()}


def rounds_apart(
    units: Sequence[Unit], posts: Sequence[Post], places_by_unit: Round
) -> list[Round]:
    """Rounds in which places of many units are tried at once, each place in one of them."""
    rounds: list[Round] = []
    for number, places in places_by_unit.items():
        groups: dict[object, list[int]] = {}
        for place in places:
            key: object = place
            if units[number].by_half_hour:
                key = (posts[place].group, posts[place].slot % APART)
            groups.setdefault(key, []).append(place)
        for n, together in enumerate(groups.values()):
            if n == len(rounds):
                rounds.append({})
            rounds[n][number] = together
    return rounds


def one_by_one(places_by_unit: Round) -> list[Round]:
    """Rounds with one place of each unit."""
    longest = max((len(places) for places in places_by_unit.values()), default=0)
    return [
        {number: [places[n]] for number, places in places_by_unit.items() if n < len(places)}
        for n in range(longest)
    ]
