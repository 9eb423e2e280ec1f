"""The clerks of each half hour over the days of a log: what is usual, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.learning.staffing import StaffingFit


class UsualClerks(NamedTuple):
    """One half hour of the day of a group, over all days on which it was at work."""

    group: int
    begin: int
    """Ticks after midnight."""
    median: float
    low: float
    """Of days: the tenth part has no more."""
    high: float
    """Of days: the tenth part has no fewer."""
    exact_share: float
    """Of the days, on which the number is exact."""
    n: int


def usual_clerks(fit: StaffingFit) -> Iterator[UsualClerks]:
    """A row for each group and half hour.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> fit = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").staffing
    >>> assert fit is not None
    >>> [usual.median for usual in usual_clerks(fit)][3:6]
    [3.0, 3.0, 3.0]
    """
    for number in range(len(fit.groups)):
        of_group = fit.group == number
        for begin in np.unique(fit.begin[of_group]).tolist():
            here = of_group & (fit.begin == begin)
            low, median, high = np.quantile(fit.clerks[here], [0.1, 0.5, 0.9]).tolist()
            share = float(fit.is_exact[here].mean())
            yield UsualClerks(number, begin, median, low, high, share, int(here.sum()))
