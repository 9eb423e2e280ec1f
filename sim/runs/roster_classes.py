"""People of a roster who are alike: the same skills, the same shifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import parse_days
from sim.plan.shift_forms import ShiftForm, shift_forms
from sim.runs.roster_task import RosterTask


class StaffClasses:
    """Classes of the people of window groups, and the shifts that each may work.

    Attributes
    ----------
    of_person : list of int
        Class of each person, in the order in which they are given.
    skills : ndarray(bool), shape (C, G)
    senior : ndarray(bool), shape (C,)
        Experienced, where that makes a difference.
    """

    def __init__(self, task: RosterTask, groups: Sequence[int], people: Iterable[int]) -> None:
        self._task = task
        number = {task.groups[g]: n for n, g in enumerate(groups)}
        longest = max(
            (form.hours for kind in task.kinds for form in shift_forms(task.rules, kind)),
            default=0.0,
        )
        keys = [
            (
                tuple(sorted(number[g] for g in person.groups if g in number)),
                person.senior and task.rules.staff.senior_at_least > 0,
                person.part_time,
                min(person.contract_hours, longest),  # which shifts are too long for the week
            )
            for person in (task.staff[p] for p in people)
        ]
        self._keys = sorted(set(keys))
        self.of_person = [self._keys.index(key) for key in keys]
        self.skills = np.zeros((len(self._keys), len(groups)), dtype=np.bool_)
        for c, (groups_of_class, *_) in enumerate(self._keys):
            self.skills[c, list(groups_of_class)] = True
        self.senior = np.array([key[1] for key in self._keys], dtype=np.bool_)
        self._forms: dict[tuple[int, int], tuple[list[ShiftForm], Bools]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def count(self, of_people: Bools) -> Ints:
        """int64, shape (C,): how many people of each class it is true of."""
        counts = np.zeros(len(self), dtype=np.int64)
        np.add.at(counts, np.array(self.of_person, dtype=np.int64), of_people.astype(np.int64))
        return counts

    def weekday_of_shifts(self, day: int) -> int:
        """The first weekday of the same kind on which the same shifts may be worked."""
        kind, shifts = self._task.kinds[self._task.kind_of(day)], self._task.rules.shifts
        of_weekday = [
            tuple(weekday in parse_days(shift.days) for shift in shifts) for weekday in kind.days
        ]
        planned_as = kind.days.index(self._task.days[day].planned_as)
        return kind.days[of_weekday.index(of_weekday[planned_as])]

    def forms_of(self, kind: int, weekday: int) -> tuple[list[ShiftForm], Bools]:
        """Shifts of a weekday of a kind, and which of them each class may work: shape (C, S)."""
        if (kind, weekday) not in self._forms:
            rules, day_kind = self._task.rules, self._task.kinds[kind]._replace(days=(weekday,))
            of_all = [set(shift_forms(rules, day_kind, part_time)) for part_time in (False, True)]
            forms = sorted(of_all[0] | of_all[1], key=lambda form: (form.pieces, form.id))
            allowed = [
                [form in of_all[key[2]] and form.hours <= key[3] for form in forms]
                for key in self._keys
            ]
            shape = (len(self), len(forms))
            of_classes = np.array(allowed, dtype=np.bool_).reshape(shape)
            self._forms[kind, weekday] = (forms, of_classes)
        return self._forms[kind, weekday]

    def stand_in(self, c: int, served: Bools, may_work: Bools) -> tuple[int, ...]:
        """Classes that can do what one class is wanted for: its own, and whoever else serves it.

        Parameters
        ----------
        served : ndarray(bool), shape (G,)
            Window groups at which somebody of class c may be wanted in this shift.
        may_work : ndarray(bool), shape (C,)
        """
        fits = may_work & (self.skills | ~served).all(axis=1) & (self.senior | ~self.senior[c])
        return tuple(np.flatnonzero(fits).tolist())
