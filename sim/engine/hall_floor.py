"""The hall's floor for the reference engine: lists, windows, duties, the desk, closing time."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from simpy import Event

from sim.clock import DAY
from sim.engine.choices import expected_wait, rank
from sim.engine.instant import CALL, CLOSE, SHIFT, Instants
from sim.plan.journal import CUT_OFF
from sim.plan.plan import HABIT, HELPED, LONGEST_IDLE, OWN, OWN_FIRST, SHORTEST_WAIT

NOBODY = -1


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in a line; somebody decides about it once: a window, patience, or closing."""

    number: int
    """Order of taking."""
    line: int
    taken_at: int
    decided: Event
    window: int = NOBODY
    fate: int = 0
    waiting: bool = True


class HallFloor:
    """State of the hall and the rules that change it."""

    def __init__(self, env: Instants, plan: Any, journal: Any) -> None:
        self.env, self.plan, self.journal = env, plan, journal
        n_windows, n_lines = len(plan.list_of_window), len(plan.list_of_line)
        n_lists = len(plan.mean_service)
        self.inside = 0
        self.lines: list[deque[Ticket]] = [deque() for _ in range(n_lines)]
        self.tickets = 0
        self.waiting = [0] * n_lists
        self.busy_in = [0] * n_lists
        self.on_duty_in = [0] * n_lists
        self.on_duty = [False] * n_windows
        self.draining = [False] * n_windows
        self.busy = [False] * n_windows
        self.idle_since = [0] * n_windows
        self.idle: set[int] = set()
        self.is_shut = True
        """The day has ended; windows that stay do so until the hall is empty."""
        self.calls_of = [self._lines_of(w) for w in range(n_windows)]
        self.desk_queue: deque[Event] = deque()
        self.desk_clerks = 0
        self.desk_busy = 0
        self.dispatching = False
        for window in range(n_windows):
            env.process(self._duties(window))
        env.process(self._days())
        env.process(self._desk_shifts())

    def _lines_of(self, window: int) -> list[tuple[int, int]]:
        return [(line, kind) for line, kind in enumerate(self.plan.calls[window]) if kind]

    # === who comes in and goes out === #

    def comes_in(self) -> None:
        """Somebody passes the door."""
        self.inside += 1

    def goes_out(self) -> None:
        """Somebody leaves; after closing the last one sends the clerks home."""
        self.inside -= 1
        if self.inside == 0 and self.is_shut:
            self._send_home()

    def _send_home(self) -> None:
        for window, stays in enumerate(self.draining):
            if stays:
                self.draining[window] = False
                self._off_duty(window)

    # === the reception desk === #

    def desk(self, errand: int) -> int:
        """Number of a reception's end among the ends of an instant: after all windows."""
        return len(self.plan.list_of_window) + errand

    def queue_at_desk(self) -> Event:
        """Stand in the queue of the desk; the event carries 0, or the fate of who is sent home."""
        called = Event(self.env)
        self.desk_queue.append(called)
        self.request_call()
        return called

    def desk_is_free(self) -> None:
        """A receptionist has finished."""
        self.desk_busy -= 1
        self.request_call()

    def _desk_shifts(self) -> Generator[Event, Any, None]:
        steps = zip(self.plan.reception_times, self.plan.reception_clerks, strict=True)
        for time, clerks in steps:
            yield self.env.at(time, SHIFT, len(self.on_duty))
            self.desk_clerks = clerks
            self.request_call()

    # === lists === #

    def choose_line(self, matter: int, class_: int, route: float, habit: float) -> int:
        """The line a ticket joins; -1 when nobody will serve it today."""
        plan, open_lists = self.plan, []
        for list_ in range(len(self.waiting)):
            line = plan.line_of[list_][matter][class_]
            if line >= 0 and self._is_served(line):
                open_lists.append((list_, line))
        if len(open_lists) < 2:  # noqa: PLR2004 no choice
            return open_lists[0][1] if open_lists else -1
        if plan.routing == SHORTEST_WAIT:
            return min(open_lists, key=lambda pair: self._expected_wait(pair[0]))[1]
        goal = habit if plan.routing == HABIT else route
        weights = [plan.route_shares[list_] for list_, _ in open_lists]
        goal *= sum(weights)
        for (_, line), weight in zip(open_lists, weights, strict=True):
            goal -= weight
            if goal < 0:
                return line
        return open_lists[-1][1]

    def _expected_wait(self, list_: int) -> float:
        return expected_wait(
            self.waiting[list_],
            self.busy_in[list_],
            self.on_duty_in[list_],
            self.plan.mean_service[list_],
        )

    def _is_served(self, line: int) -> bool:
        """Whether a window that may call the line is on duty, or will be later today."""
        now = self.env.now
        if self.plan.line_duty_until[line][now // DAY] > now:
            return True
        return any(
            on_duty and self.plan.calls[window][line] for window, on_duty in enumerate(self.on_duty)
        )

    def wait_in(self, line: int, row: int) -> Ticket:
        """Take the next ticket of a line."""
        del row
        ticket = Ticket(self.tickets, line, self.env.now, Event(self.env))
        self.tickets += 1
        self.lines[line].append(ticket)
        self.waiting[self.plan.list_of_line[line]] += 1
        self.request_call()
        if self.plan.calling == OWN_FIRST and self.plan.help_after > 0:
            wake = self.env.at(self.env.now + self.plan.help_after, CALL, 1)
            wake.callbacks.append(lambda _: self.request_call())
        return ticket

    def withdraw(self, ticket: Ticket, fate: int) -> None:
        """A ticket leaves its line uncalled, if it still waits."""
        if ticket.waiting:
            ticket.waiting, ticket.fate = False, fate
            self.waiting[self.plan.list_of_line[ticket.line]] -= 1
            ticket.decided.succeed()

    def _head(self, line: int) -> Ticket | None:
        queue = self.lines[line]
        while queue and not queue[0].waiting:
            queue.popleft()
        return queue[0] if queue else None

    # === windows === #

    def request_call(self) -> None:
        """Ask for calls at the end of this instant."""
        if not self.dispatching:
            self.dispatching = True
            self.env.at(self.env.now, CALL).callbacks.append(self._call)

    def _call(self, _: Event) -> None:
        """Idle windows, one after the other, each call whom their rule names."""
        self.dispatching = False
        while self.desk_queue and self.desk_busy < self.desk_clerks:
            self.desk_busy += 1
            self.desk_queue.popleft().succeed(0)
        if not any(self.waiting):
            return
        for window in sorted(self.idle, key=self._turn):
            ticket = self._next_ticket(window)
            if ticket is not None:
                self._take(window, ticket)

    def _turn(self, window: int) -> tuple[int, int]:
        if self.plan.idle == LONGEST_IDLE:
            return self.idle_since[window], window
        return self.plan.n_skills[window], window

    def _next_ticket(self, window: int) -> Ticket | None:
        """The ticket a window calls: of its own lists, then of those it helps."""
        own = self._best(window, OWN)
        helped = self._best(window, HELPED)
        if self.plan.calling == OWN_FIRST:
            return own or helped
        if own is None or helped is None:
            return own or helped
        return min(own, helped, key=self._rank)

    def _best(self, window: int, kind: int) -> Ticket | None:
        now, plan = self.env.now, self.plan
        threshold = plan.help_after if kind == HELPED and plan.calling == OWN_FIRST else 0
        heads = [
            head
            for line, calls in self.calls_of[window]
            if calls == kind
            and (head := self._head(line)) is not None
            and now - head.taken_at >= threshold
        ]
        return min(heads, key=self._rank, default=None)

    def _rank(self, ticket: Ticket) -> tuple[float, int]:
        plan, class_ = self.plan, self.plan.class_of_line[ticket.line]
        wait = self.env.now - ticket.taken_at
        first = rank(plan.calling, plan.priority[class_], plan.weight[class_], plan.ageing, wait)
        return first, ticket.number

    def _take(self, window: int, ticket: Ticket) -> None:
        ticket.waiting, ticket.window = False, window
        self.lines[ticket.line].popleft()
        self.waiting[self.plan.list_of_line[ticket.line]] -= 1
        self.idle.discard(window)
        self.busy[window] = True
        self.busy_in[self.plan.list_of_window[window]] += 1
        ticket.decided.succeed()

    def window_is_free(self, window: int) -> None:
        """A clerk has finished a visit."""
        self.busy[window] = False
        self.busy_in[self.plan.list_of_window[window]] -= 1
        if self.on_duty[window]:
            self._becomes_idle(window)

    def _becomes_idle(self, window: int) -> None:
        self.idle_since[window] = self.env.now
        self.idle.add(window)
        self.request_call()

    # === duties and closing === #

    def _duties(self, window: int) -> Generator[Event, Any, None]:
        """A clerk comes and goes by the roster; a visit in hand is finished first."""
        plan = self.plan
        for duty in range(plan.duty_offsets[window], plan.duty_offsets[window + 1]):
            yield self.env.at(plan.duty_starts[duty], SHIFT, window)
            self.draining[window] = False
            if not self.on_duty[window]:
                self._on_duty(window)
            yield self.env.at(plan.duty_ends[duty], SHIFT, window)
            if plan.duty_drains[duty] and not plan.cut_off:
                self.draining[window] = True
            else:
                self._off_duty(window)

    def _on_duty(self, window: int) -> None:
        self.on_duty[window] = True
        self.on_duty_in[self.plan.list_of_window[window]] += 1
        if not self.busy[window]:
            self._becomes_idle(window)

    def _off_duty(self, window: int) -> None:
        self.on_duty[window] = False
        self.on_duty_in[self.plan.list_of_window[window]] -= 1
        self.idle.discard(window)

    def _days(self) -> Generator[Event, Any, None]:
        """The hall opens and closes; what nobody stays to serve is asked to come again."""
        plan = self.plan
        for day, closes_at in enumerate(plan.day_closes):
            opens = plan.ticket_offsets[day]
            if opens < plan.ticket_offsets[day + 1]:
                yield self.env.at(plan.ticket_opens[opens], SHIFT, len(self.on_duty) + 1)
                self.is_shut = False
            if closes_at >= 0:
                yield self.env.at(closes_at, CLOSE)
                self._shut()

    def _shut(self) -> None:
        self.is_shut = True
        if self.plan.cut_off:
            while self.desk_queue:
                self.desk_queue.popleft().succeed(CUT_OFF)
        left = [
            ticket
            for line, queue in enumerate(self.lines)
            if self.plan.cut_off or not self._is_served(line)
            for ticket in queue
        ]
        for ticket in sorted(left, key=lambda ticket: ticket.number):
            self.withdraw(ticket, CUT_OFF)
        if self.inside == 0:
            self._send_home()
