"""Breaks for the reference engine: who stays, who leaves, and who is back when one ends."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from sim.clock import DAY
from sim.engine.instant import CLOSE, Instants
from sim.plan.journal import AT_BREAK, HELD_OVER
from sim.plan.plan import TICKET_KEPT, HallPlan

if TYPE_CHECKING:
    from sim.engine.hall_floor import HallFloor, Ticket

NO_BREAK: Final = -1


class HallBreaks:
    """Breaks of all places, and the tickets whose holders are away meanwhile."""

    def __init__(self, env: Instants, plan: HallPlan, floor: HallFloor) -> None:
        self.env, self.plan, self.floor = env, plan, floor
        n_places = len(plan.day_closes)
        self.ends_at = [NO_BREAK] * n_places
        """For each place the end of the break that has begun."""
        self.away: list[list[Ticket]] = [[] for _ in range(n_places)]
        """For each place tickets that are kept for who is away, in the order of taking."""
        for n in range(len(plan.break_place)):
            env.process(self._break(n))

    def _break(self, n: int) -> Generator[Event, Any, None]:
        plan, place, n_places = self.plan, self.plan.break_place[n], len(self.away)
        number = n_places * (1 + 2 * n) + place
        yield self.env.at(plan.break_begins[n], CLOSE, number)
        if plan.break_nightly[n]:
            self._hold_over(place)
        else:
            self._begins(place, plan.break_ends[n])
        yield self.env.at(plan.break_ends[n], CLOSE, number + n_places)
        self._ends(place)

    def _begins(self, place: int, ends_at: int) -> None:
        """Who must leave does; clerks who stayed for nobody go too.

        A ticket of an earlier day, whose holder waited through a night, and papers stay where they
        are.
        """
        floor, today = self.floor, self.env.now // DAY * DAY
        self.ends_at[place] = ends_at
        leaving = [
            ticket
            for line, tickets in enumerate(floor.lines)
            if self.sends_away(line)
            for ticket in tickets
            if ticket.waits and ticket.taken_at >= today and not ticket.of_papers
            if self._place_of(line) == place
        ]
        for ticket in sorted(leaving, key=lambda ticket: ticket.number):
            self._keep(ticket)
            floor.withdraw(ticket, AT_BREAK)
        if floor.inside[place] == 0:
            floor.send_home(place)

    def _hold_over(self, place: int) -> None:
        """The day is over: who still waits keeps the ticket. Those of the day before have left."""
        floor = self.floor
        leaving = [
            ticket
            for line, tickets in enumerate(floor.lines)
            if self._place_of(line) == place
            for ticket in tickets
            if ticket.waits and not ticket.of_papers
        ]
        for ticket in sorted(leaving, key=lambda ticket: ticket.number):
            self.away[place].append(ticket)
            floor.withdraw(ticket, HELD_OVER)

    def _ends(self, place: int) -> None:
        """Who kept a ticket is back; clerks who stayed through the break without duty go."""
        self.ends_at[place] = NO_BREAK
        back, self.away[place] = self.away[place], []
        for ticket in back:
            ticket.returns.succeed()
        self.floor.send_home(place)

    def sends_away(self, line: int) -> bool:
        """Whether there is a break in which nobody waits in a line."""
        rule = int(self.plan.break_rule[self.plan.list_of_line[line]])
        return rule >= TICKET_KEPT and self.ends_at[self._place_of(line)] != NO_BREAK

    def keeps_tickets(self, line: int) -> bool:
        """Whether who comes back from a break to a line still has a ticket."""
        return bool(self.plan.break_rule[self.plan.list_of_line[line]] == TICKET_KEPT)

    def takes_ticket(self, ticket: Ticket) -> None:
        """Somebody who is inside takes a ticket during a break, and leaves."""
        ticket.waits, ticket.fate = False, AT_BREAK
        self._keep(ticket)
        ticket.decided.succeed()

    def _keep(self, ticket: Ticket) -> None:
        if self.keeps_tickets(ticket.line):
            self.away[self._place_of(ticket.line)].append(ticket)

    def _place_of(self, line: int) -> int:
        return int(self.plan.place_of_list[self.plan.list_of_line[line]])
