"""The best service for clerk hours: how many are called in time for what the hall can pay."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_difference, ratio_interval
from sim.arrays import Ints
from sim.clock import MINUTE, format_clock
from sim.errors import OptionError, Problem
from sim.plan.rosters import Post, rosters_of
from sim.questions.columns import SHARE, AnswerColumn, AnswerRows
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import Run
from sim.runs.sizing import Pause, SearchStoppedError, SizingProblem
from sim.runs.sizing_allocation import best_for_hours, fewer_and_fewer, share_in_time
from sim.runs.sizing_bound import everybody
from sim.runs.sizing_confirm import starting_staff
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.edit import with_followup, with_overrides, with_roster
from sim.scenario.scenario import Scenario

EXPECTED: Final = 350
"""Staffs that are tried for a layout of a city hall, for the estimate of how long it takes."""
BEGINS_AT: Final = 0.99
"""Share called in time of the staff, by theory, at which the curve begins."""
POINTS: Final = 15
"""Staffs of the curve that fresh crowds look at, spread evenly over its hours."""


class AllocationPoint(NamedTuple):
    """One staff of the curve, as fresh crowds find it.

    Attributes
    ----------
    clerk_hours : float
        A week.
    in_time : Interval
        Share of all tickets called within the target, 0 to 1.
    """

    clerk_hours: float
    in_time: Interval


class AllocatedPost(NamedTuple):
    """Clerks of the best roster at one window group in one half hour of one kind of day.

    Attributes
    ----------
    group : str
    days : str
        Kind of day, as rosters write it: `mon-fri`.
    starts, ends : int
        Ticks after midnight.
    clerks, today : int
    """

    group: str
    days: str
    starts: int
    ends: int
    clerks: int
    today: int


class AllocatedLayout(NamedTuple):
    """What clerk hours buy in one layout.

    Attributes
    ----------
    layout : str
    points : tuple of AllocationPoint
        From the dearest down.
    today : AllocationPoint
        The roster as it is.
    allowed : float
        Clerk hours a week that the best roster may have.
    best : AllocationPoint
        The best roster within the hours.
    gain : Interval
        Of the best roster over today's, in the share called in time, on the same crowds.
    posts : tuple of AllocatedPost
        The best roster.
    """

    layout: str
    points: tuple[AllocationPoint, ...]
    today: AllocationPoint
    allowed: float
    best: AllocationPoint
    gain: Interval
    posts: tuple[AllocatedPost, ...]

    @property
    def hours_for_today(self) -> float:
        """Fewest clerk hours of the curve with today's share called in time; nan = none has it.

        Between two staffs of the curve on a straight line.
        """
        share = self.today.in_time.mean
        points = [*self.points, self.best]
        points.sort(key=lambda point: point.clerk_hours)
        for below, above in zip([None, *points], points, strict=False):
            if above.in_time.mean >= share:
                if below is None or above.in_time.mean == below.in_time.mean:
                    return above.clerk_hours
                part = (share - below.in_time.mean) / (above.in_time.mean - below.in_time.mean)
                return below.clerk_hours + part * (above.clerk_hours - below.clerk_hours)
        return math.nan


class AllocationRow(NamedTuple):
    """One point of a layout's curve, and what it is."""

    layout: str
    roster: str
    """curve, today or best."""
    clerk_hours: float
    in_time: Interval


class Allocation(NamedTuple):
    """What clerk hours buy, in each layout.

    Attributes
    ----------
    scenario : Scenario
    layouts : tuple of AllocatedLayout
        Those finished.
    replications, asked : int
        Of the search and of the fresh crowds together.
    seed : int
    level : float
        Coverage of each interval.
    within : int
        Ticks: called in time is called within.
    confirmed_on : int
        Fresh replications behind every figure.
    """

    scenario: Scenario
    layouts: tuple[AllocatedLayout, ...]
    replications: int
    asked: int
    seed: int
    level: float
    within: int
    confirmed_on: int

    @property
    def rows(self) -> tuple[AllocationRow, ...]:
        """All points of all layouts, the dearest first, then today and the best roster."""
        return tuple(
            AllocationRow(row.layout, roster, point.clerk_hours, point.in_time)
            for row in self.layouts
            for roster, points in (
                ("curve", row.points),
                ("today", (row.today,)),
                ("best", (row.best,)),
            )
            for point in points
        )


def allocate(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    hours: float | None = None,
    run: Run = Run(),
    level: float = 0.95,
) -> Allocation:
    """The best service for clerk hours a week, and the curve of hours against service.

    Service is the share of all tickets of the hall called within the target. Every staff is
    searched on the same crowds; as many further ones, which the search has not seen, say what it
    reaches.

    Parameters
    ----------
    layouts
        Ids; empty = all of the scenario.
    hours
        Clerk hours a week; None = as many as today's roster of each layout has.
    run
        How to run it: `workers` are threads.
    level
        Coverage of each interval.

    Raises
    ------
    OptionError
        `bad_hours` when the hours are not above 0; `not_on_cluster`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> changes = ["run.measured_days=1", "run.warmup_days=0"]
    >>> changes += ["calendars.always.weekly={mon-sun: [08:00-10:00]}"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), changes)
    >>> [row] = allocate(hall, run=Run(replications=4, workers=1)).layouts
    >>> row.best.clerk_hours <= row.allowed
    True
    """
    if hours is not None and not (math.isfinite(hours) and hours > 0):
        raise OptionError(
            Problem("option_value", "--hours", found=f"{hours:g}", allowed="allowed.positive")
        )
    how = run.resolved(scenario)
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    pause = Pause(how, EXPECTED * len(names))
    finished: list[AllocatedLayout] = []
    for name in names:
        try:
            with KeptCrowds(how.seed, how.engine, how.cores()) as crowds:
                problem = SizingProblem(
                    _promising(scenario), name, crowds, range(how.replications), pause
                )
                finished.append(_allocated(scenario, problem, hours, level, pause))
        except SearchStoppedError:
            break
    return Allocation(
        scenario,
        tuple(finished),
        2 * how.replications if finished else 0,
        2 * how.replications,
        how.seed,
        level,
        scenario.targets.called_within,
        how.replications if finished else 0,
    )


def _promising(scenario: Scenario) -> Scenario:
    """To be called within the target in each half hour is all that is promised in the search."""
    promise = f"{{measure: called_within, at_least: {BEGINS_AT}, each: half_hour}}"
    return with_followup(with_overrides(scenario, [f"targets.promises=[{promise}]"]), 0)


def _allocated(
    scenario: Scenario,
    problem: SizingProblem,
    hours: float | None,
    level: float,
    pause: Callable[[], None],
) -> AllocatedLayout:
    today = weekly_clerk_hours(scenario, scenario.layout(problem.layout))
    untouched = today - problem.weekly_hours(problem.staff_today)
    allowed = today if hours is None else hours
    ample = everybody(problem)
    start = starting_staff(problem, ample, np.zeros(len(problem.staff_today), dtype=np.int64))
    curve = fewer_and_fewer(problem, start, allowed - untouched)
    within = [trial for trial in curve if problem.weekly_hours(trial.staff) <= allowed - untouched]
    one_number = (problem.levelled(problem.staff_today) == problem.staff_today).all()
    if hours is None and one_number and problem.keeps_open(problem.staff_today):
        within.append(problem.trial(problem.staff_today))
    best = max(within or curve[-1:], key=share_in_time)
    if within:
        best = best_for_hours(problem, best, ample.staff, allowed - untouched)
    n = problem.replications[-1] + 1
    fresh = tuple(range(n, n + len(problem.replications)))

    def look(staff: Ints) -> tuple[Ints, AllocationPoint]:
        """Sums of all tickets on fresh crowds, int64, shape (replications, 2), and the point."""
        pause()
        sums = problem.fresh_sums(problem.plan(staff), fresh).sum(axis=1)
        share = ratio_interval(sums[:, 0], sums[:, 1], level, (0.0, 1.0))
        return sums, AllocationPoint(untouched + problem.weekly_hours(staff), share)

    sums_today, point_today = look(problem.staff_today)
    sums_best, point_best = look(best.staff)
    shown = np.unique(np.linspace(0, len(curve) - 1, min(POINTS, len(curve))).round().astype(int))
    n_posts = len(problem.posts)
    clerks = zip(problem.posts, best.staff[:n_posts], problem.staff_today, strict=False)
    return AllocatedLayout(
        problem.layout,
        tuple(look(curve[k].staff)[1] for k in shown),
        point_today,
        allowed,
        point_best,
        _gain(sums_today, sums_best, level),
        tuple(AllocatedPost(*post, int(of_best), int(now)) for post, of_best, now in clerks),
    )


def _gain(sums_today: Ints, sums_best: Ints, level: float) -> Interval:
    (called_today, tickets_today), (called_best, tickets_best) = sums_today.T, sums_best.T
    return ratio_difference(called_today, tickets_today, called_best, tickets_best, level)


def allocated_scenario(allocation: Allocation, layout: str) -> Scenario:
    """The scenario with the best roster of a layout, to run it or write it to a file."""
    [row] = [each for each in allocation.layouts if each.layout == layout]
    posts = [Post(post.group, post.days, post.starts, post.ends) for post in row.posts]
    clerks = np.array([post.clerks for post in row.posts], dtype=np.int64)
    return with_roster(allocation.scenario, layout, rosters_of(posts, clerks))


@dataclass(frozen=True)
class AllocateQuestion:
    """What do clerk hours buy?

    Attributes
    ----------
    layouts : tuple of str
        Empty = all of the scenario.
    hours : float or None
        Clerk hours a week; None = today's.
    level : float
        Coverage of each interval.
    """

    layouts: tuple[str, ...] = ()
    hours: float | None = None
    level: float = 0.95

    def runs(self, scenario: Scenario) -> int:
        """Staffs that are tried for a city hall; it is an estimate."""
        return EXPECTED * len(self.layouts or scenario.layouts)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Allocation:
        """What they buy in each layout."""
        return allocate(scenario, self.layouts, hours=self.hours, run=run, level=self.level)


def _posts(allocation: Allocation, _: int) -> list[dict[str, object]]:
    return [
        {
            "layout": row.layout,
            "group": post.group,
            "days": post.days,
            "starts": format_clock(post.starts),
            "ends": format_clock(post.ends),
            "clerks": post.clerks,
            "today_clerks": post.today,
        }
        for row in allocation.layouts
        for post in row.posts
    ]


def _layouts(allocation: Allocation, _: int) -> list[dict[str, object]]:
    return [
        {
            "layout": row.layout,
            "allowed_clerk_hours_a_week": row.allowed,
            "gain": {"mean": row.gain.mean, "low": row.gain.low, "high": row.gain.high},
            "clerk_hours_for_today_s_share": row.hours_for_today,
        }
        for row in allocation.layouts
    ]


ROWS: Final = AnswerRows(
    "allocation",
    "points",
    "rows",
    (
        AnswerColumn("layout", "text"),
        AnswerColumn("roster", "text"),
        AnswerColumn("clerk_hours", "number", "hours_a_week"),
        AnswerColumn("in_time", unit=SHARE),
    ),
    head=(
        AnswerColumn("confirmed_on", "whole"),
        AnswerColumn("within_minutes", "number", value=lambda answer, _: answer.within / MINUTE),
        AnswerColumn("layouts", "data", value=_layouts),
        AnswerColumn("roster", "data", value=_posts),
    ),
)
"""One row a point of the curve."""
