"""What each person may do in some weeks, and would rather not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from sim.plan.roster_days import WEEK
from sim.plan.staff import StaffMember
from sim.runs.roster_task import RosterTask, SoFar
from sim.runs.shift_traits import limit_trait, traits_of
from sim.theory.shift_people import Limit, Worker, WorkerWish

TRAIT_OF_WISH: Final = {"off": "", "on": "", "mornings": "morning", "afternoons": "afternoon"}
"""What a wish by date is about; else the shift that it names. Empty = any shift."""


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
            wish._replace(day=wish.day - first)
            for wish in wishes_of(task, person)
            if first <= wish.day < end
        ),
        limits=tuple(limits_of(task, person, weeks, so_far)),
        turns_left=_turns_left(task, person, weeks, so_far),
    )


def _share(left: int, task: RosterTask, weeks: range) -> int:
    """What some weeks may take of what is left for the rest of the roster."""
    return -(-max(left, 0) * len(weeks) // (len(task.workdays) - weeks[0]))


def _turns_left(task: RosterTask, person: StaffMember, weeks: range, so_far: SoFar) -> int | None:
    """Week-ends that somebody may still be on duty; None = as many as turns allow."""
    most = person.weekends_at_most
    return None if most is None else _share(most - len(set(so_far.weekends)), task, weeks)


def limits_of(
    task: RosterTask, person: StaffMember, weeks: range, so_far: SoFar
) -> Iterator[Limit]:
    """Most shifts of a kind: those of everybody, with somebody's own numbers, and their own."""
    own = dict(person.shifts_at_most)
    n_days = len(weeks) * WEEK
    had = Counter(trait for form in so_far.forms for trait in traits_of(form, task.rules))
    for limit in task.rules.staff.shift_limits:
        trait, number = limit_trait(limit.id), own.pop(limit.id, limit.at_most)
        if limit.each == "roster":
            yield Limit(trait, _share(number - had[trait], task, weeks), 0, n_days)
        else:
            for first in range(0, n_days, WEEK):
                yield Limit(trait, number, first, first + WEEK)
    for shift, number in own.items():
        yield Limit(shift, _share(number - had[shift], task, weeks), 0, n_days)


def wishes_of(task: RosterTask, person: StaffMember) -> Iterator[WorkerWish]:
    """What somebody would rather not have on the days of a roster, or would have."""
    days = {day.date: d for d, day in enumerate(task.days)}
    for d, day in enumerate(task.days):
        if not day.is_open:
            continue
        weekend = day.is_weekend and "no_weekends" in person.wishes
        if weekend or day.weekday in person.weekdays_wished_off:
            yield WorkerWish(d, "", 1.0)
        if "mornings" in person.wishes:
            yield WorkerWish(d, "afternoon", 1.0)
        if "afternoons" in person.wishes:
            yield WorkerWish(d, "morning", 1.0)
    for wish in person.dated_wishes:
        if wish.date in days:
            weight = float(wish.weight if wish.what == "off" else -wish.weight)
            yield WorkerWish(days[wish.date], TRAIT_OF_WISH.get(wish.what, wish.what), weight)
