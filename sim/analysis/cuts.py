"""By what share steps, papers, time and trips fell: sums of the same crowds under both handlings.

Sums of pairs of runs go in (`sim.analysis.reductions`), and cuts with their intervals come out,
beside what is published.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Interval, ratio_difference, ratio_interval, t_interval
from sim.analysis.reductions import CHANNELS, COUNTED, REDUCTIONS, SPENT, HandlingPair
from sim.arrays import Floats
from sim.clock import DAY, MINUTE
from sim.plan.journal import LOST, OPEN
from sim.scenario.scenario import Scenario

UNITS: Final = {
    "steps": ("step", 1.0),
    "materials": ("paper", 1.0),
    "time": ("wd", 1.0),
    "trips": ("trip", 1.0),
    "time_calendar": ("d", float(DAY)),
    "fields": ("field", 1.0),
    "to_fill": ("field", 1.0),
    "reviewed": ("min", float(MINUTE)),
    "reviewed_for_nothing": ("min", float(MINUTE)),
    "known_after": ("d", float(DAY)),
}
"""Unit of each count, and what of a sum makes one of it."""
POSITIVE: Final = (0.0, math.inf)
AT_MOST_ALL: Final = (-math.inf, 1.0)
PUBLISHED_AS: Final = {"steps": "steps", "materials": "materials", "time": "days", "trips": "trips"}
"""Names of the reductions in `matters.*.published`."""
CUTS: Final = (*REDUCTIONS, "time_calendar")


class HandlingSums(NamedTuple):
    """Sums of the same crowds under both handlings, and the scenario with what is published.

    Attributes
    ----------
    scenario : Scenario
        Published figures are its.
    rows : mapping of str to int
        Of each matter that was handled both ways the row in the sums.
    pairs : tuple of HandlingPair
        Replications in order.
    level : float
        Coverage of each interval.
    """

    scenario: Scenario
    rows: Mapping[str, int]
    pairs: tuple[HandlingPair, ...]
    level: float = 0.95

    def rows_of(self, matter: str | None) -> list[int]:
        """The row of a matter, or those of all."""
        return [*self.rows.values()] if matter is None else [self.rows[matter]]

    def table(self, sums: Sequence[object]) -> Floats:
        """float64, shape (replications, columns): what was summed in each replication."""
        return np.array(sums, dtype=np.float64).reshape(len(self.pairs), -1)


class Cut(NamedTuple):
    """One count before and after, and by what share it fell; with what is published."""

    name: str
    unit: str
    before: Interval
    after: Interval
    cut: Interval
    """1 - after / before, of sums over the same cases."""
    published_before: float | None = None
    published_after: float | None = None
    published_cut: float | None = None

    @property
    def beyond_published(self) -> Interval | None:
        """By how much the simulated cut is larger than the published one, as a share of before."""
        if self.published_cut is None:
            return None
        mean, low, high, n, level = self.cut
        by = self.published_cut
        return Interval(mean - by, low - by, high - by, n, level)


class ReviewCost(NamedTuple):
    """Something that parallel review costs, before and after."""

    name: str
    unit: str
    before: Interval
    after: Interval
    difference: Interval
    """After minus before, on the same crowds."""


class ComparedCases(NamedTuple):
    """How many of the measured cases were compared, and why the rest was not."""

    cases: int
    compared: int
    open: tuple[int, int]
    """Not closed when the run ended, before and after."""
    lost: tuple[int, int]
    """Given up by their applicants."""


class Form(NamedTuple):
    """The form of a bundle: how much of it is there already."""

    fields: Interval
    """Fields of a case."""
    prefilled: Interval
    """Share of them filled from shared data."""
    published: float | None
    """What the city says of that share."""


class Guides(NamedTuple):
    """Published pairs of the matters, put together."""

    matters: int
    """Matters with a pair that starts above 0."""
    by_volume: float
    """Ratio of sums, each matter weighted with its cases in the model."""
    mean: float
    """Mean of the matters' cuts, each matter alike."""


def cut_of(
    sums: HandlingSums, name: str, matter: str | None = None, channels: Sequence[int] = (0, 1)
) -> Cut:
    """One count of one matter, or of all by their volume, before and after.

    Where nothing was asked before there is no cut.

    Parameters
    ----------
    name
        One of `sim.analysis.reductions.COUNTED`.
    channels
        Which of `sim.analysis.reductions.CHANNELS` count.
    """
    rows, chosen = sums.rows_of(matter), list(channels)
    unit, scale = UNITS[name]
    k = COUNTED.index(name)
    counted = [pair.counted[chosen][:, :, rows, k].sum(axis=(0, 2)) for pair in sums.pairs]
    table = sums.table(counted) / scale
    cases = sums.table([[pair.cases[chosen][:, rows].sum()] for pair in sums.pairs])[:, 0]
    before, after = (ratio_interval(table[:, n], cases, sums.level, POSITIVE) for n in (0, 1))
    cut = ratio_interval(table[:, 0] - table[:, 1], table[:, 0], sums.level, AT_MOST_ALL)
    if not table[:, 0].sum() > 0:
        cut = Interval(math.nan, math.nan, math.nan, 0, sums.level)
    published = (
        _published_of(sums.scenario, matter, name)
        if matter is not None
        else (None, None, _published_by_city(sums.scenario, name))
    )
    return Cut(name, unit, before, after, cut, *published)


def channel_cuts(sums: HandlingSums, name: str, matter: str | None = None) -> tuple[Cut, Cut]:
    """One count of who applied at the hall, and of who applied online."""
    hall, online = (cut_of(sums, name, matter, [n]) for n in range(len(CHANNELS)))
    return hall, online


def _published_of(
    scenario: Scenario, matter: str, name: str
) -> tuple[float | None, float | None, float | None]:
    """What is published of a matter before and after, and the share between."""
    published = next(each.published for each in scenario.matters if each.id == matter)
    key = PUBLISHED_AS.get(name)
    pair = getattr(published, key) if published is not None and key else None
    if pair is None:
        return None, None, None
    before, after = (float(number) for number in pair)
    return before, after, 1.0 - after / before if before > 0 else None


def _published_by_city(scenario: Scenario, name: str) -> float | None:
    """By what share the city says that a count fell."""
    cut = getattr(scenario.published_cuts, name, None)
    return None if cut is None else float(cut)


def form_of(sums: HandlingSums, matter: str | None = None) -> Form:
    """Fields of the joint form; what forms of single items ask for is published nowhere."""
    rows = sums.rows_of(matter)
    columns = [COUNTED.index(name) for name in ("fields", "to_fill")]
    counted = [pair.counted[:, 1][:, rows][:, :, columns].sum(axis=(0, 1)) for pair in sums.pairs]
    table = sums.table(counted)
    cases = sums.table([[pair.cases[:, rows].sum()] for pair in sums.pairs])[:, 0]
    return Form(
        ratio_interval(table[:, 0], cases, sums.level, POSITIVE),
        ratio_interval(table[:, 0] - table[:, 1], table[:, 0], sums.level, (0.0, 1.0)),
        _published_by_city(sums.scenario, "prefilled_share"),
    )


def guides_of(sums: HandlingSums, name: str) -> Guides | None:
    """What the published pairs of all matters come to; None without any."""
    pairs = []
    for matter, row in sums.rows.items():
        before, after, _ = _published_of(sums.scenario, matter, name)
        if before and after is not None:
            cases = sum(int(pair.cases[:, row].sum()) for pair in sums.pairs)
            pairs.append((before, after, cases))
    if not pairs:
        return None
    table = np.array(pairs)
    weighted = (table[:, :2] * table[:, 2:]).sum(axis=0)
    by_volume = float(1.0 - weighted[1] / weighted[0]) if weighted[0] > 0 else math.nan
    return Guides(len(pairs), by_volume, float((1.0 - table[:, 1] / table[:, 0]).mean()))


def mean_cut(sums: HandlingSums, name: str) -> Interval:
    """Mean of the matters' cuts, each matter alike, however many cases it has.

    The interval is a jackknife over replications.

    References
    ----------
    Miller (1974), The jackknife: a review, Biometrika 61.
    """
    k, rows, n = COUNTED.index(name), sums.rows_of(None), len(sums.pairs)
    counted = [pair.counted[:, :, rows, k].sum(axis=0) for pair in sums.pairs]
    table = np.array(counted).reshape(n, 2, -1)

    def pooled(part: Floats) -> float:
        before, after = part.sum(axis=0)
        applies = before > 0
        return float((1.0 - after[applies] / before[applies]).mean()) if applies.any() else math.nan

    whole = pooled(table)
    if n < 2 or not math.isfinite(whole):
        return Interval(whole, math.nan, math.nan, n, sums.level)
    without = [pooled(np.delete(table, replication, axis=0)) for replication in range(n)]
    spread = t_interval([n * whole - (n - 1) * part for part in without], sums.level)
    half = spread.half_width
    return Interval(whole, whole - half, whole + half, n, sums.level)


def review_costs(sums: HandlingSums, matter: str | None = None) -> tuple[ReviewCost, ...]:
    """What parallel review costs: reviewers' minutes a case, those for nothing, time to a refusal.

    The first over cases decided under both handlings, the others over those rejected under both.
    """
    rows = sums.rows_of(matter)
    decided = sums.table([[pair.decided[rows].sum()] for pair in sums.pairs])[:, 0]
    rejected = sums.table([[pair.rejected[rows].sum()] for pair in sums.pairs])[:, 0]
    costs = []
    for k, name in enumerate(SPENT):
        unit, scale = UNITS[name]
        table = sums.table([pair.spent[:, rows, k].sum(axis=1) for pair in sums.pairs]) / scale
        cases = decided if name == "reviewed" else rejected
        costs.append(
            ReviewCost(
                name,
                unit,
                ratio_interval(table[:, 0], cases, sums.level, POSITIVE),
                ratio_interval(table[:, 1], cases, sums.level, POSITIVE),
                ratio_difference(table[:, 0], cases, table[:, 1], cases, sums.level),
            )
        )
    return tuple(costs)


def compared_cases(sums: HandlingSums, matter: str | None = None) -> ComparedCases:
    """How many cases were compared, and how many were open or lost."""
    rows = sums.rows_of(matter)
    fates = sum(pair.fates[:, rows].sum(axis=1) for pair in sums.pairs)
    table = np.zeros((2, LOST + 1), dtype=np.int64) + fates
    return ComparedCases(
        int(table[0].sum()),
        sum(int(pair.cases[:, rows].sum()) for pair in sums.pairs),
        (int(table[0, OPEN]), int(table[1, OPEN])),
        (int(table[0, LOST]), int(table[1, LOST])),
    )


def online_share(sums: HandlingSums, matter: str | None = None) -> float:
    """Of the cases that were compared, the share that applied online; 0 without any."""
    rows = sums.rows_of(matter)
    hall, online = (
        sum(int(pair.cases[n, rows].sum()) for pair in sums.pairs) for n in range(len(CHANNELS))
    )
    return online / max(hall + online, 1)
