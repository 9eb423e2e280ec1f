"""What was run with and without new stations, and every figure of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.analysis.area import AreaTally, CountedCases, counted_cases
from sim.analysis.effects import (
    GROUPINGS,
    AreaBy,
    AreaPair,
    Effect,
    GroupEffect,
    PlaceEffect,
    area_effects,
    cases_of,
    effect_on,
    group_effects,
    place_effects,
)
from sim.analysis.intervals import Interval, t_interval
from sim.analysis.worth import Worth, administration_cost, saved_a_year, weigh_stations
from sim.arrays import Floats
from sim.engine.run import Engine
from sim.plan.year import Year
from sim.runs.equilibrium import Equilibrium
from sim.scenario.places import Place
from sim.scenario.scenario import Scenario

AS_IT_IS, STATIONS, ONLINE = range(3)
"""Ways to serve the crowds, in the order of `Extension.tallies`."""


class AreaChange(NamedTuple):
    """What one way to serve the area changes against the places that are open now.

    Attributes
    ----------
    area : tuple of Effect
        All measures of the area.
    groups : mapping of str to tuple of GroupEffect
        Of each grouping the groups that have a case.
    places : tuple of PlaceEffect
        In the order of the plan.
    residents : Interval
        Yuan a year that residents save in fares and time.
    administration : Interval
        Yuan a case that all places cost then; nan where the scenario has no wage.
    """

    area: tuple[Effect, ...]
    groups: Mapping[AreaBy, tuple[GroupEffect, ...]]
    places: tuple[PlaceEffect, ...]
    residents: Interval
    administration: Interval

    def effect(self, measure: str) -> Effect:
        """The effect on one measure of the area."""
        return effect_on(measure, self.area)


class ExtensionSummary(NamedTuple):
    """Every figure of new stations that is shown or written anywhere.

    Attributes
    ----------
    stations : AreaChange
        What the stations change.
    online : AreaChange or None
        What as many cases online instead change, where that was run.
    worth : Worth
        The money both ways.
    administration : Interval
        Yuan a case that all places cost as they are; nan where the scenario has no wage.
    diverted : float
        Cases of the year that come to a new station.
    counted : tuple of CountedCases
        As it is, with the stations, and online instead if that was run.
    """

    stations: AreaChange
    online: AreaChange | None
    worth: Worth
    administration: Interval
    diverted: float
    counted: tuple[CountedCases, ...]

    @property
    def changes(self) -> Mapping[str, AreaChange]:
        """What was set against the places that are open now, by name."""
        changes = {"stations": self.stations, "online": self.online}
        return {name: change for name, change in changes.items() if change is not None}


@dataclass(frozen=True, eq=False)
class Extension:
    """The same crowds with the places that are open now and with new stations.

    What it holds is what was run; whoever shows or writes a figure reads `summary`.

    Attributes
    ----------
    scenario, extended : Scenario
        As it is, and with the stations.
    layout : str
        Id of the layout of the city hall.
    points : tuple of str
        Townships that get a station.
    settled : tuple of Equilibrium
        Plans whose people know the waits: before, after, and online instead if that was run.
    tallies : tuple of tuple of AreaTally
        Replications in order, for each of them.
    seed, asked : int
        First crowd, and replications that were wanted.
    engine : str
    year : Year
        Of which yearly figures speak, and for which of its cases the measured ones stand.
    level : float
        Coverage of each interval.
    """

    scenario: Scenario
    extended: Scenario
    layout: str
    points: tuple[str, ...]
    settled: tuple[Equilibrium, ...]
    tallies: tuple[tuple[AreaTally, ...], ...]
    year: Year
    seed: int
    asked: int
    engine: Engine
    level: float = 0.95

    @property
    def replications(self) -> int:
        """Replications kept: the first so many, without a gap."""
        return len(self.tallies[0])

    @property
    def opened(self) -> tuple[Place, ...]:
        """The new stations, in the order of `points`."""
        assert self.scenario.places is not None
        assert self.extended.places is not None
        return self.extended.places.open[len(self.scenario.places.open) :]

    @property
    def has_rival(self) -> bool:
        """Whether the same number of cases was tried online instead."""
        return len(self.tallies) > 2

    @cached_property
    def worth(self) -> Worth:
        """The money both ways: what a ranking of stations compares."""
        money = self.scenario.money
        return weigh_stations(
            self._against(STATIONS),
            sum(place.yearly_cost for place in self.opened),
            None if money is None else money.clerk_yuan_per_hour,
        )

    @cached_property
    def summary(self) -> ExtensionSummary:
        """Every figure, computed once."""
        ways = range(len(self.tallies))
        changes = [self._change(way) for way in ways[STATIONS:]]
        return ExtensionSummary(
            changes[0],
            changes[1] if self.has_rival else None,
            self.worth,
            self._administration_cost(AS_IT_IS),
            float(diverted_cases(self).sum()),
            tuple(counted_cases(self.tallies[way]) for way in ways),
        )

    def _change(self, way: int) -> AreaChange:
        pair = self._against(way)
        return AreaChange(
            area_effects(pair),
            {by: group_effects(pair, by) for by in GROUPINGS},
            place_effects(pair),
            t_interval(saved_a_year(pair, "resident_cost"), self.level),
            self._administration_cost(way),
        )

    def _against(self, way: int) -> AreaPair:
        """One way to serve the area against the places that are open now."""
        return AreaPair(
            self.tallies[AS_IT_IS],
            self.tallies[way],
            self.settled[AS_IT_IS].plan.names,
            self.settled[way].plan.names,
            self.year,
            self.scenario.targets,
            self.level,
        )

    def _administration_cost(self, way: int) -> Interval:
        scenario = self.extended if way == STATIONS else self.scenario
        plan = self.settled[way].plan
        return administration_cost(scenario, plan, self.tallies[way], self.year, self.level)


def diverted_cases(extension: Extension) -> Floats:
    """float64, shape (M,): cases of each matter that come to a new station in the year."""
    new = len(extension.settled[0].plan.names.places)
    came = np.array([tally.matter_at[new:].sum(axis=0) for tally in extension.tallies[1]])
    stood_for = cases_of(extension.tallies[1]).sum()
    if not stood_for > 0:
        return np.zeros(came.shape[1:])
    return np.asarray(came.sum(axis=0) * extension.year.counted / stood_for)


def largest_residual(extensions: Sequence[Extension]) -> float:
    """Minutes: the largest gap anywhere between the wait that people expect and the one they find.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.questions.extend import extend
    >>> from sim.runs.run import Run
    >>> days = ["run.warmup_days=0", "run.measured_days=2", "run.followup_days=2"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    >>> run = Run(replications=1, workers=1)
    >>> largest_residual([extend(area, ["t411224204"], run=run, rival=False)]) >= 0
    True
    """
    return max(state.residual for extension in extensions for state in extension.settled)
