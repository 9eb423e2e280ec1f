"""Window work as it is expected: by matter, of results collected, and of what a list accepts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Floats, Ints
from sim.plan.columns import floats
from sim.plan.demand import Demand, FlowPlan, WorkPlan
from sim.plan.lawbook import Lawbook, mean
from sim.plan.replay import class_mix, own_services
from sim.plan.service_laws import as_served


def mean_service(line_of: Ints, demand: Demand, laws: Sequence[Ints]) -> Floats:
    """float64, shape (Z,): mean window work of what each list accepts, weighted by demand, mean
    over the groups that call from it.

    Parameters
    ----------
    laws : sequence of ndarray(int64), shape (groups, M)
        Of each list which of a matter's laws each of its groups has; -1 = the matter's own.
    """
    rows, kind_of = np.unique(np.concatenate(laws), axis=0, return_inverse=True)
    means = np.stack([_mean_service(line_of, as_served(demand, row)) for row in rows])
    kinds = np.split(kind_of.reshape(-1), np.cumsum([len(of_list) for of_list in laws])[:-1])
    return floats(
        means[kind[0], z] if (kind == kind[0]).all() else means[kind, z].mean()
        for z, kind in enumerate(kinds)
    )


def _mean_service(line_of: Ints, demand: Demand) -> Floats:
    """float64, shape (Z,): the same of one set of laws."""
    cases = np.zeros(line_of.shape[1])
    volume = expected_volume(demand.flows)
    np.add.at(cases, demand.flows.matter, volume * (1 - demand.flows.online_share))
    visits, work = sought(demand, cases)
    trips, handing = collected(demand, cases)
    wrapping = mean_wrap_up(demand)
    visits, work = visits + trips, work + visits * wrapping + handing
    others, other_work = seconds(demand, cases)
    visits, work = visits + others, work + other_work
    accepts = line_of[:, :, 0] >= 0
    total = (accepts * visits).sum(axis=1)
    each = mean_window_work(demand) + wrapping
    plain = (accepts * each).sum(axis=1) / np.maximum(accepts.sum(axis=1), 1)
    weighted = (accepts * work).sum(axis=1) / np.maximum(total, 1e-12)
    return np.asarray(np.where(total > 0, weighted, plain))


def expected_volume(flows: FlowPlan) -> Floats:
    """float64, shape (F,): expected cases of each flow in the whole run."""
    return np.asarray(flows.cases_of_day.sum(axis=1) + np.diff(flows.given_offsets))


def sought(demand: Demand, cases: Floats) -> tuple[Floats, Floats]:
    """Expected visits, and ticks of window work, by the matter that people seek at the windows.

    Who goes from department to department seeks each one's own matter, once an item it needs.

    Parameters
    ----------
    cases : ndarray(float64), shape (M,)
        Expected cases of each matter.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml")))
    >>> sought(demand, np.array([10.0]))[0]
    array([10.])
    """
    items = demand.items
    own = np.flatnonzero(items.visit >= 0)
    matter = np.repeat(np.arange(len(cases)), np.diff(demand.matters.item_offsets))[own]
    apart = np.isin(np.arange(len(cases)), matter)
    visits = np.where(apart, 0.0, cases)
    work = visits * mean_window_work(demand)
    alone = _mean_work(demand.laws, items.own_work.of(own))
    needed = cases[matter] * items.share[own]
    np.add.at(visits, items.sought[own], needed)
    np.add.at(work, items.sought[own], needed * alone)
    return visits, work


def collected(demand: Demand, cases: Floats) -> tuple[Floats, Floats]:
    """Expected trips to collect results, and ticks of window work, by the matter sought for that.

    All results count as granted.

    Parameters
    ----------
    cases : ndarray(float64), shape (M,)
        Expected cases of each matter.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml")))
    >>> collected(demand, np.array([10.0]))[0]
    array([0.])
    """
    issue = demand.matters.issue
    trips = cases * np.diff(issue.shares, axis=1)[:, 0]
    each = np.array([mean(demand.laws, int(law)) for law in issue.service_law])
    visits, work = np.zeros((2, len(cases)))
    np.add.at(visits, issue.sought, trips)
    np.add.at(work, issue.sought, trips * each)
    return visits, work


def seconds(demand: Demand, cases: Floats) -> tuple[Floats, Floats]:
    """Expected second matters, and ticks of window work, wrap-up included, by the second one.

    Parameters
    ----------
    cases : ndarray(float64), shape (M,)
        Expected cases of each matter whose people finish the first at a window.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> demand = compile_demand(load_scenario(example_path("exact/mmc.yaml")))
    >>> seconds(demand, np.array([10.0]))[0]
    array([0.])
    """
    visits = cases @ np.diff(demand.matters.also_shares, axis=1, prepend=0.0)
    return visits, visits * (_mean_work(demand.laws, demand.matters.work) + mean_wrap_up(demand))


def mean_window_work(demand: Demand) -> Floats:
    """float64, shape (M,): expected ticks of window work for complete papers, factor 1.

    Replayed people with work of their own count with it.
    """
    drawn = _mean_work(demand.laws, demand.matters.work)
    counts, ticks = own_services(demand.flows, len(drawn))
    if not counts.any():
        return drawn
    flows = demand.flows
    cases = np.bincount(flows.matter, expected_volume(flows), minlength=len(drawn))
    own = counts / np.maximum(cases, 1.0)
    return np.asarray(drawn * (1 - own) + ticks / np.maximum(cases, 1.0))


def mean_wrap_up(demand: Demand) -> Floats:
    """float64, shape (M,): expected ticks of a clerk whose factor is 1 when who applied has left.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> mean_wrap_up(compile_demand(load_scenario(example_path("exact/mmc.yaml"))))
    array([0.])
    """
    return floats(mean(demand.laws, int(law)) for law in demand.matters.wrap_up_law)


def mean_pace(demand: Demand) -> float:
    """Mean factor of everybody's walks in the hall.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> mean_pace(compile_demand(load_scenario(example_path("exact/mmc.yaml"))))
    1.0
    """
    paces = paces_of_classes(demand)
    if (paces == paces[0]).all():
        return float(paces[0])
    people = expected_volume(demand.flows) @ class_mix(demand.flows)
    return float(people @ paces / max(people.sum(), 1e-12))


def paces_of_classes(demand: Demand) -> Floats:
    """float64, shape (K,): mean factor on walks in the hall."""
    return floats(mean(demand.laws, int(law)) for law in demand.people.pace_law)


def _mean_work(laws: Lawbook, work: WorkPlan) -> Floats:
    """Expected ticks of pieces of window work."""
    return floats(
        (mean(laws, int(base)) + fixed) * mean(laws, int(individual))
        for base, fixed, individual in zip(*work, strict=True)
    )
