"""How early or late booked people come, where a log says for when they had booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, share_interval
from sim.arrays import Floats, Ints
from sim.clock import DAY, HOUR, MINUTE
from sim.learning.book import has_slots
from sim.learning.span_laws import FittedSpans, LawOfSpans, SeenSpans, fit_spans, hundredths
from sim.learning.ticket_log import UNKNOWN, TicketLog

FEWEST: Final = 20
"""Booked people who came, without whom nothing is said."""
EARLIEST: Final = 0.01
"""Share of them that may come before what counts as the earliest."""
SLIP: Final = 3.0
"""Times the span from it to the quartile, by which who comes earlier than the earliest hundredth
does so by a slip of a clock."""
FURTHER: Final = (0, MINUTE // 2, MINUTE, 2 * MINUTE, 4 * MINUTE)
"""Ticks before the earliest who came, from which on people may come."""
KOLMOGOROV: Final = 1.628
"""By which chance moves a distribution function once in a hundred samples, times √n."""
ROUGH: Final = 0.03
"""Of the booked, whom a law may have at another time."""


@dataclass(frozen=True)
class PunctualityFit:
    """Booked people who came, against the begin of their slot.

    A scenario's book has it as `ahead` and `lateness`: they come at begin - ahead + lateness. How
    many do not come a log of tickets cannot tell.

    Attributes
    ----------
    n : int
        Who came on the day for which they had booked.
    n_other_day : int
        Who came on another one; they are left aside.
    after : Interval
        Mean of ticks after the begin of the slot; below zero = before it.
    tenth, median, nine_tenths : float
        Quantiles of the same.
    late_share : Interval
        Share that comes after the begin.
    ahead : float
        Ticks before the begin from which on people come, but for slips: where the law is likeliest.
    lateness : FittedSpans or None
        Law of the ticks after that; None = no law of the language fits.
    values : tuple of int
        Means of their hundredths, in ticks, where no law is as they are: its distribution function
        is nowhere off by more than chance (1 %) or three hundredths. Empty where the law is.
    """

    n: int
    n_other_day: int
    after: Interval
    tenth: float
    median: float
    nine_tenths: float
    late_share: Interval
    ahead: float
    lateness: FittedSpans | None
    values: tuple[int, ...]


def fit_punctuality(log: TicketLog, level: float = 0.95) -> PunctualityFit | None:
    """Earliness and lateness; None with fewer than twenty, on one day alone, with hours only, or
    where slots are dates.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit_punctuality(log) is None  # it has no slots
    True
    """
    slot, came = log.details.booked_for, log.tickets.arrived_at
    says = (log.details.online != 1) & (slot != UNKNOWN) & (slot % DAY != 0)  # no dates alone
    here = says & (slot // DAY == came // DAY)
    n_days = len(np.unique(log.day[here]))
    if not has_slots(log) or np.count_nonzero(here) < FEWEST or n_days < 2 or log.grain >= HOUR:
        return None
    _, day = np.unique(log.day[here], return_inverse=True)
    after = (came - slot)[here].astype(np.float64)
    counts = np.bincount(day)
    tenth, median, nine_tenths = (float(np.quantile(after, p)) for p in (0.1, 0.5, 0.9))
    grain = float(max(log.grain, 1))
    ahead, spans, law = _from_the_earliest(after, log.day[here], grain, level)
    return PunctualityFit(
        n=len(after),
        n_other_day=int(np.count_nonzero(says & ~here)),
        after=ratio_interval(np.bincount(day, weights=after), counts, level),
        tenth=tenth,
        median=median,
        nine_tenths=nine_tenths,
        late_share=share_interval(np.bincount(day, weights=after > 0), counts, level),
        ahead=ahead,
        lateness=law,
        values=() if law is not None and _is_as(law.law, spans, grain) else hundredths(spans),
    )


def _from_the_earliest(
    after: Floats, day: Ints, grain: float, level: float
) -> tuple[float, Floats, FittedSpans | None]:
    """From when on before the begin people come, how much later each does, and the likeliest law.

    The earliest who came were not the earliest there may be, so a little more is tried too. Who
    came far before all others is taken for a slip of a clock.
    """
    first, quarter = np.quantile(after, (EARLIEST, 0.25))
    earliest = float(after[after >= first - SLIP * (quarter - first)].min())
    tried = []
    for step in FURTHER:
        ahead = max(step - earliest, 0.0)
        spans = np.rint(np.maximum(after + ahead, 0.0) / grain) * grain
        tried.append((ahead, spans, fit_spans(SeenSpans(spans, spans, day, grain), level=level)))
    return min(tried, key=lambda each: np.inf if each[2] is None else each[2].score)


def _is_as(law: LawOfSpans, spans: Floats, grain: float) -> bool:
    """Whether the distribution function of a law is that of some spans, but for chance.

    References
    ----------
    Kolmogorov (1933), Giornale dell'Istituto Italiano degli Attuari 4, 83-91.
    """
    values, counts = np.unique(spans, return_counts=True)
    seen = np.cumsum(counts) / len(spans)
    # a recorded span stands for all that are cut to it
    off = np.abs(law.cdf(values + grain / 2) - seen).max()
    return bool(off <= max(ROUGH, KOLMOGOROV / len(spans) ** 0.5))
