"""Services of a log as its fits read them: how long each took, for what, at which window."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.arrays import Bools, Ints
from sim.learning.span_laws import SeenSpans

FEWEST_SERVICES: Final = 30
"""Below which a matter has no law of its own, and a clerk no pace."""
FEWEST_DAYS: Final = 5


class LogWork(NamedTuple):
    """Services of a log, in the order of their tickets."""

    spans: SeenSpans
    matter: Ints
    window: Ints
    clerk: Ints
    unknown: Ints
    """int64: matters of those of whose end nothing is known."""
    days: Ints
    """int64: whole days."""

    def where(self, chosen: Bools) -> LogWork:
        """Some of the services, and none of which the end is unknown."""
        return LogWork(
            self.spans.where(chosen),
            self.matter[chosen],
            self.window[chosen],
            self.clerk[chosen],
            self.unknown[:0],
            self.days,
        )


def factor_seen(spans: SeenSpans, level: float) -> Interval:
    """(1 + cv²) / 2 of a sample, without what the grain adds to its spread."""
    recorded = spans.is_recorded
    _, row = np.unique(spans.day[recorded], return_inverse=True)
    x = spans.low[recorded]
    n, sums, squares = (
        np.bincount(row, weights=weights)
        for weights in (np.ones(len(x)), x, x * x - spans.grain**2 / 6)
    )
    total, mean, square = n.sum(), sums.sum() / n.sum(), squares.sum() / n.sum()
    pulls = (squares - square * n) / (2 * mean**2) - square / mean**3 * (sums - mean * n)
    return t_interval(square / (2 * mean**2) + len(n) * pulls / total, level)
