"""The laws of the hall, checked after every run; a broken one is an error, not a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from sim.errors import LawViolation, Problem
from sim.plan.journal import GAVE_UP, LOST, OPEN, PENDING, SERVED
from sim.results.tables import Ints, Tables

Law = Callable[[Tables], bool]


def check_laws(tables: Tables) -> None:
    """Raise when a journal breaks a law of the hall.

    Raises
    ------
    LawViolation
        Names the laws that were broken.
    """
    broken = [name for name, law in LAWS.items() if not law(tables)]
    if broken:
        raise LawViolation([Problem("law_violated", name, found=name) for name in broken])


def everybody_is_counted(tables: Tables) -> bool:
    """Came = served + sent away + gave up + inside: each case came once and stands once."""
    cases, end = tables.cases, tables.plan.period.end
    came = np.bincount(tables.tickets.case, minlength=len(cases.matter)) > 0
    should = cases.arrived_at < end
    closed = cases.fate != OPEN
    return bool(
        (came == should).all()
        and ((cases.closed_at >= 0) == closed).all()
        and (came | ~closed).all()
    )


def time_goes_forward(tables: Tables) -> bool:
    """Nobody is called before taking a ticket, served before being called, and so on."""
    t = tables.tickets
    ok = np.ones(len(t.case), dtype=np.bool_)
    for early, late in (
        (t.arrived_at, t.greeted_at),
        (t.arrived_at, t.taken_at),
        (t.greeted_at, t.taken_at),
        (t.taken_at, t.called_at),
        (t.called_at, t.ended_at),
        (t.arrived_at, t.ended_at),
    ):
        ok &= (early < 0) | (late < 0) | (early <= late)
    return bool(ok.all() and ((t.fate == PENDING) == (t.ended_at < 0)).all())


def one_at_a_time(tables: Tables) -> bool:
    """A window never serves two visits at once."""
    s = tables.services
    order = np.lexsort((s.ended_at, s.called_at, s.window))
    window, called, ended = s.window[order], s.called_at[order], s.ended_at[order]
    same = window[1:] == window[:-1]
    return bool((~same | (ended[:-1] <= called[1:])).all())


def busy_is_on_duty(tables: Tables) -> bool:
    """Nobody is called by more windows of a group than are on duty, or stay after closing."""
    s, hall = tables.services, tables.plan.hall
    group = np.repeat(hall.group_of_window, np.diff(hall.duty_offsets))
    opens = np.append(hall.ticket_opens, tables.plan.period.end)
    next_opening = opens[np.searchsorted(opens[:-1], hall.duty_ends)]
    stays = hall.duty_drains & (not hall.cut_off)
    until = np.where(stays, np.maximum(next_opening, hall.duty_ends), hall.duty_ends)
    for g in np.unique(hall.group_of_window[s.window]):
        mine, on = hall.group_of_window[s.window] == g, group == g
        called = s.called_at[mine]
        busy = _present(called, s.ended_at[mine], called)
        staffed = _present(hall.duty_starts[on], until[on], called)
        if (busy > staffed).any():
            return False
    return True


def _present(starts: Ints, ends: Ints, instants: Ints) -> Ints:
    """How many spans hold each instant; a span holds its start and not its end."""
    begun = np.searchsorted(np.sort(starts), instants, side="right")
    return np.asarray(begun - np.searchsorted(np.sort(ends), instants, side="right"))


def patience_is_kept(tables: Tables) -> bool:
    """Who gave up waited exactly as long as their patience; nobody called waited longer."""
    t, tape = tables.tickets, tables.tape
    patience = tape.patience[t.case]
    gone = t.fate == GAVE_UP
    called = (t.called_at >= 0) & (t.window >= 0)
    return bool(
        ((t.ended_at - t.taken_at)[gone] == patience[gone]).all()
        and ((t.called_at - t.taken_at)[called] <= patience[called]).all()
    )


def cases_are_conserved(tables: Tables) -> bool:
    """Accepted = issued + rejected + open: a closed case has nothing in hand, an issued one all."""
    cases, journal, tape = tables.cases, tables.journal, tables.tape
    case_of_item = np.repeat(np.arange(len(cases.matter)), np.diff(tape.item_offsets))
    in_hand = (journal.item_released_at >= 0) & (journal.completed_at < 0)
    n_in_hand = np.bincount(case_of_item, in_hand, len(cases.matter))
    not_done = np.bincount(case_of_item, journal.completed_at < 0, len(cases.matter))
    issued = cases.fate == 1
    decided = ~np.isin(cases.fate, (OPEN, LOST))
    return bool(
        (n_in_hand[decided] == 0).all()
        and (not_done[issued] == 0).all()
        and (cases.accepted_at[decided] >= 0).all()
    )


def an_errand_is_done_once(tables: Tables) -> bool:
    """No errand is served twice."""
    t = tables.tickets
    served = t.errand[t.fate == SERVED]
    return len(np.unique(served)) == len(served)


LAWS: Final[dict[str, Law]] = {
    law.__name__: law
    for law in (
        everybody_is_counted,
        time_goes_forward,
        one_at_a_time,
        busy_is_on_duty,
        patience_is_kept,
        cases_are_conserved,
        an_errand_is_done_once,
    )
}
"""Name of each law, with a text `law.<name>`, and how it is checked."""
