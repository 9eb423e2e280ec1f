"""A sizing of the small hall as it might be answered, its numbers made up."""

from __future__ import annotations

import math

from sim.analysis.intervals import Interval
from sim.analysis.promises import PromiseCell
from sim.clock import HOUR, parse_clock
from sim.questions.allocate import (
    AllocatedLayout,
    AllocatedPost,
    Allocation,
    AllocationPoint,
)
from sim.questions.size import CheckedCell, DepartmentNeed, Need, SizedLayout, Sizing
from sim.scenario.promises import Promise
from sim.scenario.scenario import Scenario

HALF: int = HOUR // 2
HOURS = (("08:30", 7), ("14:00", 6))
"""When the hall opens, and how many half hours it stays so."""
PROMISES = (
    Promise(measure="called_within", at_least=0.9, each="half_hour"),
    Promise(measure="give_up_share", at_most=0.02, each="day"),
    Promise(measure="on_time_share", at_least=0.99, each="run"),
)


def sized(scenario: Scenario, layout: str = "two") -> Sizing:
    """Both groups of a layout: in the morning one clerk more than today, later as many or fewer."""
    promised = scenario.model_copy(
        update={"targets": scenario.targets.model_copy(update={"promises": PROMISES})}
    )
    starts = [parse_clock(first) + n * HALF for first, count in HOURS for n in range(count)]
    groups = [group.id for group in scenario.layout(layout).windows]
    needs, cells = [], []
    for g, group in enumerate(groups):
        for n, start in enumerate(starts):
            clerks = (2 if 1 <= n <= 4 else 1) + g
            today = 1 + (n < 3)
            sized_share, today_share = 0.97 - 0.008 * n, 0.99 - 0.05 * abs(n - 8) / (1 + g)
            cell = PromiseCell(0, "list", group, "mon-fri", start // HALF)
            cells.append(
                CheckedCell(cell, 0.9, around(sized_share), around(today_share), 12.0 - n / 2)
            )
            binding = len(cells) - 1 if clerks > 1 else -1
            needs.append(
                Need(
                    *(group, "mon-fri", start, start + HALF, clerks, today, max(clerks - g, 1)),
                    0.8 - 0.02 * n,
                    binding,
                    0.84 - 0.01 * n if binding >= 0 else math.nan,
                )
            )
        cell = PromiseCell(1, "list", group, "mon-fri", -1)
        cells.append(CheckedCell(cell, 0.02, around(0.012, 0.004), around(0.05, 0.004), 140.0))
    cells.append(
        CheckedCell(
            PromiseCell(2, "all", "", "", -1), 0.99, around(0.995, 0.002), around(0.9), 80.0
        )
    )
    departments = (
        DepartmentNeed("market", 3, 2, 0.81, len(cells) - 1, 0.93),
        DepartmentNeed("tax", 1, 1, 0.4, -1, math.nan),
    )
    hours, today = (
        5 * sum(getattr(need, name) * (need.ends - need.starts) for need in needs) / HOUR
        for name in ("clerks", "today")
    )
    row = SizedLayout(
        layout,
        tuple(needs),
        departments,
        tuple(cells),
        impossible=(6,),
        relaxed=(0.86,),
        clerk_hours=hours,
        today_hours=today,
        cost=34 * hours,
        today_cost=34 * today,
        lower_bound_hours=hours - 5,
        evaluations=120,
    )
    return Sizing(promised, (row,), 43, 43, 1, 0.95, 40)


def around(mean: float, half: float = 0.02) -> Interval:
    """An interval of a share."""
    return Interval(mean, max(mean - half, 0.0), min(mean + half, 1.0), 40)


def allocated(scenario: Scenario) -> Allocation:
    """Both layouts: the more hours, the more people are called in time."""
    rows = []
    for n, layout in enumerate(scenario.layouts):
        points = tuple(
            AllocationPoint(120.0 - 10 * step, around(0.98 - 0.02 * step * (1 + step / 4 + n / 3)))
            for step in range(6)
        )
        posts = (
            AllocatedPost(
                layout.windows[0].id, "mon-fri", parse_clock("08:30"), parse_clock("09:00"), 2, 1
            ),
        )
        rows.append(
            AllocatedLayout(
                layout.id,
                points,
                AllocationPoint(100.0, around(0.84)),
                100.0,
                AllocationPoint(100.0, around(0.93 - n / 50)),
                around(0.08),
                posts,
            )
        )
    return Allocation(scenario, tuple(rows), 3, 3, 1, 0.95, 15 * 60_000, 2)
