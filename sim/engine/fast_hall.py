"""What happens in the hall, for the fast engine: work ends, shifts change, places close, people are
called, balk and renege.

One function for each kind of event, in the order of an instant (DESIGN §4.1). Those after which
somebody goes on return the step of `fast_visits.py`, with who and how in `aftermath`.
"""

from __future__ import annotations

from typing import Final

from sim.engine.choices import balks, service_ticks, set_up_ticks
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_clerks import (
    NO_POOL,
    any_may_close,
    call_longest,
    close_one,
    close_reserves,
    count_idle,
    free_clerk,
    go_off,
    is_asked_for,
    may_open,
    open_one,
    send_home,
)
from sim.engine.fast_lines import NEWCOMER, NONE, WAITS, is_served, leave_line, next_ticket
from sim.engine.fast_outages import end_of_service
from sim.engine.fast_visits import KEPT_OVERNIGHT, NOTHING, OVER, TAKES_TICKET, TICKET
from sim.engine.instant import ARRIVE, END, GIVE_UP, SHIFT
from sim.engine.jit import phase, shared
from sim.engine.pending import is_next, schedule
from sim.engine.state import (
    WORD,
    CaseState,
    Doors,
    Errands,
    Events,
    Lines,
    Lists,
    Reserves,
    Windows,
)
from sim.engine.ways import onward_from
from sim.plan.journal import (
    BALKED,
    CAUGHT,
    CUT_OFF,
    FORWARDED,
    GAVE_UP,
    MISSED,
    SENT_BACK,
    SERVED,
    Journal,
)
from sim.plan.plan import HALL, LONGEST_LIST, OWN_FIRST, HallPlan
from sim.plan.tape import ErrandDraws, Tape

NO_TICKET: Final = -1


@phase
def finish_at_window(
    hall: HallPlan,
    doors: Doors,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    aftermath: Aftermath,
    window: int,
    now: int,
) -> int:
    """A window has finished with somebody, or with what was left of them. Returns the step.

    Sets off: the end of the ticket; calls, if anybody waits and the window is free; else the end of
    its wrap-up. Reads: whether who was called is there, and the papers are complete. Writes: the
    window free, or still busy with nobody there; the fate.
    """
    row = windows.served[window]
    errand = int(journal.errand[row])
    if hall.wraps_up and windows.wraps_up[window]:
        windows.wraps_up[window] = 0
        free_window(hall, journal, lines, lists, windows, reserves, counters, window, row, now)
        return NOTHING
    aftermath.errand = errand
    if not windows.answers[window]:
        aftermath.fate = MISSED
    elif not draws.complete[errand]:
        aftermath.fate = SENT_BACK
    elif onward_from(doors, draws, errand, int(journal.place[row])) >= 0:
        aftermath.fate = FORWARDED
    else:
        aftermath.fate = SERVED
    if hall.wraps_up and journal.trip[row] > 0 and aftermath.fate in (SERVED, FORWARDED):
        ticks = service_ticks(draws.wrap_up[errand], hall.factor[window])
        if ticks > 0:
            windows.wraps_up[window] = 1
            schedule(events, counters, now + ticks, END + window)
            return OVER
    free_window(hall, journal, lines, lists, windows, reserves, counters, window, row, now)
    return OVER


@phase
def free_window(
    hall: HallPlan,
    journal: Journal,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    window: int,
    row: int,
    now: int,
) -> None:
    """A window has done everything for a visitor. Sets off and writes as `free_clerk`, and when."""
    journal.freed_at[row] = now
    free_clerk(hall, lines, lists, windows, reserves, counters, window, now)


@phase
def finish_at_desk(
    hall: HallPlan,
    draws: ErrandDraws,
    events: Events,
    errands: Errands,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    sure: int,
    sure_order: int,
    now: int,
) -> int:
    """The desk has finished with somebody. Returns the step.

    Sets off: the desk's next call; the ticket, at once where it would be the next event anyhow.
    Reads: whether the desk finds incomplete papers. Writes: how many it is busy with.
    """
    aftermath.errand = errand
    counters.desk_busy -= 1
    if counters.desk_first >= 0:
        counters.calls_wanted = 1
    if not draws.complete[errand] and draws.catch[errand] < hall.catches:
        aftermath.fate = CAUGHT
        return OVER
    times, orders, order = events.times, events.orders, ARRIVE + errand
    if is_next(times, orders, counters.n_events, sure, sure_order, now, order):
        return TICKET
    errands.stage[errand] = TAKES_TICKET
    schedule(events, counters, now, order)
    return NOTHING


@shared
def change_shift(
    hall: HallPlan,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    window: int,
    now: int,
) -> None:
    """A group has a clerk more or less, by the roster of one of its windows.

    Sets off: calls. Reads: duties, odd numbers of which are ends. Writes: windows that open, close
    or stay until their place is empty.
    """
    shift, group = windows.shifts[window], windows.group_of_window[window]
    windows.shifts[window] = shift + 1
    place = windows.place_of_group[group]
    ends, duty = shift % 2 == 1, hall.duty_offsets[window] + shift // 2
    if ends and hall.duty_drains[duty] and hall.payroll[window] == group:
        windows.staying[group] += 1
        windows.stays[place] += 1
    elif ends:
        go_off(windows, lists, reserves, group)
    elif windows.staying[group] > 0:
        windows.staying[group] -= 1
        windows.stays[place] -= 1
    else:
        counters.calls_wanted = 1
        if reserves.tidal_of[group] >= 0:
            reserves.spare[reserves.tidal_of[group]] += 1
        else:
            open_one(windows, lists, group, now)


@shared
def open_reserve(
    lists: Lists, windows: Windows, reserves: Reserves, counters: Counters, tidal: int, now: int
) -> None:
    """A reserve window is ready, unless its clerk has gone in the meantime. Sets off: calls."""
    if reserves.coming_at[tidal] == now:
        reserves.coming_at[tidal] = -1
        open_one(windows, lists, reserves.group[tidal], now)
        counters.calls_wanted = 1


@shared
def change_desk(
    hall: HallPlan, events: Events, errands: Errands, counters: Counters, now: int
) -> None:
    """The desk's number of people changes; with nobody left its queue moves on.

    Sets off: calls of the desk, or the arrivals of who stood there at the lists.
    """
    counters.desk_clerks = hall.reception_clerks[counters.desk_step]
    counters.desk_step += 1
    counters.calls_wanted = 1
    while counters.desk_clerks == 0 and counters.desk_first >= 0:
        first = counters.desk_first
        errands.stage[first] = TAKES_TICKET
        schedule(events, counters, now, ARRIVE + first)
        counters.desk_first = errands.behind[first]


@shared
def close_place(
    hall: HallPlan,
    journal: Journal,
    errands: Errands,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    place: int,
    now: int,
) -> None:
    """A place closes: who waits in vain leaves, at this instant.

    Sets off: the end of their tickets; the way home of clerks who stay for nobody.
    Reads: which lines a window on duty may still call. Writes: `cases.leaving`, as a stack.
    """
    aftermath.leaves_by = CUT_OFF
    while hall.cut_off and place == HALL and counters.desk_first >= 0:
        cases.leaving[aftermath.n_leaving] = errands.row[counters.desk_first]
        aftermath.n_leaving += 1
        counters.desk_first = errands.behind[counters.desk_first]
    for line in range(len(lines.first)):
        list_ = lines.list_of_line[line]
        served = is_served(lists, line, now) and not hall.cut_off and not lists.is_down[list_]
        here = hall.place_of_list[list_] == place
        if lines.waiting_in[line] == 0 or served or not here:
            continue
        row = lines.first[line]
        while row >= 0:
            # a ticket is kept for one night
            stays = (
                hall.keeps_overnight
                and journal.trip[row] > 0
                and errands.stage[journal.errand[row]] != KEPT_OVERNIGHT
            )
            if lines.waits[row] and not stays:
                stop_waiting(lines, lists, reserves, counters, row)
                cases.leaving[aftermath.n_leaving] = row
                aftermath.n_leaving += 1
            row = lines.next_[row]
    if windows.inside[place] == 0 and windows.stays[place] > 0:
        send_home(windows, lists, reserves, place)


@phase
def stop_waiting(
    lines: Lines, lists: Lists, reserves: Reserves, counters: Counters, row: int
) -> None:
    """A ticket leaves its line uncalled: reserve windows may now be too many. Sets off: calls."""
    leave_line(lines, lists.waiting, row)
    if len(reserves.group) > 0:
        counters.calls_wanted = 1


@phase
def call_at_desk(
    hall: HallPlan,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    errands: Errands,
    counters: Counters,
    now: int,
) -> None:
    """Free people of the desk call. Sets off: the ends of their work. Writes: greetings."""
    n_windows = len(hall.factor)
    while counters.desk_first >= 0 and counters.desk_busy < counters.desk_clerks:
        first = counters.desk_first
        counters.desk_busy += 1
        journal.greeted_at[errands.row[first]] = now
        schedule(events, counters, now + draws.reception[first], END + n_windows + first)
        counters.desk_first = errands.behind[first]


@phase
def serve_ticket(
    hall: HallPlan,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    errands: Errands,
    lists: Lists,
    windows: Windows,
    counters: Counters,
    window: int,
    row: int,
    now: int,
) -> None:
    """A window calls a ticket. Sets off: the end of its work, or of the wait for who is not there.

    Reads: the work on the tape, the window's factor. Writes: the call; the window busy.
    """
    windows.busy[window] = 1
    lists.busy_in[hall.list_of_window[window]] += 1
    windows.served[window] = row
    errand = int(journal.errand[row])
    journal.window[row], journal.called_at[row] = window, now
    answers = not draws.missed[errand] or errands.was_called[errand] == 1
    errands.was_called[errand] = 1
    windows.answers[window] = answers
    span = hall.missed_wait
    if journal.trip[row] == 0:
        # papers that were sent on: part of the work, and nobody who could miss the call
        share = hall.forwarded_work[journal.destination[errand]]
        span = service_ticks(draws.service[errand], hall.factor[window] * share)
    elif answers:
        span = service_ticks(draws.service[errand], hall.factor[window])
        span += journal.tour[errand]
    if hall.changes_over and (answers or journal.trip[row] == 0):
        matter = int(draws.sought[errand])
        span += set_up_ticks(windows.last_matter[window], matter, hall.changeover[window])
        windows.last_matter[window] = matter
    calendar = hall.up_of_list[journal.list_[row]]
    ends_at = now + span
    if calendar >= 0 and (answers or journal.trip[row] == 0):
        ends_at = end_of_service(hall, calendar, now, span)
    schedule(events, counters, ends_at, END + window)


@shared
def ticket_in_turn(
    hall: HallPlan, lines: Lines, lists: Lists, windows: Windows, window: int, now: int
) -> int:
    """Row of the ticket that a window calls whose rule chooses a list first; NO_TICKET = none.

    Writes: which lines it calls now; how often it has called its own list.
    """
    first, last, called = windows.first_line[window], windows.last_line[window], windows.called
    if hall.calling == LONGEST_LIST:
        call_longest(lines, lists.waiting, windows, window)
        return next_ticket(lines, called, first, last, now, now)
    others_turn = windows.own_calls[window] >= hall.own_calls
    for attempt in range(2):
        of_others = others_turn == (attempt == 0)
        for word in range(len(called)):
            called[word] = windows.helped[window, word] if of_others else windows.own[window, word]
        row = next_ticket(lines, called, first, last, now, now)
        if row >= 0:
            own_calls = min(windows.own_calls[window] + 1, hall.own_calls)
            windows.own_calls[window] = 0 if of_others else own_calls
            return row
    return NO_TICKET


@phase
def ticket_for(
    hall: HallPlan, lines: Lines, lists: Lists, windows: Windows, window: int, now: int
) -> int:
    """Row of the ticket that an idle window calls; NO_TICKET = none that it may."""
    if hall.calling > OWN_FIRST:
        return ticket_in_turn(hall, lines, lists, windows, window, now)
    first, last = windows.first_line[window], windows.last_line[window]
    row = next_ticket(lines, windows.own[window], first, last, now, now)
    if hall.calling == OWN_FIRST and row < 0:
        latest = now - hall.help_after
        row = next_ticket(lines, windows.helped[window], first, last, now, latest)
    return row


@phase
def call_at(
    hall: HallPlan,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    errands: Errands,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    counters: Counters,
    place: int,
    now: int,
) -> None:
    """Idle windows of a place call. Sets off: ends of services. Writes: idle windows; lines."""
    first, still_idle = windows.first_idle[place], NONE
    for slot in range(first, first + windows.n_idle[place]):
        window, row = windows.idle[slot], NO_TICKET
        if lines.waiting_at[place] > 0:
            row = ticket_for(hall, lines, lists, windows, window, now)
        if row < 0:
            windows.idle[first + still_idle] = window
            still_idle += 1
            continue
        leave_line(lines, lists.waiting, row)
        serve_ticket(
            hall, draws, journal, events, errands, lists, windows, counters, window, row, now
        )
    count_idle(windows, place, still_idle)


@phase
def call_people(
    hall: HallPlan,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    now: int,
    end: int,
) -> None:
    """The desk and idle windows call; then reserve windows are sent for, and patience begins.

    Reserve windows close before the calls, so that a clerk who is back at the pool calls too, and
    again where calling left one idle. Sets off: ends of services; reserve windows' openings; the
    end of the patience of who still waits; calls of this instant again, after a reserve closed.
    Writes: idle windows, in their order; lines.
    """
    n_tidal = len(reserves.group)
    counters.calls_wanted = 0
    if any_may_close(reserves, lists.waiting) and close_reserves(
        windows, lists, lines, reserves, now
    ):
        counters.calls_wanted = 1
    if counters.desk_first >= 0:
        call_at_desk(hall, tape.errands, journal, events, errands, counters, now)
    # places have nobody in common: only those are looked at where somebody waits and somebody idles
    for word in range(len(lines.waits_at)):
        bits, place = lines.waits_at[word] & windows.idles_at[word], word * WORD
        while bits > 0:
            while bits & 0xFF == 0:
                bits, place = bits >> 8, place + 8
            while bits & 1 == 0:
                bits, place = bits >> 1, place + 1
            call_at(
                hall, tape.errands, journal, events, errands, lines, lists, windows, counters,
                place, now,
            )  # fmt: skip
            bits, place = bits >> 1, place + 1
    if any_may_close(reserves, lists.waiting) and close_reserves(
        windows, lists, lines, reserves, now
    ):
        counters.calls_wanted = 1
    for tidal in range(n_tidal):
        if not is_asked_for(reserves, lists.waiting, tidal):
            continue
        if may_open(windows, lists, lines, reserves, tidal, now):
            send_for_reserve(hall, events, lists, windows, reserves, counters, tidal, now, end)
    # who still waits may give up one day; who was called at once never does
    for n in range(counters.n_fresh):
        row = int(cases.fresh[n])
        if lines.waits[row]:
            gives_up_at = now + tape.cases.patience[tape.errands.case[journal.errand[row]]]
            if gives_up_at < end:
                schedule(events, counters, gives_up_at, GIVE_UP + row)
    counters.n_fresh = 0


@shared
def send_for_reserve(
    hall: HallPlan,
    events: Events,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    counters: Counters,
    tidal: int,
    now: int,
    end: int,
) -> None:
    """A reserve window is made ready. Sets off: its opening. Writes: the pool has a clerk less."""
    if reserves.pool[tidal] >= NO_POOL:
        close_one(windows, lists, reserves.pool[tidal])
    reserves.lent[tidal] += 1
    reserves.spare[tidal] -= 1
    opens = now + reserves.setup[tidal]
    reserves.coming_at[tidal] = opens
    if opens < end:
        schedule(events, counters, opens, SHIFT + len(hall.factor) + 1 + tidal)


@phase
def look_round(
    hall: HallPlan,
    tape: Tape,
    journal: Journal,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
) -> int:
    """A newcomer who was not called at once sees how many wait in front. Returns the step.

    Those who look are in the order of taking; who comes behind is none who waits in front.
    """
    row = int(cases.looks[counters.next_look])
    counters.next_look += 1
    if counters.next_look == counters.n_looks:
        counters.next_look = counters.n_looks = 0
    if lines.waits[row] != NEWCOMER:
        return NOTHING
    list_ = lines.list_of_line[lines.line[row]]
    lines.waits[row] = WAITS
    lines.newcomers[list_] -= 1
    in_front = lists.waiting[list_] - lines.newcomers[list_] - 1
    case = tape.errands.case[journal.errand[row]]
    balk_at = hall.balk_at[tape.cases.matter[case], tape.cases.class_[case]]
    if journal.trip[row] == 0 or not balks(in_front, balk_at):
        return NOTHING
    stop_waiting(lines, lists, reserves, counters, row)
    aftermath.errand, aftermath.fate = journal.errand[row], BALKED
    return OVER


@phase
def give_up(
    journal: Journal,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    counters: Counters,
    aftermath: Aftermath,
    row: int,
) -> int:
    """Patience ends, of who still waits. Returns the step."""
    if not lines.waits[row]:
        return NOTHING
    stop_waiting(lines, lists, reserves, counters, row)
    aftermath.errand, aftermath.fate = journal.errand[row], GAVE_UP
    return OVER
