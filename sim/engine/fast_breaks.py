"""Breaks, for the fast engine: who leaves when one begins, and who is back when it ends.

The reference tells the same in `hall_breaks.py`.
"""

from __future__ import annotations

from sim.clock import DAY
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_clerks import send_home
from sim.engine.fast_hall import stop_waiting
from sim.engine.fast_lines import NO_MORE
from sim.engine.fast_tickets import hold_ticket, keep_ticket, new_row, queue_with_ticket
from sim.engine.heads import heads_of
from sim.engine.jit import shared
from sim.engine.stages import KEPT_OVERNIGHT
from sim.engine.state import CaseState, Errands, Events, Lines, Lists, Reserves, Windows
from sim.plan.journal import AT_BREAK, HELD_OVER, Journal
from sim.plan.plan import TICKET_KEPT, HallPlan
from sim.plan.tape import Tape


@shared
def turn_break(
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
    aftermath: Aftermath,
    number: int,
    now: int,
    end: int,
) -> None:
    """A break begins or ends; clerks who stayed for nobody, or beyond it, go.

    Sets off: the end of the tickets of who leaves; calls of who is back.
    Reads: what the rule of each list is. Writes: which lists nobody waits in, tickets kept.

    Parameters
    ----------
    number : int
        Number of the event among those that turn a break, as `first_state.py` makes them.
    """
    n_places = len(hall.at_home)
    place, turn = number % n_places, number // n_places
    if turn % 2 == 0 and hall.break_nightly[turn // 2]:
        hold_over(hall, journal, lines, lists, reserves, cases, counters, aftermath, place)
        return
    if turn % 2 == 0:
        send_away(
            hall, journal, lines, lists, reserves, cases, counters, aftermath, place,
            hall.break_ends[turn // 2], now,
        )  # fmt: skip
        if windows.inside[place] > 0:
            return
    else:
        take_back(
            hall, tape, journal, events, errands, lines, lists, windows, reserves, cases, counters,
            place, hall.break_nightly[turn // 2], now, end,
        )  # fmt: skip
    if windows.stays[place] > 0:
        send_home(windows, lists, reserves, place)


@shared
def send_away(
    hall: HallPlan,
    journal: Journal,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    place: int,
    ends_at: int,
    now: int,
) -> None:
    """Tickets taken today leave the lists in which nobody waits through the break.

    Papers stay, and who has waited since an earlier day.
    """
    aftermath.leaves_by = AT_BREAK
    for line in range(len(lines.first)):
        list_ = lines.list_of_line[line]
        if hall.break_rule[list_] < TICKET_KEPT or hall.place_of_list[list_] != place:
            continue
        lists.break_ends_at[list_] = ends_at
        row = lines.first[line]
        while lines.waiting_in[line] > 0 and row >= 0:
            is_held = lines.waits[row] != NO_MORE and journal.trip[row] > 0
            if is_held and lines.taken_at[row] >= now // DAY * DAY:
                stop_waiting(lines, lists, reserves, counters, row)
                keep_ticket(hall, lines, cases, counters, row)
                cases.leaving[aftermath.n_leaving] = row
                aftermath.n_leaving += 1
            row = lines.next_[row]


@shared
def hold_over(
    hall: HallPlan,
    journal: Journal,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    place: int,
) -> None:
    """The day is over: who still waits keeps the ticket. Those of the day before have left."""
    aftermath.leaves_by = HELD_OVER
    for line in range(len(lines.first)):
        if hall.place_of_list[lines.list_of_line[line]] != place:
            continue
        row = lines.first[line]
        while lines.waiting_in[line] > 0 and row >= 0:
            if lines.waits[row] != NO_MORE and journal.trip[row] > 0:
                stop_waiting(lines, lists, reserves, counters, row)
                hold_ticket(lines, cases, counters, row)
                cases.leaving[aftermath.n_leaving] = row
                aftermath.n_leaving += 1
            row = lines.next_[row]


@shared
def take_back(
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
    place: int,
    nightly: bool,
    now: int,
    end: int,
) -> None:
    """Who kept a ticket of a place queues with it again, in the order of taking.

    After a night that is another trip.
    """
    for list_ in range(len(lists.break_ends_at)):
        if hall.place_of_list[list_] == place:
            lists.break_ends_at[list_] = -1
    n_held, counters.n_held = counters.n_held, 0
    for slot in range(n_held):
        before = int(cases.held[slot])
        line = int(lines.line[before])
        if hall.place_of_list[lines.list_of_line[line]] != place:
            cases.held[counters.n_held] = before
            counters.n_held += 1
            continue
        errand = int(journal.errand[before])
        row = new_row(journal, errands, counters, errand, now)
        if nightly:
            errands.stage[errand] = KEPT_OVERNIGHT
            cases.trips[tape.errands.case[errand]] += 1
        journal.trip[row], journal.place[row] = cases.trips[tape.errands.case[errand]], place
        windows.inside[place] += heads_of(hall, tape, errand)
        queue_with_ticket(
            hall, tape, journal, events, lines, lists, reserves, cases, counters, errand, row,
            line, False, now, now, end,
        )  # fmt: skip
