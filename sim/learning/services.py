"""How long work at the window takes, learned from a log: laws by matter, windows, clerks.

Days are the clusters of every interval, as in `arrivals.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.intervals import Interval
from sim.arrays import Bools
from sim.clock import HOUR, SECOND, Holidays
from sim.learning.arrivals import whole_days
from sim.learning.desk_groups import DeskGroup
from sim.learning.group_laws import laws_of_groups
from sim.learning.log_matters import LogMatters, matters_of, matters_served
from sim.learning.log_rows import grain_of
from sim.learning.log_work import FEWEST_DAYS, FEWEST_SERVICES, LogWork
from sim.learning.service_law import ServiceLaw, own_law, shrunk_law
from sim.learning.service_paces import GroupPace, group_pace, people_paces
from sim.learning.span_laws import SeenSpans
from sim.learning.ticket_log import UNKNOWN, TicketLog
from sim.learning.trap_cells import SHORTEST_SERVICE


@dataclass(frozen=True)
class ServiceFit:
    """How long work takes.

    Attributes
    ----------
    grain : int
        Ticks to which services are recorded.
    floor : int
        Ticks below which the log holds none.
    matters_by : str
        Field of `LogNames` that the matters come from; empty = all are one.
    matters : tuple of str
        Their names.
    whole : ServiceLaw
        Of all tickets as one.
    laws : tuple of ServiceLaw
        By matter.
    groups : tuple of GroupPace
        As of `StaffingFit`; empty without windows.
    people : str
        What `pace_cv` is of: `clerks`, else `windows`; empty = the log has neither.
    n_people : int
    pace_cv : Interval
        Coefficient of variation of their paces, matter for matter, beyond chance.
    """

    grain: int
    floor: int
    matters_by: str
    matters: tuple[str, ...]
    whole: ServiceLaw
    laws: tuple[ServiceLaw, ...]
    groups: tuple[GroupPace, ...]
    people: str
    n_people: int
    pace_cv: Interval
    cv_assumed: tuple[float, float] | None = None
    """Range of cv where the log tells paces alone, and no service; None = cv is told."""


def fit_services(
    log: TicketLog,
    groups: Sequence[DeskGroup] = (),
    holidays: Holidays = "china",
    floor: int = SHORTEST_SERVICE,
    level: float = 0.95,
) -> ServiceFit | None:
    """How long work takes; None with fewer than 30 services or 5 days, or told in whole hours.

    A ticket that was left open counts as unknown: that its window called the next one later is
    a bound that comes the later the longer the work took, and would draw the law down.

    Parameters
    ----------
    groups
        Windows that share work, as `fit_staffing` tells them.
    floor
        Ticks below which services were blanked on reading; 0 = all were kept.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit = fit_services(log)
    >>> assert fit is not None
    >>> [(fit.matters[law.matter], round(law.mean.mean / 60_000)) for law in fit.laws]
    [('登记', 14), ('证明', 8)]
    """
    matters = matters_of(log)
    work = _work(log, matters, holidays, floor)
    recorded = work.spans.is_recorded
    is_little = np.count_nonzero(recorded) < FEWEST_SERVICES
    if is_little or len(np.unique(work.spans.day)) < FEWEST_DAYS or work.spans.grain >= HOUR:
        return None
    whole = own_law(work, UNKNOWN, level)
    if whole is None:
        return None
    by_matter = {code: own_law(work, code, level) for code in range(len(matters.names))}
    laws = _with_thin(work, whole, by_matter, level)
    at_windows = [
        (_windows(log, group), group.windows, places)
        for group, places in zip(groups, matters_served(log, groups), strict=True)
        if group.windows
    ]
    group_matters = [(codes, places) for codes, _, places in at_windows]
    of_groups = laws_of_groups(work, group_matters, laws, level)
    people = "clerks" if log.names.clerks else "windows" if log.names.windows else ""
    who = {"clerks": work.clerk, "windows": work.window, "": work.window}[people]
    n_people, pace_cv = people_paces(work, who, level)
    return ServiceFit(
        grain=int(work.spans.grain),
        floor=int(work.spans.floor),
        matters_by=matters.by,
        matters=matters.names,
        whole=whole,
        laws=laws,
        groups=tuple(
            group_pace(work, names, places, codes, laws, of_group, level)
            for (codes, names, places), of_group in zip(at_windows, of_groups, strict=True)
        ),
        people=people,
        n_people=n_people,
        pace_cv=pace_cv,
    )


def _work(log: TicketLog, matters: LogMatters, holidays: Holidays, floor: int) -> LogWork:
    tickets, service = log.tickets, log.details.service
    here = log.details.online != 1
    recorded = here & (service >= 0)
    begun = here & (tickets.began_at >= 0) & (tickets.ended_at < 0) & (service < 0)
    instants = (tickets.arrived_at, tickets.called_at, tickets.began_at, tickets.ended_at)
    end = max(int(at.max()) for at in instants)
    in_hand = begun & _is_last_call(log) & (tickets.began_at < end)
    grain = max(grain_of([service[recorded]]), SECOND)
    low = np.where(recorded, np.rint(service / grain) * grain, end - tickets.began_at)
    high = np.where(recorded, low, np.inf)
    some = recorded | in_hand
    first = -(-floor // grain) * grain
    if floor and grain > floor:  # a whole grain is the least that is left
        first = grain
    if first:
        some &= ~recorded | (low >= first)
    spans = SeenSpans(low.astype(np.float64), high, log.day, float(grain), float(first)).where(some)
    return LogWork(
        spans=spans,
        matter=matters.code[some],
        window=tickets.window[some],
        clerk=log.details.clerk[some],
        unknown=matters.code[begun & ~in_hand],
        days=np.flatnonzero(whole_days(log, holidays)),
    )


def _is_last_call(log: TicketLog) -> Bools:
    """bool, shape (tickets,): calls on the last day after which their window calls nobody; where
    the log has no windows it cannot be told who is still in hand."""
    tickets = log.tickets
    latest = np.full(len(log.names.windows) + 1, UNKNOWN)
    np.maximum.at(latest, tickets.window, tickets.began_at)
    is_last = (tickets.window >= 0) & (tickets.began_at == latest[tickets.window])
    return np.asarray(is_last & (log.day == log.n_days - 1))


def _with_thin(
    work: LogWork, whole: ServiceLaw, by_matter: dict[int, ServiceLaw | None], level: float
) -> tuple[ServiceLaw, ...]:
    """Laws by matter; those of thin ones have the shape of all, and a mean drawn towards theirs.

    How far is told by how much the means of matters differ (empirical Bayes).

    References
    ----------
    Morris (1983), Parametric empirical Bayes inference, J. Amer. Statist. Assoc. 78, 47-55.
    """
    thick = [law for law in by_matter.values() if law is not None]
    cv = _pooled_cv(thick) or whole.law.cv
    means = np.array([law.mean.mean for law in thick])
    noise = np.array([(law.law.cv * law.mean.mean) ** 2 / law.n for law in thick])
    between = max(float(means.var(ddof=1) - noise.mean()), 0.0) if len(thick) > 1 else 0.0
    ratio = cv / whole.cv.mean
    cvs = whole.cv._replace(mean=cv, low=whole.cv.low * ratio, high=whole.cv.high * ratio)
    return tuple(
        shrunk_law(work, matter, whole.mean, whole.law, cvs, between, level) if law is None else law
        for matter, law in by_matter.items()
    )


def _pooled_cv(laws: list[ServiceLaw]) -> float:
    """Of matters that have laws of their own, by their services; 0 without any."""
    n = sum(law.n for law in laws)
    return float((sum(law.n * law.law.cv**2 for law in laws) / n) ** 0.5) if n else 0.0


def _windows(log: TicketLog, group: DeskGroup) -> list[int]:
    return [log.names.windows.index(name) for name in group.windows]
