"""A rejected item stops the case, or only what comes after it."""

from hypothesis import given

from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    bundle,
    department,
    item,
    scenarios,
    small,
    tell,
)

DEPARTMENTS = f"[{department('a')}, {department('b')}, {department('office')}]"
REFUSED = item("x", "30 min", "rejection_share: 1.0", "a")
BESIDE = item("y", "50 min", department="b")
AFTER = item("z", "10 min", "after: [x]")
AFTER_BESIDE = item("w", "10 min", "after: [y]")
GOES_ON = "on_rejection: continue"


def outcome(*items: str, more: str = "") -> tuple[list[str], list[str | None], list[str | None]]:
    """How the case ends, when, and when each item was finished."""
    day = tell(small(matters=bundle(*items, more=more), departments=DEPARTMENTS))
    return day.case_fates, day.closed, day.completed


def test_stops() -> None:
    """Nothing starts any more; what is in hand is finished."""
    result = outcome(AFTER_BESIDE, REFUSED, BESIDE, AFTER)
    assert result == (["rejected"], ["09:50"], [None, "09:30", "09:50", None])


def test_continues() -> None:
    """The rest goes on, and the case is granted in part."""
    result = outcome(AFTER_BESIDE, REFUSED, BESIDE, AFTER, more=GOES_ON)
    assert result == (["partly"], ["10:00"], ["10:00", "09:30", "09:50", None])


def test_nothing_granted() -> None:
    """A case of which nothing is granted is rejected, also when the rest may go on."""
    assert outcome(REFUSED, AFTER, more=GOES_ON) == (["rejected"], ["09:30"], ["09:30", None])


def test_rejected_after_the_external_span() -> None:
    """The decision takes effect when the item is finished, its external span included."""
    refused = item("x", "30 min", "rejection_share: 1.0, external: 20 min", "a")
    assert outcome(refused) == (["rejected"], ["09:50"], ["09:50"])


def test_still_in_hand_at_the_end() -> None:
    """A case with a rejected item and another still in hand is open."""
    result = outcome(REFUSED, item("y", "9 h", department="b"))
    assert result == (["open"], [None], ["09:30", None])


def test_descendants_of_an_item_not_needed() -> None:
    """A rejection also stops what follows an item that is not needed."""
    skipped = item("s", "0 min", "share: 0.0, after: [x]")
    result = outcome(REFUSED, skipped, item("t", "10 min", "after: [s]"), more=GOES_ON)
    assert result == (["rejected"], ["09:30"], [None, "09:30"])


@FEW
@given(scenarios())
def test_where_nothing_is_rejected_both_ways_are_one(text: str) -> None:
    """In any hall."""
    granted = altered(text, ("matters.*.items.*.rejection_share", 0.0))
    rule = "matters.*.on_rejection"
    assert_same_day(altered(granted, (rule, "stop")), altered(granted, (rule, "continue")))


@FEW
@given(scenarios())
def test_stopping_starts_no_item_that_going_on_does_not(text: str) -> None:
    """In any hall with reviewers and windows for all: who is stopped has no more items reviewed."""
    free = altered(
        text,
        ("departments.*.reviewers", 9_999),
        ("layouts.*.windows.*.clerks", 60),
        ("layouts.*.windows.*.tidal", None),
        ("hall.capacity", None),
        ("hall.reception", None),
    )
    rule = "matters.*.on_rejection"
    stop, on = (tell(altered(free, (rule, how))).journal for how in ("stop", "continue"))
    assert ((stop.item_released_at >= 0) <= (on.item_released_at >= 0)).all()
