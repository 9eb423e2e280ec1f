"""How many clerks, when: the least staff that keeps the promises, proven on fresh crowds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, bonferroni, paired_difference, t_interval
from sim.analysis.promises import PromiseCell
from sim.arrays import Ints
from sim.errors import OptionError, Problem
from sim.plan.rosters import Post, rosters_of
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import Run
from sim.runs.sizing import Pause, SizingProblem
from sim.runs.sizing_confirm import CROWDS_AT_MOST, SizedStaff, size_staff
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.edit import with_reviewers, with_roster
from sim.scenario.scenario import Scenario

EXPECTED: Final = 450
"""Staffs that are tried for a layout of a city hall, for the estimate of how long it takes."""


class Need(NamedTuple):
    """Clerks needed (需要量) at one window group in one half hour of one kind of day.

    Attributes
    ----------
    group : str
    days : str
        Kind of day, as rosters write it: `mon-fri`.
    starts, ends : int
        Ticks after midnight.
    clerks : int
    today : int
        Clerks of the roster as it is.
    at_least : int
        Lower bound: with fewer here the promises are broken, even with everybody everywhere else.
    utilisation : float
        Share of the clerks' time spent serving, 0 to 1; nan without clerks.
    binding : int
        Index of the cell, in `SizedLayout.cells`, that is worst with one clerk fewer, of those that
        one fewer makes worse; -1 = none, or somebody has to keep the list open.
    one_fewer : float
        What that cell is then, in the unit of its promise; nan = none.
    """

    group: str
    days: str
    starts: int
    ends: int
    clerks: int
    today: int
    at_least: int
    utilisation: float
    binding: int
    one_fewer: float


class DepartmentNeed(NamedTuple):
    """Reviewers needed in one department; today's where nothing is promised of cases.

    Attributes
    ----------
    department : str
    reviewers : int
    today : int
    utilisation : float
        Share of their time spent reviewing, as expected of everybody who applies.
    binding : int
        Index of the cell that is worst with one reviewer fewer; -1 = none.
    one_fewer : float
        What that cell is then; nan = none.
    """

    department: str
    reviewers: int
    today: int
    utilisation: float
    binding: int
    one_fewer: float


class CheckedCell(NamedTuple):
    """One promise where it must hold, on crowds that the search has not seen.

    Attributes
    ----------
    cell : PromiseCell
    level : float
        What is promised, in the unit of the measure.
    sized, today : Interval
        With the staff found, and with today's; those of all cells of a layout hold together.
    people : float
        What it is counted over, a replication: people, cases, days or ticks on duty.
    """

    cell: PromiseCell
    level: float
    sized: Interval
    today: Interval
    people: float


class SizedLayout(NamedTuple):
    """The least staff of one layout.

    Attributes
    ----------
    layout : str
    needs : tuple of Need
        By group, kind of day and half hour.
    departments : tuple of DepartmentNeed
    cells : tuple of CheckedCell
    impossible : tuple of int
        Indices of cells that are broken even with everybody there.
    relaxed : tuple of float
        What is kept in place of each of these promises.
    clerk_hours, today_hours : float
        A week; reserve windows count as today in both.
    cost, today_cost : float
        Yuan a week of clerks; nan where the scenario has no wage.
    lower_bound_hours : float
        A week: no roster keeps the promises on the first crowds of the search with fewer, if more
        clerks never harm.
    evaluations : int
        Staffs that were simulated.
    confirmed_from : int
        First of the replications that the figures of `cells` are of; -1 = none confirmed them.
    repeated_hours : tuple of float
        Clerk hours a week when it is sized again on other crowds, as often as asked: of chance in
        the answer. The first is the answer's own.
    """

    layout: str
    needs: tuple[Need, ...]
    departments: tuple[DepartmentNeed, ...]
    cells: tuple[CheckedCell, ...]
    impossible: tuple[int, ...]
    relaxed: tuple[float, ...]
    clerk_hours: float
    today_hours: float
    cost: float
    today_cost: float
    lower_bound_hours: float
    evaluations: int
    confirmed_from: int = -1
    repeated_hours: tuple[float, ...] = ()


class NeedOfLayout(NamedTuple):
    """A need with what it belongs to.

    Attributes
    ----------
    layout : str
    need : Need
    binding : CheckedCell or None
        The cell that one clerk fewer would break.
    unit : str
        Of its promise; empty = none.
    n : int
        Replications that it was confirmed on.
    level : float
        Coverage of the intervals of a layout together.
    """

    layout: str
    need: Need
    binding: CheckedCell | None
    unit: str
    n: int
    level: float


class Sizing(NamedTuple):
    """The least staff of each layout for the same promises.

    Attributes
    ----------
    scenario : Scenario
    layouts : tuple of SizedLayout
    replications, asked : int
        Crowds that the figures rest on, and those that they were meant to; fewer when the search
        was stopped.
    seed : int
    level : float
        Coverage of the intervals of a layout together.
    confirmed_on : int
        Replications that no search has seen, for each layout; 0 = stopped before.
    """

    scenario: Scenario
    layouts: tuple[SizedLayout, ...]
    replications: int
    asked: int
    seed: int
    level: float
    confirmed_on: int

    @property
    def rows(self) -> tuple[NeedOfLayout, ...]:
        """The needs of every layout in their order."""
        promises = self.scenario.targets.promises
        rows = []
        for sized in self.layouts:
            for need in sized.needs:
                binding = sized.cells[need.binding] if need.binding >= 0 else None
                unit = "" if binding is None else promises[binding.cell.promise].kind.unit
                about = (binding, unit, self.confirmed_on, self.level)
                rows.append(NeedOfLayout(sized.layout, need, *about))
        return tuple(rows)

    def hours_of(self, row: SizedLayout) -> Interval:
        """Clerk hours that a layout needs; no bounds unless it was sized again on other crowds."""
        return t_interval(row.repeated_hours or (row.clerk_hours,), self.level)

    def saved_against_first(self, row: SizedLayout) -> Interval:
        """Clerk hours that a layout needs less than the first, each time on the same crowds."""
        first = self.layouts[0]
        hours = [each.repeated_hours or (each.clerk_hours,) for each in (row, first)]
        n = min(map(len, hours))
        return paired_difference(hours[0][:n], hours[1][:n], self.level)


def size(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    repeats: int = 1,
    run: Run = Run(),
    level: float = 0.95,
) -> Sizing:
    """The least clerks by half hour, and reviewers, that keep the scenario's promises.

    Every staff is simulated on the same crowds, the replications of the run; as many further ones,
    which the search has not seen, say what its answer keeps.

    Parameters
    ----------
    layouts
        Ids; empty = all of the scenario.
    repeats
        How often each layout is sized, on other crowds each time: how far the number of clerks is
        chance, and whether layouts differ in it. The answer is that of the first time.
    run
        How to run it: `workers` are threads.
    level
        Coverage of the intervals of a layout together.

    Raises
    ------
    OptionError
        `no_promises` when the scenario promises nothing; `option_value` when it is to be sized
        less than once; `not_on_cluster`.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> promise = "{measure: called_within, within: 10 min, at_least: 90 %, each: day}"
    >>> changes = ["run.measured_days=1", "run.warmup_days=0", f"targets.promises=[{promise}]"]
    >>> changes += ["calendars.always.weekly={mon-sun: [08:00-10:00]}"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), changes)
    >>> [sized] = size(hall, run=Run(replications=4, workers=1)).layouts
    >>> sized.lower_bound_hours <= sized.clerk_hours
    True
    """
    if not scenario.targets.promises:
        raise OptionError(Problem("no_promises", "targets.promises"))
    if repeats < 1:
        allowed = "allowed.positive"
        raise OptionError(Problem("option_value", "--repeats", found=str(repeats), allowed=allowed))
    how = run.resolved(scenario)
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    pause = Pause(how, EXPECTED * len(names) * repeats)
    sized: list[SizedLayout] = []
    confirmed = how.replications
    for name in names:
        hours = []
        for repeat in range(repeats):
            with KeptCrowds(how.seed, how.engine, how.cores()) as crowds:
                first = repeat * CROWDS_AT_MOST * how.replications
                replications = range(first, first + how.replications)
                problem = SizingProblem(searched(scenario), name, crowds, replications, pause)
                staff = size_staff(problem)
            if repeat == 0 and (staff.fresh or len(staff.sums)):
                sized.append(_sized_layout(scenario, problem, staff, level))
            if not staff.fresh:
                break
            hours.append(_hours(scenario, problem, staff.staff))
        if hours:
            sized[-1] = sized[-1]._replace(repeated_hours=tuple(hours))
        if len(hours) < repeats:
            confirmed = confirmed if hours else 0
            break
    return Sizing(
        scenario,
        tuple(sized),
        how.replications + confirmed if sized else 0,
        2 * how.replications,
        how.seed,
        level,
        confirmed,
    )


def searched(scenario: Scenario) -> Scenario:
    """The scenario as the search runs it: days after the measured ones only where cases need them.

    What people at windows find does not depend on later days.
    """
    if any(promise.kind.over == "cases" for promise in scenario.targets.promises):
        return scenario
    run = scenario.run.model_copy(update={"followup_days": 0})
    return scenario.model_copy(update={"run": run})


def sized_scenario(sizing: Sizing, layout: str) -> Scenario:
    """The scenario with the staff that was found for a layout, to run it or write it to a file.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"))
    >>> need = Need("windows", "mon-sun", 0, 1_800_000, 3, 5, 1, 0.5, -1, math.nan)
    >>> sized = SizedLayout("hall", (need,), (), (), (), (), 10.5, 17.5, math.nan, math.nan, 3.5, 9)
    >>> sizing = Sizing(hall, (sized,), 8, 8, 1, 0.95, 4)
    >>> sized_scenario(sizing, "hall").layout("hall").windows[0].clerks
    {'mon-sun 00:00-00:30': 3}
    """
    [sized] = [each for each in sizing.layouts if each.layout == layout]
    posts = [Post(need.group, need.days, need.starts, need.ends) for need in sized.needs]
    rosters = rosters_of(posts, np.array([need.clerks for need in sized.needs], dtype=np.int64))
    reviewers = {need.department: need.reviewers for need in sized.departments}
    return with_reviewers(with_roster(sizing.scenario, layout, rosters), reviewers)


def _hours(scenario: Scenario, problem: SizingProblem, staff: Ints) -> float:
    """Clerk hours a week of a staff; reserve windows count as today."""
    today = weekly_clerk_hours(scenario, scenario.layout(problem.layout))
    return today - problem.weekly_hours(problem.staff_today) + problem.weekly_hours(staff)


def _sized_layout(
    scenario: Scenario, problem: SizingProblem, staff: SizedStaff, level: float
) -> SizedLayout:
    n_posts = len(problem.posts)
    today = weekly_clerk_hours(scenario, scenario.layout(problem.layout))
    hours = _hours(scenario, problem, staff.staff)
    wage = scenario.money.clerk_yuan_per_hour if scenario.money else math.nan
    return SizedLayout(
        problem.layout,
        tuple(_need(problem, staff, n) for n in range(n_posts)),
        tuple(
            _department_need(problem, staff, n) for n in range(len(problem.staff_today) - n_posts)
        ),
        _checked_cells(problem, staff, level),
        tuple(staff.ample.impossible.tolist()),
        tuple(problem.levels[staff.ample.impossible].tolist()),
        hours,
        today,
        hours * wage,
        today * wage,
        today - problem.weekly_hours(problem.staff_today) + staff.bound_hours,
        problem.evaluations,
        staff.crowds[0] if staff.fresh else -1,
    )


def _need(problem: SizingProblem, staff: SizedStaff, n: int) -> Need:
    clerks = int(staff.staff[n])
    return Need(
        *problem.posts[n],
        clerks,
        int(problem.staff_today[n]),
        int(staff.least[n]),
        float(staff.busy[n]) / clerks if clerks else math.nan,
        int(staff.binding[n]),
        float(staff.one_fewer[n]),
    )


def _department_need(problem: SizingProblem, staff: SizedStaff, n: int) -> DepartmentNeed:
    place = len(problem.posts) + n
    reviewers = int(staff.staff[place])
    return DepartmentNeed(
        problem.today.names.departments[n],
        reviewers,
        int(problem.staff_today[place]),
        float(problem.reviewer_load[n]) / reviewers,
        int(staff.binding[place]),
        float(staff.one_fewer[place]),
    )


def _checked_cells(
    problem: SizingProblem, staff: SizedStaff, level: float
) -> tuple[CheckedCell, ...]:
    promised = problem.promised
    together = bonferroni(level, max(len(promised.cells), 1))
    return tuple(
        CheckedCell(
            cell,
            float(promised.levels[n]),
            promised.interval(n, staff.sums, together),
            promised.interval(n, staff.sums_today, together),
            float(staff.sums[:, n, 1].mean()),
        )
        for n, cell in enumerate(promised.cells)
    )


@dataclass(frozen=True)
class SizeQuestion:
    """How many clerks, when?

    Attributes
    ----------
    layouts : tuple of str
        Empty = all of the scenario.
    level : float
        Coverage of the intervals of a layout together.
    repeats : int
        How often each layout is sized, on other crowds each time.
    """

    layouts: tuple[str, ...] = ()
    level: float = 0.95
    repeats: int = 1

    def runs(self, scenario: Scenario) -> int:
        """Staffs that are tried for a city hall; it is an estimate."""
        return EXPECTED * len(self.layouts or scenario.layouts) * self.repeats

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Sizing:
        """The least staff of each layout."""
        return size(scenario, self.layouts, repeats=self.repeats, run=run, level=self.level)
