"""What people come for as a log names it, and which windows serve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.learning.desk_groups import DeskGroup
from sim.learning.ticket_log import TicketLog

SERVES: Final = 0.01
"""Of a matter's tickets, from which on a group of windows is taken to serve it."""
NAMED_BY: Final = ("matters", "lists", "departments")
"""Names of matters, else of what stands for them, in this order."""
MOST_MATTERS: Final = 100
"""That are told apart; of more the rarest are one. A hall has hundreds, of which most come too
seldom to tell anything of each."""
OTHERS: Final = "…"
"""Name of the rarest."""


class LogMatters(NamedTuple):
    """What the tickets of a log are for."""

    by: str
    """Field of `LogNames` that names them; empty = nothing does, and all are one."""
    names: tuple[str, ...]
    code: Ints
    """int64, shape (tickets,): place in `names`; -1 = the ticket does not say."""


def matters_of(log: TicketLog) -> LogMatters:
    """What people come for: matters, else queues, else departments, else one thing; of more than
    a hundred the rarest are one.

    Examples
    --------
    >>> from sim.learning.log_rows import rows_of_columns
    >>> from sim.learning.log_tickets import ticket_log
    >>> log = ticket_log(rows_of_columns({"taken": ["2025-03-03 08:05"], "list": ["A"]}))
    >>> matters_of(log).by, matters_of(log).names
    ('lists', ('A',))
    """
    codes = (log.tickets.matter, log.tickets.list_, log.details.department)
    for by, code in zip(NAMED_BY, codes, strict=True):
        names: tuple[str, ...] = getattr(log.names, by)
        if names:
            return _most_frequent(
                LogMatters(by, names, np.asarray(np.maximum(code, -1), dtype=np.int64))
            )
    return LogMatters("", ("",), np.zeros(len(log), dtype=np.int64))


def _most_frequent(matters: LogMatters) -> LogMatters:
    """Those that come most often, and all others as the last one.

    Examples
    --------
    >>> names, code = tuple(map(str, range(101))), np.append(np.arange(101), [-1, 0])
    >>> many = LogMatters("matters", names, code)
    >>> few = _most_frequent(many)
    >>> len(few.names), few.names[-1], few.code[[0, 98, 99, 100, 101]].tolist()
    (100, '…', [0, 98, 99, 99, -1])
    """
    n = len(matters.names)
    if n <= MOST_MATTERS:
        return matters
    counts = np.bincount(matters.code[matters.code >= 0], minlength=n)
    most = np.sort(np.argsort(-counts, kind="stable")[: MOST_MATTERS - 1])
    place = np.full(n + 1, MOST_MATTERS - 1)
    place[most], place[-1] = np.arange(MOST_MATTERS - 1), -1
    names = (*(matters.names[number] for number in most.tolist()), OTHERS)
    return LogMatters(matters.by, names, place[matters.code])


def matters_served(log: TicketLog, groups: Sequence[DeskGroup]) -> tuple[tuple[int, ...], ...]:
    """Places of the matters that groups of windows serve: those of which they do a hundredth.

    Where the log names no windows lists, else matters, tell the group.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> assert learned.staffing is not None and isinstance(learned.log, TicketLog)
    >>> matters_served(learned.log, learned.staffing.groups)
    ((0, 1),)
    """
    matters = matters_of(log)
    of_name = np.full(
        max(map(len, (log.names.windows, log.names.lists, log.names.matters))) + 1, -1
    )
    names, code = log.names.windows, log.tickets.window
    if not names:
        names, code = log.names.lists, log.tickets.list_
    if not names:
        names, code = log.names.matters, log.tickets.matter
    if not names:
        return tuple(tuple(range(len(matters.names))) for _ in groups)
    of_name = np.full(len(names) + 1, -1)
    for number, group in enumerate(groups):
        of_name[[names.index(name) for name in group.windows or group.lists]] = number
    of_ticket = of_name[np.maximum(code, -1)]
    at = np.flatnonzero((of_ticket >= 0) & (matters.code >= 0))
    n, width = len(groups), len(matters.names)
    cells = np.bincount(of_ticket[at] * width + matters.code[at], minlength=n * width)
    done = cells.reshape(n, width)
    serves = (done > 0) & (done >= SERVES * done.sum(axis=0))
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in serves)
