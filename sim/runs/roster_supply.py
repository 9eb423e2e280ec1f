"""Time and turns that people of each class have together, week by week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.plan.roster_days import WEEK
from sim.runs.roster_classes import StaffClasses
from sim.runs.roster_shifts import OpenShift, WantedWeek
from sim.runs.roster_task import RosterTask, SoFar
from sim.theory.week_shifts import Classes


class StaffSupply:
    """What is left of it while weeks are planned one after the other."""

    def __init__(
        self,
        task: RosterTask,
        classes: StaffClasses,
        people: Sequence[int],
        so_far: Sequence[SoFar],
        present: dict[int, Bools],
    ) -> None:
        self._task, self._classes = task, classes
        self._of_person = list(zip(people, classes.of_person, so_far, strict=True))
        self._present = present
        self._spent: dict[int, WantedWeek] = {}
        self._less_hours: dict[int, Floats] = {}
        self._less_days: dict[int, Floats] = {}

    def spend(self, week: int, wanted: WantedWeek) -> None:
        """What is planned for a week counts in those after it."""
        self._spent[week] = wanted

    def take_off(self, shift: OpenShift, missing: int) -> None:
        """Time that people have together and cannot use, since it is in parts of a shift."""
        week, n = shift.day // WEEK, len(self._classes)
        self._less_hours.setdefault(week, np.zeros(n))[shift.of_class] += missing * shift.form.hours
        self._less_days.setdefault(week, np.zeros(n))[shift.of_class] += missing

    def limits(self, week: int) -> Classes:
        """What people of each class can do in a week, as if they were one."""
        hours, days = self._time_left(week)
        hours = np.maximum(hours - self._less_hours.get(week, 0.0), 0.0)
        days = np.maximum(days - self._less_days.get(week, 0.0), 0.0)
        classes, extra = self._classes, self._task.weekend_is_extra
        of_classes = (days.astype(np.int64), self._turns_left(week), extra)
        return Classes(classes.skills, classes.senior, hours, *of_classes)

    def _time_left(self, week: int) -> tuple[Floats, Floats]:
        """Hours and days of each class."""
        task, n = self._task, len(self._classes)
        hours, days, present = np.zeros(n), np.zeros(n), np.zeros(n)
        together = task.rules.staff.contract_over == "roster"
        weeks = range(week + 1) if together else range(week, week + 1)
        for p, c, so_far in self._of_person:
            contract = sum(task.hours_of_week(task.staff[p].contract_hours, w) for w in weeks)
            owed = so_far.owed(week - 1) if task.weekend_is_extra else (0.0, 0)
            had = (so_far.hours, len(so_far.worked)) if together else owed
            hours[c] += max(contract - had[0], 0.0)
            days[c] += max(sum(task.workdays[w] for w in weeks) - had[1], 0)
        for d in task.open_days(week):
            present += self._classes.count(self._present[d])
        for at, wanted in self._spent.items():
            if together and at < week:
                hours -= wanted.hours
                days -= wanted.days
            elif task.weekend_is_extra and at == week - 1:
                hours -= wanted.weekend_hours
                days -= wanted.weekend_days
        return hours, np.minimum(days, present)

    def _turns_left(self, week: int) -> Ints:
        """People of each class who may have a turn at the week-end: not all in the first week."""
        each, n = self._task.rules.staff.weekend_each, len(self._classes)
        turns, people = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        for p, c, so_far in self._of_person:
            people[c] += 1
            most = self._task.staff[p].weekends_at_most
            is_free = not any(at > week - each for at in so_far.weekends)
            turns[c] += is_free and (most is None or most > len(set(so_far.weekends)))
        for at in range(week - each + 1, week):
            if at in self._spent:
                turns -= self._spent[at].turns
        return np.maximum(np.minimum(turns, -(-people // each)), 0)
