"""Shifts and people for what is needed, week by week.

Each week is solved in two steps: which shifts how many people of each class work
(`theory/week_shifts`), and who works them (`theory/week_people`). Weeks follow each other, since
turns at the week-end, days in a row and evenness go on. Window groups that share no people are
planned apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import HOUR, parse_days
from sim.plan.roster_days import WEEK
from sim.plan.shift_forms import ShiftForm, shift_forms, works_in
from sim.plan.staff import StaffMember
from sim.runs.roster_seats import NOWHERE, seats_of_day
from sim.runs.roster_task import (
    PlannedDuty,
    PlannedRoster,
    RosterTask,
    SoFar,
    WeekOfGroups,
)
from sim.theory.week_people import Vacancy, WeekPeople, Worker, week_people
from sim.theory.week_shifts import Classes, DayToCover, WeekShifts, week_shifts

ATTEMPTS: Final = 3
"""Times that a week is solved with less time of people, when nobody fits shifts of the first."""
MANY: Final = 4_000
"""Shifts by kind of day and class of people from which on each window group has its shifts planned
by itself: all together would take minutes. People still go where they are needed, seat by seat."""
PEOPLE_OF_A_GROUP: Final = 10_000
"""More than any group needs."""
MIDDAY: Final = 13 * HOUR
"""Between morning and afternoon."""
MOSTLY: Final = 2 / 3
"""Part of a shift before or after midday that makes it one of the morning, or of the afternoon."""


def plan_roster(task: RosterTask) -> PlannedRoster:
    """Who works when, for all weeks and window groups."""
    parts = [plan_groups(task, *sharing) for sharing in groups_that_share(task)]
    duties = [duty for part in parts for duty in part.duties]
    weeks = [week for part in parts for week in part.weeks]
    return PlannedRoster(
        tuple(sorted(duties, key=lambda duty: (duty.day, duty.person))), tuple(weeks)
    )


def plan_groups(
    task: RosterTask, groups: tuple[int, ...], people: tuple[int, ...]
) -> PlannedRoster:
    """Who works when in window groups that share their people with no others."""
    of_groups = _Groups(task, groups, people)
    weeks = tuple(of_groups.solve(week) for week in range(len(task.workdays)))
    return PlannedRoster(tuple(of_groups.duties), weeks)


def plan_week(
    task: RosterTask,
    groups: tuple[int, ...],
    people: tuple[int, ...],
    week: int,
    before: Sequence[SoFar],
) -> PlannedRoster:
    """One week of them alone; people of whom nothing is said have worked on no day before."""
    of_groups = _Groups(task, groups, people, before)
    solved = of_groups.solve(week)
    return PlannedRoster(tuple(of_groups.duties), (solved,))


def groups_that_share(task: RosterTask) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Window groups that share people, with these people; each group is in one of them.

    Experienced people who must be somewhere in the hall are shared by all.
    """
    number = {group: n for n, group in enumerate(task.groups)}
    of_groups = list(range(len(task.groups)))
    serves = [[number[g] for g in person.groups if g in number] for person in task.staff]
    rules = task.rules.staff
    in_hall = rules.senior_at_least > 0 and rules.senior_in == "hall" and task.named
    for of_person in [*serves, list(range(len(task.groups)))] if in_hall else serves:
        joined = {of_groups[g] for g in of_person}
        of_groups = [min(joined) if root in joined else root for root in of_groups]
    return [
        (
            tuple(g for g, label in enumerate(of_groups) if label == root),
            tuple(
                p
                for p, of_person in enumerate(serves)
                if of_person and of_groups[of_person[0]] == root
            ),
        )
        for root in sorted(set(of_groups))
    ]


def day_to_cover(
    task: RosterTask,
    groups: Sequence[int],
    kind: int,
    weekend: bool,
    times: int,
    forms: Sequence[ShiftForm],
) -> DayToCover:
    """Alike days of a week, for people of one class who may work every shift."""
    spans = task.spans(kind)
    return DayToCover(
        times=times,
        weekend=weekend,
        needed=task.needed[kind][:, list(groups)],
        span_hours=np.array([(span.end - span.start) / HOUR for span in spans]),
        works=works_in(forms, spans),
        hours=np.array([form.hours for form in forms]),
        allowed=np.ones((1, len(forms)), dtype=np.bool_),
        present=np.zeros(1, dtype=np.int64),
        seniors=0,
    )


_Alike: TypeAlias = dict[tuple[int, int, bool, tuple[int, ...]], list[int]]
"""Days of a week by kind, by a weekday with the same shifts, by whether at the week-end, and by who
of each class is there."""
_OnDuty: TypeAlias = tuple[int, int, ShiftForm]
"""Number of somebody in the groups, the day, and the shift."""


class _Groups:
    """Window groups that share people, week after week."""

    def __init__(
        self,
        task: RosterTask,
        groups: tuple[int, ...],
        people: tuple[int, ...],
        before: Sequence[SoFar] = (),
    ) -> None:
        self._task, self._groups, self._people = task, groups, people
        number = {task.groups[g]: n for n, g in enumerate(groups)}
        self._staff = [task.staff[p] for p in people]
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
            for person in self._staff
        ]
        self._classes = sorted(set(keys))
        self._class_of = [self._classes.index(key) for key in keys]
        self._skills = np.zeros((len(self._classes), len(groups)), dtype=np.bool_)
        for c, (groups_of_class, *_) in enumerate(self._classes):
            self._skills[c, list(groups_of_class)] = True
        self._senior = np.array([key[1] for key in self._classes], dtype=np.bool_)
        self._forms: dict[tuple[int, int], tuple[list[ShiftForm], Bools]] = {}
        self._solved: dict[bytes, WeekShifts] = {}
        self._so_far = [*before, *(SoFar() for _ in range(len(people) - len(before)))]
        self.duties: list[PlannedDuty] = []

    def solve(self, week: int) -> WeekOfGroups:
        """One week, after those before it."""
        task, before = self._task, tuple(self._so_far)
        dates = [date.fromisoformat(day.date) for day in task.days]
        days = task.open_days(week)
        present = {
            d: np.array([not person.is_off(dates[d]) for person in self._staff], dtype=np.bool_)
            for d in days
        }
        alike: _Alike = {}
        for d in days:
            by_class = self._by_class(present[d])
            kind, weekend = task.kind_of(d), task.days[d].is_weekend
            key = (kind, self._weekday_of_shifts(d), weekend, tuple(by_class.tolist()))
            alike.setdefault(key, []).append(d)
        workers = self._workers(week, days, present)
        shifts = sum(int(self._forms_of(kind, weekday)[1].sum()) for kind, weekday, *_ in alike)
        solve = self._group_by_group if shifts > MANY else self._together
        duties, bound = solve(week, alike, workers)
        self._seat(duties, week, days)
        for p, so_far in enumerate(self._so_far):
            present_days = sum(bool(present[d][p]) for d in days)
            could = so_far.could + min(present_days, task.workdays[week])
            self._so_far[p] = so_far._replace(could=could)
        return WeekOfGroups(week, self._groups, self._people, before, bound)

    def _together(
        self, week: int, alike: _Alike, workers: Sequence[Worker]
    ) -> tuple[list[_OnDuty], float]:
        """Shifts of all classes in one programme, then people; its bound."""
        to_cover = [self._day(*key, len(same)) for key, same in alike.items()]
        classes = self._class_limits(workers)
        best: tuple[float, list[_OnDuty], float] | None = None
        for _ in range(ATTEMPTS):
            shifts = self._week_shifts(to_cover, classes)
            vacancies, forms = self._vacancies(week, alike, shifts)
            people = week_people(workers, vacancies, self._weekend_is_extra)
            unfilled = np.array(people.unfilled, dtype=np.float64)
            hours = np.array([vacancy.hours for vacancy in vacancies])
            missing = float(unfilled @ hours) if len(vacancies) else 0.0
            short = missing + sum(
                day.times * float((lacking.sum(axis=1) * day.span_hours).sum())
                for day, lacking in zip(to_cover, shifts.short, strict=True)
            )
            if best is None or short < best[0]:
                best = (short, _on_duty(week, people, vacancies, forms), shifts.bound)
            if missing == 0:
                break
            classes = self._less_time(classes, vacancies, people.unfilled)
        assert best is not None  # at least one attempt was made
        return best[1], best[2]

    def _group_by_group(
        self, week: int, alike: _Alike, workers: Sequence[Worker]
    ) -> tuple[list[_OnDuty], float]:
        """Shifts of each window group by itself, as if there were people enough; then people.

        Its bound is what the half hours take: somebody may serve two groups in one shift.
        """
        vacancies: list[Vacancy] = []
        forms_of: list[ShiftForm] = []
        bound = 0.0
        for (kind, weekday, weekend, _), days_alike in alike.items():
            forms, allowed = self._forms_of(kind, weekday)
            for n, g in enumerate(self._groups):
                day = day_to_cover(self._task, (g,), kind, False, 1, forms)
                bound += len(days_alike) * float(day.span_hours @ day.needed[:, 0])
                [counts] = self._shifts_of_group(day, allowed).counts
                for s in np.flatnonzero(counts[0]).tolist():
                    may = self._skills[:, n] & allowed[:, s]
                    kinds = tuple(np.flatnonzero(may).tolist())
                    seniors = tuple(np.flatnonzero(may & self._senior).tolist())
                    half, number = half_of_day(forms[s]), int(counts[0, s])
                    experienced = min(self._task.rules.staff.senior_at_least, number)
                    for number_of_them, rather in (
                        (experienced, seniors),
                        (number - experienced, ()),
                    ):
                        if number_of_them:
                            particulars = (kinds, forms[s].hours, number_of_them, half, rather)
                            vacancies += [
                                Vacancy(d - week * WEEK, weekend, *particulars) for d in days_alike
                            ]
                            forms_of += [forms[s]] * len(days_alike)
        people = week_people(workers, vacancies, self._weekend_is_extra)
        return _on_duty(week, people, vacancies, forms_of), bound

    def _shifts_of_group(self, day: DayToCover, allowed: Bools) -> WeekShifts:
        """The fewest hours, of shifts that most people may work."""
        most = allowed.sum(axis=0)
        usual = (most == most.max(initial=0))[None, :]
        yes, plenty_of_them = np.ones((1, 1), dtype=np.bool_), np.array([PEOPLE_OF_A_GROUP])
        everybody = Classes(yes, ~yes[0], np.array([np.inf]), plenty_of_them, plenty_of_them, True)
        return self._week_shifts([day._replace(allowed=usual, present=plenty_of_them)], everybody)

    @property
    def _weekend_is_extra(self) -> bool:
        return self._task.rules.staff.weekend_off == "next_week"

    def _by_class(self, of_people: Bools) -> Ints:
        """int64, shape (C,): how many people of each class it is true of."""
        counts = np.zeros(len(self._classes), dtype=np.int64)
        np.add.at(counts, np.array(self._class_of, dtype=np.int64), of_people.astype(np.int64))
        return counts

    def _weekday_of_shifts(self, day: int) -> int:
        """The first weekday of the same kind on which the same shifts may be worked."""
        kind, shifts = self._task.kinds[self._task.kind_of(day)], self._task.rules.shifts
        of_weekday = [
            tuple(weekday in parse_days(shift.days) for shift in shifts) for weekday in kind.days
        ]
        return kind.days[
            of_weekday.index(of_weekday[kind.days.index(self._task.days[day].planned_as)])
        ]

    def _forms_of(self, kind: int, weekday: int) -> tuple[list[ShiftForm], Bools]:
        """Shifts of a weekday of a kind, and which of them each class may work."""
        if (kind, weekday) not in self._forms:
            rules, day_kind = self._task.rules, self._task.kinds[kind]._replace(days=(weekday,))
            of_all = [set(shift_forms(rules, day_kind, part_time)) for part_time in (False, True)]
            forms = sorted(of_all[0] | of_all[1], key=lambda form: (form.pieces, form.id))
            allowed = [
                [form in of_all[key[2]] and form.hours <= key[3] for form in forms]
                for key in self._classes
            ]
            shape = (len(self._classes), len(forms))
            of_classes = np.array(allowed, dtype=np.bool_).reshape(shape)
            self._forms[kind, weekday] = (forms, of_classes)
        return self._forms[kind, weekday]

    def _day(
        self, kind: int, weekday: int, weekend: bool, present: tuple[int, ...], times: int
    ) -> DayToCover:
        forms, allowed = self._forms_of(kind, weekday)
        day = day_to_cover(self._task, self._groups, kind, weekend, times, forms)
        rules = self._task.rules.staff
        return day._replace(
            allowed=allowed,
            present=np.array(present, dtype=np.int64),
            seniors=rules.senior_at_least if self._task.named else 0,
            in_each_group=rules.senior_in == "group",
        )

    def _workers(self, week: int, days: Sequence[int], present: dict[int, Bools]) -> list[Worker]:
        """What each person may do this week."""
        task, rules = self._task, self._task.rules.staff
        first = week * WEEK
        workers = []
        for p, person in enumerate(self._staff):
            hours, most_days = task.hours_of_week(person.contract_hours, week), task.workdays[week]
            so_far = self._so_far[p]
            if self._weekend_is_extra:
                owed = zip(so_far.weekends, so_far.weekend_hours, strict=True)
                hours -= sum(worked for at, worked in owed if at == week - 1)
                most_days -= so_far.weekends.count(week - 1)
            turn = not any(at > week - rules.weekend_each for at in so_far.weekends)
            avoids = [(d - first, what) for d in days for what in avoided(task, person, d)]
            present_on = tuple(
                first + n in present and bool(present[first + n][p]) for n in range(WEEK)
            )
            workers.append(
                Worker(
                    kind=self._class_of[p],
                    present=present_on,
                    hours=hours,
                    days=max(most_days, 0),
                    weekend_turn=turn,
                    had=len(so_far.worked) / max(so_far.could, 1),
                    could=sum(present_on),
                    weekends_had=len(so_far.weekends),
                    running=tuple(d - first for d in so_far.worked),
                    most_running=rules.days_running,
                    avoids=tuple(avoids),
                )
            )
        return workers

    def _class_limits(self, workers: Sequence[Worker]) -> Classes:
        n = len(self._classes)
        hours, days, weekends = np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
        for worker in workers:
            hours[worker.kind] += max(worker.hours, 0.0)
            days[worker.kind] += min(worker.days, sum(worker.present))
            weekends[worker.kind] += worker.weekend_turn
        return Classes(self._skills, self._senior, hours, days, weekends, self._weekend_is_extra)

    def _week_shifts(self, days: Sequence[DayToCover], classes: Classes) -> WeekShifts:
        """Weeks that are alike are solved once."""
        parts = [part for record in (*days, classes) for part in record]
        key = b"|".join(
            part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode()
            for part in parts
        )
        if key not in self._solved:
            self._solved[key] = week_shifts(days, classes)
        return self._solved[key]

    def _vacancies(
        self,
        week: int,
        alike: _Alike,
        shifts: WeekShifts,
    ) -> tuple[list[Vacancy], list[ShiftForm]]:
        """One for each day, class and shift that somebody is wanted for."""
        vacancies, forms_of = [], []
        for ((kind, weekday, weekend, _), days_alike), counts in zip(
            alike.items(), shifts.counts, strict=True
        ):
            forms, _ = self._forms_of(kind, weekday)
            for c, s in zip(*np.nonzero(counts), strict=True):
                form = forms[int(s)]
                for d in days_alike:
                    number = int(counts[c, s])
                    half = half_of_day(form)
                    vacancies.append(
                        Vacancy(d - week * WEEK, weekend, (int(c),), form.hours, number, half)
                    )
                    forms_of.append(form)
        return vacancies, forms_of

    @staticmethod
    def _less_time(
        classes: Classes, vacancies: Sequence[Vacancy], unfilled: Sequence[int]
    ) -> Classes:
        """Time that people have together and cannot use, since it is in parts of a shift."""
        hours, days = classes.hours.copy(), classes.days.copy()
        for vacancy, missing in zip(vacancies, unfilled, strict=True):
            [kind] = vacancy.kinds
            hours[kind] -= missing * vacancy.hours
            days[kind] -= missing
        return classes._replace(hours=np.maximum(hours, 0.0), days=np.maximum(days, 0))

    def _seat(self, duties: Sequence[_OnDuty], week: int, days: Sequence[int]) -> None:
        """Window groups of those on duty, day by day."""
        task, groups = self._task, list(self._groups)
        number = np.array([*groups, NOWHERE], dtype=np.int64)  # NOWHERE is the last one
        by_day: dict[int, list[tuple[int, ShiftForm]]] = {}
        for p, d, form in duties:
            by_day.setdefault(d, []).append((p, form))
        for d in days:
            on_duty = sorted(by_day.get(d, []))
            if not on_duty:
                continue
            kind = task.kind_of(d)
            of_class = [self._class_of[p] for p, _ in on_duty]
            seats = seats_of_day(
                works_in([form for _, form in on_duty], task.spans(kind)),
                self._skills[of_class],
                self._senior[of_class],
                task.needed[kind][:, groups],
                [task.built[g] for g in groups],
            )
            for (p, form), of_person in zip(on_duty, seats, strict=True):
                self.duties.append(PlannedDuty(self._people[p], d, form, number[of_person]))
                so_far = self._so_far[p]
                so_far = so_far._replace(worked=so_far.worked | {d})
                if task.days[d].is_weekend:
                    weekends = (*so_far.weekends, week)
                    hours = (*so_far.weekend_hours, form.hours)
                    so_far = so_far._replace(weekends=weekends, weekend_hours=hours)
                self._so_far[p] = so_far


def _on_duty(
    week: int, people: WeekPeople, vacancies: Sequence[Vacancy], forms: Sequence[ShiftForm]
) -> list[_OnDuty]:
    return [(p, week * WEEK + vacancies[o].day, forms[o]) for p, o in people.of]


def avoided(task: RosterTask, person: StaffMember, day: int) -> tuple[str, ...]:
    """What somebody would rather not have on an open day: `day`, `morning`, `afternoon`."""
    weekend = task.days[day].is_weekend and "no_weekends" in person.wishes
    avoids = {
        "day": weekend or task.days[day].weekday in person.weekdays_wished_off,
        "afternoon": "mornings" in person.wishes,
        "morning": "afternoons" in person.wishes,
    }
    return tuple(what for what, is_avoided in avoids.items() if is_avoided)


def half_of_day(form: ShiftForm) -> str:
    """Whether a shift is one of the morning, or of the afternoon; empty = neither.

    Examples
    --------
    >>> from sim.clock import Hours
    >>> half_of_day(ShiftForm("early", "", "", (Hours(8 * HOUR, 14 * HOUR),)))
    'morning'
    """
    before = sum(max(0, min(piece.end, MIDDAY) - piece.start) for piece in form.pieces) / HOUR
    if before >= MOSTLY * form.hours:
        return "morning"
    return "afternoon" if form.hours - before >= MOSTLY * form.hours else ""
