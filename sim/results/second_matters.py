"""What became of second matters on each visit: where they were done, or that people left before."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.arrays import AnyInts
from sim.plan.journal import SERVED, Journal
from sim.plan.plan import HALL, HallPlan
from sim.plan.tape import INTAKE, Tape

SECONDS: Final = ("none", "one_window", "kept_place", "new_ticket", "not_reached")
"""What became of a second matter, by code; each has a text `second.<name>`."""
NO_SECOND, ONE_WINDOW, KEPT_PLACE, NEW_TICKET, NOT_REACHED = range(5)


def seconds_of_visits(
    hall: HallPlan, tape: Tape, journal: Journal, visit_of: AnyInts, n_visits: int
) -> AnyInts:
    """int64, shape (visits,): place in SECONDS of each visit.

    A visit has a second matter while its first one is to be done: who comes again for the second
    matter alone has one matter.

    Parameters
    ----------
    visit_of : ndarray(int64), shape (tickets,)
        Visit of each ticket; -1 = nobody came.
    """
    outcome = np.zeros(n_visits, dtype=np.int64)
    if not hall.has_seconds:
        return outcome
    errand = journal.errand[: len(visit_of)].astype(np.int64)
    second = tape.cases.also[tape.errands.case[errand]]
    brings = (second >= 0) & (tape.errands.purpose[errand] == INTAKE) & (visit_of >= 0)
    rows = np.flatnonzero(brings & (journal.destination[errand] == HALL))
    outcome[visit_of[rows]] = NOT_REACHED
    is_done = (journal.fate[rows] == SERVED) & tape.errands.complete[errand[rows]]
    done = rows[is_done]
    class_ = tape.cases.class_[tape.errands.case[errand[done]]]
    at_once = hall.serves_also[journal.window[done], tape.errands.sought[second[done]], class_]
    sent_on = KEPT_PLACE if hall.keeps_place else NEW_TICKET
    outcome[visit_of[done]] = np.where(at_once, ONE_WINDOW, sent_on)
    return outcome
