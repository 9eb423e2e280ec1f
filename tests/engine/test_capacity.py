"""The hall holds so many people; more are turned away."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "{unserved: {returns: 0, lost: 1}}"


def test_full() -> None:
    """Who finds the hall full is turned away at the door, without a list."""
    day = tell(small(hall="capacity: 2", applicants=LOST, demand=come("09:00", "09:00", "09:00")))
    assert day.fates == ["served", "served", "turned away"]
    assert (day.lists[2], day.taken[2], day.ended[2]) == ("none", None, "09:00")


def test_counts_who_is_at_a_window() -> None:
    """People at windows are inside: with one place each nobody ever waits."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    demand = come("09:00", "09:01", "09:02", "09:10")
    day = tell(small(hall="capacity: 2", layouts=layouts, applicants=LOST, demand=demand))
    assert day.fates == ["served", "served", "turned away", "served"]


def test_leaves_as_another_comes() -> None:
    """Ends come before arrivals: who comes as another leaves finds the place free."""
    day = tell(small(hall="capacity: 1", applicants=LOST, demand=come("09:00", "09:10")))
    assert day.called == ["09:00", "09:10"]


def test_as_balking_at_three_in_the_hall() -> None:
    """Check 14h told by places: three in the hall are too many."""
    demand = come(*[f"09:{minute:02d}" for minute in range(5, 52, 5)])
    matters = f"[{errand('21 min')}]"
    day = tell(small(matters=matters, hall="capacity: 3", applicants=LOST, demand=demand))
    away = [at for at, fate in zip(day.arrived, day.fates, strict=True) if fate == "turned away"]
    assert away == ["09:20", "09:25", "09:35", "09:40", "09:45"]


def test_who_gives_up_makes_room() -> None:
    """Who leaves the queue leaves the hall."""
    applicants = "{patience: 3 min, unserved: {returns: 0, lost: 1}}"
    demand = come("09:00", "09:00", "09:02", "09:04")
    day = tell(small(hall="capacity: 2", applicants=applicants, demand=demand))
    assert day.fates == ["served", "gave up", "turned away", "gave up"]


def test_at_the_door_is_not_inside() -> None:
    """Those who wait at the door for the opening come in one by one until the hall is full."""
    demand = come("08:00", "08:10", "08:20")
    day = tell(small(hall="capacity: 2", applicants=LOST, demand=demand))
    assert day.fates == ["served", "served", "turned away"]
    assert day.ended[2] == "09:00"


def test_mending_papers_inside_takes_a_place() -> None:
    """Who mends papers in the hall stays inside."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 30 min}"
    demand = come("09:00", "09:20")
    day = tell(small(hall="capacity: 1", corrections=corrections, applicants=LOST, demand=demand))
    assert day.fates == ["sent back", "turned away", "served"]


def test_reception_counts() -> None:
    """The queue of the desk is inside."""
    hall = "capacity: 2, reception: {clerks: 1, service: 5 min}"
    day = tell(small(hall=hall, applicants=LOST, demand=come("09:00", "09:00", "09:00")))
    assert day.fates == ["served", "served", "turned away"]


@FEW
@given(scenarios())
def test_a_hall_for_a_million_is_a_hall_without_limit(text: str) -> None:
    """In any hall, a capacity that is never reached is none."""
    vast = altered(text, ("hall.capacity", 1_000_000))
    assert_same_day(vast, altered(text, ("hall.capacity", None)))


@FEW
@given(MINUTES, MINUTES, st.integers(1, 6))
def test_who_is_turned_away_shortens_the_wait_of_those_inside(
    gaps: list[int], work: list[int], places: int
) -> None:
    """Nobody who is called waits longer than if everybody had come in."""
    text = crowd(gaps, work)
    some = tell(altered(text, ("hall.capacity", places))).journal
    called = some.called_at >= 0
    assert (some.called_at <= tell(text).journal.called_at)[called].all()
