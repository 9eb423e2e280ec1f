"""The change of shift, solved exactly for a roster of names.

Formulas without names send home whoever finishes first; a roster says which windows close
(DESIGN §4.10). Here the busy clerks who stay and those who leave are counted apart, so the exact
queue of either rule can be had, and the two told apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array, lil_array
from scipy.sparse.linalg import expm_multiply

from sim.theory import Slot, hall_day
from tests.laws.targets import CASES

RATE, MEAN, STAY, LEAVE, ROOM = 0.55, 12.0, 5, 3, 70
Floats = npt.NDArray[np.float64]
State = tuple[int, int, int]
"""Busy clerks who stay, busy clerks who leave, people waiting."""
STATES = [
    (stay, leave, queue)
    for stay in range(STAY + 1)
    for leave in range(LEAVE + 1)
    for queue in range(ROOM + 1)
    if queue == 0 or stay == STAY
]
NUMBER = {state: n for n, state in enumerate(STATES)}


def _moves(stay: int, leave: int, queue: int, changed: bool) -> list[tuple[State, float]]:
    """Where a state goes at what rate; the lowest window number takes who comes."""
    if stay < STAY:
        come = (stay + 1, leave, queue)
    elif leave < LEAVE and queue == 0 and not changed:
        come = (stay, leave + 1, queue)
    else:
        come = (stay, leave, queue + 1)
    after_stay = (stay, leave, queue - 1) if queue else (stay - 1, leave, queue)
    calls_on = queue > 0 and not changed
    after_leave = (stay, leave, queue - 1) if calls_on else (stay, leave - 1, queue)
    return [(come, RATE), (after_stay, stay / MEAN), (after_leave, leave / MEAN)]


def _generator(changed: bool) -> csr_array:
    rates = lil_array((len(STATES), len(STATES)))
    for state, n in NUMBER.items():
        for goal, rate in _moves(*state, changed):
            if rate > 0 and goal in NUMBER:
                rates[NUMBER[goal], n] += rate
                rates[n, n] -= rate
    return csr_array(rates)


def _mean(shares: Floats, place: int) -> float:
    return float(sum(state[place] * shares[n] for n, state in enumerate(STATES)))


def test_the_targets_are_the_exact_day_of_a_roster_of_names() -> None:
    empty = np.zeros(len(STATES))
    empty[NUMBER[0, 0, 0]] = 1.0
    at_change = expm_multiply(_generator(changed=False) * 120, empty)
    at_130 = expm_multiply(_generator(changed=True) * 10, at_change)
    targets = {one.what: one.expected for one in CASES["shift_change"].targets}
    assert at_130.sum() == pytest.approx(1)
    assert targets["queue_at_130"] == pytest.approx(_mean(at_130, 2), rel=1e-5)
    assert targets["past_shift_at_130"] == pytest.approx(_mean(at_130, 1), rel=1e-5)


def test_before_the_change_both_rules_are_the_same_day() -> None:
    empty = np.zeros(len(STATES))
    empty[NUMBER[0, 0, 0]] = 1.0
    shares = expm_multiply(_generator(changed=False) * 120, empty)
    day = hall_day([Slot(120, RATE, 8), Slot(120, RATE, 5)], MEAN, at=[120, 130])
    assert _mean(shares, 2) == pytest.approx(day.moments[0].queue, rel=1e-6)
    assert day.moments[1].queue == pytest.approx(4.65807, rel=1e-5)
