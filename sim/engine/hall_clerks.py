"""What a clerk does with an errand at a window, for the reference engine: how long it takes there,
what is set up before it, and what is left to do when the person has gone."""

from __future__ import annotations

from sim.engine.choices import service_ticks
from sim.engine.hall_floor import HallFloor
from sim.engine.instant import END, Instants
from sim.plan.journal import Journal
from sim.plan.plan import HallPlan
from sim.plan.tape import Tape


class HallClerks:
    """Clerks of all windows in one run; `plan`, `tape` and `journal` hold plain lists."""

    def __init__(
        self, env: Instants, tape: Tape, journal: Journal, hall: HallFloor, plan: HallPlan
    ) -> None:
        self.env, self.tape, self.journal, self.hall, self.plan = env, tape, journal, hall, plan

    def work_of(self, errand: int, window: int) -> int:
        """Ticks of an errand's work by the law of the window's group, for a factor of 1."""
        if self.plan.has_service_laws:
            first = self.tape.group_services.first[errand]
            law = self.plan.service_law[window][self.tape.errands.sought[errand]]
            if first >= 0 and law >= 0:
                return int(self.tape.group_services.ticks[first + law])
        return int(self.tape.errands.service[errand])

    def set_up(self, row: int, window: int, errand: int) -> int:
        """Ticks of set-up of a window before the work with a ticket."""
        ticks = self.hall.set_up(window, self.tape.errands.sought[errand])
        if ticks > 0:
            self.journal.set_up[row] += ticks
        return ticks

    def wrap_up(self, row: int, window: int, work: int) -> None:
        """The window is free once its clerk has done what is left when the person has gone."""
        ticks = service_ticks(work, self.plan.factor[window])
        if ticks == 0:
            self.free(row, window)
            return
        ends = self.env.at(self.env.now + ticks, END, window)
        ends.callbacks.append(lambda _: self.free(row, window))

    def free(self, row: int, window: int) -> None:
        """A window may call again."""
        if self.plan.wraps_up:
            self.journal.freed_at[row] = self.env.now
        self.hall.window_is_free(window)
