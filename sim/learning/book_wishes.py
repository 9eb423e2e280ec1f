"""How many people must wish for each slot, such that as many come for it as in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import gammaln
from scipy.stats import gamma

from sim.arrays import Floats, Ints

FILLED: Final = 0.995
"""Of the places of a slot, that wishes may fill in the mean: more would wait ever longer."""
DAY_FACTORS: Final = 3
"""Of as many equally likely ones a day has its factor."""
WEEKS: Final = 4
"""From the begin of a run, over which expectations are taken."""
STEPS: Final = 5
LEAST: Final = 1e-9
"""Chance below which a number of people without a place is left out."""
LONGEST: Final = 400
"""People without a place who are followed."""


def wishes_for(
    booked: Sequence[Floats], places: Sequence[Ints], day_cv: float = 0.0
) -> list[Floats]:
    """Wishes for the slots of each day of a week, in order, of which so many get their slot.

    Who finds no place takes the next one, of that day or a later (`when_full: next_day`), so nobody
    is lost, and in a book with room wishes and bookings are the same.

    Parameters
    ----------
    booked
        For each open day of the week, bookings of each slot in the mean.
    places
        Of each slot.
    day_cv
        Coefficient of variation of the day factor, a gamma distribution.

    Examples
    --------
    >>> [rates] = wishes_for([np.array([1.0, 2.0])], [np.array([99, 99])])
    >>> rates.round(6).tolist()
    [1.0, 2.0]

    In a book of two places a slot, those who wished for the first one come for the second too.

    >>> [rates] = wishes_for([np.array([1.8, 1.8])], [np.array([2, 2])])
    >>> [bookings] = expected_bookings([rates], [np.array([2, 2])])
    >>> abs(bookings - 1.8).max() < 0.15
    np.True_
    """
    target = [
        np.minimum(want, FILLED * np.maximum(room, 0))
        for want, room in zip(booked, places, strict=True)
    ]
    rates = [each.copy() for each in target]
    for _ in range(STEPS):
        got = expected_bookings(rates, places, day_cv)
        off = max(
            (float(np.abs(g - t).max(initial=0.0)) for g, t in zip(got, target, strict=True)),
            default=0.0,
        )
        if off < 1e-3:
            break
        rates = [
            rate * np.divide(t, g, out=np.ones(len(t)), where=g > 0)
            for rate, g, t in zip(rates, got, target, strict=True)
        ]
        # no more than places a week: those without one would become ever more
        beyond = sum(float(each.sum()) for each in rates) / max(sum(map(np.sum, places)), 1)
        rates = [rate / max(beyond, 1.0) for rate in rates]
    return rates


def expected_bookings(
    rates: Sequence[Floats], places: Sequence[Ints], day_cv: float = 0.0
) -> list[Floats]:
    """Bookings of each slot, the mean over the first weeks of a run that begins with none."""
    factors = _day_factors(day_cv)
    waiting = np.ones(1)
    sums = [np.zeros(len(each)) for each in rates]
    for _ in range(WEEKS):
        for day, (of_day, room) in enumerate(zip(rates, places, strict=True)):
            after = np.zeros(LONGEST + 1)
            for factor in factors.tolist():
                still = waiting
                for k, rate in enumerate(of_day.tolist()):
                    still, booked = _one_slot(still, rate * factor, int(room[k]))
                    sums[day][k] += booked / len(factors)
                after[: len(still)] += still / len(factors)
            waiting = after[: int(np.flatnonzero(after > LEAST)[-1]) + 1]
    return [each / WEEKS for each in sums]


def _one_slot(waiting: Floats, rate: float, places: int) -> tuple[Floats, float]:
    """Chances of how many find no place, and how many do in the mean."""
    want = np.convolve(waiting, _poisson(rate))
    n = np.arange(len(want))
    booked = float(np.minimum(n, places) @ want)
    beyond = want[places:].copy()
    if not len(beyond):
        return np.ones(1), booked
    beyond[0] += float(want[:places].sum())
    if len(beyond) > LONGEST:
        beyond[LONGEST] += float(beyond[LONGEST + 1 :].sum())
    beyond = beyond[: LONGEST + 1]
    return beyond[: int(np.flatnonzero(beyond > LEAST)[-1]) + 1], booked


def _poisson(mean: float) -> Floats:
    """Chances of 0, 1, … where they are not too small to matter."""
    if mean <= 0:
        return np.ones(1)
    n = np.arange(int(mean + 8 * mean**0.5) + 9)
    return np.asarray(np.exp(n * np.log(mean) - mean - gammaln(n + 1)))


def _day_factors(day_cv: float) -> Floats:
    """Equally likely factors of a day, with a mean of 1."""
    if day_cv <= 0:
        return np.ones(1)
    middles = (np.arange(DAY_FACTORS) + 0.5) / DAY_FACTORS
    factors = np.asarray(gamma.ppf(middles, day_cv**-2, scale=day_cv**2), dtype=np.float64)
    return np.asarray(factors / factors.mean())
