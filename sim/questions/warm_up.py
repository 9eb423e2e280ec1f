"""Is the warm-up long enough: when is the back office in its usual state?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, t_interval
from sim.analysis.warm_up import find_warm_up, open_at_day_ends
from sim.arrays import Floats
from sim.engine.run import Engine, prepare
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.questions.columns import AnswerColumn, AnswerRows
from sim.runs.processes import run_each_crowd
from sim.runs.run import Run
from sim.runs.task import serve_crowd
from sim.scenario.hours import hall_dates
from sim.scenario.scenario import Scenario

WarmUpVerdict = Literal["never_open", "enough", "too_short", "cannot_tell"]


class LayoutWarmUp(NamedTuple):
    """When the back office of one layout is in its usual state.

    Attributes
    ----------
    layout : str
    open_cases : tuple of Interval
        Accepted cases that are not closed at the end of each calendar day, from the first of the
        run to the last that is measured; means over replications.
    needed_days : int or None
        Calendar days to leave out, in whole weeks; None where the run is too short to tell.
    needed_hall_days : int or None
        The same in days on which the hall opens, as `run.warmup_days` counts.
    usual : float
        Mean number of open cases after them.
    verdict : str
        `never_open` = no case is ever open over night; `enough`, `too_short` = the warm-up of the
        scenario against what is needed; `cannot_tell`.
    """

    layout: str
    open_cases: tuple[Interval, ...]
    needed_days: int | None
    needed_hall_days: int | None
    usual: float
    verdict: WarmUpVerdict


class WarmUpDay(NamedTuple):
    """Open cases of one layout at the end of one day.

    Attributes
    ----------
    layout : str
    date : str
        As YYYY-MM-DD.
    measured : bool
        Whether who comes on that day counts; before it, the office warms up.
    open_cases : Interval
    """

    layout: str
    date: str
    measured: bool
    open_cases: Interval


class WarmUpCheck(NamedTuple):
    """Whether a scenario's warm-up is long enough, layout by layout.

    Attributes
    ----------
    scenario : Scenario
    rows : tuple of LayoutWarmUp
        Empty when it was stopped before the first replication.
    given_days, given_hall_days : int
        Warm-up of the scenario: calendar days, and days on which the hall opens.
    replications, asked : int
        Kept, and wanted.
    seed : int
    level : float
        Coverage of each interval.
    """

    scenario: Scenario
    rows: tuple[LayoutWarmUp, ...]
    given_days: int
    given_hall_days: int
    replications: int
    asked: int
    seed: int
    level: float

    @property
    def days(self) -> tuple[WarmUpDay, ...]:
        """Every layout's calendar days in their order."""
        start = self.scenario.run.start
        return tuple(
            WarmUpDay(
                row.layout, str(start + timedelta(days=day)), day >= self.given_days, open_cases
            )
            for row in self.rows
            for day, open_cases in enumerate(row.open_cases)
        )


class _WarmUpPart(NamedTuple):
    """Plans that one crowd comes to."""

    plans: tuple[Plan, ...]
    seed: int
    engine: Engine


def warm_up(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> WarmUpCheck:
    """Find from when on the number of open cases is as usual, and compare with the warm-up.

    Parameters
    ----------
    layouts
        Ids; default: all of the scenario, in its order.
    run
        How to run it; stopped early, the first replications without a gap are kept.

    Raises
    ------
    ScenarioError
        For an unknown layout.
    OptionError
        `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> check = warm_up(hall, run=Run(replications=2, workers=1))
    >>> [(row.layout, row.verdict) for row in check.rows]
    [('hall', 'never_open')]
    """
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    plans = tuple(compile_plan(scenario, name) for name in names)
    how = run.resolved(scenario)
    prepare(plans[0], how.engine)
    series = run_each_crowd(_WarmUpPart(plans, how.seed, how.engine), _one_crowd, how)
    rows = [
        _layout_warm_up(scenario, name, np.array([of_layouts[k] for of_layouts in series]), level)
        for k, name in enumerate(names)
        if series
    ]
    return WarmUpCheck(
        scenario,
        tuple(rows),
        plans[0].period.measured_from,
        scenario.run.warmup_days,
        len(series),
        how.replications,
        how.seed,
        level,
    )


def _one_crowd(part: _WarmUpPart, replication: int) -> tuple[Floats, ...]:
    """Open cases at the ends of days, one series a layout."""
    crowds = (serve_crowd(plan, part.seed, replication, part.engine) for plan in part.plans)
    return tuple(open_at_day_ends(tables).astype(np.float64) for tables in crowds)


def _layout_warm_up(scenario: Scenario, layout: str, series: Floats, level: float) -> LayoutWarmUp:
    """Of open cases by replication and day."""
    warm_up = find_warm_up(series.mean(axis=0))
    hall_days = None
    if warm_up.days is not None:
        opening = [(date - scenario.run.start).days for date in hall_dates(scenario)]
        hall_days = sum(day < warm_up.days for day in opening)
    verdict: WarmUpVerdict = "cannot_tell"
    if not series.any():
        verdict, hall_days, warm_up = "never_open", 0, warm_up._replace(days=0)
    elif hall_days is not None:
        verdict = "enough" if hall_days <= scenario.run.warmup_days else "too_short"
    return LayoutWarmUp(
        layout,
        tuple(t_interval(day, level) for day in series.T),
        warm_up.days,
        hall_days,
        warm_up.usual,
        verdict,
    )


@dataclass(frozen=True)
class WarmUpQuestion:
    """Is the warm-up long enough?

    Attributes
    ----------
    layouts : tuple of str
        Empty = all of the scenario.
    level : float
        Coverage of each interval.
    """

    layouts: tuple[str, ...] = ()
    level: float = 0.95

    def runs(self, scenario: Scenario) -> int:
        """The scenario alone."""
        del scenario
        return 1

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> WarmUpCheck:
        """When the back office of each layout is in its usual state."""
        return warm_up(scenario, self.layouts, run=run, level=self.level)


def _of_layouts(check: WarmUpCheck, _: int) -> list[dict[str, Any]]:
    return [
        {
            "layout": row.layout,
            "verdict": row.verdict,
            "needed_days": row.needed_days,
            "needed_hall_days": row.needed_hall_days,
            "usual_open_cases": row.usual,
        }
        for row in check.rows
    ]


ROWS: Final = AnswerRows(
    "warm_up",
    "days",
    "days",
    (
        AnswerColumn("layout", "text"),
        AnswerColumn("date", "text"),
        AnswerColumn("measured", "flag"),
        AnswerColumn("open_cases", unit="case"),
    ),
    head=(
        AnswerColumn("given_days", "whole"),
        AnswerColumn("given_hall_days", "whole"),
        AnswerColumn("layouts", "data", value=_of_layouts),
    ),
)
"""One row a layout and calendar day."""
