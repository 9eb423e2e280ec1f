"""The number in a hall as a Markov chain whose rates stand still for a while.

A state is (e, n): n people inside, e officers still finishing a person after their shift.
The distribution is an array `p` : ndarray(float64), shape (E + 1, N + 1), entry [e, n]. With
`servers` on duty, e > 0 says that servers + e are busy; e = 0 that min(n, servers) are. While
e > 0 whoever finishes first goes off and calls nobody: only the number busy matters.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from sim.arrays import Floats

_TAIL = 1e-14
_DUST = 1e-18  # probability not worth carrying on


def busy_officers(servers: int, shape: tuple[int, ...]) -> Floats:
    """Officers at work in each state.

    Examples
    --------
    >>> busy_officers(2, (2, 5)).tolist()
    [[0.0, 1.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 3.0, 3.0]]
    """
    extras, inside = np.indices(shape)
    on_duty = np.minimum(inside, servers)
    finishing = np.where(inside >= servers + extras, servers + extras, 0)
    return np.where(extras == 0, on_duty, finishing).astype(np.float64)


def run_on(
    p: Floats, duration: float, arrival_rate: float, ending_rates: Floats
) -> tuple[Floats, Floats]:
    """Distribution after `duration`, and its integral over that time.

    Parameters
    ----------
    p : ndarray(float64), shape (E + 1, N + 1)
        Distribution now; it may sum to less than 1.
    duration, arrival_rate : float
        Time, and arrivals per unit of time; arrivals are turned away at n = N.
    ending_rates : ndarray(float64), same shape
        Rate at which somebody finishes, by state.

    Returns
    -------
    tuple of two ndarray(float64), same shape
        The distribution then; the integral of the distribution from now to then.

    References
    ----------
    A. Jensen (1953), uniformisation; A. Ingolfsson et al., INFORMS J. Comput. 19 (2007).

    Examples
    --------
    >>> empty = np.array([[1.0, 0.0]])
    >>> then, _ = run_on(empty, 100.0, 1.0, 2.0 * busy_officers(1, (1, 2)))
    >>> then.round(6).tolist()
    [[0.666667, 0.333333]]
    """
    pace = arrival_rate + float(ending_rates.max())
    if pace == 0 or duration == 0:
        return p, p * duration
    weight, time_left = _steps(pace, duration)
    come, end = arrival_rate / pace, ending_rates / pace
    # work on the corner of the array that can hold probability during this time
    rows = 1 + int(np.flatnonzero(p.max(axis=1) > _DUST).max(initial=0))
    columns = 1 + int(np.flatnonzero(p.max(axis=0) > _DUST).max(initial=0))
    columns = min(p.shape[1], columns + (weight.size if arrival_rate else 0))
    now, end = p[:rows, :columns], end[:rows, :columns]
    stay = 1 - end
    stay[:, : p.shape[1] - 1] -= come
    then, spent = np.zeros((2, *p.shape))
    then_here, spent_here = then[:rows, :columns], spent[:rows, :columns]
    for step in range(weight.size):
        then_here += weight[step] * now
        spent_here += time_left[step] * now
        ended, come_in = now * end, come * now[:, :-1]
        now = now * stay
        now[:, 1:] += come_in
        now[0, :-1] += ended[0, 1:]
        if rows > 1:
            now[:-1, :-1] += ended[1:, 1:]
    return then, spent


def run_back(later: Floats, duration: float, ending_rates: Floats, cost: Floats) -> Floats:
    """Mean cost to come, by state, `duration` before it is `later`, while nobody arrives.

    Parameters
    ----------
    later : ndarray(float64), shape (E + 1, N + 1)
        Mean cost from then on, by state then.
    duration : float
        Time from now to then.
    ending_rates, cost : ndarray(float64), same shape
        Rate at which somebody finishes, and cost per unit of time, by state.

    Examples
    --------
    The time one person still stays, an hour before everybody is sent home:

    >>> run_back(np.zeros((1, 2)), 1.0, np.array([[0.0, 2.0]]), np.array([[0.0, 1.0]])).round(4)
    array([[0.    , 0.4323]])
    """
    pace = float(ending_rates.max())
    if pace == 0 or duration == 0:
        return later + cost * duration
    weight, time_left = _steps(pace, duration)
    end = ending_rates / pace
    total = np.zeros_like(later)
    for step in range(weight.size):
        total += weight[step] * later + time_left[step] * cost
        later, cost = _one_ending_on(later, end), _one_ending_on(cost, end)
    return total


def _steps(pace: float, duration: float) -> tuple[Floats, Floats]:
    """Probability of k steps, and mean time after k steps, for k = 0, 1, … in this time."""
    k = np.arange(int(poisson.isf(_TAIL, pace * duration)) + 2)
    return poisson.pmf(k, pace * duration), poisson.sf(k, pace * duration) / pace


def _one_ending_on(value: Floats, end: Floats) -> Floats:
    """Mean of `value` one step on, by state now."""
    after = np.zeros_like(value)
    after[0, 1:] = value[0, :-1]
    after[1:, 1:] = value[:-1, :-1]
    return value + end * (after - value)


def change_shift(p: Floats, before: int, after: int) -> Floats:
    """Distribution just after the officers on duty change from `before` to `after`.

    Nobody in service is sent back: busy officers beyond `after` finish their person first.
    Officers who come call people at once.

    Examples
    --------
    >>> two_inside = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    >>> change_shift(two_inside, before=2, after=1).tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if before == after:
        return p
    changed = np.zeros_like(p)
    np.add.at(changed, _after_change(before, after, p.shape), p)
    return changed


def before_change(value: Floats, before: int, after: int) -> Floats:
    """A number known by state after the change of officers, by state just before it.

    Examples
    --------
    >>> before_change(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), before=2, after=1).tolist()
    [[1.0, 2.0, 6.0], [1.0, 2.0, 3.0]]
    """
    seen: Floats = value[_after_change(before, after, value.shape)]
    return seen


def _after_change(
    before: int, after: int, shape: tuple[int, ...]
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """State that each state turns into; kept in the array where the state cannot occur."""
    extras = np.maximum(busy_officers(before, shape) - after, 0).astype(np.int_)
    return np.minimum(extras, shape[0] - 1), np.indices(shape)[1]
