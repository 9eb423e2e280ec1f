"""Offered load before any run: expected work beside the hours that are staffed for it.

A load above 1 means that the queue grows without end: an impossible assumption is seen at once.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journeys import trip_costs
from sim.plan.lawbook import mean
from sim.plan.layout import collected, sought
from sim.plan.plan import FIXED_SHARES, HALL, Bools, Demand, Journeys, Plan
from sim.theory.choice import logit_shares

Floats = npt.NDArray[np.float64]


class Load(NamedTuple):
    """Expected work of one group of windows, department, or the desk, over the whole run."""

    kind: Literal["group", "department", "reception"]
    id: str
    work_hours: float
    staffed_hours: float

    @property
    def load(self) -> float:
        """Work divided by staffed hours; infinite when nobody is there for it."""
        if self.staffed_hours > 0:
            return self.work_hours / self.staffed_hours
        return float("inf") if self.work_hours > 0 else 0.0


def offered_load(plan: Plan) -> tuple[Load, ...]:
    """Loads of all window groups, the desk and all departments.

    People go where their rule sends them at the waits that the plan's people expect: none before a
    run, so a place that many will find full has what they would bring if they did not know. Work
    that several groups of a place accept is shared out by their staffed hours. Left aside are those
    who give up and come again, those who go online after all, faults that the desk catches, and
    trips with what a reviewer asked for.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> loads = offered_load(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"))
    >>> [(load.id, round(load.load, 3)) for load in loads]
    [('windows', 0.8), ('office', 0.0)]
    """
    cases, online = _cases(plan.demand)
    work, tours, greeted = _at_places(plan, cases - online, cases)
    return (
        *_groups(plan, work, tours),
        *_desk(plan, greeted),
        *_departments(plan, cases.sum(axis=0), online.sum(axis=0)),
    )


def cases_a_day(plan: Plan) -> float:
    """Expected cases a measured hall day: by volumes, and those at given instants.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/dm1.yaml")), "hall")
    >>> round(cases_a_day(plan))  # one every 10 min, day and night
    144
    """
    demand, period = plan.demand, plan.period
    volume = float(demand.cases_of_day[:, period.hall_days].sum())
    day = demand.given_times // DAY
    given = np.count_nonzero((day >= period.measured_from) & (day < period.measured_until))
    return (volume + given) / max(len(period.hall_days), 1)


def _repeats(share: Floats, at_most: int) -> Floats:
    """Expected failures before success: p + p² + … up to so many rounds."""
    return np.asarray((share[:, None] ** np.arange(1, at_most + 1)).sum(axis=1))


def _cases(demand: Demand) -> tuple[Floats, Floats]:
    """float64, shape (K, M), twice: expected cases of each class, and those that begin online."""
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    of_flow = np.diff(demand.class_shares, axis=1, prepend=0.0) * volume[:, None]
    cases, online = np.zeros((2, len(demand.base_law), of_flow.shape[1]))
    np.add.at(cases, demand.matter_of_flow, of_flow)
    np.add.at(online, demand.matter_of_flow, of_flow * demand.online_share[:, None])
    return cases.T, online.T


def _at_places(plan: Plan, in_hall: Floats, cases: Floats) -> tuple[Floats, Floats, float]:
    """Expected ticks at windows and on the way to applicants, and people that the desk greets.

    Parameters
    ----------
    in_hall, cases : ndarray(float64), shape (K, M)
        Expected cases that begin at a window, and all.

    Returns
    -------
    work, tours : ndarray(float64), shape (P, M)
        By the matter that is sought.
    """
    demand, failed = plan.demand, _repeats(plan.demand.correction_share, plan.demand.rounds_at_most)
    again = failed * (1 - demand.mend_shares[0])
    work, tours = np.zeros((2, *plan.hall.onward.shape))
    greeted = 0.0
    for k, assisted in enumerate(demand.assisted_share):
        slower = 1 + assisted * (demand.assistance_factor - 1)
        goes = shares_of_places(plan, k)
        here, (fetch, handing) = goes.sum(axis=1), collected(demand, cases[k])
        whole = sought(demand, in_hall[k])[1] * slower
        faulty = sought(demand, in_hall[k] * failed * demand.sent_back_share)[1] * slower
        work += here * (whole + faulty + handing) + _sent_on(plan, here * whole)
        greeted += float(here[HALL] @ (sought(demand, in_hall[k] * (1 + again))[0] + fetch))
        if plan.journeys is not None:
            served = sought(demand, in_hall[k] * (1 + failed))[0] + fetch
            tours += np.einsum("ptm,tp->pm", goes, plan.journeys.tour) * served * MINUTE
    return work, tours, greeted


def _sent_on(plan: Plan, whole: Floats) -> Floats:
    """float64, shape (P, M): ticks for papers sent on to each place, of complete work taken in."""
    onward, found = plan.hall.onward, np.zeros(whole.shape)
    for origin, matter in np.argwhere((onward >= 0) & (whole > 0)):
        place = onward[origin, matter]
        while place >= 0:
            found[place, matter] += whole[origin, matter] * plan.hall.forwarded_work[origin]
            place = onward[place, matter]
    return found


def visits_a_case(demand: Demand) -> Floats:
    """float64, shape (M,): expected applications of a case: to each department in turn, or one.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("sanmenxia_before.yaml")))
    >>> [round(float(n), 1) for n in visits_a_case(demand)[:3]]  # after_death, annual_report …
    [5.1, 3.0, 9.2]
    """
    visit_of, n = demand.visit_of_item, len(demand.base_law)
    items, visits = np.flatnonzero(visit_of >= 0), np.flatnonzero(demand.visit_order >= 0)
    nobody = np.ones(len(visit_of))
    np.multiply.at(nobody, visit_of[items], 1.0 - demand.item_share[items])
    matter = np.repeat(np.arange(n), np.diff(demand.item_offsets))
    found = np.bincount(matter[visits], 1.0 - nobody[visits], minlength=n)
    return np.maximum(found, 1.0)


def shares_of_places(plan: Plan, class_: int) -> Floats:
    """float64, shape (P, T, M): share of those of a class with a matter who go to a place, by town.

    A matter's shares add up to 1; all are of one township where there is one place only. Tastes are
    not drawn: the share of a place is the chance that it is the best for somebody.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> shares = shares_of_places(compile_plan(area, "zone"), class_=0)
    >>> shares.shape, bool(np.allclose(shares.sum(axis=(0, 1)), 1))
    ((7, 78, 41), True)
    """
    demand, journeys = plan.demand, plan.journeys
    if journeys is None:
        return np.ones((1, 1, len(demand.base_law)))
    people = np.diff(demand.township_shares, prepend=0.0)
    kinds, kind_of = np.unique(journeys.accepts, axis=1, return_inverse=True)
    admits = journeys.admits[:, class_]
    chosen = np.stack([_chosen(journeys, accepts & admits).T * people for accepts in kinds.T])
    return np.moveaxis(chosen[kind_of.reshape(-1)], 0, 2)


def _chosen(journeys: Journeys, may: Bools) -> Floats:
    """float64, shape (T, P): where people go among places that take them; none does: the hall."""
    open_ = may & np.isfinite(journeys.minutes)
    nowhere = ~open_.any(axis=1)
    open_[nowhere, HALL] = True
    if journeys.rule == FIXED_SHARES:
        weights = np.where(open_, journeys.shares, 0.0)
        for p in np.flatnonzero(journeys.base != np.arange(len(may))):
            weights[open_[:, p], journeys.base[p]] = 0.0  # who may be visited at home is
        weights[~weights.any(axis=1), HALL] = 1.0
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
    cost = np.where(open_, trip_costs(journeys), np.inf)
    cost[nowhere, HALL] = 0.0
    if journeys.taste_yuan > 0:
        return logit_shares(cost, journeys.taste_yuan)
    first = np.zeros(cost.shape)
    first[np.arange(len(cost)), cost.argmin(axis=1)] = 1.0
    return first


def _groups(plan: Plan, work: Floats, tours: Floats) -> list[Load]:
    hall, names = plan.hall, plan.names
    ids = list(dict.fromkeys(names.groups))
    group_of = np.array([ids.index(group) for group in names.groups])
    hours = np.zeros(len(group_of))
    ticks = hall.duty_ends - hall.duty_starts
    np.add.at(hours, np.repeat(np.arange(len(group_of)), np.diff(hall.duty_offsets)), ticks / HOUR)
    hours[hall.payroll != hall.group_of_window] = 0.0  # borrowed clerks are counted at their pool
    staffed = np.bincount(group_of, hours, len(ids))
    windows = np.bincount(group_of, minlength=len(ids))
    factor = np.bincount(group_of, hall.factor, len(ids)) / windows
    weight = _accepts(plan, group_of, len(ids)) * staffed[:, None]
    place = np.zeros(len(ids), dtype=np.int64)
    place[group_of] = hall.place_of_list[hall.list_of_window]
    of_place = np.zeros(work.shape)
    np.add.at(of_place, place, weight)
    share = weight / np.maximum(of_place, 1e-12)[place]
    load = (share * work[place]).sum(axis=1) * factor + (share * tours[place]).sum(axis=1)
    rows = zip(ids, load / HOUR, staffed, strict=True)
    return [Load("group", one, float(hours), float(duty)) for one, hours, duty in rows]


def _accepts(plan: Plan, group_of: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.bool_]:
    """bool, shape (groups, M): the group calls some line that the matter may join."""
    line_of = plan.hall.line_of
    accepts = np.zeros((n, line_of.shape[1]), dtype=np.bool_)
    for m in range(line_of.shape[1]):
        lines = np.unique(line_of[:, m][line_of[:, m] >= 0])
        for w in np.flatnonzero((plan.hall.calls[:, lines] > 0).any(axis=1)):
            accepts[group_of[w], m] = True
    return accepts


def _desk(plan: Plan, greeted: float) -> list[Load]:
    if not plan.hall.has_reception:
        return []
    demand, hall = plan.demand, plan.hall
    times = np.append(hall.reception_times, plan.period.end)
    of_hall = slice(hall.ticket_offsets[hall.day_closes.shape[1]])
    closes = np.concatenate([hall.ticket_closes[of_hall], [plan.period.end]])
    until = np.minimum(times[1:], closes[np.searchsorted(closes, times[:-1], side="right")])
    staffed = float((np.maximum(until - times[:-1], 0) * hall.reception_clerks).sum() / HOUR)
    work = greeted * mean(demand.laws, demand.reception_law) / HOUR
    return [Load("reception", "reception", work, staffed)]


def _departments(plan: Plan, cases: Floats, online: Floats) -> list[Load]:
    demand, office, names = plan.demand, plan.office, plan.names
    matter = np.repeat(np.arange(len(cases)), np.diff(demand.item_offsets))
    touch = np.array([mean(demand.laws, int(law)) for law in demand.review_law])
    again = _repeats(demand.item_correction_share, demand.rounds_at_most) * demand.review_again
    work = np.zeros(len(names.departments))
    per_item = cases[matter] * demand.item_share * touch * (1 + again)
    np.add.at(work, office.department, per_item / HOUR)
    others = np.repeat(cases[matter] * demand.item_share * touch, np.diff(office.survey_offsets))
    own = office.survey_offsets[:-1][demand.attendances > 0]
    others[own] = 0.0  # counted above
    np.add.at(work, office.survey, others / HOUR)
    if office.online_department >= 0:
        precheck = mean(demand.laws, demand.precheck_law) / HOUR
        rounds = 1 + _repeats(demand.correction_share, demand.rounds_at_most)
        work[office.online_department] += (
            float((online * visits_a_case(demand) * rounds).sum()) * precheck
        )
    end = plan.period.n_days * DAY
    hours = np.zeros(len(names.departments))
    for d, calendar in enumerate(office.calendar):
        span = slice(office.open_offsets[calendar], office.open_offsets[calendar + 1])
        starts, ends = office.open_starts[span], np.minimum(office.open_ends[span], end)
        hours[d] = office.reviewers[d] * np.maximum(ends - starts, 0).sum() / HOUR
    return [
        Load("department", one, float(w), float(h))
        for one, w, h in zip(names.departments, work, hours, strict=True)
    ]
