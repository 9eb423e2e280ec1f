"""Invariants of the hall, its laws: checked after every run; a broken one is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from sim.arrays import AnyInts, Bools
from sim.errors import LawViolation, Problem
from sim.plan.journal import GAVE_UP, ISSUED, LOST, OPEN, PENDING, SERVED
from sim.plan.plan import HALL
from sim.plan.tape import ALSO, INTAKE
from sim.results.outcomes import stands_once
from sim.results.second_matters import KEPT_PLACE, NEW_TICKET, NO_SECOND, NOT_REACHED
from sim.results.tables import Tables

Invariant = Callable[[Tables], bool]


def check_invariants(tables: Tables) -> None:
    """Raise when a journal breaks an invariant of the hall.

    Raises
    ------
    LawViolation
        Names the invariants that were broken.
    """
    broken = [name for name, holds in INVARIANTS.items() if not holds(tables)]
    if broken:
        raise LawViolation([Problem("law_violated", name, found=name) for name in broken])


def everybody_is_counted(tables: Tables) -> bool:
    """Came = served + sent away + gave up + inside: each case came once and stands once.

    People at a place other than the hall may wait for its next opening beyond the end. Nobody came
    with a case that was in hand when the run began: its people come to hand in or collect papers.
    """
    cases, end = tables.cases, tables.plan.period.end
    came = np.bincount(tables.tickets.case, minlength=len(cases.matter)) > 0
    came &= ~cases.initial
    should = cases.arrived_at < end
    absent = np.flatnonzero(came != should)
    if len(absent):
        place = tables.journal.destination[tables.tape.cases.errand_offsets[absent]]
        absent = absent[~should[absent] | (place == HALL)]
    closed = cases.fate != OPEN
    return bool(
        len(absent) == 0
        and ((cases.closed_at >= 0) == closed).all()
        and (came | cases.initial | ~closed).all()
    )


def everybody_stands_once(tables: Tables) -> bool:
    """Everybody who wished something has exactly one outcome."""
    return stands_once(tables)


def time_goes_forward(tables: Tables) -> bool:
    """Nobody is called before taking a ticket, served before being called, and so on."""
    t = tables.tickets
    ok = (t.fate == PENDING) == (t.ended_at < 0)
    latest = t.arrived_at
    for instant in (t.greeted_at, t.taken_at, t.called_at, t.began_at, t.ended_at):
        ok &= (instant < 0) | (latest <= instant)
        latest = np.maximum(latest, instant)
    return bool(ok.all())


def one_at_a_time(tables: Tables) -> bool:
    """A window never serves two visits at once."""
    s = tables.services
    # of two calls at one instant the one that takes no time comes first
    order = np.argsort(2 * tables.stamps(s.window, s.called_at) + (s.ended_at > s.called_at))
    window, called, ended = s.window[order], s.called_at[order], s.ended_at[order]
    same = window[1:] == window[:-1]
    return bool((~same | (ended[:-1] <= called[1:])).all())


def busy_is_on_duty(tables: Tables) -> bool:
    """Nobody is called by more windows of a group than are on duty, or stay beyond their duty.

    With `staffed` clerks, call number n of a group has to wait for end number n - `staffed`. Who is
    lent to a reserve window goes on calling there while the group's own windows close first
    (DESIGN §4.13), so those are held against the roster by themselves.
    """
    duties, (calls, ends) = tables.duties, tables.turns
    group, next_opening = duties.group, _next_opening(tables)
    until = np.where(duties.drains, np.maximum(next_opening, duties.ends), duties.ends)
    steps = np.zeros(len(calls) + 1, dtype=np.int64)
    np.add.at(steps, np.searchsorted(calls, tables.stamps(group, duties.starts)), 1)
    np.add.at(steps, np.searchsorted(calls, tables.stamps(group, until)), -1)
    staffed = np.cumsum(steps)[:-1]
    called, ended, lent = _lent_turns(tables)
    return _waited(calls, ends, staffed, ~lent) and _waited(
        called, ended, staffed[lent], np.ones(len(called), dtype=np.bool_)
    )


def _waited(calls: AnyInts, ends: AnyInts, staffed: AnyInts, held: Bools) -> bool:
    """Whether the calls that are held against a roster waited for as many ends as it asks for."""
    awaited = np.arange(len(calls)) - staffed
    waits = held & (awaited >= 0)
    return bool((ends[awaited[waits]] <= calls[waits]).all())


def _lent_turns(tables: Tables) -> tuple[AnyInts, AnyInts, Bools]:
    """Calls and ends at windows with clerks of another group, and which of all turns these are."""
    hall, services = tables.plan.hall, tables.services
    payroll = hall.payroll[services.window]
    lent = payroll != hall.group_of_window[services.window]
    called, ended = (
        tables.stamps(payroll, instants) for instants in (services.called_at, services.ended_at)
    )
    in_order = lent[np.argsort(called, kind="stable")]
    return np.sort(called[lent]), np.sort(ended[lent]), in_order


def _next_opening(tables: Tables) -> AnyInts:
    """int64, shape (duties,): when tickets are given again where the duty ends."""
    hall, duties = tables.plan.hall, tables.duties
    window = np.searchsorted(hall.group_of_window, duties.group)
    place = hall.place_of_list[hall.list_of_window[window]]
    next_opening, n_days = np.zeros_like(duties.ends), hall.day_closes.shape[1]
    for p in range(len(hall.day_closes)):
        rows = slice(hall.ticket_offsets[p * n_days], hall.ticket_offsets[(p + 1) * n_days])
        opens, here = np.append(hall.ticket_opens[rows], tables.plan.period.end), place == p
        next_opening[here] = opens[np.searchsorted(opens[:-1], duties.ends[here])]
    return next_opening


def patience_is_kept(tables: Tables) -> bool:
    """Those who reneged waited exactly their patience; nobody called waited longer."""
    t, tape = tables.tickets, tables.tape
    patience = tape.cases.patience[t.case]
    gave_up = t.fate == GAVE_UP
    called = (t.called_at >= 0) & (t.trip > 0)
    return bool(
        ((t.ended_at - t.taken_at)[gave_up] == patience[gave_up]).all()
        and ((t.called_at - t.taken_at)[called] <= patience[called]).all()
    )


def cases_are_conserved(tables: Tables) -> bool:
    """Accepted = issued + rejected + open: a closed case has nothing in hand, an issued one all."""
    cases, journal = tables.cases, tables.journal
    decided = (cases.fate != OPEN) & (cases.fate != LOST)
    undone = np.flatnonzero(journal.completed_at < 0)
    case, in_hand = tables.tape.items.case[undone], journal.item_released_at[undone] >= 0
    return bool(
        not (decided[case] & in_hand).any()
        and not (cases.fate[case] == ISSUED).any()
        and (cases.accepted_at[decided] >= 0).all()
    )


def an_errand_is_done_once(tables: Tables) -> bool:
    """No errand is served twice."""
    t = tables.tickets
    return bool(np.bincount(t.errand[t.fate == SERVED]).max(initial=0) <= 1)


def second_matters_stand_once(tables: Tables) -> bool:
    """With a second matter = done at one window + sent on + first not done: who is sent on has a
    ticket for it after the first on the same visit, and nobody else has."""
    if not tables.plan.hall.has_seconds:
        return True
    t, second, purpose = tables.tickets, tables.visits.second, tables.tape.errands.purpose
    came = t.trip > 0
    visit, what, fate = tables.visit_of[came], purpose[t.errand[came]], t.fate[came]
    has_first, is_done, is_sent_on = np.zeros((3, len(second)), dtype=np.bool_)
    has_first[visit[what == INTAKE]] = True
    is_done[visit[(what == INTAKE) & (fate == SERVED)]] = True
    is_sent_on[visit[what == ALSO]] = True
    with_second = second != NO_SECOND
    return bool(
        (has_first[with_second]).all()
        and (is_done == (second != NOT_REACHED))[with_second].all()
        and (is_sent_on == np.isin(second, (KEPT_PLACE, NEW_TICKET)))[has_first].all()
    )


INVARIANTS: Final[dict[str, Invariant]] = {
    law.__name__: law
    for law in (
        everybody_is_counted,
        everybody_stands_once,
        time_goes_forward,
        one_at_a_time,
        busy_is_on_duty,
        patience_is_kept,
        cases_are_conserved,
        an_errand_is_done_once,
        second_matters_stand_once,
    )
}
"""Name of each invariant, with a text `law.<name>`, and how it is checked."""
