"""What a measure adds up over rows of a table, and over which of them: the home of both sums."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.analysis.limits import Limits
from sim.arrays import Bools, Ints
from sim.clock import DAY
from sim.plan.journal import (
    AT_BREAK,
    BALKED,
    CUT_OFF,
    GAVE_UP,
    HELD_OVER,
    PENDING,
    REFUSED,
    SERVED,
    TURNED_AWAY,
)
from sim.plan.plan import TICKET_KEPT
from sim.plan.tape import ALSO
from sim.results.second_matters import KEPT_PLACE, NEW_TICKET, NO_SECOND, NOT_REACHED, ONE_WINDOW
from sim.results.tables import Tables


class Total(NamedTuple):
    """A mean: the sum of an amount over the rows that count, by their number."""

    amount: Ints
    """int64: ticks or days; of rows that do not count it says nothing."""
    counts: Bools

    def of(self, rows: Ints) -> Total:
        """The same of some rows, in their order."""
        return Total(self.amount[rows], self.counts[rows])


class Portion(NamedTuple):
    """A share: the rows that say yes, of those that count."""

    yes: Bools
    counts: Bools

    def of(self, rows: Ints) -> Portion:
        """The same of some rows, in their order."""
        return Portion(self.yes[rows], self.counts[rows])


class TicketCounts:
    """Of tickets taken at windows, or not taken for the crowd; papers and online have none."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._t = tables.tickets
        self.in_hall: Bools = self._t.trip > 0
        """Somebody is there."""

    @cached_property
    def taken(self) -> Bools:
        """Who has a ticket."""
        return np.asarray(self.in_hall & (self._t.taken_at >= 0))

    @cached_property
    def called(self) -> Bools:
        """Who was called."""
        return np.asarray(self.in_hall & (self._t.called_at >= 0))

    @cached_property
    def decided(self) -> Bools:
        """Whose ticket ended, somehow; who left with it, to come back, has another after it."""
        return np.asarray(self.taken & ~np.isin(self._t.fate, (PENDING, AT_BREAK, HELD_OVER)))

    @cached_property
    def balked(self) -> Bools:
        """Who left for the crowd."""
        return np.asarray(self._t.fate == BALKED)

    @cached_property
    def _waited(self) -> Ints:
        """Of who was called."""
        return np.asarray(self._t.called_at - self._t.taken_at)

    def wait(self) -> Total:
        """From the ticket to the call."""
        return Total(self._waited, self.called)

    def walk(self) -> Total:
        """From the call to the window, of who came there, where anybody has a way."""
        t, walks = self._t, self._tables.plan.hall.walks
        there = self.called & (t.began_at >= 0) & walks
        return Total(t.began_at - t.called_at, np.asarray(there))

    def called_within(self, ticks: int) -> Portion:
        """Called before so much time is over; who gave up, or was never called, was not."""
        return Portion(self.called & (self._waited <= ticks), self.decided | self.called)

    def wait_of_all(self) -> Total:
        """From the ticket to the call, or to the end without one."""
        t, end = self._t, self._tables.plan.period.end
        uncalled = np.where(t.ended_at >= 0, t.ended_at, end)
        until = np.where(self.called, t.called_at, uncalled)
        return Total(until - t.taken_at, self.taken & ~self.balked)

    def give_up_share(self) -> Portion:
        """Gave the ticket up."""
        return Portion(self._t.fate == GAVE_UP, self.decided)

    def balk_share(self) -> Portion:
        """Left for the crowd, of all who stood before the lists."""
        came = self.in_hall & ((self._t.taken_at >= 0) | self.balked)
        return Portion(self.balked, came)

    def coming_to_call(self) -> Total:
        """From coming to the hall to the first call of the trip."""
        t, visits, visit = self._t, self._tables.visits, self._tables.visit_of
        rows = self._tables.first_call
        is_first_call = np.zeros(len(visit), dtype=np.bool_)
        is_first_call[rows[rows >= 0]] = True
        arrived_at = visits.arrived_at[visit] if len(visits.case) else t.arrived_at
        return Total(t.called_at - arrived_at, is_first_call)

    def transfer_wait(self) -> Total:
        """From being sent on for a second matter to the call there."""
        sent_on = np.isin(self._tables.visits.second, (KEPT_PLACE, NEW_TICKET))
        on_it = np.append(sent_on, False)[self._tables.visit_of]  # -1 = nobody came
        is_second = self._tables.tape.errands.purpose[self._t.errand] == ALSO
        return Total(self._waited, np.asarray(self.called & on_it & is_second))


class VisitCounts:
    """Of trips to a hall."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._v = tables, tables.visits
        self._turned_away = self._v.fate == TURNED_AWAY
        self._called = self._v.called_at >= 0
        self._refused = self._v.fate == REFUSED
        self._left = (self._v.left_at >= 0) & ~self._turned_away & ~self._refused

    def stay(self) -> Total:
        """From coming to leaving, of who was called."""
        return Total(self._v.left_at - self._v.arrived_at, self._left & self._called)

    def stay_uncalled(self) -> Total:
        """From coming to leaving, of who was not."""
        return Total(self._v.left_at - self._v.arrived_at, self._left & ~self._called)

    def turned_away_share(self) -> Portion:
        """Not let in, or sent home at closing, of everybody who came."""
        away = self._turned_away | (self._v.fate == CUT_OFF)
        return Portion(away, np.ones(len(self._v.fate), dtype=np.bool_))

    def refused_share(self) -> Portion:
        """Refused a ticket, of everybody who came where that may be."""
        may = self._tables.plan.hall.has_quota
        return Portion(self._refused, np.full(len(self._refused), may))

    def held_over_share(self) -> Portion:
        """Left at closing with a ticket for the next day, of all who came where that may be."""
        may = self._tables.plan.hall.keeps_overnight
        return Portion(self._v.fate == HELD_OVER, np.full(len(self._refused), may))

    def break_share(self) -> Portion:
        """Left for a break with or without a ticket, of everybody who came where that may be."""
        left, hall = np.zeros(len(self._v.fate), dtype=np.bool_), self._tables.plan.hall
        left[self._tables.visit_of[self._tables.tickets.fate == AT_BREAK]] = True
        may = len(hall.break_place) > 0 and bool((hall.break_rule >= TICKET_KEPT).any())
        return Portion(left, np.full(len(left), may))

    def same_day_share(self) -> Portion:
        """Of people who had been there on that day, of everybody who came where that may be."""
        v, demand = self._v, self._tables.plan.demand
        may = demand.people.same_day_share > 0 or demand.mending.same_day_share > 0
        again = v.trip[1:] > 1  # rows of a case stand together, in order of trips
        today = v.arrived_at[1:] // DAY == v.left_at[:-1] // DAY
        yes = np.zeros(len(v.trip), dtype=np.bool_)
        yes[1:] = again & today
        return Portion(yes, np.full(len(yes), may))

    @cached_property
    def has_second(self) -> Bools:
        """Whose person has a second matter beside a first one to be done."""
        return np.asarray(self._v.second != NO_SECOND)

    def second_share(self) -> Portion:
        """With a second matter, of everybody who came where that may be."""
        may = self._tables.plan.hall.has_seconds
        return Portion(self.has_second, np.full(len(self._v.fate), may))

    def one_window_share(self) -> Portion:
        """Both matters at one window, of visits with a second one."""
        return Portion(np.asarray(self._v.second == ONE_WINDOW), self.has_second)

    def transfer_share(self) -> Portion:
        """Sent on to another window, whether the second matter was done there or not."""
        sent_on = np.isin(self._v.second, (KEPT_PLACE, NEW_TICKET))
        return Portion(sent_on, self.has_second)

    def not_reached_share(self) -> Portion:
        """Left, or still there, before the first matter was done."""
        return Portion(np.asarray(self._v.second == NOT_REACHED), self.has_second)

    def both_stay(self) -> Total:
        """From coming to leaving, of who had both matters done on the visit."""
        done = self.has_second & (self._v.second != NOT_REACHED) & (self._v.fate == SERVED)
        return Total(self._v.left_at - self._v.arrived_at, np.asarray(done))


class CaseCounts:
    """Of cases that a window accepted."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @cached_property
    def limits(self) -> Limits:
        """Working days, and how they stand against limits."""
        return Limits(self._tables)

    @cached_property
    def reviewed(self) -> Bools:
        """Issued by the back office; what is finished at the window has no turnaround."""
        return np.asarray(self._tables.finished & self._tables.to_office)

    def turnaround(self) -> Total:
        """Working days from acceptance to closing."""
        return Total(self.limits.turnaround, self.reviewed)

    def on_time_share(self) -> Portion:
        """Within the limit promised, of cases that have one and are issued, or late already."""
        return Portion(~self.limits.promised.late, self.limits.promised.decided)

    def statutory_on_time_share(self) -> Portion:
        """The same for the limit of the law."""
        return Portion(~self.limits.statutory.late, self.limits.statutory.decided)
