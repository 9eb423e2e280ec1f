"""How early or late booked people come, where a log says for when they had booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, share_interval
from sim.clock import DAY, HOUR
from sim.learning.span_laws import FittedSpans, SeenSpans, fit_spans
from sim.learning.ticket_log import UNKNOWN, TicketLog

FEWEST: Final = 20
"""Booked people who came, without whom nothing is said."""
EARLIEST: Final = 0.01
"""Share of them that may come before what counts as the earliest: slips of a clock."""


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
        Ticks by which the earliest come before the begin (but for one of a hundred).
    lateness : FittedSpans or None
        Law of the ticks after that; None = no law of the language fits.
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


def fit_punctuality(log: TicketLog, level: float = 0.95) -> PunctualityFit | None:
    """Earliness and lateness; None with fewer than twenty, or on one day alone, or hours only.

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
    says = (log.details.online != 1) & (slot != UNKNOWN)
    here = says & (slot // DAY == came // DAY)
    n_days = len(np.unique(log.day[here]))
    if np.count_nonzero(here) < FEWEST or n_days < 2 or log.grain >= HOUR:
        return None
    _, day = np.unique(log.day[here], return_inverse=True)
    after = (came - slot)[here].astype(np.float64)
    counts = np.bincount(day)
    tenth, median, nine_tenths = (float(np.quantile(after, p)) for p in (0.1, 0.5, 0.9))
    ahead = max(-float(np.quantile(after, EARLIEST)), 0.0)
    grain = float(max(log.grain, 1))
    spans = np.rint(np.maximum(after + ahead, 0.0) / grain) * grain
    return PunctualityFit(
        n=len(after),
        n_other_day=int(np.count_nonzero(says & ~here)),
        after=ratio_interval(np.bincount(day, weights=after), counts, level),
        tenth=tenth,
        median=median,
        nine_tenths=nine_tenths,
        late_share=share_interval(np.bincount(day, weights=after > 0), counts, level),
        ahead=ahead,
        lateness=fit_spans(SeenSpans(spans, spans, log.day[here], grain), level=level),
    )
