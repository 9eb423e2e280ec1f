"""Books of appointments: their slots on the dates of the run, and who gets which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, NEVER, Hours
from sim.plan.columns import floats, integers, offsets_of
from sim.plan.demand import BookPlan
from sim.plan.laws import LawRows
from sim.plan.opening import HallDay, hall_days, ticket_hours
from sim.plan.plan import Period
from sim.plan.replay import FlowPart
from sim.plan.traits import lateness_laws, no_show_shares
from sim.scenario.base import roster_hours
from sim.scenario.demand import Appointments
from sim.scenario.intervals import is_inside, join_hours
from sim.scenario.scenario import Scenario
from sim.scenario.traits import book_of_matters, booked_share_of

WALKS_IN: Final = -1
BEYOND: Final = -2
SlotPlaces = tuple[int, int, int]
"""Begin, end, places."""


def compile_books(
    scenario: Scenario, matter_ids: Sequence[str], period: Period, laws: LawRows
) -> BookPlan:
    """Who books and when there is place, books sorted by id."""
    books = sorted(scenario.applicants.appointments, key=lambda book: book.id)
    classes = [class_.id for class_ in scenario.applicants.classes]
    named = scenario.matters_named()
    days = hall_days(scenario, period) if books else []
    slots = [_slots(book, days) for book in books]
    flat = [slot for of_book in slots for slot in of_book]
    tickets = [hours for day in days for hours in ticket_hours(day, scenario.hall)]
    book_of_matter = np.full(len(matter_ids), -1, dtype=np.int64)
    for b, book in enumerate(books):
        for name in book.serves:
            for matter in named[name]:
                book_of_matter[matter_ids.index(matter)] = b
    return BookPlan(
        book_of_matter=book_of_matter,
        slot_offsets=offsets_of([len(of_book) for of_book in slots]),
        slot_begins=integers(begin for begin, _, _ in flat),
        slot_ends=integers(end for _, end, _ in flat),
        slot_places=integers(places for _, _, places in flat),
        rolls=np.array([book.when_full == "next_day" for book in books], dtype=np.bool_),
        class_=integers(
            -1 if book.priority_class is None else classes.index(book.priority_class)
            for book in books
        ),
        ahead=integers(book.ahead for book in books),
        lateness_law=lateness_laws(scenario, books, laws),
        grace=integers(NEVER if book.grace is None else book.grace for book in books),
        no_show_share=no_show_shares(scenario, books),
        no_show_returns=floats(book.no_show_returns for book in books),
        no_show_law=integers(laws.add(book.returns_after) for book in books),
        day_opens=integers(opens for opens, _ in tickets),
        day_closes=integers(closes for _, closes in tickets),
    )


def booked_shares(scenario: Scenario, parts: Sequence[FlowPart]) -> Floats:
    """float64, shape (F,): share of the people of each flow who book, by themselves or their book.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.plan.replay import flow_parts
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> booked_shares(scenario, flow_parts(scenario))  # it has no book
    array([0.])
    """
    book_of = book_of_matters(scenario)
    return floats(booked_share_of(part.flow, book_of.get(part.matter)) for part in parts)


def _slots(book: Appointments, days: Sequence[HallDay]) -> list[SlotPlaces]:
    """Slots with a place, in order of time."""
    slots: list[SlotPlaces] = []
    for day in days:
        for key, places in book.slots.items():
            weekdays, hours = roster_hours(key)
            if day.weekday not in weekdays or places == 0:
                continue
            open_hours = join_hours(day.hours)
            for span in day.hours if hours == Hours(0, DAY) else (hours,):
                slots += [
                    (day.n * DAY + begins, day.n * DAY + begins + book.slot, places)
                    for begins in range(span.start, span.end, book.slot)
                    # a day may be shorter than the book's hours, which are those of other days
                    if is_inside(Hours(begins, begins + book.slot), open_hours)
                ]
    return sorted(slots)


def slots_of(books: BookPlan, book: int, wishes: Ints) -> Ints:
    """Which slot each person gets: the first with a free place that does not end before the wish.

    Places are numbered through the run, and each person takes the first that is neither before
    the wish nor taken: p(i) = max(first(i), p(i - 1) + 1), a running maximum. Where nobody moves to
    a later day, the numbers leave a gap between days that all people together cannot cross.

    Parameters
    ----------
    wishes : ndarray(int64), shape (n,)
        Instants, sorted.

    Returns
    -------
    ndarray(int64), shape (n,)
        Number of the slot in `books`; WALKS_IN, or BEYOND the run.

    Examples
    --------
    >>> from sim import compile_demand, example_path, load_scenario
    >>> books = compile_demand(load_scenario(example_path("exact/mmc.yaml"))).books
    >>> half_hours = {"slot_begins": np.array([0, 30]), "slot_ends": np.array([30, 60])}
    >>> books = books._replace(**half_hours, slot_places=np.array([2, 9]))
    >>> books = books._replace(slot_offsets=np.array([0, 2]), rolls=np.array([False]))
    >>> slots_of(books, 0, np.array([5, 8, 9, 40]))
    array([0, 0, 1, 1])
    """
    span = slice(*books.slot_offsets[book : book + 2])
    begins, ends, places = (
        column[span] for column in (books.slot_begins, books.slot_ends, books.slot_places)
    )
    rolls = bool(books.rolls[book])
    slot_of = np.full(len(wishes), BEYOND if rolls else WALKS_IN)
    wished = np.searchsorted(ends, wishes, side="right")
    has_slot = wished < len(begins)
    if not rolls:
        has_slot[has_slot] = begins[wished[has_slot]] // DAY == wishes[has_slot] // DAY
    people = np.flatnonzero(has_slot)
    gap = 0 if rolls else len(wishes) + 1
    before = np.cumsum(places) - places + begins // DAY * gap
    nth = np.arange(len(people))
    place = np.maximum.accumulate(before[wished[people]] - nth) + nth
    slot = np.searchsorted(before, place, side="right") - 1
    free = place < before[slot] + places[slot]
    slot_of[people[free]] = slot[free] + span.start
    return slot_of


def another_day(books: BookPlan, since: Ints, delay: Ints, position: Floats) -> Ints:
    """When people come who missed their appointment, by the rule of coming again (DESIGN §4.8).

    Parameters
    ----------
    position : ndarray(float64)
        Share of that day's ticket hours, 0 to 1.
    """
    opens, lengths = books.day_opens, books.day_closes - books.day_opens
    if len(opens) == 0:
        return np.full(len(since), NEVER)
    before = np.concatenate([[0], np.cumsum(lengths)])
    day = np.maximum((since + delay) // DAY, since // DAY + 1)
    first = np.searchsorted(opens, day * DAY)
    never = first == len(opens)
    first = np.minimum(first, len(opens) - 1)
    last = np.searchsorted(opens, (opens[first] // DAY + 1) * DAY)
    left = before[first] + (position * (before[last] - before[first])).astype(np.int64)
    row = np.searchsorted(before, left, side="right") - 1
    return np.where(never, NEVER, opens[row] + left - before[row])
