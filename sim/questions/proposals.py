"""Townships that integer programmes propose for new stations, on a map where nobody waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.clock import HOUR
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_demand
from sim.plan.duties import duty_on
from sim.plan.opening import place_days
from sim.plan.window_work import mean_window_work
from sim.plan.year import as_year, period_of_year, year_of
from sim.scenario.dated_rosters import DayRosters, weeks_of
from sim.scenario.places import Places, ServicePoint, Siting
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, candidates, trip_cost, ways_to_places, ways_to_townships
from sim.theory import capacitated_sites, max_covering, p_median

Rule = Literal["p_median", "covering", "capacitated"]

RULES: Final[tuple[Rule, ...]] = ("p_median", "covering", "capacitated")
NEAR: Final = 30.0
"""Minutes, one way, within which a covering counts people."""


class Proposal(NamedTuple):
    """Townships that an integer programme chose.

    Attributes
    ----------
    rule : str
        The first rule that chose them.
    points : tuple of str
        Townships, in the order of the scenario; empty = none pays or none is needed.
    saved : float
        Yuan a year that residents save by it if everybody goes the cheapest way and nobody waits.
    """

    rule: Rule
    points: tuple[str, ...]
    saved: float


class _AreaMap(NamedTuple):
    """What is known of the area before anything is run."""

    demand: Floats
    """float64, shape (townships,): cases a year that a new station may take."""
    cost: Floats
    """float64, shape (townships, places + candidates): yuan a trip."""
    minutes: Floats
    open_columns: tuple[int, ...]
    """Columns of places that take them already."""
    ends: tuple[str, ...]
    """Townships of the columns behind the places."""
    first: int
    """The first of those columns."""
    work: float
    """Mean hours at the window."""


def affordable(scenario: Scenario, budget: float | None = None, at_most: int | None = None) -> int:
    """How many stations a yearly budget and a limit allow; those of the scenario by default.

    Raises
    ------
    OptionError
        `no_siting`; `no_points` without any limit; `budget_below_point` when the budget does not
        pay for one.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> affordable(area, budget=200_000), affordable(area, budget=200_000, at_most=2)
    (3, 2)
    """
    _, siting = _sited(scenario)
    yuan = siting.budget_yuan if budget is None else budget
    if yuan is None and at_most is None and siting.at_most is None:
        raise OptionError(Problem("no_points", "--points"))
    limits = [len(candidates(scenario))]
    cost = siting.station.yearly_cost
    if yuan is not None and cost > 0:
        if yuan < cost:
            raise OptionError(
                Problem(
                    "budget_below_point",
                    "--budget",
                    found=f"{yuan:,.0f}",
                    allowed=f"≥ {cost:,.0f}",
                )
            )
        limits.append(int(yuan // cost))
    limits += [limit for limit in (siting.at_most, at_most) if limit is not None]
    return min(limits)


def _sited(scenario: Scenario) -> tuple[Places, Siting]:
    if scenario.places is None or scenario.places.siting is None:
        raise OptionError(Problem("no_siting"))
    return scenario.places, scenario.places.siting


def propose(scenario: Scenario, number: int, rules: Sequence[Rule] = RULES) -> tuple[Proposal, ...]:
    """Townships for at most so many stations, by each rule; equal answers are told once.

    `p_median` makes the trips of all residents cheapest; `covering` has most of them within half an
    hour; `capacitated` does as the first, but counts what stations cost and can serve, and so may
    open none.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> best = propose(area, 2, ["p_median"])[0]
    >>> len(best.points), best.saved > 0
    (2, True)
    """
    area = _map_of(scenario)
    proposals: dict[tuple[str, ...], Proposal] = {}
    for rule in rules:
        columns = _chosen(area, scenario, rule, number)
        points = tuple(area.ends[n - area.first] for n in columns if n >= area.first)
        proposals.setdefault(points, Proposal(rule, points, _saved(area, columns)))
    return tuple(proposals.values())


def savings_on_map(scenario: Scenario, points: Sequence[str] = ()) -> dict[str, float]:
    """Yuan a year that one station more saves where nobody waits, by township, in their order.

    Parameters
    ----------
    points
        Townships that are left out, as they have a station.

    Raises
    ------
    OptionError
        `no_siting` when the scenario does not say how a new station would serve.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> savings = savings_on_map(area, ["t411224204"])
    >>> len(savings), max(savings.values()) > 0
    (77, True)
    """
    area = _map_of(scenario)
    return {
        township: _saved(area, [area.first + n])
        for n, township in enumerate(area.ends)
        if township not in points
    }


def _chosen(area: _AreaMap, scenario: Scenario, rule: Rule, number: int) -> tuple[int, ...]:
    if rule == "p_median":
        return p_median(area.demand, area.cost, number, area.open_columns).chosen
    if rule == "covering":
        return max_covering(area.demand, area.minutes, number, NEAR, area.open_columns).chosen
    _, siting = _sited(scenario)
    opening = np.full(area.cost.shape[1], siting.station.yearly_cost)
    room = np.full(area.cost.shape[1], np.inf)
    room[area.first :] = hours_a_year(scenario, siting.station) / max(area.work, 1e-9)
    open_before = area.open_columns
    return capacitated_sites(
        area.demand, area.cost, opening, room, sites=number, given=open_before
    ).chosen


def _saved(area: _AreaMap, chosen: Sequence[int]) -> float:
    """Yuan a year between the cheapest of all that are open and of those open before."""
    before = area.cost[:, list(area.open_columns)].min(axis=1)
    after = area.cost[:, sorted({*area.open_columns, *chosen})].min(axis=1)
    return float(area.demand @ (before - after))


def hours_a_year(scenario: Scenario, station: ServicePoint) -> float:
    """Hours of agents on duty at one station on the days of the calendar year on which it opens.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> station = area.places.siting.station
    >>> hours_a_year(area, station) > 0
    True
    """
    whole = as_year(scenario)
    days = place_days(whole, period_of_year(whole), station)
    roster = DayRosters(station.clerks, weeks_of(whole))
    return duty_on(roster, roster.most, days) / HOUR


def open_days_a_year(scenario: Scenario, station: ServicePoint) -> int:
    """Days of the calendar year on which a station opens.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> open_days_a_year(area, area.places.siting.station)
    248
    """
    whole = as_year(scenario)
    return len(place_days(whole, period_of_year(whole), station))


def _map_of(scenario: Scenario) -> _AreaMap:
    places, siting = _sited(scenario)
    named = scenario.matters_named()
    takes = {matter for name in siting.station.takes_in for matter in named[name]}
    open_before = tuple(
        n
        for n, place in enumerate(places.open)
        if place.kind == "city_hall"
        or takes & {matter for name in place.takes_in for matter in named[name]}
    )
    both_ways = [
        np.concatenate(pair, axis=1)
        for pair in zip(ways_to_places(scenario), ways_to_townships(scenario), strict=True)
    ]
    ways = Ways(*both_ways)
    demand = compile_demand(scenario)
    cases = year_of(scenario).cases * (1 - demand.flows.online_share)
    ids = sorted(matter.id for matter in scenario.matters)
    is_taken = np.array([ids[m] in takes for m in demand.flows.matter], dtype=np.bool_)
    people = np.array([town.population for town in scenario.applicants.townships], dtype=np.float64)
    work = mean_window_work(demand)[demand.flows.matter]
    total = float(cases[is_taken].sum())
    return _AreaMap(
        people / people.sum() * total,
        trip_cost(ways, places.travel.value_of_time_yuan_per_h),
        ways.minutes,
        open_before,
        tuple(town.id for town in candidates(scenario)),
        len(places.open),
        float((cases * work)[is_taken].sum()) / max(total, 1e-9) / HOUR,
    )
