"""A weekly roster from windows in use: by half hour, on days that are alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.learning.learned_days import AlikeDays
from sim.learning.staffing import StaffingFit

STEP: Final = 0.5
"""Of a mean number of clerks."""
SOMETIMES: Final = 0.25
"""Mean number from which on one clerk is there: people come when they are."""
SURE: Final = 0.9
"""Of days with exact numbers, from which on the mean is no assumption."""


class RosterHour(NamedTuple):
    """Clerks of a group from one instant of the day to another."""

    begin: int
    """Ticks after midnight, as `end`."""
    end: int
    clerks: float
    low: float
    high: float
    """Between which the number may be, where it is not exact on nine days of ten; else `clerks`."""


def weekly_roster(fit: StaffingFit, group: int, alike: AlikeDays) -> tuple[RosterHour, ...]:
    """The clerks of a group on days that are alike, in the order of the day.

    Of each open half hour it is the mean over days, to half a clerk, and one where it is less.
    Days on which nobody waited tell a lower bound alone: they count as that many or more
    (product-limit estimate), for just on them there were many clerks.

    References
    ----------
    Kaplan and Meier (1958), J. Amer. Statist. Assoc. 53, 457-481; the largest number is taken for
    exact (Efron 1967).

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> from sim.learning.learned_days import alike_days
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> (alike,) = alike_days(learned.log, learned.staffing, "china")
    >>> [row.clerks for row in weekly_roster(learned.staffing, 0, alike)]
    [3.0]
    """
    return tuple(_joined(list(_by_slot(fit, group, alike))))


def _by_slot(fit: StaffingFit, group: int, alike: AlikeDays) -> Iterator[RosterHour]:
    here = (fit.group == group) & np.isin(fit.day, alike.days)
    most = int(fit.clerks[here].max(initial=0))
    begins = [at for ends in alike.hours for at in range(*ends, fit.slot)]
    for begin in begins:
        at = here & (fit.begin == begin)
        clerks = np.zeros(len(alike.days), dtype=np.int64)
        is_exact = np.ones(len(alike.days), np.bool_)  # on other days nobody was at work
        n = min(int(at.sum()), len(clerks))
        clerks[:n], is_exact[:n] = fit.clerks[at][:n], fit.is_exact[at][:n]
        mean = mean_at_least(clerks, is_exact)
        mean = round(mean / STEP) * STEP if mean > 1 else float(mean >= SOMETIMES)
        sure = is_exact.mean() >= SURE or not clerks.any()
        low = mean if sure else float(np.median(clerks))
        yield RosterHour(begin, begin + fit.slot, mean, min(low, mean), mean if sure else most)


def mean_at_least(clerks: Ints, is_exact: Bools) -> float:
    """Mean of numbers of which some are lower bounds.

    Examples
    --------
    >>> mean_at_least(np.array([2, 3, 1]), np.array([True, True, False]))
    2.5
    """
    stays, mean = 1.0, 0.0
    most = int(clerks.max(initial=0))
    for number in range(most):
        at_risk = np.count_nonzero(is_exact & (clerks >= number))
        at_risk += np.count_nonzero(~is_exact & (clerks > number))
        ends = np.count_nonzero(is_exact & (clerks == number))
        stays *= 1 - int(ends) / int(at_risk) if at_risk else 0.0
        mean += stays
    return mean


def _joined(rows: list[RosterHour]) -> Iterator[RosterHour]:
    """Half hours that follow each other with the same clerks, as one."""
    held = rows[0]
    for row in rows[1:]:
        if row.clerks == held.clerks and row.begin == held.end:
            held = RosterHour(
                held.begin, row.end, held.clerks, min(held.low, row.low), max(held.high, row.high)
            )
        else:
            yield held
            held = row
    yield held
