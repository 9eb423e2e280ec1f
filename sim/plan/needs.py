"""Items that cases need, drawn with their outcome; of separate handling also the visits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Bools, Ints
from sim.plan.columns import offsets_of
from sim.plan.draws import DrawRows, pick
from sim.plan.initial import leave_out_done
from sim.plan.people import Crowd
from sim.plan.streams import uniforms


class Needs(NamedTuple):
    """Items that cases need, in order of cases."""

    rows: DrawRows
    item: Ints
    """int64, shape (J,): number of the item in the plan."""
    offsets: Ints
    """int64, shape (C + 1,): where a case's items start."""
    rejected: Bools
    external_ticks: Ints
    external_workdays: Ints
    apply_delay: Ints
    first_visit: Ints
    """int64, shape (C,): item of the plan that is the first visit of who goes from department to
    department; -1 = all is handed in at once."""


def draw_needs(crowd: Crowd) -> Needs:
    """Items that cases need, and their outcome."""
    demand, draws = crowd.demand, crowd.draws
    needed = _draw_needed(crowd)
    first_visit = _take_visits(crowd, needed)
    leave_out_done(demand, crowd.people.flow, needed)
    cells, n_items = np.flatnonzero(needed.T), max(len(needed), 1)
    case = cells // n_items
    place = cells - case * n_items
    first = draws.streams.first_owner[crowd.people.flow]
    rows = DrawRows(case, first[case] + place, crowd.rows.where[case])
    item = draws.streams.item_of_owner[rows.owner - len(demand.flows.ids)]
    ticks, workdays = demand.items.external_ticks, demand.items.external_workdays
    return Needs(
        rows=rows,
        item=item,
        offsets=offsets_of(np.bincount(case, minlength=len(first))),
        rejected=draws.below(pick(demand.items.rejection_share, item), rows, "rejection"),
        external_ticks=draws.between(ticks, item, rows, "external"),
        external_workdays=draws.between(workdays, item, rows, "external"),
        apply_delay=_draw_apply_delays(crowd, item, rows),
        first_visit=first_visit,
    )


def _draw_needed(crowd: Crowd) -> Bools:
    """bool, shape (items at most, C): which items of its matter each case needs."""
    demand, streams, flow = crowd.demand, crowd.draws.streams, crowd.people.flow
    n_flows, n_items = len(demand.flows.ids), np.diff(demand.matters.item_offsets)
    count = n_items[demand.flows.matter]
    needed = np.zeros((int(count.max(initial=0)), len(flow)), dtype=np.bool_)
    last_key, u = np.zeros(0, dtype=np.uint64), np.zeros(0)
    for nth, row in enumerate(needed):
        has_item = count > nth
        owner = np.where(has_item, streams.first_owner + nth, 0)
        item = streams.item_of_owner[np.where(has_item, owner - n_flows, 0)]
        # of a matter with fewer items nobody needs this one
        low = np.where(has_item, demand.items.share_from[item], np.inf)
        high = np.where(has_item, demand.items.share_from[item] + demand.items.share[item], np.inf)
        if ((low <= 0.0) & (high >= 1.0) | ~has_item).all():
            row[:] = pick(has_item, flow)
            continue
        key = streams.of["need"][owner]
        if not np.array_equal(key, last_key):  # items that exclude each other read one number
            last_key, u = key, uniforms(key[flow], crowd.rows.where)
        row[:] = (pick(low, flow) <= u) & (u < pick(high, flow))
    return needed


def _take_visits(crowd: Crowd, needed: Bools) -> Ints:
    """Who goes from department to department: the first visit, which hands the case in.

    `needed`, shape (items at most, cases), learns which further visits there are. In place.
    """
    demand, first_visit = crowd.demand, np.full(needed.shape[1], -1)
    for matter in np.unique(crowd.matter) if crowd.any_separate else ():
        span = slice(*demand.matters.item_offsets[matter : matter + 2])
        order = demand.items.visit_order[span]
        visits = np.argsort(order)[np.count_nonzero(order < 0) :]
        if not len(visits):
            continue
        cases = np.flatnonzero(crowd.matter == matter)
        for visit in visits + span.start:
            items = np.flatnonzero(demand.items.visit[span] == visit)
            has = needed[np.ix_(items, cases)].any(axis=0)
            further = first_visit[cases] >= 0
            needed[visit - span.start, cases] = has & further
            first_visit[cases[has & ~further]] = visit
    return first_visit


def _draw_apply_delays(crowd: Crowd, item: Ints, rows: DrawRows) -> Ints:
    """Ticks before each further visit; 0 for what is none."""
    demand, delays = crowd.demand, np.zeros(len(item), dtype=np.int64)
    if crowd.any_separate:
        visits = np.flatnonzero(demand.items.visit_order[item] >= 0)
        law = demand.matters.between_law[crowd.matter[rows.case[visits]]]
        delays[visits] = crowd.draws.spans(law, rows.of(visits), "between")
    return delays
