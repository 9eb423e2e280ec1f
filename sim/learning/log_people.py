"""The people of a log who were served: what for, by which windows, how soon and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clock import DAY, HOUR, MINUTE
from sim.learning.desk_groups import DeskGroup, desk_groups
from sim.learning.desk_spans import desk_spans
from sim.learning.ticket_log import TicketLog
from sim.plan.journal import MISSED

RUSH: Final = 10 * MINUTE
"""Mean wait of the longest list in an hour, from which on it shows who is called first."""
RANKS: Final = (0.2, 0.6)
"""Share of the longest list's wait below which people are called before others: two steps."""
LEAST_SHARE: Final = 0.05
"""Of the tickets of a group, which the list has that others are held against."""
FEWEST: Final = 20
"""Tickets in the rush of a list, without which it has no rank of its own."""


@dataclass(frozen=True, eq=False)
class LogPeople:
    """People who were served, in the order of their arrival; arrays of shape (people,).

    Attributes
    ----------
    first_date : date
        Tick 0 is 00:00 of it.
    n_days : int
    groups : tuple of DeskGroup
    matters : tuple of (str, int)
        Name of the list (else matter), and the group that serves it.
    ticket, arrived_at, wait, service, matter : ndarray(int64)
        Row of the log; ticks; ticks from ticket to call; for how long the window had them; place in
        `matters`.
    rank : ndarray(int64)
        0 is called before 1, and 1 before 2.
    """

    first_date: date
    n_days: int
    groups: tuple[DeskGroup, ...]
    matters: tuple[tuple[str, int], ...]
    ticket: Ints
    arrived_at: Ints
    wait: Ints
    service: Ints
    matter: Ints
    rank: Ints

    def __len__(self) -> int:
        return len(self.ticket)

    @property
    def day(self) -> Ints:
        """int64: days after the first date."""
        return np.asarray(self.arrived_at // DAY)

    @property
    def group(self) -> Ints:
        """int64: place in the groups."""
        return np.array([group for _, group in self.matters], dtype=np.int64)[self.matter]

    def chosen(self, among: Any) -> LogPeople:
        """Some of them, by a mask or by places."""
        columns = ("ticket", "arrived_at", "wait", "service", "matter", "rank")
        return LogPeople(
            self.first_date,
            self.n_days,
            self.groups,
            self.matters,
            *(getattr(self, column)[among] for column in columns),
        )


def log_people(log: TicketLog, seen_until: int | None = None) -> LogPeople | None:
    """Who was served; None where no service has a length.

    Who gave up or missed the call took no time of a window, and is left out.

    Parameters
    ----------
    seen_until
        Days from the first, whose waits tell who is called first, and who came when within an hour;
        None = all.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> people = log_people(log)
    >>> assert people is not None
    >>> len(people), people.matters, set(people.rank.tolist())
    (1829, (('登记', 0), ('证明', 0)), {2})
    """
    spans = desk_spans(log, seen_until)
    if spans is None:
        return None
    groups, group = desk_groups(log, spans)
    tickets = log.tickets
    has_lists = bool(log.names.lists)
    names = (*(log.names.lists if has_lists else log.names.matters), "")
    for_what = (tickets.list_ if has_lists else tickets.matter)[spans.ticket].astype(np.int64)
    served = np.flatnonzero(tickets.fate[spans.ticket] != MISSED)
    served = served[np.argsort(spans.arrived_at[served], kind="stable")]
    for_what = np.where(for_what < 0, len(names) - 1, for_what)[served]
    pairs, matter = np.unique(for_what * len(groups) + group[served], return_inverse=True)
    matters = tuple((names[n // len(groups)], n % len(groups)) for n in pairs.tolist())
    matter = matter.astype(np.int64)
    booked = log.details.booked[spans.ticket][served] == 1
    arrived, wait = spans.arrived_at[served], spans.wait[served]
    return LogPeople(
        first_date=log.first_date,
        n_days=log.n_days,
        groups=groups,
        matters=matters,
        ticket=spans.ticket[served],
        arrived_at=arrived,
        wait=wait,
        service=(spans.free_at - spans.called_at)[served],
        matter=matter,
        rank=_ranks(
            arrived,
            wait,
            2 * matter + booked,
            group[served],
            arrived < (log.n_days if seen_until is None else seen_until) * DAY,
        ),
    )


def _ranks(arrived: Ints, wait: Ints, stream: Ints, group: Ints, among: Bools) -> Ints:
    """How early each is called: by what their list waits in the rush of the longest one.

    Parameters
    ----------
    stream
        Number of list and booking.
    group
        Of windows.
    among
        Whose waits are looked at.
    """
    hour = arrived // HOUR
    n_hours, n_streams = int(hour.max(initial=0)) + 1, int(stream.max(initial=0)) + 1
    rank = np.full(n_streams, len(RANKS), dtype=np.int64)
    for number in np.unique(group).tolist():
        here = (group == number) & among
        if not here.any():
            continue
        of_stream = np.bincount(stream[here], minlength=n_streams)
        sums = np.bincount(stream[here], weights=wait[here], minlength=n_streams)
        large = of_stream >= LEAST_SHARE * here.sum()
        means = np.where(large, sums / np.maximum(of_stream, 1), -1.0)
        longest = int(np.argmax(means))
        at_longest = here & (stream == longest)
        in_hour = np.bincount(hour[at_longest], minlength=n_hours)
        waits = np.bincount(hour[at_longest], weights=wait[at_longest], minlength=n_hours)
        usual = waits / np.maximum(in_hour, 1)
        rush = here & (usual[hour] >= RUSH)
        counts = np.bincount(stream[rush], minlength=n_streams)
        waited = np.bincount(stream[rush], weights=wait[rush], minlength=n_streams)
        beside = np.bincount(stream[rush], weights=usual[hour[rush]], minlength=n_streams)
        share = np.divide(waited, beside, out=np.ones(n_streams), where=beside > 0)
        ranked = np.searchsorted(RANKS, share, side="right")
        rank = np.where((of_stream > 0) & (counts >= FEWEST), ranked, rank)
    return rank[stream]
