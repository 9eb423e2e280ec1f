"""Who is called, for the fast engine: by the desk, by idle windows, and when reserve windows open.

The reference tells the same in `hall_floor.py`.
"""

from __future__ import annotations

from typing import Final

from sim.engine.bits import WORD, word_of
from sim.engine.choices import service_ticks, set_up_ticks
from sim.engine.counters import Counters
from sim.engine.fast_clerks import call_longest, count_idle
from sim.engine.fast_lines import NONE, leave_line, next_ticket
from sim.engine.fast_outages import end_of_service
from sim.engine.fast_reserves import (
    any_may_close,
    close_reserves,
    is_asked_for,
    may_open,
    send_for_reserve,
)
from sim.engine.fast_seconds import does_both
from sim.engine.instant import END, GIVE_UP
from sim.engine.jit import phase, shared
from sim.engine.pending import schedule
from sim.engine.state import CaseState, Errands, Events, Lines, Lists, Reserves, Windows
from sim.plan.journal import Journal
from sim.plan.plan import LONGEST_LIST, OWN_FIRST, HallPlan
from sim.plan.tape import ErrandDraws, Tape

NO_TICKET: Final = -1


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
def set_up(
    hall: HallPlan, journal: Journal, windows: Windows, window: int, row: int, matter: int
) -> int:
    """Ticks of set-up of a window for a matter, which it has from now on."""
    ticks = int(set_up_ticks(windows.last_matter[window], matter, hall.changeover[window]))
    journal.set_up[row] += ticks
    windows.last_matter[window] = matter
    return ticks


@phase
def work_at(hall: HallPlan, tape: Tape, errand: int, window: int) -> int:
    """Ticks of an errand's work by the law of the window's group, for a clerk whose factor is 1."""
    if hall.has_service_laws:
        law = hall.service_law[window, tape.errands.sought[errand]]
        first = tape.group_services.first[errand]
        if law >= 0 and first >= 0:
            return int(tape.group_services.ticks[first + law])
    return int(tape.errands.service[errand])


@phase
def serve_ticket(
    hall: HallPlan,
    tape: Tape,
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

    Reads: the work on the tape, the window's factor, the walk to it. Writes: the call; the window
    busy.
    """
    draws = tape.errands
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
        span = service_ticks(work_at(hall, tape, errand, window), hall.factor[window] * share)
    elif answers:
        span = service_ticks(work_at(hall, tape, errand, window), hall.factor[window])
        span += journal.tour[errand]
    if hall.changes_over and (answers or journal.trip[row] == 0):
        span += set_up(hall, journal, windows, window, row, int(draws.sought[errand]))
    if hall.has_seconds and answers and does_both(hall, tape, journal, window, row):
        second = int(tape.cases.also[draws.case[errand]])
        span += service_ticks(work_at(hall, tape, second, window), hall.factor[window])
        if hall.changes_over:
            span += set_up(hall, journal, windows, window, row, int(draws.sought[second]))
    calendar, begins_at = hall.up_of_list[journal.list_[row]], now
    if hall.walks and answers and journal.trip[row] > 0:
        pace = float(tape.cases.pace[draws.case[errand]])
        begins_at += service_ticks(hall.walk[window], pace)
    ends_at = begins_at + span
    if calendar >= 0 and (answers or journal.trip[row] == 0):
        ends_at = end_of_service(hall, calendar, begins_at, span)
    schedule(events, counters, ends_at, END + window)


@shared
def ticket_in_turn(
    hall: HallPlan,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    window: int,
    words: tuple[int, int],
    now: int,
) -> int:
    """Row of the ticket that a window calls whose rule chooses a list first; NO_TICKET = none.

    Writes: which lines it calls now; how often it has called its own list.
    """
    called, before = windows.called, window * len(lines.queued)
    if hall.calling == LONGEST_LIST:
        call_longest(lines, lists.waiting, windows, window)
        return next_ticket(lines, called, NONE, words, now, now)
    others_turn = windows.own_calls[window] >= hall.own_calls
    for attempt in range(2):
        of_others = others_turn == (attempt == 0)
        for word in range(len(called)):
            mask = windows.helped if of_others else windows.own
            called[word] = mask[before + word]
        row = next_ticket(lines, called, NONE, words, now, now)
        if row >= 0:
            own_calls = min(windows.own_calls[window] + 1, hall.own_calls)
            windows.own_calls[window] = 0 if of_others else own_calls
            return row
    return NO_TICKET


@phase
def ticket_for(
    hall: HallPlan,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    window: int,
    words: tuple[int, int],
    now: int,
) -> int:
    """Row of the ticket that an idle window calls; NO_TICKET = none that it may."""
    if hall.calling > OWN_FIRST:
        return ticket_in_turn(hall, lines, lists, windows, window, words, now)
    before = window * len(lines.queued)
    row = next_ticket(lines, windows.own, before, words, now, now)
    if hall.calling == OWN_FIRST and row < 0:
        latest = now - hall.help_after
        row = next_ticket(lines, windows.helped, before, words, now, latest)
    return row


@phase
def call_at(
    hall: HallPlan,
    tape: Tape,
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
    first, slot = windows.first_idle[place], windows.first_idle[place]
    last, idle_until = first + windows.n_idle[place], first
    words = word_of(windows.first_line[place]), word_of(windows.last_line[place] + WORD - 1)
    still_wait = lines.waiting_at[place]
    while slot < last and still_wait > 0:
        window = windows.idle[slot]
        row = ticket_for(hall, lines, lists, windows, window, words, now)
        slot += 1
        if row < 0:
            windows.idle[idle_until] = window
            idle_until += 1
            continue
        still_wait -= 1
        leave_line(lines, lists.waiting, row)
        serve_ticket(
            hall, tape, journal, events, errands, lists, windows, counters, window, row, now
        )
    if idle_until == slot:
        return
    for later in range(slot, last):
        windows.idle[idle_until] = windows.idle[later]
        idle_until += 1
    count_idle(windows, place, idle_until - first)


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
    if (
        n_tidal > 0
        and any_may_close(reserves, lists.waiting)
        and close_reserves(windows, lists, lines, reserves, now)
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
                hall, tape, journal, events, errands, lines, lists, windows, counters, place, now,
            )  # fmt: skip
            bits, place = bits >> 1, place + 1
    if (
        n_tidal > 0
        and any_may_close(reserves, lists.waiting)
        and close_reserves(windows, lists, lines, reserves, now)
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
