"""What each place bears: who came, how long they waited, how busy its people were (DESIGN §8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.clock import DAY
from sim.plan.journal import GAVE_UP
from sim.results.tables import Ints, Tables

Bools = npt.NDArray[np.bool_]


class SiteLoads(NamedTuple):
    """Sums of the measured days; each column has a number a place, in the order of the plan.

    Attributes
    ----------
    visits : ndarray of int64, shape (P,)
        Trips that led there.
    waited : ndarray of int64, shape (P,)
        Tickets that were called or given up.
    wait : ndarray of int64, shape (P,)
        Ticks that these waited; who gave up counts with the time until then.
    busy : ndarray of int64, shape (P,)
        Ticks of windows at work, of the measured days alone.
    on_duty : ndarray of int64, shape (P,)
        Ticks of people on duty, overtime included.
    """

    visits: Ints
    waited: Ints
    wait: Ints
    busy: Ints
    on_duty: Ints


def site_loads(tables: Tables) -> SiteLoads:
    """Add up the measured days of each place.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> found = site_loads(Tables(plan, tape, run(plan, tape)))
    >>> found.visits.tolist(), bool(found.busy[0] < found.on_duty[0])
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

    def summed(place: Ints, spans: Ints) -> Ints:
        sums = np.zeros(n, dtype=np.int64)
        np.add.at(sums, place, spans)
        return sums

    def within(place: Ints, starts: Ints, ends: Ints) -> Ints:
        return summed(place, np.maximum(np.minimum(ends, last) - np.maximum(starts, first), 0))

    paid = within(of_group[duties.group], duties.starts, duties.ends)
    return SiteLoads(
        np.bincount(visits.place[came], minlength=n).astype(np.int64),
        np.bincount(tickets.place[waited], minlength=n).astype(np.int64),
        summed(tickets.place[waited], (until - tickets.taken_at)[waited]),
        within(of_window[work.window], work.called_at, work.ended_at),
        paid + within(of_group[extra.group], extra.begins_at, extra.ends_at),
    )


def measured(tables: Tables, instants: Ints) -> Bools:
    """bool: which instants fall into the measured part of the run, whatever places are open."""
    period = tables.plan.period
    day = instants // DAY
    return np.asarray((day >= period.measured_from) & (day < period.measured_until))
