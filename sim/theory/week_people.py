"""Who works which shift of a week: an assignment that shares work out evenly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

UNFILLED: Final = 1000.0
"""Price of a shift that nobody works, an hour of it: above all wishes and evenness together."""
EVEN_DAYS: Final = 4.0
"""Price of somebody's day on duty for each day that they have had, in parts of those they could
have had: who has had less works first."""
EVEN_WEEKENDS: Final = 20.0
"""The same for a day at the week-end, for each one that they have had."""
NOT_RATHER: Final = 10.0
"""Price of somebody of another class than should be there."""
AGAINST_WISH: Final = 1.0
"""Price of a day that is against a wish: less than any unevenness that wishes could make."""

CLOSE: Final = 1e-3
"""Part by which evenness and wishes may be worse than the best: nobody could tell."""


class Vacancy(NamedTuple):
    """So many people wanted for one shift on one day.

    Attributes
    ----------
    day : int
        Of the week, 0 to 6.
    weekend : bool
        Counted in the rotation.
    kinds : tuple of int
        Classes of people who may work it.
    hours : float
        On duty.
    number : int
        People.
    half : str
        `morning` or `afternoon` when most of it is then; empty = neither.
    rather : tuple of int
        Classes of which somebody should work it, such as the experienced ones; empty = any.
    """

    day: int
    weekend: bool
    kinds: tuple[int, ...]
    hours: float
    number: int
    half: str
    rather: tuple[int, ...] = ()


class Worker(NamedTuple):
    """What somebody may do this week.

    Attributes
    ----------
    kind : int
        Class.
    present : tuple of bool, length 7
        Not off on that day.
    hours : float
        At most, days at the week-end left aside where these are made up for later.
    days : int
        At most, of the same days.
    weekend_turn : bool
        May work at the week-end.
    had : float
        Part of the days that they could have had so far, on which they worked: 0 to 1.
    could : int
        Days that they could have had, this week included.
    weekends_had : int
        Days at the week-end so far.
    running : tuple of int
        Days of the week before on which they worked, as -1 = the day before this week.
    most_running : int
        Days in a row at most.
    avoids : tuple of (int, str)
        Days, 0 to 6, and what they would rather not have on it: `day`, `morning`, `afternoon`.
    """

    kind: int
    present: tuple[bool, ...]
    hours: float
    days: int
    weekend_turn: bool
    had: float
    could: int
    weekends_had: int
    running: tuple[int, ...]
    most_running: int
    avoids: tuple[tuple[int, str], ...]


class WeekPeople(NamedTuple):
    """Who works what.

    Attributes
    ----------
    of : tuple of (int, int)
        Number of a worker, and of the vacancy that they fill.
    unfilled : tuple of int
        People who are missing, by vacancy.
    gap : float
        Of evenness and wishes: part by which they may be worse than the best.
    """

    of: tuple[tuple[int, int], ...]
    unfilled: tuple[int, ...]
    gap: float


def week_people(
    workers: Sequence[Worker],
    vacancies: Sequence[Vacancy],
    weekend_is_extra: bool,
    time_limit: float = 10.0,
) -> WeekPeople:
    """Answer who works which shift: as few unfilled hours as there can be, then evenly.

    A day on duty costs more for each one that somebody has had, so the cheapest assignment is an
    even one; it is nearly a transportation problem, which integer programmes solve at once.

    Examples
    --------
    Two people share the days of a week, at most two each:

    >>> vacancies = [Vacancy(day, False, (0,), 8.0, 1, "") for day in range(4)]
    >>> worker = Worker(0, (True,) * 7, 16.0, 5, True, 0.0, 5, 0, (), 6, ())
    >>> week = week_people([worker, worker], vacancies, True)
    >>> sorted(n for n, _ in week.of), week.unfilled
    ([0, 0, 1, 1], (0, 0, 0, 0))
    """
    pairs = [
        (p, o)
        for o, vacancy in enumerate(vacancies)
        for p, worker in enumerate(workers)
        if worker.kind in vacancy.kinds
        if worker.present[vacancy.day] and (worker.weekend_turn or not vacancy.weekend)
    ]
    by_worker: dict[int, list[int]] = {}
    for n, (p, _) in enumerate(pairs):
        by_worker.setdefault(p, []).append(n)
    cost = [_price(workers[p], vacancies[o]) for p, o in pairs]
    high = [1.0] * len(pairs)
    whole = [1] * len(pairs)
    rows: list[tuple[list[int], list[float], float, float]] = []
    filled: list[list[int]] = [[] for _ in vacancies]
    for n, (_, o) in enumerate(pairs):
        filled[o].append(n)
    lacking = []
    for o, vacancy in enumerate(vacancies):
        lacking.append(len(cost))
        cost.append(UNFILLED * vacancy.hours)
        high.append(float(vacancy.number))
        whole.append(0)
        columns = [*filled[o], lacking[-1]]
        rows.append((columns, [1.0] * len(columns), vacancy.number, vacancy.number))
    for p, of_worker in by_worker.items():
        worker = workers[p]
        on = {
            day: [n for n in of_worker if vacancies[pairs[n][1]].day == day]
            for day in sorted({vacancies[pairs[n][1]].day for n in of_worker})
        }
        rows += [(of_day, [1.0] * len(of_day), 0, 1) for of_day in on.values() if len(of_day) > 1]
        bounded = [
            n for n in of_worker if not (weekend_is_extra and vacancies[pairs[n][1]].weekend)
        ]
        if bounded:
            hours = [vacancies[pairs[n][1]].hours for n in bounded]
            rows.append((bounded, hours, 0, max(worker.hours, 0.0)))
            rows.append((bounded, [1.0] * len(bounded), 0, max(worker.days, 0)))
        rows += list(_running(worker, on))
        tiers = list(range(len(cost), len(cost) + len(on)))
        for tier in range(len(on)):
            cost.append(EVEN_DAYS * (worker.had + (2 * tier + 1) / (2 * max(worker.could, 1))))
            high.append(1.0)
            whole.append(0)
        rows.append(([*of_worker, *tiers], [1.0] * len(of_worker) + [-1.0] * len(tiers), 0, 0))
    if not pairs:
        return WeekPeople((), tuple(vacancy.number for vacancy in vacancies), 0.0)
    row = np.repeat(np.arange(len(rows)), [len(columns) for columns, *_ in rows])
    matrix = sparse.coo_array(
        (
            np.concatenate([values for _, values, *_ in rows]),
            (row, np.concatenate([columns for columns, *_ in rows])),
        ),
        shape=(len(rows), len(cost)),
    )
    limits = LinearConstraint(
        matrix.tocsr(), [low for *_, low, _ in rows], [most for *_, most in rows]
    )
    solution = milp(
        cost,
        constraints=limits,
        bounds=Bounds(0.0, high),
        integrality=np.array(whole),
        options={"mip_rel_gap": CLOSE, "time_limit": time_limit},
    )
    if solution.x is None:
        return WeekPeople((), tuple(vacancy.number for vacancy in vacancies), 1.0)
    of = tuple(pair for n, pair in enumerate(pairs) if solution.x[n] > 0.5)
    unfilled = tuple(round(solution.x[column]) for column in lacking)
    return WeekPeople(of, unfilled, float(solution.mip_gap or 0.0))


def _price(worker: Worker, vacancy: Vacancy) -> float:
    """Of one day on duty, beside the tiers of days: turns at the week-end, and wishes."""
    against = any(
        day == vacancy.day and what in ("day", vacancy.half) for day, what in worker.avoids
    )
    turns = EVEN_WEEKENDS * worker.weekends_had if vacancy.weekend else 0.0
    misses = bool(vacancy.rather) and worker.kind not in vacancy.rather
    return turns + AGAINST_WISH * against + NOT_RATHER * misses


def _running(
    worker: Worker, on: dict[int, list[int]]
) -> Sequence[tuple[list[int], list[float], float, float]]:
    """No more than so many days in a row, those of the week before counted."""
    rows = []
    most = worker.most_running
    for last in range(7):
        window = range(last - most, last + 1)
        columns = [n for day in window for n in on.get(day, ())]
        before = sum(day in window for day in worker.running)
        if columns:
            rows.append((columns, [1.0] * len(columns), 0.0, float(max(most - before, 0))))
    return rows
