"""Applications through the net: checked by reviewers, without a window and without a trip."""

from hypothesis import given

from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    bundle,
    come,
    department,
    item,
    ordinary_scenarios,
    small,
    tell,
)

ONLINE = "{department: office, precheck: 20 min}"
NET = "online_share: 1.0"


def test_checked_by_a_reviewer() -> None:
    """Online applications queue for the reviewers of their department, first come first checked."""
    demand = come("09:00", "09:05", more=NET)
    day = tell(small(demand=demand, online=ONLINE))
    assert (day.called, day.ended) == (["09:00", "09:20"], ["09:20", "09:40"])
    assert (day.lists, day.trips) == (["online", "online"], [0, 0])
    assert day.case_fates == ["issued", "issued"]


def test_at_night() -> None:
    """Who applies at night is checked in the morning."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 1}"
    day = tell(small(run=run, demand=come("23:00", more=NET), online=ONLINE))
    assert (day.taken, day.called) == (["23:00"], ["1 09:00"])


def test_before_reviews_that_are_not_due() -> None:
    """A check is due at once, so it comes before reviews with a later limit."""
    matters = bundle(item("x", "60 min"), more="promised: 5 wd")
    text = small(matters=matters, demand=come("09:00", "09:00", "09:10", more=NET), online=ONLINE)
    day = tell(text)
    assert day.called == ["09:00", "09:20", "09:40"]
    assert day.started == ["10:00", "11:00", "12:00"]


def test_half_online() -> None:
    """Each applies where the tape says; both groups exist."""
    demand = come(*["09:00"] * 40, more="online_share: 0.5")
    day = tell(small(demand=demand, online=ONLINE))
    assert {"online", "window"} == set(day.lists)
    assert int(day.tape.errands.online.sum()) == day.lists.count("online")


def test_incomplete() -> None:
    """Papers found incomplete are mended at home and sent again, after the department's hours."""
    demand = come("09:00", more=NET)
    corrections = "{share: 1, at_most: 2, delay: 1 h}"
    day = tell(small(demand=demand, online=ONLINE, corrections=corrections))
    assert day.fates == ["sent back", "sent back", "served"]
    assert day.ended == ["09:20", "10:40", "12:00"]


def test_no_work_needs_nobody() -> None:
    """A check that takes no time passes in the same instant, even at night."""
    online = "{department: office, precheck: 0 min}"
    day = tell(small(demand=come("20:00", more=NET), online=online))
    assert (day.called, day.ended) == (["20:00"], ["20:00"])


def test_reviewers_ask_online_applicants_online() -> None:
    """Who applies online also mends online what a reviewer asks for."""
    parts = item("x", "30 min", "correction_share: 1.0")
    text = small(
        matters=bundle(parts),
        demand=come("09:00", more=NET),
        online=ONLINE,
        corrections="{at_most: 1, delay: 10 min}",
        departments=f"[{department('office')}]",
    )
    day = tell(text)
    assert day.started == ["09:20", "10:00"]
    assert (day.closed, day.trips) == (["10:30"], [0])


@FEW
@given(ordinary_scenarios())
def test_everybody_online_is_no_trip_at_all(text: str) -> None:
    """In any hall where nobody collects results: no ticket, no window, no wait in the hall."""
    day = tell(altered(text, ("demand.*.online_share", 1.0), ("matters.*.issue", None)))
    assert set(day.lists) <= {"online"}
    assert set(day.trips) <= {0}


@FEW
@given(ordinary_scenarios())
def test_a_way_nobody_takes_is_none(text: str) -> None:
    """In any hall, an online intake that nobody uses changes nothing."""
    unused = altered(
        text,
        ("demand.*.online_share", 0.0),
        ("corrections.online", 0.0),
        ("applicants.unserved", {"returns": 0.6, "lost": 0.4}),
    )
    assert_same_day(unused, altered(unused, ("online", None)))
