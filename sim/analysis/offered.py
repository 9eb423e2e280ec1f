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
from sim.plan.layout import HOME, collected, sought
from sim.plan.plan import FIXED_SHARES, HALL, Bools, Demand, Hall, Journeys, Plan
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

    People go where their rule sends them with the waits that they expect, none before a run. Work
    that several groups of a place accept is shared out by their staffed hours; who gives up and
    comes again is left aside.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> loads = offered_load(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"))
    >>> [(load.id, round(load.load, 3)) for load in loads]
    [('windows', 0.8), ('office', 0.0)]
    """
    intakes, hall_cases, all_cases = _intakes(plan.demand)
    goes = shares_of_places(plan)
    return (
        *_groups(plan, goes, hall_cases, intakes, all_cases),
        *_desk(plan, hall_cases * goes[HALL].sum(axis=0), all_cases * goes[HALL].sum(axis=0)),
        *_departments(plan, all_cases, all_cases - hall_cases),
    )


def _repeats(share: Floats, at_most: int) -> Floats:
    """Expected failures before success: p + p² + … up to so many rounds."""
    return np.asarray((share[:, None] ** np.arange(1, at_most + 1)).sum(axis=1))


def _intakes(demand: Demand) -> tuple[Floats, Floats, Floats]:
    """Window work per case in complete intakes, cases in the hall, cases in all; by matter."""
    n = len(demand.base_law)
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    cases, hall = np.zeros(n), np.zeros(n)
    np.add.at(cases, demand.matter_of_flow, volume)
    np.add.at(hall, demand.matter_of_flow, volume * (1 - demand.online_share))
    failed = _repeats(demand.correction_share, demand.rounds_at_most)
    return 1 + failed * demand.sent_back_share, hall, cases


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


def _assistance(demand: Demand) -> float:
    """Mean factor on window work for those who need help, over all flows."""
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    shares = np.diff(demand.class_shares, axis=1, prepend=0.0)
    helped = float((shares @ demand.assisted_share * volume).sum() / max(volume.sum(), 1e-12))
    return 1 + helped * (demand.assistance_factor - 1)


def shares_of_places(plan: Plan) -> Floats:
    """float64, shape (P, T, M): share of those who seek a matter who go to a place from a township.

    A matter's shares add up to 1; all is of one township where there is one place only.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> shares = shares_of_places(compile_plan(area, "zone"))
    >>> shares.shape, bool(np.allclose(shares.sum(axis=(0, 1)), 1))
    ((7, 78, 41), True)
    """
    demand, journeys = plan.demand, plan.journeys
    if journeys is None:
        return np.ones((1, 1, len(demand.base_law)))
    people, classes = np.diff(demand.township_shares, prepend=0.0), _classes(demand)
    found = np.zeros((len(journeys.accepts), len(people), len(classes)))
    kinds, kind_of = np.unique(journeys.accepts, axis=1, return_inverse=True)
    for kind, accepts in enumerate(kinds.T):
        mine = np.flatnonzero(kind_of.reshape(-1) == kind)
        for k, admits in enumerate(journeys.admits.T):
            chosen = _chosen(plan, journeys, accepts & admits).T * people
            found[:, :, mine] += chosen[:, :, None] * classes[mine, k]
    return found


def _classes(demand: Demand) -> Floats:
    """float64, shape (M, K): classes of those who have a matter; of all people where nobody has."""
    volume = demand.cases_of_day.sum(axis=1) + np.diff(demand.given_offsets)
    of_flow = np.diff(demand.class_shares, axis=1, prepend=0.0) * volume[:, None]
    found = np.zeros((len(demand.base_law), of_flow.shape[1]))
    np.add.at(found, demand.matter_of_flow, of_flow)
    found[~found.any(axis=1)] = of_flow.sum(axis=0)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12))


def _chosen(plan: Plan, journeys: Journeys, may: Bools) -> Floats:
    """float64, shape (T, P): where people go among places that take them; none does: the hall."""
    open_ = may & np.isfinite(journeys.minutes)
    nowhere = ~open_.any(axis=1)
    open_[nowhere, HALL] = True
    if journeys.rule == FIXED_SHARES:
        names = plan.names.places
        weights = np.where(open_, journeys.shares, 0.0)
        for p, name in enumerate(names):
            if name.endswith(HOME):  # who may be visited is, of those whom the place gets
                weights[open_[:, p], names.index(name.removesuffix(HOME))] = 0.0
        weights[~weights.any(axis=1), HALL] = 1.0
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
    cost = np.where(open_, trip_costs(journeys), np.inf)
    cost[nowhere, HALL] = 0.0
    if journeys.taste_yuan > 0:
        return logit_shares(cost, journeys.taste_yuan)
    first = np.zeros(cost.shape)
    first[np.arange(len(cost)), cost.argmin(axis=1)] = 1.0
    return first


def _groups(
    plan: Plan, goes: Floats, cases: Floats, intakes: Floats, results: Floats
) -> list[Load]:
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
    all_ = np.zeros((len(goes), weight.shape[1]))
    np.add.at(all_, place, weight)
    of_place, at = weight / np.maximum(all_, 1e-12)[place], goes.sum(axis=1)
    share = of_place * at[place]
    visits, work_of = sought(plan.demand, cases * intakes)
    work = share @ work_of / HOUR * _assistance(plan.demand)
    papers = of_place * _sent_on(plan.hall, at)[place]
    work += papers @ sought(plan.demand, cases)[1] / HOUR * _assistance(plan.demand)
    trips, handing = collected(plan.demand, results)
    work += share @ handing / HOUR
    work *= factor
    if plan.journeys is not None:  # agents on their way to applicants
        tours = np.einsum("ptm,tp,m->p", goes, plan.journeys.tour, visits + trips)
        work += tours[place] * MINUTE / HOUR
    rows = zip(ids, work, staffed, strict=True)
    return [Load("group", one, float(hours), float(duty)) for one, hours, duty in rows]


def _sent_on(hall: Hall, at: Floats) -> Floats:
    """float64, shape (P, M): work on papers from elsewhere, in window work of all complete cases.

    Parameters
    ----------
    at : ndarray, shape (P, M)
        Share of the people with each matter who go to each place.
    """
    found = np.zeros(at.shape)
    for place, matter in zip(*np.nonzero(hall.onward >= 0), strict=True):
        to = hall.onward[place, matter]
        while to >= 0:
            found[to, matter] += at[place, matter] * hall.forwarded_work[place]
            to = hall.onward[to, matter]
    return found


def _accepts(plan: Plan, group_of: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.bool_]:
    """bool, shape (groups, M): the group calls some line that the matter may join."""
    line_of = plan.hall.line_of
    accepts = np.zeros((n, line_of.shape[1]), dtype=np.bool_)
    for m in range(line_of.shape[1]):
        lines = np.unique(line_of[:, m][line_of[:, m] >= 0])
        for w in np.flatnonzero((plan.hall.calls[:, lines] > 0).any(axis=1)):
            accepts[group_of[w], m] = True
    return accepts


def _desk(plan: Plan, cases: Floats, results: Floats) -> list[Load]:
    if not plan.hall.has_reception:
        return []
    demand, hall = plan.demand, plan.hall
    comes = (cases * (1 + _repeats(demand.correction_share, demand.rounds_at_most))).sum()
    comes += collected(demand, results)[0].sum()
    times = np.append(hall.reception_times, plan.period.end)
    of_hall = slice(hall.ticket_offsets[hall.day_closes.shape[1]])
    closes = np.concatenate([hall.ticket_closes[of_hall], [plan.period.end]])
    until = np.minimum(times[1:], closes[np.searchsorted(closes, times[:-1], side="right")])
    staffed = float((np.maximum(until - times[:-1], 0) * hall.reception_clerks).sum() / HOUR)
    work = comes * mean(demand.laws, demand.reception_law) / HOUR
    return [Load("reception", "reception", float(work), staffed)]


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
