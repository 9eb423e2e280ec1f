"""The reception desk for the reference engine: its queue, its people, and whom it passes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from sim.engine.instant import SHIFT, Instants
from sim.plan.plan import HallPlan

if TYPE_CHECKING:
    from sim.engine.hall_floor import HallFloor

RECEIVED: Final = 0
"""What the desk tells who stands in its queue; otherwise PASSED_BY, or the fate of who leaves."""
PASSED_BY: Final = -1


class HallDesk:
    """People at the desk, and who queues for them."""

    def __init__(self, env: Instants, plan: HallPlan, floor: HallFloor) -> None:
        self.env, self.plan, self.floor = env, plan, floor
        self.queue: deque[Event] = deque()
        self.clerks = 0
        self.busy = 0
        env.process(self._shifts())

    def number(self, errand: int) -> int:
        """Number of a reception's end among the ends of an instant: after all windows."""
        return len(self.floor.on_duty) + errand

    def join(self) -> Event:
        """Stand in the queue of the desk; the event carries RECEIVED, PASSED_BY or CUT_OFF.

        A desk that nobody staffs at the moment is passed by.
        """
        called = Event(self.env)
        if self.clerks == 0:
            return called.succeed(PASSED_BY)
        self.queue.append(called)
        self.floor.request_calls()
        return called

    def call(self) -> None:
        """Free people of the desk call who is first in its queue."""
        while self.queue and self.busy < self.clerks:
            self.busy += 1
            self.queue.popleft().succeed(RECEIVED)

    def finish(self) -> None:
        """Somebody of the desk has done with a person."""
        self.busy -= 1
        self.floor.request_calls()

    def empty(self, word: int) -> None:
        """All who queue leave it, with one word."""
        while self.queue:
            self.queue.popleft().succeed(word)

    def _shifts(self) -> Generator[Event, Any, None]:
        steps = zip(self.plan.reception_times, self.plan.reception_clerks, strict=True)
        for time, clerks in steps:
            yield self.env.at(time, SHIFT, len(self.floor.on_duty))
            self.clerks = clerks
            if clerks == 0:
                self.empty(PASSED_BY)
            self.floor.request_calls()
