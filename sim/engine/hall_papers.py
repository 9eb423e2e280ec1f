"""Papers that a place takes in for another one, for the reference engine: with the courier from
place to place, until one accepts them."""

from __future__ import annotations

from typing import Final

from simpy import Event

from sim.engine.choices import service_ticks
from sim.engine.hall_floor import NO_LINE, NOBODY
from sim.engine.hall_rows import NO_TRIP, HallRows, Story
from sim.engine.hours import carried, comes_again, papers_wait
from sim.engine.instant import ARRIVE, END
from sim.plan.journal import FORWARDED, SERVED
from sim.plan.tape import COLLECT

ACCEPTED_HERE: Final = -1


class HallPapers:
    """All papers that are sent on in one run."""

    def __init__(self, rows: HallRows) -> None:
        self.rows, self.env, self.tape, self.journal = rows, rows.env, rows.tape, rows.journal
        self.hall, self.hall_plan = rows.hall, rows.plan.hall
        self.accepted_in: dict[int, int] = {}
        """Place of errands whose papers were sent on."""

    def onward(self, errand: int, place: int) -> int:
        """Where papers go from a place; ACCEPTED_HERE when they stay. Results are fetched there."""
        if self.tape.errands.purpose[errand] == COLLECT:
            return ACCEPTED_HERE
        onward: int = self.hall_plan.onward[place][self.tape.errands.sought[errand]]
        return onward

    def sent_on(self, case: int, errand: int) -> Story:
        """Papers go from place to place until one accepts them; nobody comes with them."""
        place = self.journal.destination[errand]
        while (onward := self.onward(errand, place)) != ACCEPTED_HERE:
            yield self.env.at(self.courier(place), ARRIVE, errand)
            place = onward
            row = self.rows.begin(errand, NO_TRIP, place)
            yield from self._papers(case, errand, row)
            final = self.onward(errand, place) == ACCEPTED_HERE
            self.rows.end(row, SERVED if final else FORWARDED)
        self.accepted_in[errand] = place

    def _papers(self, case: int, errand: int, row: int) -> Story:
        """Papers take tickets until a window has called them, and are worked on."""
        place, ticket = self.journal.place[row], None
        while ticket is None or ticket.window == NOBODY:
            opens = papers_wait(self.rows.hours[place], self.env.now)
            if opens > self.env.now:
                yield self.env.at(opens, ARRIVE, errand)
            line = self.rows.line(place, case, errand)
            if line == NO_LINE:
                yield self._another_day(errand, place)
                continue
            self.journal.list_[row] = self.hall_plan.list_of_line[line]
            self.journal.taken_at[row] = self.env.now
            ticket = self.hall.takes_ticket(line, of_papers=True)
            yield ticket.decided
            if ticket.window == NOBODY:
                yield self._another_day(errand, place)
        window = ticket.window
        self.journal.window[row], self.journal.called_at[row] = window, self.env.now
        factor = (
            self.hall_plan.factor[window]
            * self.hall_plan.forwarded_work[self.journal.destination[errand]]
        )
        work = service_ticks(self.rows.clerks.work_of(errand, window), factor)
        work += self.rows.clerks.set_up(row, window, errand)
        list_ = self.hall_plan.list_of_line[ticket.line]
        ends_at = self.hall.systems.service_ends_at(list_, self.env.now, work)
        yield self.env.at(ends_at, END, window)
        self.rows.clerks.free(row, window)

    def _another_day(self, errand: int, place: int) -> Event:
        """When a place gives tickets again, as to papers that found nobody to work on them."""
        opens_at = comes_again(self.rows.hours[place], self.env.now, 0, 0.0)
        return self.env.at(opens_at, ARRIVE, errand)

    def courier(self, place: int) -> int:
        """When papers that a place has now are where they go."""
        hall = self.hall_plan
        rounds = hall.courier_offsets[place], hall.courier_offsets[place + 1]
        return carried(hall.courier_leaves, hall.courier_arrives, *rounds, self.env.now)
