"""Laws of service of one group of windows, where no pace makes them of those of all windows.

Logarithms of means are a part of the matter and a part of the group, its pace, and coefficients of
variation are the matter's alone: what a log may contradict (DESIGN §9.7).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.special import fdtrc, stdtrit

from sim.analysis.intervals import Interval
from sim.learning.log_work import FEWEST_DAYS, FEWEST_SERVICES, LogWork
from sim.learning.service_law import ServiceLaw, own_law, shrunk_law
from sim.learning.service_paces import pace_of
from sim.learning.span_laws import SeenSpans, fit_spans

CHANCE: Final = 0.01
"""With which a log of groups that differ by pace alone is taken for another, by any matter."""
GroupMatters = tuple[list[int], tuple[int, ...]]
"""Codes of a group's windows, and places of the matters that it serves."""


class _FittedCell(NamedTuple):
    """Services of one matter at one group."""

    group: int
    matter: int
    mean: float
    """Logarithm."""
    mean_error: float
    """Standard error of it, days being the clusters."""
    cv: float
    """Logarithm."""
    cv_error: float
    n_days: int


class _Misfit(NamedTuple):
    """How far cells are from what should hold of them."""

    square: float
    """Sum of squared residuals in standard errors."""
    freedom: int
    """Cells less parameters."""
    n_days: int
    """Of the cell with the fewest, from which its standard error is."""

    @property
    def chance(self) -> float:
        """Of so large a misfit, where it does hold."""
        if not self.freedom:
            return 1.0
        return float(fdtrc(self.freedom, self.n_days - 1, self.square / self.freedom))


def laws_of_groups(
    work: LogWork, groups: Sequence[GroupMatters], laws: Sequence[ServiceLaw], level: float
) -> tuple[tuple[ServiceLaw, ...], ...]:
    """Laws of each group's own, by matter; none where its pace is all in which it differs.

    Tested is each matter that two groups do often enough, for its spread and for its mean, at one
    in a hundred for all of them (Bonferroni). Means are tested in turn: the matter that is farthest
    from one pace a group is left out of the paces, and the others are looked at anew. Variances are
    of days, so the quantiles are those of F.

    A matter that differs has a law at each of its groups: fitted like that of a matter, or with too
    few services of the matter's shape, and a mean drawn towards the matter's.

    Parameters
    ----------
    laws
        Of the matters, in order of their places.

    References
    ----------
    Wald (1943), Transactions of the American Mathematical Society 54, 426-482.
    """
    cells = _cells(work, groups, laws)
    tested = sorted({cell.matter for cell in cells})
    chance = CHANCE / (2 * max(len(tested), 1))
    differ = {
        matter
        for matter in tested
        if _spreads([cell for cell in cells if cell.matter == matter]).chance < chance
    }
    while left := [cell for cell in cells if cell.matter not in differ]:
        chances = {m: _paces_but_for(left, m).chance for m in sorted({c.matter for c in left})}
        farthest = min(chances, key=lambda matter: chances[matter])
        if chances[farthest] >= chance:
            break
        differ.add(farthest)
    rows: list[list[ServiceLaw]] = [[] for _ in groups]
    for matter in sorted(differ):
        for number, law in _laws_at(work, groups, laws[matter], differ, level).items():
            rows[number].append(law)
    return tuple(map(tuple, rows))


def _cells(
    work: LogWork, groups: Sequence[GroupMatters], laws: Sequence[ServiceLaw]
) -> list[_FittedCell]:
    """Cells with enough services, of matters that two groups do so often."""
    enough: list[tuple[int, int, SeenSpans, int]] = []
    for number, (windows, places) in enumerate(groups):
        here = np.isin(work.window, windows)
        for matter in places:
            spans = work.spans.where(here & (work.matter == matter))
            n_days = len(np.unique(spans.day))
            if np.count_nonzero(spans.is_recorded) >= FEWEST_SERVICES and n_days >= FEWEST_DAYS:
                enough.append((number, matter, spans, n_days))
    cells, groups_of = [], Counter(matter for _, matter, _, _ in enough)
    for number, matter, spans, n_days in enough:
        name = laws[matter].law.law
        if groups_of[matter] < 2:
            continue
        fit = fit_spans(spans, ("gamma" if name == "exponential" else name,))
        if fit is None:
            continue
        cell = _FittedCell(number, matter, *_log(fit.mean), *_log(fit.cv), n_days)
        if cell.mean_error > 0 and cell.cv_error > 0:  # else all take the same time
            cells.append(cell)
    groups_of = Counter(cell.matter for cell in cells)
    return [cell for cell in cells if groups_of[cell.matter] > 1]


def _log(interval: Interval) -> tuple[float, float]:
    """A positive estimate's logarithm, and its standard error."""
    half = (np.log(interval.high) - np.log(interval.low)) / 2
    quantile = stdtrit(interval.n - 1, (1 + interval.level) / 2)
    return float(np.log(interval.mean)), float(half / quantile)


def _spreads(cells: Sequence[_FittedCell]) -> _Misfit:
    """One coefficient of variation for all groups."""
    weights = np.array([cell.cv_error**-2.0 for cell in cells])
    logs = np.array([cell.cv for cell in cells])
    middle = float(weights @ logs / weights.sum())
    square = float(weights @ (logs - middle) ** 2)
    return _Misfit(square, len(cells) - 1, min(cell.n_days for cell in cells))


def _paces_but_for(cells: Sequence[_FittedCell], matter: int) -> _Misfit:
    """What one matter adds to the misfit of a pace a group."""
    others = [cell for cell in cells if cell.matter != matter]
    (square, freedom), (without, less) = _paces(cells), _paces(others)
    n_days = min(cell.n_days for cell in cells)
    return _Misfit(max(square - without, 0.0), freedom - less, n_days)


def _paces(cells: Sequence[_FittedCell]) -> tuple[float, int]:
    """Misfit of one mean a matter and one pace a group, and the cells less these parameters."""
    if not cells:
        return 0.0, 0
    weights = np.array([1 / cell.mean_error for cell in cells])
    parts = np.array([[cell.group, -1 - cell.matter] for cell in cells])
    columns = (parts[:, :, None] == np.unique(parts)).any(axis=1) * weights[:, None]
    logs = np.array([cell.mean for cell in cells]) * weights
    solved, _, rank, _ = np.linalg.lstsq(columns, logs)
    return float(((logs - columns @ solved) ** 2).sum()), len(cells) - int(rank)


def _laws_at(
    work: LogWork,
    groups: Sequence[GroupMatters],
    of_all: ServiceLaw,
    differ: Collection[int],
    level: float,
) -> dict[int, ServiceLaw]:
    """Laws of a matter that differs, by group; none where it has no services."""
    matter, laws, priors = of_all.matter, dict[int, ServiceLaw](), dict[int, Interval]()
    thin = []
    for number, (windows, places) in enumerate(groups):
        here = work.where(np.isin(work.window, windows))
        if matter not in places or not (here.spans.is_recorded & (here.matter == matter)).any():
            continue
        pace = pace_of(work, windows, [*differ], level)
        if not math.isfinite(pace.low):  # of one day alone
            pace = Interval(1.0, 1.0, 1.0, pace.n, level)
        priors[number] = Interval(
            of_all.mean.mean * pace.mean,
            of_all.mean.low * pace.low,
            of_all.mean.high * pace.high,
            *(of_all.mean.n, level),
        )
        law = own_law(here, matter, level)
        if law is None:
            thin.append((number, here))
        else:
            laws[number] = law
    ratios = np.array([law.mean.mean / priors[number].mean for number, law in laws.items()])
    noise = np.array([law.law.cv**2 / law.n for law in laws.values()]) * ratios**2
    between = max(float(ratios.var(ddof=1) - noise.mean()), 0.0) if len(ratios) > 1 else 0.0
    for number, here in thin:
        prior = priors[number]
        variance = between * prior.mean**2
        laws[number] = shrunk_law(here, matter, prior, of_all.law, of_all.cv, variance, level)
    return laws
