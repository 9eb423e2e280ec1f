"""The desk at the door: its own queue, and papers caught before the wait for a window."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    clock,
    come,
    crowd,
    errand,
    ordinary_scenarios,
    sequence,
    small,
    tell,
    windows,
)

DESK = "reception: {clerks: 1, service: 2 min}"
LOST = "{unserved: {returns: 0, lost: 1}}"


def test_desk_before_the_ticket() -> None:
    """The desk receives one after the other; the ticket is taken afterwards."""
    day = tell(small(hall=DESK, demand=come("09:00", "09:00", "09:00")))
    assert day.greeted == ["09:00", "09:02", "09:04"]
    assert day.taken == ["09:02", "09:04", "09:06"]
    assert day.called == ["09:02", "09:12", "09:22"]


def test_two_at_the_desk() -> None:
    """Two receptionists receive two at a time."""
    desk = f"reception: {{clerks: 2, service: {sequence(5, 2, 2)}}}"
    day = tell(small(hall=desk, demand=come("09:00", "09:00", "09:00")))
    assert day.greeted == ["09:00", "09:00", "09:02"]
    assert day.taken == ["09:05", "09:02", "09:04"]


def test_caught_at_the_door() -> None:
    """Incomplete papers found at the desk never reach a window."""
    corrections = "{share: 1, at_most: 1, delay: 0 d}"
    hall = "reception: {clerks: 1, service: 2 min, catches: 1}"
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 1}"
    day = tell(small(run=run, hall=hall, corrections=corrections))
    assert day.fates == ["caught", "served"]
    assert (clock(int(day.journal.ended_at[0])), int(day.journal.taken_at[0])) == ("09:02", -1)
    assert day.trips == [1, 2]


def test_not_caught() -> None:
    """What the desk does not find the window finds."""
    corrections = "{share: 1, at_most: 1}"
    hall = "reception: {clerks: 1, service: 2 min, catches: 0}"
    day = tell(small(hall=hall, corrections=corrections))
    assert (day.fates, day.ended) == (["sent back"], ["09:12"])


def test_mended_at_the_desk() -> None:
    """Papers caught and mended on the spot go on to the ticket, past the desk."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 5 min}"
    hall = "reception: {clerks: 1, service: 2 min, catches: 1}"
    day = tell(small(hall=hall, corrections=corrections))
    assert day.fates == ["caught", "served"]
    assert (day.taken, day.greeted) == ([None, "09:07"], ["09:00", None])
    assert day.trips == [1, 1]


def test_desk_at_lunch() -> None:
    """A desk that nobody staffs is passed by, also by who stands in its queue."""
    desk = "reception: {clerks: {09:00-10:00: 1}, service: 10 min}"
    layouts = windows("id: window, serves: [errand], clerks: 9")
    demand = come("09:45", "09:45", "09:45", "11:00")
    day = tell(small(hall=desk, layouts=layouts, demand=demand))
    assert day.greeted == ["09:45", "09:55", None, None]
    assert day.taken == ["09:55", "10:05", "10:00", "11:00"]


def test_desk_opens_later_than_the_hall() -> None:
    """The desk of yesterday evening is not there the next morning before its own hours."""
    desk = "reception: {clerks: {10:00-17:00: 1}, service: 10 min}"
    run = "{start: 2025-01-06, measured_days: 2}"
    day = tell(small(hall=desk, run=run, demand=come("16:30", "1 09:30", "1 10:00")))
    assert day.greeted == ["16:30", None, "1 10:00"]
    assert day.taken == ["16:40", "1 09:30", "1 10:10"]


def test_desk_after_closing() -> None:
    """Who stands at the desk when the hall closes is received and served."""
    day = tell(small(hall=DESK, demand=come("16:58", "16:59", "16:59")))
    assert day.greeted == ["16:58", "17:00", "17:02"]
    assert day.called == ["17:00", "17:10", "17:20"]


def test_desk_cut_off() -> None:
    """With a cut-off the queue of the desk goes home; who is at the desk finds no window."""
    hall = "closing: cut_off, reception: {clerks: 1, service: 5 min}"
    day = tell(small(hall=hall, applicants=LOST, demand=come("16:58", "16:59")))
    assert day.fates == ["turned away", "cut off"]
    assert day.ended == ["17:03", "17:00"]


def test_nobody_is_received_twice() -> None:
    """Service at the desk in no time keeps the order of coming."""
    hall = "reception: {clerks: 1, service: 0 min}"
    day = tell(small(hall=hall, demand=come("09:00", "09:00"), matters=f"[{errand('1 min')}]"))
    assert day.greeted == ["09:00", "09:00"]
    assert day.called == ["09:00", "09:01"]


@FEW
@given(ordinary_scenarios())
def test_a_desk_that_does_nothing_is_none(text: str) -> None:
    """In any hall: received in no time, nothing caught. Only that people were received is told."""
    idle = {"clerks": 9, "service": "0 min", "catches": 0.0}
    # who turns round and goes online does so beside who comes at the same instant: in what order
    # two such rows are written, the desk decides
    text = altered(text, ("applicants.unserved", {"returns": 1.0}))
    none = altered(text, ("hall.reception", None))
    assert_same_day(altered(text, ("hall.reception", idle)), none, ("greeted_at",))


@FEW
@given(ordinary_scenarios())
def test_a_desk_that_catches_nothing_is_a_kiosk(text: str) -> None:
    """In any hall: what cannot look at papers finds as much as who does not."""
    desk = {"clerks": 1, "service": "3 min", "catches": 0.0}
    blind = altered(text, ("hall.reception", desk))
    assert_same_day(blind, altered(blind, ("hall.reception.kind", "kiosk")))


@FEW
@given(MINUTES, MINUTES, st.integers(0, 5))
def test_a_faster_desk_makes_nobody_wait_longer(
    gaps: list[int], work: list[int], minutes: int
) -> None:
    """One queue before the desk and one behind it, both in the order of coming."""
    text = crowd(gaps, work, hall="reception: {clerks: 1, service: 6 min}")
    slow = tell(text).journal
    fast = tell(altered(text, ("hall.reception.service", f"{minutes} min"))).journal
    assert (fast.taken_at <= slow.taken_at).all()
    assert (fast.called_at <= slow.called_at).all()
