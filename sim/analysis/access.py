"""Who has how far to go: trips, minutes and money by township, county and group (DESIGN §8).

Sums are kept a group, so that a mean over several groups, or over replications, is a ratio of sums
and a county with few cases does not weigh as much as one with many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.arrays import Floats, Ints
from sim.plan.compile import compile_demand
from sim.plan.year import year_of
from sim.scenario.scenario import Scenario
from sim.scenario.travel import Ways, candidates, ways_to_places, ways_to_townships
from sim.theory import gini, share_within, worst_mean

LIMITS: Final = (15.0, 30.0, 60.0)
"""Minutes, one way, within which a place counts as near."""
WORST: Final = 0.1
"""Share of people who count as the worst off."""


class CaseTravel(NamedTuple):
    """What each case asked its applicant to travel, all trips out and back.

    Attributes
    ----------
    township : ndarray of int64, shape (cases,)
        Number of the township; -1 = unknown, and then nothing is known of the way.
    trips : ndarray of int64, shape (cases,)
        Trips to any place.
    minutes, km, yuan : ndarray, shape (cases,)
        Of all trips together; yuan are fares.
    """

    township: Ints
    trips: Ints
    minutes: Floats
    km: Floats
    yuan: Floats


def journeys(township: Ints, case: Ints, place: Ints, ways: Ways) -> CaseTravel:
    """Add up the trips of each case.

    Parameters
    ----------
    township : ndarray of int64, shape (cases,)
        Where each applicant lives; -1 = unknown.
    case, place : ndarray of int64, shape (trips,)
        Whose each trip is, and where it went.
    ways : Ways
        One way from each township to each place.

    Raises
    ------
    ValueError
        If a trip led where no way leads.

    Examples
    --------
    One applicant goes twice, a second stays at home:

    >>> ways = Ways(*np.array([[[30.0]], [[20.0]], [[5.0]]]))
    >>> travel = journeys(np.array([0, 0]), np.array([0, 0]), np.array([0, 0]), ways)
    >>> travel.trips.tolist(), travel.minutes.tolist(), travel.yuan.tolist()
    ([2, 0], [120.0, 0.0], [20.0, 0.0])
    """
    has_home = township[case] >= 0
    whose, home, to = case[has_home], township[case[has_home]], place[has_home]
    if not np.isfinite(ways.minutes[home, to]).all():
        lost = int(np.flatnonzero(~np.isfinite(ways.minutes[home, to]))[0])
        raise ValueError(
            f"ways: found none from township {home[lost]} to place {to[lost]}, where case "
            f"{whose[lost]} went; allowed are trips along a way; add it"
        )
    n = len(township)

    def both_ways(way: Floats) -> Floats:
        return np.bincount(whose, 2 * way[home, to], minlength=n).astype(np.float64)

    trips = np.bincount(case, minlength=n).astype(np.int64)
    return CaseTravel(
        township, trips, both_ways(ways.minutes), both_ways(ways.km), both_ways(ways.yuan)
    )


class Burdens(NamedTuple):
    """Sums of each group.

    Attributes
    ----------
    cases, trips, minutes, km, yuan : ndarray, shape (groups,)
    """

    cases: Floats
    trips: Floats
    minutes: Floats
    km: Floats
    yuan: Floats

    def per_case(self) -> Burdens:
        """Means of each group; nan where it has no case. `cases` stay what they are."""
        nobody = np.full(self.cases.shape, np.nan)
        means = (
            np.divide(burden, self.cases, out=nobody.copy(), where=self.cases > 0)
            for burden in self[1:]
        )
        return Burdens(self.cases, *means)


def burdens(travel: CaseTravel, group: Ints, groups: int) -> Burdens:
    """Add up the journeys of each group: townships, counties, priority classes, or any other.

    Parameters
    ----------
    group : ndarray of int64, shape (cases,)
        Group of each case, 0 to `groups` - 1; -1 = none, left out.

    Examples
    --------
    >>> sums = np.array([[9.0, 8.0, 0.0]] * 3)
    >>> gone = CaseTravel(np.array([0, 1, 1]), np.array([1, 2, 0]), *sums)
    >>> sums = burdens(gone, gone.township, 2)
    >>> sums.cases.tolist(), sums.trips.tolist(), sums.per_case().minutes.tolist()
    ([1.0, 2.0], [1.0, 2.0], [9.0, 4.0])
    """
    counted = group >= 0

    def summed(values: npt.NDArray[np.generic]) -> Floats:
        return np.bincount(
            group[counted], values[counted].astype(np.float64), minlength=groups
        ).astype(np.float64)

    cases = np.ones(len(group))
    return Burdens(*map(summed, (cases, travel.trips, travel.minutes, travel.km, travel.yuan)))


class Reach(NamedTuple):
    """How near people are to what they need, and how unevenly.

    Attributes
    ----------
    mean : float
        Minutes.
    within : tuple of float
        Share of people within each limit.
    worst : float
        Mean minutes of the worst-off tenth.
    gini : float
        Unevenness of the minutes; never to be shown without the mean.
    """

    mean: float
    within: tuple[float, ...]
    worst: float
    gini: float


def reach(minutes: Floats, people: Floats, limits: Sequence[float] = LIMITS) -> Reach:
    """How near people live, or how long cases travelled.

    Parameters
    ----------
    minutes : ndarray, shape (n,)
        One way from each township to its nearest place, or of each case.
    people : ndarray, shape (n,)
        Residents of each, or ones.
    limits : sequence of float
        Minutes.

    Examples
    --------
    >>> reach(np.array([10.0, 40.0]), np.array([30.0, 10.0]))
    Reach(mean=17.5, within=(0.75, 0.75, 1.0), worst=40.0, gini=0.321428571...)
    """
    within = tuple(share_within(minutes, limit, people) for limit in limits)
    mean = float(np.average(minutes, weights=people))
    return Reach(mean, within, worst_mean(minutes, WORST, people), gini(minutes, people))


def nearest_minutes(ways: Ways, accepting: Sequence[bool]) -> Floats:
    """Minutes from each township to the nearest of the places that accept a matter.

    Parameters
    ----------
    accepting : sequence of bool, length J
        Whether each place does.

    Returns
    -------
    ndarray, shape (townships,)
        `inf` where none can be reached.

    Examples
    --------
    >>> ways = Ways(*np.array([[[30.0, 10.0]]] * 3))
    >>> nearest_minutes(ways, [True, False]).tolist(), nearest_minutes(ways, [False] * 2).tolist()
    ([30.0], [inf])
    """
    near = ways.minutes[:, np.array(accepting, dtype=np.bool_)]
    return np.asarray(near.min(axis=1, initial=np.inf), dtype=np.float64)


class Nearness(NamedTuple):
    """How far each township has to the nearest place that accepts a matter, now and then.

    Attributes
    ----------
    before, after : ndarray, shape (townships,)
        Minutes one way, without and with new stations; `inf` where none can be reached.
    """

    before: Floats
    after: Floats


def nearness(scenario: Scenario, matter: str | None, points: Sequence[str] = ()) -> Nearness:
    """Minutes from each township to the nearest place, with new stations in some townships.

    Ways only: no waits, and whoever lives in a township starts from its centre.

    Parameters
    ----------
    matter : str or None
        Id of what is applied for; None = all matters, each as often as its cases of the year that
        do not apply online.
    points : sequence of str
        Ids of townships in which the station of `places.siting` is opened.

    Raises
    ------
    ValueError
        If the scenario has no places.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> near = nearness(area, "after_death", ["t411224204"])
    >>> bool((near.after <= near.before).all()), bool((near.after < near.before).any())
    (True, True)
    """
    if matter is None:
        return _nearness_of_all(scenario, points)
    ways, named = ways_to_places(scenario), scenario.matters_named()
    assert scenario.places is not None  # checked by ways_to_places

    def takes(names: Sequence[str]) -> bool:
        return any(matter in named.get(name, ()) for name in names)

    # what the city hall accepts is what the windows of a layout accept, which is everything
    accepting = [
        place.kind == "city_hall" or takes(place.takes_in) for place in scenario.places.open
    ]
    before = nearest_minutes(ways, accepting)
    siting = scenario.places.siting
    if siting is None or not takes(siting.station.takes_in):
        return Nearness(before, before)
    sites = [town.id for town in candidates(scenario)]
    new = nearest_minutes(ways_to_townships(scenario), [site in points for site in sites])
    return Nearness(before, np.minimum(before, new))


def _nearness_of_all(scenario: Scenario, points: Sequence[str]) -> Nearness:
    """The mean over matters that anybody comes for."""
    demand = compile_demand(scenario)
    cases = year_of(scenario).cases * (1 - demand.flows.online_share)
    ids = sorted(matter.id for matter in scenario.matters)
    weights = np.bincount(demand.flows.matter, cases, minlength=len(ids)).astype(np.float64)
    if not weights.sum() > 0:
        weights = np.ones(len(ids))
    asked_for = np.flatnonzero(weights > 0)
    each = [nearness(scenario, ids[m], points) for m in asked_for.tolist()]
    before, after = (
        np.average([side[n] for side in each], axis=0, weights=weights[asked_for]) for n in range(2)
    )
    return Nearness(before, after)
