"""Clerks come and go by the roster; a visit in hand is finished, the overrun is overtime."""

from fractions import Fraction

from hypothesis import given

from sim.clock import DAY, MINUTE
from tests.strategies import (
    FEW,
    MINUTES,
    Told,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    scenarios,
    sequence,
    small,
    tell,
    windows,
)

ALWAYS = "[{id: day, weekly: {mon-fri: [00:00-24:00]}}]"


def overtimes(day: Told) -> list[int]:
    """Minutes that each window worked after its duty, windows that served somebody."""
    hall, journal = day.plan.hall, day.journal
    rows = range(int(journal.n_tickets[0]))
    minutes = []
    for window in range(len(hall.list_of_window)):
        ends = [int(journal.ended_at[row]) for row in rows if journal.window[row] == window]
        duty = hall.duty_ends[hall.duty_offsets[window]]
        minutes += [max(max(ends) - int(duty), 0) // MINUTE] if ends else []
    return minutes


def test_finishes_the_visit_in_hand() -> None:
    """Check 14d: three, two, one clerk, changing at 7 and 11: overtime 0, 1, 3, 2, 3.

    Ciw, test_scheduling.py, test_overtime: all clerks of a shift are others than those before.
    """
    layouts = windows(
        "id: early, list: all, serves: [errand], clerks: {00:00-00:07: 3}",
        "id: middle, list: all, serves: [errand], clerks: {00:07-00:11: 2}",
        "id: late, list: all, serves: [errand], clerks: {00:11-00:20: 1}",
    )
    day = tell(
        small(
            calendars=ALWAYS,
            layouts=layouts,
            matters=f"[{errand(sequence(5, 7, 9, 4, 5, 5))}]",
            demand=come("00:01", "00:01", "00:01", "00:09", "00:09", "00:12"),
        )
    )
    assert overtimes(day)[:5] == [0, 1, 3, 2, 3]


def test_busy_part_of_the_duty() -> None:
    """Check 14e: one clerk until 9, two until 23: busy 21 of 37 minutes on duty.

    Ciw, test_node.py, test_server_utilisation_with_schedules.
    """
    layouts = windows("id: window, serves: [errand], clerks: {00:00-00:09: 1, 00:09-00:23: 2}")
    day = tell(
        small(
            calendars=ALWAYS,
            layouts=layouts,
            matters=f"[{errand(sequence(4, 2, 6, 6, 3))}]",
            demand=come("00:02", "00:06", "00:10", "00:10", "00:17"),
        )
    )
    hall, journal = day.plan.hall, day.journal
    on_duty = int((hall.duty_ends - hall.duty_starts).sum())
    busy = int((journal.ended_at - journal.called_at)[:5].sum())
    assert Fraction(21, 37) == Fraction(busy, on_duty)


def test_fewer_clerks() -> None:
    """When all are busy at the end of a shift, the first to finish closes."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-10:00: 2, 10:00-17:00: 1}")
    day = tell(small(layouts=layouts, demand=come("09:54", "09:55", "09:56", "09:57")))
    assert day.windows == ["window-1", "window-2", "window-2", "window-2"]
    assert day.called == ["09:54", "09:55", "10:05", "10:15"]


def test_idle_ones_go_first() -> None:
    """When a shift ends and some are idle, the highest of them close at once."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-10:00: 3, 10:00-17:00: 1}")
    day = tell(small(layouts=layouts, demand=come("09:55", "09:56", "09:57", "09:57")))
    assert day.windows == ["window-1", "window-2", "window-3", "window-3"]
    assert day.called == ["09:55", "09:56", "09:57", "10:07"]


def test_a_busy_one_that_was_to_close_goes_on_with_the_next_shift() -> None:
    """More clerks again before it has finished: it stays, and nobody else is fetched."""
    roster = (
        "id: window, serves: [errand], clerks: {09:00-10:00: 2, 10:00-10:03: 1, 10:03-17:00: 2}"
    )
    day = tell(small(layouts=windows(roster), demand=come("09:55", "09:55", "10:00", "10:00")))
    assert day.windows == ["window-1", "window-2", "window-1", "window-2"]
    assert day.called == ["09:55", "09:55", "10:05", "10:05"]


def test_more_clerks() -> None:
    """When a shift begins its clerks call at once who waits."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-10:00: 1, 10:00-17:00: 2}")
    day = tell(small(layouts=layouts, demand=come("09:55", "09:56", "09:57")))
    assert day.called == ["09:55", "10:00", "10:05"]


def test_same_clerk_in_two_shifts() -> None:
    """Shifts that touch are one duty: the window neither closes nor counts overtime between."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-12:00: 1, 12:00-17:00: 1}")
    day = tell(small(layouts=layouts))
    assert [
        int(day.plan.hall.duty_starts[0]) // MINUTE,
        int(day.plan.hall.duty_ends[0]) // MINUTE,
    ] == [9 * 60, 17 * 60]


def test_still_busy_when_the_next_shift_begins() -> None:
    """A visit longer than lunch is finished; then the window goes on with the afternoon."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    matters = f"[{errand(sequence(90, 10))}]"
    day = tell(small(calendars=calendars, matters=matters, demand=come("11:50", "11:51")))
    assert day.called == ["11:50", "13:20"]


def test_goes_off_in_the_instant_of_an_arrival() -> None:
    """Shifts end before arrivals: who comes in that instant is not called by who leaves."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-10:00: 1, 11:00-17:00: 1}")
    assert tell(small(layouts=layouts, demand=come("10:00"))).called == ["11:00"]


def test_comes_on_in_the_instant_of_an_arrival() -> None:
    """Shifts begin before arrivals: who comes in that instant is called."""
    layouts = windows("id: window, serves: [errand], clerks: {10:00-17:00: 1}")
    assert tell(small(layouts=layouts, demand=come("10:00"))).called == ["10:00"]


def test_by_weekday() -> None:
    """A roster may differ by weekday."""
    roster = "id: window, serves: [errand], clerks: {mon 09:00-17:00: 1, tue-fri 10:00-17:00: 1}"
    run = "{start: 2025-01-06, measured_days: 2}"
    day = tell(small(run=run, layouts=windows(roster), demand=come("09:00", "1 09:00")))
    assert day.called == ["09:00", "1 10:00"]
    assert int(day.plan.hall.duty_starts[1]) // DAY == 1


@FEW
@given(scenarios())
def test_windows_nobody_sits_at_are_none(text: str) -> None:
    """In any hall, windows built beyond the clerks there are change nothing but numbers."""
    built = altered(text, ("layouts.*.windows.*.count", 9))
    assert_same_day(built, text, ("window",))


@FEW
@given(MINUTES, MINUTES)
def test_a_shift_more_makes_nobody_wait_longer(gaps: list[int], work: list[int]) -> None:
    """More clerks for some hours of the day, the same people."""
    clerks = "layouts.*.windows.*.clerks"
    text = altered(crowd(gaps, work), (clerks, 1))
    more = altered(text, (clerks, {"09:00-10:00": 1, "10:00-11:00": 3, "11:00-17:00": 1}))
    assert (tell(more).journal.called_at <= tell(text).journal.called_at).all()
