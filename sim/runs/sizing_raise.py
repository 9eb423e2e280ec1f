"""From too few to enough: where a promise is broken, the clerk who mends most for the cost."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.runs.sizing import APART, SizingProblem, Trial, Unit

HALF_HOURS_BEFORE: Final = 2
"""How far before a broken half hour a clerk may be added: what was left over came from there."""
MOST_CROWDED: Final = 12
"""Places tried for a promise about whole days, the most crowded first."""


class Trouble(NamedTuple):
    """Broken promises of one unit that are mended together, and ways to mend them."""

    cells: Ints
    ways: tuple[Ints, ...]
    """Entries of a staff that get more, all of those of a way."""


def add_until_kept(problem: SizingProblem, staff: Ints, most: Ints, load: Floats) -> Trial:
    """Add clerks and reviewers until every promise is kept, or nobody more is there to be added.

    Troubles that are apart are mended at once: each simulation tries the next way of each of them.

    Parameters
    ----------
    most : ndarray(int64), shape (posts + departments,)
        Everybody there.
    load : ndarray(float64), shape (posts,)
        Clerks at work on average, by which places are more or less crowded.
    """
    trial = problem.trial(staff)
    while True:
        troubles = _troubles(problem, trial, most, load)
        if not troubles:
            return trial
        # the more was added in vain, the longer the step: what is too much is taken away later
        step = np.minimum(1 + np.maximum(trial.staff - staff, 0) // 2, most - trial.staff)
        trial = problem.trial(_with_best_ways(problem, trial, troubles, step))


def _troubles(problem: SizingProblem, trial: Trial, most: Ints, load: Floats) -> list[Trouble]:
    broken, troubles = problem.broken(trial), list[Trouble]()
    room = trial.staff < most
    for unit in problem.units:
        if not broken[unit.cells].any() or not room[unit.places].any():
            continue
        if unit.by_half_hour:
            troubles += _by_half_hour(problem, unit, broken, room)
        else:
            crowded = _crowding(problem, trial.staff, load)
            troubles.append(_by_day(unit, room, crowded))
    return troubles


def _by_half_hour(problem: SizingProblem, unit: Unit, broken: Bools, room: Bools) -> list[Trouble]:
    """A trouble for the first broken half hour, and for each that is far from the one before."""
    slots = np.array([problem.promised.cells[n].slot for n in unit.cells])
    firsts: list[int] = []
    for slot in np.unique(slots[broken[unit.cells]]).tolist():
        if not firsts or slot >= firsts[-1] + APART:
            firsts.append(slot)
    until = [first - HALF_HOURS_BEFORE for first in firsts[1:]]
    troubles = []
    for first, end in zip(firsts, [*until, slots.max() + 1], strict=True):
        cells = unit.cells[(slots >= first - HALF_HOURS_BEFORE) & (slots < end)]
        ways = tuple(
            np.array([place])
            for place in unit.places.tolist()
            if room[place] and 0 <= first - problem.posts[place].slot <= HALF_HOURS_BEFORE
        )
        ways = ways or (unit.places[room[unit.places]],)
        troubles.append(Trouble(cells, ways))
    return troubles


def _by_day(unit: Unit, room: Bools, crowded: Floats) -> Trouble:
    """One more at one of the most crowded places, at a quarter of them, or everywhere."""
    places = unit.places[room[unit.places]]
    places = places[np.argsort(-crowded[places], kind="stable")]
    ways = [np.array([place]) for place in places[:MOST_CROWDED].tolist()]
    ways += [places[: len(places) // part] for part in (4, 1) if len(places) // part > 1]
    return Trouble(unit.cells, tuple(ways))


def _crowding(problem: SizingProblem, staff: Ints, load: Floats) -> Floats:
    """float64, shape (posts + departments,): work for each clerk, or reviewer."""
    work = np.concatenate([load, problem.reviewer_load])
    return np.asarray(work / np.maximum(staff, 1))


def _with_best_ways(
    problem: SizingProblem, trial: Trial, troubles: list[Trouble], step: Ints
) -> Ints:
    """The staff with the best way of each trouble; how many a place gets is its step."""
    before = problem.relative_shortfall(trial.values)
    gains = [np.full(len(trouble.ways), -np.inf) for trouble in troubles]
    for n in range(max(len(trouble.ways) for trouble in troubles)):
        tried = [k for k, trouble in enumerate(troubles) if n < len(trouble.ways)]
        staff = trial.staff.copy()
        for k in tried:
            way = troubles[k].ways[n]
            staff[way] += step[way]
        after = problem.relative_shortfall(problem.trial(staff).values)
        for k in tried:
            cells, way = troubles[k].cells, troubles[k].ways[n]
            mended = before[cells].sum() - after[cells].sum()
            gains[k][n] = mended / (step[way] * problem.weights[way]).sum()
    staff = trial.staff.copy()
    for gain, trouble in zip(gains, troubles, strict=True):
        best = int(np.argmax(gain))
        # where no way helps by itself, the last one does so with others: it is at the place itself
        way = trouble.ways[best if gain[best] > 0 else -1]
        staff[way] += step[way]
    return staff
