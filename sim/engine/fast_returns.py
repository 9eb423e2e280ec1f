"""Coming again on the same day, for the fast engine.

The reference tells the same in `hall_visits.py`.
"""

from __future__ import annotations

from sim.engine.counters import Counters
from sim.engine.fast_lines import take_place
from sim.engine.fast_tickets import new_row, queue_with_ticket
from sim.engine.heads import heads_of
from sim.engine.hours import back_today, door_opens
from sim.engine.instant import ARRIVE
from sim.engine.jit import shared
from sim.engine.pending import schedule
from sim.engine.stages import COMES, WITH_TICKET
from sim.engine.state import (
    CaseState,
    Doors,
    Errands,
    Events,
    Lines,
    Lists,
    Reserves,
    Windows,
)
from sim.engine.ways import hours_of
from sim.plan.journal import BALKED, GAVE_UP, SENT_BACK, Journal
from sim.plan.plan import HallPlan
from sim.plan.tape import Tape


@shared
def comes_back(
    doors: Doors,
    journal: Journal,
    events: Events,
    errands: Errands,
    counters: Counters,
    errand: int,
    delay: int,
    keeps: bool,
    now: int,
    end: int,
) -> bool:
    """Whether who leaves now is back on the same day, with a ticket if they keep it.

    Sets off: the errand's next arrival; with a ticket not before the door is open.
    """
    hours = hours_of(doors, int(journal.destination[errand]))
    back_at = back_today(hours, now, delay) if delay >= 0 else -1
    if back_at < 0:
        return False
    errands.stage[errand] = COMES
    if keeps:
        errands.stage[errand] = WITH_TICKET
        back_at = door_opens(hours, back_at)
    if back_at < end:
        schedule(events, counters, back_at, ARRIVE + errand)
    return True


@shared
def comes_back_unserved(
    hall: HallPlan,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    counters: Counters,
    errand: int,
    fate: int,
    now: int,
    end: int,
) -> bool:
    """Whether who was not served tries it again on the same day; `errands.comes` counts it."""
    nth = errand * hall.returns_at_most + errands.comes[errand] - 1
    keeps = hall.keeps_unserved and fate in (GAVE_UP, BALKED)
    delay = tape.returns.delay[nth]
    return comes_back(doors, journal, events, errands, counters, errand, delay, keeps, now, end)


@shared
def fetches_papers(
    hall: HallPlan,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    counters: Counters,
    errand: int,
    fate: int,
    now: int,
    end: int,
) -> bool:
    """Whether who was sent back is there again on the same day, with the next errand."""
    here = journal.destination[errand] == journal.destination[errand + 1]
    keeps = hall.keeps_fetching and fate == SENT_BACK and here
    errands.row[errand + 1] = errands.row[errand]
    delay = tape.errands.spot_delay[errand]
    return comes_back(doors, journal, events, errands, counters, errand + 1, delay, keeps, now, end)


@shared
def rejoin(
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
    errand: int,
    now: int,
    end: int,
) -> None:
    """Somebody is back with a ticket, and has its place in the line. Sets off: calls."""
    before, case = errands.row[errand], int(tape.errands.case[errand])
    line, number, place = int(lines.line[before]), lines.number[before], journal.place[before]
    row = new_row(journal, errands, counters, errand, now)
    errands.stage[errand] = COMES
    cases.trips[case] += 1
    journal.trip[row], journal.place[row] = cases.trips[case], place
    windows.inside[place] += heads_of(hall, tape, errand)
    queue_with_ticket(
        hall, tape, journal, events, lines, lists, reserves, cases, counters, errand, row, line,
        False, now, now, end,
    )  # fmt: skip
    take_place(lines, row, number)
