"""A reviewer asks the applicant to mend papers: online, or by a trip to hand them in."""

from sim.clock import DAY, HOUR, MINUTE
from tests.strategies import bundle, department, errand, item, small, tell, windows

ASKS = item("x", "30 min", "correction_share: 1.0")
ONLINE = "{department: office, precheck: 5 min}"
WEEK = "{start: 2025-01-06, measured_days: 1, followup_days: 6}"


def test_mended_online() -> None:
    """Papers mended online go straight back to the reviewers' queue."""
    corrections = "{at_most: 1, online: 1, delay: 1 h}"
    day = tell(small(matters=bundle(ASKS), corrections=corrections, online=ONLINE))
    assert (day.started, day.reviewed) == (["09:00", "10:30"], ["09:30", "11:00"])
    assert (day.closed, day.trips) == (["11:00"], [1])


def test_again_takes_less() -> None:
    """A further review takes only a part of the touch time."""
    corrections = "{at_most: 2, online: 1, delay: 0 min, review_again: 0.2}"
    day = tell(small(matters=bundle(ASKS), corrections=corrections, online=ONLINE))
    assert day.reviewed == ["09:30", "09:36", "09:42"]


def test_handed_in_by_a_trip() -> None:
    """Otherwise the applicant comes another day, takes a ticket, and hands the papers in."""
    corrections = "{at_most: 1, delay: 2 d, hand_in: 5 min}"
    day = tell(small(run=WEEK, matters=bundle(ASKS), corrections=corrections))
    journal = day.journal
    assert (day.fates, day.trips) == (["served", "served"], [1, 2])
    assert int(journal.arrived_at[1]) // DAY == 2
    assert int(journal.ended_at[1] - journal.called_at[1]) == 5 * MINUTE
    assert int(journal.ended_at[1]) == int(journal.released_at[1])
    assert day.case_fates[0] == "issued"


def test_trip_that_fails() -> None:
    """Who cannot hand in papers comes again; who gives that up has lost the matter."""
    day = tell(
        small(
            run=WEEK,
            matters=bundle(ASKS, work="10 min"),
            corrections="{at_most: 1, hand_in: 5 min}",
            layouts="[{id: hall, name: {zh: 厅, en: Hall}, windows: "
            "[{id: window, serves: [errand], clerks: {mon 09:00-17:00: 1}}]}]",
            applicants="{unserved: {returns: 1, at_most: 2}}",
        )
    )
    assert day.fates == ["served", "turned away", "turned away", "turned away"]
    assert (day.case_fates, day.trips) == (["lost"], [1, 2, 3, 4])


def test_two_reviewers_ask() -> None:
    """Two departments that ask each cost a trip of their own."""
    asks = [item(name, "30 min", "correction_share: 1.0") for name in ("x", "y")]
    corrections = "{at_most: 1, delay: 1 d, hand_in: 5 min}"
    day = tell(small(run=WEEK, matters=bundle(*asks), corrections=corrections))
    assert day.trips == [1, 2, 3]
    assert sorted(int(x) for x in day.journal.errand[:3]) == [0, 1, 2]


def test_asks_so_often_at_most() -> None:
    """After the agreed number of rounds a review asks no more."""
    corrections = "{at_most: 3, online: 1, delay: 0 min}"
    day = tell(small(matters=bundle(ASKS), corrections=corrections, online=ONLINE))
    assert len(day.reviewed) == 4


def test_nobody_is_in_the_hall() -> None:
    """The share mended on the spot counts for windows only: without a net it takes a trip."""
    corrections = "{at_most: 1, on_the_spot: 1, delay: 1 d, hand_in: 5 min}"
    day = tell(small(run=WEEK, matters=bundle(ASKS), corrections=corrections))
    assert day.trips == [1, 2]


def test_reviewer_is_free_meanwhile() -> None:
    """While the applicant mends papers the reviewer works on others."""
    corrections = "{at_most: 1, online: 1, delay: 10 min}"
    demand = "[{id: p, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:00:00]}]"
    text = small(matters=bundle(ASKS), corrections=corrections, online=ONLINE, demand=demand)
    day = tell(text)
    assert day.started == ["09:00", "10:00", "09:30", "10:30"]
    assert int(max(day.journal.closed_at)) - 9 * HOUR == 2 * HOUR


def test_all_who_give_up_at_closing_have_lost_their_matters() -> None:
    """Several people sent away at the same closing who do not come again: each case is closed."""
    matters = (
        bundle(ASKS, more="groups: [all]")[:-1] + f", {errand('10 h', 'groups: [all]', 'long')}]"
    )
    at_nine = "at: [2025-01-06T09:00:00, 2025-01-06T09:00:00, 2025-01-06T09:00:00]"
    day = tell(
        small(
            run=WEEK,
            hall="closing: cut_off",
            matters=matters,
            departments=f"[{department('office', 3)}]",
            corrections="{at_most: 1, hand_in: 5 min}",
            applicants="{unserved: {returns: 0, lost: 1}}",
            demand=f"[{{id: a, matter: errand, {at_nine}}},"
            " {id: b, matter: long, at: [2025-01-07T09:00:00]}]",
            layouts=windows("id: window, serves: [all], clerks: 1"),
        )
    )
    assert day.fates == ["served"] * 3 + ["served"] + ["cut off"] * 3
    assert day.case_fates == ["lost"] * 3 + ["issued"]
    assert {int(x) for x in day.journal.closed_at[:3]} == {DAY + 17 * HOUR}
