"""What each place bears: who came, how long they waited, how busy its people were (DESIGN §8)."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.arrays import AnyInts, Bools, Floats
from sim.clock import DAY
from sim.plan.journal import BALKED, CUT_OFF, GAVE_UP, HELD_OVER, REFUSED, TURNED_AWAY
from sim.plan.journeys import way_costs
from sim.results.tables import Tables

UNSERVED: Final = (GAVE_UP, BALKED, TURNED_AWAY, CUT_OFF, REFUSED, HELD_OVER)
"""Fates of tickets whose holders came in vain."""


class SiteLoads(NamedTuple):
    """Sums of the measured days; each column has a number a place, in the order of the plan.

    Attributes
    ----------
    visits : ndarray of int64, shape (P,)
        Trips that led there.
    waited : ndarray of int64, shape (P,)
        Tickets that were called or given up.
    called : ndarray of int64, shape (P,)
        Tickets that were called.
    wait : ndarray of int64, shape (P,)
        Ticks that tickets waited; reneging tickets count until they were given up.
    vain : ndarray of float64, shape (P,)
        Yuan, fares and time, of ways there and back on which people were not served; 0 where there
        is one place only.
    busy : ndarray of int64, shape (P,)
        Ticks of windows at work, of the measured days alone.
    on_duty : ndarray of int64, shape (P,)
        Ticks of people on duty, overtime included.
    """

    visits: AnyInts
    waited: AnyInts
    called: AnyInts
    wait: AnyInts
    vain: Floats
    busy: AnyInts
    on_duty: AnyInts


def site_loads(tables: Tables) -> SiteLoads:
    """Add up the measured days of each place.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> loads = site_loads(Tables(plan, tape, run(plan, tape)))
    >>> loads.visits.tolist(), bool(loads.busy[0] < loads.on_duty[0])
    ([591], True)
    """
    plan, tickets = tables.plan, tables.tickets
    hall, n = plan.hall, len(plan.names.places)
    visits = tables.visits
    came = measured(tables, visits.arrived_at)
    listed = (tickets.trip > 0) & measured(tables, tickets.taken_at)
    until = np.where(tickets.fate == GAVE_UP, tickets.ended_at, tickets.called_at)
    waited = listed & (until >= 0)
    of_window = hall.place_of_list[hall.list_of_window]
    of_group = np.zeros(int(hall.group_of_window.max(initial=0)) + 1, dtype=np.int64)
    of_group[hall.group_of_window] = of_window
    work, duties, extra = tables.services, tables.duties, tables.overtime

    first, last = plan.period.measured_from * DAY, plan.period.measured_until * DAY

    def summed(place: AnyInts, spans: AnyInts) -> AnyInts:
        sums = np.zeros(n, dtype=np.int64)
        np.add.at(sums, place, spans)
        return sums

    def within(place: AnyInts, starts: AnyInts, ends: AnyInts) -> AnyInts:
        return summed(place, np.maximum(np.minimum(ends, last) - np.maximum(starts, first), 0))

    paid = within(of_group[duties.group], duties.starts, duties.ends)
    return SiteLoads(
        np.bincount(visits.place[came], minlength=n).astype(np.int64),
        np.bincount(tickets.place[waited], minlength=n).astype(np.int64),
        np.bincount(tickets.place[waited & (tickets.called_at >= 0)], minlength=n).astype(np.int64),
        summed(tickets.place[waited], (until - tickets.taken_at)[waited]),
        _in_vain(tables),
        within(of_window[work.window], work.called_at, work.ended_at),
        paid + within(of_group[extra.group], extra.begins_at, extra.ends_at),
    )


def _in_vain(tables: Tables) -> Floats:
    """Yuan of the ways to each place of people who left it unserved on measured days."""
    tickets, journeys = tables.tickets, tables.plan.journeys
    vain = np.zeros(len(tables.plan.names.places))
    if journeys is not None:
        left = np.isin(tickets.fate, UNSERVED) & measured(tables, tickets.arrived_at)
        town, place = tables.tape.cases.township[tickets.case[left]], tickets.place[left]
        np.add.at(vain, place, way_costs(journeys)[town, place])
    return vain


def measured(tables: Tables, instants: AnyInts) -> Bools:
    """bool: which instants fall into the measured part of the run, whatever places are open."""
    period = tables.plan.period
    begins, ends = period.measured_from * DAY, period.measured_until * DAY
    return np.asarray((instants >= begins) & (instants < ends))
