"""Whether a promise is kept: what its interval allows to say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

from sim.analysis.intervals import Interval

KeptVerdict = Literal["kept", "seems_kept", "seems_broken", "broken", "nobody"]
"""For certain, as far as can be told, or of nobody at all."""


def kept_verdict(interval: Interval, level: float, better: Literal["low", "high"]) -> KeptVerdict:
    """What is sure about a promise.

    Parameters
    ----------
    interval
        Of what was promised; its mean is nan where nobody came.
    level
        What was promised, in the same unit: at least where high is better, else at most.

    Returns
    -------
    str
        `kept` or `broken` when the whole interval is on one side of the level, else what its mean
        says and `seems_`; so too with a single replication, which has no bounds.

    Examples
    --------
    >>> kept_verdict(Interval(0.93, 0.91, 0.95, n=20), 0.9, "high")
    'kept'
    >>> kept_verdict(Interval(0.93, 0.88, 0.98, n=20), 0.9, "high")
    'seems_kept'
    >>> kept_verdict(Interval(0.03, 0.025, 0.035, n=20), 0.02, "low")
    'broken'
    """
    mean, low, high = (bound if better == "high" else -bound for bound in interval[:3])
    least = level if better == "high" else -level
    worst, best = min(low, high), max(low, high)
    if math.isnan(mean):
        return "nobody"
    if mean >= least:
        return "kept" if worst >= least else "seems_kept"
    return "broken" if best < least else "seems_broken"


class KeptCounts(NamedTuple):
    """Of how many places where a promise must hold each thing can be said.

    Attributes
    ----------
    surely_kept, seems_kept, seems_broken, surely_broken, nobody : int
    """

    surely_kept: int
    seems_kept: int
    seems_broken: int
    surely_broken: int
    nobody: int

    @property
    def judged(self) -> int:
        """Where anybody came."""
        return sum(self) - self.nobody

    @property
    def broken(self) -> int:
        """Broken for certain, or as far as can be told."""
        return self.seems_broken + self.surely_broken


def count_verdicts(verdicts: Iterable[KeptVerdict]) -> KeptCounts:
    """How often each verdict stands there.

    Examples
    --------
    >>> count_verdicts(["kept", "broken", "kept", "nobody"]).judged
    3
    """
    counts = Counter(verdicts)
    return KeptCounts(
        *(counts[name] for name in ("kept", "seems_kept", "seems_broken", "broken", "nobody"))
    )
