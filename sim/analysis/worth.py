"""What new places are worth a year: the money both ways, and how well they are used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.area import BURDENS, AreaTally
from sim.analysis.effects import AreaPair, cases_of
from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.analysis.money import Accounts, break_even
from sim.arrays import Floats
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.duties import duty_of_places
from sim.plan.places import HOME
from sim.plan.plan import Plan
from sim.plan.year import Year, as_year, period_of_year
from sim.scenario.scenario import Scenario


class JointService(NamedTuple):
    """How several places serve together, on the measured days.

    Attributes
    ----------
    use : Interval
        Share of the time on duty that their people are at work.
    wait : Interval
        Minutes that a ticket waits.
    """

    use: Interval
    wait: Interval


class Worth(NamedTuple):
    """The money both ways, of the calendar year in which the measured days begin.

    Attributes
    ----------
    yearly : float
        Yuan a year that the new stations cost.
    visits : Interval
        Trips to them.
    residents : Interval
        Yuan that residents save in fares and time.
    hall_hours : Interval
        Hours of work taken off the other places.
    hall_saved : float
        Yuan that these hours are paid; nan where the scenario has no wage. It is saved only if the
        clerks are needed elsewhere.
    break_even, break_even_both : float
        Trips to the stations from which residents alone, and residents and the hours of the other
        places together, save what they cost; inf = never, nan where the scenario has no wage.
    saved : mapping of str to ndarray, shape (replications,)
        What residents save of each of `sim.analysis.area.BURDENS`, as `saved_a_year`.
    points, others : JointService
        How the new stations serve, and all other places once those are open.
    """

    yearly: float
    visits: Interval
    residents: Interval
    hall_hours: Interval
    hall_saved: float
    break_even: float
    break_even_both: float
    saved: Mapping[str, Floats]
    points: JointService
    others: JointService


def weigh_stations(pair: AreaPair, yearly: float, wage: float | None) -> Worth:
    """What the stations cost a year, what they save whom, and how they are used.

    Parameters
    ----------
    pair
        The places that are open now, and with the stations.
    yearly
        Yuan a year that the stations cost.
    wage
        Yuan an hour of a clerk; None where it is not known.
    """
    n_open = len(pair.names.places)
    visits = a_year(pair, [tally.visits[n_open:].sum() for tally in pair.after])
    saved = {burden: saved_a_year(pair, burden) for burden in BURDENS}
    hours = a_year(
        pair,
        [
            (before.work.sum() - after.work[:n_open].sum()) / HOUR
            for before, after in zip(pair.before, pair.after, strict=True)
        ],
    )
    paid = math.nan if wage is None else wage
    residents, trips = saved["resident_cost"], float(visits.sum())
    each = Accounts(0.0, 0.0)
    if trips > 0:
        each = Accounts(float(hours.sum()) * paid / trips, float(residents.sum()) / trips)
    return Worth(
        yearly,
        t_interval(visits, pair.level),
        t_interval(residents, pair.level),
        t_interval(hours, pair.level),
        float(hours.mean()) * paid,
        break_even(yearly, each.residents),
        math.nan if wage is None else break_even(yearly, each.both),
        saved,
        _joint_service(pair, slice(n_open, None)),
        _joint_service(pair, slice(0, n_open)),
    )


def a_year(pair: AreaPair, sums: Floats | Sequence[float]) -> Floats:
    """float64, shape (replications,): what a sum over the counted cases comes to in the year.

    The year has its expected cases, whatever number was drawn: a replication says what one case
    comes to. Their mean is the ratio of sums times the cases of the year; how far each lies from it
    is linearised, so that intervals of the mean are those of the ratio.

    Parameters
    ----------
    sums : array_like, shape (replications,)
        Each case counted as often as it stands for others, as in `AreaTally`.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., ch. 6.
    """
    each, cases = np.asarray(sums, dtype=np.float64), cases_of(pair.before)
    if not cases.sum() > 0:
        return np.zeros(len(cases))
    a_case = each.sum() / cases.sum()
    return np.asarray(pair.year.counted * (a_case + (each - a_case * cases) / cases.mean()))


def saved_a_year(pair: AreaPair, burden: str) -> Floats:
    """float64, shape (replications,): what residents save of a burden in a year, as `a_year`."""
    k = BURDENS.index(burden)
    return a_year(
        pair,
        [
            before.burdens[:, k].sum() - after.burdens[:, k].sum()
            for before, after in zip(pair.before, pair.after, strict=True)
        ],
    )


def _joint_service(pair: AreaPair, places: slice) -> JointService:
    loads = [tally.loads for tally in pair.after]
    busy, on_duty, wait, waited = (
        [float(getattr(load, column)[places].sum()) for load in loads]
        for column in ("busy", "on_duty", "wait", "waited")
    )
    minutes = [ticks / MINUTE for ticks in wait]
    return JointService(
        ratio_interval(busy, on_duty, pair.level, bounds=(0.0, math.inf)),
        ratio_interval(minutes, waited, pair.level, bounds=(0.0, math.inf)),
    )


# === what the administration pays === #


def administration_cost(
    scenario: Scenario, plan: Plan, tallies: Sequence[AreaTally], year: Year, level: float
) -> Interval:
    """Yuan a case of the year that all places cost; nan where the scenario has no wage.

    A place with a yearly cost costs that; any other one costs the wages of who is on duty by its
    roster on the days of the year, with as much overtime in proportion as on the measured days.

    Parameters
    ----------
    scenario, plan
        What was run, and its plan.
    tallies
        Replications in order.
    """
    if scenario.money is None or not year.counted > 0:
        return Interval(math.nan, math.nan, math.nan, 0, level)
    assert scenario.places is not None
    yearly = {place.id: place.yearly_cost for place in scenario.places.open}
    names = plan.names.places
    of_place = np.array([0.0, *(yearly[name.removesuffix(HOME)] for name in names[1:])])
    # agents who visit people at home are in the cost of their place
    fixed = np.where([name.endswith(HOME) for name in names], 0.0, of_place)
    hours = duty_a_year(scenario, plan.names.layout) / HOUR
    measured = measured_duty(plan)
    costs = []
    for tally in tallies:
        paid = np.divide(tally.loads.on_duty, measured, out=np.ones(len(names)), where=measured > 0)
        wages = hours * paid * scenario.money.clerk_yuan_per_hour
        costs.append(float(np.where(of_place > 0, fixed, wages).sum()) / year.counted)
    return t_interval(costs, level)


def duty_a_year(scenario: Scenario, layout: str) -> Floats:
    """float64, shape (P,): ticks on duty by roster at each place in the calendar year."""
    whole = as_year(scenario)
    duty = duty_of_places(whole, whole.layout(layout), period_of_year(whole))
    return duty.astype(np.float64)


def measured_duty(plan: Plan) -> Floats:
    """float64, shape (P,): ticks on duty by roster at each place on the measured days."""
    hall, period = plan.hall, plan.period
    window = np.repeat(np.arange(len(hall.payroll)), np.diff(hall.duty_offsets))
    paid = (hall.payroll == hall.group_of_window)[window]
    first, last = period.measured_from * DAY, period.measured_until * DAY
    ticks = np.clip(hall.duty_ends, first, last) - np.clip(hall.duty_starts, first, last)
    place = hall.place_of_list[hall.list_of_window][window]
    sums = np.bincount(place[paid], ticks[paid], minlength=len(plan.names.places))
    return sums.astype(np.float64)
