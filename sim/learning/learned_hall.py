"""What a scenario of a log is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from sim.learning.arrivals import ArrivalFit
from sim.learning.learned_book import LearnedBook
from sim.learning.learned_days import AlikeDays
from sim.learning.learned_roster import RosterHour
from sim.learning.log_matters import LogMatters
from sim.learning.services import ServiceFit
from sim.learning.staffing import StaffingFit
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall

LEAST_CV: Final = 0.01
"""Of the day factor, below which days do not differ beyond chance."""


class LearnedHall(NamedTuple):
    """Everything that a scenario is made of."""

    log: TicketLog
    file: str
    hall: LogHall
    arrivals: ArrivalFit
    services: ServiceFit
    staffing: StaffingFit
    matters: LogMatters
    ids: tuple[str, ...]
    """Of matters."""
    alike: tuple[AlikeDays, ...]
    served: tuple[tuple[int, ...], ...]
    """By group of windows, places of matters."""
    rosters: Mapping[tuple[int, int], tuple[RosterHour, ...]]
    """By group, and kind of days."""
    book: LearnedBook | None
    """Of appointments; those who came for its slots are in flows of their own."""

    @property
    def day_cv(self) -> float:
        """Of the day factor; 0 = days do not differ beyond chance."""
        return day_cv(self.arrivals)

    def is_served(self, kind: int, matter: int) -> bool:
        """Whether windows that are at work on days of a kind serve a matter."""
        return any(
            matter in served and any(row.clerks for row in self.rosters[group, kind])
            for group, served in enumerate(self.served)
        )


def day_cv(arrivals: ArrivalFit) -> float:
    """Coefficient of variation of the day factor; 0 = days do not differ beyond chance."""
    cv = arrivals.day_factor_cv.mean
    return cv if math.isfinite(cv) and cv >= LEAST_CV else 0.0
