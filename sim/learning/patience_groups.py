"""Whether people who come for different things, had booked, or are of different classes, are of
different patience.

The law of all is fitted first (`patience.py`); what each group has of its own is its mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from scipy.special import chdtri

from sim.analysis.intervals import Interval
from sim.arrays import Bools, Floats, Ints
from sim.learning.likelihood import likeliest
from sim.learning.log_matters import matters_of
from sim.learning.patience import (
    LEFT,
    LEFT_BEFORE,
    PatienceFit,
    SeenPatience,
    kinds_of,
    log_chances,
    seen_patience,
)
from sim.learning.span_laws import LawOfSpans, law_of
from sim.learning.ticket_log import TicketLog

FEWEST_OF_OWN: Final = 30
"""Of a group's people who are known to have left, with whom it may have a mean of its own. From k
of them an exponential mean is told to 1 / √k: with 30 to 18 %, so that two groups of which one
waits twice as long differ by nearly three standard errors; with ten they would by less than two."""
CHANCE: Final = 0.01
"""With which groups of one patience are taken for different ones."""
PatienceBy = Literal["matters", "booked", "classes"]
"""What parts people: what they come for, whether they had booked, or the class the log gives."""


class OwnPatience(NamedTuple):
    """The patience of one group."""

    group: int
    """Place of the matter or class; of bookings 1 = booked, 0 = walked in."""
    n_left: int
    """Known to have left before their call."""
    law: LawOfSpans
    """In ticks."""
    mean: Interval
    cv: Interval
    """That of all."""


class PatienceGroups(NamedTuple):
    """One way of parting people."""

    by: PatienceBy
    own: tuple[OwnPatience, ...]
    """Groups with enough who left; others have the law of all."""
    gain: float
    """Log-likelihood that their own means bring."""
    needed: float
    """More than chance brings once in a hundred logs."""

    @property
    def differ(self) -> bool:
        """Whether each has its own law; else one is of all."""
        return len(self.own) > 1 and self.gain > self.needed


BOOKED_NAMES: Final = ("walk_in", "booked")
"""Groups of bookings by their numbers."""


def patience_names(log: TicketLog) -> dict[str, Sequence[str]]:
    """What groups are called, by the way in which people are parted."""
    return {
        "matters": matters_of(log).names,
        "booked": BOOKED_NAMES,
        "classes": log.names.classes,
    }


def group_name(way: PatienceGroups, group: OwnPatience, names: Mapping[str, Sequence[str]]) -> str:
    """A group as it is called: its matter or class, `booked` or `walk_in`.

    Parameters
    ----------
    names
        Of `patience_names`.
    """
    return names[way.by][group.group]


def fit_patience_groups(
    log: TicketLog, fit: PatienceFit | None, level: float = 0.95
) -> tuple[PatienceGroups, ...]:
    """Patience by matter, by booking and by class, where a log tells them; the one that explains
    most first.

    What is not of patience (calls that people miss, and who tells the system) is that of all, and
    so is the shape of the law. So the gain is one that the likelihood has at least, and twice it is
    held against the quantile of a chi-squared distribution with as many degrees of freedom as there
    are means (Wilks).

    Parameters
    ----------
    fit
        Of all people.

    References
    ----------
    Wilks (1938), Annals of Mathematical Statistics 9, 60-62.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> [by_matter] = learned.patience_groups
    >>> len(by_matter.own), by_matter.differ  # whoever comes, patience was drawn alike
    (2, False)
    """
    if fit is None or fit.law is None:
        return ()
    seen = seen_patience(log)
    ways = []
    for by, group in _ways(log):
        groups = tuple(_groups(seen, group[seen.ticket], fit, level))
        needed = float(chdtri(max(len(groups), 1), CHANCE)) / 2
        gain = sum(gain for _, gain in groups)
        ways.append(PatienceGroups(by, tuple(each for each, _ in groups), gain, needed))
    return tuple(sorted(ways, key=lambda way: way.needed - way.gain))


def _ways(log: TicketLog) -> Iterator[tuple[PatienceBy, Ints]]:
    """Each way of parting people of which a log tells two groups; -1 = it does not tell whose."""
    matters = matters_of(log)
    if len(matters.names) > 1:
        yield "matters", matters.code
    if len(np.unique(log.details.booked[log.details.booked >= 0])) > 1:
        yield "booked", np.asarray(log.details.booked, dtype=np.int64)
    if len(log.names.classes) > 1:
        yield "classes", np.asarray(log.tickets.class_, dtype=np.int64)


def _groups(
    seen: SeenPatience, group: Ints, fit: PatienceFit, level: float
) -> Iterator[tuple[OwnPatience, float]]:
    """Groups that have enough, and the log-likelihood that the mean of each brings."""
    has_left = np.isin(seen.how, (LEFT, LEFT_BEFORE))
    n_left = np.bincount(group[has_left & (group >= 0)])
    for number in np.flatnonzero(n_left >= FEWEST_OF_OWN).tolist():
        likeliest = _mean_of(seen, group == number, fit, level)
        if likeliest is not None:
            law, mean, gain = likeliest
            yield OwnPatience(number, int(n_left[number]), law, mean, fit.cv), gain


def _mean_of(
    seen: SeenPatience, here: Bools, fit: PatienceFit, level: float
) -> tuple[LawOfSpans, Interval, float] | None:
    """The likeliest mean of some people, and what it brings beside that of all."""
    assert fit.law is not None
    pooled = fit.law
    how, wait, kind = kinds_of(seen.how[here], seen.wait[here])
    missed = fit.missed_share.mean if np.isfinite(fit.missed_share.mean) else 0.0
    tell = 1 - fit.unannounced_share
    shape = [] if pooled.law == "exponential" else [float(np.log(pooled.cv))]

    def law_with(theta: Floats) -> LawOfSpans:
        return law_of(pooled.law, np.array([float(theta[0]), *shape]))

    def terms(theta: Floats) -> Floats:
        return log_chances(how, wait, law_with(theta), missed, tell)

    start = np.array([float(np.log(pooled.mean))])
    likeliest_mean = likeliest(terms, [start], kind, seen.day[here])
    if likeliest_mean is None:
        return None
    with np.errstate(all="ignore"):
        before = float(terms(start) @ np.bincount(kind))
    mean = likeliest_mean.interval(lambda theta: float(theta[0]), level)
    gain = likeliest_mean.log_likelihood - before
    return law_with(likeliest_mean.theta), mean, gain
