"""Only what a change can touch: people at windows without their cases, list by list and day by day.

How many clerks there are decides how long people wait, and hardly who comes when: that hangs on
their papers, on desks and on reviewers. So tickets are read off a whole run with everybody there,
each with the instant at which it is taken, and are a crowd of their own for the search: of measured
days alone, and only of those lists whose clerks have changed. What a search finds on them is tried
on whole crowds afterwards (`sizing_confirm`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.analysis.promises import Promised
from sim.arrays import Ints
from sim.clock import DAY
from sim.plan.columns import offsets_of
from sim.plan.plan import HALL, NO_LIMIT, TICKET_KEPT, Plan
from sim.plan.rosters import Post
from sim.plan.tape import (
    INTAKE,
    CaseDraws,
    ErrandDraws,
    GroupServiceDraws,
    Tape,
    empty_tape,
    make_table,
)
from sim.results.tables import Tables
from sim.runs.sizing_units import Unit
from sim.scenario.hall import Layout

OF_WHOLE_VISITS: Final = ("coming_to_call",)
"""Measures of tickets that begin at the door, in front of the desk."""


class WindowTrips(NamedTuple):
    """Tickets of one replication, with those that their people take next inside the hall."""

    tape: Tape
    """A case for each, which comes when it takes its first ticket and has nothing to review."""
    unit: Ints
    """int64, shape (cases,): unit whose clerks serve it; -1 = no promise is about it."""
    after_hours: Ints
    """int64: instants at which somebody comes so, and nobody is let in."""


def apart_from_cases(plan: Plan) -> bool:
    """Whether people at windows can be told from their cases, and one day from another.

    Not where people have second matters, where papers of other places come in, where a full hall or
    a quota turns people away, where they leave with a ticket or for one and come again that day,
    where a night is open, or where the run begins with people or cases.
    """
    hall = plan.hall
    n_days = hall.day_closes.shape[1]
    opens = np.diff(hall.ticket_offsets[: n_days + 1]) > 0
    return (
        plan.journeys is None
        and not plan.demand.initial.kind.any()
        and plan.demand.people.same_day_share == 0
        and plan.demand.mending.same_day_share == 0
        and len(plan.names.places) == 1
        and hall.capacity == NO_LIMIT
        and not hall.has_quota
        and not hall.has_seconds
        and not hall.keeps_overnight
        and bool((hall.break_rule < TICKET_KEPT).all())
        and bool((hall.day_closes[HALL][opens] >= 0).all())
    )


def is_of_tickets(promised: Promised, unit: Unit) -> bool:
    """Whether all that is promised of a unit can be counted over tickets and clerks alone."""
    promises = {promised.cells[cell].promise for cell in unit.cells.tolist()}
    return all(
        promised.promises[n].kind.over in ("tickets", "duty", "closing")
        and promised.promises[n].measure not in OF_WHOLE_VISITS
        for n in promises
    )


def unit_of_lists(
    layout: Layout, plan: Plan, posts: Sequence[Post], promised: Promised, units: Sequence[Unit]
) -> Ints:
    """int64, shape (kinds of day, lists): the unit of each waiting list; -1 = none.

    Parameters
    ----------
    layout, plan
        The layout of the scenario, and the same one compiled.
    """
    unit_of_post = np.full(len(posts) + len(plan.names.departments), -1)
    for number, unit in enumerate(units):
        unit_of_post[unit.places] = number
    lists = {group.id: (group.list_id, *group.helps) for group in layout.windows}
    kinds = {kind.key: n for n, kind in enumerate(promised.kinds)}
    table = np.full((len(kinds), len(plan.names.lists)), -1)
    for place, post in enumerate(posts):
        for name in lists[post.group]:
            table[kinds[post.days], plan.names.lists.index(name)] = unit_of_post[place]
    return table


def for_trips(plan: Plan, after_hours: Ints) -> Plan:
    """The hall of people who have been at the desk: they come as they take their tickets.

    Parameters
    ----------
    after_hours : ndarray(int64)
        Instants at which somebody inside takes a ticket while nobody is let in; then the door is
        open, for that instant.
    """
    hall = plan.hall
    opens = np.concatenate([hall.ticket_opens, after_hours])
    order = np.argsort(opens)
    closes = np.concatenate([hall.ticket_closes, after_hours + 1])
    days = np.arange(hall.day_closes.shape[1] + 1) * DAY
    return plan._replace(
        hall=hall._replace(
            has_reception=False,
            ticket_offsets=np.searchsorted(opens[order], days),
            ticket_opens=opens[order],
            ticket_closes=closes[order],
        )
    )


def trips_of(tables: Tables, promised: Promised, unit_of_list: Ints) -> WindowTrips:
    """The tickets that people took on measured days, as a crowd of their own.

    Of an errand only the first: who leaves without being served comes again by itself. Who mends
    papers inside the hall takes the next one there.

    Parameters
    ----------
    tables
        Of a whole run with everybody there.
    unit_of_list : ndarray(int64), shape (kinds of day, lists)
    """
    tickets = tables.tickets
    day = tables.day_of(tickets.arrived_at)
    taken = np.flatnonzero((tickets.trip > 0) & (tickets.taken_at >= 0) & (day >= 0))
    rows = taken[np.unique(tickets.errand[taken], return_index=True)[1]]
    errand, case, trip = tickets.errand[rows], tickets.case[rows], tickets.trip[rows]
    goes_on = np.zeros(len(rows), dtype=np.bool_)
    goes_on[1:] = (np.diff(errand) == 1) & (np.diff(case) == 0) & (np.diff(trip) == 0)
    first = np.flatnonzero(~goes_on)
    length = np.diff(np.append(first, len(rows)))
    comes_at = tickets.taken_at[rows[first]]
    order = np.argsort(comes_at, kind="stable")
    tape = _as_cases(tables.tape, errand, case, first[order], length[order], comes_at[order])
    kind = promised.kind_of_day[day[rows[first]]]
    unit = unit_of_list[kind, tickets.list_[rows[first]]]
    return WindowTrips(tape, unit[order], _after_hours(tables.plan, comes_at))


def _after_hours(plan: Plan, taken_at: Ints) -> Ints:
    """Instants at which nobody is let in: the last at the desk, and who mends papers over lunch."""
    hall = plan.hall
    interval = np.searchsorted(hall.ticket_opens, taken_at, side="right") - 1
    is_open = (interval >= 0) & (taken_at < hall.ticket_closes[interval])
    return np.unique(taken_at[~is_open])


def _as_cases(
    tape: Tape, errand: Ints, case: Ints, first: Ints, length: Ints, comes_at: Ints
) -> Tape:
    """A case for each row of `first`, with so many errands from there on, the last one complete."""
    offsets = offsets_of(length)
    rows = np.repeat(first - offsets[:-1], length) + np.arange(offsets[-1])
    picked = _picked(tape, case[first], errand[rows], length)
    complete = picked.errands.complete.copy()
    complete[offsets[1:] - 1] = True
    errands = picked.errands._replace(
        complete=complete,
        purpose=np.full_like(picked.errands.purpose, INTAKE),
        online=np.zeros_like(picked.errands.online),
    )
    cases = picked.cases._replace(
        arrived_at=comes_at, collection=np.full_like(picked.cases.collection, -1)
    )
    return picked._replace(cases=cases, errands=errands)


def of_units(trips: WindowTrips, numbers: Collection[int]) -> Tape:
    """The crowd of some units alone."""
    stays, length = np.isin(trips.unit, list(numbers)), np.diff(trips.tape.cases.errand_offsets)
    errands = np.flatnonzero(np.repeat(stays, length))
    return _picked(trips.tape, np.flatnonzero(stays), errands, length[stays])


def _picked(tape: Tape, cases: Ints, errands: Ints, length: Ints) -> Tape:
    """Some cases with some errands, so many each, and nothing to review."""
    people = _rows_of(tape.cases, cases)
    people |= {"errand_offsets": offsets_of(length), "item_offsets": np.zeros(len(cases) + 1)}
    columns = _rows_of(tape.errands, errands)
    columns["case"] = np.repeat(np.arange(len(cases)), length)
    return empty_tape()._replace(
        cases=make_table(CaseDraws, **people),
        errands=make_table(ErrandDraws, **columns),
        group_services=_group_services_of(tape, errands),
        chances=tape.chances,
    )


def _group_services_of(tape: Tape, errands: Ints) -> GroupServiceDraws:
    """Work of some errands by laws of window groups; all rows of it stay where they are."""
    first = tape.group_services.first
    return tape.group_services._replace(first=first[errands] if len(first) else first)


def _rows_of(table: CaseDraws | ErrandDraws, rows: Ints) -> dict[str, np.ndarray[Any, Any]]:
    """Some rows of every column but of offsets."""
    columns = table._asdict().items()
    return {name: column[rows] for name, column in columns if not name.endswith("_offsets")}
