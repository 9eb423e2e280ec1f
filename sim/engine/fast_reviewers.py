"""Reviewers and their queues, for the fast engine: they take up jobs, and finish them.

A job is a review, then an application online (from `len(tape.touch)` on), then a reviewer's
attendance at a joint survey (from `len(tape.touch) + len(tape.purpose)` on).
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Ints
from sim.clock import NEVER
from sim.engine.counters import Counters
from sim.engine.fast_clerk_reviews import clerks_take_up
from sim.engine.heap import pop, push
from sim.engine.hours import Opening, end_of_work, is_open, next_opening, rows_from
from sim.engine.instant import CALL, END
from sim.engine.jit import phase, shared
from sim.engine.orders import DEPARTMENTS, REVIEWS
from sim.engine.pending import is_next, schedule
from sim.engine.state import CaseState, Errands, Events, Lists, Queues, Windows
from sim.plan.journal import Journal
from sim.plan.plan import HALL, BackOffice, HallPlan
from sim.plan.tape import Tape

IDLE: Final = -1
"""Job of a reviewer who has none."""


@shared
def opening_of(office: BackOffice, department: int) -> Opening:
    """When a department works, as `hours.py` reads it."""
    calendar = office.calendar[department]
    rows = slice(office.open_offsets[calendar], office.open_offsets[calendar + 1])
    return Opening(office.open_starts[rows], office.open_ends[rows], office.open_before[rows])


@shared
def rostered_opening(office: BackOffice, reviewer: int) -> Opening:
    """When a reviewer is on duty who works by a roster, as `hours.py` reads it."""
    calendar = office.rostered_calendar[reviewer]
    rows = slice(office.open_offsets[calendar], office.open_offsets[calendar + 1])
    return Opening(office.open_starts[rows], office.open_ends[rows], office.open_before[rows])


@shared
def attendance_job(tape: Tape, attendance: int) -> int:
    """Number of a reviewer's attendance at a joint survey among the jobs."""
    return len(tape.reviews.touch) + len(tape.errands.purpose) + attendance


@shared
def who_has(office: BackOffice, queues: Queues, department: int, job: int) -> int:
    """Which reviewer of a department with a roster has a job in hand; -1 = none is told."""
    first, last = office.rostered_offsets[department], office.rostered_offsets[department + 1]
    for reviewer in range(first, last):
        if queues.rostered_jobs[reviewer] == job:
            return int(reviewer - first)
    return IDLE


@shared
def lay_down(
    office: BackOffice, queues: Queues, counters: Counters, department: int, job: int
) -> None:
    """Who had a job is free; the department is asked, where somebody waits. Modified in place."""
    queues.free[department] += 1
    first = office.rostered_offsets[department]
    if first < office.rostered_offsets[department + 1]:
        queues.rostered_jobs[first + who_has(office, queues, department, job)] = IDLE
    want(queues, counters, department)


@shared
def queue_up(queues: Queues, department: int, key: int, job: int) -> None:
    """Put a job into a department's queue. Modified in place."""
    first, last = queues.offsets[department], queues.offsets[department + 1]
    keys, jobs = queues.keys[first:last], queues.jobs[first:last]
    queues.lengths[department] = push(keys, jobs, queues.lengths[department], key, job)


@shared
def want(queues: Queues, counters: Counters, department: int) -> None:
    """Ask a department with a queue to take up reviews at the end of the instant."""
    if queues.is_wanted[department] or queues.lengths[department] == 0:
        return
    queues.is_wanted[department] = 1
    queues.wanted[counters.n_wanted] = department
    counters.n_wanted += 1


@shared
def want_no_more(queues: Queues, counters: Counters, department: int) -> None:
    """A department that was asked sets to work. Modified in place."""
    queues.is_wanted[department] = 0
    row = 0
    while queues.wanted[row] != department:
        row += 1
    queues.wanted[row] = queues.wanted[counters.n_wanted - 1]
    counters.n_wanted -= 1


@shared
def lowest(numbers: Ints, n: int) -> int:
    """The lowest of the first `n` numbers."""
    least = int(numbers[0])
    for row in range(1, n):
        least = min(least, int(numbers[row]))
    return least


@phase
def take_up(
    office: BackOffice,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    queues: Queues,
    counters: Counters,
    department: int,
    now: int,
    end: int,
) -> None:
    """Free reviewers of a department take up what is next; a closed one wakes at its opening.

    Sets off: the ends of what is taken up; the department's next call. Reads: its queue and hours.
    Writes: starts of reviews and of checks online.
    """
    opening = opening_of(office, department)
    row = rows_from(opening.starts, queues.openings[department], now)
    queues.openings[department] = row
    if not is_open(opening, row, now):
        opens_at = next_opening(opening, row)
        if queues.wakes_at[department] != opens_at and opens_at < NEVER:
            queues.wakes_at[department] = opens_at
            schedule(events, counters, opens_at, CALL + DEPARTMENTS + department)
        return
    n_reviews, n_errands = len(tape.reviews.touch), len(tape.errands.purpose)
    first, last = queues.offsets[department], queues.offsets[department + 1]
    keys, jobs = queues.keys[first:last], queues.jobs[first:last]
    queued = queues.lengths[department]
    reviewer = office.rostered_offsets[department]
    after_last = office.rostered_offsets[department + 1]
    has_roster = reviewer < after_last
    comes_on = NEVER
    while queued > 0 and (has_roster or queues.free[department] > 0):
        if has_roster:
            # who is on duty longest comes first; the rest wait until more come on
            if reviewer == after_last:
                break
            opening = rostered_opening(office, reviewer)
            row = rows_from(opening.starts, queues.rostered_rows[reviewer], now)
            queues.rostered_rows[reviewer] = row
            comes_on = min(comes_on, next_opening(opening, row))
            reviewer += 1
            if queues.rostered_jobs[reviewer - 1] != IDLE or not is_open(opening, row, now):
                continue
        queues.free[department] -= 1
        job = jobs[0]
        queued = pop(keys, jobs, queued)
        if has_roster:
            queues.rostered_jobs[reviewer - 1] = job
        on_the_spot = False
        if job < n_reviews:
            touch = tape.reviews.touch[job]
            journal.started_at[job] = now
            if has_roster:
                journal.reviewer[job] = reviewer - 1 - office.rostered_offsets[department]
        elif job < n_reviews + n_errands:
            errand = job - n_reviews
            touch = tape.errands.precheck[errand]
            journal.called_at[errands.row[errand]] = now
        else:
            # a survey begins when the last reviewer is there; the others stand by until then
            job = int(tape.attendances.review[job - n_reviews - n_errands])
            attends = int(tape.reviews.attends[job])
            cases.absent[attends] -= 1
            if cases.absent[attends] > 0:
                continue
            touch, on_the_spot = tape.reviews.touch[job], True
            journal.started_at[job] = now
            if len(journal.reviewer) > 0:
                own = office.department[tape.items.item[tape.reviews.case_item[job]]]
                journal.reviewer[job] = who_has(office, queues, own, attendance_job(tape, attends))
        ends_at = now + touch
        if not office.finishes[department] and not on_the_spot:
            ends_at = end_of_work(opening, row, now, touch)
        if ends_at < end:
            schedule(events, counters, ends_at, END + REVIEWS + job)
    queues.lengths[department] = queued
    if has_roster and queued > 0 and queues.wakes_at[department] != comes_on and comes_on < NEVER:
        queues.wakes_at[department] = comes_on
        schedule(events, counters, comes_on, CALL + DEPARTMENTS + department)


@phase
def ask_for_reviews(hall: HallPlan, windows: Windows, queues: Queues, counters: Counters) -> None:
    """After the calls: clerks who have nobody ask their departments. Sets off: those."""
    first = windows.first_idle[HALL]
    for slot in range(first, first + windows.n_idle[HALL]):
        department = hall.reviews_for[windows.idle[slot]]
        if department >= 0:
            want(queues, counters, department)


@phase
def take_up_reviews(
    hall: HallPlan,
    office: BackOffice,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    lists: Lists,
    windows: Windows,
    cases: CaseState,
    queues: Queues,
    counters: Counters,
    department: int,
    by_request: bool,
    sure: int,
    sure_order: int,
    now: int,
    end: int,
) -> None:
    """A department takes up reviews, then each other one that is asked to in this instant.

    `by_request`: of this instant, else it wakes at its opening. The next one follows without an
    event of its own, as long as nothing pending or sure to come stands before it.
    """
    while department >= 0:
        if by_request and queues.is_wanted[department]:
            want_no_more(queues, counters, department)
        take_up(
            office, tape, journal, events, errands, cases, queues, counters, department, now, end
        )
        if hall.clerks_review:
            clerks_take_up(
                hall, tape.reviews.touch, journal, events, lists, windows, queues, counters,
                department, now,
            )  # fmt: skip
        department, by_request = -1, True
        if counters.n_wanted > 0 and not counters.calls_wanted:
            lowest_wanted = lowest(queues.wanted, counters.n_wanted)
            order = CALL + DEPARTMENTS + lowest_wanted
            if is_next(
                events.times, events.orders, counters.n_events, sure, sure_order, now, order
            ):
                department = lowest_wanted


@phase
def finish_review(
    office: BackOffice, tape: Tape, queues: Queues, counters: Counters, review: int
) -> None:
    """Who did a review are free. Sets off: their departments, where somebody waits."""
    item = int(tape.items.item[tape.reviews.case_item[review]])
    attends = int(tape.reviews.attends[review])
    if attends < 0:
        lay_down(office, queues, counters, office.department[item], review)
        return
    # the item's own department comes first among those of a survey
    first = int(office.survey_offsets[item])
    for n in range(first, office.survey_offsets[item + 1]):
        job = attendance_job(tape, attends + n - first)
        lay_down(office, queues, counters, office.survey[n], job)
