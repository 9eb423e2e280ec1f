"""From too few to enough: where a promise is broken, the clerk who mends most for the cost."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.runs.sizing import SizingProblem, Trial
from sim.runs.sizing_units import APART

HALF_HOURS_BEFORE: Final = 2
"""How far before a broken half hour a clerk may be added: what was left over came from there."""
MOST_CROWDED: Final = 12
"""Places tried for a promise about whole days, the most crowded first."""


class Trouble(NamedTuple):
    """Broken promises that the same places decide, mended together, and ways to mend them."""

    owners: bytes
    """Which places decide them; with the first broken half hour, what the trouble is known by."""
    first: int
    cells: Ints
    ways: tuple[Ints, ...]
    """Entries of a staff that get more, all of those of a way."""
    single: int
    """The first so many ways are one more of a single number; the others cost more."""


def add_until_kept(problem: SizingProblem, staff: Ints, most: Ints, load: Floats) -> Trial:
    """Add clerks and reviewers until every promise is kept, or nobody who is added mends any more.

    Troubles that are apart are mended at once: each simulation tries the next way of each of them.
    Where no way mends anything, longer steps are tried, and nobody is added meanwhile; what not
    even the longest step mends is eased in the problem to the level that was reached.

    Parameters
    ----------
    most : ndarray(int64), shape (posts + departments,)
        Everybody there.
    load : ndarray(float64), shape (posts,)
        Clerks at work on average, by which places are more or less crowded.
    """
    trial = problem.trial(staff)
    steps: dict[tuple[bytes, int], int] = {}
    while troubles := _troubles(problem, trial, most, load):
        trial = _mend(problem, trial, troubles, most, steps)
    return trial


def _troubles(problem: SizingProblem, trial: Trial, most: Ints, load: Floats) -> list[Trouble]:
    broken, room = problem.broken(trial), trial.staff < most
    by_owners: dict[tuple[bytes, bool], list[int]] = {}
    for number in np.flatnonzero(problem.decided).tolist():
        of_half_hour = problem.promised.cells[number].slot >= 0
        key = (problem.places_of_cells[number].tobytes(), of_half_hour)
        by_owners.setdefault(key, []).append(number)
    troubles = []
    for (owners, of_half_hour), numbers in by_owners.items():
        cells = np.array(numbers, dtype=np.int64)
        if not broken[cells].any():
            continue
        places = problem.places_of_cells[numbers[0]]
        if of_half_hour:
            troubles += _by_half_hour(problem, owners, cells, places, broken, room)
        else:
            crowded = _crowding(problem, trial.staff, load)
            troubles.append(Trouble(owners, -1, cells, *_by_day(problem, places, room, crowded)))
    return troubles


def _by_half_hour(
    problem: SizingProblem, owners: bytes, cells: Ints, places: Ints, broken: Bools, room: Bools
) -> list[Trouble]:
    """A trouble for the first broken half hour, and for each that is far from the one before."""
    slots = np.array([problem.promised.cells[n].slot for n in cells])
    firsts: list[int] = []
    for slot in np.unique(slots[broken[cells]]).tolist():
        if not firsts or slot >= firsts[-1] + APART:
            firsts.append(slot)
    until = [first - HALF_HOURS_BEFORE for first in firsts[1:]]
    slot_of = np.array([problem.posts[place].slot for place in places])
    troubles = []
    for first, end in zip(firsts, [*until, slots.max() + 1], strict=True):
        near = (first - HALF_HOURS_BEFORE <= slot_of) & (slot_of <= first) & room[places]
        earlier = (slot_of <= first) & room[places]
        ways = _numbers(problem, places[near])
        single = len(ways)
        for several in (_numbers(problem, places[which]) for which in (near, earlier)):
            ways += [np.concatenate(several)] if len(several) > 1 else []
        in_reach = cells[(slots >= first - HALF_HOURS_BEFORE) & (slots < end)]
        troubles.append(Trouble(owners, first, in_reach, tuple(ways), single))
    return troubles


def _numbers(problem: SizingProblem, places: Ints) -> list[Ints]:
    """Places of each number that one of some places has."""
    same = [problem.same_number[place] for place in places.tolist()]
    return list({int(entries[0]): entries for entries in same}.values())


def _by_day(
    problem: SizingProblem, places: Ints, room: Bools, crowded: Floats
) -> tuple[tuple[Ints, ...], int]:
    """One more at one of the most crowded places, at a quarter of them, or everywhere.

    Returns
    -------
    tuple
        The ways, and how many of them are single.
    """
    places = places[room[places]]
    numbers = _numbers(problem, places[np.argsort(-crowded[places], kind="stable")])
    ways = numbers[:MOST_CROWDED]
    single = len(ways)
    for part in (4, 1):
        several = numbers[: len(numbers) // part]
        ways += [np.concatenate(several)] if len(several) > 1 else []
    return tuple(ways), single


def _crowding(problem: SizingProblem, staff: Ints, load: Floats) -> Floats:
    """float64, shape (posts + departments,): work for each clerk, or reviewer."""
    work = np.concatenate([load, problem.reviewer_load])
    return np.asarray(work / np.maximum(staff, 1))


def _mend(
    problem: SizingProblem,
    trial: Trial,
    troubles: list[Trouble],
    most: Ints,
    steps: dict[tuple[bytes, int], int],
) -> Trial:
    """The best way of each trouble taken; `steps` learns how many a place gets at once."""
    room = most - trial.staff
    before = problem.relative_shortfall(trial.values)
    gains = [np.full(len(trouble.ways), -np.inf) for trouble in troubles]
    for n in range(max(len(trouble.ways) for trouble in troubles)):
        staff, tried = trial.staff.copy(), list[tuple[int, Ints]]()
        for k, trouble in enumerate(troubles):
            # several places at once cost more, and are for where no single one mends anything
            if n < trouble.single or (n < len(trouble.ways) and gains[k].max() <= 0):
                more = _more(trouble, n, room, steps)
                staff += more
                tried.append((k, more))
        if not tried:
            continue
        after = problem.relative_shortfall(problem.trial(np.minimum(staff, most)).values)
        for k, more in tried:
            cells = troubles[k].cells
            gains[k][n] = (before[cells].sum() - after[cells].sum()) / (more @ problem.weights)
    staff, levels = trial.staff.copy(), problem.levels.copy()
    for gain, trouble in zip(gains, troubles, strict=True):
        key = (trouble.owners, trouble.first)
        if len(gain) and gain.max() > 0:
            staff += _more(trouble, int(np.argmax(gain)), room, steps)
            steps.pop(key, None)
        elif any(room[way].max() > steps.get(key, 1) for way in trouble.ways):
            steps[key] = 2 * steps.get(key, 1)
        else:
            short = trouble.cells[problem.broken(trial)[trouble.cells]]
            levels[short] = trial.values[short]
    if (levels != problem.levels).any():
        problem.keep(levels)
    return problem.trial(np.minimum(staff, most))


def _more(trouble: Trouble, way: int, room: Ints, steps: dict[tuple[bytes, int], int]) -> Ints:
    """int64, shape (posts + departments,): whom a way of mending adds."""
    more = np.zeros_like(room)
    places = trouble.ways[way]
    more[places] = np.minimum(steps.get((trouble.owners, trouble.first), 1), room[places])
    return more
