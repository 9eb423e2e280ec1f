"""The reference engine: the story of a case told with SimPy processes, written to be read.

It may be slow; it may not be clever. It draws nothing: who comes, how long things take and who is
patient stand on the tape. `hall_visits.py` has the applicant's visits, `hall_floor.py` the windows,
`back_office.py` the reviewers; this file has the case, from its first arrival to its result.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from simpy import Event

from sim.engine.back_office import BackOfficeFloor
from sim.engine.hall_floor import NOBODY, HallFloor
from sim.engine.hall_rows import Story
from sim.engine.hall_visits import Episode, HallVisits
from sim.engine.hours import (
    comes_when_open,
)
from sim.engine.instant import ARRIVE, END, Instants
from sim.plan.chances import realised_plan
from sim.plan.initial import filed_before
from sim.plan.journal import (
    BY_CLERK,
    ISSUED,
    LOST,
    OPEN,
    PARTLY,
    REJECTED,
    SERVED,
    Journal,
    blank_journal,
    written,
)
from sim.plan.plan import HALL, BackOffice, HallPlan, Plan
from sim.plan.tape import (
    Tape,
)

GRANTED: Final = (ISSUED, PARTLY)
"""Fates of cases that have a result to issue."""
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
        plan = plan._replace(hall=listed(plan.hall), office=listed(plan.office))
        self.office_plan, hall = plan.office, HallFloor(self.env, plan.hall)
        n_reviews = len(tape.reviews.touch)
        self.office = BackOfficeFloor(self.env, plan.office, hall, n_reviews)
        hall.asks_for_review = self.office.request
        self.visits = HallVisits(self.env, plan, self.tape, self.journal, hall, self.office)
        n_cases, n_items = len(tape.cases.matter), len(tape.items.item)
        self.in_hand = [0] * n_cases
        """Items of a case that are released and not finished."""
        self.outcome = [OPEN] * n_cases
        """LOST or REJECTED once that is certain: no further item is released."""
        self.waits_for = [0] * n_items
        """Items that must finish before this one."""
        self.then: list[list[int]] = [[] for _ in range(n_items)]
        """Items that wait for this one."""

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
            comes_at = comes_when_open(self.visits.hours[place], self.env.now, position)
            if comes_at > self.env.now:
                yield self.env.at(comes_at, ARRIVE, first)
        if (yield from self.visits.until_complete(case, first)) == LOST:
            self._close(case, LOST)
        else:
            self._accept(case)
            second = self.tape.cases.also[case]
            if second in self.visits.first_tickets:
                yield self.env.at(self.env.now, ARRIVE, second)
                yield from self.visits.errand(case, second, inside=True)

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
        if self.visits.is_online(case, errand):
            return self.env.now
        place = self.visits.papers.accepted_in.get(errand, self.journal.destination[errand])
        return self.visits.papers.courier(place)

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
        if tape.cases.collection[case] >= 0 and not self.visits.went_online[case]:
            self.env.process(self._collect(case))
            return
        ticks = tape.cases.issue_ticks[case] if tape.cases.collection[case] < 0 else 0
        arrives_at = self.office.span_ends_at(tape.cases.issue_workdays[case], ticks)
        if arrives_at < self.end:
            self.journal.issued_at[case] = arrives_at

    def _collect(self, case: int) -> Story:
        """Come for the result; who never gets to a window does not have it."""
        errand = self.tape.cases.collection[case]
        comes_at = self.visits.comes_again(errand, self.tape.cases.issue_ticks[case])
        yield self.env.at(comes_at, ARRIVE, errand)
        if (yield from self.visits.errand(case, errand, inside=False)) != LOST:
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
        online = self.visits.is_online(case, errand)
        comes_at = self.env.now + delay if online else self.visits.comes_again(errand, delay)
        yield self.env.at(comes_at, ARRIVE, errand)
        return (yield from self.visits.until_complete(case, errand))

    def _hand_in(self, case: int, review: int) -> Episode:
        """The applicant mends what a reviewer asked for, online or by a trip; maybe LOST."""
        delay, errand = self.tape.reviews.mend_delay[review], self.tape.reviews.hand_in[review]
        if errand < 0 or self.visits.went_online[case]:
            number = self.office.mended(review)
            yield self.env.at(self.env.now + delay, END, number)
            return SERVED
        yield self.env.at(self.visits.comes_again(errand, delay), ARRIVE, errand)
        return (yield from self.visits.errand(case, errand, inside=False))

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
