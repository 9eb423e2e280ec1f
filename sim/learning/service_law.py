"""The law of how long some services take: fitted, or the services themselves where none does."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.learning.log_work import FEWEST_DAYS, FEWEST_SERVICES, LogWork, factor_seen
from sim.learning.span_laws import FittedSpans, LawOfSpans, SeenSpans, fit_spans, hundredths
from sim.learning.ticket_log import UNKNOWN

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


def own_law(work: LogWork, matter: int, level: float) -> ServiceLaw | None:
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
        values = hundredths(spans.low[recorded])
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


def shrunk_law(
    work: LogWork,
    matter: int,
    prior: Interval,
    shape: LawOfSpans,
    cv: Interval,
    between: float,
    level: float,
) -> ServiceLaw:
    """The law of services too few for one: the shape of others, and a mean drawn towards theirs.

    Parameters
    ----------
    prior
        Mean of the others, in ticks.
    shape, cv
        Law whose shape it has, and the coefficient of variation.
    between
        Variance of true means around that of all: the more they differ, the more its own counts.

    References
    ----------
    Morris (1983), Parametric empirical Bayes inference, J. Amer. Statist. Assoc. 78, 47-55.
    """
    spans = work.spans.where((work.matter == matter) & work.spans.is_recorded)
    n = len(spans)
    share = between / (between + (cv.mean * prior.mean) ** 2 / n) if n and between else 0.0
    mean = share * float(spans.low.mean()) if n else 0.0
    mean += (1 - share) * prior.mean
    of_all = (prior.high - prior.low) / (2 * NORMAL)
    error = (between * (1 - share) + ((1 - share) * of_all) ** 2) ** 0.5
    interval = Interval(mean, max(mean - NORMAL * error, 0.0), mean + NORMAL * error, n, level)
    name = "gamma" if shape.law == "exponential" else shape.law  # cv is not 1
    law = LawOfSpans(name, mean, cv.mean)
    fit = FittedSpans(law, interval, cv._replace(n=n), np.nan)
    nothing = Interval(np.nan, np.nan, np.nan, n, level)
    return _service_law(work, matter, fit, share, law.wait_factor, nothing, (), level)


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


def factor_of(law: ServiceLaw) -> float:
    """(1 + cv²) / 2 of services as a scenario with their law has them."""
    return law.wait_factor_seen.mean if law.values else law.wait_factor
