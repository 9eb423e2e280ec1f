"""Tickets in their lines, for the fast engine: which line one joins, who is first, who leaves.

A line is a linked list of rows of the journal, in the order of taking (`Lines`). Who leaves it from
the middle is only marked: heads are moved past the marked rows when they are looked at.
"""

from __future__ import annotations

from typing import Final

from sim.arrays import Ints
from sim.clock import DAY
from sim.engine.bits import WORD, bit_of, word_of
from sim.engine.choices import expected_wait, rank
from sim.engine.counters import Counters
from sim.engine.jit import phase, shared, whole
from sim.engine.state import Lines, Lists
from sim.plan.plan import HABIT, SHORTEST_WAIT

NO_LINE: Final = -1
NONE: Final = whole(0)
ONE: Final = whole(1)

# how a ticket waits
NO_MORE: Final = 0
WAITS: Final = 1
NEWCOMER: Final = 2
"""Waits since this instant, and has not looked yet how many wait in front."""


@shared
def is_served(lists: Lists, line: int, now: int) -> bool:
    """Whether a window that may call the line is on duty, or will be later today."""
    on_duty: bool = lists.on_duty_for[line] > 0
    return on_duty or lists.line_duty_until[line, now // DAY] > now


@phase
def choose_line(
    lists: Lists,
    now: int,
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
    accepting = (place * lists.n_matters + matter) * lists.n_classes + class_
    first, last = lists.accept_offsets[accepting], lists.accept_offsets[accepting + 1]
    n_served, chosen, refusing, least, total = 0, NO_LINE, NO_LINE, 0.0, 0.0
    for n in range(first, last):
        line = lists.accepted_by[n]
        if not is_served(lists, line, now):
            continue
        list_ = lists.list_of_line[line]
        if may_be_refused and lists.refuses[list_]:
            refusing = NO_LINE - 1 - list_ if refusing == NO_LINE else refusing
            continue
        if lists.routing == SHORTEST_WAIT:
            wait = expected_wait(
                lists.waiting[list_],
                lists.busy_in[list_],
                lists.on_duty_in[list_],
                lists.mean_service[list_],
            )
            if n_served == 0 or wait < least:
                chosen, least = line, wait
        elif n_served == 0:
            chosen = line
        n_served += 1
        total += lists.route_shares[list_]
    if n_served == 0:
        return refusing
    if n_served < 2 or lists.routing == SHORTEST_WAIT:
        return chosen
    goal = (habit if lists.routing == HABIT else route) * total
    for n in range(first, last):
        line = lists.accepted_by[n]
        gives = not may_be_refused or not lists.refuses[lists.list_of_line[line]]
        if gives and is_served(lists, line, now):
            chosen = line
            goal -= lists.route_shares[lists.list_of_line[line]]
            if goal < 0:
                break
    return chosen


@shared
def rank_of(lines: Lines, row: int, now: int) -> float:
    """Rank of a waiting ticket."""
    class_, wait = lines.class_of_line[lines.line[row]], now - lines.taken_at[row]
    return rank(lines.calling, lines.priority[class_], lines.weight[class_], lines.ageing, wait)


@phase
def head_of(lines: Lines, line: int) -> int:
    """Row of the first ticket that still waits in a line with somebody in it. Modified in place."""
    head = lines.first[line]
    while lines.waits[head] == NO_MORE:
        head = int(lines.next_[head])
    lines.first[line] = head
    return int(head)


@phase
def next_ticket(
    lines: Lines, called: Ints, before: int, words: tuple[int, int], now: int, latest: int
) -> int:
    """Row of lowest rank among the heads of some lines that were taken by `latest`; -1 = none.

    The lines are bits of `called`, in which `before` words stand before the first of these lines;
    `words`: the first and the last but one that may hold such a bit.
    """
    best = -ONE
    first, after_last = words
    for word in range(first, after_last):
        bits, line = called[before + word] & lines.queued[word], word * WORD
        while bits > 0:
            while bits & 0xFF == 0:
                bits, line = bits >> 8, line + 8
            while bits & 1 == 0:
                bits, line = bits >> 1, line + 1
            head = head_of(lines, line)
            bits, line = bits >> 1, line + 1
            if lines.taken_at[head] > latest:
                continue
            if best >= 0:
                rank_here, rank_best = rank_of(lines, head, now), rank_of(lines, best, now)
                is_tied = rank_here == rank_best
                if rank_here > rank_best or (is_tied and lines.number[head] > lines.number[best]):
                    continue
            best = head
    return best


@shared
def longest_wait(lines: Lines, list_: int, now: int) -> int:
    """Ticks that the first ticket of a list has waited. Heads of lines are brought up to date."""
    longest = NONE
    for line in range(lines.first_of_list[list_], lines.first_of_list[list_ + 1]):
        if lines.waiting_in[line] > 0:
            longest = max(longest, now - lines.taken_at[head_of(lines, line)])
    return longest


@phase
def join_line(
    lines: Lines, waiting: Ints, counters: Counters, line: int, row: int, looks: bool
) -> None:
    """A new ticket is the last of its line; `looks`: it may turn round. Modified in place."""
    lines.line[row], lines.number[row] = line, counters.n_tickets
    lines.waits[row], lines.next_[row] = WAITS, -1
    if looks:
        lines.waits[row] = NEWCOMER
        lines.newcomers[lines.list_of_line[line]] += 1
    if lines.waiting_in[line] == 0:
        lines.first[line] = row
        lines.queued[word_of(line)] |= bit_of(line)
    else:
        lines.next_[lines.last[line]] = row
    lines.last[line] = row
    lines.waiting_in[line] += 1
    waiting[lines.list_of_line[line]] += 1
    counters.n_tickets += 1
    place = lines.place_of_line[line]
    lines.waiting_at[place] += 1
    lines.waits_at[word_of(place)] |= bit_of(place)


@shared
def take_place(lines: Lines, row: int, number: int) -> None:
    """The last ticket of a line has a number of before, and stands where that belongs."""
    line = lines.line[row]
    lines.number[row] = number
    before, behind = -1, lines.first[line]
    while behind != row and lines.number[behind] <= number:
        before, behind = behind, lines.next_[behind]
    if behind == row:
        return
    last = behind
    while lines.next_[last] != row:
        last = lines.next_[last]
    lines.next_[last], lines.last[line] = -1, last
    lines.next_[row] = behind
    if before < 0:
        lines.first[line] = row
    else:
        lines.next_[before] = row


@phase
def leave_line(lines: Lines, waiting: Ints, row: int) -> None:
    """A ticket waits no more. Modified in place."""
    line = int(lines.line[row])
    if lines.waits[row] == NEWCOMER:
        lines.newcomers[lines.list_of_line[line]] -= 1
    lines.waits[row] = NO_MORE
    waiting[lines.list_of_line[line]] -= 1
    lines.waiting_in[line] -= 1
    if lines.waiting_in[line] == 0:
        lines.queued[word_of(line)] &= ~bit_of(line)
    place = lines.place_of_line[line]
    lines.waiting_at[place] -= 1
    if lines.waiting_at[place] == 0:
        lines.waits_at[word_of(place)] &= ~bit_of(place)
