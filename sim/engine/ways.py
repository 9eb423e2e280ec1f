"""Hours of places, and ways of people and papers between them, as the fast engine reads them."""

from __future__ import annotations

from sim.engine.counters import Counters
from sim.engine.hours import TicketHours, carried, comes_again
from sim.engine.instant import ARRIVE
from sim.engine.jit import shared
from sim.engine.pending import schedule
from sim.engine.state import Doors, Events
from sim.plan.plan import HALL
from sim.plan.tape import COLLECT, ErrandDraws


@shared
def hours_of(doors: Doors, place: int) -> TicketHours:
    """When a place gives tickets."""
    offsets = doors.offsets[place * doors.n_days : (place + 1) * doors.n_days + 1]
    return TicketHours(offsets, doors.opens, doors.closes)


@shared
def onward_from(doors: Doors, draws: ErrandDraws, errand: int, place: int) -> int:
    """Where papers go from a place; -1 when they stay. Results are fetched there."""
    if place == HALL or draws.purpose[errand] == COLLECT:
        return -1
    return int(doors.onward[place, draws.sought[errand]])


@shared
def courier(doors: Doors, place: int, now: int) -> int:
    """When papers that a place has now are where they go."""
    first, last = doors.courier_offsets[place], doors.courier_offsets[place + 1]
    return int(carried(doors.courier_leaves, doors.courier_arrives, first, last, now))


@shared
def come_another_day(
    hours: TicketHours,
    events: Events,
    counters: Counters,
    errand: int,
    now: int,
    delay: int,
    position: float,
    end: int,
) -> None:
    """An errand's next arrival falls on a day with ticket hours, after a delay. Modified in place.

    `position` is where in the hours of that day, 0 to 1.
    """
    arrives_at = comes_again(hours, now, delay, position)
    if arrives_at < end:
        schedule(events, counters, arrives_at, ARRIVE + errand)
