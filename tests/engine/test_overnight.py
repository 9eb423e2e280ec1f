"""Tickets that are kept overnight: who is not called by closing is first on the next open day."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from sim.analysis.measures import measure
from sim.clock import HOUR
from sim.plan.journal import CUT_OFF, HELD_OVER
from sim.results.outcomes import VISITS, accounts
from tests.strategies import (
    FEW,
    MINUTES,
    Told,
    altered,
    come,
    crowd,
    errand,
    small,
    tell,
)

LOST = "{unserved: {returns: 0, lost: 1}}"
THREE_DAYS = "{start: 2025-01-06, measured_days: 3}"


def held_over(*clocks: str, hall: str = "", **sections: str) -> Told:
    """One window, ten minutes each, three days of nine to five."""
    texts = {"run": THREE_DAYS, "applicants": LOST, "demand": come(*clocks)} | sections
    return tell(small(hall=f"closing: keep_ticket{hall}", **texts))


def test_first_on_the_next_day() -> None:
    """In front of who was at the door before it opened."""
    day = held_over("16:45", "16:46", "16:47", "1 08:00")
    assert day.called == ["16:45", "16:55", None, "1 09:10", "1 09:00"]
    assert day.fates == ["served", "served", "held over", "served", "served"]
    assert (day.ended[2], day.taken[4], day.arrived[4]) == ("17:00", "1 09:00", "1 09:00")
    assert day.trips == [1, 1, 1, 1, 2]
    day.lawful_tables()


def test_by_number() -> None:
    """In the order of tickets, over a closed day too."""
    run = "{start: 2025-01-10, measured_days: 2}"
    day = held_over(
        run=run,
        demand="[{id: people, matter: errand, at: ["
        + ", ".join(f"2025-01-10T16:{minute}:00" for minute in (55, 56, 57, 58))
        + "]}]",
    )
    assert day.called[4:] == ["3 09:00", "3 09:10", "3 09:20"]


def test_a_ticket_is_kept_for_one_night() -> None:
    """Who is not called on the second day either is cut off."""
    day = held_over(*["09:00"] * 6, matters=f"[{errand('5 h')}]")
    assert day.fates == [
        "served",
        "served",
        *["held over"] * 4,
        "served",
        "served",
        *["cut off"] * 2,
    ]
    assert day.ended[-1] == "1 17:00"


def test_the_visit_in_hand_is_finished() -> None:
    """And the clerk goes home then."""
    day = held_over("16:59", "16:59")
    assert (day.ended[0], day.fates[1]) == ("17:09", "held over")


def test_who_has_no_ticket_keeps_none() -> None:
    """The queue of the desk is asked to come again."""
    desk = ", reception: {clerks: 1, service: 10 min}"
    day = held_over("16:55", "16:55", hall=desk)
    assert day.fates[1] == "cut off"


def test_the_last_day() -> None:
    """Nobody is back after the run: the ticket ended, and its holder will come again."""
    day = held_over("2 16:55", "2 16:56")
    assert day.fates == ["served", "held over"]
    day.lawful_tables()


def test_at_the_next_days_break_too() -> None:
    """A kept ticket is kept at a break of the next day, and for no second night."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    day = held_over(
        *["16:00"] * 4,
        hall=", at_break: keep_ticket",
        calendars=calendars,
        matters=f"[{errand('3 h')}]",
    )
    assert day.fates == [
        "served", "held over", "held over", "held over", "served", "at break", "at break",
        "served", "served",
    ]  # fmt: skip
    assert day.called[-2:] == ["1 13:00", "1 16:00"]
    day.lawful_tables()


def test_counted_apart() -> None:
    """A share of trips; what the ticket waited is in the mean of all tickets."""
    tables = held_over("16:45", "16:46", "16:47").lawful_tables()
    tally = measure(tables)
    assert tally.by_day["held_over_share"].tolist() == [[1, 0, 0], [3, 1, 0]]
    assert tally.by_day["turned_away_share"][0].tolist() == [0, 0, 0]
    assert not tally.starts_empty
    assert accounts(tables)["visits"][VISITS.index("held_over")] == 1


@FEW
@given(MINUTES, MINUTES)
def test_until_closing_it_is_a_cut_off(gaps: list[int], work: list[int]) -> None:
    """Whoever is called on the day is called then; who would be cut off has the next morning."""
    text = crowd(gaps, work, hour=15, run="{start: 2025-01-06, measured_days: 2}")
    cut = tell(altered(text, ("hall.closing", "cut_off"))).journal
    held = tell(altered(text, ("hall.closing", "keep_ticket"))).journal
    n = len(cut.errand)
    np.testing.assert_array_equal(held.called_at[:n], cut.called_at)
    np.testing.assert_array_equal(held.fate[:n] == HELD_OVER, cut.fate == CUT_OFF)
    assert (held.taken_at[n:] == 33 * HOUR).all()
    assert (np.diff(held.called_at[n:]) >= 0).all()
