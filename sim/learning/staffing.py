"""How many windows were in use, half hour by half hour and date by date, from the log itself.

A log lacks duty: who has nobody to serve leaves no trace. So the number is exact while people wait,
and a lower bound while nobody does (DESIGN §9.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, MINUTE
from sim.learning.desk_groups import DeskGroup, desk_groups
from sim.learning.desk_spans import DeskSpans, desk_spans
from sim.learning.ticket_log import TicketLog
from sim.learning.window_spans import window_spans

HALF_HOUR: Final = 30 * MINUTE
EXACT_SHARE: Final = 0.5
"""Of a half hour in which somebody waits, from which on its number is exact."""
BREAK_SHARE: Final = 0.8
"""Of the days with work before and after on which nobody is called: then it is a break."""

HowStaffed = Literal["windows", "overlap", "work", "stated"]
"""Each window's own spans; services at one time; the work of the half hour, without any wait; what
a display states."""


class SeenBreak(NamedTuple):
    """Hours within the day in which a group calls nobody."""

    group: int
    begin: int
    """Ticks after midnight."""
    end: int
    share: float
    """Of the days that have work before and after."""


@dataclass(frozen=True, eq=False)
class StaffingFit:
    """Windows in use, a row each group, date and half hour from its first call to its last.

    Attributes
    ----------
    slot : int
        Ticks of a half hour.
    how : str
    groups : tuple of DeskGroup
    day, begin, group : ndarray(int64), shape (rows,)
        Days after the first date of the log; ticks after midnight; place among the groups.
    level : ndarray(float64), shape (rows,)
        Mean number in use while somebody waited; the most at one time where nobody did for half of
        the half hour; of `work` the hours of service in an hour.
    clerks : ndarray(int64), shape (rows,)
        The level as whole clerks.
    waiting : ndarray(float64), shape (rows,)
        Share of the half hour in which somebody waited.
    breaks : tuple of SeenBreak
    """

    slot: int
    how: HowStaffed
    groups: tuple[DeskGroup, ...]
    day: Ints
    begin: Ints
    group: Ints
    level: Floats
    clerks: Ints
    waiting: Floats
    breaks: tuple[SeenBreak, ...]

    @property
    def is_exact(self) -> Bools:
        """bool, shape (rows,): the number is that of the clerks; else they were no fewer."""
        if self.how == "stated":
            return np.ones(len(self.waiting), dtype=np.bool_)
        return np.asarray((self.waiting >= EXACT_SHARE) & (self.how != "work"))


def fit_staffing(log: TicketLog) -> StaffingFit | None:
    """Windows in use by half hour and date; None where no service has a length.

    Where the log has windows, each is open from call to call, through idle gaps of half an hour in
    which nobody waits; where people wait and it calls nobody, it is closed. Without windows the
    number is that of services at one time.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit = fit_staffing(log)
    >>> assert fit is not None
    >>> fit.how, len(fit.groups), set(fit.clerks[fit.is_exact].tolist())
    ('windows', 1, {3})
    """
    spans = desk_spans(log)
    if spans is None or not len(spans.ticket):
        return None
    groups, group = desk_groups(log, spans)
    has_windows = bool(log.names.windows)
    has_waits = bool((spans.wait > 0).any())
    how: HowStaffed = "windows" if has_windows else "overlap" if has_waits else "work"
    rows = []
    breaks = list[SeenBreak]()
    for number in range(len(groups)):
        of_group = DeskSpans(*(column[group == number] for column in spans))
        at_windows = log.tickets.window[of_group.ticket] >= 0
        if not len(of_group.ticket) or (has_windows and not at_windows.any()):
            continue  # called, and nobody says where
        use = _use(log, of_group, how)
        rows.append(np.stack([np.full(len(use.slot), number), *use]))
        breaks += _breaks(use.slot, of_group, number)
    table = np.concatenate(rows, axis=1)
    table = table[:, np.lexsort((table[0], table[1]))]
    per_day = DAY // HALF_HOUR
    slot = table[1].astype(np.int64)
    return StaffingFit(
        slot=HALF_HOUR,
        how=how,
        groups=groups,
        day=slot // per_day,
        begin=slot % per_day * HALF_HOUR,
        group=table[0].astype(np.int64),
        level=table[2],
        clerks=table[3].astype(np.int64),
        waiting=table[4],
        breaks=tuple(breaks),
    )


class _Use(NamedTuple):
    """Half hours of a group, numbered since the first date."""

    slot: Ints
    level: Floats
    clerks: Floats
    waiting: Floats


def _use(log: TicketLog, spans: DeskSpans, how: HowStaffed) -> _Use:
    starts, ends = spans.called_at, spans.free_at
    window = log.tickets.window[spans.ticket]
    if (window >= 0).any():
        starts, ends = window_spans(spans, window, HALF_HOUR)
    first = int(spans.called_at.min()) // HALF_HOUR
    last = int(max(ends.max() - 1, spans.called_at.max())) // HALF_HOUR
    edges = np.arange(first, last + 2) * HALF_HOUR
    at = np.concatenate([edges, starts, ends, spans.arrived_at, spans.called_at])
    at = np.clip(at, edges[0], edges[-1])
    n, m = len(starts), len(spans.ticket)
    none = np.zeros(len(edges))
    open_change = np.concatenate([none, np.ones(n), -np.ones(n), np.zeros(2 * m)])
    wait_change = np.concatenate([none, np.zeros(2 * n), np.ones(m), -np.ones(m)])
    order = np.argsort(at, kind="stable")
    at = at[order]
    is_open = np.cumsum(open_change[order])[:-1]
    somebody = np.cumsum(wait_change[order])[:-1] > 0
    length = np.diff(at)
    lasting = length > 0
    slot = at[:-1][lasting] // HALF_HOUR - first
    length, is_open, somebody = length[lasting], is_open[lasting], somebody[lasting]
    n_slots = len(edges) - 1

    def total(values: Floats) -> Floats:
        return np.asarray(np.bincount(slot, weights=values, minlength=n_slots), np.float64)

    waited = total(length * somebody)
    mean = total(length * is_open) / HALF_HOUR
    in_waits = np.divide(
        total(length * is_open * somebody), waited, out=np.zeros(n_slots), where=waited > 0
    )
    most = np.zeros(n_slots)
    np.maximum.at(most, slot, is_open)
    waiting = waited / HALF_HOUR
    level = np.where(waiting >= EXACT_SHARE, in_waits, most)
    if how == "work":
        level = mean
    active = np.flatnonzero((most > 0) | (waited > 0))
    day = (active + first) * HALF_HOUR // DAY
    # a day is whole from its first half hour to its last: lunch is in it
    begins = np.flatnonzero(np.diff(day, prepend=-1))
    ends_day = np.append(begins[1:], len(active)) - 1
    within = np.concatenate(
        [
            np.arange(a, b + 1)
            for a, b in zip(active[begins].tolist(), active[ends_day].tolist(), strict=True)
        ]
    )
    level, waiting = level[within], waiting[within]
    whole = np.ceil(level) if how == "work" else np.rint(level)
    return _Use(within + first, level, whole, waiting)


def _breaks(slot: Ints, spans: DeskSpans, group: int) -> list[SeenBreak]:
    """Half hours of the day in which on most days with work before and after nobody is called."""
    per_day = DAY // HALF_HOUR
    day, place = slot // per_day, slot % per_day
    called = spans.called_at // HALF_HOUR
    has_call = np.isin(slot, called)
    n_days = np.bincount(place, minlength=per_day)
    idle = np.bincount(place[~has_call], minlength=per_day)
    share = np.divide(idle, n_days, out=np.zeros(per_day), where=n_days > 0)
    most_days = n_days >= BREAK_SHARE * max(len(np.unique(day)), 1) / 2
    is_break = np.append(False, most_days & (share >= BREAK_SHARE))
    is_break = np.append(is_break, False)
    begins = np.flatnonzero(~is_break[:-1] & is_break[1:])
    ends = np.flatnonzero(is_break[:-1] & ~is_break[1:])
    return [
        SeenBreak(group, a * HALF_HOUR, b * HALF_HOUR, float(share[a:b].min()))
        for a, b in zip(begins.tolist(), ends.tolist(), strict=True)
        if (has_call & (place < a)).any() and (has_call & (place >= b)).any()
    ]
