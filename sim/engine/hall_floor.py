"""The hall's floor for the reference engine: lists, windows, duties, closing time."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Generator, Iterable, Set
from dataclasses import dataclass
from typing import Any, Final

from simpy import Event

from sim.arrays import Ints
from sim.clock import DAY
from sim.engine.choices import balks, expected_wait, rank, set_up_ticks
from sim.engine.hall_breaks import HallBreaks
from sim.engine.hall_desk import HallDesk
from sim.engine.hall_reserves import HallReserves
from sim.engine.hall_systems import HallSystems
from sim.engine.instant import CALL, CLOSE, SHIFT, Instants
from sim.engine.quotas import Quotas
from sim.plan.journal import BALKED, CUT_OFF
from sim.plan.plan import (
    ALTERNATION,
    HABIT,
    HALL,
    HELPED,
    LONGEST_IDLE,
    LONGEST_LIST,
    OWN,
    OWN_FIRST,
    SHORTEST_WAIT,
    HallPlan,
)

NOBODY: Final = -1
NO_LINE: Final = -1
NO_MATTER: Final = -1
NO_DEPARTMENT: Final = -1
CALLS: Final = 0
LONG_WAIT: Final = 1
"""In an instant calls are asked for anew once a ticket has waited long enough to be helped."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in a line; somebody decides about it once: a window, patience, or closing."""

    number: int
    """Order of taking."""
    line: int
    taken_at: int
    decided: Event
    returns: Event
    """Its holder, who left at a break, is back."""
    of_papers: bool = False
    """Nobody holds it: papers that were sent on."""
    was_kept: bool = False
    """It is of the day before."""
    window: int = NOBODY
    fate: int = 0
    waits: bool = True


def _nobody_reviews(department: int) -> None:
    """A hall without departments."""


class HallFloor:
    """State of the hall and the rules that change it."""

    def __init__(self, env: Instants, plan: HallPlan) -> None:
        self.env, self.plan = env, plan
        n_windows, n_lines = len(plan.list_of_window), len(plan.list_of_line)
        n_lists = len(plan.mean_service)
        self.inside = [0] * len(plan.day_closes)
        """People in each place."""
        # lists
        self.accepting = [
            [self._accepting(place, matter) for matter in range(len(plan.line_of[0]))]
            for place in range(len(plan.day_closes))
        ]
        self.lines: list[deque[Ticket]] = [deque() for _ in range(n_lines)]
        self.n_tickets = 0
        self.waiting = [0] * n_lists
        self.waiting_in = [0] * n_lines
        self.queued: set[int] = set()
        """Lines in which somebody waits."""
        self.busy_in = [0] * n_lists
        self.on_duty_in = [0] * n_lists
        self.on_duty_for = [0] * n_lines
        # windows
        self.called_by = [self._lines(window, {OWN, HELPED}) for window in range(n_windows)]
        self.own = [self._lines(window, {OWN}) for window in range(n_windows)]
        self.members: list[list[int]] = [
            [] for _ in range(max(plan.group_of_window, default=-1) + 1)
        ]
        for window, group in enumerate(plan.group_of_window):
            self.members[group].append(window)
        self.on_duty = [False] * n_windows
        self.leaving = [0] * len(self.members)
        """For each group, how many of its busy windows close when they have finished."""
        self.staying = [0] * len(self.members)
        """For each group, how many of its windows stay after closing until the hall is empty."""
        self.busy = [False] * n_windows
        self.last_matter = [NO_MATTER] * n_windows
        """What each window served last since it opened."""
        self.own_calls = [0] * n_windows
        """Calls of each window from its own list since it opened, or called from another."""
        self.turns = [(0, window) for window in range(n_windows)]
        self.idle: list[tuple[int, int]] = []
        """Turns of idle windows, first to call first."""
        self.calling = False
        self.asks_for_review: Callable[[int], None] = _nobody_reviews
        """Asks a department for reviews, of clerks who have nobody."""
        for window in range(n_windows):
            env.process(self._duties(window))
        for place, closes in enumerate(plan.day_closes):
            env.process(self._days(place, closes))
        self.reception = HallDesk(env, plan, self)
        self.breaks = HallBreaks(env, plan, self)
        self.quotas = Quotas(env, plan, self)
        self.reserves = HallReserves(env, plan, self)
        self.systems = HallSystems(env, plan, self)

    def _lines(self, window: int, kinds: set[int]) -> frozenset[int]:
        """Lines a window may call, as its own or to help."""
        return frozenset(x for x, kind in enumerate(self.plan.calls[window]) if kind in kinds)

    def _accepting(self, place: int, matter: int) -> list[list[tuple[int, int]]]:
        """For each class the lists of a place that accept a matter, with the line to join there."""
        by_class = zip(*(lines[matter] for lines in self.plan.line_of), strict=True)
        here = [z for z, where in enumerate(self.plan.place_of_list) if where == place]
        return [[(z, lines[z]) for z in here if lines[z] != NO_LINE] for lines in by_class]

    # === who comes in and goes out === #

    def comes_in(self, place: int, heads: int) -> None:
        """Somebody passes the door, with who comes along."""
        self.inside[place] += heads

    def goes_out(self, place: int, heads: int) -> None:
        """Somebody leaves; after closing the last one sends the clerks home."""
        self.inside[place] -= heads
        if self.inside[place] == 0:
            self.send_home(place)

    def _place_of(self, group: int) -> int:
        window = self.members[group][0]
        return int(self.plan.place_of_list[self.plan.list_of_window[window]])

    def send_home(self, place: int) -> None:
        """Clerks who stayed beyond their duty go."""
        for group in range(len(self.staying)):
            while self.staying[group] > 0 and self._place_of(group) == place:
                self.staying[group] -= 1
                self.reserves.goes_off(group)

    # === lists === #

    def choose_line(
        self,
        place: int,
        matter: int,
        class_: int,
        route: float,
        habit: float,
        may_be_refused: bool,
    ) -> int:
        """The line a ticket joins; NO_LINE when nobody will serve it today.

        Below NO_LINE nobody who would serve it gives one: NO_LINE - 1 - the first such list.
        """
        plan, accepting = self.plan, self.accepting[place][matter][class_]
        served = [(list_, line) for list_, line in accepting if self.is_served(line)]
        if may_be_refused and served:
            giving = [pair for pair in served if not self.quotas.refuses(pair[0])]
            if not giving:
                return NO_LINE - 1 - served[0][0]
            served = giving
        if len(served) < 2:
            return served[0][1] if served else NO_LINE
        if plan.routing == SHORTEST_WAIT:
            return min(served, key=lambda pair: self._expected_wait(pair[0]))[1]
        weights = [plan.route_shares[list_] for list_, _ in served]
        goal = (habit if plan.routing == HABIT else route) * sum(weights)
        for (_, line), weight in zip(served, weights, strict=True):
            goal -= weight
            if goal < 0:
                return line
        return served[-1][1]

    def _expected_wait(self, list_: int) -> float:
        return expected_wait(
            self.waiting[list_],
            self.busy_in[list_],
            self.on_duty_in[list_],
            self.plan.mean_service[list_],
        )

    def is_served(self, line: int) -> bool:
        """Whether a window that may call the line is on duty, or will be later today."""
        now = self.env.now
        return self.on_duty_for[line] > 0 or self.plan.line_duty_until[line][now // DAY] > now

    def takes_ticket(
        self,
        line: int,
        of_papers: bool = False,
        number: int | None = None,
        since: int | None = None,
    ) -> Ticket:
        """Take the next ticket of a line, during a break perhaps to come back with it.

        Who has a ticket of before has its place, that of its `number`; and with `since` its age.
        """
        now, plan, list_ = self.env.now, self.plan, self.plan.list_of_line[line]
        ticket = Ticket(self.n_tickets, line, now, Event(self.env), Event(self.env), of_papers)
        self.n_tickets += 1
        if self.breaks.sends_away(line) and not of_papers:
            self.breaks.takes_ticket(ticket)
            return ticket
        self.waiting[list_] += 1
        self.waiting_in[line] += 1
        self.queued.add(line)
        self.lines[line].append(ticket)
        if since is not None:
            ticket.taken_at = since
        if number is not None:
            ticket.number = number
            self.lines[line] = deque(sorted(self.lines[line], key=lambda each: each.number))
        self.request_calls()
        if plan.calling == OWN_FIRST and plan.help_after > 0:
            self._look_again(max(now, ticket.taken_at + plan.help_after))
        if list_ in self.reserves.opens_after:
            self._look_again(max(now, ticket.taken_at + self.reserves.opens_after[list_]))
        return ticket

    def _look_again(self, tick: int) -> None:
        """Ask for calls when a ticket has waited long enough to change something."""
        self.env.at(tick, CALL, LONG_WAIT).callbacks.append(lambda _: self.request_calls())

    def sees_who_waits(self, ticket: Ticket, balk_at: int) -> None:
        """Who was not called at once turns round if too many for them wait in front.

        Newcomers of one instant look one after the other, in the order of their tickets.
        """
        if ticket.waits and balks(self._in_front(ticket), balk_at):
            self.withdraw(ticket, BALKED)

    def _in_front(self, ticket: Ticket) -> int:
        """How many who took their ticket earlier wait in the same list."""
        list_of_line = self.plan.list_of_line
        list_ = list_of_line[ticket.line]
        lines = [self.lines[line] for line in self.queued if list_of_line[line] == list_]
        return sum(x.waits and x.number < ticket.number for line in lines for x in line)

    def withdraw(self, ticket: Ticket, fate: int) -> None:
        """A ticket leaves its line uncalled, if it still waits."""
        if ticket.waits:
            ticket.fate = fate
            self._waits_no_more(ticket)
            self.request_calls()

    def place_of(self, line: int) -> int:
        """Where a line is."""
        return int(self.plan.place_of_list[self.plan.list_of_line[line]])

    def _waits_no_more(self, ticket: Ticket) -> None:
        line, ticket.waits = ticket.line, False
        self.waiting[self.plan.list_of_line[line]] -= 1
        self.waiting_in[line] -= 1
        if self.waiting_in[line] == 0:
            self.queued.remove(line)
            self.lines[line].clear()
        ticket.decided.succeed()

    def head(self, line: int) -> Ticket:
        """Who waits longest in a line in which somebody waits."""
        queue = self.lines[line]
        while not queue[0].waits:
            queue.popleft()
        return queue[0]

    # === who is called === #

    def request_calls(self) -> None:
        """Ask for calls at the end of this instant."""
        if not self.calling:
            self.calling = True
            self.env.at(self.env.now, CALL, CALLS).callbacks.append(self._call)

    def _call(self, _: Event) -> None:
        """The desk, then idle windows one after the other, each call whom their rule names.

        Reserve windows close before that, and when it left one idle; they are sent for after it.
        """
        self.calling = False
        self.reserves.close()
        self._call_waiting()
        self.reserves.close()
        self.reserves.send_for()
        for turn in self.idle:
            department = self.plan.reviews_for[turn[1]]
            if department != NO_DEPARTMENT:
                self.asks_for_review(department)

    def reviews_next(self, department: int) -> int:
        """The first idle window whose clerk reviews for a department, busy from now on."""
        reviews_for = self.plan.reviews_for
        window = next((w for _, w in self.idle if reviews_for[w] == department), NOBODY)
        if window != NOBODY:
            self._is_taken(window)
        return window

    def _call_waiting(self) -> None:
        self.reception.call()
        for turn in tuple(self.idle):
            if not self.queued:
                return
            ticket = self._next_ticket(turn[1])
            if ticket is not None:
                self._take(turn[1], ticket)

    def _next_ticket(self, window: int) -> Ticket | None:
        """The ticket a window calls, if it may call one."""
        lines: Set[int] = (self.queued & self.called_by[window]) - self.systems.stopped
        if not lines:
            return None
        if self.plan.calling == ALTERNATION:
            lines = self._in_turn(window, lines)
        elif self.plan.calling == LONGEST_LIST:
            lines = self._of_longest_list(lines)
        if self.plan.calling != OWN_FIRST:
            return self._first(self.head(line) for line in lines)
        own = lines & self.own[window]
        if own:
            return self._first(self.head(line) for line in own)
        latest = self.env.now - self.plan.help_after
        heads = map(self.head, lines)
        return self._first(head for head in heads if head.taken_at <= latest)

    def _in_turn(self, window: int, lines: Set[int]) -> Set[int]:
        """Lines of the own list, or of helped ones when it is their turn or nobody else waits."""
        own, most = lines & self.own[window], self.plan.own_calls
        others = lines - own
        if others and (not own or self.own_calls[window] >= most):
            self.own_calls[window] = 0
            return others
        self.own_calls[window] = min(self.own_calls[window] + 1, most)
        return own

    def _of_longest_list(self, lines: Set[int]) -> Set[int]:
        """Lines of the list in which most wait, the first one of several."""
        list_of_line = self.plan.list_of_line
        longest = min((-self.waiting[list_of_line[line]], list_of_line[line]) for line in lines)[1]
        return {line for line in lines if list_of_line[line] == longest}

    def _first(self, heads: Iterable[Ticket]) -> Ticket | None:
        """The ticket of lowest rank."""
        return min(heads, key=self._rank, default=None)

    def _rank(self, ticket: Ticket) -> tuple[float, int]:
        plan, class_ = self.plan, self.plan.class_of_line[ticket.line]
        wait = self.env.now - ticket.taken_at
        first = rank(plan.calling, plan.priority[class_], plan.weight[class_], plan.ageing, wait)
        return first, ticket.number

    def _take(self, window: int, ticket: Ticket) -> None:
        ticket.window = window
        self._waits_no_more(ticket)
        self._is_taken(window)

    def _is_taken(self, window: int) -> None:
        self.idle.remove(self.turns[window])
        self.busy[window] = True
        self.busy_in[self.plan.list_of_window[window]] += 1

    # === windows === #

    def set_up(self, window: int, matter: int) -> int:
        """Ticks of set-up before a matter, which is the last one served at the window from now."""
        last, self.last_matter[window] = self.last_matter[window], matter
        return set_up_ticks(last, matter, self.plan.changeover[window])

    def window_is_free(self, window: int) -> None:
        """A clerk has finished a visit, and what is left of it."""
        self.busy[window] = False
        self.busy_in[self.plan.list_of_window[window]] -= 1
        group = self.plan.group_of_window[window]
        if self.leaving[group] > 0:
            self.leaving[group] -= 1
            self.on_duty[window] = False
        else:
            self._becomes_idle(window)

    def _becomes_idle(self, window: int) -> None:
        plan = self.plan
        turn = self.env.now if plan.idle == LONGEST_IDLE else plan.n_skills[window]
        self.turns[window] = turn, window
        insort(self.idle, self.turns[window])
        self.request_calls()

    def _duties(self, window: int) -> Generator[Event, Any, None]:
        """The roster of a group has one clerk more, then one less, as this window's duties say."""
        plan, group = self.plan, self.plan.group_of_window[window]
        for duty in range(plan.duty_offsets[window], plan.duty_offsets[window + 1]):
            yield self.env.at(plan.duty_starts[duty], SHIFT, window)
            if self.staying[group] > 0:
                self.staying[group] -= 1
            else:
                self.reserves.comes_on(group)
            yield self.env.at(plan.duty_ends[duty], SHIFT, window)
            if plan.duty_drains[duty] and plan.payroll[window] == group:
                self.staying[group] += 1
            else:
                self.reserves.goes_off(group)

    def on_hand(self, group: int) -> int:
        """Clerks at the windows of a group that do not close when they have finished."""
        return sum(self.on_duty[w] for w in self.members[group]) - self.leaving[group]

    def one_comes(self, group: int) -> None:
        """The lowest closed window opens, unless a busy one that was to close goes on."""
        self._counts(group, 1)
        if self.leaving[group] > 0:
            self.leaving[group] -= 1
            return
        window = next(w for w in self.members[group] if not self.on_duty[w])
        self.on_duty[window] = True
        self.last_matter[window] = NO_MATTER
        self.own_calls[window] = 0
        self._becomes_idle(window)

    def one_goes(self, group: int) -> None:
        """The highest idle window closes; when all are busy, the first to finish will."""
        self._counts(group, -1)
        for window in reversed(self.members[group]):
            if self.on_duty[window] and not self.busy[window]:
                self.on_duty[window] = False
                self.idle.remove(self.turns[window])
                return
        self.leaving[group] += 1

    def has_idle(self, group: int) -> bool:
        """Whether a window of a group is on duty and has nobody."""
        return any(self.on_duty[w] and not self.busy[w] for w in self.members[group])

    def _counts(self, group: int, step: int) -> None:
        """One clerk more or less that lists may count on."""
        window = self.members[group][0]
        self.on_duty_in[self.plan.list_of_window[window]] += step
        for line in self.called_by[window]:
            self.on_duty_for[line] += step

    # === closing time === #

    def _days(self, place: int, closes: Ints) -> Generator[Event, Any, None]:
        """A place closes; who cannot be served any more is asked to come again."""
        for closes_at in closes:
            if closes_at >= 0:
                yield self.env.at(closes_at, CLOSE, place)
                self._shut(place)

    def _shut(self, place: int) -> None:
        """Without last visits everybody who waits leaves, otherwise who waits in vain."""
        plan = self.plan
        if plan.cut_off and place == HALL:
            self.reception.empty(CUT_OFF)
        here = [n for n, z in enumerate(plan.list_of_line) if plan.place_of_list[z] == place]
        left = [
            ticket
            for line in here
            if plan.cut_off or not self.is_served(line) or line in self.systems.stopped
            for ticket in self.lines[line]
            if not plan.keeps_overnight or ticket.of_papers or ticket.was_kept
        ]
        for ticket in sorted(left, key=lambda ticket: ticket.number):
            self.withdraw(ticket, CUT_OFF)
        if self.inside[place] == 0:
            self.send_home(place)
