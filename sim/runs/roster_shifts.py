"""Which shifts somebody is wanted for, week by week; who works them is another question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.plan.shift_forms import ShiftForm
from sim.runs.roster_classes import StaffClasses
from sim.runs.roster_cover import day_to_cover
from sim.runs.roster_task import RosterTask
from sim.runs.shift_traits import traits_of
from sim.theory.day_cover import DayToCover
from sim.theory.shift_people import Vacancy
from sim.theory.week_shifts import Classes, WeekShifts, week_shifts

PEOPLE_OF_A_GROUP: Final = 10_000
"""More than any group needs."""

_Alike: TypeAlias = dict[tuple[int, int, bool, tuple[int, ...]], list[int]]
"""Days of a week by kind, by a weekday with the same shifts, by whether at the week-end, and by who
of each class is there."""


class OpenShift(NamedTuple):
    """A shift on a date for which somebody is wanted.

    Attributes
    ----------
    day : int
    form : ShiftForm
    of_class : int
        Class of people that it was planned for; -1 = none in particular.
    kinds : tuple of int
        Classes that can work it.
    number : int
        People.
    worth : float
        Clerk hours that are missing where nobody works it.
    rather : tuple of int
        Classes of which somebody should work it; empty = any.
    """

    day: int
    form: ShiftForm
    of_class: int
    kinds: tuple[int, ...]
    number: int
    worth: float
    rather: tuple[int, ...] = ()

    def vacancy(self, task: RosterTask, first_day: int) -> Vacancy:
        """The same as the programme of people has it, days counted from one on."""
        return Vacancy(
            self.day - first_day,
            task.days[self.day].is_weekend,
            self.kinds,
            self.form.hours,
            self.number,
            self.worth,
            traits_of(self.form, task.rules),
            self.rather,
        )


class WantedWeek(NamedTuple):
    """The shifts of a week.

    Attributes
    ----------
    shifts : tuple of OpenShift
    bound : float
        No shifts that cover as much have fewer hours.
    hours, days, weekend_hours, weekend_days : ndarray(float64), shape (C,)
        Of each class: in the whole week, and at the week-end.
    turns : ndarray(int64), shape (C,)
        People of each class at the week-end.
    """

    shifts: tuple[OpenShift, ...]
    bound: float
    hours: Floats
    days: Floats
    weekend_hours: Floats
    weekend_days: Floats
    turns: Ints


class WeekPlanner:
    """Shifts of window groups that share people; weeks that are alike are solved once."""

    def __init__(self, task: RosterTask, groups: tuple[int, ...], classes: StaffClasses) -> None:
        self._task, self._groups, self._classes = task, groups, classes
        self._solved: dict[bytes, WeekShifts] = {}

    def size(self, week: int) -> int:
        """Shifts by kind of day and class of people: what a programme of the week grows with."""
        places = {
            (self._task.kind_of(d), self._classes.weekday_of_shifts(d))
            for d in self._task.open_days(week)
        }
        return sum(int(self._classes.forms_of(*place)[1].sum()) for place in places)

    def together(self, present: dict[int, Bools], limits: Classes) -> WantedWeek:
        """Shifts of all classes in one programme.

        Parameters
        ----------
        present : dict of int to ndarray(bool), shape (P,)
            Who is not off, of each open day of the week.
        """
        alike: _Alike = {}
        for d, of_people in present.items():
            by_class = tuple(self._classes.count(of_people).tolist())
            kind, weekend = self._task.kind_of(d), self._task.days[d].is_weekend
            key = (kind, self._classes.weekday_of_shifts(d), weekend, by_class)
            alike.setdefault(key, []).append(d)
        to_cover = [self._day(*key, len(same)) for key, same in alike.items()]
        shifts = self._week_shifts(to_cover, limits)
        wanted: list[OpenShift] = []
        turns = np.zeros(len(self._classes), dtype=np.int64)
        hours, worked, weekend_hours, weekend_days = (np.zeros(len(turns)) for _ in range(4))
        for ((kind, weekday, weekend, _), same), day, counts in zip(
            alike.items(), to_cover, shifts.counts, strict=True
        ):
            wanted += self._open_shifts(kind, weekday, same, day, counts)
            people = counts.sum(axis=1)
            hours += len(same) * (counts @ day.hours)
            worked += len(same) * people
            if weekend:
                weekend_hours += len(same) * (counts @ day.hours)
                weekend_days += len(same) * people
                turns = np.maximum(turns, people)
        of_classes = (hours, worked, weekend_hours, weekend_days, turns)
        return WantedWeek(tuple(wanted), shifts.bound, *of_classes)

    def _open_shifts(
        self, kind: int, weekday: int, same: Sequence[int], day: DayToCover, counts: Ints
    ) -> Iterator[OpenShift]:
        """Those of alike days; whoever can do as much may stand in for those they were made for."""
        forms, allowed = self._classes.forms_of(kind, weekday)
        for c, s in np.argwhere(counts).tolist():
            served = (day.needed[day.works[s]] > 0).any(axis=0) & self._classes.skills[c]
            kinds = self._classes.stand_in(c, served, allowed[:, s])
            for d in same:
                yield OpenShift(d, forms[s], c, kinds, int(counts[c, s]), forms[s].hours)

    def for_lacking(self, day: int, lacking: Ints, idle: Bools) -> Iterator[OpenShift]:
        """More shifts for what a day lacks, whoever has the time for them.

        Parameters
        ----------
        lacking : ndarray(int64), shape (T, G)
        idle : ndarray(bool), shape (P,)
            Who is not off and has no shift on that day.
        """
        kind, weekday = self._task.kind_of(day), self._classes.weekday_of_shifts(day)
        forms, _ = self._classes.forms_of(kind, weekday)
        by_class = tuple(self._classes.count(idle).tolist())
        to_cover = self._day(kind, weekday, False, by_class, 1)._replace(needed=lacking, seniors=0)
        n = len(self._classes)
        plenty_of_time, plenty_of_days = np.full(n, np.inf), np.full(n, len(idle))
        limits = (plenty_of_time, plenty_of_days, plenty_of_days)
        classes = Classes(self._classes.skills, self._classes.senior, *limits, False)
        [counts] = self._week_shifts([to_cover], classes).counts
        for shift in self._open_shifts(kind, weekday, [day], to_cover, counts):
            of_class = lacking[:, self._classes.skills[shift.of_class]].any(axis=1)
            used = of_class & to_cover.works[forms.index(shift.form)]
            yield shift._replace(worth=float(to_cover.span_hours[used].sum()))

    def _day(
        self, kind: int, weekday: int, weekend: bool, present: tuple[int, ...], times: int
    ) -> DayToCover:
        forms, allowed = self._classes.forms_of(kind, weekday)
        day = day_to_cover(self._task, self._groups, kind, weekend, times, forms)
        rules = self._task.rules.staff
        return day._replace(
            allowed=allowed,
            present=np.array(present, dtype=np.int64),
            seniors=rules.senior_at_least if self._task.named else 0,
            in_each_group=rules.senior_in == "group",
        )

    def group_by_group(self, week: int) -> WantedWeek:
        """Shifts of each window group by itself, as if there were people enough.

        Its bound is what the half hours take: somebody may serve two groups in one shift.
        """
        classes, wanted, bound = self._classes, list[OpenShift](), 0.0
        days_alike: dict[tuple[int, int], list[int]] = {}
        for d in self._task.open_days(week):
            place = (self._task.kind_of(d), classes.weekday_of_shifts(d))
            days_alike.setdefault(place, []).append(d)
        for (kind, weekday), days in days_alike.items():
            forms, allowed = classes.forms_of(kind, weekday)
            for n, g in enumerate(self._groups):
                day = day_to_cover(self._task, (g,), kind, False, 1, forms)
                bound += len(days) * float(day.span_hours @ day.needed[:, 0])
                [counts] = self._shifts_of_group(day, allowed).counts
                for s in np.flatnonzero(counts[0]).tolist():
                    may = classes.skills[:, n] & allowed[:, s]
                    wanted += self._of_group(days, forms[s], may, int(counts[0, s]))
        no_time, no_turns = np.zeros(len(classes)), np.zeros(len(classes), dtype=np.int64)
        return WantedWeek(tuple(wanted), bound, no_time, no_time, no_time, no_time, no_turns)

    def _of_group(
        self, days: Sequence[int], form: ShiftForm, may: Bools, number: int
    ) -> Iterator[OpenShift]:
        """Some of them rather for experienced people."""
        kinds = tuple(np.flatnonzero(may).tolist())
        seniors = tuple(np.flatnonzero(may & self._classes.senior).tolist())
        experienced = min(self._task.rules.staff.senior_at_least, number)
        for number_of_them, rather in ((experienced, seniors), (number - experienced, ())):
            if number_of_them:
                for d in days:
                    yield OpenShift(d, form, -1, kinds, number_of_them, form.hours, rather)

    def _shifts_of_group(self, day: DayToCover, allowed: Bools) -> WeekShifts:
        """The fewest hours, of shifts that most people may work."""
        most = allowed.sum(axis=0)
        usual = (most == most.max(initial=0))[None, :]
        yes, plenty_of_them = np.ones((1, 1), dtype=np.bool_), np.array([PEOPLE_OF_A_GROUP])
        everybody = Classes(yes, ~yes[0], np.array([np.inf]), plenty_of_them, plenty_of_them, True)
        day = day._replace(allowed=usual, present=plenty_of_them)
        return self._week_shifts([day], everybody)

    def _week_shifts(self, days: Sequence[DayToCover], classes: Classes) -> WeekShifts:
        key = _content((*days, classes))
        if key not in self._solved:
            self._solved[key] = week_shifts(days, classes)
        return self._solved[key]


def _content(part: object) -> bytes:
    """What a record is made of, down to its arrays: equal where two are alike."""
    if isinstance(part, np.ndarray):
        return part.tobytes()
    if isinstance(part, tuple):
        return b"|".join(map(_content, part))
    return repr(part).encode()
