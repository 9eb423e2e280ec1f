"""How long people wait before they give up, and who misses a call, from what a log knows of each.

Most people are called before they lose patience, so most of it is censored; and a ticket that
nobody answers only says that its holder had left by then, or misses calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.special import expit, log_expit

from sim.analysis.intervals import Interval, ratio_interval, share_interval
from sim.arrays import Bools, Floats, Ints
from sim.clock import SECOND
from sim.learning.likelihood import Likeliest, likeliest
from sim.learning.log_matters import matters_of
from sim.learning.span_laws import (
    SPAN_LAWS,
    FittedSpans,
    LawOfSpans,
    SpanLawName,
    fitted_spans,
    law_of,
)
from sim.learning.ticket_log import UNKNOWN, TicketLog
from sim.plan.journal import AT_BREAK, CUT_OFF, GAVE_UP, HELD_OVER, MISSED, PENDING

FEWEST_CALLS: Final = 100
FEWEST_LEFT: Final = 10
"""Who left before the call, without whom nothing is said of patience."""
SHAPE_SHARE: Final = 0.2
"""Of all, whose patience ended: from then on the likelihood chooses among laws."""
SURE: Final = 1.92
"""Gain in log-likelihood of a parameter that is not by chance (95 %)."""
ANSWERED, EMPTY, LEFT, LEFT_BEFORE, STAYED = range(5)
"""What a log knows of a ticket: answered at its call; called in vain; given up at an instant;
given up before the instant at which it would have been called; still waiting at one."""


class SeenPatience(NamedTuple):
    """What a log says of people who wait."""

    how: Ints
    """int64: ANSWERED … STAYED."""
    wait: Floats
    """float64 ticks until the instant in question."""
    day: Ints
    ticket: Ints
    """int64: row of the log."""
    n_unknown: int
    """Given up or called in vain, and nothing tells when."""


@dataclass(frozen=True)
class PatienceFit:
    """Who does not wait to the end.

    Attributes
    ----------
    n_answered, n_empty, n_left, n_left_before, n_stayed, n_unknown : int
        Tickets by what is known of them, as in `SeenPatience`.
    law : LawOfSpans or None
        Of patience, in ticks; None = the log does not tell it.
    mean, cv : Interval
        Of it; nan without a law.
    censored_share : float
        Of tickets whose holders' patience had not ended when they were called, or seen last.
    longest_wait : float
        Ticks: 99 of 100 answered people waited no longer; patience beyond it is the law's word.
    missed_share : Interval
        Of calls to people who had not left, that nobody answers; nan where the log has no word
        for it.
    unannounced_share : float
        Of people who left, without telling the system: they are called in vain.
    window_waits : Interval
        Ticks for which a window waits for somebody who does not come; nan = unknown.
    """

    n_answered: int
    n_empty: int
    n_left: int
    n_left_before: int
    n_stayed: int
    n_unknown: int
    law: LawOfSpans | None
    mean: Interval
    cv: Interval
    censored_share: float
    longest_wait: float
    missed_share: Interval
    unannounced_share: float
    window_waits: Interval


def fit_patience(log: TicketLog, level: float = 0.95) -> PatienceFit | None:
    """Patience and missed calls, with intervals; None with fewer than 100 calls after known waits.

    With F the law of patience, m the share of calls that people miss who are there, and a the
    share of those who leave that tell the system: who would be called after w is answered with
    probability (1 - m)(1 - F(w)), called in vain with m (1 - F(w)) + (1 - a) F(w), and given up
    before with a F(w). All three parameters are fitted together.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> fit = fit_patience(log)
    >>> assert fit is not None
    >>> fit.missed_share.low <= 0.03 <= fit.missed_share.high
    True
    """
    seen = seen_patience(log)
    counts = np.bincount(seen.how, minlength=STAYED + 1)
    if counts[ANSWERED] < FEWEST_CALLS or len(np.unique(seen.day)) < 2:
        return None
    nothing = Interval(np.nan, np.nan, np.nan, len(np.unique(seen.day)), level)
    fitted = _fit(seen, counts, level)
    missed, mean, cv, law, unannounced = nothing, nothing, nothing, None, 0.0
    if fitted is not None:
        law, mean, cv = fitted.spans.law, fitted.spans.mean, fitted.spans.cv
        missed, unannounced = fitted.missed, fitted.unannounced
    elif counts[EMPTY]:
        missed = _share_of_calls(seen, level)
    answered = seen.wait[seen.how == ANSWERED]
    return PatienceFit(
        n_answered=int(counts[ANSWERED]),
        n_empty=int(counts[EMPTY]),
        n_left=int(counts[LEFT]),
        n_left_before=int(counts[LEFT_BEFORE]),
        n_stayed=int(counts[STAYED]),
        n_unknown=seen.n_unknown,
        law=law,
        mean=mean,
        cv=cv,
        censored_share=float((counts[ANSWERED] + counts[STAYED]) / counts.sum()),
        longest_wait=float(np.quantile(answered, 0.99)),
        missed_share=missed,
        unannounced_share=unannounced,
        window_waits=_window_waits(log, level),
    )


def seen_patience(log: TicketLog) -> SeenPatience:
    """What a log knows of each ticket's patience.

    Who gave up at an unknown instant had less patience than the wait of the next one in line, who
    was called: in turn, it would have been called before.
    """
    tickets, wait = log.tickets, log.details.wait.astype(np.float64)
    came = np.where(tickets.taken_at >= 0, tickets.taken_at, tickets.arrived_at)
    here = (log.details.online != 1) & (came >= 0)
    called = here & (wait >= 0)
    fate, left = tickets.fate, np.where(tickets.ended_at >= 0, tickets.ended_at - came, -1)
    how = np.full(len(log), UNKNOWN)
    span = np.where(called, wait, -1.0)
    how[called & (tickets.began_at >= 0) | (called & (log.details.service >= 0))] = ANSWERED
    how[called & (fate == MISSED)] = EMPTY
    gave_up = here & (fate == GAVE_UP)
    at_known = gave_up & (left >= 0)
    how[at_known], span[at_known] = LEFT, left[at_known]
    before = gave_up & (left < 0)
    if before.any():
        bound = _bounds_of_next(log, called)
        before &= bound >= 0
        how[before], span[before] = LEFT_BEFORE, bound[before]
    sent_home = here & np.isin(fate, (CUT_OFF, AT_BREAK, HELD_OVER)) & (left >= 0) & ~called
    how[sent_home], span[sent_home] = STAYED, left[sent_home]
    end = max(int(at.max()) for at in (came, tickets.called_at, tickets.ended_at))
    waits_on = here & (fate == PENDING) & (tickets.called_at < 0) & (wait < 0)
    waits_on &= (log.day == log.n_days - 1) & (tickets.ended_at < 0) & (log.details.service < 0)
    how[waits_on], span[waits_on] = STAYED, (end - came)[waits_on]
    unknown = here & np.isin(fate, (GAVE_UP, MISSED)) & (how == UNKNOWN)
    some = how != UNKNOWN
    spans = np.rint(span[some] / SECOND) * SECOND
    rows = np.flatnonzero(some)
    return SeenPatience(how[some], spans, log.day[some], rows, int(unknown.sum()))


def _bounds_of_next(log: TicketLog, called: Bools) -> Ints:
    """Ticks until the next one of the same matter and day was called; -1 = nobody was."""
    came, day, matter = log.tickets.arrived_at, log.day, matters_of(log).code
    call = np.where(called & (log.tickets.called_at >= 0), log.tickets.called_at, UNKNOWN)
    order = np.lexsort((came, matter, day))
    place = np.arange(len(order))
    # of each ticket in that order the place of the next one that was called
    later = np.append(np.where(call[order] >= 0, place, len(order))[1:], len(order))
    later = np.minimum.accumulate(later[::-1])[::-1]
    caller = order[np.minimum(later, len(order) - 1)]
    is_alike = (
        (later < len(order)) & (day[caller] == day[order]) & (matter[caller] == matter[order])
    )
    bound = np.full(len(order), UNKNOWN)
    bound[order] = np.where(is_alike, np.maximum(call[caller] - came[order], 0), UNKNOWN)
    return bound


class _Fitted(NamedTuple):
    spans: FittedSpans
    missed: Interval
    unannounced: float


def _fit(seen: SeenPatience, counts: Ints, level: float) -> _Fitted | None:
    """The likeliest law and shares; None where nobody is known to have left."""
    n_said = int(counts[LEFT] + counts[LEFT_BEFORE])
    if n_said + counts[EMPTY] < FEWEST_LEFT:
        return None
    ended = (n_said + counts[EMPTY]) / counts.sum()
    laws = SPAN_LAWS if n_said and ended >= SHAPE_SHARE else SPAN_LAWS[:1]
    fits = []
    for law in laws:
        for is_mixed in (False, True) if n_said and counts[EMPTY] else (False,):
            model = _Model(law, bool(counts[EMPTY]), is_mixed, 1.0 if n_said else 0.0)
            fit = _likeliest(seen, model)
            if fit is not None:
                score = len(fit.theta) * 2 * SURE - 2 * fit.log_likelihood
                fits.append((score, model, fit))
    if not fits:
        return None
    _, model, fit = min(fits, key=lambda item: item[0])
    if not n_said:  # that only whoever is there misses calls would tell as much
        chance = float(counts[EMPTY] / (counts[EMPTY] + counts[ANSWERED]))
        alone = counts[EMPTY] * np.log(chance) + counts[ANSWERED] * np.log1p(-chance)
        if fit.log_likelihood < alone + SURE:
            return None
    spans = fitted_spans(model.law, fit, level)
    days = len(fit.pulls)
    missed = Interval(0.0, 0.0, 0.0, days, level)
    if model.has_missed:
        place = model.n_of_law
        missed = fit.interval(lambda theta: float(log_expit(theta[place])), level)
        missed = missed._replace(high=min(missed.high, 1.0))
    tell = float(expit(fit.theta[-1])) if model.is_mixed else model.tell
    return _Fitted(spans, missed, 1 - tell)


class _Model(NamedTuple):
    law: SpanLawName
    has_missed: bool
    is_mixed: bool
    """Whether the share of those who tell the system is fitted; else it is `tell`."""
    tell: float

    @property
    def n_of_law(self) -> int:
        return 1 if self.law == "exponential" else 2


def _likeliest(seen: SeenPatience, model: _Model) -> Likeliest | None:
    how, wait, kind = kinds_of(seen.how, seen.wait)

    def terms(theta: Floats) -> Floats:
        law = law_of(model.law, theta)
        missed = float(expit(theta[model.n_of_law])) if model.has_missed else 0.0
        tell = float(expit(theta[-1])) if model.is_mixed else model.tell
        return log_chances(how, wait, law, missed, tell)

    counts = np.bincount(seen.how, minlength=STAYED + 1)
    ended = counts[LEFT] + counts[LEFT_BEFORE] + (0 if model.tell else counts[EMPTY] / 2)
    mean = float(seen.wait.sum()) / max(float(ended), 1.0)
    calls = counts[EMPTY] + counts[ANSWERED]
    start = [float(np.log(max(mean, float(SECOND)))), *([0.0] if model.n_of_law > 1 else [])]
    if model.has_missed:
        share = counts[EMPTY] / calls * (1.0 if model.tell else 0.5)
        start.append(float(np.log(share / (1 - share))))
    if model.is_mixed:
        start.append(1.0)
    return likeliest(terms, [np.array(start)], kind, seen.day)


def kinds_of(how: Ints, wait: Floats) -> tuple[Ints, Floats, Ints]:
    """Observations that differ: how, wait in ticks, and which of them each ticket is.

    Parameters
    ----------
    wait
        Ticks, of whole seconds.

    Examples
    --------
    >>> kinds_of(np.array([0, 2, 0]), np.array([2e3, 1e3, 2e3]))
    (array([2, 0]), array([1000., 2000.]), array([1, 0, 1]))
    """
    n = STAYED + 1
    keys, kind = np.unique((wait // SECOND).astype(np.int64) * n + how, return_inverse=True)
    return keys % n, (keys // n * SECOND).astype(np.float64), np.asarray(kind, dtype=np.int64)


def log_chances(how: Ints, wait: Floats, law: LawOfSpans, missed: float, tell: float) -> Floats:
    """Logarithm of the probability, or density, of what is known of each.

    Parameters
    ----------
    missed, tell
        Share of calls that people miss who are there, and of those who leave that tell the system.

    Examples
    --------
    Who is answered was patient for as long as they waited.

    >>> law = LawOfSpans("exponential", 60_000.0, 1.0)
    >>> float(log_chances(np.array([ANSWERED]), np.array([60_000.0]), law, 0.0, 1.0)[0])
    -1.0
    """
    grain = float(SECOND)
    impatient = law.cdf(wait)
    stays = 1 - impatient
    with np.errstate(divide="ignore"):
        values = np.log(stays)
        in_vain = np.log(missed * stays + (1 - tell) * impatient)
        density = law.log_recorded(np.maximum(wait, grain), grain) + np.log(tell)
        before = np.log(tell * impatient)
    values = np.where(how == ANSWERED, values + np.log1p(-missed), values)
    values = np.where(how == EMPTY, in_vain, values)
    values = np.where(how == LEFT, density, values)
    return np.where(how == LEFT_BEFORE, before, values)


def _share_of_calls(seen: SeenPatience, level: float) -> Interval:
    _, row = np.unique(seen.day, return_inverse=True)
    empty = np.bincount(row, weights=seen.how == EMPTY)
    answered = np.bincount(row, weights=seen.how == ANSWERED)
    return share_interval(empty, empty + answered, level)


def _window_waits(log: TicketLog, level: float) -> Interval:
    """From the call of who does not come until their window goes on."""
    tickets = log.tickets
    ended = np.where(log.details.freed_at >= 0, log.details.freed_at, tickets.ended_at)
    at = np.flatnonzero((tickets.fate == MISSED) & (tickets.called_at >= 0) & (ended >= 0))
    _, row = np.unique(log.day[at], return_inverse=True)
    spans = (ended - tickets.called_at)[at].astype(np.float64)
    return ratio_interval(np.bincount(row, weights=spans), np.bincount(row), level)
