"""Rosters that contradict themselves, the windows or the hours of their place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from sim.clock import DAY, WEEKDAYS, Hours
from sim.scenario.base import format_hours
from sim.scenario.dated_hours import DatedHours
from sim.scenario.findings import Finding
from sim.scenario.hours import hall_calendar
from sim.scenario.intervals import Placed, is_inside, join_hours, overlapping_intervals
from sim.scenario.node import Steps
from sim.scenario.roster_keys import OF_DATE, OF_RANGE, NamedDays, names_weekdays, parse_roster_key
from sim.scenario.scenario import Scenario

Bucket: TypeAlias = "tuple[int, object, int]"
"""Rank of a row, when it holds, and on which weekday."""


def wrong_rosters(scenario: Scenario) -> Iterator[Finding]:
    """Duty outside hours of hall or department, or twice at a time; more clerks than windows."""
    is_calendar = scenario.hall.hours in {calendar.id for calendar in scenario.calendars}
    open_ = DatedHours(hall_calendar(scenario)) if is_calendar else None
    rosters: list[tuple[Steps, Mapping[str, float], int | None]] = [
        (("layouts", layout.id, "windows", group.id, "clerks"), group.clerks, group.count)
        for layout in scenario.layouts
        for group in layout.windows
    ]
    if scenario.hall.reception is not None:
        rosters.append((("hall", "reception", "clerks"), scenario.hall.reception.clerks, None))
    for path, roster, count in rosters:
        yield from wrong_roster(path, roster, count)
        if open_ is not None:
            yield from outside_hours("roster_outside_hours", path, roster, open_)
    hours = {calendar.id: DatedHours(calendar) for calendar in scenario.calendars}
    for department in scenario.departments:
        path = ("departments", department.id, "reviewers")
        yield from wrong_roster(path, department.reviewers)
        if (of_office := hours.get(department.hours)) is not None:
            code = "reviewers_outside_hours"
            yield from outside_hours(code, path, department.reviewers, of_office)


def wrong_roster(
    path: Steps, roster: Mapping[str, float], count: int | None = None
) -> Iterator[Finding]:
    """Hours of a roster that overlap; more clerks than windows are built."""
    keys = {key: parse_roster_key(key) for key in roster}
    edges = sorted(
        {
            edge
            for key in keys.values()
            if key.days.dates is not None and key.days.rank == OF_RANGE
            for edge in (key.days.dates.first, key.days.dates.last + timedelta(days=1))
        }
    )
    by_day: dict[Bucket, list[Placed]] = {}
    for text, key in keys.items():
        for bucket in _buckets(key.days, edges):
            by_day.setdefault(bucket, []).append((key.hours, (*path, text)))
        if count is not None and roster[text] > count:
            yield Finding(
                "more_clerks_than_windows", (*path, text), f"{roster[text]}", f"≤ {count}"
            )
    yield from overlapping_intervals(by_day.values())


def _buckets(days: NamedDays, edges: Sequence[date]) -> Iterator[Bucket]:
    """Days that are alike to all rows of the same rank: rows of one of them may overlap."""
    if days.dates is not None and days.rank == OF_DATE:
        yield days.rank, days.dates.first, 0
        return
    whens: list[object] = [days.week]
    if days.dates is not None:
        after = days.dates.last + timedelta(days=1)
        whens = list(range(bisect_left(edges, days.dates.first), bisect_left(edges, after)))
    for when in whens:
        yield from ((days.rank, when, weekday) for weekday in days.weekdays)


def outside_hours(
    code: str, path: Steps, roster: Mapping[str, float], open_: DatedHours
) -> Iterator[Finding]:
    """Hours of a roster at which the hall is closed on all days that the row names.

    A row that names no dates may be meant for the hours of a period or of a single day.
    """
    for text in roster:
        days, duty = parse_roster_key(text)
        if duty == Hours(0, DAY):
            continue
        if days.dates is not None and days.rank == OF_DATE:
            hours = open_.on(days.dates.first)
            where, every = f"{days.dates.first}", [("", [hours] if hours else [])]
        else:
            where = ""
            every = [(WEEKDAYS[day], open_.of_weekday(day, days.dates)) for day in days.weekdays]
        for name, alternatives in every:
            if not (alternatives or names_weekdays(text)):
                continue  # a row without weekdays holds on those on which the hall opens
            if not any(is_inside(duty, join_hours(hours)) for hours in alternatives):
                spans = dict.fromkeys(span for hours in alternatives for span in join_hours(hours))
                listed = ", ".join(map(format_hours, spans)) or "-"
                allowed = f"{where or name} {listed}"
                yield Finding(code, (*path, text), text, allowed, depends=("calendars", "hall"))
                break
