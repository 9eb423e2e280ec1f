"""The journal: what happened in one replication; instants and who, nothing averaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.arrays import Bytes, Ints, Shorts
from sim.clock import DAY
from sim.plan.initial import filed_before
from sim.plan.journeys import choose_destinations
from sim.plan.plan import TICKET_KEPT, HallPlan, Plan
from sim.plan.tape import Tape

NOT_YET: Final = -1
"""Instant of what did not happen before the run ended."""

# how a ticket, or an online application, ended
PENDING: Final = 0
SERVED: Final = 1
SENT_BACK: Final = 2
CAUGHT: Final = 3
GAVE_UP: Final = 4
BALKED: Final = 5
TURNED_AWAY: Final = 6
MISSED: Final = 7
CUT_OFF: Final = 8
FORWARDED: Final = 9
AT_BREAK: Final = 10
REFUSED: Final = 11
HELD_OVER: Final = 12

# how a case stands
OPEN: Final = 0
ISSUED: Final = 1
REJECTED: Final = 2
PARTLY: Final = 3
LOST: Final = 4

NO_LIST: Final = -1
"""List of people turned away before they took a ticket; who is refused one has that list."""
ONLINE_LIST: Final = -2
"""List of an online application."""


BY_CLERK: Final = -2
"""From here down a reviewer's number is that of a window."""


class Journal(NamedTuple):
    """What every engine fills in. Letters as in `plan.py` and `tape.py`; `T` tickets.

    Tickets stand in the order in which people came to the door, came back to the lists inside the
    hall, or applied online; whoever is turned away has a row too.
    """

    destination: Shorts
    """int16, shape (E,): place whose windows its person chose for it, whether it is done or not."""
    tour: Shorts
    """int32, shape (E,): ticks of an agent's way to the applicant and back."""
    n_tickets: Ints
    """int64, shape (1,): rows of the ticket columns in use, all of them once a run is over."""
    errand: Shorts
    """int32, shape (T,)."""
    trip: Shorts
    """int32, shape (T,): which trip of the case, 1 for the first; 0 = nobody came: online, or
    papers that were sent on."""
    place: Shorts
    """int16, shape (T,): where; -1 = online."""
    list_: Shorts
    """int32, shape (T,): waiting list, NO_LIST or ONLINE_LIST."""
    window: Shorts
    """int32, shape (T,): who called; -1 = nobody."""
    arrived_at: Ints
    """int64, shape (T,): at the door, back in the hall, or applied online."""
    greeted_at: Ints
    """int64, shape (T,): the reception desk begins."""
    taken_at: Ints
    """int64, shape (T,): the ticket is taken, or the online application joins its queue."""
    called_at: Ints
    """int64, shape (T,): a window calls, or the online pre-check begins."""
    ended_at: Ints
    """int64, shape (T,): service ends, or the person leaves the list."""
    freed_at: Ints
    """int64, shape (T,), where clerks wrap up, else (0,): the window that called is free again.
    `free_again_at` tells it in either case."""
    set_up: Shorts
    """int32, shape (T,) where a window group has a changeover, else (0,): ticks of set-up before
    the work with who was called."""
    fate: Bytes
    """int8, shape (T,)."""
    accepted_at: Ints
    """int64, shape (C,): 0 of a case that the departments have when the run begins."""
    closed_at: Ints
    """int64, shape (C,): issued, rejected or lost."""
    case_fate: Bytes
    """int8, shape (C,)."""
    issued_at: Ints
    """int64, shape (C,): the applicant has the result."""
    item_released_at: Ints
    """int64, shape (J,): all items before it are finished."""
    reviewed_at: Ints
    """int64, shape (J,): the deciding review ends, an external span may follow."""
    completed_at: Ints
    """int64, shape (J,)."""
    released_at: Ints
    """int64, shape (Q,): joins the reviewers' queue."""
    started_at: Ints
    ended_review_at: Ints
    reviewer: Shorts
    """int32, shape (Q,) where a department works by a roster or clerks review, else (0,): which of
    the department's reviewers does it, of a joint survey who comes from the item's own department;
    -1 = not taken up yet, or nobody is told from the others; BY_CLERK - w = the clerk of window w.
    """

    @property
    def free_again_at(self) -> Ints:
        """int64, shape (T,): the window that called is free again: with the end of the ticket, or
        later where its clerk has wrapped up; NOT_YET = it is not, or no window called."""
        if len(self.freed_at) > 0:
            return self.freed_at
        return np.where(self.window >= 0, self.ended_at, NOT_YET)

    def __repr__(self) -> str:
        return f"Journal({int(self.n_tickets[0])} tickets, {len(self.case_fate)} cases)"


TICKET_COLUMNS: Final = Journal._fields[
    Journal._fields.index("errand") : 1 + Journal._fields.index("fate")
]
"""Names of the columns with a row a ticket."""


def written(journal: Journal) -> Journal:
    """The journal without the ticket rows that were kept ready for nobody.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> plan = compile_plan(load_scenario(example_path("exact/mmc.yaml")), "hall")
    >>> journal = blank_journal(plan, draw_tape(plan.demand, seed=1, replication=0))
    >>> len(written(journal).errand)
    0
    """
    n = int(journal.n_tickets[0])
    columns = journal._asdict()
    return journal._replace(**{name: columns[name][:n].copy() for name in TICKET_COLUMNS})


def _hops(plan: Plan, destination: Shorts, sought: Shorts) -> int:
    """Times that papers may be sent on."""
    onward, n_hops = plan.hall.onward, 0
    place = destination.astype(np.int64)
    while len(place) and (onward >= 0).any():
        place = onward[place, sought]
        sought, place = sought[place >= 0], place[place >= 0]
        n_hops += len(place)
    return n_hops


def _breaks_a_day(hall: HallPlan) -> int:
    """The most breaks that a day has at one place, if anybody leaves at them with a ticket."""
    by_day = ~hall.break_nightly
    if not by_day.any() or (hall.break_rule < TICKET_KEPT).all():
        return 0
    days = np.stack([hall.break_place, hall.break_begins // DAY])[:, by_day]
    return int(np.unique(days, axis=1, return_counts=True)[1].max())


Full: TypeAlias = Callable[[int, int, npt.DTypeLike], npt.NDArray[Any]]
"""Makes an array of so many entries of one value and type."""


def blank_journal(plan: Plan, tape: Tape, full: Full = np.full) -> Journal:
    """A journal in which people know where they will go, and nothing has happened yet.

    It is large enough for everything that can: an errand takes at most one ticket for each time its
    person comes and one more when the first call is missed, for each of these one for each break of
    the day at which people leave, twice as many where a ticket may be kept for a night, and one for
    each place that its papers are sent on to.

    Parameters
    ----------
    full
        Makes the columns of tickets.
    """
    destination, tour = choose_destinations(plan, tape)
    per_errand = 1 + plan.hall.returns_at_most * (plan.demand.people.unserved_shares[0] > 0)
    at_breaks = _breaks_a_day(plan.hall)
    missed = int(tape.errands.missed.sum()) if plan.hall.missed_requeues else 0
    online = int((tape.cases.after_leaving == 1).any()) * len(tape.errands.purpose)
    in_person = (len(tape.errands.purpose) * per_errand + missed) * (1 + at_breaks)
    in_person *= 1 + plan.hall.keeps_overnight  # a ticket is kept for one night
    n_tickets = in_person + online + _hops(plan, destination, tape.errands.sought)
    n_cases, n_items, n_reviews = (
        len(tape.cases.matter),
        len(tape.items.item),
        len(tape.reviews.touch),
    )

    def instants(n: int) -> Ints:
        return np.full(n, NOT_YET, dtype=np.int64)

    accepted_at = instants(n_cases)
    accepted_at[filed_before(plan.demand, tape.cases.flow)] = 0
    return Journal(
        destination=destination,
        tour=tour,
        n_tickets=np.zeros(1, dtype=np.int64),
        errand=full(n_tickets, -1, np.int32),
        trip=full(n_tickets, 0, np.int32),
        place=full(n_tickets, -1, np.int16),
        list_=full(n_tickets, -1, np.int32),
        window=full(n_tickets, -1, np.int32),
        arrived_at=full(n_tickets, NOT_YET, np.int64),
        greeted_at=full(n_tickets, NOT_YET, np.int64),
        taken_at=full(n_tickets, NOT_YET, np.int64),
        called_at=full(n_tickets, NOT_YET, np.int64),
        ended_at=full(n_tickets, NOT_YET, np.int64),
        # a column that each call writes to costs a fetch of memory: only where it says something
        freed_at=full(n_tickets * plan.hall.wraps_up, NOT_YET, np.int64),
        set_up=full(n_tickets * plan.hall.changes_over, 0, np.int32),
        fate=full(n_tickets, PENDING, np.int8),
        accepted_at=accepted_at,
        closed_at=instants(n_cases),
        case_fate=np.zeros(n_cases, dtype=np.int8),
        issued_at=instants(n_cases),
        item_released_at=instants(n_items),
        reviewed_at=instants(n_items),
        completed_at=instants(n_items),
        released_at=instants(n_reviews),
        started_at=instants(n_reviews),
        ended_review_at=instants(n_reviews),
        reviewer=np.full(n_reviews * _tells_reviewers(plan), -1, np.int32),
    )


def _tells_reviewers(plan: Plan) -> bool:
    return len(plan.office.rostered_calendar) > 0 or plan.hall.clerks_review
