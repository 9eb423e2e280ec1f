"""What can be kept at all, and the fewest clerks with which it could be: before any roster is made.

With everybody there, what is broken cannot be kept. With everybody there but in one half hour, the
fewest who keep the promises in that one are a lower bound: no roster does with fewer, since fewer
elsewhere helps nobody here.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.runs.sizing import SizingProblem
from sim.runs.sizing_units import Round, one_by_one
from sim.theory.staffing import smallest_servers

SPARE: Final = 4.0
"""Square roots of the load that are spare where everybody is there: nobody waits for a clerk but
in the crowd at the door of an opening."""
CROWD_AT_DOOR: Final = 4
"""Clerks more, for halls with next to no load."""
RELAXED_BY: Final = 0.1
"""Part of what a promise leaves room for, by which the level in place of one that cannot be kept is
easier than what everybody together reaches: all of it would need everybody, for next to nothing."""


class Ample(NamedTuple):
    """Everybody there."""

    staff: Ints
    load: Floats
    """float64, shape (posts,): clerks at work on average."""
    impossible: Ints
    """int64: promise cells that are broken even so."""


def everybody(problem: SizingProblem) -> Ample:
    """The staff with which nothing more can be had from clerks, and what it cannot keep either.

    Levels that cannot be kept are eased in the problem to what can.
    """
    built = _built(problem)
    staff = _many(problem, problem.staff_today[: len(problem.posts)] * np.float64(2), built)
    load = problem.busy_at_posts(staff, problem.replications)
    for _ in range(20):
        needed = _many(problem, load, built)
        if (needed <= staff).all():
            break
        staff = np.maximum(staff, needed)
        load = problem.busy_at_posts(staff, problem.replications)
    trial = problem.trial(_more_where_broken(problem, staff, built))
    impossible = np.flatnonzero(problem.broken(trial))
    levels = problem.levels.copy()
    easier = RELAXED_BY * problem.room * np.where(problem.high_is_better, -1.0, 1.0)
    levels[impossible] = (trial.values + easier)[impossible]
    problem.keep(levels)
    return Ample(trial.staff, load, impossible)


def _built(problem: SizingProblem) -> Floats:
    """float64, shape (posts,): windows of the group, where the scenario says how many there are."""
    windows = problem.scenario.layout(problem.layout).windows
    counts = {group.id: math.inf if group.count is None else group.count for group in windows}
    return np.array([counts[post.group] for post in problem.posts], dtype=np.float64)


def _many(problem: SizingProblem, load: Floats, built: Floats) -> Ints:
    """Clerks for a load with plenty to spare; reviewers twice as many as today, and two more."""
    clerks = np.minimum(np.ceil(load + SPARE * np.sqrt(load)) + CROWD_AT_DOOR, built)
    reviewers = problem.staff_today[len(problem.posts) :]
    if problem.sizes_departments:
        reviewers = 2 * reviewers + 2
    return problem.levelled(np.concatenate([clerks.astype(np.int64), reviewers]))


def _more_where_broken(problem: SizingProblem, staff: Ints, built: Floats) -> Ints:
    """Half as many again where a promise is broken, as long as that helps."""
    trial = problem.trial(staff)
    while True:
        broken = problem.broken(trial)
        more = trial.staff.copy()
        for unit in problem.units:
            if broken[unit.cells].any():
                more[unit.places] += more[unit.places] // 2 + 1
        more[: len(built)] = np.minimum(more[: len(built)], built)
        if (more == trial.staff).all():
            return trial.staff
        better = problem.trial(more)
        before, after = problem.shortfall(trial.values), problem.shortfall(better.values)
        if (after[broken] > 0.9 * before[broken]).all():
            return trial.staff
        trial = better


def lower_bound(problem: SizingProblem, ample: Ample) -> Ints:
    """The fewest at each post with whom the promises can be kept, everybody being there elsewhere.

    Bisected at many posts at once, from what theory says; then each half hour of the day is tried
    by itself with one fewer, so that no bound rests on what happens in another half hour.
    """
    least = _bisected(problem, ample)
    return problem.levelled(_proven(problem, ample, least))


def _bisected(problem: SizingProblem, ample: Ample) -> Ints:
    lowest, highest = np.zeros(len(ample.staff), dtype=np.int64), ample.staff.copy()
    guess = first_guess(problem, ample)
    for together in problem.apart(_posts_of_units(problem)):
        places = np.array(sorted(chain.from_iterable(together.values())), dtype=np.int64)
        probe = np.clip(guess[places] - 1, lowest[places], highest[places] - 1)
        while (lowest[places] < highest[places]).any():
            open_ = lowest[places] < highest[places]
            staff = ample.staff.copy()
            staff[places] = np.where(open_, probe, highest[places])
            breaks = _breaks(problem, staff, together)[places]
            lowest[places] = np.where(open_ & breaks, probe + 1, lowest[places])
            highest[places] = np.where(open_ & ~breaks, probe, highest[places])
            near = np.where(breaks, lowest[places], highest[places] - 1)
            half = (lowest[places] + highest[places]) // 2
            first = probe == guess[places] - 1
            probe = np.clip(np.where(first, near, half), lowest[places], highest[places] - 1)
    # departments hang together, so no bound is sought for one; but where work comes faster than it
    # is done a promise is kept for some days and then no more, whatever a run of few days shows
    reviewers = np.floor(problem.reviewer_load).astype(np.int64) + 1
    highest[len(problem.posts) :] = np.minimum(reviewers, ample.staff[len(problem.posts) :])
    return highest


def _posts_of_units(problem: SizingProblem) -> Round:
    return {
        number: [place for place in unit.places.tolist() if place < len(problem.posts)]
        for number, unit in enumerate(problem.units)
    }


def _breaks(problem: SizingProblem, staff: Ints, together: Round) -> Bools:
    """bool, shape (posts + departments,): which of the places tried break a promise."""
    breaks = np.zeros(len(staff), dtype=np.bool_)
    if not problem.keeps_open(staff):
        for line in problem.kept_open:
            if staff[line].sum() == 0:
                breaks[line] = True
        staff = np.where(breaks & (staff == 0), 1, staff)
    broken = problem.broken(problem.trial(staff))
    for number, places in together.items():
        breaks[list(problem.blamed(problem.units[number], places, broken))] = True
    return breaks


def first_guess(problem: SizingProblem, ample: Ample) -> Ints:
    """Clerks by theory: Erlang's tail at the load of the half hour (offered load, not arrivals).

    Reviewers are the load and one more. Only where to begin: nothing is claimed of it.
    """
    windows = problem.today.hall
    groups = problem.today.names.groups
    service = {
        group: float(windows.mean_service[windows.list_of_window[w]] * windows.factor[w])
        for w, group in enumerate(groups)
    }
    within, share = _tightest(problem)
    guess = ample.staff.copy()
    for n, post in enumerate(problem.posts):
        load, mean = float(ample.load[n]), max(service[post.group], 1.0)
        clerks = smallest_servers(load / mean, mean, within, share) if load > 0 else 1
        guess[n] = min(clerks, ample.staff[n])
    reviewers = np.ceil(problem.reviewer_load).astype(np.int64) + 1
    guess[len(problem.posts) :] = np.minimum(reviewers, ample.staff[len(problem.posts) :])
    return guess


def _tightest(problem: SizingProblem) -> tuple[float, float]:
    """Ticks and share of the strictest promise of being called; nine in ten at once without one."""
    called = [
        (
            float(
                promise.within
                if promise.within is not None
                else problem.scenario.targets.called_within
            ),
            min(promise.level, 0.999),
        )
        for promise in problem.promised.promises
        if promise.measure == "called_within" and promise.level > 0
    ]
    return min(called, key=lambda pair: pair[0] * (1 - pair[1]), default=(0.0, 0.5))


def _proven(problem: SizingProblem, ample: Ample, least: Ints) -> Ints:
    """Each bound tried with one fewer, one half hour of the day at a time."""
    least = least.copy()
    for together in one_by_one(_posts_of_units(problem)):
        places = [place for (place,) in together.values()]
        while True:
            tried = [place for place in places if least[place] > 0]
            if not tried:
                break
            staff = ample.staff.copy()
            staff[tried] = least[tried] - 1
            breaks = _breaks(problem, staff, {n: p for n, p in together.items() if p[0] in tried})
            places = [place for place in tried if not breaks[place]]
            if not places:
                break
            least[places] -= 1
    return least
