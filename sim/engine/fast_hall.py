"""What happens in the hall, for the fast engine: work ends, shifts change, places close, people
balk and renege. Who is called stands in `fast_calls.py`.

One function for each kind of event, in the order of an instant (DESIGN §4.1). Those after which
somebody goes on return the step of `stages.py`, with who and how in `aftermath`.
"""

from __future__ import annotations

from sim.engine.choices import balks, service_ticks
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_clerks import come_on, free_clerk, go_off, send_home
from sim.engine.fast_lines import NEWCOMER, WAITS, is_served, leave_line
from sim.engine.fast_seconds import does_both
from sim.engine.instant import ARRIVE, END
from sim.engine.jit import phase, shared
from sim.engine.pending import is_next, schedule
from sim.engine.stages import KEPT_OVERNIGHT, NOTHING, OVER, TAKES_TICKET, TICKET
from sim.engine.state import CaseState, Doors, Errands, Events, Lines, Lists, Reserves, Windows
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
from sim.plan.plan import HALL, HallPlan
from sim.plan.tape import ErrandDraws, Tape


@phase
def finish_at_window(
    hall: HallPlan,
    doors: Doors,
    tape: Tape,
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
    row, draws = windows.served[window], tape.errands
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
        left = draws.wrap_up[errand]
        if hall.has_seconds and does_both(hall, tape, journal, window, row):
            left += draws.wrap_up[tape.cases.also[draws.case[errand]]]
        ticks = service_ticks(left, hall.factor[window])
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
    if hall.wraps_up:
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
        come_on(windows, lists, reserves, group, now)


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
