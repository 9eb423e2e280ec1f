"""What the interval of a difference allows to say: which is better, and whether it matters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal, get_args

from sim.analysis.estimates import Estimate
from sim.clock import DAY, HOUR, MINUTE
from sim.scenario.scenario import Targets

Judgement = Literal[
    "better",
    "better_size_open",
    "better_too_little",
    "worse",
    "worse_size_open",
    "worse_too_little",
    "differs",
    "differs_size_open",
    "differs_too_little",
    "no_difference_that_matters",
    "not_distinguishable",
    "identical",
    "too_few",
]
"""The first of two after the second; `differs` where neither way is better."""
JUDGEMENTS: Final[tuple[Judgement, ...]] = get_args(Judgement)
Direction = Literal["better", "worse", "differs", ""]
Size = Literal["matters", "size_open", "too_little", ""]

MEANINGS: Final[Mapping[Judgement, tuple[Direction, Size]]] = {
    "better": ("better", "matters"),
    "better_size_open": ("better", "size_open"),
    "better_too_little": ("better", "too_little"),
    "worse": ("worse", "matters"),
    "worse_size_open": ("worse", "size_open"),
    "worse_too_little": ("worse", "too_little"),
    "differs": ("differs", "matters"),
    "differs_size_open": ("differs", "size_open"),
    "differs_too_little": ("differs", "too_little"),
}
"""Judgements that are sure of a difference: which way, and of what size."""
CALLED: Final = {meaning: judgement for judgement, meaning in MEANINGS.items()}
WAYS: Final = ("travel", "inside", "worst_tenth")
"""Measures in minutes of ways and of time at a place."""
OVERTIME: Final = ("overtime", "drain")
"""Measures in minutes a day."""
AMOUNTS: Final = ("per_day", "yuan_per_day", "yuan")
"""Units of measures whose differences matter as a share of what is compared."""
HALVES: Final = 2


def judge(difference: Estimate) -> Judgement:
    """What is sure about a difference, and whether it matters (DESIGN §6.3).

    The gain, which way it may go, has the interval [low, high]; a difference matters from d on.
    Without 0 in the interval one is surely better: by a size that matters when the whole interval
    is at d or beyond, too little to matter when all of it is below d, else the size is open. With
    0 in it they are not distinguishable, unless all of it is nearer to 0 than d: then there is no
    difference that matters. Identical is only what was the same in every cluster.

    References
    ----------
    Schuirmann (1987), A comparison of the two one-sided tests procedure, Journal of
    Pharmacokinetics and Biopharmaceutics 15; Lakens, Scheel & Isager (2018), Equivalence testing
    for psychological research, Advances in Methods and Practices in Psychological Science 1.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> def wait(low, high):
    ...     interval = Interval((low + high) / 2, low, high, n=20)
    ...     return judge(Estimate("wait", "min", "low", interval, matters_from=1.0))
    >>> wait(-3, -1), wait(-3, -0.5), wait(-0.5, -0.1)
    ('better', 'better_size_open', 'better_too_little')
    >>> wait(-2, 0.5), wait(-0.5, 0.5), wait(0, 0), wait(0.2, 0.2)
    ('not_distinguishable', 'no_difference_that_matters', 'identical', 'worse_too_little')
    """
    mean, low, high = difference.interval[:3]
    matters = difference.matters_from
    if not (math.isfinite(low) and math.isfinite(high)):
        return "too_few"
    if mean == low == high == 0:
        return "identical"
    if low <= 0 <= high:
        inside = -matters < low and high < matters
        return "no_difference_that_matters" if inside else "not_distinguishable"
    way: Direction = "worse"
    if difference.better == "neither":
        way = "differs"
    elif (high < 0) == (difference.better == "low"):
        way = "better"
    least, most = sorted((abs(low), abs(high)))
    size: Size = "size_open"
    if least >= matters:
        size = "matters"
    elif most < matters:
        size = "too_little"
    return CALLED[way, size]


def way_of(judgement: Judgement) -> Direction:
    """Which way a difference surely goes; empty when that is not sure.

    Examples
    --------
    >>> way_of("worse_too_little"), way_of("not_distinguishable")
    ('worse', '')
    """
    return MEANINGS.get(judgement, ("", ""))[0]


def size_of(judgement: Judgement) -> Size:
    """Whether a sure difference is of a size that matters; empty when none is sure.

    Examples
    --------
    >>> size_of("worse"), size_of("better_size_open"), size_of("identical")
    ('matters', 'size_open', '')
    """
    return MEANINGS.get(judgement, ("", ""))[1]


def matters_from(targets: Targets, measure: str, unit: str, level: float = math.nan) -> float:
    """The smallest difference of a measure that matters, in its unit.

    Parameters
    ----------
    level
        What is compared, in the unit of the measure: cost, clerk hours and visits differ by a
        size that matters from a share of it on.

    Returns
    -------
    float
        0 or more; nan where it is a share of a level that is not known.

    Examples
    --------
    >>> matters_from(Targets(), "wait_p90", "min"), matters_from(Targets(), "trips", "trip")
    (1.0, 0.05)
    >>> matters_from(Targets(), "cost_per_day", "yuan_per_day", 12_000.0)
    120.0
    """
    least = targets.matters_from
    match unit:
        case _ if measure == "visits":
            return least.amount * abs(level)
        case "min" if measure in WAYS:
            return least.travel / MINUTE
        case "min" if measure in OVERTIME:
            return least.overtime / MINUTE
        case "min":
            return least.wait / MINUTE
        case "wd":
            return least.turnaround
        case "d":
            return least.days / DAY
        case "trip":
            return least.trips
        case "share" | "number":  # a Gini coefficient goes from 0 to 1 like a share
            return least.share
        case "h" if measure != "clerk_hours":
            return least.days / HOUR
    return least.amount * abs(level)


def rated(difference: Estimate, before: float, targets: Targets) -> Estimate:
    """A difference with the size from which it matters.

    Parameters
    ----------
    before
        The measure in the first of both; what is compared is the mean of both, so that a
        difference matters as much the other way round.

    Examples
    --------
    >>> from sim.analysis.intervals import Interval
    >>> cost = Estimate("cost_per_day", "yuan_per_day", "low", Interval(-20.0, -30.0, -10.0, n=9))
    >>> rated(cost, 1_010.0, Targets()).matters_from
    10.0
    """
    level = before + difference.interval.mean / HALVES
    size = matters_from(targets, difference.measure, difference.unit, level)
    return difference._replace(matters_from=size if math.isfinite(size) else 0.0)
