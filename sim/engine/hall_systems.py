"""Systems that fail, for the reference engine: whom nobody calls, and when work goes on."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy import Event

from sim.engine.hours import Opening, end_of_work, open_from, rows_until
from sim.engine.instant import SHIFT, Instants
from sim.plan.plan import HallPlan

if TYPE_CHECKING:
    from sim.engine.hall_floor import HallFloor


class HallSystems:
    """What lists need to be served, and which of them can be."""

    def __init__(self, env: Instants, plan: HallPlan, floor: HallFloor) -> None:
        self.env, self.plan, self.floor = env, plan, floor
        self.stopped: set[int] = set()
        """Lines that nobody is called from, as a system is down."""
        for calendar in range(len(plan.up_offsets) - 1):
            env.process(self._turns(calendar))

    def service_ends_at(self, list_: int, begins_at: int, work: int) -> int:
        """When work ends; it pauses while a system is down that its list needs."""
        calendar = self.plan.up_of_list[list_]
        if calendar < 0:
            return begins_at + work
        opening = self._up_times(calendar)
        up_at = open_from(opening, begins_at)
        return end_of_work(opening, rows_until(opening.starts, up_at), up_at, work)

    def _up_times(self, calendar: int) -> Opening:
        plan = self.plan
        rows = slice(plan.up_offsets[calendar], plan.up_offsets[calendar + 1])
        return Opening(plan.up_starts[rows], plan.up_ends[rows], plan.up_before[rows])

    def _turns(self, calendar: int) -> Generator[Event, Any, None]:
        """What some lists need works, and then is down, in turns; nobody of them is called then."""
        plan, opening = self.plan, self._up_times(calendar)
        number = len(self.floor.on_duty) + 1 + len(plan.tidal_group) + calendar
        lines = {n for n, z in enumerate(plan.list_of_line) if plan.up_of_list[z] == calendar}
        edges = [edge for span in zip(opening.starts, opening.ends, strict=True) for edge in span]
        for works, edge in enumerate([0, *edges] if edges[0] > 0 else edges[1:]):
            yield self.env.at(edge, SHIFT, number)
            self.stopped = self.stopped - lines if works % 2 else self.stopped | lines
            self.floor.request_calls()
