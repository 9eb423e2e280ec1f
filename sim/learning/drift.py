"""What is otherwise in the days that are predicted than in those that a model learned from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.intervals import independent_difference
from sim.arrays import Bools, Floats, Ints
from sim.clock import MINUTE
from sim.learning.log_people import LogPeople

LEAST_CHANGE: Final = 0.1
"""Of what it was before."""
LEVEL: Final = 0.99
NEW_SHARE: Final = 0.01
"""Of the tickets, from which on a list that comes or goes is told."""
FEWEST_DAYS: Final = 5
DriftKind = Literal["list_new", "list_gone", "people", "service", "clerk_hours"]


class Drift(NamedTuple):
    """One thing that changed."""

    kind: DriftKind
    name: str
    """Of a list, else empty."""
    before: float
    """Share of tickets; people a day; minutes of a service; clerk hours a day."""
    after: float


def drifts(people: LogPeople, hours: Floats, n_train: int) -> Iterator[Drift]:
    """Changes of a tenth and more whose 99 % interval, days being the clusters, leaves out none.

    Parameters
    ----------
    hours : ndarray(float64), shape (days,)
        Clerk hours of each day.
    n_train
        Days from the first that the model learned from.
    """
    day = people.day
    counts = np.bincount(day, minlength=people.n_days)
    is_open = counts > 0
    before, after = np.arange(people.n_days) < n_train, np.arange(people.n_days) >= n_train
    earlier, later = is_open & before, is_open & after
    if min(earlier.sum(), later.sum()) < FEWEST_DAYS:
        return
    yield from _lists(people, day < n_train)
    yield from _changed("people", "", counts.astype(np.float64), earlier, later)
    yield from _changed("clerk_hours", "", hours, earlier, later)
    for number, (name, _) in enumerate(people.matters):
        here = people.matter == number
        n_of_day = np.bincount(day[here], minlength=people.n_days)
        sums = np.bincount(day[here], weights=people.service[here], minlength=people.n_days)
        mean = sums / np.maximum(n_of_day, 1) / MINUTE
        has_some = n_of_day > 0
        yield from _changed("service", name, mean, earlier & has_some, later & has_some)


def _changed(
    kind: DriftKind, name: str, values: Floats, before: Bools, after: Bools
) -> Iterator[Drift]:
    if min(before.sum(), after.sum()) < FEWEST_DAYS:
        return
    difference = independent_difference(values[after], values[before], LEVEL)
    usual = float(values[before].mean())
    if abs(difference.mean) >= LEAST_CHANGE * usual and not difference.low <= 0 <= difference.high:
        yield Drift(kind, name, usual, float(values[after].mean()))


def _lists(people: LogPeople, earlier: Bools) -> Iterator[Drift]:
    n = len(people.matters)
    before = np.bincount(people.matter[earlier], minlength=n) / max(int(earlier.sum()), 1)
    after = np.bincount(people.matter[~earlier], minlength=n) / max(int((~earlier).sum()), 1)
    kinds: tuple[tuple[DriftKind, Ints], ...] = (
        ("list_new", np.flatnonzero((before == 0) & (after >= NEW_SHARE))),
        ("list_gone", np.flatnonzero((after == 0) & (before >= NEW_SHARE))),
    )
    for kind, numbers in kinds:
        for number in numbers.tolist():
            name = people.matters[number][0]
            yield Drift(kind, name, float(before[number]), float(after[number]))
