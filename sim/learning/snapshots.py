"""Snapshots of queues as a table, and what they imply: who came and was called between two of them.

Of a queue in the order of its tickets the counts say when each of them was taken and called, to
the span between snapshots (DESIGN §9.12).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, MINUTE
from sim.learning.log_rows import EPOCH, LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.snapshot_rows import SnapshotRows, queue_days
from sim.learning.ticket_log import LOG_OUTCOMES, UNKNOWN, TicketLog
from sim.learning.trap_snapshots import falls, sharing, usual_span
from sim.plan.journal import SERVED

NUMBERS_BEGIN: Final = 100
"""Numbers of a day begin after a multiple of it …"""
MOST_FIRST: Final = 20
"""… where the first that is seen is no more than this above it; else calls before are not told."""
HALF_HOUR: Final = 30 * MINUTE
AT_THE_DOOR: Final = 10 * MINUTE
"""Before a half hour: a first snapshot that is so early counts as of its begin."""


class SnapshotQueue(NamedTuple):
    """A queue of an office; empty where the file does not name it."""

    place: str
    name: str


@dataclass(frozen=True, eq=False)
class SnapshotTable:
    """What displays showed, a row each queue and instant, by queue and instant; read-only.

    Attributes
    ----------
    first_date : date
        Tick 0 is 00:00 of it.
    queues : tuple of SnapshotQueue
    shared : tuple of tuple of int
        Places of queues that share windows; each queue is in one of these groups.
    span : int
        Usual ticks between two snapshots.
    queue, seen, waiting : ndarray(int64), shape (rows,)
        Place of the queue; ticks since 00:00 of the first date, a first snapshot shortly before a
        half hour as of its begin; people.
    number, open_windows, stated : ndarray(int64), shape (rows,)
        Number that was called last; windows at work; stated service time in ticks; -1 = not shown.
    """

    first_date: date
    queues: tuple[SnapshotQueue, ...]
    shared: tuple[tuple[int, ...], ...]
    span: int
    queue: Ints
    seen: Ints
    waiting: Ints
    number: Ints
    open_windows: Ints
    stated: Ints

    def until(self, day: date) -> SnapshotTable:
        """The snapshots up to a date, and all queues."""
        return self._where(self.seen < ((day - self.first_date).days + 1) * DAY)

    def _where(self, here: Bools) -> SnapshotTable:
        columns = (self.queue, self.seen, self.waiting, self.number, self.open_windows, self.stated)
        chosen = (column[here] for column in columns)
        return SnapshotTable(self.first_date, self.queues, self.shared, self.span, *chosen)


class QueueCounts(NamedTuple):
    """A queue of one date between its snapshots; shape (snapshots,) each."""

    queue: int
    day: int
    """After the first date."""
    seen: Ints
    waiting: Ints
    came: Ints
    """int64: who came since the snapshot before; in the first who waits in it."""
    left: Ints
    """int64: who was called since then, or left."""
    calls: Ints
    """int64: by the numbers alone."""
    is_sure: Bools
    """Numbers of both snapshots tell the calls."""
    open_windows: Ints


def snapshot_table(rows: SnapshotRows) -> SnapshotTable:
    """What is left of the rows."""
    days = list(queue_days(rows))
    codes = sorted({each.queue for each in days})
    first = min(each.day for each in days)
    place_of = {code: n for n, code in enumerate(codes)}
    at = np.concatenate([each.at for each in days])
    queue = np.concatenate([np.full(len(each.at), place_of[each.queue]) for each in days])
    width = len(rows.names["list_"]) + 1
    groups = [tuple(place_of[code] for code in group) for group in sharing(rows)]
    together = {number for group in groups for number in group}
    alone = [(number,) for number in range(len(codes)) if number not in together]
    return SnapshotTable(
        first_date=date.fromordinal(EPOCH + first),
        queues=tuple(
            SnapshotQueue(
                ("", *rows.names["place"])[code // width], ("", *rows.names["list_"])[code % width]
            )
            for code in codes
        ),
        shared=tuple(sorted([*groups, *alone])),
        span=usual_span(iter(days), rows.came),
        queue=queue.astype(np.int64),
        seen=np.concatenate([_with_the_doors(rows.came[each.at]) for each in days]) - first * DAY,
        waiting=rows["waiting"][at],
        number=rows["number"][at],
        open_windows=rows["open_windows"][at],
        stated=rows["stated"][at],
    )


def _with_the_doors(seen: Ints) -> Ints:
    """Instants of a queue's day; those shortly before a half hour that begin it are of it.

    Examples
    --------
    >>> (_with_the_doors(np.array([479, 484]) * MINUTE) // MINUTE).tolist()
    [480, 484]
    """
    opening = -(-int(seen[0]) // HALF_HOUR) * HALF_HOUR
    return np.maximum(seen, opening) if opening - int(seen[0]) <= AT_THE_DOOR else seen


def counts_of(table: SnapshotTable) -> Iterator[QueueCounts]:
    """Who came and was called in each queue and date of which numbers tell it."""
    day = table.seen // DAY
    begins = np.flatnonzero(np.append(True, (np.diff(table.queue) != 0) | (np.diff(day) != 0)))
    for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(day)], strict=True):
        here = slice(begin, end)
        number, waiting = table.number[here], table.waiting[here]
        if not (number != UNKNOWN).any():
            continue
        calls, is_sure = _calls(number)
        change = np.diff(waiting, prepend=0)
        came = np.maximum(change + calls, 0)
        yield QueueCounts(
            int(table.queue[begin]),
            int(day[begin]),
            table.seen[here],
            waiting,
            came,
            came - change,
            calls,
            is_sure,
            table.open_windows[here],
        )


def _calls(number: Ints) -> tuple[Ints, Bools]:
    """How many were called since the snapshot before, and whether both numbers are shown.

    Examples
    --------
    >>> calls, is_sure = _calls(np.array([-1, 2, 5, 4, -1, 8]))
    >>> calls.tolist(), is_sure.tolist()
    ([0, 2, 3, 0, 0, 3], [False, False, True, True, False, False])
    """
    calls, is_sure = np.zeros(len(number), np.int64), np.zeros(len(number), np.bool_)
    at = np.flatnonzero(number != UNKNOWN)
    anew = falls(number[at])
    row = np.cumsum(anew) * (int(number.max()) + 1)
    highest = np.maximum.accumulate(number[at] + row) - row
    steps = np.where(anew[1:], 0, np.diff(highest))
    calls[at[1:]], is_sure[at[1:]] = steps, (np.diff(at) == 1) & ~anew[1:]
    first = int(number[at[0]]) % NUMBERS_BEGIN
    if at[0] > 0 and first <= MOST_FIRST:
        calls[at[0]] = first
    return calls, is_sure


def implied_log(table: SnapshotTable, counts: Sequence[QueueCounts]) -> TicketLog:
    """The tickets that snapshots imply, in the order of each queue.

    Between two snapshots tickets are taken and called at even steps, so that the number of people
    who wait is that of the table at each snapshot.
    """
    pieces = [_tickets(each) for each in counts]
    taken = np.concatenate([piece[0] for piece in pieces])
    called = np.concatenate([piece[1] for piece in pieces])
    queue = np.repeat([each.queue for each in counts], [len(piece[0]) for piece in pieces])
    start = (table.first_date.toordinal() - EPOCH) * DAY
    rows = LogRows(len(taken))
    rows.columns["taken"] = start + taken
    rows.columns["called"][called != UNKNOWN] = start + called[called != UNKNOWN]
    rows.columns["outcome"] = np.where(called == UNKNOWN, LOG_OUTCOMES.index("waiting"), SERVED)
    for name, words in zip(("place", "list_"), zip(*table.queues, strict=True), strict=True):
        names = tuple(sorted({word for word in words if word}))
        code = [names.index(word) if word else UNKNOWN for word in words]
        rows.names[name], rows.columns[name] = names, np.array(code, np.int64)[queue]
    rows.grain = MINUTE
    return ticket_log(rows)


def _tickets(counts: QueueCounts) -> tuple[Ints, Ints]:
    """Ticks at which each ticket was taken, and called; UNKNOWN = not before the last snapshot."""
    taken = _instants(counts.came, counts.seen)
    called = _instants(counts.left, counts.seen)
    ends = np.full(len(taken), UNKNOWN)
    ends[: len(called)] = np.maximum(called, taken[: len(called)])
    return taken, ends


def _instants(steps: Ints, seen: Ints) -> Ints:
    """The instants of what happened between snapshots, at even steps.

    Examples
    --------
    >>> _instants(np.array([1, 2, 0, 1]), np.array([0, 40, 60, 80])).tolist()
    [0, 10, 30, 70]
    """
    total = np.cumsum(steps)
    each = np.arange(1, int(total[-1]) + 1)
    at = np.searchsorted(total, each)
    share: Floats = (each - 0.5 - (total[at] - steps[at])) / steps[at]
    span = np.diff(seen, prepend=seen[:1])
    return np.rint(seen[at] - span[at] * (1 - share)).astype(np.int64)
