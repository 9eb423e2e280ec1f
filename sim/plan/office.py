"""The compiled back office: departments, their calendars, and the networks of items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np

from sim import clock
from sim.arrays import Bools, Ints
from sim.clock import Span
from sim.plan.columns import integers, offsets_of
from sim.plan.initial import backlog_due
from sim.plan.parts import Part, PlanParts
from sim.plan.plan import BackOffice, Period
from sim.plan.reviewers import rostered_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.dated_rosters import weeks_of
from sim.scenario.hours import calendar_of, workday_holidays
from sim.scenario.matters import Department
from sim.scenario.scenario import Scenario

DAYS_BEYOND: Final = 366
"""Days of calendars kept after the run, for limits that end later."""


def compile_office(scenario: Scenario, parts: PlanParts, period: Period) -> BackOffice:
    """Departments, their calendars, and the networks of items."""
    departments = sorted(scenario.departments, key=lambda department: department.id)
    number = {department.id: n for n, department in enumerate(departments)}
    hours = _office_hours(scenario, departments, period)
    opens = hours.opens
    before = [_open_before(intervals) for intervals in opens]
    every, matters = parts.every, parts.matters
    surveys = [part.surveyors for part in every]
    after = _ancestors_in_plan(parts)
    is_workday = _workdays(scenario, period)
    return BackOffice(
        reviewers=integers(department.most_reviewers for department in departments),
        queue=integers(int(department.queue == "first_in") for department in departments),
        finishes=np.array([each.at_close == "finish" for each in departments], dtype=np.bool_),
        calendar=integers(hours.of_department),
        rostered_offsets=offsets_of([len(own) for own in hours.of_reviewers]),
        rostered_calendar=integers(row for own in hours.of_reviewers for row in own),
        open_offsets=offsets_of([len(intervals) for intervals in opens]),
        open_starts=integers(start for intervals in opens for start in intervals[:, 0].tolist()),
        open_ends=integers(end for intervals in opens for end in intervals[:, 1].tolist()),
        open_before=integers(ticks for intervals in before for ticks in intervals.tolist()),
        item_offsets=parts.offsets,
        department=integers(number[part.item.department] for part in every),
        survey_offsets=offsets_of([len(surveyors) for surveyors in surveys]),
        survey=integers(number[name] for surveyors in surveys for name in surveyors),
        ahead_ticks=integers(_ahead(part).ticks for part in every),
        ahead_workdays=integers(_ahead(part).workdays for part in every),
        after_offsets=offsets_of([len(ancestors) for ancestors in after]),
        after=integers(item for ancestors in after for item in ancestors),
        stops=np.array([matter.on_rejection == "stop" for matter in matters]),
        promised_ticks=_limit_ticks(matter.promised for matter in matters),
        promised_workdays=_limit_workdays(matter.promised for matter in matters),
        statutory_ticks=_limit_ticks(matter.statutory for matter in matters),
        statutory_workdays=_limit_workdays(matter.statutory for matter in matters),
        backlog_due=backlog_due(scenario, parts),
        workdays=np.flatnonzero(is_workday).astype(np.int64),
        workday_rank=np.cumsum(is_workday).astype(np.int64),
        online_department=number[scenario.online.department] if scenario.online else -1,
    )


class _OfficeHours(NamedTuple):
    """When departments work, and their reviewers."""

    opens: list[Ints]
    """int64, shape (intervals, 2), a calendar each: when it is open, from the first day on."""
    of_department: list[int]
    """Calendar of each department."""
    of_reviewers: list[list[int]]
    """Calendar of each reviewer of a department that has a roster."""


def _office_hours(
    scenario: Scenario, departments: Sequence[Department], period: Period
) -> _OfficeHours:
    """Calendars of departments as they are, then those of rosters, equal ones once."""
    first, days = scenario.run.start, period.n_days + DAYS_BEYOND
    names = sorted({department.hours for department in departments})
    open_ = {name: DatedHours(calendar_of(scenario, name)) for name in names}
    opens = [clock.open_intervals(open_[name].on, first, days) for name in names]
    hours, weeks = _OfficeHours(opens, [], []), weeks_of(scenario)
    for department in departments:
        all_hours = names.index(department.hours)
        rows: list[int] = []
        for reviewers, on_duty in rostered_hours(open_[department.hours], department, weeks):
            intervals = clock.open_intervals(on_duty, first, days)
            row = all_hours
            if not np.array_equal(intervals, opens[all_hours]):
                row = len(opens)
                opens.append(intervals)
            rows += [row] * reviewers
        has_roster = any(row != all_hours for row in rows)
        hours.of_department.append(rows[0] if has_roster else all_hours)
        hours.of_reviewers.append(rows if has_roster else [])
    return hours


def _open_before(intervals: Ints) -> Ints:
    """int64, shape (intervals,): open ticks before each."""
    lengths = intervals[:, 1] - intervals[:, 0]
    return np.asarray(np.cumsum(lengths) - lengths)


def _workdays(scenario: Scenario, period: Period) -> Bools:
    """bool: days of the run and a year beyond that are working days."""
    first, holidays = scenario.run.start, workday_holidays(scenario)
    dates = [first + timedelta(days=n) for n in range(period.n_days + DAYS_BEYOND)]
    return np.array([clock.workday(date, holidays) for date in dates], dtype=np.bool_)


def _ahead(part: Part) -> Span:
    """From a part's release to the appointment of its joint survey."""
    survey = None if part.is_visit else part.item.survey
    return survey.ahead if survey else Span(0)


def _limit_ticks(limits: Iterable[Span | None]) -> Ints:
    return integers(-1 if limit is None else limit.ticks for limit in limits)


def _limit_workdays(limits: Iterable[Span | None]) -> Ints:
    return integers(0 if limit is None else limit.workdays for limit in limits)


def _ancestors_in_plan(parts: PlanParts) -> list[list[int]]:
    """For each part the plan's numbers of all that must be finished first, directly or not."""
    ancestors: list[list[int]] = []
    for first, of_matter in zip(parts.offsets.tolist(), parts.of_matter, strict=False):
        ancestors += [[first + n for n in before] for before in _ancestors(of_matter)]
    return ancestors


def _ancestors(parts: Sequence[Part]) -> list[list[int]]:
    """For each part the numbers, inside the matter, of all that must be finished first."""
    number = {part.id: n for n, part in enumerate(parts)}
    direct = [{number[name] for name in part.after} for part in parts]
    ancestors = [set(before) for before in direct]
    while any(direct[b] - before for before in ancestors for b in before):
        ancestors = [before.union(*(direct[b] for b in before)) for before in ancestors]
    return [sorted(before) for before in ancestors]
