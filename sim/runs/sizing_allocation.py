"""The other way round: where clerk hours do most, from everybody called in time down to few hours.

Clerks are taken away where it costs the fewest people their call in time. What a clerk is worth is
read off trials with one fewer at many posts at once: each loss is charged to the last of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.runs.sizing import SizingProblem, Trial
from sim.runs.sizing_units import Round

STEP: Final = 0.02
"""Part of the clerk hours that is taken away before losses are looked at again; one post at
least."""
LOWEST: Final = 0.6
"""Share called in time at which the curve ends: no hall plans for less."""
SWAPS: Final = 12
"""Times that clerks are moved from where they do least to where they do most."""


def fewer_and_fewer(problem: SizingProblem, staff: Ints, hours: float) -> list[Trial]:
    """Staffs from the given one down, each with fewer clerk hours than the one before.

    Parameters
    ----------
    problem
        Its one promise is to be called in time, in each half hour.
    hours
        Clerk hours a week that the last staff must not have more of, if any clerk can go at all.

    Returns
    -------
    list of Trial
        It ends below those hours and below `LOWEST`.
    """
    curve = [problem.trial(staff)]
    while problem.weekly_hours(curve[-1].staff) > hours or share_in_time(curve[-1]) > LOWEST:
        losses = worth_of_one(problem, curve[-1], _removable(problem, curve[-1].staff), -1)
        fewer = _without_cheapest(problem, curve[-1].staff, losses)
        if (fewer == curve[-1].staff).all():
            break
        curve.append(problem.trial(fewer))
    return curve


def share_in_time(trial: Trial) -> float:
    """Of all tickets, called in time."""
    in_time, tickets = trial.sums.sum(axis=(0, 1))
    return float(in_time / max(tickets, 1))


def worth_of_one(
    problem: SizingProblem, trial: Trial, places: Sequence[int], change: int
) -> Floats:
    """float64, shape (posts,): people called in time whom one fewer (or more) takes away (adds).

    Counted over the crowds of the search; infinite for a post that is not asked about. A group with
    one number all day is asked about at its first post, and changed in all of them.

    Parameters
    ----------
    change
        1 or -1 clerk.
    """
    worth = np.full(len(problem.posts), np.inf)
    counted = set(places)
    by_unit: Round = {
        number: [place for place in unit.places.tolist() if place in counted]
        for number, unit in enumerate(problem.units)
    }
    before = trial.sums[:, :, 0].sum(axis=0)
    for together in _rounds(problem, by_unit):
        changed = trial.staff
        for tried in together.values():
            for place in tried:
                changed = problem.changed(changed, place, change)
        after = problem.trial(changed).sums[:, :, 0].sum(axis=0)
        for number, tried in together.items():
            _charge(problem, number, tried, change * (after - before), worth)
    return worth


def _rounds(problem: SizingProblem, by_unit: Round) -> list[Round]:
    """Posts that are tried at once; of those that change all day, one of each unit by itself."""
    by_the_hour = {
        number: [place for place in places if len(problem.same_number[place]) == 1]
        for number, places in by_unit.items()
    }
    rounds = problem.apart(by_the_hour)
    all_day = [
        [(number, place) for place in places if place not in by_the_hour[number]]
        for number, places in by_unit.items()
    ]
    for one_of_each in zip_longest(*all_day):
        rounds += problem.apart({tried[0]: [tried[1]] for tried in one_of_each if tried})
    return rounds


def _charge(
    problem: SizingProblem, number: int, tried: Sequence[int], changed: Ints, worth: Floats
) -> None:
    """What changed in the half hours of a unit, to the last post tried until then.

    A post also answers for the half hour before it: who took a ticket late waited into it.
    """
    by_slot = sorted(tried, key=lambda place: problem.posts[place].slot)
    slots = np.array([problem.posts[place].slot for place in by_slot])
    cells = problem.units[number].cells
    cell_slots = np.array([problem.promised.cells[n].slot for n in cells])
    rows = np.maximum(np.searchsorted(slots, cell_slots + 1, side="right") - 1, 0)
    worth[by_slot] = np.bincount(rows, weights=changed[cells], minlength=len(by_slot))


def _removable(problem: SizingProblem, staff: Ints) -> list[int]:
    """Posts where a clerk may go and every line has somebody still."""
    return [
        place
        for place in _by_themselves(problem, staff > 0)
        if problem.keeps_open(problem.changed(staff, place, -1))
    ]


def _by_themselves(problem: SizingProblem, chosen: Bools) -> list[int]:
    """Of the posts that are chosen those whose number is decided there: not at an earlier one."""
    posts = np.flatnonzero(chosen[: len(problem.posts)]).tolist()
    return [place for place in posts if problem.same_number[place][0] == place]


def _hours(problem: SizingProblem) -> Floats:
    """float64, shape (posts,): hours a week of one clerk more, all day where that is always so."""
    numbers = problem.same_number[: len(problem.posts)]
    return np.array([problem.hours[places].sum() for places in numbers])


def _without_cheapest(problem: SizingProblem, staff: Ints, losses: Floats) -> Ints:
    """One fewer where it costs least for the hours, until a step's worth of hours is gone.

    Of two posts next to each other in a unit only one: the loss of both together is not known.
    """
    unit_of = {place: n for n, unit in enumerate(problem.units) for place in unit.places.tolist()}
    hours = _hours(problem)
    fewer, hours_less = staff, 0.0
    taken: set[tuple[int, int]] = set()
    for place in np.argsort(losses / hours, kind="stable").tolist():
        if not np.isfinite(losses[place]) or hours_less >= STEP * problem.weekly_hours(staff):
            break
        unit = unit_of.get(place, -1)
        slots = [problem.posts[each].slot for each in problem.same_number[place].tolist()]
        if any((unit, slot + near) in taken for slot in slots for near in (-1, 0, 1)):
            continue
        one_fewer = problem.changed(fewer, place, -1)
        if problem.keeps_open(one_fewer):
            fewer = one_fewer
            hours_less += float(hours[place])
            taken.update((unit, slot) for slot in slots)
    return fewer


def best_for_hours(problem: SizingProblem, start: Trial, most: Ints, hours: float) -> Trial:
    """The same or fewer hours, better spread: clerks go from where they do least to where most.

    Parameters
    ----------
    start
        A staff within the hours.
    most : ndarray(int64), shape (posts + departments,)
        Everybody there.
    hours
        Clerk hours a week.
    """
    best = start
    for _ in range(SWAPS):
        with_room = _by_themselves(problem, best.staff < most)
        gains = worth_of_one(problem, best, with_room, 1)
        gains[~np.isfinite(gains)] = 0.0
        losses = worth_of_one(problem, best, _removable(problem, best.staff), -1)
        moved = _best_moves(problem, best, gains, losses, hours)
        if moved is best:
            break
        best = moved
    return best


def _best_moves(
    problem: SizingProblem, trial: Trial, gains: Floats, losses: Floats, hours: float
) -> Trial:
    """Many moves at once, or half of them, and so on, as long as more are called in time."""
    moves = _moves(problem, trial.staff, gains, losses, hours)
    n = len(moves)
    while n:
        staff = trial.staff + np.sum(moves[:n], axis=0)
        if problem.keeps_open(staff) and problem.weekly_hours(staff) <= hours:
            moved = problem.trial(staff)
            if share_in_time(moved) > share_in_time(trial):
                return moved
        n //= 2
    return trial


def _moves(
    problem: SizingProblem, staff: Ints, gains: Floats, losses: Floats, hours: float
) -> list[Ints]:
    """Changes of a staff, the best first: one more here, paid for by fewer where it costs least."""
    weekly = _hours(problem)
    spare = hours - problem.weekly_hours(staff)
    cheapest = [n for n in np.argsort(losses / weekly, kind="stable") if np.isfinite(losses[n])]
    moves = []
    for place in np.argsort(-gains / weekly, kind="stable").tolist():
        if gains[place] <= 0:
            break
        move, lost = problem.changed(np.zeros_like(staff), place, 1), 0.0
        missing = weekly[place] - spare
        paying = []
        for payer in cheapest:
            if missing <= 0:
                break
            if payer != place:
                paying.append(payer)
                missing -= weekly[payer]
                lost += losses[payer]
        if missing > 0 or lost >= gains[place]:
            continue
        for payer in paying:
            move = problem.changed(move, payer, -1)
        cheapest = [payer for payer in cheapest if payer not in paying and payer != place]
        spare = -missing
        moves.append(move)
    return moves
