"""What snapshots of queues tell of a hall: who comes, windows open, and the pace of calls.

A display shows no service. But while people wait its open windows are busy, so that windows × time
÷ calls is the time that a window spends on one call (DESIGN §9.12).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.special import gammainc

from sim.analysis.intervals import Interval
from sim.arrays import Floats, Ints
from sim.clock import DAY, MINUTE, Holidays
from sim.learning.arrivals import ArrivalFit, fit_arrivals
from sim.learning.desk_groups import DeskGroup
from sim.learning.likelihood import likeliest
from sim.learning.log_work import FEWEST_DAYS, FEWEST_SERVICES
from sim.learning.service_law import ServiceLaw
from sim.learning.services import ServiceFit
from sim.learning.snapshots import (
    HALF_HOUR,
    QueueCounts,
    SnapshotTable,
    counts_of,
    implied_log,
)
from sim.learning.span_laws import LawOfSpans
from sim.learning.staffing import StaffingFit
from sim.learning.ticket_log import UNKNOWN, TicketLog

CV: Final = 0.8
CV_RANGE: Final = (0.5, 1.2)
"""Of service times, which snapshots cannot tell: assumed."""
EVENNESS: Final = (-4.0, 4.0)
"""Logarithms between which the evenness of calls is looked for."""
NOWHERE: Final = Interval(np.nan, np.nan, np.nan, 0)


class QueuePace(NamedTuple):
    """How long a window spends on a call, of queues that share windows."""

    queues: tuple[int, ...]
    """Places in the table's queues."""
    n_tickets: int
    """Implied by its counts."""
    n_calls: int
    """Between snapshots in which people waited: these tell the pace."""
    service: Interval
    """Ticks of a window a call; nan = too few calls tell it."""
    stated: float
    """Median of what the display states, in ticks; nan = nothing."""


class SnapshotFit(NamedTuple):
    """Everything that snapshots tell."""

    table: SnapshotTable
    paces: tuple[QueuePace, ...]
    """By groups of queues, the most tickets first."""
    n_uncalled: int
    """Of those who waited, and are gone without a call: they left, or the display skipped them."""
    n_served: int
    """Tickets of queues whose pace is told: what a scenario is learned from."""


class SnapshotFits(NamedTuple):
    """The fits of a log of tickets, as snapshots imply them; None where they tell too little."""

    fit: SnapshotFit
    log: TicketLog
    arrivals: ArrivalFit | None
    staffing: StaffingFit | None
    services: ServiceFit | None


class BusySpans(NamedTuple):
    """Spans between snapshots at whose begin people wait."""

    windows: Floats
    """Window time in ticks."""
    calls: Ints
    waiting: Ints
    """At the begin: with fewer calls the windows were busy all the time."""
    day: Ints


def fit_snapshots(table: SnapshotTable, holidays: Holidays = "china") -> SnapshotFits | None:
    """What a table of snapshots tells; None where no number tells who was called.

    Arrivals, windows and pace are those of one office; of several only paces are told.
    """
    counts = list(counts_of(table))
    if not counts or not any(each.came.any() for each in counts):
        return None
    busy = [_busy(group, counts) for group in table.shared]
    paces = [_pace(*each, counts, table) for each in zip(table.shared, busy, strict=True)]
    order = np.argsort([-pace.n_tickets for pace in paces], kind="stable").tolist()
    paced = [place for place in order if np.isfinite(paces[place].service.mean)]
    in_order = tuple(paces[place] for place in order)
    uncalled = sum(int((each.left - each.calls)[each.left > each.calls].sum()) for each in counts)
    among = {queue for place in paced for queue in paces[place].queues}
    chosen = [each for each in counts if each.queue in among and each.came.any()]
    n_served = sum(int(each.came.sum()) for each in chosen)
    fit = SnapshotFit(table, in_order, uncalled, n_served)
    if not chosen or len({table.queues[queue].place for queue in among}) > 1:
        return SnapshotFits(fit, implied_log(table, counts), None, None, None)
    log = implied_log(table, chosen)
    groups = tuple(
        DeskGroup(
            "desks" if number == 0 else f"desks_{number + 1}",
            (),
            _names(table, paces[place], log),
            paces[place].n_tickets,
        )
        for number, place in enumerate(paced)
    )
    whole = _service(_joined([busy[place] for place in paced]))
    services = _services(table, [paces[place] for place in paced], whole, log)
    return SnapshotFits(
        fit,
        log,
        fit_arrivals(log, holidays),
        _staffing(table, [paces[place].queues for place in paced], groups, log),
        services,
    )


# === the pace === #


def _busy(group: Sequence[int], counts: Sequence[QueueCounts]) -> BusySpans:
    """The spans of queues that share windows; queues without a number that day left aside."""
    pieces = []
    for day in sorted({each.day for each in counts if each.queue in group}):
        of_day = [each for each in counts if each.queue in group and each.day == day]
        seen = of_day[0].seen
        if any(not np.array_equal(each.seen, seen) for each in of_day):
            continue
        waiting = np.sum([each.waiting for each in of_day], axis=0)
        calls = np.sum([each.calls for each in of_day], axis=0)
        sure = np.all([each.is_sure for each in of_day], axis=0)[1:]
        windows = np.max([each.open_windows for each in of_day], axis=0)
        time = (windows[1:] + windows[:-1]) / 2 * np.diff(seen)
        use = sure & (waiting[:-1] > 0) & (windows[1:] > 0) & (windows[:-1] > 0) & (time > 0)
        pieces.append(
            BusySpans(time[use], calls[1:][use], waiting[:-1][use], np.full(int(use.sum()), day))
        )
    return _joined(pieces)


def _joined(pieces: Sequence[BusySpans]) -> BusySpans:
    if not pieces:
        nothing = np.zeros(0, np.int64)
        return BusySpans(np.zeros(0), nothing, nothing, nothing)
    return BusySpans(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


def _service(busy: BusySpans) -> Interval:
    """Window time a call, in ticks.

    With fewer calls than people who waited at the begin somebody still waits at the end, so that
    all windows were busy; with as many or more nobody may have waited, and only so many are known
    to have been called in time. How far calls stray from their mean is fitted with it: they are
    evener than Poisson's where services are alike, and less even where windows pause.

    References
    ----------
    R. Winkelmann (1995), Duration dependence and dispersion in count-data models, Journal of
    Business & Economic Statistics 13, 467-474: the gamma count. The span to the first call is here
    that of a process that has gone on for long. The interval has days as clusters.
    """
    n_calls, n_days = int(busy.calls.sum()), len(np.unique(busy.day))
    if n_calls < FEWEST_SERVICES or n_days < FEWEST_DAYS:
        return NOWHERE
    is_full = busy.calls < busy.waiting
    minutes = busy.windows / MINUTE

    def terms(theta: Floats) -> Floats:
        expected = minutes * np.exp(-theta[0])
        evenness = float(np.exp(np.clip(theta[1], *EVENNESS)))
        likelihood = _at_least(busy.calls, expected, evenness)
        likelihood = likelihood - _at_least(busy.calls + 1, expected, evenness)
        with np.errstate(divide="ignore"):
            return np.log(
                np.where(is_full, likelihood, _at_least(busy.waiting, expected, evenness))
            )

    start = np.array([np.log(minutes.sum() / n_calls), 0.0])
    fit = likeliest(terms, [start], np.arange(len(minutes)), busy.day)
    if fit is None:
        return NOWHERE
    mean = fit.interval(lambda theta: float(theta[0]), 0.95)
    return mean._replace(mean=mean.mean * MINUTE, low=mean.low * MINUTE, high=mean.high * MINUTE)


def _at_least(calls: Ints, expected: Floats, evenness: float) -> Floats:
    """Probability of so many calls and more, of windows that are busy all the time.

    Parameters
    ----------
    evenness
        1 = Poisson; above 1 calls are evener.

    Examples
    --------
    >>> at_least = _at_least(np.array([0, 1]), np.ones(2), 1.0)
    >>> at_least.round(6).tolist(), round(1 - float(np.exp(-1.0)), 6)
    ([1.0, 0.632121], 0.632121)
    """
    shape = (np.maximum(calls, 1) - 1) * evenness + (evenness + 1) / 2
    return np.where(calls > 0, gammainc(shape, expected * evenness), 1.0)


def _pace(
    group: tuple[int, ...], busy: BusySpans, counts: Sequence[QueueCounts], table: SnapshotTable
) -> QueuePace:
    stated = table.stated[np.isin(table.queue, group) & (table.stated > 0)]
    return QueuePace(
        queues=group,
        n_tickets=sum(int(each.came.sum()) for each in counts if each.queue in group),
        n_calls=int(busy.calls.sum()),
        service=_service(busy),
        stated=float(np.median(stated)) if len(stated) else np.nan,
    )


def _services(
    table: SnapshotTable, paces: Sequence[QueuePace], whole: Interval, log: TicketLog
) -> ServiceFit:
    """A law for each queue: the mean is that of its windows' calls, the shape is assumed."""
    pace_of = {table.queues[queue].name: pace for pace in paces for queue in pace.queues}
    names = log.names.lists or ("",)
    n_calls = sum(pace.n_calls for pace in paces)
    return ServiceFit(
        grain=table.span,
        floor=0,
        matters_by="lists" if log.names.lists else "",
        matters=names,
        whole=_law(UNKNOWN, n_calls, whole),
        laws=tuple(
            _law(place, pace_of[name].n_calls, pace_of[name].service)
            for place, name in enumerate(names)
        ),
        groups=(),
        people="",
        n_people=0,
        pace_cv=NOWHERE,
        cv_assumed=CV_RANGE,
    )


def _law(matter: int, n: int, mean: Interval) -> ServiceLaw:
    law = LawOfSpans("gamma", mean.mean, CV)
    cv = NOWHERE._replace(mean=CV)
    factor = law.wait_factor
    return ServiceLaw(matter, n, 0, 0, law, mean, cv, 1.0, factor, NOWHERE, NOWHERE, ())


# === windows === #


def _names(table: SnapshotTable, pace: QueuePace, log: TicketLog) -> tuple[str, ...]:
    """Queues that have tickets."""
    names = {table.queues[queue].name for queue in pace.queues}
    return tuple(sorted(names & {*log.names.lists}))


def _staffing(
    table: SnapshotTable,
    queues: Sequence[tuple[int, ...]],
    groups: tuple[DeskGroup, ...],
    log: TicketLog,
) -> StaffingFit:
    """Windows that the display says to be open, by half hour and date."""
    offset = (log.first_date - table.first_date).days * DAY
    rows = []
    for number, group in enumerate(queues):
        here = np.isin(table.queue, group) & (table.open_windows >= 0) & (table.seen >= offset)
        slots, place = np.unique((table.seen[here] - offset) // HALF_HOUR, return_inverse=True)
        counts = np.bincount(place)
        level = np.bincount(place, weights=table.open_windows[here]) / counts
        waits = np.bincount(place, weights=table.waiting[here] > 0) / counts
        in_use = level >= 0.5  # else no window is open for half of it
        rows.append(np.stack([np.full(len(slots), number), slots, level, waits])[:, in_use])
    joined = np.concatenate(rows, axis=1)
    joined = joined[:, np.lexsort((joined[0], joined[1]))]
    slot = joined[1].astype(np.int64)
    per_day = DAY // HALF_HOUR
    return StaffingFit(
        slot=HALF_HOUR,
        how="stated",
        groups=groups,
        day=slot // per_day,
        begin=slot % per_day * HALF_HOUR,
        group=joined[0].astype(np.int64),
        level=joined[2],
        clerks=np.maximum(np.rint(joined[2]), 1).astype(np.int64),
        waiting=joined[3],
        breaks=(),
    )
