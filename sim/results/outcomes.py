"""Where everybody stands when a run ends: one outcome for each wish, each trip and each case."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import AnyInts, Bools
from sim.plan.journal import (
    BALKED,
    CUT_OFF,
    FORWARDED,
    GAVE_UP,
    LOST,
    MISSED,
    NOT_YET,
    ONLINE_LIST,
    PENDING,
    REFUSED,
    TURNED_AWAY,
)
from sim.results.columns import CASE_FATES, FATES
from sim.results.tables import Tables

NOT_ACCEPTED: Final = (
    *("gave_up", "balked", "turned_away", "missed", "cut_off"),
    *("at_door", "at_desk", "waiting", "at_window", "online_queue", "papers_under_way"),
    *("comes_again", "no_show", "booked_beyond", "place_closed"),
    "refused",
)
"""How a wish stands that no window has accepted; the first five and the last are lost for good."""
PEOPLE: Final = ("accepted", *NOT_ACCEPTED)
"""How a person with a wish stands; each has a text `outcome.people.<name>`."""
VISITS: Final = FATES
"""How a trip to a hall ended; each has a text `outcome.visits.<name>`."""
CASES: Final = ("not_accepted", *CASE_FATES)
"""How a case stands; each has a text `outcome.cases.<name>`."""
ACCOUNTS: Final = {"people": PEOPLE, "visits": VISITS, "cases": CASES}
"""The three accounts; the rows of people and of cases add up to all wishes. Kept studies count by
place: a new outcome is added at the end."""
LEFT_OUT: Final = {
    "people": (
        *("at_door", "at_desk", "waiting", "at_window", "online_queue", "papers_under_way"),
        *("comes_again", "no_show", "booked_beyond", "place_closed"),
    ),
    "visits": ("pending",),
    "cases": ("open",),
}
"""Outcomes that no mean wait, stay or turnaround knows of."""


def people(tables: Tables) -> AnyInts:
    """int64, shape (cases,): the outcome of each wish, a place in `PEOPLE`.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario, run
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> tape = draw_tape(plan.demand, seed=1, replication=0)
    >>> np.unique(people(Tables(plan, tape, run(plan, tape)))).tolist()
    [0, 9]
    """
    outcome = np.zeros(len(tables.tape.cases.matter), dtype=np.int64)
    rows, masks = _not_accepted(tables)
    for name, mask in masks.items():
        outcome[rows[mask]] = PEOPLE.index(name)
    return outcome


def stands_once(tables: Tables) -> bool:
    """Whether every wish that nobody accepted has one and only one outcome."""
    rows, masks = _not_accepted(tables)
    return bool((sum(masks.values(), np.zeros(len(rows), dtype=np.int64)) == 1).all())


def _not_accepted(tables: Tables) -> tuple[AnyInts, dict[str, Bools]]:
    """The cases that no window accepted, and for each outcome which of them it is of.

    Each outcome is looked for by itself, none as what is left over: so that a wish without an
    outcome, or with two, is seen.
    """
    journal, tape, tickets = tables.journal, tables.tape, tables.tickets
    is_open = journal.accepted_at < 0
    rows, theirs = np.flatnonzero(is_open), np.flatnonzero(is_open[tickets.case])
    last = np.full(len(tape.cases.matter), -1, dtype=np.int64)
    last[tickets.case[theirs]] = theirs  # rows are in order of coming
    last = last[rows]
    seen = last >= 0

    def now(column: AnyInts) -> AnyInts:
        """Of each case's last ticket; -1 without one."""
        values = np.full(len(last), NOT_YET, dtype=column.dtype)
        values[seen] = column[last[seen]]
        return values

    fate = now(tickets.fate)
    lost = tables.cases.fate[rows] == LOST
    in_hand = seen & ~lost & (fate == PENDING)
    # an application online and papers that were sent on have no trip
    online = in_hand & (now(tickets.list_) == ONLINE_LIST)
    papers = in_hand & ~online & (now(tickets.trip) == 0)
    person = in_hand & (now(tickets.trip) > 0)
    taken, called = now(tickets.taken_at) >= 0, now(tickets.called_at) >= 0
    entered = now(tables.entered_at) >= 0
    over = seen & ~lost & (fate != PENDING)
    comes_at, absent = tape.cases.arrived_at[rows], tape.cases.no_show[rows]
    beyond = ~seen & (comes_at >= tables.plan.period.end)
    ends = {
        "gave_up": GAVE_UP,
        "balked": BALKED,
        "turned_away": TURNED_AWAY,
        "missed": MISSED,
        "cut_off": CUT_OFF,
        "refused": REFUSED,
    }
    return rows, {
        **{name: lost & (fate == code) for name, code in ends.items()},
        "at_door": person & ~entered & ~taken,
        "at_desk": person & entered & ~taken,
        "waiting": person & taken & ~called,
        "at_window": person & called,
        "online_queue": online,
        "papers_under_way": papers | (over & (fate == FORWARDED)),
        "comes_again": over & (fate != FORWARDED),
        "no_show": beyond & absent,
        "booked_beyond": beyond & ~absent,
        "place_closed": ~seen & (comes_at < tables.plan.period.end),
    }


def accounts(tables: Tables) -> dict[str, AnyInts]:
    """How many of those who wished something on the measured dates stand where.

    Returns
    -------
    dict
        For each of `ACCOUNTS` int64, shape (outcomes,). People and cases are those whose wish,
        and visits those whose coming falls between the first and the last measured date, dates
        on which the hall is closed included.
    """
    cases, visits = tables.cases, tables.visits
    wished = tables.on_measured_dates(cases.wished_at)
    standing = np.where(cases.accepted_at >= 0, 1 + cases.fate, 0)
    came = tables.on_measured_dates(visits.arrived_at)
    return {
        "people": np.bincount(people(tables)[wished], minlength=len(PEOPLE)),
        "visits": np.bincount(visits.fate[came], minlength=len(VISITS)),
        "cases": np.bincount(standing[wished], minlength=len(CASES)),
    }
