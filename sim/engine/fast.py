"""The fast engine: the reference's story as one compiled loop over events.

Same order of an instant, same decisions (`choices.py`, `hours.py`), same journal, tick for tick.
Where the reference has a person's story with pauses, this has a stage an errand has reached; an
event looks the stage up and goes on from there. Scenarios are data: the loop is compiled once.
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Bools, Ints
from sim.clock import DAY, NEVER
from sim.engine.choices import (
    balks,
    expected_wait,
    is_full,
    is_long,
    is_short,
    rank,
    service_ticks,
)
from sim.engine.heap import pop, push
from sim.engine.hours import (
    Opening,
    TicketHours,
    after_workdays,
    carried,
    comes_again,
    comes_when_open,
    door_opens,
    due,
    end_of_work,
    is_open,
    next_opening,
    open_from,
    papers_wait,
    rows_from,
)
from sim.engine.instant import ARRIVE, CALL, CLOSE, END, GIVE_UP, PHASE, SHIFT, TURN_ROUND
from sim.engine.jit import is_kept, kernel, shared, whole
from sim.engine.pending import done, expect, is_next, soonest
from sim.engine.room import Room
from sim.engine.state import (
    WORD,
    CaseState,
    Errands,
    Events,
    Lines,
    Lists,
    Queues,
    Reserves,
    State,
    Windows,
    blank_state,
)
from sim.plan.journal import (
    BALKED,
    CAUGHT,
    CUT_OFF,
    FORWARDED,
    GAVE_UP,
    ISSUED,
    LOST,
    MISSED,
    ONLINE_LIST,
    OPEN,
    PARTLY,
    REJECTED,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
    blank_journal,
    written,
)
from sim.plan.plan import (
    FIRST_IN,
    HABIT,
    HALL,
    NO_LIMIT,
    NOT_CALLED,
    OWN_FIRST,
    SHORTEST_WAIT,
    BackOffice,
    HallPlan,
    Plan,
)
from sim.plan.tape import (
    ANOTHER_TRIP,
    COLLECT,
    GOES_ONLINE,
    INTAKE,
    IS_LOST,
    ON_THE_SPOT,
    Tape,
    empty_tape,
)

# numbers of ends and calls in an instant, as in `back_office.py` and `hall_floor.py`
NUMBERS: Final = PHASE - 1
"""Bits of an order that are the number inside its phase."""
REVIEWS: Final = 1 << 32
SPANS: Final = 2 * REVIEWS
MENDED: Final = 3 * REVIEWS
APPOINTED: Final = 4 * REVIEWS
CARRIED: Final = 5 * REVIEWS
LONG_WAIT: Final = 1
DEPARTMENTS: Final = 2
NO_LINE: Final = -1

ROOM: Final = Room()

NONE: Final = whole(0)
ONE: Final = whole(1)

# how a ticket waits
NO_MORE: Final = 0
WAITS: Final = 1
NEWCOMER: Final = 2
"""Waits since this instant, and has not looked yet how many wait in front."""

# where the next event comes from
PENDING: Final = 0
SURE: Final = 1
CALLS: Final = 2

# what an errand's next arrival means
COMES: Final = 0
RETURNS_INSIDE: Final = 1
DOOR_OPENS: Final = 2
TAKES_TICKET: Final = 3
CALLED_IN_VAIN: Final = 4
SENT_ON: Final = 5
PAPERS_LIE: Final = 6

# what happens next to the errand in hand
NOTHING: Final = 0
VISIT: Final = 1
ENTER: Final = 2
TICKET: Final = 3
OVER: Final = 4
APPLY: Final = 5
PAPERS: Final = 6


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


@shared
def opening_of(starts: Ints, ends: Ints, before: Ints, offsets: Ints, calendar: int) -> Opening:
    """One calendar of the plan, as `hours.py` reads it."""
    rows = slice(offsets[calendar], offsets[calendar + 1])
    return Opening(starts[rows], ends[rows], before[rows])


@shared
def hours_of(hall: HallPlan, place: int) -> TicketHours:
    """When a place gives tickets."""
    n_days = hall.day_closes.shape[1]
    offsets = hall.ticket_offsets[place * n_days : (place + 1) * n_days + 1]
    return TicketHours(offsets, hall.ticket_opens, hall.ticket_closes)


@shared
def onward_from(hall: HallPlan, tape: Tape, errand: int, place: int) -> int:
    """Where papers go from a place; -1 when they stay. Results are fetched there."""
    if place == HALL or tape.purpose[errand] == COLLECT:
        return -1
    return int(hall.onward[place, tape.sought[errand]])


@shared
def courier(hall: HallPlan, place: int, now: int) -> int:
    """When papers that a place has now are where they go."""
    first, last = hall.courier_offsets[place], hall.courier_offsets[place + 1]
    return int(carried(hall.courier_leaves, hall.courier_arrives, first, last, now))


@shared
def is_served(lists: Lists, line: int, now: int) -> bool:
    """Whether a window that may call the line is on duty, or will be later today."""
    on_duty: bool = lists.on_duty_for[line] > 0
    return on_duty or lists.line_duty_until[line, now // DAY] > now


@shared
def choose_line(
    lists: Lists, now: int, place: int, matter: int, class_: int, route: float, habit: float
) -> int:
    """The line a ticket joins; NO_LINE when nobody will serve it today."""
    accepting = (place * lists.n_matters + matter) * lists.n_classes + class_
    first, last = lists.accept_offsets[accepting], lists.accept_offsets[accepting + 1]
    found, chosen, least, total = 0, NO_LINE, 0.0, 0.0
    for n in range(first, last):
        line = lists.accepted_by[n]
        if not is_served(lists, line, now):
            continue
        z = lists.list_of_line[line]
        if lists.routing == SHORTEST_WAIT:
            wait = expected_wait(
                lists.waiting[z], lists.busy_in[z], lists.on_duty_in[z], lists.mean_service[z]
            )
            if found == 0 or wait < least:
                chosen, least = line, wait
        elif found == 0:
            chosen = line
        found += 1
        total += lists.route_shares[z]
    if found < 2 or lists.routing == SHORTEST_WAIT:
        return chosen
    goal = (habit if lists.routing == HABIT else route) * total
    for n in range(first, last):
        line = lists.accepted_by[n]
        if is_served(lists, line, now):
            chosen = line
            goal -= lists.route_shares[lists.list_of_line[line]]
            if goal < 0:
                break
    return chosen


@shared
def rank_of(lines: Lines, row: int, now: int) -> float:
    """Rank of a waiting ticket."""
    class_, wait = lines.class_of_line[lines.line[row]], now - lines.taken_at[row]
    return rank(lines.calling, lines.priority[class_], lines.weight[class_], lines.ageing, wait)


@shared
def next_ticket(lines: Lines, called: Ints, now: int, latest: int) -> int:
    """Row of lowest rank among the heads of some lines that were taken by `latest`; -1 = none."""
    best = -ONE
    for word in range(len(called)):
        bits, line = called[word] & lines.queued[word], word * WORD
        while bits > 0:
            while bits & 0xFF == 0:
                bits, line = bits >> 8, line + 8
            while bits & 1 == 0:
                bits, line = bits >> 1, line + 1
            head = lines.first[line]
            while lines.waits[head] == 0:
                head = int(lines.next_[head])
            lines.first[line] = head
            bits, line = bits >> 1, line + 1
            if lines.taken_at[head] > latest:
                continue
            if best >= 0:
                mine, other = rank_of(lines, head, now), rank_of(lines, best, now)
                if mine > other or (mine == other and lines.number[head] > lines.number[best]):
                    continue
            best = head
    return best


@shared
def joins_line(lines: Lines, waiting: Ints, line: int, row: int, number: int, looks: bool) -> None:
    """A ticket is the last of its line; `looks`: it may turn round. Modified in place."""
    lines.line[row], lines.number[row] = line, number
    lines.waits[row], lines.next_[row] = WAITS, -1
    if looks:
        lines.waits[row] = NEWCOMER
        lines.newcomers[lines.list_of_line[line]] += 1
    if lines.waiting_in[line] == 0:
        lines.first[line] = row
        lines.queued[line // WORD] |= 1 << line % WORD
    else:
        lines.next_[lines.last[line]] = row
    lines.last[line] = row
    lines.waiting_in[line] += 1
    waiting[lines.list_of_line[line]] += 1


@shared
def waits_no_more(lines: Lines, waiting: Ints, row: int) -> None:
    """A ticket leaves its line. Modified in place."""
    line = int(lines.line[row])
    if lines.waits[row] == NEWCOMER:
        lines.newcomers[lines.list_of_line[line]] -= 1
    lines.waits[row] = NO_MORE
    waiting[lines.list_of_line[line]] -= 1
    lines.waiting_in[line] -= 1
    if lines.waiting_in[line] == 0:
        lines.queued[line // WORD] &= ~(1 << line % WORD)


@shared
def becomes_idle(idle: Ints, turns: Ints, window: int, turn: int, n_idle: int) -> int:
    """A window takes its place among idle ones; returns how many there are. Modified in place."""
    row = n_idle
    while row > 0:
        before = idle[row - 1]
        if turns[before] < turn or (turns[before] == turn and before < window):
            break
        idle[row] = before
        row -= 1
    idle[row], turns[window] = window, turn
    return n_idle + 1


@shared
def idles_no_more(idle: Ints, window: int, n_idle: int) -> int:
    """A window leaves the idle ones; returns how many are left. Modified in place."""
    row = 0
    while idle[row] != window:
        row += 1
    for place in range(row, n_idle - 1):
        idle[place] = idle[place + 1]
    return n_idle - 1


@shared
def counts(windows: Windows, lists: Lists, group: int, step: int) -> None:
    """One clerk more (+1) or less (-1) that lists may count on. Modified in place."""
    window = windows.members[group]
    lists.on_duty_in[windows.list_of_window[window]] += step
    for line in range(len(lists.on_duty_for)):
        if windows.calls[window, line] != NOT_CALLED:
            lists.on_duty_for[line] += step


@shared
def one_goes(windows: Windows, lists: Lists, group: int, n_idle: int) -> int:
    """The highest idle window of a group closes; when all are busy, the first to finish will.

    Returns how many windows idle. Modified in place.
    """
    counts(windows, lists, group, -ONE)
    for window in range(windows.members[group + 1] - 1, windows.members[group] - 1, -1):
        if windows.on_duty[window] and not windows.busy[window]:
            windows.on_duty[window] = 0
            return idles_no_more(windows.idle, window, n_idle)
    windows.leaving[group] += 1
    return n_idle


@shared
def one_comes(windows: Windows, lists: Lists, group: int, now: int, n_idle: int) -> int:
    """The lowest closed window opens, unless a busy one that was to close goes on.

    Returns how many windows idle. Modified in place.
    """
    counts(windows, lists, group, ONE)
    if windows.leaving[group] > 0:
        windows.leaving[group] -= 1
        return n_idle
    window = windows.members[group]
    while windows.on_duty[window]:
        window += 1
    windows.on_duty[window] = 1
    return rests(windows, window, now, n_idle)


@shared
def rests(windows: Windows, window: int, now: int, n_idle: int) -> int:
    """A window on duty has nobody; returns how many windows idle. Modified in place."""
    turn = now if windows.longest_idle else windows.n_skills[window]
    return becomes_idle(windows.idle, windows.turn, window, turn, n_idle)


@shared
def on_hand(windows: Windows, group: int) -> int:
    """Clerks at the windows of a group that do not close when they have finished."""
    found = -windows.leaving[group]
    for window in range(windows.members[group], windows.members[group + 1]):
        found += windows.on_duty[window]
    return int(found)


@shared
def has_idle(windows: Windows, group: int) -> bool:
    """Whether a window of the group is on duty and has nobody."""
    for window in range(windows.members[group], windows.members[group + 1]):
        if windows.on_duty[window] and not windows.busy[window]:
            return True
    return False


@shared
def goes_off(windows: Windows, lists: Lists, reserves: Reserves, group: int, n_idle: int) -> int:
    """A clerk goes by the roster; who is at a reserve window goes from there.

    Returns how many windows idle. Modified in place.
    """
    t = reserves.tidal_of[group]
    if t >= 0 and (reserves.pool[t] >= 0 or reserves.spare[t] > 0):
        reserves.spare[t] -= 1
        return n_idle
    if t < 0:
        if len(reserves.group) == 0 or on_hand(windows, group) > 0:
            return one_goes(windows, lists, group, n_idle)
        t = NONE
        while reserves.pool[t] != group or reserves.lent[t] == 0:
            t += 1
    reserves.lent[t] -= 1
    if reserves.pool[t] >= 0:
        reserves.spare[t] += 1
    if reserves.coming_at[t] >= 0:
        reserves.coming_at[t] = -1
        return n_idle
    return one_goes(windows, lists, reserves.group[t], n_idle)


@shared
def longest_wait(lines: Lines, list_: int, now: int) -> int:
    """Ticks that the first ticket of a list has waited. Heads of lines are brought up to date."""
    found = NONE
    for line in range(lines.first_of_list[list_], lines.first_of_list[list_ + 1]):
        if lines.waiting_in[line] > 0:
            head = lines.first[line]
            while lines.waits[head] == 0:
                head = int(lines.next_[head])
            lines.first[line] = head
            found = max(found, now - lines.taken_at[head])
    return found


@shared
def may_close(reserves: Reserves, waiting: Ints, t: int) -> bool:
    """Whether it is worth looking if an idle reserve window closes."""
    return bool(reserves.lent[t] > 0 and waiting[reserves.list_[t]] <= reserves.closes_at[t])


@shared
def close_reserves(
    windows: Windows, lists: Lists, lines: Lines, reserves: Reserves, now: int, n_idle: int
) -> int:
    """Idle reserve windows close while their list is short; their clerks go back.

    Returns how many windows idle. Modified in place.
    """
    for t in range(len(reserves.group)):
        if reserves.lent[t] == 0:
            continue
        group, list_, pool = reserves.group[t], reserves.list_[t], reserves.pool[t]
        while lists.waiting[list_] <= reserves.closes_at[t] and has_idle(windows, group):
            closes_at, opens_after = reserves.closes_at[t], reserves.opens_after[t]
            longest = longest_wait(lines, list_, now) if opens_after < NEVER else NONE
            if not is_short(lists.waiting[list_], longest, closes_at, opens_after):
                break
            n_idle = one_goes(windows, lists, group, n_idle)
            reserves.lent[t] -= 1
            reserves.spare[t] += 1
            reserves.n_closed[0] += 1
            if pool >= 0:
                n_idle = one_comes(windows, lists, pool, now, n_idle)
    return n_idle


@shared
def may_open(
    windows: Windows, lists: Lists, lines: Lines, reserves: Reserves, t: int, now: int
) -> bool:
    """Whether a reserve window is wanted, and a clerk can be spared."""
    list_, pool = reserves.list_[t], reserves.pool[t]
    opens_at, opens_after = reserves.opens_at[t], reserves.opens_after[t]
    if lists.waiting[list_] == 0 or reserves.spare[t] <= 0 or reserves.coming_at[t] >= 0:
        return False
    longest = longest_wait(lines, list_, now) if opens_after < NEVER else NONE
    if not is_long(lists.waiting[list_], longest, opens_at, opens_after):
        return False
    return pool < 0 or (has_idle(windows, pool) and on_hand(windows, pool) > reserves.keep[t])


@shared
def send_home(windows: Windows, lists: Lists, reserves: Reserves, place: int, n_idle: int) -> int:
    """Clerks who stayed after closing go; returns how many windows idle. Modified in place."""
    windows.stays[place] = 0
    for group in range(len(windows.staying)):
        while windows.staying[group] > 0 and windows.place_of_group[group] == place:
            windows.staying[group] -= 1
            n_idle = goes_off(windows, lists, reserves, group, n_idle)
    return n_idle


@shared
def queue_up(queues: Queues, department: int, key: int, job: int) -> None:
    """Put a job into a department's queue. Modified in place."""
    first, last = queues.offsets[department], queues.offsets[department + 1]
    keys, jobs = queues.keys[first:last], queues.jobs[first:last]
    queues.lengths[department] = push(keys, jobs, queues.lengths[department], key, job)


@shared
def want(queues: Queues, department: int, n_wanted: int) -> int:
    """Ask a department with a queue to take up reviews at the end of the instant.

    Returns how many departments are asked. Modified in place.
    """
    if queues.is_wanted[department] or queues.lengths[department] == 0:
        return n_wanted
    queues.is_wanted[department] = 1
    queues.wanted[n_wanted] = department
    return n_wanted + 1


@shared
def one_less(tape: Tape, journal: Journal, cases: CaseState, case: int, now: int) -> bool:
    """One thing less in hand; with nothing left the case is closed. Modified in place.

    Returns whether there is a result to issue.
    """
    cases.in_hand[case] -= 1
    if cases.in_hand[case] > 0:
        return False
    outcome = cases.outcome[case]
    if outcome == OPEN:
        first, last = int(tape.item_offsets[case]), int(tape.item_offsets[case + 1])
        outcome = outcome_of(tape.rejected, journal.completed_at, first, last)
    journal.case_fate[case], journal.closed_at[case] = outcome, now
    return bool(outcome in (ISSUED, PARTLY))


@shared
def wants_no_more(queues: Queues, department: int, n_wanted: int) -> int:
    """A department that was asked sets to work; returns how many are left. Modified in place."""
    queues.is_wanted[department] = 0
    row = 0
    while queues.wanted[row] != department:
        row += 1
    queues.wanted[row] = queues.wanted[n_wanted - 1]
    return n_wanted - 1


@shared
def lowest(numbers: Ints, n: int) -> int:
    """The lowest of the first `n` numbers."""
    found = int(numbers[0])
    for row in range(1, n):
        found = min(found, int(numbers[row]))
    return found


@shared
def take_up(
    office: BackOffice,
    tape: Tape,
    journal: Journal,
    errands: Errands,
    events: Events,
    cases: CaseState,
    queues: Queues,
    department: int,
    now: int,
    end: int,
    n_events: int,
) -> int:
    """Free reviewers take up what is next; a closed department wakes at its opening.

    Returns how many events are pending. Modified in place.
    """
    times, orders = events.times, events.orders
    opening = opening_of(
        office.open_starts,
        office.open_ends,
        office.open_before,
        office.open_offsets,
        office.calendar[department],
    )
    row = rows_from(opening.starts, queues.openings[department], now)
    queues.openings[department] = row
    if not is_open(opening, row, now):
        opens_at = next_opening(opening, row)
        if queues.wakes_at[department] != opens_at and opens_at < NEVER:
            queues.wakes_at[department] = opens_at
            return expect(times, orders, n_events, opens_at, CALL + DEPARTMENTS + department)
        return n_events
    first, last = queues.offsets[department], queues.offsets[department + 1]
    keys, jobs = queues.keys[first:last], queues.jobs[first:last]
    queued = queues.lengths[department]
    while queued > 0 and queues.free[department] > 0:
        queues.free[department] -= 1
        job = jobs[0]
        queued = pop(keys, jobs, queued)
        on_the_spot = False
        if job < len(tape.touch):
            touch = tape.touch[job]
            journal.started_at[job] = now
        elif job < len(tape.touch) + len(tape.purpose):
            errand = job - len(tape.touch)
            touch = tape.precheck[errand]
            journal.called_at[errands.row[errand]] = now
        else:
            # a survey begins when the last reviewer is there
            job = int(tape.review_of_attendance[job - len(tape.touch) - len(tape.purpose)])
            cases.absent[tape.attends[job]] -= 1
            if cases.absent[tape.attends[job]] > 0:
                continue
            touch, on_the_spot = tape.touch[job], True
            journal.started_at[job] = now
        ends_at = now + touch
        if not office.finishes[department] and not on_the_spot:
            ends_at = end_of_work(opening, row, now, touch)
        if ends_at < end:
            n_events = expect(times, orders, n_events, ends_at, END + REVIEWS + job)
    queues.lengths[department] = queued
    return n_events


@shared
def appointment(office: BackOffice, item: int, now: int) -> int:
    """When a joint survey that can be arranged from now on takes place: all are open then."""
    at = after_workdays(office.workdays, office.workday_rank, now, office.ahead_workdays[item])
    at = min(at, NEVER) + office.ahead_ticks[item]
    before = NEVER
    while at < NEVER and at != before:
        before = at
        for n in range(office.survey_offsets[item], office.survey_offsets[item + 1]):
            opening = opening_of(
                office.open_starts,
                office.open_ends,
                office.open_before,
                office.open_offsets,
                office.calendar[office.survey[n]],
            )
            at = open_from(opening, at)
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


@kernel
def serve(
    hall: HallPlan, office: BackOffice, tape: Tape, journal: Journal, state: State, end: int
) -> None:
    """Everybody's story until the run ends. `journal` and `state` are modified in place."""
    events, errands, lines, lists, windows, reserves, cases, queues = state
    times, orders, n_tidal = events.times, events.orders, len(reserves.group)
    n_windows, n_cases, n_reviews = len(hall.factor), len(tape.matter), len(tape.touch)
    n_events = n_rows = n_tickets = n_fresh = n_idle = n_wanted = NONE
    next_case = next_fixed = now = n_waiting = next_look = n_looks = NONE
    desk_first, desk_last, desk_clerks, desk_busy, desk_step = -1, -1, 0, 0, 0
    calls_wanted, sure_known, is_case = False, False, False
    sure, sure_order = NONE, NONE
    while True:
        # === what is sure to come: the next shift or closing, or the next case === #
        if not sure_known:
            sure_known, is_case = True, False
            sure, sure_order = NEVER, NONE
            if next_fixed < len(events.fixed_times):
                sure, sure_order = events.fixed_times[next_fixed], events.fixed_orders[next_fixed]
            if next_case < n_cases:
                other = tape.arrived_at[next_case]
                order = ARRIVE + int(tape.errand_offsets[next_case])
                if other < sure or (other == sure and order < sure_order):
                    sure, sure_order, is_case = other, order, True
        # === the next event: that, a pending one, or calls === #
        soon, source = soonest(times, orders, n_events), PENDING
        time, order = times[soon], orders[soon]
        if sure < time or (sure == time and sure_order < order):
            time, order, source = sure, sure_order, SURE
        if calls_wanted or n_wanted > 0:
            call = CALL
            if not calls_wanted:
                call = CALL + DEPARTMENTS + lowest(queues.wanted, n_wanted)
            if time > now or order >= call:
                time, order, source = now, call, CALLS
        if time >= end:
            break
        now = time
        if source == PENDING:
            n_events = done(times, orders, n_events, soon)
        elif source == SURE:
            sure_known = False
            if is_case:
                next_case += 1
            else:
                next_fixed += 1
        phase, number = order & ~NUMBERS, order & NUMBERS

        # what the event sets off, done below
        errand, step, fate, row, came_in = -1, NOTHING, 0, -1, True
        n_leaving, n_starts, reviewed, completed, accepts = 0, 0, -1, -1, -1

        if phase == END:
            if number < n_windows:
                # === a window has finished with somebody === #
                window, row = number, windows.served[number]
                errand = int(journal.errand[row])
                windows.busy[window] = 0
                lists.busy_in[hall.list_of_window[window]] -= 1
                group = windows.group_of_window[window]
                if windows.leaving[group] > 0:
                    windows.leaving[group] -= 1
                    windows.on_duty[window] = 0
                else:
                    n_idle = rests(windows, window, now, n_idle)
                    if n_waiting > 0 or reserves.is_tidal[group]:
                        calls_wanted = True
                step = OVER
                if not windows.answers[window]:
                    fate = MISSED
                elif not tape.complete[errand]:
                    fate = SENT_BACK
                elif onward_from(hall, tape, errand, int(journal.place[row])) >= 0:
                    fate = FORWARDED
                else:
                    fate = SERVED
            elif number < REVIEWS:
                # === the desk has finished with somebody === #
                errand = number - n_windows
                row = int(errands.row[errand])
                desk_busy -= 1
                if desk_first >= 0:
                    calls_wanted = True
                if not tape.complete[errand] and tape.catch[errand] < hall.catches:
                    step, fate = OVER, CAUGHT
                elif is_next(times, orders, n_events, sure, sure_order, now, ARRIVE + errand):
                    step = TICKET
                else:
                    errands.stage[errand] = TAKES_TICKET
                    n_events = expect(times, orders, n_events, now, ARRIVE + errand)
            elif number < SPANS:
                # === a reviewer has finished a job === #
                job = number - REVIEWS
                if job < n_reviews:
                    reviewed = job
                    item = int(tape.item[tape.item_of_review[job]])
                    department = office.department[item]
                else:
                    errand = job - n_reviews
                    row = int(errands.row[errand])
                    step, fate = OVER, SERVED if tape.complete[errand] else SENT_BACK
                    department = office.online_department
                queues.free[department] += 1
                n_wanted = want(queues, department, n_wanted)
                if job < n_reviews and tape.attends[job] >= 0:
                    # the item's own department comes first among those of a survey
                    for n in range(
                        office.survey_offsets[item] + 1, office.survey_offsets[item + 1]
                    ):
                        queues.free[office.survey[n]] += 1
                        n_wanted = want(queues, office.survey[n], n_wanted)
            elif number < MENDED:
                completed = number - SPANS
            elif number < APPOINTED:
                cases.starts[0], n_starts = number - MENDED + 1, 1
            elif number < CARRIED:
                cases.starts[0], n_starts = tape.review_offsets[number - APPOINTED], 1
            else:
                accepts = number - CARRIED
        elif phase == SHIFT:
            if number < n_windows:
                # === a group has a clerk more or less === #
                shift, group = windows.shifts[number], windows.group_of_window[number]
                windows.shifts[number] = shift + 1
                duty = hall.duty_offsets[number] + shift // 2
                stays = hall.duty_drains[duty] and hall.payroll[number] == group
                if shift % 2 == 1 and stays and not hall.cut_off:
                    windows.staying[group] += 1
                    windows.stays[windows.place_of_group[group]] += 1
                elif shift % 2 == 1:
                    n_idle = goes_off(windows, lists, reserves, group, n_idle)
                elif windows.staying[group] > 0:
                    windows.staying[group] -= 1
                    windows.stays[windows.place_of_group[group]] -= 1
                else:
                    calls_wanted = True
                    if reserves.tidal_of[group] >= 0:
                        reserves.spare[reserves.tidal_of[group]] += 1
                    else:
                        n_idle = one_comes(windows, lists, group, now, n_idle)
            elif number > n_windows:
                # === a reserve window is ready, unless its clerk has gone in the meantime === #
                tidal = number - n_windows - 1
                if reserves.coming_at[tidal] == now:
                    reserves.coming_at[tidal] = -1
                    n_idle = one_comes(windows, lists, reserves.group[tidal], now, n_idle)
                    calls_wanted = True
            else:
                # === the desk's number of people changes === #
                desk_clerks = hall.reception_clerks[desk_step]
                desk_step += 1
                calls_wanted = True
                while desk_clerks == 0 and desk_first >= 0:
                    errands.stage[desk_first] = TAKES_TICKET
                    n_events = expect(times, orders, n_events, now, ARRIVE + desk_first)
                    desk_first = int(errands.behind[desk_first])
        elif phase == CLOSE:
            # === a place closes: who waits in vain leaves === #
            while hall.cut_off and number == HALL and desk_first >= 0:
                cases.leaving[n_leaving] = errands.row[desk_first]
                n_leaving += 1
                desk_first = int(errands.behind[desk_first])
            for line in range(len(lines.first)):
                served = is_served(lists, line, now) and not hall.cut_off
                here = hall.place_of_list[lines.list_of_line[line]] == number
                if lines.waiting_in[line] == 0 or served or not here:
                    continue
                other = lines.first[line]
                while other >= 0:
                    if lines.waits[other]:
                        waits_no_more(lines, lists.waiting, other)
                        n_waiting -= 1
                        calls_wanted = calls_wanted or n_tidal > 0
                        cases.leaving[n_leaving] = other
                        n_leaving += 1
                    other = int(lines.next_[other])
            if windows.inside[number] == 0 and windows.stays[number] > 0:
                n_idle = send_home(windows, lists, reserves, number, n_idle)
        elif phase == ARRIVE:
            # === somebody comes, or goes on === #
            errand = number
            stage = errands.stage[errand]
            row = int(errands.row[errand])
            if stage == TAKES_TICKET:
                step = TICKET
            elif stage == DOOR_OPENS:
                step = ENTER
            elif stage in (COMES, RETURNS_INSIDE):
                case = int(tape.case_of_errand[errand])
                step = APPLY if tape.online[errand] or cases.went_online[case] else VISIT
                place = int(journal.destination[errand])
                if source == SURE and step == VISIT and place != HALL:
                    # --- who first comes to another place than the hall knows its hours --- #
                    again = comes_when_open(hours_of(hall, place), now, tape.position[errand])
                    if again > now:
                        step = NOTHING
                        if again < end:
                            n_events = expect(times, orders, n_events, again, ARRIVE + errand)
            elif stage == PAPERS_LIE:
                step = PAPERS
            elif stage == SENT_ON:
                place = onward_from(hall, tape, errand, int(journal.place[row]))
                row = n_rows
                n_rows += 1
                journal.errand[row], journal.place[row] = errand, place
                journal.arrived_at[row] = now
                errands.row[errand] = row
                step = PAPERS
            else:
                case = int(tape.case_of_errand[errand])
                row = n_rows
                n_rows += 1
                journal.errand[row], journal.trip[row] = errand, cases.trips[case]
                journal.place[row] = journal.destination[errand]
                journal.arrived_at[row] = now
                errands.row[errand] = row
                step = TICKET
        elif phase == CALL:
            if number == 0:
                # === the desk and idle windows call === #
                calls_wanted = False
                for tidal in range(n_tidal):
                    if may_close(reserves, lists.waiting, tidal):
                        n_closed = reserves.n_closed[0]
                        n_idle = close_reserves(windows, lists, lines, reserves, now, n_idle)
                        calls_wanted = reserves.n_closed[0] > n_closed
                        break
                while desk_first >= 0 and desk_busy < desk_clerks:
                    desk_busy += 1
                    journal.greeted_at[errands.row[desk_first]] = now
                    n_events = expect(
                        times,
                        orders,
                        n_events,
                        now + tape.reception[desk_first],
                        END + n_windows + desk_first,
                    )
                    desk_first = int(errands.behind[desk_first])
                kept = 0
                for place in range(n_idle):
                    window = windows.idle[place]
                    ticket = -1
                    if n_waiting > 0:
                        ticket = next_ticket(lines, windows.own[window], now, now)
                        if hall.calling == OWN_FIRST and ticket < 0:
                            latest = now - hall.help_after
                            ticket = next_ticket(lines, windows.helped[window], now, latest)
                    if ticket < 0:
                        windows.idle[kept] = window
                        kept += 1
                        continue
                    waits_no_more(lines, lists.waiting, ticket)
                    n_waiting -= 1
                    windows.busy[window] = 1
                    lists.busy_in[hall.list_of_window[window]] += 1
                    windows.served[window] = ticket
                    other = int(journal.errand[ticket])
                    journal.window[ticket], journal.called_at[ticket] = window, now
                    answers = not tape.missed[other] or errands.was_called[other] == 1
                    errands.was_called[other] = 1
                    windows.answers[window] = answers
                    span = hall.missed_wait
                    if journal.trip[ticket] == 0:
                        share = hall.forwarded_work[journal.destination[other]]
                        span = service_ticks(tape.service[other], hall.factor[window] * share)
                    elif answers:
                        span = service_ticks(tape.service[other], hall.factor[window])
                        span += journal.tour[other]
                    n_events = expect(times, orders, n_events, now + span, END + window)
                n_idle = kept
                for tidal in range(n_tidal):
                    if may_close(reserves, lists.waiting, tidal):
                        n_closed = reserves.n_closed[0]
                        n_idle = close_reserves(windows, lists, lines, reserves, now, n_idle)
                        calls_wanted = calls_wanted or reserves.n_closed[0] > n_closed
                        break
                for tidal in range(n_tidal):
                    waiting, after = (
                        lists.waiting[reserves.list_[tidal]],
                        reserves.opens_after[tidal],
                    )
                    if waiting == 0 or (waiting < reserves.opens_at[tidal] and after == NEVER):
                        continue
                    if not may_open(windows, lists, lines, reserves, tidal, now):
                        continue
                    if reserves.pool[tidal] >= 0:
                        n_idle = one_goes(windows, lists, reserves.pool[tidal], n_idle)
                    reserves.lent[tidal] += 1
                    reserves.spare[tidal] -= 1
                    opens = now + reserves.setup[tidal]
                    reserves.coming_at[tidal] = opens
                    if opens < end:
                        order = SHIFT + n_windows + 1 + tidal
                        n_events = expect(times, orders, n_events, opens, order)
                # who still waits may give up one day; who was called at once never does
                for n in range(n_fresh):
                    other = int(cases.fresh[n])
                    if lines.waits[other]:
                        patience = tape.patience[tape.case_of_errand[journal.errand[other]]]
                        gives_up = now + patience
                        if gives_up < end:
                            n_events = expect(times, orders, n_events, gives_up, GIVE_UP + other)
                n_fresh = 0
            elif number == LONG_WAIT:
                calls_wanted = True
            else:
                # === reviewers take up what is next, of all departments that are asked === #
                department, asked = number - DEPARTMENTS, source == CALLS
                while department >= 0:
                    if asked and queues.is_wanted[department]:
                        n_wanted = wants_no_more(queues, department, n_wanted)
                    n_events = take_up(
                        office,
                        tape,
                        journal,
                        errands,
                        events,
                        cases,
                        queues,
                        department,
                        now,
                        end,
                        n_events,
                    )
                    department, asked = -1, True
                    if n_wanted > 0 and not calls_wanted:
                        other = lowest(queues.wanted, n_wanted)
                        order = CALL + DEPARTMENTS + other
                        if is_next(times, orders, n_events, sure, sure_order, now, order):
                            department = other
        elif phase == TURN_ROUND:
            # === a newcomer who was not called at once sees how many wait in front === #
            row = int(cases.looks[next_look])
            next_look += 1
            if next_look == n_looks:
                next_look = n_looks = NONE
            if lines.waits[row] == NEWCOMER:
                list_ = lines.list_of_line[lines.line[row]]
                lines.waits[row] = WAITS
                lines.newcomers[list_] -= 1
                in_front = lists.waiting[list_] - lines.newcomers[list_] - 1
                if journal.trip[row] > 0 and balks(in_front, hall.balk_at):
                    waits_no_more(lines, lists.waiting, row)
                    n_waiting -= 1
                    calls_wanted = calls_wanted or n_tidal > 0
                    errand, step, fate = int(journal.errand[row]), OVER, BALKED
        elif lines.waits[number]:
            # === patience ends === #
            row = number
            waits_no_more(lines, lists.waiting, row)
            n_waiting -= 1
            calls_wanted = calls_wanted or n_tidal > 0
            errand, step, fate = int(journal.errand[row]), OVER, GAVE_UP

        # === the errand in hand goes on, and those who leave at closing with it === #
        while step != NOTHING or n_leaving > 0:
            if step == NOTHING:
                n_leaving -= 1
                row = int(cases.leaving[n_leaving])
                errand, step, fate = int(journal.errand[row]), OVER, CUT_OFF
            case = int(tape.case_of_errand[errand])
            if step == APPLY:
                row = n_rows
                n_rows += 1
                journal.errand[row], journal.trip[row] = errand, 0
                journal.arrived_at[row], journal.taken_at[row] = now, now
                journal.list_[row] = ONLINE_LIST
                errands.row[errand] = row
                if tape.precheck[errand] > 0:
                    department, step = office.online_department, NOTHING
                    queue_up(queues, department, now, n_reviews + errand)
                    n_wanted = want(queues, department, n_wanted)
                else:
                    journal.called_at[row] = now
                    step, fate = OVER, SERVED if tape.complete[errand] else SENT_BACK
                continue
            if step == VISIT:
                was_inside = errands.stage[errand] == RETURNS_INSIDE
                if not was_inside:
                    cases.trips[case] += 1
                row = n_rows
                n_rows += 1
                journal.errand[row], journal.trip[row] = errand, cases.trips[case]
                journal.place[row] = journal.destination[errand]
                journal.arrived_at[row] = now
                errands.row[errand] = row
                step = TICKET
                if not was_inside:
                    opens = door_opens(hours_of(hall, int(journal.destination[errand])), now)
                    step = ENTER
                    if opens > now:
                        errands.stage[errand] = DOOR_OPENS
                        n_events = expect(times, orders, n_events, opens, ARRIVE + errand)
                        step = NOTHING
                    elif opens < 0:
                        step, fate, came_in = OVER, TURNED_AWAY, False
                continue
            if step == ENTER:
                place = int(journal.destination[errand])
                if place == HALL and is_full(windows.inside[HALL], hall.capacity):
                    step, fate, came_in = OVER, TURNED_AWAY, False
                    continue
                windows.inside[place] += 1
                step = TICKET
                if hall.has_reception and place == HALL:
                    step = NOTHING
                    if desk_clerks == 0:
                        errands.stage[errand] = TAKES_TICKET
                        n_events = expect(times, orders, n_events, now, ARRIVE + errand)
                    else:
                        errands.behind[errand] = -1
                        if desk_first < 0:
                            desk_first = errand
                        else:
                            errands.behind[desk_last] = errand
                        desk_last = errand
                        calls_wanted = True
                continue
            if step == PAPERS:
                # --- papers that nobody brings wait until a place gives tickets --- #
                opens = papers_wait(hours_of(hall, int(journal.place[row])), now)
                step = TICKET
                if opens > now:
                    errands.stage[errand], step = PAPERS_LIE, NOTHING
                    if opens < end:
                        n_events = expect(times, orders, n_events, opens, ARRIVE + errand)
                continue
            if step == TICKET:
                line = choose_line(
                    lists,
                    now,
                    int(journal.place[row]),
                    int(tape.sought[errand]),
                    int(tape.class_[case]),
                    tape.route[errand],
                    tape.habit[case],
                )
                step, fate = OVER, TURNED_AWAY
                if line >= 0:
                    list_ = hall.list_of_line[line]
                    journal.list_[row], journal.taken_at[row] = list_, now
                    step, looks = NOTHING, hall.balk_at != NO_LIMIT
                    joins_line(lines, lists.waiting, line, row, n_tickets, looks)
                    n_tickets += 1
                    n_waiting += 1
                    calls_wanted = True
                    if looks:
                        cases.looks[n_looks] = row
                        n_looks += 1
                        n_events = expect(times, orders, n_events, now, TURN_ROUND)
                    if journal.trip[row] > 0 and tape.patience[case] < NEVER:
                        cases.fresh[n_fresh] = row
                        n_fresh += 1
                    if hall.help_after > 0 and lists.is_helped[line]:
                        n_events = expect(
                            times, orders, n_events, now + hall.help_after, CALL + LONG_WAIT
                        )
                    if n_tidal > 0 and now + reserves.after_of_list[list_] < end:
                        again = now + reserves.after_of_list[list_]
                        n_events = expect(times, orders, n_events, again, CALL + LONG_WAIT)
                continue

            online_row = journal.list_[row] == ONLINE_LIST
            papers = journal.trip[row] == 0 and not online_row
            if papers and fate not in (SERVED, FORWARDED):
                # --- nobody works on the papers today --- #
                errands.stage[errand], step = PAPERS_LIE, NOTHING
                again = comes_again(hours_of(hall, int(journal.place[row])), now, 0, 0.0)
                if again < end:
                    n_events = expect(times, orders, n_events, again, ARRIVE + errand)
                continue
            # --- the row ends; its person goes out, unless papers are mended inside --- #
            journal.fate[row], journal.ended_at[row] = fate, now
            spot = tape.mend[errand] == ON_THE_SPOT
            stays = fate in (SENT_BACK, CAUGHT) and spot
            if fate == MISSED and hall.missed_requeues:
                stays = True
            if came_in and not online_row and not papers and not stays:
                place = int(journal.destination[errand])
                windows.inside[place] -= 1
                if windows.inside[place] == 0 and windows.stays[place] > 0:
                    n_idle = send_home(windows, lists, reserves, place, n_idle)
            step = NOTHING
            if fate == MISSED and hall.missed_requeues:
                errands.stage[errand] = CALLED_IN_VAIN
                n_events = expect(times, orders, n_events, now, ARRIVE + errand)
                continue
            if fate == FORWARDED:
                place = int(journal.place[row])
                errands.stage[errand] = SENT_ON
                arrives = courier(hall, place, now)
                if arrives < end:
                    n_events = expect(times, orders, n_events, arrives, ARRIVE + errand)
                continue
            lost = False
            if fate not in (SERVED, SENT_BACK, CAUGHT):
                # --- unserved: comes again, goes online, or gives the matter up --- #
                leaving = tape.after_leaving[case]
                errands.stage[errand] = COMES
                if leaving == GOES_ONLINE:
                    cases.went_online[case] = 1
                    n_events = expect(times, orders, n_events, now, ARRIVE + errand)
                    continue
                if leaving != IS_LOST and errands.comes[errand] < hall.returns_at_most:
                    errands.comes[errand] += 1
                    again = comes_again(
                        hours_of(hall, int(journal.destination[errand])),
                        now,
                        tape.return_delay[errand],
                        tape.position[errand],
                    )
                    if again < end:
                        n_events = expect(times, orders, n_events, again, ARRIVE + errand)
                    continue
                lost = True
            # --- the errand is done, or the matter given up --- #
            if tape.purpose[errand] == COLLECT:
                if not lost:
                    journal.issued_at[case] = now
            elif lost and tape.purpose[errand] != INTAKE:
                if cases.outcome[case] == OPEN:
                    cases.outcome[case] = LOST
                one_less(tape, journal, cases, case, now)
            elif lost:
                journal.case_fate[case], journal.closed_at[case] = LOST, now
            elif tape.complete[errand] and tape.purpose[errand] != INTAKE:
                cases.starts[0], n_starts = int(errands.review_of[errand]) + 1, 1
            elif tape.complete[errand]:
                # --- accepted; the papers may have to be carried to the departments --- #
                journal.accepted_at[case] = now
                arrives, place = now, int(journal.place[row])
                if not online_row and tape.item_offsets[case] < tape.item_offsets[case + 1]:
                    arrives = courier(hall, place, now)
                if arrives == now:
                    accepts = case
                elif arrives < end:
                    n_events = expect(times, orders, n_events, arrives, END + CARRIED + case)
            else:
                online = tape.online[errand] or cases.went_online[case]
                next_at, errands.stage[errand + 1] = now + tape.mend_delay[errand], COMES
                if not online and spot:
                    next_at = now + tape.spot_delay[errand]
                    errands.stage[errand + 1] = RETURNS_INSIDE
                elif not online and tape.mend[errand] == ANOTHER_TRIP:
                    next_at = comes_again(
                        hours_of(hall, int(journal.destination[errand + 1])),
                        now,
                        tape.mend_delay[errand],
                        tape.position[errand + 1],
                    )
                if next_at < end:
                    n_events = expect(times, orders, n_events, next_at, ARRIVE + errand + 1)

        # === the back office: on while one thing leads to the next at this instant === #
        while accepts >= 0 or completed >= 0 or n_starts > 0 or reviewed >= 0:
            lessens = -1
            # --- a case is accepted or an item finished: what waits for no more is released --- #
            if accepts >= 0:
                lessens = accepts
                cases.in_hand[accepts] = 1
            elif completed >= 0:
                lessens = int(tape.case_of_item[completed])
                journal.completed_at[completed] = now
                stops = tape.rejected[completed] and office.stops[tape.matter[lessens]]
                if stops and cases.outcome[lessens] == OPEN:
                    cases.outcome[lessens] = REJECTED
            if accepts >= 0 or (completed >= 0 and not tape.rejected[completed]):
                first, last = int(tape.item_offsets[lessens]), int(tape.item_offsets[lessens + 1])
                for j in range(first, last):
                    item, waits = int(tape.item[j]), 0
                    for n in range(office.after_offsets[item], office.after_offsets[item + 1]):
                        if completed >= 0:
                            waits += office.after[n] == tape.item[completed]
                        else:
                            for k in range(first, last):
                                waits += office.after[n] == tape.item[k]
                    if accepts >= 0:
                        cases.waits_for[j] = waits
                    elif waits == 0 or cases.outcome[lessens] != OPEN:
                        continue
                    else:
                        cases.waits_for[j] -= waits
                    if cases.waits_for[j] == 0:
                        cases.in_hand[lessens] += 1
                        journal.item_released_at[j] = now
                        other = int(tape.application[j])
                        if other < 0:
                            if office.survey_offsets[item] < office.survey_offsets[item + 1]:
                                again = appointment(office, item, now)
                                if again < end:
                                    order = END + APPOINTED + j
                                    n_events = expect(times, orders, n_events, again, order)
                                continue
                            cases.starts[n_starts] = tape.review_offsets[j]
                            n_starts += 1
                            continue
                        # its applicant goes to one more department
                        errands.stage[other] = COMES
                        again = now + tape.apply_delay[j]
                        if not tape.online[other] and not cases.went_online[lessens]:
                            again = comes_again(
                                hours_of(hall, int(journal.destination[other])),
                                now,
                                tape.apply_delay[j],
                                tape.position[other],
                            )
                        if again < end:
                            n_events = expect(times, orders, n_events, again, ARRIVE + other)

            # --- reviews begin to wait; one without work, or whose work has ended, goes on --- #
            accepts, completed = -1, -1
            while n_starts > 0 or reviewed >= 0:
                if reviewed < 0:
                    n_starts -= 1
                    review = cases.starts[n_starts]
                    j = int(tape.item_of_review[review])
                    journal.released_at[review] = now
                    attends = int(tape.attends[review])
                    if attends >= 0:
                        item = int(tape.item[j])
                        first, last = office.survey_offsets[item], office.survey_offsets[item + 1]
                        cases.absent[attends] = last - first
                        for n in range(first, last):
                            job = n_reviews + len(tape.purpose) + attends + n - first
                            queue_up(queues, office.survey[n], now - NEVER, job)
                            n_wanted = want(queues, office.survey[n], n_wanted)
                        continue
                    if tape.touch[review] > 0:
                        case, department = (
                            int(tape.case_of_item[j]),
                            office.department[tape.item[j]],
                        )
                        key = now
                        if office.queue[department] != FIRST_IN:
                            key = due(
                                office.workdays,
                                office.workday_rank,
                                journal.accepted_at[case],
                                office.promised_ticks[tape.matter[case]],
                                office.promised_workdays[tape.matter[case]],
                            )
                        queue_up(queues, department, key, review)
                        n_wanted = want(queues, department, n_wanted)
                        continue
                    journal.started_at[review] = now
                    reviewed = review
                review, reviewed = reviewed, -1
                j = int(tape.item_of_review[review])
                case = int(tape.case_of_item[j])
                journal.ended_review_at[review] = now
                if review == tape.review_offsets[j + 1] - 1:
                    journal.reviewed_at[j] = now
                    ends_at = after_workdays(
                        office.workdays, office.workday_rank, now, int(tape.external_workdays[j])
                    )
                    ends_at = min(ends_at, NEVER) + tape.external_ticks[j]
                    order = END + SPANS + j
                    if (
                        ends_at == now
                        and n_starts == 0
                        and is_next(times, orders, n_events, NEVER, NONE, now, order)
                    ):
                        completed = j
                    elif ends_at < end:
                        n_events = expect(times, orders, n_events, ends_at, order)
                    continue
                other = int(tape.hand_in[review])
                if other < 0 or cases.went_online[case]:
                    mended_at = now + tape.review_delay[review]
                    if mended_at < end:
                        n_events = expect(times, orders, n_events, mended_at, END + MENDED + review)
                    continue
                errands.stage[other] = COMES
                again = comes_again(
                    hours_of(hall, int(journal.destination[other])),
                    now,
                    tape.review_delay[review],
                    tape.position[other],
                )
                if again < end:
                    n_events = expect(times, orders, n_events, again, ARRIVE + other)

            if lessens >= 0 and one_less(tape, journal, cases, lessens, now):
                # --- the result reaches the applicant: at once, by post, or by a trip --- #
                ticks, other = tape.issue_ticks[lessens], int(tape.collection[lessens])
                if other >= 0 and not cases.went_online[lessens]:
                    errands.stage[other] = COMES
                    again = comes_again(
                        hours_of(hall, int(journal.destination[other])),
                        now,
                        ticks,
                        tape.position[other],
                    )
                    if again < end:
                        n_events = expect(times, orders, n_events, again, ARRIVE + other)
                    continue
                ends_at = after_workdays(
                    office.workdays, office.workday_rank, now, int(tape.issue_workdays[lessens])
                )
                ends_at = min(ends_at, NEVER) + (ticks if other < 0 else NONE)
                if ends_at < end:
                    journal.issued_at[lessens] = ends_at
    journal.n_tickets[0] = n_rows
