"""Cover of a day as rows of a programme: who serves what, who is away at rest, what is short."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.theory.programme import IntegerProgramme

ColumnOf: TypeAlias = dict[tuple[int, int], int]
"""Columns by class and shift, by class and turn, or by period and group."""


class RestTurns(NamedTuple):
    """A rest that everybody on some shifts takes, in one of some turns.

    Attributes
    ----------
    shifts : ndarray(bool), shape (S,)
        Shifts that have it; they are on duty through all of its turns.
    turns : ndarray(bool), shape (U, T)
        Periods in which each turn is away.
    """

    shifts: Bools
    turns: Bools


class DayToCover(NamedTuple):
    """Days of a week that are alike.

    Attributes
    ----------
    times : int
        How many of them there are.
    weekend : bool
        Counted in the rotation.
    needed : ndarray(int64), shape (T, G)
        Clerks by period and window group; periods are half hours, or parts of them.
    span_hours : ndarray(float64), shape (T,)
        Length of each period.
    works : ndarray(bool), shape (S, T)
        Periods of each shift, rests left in.
    hours : ndarray(float64), shape (S,)
        On duty, of each shift.
    allowed : ndarray(bool), shape (C, S)
        Shifts of each class of people.
    present : ndarray(int64), shape (C,)
        People of each class who are not off.
    seniors : int
        Experienced people who should be there whenever anybody is needed; 0 = any.
    in_each_group : bool
        They should be in each window group that needs anybody.
    rests : tuple of RestTurns
    """

    times: int
    weekend: bool
    needed: Ints
    span_hours: Floats
    works: Bools
    hours: Floats
    allowed: Bools
    present: Ints
    seniors: int
    in_each_group: bool = False
    rests: tuple[RestTurns, ...] = ()


class CoverColumns(NamedTuple):
    """Columns of a day in a programme.

    Attributes
    ----------
    short : dict
        Clerks that are missing, by period and group.
    resting : tuple of dict
        People, by class and turn, of each rest.
    """

    short: ColumnOf
    resting: tuple[ColumnOf, ...]


def cover_day(
    programme: IntegerProgramme,
    day: DayToCover,
    skills: Bools,
    senior: Bools,
    shift: ColumnOf,
    missing: Floats,
    *,
    whole_turns: bool = False,
) -> CoverColumns:
    """Write the rows by which those on duty serve window groups, or are short.

    In each period those on duty and not at rest are shared out among the groups they can serve, as
    in a transportation problem. Everybody on a shift with a rest is in one of its turns: how many
    people of a class are in each says enough, as all their shifts can take every turn (implicit
    breaks, S. E. Bechtold and L. W. Jacobs, Management Science 36 (1990) 1339-1351).

    Parameters
    ----------
    skills : ndarray(bool), shape (C, G)
    senior : ndarray(bool), shape (C,)
    shift : dict
        Columns of people by class and shift.
    missing : ndarray(float64), shape (T,)
        Price of a clerk who is missing in each period.
    whole_turns
        Whole people in each turn, even where it makes no difference to what is missing: with whole
        shifts, turns of one period each and the windows are a transportation problem.
    """
    resting = tuple(
        _add_rest(programme, rest_turns, shift, whole_turns or bool(day.seniors))
        for rest_turns in day.rests
    )
    short: ColumnOf = {}
    for t, needs in enumerate(day.needed):
        serves: ColumnOf = {
            (c, g): programme.column(0.0)
            for c, g in zip(*np.nonzero(skills & (needs > 0)), strict=True)
        }
        for g in np.flatnonzero(needs).tolist():
            short[t, g] = programme.column(missing[t], high=float(needs[g]))
            servers = [column for (_, group), column in serves.items() if group == g]
            signs = [1.0] * (len(servers) + 1)
            programme.row([*servers, short[t, g]], signs, float(needs[g]), math.inf)
        for c in range(len(skills)):
            used = [column for (who, _), column in serves.items() if who == c]
            on_duty = [column for (who, s), column in shift.items() if who == c and day.works[s, t]]
            if used:
                away = columns_at_rest(day, resting, t, (c,))
                signs = [1.0] * (len(used) + len(away)) + [-1.0] * len(on_duty)
                programme.row([*used, *away, *on_duty], signs, -math.inf, 0.0)
        if day.seniors and needs.any():
            away = columns_at_rest(day, resting, t, np.flatnonzero(senior).tolist())
            _add_seniors(programme, day, senior, shift, serves, away, t, missing[t] / 2)
    return CoverColumns(short, resting)


def _add_rest(
    programme: IntegerProgramme, rest_turns: RestTurns, shift: ColumnOf, whole: bool
) -> ColumnOf:
    """All who have it are in one of its turns."""
    whole = whole or bool((rest_turns.turns.sum(axis=1) > 1).any())
    resting: ColumnOf = {}
    for c in dict.fromkeys(c for c, s in shift if rest_turns.shifts[s]):
        turns = [programme.column(0.0, whole=whole) for _ in rest_turns.turns]
        resting.update({(c, u): column for u, column in enumerate(turns)})
        people = [column for (who, s), column in shift.items() if who == c and rest_turns.shifts[s]]
        signs = [1.0] * len(turns) + [-1.0] * len(people)
        programme.row([*turns, *people], signs, 0.0, 0.0)
    return resting


def columns_at_rest(
    day: DayToCover, resting: Sequence[ColumnOf], t: int, classes: Collection[int]
) -> list[int]:
    """Columns of people of some classes who are at rest in a period."""
    return [
        column
        for rest_turns, columns in zip(day.rests, resting, strict=True)
        for (c, u), column in columns.items()
        if c in classes and rest_turns.turns[u, t]
    ]


def _add_seniors(
    programme: IntegerProgramme,
    day: DayToCover,
    senior: Bools,
    shift: ColumnOf,
    serves: ColumnOf,
    away: list[int],
    t: int,
    missing: float,
) -> None:
    """Who lacks an experienced colleague counts half of a clerk who is missing."""
    needs = day.needed[t]
    senior_needs: list[tuple[int, list[int], list[int]]]
    if day.in_each_group:
        senior_needs = [
            (
                min(day.seniors, int(needs[g])),
                [column for (c, group), column in serves.items() if group == g and senior[c]],
                [],
            )
            for g in np.flatnonzero(needs).tolist()
        ]
    else:
        on_duty = [column for (c, s), column in shift.items() if senior[c] and day.works[s, t]]
        senior_needs = [(min(day.seniors, int(needs.sum())), on_duty, away)]
    for number, columns, resting in senior_needs:
        lacking = programme.column(missing, high=float(number))
        signs = [1.0] * (len(columns) + 1) + [-1.0] * len(resting)
        programme.row([*columns, lacking, *resting], signs, number, math.inf)
