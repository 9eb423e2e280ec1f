"""Tickets, for the fast engine: who takes one, joins a line with it, or has it kept.

The reference tells the same in `hall_visits.py` and `hall_floor.py`.
"""

from __future__ import annotations

from typing import Final

from sim.clock import NEVER
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_lines import NO_LINE, choose_line, join_line, take_place
from sim.engine.fast_quotas import look_at_quotas
from sim.engine.fast_seconds import first_of
from sim.engine.instant import CALL, TURN_ROUND
from sim.engine.jit import phase, shared
from sim.engine.orders import LONG_WAIT
from sim.engine.pending import schedule
from sim.engine.stages import CALLED_IN_VAIN, NOTHING, OVER, RETURNS_INSIDE, SENT_ELSEWHERE
from sim.engine.state import CaseState, Doors, Errands, Events, Lines, Lists, Reserves
from sim.plan.journal import AT_BREAK, REFUSED, TURNED_AWAY, Journal
from sim.plan.plan import TICKET_KEPT, HallPlan
from sim.plan.tape import Tape

NO_ROW: Final = -1


@phase
def new_row(journal: Journal, errands: Errands, counters: Counters, errand: int, now: int) -> int:
    """The errand's present row of the journal from now on. Modified in place."""
    row = counters.n_rows
    counters.n_rows += 1
    journal.errand[row], journal.arrived_at[row] = errand, now
    errands.row[errand] = row
    return int(row)


@phase
def take_ticket(
    hall: HallPlan,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    now: int,
    end: int,
) -> int:
    """A ticket joins a line. Returns the step.

    Sets off: calls; the look at how many wait in front; the wait after which others help, or a
    reserve window opens. Reads: who will serve which line today. Writes: the row's list; lines; who
    may give up, if not called at once.
    """
    case, row = int(tape.errands.case[errand]), int(errands.row[errand])
    place, may_be_refused = int(journal.place[row]), False
    if hall.has_quota and journal.trip[row] > 0:
        stage = errands.stage[errand]
        may_be_refused = stage not in (RETURNS_INSIDE, CALLED_IN_VAIN, SENT_ELSEWHERE)
        look_at_quotas(hall, doors, lists, place, now)
    line = choose_line(
        lists,
        now,
        place,
        int(tape.errands.sought[errand]),
        int(tape.cases.class_[case]),
        tape.errands.route[errand],
        tape.cases.habit[case],
        may_be_refused,
    )
    if line < NO_LINE:
        journal.list_[row], aftermath.fate = NO_LINE - 1 - line, REFUSED
        return OVER
    if line < 0:
        aftermath.fate = TURNED_AWAY
        return OVER
    list_ = hall.list_of_line[line]
    if may_be_refused:
        lists.given[list_] += 1
    if lists.break_ends_at[list_] >= 0 and journal.trip[row] > 0:
        # during a break nobody waits here
        journal.list_[row], journal.taken_at[row] = list_, now
        lines.line[row], lines.number[row] = line, counters.n_tickets
        counters.n_tickets += 1
        keep_ticket(hall, lines, cases, counters, row)
        aftermath.fate = AT_BREAK
        return OVER
    looks, since, before = hall.may_balk, now, NO_ROW
    if hall.has_seconds and errands.stage[errand] == SENT_ELSEWHERE:
        # nobody who is sent on turns round; they may have number and age of the first ticket
        looks = False
        if hall.keeps_place:
            before = int(errands.row[first_of(tape, case)])
            since = int(lines.taken_at[before])
    queue_with_ticket(
        hall, tape, journal, events, lines, lists, reserves, cases, counters, errand, row, line,
        looks, since, now, end,
    )  # fmt: skip
    if before >= 0:
        take_place(lines, row, lines.number[before])
    return NOTHING


@phase
def queue_with_ticket(
    hall: HallPlan,
    tape: Tape,
    journal: Journal,
    events: Events,
    lines: Lines,
    lists: Lists,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    errand: int,
    row: int,
    line: int,
    looks: bool,
    since: int,
    now: int,
    end: int,
) -> None:
    """A ticket is the last of a line; `looks`: its holder may turn round; `since`: its age.

    Sets off, reads and writes what `take_ticket` says.
    """
    case, list_ = int(tape.errands.case[errand]), hall.list_of_line[line]
    journal.list_[row], journal.taken_at[row] = list_, now
    lines.taken_at[row] = since  # a column of its own only where people are sent on
    join_line(lines, lists.waiting, counters, line, row, looks)
    counters.calls_wanted = 1
    if looks:
        cases.looks[counters.n_looks] = row
        counters.n_looks += 1
        schedule(events, counters, now, TURN_ROUND)
    if journal.trip[row] > 0 and tape.cases.patience[case] < NEVER:
        cases.fresh[counters.n_fresh] = row
        counters.n_fresh += 1
    if hall.help_after > 0 and lists.is_helped[line]:
        schedule(events, counters, max(now, since + hall.help_after), CALL + LONG_WAIT)
    if len(reserves.group) > 0:
        is_long_at = max(now, since + reserves.after_of_list[list_])
        if is_long_at < end:
            schedule(events, counters, is_long_at, CALL + LONG_WAIT)


@shared
def keep_ticket(
    hall: HallPlan, lines: Lines, cases: CaseState, counters: Counters, row: int
) -> None:
    """A ticket is kept for who leaves at a break, where the rule of its list says so."""
    if hall.break_rule[lines.list_of_line[lines.line[row]]] == TICKET_KEPT:
        hold_ticket(lines, cases, counters, row)


@shared
def hold_ticket(lines: Lines, cases: CaseState, counters: Counters, row: int) -> None:
    """A ticket is kept for who leaves, in the order of taking."""
    slot = counters.n_held
    while slot > 0 and lines.number[cases.held[slot - 1]] > lines.number[row]:
        cases.held[slot] = cases.held[slot - 1]
        slot -= 1
    cases.held[slot] = row
    counters.n_held += 1
