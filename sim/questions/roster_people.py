"""People, duties, shifts and reserves of a roster, as its answer holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np

from sim.plan.roster_days import WEEK
from sim.plan.staff import StaffMember
from sim.questions.roster import Duty, Reserve, RosteredPerson, RosterShift, Seat
from sim.runs.roster_seats import NOWHERE
from sim.runs.roster_task import PlannedDuty, PlannedRoster, RosterTask
from sim.runs.roster_workers import wishes_of
from sim.runs.rostering import groups_that_share
from sim.runs.shift_traits import traits_of
from sim.scenario.intervals import is_inside
from sim.theory.absence import chance_of_too_few, people_with_absence


def duties_of(task: RosterTask, planned: PlannedRoster) -> tuple[Duty, ...]:
    """Who is where, half hours in a row at one window group joined, and who rests when."""
    return tuple(
        Duty(
            task.staff[duty.person].name,
            task.days[duty.day].date,
            duty.form.id,
            _seats(task, duty),
        )
        for duty in planned.duties
    )


def _seats(task: RosterTask, duty: PlannedDuty) -> tuple[Seat, ...]:
    seats: list[Seat] = []
    for span, where in zip(task.spans(task.kind_of(duty.day)), duty.seats.tolist(), strict=True):
        if not is_inside(span, duty.form.pieces):
            continue
        group = "" if where == NOWHERE else task.groups[where]
        seat = Seat(group, span.start, span.end, is_inside(span, duty.rests))
        before = seats[-1] if seats else None
        if before and before.ends == seat.starts and _is_alike(before, seat):
            seats[-1] = before._replace(ends=seat.ends)
        else:
            seats.append(seat)
    return tuple(seats)


def _is_alike(first: Seat, second: Seat) -> bool:
    return (first.group, first.at_rest) == (second.group, second.at_rest)


def shifts_of(planned: PlannedRoster) -> tuple[RosterShift, ...]:
    """The shifts that somebody works."""
    worked = Counter(duty.form for duty in planned.duties)
    forms = sorted(worked, key=lambda form: (form.pieces, form.id))
    return tuple(
        RosterShift(
            form.id,
            form.name_zh,
            form.name_en,
            tuple((piece.start, piece.end) for piece in form.pieces),
            form.hours,
            worked[form],
            form.rests,
        )
        for form in forms
    )


def people_of(task: RosterTask, planned: PlannedRoster) -> tuple[RosteredPerson, ...]:
    """What the roster asks of each person."""
    of_person: dict[int, list[PlannedDuty]] = {p: [] for p in range(len(task.staff))}
    for duty in planned.duties:
        of_person[duty.person].append(duty)
    return tuple(_person(task, task.staff[p], duties) for p, duties in of_person.items())


def _person(task: RosterTask, person: StaffMember, duties: Sequence[PlannedDuty]) -> RosteredPerson:
    n_weeks = len(task.workdays)
    weekly = np.zeros(n_weeks)
    for duty in duties:
        weekly[duty.day // WEEK] += duty.form.hours
    weekends = [duty for duty in duties if task.days[duty.day].is_weekend]
    owed = 0.0
    if task.weekend_is_extra:
        owed = sum(duty.form.hours for duty in weekends if duty.day // WEEK == n_weeks - 1)
    open_days = [date.fromisoformat(day.date) for day in task.days if day.is_open]
    wishes_kept, wishes = _wishes(task, person, duties)
    return RosteredPerson(
        name=person.name,
        groups=person.groups,
        senior=person.senior,
        part_time=person.part_time,
        contract_hours=person.contract_hours,
        available_hours=sum(
            task.hours_of_week(person.contract_hours, week) for week in range(n_weeks)
        ),
        hours=float(weekly.sum()),
        weekly_hours=tuple(weekly.tolist()),
        days=len(duties),
        weekend_days=len(weekends),
        owed_hours=owed,
        days_off=sum(person.is_off(day) for day in open_days),
        wishes_kept=wishes_kept,
        wishes=wishes,
    )


def _wishes(
    task: RosterTask, person: StaffMember, duties: Sequence[PlannedDuty]
) -> tuple[int, int]:
    """Open days on which every wish was kept, and those on which one said anything."""
    on_duty = {duty.day: traits_of(duty.form, task.rules) for duty in duties}
    open_days = {d for d, day in enumerate(task.days) if day.is_open}
    wishes: dict[int, bool] = {}
    for wish in wishes_of(task, person):
        traits = on_duty.get(wish.day)
        has_say = traits is not None or not wish.trait or wish.weight < 0
        if wish.day in open_days and has_say:
            met = traits is not None and (not wish.trait or wish.trait in traits)
            wishes[wish.day] = wishes.get(wish.day, True) and met == (wish.weight < 0)
    return sum(wishes.values()), len(wishes)


def reserves_of(task: RosterTask, planned: PlannedRoster) -> tuple[Reserve, ...]:
    """Who could stand by on each date; nobody where nobody is ever absent."""
    rules = task.rules.staff
    if rules.absence == 0:
        return ()
    times_free: Counter[int] = Counter()
    on_duty = {(duty.person, duty.day) for duty in planned.duties}
    reserves = []
    for groups, people in groups_that_share(task):
        for d, day in enumerate(task.days):
            working = sum((p, d) in on_duty for p in people)
            if not working:
                continue
            needed = people_with_absence(working, rules.absence, rules.short_at_most)
            free = [
                p
                for p in people
                if (p, d) not in on_duty and not task.staff[p].is_off(date.fromisoformat(day.date))
            ]
            free.sort(key=lambda p: (times_free[p], p))
            times_free.update(free[: needed - working])
            short = chance_of_too_few(working + len(free), working, rules.absence)
            names = tuple(task.staff[p].name for p in free)
            ids = tuple(task.groups[g] for g in groups)
            reserves.append(Reserve(day.date, ids, working, needed, names, short))
    return tuple(sorted(reserves, key=lambda reserve: (reserve.date, reserve.groups)))
