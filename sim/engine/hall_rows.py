"""What visits and papers have in common, for the reference engine: rows of the journal, the line
that a ticket joins, and when places give tickets."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, TypeAlias

from simpy import Event

from sim.engine.hall_clerks import HallClerks
from sim.engine.hall_floor import HallFloor
from sim.engine.hours import TicketHours
from sim.engine.instant import Instants
from sim.plan.journal import Journal
from sim.plan.plan import Plan
from sim.plan.tape import Tape

Story: TypeAlias = Generator[Event, Any, None]
"""What happens to somebody, without an answer at the end."""
NO_TRIP: Final = 0
"""Trip of rows for which nobody comes: online, and of papers."""


class HallRows:
    """Rows of one run; `plan`, `tape` and `journal` hold plain lists."""

    def __init__(
        self, env: Instants, plan: Plan, tape: Tape, journal: Journal, hall: HallFloor
    ) -> None:
        self.env, self.plan, self.tape, self.journal, self.hall = env, plan, tape, journal, hall
        self.clerks = HallClerks(env, tape, journal, hall, plan.hall)
        self.hours = [self._hours(place) for place in range(len(plan.hall.day_closes))]

    def _hours(self, place: int) -> TicketHours:
        """When a place gives tickets."""
        first, hall = place * self.plan.period.n_days, self.plan.hall
        offsets = hall.ticket_offsets[first : first + self.plan.period.n_days + 1]
        return TicketHours(offsets, hall.ticket_opens, hall.ticket_closes)

    def begin(self, errand: int, trip: int, place: int) -> int:
        """A row of the journal for somebody at the door, at the lists, or online; or for papers."""
        journal = self.journal
        row: int = journal.n_tickets[0]
        journal.n_tickets[0] = row + 1
        journal.errand[row], journal.trip[row] = errand, trip
        journal.place[row] = place
        journal.arrived_at[row] = self.env.now
        return row

    def end(self, row: int, fate: int) -> int:
        """The end of a row; its person stays inside or never came in."""
        self.journal.fate[row], self.journal.ended_at[row] = fate, self.env.now
        return fate

    def line(self, place: int, case: int, errand: int, may_be_refused: bool = False) -> int:
        """The line of a place that a ticket joins now."""
        tape = self.tape
        sought, class_ = tape.errands.sought[errand], tape.cases.class_[case]
        return self.hall.choose_line(
            place,
            sought,
            class_,
            tape.errands.route[errand],
            tape.cases.habit[case],
            may_be_refused,
        )
