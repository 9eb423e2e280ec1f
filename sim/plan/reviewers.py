"""Reviewers who work by a roster: when each of a department's is on duty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from sim.clock import Hours
from sim.scenario.base import ALWAYS
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import DayRosters, Weeks, hours_above
from sim.scenario.matters import Department

HoursOn: TypeAlias = Callable[[date], list[Hours]]


def rostered_hours(
    open_: DatedHours, department: Department, weeks: Weeks
) -> Iterator[tuple[int, HoursOn]]:
    """Reviewers of a department who are on duty alike, and their hours by date.

    None where all work all of its hours. As with windows, reviewer number `n` is on duty while the
    roster has more than `n`: so the hours of each lie inside those of the one before, and the first
    is there whenever anybody is.
    """
    if set(department.reviewers) == {ALWAYS}:
        return
    roster = DayRosters(department.reviewers, weeks)
    for fewer, as_many in pairwise(sorted({0, *department.reviewers.values()})):
        yield as_many - fewer, partial(hours_above, open_, roster, fewer)
