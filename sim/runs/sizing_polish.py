"""From enough to no more than needed: take away, exchange two for one, until nothing can go."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations_with_replacement
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.runs.sizing import SizingProblem, Trial
from sim.runs.sizing_units import Round

NEAR: Final = 1
"""Half hours between those who are exchanged."""


def take_away(problem: SizingProblem, trial: Trial, least: Ints) -> Trial:
    """One fewer wherever all promises are kept without, until there is no such place.

    Parameters
    ----------
    least : ndarray(int64), shape (posts + departments,)
        Bounds below which nothing can be kept.
    """
    while True:
        before = trial
        for together in problem.apart(_above(problem, trial.staff, least)):
            trial = _without(problem, trial, together, least)
        if (trial.staff == before.staff).all():
            return trial


def _above(problem: SizingProblem, staff: Ints, least: Ints) -> Round:
    """Places of each unit with more than the bound, the dearest first."""
    return {
        number: sorted(
            [place for place in problem.numbers_of(unit) if staff[place] > least[place]],
            key=lambda place: -problem.weight_of(place),
        )
        for number, unit in enumerate(problem.units)
    }


def _without(problem: SizingProblem, trial: Trial, together: Round, least: Ints) -> Trial:
    """One fewer at each place of a round, but for those where that breaks a promise."""
    tried = {
        number: removable
        for number, places in together.items()
        if (
            removable := [
                p for p in places if trial.staff[p] > least[p] and _may_go(problem, trial, p)
            ]
        )
    }
    while any(tried.values()):
        staff = trial.staff
        for place in chain.from_iterable(tried.values()):
            staff = problem.changed(staff, place, -1)
        without = problem.trial(staff)
        broken = problem.worse(without, trial)
        blamed = {
            number: problem.blamed(problem.units[number], places, broken)
            for number, places in tried.items()
        }
        if not any(blamed.values()):
            return without
        tried = {
            number: [place for place in places if place not in blamed[number]]
            for number, places in tried.items()
        }
    return trial


def _may_go(problem: SizingProblem, trial: Trial, place: int) -> bool:
    staff = problem.changed(trial.staff, place, -1)
    return staff[place] >= 0 and problem.keeps_open(staff)


def exchange(problem: SizingProblem, trial: Trial, least: Ints) -> Trial:
    """One more here for two fewer near by, wherever all promises are kept so."""
    moves = {
        number: list(_exchanges(problem, trial.staff, least, number))
        for number in range(len(problem.units))
    }
    for n in range(max((len(each) for each in moves.values()), default=0)):
        chosen = {number: each[n] for number, each in moves.items() if n < len(each)}
        trial = _exchanged(problem, trial, chosen, least)
    return trial


def _exchanges(
    problem: SizingProblem, staff: Ints, least: Ints, number: int
) -> Iterator[tuple[int, int, int]]:
    """One more at a place, one fewer at two near it that may have fewer, and cost more together."""
    unit = problem.units[number]
    places = [place for place in problem.numbers_of(unit) if place < len(problem.posts)]
    spare = [place for place in places if staff[place] > least[place]]
    weight = {place: problem.weight_of(place) for place in places}
    for more in places:
        near = [place for place in spare if place != more and _are_near(problem, place, more)]
        for first, second in combinations_with_replacement(near, 2):
            twice = first == second and staff[first] < least[first] + 2
            if not twice and weight[first] + weight[second] > weight[more]:
                yield more, first, second


def _are_near(problem: SizingProblem, first: int, second: int) -> bool:
    """On one kind of day, with at most so many half hours between them."""
    slots = [
        np.array([problem.posts[place].slot for place in problem.same_number[each]])
        for each in (first, second)
    ]
    apart = np.abs(slots[0][:, None] - slots[1]).min()
    return problem.posts[first].days == problem.posts[second].days and bool(apart <= NEAR)


def _exchanged(
    problem: SizingProblem, trial: Trial, chosen: dict[int, tuple[int, int, int]], least: Ints
) -> Trial:
    """The exchanges of some units made, but for those that break a promise."""
    while chosen:
        staff = trial.staff
        for number, (more, first, second) in list(chosen.items()):
            moved = problem.changed(staff, more, 1)
            for fewer in (first, second):
                moved = problem.changed(moved, fewer, -1)
            if (moved < least).any() or not problem.keeps_open(moved):
                del chosen[number]
            else:
                staff = moved
        if not chosen:
            return trial
        changed = problem.trial(staff)
        broken = problem.worse(changed, trial)
        refused = [n for n in chosen if broken[problem.units[n].cells].any()]
        if not refused:
            return changed
        for number in refused:
            del chosen[number]
    return trial
