"""The reference engine: the story of a case told with SimPy processes, written to be read.

It may be slow; it may not be clever. It draws nothing: who comes, how long things take and who is
patient stand on the tape. `hall_floor.py` has the windows, `back_office.py` the reviewers; this
file has the applicant.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from simpy import Event

from sim.engine.back_office import BackOfficeFloor
from sim.engine.choices import is_full, service_ticks
from sim.engine.hall_desk import PASSED_BY, RECEIVED
from sim.engine.hall_floor import NO_LINE, NOBODY, HallFloor, Ticket
from sim.engine.hours import (
    TicketHours,
    back_today,
    carried,
    comes_again,
    comes_when_open,
    door_opens,
    papers_wait,
)
from sim.engine.instant import ARRIVE, END, GIVE_UP, TURN_ROUND, Instants
from sim.plan.chances import realised_plan
from sim.plan.initial import filed_before
from sim.plan.journal import (
    AT_BREAK,
    BALKED,
    BY_CLERK,
    CAUGHT,
    FORWARDED,
    GAVE_UP,
    HELD_OVER,
    ISSUED,
    LOST,
    MISSED,
    ONLINE_LIST,
    OPEN,
    PARTLY,
    REFUSED,
    REJECTED,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
    blank_journal,
    written,
)
from sim.plan.plan import HALL, BackOffice, HallPlan, Plan
from sim.plan.tape import (
    ALSO,
    COLLECT,
    GOES_ONLINE,
    INTAKE,
    IS_LOST,
    ON_THE_SPOT,
    ONLINE,
    SAME_DAY,
    Tape,
)

Story: TypeAlias = Generator[Event, Any, None]
"""What happens to somebody, without an answer at the end."""
Episode: TypeAlias = Generator[Event, Any, int]
"""A part of a story that ends in a fate."""
TicketEpisode: TypeAlias = Generator[Event, Any, tuple[int, Ticket | None]]
"""A part of a story that ends in the fate of a ticket."""
DONE: Final = (SERVED, SENT_BACK, CAUGHT, FORWARDED)
"""Fates after which the errand itself is over; the next one may mend it."""
GRANTED: Final = (ISSUED, PARTLY)
"""Fates of cases that have a result to issue."""
NO_TRIP: Final = 0
ONLINE_PLACE: Final = -1
NO_ERRAND: Final = -1
ACCEPTED_HERE: Final = -1

Arrays = TypeVar("Arrays", HallPlan, BackOffice, Tape, Journal)


def run_reference(plan: Plan, tape: Tape) -> Journal:
    """Run one replication with SimPy.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> run_reference(plan, draw_tape(plan.demand, seed=1, replication=0))
    Journal(2355 tickets, 2355 cases)
    """
    return _Reference(realised_plan(plan, tape), tape).tell()


def listed(part: Arrays) -> Arrays:
    """The same arrays as plain lists, which an interpreter reads fastest; typed as they were."""
    lists: Any = {}
    for name, value in part._asdict().items():
        if isinstance(value, np.ndarray):
            lists[name] = value.tolist()
        elif isinstance(value, tuple):
            lists[name] = listed(value)  # type: ignore[type-var]
    return part._replace(**lists)


class _Reference:
    """One run: the clock, the hall, the back office, and everybody's story."""

    def __init__(self, plan: Plan, tape: Tape) -> None:
        self.env = Instants()
        self.end, self.tape = plan.period.end, listed(tape)
        self.backlog = filed_before(plan.demand, tape.cases.flow).tolist()
        """Cases that the departments have when the run begins."""
        self.blank = blank_journal(plan, tape)
        self.journal = listed(self.blank)
        self.hall_plan, self.office_plan = listed(plan.hall), listed(plan.office)
        self.hall = HallFloor(self.env, self.hall_plan)
        n_reviews = len(tape.reviews.touch)
        self.office = BackOfficeFloor(self.env, self.office_plan, self.hall, n_reviews)
        self.hall.asks_for_review = self.office.request
        self.hours = [self._hours(plan, place) for place in range(len(plan.hall.day_closes))]
        n_cases, n_items = len(tape.cases.matter), len(tape.items.item)
        self.answers = [not missed for missed in self.tape.errands.missed]
        """Whether who has the errand answers the next call: a call is missed once an errand."""
        self.tickets: dict[int, Ticket] = {}
        """The last ticket of each errand whose person has had one on the visit."""
        self.kept_tickets: dict[int, Ticket] = {}
        """Tickets with which people come in again on the same day."""
        self.went_online = [False] * n_cases
        self.trips = [0] * n_cases
        self.first_tickets: dict[int, Ticket] = {}
        """Of second matters for which people are sent on: the ticket of the first."""
        self.accepted_in: dict[int, int] = {}
        """Place of errands whose papers were sent on."""
        self.in_hand = [0] * n_cases
        """Items of a case that are released and not finished."""
        self.outcome = [OPEN] * n_cases
        """LOST or REJECTED once that is certain: no further item is released."""
        self.waits_for = [0] * n_items
        """Items that must finish before this one."""
        self.then: list[list[int]] = [[] for _ in range(n_items)]
        """Items that wait for this one."""

    def _hours(self, plan: Plan, place: int) -> TicketHours:
        """When a place gives tickets."""
        first, hall = place * plan.period.n_days, self.hall_plan
        offsets = hall.ticket_offsets[first : first + plan.period.n_days + 1]
        return TicketHours(offsets, hall.ticket_opens, hall.ticket_closes)

    def tell(self) -> Journal:
        """Everybody's story until the run ends."""
        self._begin_backlog()
        self.env.process(self._crowd())
        self.env.run(until=self.end)
        lists, blank = self.journal._asdict(), self.blank._asdict()
        columns = {name: np.array(lists[name], dtype=blank[name].dtype) for name in lists}
        return written(Journal(**columns))

    def _crowd(self) -> Story:
        """People come one after the other, as the tape says."""
        for case, arrived_at in enumerate(self.tape.cases.arrived_at):
            yield self.env.at(arrived_at, ARRIVE, self.tape.cases.errand_offsets[case])
            self.env.process(self._case(case))

    # === an applicant gets a case accepted === #

    def _case(self, case: int) -> Story:
        """The case is handed in, then the departments work on it."""
        first = self.tape.cases.errand_offsets[case]
        place = self.journal.destination[first]
        if place != HALL and not self.tape.errands.online[first]:
            position = self.tape.errands.position[first]
            comes_at = comes_when_open(self.hours[place], self.env.now, position)
            if comes_at > self.env.now:
                yield self.env.at(comes_at, ARRIVE, first)
        if (yield from self._until_complete(case, first)) == LOST:
            self._close(case, LOST)
        else:
            self._accept(case)
            second = self.tape.cases.also[case]
            if second in self.first_tickets:
                yield self.env.at(self.env.now, ARRIVE, second)
                yield from self._errand(case, second, inside=True)

    def _until_complete(self, case: int, errand: int) -> Episode:
        """Try after try until the papers are complete, or the person gives the matter up."""
        inside = False
        while True:
            fate = yield from self._errand(case, errand, inside)
            if fate == LOST or self.tape.errands.complete[errand]:
                return fate
            mended_at, inside = self._mended(case, errand)
            errand += 1
            yield self.env.at(mended_at, ARRIVE, errand)

    def _is_online(self, case: int, errand: int) -> bool:
        if self.tape.errands.purpose[errand] == ALSO:
            return False
        return self.tape.errands.online[errand] or self.went_online[case]

    def _mended(self, case: int, errand: int) -> tuple[int, bool]:
        """When incomplete papers are mended and presented again, and whether still inside."""
        tape, now = self.tape, self.env.now
        mend = tape.errands.mend[errand]
        if self._is_online(case, errand) or mend == ONLINE:
            return now + tape.errands.mend_delay[errand], False
        if mend == ON_THE_SPOT:
            return now + tape.errands.spot_delay[errand], True
        if mend == SAME_DAY:
            ticket = self.tickets.pop(errand, None) if self.hall_plan.keeps_fetching else None
            back_at = self._back_today(errand + 1, tape.errands.spot_delay[errand], ticket)
            if back_at >= 0:
                return back_at, False
        return self._comes_again(errand + 1, tape.errands.mend_delay[errand]), False

    def _comes_again(self, errand: int, delay: int) -> int:
        hours = self.hours[self.journal.destination[errand]]
        return comes_again(hours, self.env.now, delay, self.tape.errands.position[errand])

    def _back_today(self, errand: int, delay: int, ticket: Ticket | None) -> int:
        """When who leaves now is back on the same day, perhaps with a ticket; -1 = not that day."""
        place = self.journal.destination[errand]
        hours = self.hours[place]
        back_at = back_today(hours, self.env.now, delay) if delay >= 0 else -1
        if back_at < 0 or ticket is None or self.hall.place_of(ticket.line) != place:
            return back_at
        self.kept_tickets[errand] = ticket
        return door_opens(hours, back_at)

    def _errand(self, case: int, errand: int, inside: bool) -> Episode:
        """Come, and come again, until the errand is done or the person gives the matter up."""
        tape, comes = self.tape, 0
        while not self._is_online(case, errand):
            self.trips[case] += not inside
            fate = yield from self._visit(case, errand, inside)
            while fate == AT_BREAK:
                # for a new ticket: through the door, on the same trip
                place = self.journal.destination[errand]
                yield self.env.at(self.hall.breaks.ends_at[place], ARRIVE, errand)
                fate = yield from self._visit(case, errand, inside=False)
            if fate == FORWARDED:
                yield from self._sent_on(case, errand)
            if fate in DONE:
                return fate
            inside, next_ = False, tape.cases.after_leaving[case]
            if next_ == GOES_ONLINE and tape.errands.purpose[errand] == ALSO:
                return LOST
            if next_ == GOES_ONLINE:
                self.went_online[case] = True
                yield self.env.at(self.env.now, ARRIVE, errand)
            elif next_ == IS_LOST or comes == self.hall_plan.returns_at_most:
                return LOST
            else:
                arrives_at = self._back_unserved(errand, comes, fate)
                comes += 1
                if arrives_at < 0:
                    arrives_at = self._comes_again(errand, tape.errands.return_delay[errand])
                yield self.env.at(arrives_at, ARRIVE, errand)
        return (yield from self._apply_online(errand))

    def _back_unserved(self, errand: int, comes: int, fate: int) -> int:
        """When who has come again so often is back on the same day; -1 = they come another day."""
        if not self.tape.returns.delay:
            return -1
        delay = self.tape.returns.delay[errand * self.hall_plan.returns_at_most + comes]
        ticket = self.tickets.pop(errand, None)
        keeps = self.hall_plan.keeps_unserved and fate in (GAVE_UP, BALKED)
        return self._back_today(errand, delay, ticket if keeps else None)

    def _apply_online(self, errand: int) -> Episode:
        """Apply through the net: a reviewer of the online department checks the papers."""
        journal, row = self.journal, self._new_row(errand, NO_TRIP, ONLINE_PLACE)
        journal.list_[row], journal.taken_at[row] = ONLINE_LIST, self.env.now
        department, touch = self.office_plan.online_department, self.tape.errands.precheck[errand]
        job = len(self.tape.reviews.touch) + errand
        yield from self.office.take_up(department, job, touch, self.env.now)
        journal.called_at[row] = self.env.now
        yield from self.office.work(department, job, touch)
        return self._ends(row, SERVED if self.tape.errands.complete[errand] else SENT_BACK)

    # === a visit === #

    def _new_row(self, errand: int, trip: int, place: int) -> int:
        """A row of the journal for somebody at the door, at the lists, or online; or for papers."""
        journal = self.journal
        row: int = journal.n_tickets[0]
        journal.n_tickets[0] = row + 1
        journal.errand[row], journal.trip[row] = errand, trip
        journal.place[row] = place
        journal.arrived_at[row] = self.env.now
        return row

    def _ends(self, row: int, fate: int) -> int:
        """The end of a row; its person stays inside or never came in."""
        self.journal.fate[row], self.journal.ended_at[row] = fate, self.env.now
        return fate

    def _leaves(self, row: int, fate: int) -> int:
        """The end of a row, and its person goes out."""
        self._ends(row, fate)
        case = self.tape.errands.case[self.journal.errand[row]]
        self.hall.goes_out(self.journal.place[row], self._heads(case))
        return fate

    def _sent_back(self, row: int, errand: int, fate: int) -> int:
        """The end of a row with faulty papers: some mend them inside."""
        mends_here = self.tape.errands.mend[errand] == ON_THE_SPOT
        return self._ends(row, fate) if mends_here else self._leaves(row, fate)

    def _visit(self, case: int, errand: int, inside: bool) -> Episode:
        """A trip, or as much of it as is before a break; or one more ticket of a person inside."""
        tape, plan, place = self.tape, self.hall_plan, self.journal.destination[errand]
        row = self._new_row(errand, self.trips[case], place)
        kept_ticket = self.kept_tickets.pop(errand, None)
        if not inside and kept_ticket is None:
            opens = door_opens(self.hours[place], self.env.now)
            if opens > self.env.now:
                yield self.env.at(opens, ARRIVE, errand)
            if opens < 0 or (place == HALL and self._finds_it_full(case)):
                return self._ends(row, TURNED_AWAY)
            self.hall.comes_in(place, self._heads(case))
            if plan.way_in > 0 and place == HALL:
                yield self.env.at(self.env.now + self._walk(case, plan.way_in), ARRIVE, errand)
            if plan.has_reception and place == HALL:
                word = yield from self._reception(row, errand)
                if word not in {RECEIVED, PASSED_BY}:
                    return self._leaves(row, word)
                caught = word == RECEIVED and tape.errands.catch[errand] < plan.catches
                if caught and not tape.errands.complete[errand]:
                    return self._sent_back(row, errand, CAUGHT)
                yield self.env.at(self.env.now, ARRIVE, errand)
        if kept_ticket is not None:
            self.hall.comes_in(place, self._heads(case))
            fate, ticket = yield from self._queue(
                case, errand, row, kept_ticket.line, number=kept_ticket.number
            )
        else:
            fate, ticket = yield from self._ticket(case, errand, row, may_be_refused=not inside)
        while True:
            if fate == MISSED and plan.missed_requeues:
                self._ends(row, MISSED)
                yield self.env.at(self.env.now, ARRIVE, errand)
                row = self._new_row(errand, self.trips[case], place)
                fate, ticket = yield from self._ticket(case, errand, row)
            elif fate == AT_BREAK and ticket and self.hall.breaks.keeps_tickets(ticket.line):
                self._leaves(row, AT_BREAK)
                yield ticket.returns
                self.hall.comes_in(place, self._heads(case))
                row = self._new_row(errand, self.trips[case], place)
                fate, ticket = yield from self._queue(
                    case, errand, row, ticket.line, was_kept=ticket.was_kept
                )
            elif fate == HELD_OVER and ticket:
                self._leaves(row, HELD_OVER)
                yield ticket.returns
                self.trips[case] += 1
                self.hall.comes_in(place, self._heads(case))
                row = self._new_row(errand, self.trips[case], place)
                fate, ticket = yield from self._queue(case, errand, row, ticket.line, was_kept=True)
            else:
                break
        if ticket:
            self.tickets[errand] = ticket
        if fate == SENT_BACK:
            return self._sent_back(row, errand, fate)
        if fate == SERVED and ticket and self._is_sent_on(case, errand, ticket.window):
            self.first_tickets[tape.cases.also[case]] = ticket
            return self._ends(row, fate)
        return self._leaves(row, fate)

    def _second(self, case: int, errand: int) -> int:
        """The second matter that an intake in the hall brings along; NO_ERRAND = none."""
        tape = self.tape
        is_intake = tape.errands.purpose[errand] == INTAKE and tape.errands.complete[errand]
        brings = is_intake and self.journal.destination[errand] == HALL
        return int(tape.cases.also[case]) if brings else NO_ERRAND

    def _does_both(self, case: int, errand: int, window: int) -> bool:
        """Whether the window that has the first matter does the second one too."""
        second = self._second(case, errand)
        if second == NO_ERRAND:
            return False
        sought, class_ = self.tape.errands.sought[second], self.tape.cases.class_[case]
        return bool(self.hall_plan.serves_also[window][sought][class_])

    def _is_sent_on(self, case: int, errand: int, window: int) -> bool:
        """Whether a person goes on to another window for the second matter."""
        has_second = self._second(case, errand) != NO_ERRAND
        return has_second and not self._does_both(case, errand, window)

    def _heads(self, case: int) -> int:
        """How much of the room a person takes, with who comes along where room is limited."""
        return 1 + int(self.hall_plan.counts_heads * self.tape.cases.companions[case])

    def _finds_it_full(self, case: int) -> bool:
        """Whether the hall does not hold a person more, with all who come along."""
        others = self.hall.inside[HALL] + self._heads(case) - 1
        return is_full(others, self.hall_plan.capacity)

    def _walk(self, case: int, ticks: int) -> int:
        """How long a person takes for what is so far at a pace of 1."""
        return service_ticks(ticks, self.tape.cases.pace[case])

    def _reception(self, row: int, errand: int) -> Episode:
        """Queue for the desk and be received; the desk's word."""
        word: int = yield self.hall.reception.join()
        if word == RECEIVED:
            self.journal.greeted_at[row] = self.env.now
            ends_at = self.env.now + self.tape.errands.reception[errand]
            yield self.env.at(ends_at, END, self.hall.reception.number(errand))
            self.hall.reception.finish()
        return word

    def _ticket(
        self, case: int, errand: int, row: int, may_be_refused: bool = False
    ) -> TicketEpisode:
        """Take a ticket, if anybody gives one, and queue with it; its fate.

        Who has had one on this visit is not refused another.
        """
        may_be_refused &= self.hall_plan.has_quota
        first = self.first_tickets.pop(errand, None)
        line = self._line(self.journal.destination[errand], case, errand, may_be_refused)
        if line < NO_LINE:
            self.journal.list_[row] = NO_LINE - 1 - line
            return REFUSED, None
        if line == NO_LINE:
            return TURNED_AWAY, None
        if may_be_refused:
            self.hall.quotas.give(self.hall_plan.list_of_line[line])
        if first is None:
            return (yield from self._queue(case, errand, row, line, looks=True))
        if not self.hall_plan.keeps_place:
            return (yield from self._queue(case, errand, row, line))
        number, since = first.number, first.taken_at
        return (yield from self._queue(case, errand, row, line, number=number, since=since))

    def _queue(
        self,
        case: int,
        errand: int,
        row: int,
        line: int,
        looks: bool = False,
        was_kept: bool = False,
        number: int | None = None,
        since: int | None = None,
    ) -> TicketEpisode:
        """Wait in a line to be called, be served; the fate of the ticket.

        Who is not called in this instant sees how many wait in front, and may turn round; but not
        who comes back to a ticket (`looks`), perhaps on the next day (`was_kept`), or on the same
        day with its number; and not who is sent on, perhaps with number and age (`since`) of the
        first ticket.
        """
        tape, hall, env = self.tape, self.hall, self.env
        list_ = self.hall_plan.list_of_line[line]
        self.journal.list_[row], self.journal.taken_at[row] = list_, env.now
        ticket = hall.takes_ticket(line, number=number, since=since)
        ticket.was_kept = was_kept
        if looks:
            sees = env.at(env.now, TURN_ROUND, ticket.number)
            balk_at = self.hall_plan.balk_at[tape.cases.matter[case]][tape.cases.class_[case]]
            sees.callbacks.append(lambda _: hall.sees_who_waits(ticket, balk_at))
        gives_up = env.at(env.now + tape.cases.patience[case], GIVE_UP, row)
        gives_up.callbacks.append(lambda _: hall.withdraw(ticket, GAVE_UP))
        yield ticket.decided
        if ticket.window == NOBODY:
            return ticket.fate, ticket
        return (yield from self._service(case, errand, row, ticket)), ticket

    def _line(self, place: int, case: int, errand: int, may_be_refused: bool = False) -> int:
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

    def _service(self, case: int, errand: int, row: int, ticket: Ticket) -> Episode:
        """To the window, and there the whole work, or the part after which a fault is found."""
        window, now, tape = ticket.window, self.env.now, self.tape
        self.journal.window[row], self.journal.called_at[row] = window, now
        answers, self.answers[errand] = self.answers[errand], True
        work = service_ticks(tape.errands.service[errand], self.hall_plan.factor[window])
        ends_at = now + self.hall_plan.missed_wait
        if answers:
            work += self._set_up(row, window, errand)
            list_ = self.hall_plan.list_of_line[ticket.line]
            begins_at = now + self._walk(case, self.hall_plan.walk[window])
            work += self.journal.tour[errand]
            if self._does_both(case, errand, window):
                second = tape.cases.also[case]
                work += service_ticks(tape.errands.service[second], self.hall_plan.factor[window])
                work += self._set_up(row, window, second)
            ends_at = self.hall.systems.service_ends_at(list_, begins_at, work)
        yield self.env.at(ends_at, END, window)
        is_filed = answers and tape.errands.complete[errand]
        left = tape.errands.wrap_up[errand] if is_filed else 0
        if is_filed and self._does_both(case, errand, window):
            left += tape.errands.wrap_up[tape.cases.also[case]]
        self._wrap_up(row, window, left)
        if not answers:
            return MISSED
        if not is_filed:
            return SENT_BACK
        return FORWARDED if self._onward(errand, self.journal.destination[errand]) >= 0 else SERVED

    def _set_up(self, row: int, window: int, errand: int) -> int:
        """Ticks of set-up of a window before the work with a ticket."""
        ticks = self.hall.set_up(window, self.tape.errands.sought[errand])
        if ticks > 0:
            self.journal.set_up[row] += ticks
        return ticks

    def _wrap_up(self, row: int, window: int, work: int) -> None:
        """The window is free once its clerk has done what is left when the person has gone."""
        ticks = service_ticks(work, self.hall_plan.factor[window])
        if ticks == 0:
            self._free(row, window)
            return
        ends = self.env.at(self.env.now + ticks, END, window)
        ends.callbacks.append(lambda _: self._free(row, window))

    def _free(self, row: int, window: int) -> None:
        """A window may call again."""
        if self.hall_plan.wraps_up:
            self.journal.freed_at[row] = self.env.now
        self.hall.window_is_free(window)

    # === papers that a place takes in for another one === #

    def _onward(self, errand: int, place: int) -> int:
        """Where papers go from a place; ACCEPTED_HERE when they stay. Results are fetched there."""
        if self.tape.errands.purpose[errand] == COLLECT:
            return ACCEPTED_HERE
        onward: int = self.hall_plan.onward[place][self.tape.errands.sought[errand]]
        return onward

    def _sent_on(self, case: int, errand: int) -> Story:
        """Papers go from place to place until one accepts them; nobody comes with them."""
        place = self.journal.destination[errand]
        while (onward := self._onward(errand, place)) != ACCEPTED_HERE:
            yield self.env.at(self._courier(place), ARRIVE, errand)
            place = onward
            row = self._new_row(errand, NO_TRIP, place)
            yield from self._papers(case, errand, row)
            final = self._onward(errand, place) == ACCEPTED_HERE
            self._ends(row, SERVED if final else FORWARDED)
        self.accepted_in[errand] = place

    def _papers(self, case: int, errand: int, row: int) -> Story:
        """Papers take tickets until a window has called them, and are worked on."""
        place, tape, ticket = self.journal.place[row], self.tape, None
        while ticket is None or ticket.window == NOBODY:
            opens = papers_wait(self.hours[place], self.env.now)
            if opens > self.env.now:
                yield self.env.at(opens, ARRIVE, errand)
            line = self._line(place, case, errand)
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
        work = service_ticks(tape.errands.service[errand], factor)
        work += self._set_up(row, window, errand)
        list_ = self.hall_plan.list_of_line[ticket.line]
        ends_at = self.hall.systems.service_ends_at(list_, self.env.now, work)
        yield self.env.at(ends_at, END, window)
        self._free(row, window)

    def _another_day(self, errand: int, place: int) -> Event:
        """When a place gives tickets again, as to papers that found nobody to work on them."""
        opens_at = comes_again(self.hours[place], self.env.now, 0, 0.0)
        return self.env.at(opens_at, ARRIVE, errand)

    def _courier(self, place: int) -> int:
        """When papers that a place has now are where they go."""
        hall = self.hall_plan
        rounds = hall.courier_offsets[place], hall.courier_offsets[place + 1]
        return carried(hall.courier_leaves, hall.courier_arrives, *rounds, self.env.now)

    # === the departments work on the case === #

    def _accept(self, case: int) -> None:
        """The case is in; its papers may have to be carried to the departments."""
        self.journal.accepted_at[case] = self.env.now
        arrives_at = self._carried(case) if self._items(case) else self.env.now
        if arrives_at > self.env.now:
            arrives = self.env.at(arrives_at, END, self.office.carried(case))
            arrives.callbacks.append(partial(self._has_papers, case))
        else:
            self._begin(case)

    def _carried(self, case: int) -> int:
        """When the departments have the papers; those of an application online at once."""
        errand = self.tape.cases.errand_offsets[case]
        while not self.tape.errands.complete[errand]:
            errand += 1
        if self._is_online(case, errand):
            return self.env.now
        return self._courier(self.accepted_in.get(errand, self.journal.destination[errand]))

    def _begin_backlog(self) -> None:
        """Cases from before the run: nobody brings them."""
        for case in self.backlog:
            begins = self.env.at(0, END, self.office.carried(case))
            begins.callbacks.append(partial(self._has_papers, case))

    def _has_papers(self, case: int, _: Event) -> None:
        """The departments have the papers of a case that is in."""
        self._begin(case)

    def _begin(self, case: int) -> None:
        """The departments have the case: items that wait for nothing are released at once."""
        items = self._items(case)
        here = {self.tape.items.item[j]: j for j in items}
        offsets, after = self.office_plan.after_offsets, self.office_plan.after
        for item, j in here.items():
            for before in after[offsets[item] : offsets[item + 1]]:
                if before in here:
                    self.waits_for[j] += 1
                    self.then[here[before]].append(j)
        self.in_hand[case] = 1
        for j in items:
            if self.waits_for[j] == 0:
                self._release(case, j)
        self._one_less(case)

    def _items(self, case: int) -> range:
        return range(self.tape.cases.item_offsets[case], self.tape.cases.item_offsets[case + 1])

    def _release(self, case: int, j: int) -> None:
        self.in_hand[case] += 1
        self.journal.item_released_at[j] = self.env.now
        self.env.process(self._item(case, j))

    def _one_less(self, case: int) -> None:
        """One thing less in hand; with nothing left the case is closed."""
        self.in_hand[case] -= 1
        if self.in_hand[case] == 0:
            self._close(case, self.outcome[case] or self._outcome(case))

    def _outcome(self, case: int) -> int:
        """How a case ends that nothing stopped, by its finished items."""
        completed_at, rejected = self.journal.completed_at, self.tape.items.rejected
        refusals = [rejected[j] for j in self._items(case) if completed_at[j] >= 0]
        if not any(refusals):
            return ISSUED
        return REJECTED if all(refusals) else PARTLY

    def _close(self, case: int, fate: int) -> None:
        self.journal.case_fate[case], self.journal.closed_at[case] = fate, self.env.now
        if fate in GRANTED:
            self._issue(case)

    # === the result reaches the applicant === #

    def _issue(self, case: int) -> None:
        """Electronically at once, by post, or by a trip; who went online needs no trip."""
        tape = self.tape
        if tape.cases.collection[case] >= 0 and not self.went_online[case]:
            self.env.process(self._collect(case))
            return
        ticks = tape.cases.issue_ticks[case] if tape.cases.collection[case] < 0 else 0
        arrives_at = self.office.span_ends_at(tape.cases.issue_workdays[case], ticks)
        if arrives_at < self.end:
            self.journal.issued_at[case] = arrives_at

    def _collect(self, case: int) -> Story:
        """Come for the result; who never gets to a window does not have it."""
        errand = self.tape.cases.collection[case]
        comes_at = self._comes_again(errand, self.tape.cases.issue_ticks[case])
        yield self.env.at(comes_at, ARRIVE, errand)
        if (yield from self._errand(case, errand, inside=False)) != LOST:
            self.journal.issued_at[case] = self.env.now

    def _item(self, case: int, j: int) -> Story:
        """Maybe a visit or an appointment; review, mend, review again; the span of outsiders."""
        tape, journal, office = self.tape, self.journal, self.office
        item, n_jobs = tape.items.item[j], len(tape.reviews.touch) + len(tape.errands.purpose)
        department = self.office_plan.department[item]
        due_at = office.due_at(
            tape.cases.matter[case], journal.accepted_at[case], tape.cases.flow[case]
        )
        first, last = tape.items.review_offsets[j], tape.items.review_offsets[j + 1]
        if tape.items.application[j] >= 0 and (yield from self._apply(case, j)) == LOST:
            self._stop(case, LOST)
            self._one_less(case)
            return
        if self.office_plan.survey_offsets[item] < self.office_plan.survey_offsets[item + 1]:
            yield self.env.at(office.appointment(item), END, office.appointed(j))
        for review in range(first, last):
            touch, attends = tape.reviews.touch[review], tape.reviews.attends[review]
            journal.released_at[review] = self.env.now
            if attends >= 0:
                attendance = n_jobs + attends
                journal.started_at[review] = yield from office.meet(item, attendance)
                self._note_reviewer(department, review, attendance)
                yield from office.survey(item, attendance, review, touch)
            else:
                window = yield from office.take_up(department, review, touch, due_at)
                journal.started_at[review] = self.env.now
                self._note_reviewer(department, review, review)
                if window != NOBODY:
                    journal.reviewer[review] = BY_CLERK - window
                yield from office.work(department, review, touch, window)
            journal.ended_review_at[review] = self.env.now
            if review < last - 1 and (yield from self._hand_in(case, review)) == LOST:
                self._stop(case, LOST)
                self._one_less(case)
                return
        journal.reviewed_at[j] = self.env.now
        ends_at = office.span_ends_at(tape.items.external_workdays[j], tape.items.external_ticks[j])
        yield self.env.at(ends_at, END, office.external(j))
        journal.completed_at[j] = self.env.now
        self._go_on(case, j)
        self._one_less(case)

    def _note_reviewer(self, department: int, review: int, job: int) -> None:
        """Write down who does a review, where reviewers are told from each other."""
        if len(self.journal.reviewer):
            self.journal.reviewer[review] = self.office.reviewer(department, job)

    def _apply(self, case: int, j: int) -> Episode:
        """The applicant goes to one more department; maybe LOST."""
        errand, delay = self.tape.items.application[j], self.tape.items.apply_delay[j]
        online = self._is_online(case, errand)
        comes_at = self.env.now + delay if online else self._comes_again(errand, delay)
        yield self.env.at(comes_at, ARRIVE, errand)
        return (yield from self._until_complete(case, errand))

    def _hand_in(self, case: int, review: int) -> Episode:
        """The applicant mends what a reviewer asked for, online or by a trip; maybe LOST."""
        delay, errand = self.tape.reviews.mend_delay[review], self.tape.reviews.hand_in[review]
        if errand < 0 or self.went_online[case]:
            number = self.office.mended(review)
            yield self.env.at(self.env.now + delay, END, number)
            return SERVED
        yield self.env.at(self._comes_again(errand, delay), ARRIVE, errand)
        return (yield from self._errand(case, errand, inside=False))

    def _stop(self, case: int, outcome: int) -> None:
        self.outcome[case] = self.outcome[case] or outcome

    def _go_on(self, case: int, j: int) -> None:
        """Release what waited for this item, unless a rejection or the applicant stops it."""
        if self.tape.items.rejected[j]:
            if self.office_plan.stops[self.tape.cases.matter[case]]:
                self._stop(case, REJECTED)
            return
        for next_ in self.then[j]:
            self.waits_for[next_] -= 1
            if self.waits_for[next_] == 0 and self.outcome[case] == OPEN:
                self._release(case, next_)
