"""The back office for the reference engine: reviewers, their queues, closed hours."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Event

from sim.clock import NEVER
from sim.engine.hours import due, end_of_work, is_open, next_opening
from sim.engine.instant import CALL, END, Instants
from sim.plan.plan import FIRST_IN

REVIEWS = 1 << 32
"""Ends of reviews, spans and mending come after the ends of windows and desk in an instant."""


class BackOfficeFloor:
    """State of all departments."""

    def __init__(self, env: Instants, plan: Any) -> None:
        self.env, self.plan = env, plan
        n = len(plan.reviewers)
        self.free: list[int] = list(plan.reviewers)
        self.queues: list[list[tuple[int, int, Event]]] = [[] for _ in range(n)]
        self.dispatching = [False] * n
        self.wakes_at = [-1] * n

    def due_at(self, matter: int, accepted_at: int) -> int:
        """When the promise made at acceptance ends; NEVER when none was made."""
        plan = self.plan
        return due(
            plan.workdays,
            plan.workday_rank,
            accepted_at,
            plan.promised_ticks[matter],
            plan.promised_workdays[matter],
        )

    @staticmethod
    def external(j: int) -> int:
        """Number of the end of an item's external span in its instant."""
        return 2 * REVIEWS + j

    @staticmethod
    def mended(review: int) -> int:
        """Number of the end of mending after a review in its instant."""
        return 3 * REVIEWS + review

    def take_up(self, department: int, job: int, due_at: int) -> Generator[Event, Any, int]:
        """Queue until a reviewer takes the job up; the instant it happens."""
        key = self.env.now if self.plan.queue[department] == FIRST_IN else due_at
        taken_up = Event(self.env)
        heappush(self.queues[department], (int(key), job, taken_up))
        self._request(department)
        yield taken_up
        return int(self.env.now)

    def work(self, department: int, job: int, touch: int) -> Generator[Event, Any, None]:
        """Work on a job that was taken up; it pauses while the department is closed."""
        yield self.env.at(self._end(department, touch), END, REVIEWS + job)
        self.free[department] += 1
        self._request(department)

    def _end(self, department: int, touch: int) -> int:
        plan, now = self.plan, int(self.env.now)
        if plan.finishes[department]:
            return now + touch
        first, last = self._calendar(department)
        return end_of_work(
            plan.open_starts, plan.open_ends, plan.open_before, first, last, now, touch
        )

    def _calendar(self, department: int) -> tuple[int, int]:
        calendar = self.plan.calendar[department]
        return self.plan.open_offsets[calendar], self.plan.open_offsets[calendar + 1]

    def _request(self, department: int) -> None:
        if not self.dispatching[department]:
            self.dispatching[department] = True
            event = self.env.at(self.env.now, CALL, 2 + department)
            event.callbacks.append(lambda _: self._dispatch(department))

    def _dispatch(self, department: int) -> None:
        """Free reviewers take what is next; a closed department wakes at its opening."""
        self.dispatching[department] = False
        queue, plan, now = self.queues[department], self.plan, int(self.env.now)
        if not queue or self.free[department] == 0:
            return
        first, last = self._calendar(department)
        if not is_open(plan.open_starts, plan.open_ends, first, last, now):
            self._wake(department, next_opening(plan.open_starts, first, last, now))
            return
        while queue and self.free[department] > 0:
            self.free[department] -= 1
            heappop(queue)[2].succeed()

    def _wake(self, department: int, opens_at: int) -> None:
        if self.wakes_at[department] != opens_at and opens_at < NEVER:
            self.wakes_at[department] = opens_at
            event = self.env.at(opens_at, CALL, 2 + department)
            event.callbacks.append(lambda _: self._request(department))
