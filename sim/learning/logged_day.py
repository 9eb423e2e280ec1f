"""One day of a log as the record that is played: who waited, who was at which window, and when.

Nothing is simulated: instants are those of the log, and no scenario is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.day_record import (
    LAST,
    DayCases,
    DayDuties,
    DayRecord,
    DayReviews,
    DayTickets,
    OtherWork,
    seconds_of,
)
from sim.arrays import AnyInts, Bools, Ints
from sim.clock import DAY, HOUR
from sim.errors import OptionError, Problem
from sim.learning.desk_groups import desk_groups
from sim.learning.desk_spans import DeskSpans, desk_spans, placed_in_hours
from sim.learning.staffing import HALF_HOUR
from sim.learning.ticket_log import TicketLog
from sim.learning.window_spans import window_spans
from sim.plan.journal import MISSED

UNNAMED: Final = ""
"""A list or matter of which the log says no name."""
NO_ROWS: Final = np.zeros(0, dtype=np.int64)


class LoggedGroup(NamedTuple):
    """Windows of a log that share the work, as numbers."""

    lists: tuple[int, ...]
    """Whose tickets they serve."""
    windows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class LoggedDay:
    """One day of a log.

    Attributes
    ----------
    date : date
    record : DayRecord
        Of one place, without cases and reviews; a ticket's number is its place among those of the
        day that are shown, from 1.
    matters, lists, windows : tuple of str
        Names by number; an empty one where the log has none.
    groups : tuple of LoggedGroup
        Each list and window is in one.
    n_unplaced : int
        Tickets of the day that are not shown: the log says neither a call nor when they left.
    n_endless : int
        Called tickets without an end: shown for as long as the median service.
    names_windows : bool
        Else services at one time stand at windows beside each other, filled from the first on.
    has_services : bool
        Else the log says of no service how long it took, and people leave at their call.
    has_hours_only : bool
        Instants within the hour are spread evenly.
    """

    date: date
    record: DayRecord
    matters: tuple[str, ...]
    lists: tuple[str, ...]
    windows: tuple[str, ...]
    groups: tuple[LoggedGroup, ...]
    n_unplaced: int
    n_endless: int
    names_windows: bool
    has_services: bool
    has_hours_only: bool


def busiest_date(log: TicketLog) -> date:
    """The date of the log on which most tickets were taken; of equal ones the first.

    Examples
    --------
    >>> from sim.learning.log_rows import rows_of_columns
    >>> from sim.learning.log_tickets import ticket_log
    >>> days = ["2025-03-03 08:05", "2025-03-04 09:00", "2025-03-04 09:10"]
    >>> busiest_date(ticket_log(rows_of_columns({"taken": days})))
    datetime.date(2025, 3, 4)
    """
    return log.first_date + timedelta(days=int(np.argmax(np.bincount(log.day))))


def logged_dates(log: TicketLog) -> tuple[date, ...]:
    """Dates on which a ticket was taken, in order."""
    return tuple(log.first_date + timedelta(days=day) for day in np.unique(log.day).tolist())


def logged_day(log: TicketLog, day: date) -> LoggedDay:
    """The record of one day of a log.

    Raises
    ------
    OptionError
        `log_day_places` of a log of several halls, `log_day_none` where nobody came on that day,
        `log_day_no_calls` where no window called anybody.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> logged = logged_day(log, log.first_date)
    >>> len(logged.windows), logged.lists, logged.n_unplaced
    (3, ('登记', '证明'), 3)
    """
    if len(log.names.places) > 1:
        places = ", ".join(log.names.places)
        raise OptionError(Problem("log_day_places", "--place", found=places))
    number = (day - log.first_date).days
    if not (log.day == number).any():
        last = log.first_date + timedelta(days=log.n_days - 1)
        allowed = f"{log.first_date} – {last}"
        raise OptionError(Problem("log_day_none", "--date", found=f"{day}", allowed=allowed))
    spans = _spans(log)
    times = _times(log, spans)
    there = (times.came < (number + 1) * DAY) & (times.left > number * DAY) & times.is_known
    rows = np.flatnonzero(there)
    hall = _LoggedHall(log, spans, times, number, rows)
    if not len(hall.called) or not len(hall.windows):
        raise OptionError(Problem("log_day_no_calls", "--date", found=f"{day}"))
    return hall.logged(day)


class _Times(NamedTuple):
    """Ticks of each ticket of the log; -1 = never."""

    came: Ints
    called: Ints
    began: Ints
    left: Ints
    """From the window, or without a call."""
    freed: Ints
    """The window is free of them."""
    is_known: Bools
    """The log says until when they waited."""
    is_endless: Bools
    """Called, served, and without an end in the log."""


def _spans(log: TicketLog) -> DeskSpans:
    """Called tickets; where no service has a length people leave at their call."""
    spans = desk_spans(log)
    if spans is not None:
        return spans
    called = log.tickets.called_at.astype(np.int64)
    there = np.flatnonzero(called >= 0)
    came = np.minimum(log.tickets.arrived_at.astype(np.int64), called)
    return DeskSpans(there, came[there], called[there], called[there])


def _times(log: TicketLog, spans: DeskSpans) -> _Times:
    tickets, details = log.tickets, log.details
    has_hours_only = log.grain >= HOUR
    came = placed_in_hours(log) if has_hours_only else tickets.arrived_at.astype(np.int64)
    ended = np.full(len(log), -1) if has_hours_only else tickets.ended_at.astype(np.int64)
    called = np.full(len(log), -1)
    freed, left = ended.copy(), ended.copy()
    rows = spans.ticket
    came[rows], called[rows], freed[rows] = spans.arrived_at, spans.called_at, spans.free_at
    tells_end = ended[rows] >= spans.called_at
    left[rows] = np.where(tells_end, ended[rows], spans.free_at)
    began = called.copy()
    if not has_hours_only:
        is_later = (tickets.began_at > called) & (called >= 0)
        began[is_later] = tickets.began_at[is_later]
    began[tickets.fate == MISSED] = -1
    is_endless = np.zeros(len(log), dtype=np.bool_)
    says_length = (details.service[rows] >= 0) if has_hours_only else tells_end
    frees = details.freed_at[rows] >= spans.called_at
    is_endless[rows] = ~says_length & ~frees & (tickets.fate[rows] != MISSED)
    is_known = (called >= 0) | (left >= came)
    return _Times(came, called, began, left, freed, is_known, is_endless)


class _LoggedHall:
    """One day of a log, with numbers for what is drawn."""

    def __init__(
        self, log: TicketLog, spans: DeskSpans, times: _Times, day: int, rows: Ints
    ) -> None:
        self.log, self.times, self.day = log, times, day
        self.rows = rows[np.lexsort((rows, times.came[rows]))]
        names, tickets = log.names, log.tickets
        of_list, of_matter = (names.lists, tickets.list_), (names.matters, tickets.matter)
        self.lists, self.list_ = _named(*(of_list if names.lists else of_matter))
        self.matters, self.matter = _named(*(of_matter if names.matters else of_list))
        self.called = self.rows[times.called[self.rows] >= 0]
        groups, group = desk_groups(log, spans)
        group_of_ticket = np.full(len(log), -1)
        group_of_ticket[spans.ticket] = group
        if names.windows:
            self.windows, owners = _owned([each.windows for each in groups])
            place = {name: n for n, name in enumerate(self.windows)}
            numbers = np.array([place.get(name, -1) for name in names.windows], dtype=np.int64)
            code = tickets.window.astype(np.int64)
            self.window = np.where(code >= 0, numbers[code], -1)
        else:
            self.window, self.windows, owners = self._side_by_side(group_of_ticket, len(groups))
        self.group_of_window = np.unique(owners, return_inverse=True)[1].astype(np.int64)
        shown = np.unique(owners).tolist()
        list_names, list_owners = _owned([groups[number].lists for number in shown])
        owner_of = dict(zip(list_names, list_owners.tolist(), strict=True))
        self.group_of_list = [owner_of.get(name, 0) for name in self.lists]

    def _side_by_side(self, group: Ints, n_groups: int) -> tuple[Ints, tuple[str, ...], Ints]:
        """Windows of a log that names none: of each ticket, int64, shape (tickets,), -1 = none;
        their names; the group of each."""
        window, names, owners = np.full(len(self.log), -1), list[str](), list[int]()
        times = self.times
        called = self.called[np.lexsort((self.called, times.called[self.called]))]
        for number in range(n_groups):
            here = called[group[called] == number]
            places = first_free(times.called[here], times.freed[here])
            window[here] = len(names) + places
            n_places = int(places.max(initial=-1)) + 1
            names += [f"{place + 1}" for place in range(n_places)]
            owners += [number] * n_places
        return window, tuple(names), np.array(owners, dtype=np.int64)

    def logged(self, day: date) -> LoggedDay:
        log, times = self.log, self.times
        groups = [
            LoggedGroup(
                tuple(n for n, owner in enumerate(self.group_of_list) if owner == number),
                tuple(np.flatnonzero(self.group_of_window == number).tolist()),
            )
            for number in range(int(self.group_of_window.max()) + 1)
        ]
        has_services = bool((times.freed > times.called)[times.called >= 0].any())
        return LoggedDay(
            date=day,
            record=DayRecord(
                self.day,
                self._tickets(),
                self._other_work(),
                self._duties(),
                DayCases(*[NO_ROWS] * len(DayCases._fields)),
                DayReviews(*[NO_ROWS] * len(DayReviews._fields)),
            ),
            matters=self.matters,
            lists=self.lists,
            windows=self.windows,
            groups=tuple(groups),
            n_unplaced=int(((log.day == self.day) & ~times.is_known).sum()),
            n_endless=int(times.is_endless[self.called].sum()) if has_services else 0,
            names_windows=bool(log.names.windows),
            has_services=has_services,
            has_hours_only=log.grain >= HOUR,
        )

    def _tickets(self) -> DayTickets:
        rows, times, n = self.rows, self.times, len(self.rows)
        came, called, began, left = (
            seconds_of(column[rows], self.day)
            for column in (times.came, times.called, times.began, times.left)
        )
        return DayTickets(
            case=np.arange(1, n + 1),
            trip=np.ones(n, dtype=np.int64),
            matter=self.matter[rows],
            place=np.zeros(n, dtype=np.int64),
            list_=self.list_[rows],
            window=np.where(times.called[rows] >= 0, self.window[rows], -1),
            people=np.ones(n, dtype=np.int64),
            came=came,
            greeted=np.full(n, LAST),
            taken=came,
            called=called,
            began=began,
            ended=left,
            fate=self.log.tickets.fate[rows].astype(np.int64),
        )

    def _other_work(self) -> OtherWork:
        """Windows that are not free yet when who was served has left."""
        times = self.times
        rows = self.called[times.freed[self.called] > times.left[self.called]]
        rows = rows[self.window[rows] >= 0]
        ends = (seconds_of(column[rows], self.day) for column in (times.left, times.freed))
        return OtherWork(self.window[rows], *ends)

    def _duties(self) -> DayDuties:
        """When windows were open (DESIGN §9.6); where the log names none, while they serve."""
        times = self.times
        called = self.called[self.window[self.called] >= 0]
        owners = self.group_of_window[self.window[called]]
        parts = [(NO_ROWS, NO_ROWS, NO_ROWS)]
        for number in np.unique(owners).tolist():
            here = called[owners == number]
            starts, ends = times.called[here], times.freed[here]
            if self.log.names.windows:
                spans = DeskSpans(here, times.came[here], starts, ends)
                starts, ends = window_spans(spans, self.window[here], HALF_HOUR)
            parts.append((np.full(len(starts), number), starts, ends))
        groups, starts, ends = (np.concatenate(column) for column in zip(*parts, strict=True))
        return DayDuties(groups, seconds_of(starts, self.day), seconds_of(ends, self.day))


def _owned(names_of_groups: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], Ints]:
    """All names once, and the group of each: the first that has it."""
    owner_of: dict[str, int] = {}
    for number, names in enumerate(names_of_groups):
        for name in names:
            owner_of.setdefault(name, number)
    return tuple(owner_of), np.array(list(owner_of.values()), dtype=np.int64)


def first_free(starts: Ints, ends: Ints) -> Ints:
    """The lowest place that is free for each span, in the order of their starts.

    Examples
    --------
    >>> first_free(np.array([0, 1, 5]), np.array([5, 9, 8])).tolist()
    [0, 1, 0]
    """
    free_at, places = list[int](), np.zeros(len(starts), dtype=np.int64)
    for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        place = next((p for p, at in enumerate(free_at) if at <= start), len(free_at))
        free_at[place : place + 1] = [end]
        places[n] = place
    return places


def _named(names: tuple[str, ...], codes: AnyInts) -> tuple[tuple[str, ...], Ints]:
    """Names, and the number of each ticket's; those of which the log says none share one more."""
    unnamed = codes < 0
    if not unnamed.any():
        return names, codes.astype(np.int64)
    return (*names, UNNAMED), np.where(unnamed, len(names), codes).astype(np.int64)
