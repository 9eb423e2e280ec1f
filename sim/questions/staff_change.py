"""One clerk fewer, or one more: what becomes of the promises, on the crowds of the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from sim.analysis.intervals import Interval, bonferroni
from sim.analysis.kept import KeptVerdict, kept_verdict
from sim.analysis.promises import PromiseCell
from sim.arrays import Ints
from sim.clock import format_clock
from sim.errors import OptionError, Problem
from sim.questions.question import one_layout
from sim.questions.size import SizedLayout, Sizing, searched
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.run import Run
from sim.runs.sizing import SizingProblem


class TriedNumber(NamedTuple):
    """A number of clerks at one group in one half hour, and what it makes of the promises.

    Attributes
    ----------
    clerks : int
    hours : float
        Clerk hours a week more than sized; below 0: fewer.
    cost : float
        Yuan a week more; nan where the scenario has no wage.
    values : tuple of Interval
        Of each cell of the change, in the unit of its promise; those of all cells of the layout
        hold together.
    verdicts : tuple of str
        What they say to each promise (`kept_verdict`).
    worst : int
        Index of the cell that is furthest below its promise, or least above it, in parts of what
        the promise leaves room for; -1 where nobody comes.
    """

    clerks: int
    hours: float
    cost: float
    values: tuple[Interval, ...]
    verdicts: tuple[KeptVerdict, ...]
    worst: int

    @property
    def step(self) -> int:
        """Clerks more than sized: -1, 0 or 1."""
        return (self.hours > 0) - (self.hours < 0)


class StaffChange(NamedTuple):
    """What one clerk fewer and one more do, beside the sized staff.

    Attributes
    ----------
    layout, group, days : str
    starts, ends : int
        Ticks after midnight.
    cells : tuple of PromiseCell
        Where a promise is kept better or worse with one of the numbers; elsewhere nothing changes
        for anybody, as the people are the same.
    numbers : tuple of TriedNumber
        One fewer, as sized, one more; without what cannot be: fewer than nobody, a waiting list
        that nobody keeps open, or more than there are windows.
    replications : int
        On which all of them were tried.
    level : float
        Coverage of the intervals together.
    """

    layout: str
    group: str
    days: str
    starts: int
    ends: int
    cells: tuple[PromiseCell, ...]
    numbers: tuple[TriedNumber, ...]
    replications: int
    level: float


class StaffTrials:
    """Numbers of clerks near a sized staff, each tried on the crowds that confirmed it.

    The crowds are drawn once and kept, so that only the first answer waits for them. Used as a
    context, or ended by `close`.

    Parameters
    ----------
    sizing, layout
        The answer, and which layout of it.
    run
        How to run it: `workers` are threads. Crowds are those of the answer.

    Raises
    ------
    OptionError
        `not_confirmed` when the search was stopped before fresh crowds confirmed a staff.

    Examples
    --------
    >>> from sim import example_path, load_scenario, size
    >>> promise = "{measure: called_within, within: 10 min, at_least: 90 %, each: day}"
    >>> changes = ["run.measured_days=1", "run.warmup_days=0", f"targets.promises=[{promise}]"]
    >>> changes += ["calendars.always.weekly={mon-sun: [08:00-10:00]}"]
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), changes)
    >>> sizing = size(hall, run=Run(replications=4, workers=1))
    >>> with StaffTrials(sizing, "hall", Run(workers=1)) as trials:
    ...     change = trials.change("windows", "mon-sun", 34_200_000)  # 09:30
    >>> fewer, sized, more = (tried.values[0].mean for tried in change.numbers)
    >>> fewer <= sized <= more
    True
    """

    def __init__(self, sizing: Sizing, layout: str, run: Run = Run()) -> None:
        row = _row_of(sizing, layout)
        self._sizing = sizing
        how = run.on_crowds_of(sizing.confirmed_on, sizing.seed, run.engine)
        fresh = range(row.confirmed_from, row.confirmed_from + sizing.confirmed_on)
        self._crowds = KeptCrowds(how.seed, how.engine, how.cores(at_most=len(fresh)))
        self._problem = SizingProblem(
            searched(sizing.scenario), layout, self._crowds, fresh, _go_on
        )
        people = [need.clerks for need in row.needs] + [need.reviewers for need in row.departments]
        self._staff: Ints = np.array(people, dtype=np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the crowds go."""
        self._crowds.close()

    def change(self, group: str, days: str, starts: int) -> StaffChange:
        """What one clerk fewer and one more do in the half hour that begins at `starts`.

        Raises
        ------
        OptionError
            `no_such_post` when no number of clerks was sought there.
        """
        problem, place = self._problem, self._place_of(group, days, starts)
        post, sums = problem.posts[place], {}
        for step in (-1, 0, 1):
            staff = problem.changed(self._staff, place, step)
            if step == 0 or self._can_be(staff, place):
                sums[step] = problem.trial(staff).sums
        differs = np.any([(tried != sums[0]).any(axis=(0, 2)) for tried in sums.values()], axis=0)
        cells = np.flatnonzero(differs)
        return StaffChange(
            problem.layout,
            *post,
            tuple(problem.promised.cells[n] for n in cells),
            tuple(self._tried(place, step, cells, tried) for step, tried in sums.items()),
            self._sizing.confirmed_on,
            self._sizing.level,
        )

    def _place_of(self, group: str, days: str, starts: int) -> int:
        for place, post in enumerate(self._problem.posts):
            if post[:3] == (group, days, starts):
                return place
        post_words = f"{group}, {days} {format_clock(starts)}"
        raise OptionError(Problem("no_such_post", "group", found=post_words))

    def _can_be(self, staff: Ints, place: int) -> bool:
        """Whether there are so many windows, and somebody keeps every waiting list open."""
        problem, group = self._problem, self._problem.posts[place].group
        windows = problem.scenario.layout(problem.layout).windows
        most = next(each.count for each in windows if each.id == group)
        clerks = int(staff[place])
        return 0 <= clerks <= (math.inf if most is None else most) and problem.keeps_open(staff)

    def _tried(self, place: int, step: int, cells: Ints, sums: Ints) -> TriedNumber:
        promised, scenario = self._problem.promised, self._problem.scenario
        together = bonferroni(self._sizing.level, max(len(promised.cells), 1))
        values = tuple(promised.interval(int(n), sums, together) for n in cells)
        verdicts = tuple(
            kept_verdict(
                value,
                float(promised.levels[n]),
                promised.promises[promised.cells[n].promise].kind.better,
            )
            for n, value in zip(cells, values, strict=True)
        )
        above = self._problem.above_level(promised.values(sums.sum(axis=0)))[cells]
        worst = int(np.argmin(above)) if np.isfinite(above).any() else -1
        hours = step * self._problem.weight_of(place)
        wage = scenario.money.clerk_yuan_per_hour if scenario.money else math.nan
        clerks = int(self._staff[place]) + step
        return TriedNumber(clerks, hours, hours * wage, values, verdicts, worst)


def _go_on() -> None:
    """Nobody stops a trial: it takes a moment."""


def _row_of(sizing: Sizing, layout: str) -> SizedLayout:
    rows = {row.layout: row for row in sizing.layouts}
    if layout not in rows:
        allowed = ", ".join(rows)
        raise OptionError(Problem("unknown_layout", "layout", found=layout, allowed=allowed))
    if not sizing.confirmed_on:
        raise OptionError(Problem("not_confirmed", "layout", found=layout))
    return rows[layout]


@dataclass(frozen=True)
class StaffChangeQuestion:
    """What do one clerk fewer and one more do here? Asked of a sizing.

    Attributes
    ----------
    layout, group, days : str
    starts : int
        Ticks after midnight, when the half hour begins.
    """

    layout: str
    group: str
    days: str
    starts: int

    @property
    def layouts(self) -> tuple[str, ...]:
        """The one layout."""
        return one_layout(self.layout)

    def runs(self, sizing: Sizing) -> int:
        """As sized, one fewer and one more."""
        del sizing
        return 3

    def answer(self, sizing: Sizing, *, run: Run = Run()) -> StaffChange:
        """What they do, on crowds that are drawn for it."""
        with StaffTrials(sizing, self.layout, run) as trials:
            return trials.change(self.group, self.days, self.starts)
