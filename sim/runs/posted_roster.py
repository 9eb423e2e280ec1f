"""A roster that somebody wrote down: who serves which windows, and which rules it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from sim.errors import OptionError, Problem
from sim.plan.posted import PostedDuty
from sim.plan.roster_days import WEEK
from sim.plan.shift_forms import form_of
from sim.plan.staff import StaffMember
from sim.runs.roster_day import OnDuty, duties_of_day
from sim.runs.roster_task import PlannedDuty, PlannedRoster, RosterTask, SoFar
from sim.runs.roster_workers import limits_of
from sim.runs.shift_traits import traits_of

BrokenRule = Literal[
    "day_off",
    "skill",
    "days_running",
    "days_off_running",
    "contract",
    "contract_roster",
    "weekends",
    "shift_limit",
]
"""On duty on a day off; at windows that they cannot serve; too many days in a row, or too few days
off; more hours in a week, or in all weeks, than the contract has; more week-ends, or more shifts of
a kind, than the person may have."""


class Breach(NamedTuple):
    """A rule that a roster breaks.

    Attributes
    ----------
    rule : str
        Of `BrokenRule`.
    person : str
    date : str
        On which; the first of the week, or of the row of days.
    value, limit : float
        Days in a row, or hours a week; 0 for other rules.
    """

    rule: BrokenRule
    person: str
    date: str
    value: float = 0.0
    limit: float = 0.0


def people_posted(
    posted: Sequence[PostedDuty], groups: Sequence[str], contract_hours: float
) -> tuple[StaffMember, ...]:
    """The people of a roster of whom no staff table says anything: they can serve everywhere."""
    names = dict.fromkeys(duty.person for duty in posted)
    return tuple(StaffMember(name, tuple(groups), contract_hours) for name in names)


def planned_as_posted(task: RosterTask, posted: Sequence[PostedDuty]) -> PlannedRoster:
    """Who serves which window group, where the table leaves that open, as the needs ask for it.

    Raises
    ------
    OptionError
        `posted_person`, `posted_shut`, `posted_date`: every one found.
    """
    people = {person.name: p for p, person in enumerate(task.staff)}
    days = {day.date: d for d, day in enumerate(task.days)}
    problems = [
        Problem(code, f"{duty.person} {duty.date}", found=value)
        for duty in posted
        for code, value in _wrong(task, duty, people, days)
    ]
    if problems:
        raise OptionError(problems)
    by_day: dict[int, list[PostedDuty]] = {}
    for duty in posted:
        by_day.setdefault(days[duty.date], []).append(duty)
    duties: list[PlannedDuty] = []
    for d, of_day in sorted(by_day.items()):
        of_day.sort(key=lambda duty: people[duty.person])
        kind = task.kinds[task.kind_of(d)]
        forms = [form_of(task.rules, kind, duty.pieces) for duty in of_day]
        staff = [task.staff[people[duty.person]] for duty in of_day]
        skills = [
            [group in (duty.groups or person.groups) for group in task.groups]
            for duty, person in zip(of_day, staff, strict=True)
        ]
        on_duty = OnDuty(
            [people[duty.person] for duty in of_day],
            forms,
            np.array(skills, dtype=np.bool_),
            np.array([person.senior for person in staff], dtype=np.bool_),
        )
        duties += duties_of_day(task, d, range(len(task.groups)), on_duty)
    return PlannedRoster(tuple(duties), ())


def _wrong(
    task: RosterTask, duty: PostedDuty, people: Mapping[str, int], days: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    if duty.person not in people:
        yield "posted_person", duty.person
    if duty.date not in days:
        yield "posted_date", duty.date
    elif not task.days[days[duty.date]].is_open:
        yield "posted_shut", duty.date


def breaches_of(task: RosterTask, planned: PlannedRoster) -> tuple[Breach, ...]:
    """Rules that a roster breaks, person by person."""
    of_person: dict[int, list[PlannedDuty]] = {}
    for duty in planned.duties:
        of_person.setdefault(duty.person, []).append(duty)
    return tuple(
        breach
        for p, duties in sorted(of_person.items())
        for breach in _breaches(task, task.staff[p], duties)
    )


def _breaches(
    task: RosterTask, person: StaffMember, duties: Sequence[PlannedDuty]
) -> Iterator[Breach]:
    groups = [n for n, group in enumerate(task.groups) if group not in person.groups]
    for duty in duties:
        when = task.days[duty.day].date
        if person.is_off(date.fromisoformat(when)):
            yield Breach("day_off", person.name, when)
        if np.isin(duty.seats, groups).any():
            yield Breach("skill", person.name, when)
    most = task.rules.staff.days_running
    for run in _runs([duty.day for duty in duties]):
        if len(run) > most:
            yield Breach("days_running", person.name, task.days[run[0]].date, len(run), most)
    least = task.rules.staff.days_off_running
    for before_off, after_off in pairwise(duty.day for duty in duties):
        if 1 < after_off - before_off <= least:
            first_off = task.days[before_off + 1].date
            days_off = after_off - before_off - 1
            yield Breach("days_off_running", person.name, first_off, days_off, least)
    yield from _over_contract(task, person, duties)
    yield from _over_limits(task, person, duties)


def _over_limits(
    task: RosterTask, person: StaffMember, duties: Sequence[PlannedDuty]
) -> Iterator[Breach]:
    """More week-ends, and more shifts of a kind, than somebody may have."""
    weekends = [duty for duty in duties if task.days[duty.day].is_weekend]
    most = person.weekends_at_most
    n_weekends = len({duty.day // WEEK for duty in weekends})
    if most is not None and n_weekends > most:
        yield Breach("weekends", person.name, task.days[weekends[0].day].date, n_weekends, most)
    for limit in limits_of(task, person, range(len(task.workdays)), SoFar()):
        days = [
            duty.day
            for duty in duties
            if limit.first <= duty.day < limit.end
            and limit.trait in traits_of(duty.form, task.rules)
        ]
        if len(days) > limit.number:
            first = task.days[days[0]].date
            yield Breach("shift_limit", person.name, first, len(days), limit.number)


def _over_contract(
    task: RosterTask, person: StaffMember, duties: Sequence[PlannedDuty]
) -> Iterator[Breach]:
    """More hours than the contract has, by the week or over all weeks."""
    n_weeks = len(task.workdays)
    if task.rules.staff.contract_over == "roster":
        hours = sum(duty.form.hours for duty in duties)
        limit = sum(task.hours_of_week(person.contract_hours, week) for week in range(n_weeks))
        if hours > limit + 1e-9:
            yield Breach("contract_roster", person.name, task.days[0].date, hours, limit)
        return
    moved = task.weekend_is_extra
    before = 0.0
    for week in range(len(task.workdays)):
        of_week = [duty for duty in duties if duty.day // WEEK == week]
        extra = sum(d.form.hours for d in of_week if moved and task.days[d.day].is_weekend)
        hours = sum(duty.form.hours for duty in of_week)
        limit = task.hours_of_week(person.contract_hours, week) + extra - before
        before = extra
        if hours > limit + 1e-9:
            first = task.days[week * WEEK].date
            yield Breach("contract", person.name, first, hours, max(limit, 0.0))


def _runs(days: Sequence[int]) -> list[list[int]]:
    """Days that follow each other."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
