"""An instance of Curtois and Qu as a task of `govhall roster`, and the roster back.

A shift becomes a window group that is open for as long as the shift lasts, one after the other, so
that who works the shift, and nobody else, covers its needs. Every date is a kind of day of its own,
as cover differs from date to date. What has no counterpart is left out; `RULES_OF_A_HALL` says what
is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

import numpy as np

from sim.clock import HOUR, MINUTE, Hours
from sim.plan.roster_days import WEEK, RosterDay
from sim.plan.shift_forms import half_hours_of
from sim.plan.staff import DatedWish, StaffMember
from sim.runs.roster_task import PlannedDuty, RosterTask
from sim.runs.rostering import plan_roster
from sim.scenario.day_kinds import DayKind
from sim.scenario.rostering import WORKDAYS_A_WEEK, NamedShift, Rostering, StaffRules
from tests.rosters.instance import FREE, Employee, Instance, Roster

FIRST_DAY: Final = date(2025, 3, 3)
"""A Monday; which one is the same."""
RULES_OF_A_HALL: Final = ("days_off", "max_shifts", "max_minutes", "max_running", "max_weekends")
"""Hard rules that the task keeps, `max_running` as the strictest of all people."""


def task_of(instance: Instance) -> RosterTask:
    """The instance as the roster of a hall, contract hours by the week."""
    hours = _hours_of(instance)
    kinds = [
        DayKind(f"day{d}", (d % WEEK,), tuple(hours.values())) for d in range(instance.horizon)
    ]
    groups = list(instance.minutes)
    needed = [np.zeros((len(half_hours_of(kind)), len(groups)), np.int64) for kind in kinds]
    for need in instance.cover:
        g = groups.index(need.shift)
        for t, span in enumerate(half_hours_of(kinds[need.day])):
            if hours[need.shift].start <= span.start < hours[need.shift].end:
                needed[need.day][t, g] = need.people
    rules = Rostering(
        shifts=tuple(
            NamedShift.model_construct(id=shift, name=None, pieces=(hours[shift],), days="mon-sun")
            for shift in groups
        ),
        staff=StaffRules(
            days_running=min(person.max_running for person in instance.staff),
            weekend_off="same_week",
        ),
    )
    dates = [FIRST_DAY + timedelta(days=d) for d in range(instance.horizon)]
    return RosterTask(
        rules=rules,
        kinds=tuple(kinds),
        groups=tuple(groups),
        built=(None,) * len(groups),
        needed=tuple(needed),
        days=tuple(
            RosterDay(day.isoformat(), day.weekday(), kind.key, False, False)
            for day, kind in zip(dates, kinds, strict=True)
        ),
        workdays=(WORKDAYS_A_WEEK,) * instance.weeks,
        staff=tuple(_member(instance, person) for person in instance.staff),
        named=True,
    )


def _hours_of(instance: Instance) -> dict[str, Hours]:
    """When each shift is, in a made-up day in which they follow each other.

    Where they are longer than 24 hours together all of them, and all contracts, are shortened.
    """
    hours, start = {}, 0
    for shift, minutes in instance.minutes.items():
        hours[shift] = Hours(start, start + minutes * MINUTE // _shortened(instance))
        start = hours[shift].end
    return hours


def _shortened(instance: Instance) -> int:
    """By how many times."""
    return -(-sum(instance.minutes.values()) * MINUTE // (24 * HOUR))


def _member(instance: Instance, person: Employee) -> StaffMember:
    wishes = [
        DatedWish(_date(request.day), what(request), request.weight)
        for requests, what in (
            (instance.off, lambda _: "off"),  # a hall's is the whole day, and not a shift of it
            (instance.on, attrgetter("shift")),
        )
        for request in requests
        if request.employee == person.id
    ]
    return StaffMember(
        name=person.id,
        groups=tuple(shift for shift in instance.minutes if person.max_shifts.get(shift, 0) > 0),
        contract_hours=person.max_minutes / instance.weeks / 60 / _shortened(instance),
        dates_off=tuple(map(_date, sorted(person.days_off))),
        dated_wishes=tuple(wishes),
        weekends_at_most=person.max_weekends,
        shifts_at_most=tuple(
            (shift, number)
            for shift, number in person.max_shifts.items()
            if number < instance.horizon
        ),
    )


def _date(day: int) -> str:
    return (FIRST_DAY + timedelta(days=day)).isoformat()


def plan_by_week(instance: Instance) -> Roster:
    """As `govhall roster` plans: nobody works more hours in any week than on average."""
    return _roster(instance, plan_roster(task_of(instance)).duties)


def plan_by_horizon(instance: Instance) -> Roster:
    """Hours are counted over the horizon, as the instances have it."""
    task = task_of(instance)
    staff = task.rules.staff.model_copy(update={"contract_over": "roster"})
    rules = task.rules.model_copy(update={"staff": staff})
    return _roster(instance, plan_roster(task._replace(rules=rules)).duties)


def _roster(instance: Instance, duties: Sequence[PlannedDuty]) -> Roster:
    shifts = {person.id: [FREE] * instance.horizon for person in instance.staff}
    for duty in duties:
        shifts[instance.staff[duty.person].id][duty.day] = duty.form.id
    return shifts
