"""A roster as planned, simulated as it stands on fresh crowds, beside the needs that it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.promises import PromiseCell, Promised, promise_cells
from sim.arrays import Bools, Floats, Ints
from sim.clock import WEEKDAYS
from sim.engine.run import prepare
from sim.plan.compile import compile_plan
from sim.plan.rosters import Post, rosters_of
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.roster_task import PlannedRoster, RosterTask
from sim.scenario.edit import with_roster
from sim.scenario.promises import Promise
from sim.scenario.scenario import Scenario

WATCH = Promise(measure="called_within", at_least=1.0, each="half_hour")
"""What is shown of each half hour, whatever is promised; its level says nothing."""


class WeekdayClerks(NamedTuple):
    """Clerks at the windows by weekday, over all weeks of a roster.

    Attributes
    ----------
    posts : tuple of Post
        Window group and half hour of one weekday.
    kinds : tuple of str
        Kind of day of each.
    need, fewest, most : ndarray(int64), shape (posts,)
        Needed; at the windows on the dates of that weekday. A weekday that the roster does not
        have counts as needed.
    """

    posts: tuple[Post, ...]
    kinds: tuple[str, ...]
    need: Ints
    fewest: Ints
    most: Ints


class RosterCheck(NamedTuple):
    """What comes of a roster.

    Attributes
    ----------
    cells : tuple of PromiseCell
        Of the promises of the scenario.
    levels : ndarray(float64), shape (cells,)
    is_kept : ndarray(bool), shape (cells,)
        Whether the mean over all crowds is at the level or better.
    planned : tuple of Interval
        Of each cell; all of them hold together.
    shares : mapping
        Share called in time with what is needed, and with what is planned, by waiting list, kind of
        day and half hour.
    """

    cells: tuple[PromiseCell, ...]
    levels: Floats
    is_kept: Bools
    planned: tuple[Interval, ...]
    shares: Mapping[tuple[str, str, int], tuple[Interval, Interval]]


def weekday_clerks(task: RosterTask, roster: PlannedRoster) -> WeekdayClerks:
    """The fewest and the most at the windows on each weekday, over all weeks."""
    by_weekday: dict[int, list[Ints]] = {}
    for d, planned in roster.clerks_by_day(task).items():
        by_weekday.setdefault(task.days[d].planned_as, []).append(planned)
    rows: list[tuple[Post, str, int, int, int]] = []
    for k, kind in enumerate(task.kinds):
        for weekday in kind.days:
            planned = np.stack(by_weekday.get(weekday, [task.needed[k]]))
            fewest, most = planned.min(axis=0), planned.max(axis=0)
            for g, group in enumerate(task.groups):
                for t, span in enumerate(task.spans(k)):
                    post = Post(group, WEEKDAYS[weekday], span.start, span.end)
                    numbers = (int(task.needed[k][t, g]), int(fewest[t, g]), int(most[t, g]))
                    rows.append((post, kind.key, *numbers))
    rows.sort(key=lambda row: task.groups.index(row[0].group))
    posts, kinds, *clerks = zip(*rows, strict=True)
    return WeekdayClerks(tuple(posts), tuple(kinds), *(np.array(column) for column in clerks))


def check_roster(
    scenario: Scenario,
    layout: str,
    clerks: WeekdayClerks,
    crowds: KeptCrowds,
    replications: Sequence[int],
    level: float,
    pause: Callable[[], None],
) -> RosterCheck:
    """Simulate the roster at its thinnest, and the needs, on the same crowds.

    Parameters
    ----------
    level
        Coverage of the intervals of all promise cells together.
    pause
        Called before each of the two.
    """
    targets = scenario.targets
    watched = targets.model_copy(update={"promises": (*targets.promises, WATCH)})
    scenario = scenario.model_copy(update={"targets": watched})
    sums = []
    for numbers in (clerks.need, clerks.fewest):
        pause()
        staffed = with_roster(scenario, layout, rosters_of(clerks.posts, numbers))
        plan = compile_plan(staffed, layout)
        prepare(plan, crowds.engine)
        promised = promise_cells(plan, staffed)
        sums.append(crowds.each(plan, replications, promised.sums))
    return _read(promised, sums[0], sums[1], level)


def _read(promised: Promised, needed: Ints, planned: Ints, level: float) -> RosterCheck:
    watch = len(promised.promises) - 1
    promised_cells = [n for n, cell in enumerate(promised.cells) if cell.promise != watch]
    level_of_each = bonferroni(level, max(len(promised_cells), 1))
    values = promised.values(planned.sum(axis=0))
    return RosterCheck(
        tuple(promised.cells[n] for n in promised_cells),
        promised.levels[promised_cells],
        promised.are_kept(values)[promised_cells],
        tuple(promised.interval(n, planned, level_of_each) for n in promised_cells),
        {
            (cell.id, cell.days, cell.slot): (
                promised.interval(n, needed, level),
                promised.interval(n, planned, level),
            )
            for n, cell in enumerate(promised.cells)
            if cell.promise == watch
        },
    )
