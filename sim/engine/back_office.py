"""The back office for the reference engine: reviewers, their queues, closed hours."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any, Final

from simpy import Event

from sim.clock import NEVER
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

REVIEWS: Final = 1 << 32
"""Ends of reviews, spans and mending come after the ends of windows and desk in an instant."""
DEPARTMENTS: Final = 2
"""In an instant departments take up reviews after the hall has called."""


class BackOfficeFloor:
    """State of all departments."""

    def __init__(self, env: Instants, plan: BackOffice) -> None:
        self.env, self.plan = env, plan
        self.free: list[int] = list(plan.reviewers)
        self.queues: list[list[tuple[int, int, Event]]] = [[] for _ in self.free]
        self.dispatching = [False] * len(self.free)
        self.wakes_at = [-1] * len(self.free)
        self.openings = [self._opening(calendar) for calendar in plan.calendar]
        self.workdays: list[int] = list(plan.workdays)
        self.ranks: list[int] = list(plan.workday_rank)

    def _opening(self, calendar: int) -> Opening:
        plan = self.plan
        rows = slice(plan.open_offsets[calendar], plan.open_offsets[calendar + 1])
        columns = (plan.open_starts, plan.open_ends, plan.open_before)
        return Opening._make(list(column[rows]) for column in columns)

    def due_at(self, matter: int, accepted_at: int) -> int:
        """When the promise made at acceptance ends; NEVER when none was made."""
        ticks, days = self.plan.promised_ticks[matter], self.plan.promised_workdays[matter]
        return due(self.workdays, self.ranks, accepted_at, ticks, days)

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
        """Queue until a reviewer takes the job up; the instant it happens.

        Among equals the lowest job comes first. A job without work needs no reviewer.
        """
        if touch > 0:
            key = self.env.now if self.plan.queue[department] == FIRST_IN else due_at
            taken_up = Event(self.env)
            heappush(self.queues[department], (key, job, taken_up))
            self._request(department)
            yield taken_up
        return self.env.now

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
            self._request(department)
        yield from coming
        return self.env.now

    def survey(self, item: int, review: int, touch: int) -> Generator[Event, Any, None]:
        """On the spot: closing hours do not interrupt it; then all reviewers are free again."""
        yield self.env.at(self.env.now + touch, END, REVIEWS + review)
        first, last = self.plan.survey_offsets[item], self.plan.survey_offsets[item + 1]
        for department in self.plan.survey[first:last]:
            self.free[department] += 1
            self._request(department)

    def work(self, department: int, job: int, touch: int) -> Generator[Event, Any, None]:
        """Work on a job that was taken up; it pauses while the department is closed."""
        if touch > 0:
            yield self.env.at(self._end(department, touch), END, REVIEWS + job)
            self.free[department] += 1
            self._request(department)

    def _end(self, department: int, touch: int) -> int:
        if self.plan.finishes[department]:
            return self.env.now + touch
        opening = self.openings[department]
        row = rows_until(opening.starts, self.env.now)
        return end_of_work(opening, row, self.env.now, touch)

    def _request(self, department: int) -> None:
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
            return
        while queue and self.free[department] > 0:
            self.free[department] -= 1
            heappop(queue)[2].succeed()

    def _wake(self, department: int, opens_at: int) -> None:
        if self.wakes_at[department] != opens_at and opens_at < NEVER:
            self.wakes_at[department] = opens_at
            self._later(opens_at, department)
