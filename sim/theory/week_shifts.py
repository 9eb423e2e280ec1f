"""The cheapest shifts of a week for people of unlike skills: which shift how many of whom work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.theory.day_cover import ColumnOf, DayToCover, cover_day
from sim.theory.programme import IntegerProgramme

HOURS_SHORT: Final = 100.0
"""Price of a clerk hour that is needed and missing, in hours on duty: above what any shift costs
that covers it, so nothing is left out that can be covered."""
EACH_SHIFT: Final = 1 / 4096
"""Price of a shift beside its hours, so that of equal hours fewer shifts are taken. Less than half
an hour for as many shifts as a component has in a week."""
UNUSED_HOURS: Final = 1 / 1024
"""Price of an hour on duty where people are hired for it: they are paid by contract."""


class Classes(NamedTuple):
    """People who are alike, by class.

    Attributes
    ----------
    skills : ndarray(bool), shape (C, G)
    senior : ndarray(bool), shape (C,)
    hours : ndarray(float64), shape (C,)
        All people of the class together may be on duty so long in the week.
    days : ndarray(int64), shape (C,)
        On so many days together.
    weekends : ndarray(int64), shape (C,)
        People whose turn at the week-end it may be.
    weekend_is_extra : bool
        Days at the week-end count neither as `hours` nor as `days`: they are made up for later.
    """

    skills: Bools
    senior: Bools
    hours: Floats
    days: Ints
    weekends: Ints
    weekend_is_extra: bool


class Hiring(NamedTuple):
    """In place of people who are there: as many as the week takes, each under these rules.

    Attributes
    ----------
    hours : float
        Contract.
    days : int
        Most days.
    weekend_each : int
        At the week-end every so many weeks.
    """

    hours: float
    days: int
    weekend_each: int


class WeekShifts(NamedTuple):
    """Shifts of a week.

    Attributes
    ----------
    counts : tuple of ndarray(int64), shape (C, S)
        People on each shift, on each of the alike days.
    short : tuple of ndarray(float64), shape (T, G)
        Clerks that are missing.
    hired : ndarray(int64), shape (C,)
        People, where they are hired; else empty.
    hours : float
        On duty in the whole week.
    bound : float
        No shifts that cover as much have fewer hours; people, where they are hired.
    gap : float
        Part by which the programme may be above its bound; 0 = it is the best there is.
    """

    counts: tuple[Ints, ...]
    short: tuple[Floats, ...]
    hired: Ints
    hours: float
    bound: float
    gap: float


def week_shifts(
    days: Sequence[DayToCover],
    classes: Classes,
    hiring: Hiring | None = None,
    time_limit: float = 5.0,
) -> WeekShifts:
    """Answer how many people of each class work each shift, at the fewest hours on duty.

    Dantzig's covering, with people who can serve several window groups: in each half hour those on
    duty are shared out among the groups they can serve, as in a transportation problem, which has a
    whole solution whenever people and needs are whole.

    Parameters
    ----------
    hiring
        People are hired for the work: as few as possible, and then few hours.
    time_limit
        Seconds for the search.

    Examples
    --------
    Two half days that two people share:

    >>> yes = np.ones((1, 1), dtype=bool)
    >>> works = np.array([[1, 0], [0, 1]], dtype=bool)
    >>> halves = np.array([4.0, 4.0])
    >>> day = DayToCover(
    ...     5, False, np.array([[2], [1]]), halves, works, halves, np.ones((1, 2), bool),
    ...     np.array([3]), 0
    ... )
    >>> people = Classes(yes, yes[0], np.array([120.0]), np.array([15]), np.array([3]), True)
    >>> week = week_shifts([day], people)
    >>> week.counts[0], week.hours, week.gap
    (array([[2, 1]]), 60.0, 0.0)
    """
    return _Programme(days, classes, hiring).solved(time_limit)


class _Programme:
    """Columns: shifts by day and class; who serves which group; what is short; people hired."""

    def __init__(self, days: Sequence[DayToCover], classes: Classes, hiring: Hiring | None) -> None:
        self._days, self._classes, self._hiring = days, classes, hiring
        self._programme = IntegerProgramme()
        self._shift: list[ColumnOf] = []
        self._short: list[ColumnOf] = []
        n_classes = len(classes.skills)
        self._hired = (
            [self._programme.column(hiring.hours, whole=True) for _ in range(n_classes)]
            if hiring
            else []
        )
        for day in days:
            self._add_day(day)
        self._add_supply()

    def _add_day(self, day: DayToCover) -> None:
        classes = self._classes
        price = UNUSED_HOURS if self._hiring else 1.0
        shift = {
            (c, s): self._programme.column(
                day.times * (price * day.hours[s] + EACH_SHIFT), whole=True, high=self._most(day, c)
            )
            for c, s in zip(*np.nonzero(day.allowed), strict=True)
        }
        self._shift.append(shift)
        missing = day.times * HOURS_SHORT * day.span_hours
        if self._hiring:
            missing = missing * self._hiring.hours
        cover = cover_day(self._programme, day, classes.skills, classes.senior, shift, missing)
        self._short.append(cover.short)
        for c in range(len(classes.skills)):
            on_duty = [column for (who, _), column in shift.items() if who == c]
            if not on_duty:
                continue
            if self._hiring:
                hired = self._hired[c]
                turns = self._hiring.weekend_each if day.weekend else 1
                signs = [float(turns)] * len(on_duty) + [-1.0]
                self._programme.row([*on_duty, hired], signs, -math.inf, 0.0)
            else:
                signs = [1.0] * len(on_duty)
                self._programme.row(on_duty, signs, 0.0, self._most(day, c))

    def _most(self, day: DayToCover, c: int) -> float:
        if self._hiring:
            return math.inf
        most = int(day.present[c])
        return float(min(most, self._classes.weekends[c]) if day.weekend else most)

    def _add_supply(self) -> None:
        """Hours and days of the week, by class."""
        classes = self._classes
        for c in range(len(classes.skills)):
            columns, hours, times = [], [], []
            for day, shift in zip(self._days, self._shift, strict=True):
                if day.weekend and classes.weekend_is_extra and not self._hiring:
                    continue
                for (who, s), column in shift.items():
                    if who == c:
                        columns.append(column)
                        hours.append(day.times * float(day.hours[s]))
                        times.append(float(day.times))
            if not columns:
                continue
            if self._hiring:
                hired = [*columns, self._hired[c]]
                self._programme.row(hired, [*hours, -self._hiring.hours], -math.inf, 0.0)
                self._programme.row(hired, [*times, -float(self._hiring.days)], -math.inf, 0.0)
            else:
                self._programme.row(columns, hours, 0.0, float(classes.hours[c]))
                self._programme.row(columns, times, 0.0, float(classes.days[c]))

    def solved(self, time_limit: float) -> WeekShifts:
        """The best within the time limit."""
        n_classes = len(self._classes.skills)
        if not self._programme.cost:
            return self._read(np.zeros(0), 0.0, 0.0, n_classes)
        solution = self._programme.solve(time_limit)
        if solution.x is None:  # nobody on duty is a solution, which takes no time to find
            nobody = np.zeros(len(self._programme.cost))
            for short, day in zip(self._short, self._days, strict=True):
                for (t, g), column in short.items():
                    nobody[column] = day.needed[t, g]
            return self._read(nobody, 0.0, 1.0, n_classes)
        gap = float(solution.mip_gap or 0.0)
        bound = solution.mip_dual_bound  # None where nothing has to be whole
        bound = float(solution.fun if bound is None else bound)
        return self._read(solution.x, bound, gap, n_classes)

    def _read(self, values: Floats, bound: float, gap: float, n_classes: int) -> WeekShifts:
        counts, missing = [], []
        hours = 0.0
        for day, shift, short in zip(self._days, self._shift, self._short, strict=True):
            count = np.zeros((n_classes, len(day.hours)), dtype=np.int64)
            for place, column in shift.items():
                count[place] = round(values[column])
            lacking = np.zeros(day.needed.shape)
            for place, column in short.items():
                lacking[place] = max(values[column], 0.0)
            counts.append(count)
            missing.append(lacking)
            hours += day.times * float((count @ day.hours).sum())
        hired = np.array([round(values[column]) for column in self._hired], dtype=np.int64)
        above = float(np.dot(self._programme.cost, values)) - bound if len(values) else 0.0
        least = hired.sum() if self._hiring else hours
        bound_of_least = max(float(least) - max(above, 0.0), 0.0)
        if self._hiring:
            bound_of_least = math.ceil(float(least) - max(above, 0.0) / self._hiring.hours - 1e-6)
        return WeekShifts(tuple(counts), tuple(missing), hired, hours, bound_of_least, gap)
