"""When each ticket of a log waited and was at a window, in ticks, also where a log has hours only.

Where instants are hours, all that is left of time within the hour are waits and the order of rows:
people of a list came in that order, and were called in it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import HOUR, SECOND
from sim.learning.ticket_log import TicketLog
from sim.plan.journal import MISSED

FEWEST_ASIDE: Final = 20
ASIDE_SHARE: Final = 0.95
"""Of the tickets of a list: called within a second, they wait by no queue of the hall."""


class DeskSpans(NamedTuple):
    """Tickets that were called, in the order of the log; shape (spans,) each."""

    ticket: Ints
    """int64: rows of the log."""
    arrived_at: Ints
    called_at: Ints
    free_at: Ints
    """int64 ticks: when the window is free of them; it is the call of who missed it."""

    @property
    def wait(self) -> Ints:
        """int64 ticks: from the ticket to the call."""
        return self.called_at - self.arrived_at


def desk_spans(log: TicketLog, seen_until: int | None = None) -> DeskSpans | None:
    """Waits and services of the tickets that were called; None where no service has a length.

    Tickets of lists whose people never wait are left aside. A service without an end lasts as long
    as the median one; where the log says no waits, nobody waited.

    Parameters
    ----------
    seen_until
        As of `placed_in_hours`.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> spans = desk_spans(log)
    >>> assert spans is not None
    >>> bool((spans.called_at >= spans.arrived_at).all()), len(spans.ticket) <= len(log)
    (True, True)
    """
    tickets, details = log.tickets, log.details
    service = details.service
    if not (service >= 0).any():
        return None
    usual = int(np.median(service[service >= 0]))
    if log.grain >= HOUR:
        arrived = placed_in_hours(log, seen_until)
        called = arrived + np.maximum(details.wait, 0)
        was_called = (service >= 0) | (details.wait >= 0)
        free = called + np.where(service >= 0, service, usual)
    else:
        arrived = tickets.arrived_at.astype(np.int64)
        called = tickets.called_at.astype(np.int64)
        was_called = called >= 0
        ended = np.maximum(tickets.ended_at, details.freed_at)
        after = called + np.where(tickets.fate == MISSED, 0, usual)
        free = np.where(ended >= called, ended, after)
    there = np.flatnonzero(was_called & ~waits_nowhere(log))
    return DeskSpans(
        there, np.minimum(arrived, called)[there], called[there], np.maximum(free, called)[there]
    )


def waits_nowhere(log: TicketLog) -> Bools:
    """bool, shape (tickets,): of a list whose people are called at once by design, as others wait.

    Where the log has windows these say who serves a list, and nobody is left aside.
    """
    list_, wait = log.tickets.list_, log.details.wait
    if log.names.windows:
        return np.zeros(len(log), dtype=np.bool_)
    at_list = (list_ >= 0) & (wait >= 0)
    n = len(log.names.lists)
    counts = np.bincount(list_[at_list], minlength=n)
    at_once = np.bincount(list_[at_list & (wait <= SECOND)], minlength=n)
    is_aside = (counts >= FEWEST_ASIDE) & (at_once >= ASIDE_SHARE * counts)
    is_aside &= not is_aside.all()
    return np.append(is_aside, False)[np.where(list_ >= 0, list_, n)]


def placed_in_hours(log: TicketLog, seen_until: int | None = None) -> Ints:
    """int64 ticks: an instant within its hour for each ticket.

    The people of a list are spread evenly over the hour in the order of their rows, but so far
    apart that nobody is called before who came earlier: the one behind waits less by what they
    came later, at least.

    Parameters
    ----------
    seen_until
        Days from the first, whose waits may be looked at; None = all. Later people are spread
        evenly.
    """
    tickets, wait = log.tickets, np.maximum(log.details.wait, 0)
    if seen_until is not None:
        wait = np.where(log.day < seen_until, wait, 0)
    hour = tickets.arrived_at // HOUR
    n_lists = len(log.names.lists) + 1
    key = hour * n_lists + tickets.list_ + 1
    order = np.lexsort((log.details.row, key))
    begins = np.append(True, np.diff(key[order]) != 0)
    first = np.flatnonzero(begins)
    sizes = np.diff(first, append=len(order))
    apart = np.append(0, np.maximum(-np.diff(wait[order]), 0))
    apart[begins] = 0
    along = np.cumsum(apart)
    along -= np.repeat(along[first], sizes)
    total = along[first + sizes - 1].astype(np.float64)
    room = float(HOUR - SECOND)
    shrunk = np.minimum(1.0, np.divide(room, total, out=np.ones(len(total)), where=total > 0))
    place = np.arange(len(order)) - np.repeat(first, sizes)
    spread = (place + 0.5) / np.repeat(sizes, sizes) * np.repeat(room - total * shrunk, sizes)
    placed = np.empty(len(order), dtype=np.int64)
    within = np.rint(along * np.repeat(shrunk, sizes) + spread).astype(np.int64)
    placed[order] = hour[order] * HOUR + np.minimum(within, HOUR - SECOND)
    return placed
