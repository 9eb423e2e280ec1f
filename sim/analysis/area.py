"""What one replication says of a whole area: burdens by township and group, and loads of places."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.access import LIMITS, WORST, journeys
from sim.analysis.sites import SiteLoads, measured, site_loads
from sim.clock import MINUTE
from sim.plan.travel import Ways
from sim.results.tables import Tables
from sim.theory import gini, worst_mean

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BURDENS: Final = ("trips", "travel", "inside", "fare", "resident_cost")
"""What a case asks of its applicant: trips; minutes on the way, and at places; yuan of fares, and
of fares and all that time together."""


class AreaTally(NamedTuple):
    """Sums over the cases that began on measured days, all their trips included.

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
    loads : SiteLoads
        What each place bears.
    """

    cases: Floats
    burdens: Floats
    class_cases: Floats
    class_burdens: Floats
    near: Floats
    worst: float
    gini: float
    matter_at: Floats
    loads: SiteLoads


def area_tally(tables: Tables, ways: Ways, value_of_time: float) -> AreaTally:
    """Add up what a replication asked of its applicants.

    Parameters
    ----------
    ways : Ways
        One way from each township to each place, both in the order of the plan.
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
    >>> found = area_tally(tables, ways, value_of_time=12)
    >>> bool(found.burdens[:, 0].sum() == found.loads.visits.sum())
    True
    """
    cases, visits, names = tables.cases, tables.visits, tables.plan.names
    counted = measured(tables, cases.arrived_at) & (cases.township >= 0)
    mine = counted[visits.case]
    case, place = visits.case[mine], visits.place[mine]
    gone = journeys(cases.township.astype(np.int64), case, place, ways)
    left = np.where(visits.left_at < 0, visits.arrived_at, visits.left_at)
    stay = (left - visits.arrived_at)[mine] / MINUTE
    inside = np.bincount(case, stay, minlength=len(counted))
    hours = (gone.minutes + inside) / 60
    each = np.stack(
        [gone.trips, gone.minutes, inside, gone.yuan, gone.yuan + hours * value_of_time], axis=1
    )[counted]
    one_way = ways.minutes[cases.township[case], place]
    pairs = np.sort(case * len(names.places) + place)  # faster than np.unique, which hashes
    came, to = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], len(names.places))
    matter_at = np.zeros((len(names.places), len(names.matters)))
    np.add.at(matter_at, (to, cases.matter[came]), 1.0)
    some = bool(counted.any())
    return AreaTally(
        *_grouped(cases.township[counted], each, len(names.townships)),
        *_grouped(cases.class_[counted], each, len(names.classes)),
        near=np.array([np.count_nonzero(one_way <= limit) for limit in LIMITS], dtype=np.float64),
        worst=worst_mean(each[:, 1], WORST) if some else 0.0,
        gini=gini(each[:, 1]) if some else 0.0,
        matter_at=matter_at,
        loads=site_loads(tables),
    )


def _grouped(group: npt.NDArray[np.signedinteger], each: Floats, n: int) -> tuple[Floats, Floats]:
    """Cases (n,) and sums (n, columns) of each group."""
    sums = [np.bincount(group, column, minlength=n) for column in each.T]
    return np.bincount(group, minlength=n).astype(np.float64), np.stack(sums, axis=1)
