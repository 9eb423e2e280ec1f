"""What a roster is made of, and the roster that was made: days, needs, people and their duties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import Hours
from sim.plan.roster_days import WEEK, RosterDay
from sim.plan.shift_forms import ShiftForm, shift_forms, spans_of, works_in
from sim.plan.staff import StaffMember
from sim.runs.roster_seats import NOWHERE
from sim.scenario.day_kinds import DayKind
from sim.scenario.rostering import WORKDAYS_A_WEEK, Rostering


class RosterTask(NamedTuple):
    """What a roster is made of.

    Attributes
    ----------
    rules : Rostering
    kinds : tuple of DayKind
    groups : tuple of str
        Window groups.
    built : tuple of int or None
        Windows of each group, where the scenario says how many.
    needed : tuple of ndarray(int64), shape (T, G)
        Clerks by period and group, of each kind of day; periods are those of `spans`.
    days : tuple of RosterDay
    workdays : tuple of int
        Working days of each week.
    staff : tuple of StaffMember
    named : bool
        People are those of a table; else nothing is known of them but their window group.
    """

    rules: Rostering
    kinds: tuple[DayKind, ...]
    groups: tuple[str, ...]
    built: tuple[int | None, ...]
    needed: tuple[Ints, ...]
    days: tuple[RosterDay, ...]
    workdays: tuple[int, ...]
    staff: tuple[StaffMember, ...]
    named: bool

    def kind_of(self, day: int) -> int:
        """Index of the kind of an open day."""
        return [kind.key for kind in self.kinds].index(self.days[day].days)

    def spans(self, kind: int) -> tuple[Hours, ...]:
        """Half hours of a kind of day, cut where a turn to rest begins or ends."""
        return spans_of(self.rules, self.kinds[kind])

    def hours_of_week(self, contract_hours: float, week: int) -> float:
        """Working hours by contract: in proportion to the working days of the week."""
        return contract_hours * self.workdays[week] / WORKDAYS_A_WEEK

    @property
    def weekend_is_extra(self) -> bool:
        """Whether hours at the week-end are taken off those of the week after."""
        rules = self.rules.staff
        return rules.weekend_off == "next_week" and rules.contract_over == "week"

    @property
    def has_rests(self) -> bool:
        """Whether some shift may have a paid rest."""
        return bool(self.rules.rests) or any(shift.rests for shift in self.rules.shifts)

    def has_shift(self, day: int) -> Bools:
        """bool, shape (T,): somebody who works full time can be on duty then, on an open day."""
        kind = self.kind_of(day)
        weekday = self.kinds[kind]._replace(days=(self.days[day].planned_as,))
        return np.asarray(works_in(shift_forms(self.rules, weekday), self.spans(kind)).any(axis=0))

    def open_days(self, week: int) -> list[int]:
        """Days of a week on which the hall opens."""
        return [d for d in range(week * WEEK, week * WEEK + WEEK) if self.days[d].is_open]


class PlannedDuty(NamedTuple):
    """One person on one day.

    Attributes
    ----------
    person, day : int
        Numbers in the staff and the days of the task.
    form : ShiftForm
    seats : ndarray(int64), shape (T,)
        Window group in each period of the day, or `NOWHERE`.
    rests : tuple of Hours
        On duty, paid, and at no window.
    """

    person: int
    day: int
    form: ShiftForm
    seats: Ints
    rests: tuple[Hours, ...] = ()


class SoFar(NamedTuple):
    """What somebody has had before a week.

    Attributes
    ----------
    worked : frozenset of int
        Days of the roster.
    weekends : tuple of int
        Week of each day on duty at a week-end.
    weekend_hours : tuple of float
        Hours of each of them.
    could : int
        Days that they could have had.
    forms : tuple of ShiftForm
        Of each day on duty.
    """

    worked: frozenset[int] = frozenset()
    weekends: tuple[int, ...] = ()
    weekend_hours: tuple[float, ...] = ()
    could: int = 0
    forms: tuple[ShiftForm, ...] = ()

    @property
    def hours(self) -> float:
        """On duty."""
        return sum(form.hours for form in self.forms)

    def owed(self, week: int) -> tuple[float, int]:
        """Hours and days at the week-end of a week."""
        of_week = [h for at, h in zip(self.weekends, self.weekend_hours, strict=True) if at == week]
        return sum(of_week), len(of_week)

    def after(
        self, task: RosterTask, week: int, duties: Sequence[PlannedDuty], could: int
    ) -> SoFar:
        """What somebody has had after a week with these duties."""
        weekend = [duty.form.hours for duty in duties if task.days[duty.day].is_weekend]
        return SoFar(
            self.worked.union(duty.day for duty in duties),
            (*self.weekends, *(week for _ in weekend)),
            (*self.weekend_hours, *weekend),
            self.could + could,
            (*self.forms, *(duty.form for duty in duties)),
        )


class WeekOfGroups(NamedTuple):
    """One week of window groups that share people, as solved.

    Attributes
    ----------
    week : int
    groups : tuple of int
    people : tuple of int
    before : tuple of SoFar
        What each of these people had before.
    bound : float
        No shifts that cover as much have fewer hours.
    """

    week: int
    groups: tuple[int, ...]
    people: tuple[int, ...]
    before: tuple[SoFar, ...]
    bound: float


class PlannedRoster(NamedTuple):
    """Who works when.

    Attributes
    ----------
    duties : tuple of PlannedDuty
        By day, then in the order of the staff.
    weeks : tuple of WeekOfGroups
    """

    duties: tuple[PlannedDuty, ...]
    weeks: tuple[WeekOfGroups, ...]

    @property
    def is_posted(self) -> bool:
        """Whether somebody wrote it down, so that nothing was solved."""
        return not self.weeks

    @property
    def hours(self) -> float:
        """On duty, all people and days."""
        return sum(duty.form.hours for duty in self.duties)

    def clerks_by_day(self, task: RosterTask) -> dict[int, Ints]:
        """int64, shape (T, G): people at the windows, of each open day."""
        planned = {
            d: np.zeros_like(task.needed[task.kind_of(d)])
            for d, day in enumerate(task.days)
            if day.is_open
        }
        for duty in self.duties:
            at = np.flatnonzero(duty.seats != NOWHERE)
            planned[duty.day][at, duty.seats[at]] += 1
        return planned
