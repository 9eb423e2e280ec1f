"""Offered load before any run: expected work beside the hours that are staffed for it.

A load above 1 means that the queue grows without end: an impossible assumption is seen at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from sim.analysis.errands import (
    TINY,
    Brought,
    cases_brought,
    errands_of_class,
    item_chances,
    review_hours,
)
from sim.analysis.staffed import (
    desk_hours,
    desk_staffed,
    group_of_window,
    payers_of,
    reviewer_hours,
    spare_ticks,
    staffed_hours,
)
from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journeys import trip_costs
from sim.plan.lawbook import mean
from sim.plan.plan import FIXED_SHARES, HALL, SHORTEST_WAIT, HallPlan, Journeys, Plan
from sim.plan.service_laws import as_served
from sim.plan.window_work import paces_of_classes
from sim.theory.choice import logit_shares
from sim.theory.shared_work import shared_loads


class Load(NamedTuple):
    """Expected work of one group of windows, department, or the desk, over the whole run."""

    kind: Literal["group", "department", "reception"]
    id: str
    work_hours: float
    staffed_hours: float
    together: tuple[str, ...] = ()
    """Groups that share work with this one and are as busy, itself among them; none of them can be
    relieved by another group."""

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
    that several groups of a place accept is shared out so that the busiest is least busy: a load
    above 1 stands there exactly when no assignment of the work to the clerks is feasible. Left
    aside is what only waiting can do: giving up, turning round at the door, coming again for that.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> loads = offered_load(compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall"))
    >>> [(load.id, round(load.load, 3)) for load in loads]
    [('windows', 0.8), ('office', 0.0)]
    """
    brought = cases_brought(plan.demand)
    at_places = _at_places(plan, brought)
    work = review_hours(plan, at_places.accepted, brought.online.sum(axis=0), at_places.checks)
    reviews = zip(plan.names.departments, work, strict=True)
    groups = _groups(plan, at_places, _work_by_laws(plan, brought, at_places))
    staffed = reviewer_hours(plan) + _idle_clerk_hours(plan, groups)
    return (
        *groups,
        *_desk(plan, at_places.at_desk),
        *(
            Load("department", department, float(work), float(hours))
            for (department, work), hours in zip(reviews, staffed, strict=True)
        ),
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
    volume = float(demand.flows.cases_of_day[:, period.hall_days].sum())
    day = demand.flows.given_times // DAY
    timed = np.count_nonzero((day >= period.measured_from) & (day < period.measured_until))
    return (volume + timed) / max(len(period.hall_days), 1)


class _AtPlaces(NamedTuple):
    """What has to be done at each place, by the matter that is sought."""

    work: Floats
    """float64, shape (P, M): ticks of a clerk whose factor is 1."""
    fixed: Floats
    """float64, shape (P, M): ticks that no clerk is faster at: ways to people, and waiting for who
    misses the call."""
    walking: Floats
    """float64, shape (P, M): people who walk to a window, each times the factor of their pace."""
    at_desk: float
    """People whom the desk receives."""
    accepted: Floats
    """float64, shape (M,): cases that begin at a window and are accepted."""
    checks: Floats
    """float64, shape (M,): checks of papers online by those who began at a window."""


def _at_places(plan: Plan, brought: Brought) -> _AtPlaces:
    hall, items = plan.hall, item_chances(plan)
    work, fixed, walking = np.zeros((3, *hall.onward.shape))
    paces = paces_of_classes(plan.demand)
    at_desk, caught = 0.0, _caught(plan)
    accepted, checks = np.zeros((2, hall.onward.shape[1]))
    tours = {} if plan.journeys is None else _tours(plan.journeys)
    for k in range(len(brought.in_hall)):
        goes, kind_of = shares_of_places(plan, k)
        here = goes.sum(axis=2).T[:, kind_of]
        with_desk, without = (errands_of_class(plan, k, brought, items, c) for c in (caught, 0.0))
        for place, share in enumerate(here):
            errands = with_desk if place == HALL else without
            work[place] += share * errands.work
            fixed[place] += share * errands.waits
            walking[place] += share * errands.answered * paces[k]
            accepted += share * errands.accepted
            checks += share * errands.checks
            if place in tours:
                away = (goes[:, place] @ tours[place])[kind_of] * MINUTE
                fixed[place] += away * errands.answered
        work += _sent_on(hall, here * without.sent_on)
        at_desk += float(here[HALL] @ with_desk.at_desk)
    return _AtPlaces(work, fixed, walking, at_desk, accepted, checks)


class _WorkByLaws(NamedTuple):
    """Work as groups of windows meet it, whose laws of service differ."""

    kind_of: Ints
    """int64, shape (groups,): row of `work`, by the laws of the group."""
    work: Floats
    """float64, shape (kinds, P, M): as that of `_AtPlaces`."""


def _work_by_laws(plan: Plan, brought: Brought, at_places: _AtPlaces) -> _WorkByLaws:
    """Everything that is to be done, by the laws of each group, as if it did all of it."""
    hall, (group_of, ids) = plan.hall, group_of_window(plan)
    if not hall.has_service_laws:
        return _WorkByLaws(np.zeros(len(ids), dtype=np.int64), at_places.work[None])
    laws = np.full((len(ids), hall.service_law.shape[1]), -1)
    laws[group_of] = hall.service_law
    kinds, kind_of = np.unique(laws, axis=0, return_inverse=True)
    served = [plan._replace(demand=as_served(plan.demand, kind)) for kind in kinds]
    work = np.stack([_at_places(each, brought).work for each in served])
    return _WorkByLaws(np.asarray(kind_of.reshape(-1), dtype=np.int64), work)


def _caught(plan: Plan) -> float:
    """Share of incomplete papers that the desk finds: it is passed by while nobody is there."""
    hours = desk_hours(plan)
    if hours is None:
        return 0.0
    staffed, open_ = hours
    return float(plan.hall.catches) * min(1.0, staffed / max(open_, TINY))


def _sent_on(hall: HallPlan, whole: Floats) -> Floats:
    """float64, shape (P, M): ticks for papers sent on to each place, of complete work taken in."""
    onward, arriving = hall.onward, np.zeros(whole.shape)
    for origin, matter in np.argwhere((onward >= 0) & (whole > 0)):
        place = onward[origin, matter]
        while place >= 0:
            arriving[place, matter] += whole[origin, matter] * hall.forwarded_work[origin]
            place = onward[place, matter]
    return arriving


def _tours(journeys: Journeys) -> dict[int, Floats]:
    """Minutes of the ways from places that visit people at home, by township; few places do."""
    visiting = np.flatnonzero(journeys.tour.any(axis=0)).tolist()
    return {place: journeys.tour[:, place] for place in visiting}


def shares_of_places(plan: Plan, class_: int) -> tuple[Floats, Ints]:
    """Share of those of a class with a matter who go to a place, by town, and kinds of matters.

    A matter's shares add up to 1; all are of one township where there is one place only. Tastes are
    not drawn: the share of a place is the chance that it is the best for somebody.

    Returns
    -------
    shares : ndarray, shape (kinds, P, T)
        Of a kind are matters that the same places accept: few kinds, however large the area.
    kind_of : ndarray, shape (M,)
        The kind of each matter.

    Examples
    --------
    >>> from sim import compile_plan, example_path, load_scenario
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"))
    >>> shares, kind_of = shares_of_places(compile_plan(area, "zone"), class_=0)
    >>> shares.shape[1:], len(kind_of), bool(np.allclose(shares.sum(axis=(1, 2)), 1))
    ((7, 78), 41, True)
    """
    demand, journeys = plan.demand, plan.journeys
    if journeys is None:
        n_matters = len(demand.matters.work.base_law)
        return np.ones((1, 1, 1)), np.zeros(n_matters, dtype=np.int64)
    people = np.diff(demand.people.township_shares, prepend=0.0)
    kinds, kind_of = np.unique(journeys.accepts, axis=1, return_inverse=True)
    admits = journeys.admits[:, class_]
    chosen = np.stack([_chosen(journeys, accepts & admits).T * people for accepts in kinds.T])
    return chosen, np.asarray(kind_of.reshape(-1), dtype=np.int64)


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


def _groups(plan: Plan, at_places: _AtPlaces, by_laws: _WorkByLaws) -> list[Load]:
    """Loads of window groups, place by place."""
    staffed, (group_of, ids) = staffed_hours(plan), group_of_window(plan)
    place_of, loads = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids))
    place_of[group_of] = plan.hall.place_of_list[plan.hall.list_of_window]
    together: list[tuple[str, ...]] = [()] * len(ids)
    factor, walk = np.zeros((2, len(ids)))
    factor[group_of], walk[group_of] = plan.hall.factor, plan.hall.walk
    payer, calls = payers_of(plan, group_of), _calls(plan, group_of)
    for place in np.unique(place_of):
        own = np.flatnonzero(place_of == place)
        kinds = _kinds(plan, int(place), at_places, by_laws, calls)
        work = kinds.work[by_laws.kind_of[own]]
        spans = work * factor[own, None] + kinds.fixed + kinds.walking * walk[own, None]
        ticks = np.where(kinds.may[own], spans, np.inf)
        borrows = payer[own] != own
        uses = (own[:, None] == payer[own]) | (np.eye(len(own), dtype=np.bool_) & borrows)
        capacity = staffed[own] * HOUR
        capacity[borrows] = [spare_ticks(plan, g, int(payer[g]), group_of) for g in own[borrows]]
        shared = shared_loads(ticks, capacity, uses)
        loads[own] = np.where(borrows, 0.0, shared.loads)
        for row in np.flatnonzero((shared.sets >= 0) & ~borrows):
            beside = own[(shared.sets == shared.sets[row]) & ~borrows]
            together[own[row]] = tuple(ids[g] for g in beside) if len(beside) > 1 else ()
        for row in np.flatnonzero(np.isinf(shared.loads)):  # nobody is there for this work
            only = np.isfinite(ticks[row]) & ~(np.isfinite(ticks) & (capacity > 0)[:, None]).any(
                axis=0
            )
            loads[own[row]] = ticks[row, only].sum() / HOUR
    hours = np.where(staffed > 0, loads * staffed, loads)
    borrowed = payer != np.arange(len(ids))
    rows = zip(ids, hours, np.where(borrowed, 0.0, staffed), together, strict=True)
    return [Load("group", id_, float(work), float(duty), set_) for id_, work, duty, set_ in rows]


class _Kinds(NamedTuple):
    """Work of one place in kinds: what the same groups may do."""

    may: Bools
    """bool, shape (groups, K)."""
    work: Floats
    """float64, shape (kinds of laws, K): as `_WorkByLaws`."""
    fixed: Floats
    walking: Floats


def _calls(plan: Plan, group_of: Ints) -> Bools:
    """bool, shape (groups, L): some window of the group calls from the line."""
    calls = np.zeros((int(group_of.max(initial=-1)) + 1, plan.hall.calls.shape[1]), dtype=np.bool_)
    np.logical_or.at(calls, group_of, plan.hall.calls > 0)
    return calls


def _kinds(
    plan: Plan, place: int, at_places: _AtPlaces, by_laws: _WorkByLaws, calls: Bools
) -> _Kinds:
    """Matters, by the lists in which they are waited for where fixed weights share them out.

    Matters that the same groups may do are one kind, but for groups that are not alike in what a
    fixed time is to them, or in their laws of service: then each is its own.
    """
    hall = plan.hall
    lists = np.flatnonzero(hall.place_of_list == place)
    shares = _list_shares(plan, lists) if hall.routing != SHORTEST_WAIT else None
    columns: dict[bytes | int, tuple[Bools, Floats]] = {}
    # walks, fixed time and work of each matter
    brought = np.stack([at_places.walking[place], at_places.fixed[place], *by_laws.work[:, place]])
    mixed = bool(at_places.fixed[place].any() or hall.walks or hall.has_service_laws)
    for m in np.flatnonzero(brought[1 - hall.walks :].any(axis=0)):
        lines = hall.line_of[lists, m]
        open_ = np.flatnonzero((lines >= 0).any(axis=1))
        parts = (
            [(open_, 1.0)]
            if shares is None
            else [(open_[[n]], shares[z, m]) for n, z in enumerate(open_)]
        )
        for rows, share in parts:
            may: Bools = np.asarray(calls[:, np.unique(lines[rows][lines[rows] >= 0])].any(axis=1))
            key = len(columns) if mixed else may.tobytes()
            _, of_kind = columns.get(key, (may, np.zeros(len(brought))))
            columns[key] = (may, of_kind + share * brought[:, m])
    kinds = list(columns.values())
    walking, fixed, *work = np.array([of_kind for _, of_kind in kinds]).reshape(-1, len(brought)).T
    return _Kinds(
        np.array([may for may, _ in kinds], dtype=np.bool_).reshape(-1, len(calls)).T,
        np.stack(work),
        fixed,
        walking,
    )


def _list_shares(plan: Plan, lists: Ints) -> Floats:
    """float64, shape (lists, M): share of a matter's tickets by list, under fixed weights.

    Weights count among the lists that are served still on that day, so shares are means over the
    ticket hours.
    """
    hall, n_days = plan.hall, plan.hall.day_closes.shape[1]
    place = int(hall.place_of_list[lists[0]])
    weights, shares = hall.route_shares[lists], np.zeros((len(lists), hall.line_of.shape[1]))
    for m in range(shares.shape[1]):
        lines = hall.line_of[lists, m].max(axis=1)
        until = np.where((lines >= 0)[:, None], hall.line_duty_until[lines], -1)
        for n in range(n_days):
            span = slice(*hall.ticket_offsets[place * n_days + n : place * n_days + n + 2])
            for start, end in zip(hall.ticket_opens[span], hall.ticket_closes[span], strict=True):
                edges = np.unique(np.clip(until[:, n], start, end))
                for a, b in zip(np.append(start, edges[:-1]), edges, strict=True):
                    served = until[:, n] > a
                    total = weights[served].sum()
                    if total > 0:
                        shares[:, m] += np.where(served, weights, 0.0) / total * (b - a)
                    elif served.any():
                        shares[np.flatnonzero(served)[-1], m] += b - a
    return np.asarray(shares / np.maximum(shares.sum(axis=0), TINY))


def _desk(plan: Plan, greeted: float) -> list[Load]:
    if not plan.hall.has_reception:
        return []
    work = greeted * mean(plan.demand.laws, plan.demand.reception_law) / HOUR
    staffed = desk_staffed(plan) * (1.0 - plan.hall.desk_absence)
    return [Load("reception", "reception", work, staffed)]


def _idle_clerk_hours(plan: Plan, groups: Sequence[Load]) -> Floats:
    """float64, shape (D,): hours that visitors leave to clerks who review for each department."""
    hours = np.zeros(len(plan.names.departments))
    reviews_for = dict(zip(plan.names.groups, plan.hall.reviews_for.tolist(), strict=True))
    for group in groups:
        if reviews_for[group.id] >= 0:
            hours[reviews_for[group.id]] += max(group.staffed_hours - group.work_hours, 0.0)
    return hours
