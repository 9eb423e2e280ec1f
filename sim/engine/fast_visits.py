"""An applicant's errand, for the fast engine: from the door to its end at a window, or online.

Where the reference has a person's story with pauses, an errand here has a stage: what its next
arrival means (`Errands.stage`). `arrive` looks the stage up; `go_on` then takes one step after the
other as long as they happen at the same instant. Each function names the step that follows.
"""

from __future__ import annotations

from sim.engine.choices import is_full, service_ticks
from sim.engine.counters import Aftermath, Counters
from sim.engine.fast_clerks import send_home
from sim.engine.fast_office import one_less
from sim.engine.fast_returns import comes_back_unserved, fetches_papers, rejoin
from sim.engine.fast_reviewers import queue_up, want
from sim.engine.fast_seconds import is_sent_on
from sim.engine.fast_tickets import new_row, take_ticket
from sim.engine.heads import heads_of
from sim.engine.hours import comes_when_open, door_opens, papers_wait
from sim.engine.instant import ARRIVE, END
from sim.engine.jit import phase
from sim.engine.orders import CARRIED
from sim.engine.pending import schedule
from sim.engine.stages import (
    APPLY,
    BACK_AT_DOOR,
    CALLED_IN_VAIN,
    COMES,
    DOOR_OPENS,
    ENTER,
    NOTHING,
    OVER,
    OVER_OUTSIDE,
    PAPERS,
    PAPERS_LIE,
    REJOIN,
    RETURNS_INSIDE,
    SENT_ELSEWHERE,
    SENT_ON,
    TAKES_TICKET,
    TICKET,
    VISIT,
    WALKS_IN,
    WITH_TICKET,
)
from sim.engine.state import (
    CaseState,
    Doors,
    Errands,
    Events,
    Lines,
    Lists,
    Queues,
    Reserves,
    Windows,
)
from sim.engine.ways import come_another_day, courier, hours_of, onward_from
from sim.plan.journal import (
    AT_BREAK,
    CAUGHT,
    FORWARDED,
    HELD_OVER,
    LOST,
    MISSED,
    ONLINE_LIST,
    OPEN,
    SENT_BACK,
    SERVED,
    TURNED_AWAY,
    Journal,
)
from sim.plan.plan import HALL, TICKET_ANEW, BackOffice, HallPlan
from sim.plan.tape import (
    ALSO,
    ANOTHER_TRIP,
    COLLECT,
    GOES_ONLINE,
    INTAKE,
    IS_LOST,
    ON_THE_SPOT,
    SAME_DAY,
    ErrandDraws,
    Tape,
)


@phase
def arrive(
    doors: Doors,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    counters: Counters,
    errand: int,
    is_first: bool,
    now: int,
    end: int,
) -> int:
    """Somebody comes, or goes on: by the stage of the errand. Returns the step.

    Sets off: the errand's next step; its arrival again, once the place it goes to is open.
    Reads: stages, hours of places, ways of papers. Writes: rows of who comes back to the lists and
    of papers that arrive.
    """
    stage = errands.stage[errand]
    if stage == TAKES_TICKET:
        return TICKET
    if stage in (DOOR_OPENS, WALKS_IN):
        return ENTER
    if stage == PAPERS_LIE:
        return PAPERS
    if stage == SENT_ON:
        sent_from = int(journal.place[errands.row[errand]])
        row = new_row(journal, errands, counters, errand, now)
        journal.place[row] = onward_from(doors, draws, errand, sent_from)
        return PAPERS
    if stage == WITH_TICKET:
        return REJOIN
    case, place = int(draws.case[errand]), int(journal.destination[errand])
    if stage in (CALLED_IN_VAIN, SENT_ELSEWHERE):
        row = new_row(journal, errands, counters, errand, now)
        journal.trip[row], journal.place[row] = cases.trips[case], place
        return TICKET
    if (draws.online[errand] or cases.went_online[case]) and draws.purpose[errand] != ALSO:
        return APPLY
    if is_first and place != HALL:
        # who first comes to another place than the hall knows its hours
        comes_at = comes_when_open(hours_of(doors, place), now, draws.position[errand])
        if comes_at > now:
            if comes_at < end:
                schedule(events, counters, comes_at, ARRIVE + errand)
            return NOTHING
    return VISIT


@phase
def apply_online(
    office: BackOffice,
    tape: Tape,
    journal: Journal,
    errands: Errands,
    queues: Queues,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    now: int,
) -> int:
    """An application through the net joins the queue of those who check it. Returns the step.

    Sets off: the online department, or at once the end of what takes no time.
    Writes: its row; the queue.
    """
    row = new_row(journal, errands, counters, errand, now)
    journal.trip[row], journal.taken_at[row], journal.list_[row] = 0, now, ONLINE_LIST
    if tape.errands.precheck[errand] > 0:
        queue_up(queues, office.online_department, now, len(tape.reviews.touch) + errand)
        want(queues, counters, office.online_department)
        return NOTHING
    journal.called_at[row] = now
    aftermath.fate = SERVED if tape.errands.complete[errand] else SENT_BACK
    return OVER


@phase
def come_to_door(
    doors: Doors,
    draws: ErrandDraws,
    journal: Journal,
    events: Events,
    errands: Errands,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    now: int,
) -> int:
    """A person comes to the door, or back to the lists inside it. Returns the step.

    Sets off: the way in, now or when the door opens; none on a day on which it will not.
    Writes: the trip and its row.
    """
    case, place = int(draws.case[errand]), int(journal.destination[errand])
    was_inside = errands.stage[errand] == RETURNS_INSIDE
    if not was_inside and errands.stage[errand] != BACK_AT_DOOR:
        cases.trips[case] += 1
    row = new_row(journal, errands, counters, errand, now)
    journal.trip[row], journal.place[row] = cases.trips[case], place
    if was_inside:
        return TICKET
    opens = door_opens(hours_of(doors, place), now)
    if opens > now:
        errands.stage[errand] = DOOR_OPENS
        schedule(events, counters, opens, ARRIVE + errand)
        return NOTHING
    if opens < 0:
        aftermath.fate = TURNED_AWAY
        return OVER_OUTSIDE
    return ENTER


@phase
def enter(
    hall: HallPlan,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    windows: Windows,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    now: int,
) -> int:
    """A person comes in, and to the desk where there is one. Returns the step.

    Sets off: the end of the walk from the door; calls of the desk. A desk without staff is passed
    by, at the end of the arrivals that were there before. Reads: room in the hall. Writes: who is
    inside; the queue of the desk.
    """
    place = int(journal.destination[errand])
    if hall.way_in == 0 or errands.stage[errand] != WALKS_IN:
        heads = heads_of(hall, tape, errand)
        if place == HALL and is_full(windows.inside[HALL] + heads - 1, hall.capacity):
            aftermath.fate = TURNED_AWAY
            return OVER_OUTSIDE
        windows.inside[place] += heads
        if hall.way_in > 0 and place == HALL:
            errands.stage[errand] = WALKS_IN
            pace = float(tape.cases.pace[tape.errands.case[errand]])
            comes_at = now + service_ticks(hall.way_in, pace)
            schedule(events, counters, comes_at, ARRIVE + errand)
            return NOTHING
    if not hall.has_reception or place != HALL:
        return TICKET
    if counters.desk_clerks == 0:
        errands.stage[errand] = TAKES_TICKET
        schedule(events, counters, now, ARRIVE + errand)
        return NOTHING
    errands.behind[errand] = -1
    if counters.desk_first < 0:
        counters.desk_first = errand
    else:
        errands.behind[counters.desk_last] = errand
    counters.desk_last = errand
    counters.calls_wanted = 1
    return NOTHING


@phase
def lay_papers(
    doors: Doors,
    journal: Journal,
    events: Events,
    errands: Errands,
    counters: Counters,
    errand: int,
    now: int,
    end: int,
) -> int:
    """Papers that nobody brings wait until a place gives tickets. Returns the step."""
    opens = papers_wait(hours_of(doors, int(journal.place[errands.row[errand]])), now)
    if opens <= now:
        return TICKET
    errands.stage[errand] = PAPERS_LIE
    if opens < end:
        schedule(events, counters, opens, ARRIVE + errand)
    return NOTHING


@phase
def end_ticket(
    hall: HallPlan,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    cases: CaseState,
    counters: Counters,
    aftermath: Aftermath,
    errand: int,
    was_inside: bool,
    now: int,
    end: int,
) -> None:
    """A ticket is over, by `aftermath.fate`: its person goes out, and what follows is set off.

    Sets off: the next call, of who missed one; the way of papers that are sent on; another trip of
    who was not served; the next errand, of who was sent back; reviews, of who was served.
    Reads: the person's traits. Writes: the row's end, who is inside, the case where it is lost or
    accepted or has its result.
    """
    case, row, fate = int(tape.errands.case[errand]), int(errands.row[errand]), aftermath.fate
    online_row = journal.list_[row] == ONLINE_LIST
    are_papers = journal.trip[row] == 0 and not online_row
    if are_papers and fate not in (SERVED, FORWARDED):
        # nobody works on the papers today: they lie until the next day on which somebody may
        errands.stage[errand] = PAPERS_LIE
        hours = hours_of(doors, int(journal.place[row]))
        come_another_day(hours, events, counters, errand, now, 0, 0.0, end)
        return
    journal.fate[row], journal.ended_at[row] = fate, now
    on_the_spot = tape.errands.mend[errand] == ON_THE_SPOT
    tries_again = fate == MISSED and hall.missed_requeues
    stays = tries_again or ((fate in (SENT_BACK, CAUGHT)) and on_the_spot)
    goes_on = hall.has_seconds and fate == SERVED and is_sent_on(hall, tape, journal, row)
    stays |= goes_on
    if was_inside and not online_row and not are_papers and not stays:
        # the last person out lets those go home who stayed for them
        left = int(journal.destination[errand])
        windows.inside[left] -= heads_of(hall, tape, errand)
        if windows.inside[left] == 0 and windows.stays[left] > 0:
            send_home(windows, lists, reserves, left)
    if tries_again:
        errands.stage[errand] = CALLED_IN_VAIN
        schedule(events, counters, now, ARRIVE + errand)
        return
    if fate == HELD_OVER:
        return
    if fate == AT_BREAK:
        # who keeps the ticket is back when the break ends
        list_ = journal.list_[row]
        if hall.break_rule[list_] == TICKET_ANEW:
            errands.stage[errand] = BACK_AT_DOOR
            schedule(events, counters, lists.break_ends_at[list_], ARRIVE + errand)
        return
    if fate == FORWARDED:
        errands.stage[errand] = SENT_ON
        papers_at = courier(doors, int(journal.place[row]), now)
        if papers_at < end:
            schedule(events, counters, papers_at, ARRIVE + errand)
        return
    is_lost = False
    if fate not in (SERVED, SENT_BACK, CAUGHT):
        # unserved: comes again, goes online, or gives the matter up
        leaving = tape.cases.after_leaving[case]
        errands.stage[errand] = COMES
        if leaving == GOES_ONLINE:
            if tape.errands.purpose[errand] == ALSO:
                return
            cases.went_online[case] = 1
            schedule(events, counters, now, ARRIVE + errand)
            return
        if leaving != IS_LOST and errands.comes[errand] < hall.returns_at_most:
            errands.comes[errand] += 1
            if len(tape.returns.delay) > 0 and comes_back_unserved(
                hall, doors, tape, journal, events, errands, counters, errand, fate, now, end
            ):
                return
            hours = hours_of(doors, int(journal.destination[errand]))
            delay = tape.errands.return_delay[errand]
            position = float(tape.errands.position[errand])
            come_another_day(hours, events, counters, errand, now, delay, position, end)
            return
        is_lost = True
    # the errand is done, or the matter given up
    purpose = tape.errands.purpose[errand]
    if goes_on:
        second = int(tape.cases.also[case])
        errands.stage[second] = SENT_ELSEWHERE
        schedule(events, counters, now, ARRIVE + second)
    if purpose == ALSO:
        return
    if purpose == COLLECT:
        if not is_lost:
            journal.issued_at[case] = now
    elif is_lost and purpose != INTAKE:
        # items that are under way are finished; the case is lost once none is
        if cases.outcome[case] == OPEN:
            cases.outcome[case] = LOST
        one_less(tape, journal, cases, case, now)
    elif is_lost:
        journal.case_fate[case], journal.closed_at[case] = LOST, now
    elif tape.errands.complete[errand] and purpose != INTAKE:
        cases.starts[0], aftermath.n_starts = errands.review_of[errand] + 1, 1
    elif tape.errands.complete[errand]:
        # accepted; the papers may have to be carried to the departments
        journal.accepted_at[case] = now
        papers_at = now
        if not online_row and tape.cases.item_offsets[case] < tape.cases.item_offsets[case + 1]:
            papers_at = courier(doors, int(journal.place[row]), now)
        if papers_at == now:
            aftermath.accepts = case
        elif papers_at < end:
            schedule(events, counters, papers_at, END + CARRIED + case)
    else:
        # the next errand is the next try with mended papers
        is_online = tape.errands.online[errand] or cases.went_online[case] != 0
        errands.stage[errand + 1] = COMES
        by_trip = tape.errands.mend[errand] in (ANOTHER_TRIP, SAME_DAY)
        if (
            not is_online
            and tape.errands.mend[errand] == SAME_DAY
            and fetches_papers(
                hall, doors, tape, journal, events, errands, counters, errand, fate, now, end
            )
        ):
            return
        if not is_online and by_trip:
            hours = hours_of(doors, int(journal.destination[errand + 1]))
            delay = tape.errands.mend_delay[errand]
            position = float(tape.errands.position[errand + 1])
            come_another_day(hours, events, counters, errand + 1, now, delay, position, end)
            return
        next_at = now + tape.errands.mend_delay[errand]
        if not is_online and on_the_spot:
            next_at = now + tape.errands.spot_delay[errand]
            errands.stage[errand + 1] = RETURNS_INSIDE
        if next_at < end:
            schedule(events, counters, next_at, ARRIVE + errand + 1)


@phase
def go_on(
    hall: HallPlan,
    office: BackOffice,
    doors: Doors,
    tape: Tape,
    journal: Journal,
    events: Events,
    errands: Errands,
    lines: Lines,
    lists: Lists,
    windows: Windows,
    reserves: Reserves,
    cases: CaseState,
    queues: Queues,
    counters: Counters,
    aftermath: Aftermath,
    step: int,
    now: int,
    end: int,
) -> None:
    """The errand in hand takes its steps, then each of those who leave at closing.

    Sets off, reads and writes what the steps do, one after the other at the same instant.
    """
    while step != NOTHING or aftermath.n_leaving > 0:
        if step == NOTHING:
            aftermath.n_leaving -= 1
            aftermath.errand = journal.errand[cases.leaving[aftermath.n_leaving]]
            aftermath.fate, step = aftermath.leaves_by, OVER
        errand = aftermath.errand
        if step == TICKET:
            step = take_ticket(
                hall, doors, tape, journal, events, errands, lines, lists, reserves, cases,
                counters, aftermath, errand, now, end,
            )  # fmt: skip
        elif step == VISIT:
            step = come_to_door(
                doors, tape.errands, journal, events, errands, cases, counters, aftermath, errand,
                now,
            )  # fmt: skip
        elif step == ENTER:
            step = enter(
                hall, tape, journal, events, errands, windows, counters, aftermath, errand, now
            )
        elif step == APPLY:
            step = apply_online(
                office, tape, journal, errands, queues, counters, aftermath, errand, now
            )
        elif step == REJOIN:
            rejoin(
                hall, tape, journal, events, errands, lines, lists, windows, reserves, cases,
                counters, errand, now, end,
            )  # fmt: skip
            step = NOTHING
        elif step == PAPERS:
            step = lay_papers(doors, journal, events, errands, counters, errand, now, end)
        else:
            end_ticket(
                hall, doors, tape, journal, events, errands, lists, windows, reserves, cases,
                counters, aftermath, errand, step == OVER, now, end,
            )  # fmt: skip
            step = NOTHING
