"""The end of the hall's day: last tickets, last visits, and who is asked to come again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import HOUR, MINUTE
from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    come,
    crowd,
    department,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "{unserved: {returns: 0, lost: 1}}"


def test_everybody_inside_is_served() -> None:
    """Windows stay after closing until nobody is left."""
    day = tell(small(demand=come("16:58", "16:59", "16:59")))
    assert day.called == ["16:58", "17:08", "17:18"]
    assert day.fates == ["served", "served", "served"]


def test_cut_off() -> None:
    """With a cut-off the visit in hand is finished and those who wait leave at closing."""
    day = tell(small(hall="closing: cut_off", applicants=LOST, demand=come("16:58", "16:59")))
    assert day.fates == ["served", "cut off"]
    assert day.ended == ["17:08", "17:00"]


def test_arrives_at_the_instant_of_closing() -> None:
    """Who comes as the hall closes is turned away."""
    day = tell(small(applicants=LOST, demand=come("16:59", "17:00")))
    assert day.fates == ["served", "turned away"]
    assert (day.lists[1:], day.taken[1]) == (["none"], None)


def test_window_frees_at_the_instant_of_closing() -> None:
    """A window that frees as the hall closes calls the next one only if everybody is served."""
    demand = come("16:50", "16:51")
    assert tell(small(demand=demand)).called == ["16:50", "17:00"]
    cut = tell(small(hall="closing: cut_off", applicants=LOST, demand=demand))
    assert cut.called == ["16:50", None]


def test_last_ticket() -> None:
    """In the last minutes of the day no ticket is given; who has one is served."""
    demand = come("16:29", "16:30", "16:31")
    day = tell(small(hall="last_ticket: 30 min", applicants=LOST, demand=demand))
    assert day.fates == ["served", "turned away", "turned away"]


def test_last_ticket_only_in_the_evening() -> None:
    """Before lunch tickets are given to the last minute."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    day = tell(small(calendars=calendars, hall="last_ticket: 30 min", demand=come("11:59")))
    assert day.called == ["11:59"]


def test_before_opening_they_wait_at_the_door() -> None:
    """Who comes early takes a ticket at opening, in the order of coming."""
    day = tell(small(demand=come("08:00", "08:30", "09:00")))
    assert day.arrived == ["08:00", "08:30", "09:00"]
    assert day.taken == ["09:00", "09:00", "09:00"]
    assert day.called == ["09:00", "09:10", "09:20"]


def test_lunch() -> None:
    """A visit is finished before lunch begins; who waits is called after it."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    day = tell(small(calendars=calendars, demand=come("11:55", "11:56", "12:30")))
    assert day.called == ["11:55", "13:00", "13:10"]
    assert day.ended == ["12:05", "13:10", "13:20"]
    assert day.taken == ["11:55", "11:56", "13:00"]


def test_closed_day() -> None:
    """Nobody is let in on a day on which the hall does not open."""
    run = "{start: 2025-01-04, measured_days: 1}"
    demand = "[{id: people, matter: errand, at: [2025-01-04T10:00:00, 2025-01-05T10:00:00]}]"
    day = tell(small(run=run, demand=demand, applicants=LOST))
    assert day.fates == ["turned away", "turned away"]


def test_saturday() -> None:
    """Saturday has its own hours and its own roster."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00], sat: [09:00-12:00]}}]"
    roster = "id: window, serves: [errand], clerks: {mon-fri 09:00-17:00: 2, sat 09:00-12:00: 1}"
    run = "{start: 2025-01-06, measured_days: 6}"
    demand = come("4 11:55", "4 11:55", "5 11:55", "5 11:55", "5 12:00")
    day = tell(
        small(calendars=calendars, layouts=windows(roster), run=run, demand=demand, applicants=LOST)
    )
    assert day.called == ["4 11:55", "4 11:55", "5 11:55", "5 12:05", None]


def test_list_nobody_serves_any_more() -> None:
    """Once the last window of a list has gone for the day, its tickets are no longer given."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-12:00: 1}")
    day = tell(small(layouts=layouts, applicants=LOST, demand=come("11:59", "12:00", "15:00")))
    assert day.fates == ["served", "turned away", "turned away"]


def test_waits_in_vain() -> None:
    """Who still waits for a window that has gone is asked to come again when the hall closes."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-12:00: 1}")
    day = tell(small(layouts=layouts, applicants=LOST, demand=come("11:55", "11:56")))
    assert day.fates == ["served", "cut off"]
    assert day.ended == ["12:05", "17:00"]


def test_window_that_opens_later() -> None:
    """A list that will be served later in the day takes tickets."""
    layouts = windows("id: window, serves: [errand], clerks: {14:00-17:00: 1}")
    assert tell(small(layouts=layouts, demand=come("09:30"))).called == ["14:00"]


def test_stays_for_who_mends_papers_inside() -> None:
    """Windows stay for somebody who mends papers in the hall when it closes."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 30 min}"
    day = tell(small(corrections=corrections, demand=come("16:45")))
    assert day.fates == ["sent back", "served"]
    assert day.called == ["16:45", "17:25"]


def test_drain_ends_when_the_hall_is_empty() -> None:
    """After the last visit the windows are closed until the next morning."""
    run = "{start: 2025-01-06, measured_days: 2}"
    demand = come("16:58", "16:59", "20:00", "1 08:00")
    day = tell(small(run=run, demand=demand, applicants=LOST))
    assert day.called == ["16:58", "17:08", None, "1 09:00"]


def test_drains_into_the_next_day() -> None:
    """A queue longer than the night is still served, and the next day's people join behind it."""
    run = "{start: 2025-01-06, measured_days: 2}"
    matters = f"[{errand('9 h')}]"
    day = tell(small(run=run, matters=matters, demand=come("09:00", "09:01", "09:02", "1 09:00")))
    assert day.called == ["09:00", "18:00", "1 03:00", "1 12:00"]


def test_kept_window_goes_home_with_the_last_visitor() -> None:
    """A window kept through the night goes home once the hall is empty, even by day."""
    run = "{start: 2025-01-06, measured_days: 2}"
    layouts = windows("id: window, serves: [errand], clerks: {mon 09:00-17:00: 1}")
    matters = f"[{errand('10 h')}]"
    demand = come("16:59", "16:59", "1 12:00", "1 23:30")
    day = tell(small(run=run, layouts=layouts, matters=matters, demand=demand, applicants=LOST))
    assert day.called == ["16:59", "1 02:59", "1 12:59", None]
    early = come("16:59", "1 09:00")
    day = tell(small(run=run, layouts=layouts, matters=matters, demand=early, applicants=LOST))
    assert day.fates == ["served", "turned away"]


def test_open_day_and_night() -> None:
    """A hall that never closes sends nobody home at midnight."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    day = tell(small(calendars=calendars, run=run, demand=come("23:55", "23:56", "1 00:00")))
    assert day.called == ["23:55", "1 00:05", "1 00:15"]


def test_holidays() -> None:
    """Around the National Day of 2025 the hall is shut, and a worked Sunday has Monday's hours."""
    calendars = "[{id: day, weekly: {mon: [09:00-12:00], tue-fri: [09:00-17:00]}, holidays: china}]"
    run = "{start: 2025-09-28, measured_days: 4, holidays: china}"
    clocks = ["2025-09-28T10:00:00", "2025-09-28T13:00:00", "2025-10-01T10:00:00"]
    later = ["2025-10-08T10:00:00", "2025-10-09T16:00:00"]
    demand = f"[{{id: people, matter: errand, at: [{', '.join(clocks + later)}]}}]"
    day = tell(
        small(
            calendars=calendars,
            run=run,
            demand=demand,
            applicants=LOST,
            departments=f"[{department('office')}]",
        )
    )
    fates = ["served", "turned away", "turned away", "turned away", "served"]
    assert fates == day.fates
    assert day.called[-1] == "11 16:00"


@FEW
@given(MINUTES, MINUTES)
def test_until_closing_both_rules_are_one(gaps: list[int], work: list[int]) -> None:
    """Whoever is called under a cut-off is called then when all are served; the rest, later."""
    text = crowd(gaps, work, hour=15)
    served, cut = tell(text).journal, tell(altered(text, ("hall.closing", "cut_off"))).journal
    called = cut.called_at >= 0
    np.testing.assert_array_equal(cut.called_at[called], served.called_at[called])
    assert (served.called_at[~called & (served.called_at >= 0)] >= 17 * HOUR).all()


@FEW
@given(MINUTES, MINUTES, st.sampled_from([0, 10, 60, 400]))
def test_a_last_ticket_changes_nothing_for_who_has_one(
    gaps: list[int], work: list[int], minutes: int
) -> None:
    """Tickets end earlier, and those before are called as ever; of no length it is none."""
    text = crowd(gaps, work, hour=15)
    free = tell(text).journal
    last = tell(altered(text, ("hall.last_ticket", f"{minutes} min"))).journal
    taken = last.taken_at >= 0
    np.testing.assert_array_equal(last.called_at[taken], free.called_at[taken])
    assert (taken <= (last.arrived_at < 17 * HOUR - minutes * MINUTE)).all()
    if minutes == 0:
        np.testing.assert_array_equal(last.called_at, free.called_at)


@FEW
@given(scenarios())
def test_a_lunch_of_no_length_is_none(text: str) -> None:
    """In any hall, intervals of a calendar that touch are one; but a quota is one of each."""
    text, hours = altered(text, ("layouts.*.quota", None)), "calendars.*.weekly"
    split = altered(text, (hours, {"mon-fri": ["09:00-12:00", "12:00-17:00"]}))
    assert_same_day(split, altered(text, (hours, {"mon-fri": ["09:00-17:00"]})))
