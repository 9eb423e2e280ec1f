"""The back office, for the fast engine: items, their reviews, and results.

What an event leads to at the same instant follows at once (`work_on_cases`): what waits for no more
is released, its review begins to wait for reviewers (`fast_reviewers.py`), and a case with nothing
left in hand has its result.
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Bools, Ints
from sim.clock import NEVER
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_lines import NONE
from sim.engine.fast_reviewers import attendance_job, opening_of, queue_up, want
from sim.engine.hours import after_workdays, due, open_from
from sim.engine.instant import ARRIVE, END
from sim.engine.jit import phase, shared
from sim.engine.orders import APPOINTED, MENDED, SPANS
from sim.engine.pending import is_next, schedule
from sim.engine.stages import COMES
from sim.engine.state import CaseState, Doors, Errands, Events, Queues
from sim.engine.ways import come_another_day, hours_of
from sim.plan.journal import ISSUED, OPEN, PARTLY, REJECTED, Journal
from sim.plan.plan import FIRST_IN, BackOffice
from sim.plan.tape import Tape

NOBODY: Final = -1


@shared
def appointment(office: BackOffice, item: int, now: int) -> int:
    """When a joint survey that can be arranged from now on takes place: all are open then."""
    at = after_workdays(office.workdays, office.workday_rank, now, office.ahead_workdays[item])
    at = min(at, NEVER) + office.ahead_ticks[item]
    before = NEVER
    while at < NEVER and at != before:
        before = at
        for n in range(office.survey_offsets[item], office.survey_offsets[item + 1]):
            at = open_from(opening_of(office, office.survey[n]), at)
    return int(at)


@shared
def outcome_of(rejected: Bools, completed_at: Ints, first: int, last: int) -> int:
    """How a case ends that nothing stopped, by its finished items."""
    finished, refused = 0, 0
    for j in range(first, last):
        if completed_at[j] >= 0:
            finished += 1
            refused += rejected[j]
    if refused == 0:
        return ISSUED
    return REJECTED if refused == finished else PARTLY


@phase
def one_less(tape: Tape, journal: Journal, cases: CaseState, case: int, now: int) -> bool:
    """One thing less in hand; with nothing left the case is closed. Modified in place.

    Returns whether there is a result to issue.
    """
    cases.in_hand[case] -= 1
    if cases.in_hand[case] > 0:
        return False
    outcome = cases.outcome[case]
    if outcome == OPEN:
        first, last = int(tape.cases.item_offsets[case]), int(tape.cases.item_offsets[case + 1])
        outcome = outcome_of(tape.items.rejected, journal.completed_at, first, last)
    journal.case_fate[case], journal.closed_at[case] = outcome, now
    return bool(outcome in (ISSUED, PARTLY))


@phase
def release_items(
    office: BackOffice,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    case: int,
    finished: int,
    now: int,
    end: int,
) -> None:
    """Items of a case that wait for no more, as it is accepted or an item of it is finished.

    `finished`: the item; -1 = the case is accepted, and what waits for what is counted first.
    Sets off: reviews of what is released; surveys that are arranged; visits to one more department.
    Writes: releases; what each item still waits for; how much the case has in hand.
    """
    first, last = int(tape.cases.item_offsets[case]), int(tape.cases.item_offsets[case + 1])
    for j in range(first, last):
        item, waits = int(tape.items.item[j]), 0
        for n in range(office.after_offsets[item], office.after_offsets[item + 1]):
            if finished >= 0:
                waits += office.after[n] == tape.items.item[finished]
            else:
                for k in range(first, last):
                    waits += office.after[n] == tape.items.item[k]
        if finished < 0:
            cases.waits_for[j] = waits
        elif waits == 0 or cases.outcome[case] != OPEN:
            continue
        else:
            cases.waits_for[j] -= waits
        if cases.waits_for[j] > 0:
            continue
        cases.in_hand[case] += 1
        journal.item_released_at[j] = now
        visit = int(tape.items.application[j])
        if visit < 0:
            if office.survey_offsets[item] < office.survey_offsets[item + 1]:
                takes_place_at = appointment(office, item, now)
                if takes_place_at < end:
                    schedule(events, counters, takes_place_at, END + APPOINTED + j)
                continue
            cases.starts[aftermath.n_starts] = tape.items.review_offsets[j]
            aftermath.n_starts += 1
            continue
        # its applicant goes to one more department
        errands.stage[visit] = COMES
        if tape.errands.online[visit] or cases.went_online[case]:
            applies_at = now + tape.items.apply_delay[j]
            if applies_at < end:
                schedule(events, counters, applies_at, ARRIVE + visit)
            continue
        hours = hours_of(doors, int(journal.destination[visit]))
        position = tape.errands.position[visit]
        come_another_day(
            hours, events, counters, visit, now, tape.items.apply_delay[j], float(position), end
        )


@phase
def begin_review(
    office: BackOffice,
    tape: Tape,
    journal: Journal,
    cases: CaseState,
    queues: Queues,
    counters: Counters,
    review: int,
    now: int,
) -> bool:
    """A review begins to wait; returns whether it has ended already, as one without work has.

    Sets off: its department, or all that attend. Writes: its release; queues.
    """
    j = int(tape.reviews.case_item[review])
    journal.released_at[review] = now
    attends = int(tape.reviews.attends[review])
    if attends >= 0:
        item = int(tape.items.item[j])
        first, last = office.survey_offsets[item], office.survey_offsets[item + 1]
        cases.absent[attends] = last - first
        for n in range(first, last):
            # before all else that waits: the appointment is kept
            job = attendance_job(tape, attends + n - first)
            queue_up(queues, office.survey[n], now - NEVER, job)
            want(queues, counters, office.survey[n])
        return False
    if tape.reviews.touch[review] > 0:
        case, department = int(tape.items.case[j]), office.department[tape.items.item[j]]
        key = now
        if office.queue[department] != FIRST_IN:
            key = due(
                office.workdays,
                office.workday_rank,
                journal.accepted_at[case],
                office.promised_ticks[tape.cases.matter[case]],
                office.promised_workdays[tape.cases.matter[case]],
            )
            if len(office.backlog_due) > 0:
                key = min(key, office.backlog_due[tape.cases.flow[case]])
        queue_up(queues, department, key, review)
        want(queues, counters, department)
        return False
    journal.started_at[review] = now
    return True


@phase
def end_review(
    office: BackOffice,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    review: int,
    now: int,
    end: int,
) -> None:
    """A review has ended: the item is decided, or papers have to be mended.

    Sets off: the external span, after which the item is finished; the next round, with papers that
    are mended online or handed in. Writes: the review's end; the item's decision.
    """
    j = int(tape.reviews.case_item[review])
    journal.ended_review_at[review] = now
    if review == tape.items.review_offsets[j + 1] - 1:
        journal.reviewed_at[j] = now
        ends_at = after_workdays(
            office.workdays, office.workday_rank, now, int(tape.items.external_workdays[j])
        )
        ends_at = min(ends_at, NEVER) + tape.items.external_ticks[j]
        order = END + SPANS + j
        times, orders = events.times, events.orders
        at_once = ends_at == now and aftermath.n_starts == 0
        if at_once and is_next(times, orders, counters.n_events, NEVER, NONE, now, order):
            aftermath.completed = j  # it would be the next event anyhow
        elif ends_at < end:
            schedule(events, counters, ends_at, order)
        return
    hand_in = int(tape.reviews.hand_in[review])
    if hand_in < 0 or cases.went_online[tape.items.case[j]]:
        mended_at = now + tape.reviews.mend_delay[review]
        if mended_at < end:
            schedule(events, counters, mended_at, END + MENDED + review)
        return
    errands.stage[hand_in] = COMES
    hours = hours_of(doors, int(journal.destination[hand_in]))
    position = tape.errands.position[hand_in]
    come_another_day(
        hours, events, counters, hand_in, now, tape.reviews.mend_delay[review], float(position), end
    )


@phase
def issue_result(
    office: BackOffice,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    counters: Counters,
    case: int,
    now: int,
    end: int,
) -> None:
    """The result reaches the applicant: at once, by post, or by a trip.

    Sets off: that trip. Writes: when the applicant has it.
    """
    ticks, collection = tape.cases.issue_ticks[case], int(tape.cases.collection[case])
    if collection >= 0 and not cases.went_online[case]:
        errands.stage[collection] = COMES
        hours = hours_of(doors, int(journal.destination[collection]))
        position = tape.errands.position[collection]
        come_another_day(hours, events, counters, collection, now, ticks, float(position), end)
        return
    issued_at = after_workdays(
        office.workdays, office.workday_rank, now, int(tape.cases.issue_workdays[case])
    )
    issued_at = min(issued_at, NEVER) + (ticks if collection < 0 else NONE)
    if issued_at < end:
        journal.issued_at[case] = issued_at


@phase
def work_on_cases(
    office: BackOffice,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    queues: Queues,
    counters: Counters,
    aftermath: Aftermath,
    now: int,
    end: int,
) -> None:
    """The back office's part of an event: on while one thing leads to the next at this instant.

    Sets off, reads and writes what its four steps do: release, begin, end, issue. `aftermath` says
    where it starts: a case that is accepted, an item that is finished, reviews that begin, or a
    review that has ended.
    """
    while (
        aftermath.accepts >= 0
        or aftermath.completed >= 0
        or aftermath.n_starts > 0
        or aftermath.reviewed >= 0
    ):
        lessens, finished = NOBODY, aftermath.completed
        if aftermath.accepts >= 0:
            # in hand as long as its first items are being released, however fast they are done
            lessens = aftermath.accepts
            cases.in_hand[lessens] = 1
        elif finished >= 0:
            lessens = int(tape.items.case[finished])
            journal.completed_at[finished] = now
            stops = tape.items.rejected[finished] and office.stops[tape.cases.matter[lessens]]
            if stops and cases.outcome[lessens] == OPEN:
                cases.outcome[lessens] = REJECTED
        if aftermath.accepts >= 0 or (finished >= 0 and not tape.items.rejected[finished]):
            release_items(
                office, doors, tape, journal, events, errands, cases, counters, aftermath, lessens,
                finished if aftermath.accepts < 0 else NOBODY, now, end,
            )  # fmt: skip
        aftermath.accepts = aftermath.completed = NOBODY
        while aftermath.n_starts > 0 or aftermath.reviewed >= 0:
            review = aftermath.reviewed
            aftermath.reviewed = NOBODY
            if review < 0:
                aftermath.n_starts -= 1
                review = cases.starts[aftermath.n_starts]
                if not begin_review(office, tape, journal, cases, queues, counters, review, now):
                    continue
            end_review(
                office, doors, tape, journal, events, errands, cases, counters, aftermath, review,
                now, end,
            )  # fmt: skip
        if lessens >= 0 and one_less(tape, journal, cases, lessens, now):
            issue_result(
                office, doors, tape, journal, events, errands, cases, counters, lessens, now, end
            )
