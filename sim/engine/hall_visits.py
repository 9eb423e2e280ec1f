"""Visits of applicants, for the reference engine: an errand from the door to a window, or online,
again and again until it is done.

`hall_floor.py` has the windows, `hall_clerks.py` what clerks do there with an errand, and
`hall_papers.py` papers that are sent on. What becomes of a case in the departments, and when its
applicant is asked to come, stands in `reference.py`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, TypeAlias

from simpy import Event

from sim.engine.back_office import BackOfficeFloor
from sim.engine.choices import is_full, service_ticks
from sim.engine.hall_desk import PASSED_BY, RECEIVED
from sim.engine.hall_floor import NO_LINE, NOBODY, HallFloor, Ticket
from sim.engine.hall_papers import ACCEPTED_HERE, HallPapers
from sim.engine.hall_rows import NO_TRIP, HallRows
from sim.engine.hours import (
    back_today,
    comes_again,
    door_opens,
)
from sim.engine.instant import ARRIVE, END, GIVE_UP, TURN_ROUND, Instants
from sim.plan.journal import (
    AT_BREAK,
    BALKED,
    CAUGHT,
    FORWARDED,
    GAVE_UP,
    HELD_OVER,
    LOST,
    MISSED,
    ONLINE_LIST,
    REFUSED,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
)
from sim.plan.plan import HALL, Plan
from sim.plan.tape import (
    ALSO,
    GOES_ONLINE,
    INTAKE,
    IS_LOST,
    ON_THE_SPOT,
    ONLINE,
    SAME_DAY,
    Tape,
)

Episode: TypeAlias = Generator[Event, Any, int]
"""A part of a story that ends in a fate."""
TicketEpisode: TypeAlias = Generator[Event, Any, tuple[int, Ticket | None]]
"""A part of a story that ends in the fate of a ticket."""
DONE: Final = (SERVED, SENT_BACK, CAUGHT, FORWARDED)
"""Fates after which the errand itself is over; the next one may mend it."""
ONLINE_PLACE: Final = -1
NO_ERRAND: Final = -1


class HallVisits:
    """Everybody's visits in one run; `plan`, `tape` and `journal` hold plain lists."""

    def __init__(
        self,
        env: Instants,
        plan: Plan,
        tape: Tape,
        journal: Journal,
        hall: HallFloor,
        office: BackOfficeFloor,
    ) -> None:
        self.env, self.tape, self.journal, self.hall, self.office = env, tape, journal, hall, office
        self.hall_plan, self.office_plan = plan.hall, plan.office
        self.rows = HallRows(env, plan, tape, journal, hall)
        self.papers = HallPapers(self.rows)
        self.clerks, self.hours = self.rows.clerks, self.rows.hours
        self.answers = [not missed for missed in self.tape.errands.missed]
        """Whether who has the errand answers the next call: a call is missed once an errand."""
        self.tickets: dict[int, Ticket] = {}
        """The last ticket of each errand whose person has had one on the visit."""
        self.kept_tickets: dict[int, Ticket] = {}
        """Tickets with which people come in again on the same day."""
        self.went_online = [False] * len(tape.cases.matter)
        self.trips = [0] * len(tape.cases.matter)
        self.first_tickets: dict[int, Ticket] = {}
        """Of second matters for which people are sent on: the ticket of the first."""

    def until_complete(self, case: int, errand: int) -> Episode:
        """Try after try until the papers are complete, or the person gives the matter up."""
        inside = False
        while True:
            fate = yield from self.errand(case, errand, inside)
            if fate == LOST or self.tape.errands.complete[errand]:
                return fate
            mended_at, inside = self._mended(case, errand)
            errand += 1
            yield self.env.at(mended_at, ARRIVE, errand)

    def is_online(self, case: int, errand: int) -> bool:
        if self.tape.errands.purpose[errand] == ALSO:
            return False
        return self.tape.errands.online[errand] or self.went_online[case]

    def _mended(self, case: int, errand: int) -> tuple[int, bool]:
        """When incomplete papers are mended and presented again, and whether still inside."""
        tape, now = self.tape, self.env.now
        mend = tape.errands.mend[errand]
        if self.is_online(case, errand) or mend == ONLINE:
            return now + tape.errands.mend_delay[errand], False
        if mend == ON_THE_SPOT:
            return now + tape.errands.spot_delay[errand], True
        if mend == SAME_DAY:
            ticket = self.tickets.pop(errand, None) if self.hall_plan.keeps_fetching else None
            back_at = self._back_today(errand + 1, tape.errands.spot_delay[errand], ticket)
            if back_at >= 0:
                return back_at, False
        return self.comes_again(errand + 1, tape.errands.mend_delay[errand]), False

    def comes_again(self, errand: int, delay: int) -> int:
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

    def errand(self, case: int, errand: int, inside: bool) -> Episode:
        """Come, and come again, until the errand is done or the person gives the matter up."""
        tape, comes = self.tape, 0
        while not self.is_online(case, errand):
            self.trips[case] += not inside
            fate = yield from self._visit(case, errand, inside)
            while fate == AT_BREAK:
                # for a new ticket: through the door, on the same trip
                place = self.journal.destination[errand]
                yield self.env.at(self.hall.breaks.ends_at[place], ARRIVE, errand)
                fate = yield from self._visit(case, errand, inside=False)
            if fate == FORWARDED:
                yield from self.papers.sent_on(case, errand)
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
                    arrives_at = self.comes_again(errand, tape.errands.return_delay[errand])
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
        journal, row = self.journal, self.rows.begin(errand, NO_TRIP, ONLINE_PLACE)
        journal.list_[row], journal.taken_at[row] = ONLINE_LIST, self.env.now
        department, touch = self.office_plan.online_department, self.tape.errands.precheck[errand]
        job = len(self.tape.reviews.touch) + errand
        yield from self.office.take_up(department, job, touch, self.env.now)
        journal.called_at[row] = self.env.now
        yield from self.office.work(department, job, touch)
        return self.rows.end(row, SERVED if self.tape.errands.complete[errand] else SENT_BACK)

    # === a visit === #

    def _leaves(self, row: int, fate: int) -> int:
        """The end of a row, and its person goes out."""
        self.rows.end(row, fate)
        case = self.tape.errands.case[self.journal.errand[row]]
        self.hall.goes_out(self.journal.place[row], self._heads(case))
        return fate

    def _sent_back(self, row: int, errand: int, fate: int) -> int:
        """The end of a row with faulty papers: some mend them inside."""
        mends_here = self.tape.errands.mend[errand] == ON_THE_SPOT
        return self.rows.end(row, fate) if mends_here else self._leaves(row, fate)

    def _visit(self, case: int, errand: int, inside: bool) -> Episode:
        """A trip, or as much of it as is before a break; or one more ticket of a person inside."""
        tape, plan, place = self.tape, self.hall_plan, self.journal.destination[errand]
        row = self.rows.begin(errand, self.trips[case], place)
        kept_ticket = self.kept_tickets.pop(errand, None)
        if not inside and kept_ticket is None:
            opens = door_opens(self.hours[place], self.env.now)
            if opens > self.env.now:
                yield self.env.at(opens, ARRIVE, errand)
            if opens < 0 or (place == HALL and self._finds_it_full(case)):
                return self.rows.end(row, TURNED_AWAY)
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
                self.rows.end(row, MISSED)
                yield self.env.at(self.env.now, ARRIVE, errand)
                row = self.rows.begin(errand, self.trips[case], place)
                fate, ticket = yield from self._ticket(case, errand, row)
            elif fate == AT_BREAK and ticket and self.hall.breaks.keeps_tickets(ticket.line):
                self._leaves(row, AT_BREAK)
                yield ticket.returns
                self.hall.comes_in(place, self._heads(case))
                row = self.rows.begin(errand, self.trips[case], place)
                fate, ticket = yield from self._queue(
                    case, errand, row, ticket.line, was_kept=ticket.was_kept
                )
            elif fate == HELD_OVER and ticket:
                self._leaves(row, HELD_OVER)
                yield ticket.returns
                self.trips[case] += 1
                self.hall.comes_in(place, self._heads(case))
                row = self.rows.begin(errand, self.trips[case], place)
                fate, ticket = yield from self._queue(case, errand, row, ticket.line, was_kept=True)
            else:
                break
        if ticket:
            self.tickets[errand] = ticket
        if fate == SENT_BACK:
            return self._sent_back(row, errand, fate)
        if fate == SERVED and ticket and self._is_sent_on(case, errand, ticket.window):
            self.first_tickets[tape.cases.also[case]] = ticket
            return self.rows.end(row, fate)
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
        line = self.rows.line(self.journal.destination[errand], case, errand, may_be_refused)
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

    def _service(self, case: int, errand: int, row: int, ticket: Ticket) -> Episode:
        """To the window, and there the whole work, or the part after which a fault is found."""
        window, now, tape = ticket.window, self.env.now, self.tape
        self.journal.window[row], self.journal.called_at[row] = window, now
        answers, self.answers[errand] = self.answers[errand], True
        work = service_ticks(self.clerks.work_of(errand, window), self.hall_plan.factor[window])
        ends_at = now + self.hall_plan.missed_wait
        if answers:
            work += self.clerks.set_up(row, window, errand)
            list_ = self.hall_plan.list_of_line[ticket.line]
            begins_at = now + self._walk(case, self.hall_plan.walk[window])
            work += self.journal.tour[errand]
            if self._does_both(case, errand, window):
                second = tape.cases.also[case]
                work += service_ticks(
                    self.clerks.work_of(second, window), self.hall_plan.factor[window]
                )
                work += self.clerks.set_up(row, window, second)
            ends_at = self.hall.systems.service_ends_at(list_, begins_at, work)
        yield self.env.at(ends_at, END, window)
        is_filed = answers and tape.errands.complete[errand]
        left = tape.errands.wrap_up[errand] if is_filed else 0
        if is_filed and self._does_both(case, errand, window):
            left += tape.errands.wrap_up[tape.cases.also[case]]
        self.clerks.wrap_up(row, window, left)
        if not answers:
            return MISSED
        if not is_filed:
            return SENT_BACK
        onward = self.papers.onward(errand, self.journal.destination[errand])
        return SERVED if onward == ACCEPTED_HERE else FORWARDED
