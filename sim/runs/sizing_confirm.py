"""The whole search for one layout, and its proof on crowds that it has not seen."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.runs.sizing import SearchStoppedError, SizingProblem, Trial
from sim.runs.sizing_bound import Ample, everybody, first_guess, lower_bound
from sim.runs.sizing_polish import exchange, take_away
from sim.runs.sizing_raise import add_until_kept
from sim.runs.sizing_spans import bound_of_spans
from sim.runs.sizing_units import one_by_one

MARGIN: Final = 2.0
"""Standard errors by which the crowds of the search must keep a promise more than others: of many
staffs that just keep it there, some do by luck. Measured on 40 drawn halls, sized on a hundred days
and lived through 4,000 others (`tests/questions/optimism.py`): with 0, 1 and 2 of them, 4.2, 4.3
and 2.0 % of all cells were truly worse than promised, and the intervals of all cells of a hall held
the truth in 92, 98 and 95 %, for 136.2, 136.5 and 139.5 clerk hours a week. Of nine answers for
days that theory knows exactly, one half hour was missed in two with 1, none with 2."""
ROUNDS: Final = 3
"""Times that fresh crowds which break a promise join those of the search."""
CROWDS_AT_MOST: Final = ROUNDS + 2
"""Sets of crowds that a search may look at, the one that confirms it among them."""


WORTH_A_ROUND: Final = 0.01
"""Part of all clerk hours that a round of polishing must save for another one."""


class SizedStaff(NamedTuple):
    """What the search has found, and what fresh crowds say to it."""

    staff: Ints
    """int64, shape (posts + departments,)."""
    least: Ints
    """int64, shape (posts + departments,): bounds; 0 where the search was stopped before."""
    bound_hours: float
    """Clerk hours a week with fewer of which no staff keeps the promises; at least those of
    `least`."""
    ample: Ample
    crowds: tuple[int, ...]
    """Replications on which the figures below rest."""
    fresh: bool
    """The search has not seen these crowds."""
    sums: Ints
    """int64, shape (replications, cells, 2)."""
    sums_today: Ints
    busy: Floats
    """float64, shape (posts,): clerks at work on average."""
    binding: Ints
    """int64, shape (posts + departments,): the cell that is worst with one fewer; -1 = none."""
    one_fewer: Floats
    """float64, shape (posts + departments,): what it is then, in its unit."""


def size_staff(problem: SizingProblem) -> SizedStaff:
    """The least staff that keeps the promises, confirmed on fresh crowds."""
    seen = problem.replications
    n_places = len(problem.staff_today)
    ample = Ample(problem.staff_today, np.zeros(len(problem.posts)), np.zeros(0, dtype=np.int64))
    least, bound_hours = np.zeros(n_places, dtype=np.int64), 0.0
    try:
        ample = everybody(problem)
        problem.try_by_unit(ample.staff)
        easier = problem.levels
        least = lower_bound(problem, ample)
        bound_hours = bound_of_spans(problem, ample, least)
        trial = _searched(problem, ample, least, starting_staff(problem, ample, least))
        n_fresh = len(seen)
        for _ in range(ROUNDS):
            fresh = _next_crowds(seen, n_fresh)
            problem.pause()
            sums = problem.fresh_sums(problem.plan(trial.staff), fresh)
            seen = (*seen, *fresh)
            if not _breaks(problem, easier, trial, sums):
                break
            trial = _repaired(problem, easier, ample, trial.staff, seen)
        if bound_hours > problem.weekly_hours(trial.staff):
            # more clerks have harmed somewhere, so that spans prove nothing
            bound_hours = problem.weekly_hours(least)
        fresh = _next_crowds(seen, n_fresh)
        return _confirmed(problem, easier, trial, least, bound_hours, ample, fresh)
    except SearchStoppedError:
        pass
    return _stopped(problem, least, bound_hours, ample)


def _next_crowds(seen: tuple[int, ...], n: int) -> tuple[int, ...]:
    """Replications that nothing has looked at.

    Crowds that let a staff pass are not those that say what it keeps: of many that were tried, they
    are the ones that like it.
    """
    return tuple(range(seen[-1] + 1, seen[-1] + 1 + n))


def starting_staff(problem: SizingProblem, ample: Ample, least: Ints) -> Ints:
    """What theory says, and no less than the bound; who decides no promise stays as today."""
    staff = np.maximum(least, np.minimum(first_guess(problem, ample), ample.staff))
    decided = np.concatenate([unit.places for unit in problem.units])
    others = np.setdiff1d(np.arange(len(staff)), decided)
    staff[others] = problem.staff_today[others]
    return problem.levelled(_opened(problem, staff))


def _opened(problem: SizingProblem, staff: Ints) -> Ints:
    """With somebody in each line that nobody would keep open."""
    for line in problem.kept_open:
        if staff[line].sum() == 0:
            staff[line[0]] = 1
    return staff


def _searched(problem: SizingProblem, ample: Ample, least: Ints, start: Ints) -> Trial:
    """Raise and polish, with the margin against chance that the start shows."""
    levels = _with_margin(problem, problem.trial(start), problem.trial(ample.staff))
    problem.keep(levels)
    trial = add_until_kept(problem, start, ample.staff, ample.load)
    trial = _fewer(problem, trial, ample, least)
    while True:
        hours = problem.weekly_hours(trial.staff)
        trial = _kept_again(problem, exchange(problem, trial, least), ample)
        if problem.weekly_hours(trial.staff) >= (1 - WORTH_A_ROUND) * hours:
            return trial
        trial = _fewer(problem, trial, ample, least)


def _fewer(problem: SizingProblem, trial: Trial, ample: Ample, least: Ints) -> Trial:
    """Fewer and fewer, as long as a round is worth it."""
    while True:
        hours = problem.weekly_hours(trial.staff)
        trial = _kept_again(problem, take_away(problem, trial, least), ample)
        if problem.weekly_hours(trial.staff) >= (1 - WORTH_A_ROUND) * hours:
            return trial


def _kept_again(problem: SizingProblem, trial: Trial, ample: Ample) -> Trial:
    """What one list leaves for another day is little, and may still break something there."""
    return add_until_kept(problem, trial.staff, ample.staff, ample.load)


def _repaired(
    problem: SizingProblem, levels: Floats, ample: Ample, staff: Ints, seen: tuple[int, ...]
) -> Trial:
    """Enough for more crowds: added where they break a promise, and nowhere taken away else.

    What is not needed on few crowds is hardly needed on more, so that searching it all again would
    find little, and takes longer each time.
    """
    problem.search_on(seen)
    problem.keep(_reachable(problem, levels, problem.trial(ample.staff)))
    problem.keep(_with_margin(problem, problem.trial(staff), problem.trial(ample.staff)))
    trial = add_until_kept(problem, staff, ample.staff, ample.load)
    return take_away(problem, trial, staff)


def _reachable(problem: SizingProblem, levels: Floats, ample: Trial) -> Floats:
    """Levels, but where everybody together breaks one on these crowds, what they reach."""
    problem.keep(levels)
    return np.where(problem.broken(ample), ample.values, levels)


def _with_margin(problem: SizingProblem, trial: Trial, ample: Trial) -> Floats:
    """Levels that the crowds of the search must keep.

    No stricter than halfway to what everybody reaches: all the way would need everybody. Levels
    that were eased have no margin.
    """
    levels = problem.levels
    sign = np.where(problem.high_is_better, 1.0, -1.0)
    reach = np.nan_to_num(sign * (ample.values - levels) / 2)
    margin = np.minimum(MARGIN * _standard_errors(problem, trial.sums), np.maximum(reach, 0.0))
    return np.asarray(np.where(levels == problem.promised.levels, levels + sign * margin, levels))


def _standard_errors(problem: SizingProblem, sums: Ints) -> Floats:
    """float64, shape (cells,): of each value; replications are the clusters.

    Of a share no less than with independent people, since few replications may agree by chance.
    """
    counts = sums[:, :, 1]
    values = np.nan_to_num(problem.promised.values(sums.sum(axis=0)))
    each = np.nan_to_num(problem.promised.values(sums))
    people = np.maximum(counts.sum(axis=0), 1)
    pulls = counts * (each - values) / people
    n = max(len(sums), 2)
    spread = np.sqrt((pulls**2).sum(axis=0) * n / (n - 1))
    level = np.clip(problem.promised.levels, 0.0, 1.0)
    independent = np.where(problem.is_share, np.sqrt(level * (1 - level) / people), 0.0)
    return np.asarray(np.maximum(spread, independent))


def _breaks(problem: SizingProblem, levels: Floats, trial: Trial, fresh: Ints) -> bool:
    """Whether fresh crowds break a promise, and those of the search together with them too."""
    strict = problem.levels
    problem.keep(levels)
    values = [
        problem.promised.values(sums.sum(axis=0))
        for sums in (fresh, np.concatenate([trial.sums, fresh]))
    ]
    short = [problem.shortfall(each) > 0 for each in values]
    problem.keep(strict)
    return bool((short[0] & short[1]).any())


def _confirmed(
    problem: SizingProblem,
    levels: Floats,
    trial: Trial,
    least: Ints,
    bound_hours: float,
    ample: Ample,
    fresh: tuple[int, ...],
) -> SizedStaff:
    problem.keep(levels)
    problem.pause()
    sums = problem.fresh_sums(problem.plan(trial.staff), fresh)
    today = problem.fresh_sums(problem.today, fresh)
    busy = problem.busy_at_posts(trial.staff, fresh)
    values = problem.promised.values(sums.sum(axis=0))
    binding, one_fewer = _one_fewer(problem, trial.staff, values, least, fresh)
    return SizedStaff(
        trial.staff,
        least,
        bound_hours,
        ample,
        fresh,
        True,
        sums,
        today,
        busy,
        binding,
        one_fewer,
    )


def _one_fewer(
    problem: SizingProblem, staff: Ints, values_now: Floats, least: Ints, fresh: tuple[int, ...]
) -> tuple[Ints, Floats]:
    """Which cell is worst with one fewer at each place, on fresh crowds, and how it is then.

    One place of each unit at a time, so that a cell tells of nothing but its own place; only cells
    that one fewer makes worse, as the worst of all may be of another half hour, and stay as it is.
    Departments with no more than their work takes are not tried: a run of few days would not show
    what comes.

    Parameters
    ----------
    values_now : ndarray(float64), shape (cells,)
        Of the staff itself on these crowds.
    """
    above_now = problem.above_level(values_now)
    floor = np.where(np.arange(len(staff)) < len(problem.posts), 0, least)
    binding, values_then = np.full(len(staff), -1), np.full(len(staff), math.nan)
    of_units = {n: problem.numbers_of(unit) for n, unit in enumerate(problem.units)}
    for together in one_by_one(of_units):
        tried = {}
        fewer = staff
        for number, (place,) in together.items():
            one_less = problem.changed(fewer, place, -1)
            if one_less[place] >= floor[place] and problem.keeps_open(one_less):
                tried[number], fewer = place, one_less
        if not tried:
            continue
        problem.pause()
        sums = problem.crowds.each(problem.plan(fewer), fresh, problem.promised.sums).sum(axis=0)
        values = problem.promised.values(sums)
        above = problem.above_level(values)
        for number, place in tried.items():
            cells = problem.units[number].cells
            hurt = cells[above[cells] < above_now[cells]]
            if len(hurt):
                worst = hurt[int(np.argmin(above[hurt]))]
                places = problem.same_number[place]
                binding[places], values_then[places] = worst, values[worst]
    return binding, values_then


def _stopped(problem: SizingProblem, least: Ints, bound_hours: float, ample: Ample) -> SizedStaff:
    """The best that was found before the search was stopped, on the crowds of the search."""
    n_places, cells = len(problem.staff_today), len(problem.promised.cells)
    nothing = np.zeros((0, cells, 2), dtype=np.int64)
    best = problem.best
    return SizedStaff(
        staff=ample.staff if best is None else best.staff,
        least=least,
        bound_hours=bound_hours,
        ample=ample,
        crowds=() if best is None else problem.replications,
        fresh=False,
        sums=nothing if best is None else best.sums,
        sums_today=nothing,
        busy=np.full(len(problem.posts), math.nan),
        binding=np.full(n_places, -1),
        one_fewer=np.full(n_places, math.nan),
    )
