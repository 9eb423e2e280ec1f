"""The columns of how many clerks a promise needs, in JSON and CSV."""

from __future__ import annotations

import math
from typing import Any, Final

from sim.analysis.intervals import Interval
from sim.analysis.kept import kept_verdict
from sim.clock import format_clock
from sim.questions.columns import SHARE, AnswerColumn, AnswerRows, finite_or_none
from sim.questions.size import CheckedCell, NeedOfLayout, SizedLayout, Sizing


def _interval_of(roster: str) -> AnswerColumn:
    """What is promised, where it binds, with a roster; nothing where no promise asks for clerks."""

    def value(row: NeedOfLayout, _: int) -> Interval:
        nothing = Interval(math.nan, math.nan, math.nan, row.n, row.level)
        return nothing if row.binding is None else getattr(row.binding, roster)

    return AnswerColumn(roster, unit="as_unit", value=value)


def _promise(row: NeedOfLayout, _: int) -> int | None:
    return None if row.binding is None else row.binding.cell.promise + 1


def _of_promises(sizing: Sizing, _: int) -> list[dict[str, Any]]:
    return [
        promise.model_dump(mode="json", exclude_unset=True)
        for promise in sizing.scenario.targets.promises
    ]


def _of_layouts(sizing: Sizing, _: int) -> list[dict[str, Any]]:
    """What is said of each layout as a whole, with its departments and its cells."""
    return [
        {
            "layout": row.layout,
            "clerk_hours_a_week": row.clerk_hours,
            "today_clerk_hours_a_week": row.today_hours,
            "least_clerk_hours_a_week": row.lower_bound_hours,
            "clerk_hours_of_each_time": list(row.repeated_hours),
            "yuan_a_week": finite_or_none(row.cost),
            "today_yuan_a_week": finite_or_none(row.today_cost),
            "departments": [
                {
                    "department": need.department,
                    "reviewers": need.reviewers,
                    "today": need.today,
                    "utilisation": finite_or_none(need.utilisation),
                    "binding_cell": need.binding if need.binding >= 0 else None,
                    "one_fewer": finite_or_none(need.one_fewer),
                }
                for need in row.departments
            ],
            "cells": [_of_cell(sizing, row, n, checked) for n, checked in enumerate(row.cells)],
        }
        for row in sizing.layouts
    ]


def _of_cell(sizing: Sizing, row: SizedLayout, n: int, checked: CheckedCell) -> dict[str, Any]:
    cell, better = checked.cell, sizing.scenario.targets.promises[checked.cell.promise].kind.better
    rosters = {
        name: {
            "mean": finite_or_none(interval.mean),
            "low": finite_or_none(interval.low),
            "high": finite_or_none(interval.high),
            "verdict": kept_verdict(interval, checked.level, better),
        }
        for name, interval in (("sized", checked.sized), ("today", checked.today))
    }
    everybody_there = dict(zip(row.impossible, row.relaxed, strict=True))
    return {
        "promise": cell.promise + 1,
        "of": cell.what,
        "id": cell.id,
        "days": cell.days,
        "half_hour": cell.slot if cell.slot >= 0 else None,
        "promised": checked.level,
        "counted_over": checked.people,
        **rosters,
        "with_everybody_there": everybody_there.get(n),
    }


ROWS: Final = AnswerRows(
    "size",
    "needs",
    "rows",
    (
        AnswerColumn("layout", "text"),
        AnswerColumn("group", "text", field="need.group"),
        AnswerColumn("days", "text", field="need.days"),
        AnswerColumn("starts", "text", value=lambda row, _: format_clock(row.need.starts)),
        AnswerColumn("ends", "text", value=lambda row, _: format_clock(row.need.ends)),
        AnswerColumn("clerks", "whole", field="need.clerks"),
        AnswerColumn("today_clerks", "whole", field="need.today"),
        AnswerColumn("least_clerks", "whole", field="need.at_least"),
        AnswerColumn("utilisation", "number", SHARE, field="need.utilisation"),
        AnswerColumn("promise", "whole", value=_promise),
        AnswerColumn("unit", "text"),
        _interval_of("sized"),
        _interval_of("today"),
        AnswerColumn("one_fewer", "number", "as_unit", field="need.one_fewer"),
    ),
    head=(
        AnswerColumn("confirmed_on", "whole"),
        AnswerColumn("promises", "data", value=_of_promises),
        AnswerColumn("layouts", "data", value=_of_layouts),
    ),
)
"""One row a window group and half hour of a kind of day."""
