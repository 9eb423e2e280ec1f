"""The fast engine: the reference's story as one compiled loop over events.

Same order of an instant, same decisions (`choices.py`, `hours.py`), same journal, tick for tick.
Scenarios are data: the loop is compiled once. This file has the loop alone, which finds the next
event and hands it on; what it sets off is told where the reference tells it:

* the hall (`hall_floor.py`) in `fast_hall.py` and `fast_calls.py`, with `fast_lines.py`,
  `fast_clerks.py`, `fast_reserves.py` and `fast_breaks.py`;
* a visit (`hall_visits.py`) in `fast_visits.py` and `fast_tickets.py`;
* the back office (`back_office.py`) in `fast_office.py` and `fast_reviewers.py`.

All are compiled as one kernel, in which what is called is put in place of the call.
"""

from __future__ import annotations

from typing import Final

from sim.clock import NEVER
from sim.engine.fast_breaks import turn_break
from sim.engine.fast_calls import call_people
from sim.engine.fast_clerk_reviews import finish_clerk_review
from sim.engine.fast_hall import (
    change_desk,
    change_shift,
    close_place,
    finish_at_desk,
    finish_at_window,
    give_up,
    look_round,
)
from sim.engine.fast_lines import NONE
from sim.engine.fast_office import work_on_cases
from sim.engine.fast_outages import change_systems
from sim.engine.fast_reserves import open_reserve
from sim.engine.fast_reviewers import (
    ask_for_reviews,
    finish_review,
    lay_down,
    lowest,
    take_up_reviews,
)
from sim.engine.fast_visits import arrive, go_on
from sim.engine.first_state import blank_state
from sim.engine.instant import ARRIVE, CALL, CLOSE, END, SHIFT, TURN_ROUND
from sim.engine.jit import is_kept, kernel
from sim.engine.orders import (
    APPOINTED,
    CARRIED,
    DEPARTMENTS,
    LONG_WAIT,
    MENDED,
    NUMBERS,
    REVIEWS,
    SPANS,
)
from sim.engine.pending import done, soonest
from sim.engine.room import Room
from sim.engine.stages import NOTHING, OVER
from sim.engine.state import State
from sim.plan.chances import realised_plan
from sim.plan.journal import SENT_BACK, SERVED, Journal, blank_journal, written
from sim.plan.plan import BackOffice, HallPlan, Plan, freeze
from sim.plan.tape import Tape, empty_tape

ROOM: Final = Room()

# where the next event comes from
PENDING: Final = 0
SURE: Final = 1
CALLS: Final = 2


def run_fast(plan: Plan, tape: Tape) -> Journal:
    """Run one replication with the compiled loop.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> run_fast(plan, draw_tape(plan.demand, seed=1, replication=0))
    Journal(2355 tickets, 2355 cases)
    """
    ROOM.clear()
    plan = realised_plan(plan, tape)
    # The loop is compiled for read-only arrays, and would be again, for three quarters of a minute,
    # for the arrays of a plan that was changed or has come through a pipe.
    freeze(plan.hall)
    freeze(plan.office)
    journal = blank_journal(plan, tape, ROOM.full)
    state = blank_state(plan, tape, journal, ROOM)
    serve(plan.hall, plan.office, tape, journal, state, plan.period.end)
    return written(journal)


def warm_up(plan: Plan) -> None:
    """Compile the loop, or read it from disk, before anybody waits for it."""
    tape = empty_tape()
    journal = blank_journal(plan, tape)
    serve(plan.hall, plan.office, tape, journal, blank_state(plan, tape, journal, Room()), 0)


def is_compiled() -> bool:
    """Whether the loop need not be compiled: here already, or kept on disk."""
    return is_kept(serve)


@kernel
def serve(
    hall: HallPlan, office: BackOffice, tape: Tape, journal: Journal, state: State, end: int
) -> None:
    """Everybody's story until the run ends. `journal` and `state` are modified in place."""
    events, errands, lines, lists, windows, reserves, cases, queues, doors, counters, aftermath = (
        state
    )
    times, orders = events.times, events.orders
    n_windows, n_places = len(hall.factor), len(hall.at_home)
    n_cases, n_reviews = len(tape.cases.matter), len(tape.reviews.touch)
    next_case = next_fixed = now = sure = sure_order = NONE
    is_known, is_case = False, False
    while True:
        # === what is sure to come: the next shift or closing, or the next case === #
        if not is_known:
            is_known, is_case = True, False
            sure, sure_order = NEVER, NONE
            if next_fixed < len(events.fixed_times):
                sure, sure_order = events.fixed_times[next_fixed], events.fixed_orders[next_fixed]
            if next_case < n_cases:
                comes_at = tape.cases.arrived_at[next_case]
                arrival = ARRIVE + int(tape.cases.errand_offsets[next_case])
                if comes_at < sure or (comes_at == sure and arrival < sure_order):
                    sure, sure_order, is_case = comes_at, arrival, True
        # === the next event: that, a pending one, or calls === #
        soon, source = soonest(times, orders, counters.n_events), PENDING
        time, order = times[soon], orders[soon]
        if sure < time or (sure == time and sure_order < order):
            time, order, source = sure, sure_order, SURE
        if counters.calls_wanted or counters.n_wanted > 0:
            # asked for at the end of the instant: after all that is before them in its order
            call = CALL
            if not counters.calls_wanted:
                call = CALL + DEPARTMENTS + lowest(queues.wanted, counters.n_wanted)
            if time > now or order >= call:
                time, order, source = now, call, CALLS
        if time >= end:
            break
        now = time
        if source == PENDING:
            counters.n_events = done(times, orders, counters.n_events, soon)
        elif source == SURE:
            is_known = False
            if is_case:
                next_case += 1
            else:
                next_fixed += 1
        # === the event, in the order of an instant === #
        phase, number, step = order & ~NUMBERS, order & NUMBERS, NOTHING
        if phase == END and number < n_windows and windows.reviewing[number] >= 0:
            finish_clerk_review(
                hall, lines, lists, windows, reserves, counters, aftermath, number, now
            )  # fmt: skip
        elif phase == END and number < n_windows:
            step = finish_at_window(
                hall,
                doors,
                tape,
                journal,
                events,
                lines,
                lists,
                windows,
                reserves,
                counters,
                aftermath,
                number,
                now,
            )
        elif phase == END and number < REVIEWS:
            errand = number - n_windows
            step = finish_at_desk(
                hall, tape.errands, events, errands, counters, aftermath, errand, sure, sure_order,
                now,
            )  # fmt: skip
        elif phase == END and number < REVIEWS + n_reviews:
            aftermath.reviewed = number - REVIEWS
            finish_review(office, tape, queues, counters, number - REVIEWS)
        elif phase == END and number < SPANS:
            # a check of what was handed in online
            errand = number - REVIEWS - n_reviews
            aftermath.errand = errand
            aftermath.fate, step = SERVED if tape.errands.complete[errand] else SENT_BACK, OVER
            lay_down(office, queues, counters, office.online_department, number - REVIEWS)
        elif phase == END and number < MENDED:
            aftermath.completed = number - SPANS
        elif phase == END and number < APPOINTED:
            cases.starts[0], aftermath.n_starts = number - MENDED + 1, 1
        elif phase == END and number < CARRIED:
            cases.starts[0], aftermath.n_starts = tape.items.review_offsets[number - APPOINTED], 1
        elif phase == END:
            aftermath.accepts = number - CARRIED
        elif phase == SHIFT and number < n_windows:
            change_shift(hall, lists, windows, reserves, counters, number, now)
        elif phase == SHIFT and number > n_windows + len(reserves.group):
            calendar = number - n_windows - 1 - len(reserves.group)
            change_systems(hall, lines, lists, windows, counters, calendar, now)
        elif phase == SHIFT and number > n_windows:
            open_reserve(lists, windows, reserves, counters, number - n_windows - 1, now)
        elif phase == SHIFT:
            change_desk(hall, events, errands, counters, now)
        elif phase == CLOSE and number >= n_places:
            turn_break(
                hall, tape, journal, events, errands, lines, lists, windows, reserves, cases,
                counters, aftermath, number - n_places, now, end,
            )  # fmt: skip
        elif phase == CLOSE:
            close_place(
                hall,
                journal,
                errands,
                lines,
                lists,
                windows,
                reserves,
                cases,
                counters,
                aftermath,
                number,
                now,
            )
        elif phase == ARRIVE:
            aftermath.errand = number
            step = arrive(
                doors, tape.errands, journal, events, errands, cases, counters, number,
                source == SURE, now, end,
            )  # fmt: skip
        elif phase == CALL and number == 0:
            call_people(
                hall, tape, journal, events, errands, lines, lists, windows, reserves, cases,
                counters, now, end,
            )  # fmt: skip
            if hall.clerks_review:
                ask_for_reviews(hall, windows, queues, counters)
        elif phase == CALL and number == LONG_WAIT:
            counters.calls_wanted = 1
        elif phase == CALL:
            take_up_reviews(
                hall, office, tape, journal, events, errands, lists, windows, cases, queues,
                counters, number - DEPARTMENTS, source == CALLS, sure, sure_order, now, end,
            )  # fmt: skip
        elif phase == TURN_ROUND:
            step = look_round(
                hall, tape, journal, lines, lists, reserves, cases, counters, aftermath
            )
        else:
            step = give_up(journal, lines, lists, reserves, counters, aftermath, number)
        # === what it sets off at this instant === #
        if step != NOTHING or aftermath.n_leaving > 0:
            go_on(
                hall, office, doors, tape, journal, events, errands, lines, lists, windows,
                reserves, cases, queues, counters, aftermath, step, now, end,
            )  # fmt: skip
        work_on_cases(
            office,
            doors,
            tape,
            journal,
            events,
            errands,
            cases,
            queues,
            counters,
            aftermath,
            now,
            end,
        )
    journal.n_tickets[0] = counters.n_rows
