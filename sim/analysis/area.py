"""What one replication says of a whole area: burdens by township and group, and loads of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.access import LIMITS, WORST, journeys
from sim.analysis.sites import UNSERVED, SiteLoads, measured, site_loads
from sim.arrays import Floats, Ints
from sim.clock import DAY, MINUTE
from sim.results.columns import CASE_FATES
from sim.results.tables import Tables
from sim.scenario.travel import Ways
from sim.theory import gini, worst_mean

BURDENS: Final = ("trips", "travel", "inside", "fare", "resident_cost")
"""What a case asks of its applicant: trips; minutes on the way, and at places; yuan of fares, and
of fares and all that time together."""


class AreaTally(NamedTuple):
    """Sums over the cases that began on measured days, all their trips included.

    Each case counts as often as there are cases of the year that it stands for (`sim.plan.year`),
    but for `fates`, `trips` and `loads`, which are what happened.

    Attributes
    ----------
    cases : ndarray, shape (townships,)
        Cases by origin; those of unknown origin are left out everywhere but in `loads`.
    burdens : ndarray, shape (townships, burdens)
        Sums in the order of `BURDENS`.
    class_cases, class_burdens : ndarray, shape (K,) and (K, burdens)
        The same by priority class.
    near : ndarray, shape (limits,)
        Trips no longer than each limit, one way.
    worst : float
        Mean minutes on the way of the tenth of cases that travels most.
    gini : float
        Unevenness of the minutes on the way.
    matter_at : ndarray, shape (P, M)
        Cases of each matter that came to each place at least once.
    visits : ndarray, shape (P,)
        Trips to each place.
    work : ndarray, shape (P,)
        Ticks of work at the windows of each place.
    fates : ndarray of int64, shape (fates of cases,)
        How the cases stand at the end of the run, in the order of `sim.results.columns.CASE_FATES`.
    trips : ndarray of int64, shape (2,)
        Trips, and trips on which nobody was served.
    loads : SiteLoads
        What each place bears on the measured days.
    """

    cases: Floats
    burdens: Floats
    class_cases: Floats
    class_burdens: Floats
    near: Floats
    worst: float
    gini: float
    matter_at: Floats
    visits: Floats
    work: Floats
    fates: Ints
    trips: Ints
    loads: SiteLoads


def area_tally(tables: Tables, ways: Ways, value_of_time: float, weights: Floats) -> AreaTally:
    """Add up what a replication asked of its applicants.

    Parameters
    ----------
    ways : Ways
        One way from each township to each place, both in the order of the plan.
    weights : ndarray, shape (F, N)
        `sim.plan.year.Year.weights`: how many cases of the year one stands for that began on each
        day; ones count the cases themselves.
    value_of_time : float
        Yuan an hour of a resident.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    >>> plan = compile_plan(load_scenario(example_path("sanmenxia_townships.yaml"), days), "zone")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> tables = Tables(plan, tape, run(plan, tape))
    >>> ways = Ways(plan.journeys.minutes, plan.journeys.km, plan.journeys.yuan)
    >>> itself = np.ones(plan.demand.flows.cases_of_day.shape)
    >>> tally = area_tally(tables, ways, value_of_time=12, weights=itself)
    >>> bool(tally.burdens[:, 0].sum() == tally.loads.visits.sum())
    True
    """
    cases, visits, names = tables.cases, tables.visits, tables.plan.names
    counted = measured(tables, cases.wished_at) & (cases.township >= 0)
    stands_for = np.zeros(len(counted))
    stands_for[counted] = weights[tables.tape.cases.flow[counted], cases.wished_at[counted] // DAY]
    is_counted = counted[visits.case]
    case, place = visits.case[is_counted], visits.place[is_counted]
    travel = journeys(cases.township.astype(np.int64), case, place, ways)
    left = np.where(visits.left_at < 0, visits.arrived_at, visits.left_at)
    stay = (left - visits.arrived_at)[is_counted] / MINUTE
    inside = np.bincount(case, stay, minlength=len(counted))
    hours = (travel.minutes + inside) / 60
    each = np.stack(
        [travel.trips, travel.minutes, inside, travel.yuan, travel.yuan + hours * value_of_time],
        axis=1,
    )[counted]
    weight = stands_for[counted]
    one_way = ways.minutes[cases.township[case], place]
    pairs = np.sort(case * len(names.places) + place)  # faster than np.unique, which hashes
    came, to = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], len(names.places))
    matter_at = np.zeros((len(names.places), len(names.matters)))
    np.add.at(matter_at, (to, cases.matter[came]), stands_for[came])
    some = bool(weight.sum() > 0)
    trips = len(case), np.count_nonzero(np.isin(visits.fate[is_counted], UNSERVED))
    return AreaTally(
        *_grouped(cases.township[counted], each, weight, len(names.townships)),
        *_grouped(cases.class_[counted], each, weight, len(names.classes)),
        near=np.array([stands_for[case[one_way <= limit]].sum() for limit in LIMITS]),
        worst=worst_mean(each[:, 1], WORST, weight) if some else 0.0,
        gini=gini(each[:, 1], weight) if some else 0.0,
        matter_at=matter_at,
        visits=_summed(place, stands_for[case], len(names.places)),
        work=_work(tables, stands_for),
        fates=np.bincount(cases.fate[counted], minlength=len(CASE_FATES)).astype(np.int64),
        trips=np.array(trips, dtype=np.int64),
        loads=site_loads(tables),
    )


class CountedCases(NamedTuple):
    """The cases of all replications that figures are of: how they stand, and their trips.

    Attributes
    ----------
    fates : mapping of str to int
        How many stand how at the end of the run, by `sim.results.columns.CASE_FATES`.
    trips, trips_in_vain : int
        Their trips, and those on which nobody was served.
    """

    fates: Mapping[str, int]
    trips: int
    trips_in_vain: int

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self.fates.values())

    def share(self, fate: str) -> float:
        """Share of them that stands so; 0 without any."""
        return self.fates[fate] / max(self.cases, 1)

    @property
    def share_in_vain(self) -> float:
        """Share of their trips on which nobody was served; 0 without any."""
        return self.trips_in_vain / max(self.trips, 1)


def counted_cases(tallies: Sequence[AreaTally]) -> CountedCases:
    """Add up the cases of one or more replications."""
    fates = np.sum([tally.fates for tally in tallies], axis=0)
    trips, in_vain = np.sum([tally.trips for tally in tallies], axis=0)
    by_fate = {fate: int(number) for fate, number in zip(CASE_FATES, fates, strict=True)}
    return CountedCases(by_fate, int(trips), int(in_vain))


def _work(tables: Tables, stands_for: Floats) -> Floats:
    """float64, shape (P,): ticks of work at the windows of each place, for the cases counted."""
    tickets, services, hall = tables.tickets, tables.services, tables.plan.hall
    case = tickets.case[tickets.window >= 0]  # rows of services are those of tickets with a window
    place = hall.place_of_list[hall.list_of_window][services.window]
    ticks = (services.ended_at - services.called_at) * stands_for[case]
    return _summed(place, ticks, len(tables.plan.names.places))


def _grouped(
    group: npt.NDArray[np.signedinteger], each: Floats, weight: Floats, n: int
) -> tuple[Floats, Floats]:
    """Cases (n,) and sums (n, columns) of each group."""
    sums = [_summed(group, column * weight, n) for column in each.T]
    return _summed(group, weight, n), np.stack(sums, axis=1)


def _summed(group: npt.NDArray[np.signedinteger], each: Floats, n: int) -> Floats:
    return np.bincount(group, each, minlength=n).astype(np.float64)
