"""Where those on duty are on one day: at rest in turn, and else at the windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools
from sim.clock import Hours
from sim.plan.shift_forms import ShiftForm, rests_of, works_in
from sim.runs.roster_cover import day_to_cover, is_in
from sim.runs.roster_seats import NOWHERE, seats_of_day
from sim.runs.roster_task import PlannedDuty, RosterTask
from sim.theory.rest_turns import rest_turns


class OnDuty(NamedTuple):
    """Those on duty on one day.

    Attributes
    ----------
    people : sequence of int, length P
        Numbers in the staff of the task.
    forms : sequence of ShiftForm, length P
    skills : ndarray(bool), shape (P, G)
        Of the window groups that are looked at.
    senior : ndarray(bool), shape (P,)
    """

    people: Sequence[int]
    forms: Sequence[ShiftForm]
    skills: Bools
    senior: Bools


def duties_of_day(
    task: RosterTask, day: int, groups: Sequence[int], on_duty: OnDuty
) -> Iterator[PlannedDuty]:
    """Rests and windows of those on duty; rests first, so that as few are missing as can be."""
    if not on_duty.people:
        return
    kind = task.kind_of(day)
    spans = task.spans(kind)
    rests = _rests(task, day, groups, on_duty)
    at_rest = [is_in(spans, turns) for turns in rests]
    seats = seats_of_day(
        works_in(on_duty.forms, spans) & ~np.array(at_rest),
        on_duty.skills,
        on_duty.senior,
        task.needed[kind][:, list(groups)],
        [task.built[g] for g in groups],
    )
    number = np.array([*groups, NOWHERE], dtype=np.int64)  # NOWHERE is the last one
    for p, form, seat, turns in zip(on_duty.people, on_duty.forms, seats, rests, strict=True):
        yield PlannedDuty(p, day, form, number[seat], turns)


def _rests(
    task: RosterTask, day: int, groups: Sequence[int], on_duty: OnDuty
) -> list[tuple[Hours, ...]]:
    """When each of those on duty rests.

    Who has the first turn goes by the day, so that it is not always the same people.
    """
    forms = list(dict.fromkeys(on_duty.forms))
    if not any(form.rests for form in forms):
        return [()] * len(on_duty.people)
    alike = np.column_stack([on_duty.skills, on_duty.senior])
    classes, of_class = np.unique(alike, axis=0, return_inverse=True)
    counts = np.zeros((len(classes), len(forms)), dtype=np.int64)
    for c, form in zip(of_class, on_duty.forms, strict=True):
        counts[c, forms.index(form)] += 1
    rules = task.rules.staff
    to_cover = day_to_cover(task, groups, task.kind_of(day), False, 1, forms)._replace(
        seniors=rules.senior_at_least if task.named else 0,
        in_each_group=rules.senior_in == "group",
    )
    turned = rest_turns(to_cover, classes[:, :-1], classes[:, -1], counts)
    rests: list[list[Hours]] = [[] for _ in on_duty.people]
    for rest, of_rest in zip(rests_of(forms), turned, strict=True):
        for c, numbers in enumerate(of_rest):
            people = [
                n for n, form in enumerate(on_duty.forms) if of_class[n] == c and rest in form.rests
            ]
            first = day % max(len(people), 1)
            turns = np.repeat(np.arange(len(numbers)), numbers).tolist()
            for n, turn in zip([*people[first:], *people[:first]], turns, strict=True):
                rests[n].append(rest.turns[turn])
    return [tuple(sorted(of_person)) for of_person in rests]
