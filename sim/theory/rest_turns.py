"""In which turn how many people rest: as few missing as there can be, then as evenly as can be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.theory.day_cover import ColumnOf, DayToCover, RestTurns, columns_at_rest, cover_day
from sim.theory.programme import IntegerProgramme

IN_HALL: Final = 1 / 64
"""Price of one more at rest at one time in the hall, in parts of one more of a window group."""
CLOSE: Final = 1e-6


def rest_turns(
    day: DayToCover, skills: Bools, senior: Bools, counts: Ints, time_limit: float = 5.0
) -> tuple[Ints, ...]:
    """Answer how many people of each class are in each turn of each rest.

    First as few clerk hours are missing as there can be. Of all ways to that, the one in which
    those who can serve a window group rest most evenly over the turns, and then all of the hall:
    each one more at rest at one time costs more than the one before.

    Parameters
    ----------
    skills : ndarray(bool), shape (C, G)
    senior : ndarray(bool), shape (C,)
    counts : ndarray(int64), shape (C, S)
        People on each shift.
    time_limit
        Seconds for each of two searches.

    Returns
    -------
    tuple of ndarray(int64), shape (C, U)
        Of each rest of the day.

    Examples
    --------
    Three people, two of whom are needed all the time, rest one after the other:

    >>> from sim.theory.day_cover import RestTurns
    >>> yes, none = np.ones((1, 1), dtype=bool), np.zeros(1, dtype=bool)
    >>> turns = RestTurns(np.array([True]), np.eye(4, dtype=bool)[:3])
    >>> day = DayToCover(
    ...     1, False, np.full((4, 1), 2), np.full(4, 0.25), np.ones((1, 4), bool), np.ones(1), yes,
    ...     np.array([3]), 0, rests=(turns,)
    ... )
    >>> rest_turns(day, yes, none, np.array([[3]]))
    (array([[1, 1, 1]]),)
    """
    programme = IntegerProgramme()
    shift: ColumnOf = {
        (c, s): programme.column(0.0, low=float(counts[c, s]), high=float(counts[c, s]))
        for c, s in np.argwhere(counts).tolist()
    }
    cover = cover_day(programme, day, skills, senior, shift, day.span_hours, whole_turns=True)
    values = programme.solve(time_limit).x
    if values is not None:
        _forget_missing(programme, float(np.dot(programme.cost, values)))
        _add_evenness(programme, day, skills, counts, cover.resting)
        even = programme.solve(time_limit).x
        values = values if even is None else even
    return tuple(
        _in_turns(rest, columns, counts, values)
        for rest, columns in zip(day.rests, cover.resting, strict=True)
    )


def _forget_missing(programme: IntegerProgramme, fewest: float) -> None:
    """What is missing has no price any more, and may be no more than so many hours."""
    missing = [column for column, price in enumerate(programme.cost) if price]
    if missing:
        hours = [programme.cost[column] for column in missing]
        programme.row(missing, hours, -math.inf, fewest + CLOSE)
    for column in missing:
        programme.cost[column] = 0.0


def _add_evenness(
    programme: IntegerProgramme,
    day: DayToCover,
    skills: Bools,
    counts: Ints,
    resting: Sequence[ColumnOf],
) -> None:
    """Of those who can serve a window group, and of all, each one more at rest costs more."""
    everybody = (True,) * len(skills)
    pools = dict.fromkeys([*map(tuple, skills.T.tolist()), everybody])
    for pool in pools:
        price = IN_HALL if pool == everybody and len(pools) > 1 else 1.0
        for t in range(len(day.needed)):
            away = columns_at_rest(day, resting, t, np.flatnonzero(pool).tolist())
            on_duty = int(counts[list(pool)][:, day.works[:, t]].sum()) if away else 0
            tiers = [programme.column(price * n, high=1.0) for n in range(1, on_duty + 1)]
            if tiers:
                signs = [1.0] * len(away) + [-1.0] * len(tiers)
                programme.row([*away, *tiers], signs, 0.0, 0.0)


def _in_turns(rest: RestTurns, columns: ColumnOf, counts: Ints, values: Floats | None) -> Ints:
    """int64, shape (C, U); where no search came to an end, turns follow each other."""
    people = counts[:, rest.shifts].sum(axis=1)
    n_turns = len(rest.turns)
    if values is None:
        whole_rounds, others = np.divmod(people[:, None], n_turns)
        return np.asarray(whole_rounds + (np.arange(n_turns) < others), dtype=np.int64)
    numbers = np.zeros((len(counts), n_turns), dtype=np.int64)
    for place, column in columns.items():
        numbers[place] = round(values[column])
    return numbers
