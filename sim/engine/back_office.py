"""The back office for the reference engine: reviewers, their queues, closed hours."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any, Final

from simpy import Event

from sim.clock import NEVER
from sim.engine.hall_floor import NOBODY, HallFloor
from sim.engine.hours import (
    Opening,
    after_workdays,
    due,
    end_of_work,
    is_open,
    next_opening,
    open_from,
    rows_until,
)
from sim.engine.instant import CALL, END, Instants
from sim.plan.plan import FIRST_IN, BackOffice

IDLE: Final = -1
"""Job of a reviewer who has none."""
REVIEWS: Final = 1 << 32
"""Ends of reviews, spans and mending come after the ends of windows and desk in an instant."""
DEPARTMENTS: Final = 2
"""In an instant departments take up reviews after the hall has called."""


class BackOfficeFloor:
    """State of all departments."""

    def __init__(self, env: Instants, plan: BackOffice, hall: HallFloor, n_reviews: int) -> None:
        self.env, self.plan, self.hall, self.n_reviews = env, plan, hall, n_reviews
        self.free: list[int] = list(plan.reviewers)
        self.queues: list[list[tuple[int, int, Event]]] = [[] for _ in self.free]
        self.dispatching = [False] * len(self.free)
        self.wakes_at = [-1] * len(self.free)
        self.openings = [self._opening(calendar) for calendar in plan.calendar]
        offsets, calendars = plan.rostered_offsets, plan.rostered_calendar
        self.rostered = [
            [self._opening(calendar) for calendar in calendars[offsets[d] : offsets[d + 1]]]
            for d in range(len(self.free))
        ]
        """When each reviewer of a department is on duty that has a roster; empty = always open."""
        self.jobs = [[IDLE] * len(reviewers) for reviewers in self.rostered]
        """What each of them has in hand."""
        self.workdays: list[int] = list(plan.workdays)
        self.ranks: list[int] = list(plan.workday_rank)

    def _opening(self, calendar: int) -> Opening:
        plan = self.plan
        rows = slice(plan.open_offsets[calendar], plan.open_offsets[calendar + 1])
        columns = (plan.open_starts, plan.open_ends, plan.open_before)
        return Opening._make(list(column[rows]) for column in columns)

    def due_at(self, matter: int, accepted_at: int, flow: int) -> int:
        """When the promise made at acceptance ends; NEVER when none was made.

        Of a case that was accepted before the run it ends earlier than of one of its beginning.
        """
        plan = self.plan
        ticks, days = plan.promised_ticks[matter], plan.promised_workdays[matter]
        ends_at = due(self.workdays, self.ranks, accepted_at, ticks, days)
        return min(ends_at, plan.backlog_due[flow]) if plan.backlog_due else ends_at

    def span_ends_at(self, days: int, ticks: int) -> int:
        """When a span that begins now ends: working days are counted first, then ticks."""
        end = after_workdays(self.workdays, self.ranks, self.env.now, days)
        return end + ticks if end < NEVER else NEVER

    @staticmethod
    def external(j: int) -> int:
        """Number of the end of an item's external span in its instant."""
        return 2 * REVIEWS + j

    @staticmethod
    def carried(case: int) -> int:
        """Number of the arrival of a case's papers in its instant."""
        return 5 * REVIEWS + case

    @staticmethod
    def appointed(j: int) -> int:
        """Number of an item's appointment in its instant."""
        return 4 * REVIEWS + j

    @staticmethod
    def mended(review: int) -> int:
        """Number of the end of mending after a review in its instant."""
        return 3 * REVIEWS + review

    def take_up(
        self, department: int, job: int, touch: int, due_at: int
    ) -> Generator[Event, Any, int]:
        """Queue until somebody takes the job up; the window of the clerk who does, else NOBODY.

        Among equals the lowest job comes first. A job without work needs no reviewer.
        """
        clerk: int | None = None
        if touch > 0:
            key = self.env.now if self.plan.queue[department] == FIRST_IN else due_at
            taken_up = Event(self.env)
            heappush(self.queues[department], (key, job, taken_up))
            self.request(department)
            clerk = yield taken_up
        return NOBODY if clerk is None else clerk

    def appointment(self, item: int) -> int:
        """When a joint survey that can be arranged from now on takes place: all are open then."""
        plan, offsets = self.plan, self.plan.survey_offsets
        at = self.span_ends_at(plan.ahead_workdays[item], plan.ahead_ticks[item])
        while at < NEVER:
            before = at
            for department in plan.survey[offsets[item] : offsets[item + 1]]:
                at = open_from(self.openings[department], at)
            if at == before:
                break
        return at

    def meet(self, item: int, attendance: int) -> Generator[Event, Any, int]:
        """Reviewers of all departments come before any other work; the last one begins it.

        Surveys go first in, first out in all departments alike, so no two wait for each other.
        """
        plan, coming = self.plan, list[Event]()
        first, last = plan.survey_offsets[item], plan.survey_offsets[item + 1]
        for n, department in enumerate(plan.survey[first:last]):
            coming.append(Event(self.env))
            heappush(self.queues[department], (self.env.now - NEVER, attendance + n, coming[n]))
            self.request(department)
        yield from coming
        return self.env.now

    def survey(
        self, item: int, attendance: int, review: int, touch: int
    ) -> Generator[Event, Any, None]:
        """On the spot: closing hours do not interrupt it; then all reviewers are free again."""
        yield self.env.at(self.env.now + touch, END, REVIEWS + review)
        first, last = self.plan.survey_offsets[item], self.plan.survey_offsets[item + 1]
        for n, department in enumerate(self.plan.survey[first:last]):
            self._lay_down(department, attendance + n)

    def work(
        self, department: int, job: int, touch: int, window: int = NOBODY
    ) -> Generator[Event, Any, None]:
        """Work on a job that was taken up; it pauses while its reviewer is off duty.

        A clerk at a window goes on to its end.
        """
        if window != NOBODY:
            yield self.env.at(self.env.now + touch, END, window)
            self.hall.window_is_free(window)
        elif touch > 0:
            yield self.env.at(self._end(department, job, touch), END, REVIEWS + job)
            self._lay_down(department, job)

    def reviewer(self, department: int, job: int) -> int:
        """Who of a department with a roster has a job in hand; otherwise IDLE."""
        jobs = self.jobs[department]
        return jobs.index(job) if job in jobs else IDLE

    def _lay_down(self, department: int, job: int) -> None:
        """Who had a job is free."""
        self.free[department] += 1
        if self.rostered[department]:
            self.jobs[department][self.jobs[department].index(job)] = IDLE
        self.request(department)

    def _end(self, department: int, job: int, touch: int) -> int:
        if self.plan.finishes[department]:
            return self.env.now + touch
        opening = self.openings[department]
        if self.rostered[department]:
            opening = self.rostered[department][self.reviewer(department, job)]
        row = rows_until(opening.starts, self.env.now)
        return end_of_work(opening, row, self.env.now, touch)

    def request(self, department: int) -> None:
        """Ask for reviews to be taken up at the end of this instant."""
        if self.queues[department] and not self.dispatching[department]:
            self.dispatching[department] = True
            self._later(self.env.now, department)

    def _later(self, tick: int, department: int) -> None:
        event = self.env.at(tick, CALL, DEPARTMENTS + department)
        event.callbacks.append(lambda _: self._dispatch(department))

    def _dispatch(self, department: int) -> None:
        """Free reviewers take what is next; a closed department wakes at its opening."""
        self.dispatching[department] = False
        queue, opening = self.queues[department], self.openings[department]
        row = rows_until(opening.starts, self.env.now)
        if not is_open(opening, row, self.env.now):
            self._wake(department, next_opening(opening, row))
        elif self.rostered[department]:
            self._dispatch_by_roster(department)
        else:
            while queue and self.free[department] > 0:
                self.free[department] -= 1
                heappop(queue)[2].succeed()
        self._dispatch_to_clerks(department)

    def _dispatch_to_clerks(self, department: int) -> None:
        """Idle clerks who review for a department take what its own reviewers leave.

        Only reviews: checks of what comes online, and surveys, wait for the department.
        """
        queue = self.queues[department]
        while queue and queue[0][1] < self.n_reviews:
            window = self.hall.reviews_next(department)
            if window == NOBODY:
                return
            heappop(queue)[2].succeed(window)

    def _dispatch_by_roster(self, department: int) -> None:
        """Who is on duty longest takes what is next; for the rest it wakes when more come on."""
        queue, now = self.queues[department], self.env.now
        comes_on = NEVER
        for reviewer, opening in enumerate(self.rostered[department]):
            row = rows_until(opening.starts, now)
            is_idle = self.jobs[department][reviewer] == IDLE
            if queue and is_idle and is_open(opening, row, now):
                self.free[department] -= 1
                _, job, taken_up = heappop(queue)
                self.jobs[department][reviewer] = job
                taken_up.succeed()
            comes_on = min(comes_on, next_opening(opening, row))
        if queue:
            self._wake(department, comes_on)

    def _wake(self, department: int, opens_at: int) -> None:
        if self.wakes_at[department] != opens_at and opens_at < NEVER:
            self.wakes_at[department] = opens_at
            self._later(opens_at, department)
