"""Quotas of tickets, for the fast engine; the reference tells the same in `quotas.py`."""

from __future__ import annotations

from sim.clock import DAY, NEVER
from sim.engine.choices import is_refused
from sim.engine.hours import hours_begun, time_until_closing
from sim.engine.jit import shared
from sim.engine.state import Doors, Lists
from sim.engine.ways import hours_of
from sim.plan.plan import HallPlan


@shared
def look_at_quotas(hall: HallPlan, doors: Doors, lists: Lists, place: int, now: int) -> None:
    """Which lists of a place refuse who comes now; tickets given are counted by open intervals.

    Writes: `lists.refuses`, of a new interval also `lists.given`.
    """
    hours = hours_of(doors, place)
    interval, left = hours_begun(hours, now), NEVER
    if hall.refuses_beyond_closing:
        closes = hall.day_closes[place, now // DAY]
        left = time_until_closing(hours, closes, hall.before_break, now)
    for list_ in range(len(lists.refuses)):
        if hall.place_of_list[list_] != place:
            continue
        if lists.given_in[list_] != interval:
            lists.given_in[list_], lists.given[list_] = interval, 0
        lists.refuses[list_] = is_refused(
            lists.given[list_],
            hall.quota[list_],
            lists.waiting[list_],
            lists.busy_in[list_],
            lists.on_duty_in[list_],
            lists.mean_service[list_],
            left,
        )
