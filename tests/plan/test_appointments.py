"""Appointments on the tape: who books, which slot, when people come for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import compile_demand, draw_tape
from sim.arrays import Ints
from sim.clock import DAY, HOUR, MINUTE, NEVER
from sim.plan.appointments import WALKS_IN, slots_of
from sim.plan.demand import BookPlan, Demand
from sim.plan.tape import Tape
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_same_tape
from tests.plan.test_tape import CLASSES, RICH
from tests.strategies import PLAIN, book, scenarios, small, text_of

WEEK = "{start: 2025-01-06, measured_days: 5}"


def demand_of(*books: str, **sections: str) -> Demand:
    """A rich crowd of a week with these books of appointments."""
    applicants = f"{{{CLASSES}, appointments: [{', '.join(books)}]}}"
    text = small(**{**RICH, "run": WEEK, "applicants": applicants, **sections})
    return compile_demand(scenario_from_text(text))


def tape_of(*books: str, **sections: str) -> Tape:
    return draw_tape(demand_of(*books, **sections), 1, 0)


def by_person(tape: Tape, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A column of cases in the order in which people would come if nobody booked."""
    return column[np.argsort(tape.cases.wished_at, kind="stable")]


def test_nobody_books_and_nothing_changes() -> None:
    """A share of 0 is a hall without a book, to the last bit."""
    assert_same_tape(tape_of(book("5", "share: 0.0")), tape_of())


def test_everybody_on_time_comes_with_the_slots() -> None:
    """Places for all, nobody late or early: all come at the begin of the slot of their wish."""
    tape = tape_of(book("100000"))
    assert len(tape.cases.arrived_at) > 500
    assert (tape.cases.arrived_at == tape.cases.wished_at // (30 * MINUTE) * (30 * MINUTE)).all()
    assert (tape.cases.arrived_at == tape.cases.booked_for).all()


def test_the_same_people_whatever_the_places() -> None:
    """Nobody's wish, patience, papers or window work depends on what can be booked."""
    few, many = tape_of(book("2", "no_show: 0.2")), tape_of(book("40", "lateness: 9 min"))
    for name in ("wished_at", "habit", "patience", "assisted", "after_leaving"):
        of_few, of_many = (by_person(tape, getattr(tape.cases, name)) for tape in (few, many))
        assert (of_few == of_many).all(), name
    first, second = (
        by_person(tape, tape.errands.service[tape.cases.errand_offsets[:-1]])
        for tape in (few, many)
    )
    assert (first == second).all()


def test_who_books_keeps_booking() -> None:
    """A larger share adds people who book."""
    slots = [
        by_person(t, t.cases.booked_for)
        for t in (tape_of(book("900", f"share: {s}")) for s in (0.3, 0.6))
    ]
    assert 0 < (slots[0] >= 0).sum() < (slots[1] >= 0).sum()
    assert (slots[1][slots[0] >= 0] == slots[0][slots[0] >= 0]).all()


def test_a_flow_books_by_its_own_share() -> None:
    """A flow's own share is as if its book had it, and other flows go by the book's."""
    flow = RICH["demand"]
    booked = flow.replace("rate:", "booked_share: 0.6, rate:")
    assert booked != flow
    assert_same_tape(
        tape_of(book("900", "share: 0.2"), demand=booked), tape_of(book("900", "share: 0.6"))
    )
    assert_same_tape(tape_of(book("900"), demand=booked.replace("0.6", "0")), tape_of())
    both = tape_of(
        book("900", "share: 0"),
        demand="[{id: booked, matter: errand, rate: 20 per h, booked_share: 1},"
        " {id: walk_in, matter: errand, rate: 20 per h}]",
    )
    is_booked = both.cases.booked_for >= 0
    assert (is_booked == (both.cases.flow == 0)).all()
    assert 0 < is_booked.sum() < len(is_booked)


def test_online_applicants_do_not_book() -> None:
    flow = RICH["demand"].replace("rate:", "online_share: 0.5, rate:")
    tape = tape_of(book("900"), demand=flow)
    online = tape.errands.online[tape.cases.errand_offsets[:-1]]
    assert (online == (tape.cases.booked_for < 0)).all()
    assert online.any()


@given(scenarios())
def test_no_slot_holds_more_than_its_places(text: str) -> None:
    tree = PLAIN.load(text)
    # what a table says of bookings is as it was, whatever the book has places for
    tree["demand"] = [flow for flow in tree["demand"] if "arrivals_file" not in flow]
    assume(tree["demand"])
    demand = compile_demand(scenario_from_text(text_of(tree)))
    tape = draw_tape(demand, 1, 0)
    book_of_case = demand.books.book_of_matter[tape.cases.matter]
    for b in range(len(demand.books.rolls)):
        span = slice(*demand.books.slot_offsets[b : b + 2])
        begins, places = demand.books.slot_begins[span], demand.books.slot_places[span]
        booked = tape.cases.booked_for[(book_of_case == b) & (tape.cases.booked_for >= 0)]
        rows = np.searchsorted(begins, booked)
        assert (begins[rows] == booked).all()
        assert (np.bincount(rows, minlength=len(begins)) <= places).all()
    assert (np.diff(tape.cases.arrived_at) >= 0).all()
    assert (tape.cases.no_show <= (tape.cases.booked_for >= 0)).all()


WISHES = st.lists(st.integers(0, 2 * 24 * 2 - 1), max_size=40).map(
    lambda halves: np.sort(np.array(halves, dtype=np.int64) * 30 * MINUTE)
)


def two_days(places: list[int], *, rolls: bool) -> BookPlan:
    """Slots of an hour from nine to twelve on two days."""
    begins = np.array([day * DAY + hour * HOUR for day in (0, 1) for hour in (9, 10, 11)])
    return demand_of().books._replace(
        slot_offsets=np.array([0, 6]),
        slot_begins=begins,
        slot_ends=begins + HOUR,
        slot_places=np.array(places),
        rolls=np.array([rolls]),
    )


def one_by_one(books: BookPlan, wishes: Ints) -> list[int]:
    """The rule in words: the first slot of that day, or of any later one, that has a place left."""
    left, slot_of = books.slot_places.copy(), []
    for wish in wishes:
        open_ = (left > 0) & (books.slot_ends > wish)
        if not books.rolls[0]:
            open_ &= books.slot_begins // DAY == wish // DAY
        slots = np.flatnonzero(open_)
        slot_of.append(int(slots[0]) if len(slots) else -1)
        left[slots[:1]] -= 1
    return slot_of


PLACES = st.lists(st.integers(1, 4), min_size=6, max_size=6)


@given(WISHES, PLACES, st.booleans())
def test_first_come_first_placed(wishes: Ints, places: list[int], rolls: bool) -> None:
    books = two_days(places, rolls=rolls)
    assert np.maximum(slots_of(books, 0, wishes), WALKS_IN).tolist() == one_by_one(books, wishes)


@given(WISHES, PLACES, PLACES, st.booleans())
def test_more_places_delay_nobody(
    wishes: Ints, places: list[int], more: list[int], rolls: bool
) -> None:
    """Same people: who had a slot has the same or an earlier one."""
    few = slots_of(two_days(places, rolls=rolls), 0, wishes)
    larger = [a + b for a, b in zip(places, more, strict=True)]
    many = slots_of(two_days(larger, rolls=rolls), 0, wishes)
    had = few >= 0
    assert (many[had] >= 0).all()
    assert (many[had] <= few[had]).all()


def test_nobody_comes_who_never_comes() -> None:
    tape = tape_of(book("900", "no_show: 1.0; no_show_returns: 0.0"))
    assert tape.cases.no_show.all()
    assert (tape.cases.arrived_at == NEVER).all()


def test_who_missed_a_slot_comes_another_day_as_who_they_are() -> None:
    """No later than the run lets them, in ticket hours, and in their own class."""
    plain, missed = tape_of(), tape_of(book("900", "no_show: 1.0; priority_class: first"))
    came = missed.cases.arrived_at < NEVER
    assert 0 < came.sum() < len(came)
    assert (missed.cases.arrived_at[came] // DAY > missed.cases.booked_for[came] // DAY).all()
    clock = missed.cases.arrived_at[came] % DAY
    assert ((clock >= 9 * HOUR) & (clock < 17 * HOUR)).all()
    assert (by_person(missed, missed.cases.class_) == by_person(plain, plain.cases.class_)).all()


@pytest.mark.parametrize(("late", "booked"), [("20 min", True), ("21 min", False)])
def test_grace(late: str, booked: bool) -> None:
    """Whoever comes later than the grace after the slot's begin waits as a walk-in."""
    keys = f"ahead: 5 min; lateness: {late}; grace: 15 min; priority_class: first"
    tape = tape_of(
        book("900", keys), demand=RICH["demand"].replace("0.5, second: 0.5", "0, second: 1")
    )
    assert (tape.cases.class_ == (0 if booked else 1)).all()


def test_more_people_than_places() -> None:
    """One comes at the begin of every slot of the run, and who rolls beyond it does not come."""
    demand = demand_of(book("1", "when_full: next_day"))
    tape = draw_tape(demand, 1, 0)
    never = tape.cases.arrived_at == NEVER
    assert len(demand.books.slot_begins) == 5 * 16
    assert (tape.cases.arrived_at[~never] == demand.books.slot_begins).all()
    assert (tape.cases.booked_for[never] == -1).all()
