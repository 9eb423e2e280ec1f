"""What each person may do in some weeks, and would rather not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sim.plan.roster_days import WEEK
from sim.plan.staff import StaffMember
from sim.runs.roster_task import RosterTask, SoFar
from sim.theory.shift_people import Worker, WorkerWish


def worker_of(task: RosterTask, p: int, weeks: range, kind: int, so_far: SoFar) -> Worker:
    """Somebody as the programme of people has them, days counted from the first of these weeks."""
    person, rules = task.staff[p], task.rules.staff
    first, end = weeks[0] * WEEK, (weeks[-1] + 1) * WEEK
    present = tuple(
        task.days[d].is_open and not person.is_off(date.fromisoformat(task.days[d].date))
        for d in range(first, end)
    )
    hours = [task.hours_of_week(person.contract_hours, week) for week in weeks]
    days = [task.workdays[week] for week in weeks]
    if rules.contract_over == "roster":
        earlier = range(weeks[0])
        left = sum(task.hours_of_week(person.contract_hours, week) for week in earlier)
        hours = [sum(hours) + left - so_far.hours]
        days = [sum(days) + sum(task.workdays[: weeks[0]]) - len(so_far.worked)]
    elif task.weekend_is_extra:
        owed_hours, owed_days = so_far.owed(weeks[0] - 1)
        hours[0] -= owed_hours
        days[0] -= owed_days
    could = sum(
        min(sum(present[(week - weeks[0]) * WEEK :][:WEEK]), task.workdays[week]) for week in weeks
    )
    return Worker(
        kind=kind,
        present=present,
        hours=tuple(hours),
        days=tuple(days),
        had=len(so_far.worked),
        could=so_far.could + could,
        weekends_had=len(so_far.weekends),
        turns=tuple(sorted({week - weeks[0] for week in so_far.weekends})),
        worked=tuple(sorted(d - first for d in so_far.worked)),
        wishes=tuple(
            WorkerWish(d - first, "" if what == "day" else what, 1.0)
            for d in range(first, end)
            if task.days[d].is_open
            for what in avoided(task, person, d)
        ),
    )


def avoided(task: RosterTask, person: StaffMember, day: int) -> Iterator[str]:
    """What somebody would rather not have on an open day: `day`, `morning`, `afternoon`."""
    weekend = task.days[day].is_weekend and "no_weekends" in person.wishes
    if weekend or task.days[day].weekday in person.weekdays_wished_off:
        yield "day"
    if "mornings" in person.wishes:
        yield "afternoon"
    if "afternoons" in person.wishes:
        yield "morning"
