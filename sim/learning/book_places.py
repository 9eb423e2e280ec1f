"""How many places slots have, and how many booked people stay away, from who came for each.

A log of tickets has neither. That a book is full shows by its numbers: they pile up at a bound, and
differ less than those of people who come by chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.stats import binom, poisson

from sim.arrays import Floats, Ints

NO_SHOWS: Final = tuple(n / 40 for n in range(11))
"""Shares of the booked who do not come, between which it is assumed."""
USUAL_NO_SHOW: Final = 0.1
"""That is taken where the log speaks against none of them."""
CHANCE: Final = 0.01
"""With which a book without a bound is taken for one that has one."""
INSIDE: Final = 1.92
"""Log-likelihood below the best of what a 95 % interval holds."""
INSIDE_SHARE: Final = 3.32
"""The same for the share of no-shows, of a 99 % interval: slots of a day hand people on, so they
tell less than as many apart."""
SPARE: Final = 1e-2
"""Chance that more would book than a slot without a visible bound is given places."""
RATES: Final = np.geomspace(0.05, 8.0, 90)
"""Wishes for a slot, of its places, of which the likeliest is looked for."""


class SeenPlaces(NamedTuple):
    """Places of one slot."""

    places: int
    low: int
    high: int
    is_full: bool
    """The log shows the bound; else places are more than were seen, and enough."""


class BookPlaces(NamedTuple):
    """What numbers of people for slots say of a book."""

    no_show: float
    no_show_low: float
    no_show_high: float
    slots: tuple[SeenPlaces, ...]
    gain: float
    """Log-likelihood that bounds bring."""
    needed: float
    """More than chance brings once in a hundred logs."""


def fit_places(
    came: Sequence[Ints],
    clock: Sequence[int],
    day_cv: float = 0.0,
    no_show: float | None = None,
) -> BookPlaces:
    """Places of slots and the share of no-shows, from how many came for each slot on each day.

    Wishes for a slot are Poisson numbers with a mean of its own. Of a book without a bound, those
    who come are too. With c places and a share s that stays away, they are binomial of the lesser
    of wishes and c. A bound must gain more than chance brings; its chance, that of the largest
    number seen, falls with the gain as e^-gain. First one c for all slots is looked for, then other
    bounds of slots at one time of the day, then of these on some weekdays. The share is that under
    which all of them together are likeliest.

    Parameters
    ----------
    came
        For each slot int64, shape (days,): people.
    clock
        Of each slot, its number among the times of the day.
    day_cv
        Coefficient of variation of the factor by which days are busier.
    no_show
        Share of no-shows where the log tells it; None = it is looked for.

    Examples
    --------
    A full book of four, of whom one in ten stays away.

    >>> rng = np.random.default_rng(1)
    >>> full = [rng.binomial(4, 0.9, 60) for _ in range(8)]
    >>> fit = fit_places(full, range(8))
    >>> {slot.places for slot in fit.slots}, fit.no_show_low <= 0.1 <= fit.no_show_high
    ({4}, True)

    Who comes by chance shows no bound.

    >>> fit = fit_places([rng.poisson(2, 60) for _ in range(8)], range(8))
    >>> any(slot.is_full for slot in fit.slots)
    False
    """
    numbers = _Numbers([np.bincount(each) for each in came], [*clock])
    plain = numbers.unbounded
    ways = [_bounds_with(numbers, s) for s in range(len(NO_SHOWS))]
    totals = [
        sum(plain[n] if c == 0 else numbers.likely(n, c, s) for n, c in enumerate(way))
        for s, way in enumerate(ways)
    ]
    best = int(np.argmax(totals))
    gain = totals[best] - sum(plain)
    usual = _nearest(USUAL_NO_SHOW if no_show is None else no_show)
    inside = [s for s, total in enumerate(totals) if total >= totals[best] - INSIDE_SHARE]
    chosen = min(inside, key=lambda s: abs(s - usual)) if any(ways[best]) else usual
    if no_show is not None:
        chosen, inside = usual, [usual]
    bounds = ways[chosen]
    if no_show is not None and no_show > NO_SHOWS[-1]:  # too few came to tell a bound
        bounds = [0] * len(bounds)
    if not any(bounds):
        inside = [*range(len(NO_SHOWS))]
    slots = []
    for n, c in enumerate(bounds):
        alike = [m for m, other in enumerate(bounds) if other == c and numbers.is_at(m, n)]
        share = NO_SHOWS[chosen] if no_show is None else no_show
        if c == 0:
            slots.append(numbers.enough(n, share, day_cv))
        else:
            slots.append(numbers.bound(c, alike, inside))
    # up to the next ones that are excluded: between them nothing was tried
    low, high = NO_SHOWS[max(inside[0] - 1, 0)], NO_SHOWS[min(inside[-1] + 1, len(NO_SHOWS) - 1)]
    return BookPlaces(
        NO_SHOWS[chosen] if no_show is None else no_show,
        low,
        high,
        tuple(slots),
        gain,
        numbers.needed(1),
    )


def _nearest(share: float) -> int:
    """Place of the share that is tried nearest to one."""
    return min(range(len(NO_SHOWS)), key=lambda s: abs(NO_SHOWS[s] - share))


class _Numbers:
    """How often each number of people came for each slot, and how likely bounds make them."""

    def __init__(self, counts: Sequence[Ints], clock: Sequence[int]) -> None:
        self.counts, self.clock = counts, clock
        self.most = max(len(each) - 1 for each in counts)
        self.highest = math.ceil((self.most + 1) / (1 - NO_SHOWS[-1])) + 1
        self.unbounded = [_unbounded(each) for each in counts]
        self._logs: dict[tuple[int, int], Floats] = {}

    def needed(self, n_alike: int) -> float:
        """Gain that a bound must have, where so many bounds are looked for."""
        return -math.log(CHANCE) + math.log(n_alike * max(self.highest - self.most, 1))

    def is_at(self, first: int, second: int) -> bool:
        """Whether two slots are at one time of the day."""
        return self.clock[first] == self.clock[second]

    def likely(self, n: int, places: int, s: int) -> float:
        """Log-likelihood of a slot's numbers, with the likeliest mean of wishes."""
        counts = self.counts[n]
        if len(counts) - 1 > places:
            return -math.inf
        if (places, s) not in self._logs:
            self._logs[places, s] = _log_chances(places, NO_SHOWS[s], self.most)
        seen = np.flatnonzero(counts)
        return float(np.max(counts[seen] @ self._logs[places, s][seen]))

    def best(self, slots: Iterable[int], s: int) -> tuple[int, float]:
        """The likeliest bound of some slots, and its log-likelihood."""
        of = [*slots]
        least = max(1, *(len(self.counts[n]) - 1 for n in of))
        sums = [sum(self.likely(n, c, s) for n in of) for c in range(least, self.highest + 1)]
        place = int(np.argmax(sums))
        return least + place, sums[place]

    def bound(self, c: int, alike: Sequence[int], inside: Sequence[int]) -> SeenPlaces:
        """A bound that slots which are alike show, with shares of no-shows that may be."""
        ends = [c]
        for s in inside:
            sums = {
                each: sum(self.likely(m, each, s) for m in alike)
                for each in range(1, self.highest + 1)
            }
            ends += [each for each, total in sums.items() if total >= max(sums.values()) - INSIDE]
        return SeenPlaces(c, min(ends), max(ends), True)

    def enough(self, n: int, no_show: float, day_cv: float) -> SeenPlaces:
        """Places of a slot that hardly ever are too few."""
        counts = self.counts[n]
        most = max(len(counts) - 1, 1)
        mean = float(counts @ np.arange(len(counts))) / counts.sum() / (1 - no_show)
        busy = int(poisson.ppf(1 - SPARE, mean * (1 + 2 * day_cv)))
        places = max(math.ceil(most / (1 - no_show)), busy)
        return SeenPlaces(places, most, places, False)


def _bounds_with(numbers: _Numbers, s: int) -> list[int]:
    """The bound of each slot with a share of no-shows; 0 = none is seen."""
    n_slots = len(numbers.counts)
    common, gain = numbers.best(range(n_slots), s)
    is_seen = gain - sum(numbers.unbounded) > numbers.needed(1)
    bounds = [common if is_seen else 0] * n_slots
    times = [
        [n for n in range(n_slots) if numbers.clock[n] == time]
        for time in dict.fromkeys(numbers.clock)
    ]
    singles = [[n] for time in times if len(time) > 1 for n in time]
    for level in (times, singles):
        for slots in level:
            before = sum(
                numbers.unbounded[n] if bounds[n] == 0 else numbers.likely(n, bounds[n], s)
                for n in slots
            )
            bound, gain = numbers.best(slots, s)
            if gain - before > numbers.needed(len(level)):
                for n in slots:
                    bounds[n] = bound
    return bounds


def _unbounded(counts: Ints) -> float:
    """Log-likelihood of numbers of people who come by chance, with their mean."""
    x = np.arange(len(counts))
    mean = float(counts @ x) / counts.sum()
    return float(counts @ poisson.logpmf(x, mean)) if mean > 0 else 0.0


def _log_chances(places: int, no_show: float, most: int) -> Floats:
    """float64, shape (most + 1, RATES): of each number to come, by the mean of wishes."""
    n = np.arange(places + 1)
    wishes = np.asarray(poisson.pmf(n[:, None], RATES * places), dtype=np.float64)
    wishes[-1] = poisson.sf(places - 1, RATES * places)
    comes = binom.pmf(np.arange(most + 1)[:, None], n, 1 - no_show)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(comes @ wishes), dtype=np.float64)
