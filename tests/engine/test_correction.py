"""Incomplete papers at an intake: sent back, mended on the spot, online, or by another trip."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import DAY
from sim.plan.tape import INTAKE
from tests.strategies import FEW, altered, assert_same_day, come, errand, scenarios, small, tell

ALWAYS = "share: 1, at_most: 1"
WEEK = "{start: 2025-01-06, measured_days: 1, followup_days: 4}"


def test_on_the_spot() -> None:
    """Papers mended in the hall are handed in with a new ticket of the same trip."""
    corrections = f"{{{ALWAYS}, on_the_spot: 1, spot_delay: 5 min}}"
    day = tell(small(corrections=corrections))
    assert day.fates == ["sent back", "served"]
    assert (day.called, day.ended) == (["09:00", "09:15"], ["09:10", "09:25"])
    assert (day.trips, day.accepted) == ([1, 1], ["09:25"])


def test_fault_found_early() -> None:
    """A visit that finds a fault takes only the part of the work done until then."""
    corrections = f"{{{ALWAYS}, on_the_spot: 1, service_share: 0.4}}"
    assert tell(small(corrections=corrections)).ended == ["09:04", "09:14"]


def test_another_trip() -> None:
    """The rest mends at home and comes another day."""
    corrections = f"{{{ALWAYS}, delay: 2 d}}"
    day = tell(small(run=WEEK, corrections=corrections))
    assert (day.fates, day.trips) == (["sent back", "served"], [1, 2])
    assert int(day.journal.arrived_at[1]) // DAY == 2


def test_online() -> None:
    """Papers mended online are checked by a reviewer; no second trip."""
    corrections = f"{{{ALWAYS}, online: 1, delay: 1 h}}"
    online = "{department: office, precheck: 5 min}"
    day = tell(small(corrections=corrections, online=online))
    assert (day.fates, day.lists) == (["sent back", "served"], ["window", "online"])
    assert (day.ended, day.trips) == (["09:10", "10:15"], [1, 0])


def test_at_most() -> None:
    """After the agreed number of rounds papers are complete."""
    corrections = "{share: 1, at_most: 3, on_the_spot: 1}"
    day = tell(small(corrections=corrections))
    assert day.fates == ["sent back", "sent back", "sent back", "served"]


def test_none_at_all() -> None:
    """With no round allowed nobody is sent back."""
    assert tell(small(corrections="{share: 1, at_most: 0}")).fates == ["served"]


def test_by_matter() -> None:
    """A matter's own share replaces the common one."""
    matters = f"[{errand('10 min', 'correction_share: 0.0')}]"
    assert tell(small(corrections="{share: 1}", matters=matters)).fates == ["served"]


def test_share_of_people() -> None:
    """About the share of people is sent back, each time anew."""
    demand = come(*["09:00"] * 4000)
    matters = f"[{errand('0 min')}]"
    corrections = "{share: 0.3, at_most: 10, on_the_spot: 1}"
    day = tell(small(demand=demand, matters=matters, corrections=corrections))
    # geometric: 4000 × 0.3 / 0.7 expected, standard deviation √(4000 × 0.3) / 0.7 = 49.5
    assert abs(day.fates.count("sent back") - 1714) < 3 * 49.5


def test_a_case_is_accepted_once() -> None:
    """A case is accepted when its papers are complete, not before."""
    day = tell(small(run=WEEK, corrections=f"{{{ALWAYS}}}"))
    assert int(day.journal.ended_at[1]) == int(day.journal.accepted_at[0])


@FEW
@given(scenarios())
def test_nobody_s_papers_are_incomplete(text: str) -> None:
    """In any hall, a share of nought, no round allowed, and no corrections at all are the same."""
    text = altered(text, ("matters.*.items.*.correction_share", 0.0))
    none = altered(text, ("corrections", None))
    assert_same_day(altered(text, ("corrections.share", 0.0)), none)
    assert_same_day(altered(text, ("corrections.at_most", 0)), none)


@FEW
@given(scenarios())
def test_complete_papers_and_no_return_are_one_trip(text: str) -> None:
    """In any hall: without corrections, and lost where unserved, a bundled case comes once."""
    once = altered(
        text,
        ("corrections", None),
        ("matters.*.items.*.correction_share", 0.0),
        ("matters.*.handling", "bundled"),
        ("matters.*.issue", None),
        ("applicants.unserved", {"returns": 0.0, "lost": 1.0}),
        ("hall.closing", "serve_all"),  # nobody comes again with a ticket of the day before
    )
    assert set(tell(once).trips) <= {0, 1}


@FEW
@given(scenarios(), st.sampled_from([(0.0, 0.2), (0.2, 0.5), (0.5, 1.0)]))
def test_more_incomplete_papers_spare_nobody_a_round(
    text: str, shares: tuple[float, float]
) -> None:
    """The same people: whoever fails often enough at a low share fails as often at a higher one."""
    rounds = []
    for share in shares:
        tape = tell(altered(text, ("corrections.share", share))).tape
        rounds.append(np.bincount(tape.errands.case[tape.errands.purpose == INTAKE]))
    assert (rounds[0] <= rounds[1]).all()
