"""What new places change for an area: the same people before and after, by group and by place.

A pair of runs goes in, and effects with their intervals come out; what they are worth in money is
in `sim.analysis.worth`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.analysis.access import LIMITS
from sim.analysis.area import BURDENS, AreaTally
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import (
    Interval,
    bonferroni,
    paired_difference,
    ratio_difference,
    ratio_interval,
    t_interval,
)
from sim.analysis.judge import matters_from
from sim.arrays import Floats
from sim.clock import MINUTE
from sim.plan.plan import Names
from sim.plan.year import Year
from sim.scenario.scenario import Targets

AreaBy = Literal["township", "county", "class"]

GROUPINGS: Final[tuple[AreaBy, ...]] = ("township", "county", "class")
UNITS: Final = {
    "trips": "trip",
    "travel": "min",
    "inside": "min",
    "fare": "yuan",
    "resident_cost": "yuan",
    "one_way": "min",
    **{f"within_{limit:.0f}": "share" for limit in LIMITS},
    "worst_tenth": "min",
    "gini": "number",
}
"""Measures of the area and their units; a case, but for minutes one way and shares of trips, which
are of a trip, and unevenness."""
MORE_IS_BETTER: Final = ("within_15", "within_30", "within_60")
NEITHER_IS_BETTER: Final = ("visits", "utilisation")
"""Of all other measures less is better."""


class AreaPair(NamedTuple):
    """The same crowds with the places that are open now, and in another way.

    Attributes
    ----------
    before, after : tuple of AreaTally
        Replications in order.
    names, names_after : Names
        Of both plans: the first places after are those before.
    year : Year
        For which of its cases the measured ones stand.
    targets : Targets
        From which size a difference matters.
    level : float
        Coverage of each interval.
    """

    before: tuple[AreaTally, ...]
    after: tuple[AreaTally, ...]
    names: Names
    names_after: Names
    year: Year
    targets: Targets
    level: float = 0.95


class Effect(NamedTuple):
    """One measure with the places that are open now, and with the new ones.

    Attributes
    ----------
    measure, unit : str
        As in `UNITS`.
    before, after, difference : Interval
        `difference` is after minus before, on the same crowds.
    matters_from : float
        Size from which a difference matters.
    """

    measure: str
    unit: str
    before: Interval
    after: Interval
    difference: Interval
    matters_from: float = 0.0

    @property
    def change(self) -> Estimate:
        """The difference, with which way is better.

        Examples
        --------
        >>> some = Interval(1.0, 0.5, 1.5, n=9)
        >>> Effect("within_30", "share", some, some, some).change.better
        'high'
        """
        better = "low"
        if self.measure in MORE_IS_BETTER:
            better = "high"
        elif self.measure in NEITHER_IS_BETTER:
            better = "neither"
        return Estimate(self.measure, self.unit, better, self.difference, self.matters_from)


class GroupEffect(NamedTuple):
    """What a group of people gains.

    Attributes
    ----------
    by : str
        What it is a group of.
    group : str
        Its id.
    cases : float
        Cases of the year.
    effects : tuple of Effect
        One for each burden; differences of a measure hold for all groups together.
    """

    by: AreaBy
    group: str
    cases: float
    effects: tuple[Effect, ...]

    def effect(self, measure: str) -> Effect:
        """The effect on one burden."""
        return effect_on(measure, self.effects)

    def total_change(self, measure: str) -> float:
        """By how much the burden of all its cases changes."""
        return self.cases * self.effect(measure).difference.mean


class PlaceEffect(NamedTuple):
    """What a place bears before and after; what is new has nothing before.

    Attributes
    ----------
    place : str
        Its id.
    is_new : bool
        A station that was opened.
    visits, wait, utilisation : Effect
        Trips there a hall day of the year; on the measured days minutes waited a ticket, and share
        of the time on duty.
    """

    place: str
    is_new: bool
    visits: Effect
    wait: Effect
    utilisation: Effect

    @property
    def effects(self) -> tuple[Effect, Effect, Effect]:
        """All three."""
        return self.visits, self.wait, self.utilisation


def effect_on(measure: str, effects: Sequence[Effect]) -> Effect:
    """The effect on one measure, of several."""
    return next(effect for effect in effects if effect.measure == measure)


def area_effects(pair: AreaPair) -> tuple[Effect, ...]:
    """All measures of the area."""
    before, after = pair.before, pair.after
    cases, trips = (cases_of(before), cases_of(after)), (_trips_of(before), _trips_of(after))
    burdens = [
        _ratio(
            pair,
            name,
            [tally.burdens[:, k].sum() for tally in before],
            cases[0],
            [tally.burdens[:, k].sum() for tally in after],
            cases[1],
        )
        for k, name in enumerate(BURDENS)
    ]
    way = BURDENS.index("travel")
    one_way = _ratio(
        pair,
        "one_way",
        [tally.burdens[:, way].sum() / 2 for tally in before],
        trips[0],
        [tally.burdens[:, way].sum() / 2 for tally in after],
        trips[1],
    )
    near = [
        _ratio(
            pair,
            f"within_{limit:.0f}",
            [tally.near[k] for tally in before],
            trips[0],
            [tally.near[k] for tally in after],
            trips[1],
        )
        for k, limit in enumerate(LIMITS)
    ]
    uneven = [
        _with_size(
            pair,
            Effect(
                name,
                UNITS[name],
                t_interval(values, pair.level),
                t_interval(values_after, pair.level),
                paired_difference(values, values_after, pair.level),
            ),
        )
        for name, values, values_after in (
            ("worst_tenth", [tally.worst for tally in before], [tally.worst for tally in after]),
            ("gini", [tally.gini for tally in before], [tally.gini for tally in after]),
        )
    ]
    return (*burdens, one_way, *near, *uneven)


def group_effects(pair: AreaPair, by: AreaBy) -> tuple[GroupEffect, ...]:
    """The burdens of each group; those of a measure hold together (Bonferroni)."""
    before, after = (_groups(pair, by, tallies) for tallies in (pair.before, pair.after))
    together = bonferroni(pair.level, max(len(before), 1))  # an empty area has no group
    of_all = pair._replace(level=together)
    each = pair.year.counted / max(cases_of(pair.before).sum(), 1e-12)
    return tuple(
        GroupEffect(
            by,
            group,
            float(cases.sum() * each),
            tuple(
                _ratio(of_all, name, sums[:, k], cases, after[group][1][:, k], after[group][0])
                for k, name in enumerate(BURDENS)
            ),
        )
        for group, (cases, sums) in before.items()
    )


def _groups(
    pair: AreaPair, by: AreaBy, tallies: Sequence[AreaTally]
) -> dict[str, tuple[Floats, Floats]]:
    """Cases (R,) and burdens (R, burdens) of each group that has a case."""
    if by == "class":
        labels: Sequence[str] = pair.names.classes
        cases = np.array([tally.class_cases for tally in tallies])
        sums = np.array([tally.class_burdens for tally in tallies])
    else:
        labels = pair.names.townships if by == "township" else pair.names.counties
        cases = np.array([tally.cases for tally in tallies])
        sums = np.array([tally.burdens for tally in tallies])
    of_group = {}
    for group in dict.fromkeys(labels):
        columns = [n for n, label in enumerate(labels) if label == group]
        of_group[group] = cases[:, columns].sum(axis=1), sums[:, columns].sum(axis=1)
    return {
        group: pair_of_sums for group, pair_of_sums in of_group.items() if pair_of_sums[0].sum() > 0
    }


def place_effects(pair: AreaPair) -> tuple[PlaceEffect, ...]:
    """What each place bears: the small points beside the halls, so that pooling loss shows."""
    before, after = pair.before, pair.after
    n_open = len(pair.names.places)
    a_hall_day = pair.year.counted / max(pair.year.hall_days, 1)
    cases, cases_after = cases_of(before), cases_of(after)
    rows = []
    for p, name in enumerate(pair.names_after.places):
        is_new = p >= n_open
        sides = ((before, not is_new), (after, True))
        came, came_after = (
            np.array([tally.visits[p] * a_hall_day if is_open else 0.0 for tally in tallies])
            for tallies, is_open in sides
        )
        visits = _ratio(pair, "visits", came, cases, came_after, cases_after, "trip")
        shares = []
        for column, of, measure, unit, scale in (
            ("wait", "waited", "wait", "min", MINUTE),
            ("busy", "on_duty", "utilisation", "share", 1.0),
        ):
            sums, sums_after = (
                np.array(
                    [
                        getattr(tally.loads, column)[p] / scale if is_open else 0.0
                        for tally in tallies
                    ]
                )
                for tallies, is_open in sides
            )
            counts, counts_after = (
                np.array(
                    [float(getattr(tally.loads, of)[p]) if is_open else 0.0 for tally in tallies]
                )
                for tallies, is_open in sides
            )
            shares.append(_ratio(pair, measure, sums, counts, sums_after, counts_after, unit))
        rows.append(PlaceEffect(name, is_new, visits, *shares))
    return tuple(rows)


def cases_of(tallies: Sequence[AreaTally]) -> Floats:
    """float64, shape (replications,): cases counted, as often as each stands for others."""
    return np.array([tally.cases.sum() for tally in tallies])


def _trips_of(tallies: Sequence[AreaTally]) -> Floats:
    return np.array([tally.burdens[:, BURDENS.index("trips")].sum() for tally in tallies])


def _ratio(
    pair: AreaPair,
    measure: str,
    sums: Floats | Sequence[float],
    counts: Floats,
    sums_after: Floats | Sequence[float],
    counts_after: Floats,
    unit: str | None = None,
) -> Effect:
    """A ratio of sums before and after, with the size from which its difference matters."""
    before, after = (np.asarray(column, dtype=np.float64) for column in (sums, sums_after))
    return _with_size(
        pair,
        Effect(
            measure,
            unit or UNITS[measure],
            ratio_interval(before, counts, pair.level),
            ratio_interval(after, counts_after, pair.level),
            ratio_difference(before, counts, after, counts_after, pair.level),
        ),
    )


def _with_size(pair: AreaPair, effect: Effect) -> Effect:
    """An effect with the size from which it matters."""
    level = (effect.before.mean + effect.after.mean) / 2
    size = matters_from(pair.targets, effect.measure, effect.unit, level)
    return effect._replace(matters_from=size if math.isfinite(size) else 0.0)
