"""Items of a matter: in parallel where nothing says otherwise, after each other where it does."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    altered,
    bundle,
    come,
    department,
    item,
    ordinary_scenarios,
    small,
    tell,
)

THREE = f"[{department('a')}, {department('b')}, {department('office')}]"


def test_in_parallel() -> None:
    """Departments review at the same time; the slowest decides when the case is closed."""
    matters = bundle(item("x", "30 min", department="a"), item("y", "50 min", department="b"))
    day = tell(small(matters=matters, departments=THREE))
    assert (day.completed, day.closed) == (["09:30", "09:50"], ["09:50"])


def test_after_each_other() -> None:
    """An item waits for the items it comes after."""
    second = item("y", "50 min", "after: [x]", "b")
    matters = bundle(second, item("x", "30 min", department="a"))
    day = tell(small(matters=matters, departments=THREE))
    assert (day.completed, day.closed) == (["09:30", "10:20"], ["10:20"])


def test_join() -> None:
    """The lead department signs when all others have finished."""
    last = item("z", "5 min", "after: [x, y]")
    parts = item("x", "30 min", department="a"), item("y", "50 min", department="b"), last
    day = tell(small(matters=bundle(*parts), departments=THREE))
    assert day.completed == ["09:30", "09:50", "09:55"]
    assert day.released == ["09:00", "09:00", "09:50"]


def test_one_reviewer_for_two_items() -> None:
    """Items of one department queue for its reviewer, the first by name first."""
    matters = bundle(item("y", "50 min"), item("x", "30 min"))
    assert tell(small(matters=matters)).completed == ["09:30", "10:20"]


def test_item_not_needed() -> None:
    """An item that an applicant does not need is left out and blocks nothing."""
    matters = bundle(item("x", "30 min", "share: 0.0", "a"), item("y", "50 min", "after: [x]", "b"))
    day = tell(small(matters=matters, departments=THREE))
    assert (day.completed, day.case_fates) == (["09:50"], ["issued"])


def test_order_around_an_item_not_needed() -> None:
    """What comes after an item not needed still waits for what comes before it."""
    parts = (
        item("x", "30 min", department="a"),
        item("y", "50 min", "share: 0.0, after: [x]", "b"),
        item("z", "10 min", "after: [y]"),
    )
    assert tell(small(matters=bundle(*parts), departments=THREE)).completed == ["09:30", "09:40"]


def test_one_of() -> None:
    """Of items that exclude each other everybody needs one."""
    parts = (
        item("x", "30 min", "share: 0.25, one_of: kind", "a"),
        item("y", "50 min", "share: 0.75, one_of: kind", "b"),
    )
    demand = come(*["09:00"] * 400)
    day = tell(small(matters=bundle(*parts), departments=THREE, demand=demand))
    assert (day.tape.cases.item_offsets[1:] - day.tape.cases.item_offsets[:-1]).tolist() == [
        1
    ] * 400
    # 400 × 0.25 expected, standard deviation √(400 × 0.25 × 0.75) = 8.7
    assert abs(int((day.tape.items.item == 0).sum()) - 100) < 3 * 8.7


def test_one_of_none() -> None:
    """When the shares of a choice stay below 1, some need none of its items."""
    parts = item("x", "0 min", "share: 0.5, one_of: kind"), item("y", "0 min")
    day = tell(small(matters=bundle(*parts), demand=come(*["09:00"] * 100)))
    sizes = (day.tape.cases.item_offsets[1:] - day.tape.cases.item_offsets[:-1]).tolist()
    assert {1, 2} == set(sizes)


def test_diamond() -> None:
    """A fork after a first item joins again before the last."""
    parts = (
        item("a", "10 min", department="a"),
        item("b", "20 min", "after: [a]", "a"),
        item("c", "40 min", "after: [a]", "b"),
        item("d", "10 min", "after: [b, c]"),
    )
    day = tell(small(matters=bundle(*parts), departments=THREE))
    assert day.completed == ["09:10", "09:30", "09:50", "10:00"]


REVIEWS = st.lists(st.integers(0, 200), min_size=2, max_size=5)
"""Minutes of review of each item."""


def lone(minutes: list[int], *, chain: bool, places: list[str]) -> str:
    """One case with items at these departments, after each other or all at once."""
    parts = [
        item(f"i{n}", f"{m} min", f"after: [i{n - 1}]" if chain and n else "", place)
        for n, (m, place) in enumerate(zip(minutes, places, strict=True))
    ]
    departments = [department(name) for name in dict.fromkeys([*places, "office"])]
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 6}"
    return small(matters=bundle(*parts), departments=f"[{', '.join(departments)}]", run=run)


@FEW
@given(REVIEWS)
def test_one_reviewer_makes_parallel_items_serial(minutes: list[int]) -> None:
    """With one reviewer for all, it does not matter whether items wait for each other."""
    places = ["office"] * len(minutes)
    side_by_side = tell(lone(minutes, chain=False, places=places))
    chain = tell(lone(minutes, chain=True, places=places))
    assert side_by_side.closed == chain.closed


@FEW
@given(REVIEWS)
def test_a_department_each_makes_the_longest_count(minutes: list[int]) -> None:
    """Side by side only the longest review counts; in a chain they add, as with one alone."""
    places = [f"d{n}" for n in range(len(minutes))]
    longest = lone([max(minutes), 0], chain=False, places=["d0", "d1"])
    assert tell(lone(minutes, chain=False, places=places)).closed == tell(longest).closed
    chain = lone(minutes, chain=True, places=places)
    alone = lone(minutes, chain=True, places=["office"] * len(minutes))
    assert tell(chain).closed == tell(alone).closed


@FEW
@given(ordinary_scenarios())
def test_an_item_nobody_needs_is_none(text: str) -> None:
    """In any hall, with a share of nought everywhere matters are as without items."""
    bundled = altered(text, ("matters.*.handling", "bundled"))
    with_item, bare = (
        tell(altered(bundled, change)).journal
        for change in (("matters.*.items.*.share", 0.0), ("matters.*.items", None))
    )
    for name in ("called_at", "ended_at", "accepted_at", "closed_at", "case_fate"):
        np.testing.assert_array_equal(getattr(with_item, name), getattr(bare, name), name)
