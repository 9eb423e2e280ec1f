"""A weekly roster from windows in use: by half hour, on days that are alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.learning.learned_days import AlikeDays, day_keys, hours_key
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
    """Between which the number may be, where it is not exact on nine days of ten, or a factor has
    changed it; else `clerks`."""


def weekly_roster(
    fit: StaffingFit, group: int, alike: AlikeDays, factor: float = 1.0
) -> tuple[RosterHour, ...]:
    """The clerks of a group on days that are alike, in the order of the day.

    Of each open half hour it is the mean over days, to half a clerk, and one where it is less.
    Days on which nobody waited tell a lower bound alone: they count as that many or more
    (product-limit estimate), for just on them there were many clerks.

    Parameters
    ----------
    factor
        On these means; what rounding leaves is carried on to the next half hour, so that a small
        factor acts. Where at most one clerk was, it does nothing. With 1 each half hour is rounded
        by itself, which is easier to read.

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
    return tuple(_joined(list(_by_slot(fit, group, alike, factor))))


def _by_slot(fit: StaffingFit, group: int, alike: AlikeDays, factor: float) -> Iterator[RosterHour]:
    here = (fit.group == group) & np.isin(fit.day, alike.days)
    most = int(fit.clerks[here].max(initial=0))
    remainder = 0.0
    begins = [at for ends in alike.hours for at in range(*ends, fit.slot)]
    for begin in begins:
        at = here & (fit.begin == begin)
        clerks = np.zeros(len(alike.days), dtype=np.int64)
        is_exact = np.ones(len(alike.days), np.bool_)  # on other days nobody was at work
        n = min(int(at.sum()), len(clerks))
        clerks[:n], is_exact[:n] = fit.clerks[at][:n], fit.is_exact[at][:n]
        mean = mean_at_least(clerks, is_exact)
        as_told = round(mean / STEP) * STEP if mean > 1 else float(mean >= SOMETIMES)
        sure = is_exact.mean() >= SURE or not clerks.any()
        low = as_told if sure else float(np.median(clerks))
        high = as_told if sure else float(most)
        number = as_told
        if factor != 1 and mean > 1:
            due = mean * factor + remainder
            number = max(round(due / STEP) * STEP, 1.0)
            remainder = due - number
        yield RosterHour(begin, begin + fit.slot, number, min(low, number), max(high, number))


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


def roster_keys(
    days: AlikeDays, roster: Sequence[RosterHour]
) -> Iterator[tuple[str, RosterHour, int]]:
    """Key, row and clerks; where any has half a clerk, week A has it and week B has not.

    Examples
    --------
    >>> from sim.clock import HOUR
    >>> alike = AlikeDays((0, 1), ((8 * HOUR, 9 * HOUR),), 9 * HOUR, np.arange(2), (), HOUR, ())
    >>> hour = RosterHour(8 * HOUR, 9 * HOUR, 1.5, 1.5, 1.5)
    >>> [(key, whole) for key, _, whole in roster_keys(alike, [hour])]
    [('week A mon-tue 08:00-09:00', 2), ('week B mon-tue 08:00-09:00', 1)]
    """
    alternates = any(row.clerks != int(row.clerks) for row in roster)
    weeks = (("week A ", math.ceil), ("week B ", math.floor)) if alternates else (("", int),)
    for day in day_keys(days.weekdays):
        for week, whole in weeks:
            for row in roster:
                if whole(row.clerks):  # hours without anybody are left out
                    yield f"{week}{day} {hours_key(row.begin, row.end)}", row, whole(row.clerks)
