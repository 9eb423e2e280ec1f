"""Who works which shift of some weeks: an assignment that shares work out evenly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

WEEK: Final = 7
UNFILLED: Final = 1000.0
"""Price of an hour that is missing: above all wishes and evenness together."""
EVEN_DAYS: Final = 4.0
"""Price of somebody's day on duty for each day that they have had, in parts of those they could
have had: who has had less works first."""
EVEN_WEEKENDS: Final = 20.0
"""The same for a day at the week-end, for each one that they have had."""
NOT_RATHER: Final = 10.0
"""Price of somebody of another class than should be there."""
AGAINST_WISH: Final = 1.0
"""Price of a day that is against a wish, for each unit of its weight: less than any unevenness that
wishes of weight one could make."""

CLOSE: Final = 1e-3
"""Part by which evenness and wishes may be worse than the best: nobody could tell."""


class Vacancy(NamedTuple):
    """So many people wanted for one shift on one day.

    Attributes
    ----------
    day : int
        From the first day on, 0; seven a week.
    weekend : bool
        Counted in the rotation.
    kinds : tuple of int
        Classes of people who may work it.
    hours : float
        On duty.
    number : int
        People.
    worth : float
        Hours that are missing where nobody works it.
    traits : frozenset of str
        What wishes and limits know it by: its name, `morning`, `afternoon`.
    rather : tuple of int
        Classes of which somebody should work it, such as the experienced ones; empty = any.
    """

    day: int
    weekend: bool
    kinds: tuple[int, ...]
    hours: float
    number: int
    worth: float
    traits: frozenset[str] = frozenset()
    rather: tuple[int, ...] = ()


class Limit(NamedTuple):
    """No more than so many shifts that have a trait, from one day to before another."""

    trait: str
    number: int
    first: int
    end: int


class WorkerWish(NamedTuple):
    """What somebody would rather not have on a day; with a weight below zero, what they would have.

    Attributes
    ----------
    day : int
    trait : str
        Of a shift; empty = any shift.
    weight : float
    """

    day: int
    trait: str
    weight: float


class Worker(NamedTuple):
    """What somebody may do in these weeks.

    Attributes
    ----------
    kind : int
        Class.
    present : tuple of bool, length 7 · weeks
        Not off on that day.
    hours : tuple of float, length weeks / weeks_together
        At most, days at the week-end left aside where these are made up for later.
    days : tuple of int, length weeks / weeks_together
        At most, of the same days.
    had : int
        Days on which they worked before.
    could : int
        Days that they could have had, these weeks included.
    weekends_had : int
        Days at the week-end before.
    turns : tuple of int
        Weeks before with a turn at the week-end, as -1 = the last one.
    worked : tuple of int
        Days before on which they worked, as -1 = the last one.
    wishes : tuple of WorkerWish
    limits : tuple of Limit
    turns_left : int or None
        Turns at the week-end at most, beside those that the rules allow; None = any number.
    """

    kind: int
    present: tuple[bool, ...]
    hours: tuple[float, ...]
    days: tuple[int, ...]
    had: int = 0
    could: int = 1
    weekends_had: int = 0
    turns: tuple[int, ...] = ()
    worked: tuple[int, ...] = ()
    wishes: tuple[WorkerWish, ...] = ()
    limits: tuple[Limit, ...] = ()
    turns_left: int | None = None


class WorkRules(NamedTuple):
    """Rules for everybody.

    Attributes
    ----------
    most_running : int
        Days on duty in a row at most.
    weekend_each : int
        At the week-end in one week of so many at most.
    weekend_is_extra : bool
        Hours and days at the week-end are not of their week, and are taken off those of the next.
    least_off : int
        Days off in a row at least, between two days on duty.
    weeks_together : int
        Weeks whose hours and days are counted together.
    """

    most_running: int
    weekend_each: int
    weekend_is_extra: bool
    least_off: int = 1
    weeks_together: int = 1


class PeopleOnShifts(NamedTuple):
    """Who works what.

    Attributes
    ----------
    of : tuple of (int, int)
        Number of a worker, and of the vacancy that they fill.
    unfilled : tuple of int
        People who are missing, by vacancy.
    gap : float
        Part by which price of what is missing, evenness and wishes may be above the least.
    """

    of: tuple[tuple[int, int], ...]
    unfilled: tuple[int, ...]
    gap: float


_LinearRow: TypeAlias = tuple[Sequence[int], Sequence[float], float, float]
"""Columns, their values, and the least and the most of the sum."""


def people_on_shifts(
    workers: Sequence[Worker],
    vacancies: Sequence[Vacancy],
    rules: WorkRules,
    time_limit: float = 10.0,
) -> PeopleOnShifts:
    """Answer who works which shift: as few unfilled hours as there can be, then evenly.

    A day on duty costs more for each one that somebody has had, so the cheapest assignment is an
    even one; it is nearly a transportation problem, which integer programmes solve soon.

    Examples
    --------
    Two people share the days of a week, at most two each:

    >>> vacancies = [Vacancy(day, False, (0,), 8.0, 1, 8.0) for day in range(4)]
    >>> worker = Worker(0, (True,) * 7, (16.0,), (5,), could=5)
    >>> week = people_on_shifts([worker, worker], vacancies, WorkRules(6, 1, True))
    >>> sorted(n for n, _ in week.of), week.unfilled
    ([0, 0, 1, 1], (0, 0, 0, 0))
    """
    programme = _PeopleProgramme(workers, vacancies, rules)
    if not programme.pairs:
        return PeopleOnShifts((), tuple(vacancy.number for vacancy in vacancies), 0.0)
    return programme.solved(time_limit)


class _PeopleProgramme:
    """Columns: who works which shift; who is missing; days on duty by how many came before."""

    def __init__(
        self, workers: Sequence[Worker], vacancies: Sequence[Vacancy], rules: WorkRules
    ) -> None:
        self._workers, self._vacancies, self._rules = workers, vacancies, rules
        self.pairs = [
            (p, o)
            for o, vacancy in enumerate(vacancies)
            for p, worker in enumerate(workers)
            if worker.kind in vacancy.kinds and worker.present[vacancy.day]
        ]
        self._cost = [_price(workers[p], vacancies[o]) for p, o in self.pairs]
        self._high = [1.0] * len(self.pairs)
        self._whole = [1] * len(self.pairs)
        self._rows: list[_LinearRow] = []
        self._lacking: list[int] = []
        self._fill()
        by_worker: dict[int, list[int]] = {}
        for n, (p, _) in enumerate(self.pairs):
            by_worker.setdefault(p, []).append(n)
        for p, columns in by_worker.items():
            self._lead(workers[p], columns)

    def _column(self, cost: float, high: float, whole: bool = False) -> int:
        self._cost.append(cost)
        self._high.append(high)
        self._whole.append(int(whole))
        return len(self._cost) - 1

    def _sum(self, columns: Sequence[int], low: float, high: float) -> None:
        self._rows.append((columns, [1.0] * len(columns), low, high))

    def _fill(self) -> None:
        """Each shift has its people, or they are missing."""
        fills: list[list[int]] = [[] for _ in self._vacancies]
        for n, (_, o) in enumerate(self.pairs):
            fills[o].append(n)
        for vacancy, columns in zip(self._vacancies, fills, strict=True):
            self._lacking.append(self._column(UNFILLED * vacancy.worth, float(vacancy.number)))
            self._sum([*columns, self._lacking[-1]], vacancy.number, vacancy.number)

    def _lead(self, worker: Worker, columns: Sequence[int]) -> None:
        """Rules of one person through the weeks."""
        shifts = {n: self._vacancies[self.pairs[n][1]] for n in columns}
        on: dict[int, list[int]] = {}
        for n, shift in shifts.items():
            on.setdefault(shift.day, []).append(n)
        for of_day in on.values():
            if len(of_day) > 1:
                self._sum(of_day, 0, 1)
        for period in range(len(worker.hours)):
            self._bound_hours(worker, shifts, period)
        for limit in worker.limits:
            counted = [
                n
                for n, shift in shifts.items()
                if limit.first <= shift.day < limit.end and limit.trait in shift.traits
            ]
            if len(counted) > limit.number:
                self._sum(counted, 0, max(limit.number, 0))
        weekend = [n for n, shift in shifts.items() if shift.weekend]
        if self._rules.weekend_each > 1 or worker.turns_left is not None:
            self._take_turns(worker, shifts, weekend)
        self._rows += _running(worker, on, self._rules.most_running)
        self._rows += _apart(worker, on, self._rules.least_off)
        self._even(
            columns,
            [EVEN_DAYS * (worker.had + n + 0.5) / max(worker.could, 1) for n in range(len(on))],
        )
        n_weekend = len({shifts[n].day for n in weekend})
        self._even(weekend, [EVEN_WEEKENDS * (worker.weekends_had + n) for n in range(n_weekend)])

    def _even(self, columns: Sequence[int], prices: Sequence[float]) -> None:
        """Each day on duty costs more than the one before."""
        if not columns:
            return
        tiers = [self._column(price, 1.0) for price in prices]
        signs = [1.0] * len(columns) + [-1.0] * len(tiers)
        self._rows.append(([*columns, *tiers], signs, 0, 0))

    def _bound_hours(self, worker: Worker, shifts: dict[int, Vacancy], period: int) -> None:
        """Hours and days of a week, less those at the week-end before it; or of several weeks."""
        extra, length = self._rules.weekend_is_extra, WEEK * self._rules.weeks_together
        of_week = [
            n for n, s in shifts.items() if s.day // length == period and not (extra and s.weekend)
        ]
        before = [
            n for n, s in shifts.items() if extra and s.day // length == period - 1 and s.weekend
        ]
        if not of_week:
            return
        most_hours, most_days = max(worker.hours[period], 0.0), max(worker.days[period], 0)
        hours = {n: shifts[n].hours for n in (*of_week, *before)}
        weekend_days = {shifts[n].day for n in before}
        owed = sum(max(hours[n] for n in before if shifts[n].day == d) for d in weekend_days)
        self._rows.append((of_week, [hours[n] for n in of_week], 0, most_hours))
        self._sum(of_week, 0, most_days)
        if not before:
            return
        both, both_hours = [*of_week, *before], [*hours.values()]
        if owed <= most_hours and len(weekend_days) <= most_days:
            self._rows.append((both, both_hours, 0, most_hours))
            self._sum(both, 0, most_days)
            return
        # a week may be too short to give the days back: then nobody has any other day in it
        comes = self._column(0.0, 1.0, whole=True)
        days = len({shifts[n].day for n in of_week})
        self._rows.append(([*of_week, comes], [1.0] * len(of_week) + [-days], -np.inf, 0))
        self._rows.append(([*both, comes], [*both_hours, owed], 0, most_hours + owed))
        owed_days = len(weekend_days)
        self._rows.append(
            ([*both, comes], [1.0] * len(both) + [owed_days], 0, most_days + owed_days)
        )

    def _take_turns(
        self, worker: Worker, shifts: dict[int, Vacancy], weekend: Sequence[int]
    ) -> None:
        """One turn at the week-end in so many weeks: a turn is Saturday, Sunday or both."""
        each = self._rules.weekend_each
        turn: dict[int, int] = {}
        by_day: dict[int, list[int]] = {}
        for n in weekend:
            by_day.setdefault(shifts[n].day, []).append(n)
        for day, columns in by_day.items():
            week = day // WEEK
            turn.setdefault(week, self._column(0.0, 1.0))
            signs = [1.0] * len(columns) + [-1.0]
            self._rows.append(([*columns, turn[week]], signs, -np.inf, 0))
        for last in range(len(worker.present) // WEEK):
            window = range(last - each + 1, last + 1)
            turns = [turn[week] for week in window if week in turn]
            had = any(week in window for week in worker.turns)
            if turns and (had or len(turns) > 1):
                self._sum(turns, 0, 0 if had else 1)
        if worker.turns_left is not None and turn:
            self._sum(list(turn.values()), 0, worker.turns_left)

    def solved(self, time_limit: float) -> PeopleOnShifts:
        """The best within the time limit."""
        columns, values, low, high = zip(*self._rows, strict=True)
        row = np.repeat(np.arange(len(columns)), [len(each) for each in columns])
        matrix = sparse.coo_array(
            (np.concatenate(values), (row, np.concatenate(columns))),
            shape=(len(columns), len(self._cost)),
        )
        solution = milp(
            self._cost,
            constraints=LinearConstraint(matrix.tocsr(), low, high),
            bounds=Bounds(0.0, self._high),
            integrality=np.array(self._whole),
            options={"mip_rel_gap": CLOSE, "time_limit": time_limit},
        )
        if solution.x is None:
            return PeopleOnShifts((), tuple(vacancy.number for vacancy in self._vacancies), 1.0)
        of = tuple(pair for n, pair in enumerate(self.pairs) if solution.x[n] > 0.5)
        unfilled = tuple(round(solution.x[column]) for column in self._lacking)
        return PeopleOnShifts(of, unfilled, float(solution.mip_gap or 0.0))


def _price(worker: Worker, vacancy: Vacancy) -> float:
    """Of one day on duty, beside those of evenness."""
    against = sum(
        wish.weight
        for wish in worker.wishes
        if wish.day == vacancy.day and (not wish.trait or wish.trait in vacancy.traits)
    )
    misses = bool(vacancy.rather) and worker.kind not in vacancy.rather
    return AGAINST_WISH * against + NOT_RATHER * misses


def _running(worker: Worker, on: dict[int, list[int]], most: int) -> Iterator[_LinearRow]:
    """No more than so many days in a row, those before counted."""
    for last in range(len(worker.present)):
        window = range(last - most, last + 1)
        columns = [n for day in window for n in on.get(day, ())]
        before = sum(day in window for day in worker.worked)
        days = sum(day in on for day in window)
        if columns and days + before > most:
            yield columns, [1.0] * len(columns), 0.0, float(max(most - before, 0))


def _apart(worker: Worker, on: dict[int, list[int]], least: int) -> Iterator[_LinearRow]:
    """No fewer than so many days off between two days on duty."""
    for length in range(1, least):
        for first in range(-length, len(worker.present) - length):
            # on duty, so many days off, on duty again: forbidden
            before, after = first - 1, first + length
            edges = [*on.get(before, ()), *on.get(after, ())]
            inside = [n for day in range(first, after) for n in on.get(day, ())]
            had_inside = any(day in worker.worked for day in range(first, after))
            had_before = before in worker.worked
            if after in on and (before in on or had_before) and not had_inside:
                signs = [1.0] * len(edges) + [-1.0] * len(inside)
                yield [*edges, *inside], signs, -np.inf, 1.0 - had_before
