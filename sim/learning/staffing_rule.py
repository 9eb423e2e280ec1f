"""How many clerks a coming day has: those of its weekday and half hour, more on days of more work.

Learned from the days before; how far single days stray from it is part of the rule.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints

MOST_ELASTIC: Final = 1.5
FEWEST_DAYS: Final = 3
"""Of a weekday, without which it has the mean of all days."""


class StaffingRule(NamedTuple):
    """Clerks of a half hour by weekday and by how much work the day brings in its open hours."""

    level: Floats
    """float64, shape (groups, 7, slots): mean number by weekday and half hour, while open."""
    work: Floats
    """float64, shape (7,): mean work of an open half hour of a weekday, in ticks."""
    elasticity: float
    """Per cent of clerks more for one per cent of work more."""
    spread: float
    """Standard deviation of the logarithm of a day's clerk hours around the rule."""

    def levels(self, weekday: Ints, work: Floats, is_open: Bools, stray: Floats) -> Floats:
        """Clerks of days, float64, shape (groups, days, slots).

        Parameters
        ----------
        work : shape (days,)
            Expected, in ticks.
        is_open : shape (days, slots)
        stray : shape (days,)
            Standard normal: how far each day strays.
        """
        busier = _intensity(work, is_open) / self.work[weekday]
        factor = np.maximum(busier, 1e-3) ** self.elasticity
        factor = factor * np.exp(self.spread * stray - self.spread**2 / 2)
        return np.asarray(self.level[:, weekday, :] * factor[None, :, None] * is_open[None, :, :])


def _intensity(work: Floats, is_open: Bools) -> Floats:
    return np.asarray(work / np.maximum(is_open.sum(axis=1), 1))


def staffing_rule(
    level: Floats, work: Floats, is_open: Bools, weekday: Ints, among: Bools
) -> StaffingRule:
    """The rule that some days follow.

    Parameters
    ----------
    level : ndarray(float64), shape (groups, days, slots)
    work : ndarray(float64), shape (days,)
        In ticks.
    is_open : ndarray(bool), shape (days, slots)
    among : ndarray(bool), shape (days,)
        Days to learn from.

    Examples
    --------
    >>> level = np.ones((1, 10, 2)) * (1.0 + np.arange(10) % 2)[None, :, None]
    >>> work, is_open = 100.0 * (1.0 + np.arange(10) % 2), np.ones((10, 2), bool)
    >>> rule = staffing_rule(level, work, is_open, np.zeros(10, int), np.ones(10, bool))
    >>> round(rule.elasticity, 6), round(rule.spread, 6)
    (1.0, 0.0)
    """
    open_level = level * is_open[None]
    days = np.flatnonzero(among & (work > 0) & (open_level.sum(axis=(0, 2)) > 0))
    intensity = _intensity(work, is_open)
    by_weekday = np.zeros((level.shape[0], 7, level.shape[2]))
    usual_work = np.zeros(7)
    whole, _ = _mean_open(open_level, is_open, days)
    for number in range(7):
        here = days[weekday[days] == number]
        mean, n_days = _mean_open(open_level, is_open, here)
        by_weekday[:, number, :] = np.where(n_days >= FEWEST_DAYS, mean, whole)
        usual_work[number] = intensity[here if len(here) >= FEWEST_DAYS else days].mean()
    hours = open_level[:, days, :].sum(axis=(0, 2))
    expected = by_weekday[:, weekday[days], :] * is_open[None, days, :]
    more_clerks = np.log(hours / expected.sum(axis=(0, 2)))
    more_work = np.log(intensity[days] / usual_work[weekday[days]])
    squares = float((more_work**2).sum())
    slope = float((more_work * more_clerks).sum()) / squares if squares > 0 else 0.0
    elasticity = min(max(slope, 0.0), MOST_ELASTIC)
    strayed = more_clerks - elasticity * more_work
    freedom = max(len(days) - 1 - len(np.unique(weekday[days])), 1)
    spread = float(np.sqrt((strayed**2).sum() / freedom))
    return StaffingRule(by_weekday, usual_work, elasticity, spread)


def _mean_open(level: Floats, is_open: Bools, days: Ints) -> tuple[Floats, Ints]:
    """Mean level of each half hour over those of some days on which it was open, and how many."""
    n_days = is_open[days].sum(axis=0)
    return level[:, days, :].sum(axis=1) / np.maximum(n_days, 1), n_days


def open_slots(arrived_at: Ints, n_days: int, slot: int, day: int) -> Bools:
    """bool, shape (days, slots): half hours in which tickets were given, or in one beside it.

    Parameters
    ----------
    slot, day
        Ticks of a half hour and of a day.

    Examples
    --------
    >>> open_slots(np.array([5]), 1, 2, 10).tolist()
    [[False, True, True, True, False]]
    """
    given_out = np.zeros((n_days, day // slot), dtype=np.bool_)
    given_out[arrived_at // day, arrived_at % day // slot] = True
    beside = given_out.copy()
    beside[:, 1:] |= given_out[:, :-1]
    beside[:, :-1] |= given_out[:, 1:]
    return beside
