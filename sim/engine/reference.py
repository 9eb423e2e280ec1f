"""The reference engine: the story of a case told with SimPy processes, written to be read.

It may be slow; it may not be clever. It draws nothing: who comes, how long things take and who is
patient stand on the tape. `hall_floor.py` has the windows, `back_office.py` the reviewers; this
file has the applicant.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias

import numpy as np
from simpy import Event

from sim.engine.back_office import BackOfficeFloor
from sim.engine.choices import balks, is_full, service_ticks
from sim.engine.hall_floor import HallFloor, Ticket
from sim.engine.hours import after_workdays, comes_again, door_opens
from sim.engine.instant import ARRIVE, END, GIVE_UP, Instants
from sim.plan.journal import (
    BALKED,
    CAUGHT,
    GAVE_UP,
    ISSUED,
    LOST,
    MISSED,
    ONLINE_LIST,
    PARTLY,
    REJECTED,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
    blank_journal,
)
from sim.plan.plan import Plan
from sim.plan.tape import ANOTHER_TRIP, GOES_ONLINE, IS_LOST, ON_THE_SPOT, Tape

Story: TypeAlias = Generator[Event, Any, None]
DONE = (SERVED, SENT_BACK, CAUGHT)
"""Fates after which the errand itself is over; the next one may mend it."""


def run_reference(plan: Plan, tape: Tape) -> Journal:
    """Run one replication with SimPy.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"]), "hall")
    >>> run_reference(plan, draw_tape(plan.demand, seed=1, replication=0))
    Journal(2303 tickets, 2303 cases)
    """
    return _Reference(plan, tape).tell()


def listed(part: Any) -> Any:
    """A named tuple of arrays as one of plain lists: what an interpreter reads fastest."""
    return part._replace(
        **{
            name: value.tolist()
            for name, value in part._asdict().items()
            if isinstance(value, np.ndarray)
        }
    )


class _Reference:
    """One run: the clock, the hall, the back office, and everybody's story."""

    def __init__(self, plan: Plan, tape: Tape) -> None:
        self.env = Instants()
        self.plan, self.tape = plan, listed(tape)
        blank = blank_journal(plan, tape)
        self.types = [column.dtype for column in blank]
        self.journal = listed(blank)
        self.hall_plan, self.office_plan = listed(plan.hall), listed(plan.office)
        self.hall = HallFloor(self.env, self.hall_plan, self.journal)
        self.office = BackOfficeFloor(self.env, self.office_plan)
        n_cases = len(tape.matter)
        self.went_online = [False] * n_cases
        self.trips = [0] * n_cases
        self.in_hand = [0] * n_cases
        """Items of a case that are released and not finished."""
        self.waits_for: list[int] = [0] * len(tape.item)
        """Items that must finish before this one."""
        self.then: list[list[int]] = [[] for _ in tape.item]
        """Items that wait for this one."""

    def tell(self) -> Journal:
        """Everybody's story until the run ends."""
        self.env.process(self._crowd())
        self.env.run(until=self.plan.period.end)
        columns = zip(self.journal, self.types, strict=True)
        return Journal(*(np.array(column, dtype=kind) for column, kind in columns))

    def _crowd(self) -> Story:
        """People come one after the other, as the tape says."""
        for case, arrived_at in enumerate(self.tape.arrived_at):
            yield self.env.at(arrived_at, ARRIVE, self.tape.errand_offsets[case])
            self.env.process(self._case(case))

    # === an applicant gets a case accepted === #

    def _case(self, case: int) -> Story:
        """Intakes until the papers are complete, then the work of the departments."""
        tape, errand, inside = self.tape, self.tape.errand_offsets[case], False
        while True:
            fate = yield from self._errand(case, errand, inside)
            if fate == LOST:
                self._close(case, LOST)
                return
            if tape.complete[errand]:
                break
            mended_at, inside = self._mended(case, errand)
            errand += 1
            yield self.env.at(mended_at, ARRIVE, errand)
        self.journal.accepted_at[case] = self.env.now
        self._accept(case)

    def _mended(self, case: int, errand: int) -> tuple[int, bool]:
        """When incomplete papers are mended and presented again, and whether still inside."""
        mend, delay, now = self.tape.mend[errand], self.tape.mend_delay[errand], self.env.now
        online = self.tape.online[errand] or self.went_online[case]
        if online or (mend not in {ON_THE_SPOT, ANOTHER_TRIP}):
            return now + delay, False
        if mend == ON_THE_SPOT:
            return now + delay, True
        return self._comes_again(errand, delay), False

    def _comes_again(self, errand: int, delay: int) -> int:
        hall = self.hall_plan
        return comes_again(
            hall.ticket_offsets,
            hall.ticket_opens,
            hall.ticket_closes,
            self.env.now,
            delay,
            self.tape.position[errand],
        )

    def _errand(self, case: int, errand: int, inside: bool) -> Generator[Event, Any, int]:
        """Come, and come again, until the errand is done or the person gives the matter up."""
        tape, comes = self.tape, 0
        while True:
            if tape.online[errand] or self.went_online[case]:
                return (yield from self._apply_online(case, errand))
            fate = yield from self._visit(case, errand, inside)
            if fate in DONE:
                return fate
            inside, next_ = False, tape.after_leaving[case]
            if next_ == IS_LOST or (next_ != GOES_ONLINE and comes == self._returns_at_most):
                return LOST
            if next_ == GOES_ONLINE:
                self.went_online[case] = True
                yield self.env.at(self.env.now, ARRIVE, errand)
                continue
            comes += 1
            again = self._comes_again(errand, tape.return_delay[errand])
            yield self.env.at(again, ARRIVE, errand)

    @property
    def _returns_at_most(self) -> int:
        return int(self.plan.hall.returns_at_most)

    def _apply_online(self, case: int, errand: int) -> Generator[Event, Any, int]:
        """Apply through the net: a reviewer of the online department checks the papers."""
        journal, row = self.journal, self._new_row(errand, 0)
        journal.list_[row], journal.taken_at[row] = ONLINE_LIST, self.env.now
        department, touch = self.office_plan.online_department, self.tape.precheck[errand]
        job = len(self.tape.touch) + errand
        journal.called_at[row] = yield from self.office.take_up(department, job, self.env.now)
        yield from self.office.work(department, job, touch)
        journal.ended_at[row] = self.env.now
        journal.fate[row] = SERVED if self.tape.complete[errand] else SENT_BACK
        return int(journal.fate[row])

    # === a visit === #

    def _new_row(self, errand: int, trip: int) -> int:
        """A row of the journal for somebody at the door, at the lists, or online."""
        journal = self.journal
        row: int = journal.n_tickets[0]
        journal.n_tickets[0] = row + 1
        journal.errand[row], journal.trip[row] = errand, trip
        journal.arrived_at[row] = self.env.now
        return row

    def _leave(self, row: int, fate: int, stays: bool = False) -> int:
        """The end of a row: the person leaves, unless something is mended inside."""
        self.journal.fate[row], self.journal.ended_at[row] = fate, self.env.now
        if not stays:
            self.hall.goes_out()
        return fate

    def _visit(self, case: int, errand: int, inside: bool) -> Generator[Event, Any, int]:
        """One trip, or one more ticket of a person who mended papers inside."""
        tape, plan, journal = self.tape, self.hall_plan, self.journal
        mends_here = not tape.complete[errand] and tape.mend[errand] == ON_THE_SPOT
        if not inside:
            self.trips[case] += 1
        row = self._new_row(errand, self.trips[case])
        if not inside:
            opens = door_opens(
                plan.ticket_offsets, plan.ticket_opens, plan.ticket_closes, self.env.now
            )
            if opens > self.env.now:
                yield self.env.at(opens, ARRIVE, errand)
            if opens < 0 or is_full(self.hall.inside, plan.capacity):
                return self._leave(row, TURNED_AWAY, stays=True)
            self.hall.comes_in()
            if plan.has_reception:
                cut_off = yield from self._reception(row, errand)
                if cut_off:
                    return self._leave(row, cut_off)
                if not tape.complete[errand] and tape.catch[errand] < plan.catches:
                    return self._leave(row, CAUGHT, stays=mends_here)
                yield self.env.at(self.env.now, ARRIVE, errand)
        present = not tape.missed[errand]
        while True:
            fate = yield from self._ticket(case, errand, row, present)
            if fate in DONE:
                return self._leave(row, fate, stays=fate == SENT_BACK and mends_here)
            if fate != MISSED or not plan.missed_requeues:
                return self._leave(row, fate)
            self._leave(row, MISSED, stays=True)
            yield self.env.at(self.env.now, ARRIVE, errand)
            row, present = self._new_row(errand, self.trips[case]), True

    def _reception(self, row: int, errand: int) -> Generator[Event, Any, int]:
        """Queue for the desk and be received; the fate of who is sent home at closing, else 0."""
        cut_off = yield self.hall.queue_at_desk()
        if cut_off:
            return int(cut_off)
        self.journal.greeted_at[row] = self.env.now
        yield self.env.at(self.env.now + self.tape.reception[errand], END, self.hall.desk(errand))
        self.hall.desk_is_free()
        return 0

    def _ticket(
        self, case: int, errand: int, row: int, present: bool
    ) -> Generator[Event, Any, int]:
        """Take a ticket, wait to be called, be served; the fate of the ticket."""
        tape, hall, env = self.tape, self.hall, self.env
        line = hall.choose_line(
            tape.matter[case], tape.class_[case], tape.route[errand], tape.habit[case]
        )
        if line < 0:
            return TURNED_AWAY
        list_ = self.hall_plan.list_of_line[line]
        self.journal.list_[row], self.journal.taken_at[row] = list_, env.now
        if balks(hall.waiting[list_], self.hall_plan.balk_at):
            return BALKED
        ticket = hall.wait_in(line, row)
        gives_up = env.at(env.now + tape.patience[case], GIVE_UP, row)
        gives_up.callbacks.append(lambda _: hall.withdraw(ticket, GAVE_UP))
        yield ticket.decided
        if ticket.window < 0:
            return ticket.fate
        return (yield from self._service(errand, row, ticket, present))

    def _service(
        self, errand: int, row: int, ticket: Ticket, present: bool
    ) -> Generator[Event, Any, int]:
        """At the window: the whole work, or the part after which a fault is found."""
        window, now = ticket.window, self.env.now
        self.journal.window[row], self.journal.called_at[row] = window, now
        work = service_ticks(self.tape.service[errand], self.hall_plan.factor[window])
        ends_at = now + (work if present else self.hall_plan.missed_wait)
        yield self.env.at(ends_at, END, window)
        self.hall.window_is_free(window)
        if not present:
            return MISSED
        return SERVED if self.tape.complete[errand] else SENT_BACK

    # === the departments work on the case === #

    def _accept(self, case: int) -> None:
        """The case is in: items that wait for nothing are released at once."""
        items = range(self.tape.item_offsets[case], self.tape.item_offsets[case + 1])
        here = {self.tape.item[j]: j for j in items}
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

    def _release(self, case: int, j: int) -> None:
        self.in_hand[case] += 1
        self.journal.item_released_at[j] = self.env.now
        self.env.process(self._item(case, j))

    def _one_less(self, case: int) -> None:
        """One thing less in hand; with nothing left the case is closed."""
        self.in_hand[case] -= 1
        if self.in_hand[case] == 0:
            tape, fate = self.tape, self.journal.case_fate[case]
            items = range(tape.item_offsets[case], tape.item_offsets[case + 1])
            finished = [j for j in items if self.journal.completed_at[j] >= 0]
            if fate != LOST and any(tape.rejected[j] for j in finished):
                stops = self.office_plan.stops[tape.matter[case]]
                fate = REJECTED if stops else PARTLY
            self._close(case, fate or ISSUED)

    def _close(self, case: int, fate: int) -> None:
        self.journal.case_fate[case], self.journal.closed_at[case] = fate, self.env.now

    def _item(self, case: int, j: int) -> Story:
        """Review, mend and review again; then the span that outsiders take."""
        tape, journal, office = self.tape, self.journal, self.office_plan
        first, last = tape.review_offsets[j], tape.review_offsets[j + 1]
        department = office.department[tape.item[j]]
        due_at = self.office.due_at(tape.matter[case], journal.accepted_at[case])
        for review in range(first, last):
            journal.released_at[review] = self.env.now
            if tape.touch[review] == 0:
                journal.started_at[review] = self.env.now
            else:
                started = yield from self.office.take_up(department, review, due_at)
                journal.started_at[review] = started
                yield from self.office.work(department, review, tape.touch[review])
            journal.ended_review_at[review] = self.env.now
            if review < last - 1 and not (yield from self._hand_in(case, review)):
                journal.case_fate[case] = LOST
                self._one_less(case)
                return
        journal.reviewed_at[j] = self.env.now
        yield self.env.at(self._external_end(j), END, self.office.external(j))
        journal.completed_at[j] = self.env.now
        self._go_on(case, j)
        self._one_less(case)

    def _external_end(self, j: int) -> int:
        office, days = self.office_plan, self.tape.external_workdays[j]
        end = after_workdays(office.workdays, office.workday_rank, self.env.now, days)
        return end + int(self.tape.external_ticks[j])

    def _hand_in(self, case: int, review: int) -> Generator[Event, Any, bool]:
        """The applicant mends what a reviewer asked for, online or by a trip; false when lost."""
        delay, errand = self.tape.review_delay[review], self.tape.hand_in[review]
        if errand < 0:
            number = self.office.mended(review)
            yield self.env.at(self.env.now + delay, END, number)
            return True
        yield self.env.at(self._comes_again(errand, delay), ARRIVE, errand)
        fate = yield from self._errand(case, errand, inside=False)
        return bool(fate != LOST)

    def _go_on(self, case: int, j: int) -> None:
        """Release what waited for this item, unless a rejection or the applicant stops it."""
        tape = self.tape
        if tape.rejected[j]:
            if self.office_plan.stops[tape.matter[case]]:
                self.journal.case_fate[case] = self.journal.case_fate[case] or REJECTED
            return
        for next_ in self.then[j]:
            self.waits_for[next_] -= 1
            stopped = self.journal.case_fate[case] in {LOST, REJECTED}
            if self.waits_for[next_] == 0 and not stopped:
                self._release(case, next_)



