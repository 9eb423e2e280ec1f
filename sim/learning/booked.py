"""Booked people against walk-ins, where a log tells one from the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.intervals import Interval, ratio_difference, ratio_interval, share_interval
from sim.arrays import Bools, Floats
from sim.learning.ticket_log import TicketLog

FEWEST: Final = 20
"""Of booked people and of walk-ins, without whom nothing is said."""


@dataclass(frozen=True)
class BookedFit:
    """How booked people differ; how punctual they are is told in `punctuality.py`.

    Attributes
    ----------
    n : int
        Tickets of which the log says whether they were booked.
    share : Interval
        Of them that were.
    wait_booked, wait_walk_in, wait_less : Interval
        Mean waits in ticks, and by how much that of booked people is less; nan without waits.
    service_ratio : Interval
        Mean service of booked people, of that of walk-ins; nan without services.
    """

    n: int
    share: Interval
    wait_booked: Interval
    wait_walk_in: Interval
    wait_less: Interval
    service_ratio: Interval


def fit_booked(log: TicketLog, level: float = 0.95) -> BookedFit | None:
    """Booked people beside walk-ins; None where the log does not tell twenty of each.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit_booked(log) is None  # nobody books there
    True
    """
    booked = log.details.booked
    says = (log.details.online != 1) & (booked >= 0)
    yes, no = says & (booked == 1), says & (booked == 0)
    if min(np.count_nonzero(yes), np.count_nonzero(no)) < FEWEST:
        return None
    _, day = np.unique(log.day, return_inverse=True)
    n_days = int(day.max()) + 1

    def sums(span: Floats, among: Bools) -> tuple[Floats, Floats]:
        at = among & (span >= 0)
        totals = np.bincount(day[at], weights=span[at], minlength=n_days).astype(np.float64)
        return totals, np.bincount(day[at], minlength=n_days).astype(np.float64)

    wait, service = (span.astype(np.float64) for span in (log.details.wait, log.details.service))
    of_booked, of_others = sums(wait, yes), sums(wait, no)
    counted = np.bincount(day[yes], minlength=n_days)
    return BookedFit(
        n=int(says.sum()),
        share=share_interval(counted, np.bincount(day[says], minlength=n_days), level),
        wait_booked=ratio_interval(*of_booked, level),
        wait_walk_in=ratio_interval(*of_others, level),
        wait_less=ratio_difference(*of_booked, *of_others, level),
        service_ratio=_ratio_of_means(*sums(service, yes), *sums(service, no), level),
    )


def _ratio_of_means(a: Floats, n_a: Floats, b: Floats, n_b: Floats, level: float) -> Interval:
    """Mean of a through mean of b, both pooled over days."""
    if not (n_a.sum() and n_b.sum() and b.sum()):
        return Interval(np.nan, np.nan, np.nan, 0, level)
    return ratio_interval(a, b * n_a.sum() / n_b.sum(), level)
