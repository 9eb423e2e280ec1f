"""What people come for, and how their tickets end, as shares with intervals over days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, share_interval
from sim.arrays import Bools, Ints
from sim.learning.log_matters import matters_of
from sim.learning.ticket_log import LOG_OUTCOMES, UNKNOWN, TicketLog


class MatterShare(NamedTuple):
    """Tickets of one matter."""

    matter: str
    n: int
    share: Interval
    """Of tickets whose matter is told."""


class OutcomeShare(NamedTuple):
    """Tickets that ended in one way."""

    outcome: str
    """Of LOG_OUTCOMES."""
    n: int
    share: Interval
    """Of all tickets in a hall."""


@dataclass(frozen=True)
class MixFit:
    """What tickets are for, and how they end.

    Attributes
    ----------
    matters : tuple of MatterShare
        The most frequent first.
    n_without_matter : int
        Tickets that do not say what they are for.
    outcomes : tuple of OutcomeShare
        The most frequent first.
    came_again : Interval
        Share of tickets that are of a second or later trip; nan where the log counts no trips.
    """

    matters: tuple[MatterShare, ...]
    n_without_matter: int
    outcomes: tuple[OutcomeShare, ...]
    came_again: Interval


def fit_mix(log: TicketLog, level: float = 0.95) -> MixFit:
    """Shares of matters and of ends of tickets; those of people who apply online are left out.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> mix = fit_mix(log)
    >>> [(matter.matter, round(matter.share.mean, 2)) for matter in mix.matters]
    [('证明', 0.62), ('登记', 0.38)]
    """
    here = log.details.online != 1
    _, day = np.unique(log.day, return_inverse=True)
    matters = matters_of(log)
    says = here & (matters.code >= 0)
    outcome = np.where(
        log.details.outcome == UNKNOWN, log.tickets.fate, log.details.outcome
    ).astype(np.int64)
    trips = log.tickets.trip
    return MixFit(
        matters=tuple(
            MatterShare(matters.names[code], n, share)
            for code, n, share in _shares(matters.code, says, day, level)
        ),
        n_without_matter=int((here & (matters.code < 0)).sum()),
        outcomes=tuple(
            OutcomeShare(LOG_OUTCOMES[code], n, share)
            for code, n, share in _shares(outcome, here, day, level)
        ),
        came_again=_share(here & (trips > 1), here, day, level)
        if (trips > 1).any()
        else Interval(np.nan, np.nan, np.nan, 0, level),
    )


def _shares(code: Ints, among: Bools, day: Ints, level: float) -> list[tuple[int, int, Interval]]:
    counts = np.bincount(code[among])
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda place: (-counts[place], place))
    return [
        (place, int(counts[place]), _share(among & (code == place), among, day, level))
        for place in order
    ]


def _share(marked: Bools, among: Bools, day: Ints, level: float) -> Interval:
    n_days = int(day.max()) + 1
    counted = np.bincount(day[marked], minlength=n_days)
    return share_interval(counted, np.bincount(day[among], minlength=n_days), level)
