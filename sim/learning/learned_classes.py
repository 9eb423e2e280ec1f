"""Classes of a learned scenario: booked people and walk-ins, or the log's own where patience
differs by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, share_interval
from sim.arrays import Bools
from sim.learning.learned import LearnedLog
from sim.learning.learned_patience import own_patience
from sim.learning.patience_groups import OwnPatience
from sim.learning.ticket_log import TicketLog

BOOKED, WALK_IN = "booked", "walk_in"
OTHERS_ID: Final = "other_classes"
DIGITS: Final = 4
"""Of a share."""


class LogClass(NamedTuple):
    """A class of the log that a scenario has."""

    id: str
    name: str
    """Empty = all whose patience is that of everybody."""
    codes: tuple[int, ...]
    patience: OwnPatience | None


def log_classes(learned: LearnedLog, log: TicketLog) -> tuple[LogClass, ...]:
    """Classes with a patience of their own, and all others as one; none where it is not by class.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> assert isinstance(learned.log, TicketLog)
    >>> log_classes(learned, learned.log)
    ()
    """
    laws = own_patience(learned, "classes")
    if not laws:
        return ()
    names = log.names.classes
    classes = [
        LogClass(f"class_{n + 1}", names[code], (code,), laws[code])
        for n, code in enumerate(sorted(laws))
    ]
    others = tuple(code for code in range(len(names)) if code not in laws)
    return (*classes, *([LogClass(OTHERS_ID, "", others, None)] if others else ()))


def booked_share(log: TicketLog, here: Bools) -> Interval:
    """Share of those who had booked among some people of whom the log tells it."""
    says = here & (log.details.booked >= 0)
    return _share(log, says & (log.details.booked == 1), says)


def class_shares(log: TicketLog, classes: tuple[LogClass, ...], here: Bools) -> dict[str, Interval]:
    """Share of each class among some people of whom the log tells it; days are the clusters."""
    says = here & (log.tickets.class_ >= 0)
    return {
        each.id: _share(log, says & np.isin(log.tickets.class_, each.codes), says)
        for each in classes
    }


def _share(log: TicketLog, some: Bools, of: Bools) -> Interval:
    return share_interval(
        np.bincount(log.day[some], minlength=log.n_days),
        np.bincount(log.day[of], minlength=log.n_days),
    )


def written_shares(shares: Mapping[str, Interval]) -> dict[str, float]:
    """Shares of a whole, which add to 1: what rounding leaves is the largest one's.

    Examples
    --------
    >>> third = Interval(1 / 3, 0.3, 0.4, n=9)
    >>> written_shares({"a": third, "b": third, "c": third})
    {'a': 0.3334, 'b': 0.3333, 'c': 0.3333}
    """
    rounded = {name: round(share.mean, DIGITS) for name, share in shares.items()}
    largest = max(rounded, key=lambda name: rounded[name])
    others = sum(share for name, share in rounded.items() if name != largest)
    return rounded | {largest: round(1 - others, DIGITS)}
