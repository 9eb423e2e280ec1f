"""Results reach applicants electronically, by post, or by one more trip (出件)."""

from hypothesis import given
from hypothesis import strategies as st

from sim.clock import DAY
from tests.strategies import (
    FEW,
    Told,
    altered,
    assert_same_day,
    bundle,
    come,
    department,
    item,
    scenarios,
    small,
    tell,
)

DAYS = "{start: 2025-01-06, measured_days: 5}"
ISSUE = "matters.*.issue"


def case(issue: str, *more: str, run: str = DAYS) -> Told:
    """One case of half an hour's review, handed in at nine."""
    items = (item("x", "30 min"), *more)
    matters = bundle(*items, work="10 min", more=f"issue: {{{issue}}}")
    return tell(small(run=run, matters=matters))


def test_electronically_at_once() -> None:
    """Unless told otherwise the result is there when the case is closed."""
    day = case("post: 0")
    assert (day.closed, day.issued) == (["09:40"], ["09:40"])


def test_by_post() -> None:
    """The days in the post follow the decision, which is closed already; nobody travels."""
    day = case("post: 1, mailing: 2 d")
    assert (day.closed, day.issued, day.trips) == (["09:40"], ["2 09:40"], [1])
    assert case("post: 1, mailing: 3 wd").issued == ["3 09:40"]


def test_by_a_trip() -> None:
    """The applicant comes another day, queues, and is handed the result: two trips."""
    day = case("collection: 1, collects_after: 2 d, service: 3 min")
    assert (day.closed, day.trips, day.fates) == (["09:40"], [1, 2], ["served", "served"])
    assert day.journal.issued_at[0] == day.journal.ended_at[1]
    assert day.journal.ended_at[1] - day.journal.called_at[1] == 3 * 60_000
    assert day.journal.arrived_at[1] // DAY == 2


def test_at_other_windows() -> None:
    """Results may be handed over at windows of their own."""
    text = small(
        run=DAYS,
        matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 9 min},"
        " issue: {collection: 1, at: hand_out}},"
        " {id: hand_out, name: {zh: 出件, en: Hand out}, lead: office, service: {base: 1 min}}]",
        layouts="[{id: hall, name: {zh: 厅, en: Hall}, windows: [{id: window, serves: [errand],"
        " clerks: 1}, {id: issuing, serves: [hand_out], clerks: 1}]}]",
    )
    assert tell(text).windows == ["window-1", "issuing-1"]


def test_nothing_to_issue() -> None:
    """A rejected case has no result, and nobody comes for one."""
    day = case("collection: 1", item("y", "1 min", "rejection_share: 1"))
    assert (day.case_fates, day.issued, day.trips) == (["rejected"], [None], [1])


def test_who_is_never_served_has_no_result() -> None:
    """The case stays issued; its result lies there."""
    text = small(
        run=DAYS,
        applicants="{unserved: {at_most: 1}}",
        matters=bundle(work="10 min", more="issue: {collection: 1, collects_after: 3 d}"),
        demand=come("09:00"),
        layouts="[{id: hall, name: {zh: 厅, en: Hall}, windows:"
        " [{id: window, serves: [errand], clerks: {mon 09:00-17:00: 1}}]}]",
    )
    day = tell(text)
    assert (day.case_fates, day.issued) == (["issued"], [None])
    assert day.fates == ["served", "turned away", "turned away"]


@FEW
@given(scenarios())
def test_ways_nobody_goes_are_none(text: str) -> None:
    """In any hall: shares of nought are as if nothing was told, whatever else is."""
    nobody = {"post": 0, "collection": 0, "mailing": "9 d", "service": "9 min"}
    assert_same_day(altered(text, (ISSUE, nobody)), altered(text, (ISSUE, None)))


@FEW
@given(scenarios(), st.integers(0, 4))
def test_post_changes_nothing_but_the_arrival(text: str, days: int) -> None:
    """In any hall: whatever is in the post, the same cases close at the same instants."""
    post = {"post": 1, "mailing": f"{days} d"}
    posted, plain = tell(altered(text, (ISSUE, post))), tell(altered(text, (ISSUE, None)))
    assert posted.journal.closed_at.tolist() == plain.journal.closed_at.tolist()
    arrived = posted.journal.issued_at >= 0
    late = posted.journal.issued_at - posted.journal.closed_at
    assert (late[arrived] == days * DAY).all()


@FEW
@given(scenarios())
def test_more_collect_when_the_share_rises(text: str) -> None:
    """Who collects at a third collects at two thirds too: the same people."""
    few, many = (tell(altered(text, (ISSUE, {"collection": share}))) for share in (0.33, 0.67))
    assert ((few.tape.cases.collection >= 0) <= (many.tape.cases.collection >= 0)).all()


def test_departments_do_not_matter() -> None:
    """A trip to collect keeps no reviewer busy."""
    departments = f"[{department('office')}]"
    matters = bundle(item("x", "30 min"), more="issue: {collection: 1}")
    day = tell(small(run=DAYS, matters=matters, departments=departments))
    assert day.reviewed == ["09:30"]
