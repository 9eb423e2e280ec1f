"""How long work at the window takes, learned from a log: laws by matter, windows, clerks.

Days are the clusters of every interval, as in `arrivals.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.arrays import Bools, Floats
from sim.clock import HOUR, SECOND, Holidays
from sim.learning.arrivals import whole_days
from sim.learning.desk_groups import DeskGroup
from sim.learning.log_matters import LogMatters, matters_of, matters_served
from sim.learning.log_rows import grain_of
from sim.learning.service_paces import (
    FEWEST_DAYS,
    FEWEST_SERVICES,
    GroupPace,
    LogWork,
    factor_seen,
    group_pace,
    people_paces,
)
from sim.learning.span_laws import FittedSpans, LawOfSpans, SeenSpans, fit_spans
from sim.learning.ticket_log import UNKNOWN, TicketLog
from sim.learning.trap_cells import SHORTEST_SERVICE

N_VALUES: Final = 100
"""Values of an empirical distribution: means of hundredths of the sample, in order."""
NORMAL: Final = 1.959964
"""Quantile of the interval of a pooled mean."""


class ServiceLaw(NamedTuple):
    """How long the work of one matter takes."""

    matter: int
    """Place in `ServiceFit.matters`; -1 = all tickets."""
    n: int
    """Services whose length is known."""
    n_censored: int
    """Of which it is known only that they took longer: still in hand where the log ends."""
    n_unknown: int
    """Begun, and nothing says when they ended."""
    law: LawOfSpans
    """Parameters in ticks."""
    mean: Interval
    """In ticks."""
    cv: Interval
    own_share: float
    """Weight of its own services in the mean; the rest is that of all matters."""
    wait_factor: float
    """(1 + cv²) / 2 of the law, of spans that the log can hold."""
    wait_factor_seen: Interval
    """The same of the services themselves, whatever their law."""
    work_per_day: Interval
    """Ticks of work a whole day."""
    values: tuple[int, ...]
    """Means of hundredths of the services in order, in ticks; empty where the law does."""

    @property
    def law_name(self) -> str:
        """Of the language's distributions; `empirical` where none makes people wait as the
        services themselves would."""
        return "empirical" if self.values else self.law.law


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
    whole = _own_law(work, UNKNOWN, level)
    if whole is None:
        return None
    by_matter = {code: _own_law(work, code, level) for code in range(len(matters.names))}
    laws = _with_thin(work, whole, by_matter, level)
    served = matters_served(log, groups)
    means = np.array([law.mean.mean for law in laws])
    factors = np.array([_factor_of(law) for law in laws])
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
            group_pace(work, group.windows, matters, _windows(log, group), means, factors, level)
            for group, matters in zip(groups, served, strict=True)
            if group.windows
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


def _own_law(work: LogWork, matter: int, level: float) -> ServiceLaw | None:
    """The law of one matter, or of all; None where it has too few services for one."""
    here = np.ones(len(work.matter), np.bool_) if matter == UNKNOWN else work.matter == matter
    spans = work.spans.where(here)
    recorded = spans.is_recorded
    n = int(recorded.sum())
    if n < FEWEST_SERVICES or len(np.unique(spans.day)) < FEWEST_DAYS:
        return None
    fit = fit_spans(spans, level=level)
    if fit is None:
        return None
    factor = fit.law.wait_factor_above(spans.floor)
    seen = factor_seen(spans, level)
    values: tuple[int, ...] = ()
    if not seen.low <= factor <= seen.high:  # then the sample stands for itself
        values = _hundredths(spans.low[recorded])
        fit = fit._replace(mean=_mean_seen(spans, level), cv=_cv_of(seen))
    return _service_law(work, matter, fit, 1.0, factor, seen, values, level)


def _service_law(
    work: LogWork,
    matter: int,
    fit: FittedSpans,
    own_share: float,
    factor: float,
    seen: Interval,
    values: tuple[int, ...],
    level: float,
) -> ServiceLaw:
    here = np.ones(len(work.matter), np.bool_) if matter == UNKNOWN else work.matter == matter
    recorded = here & work.spans.is_recorded
    work_of_day = np.bincount(
        work.spans.day[recorded],
        weights=work.spans.low[recorded],
        minlength=int(work.days.max(initial=0)) + 1,
    )[work.days]
    unknown = len(work.unknown) if matter == UNKNOWN else int((work.unknown == matter).sum())
    return ServiceLaw(
        matter=matter,
        n=int(recorded.sum()),
        n_censored=int((here & ~work.spans.is_recorded).sum()),
        n_unknown=unknown,
        law=fit.law,
        mean=fit.mean,
        cv=fit.cv,
        own_share=own_share,
        wait_factor=factor,
        wait_factor_seen=seen,
        work_per_day=t_interval(work_of_day, level),
        values=values,
    )


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
    of_all = (whole.mean.high - whole.mean.low) / (2 * NORMAL)
    laws = []
    for matter, law in by_matter.items():
        if law is not None:
            laws.append(law)
            continue
        spans = work.spans.where((work.matter == matter) & work.spans.is_recorded)
        n = len(spans)
        variance = (cv * whole.mean.mean) ** 2
        share = between / (between + variance / n) if n and between else 0.0
        mean = share * float(spans.low.mean()) if n else 0.0
        mean += (1 - share) * whole.mean.mean
        error = (between * (1 - share) + ((1 - share) * of_all) ** 2) ** 0.5
        interval = Interval(mean, max(mean - NORMAL * error, 0.0), mean + NORMAL * error, n, level)
        shape = "gamma" if whole.law.law == "exponential" else whole.law.law  # cv is not 1
        shrunk = LawOfSpans(shape, mean, cv)
        ratio = cv / whole.cv.mean
        cvs = Interval(cv, whole.cv.low * ratio, whole.cv.high * ratio, n, level)
        pooled = FittedSpans(shrunk, interval, cvs, np.nan)
        nothing = Interval(np.nan, np.nan, np.nan, n, level)
        factor = shrunk.wait_factor
        laws.append(_service_law(work, matter, pooled, share, factor, nothing, (), level))
    return tuple(laws)


def _pooled_cv(laws: list[ServiceLaw]) -> float:
    """Of matters that have laws of their own, by their services; 0 without any."""
    n = sum(law.n for law in laws)
    return float((sum(law.n * law.law.cv**2 for law in laws) / n) ** 0.5) if n else 0.0


def _mean_seen(spans: SeenSpans, level: float) -> Interval:
    _, row = np.unique(spans.day, return_inverse=True)
    recorded = spans.is_recorded
    n_days = int(row.max()) + 1
    sums = np.bincount(row[recorded], weights=spans.low[recorded], minlength=n_days)
    return ratio_interval(sums, np.bincount(row[recorded], minlength=n_days), level)


def _cv_of(factor: Interval) -> Interval:
    """The coefficient of variation that makes a factor (1 + cv²) / 2."""
    mean, low, high = (max(2 * end - 1, 0.0) ** 0.5 for end in factor[:3])
    return factor._replace(mean=mean, low=low, high=high)


def _hundredths(values: Floats) -> tuple[int, ...]:
    """Means of hundredths in order, which keep the mean and nearly all of the spread."""
    parts = np.array_split(np.sort(values), min(N_VALUES, len(values)))
    means = np.array([part.mean() for part in parts])
    return tuple((np.rint(means / SECOND) * SECOND).astype(np.int64).tolist())


def _windows(log: TicketLog, group: DeskGroup) -> list[int]:
    return [log.names.windows.index(name) for name in group.windows]


def _factor_of(law: ServiceLaw) -> float:
    """(1 + cv²) / 2 of a matter's services as a scenario has them."""
    return law.wait_factor_seen.mean if law.values else law.wait_factor
