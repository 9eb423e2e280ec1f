"""Reserve windows for the reference engine: when they open and close, and who staffs them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from simpy import Event

from sim.engine.choices import is_long, is_short
from sim.engine.instant import SHIFT, Instants
from sim.plan.plan import HallPlan

if TYPE_CHECKING:
    from sim.engine.hall_floor import HallFloor

STAND_BY: Final = -1
NOT_COMING: Final = -1


class HallReserves:
    """Groups of reserve windows, and the clerks who stand by or are lent to them."""

    def __init__(self, env: Instants, plan: HallPlan, floor: HallFloor) -> None:
        self.env, self.plan, self.floor = env, plan, floor
        n_tidal = len(plan.tidal_group)
        self.tidal_of = {group: t for t, group in enumerate(plan.tidal_group)}
        self.opens_after = dict(zip(plan.tidal_list, plan.tidal_opens_after, strict=True))
        """For lists with reserve windows, the wait of the first at which one opens."""
        self.spare = [0] * n_tidal
        """How many more may open; those whose clerks stand by have as many clerks there."""
        self.lent = [0] * n_tidal
        """Clerks at reserve windows or on their way."""
        self.coming_at = [NOT_COMING] * n_tidal
        """When the next one opens."""

    def comes_on(self, group: int) -> None:
        """A clerk comes by the roster, to a window or to stand by; or one more may be borrowed.

        Whose visit at a reserve window has outlasted the duty goes on there, and is lent again.
        """
        t = self._where_one_stays(group)
        if t is not None:
            self.lent[t] += 1
            self.spare[t] -= 1
            self.floor.one_comes(self.plan.tidal_group[t])
            self.floor.request_calls()
        elif group in self.tidal_of:
            self.spare[self.tidal_of[group]] += 1
            self.floor.request_calls()
        else:
            self.floor.one_comes(group)

    def goes_off(self, group: int) -> None:
        """A clerk goes by the roster; who is at a reserve window goes from there."""
        t = self.tidal_of.get(group, -1)
        if t >= 0 and (self.plan.tidal_pool[t] != STAND_BY or self.spare[t] > 0):
            self.spare[t] -= 1
        elif t < 0 and self.floor.on_hand(group) > 0:
            self.floor.one_goes(group)
        else:
            self._goes_from_reserve(t if t >= 0 else self._borrower(group))

    def close(self) -> None:
        """Idle reserve windows close while their list is short; their clerks go back."""
        plan, floor = self.plan, self.floor
        for t, group in enumerate(plan.tidal_group):
            closes_at, opens_after = plan.tidal_closes_at[t], plan.tidal_opens_after[t]
            while floor.has_idle(group):
                if not is_short(*self._length(t), closes_at, opens_after):
                    break
                floor.one_goes(group)
                self.lent[t] -= 1
                self.spare[t] += 1
                floor.request_calls()
                if plan.tidal_pool[t] != STAND_BY:
                    floor.one_comes(plan.tidal_pool[t])

    def send_for(self) -> None:
        """One more reserve window is made ready for each long list, if a clerk can be spared."""
        plan, floor = self.plan, self.floor
        for t, pool in enumerate(plan.tidal_pool):
            opens_at, opens_after = plan.tidal_opens_at[t], plan.tidal_opens_after[t]
            may_open = self.spare[t] > 0 and self.coming_at[t] == NOT_COMING
            if not may_open or not is_long(*self._length(t), opens_at, opens_after):
                continue
            if pool != STAND_BY:
                if not floor.has_idle(pool) or floor.on_hand(pool) <= plan.tidal_keep[t]:
                    continue
                floor.one_goes(pool)
            self.lent[t] += 1
            self.spare[t] -= 1
            self.coming_at[t] = self.env.now + plan.tidal_setup[t]
            opens = self.env.at(self.coming_at[t], SHIFT, len(floor.on_duty) + 1 + t)
            opens.callbacks.append(partial(self._opens, t))

    def _opens(self, t: int, _: Event) -> None:
        """A reserve window is ready, unless its clerk has gone in the meantime."""
        if self.coming_at[t] == self.env.now:
            self.coming_at[t] = NOT_COMING
            self.floor.one_comes(self.plan.tidal_group[t])
            self.floor.request_calls()

    def _goes_from_reserve(self, t: int) -> None:
        """The duty of a clerk lent to a reserve window ends."""
        self.lent[t] -= 1
        if self.plan.tidal_pool[t] != STAND_BY:
            self.spare[t] += 1
        if self.coming_at[t] != NOT_COMING:
            self.coming_at[t] = NOT_COMING
        else:
            self.floor.one_goes(self.plan.tidal_group[t])

    def _where_one_stays(self, pool: int) -> int | None:
        """The first reserve windows of which one, lent a clerk of the pool, is to close."""
        pools, leaving = enumerate(self.plan.tidal_pool), self.floor.leaving
        stays = (t for t, lender in pools if lender == pool and leaving[self.plan.tidal_group[t]])
        return next(stays, None)

    def _borrower(self, pool: int) -> int:
        """The first group of reserve windows that has a clerk of the pool."""
        pools = enumerate(self.plan.tidal_pool)
        return next(t for t, lender in pools if lender == pool and self.lent[t] > 0)

    def _length(self, t: int) -> tuple[int, int]:
        """People in the list of a reserve window, and ticks the first of them has waited."""
        list_, now, plan, floor = self.plan.tidal_list[t], self.env.now, self.plan, self.floor
        heads = [floor.head(line) for line in floor.queued if plan.list_of_line[line] == list_]
        longest = max((now - head.taken_at for head in heads), default=0)
        return floor.waiting[list_], longest
