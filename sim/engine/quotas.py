"""Quotas of tickets for the reference engine: which lists give one to who comes now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.clock import DAY, NEVER
from sim.engine.choices import is_refused
from sim.engine.hours import TicketHours, hours_begun, time_until_closing
from sim.engine.instant import Instants
from sim.plan.plan import HallPlan

if TYPE_CHECKING:
    from sim.engine.hall_floor import HallFloor


class Quotas:
    """Tickets that lists have given in the present open interval, and whether they give more."""

    def __init__(self, env: Instants, plan: HallPlan, floor: HallFloor) -> None:
        self.env, self.plan, self.floor = env, plan, floor
        n_days = len(plan.day_closes[0])
        self.hours = [
            TicketHours(
                plan.ticket_offsets[n_days * place : n_days * (place + 1) + 1],
                plan.ticket_opens,
                plan.ticket_closes,
            )
            for place in range(len(plan.day_closes))
        ]
        self.given: Counter[tuple[int, int]] = Counter()
        """Tickets of a list, by the number of the interval in which they were given."""

    def refuses(self, list_: int) -> bool:
        """Whether a list gives no ticket to somebody who comes for the first one of a visit."""
        plan, floor, now = self.plan, self.floor, self.env.now
        left = NEVER
        if plan.refuses_beyond_closing:
            place = plan.place_of_list[list_]
            closes = plan.day_closes[place][now // DAY]
            left = time_until_closing(self.hours[place], closes, plan.before_break, now)
        return is_refused(
            self.given[list_, self._interval(list_)],
            plan.quota[list_],
            floor.waiting[list_],
            floor.busy_in[list_],
            floor.on_duty_in[list_],
            plan.mean_service[list_],
            left,
        )

    def give(self, list_: int) -> None:
        """One more ticket is given."""
        self.given[list_, self._interval(list_)] += 1

    def _interval(self, list_: int) -> int:
        return hours_begun(self.hours[self.plan.place_of_list[list_]], self.env.now)
