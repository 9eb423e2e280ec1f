"""Who of those on duty serves which window group, half hour by half hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from sim.arrays import Bools, Floats, Ints

NOWHERE: Final = -1
"""On duty, and no window is free; or not on duty."""
NEEDED: Final = 1000.0
"""Worth of a clerk who is needed: above everything else."""
EXPERIENCED: Final = 200.0
"""Worth of an experienced one in a group that has none yet."""
SPARE: Final = 100.0
"""Worth of one clerk more than needed where one is needed; less where many are."""
STAYING: Final = 10.0
"""Worth of staying in a window group for another half hour."""
UNSKILLED: Final = -1e6


def seats_of_day(
    on_duty: Bools, skills: Bools, senior: Bools, needed: Ints, built: Sequence[int | None]
) -> Ints:
    """Where each person is in each half hour.

    In each half hour as many needs as possible are met, which is a problem of assignment; of equal
    ways, the one in which most people stay where they are.

    Parameters
    ----------
    on_duty : ndarray(bool), shape (P, T)
    skills : ndarray(bool), shape (P, G)
    senior : ndarray(bool), shape (P,)
    needed : ndarray(int64), shape (T, G)
    built : sequence of int or None, length G
        Windows; None = as many as are wanted.

    Returns
    -------
    ndarray(int64), shape (P, T)
        Number of the window group, or `NOWHERE`.

    Examples
    --------
    >>> skills = np.array([[True, True], [True, False]])
    >>> seats_of_day(
    ...     np.ones((2, 2), bool), skills, np.zeros(2, bool), np.array([[1, 1], [1, 0]]), [None, 1]
    ... )
    array([[1, 0],
           [0, 0]])
    """
    seats = np.full(on_duty.shape, NOWHERE, dtype=np.int64)
    before = np.full(len(on_duty), NOWHERE)
    for t in range(on_duty.shape[1]):
        people = np.flatnonzero(on_duty[:, t])
        if not len(people):
            continue
        groups, worth, first = _seats(needed[t], built, len(people))
        value = np.broadcast_to(worth, (len(people), len(worth))).copy()
        value += np.where(senior[people][:, None] & first, EXPERIENCED, 0.0)
        value += np.where(groups == before[people][:, None], STAYING, 0.0)
        value[~skills[people][:, groups]] = UNSKILLED
        value = np.hstack([value, np.zeros((len(people), len(people)))])
        person, seat = linear_sum_assignment(value, maximize=True)
        seated = seat < len(groups)
        seats[people[person[seated]], t] = groups[seat[seated]]
        before = np.where(seats[:, t] == NOWHERE, before, seats[:, t])
    return seats


def _seats(needs: Ints, built: Sequence[int | None], people: int) -> tuple[Ints, Floats, Bools]:
    """Group, worth, and whether it is the first of its group, of each seat."""
    groups: list[int] = []
    worth: list[float] = []
    first: list[bool] = []
    for g, need in enumerate(needs.tolist()):
        most = need + people
        if built[g] is not None:
            most = max(need, min(most, int(built[g] or 0)))
        for n in range(most):
            groups.append(g)
            first.append(n == 0 and need > 0)
            spare = SPARE / (n + 1) if need else STAYING / 2
            worth.append(NEEDED if n < need else spare)
    return np.array(groups, dtype=np.int64), np.array(worth), np.array(first, dtype=np.bool_)
