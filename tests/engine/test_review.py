"""Reviews: reviewers take jobs up in office hours; work pauses at closing, or is finished."""

from hypothesis import given
from hypothesis import strategies as st

from sim.clock import MINUTE
from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    bundle,
    come,
    crowd,
    department,
    item,
    ordinary_scenarios,
    sequence,
    small,
    tell,
)

WEEK = "{start: 2025-01-06, measured_days: 1, followup_days: 20}"


def reviews(law: str, **sections: str) -> str:
    """Cases that are reviewed by one officer as soon as they are handed in."""
    return small(matters=bundle(item("x", law)), **sections)


def test_calendar_trace() -> None:
    """One officer, 09-12 and 13-17 on working days: four cases, to the minute.

    Case calendar-trace-a; Monday 00:00 is minute 0.
    """
    calendars = (
        "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}},"
        " {id: always, weekly: {mon-sun: [00:00-24:00]}}]"
    )
    hall = "{name: {zh: 厅, en: Hall}, hours: always}"
    law = sequence(90, 200, 240, 45)
    demand = come("09:30", "10:50", "4 15:40", "4 15:50")
    week = "{start: 2025-01-06, measured_days: 8}"
    day = tell(reviews(law, run=week, calendars=calendars, hall=hall, demand=demand))
    assert [int(t) // MINUTE for t in day.journal.completed_at] == [660, 920, 10780, 10885]


def test_one_reviewer() -> None:
    """One reviewer does one after the other."""
    day = tell(reviews("30 min", demand=come("09:00", "09:00")))
    assert (day.started, day.reviewed) == (["09:00", "09:30"], ["09:30", "10:00"])


def test_two_reviewers() -> None:
    """Two reviewers do two at a time."""
    departments = f"[{department('office', 2)}]"
    demand = come("09:00", "09:00", "09:00")
    day = tell(reviews("30 min", demand=demand, departments=departments))
    assert day.started == ["09:00", "09:00", "09:30"]


def test_pauses_over_night_and_weekend() -> None:
    """A review in hand at closing goes on at the next opening, also after a weekend."""
    run = "{start: 2025-01-06, measured_days: 6}"
    day = tell(reviews("2 h", run=run, demand=come("16:00", "4 16:30")))
    assert day.reviewed == ["1 10:00", "7 10:30"]


def test_pauses_more_than_once() -> None:
    """A long review pauses every night."""
    run = "{start: 2025-01-06, measured_days: 5}"
    day = tell(reviews("20 h", run=run))
    assert day.reviewed == ["2 13:00"]


def test_ends_with_the_day() -> None:
    """A review whose work fills the day ends in the evening, not the next morning."""
    assert tell(reviews("8 h")).reviewed == ["17:00"]


def test_finishes() -> None:
    """A department that finishes what it has in hand takes nothing up after closing."""
    departments = f"[{department('office', 1, 'at_close: finish')}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    demand = come("16:00", "16:00")
    day = tell(reviews("2 h", run=run, departments=departments, demand=demand))
    assert (day.started, day.reviewed) == (["16:00", "1 09:00"], ["18:00", "1 11:00"])


def test_handed_in_after_hours() -> None:
    """A case accepted after the department has closed is taken up at its next opening."""
    calendars = (
        "[{id: day, weekly: {mon-fri: [09:00-17:00]}},"
        " {id: short, weekly: {mon: [10:00-11:00], wed: [10:00-11:00]}}]"
    )
    departments = "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: short}]"
    run = "{start: 2025-01-06, measured_days: 3}"
    demand = come("09:00", "11:00")
    text = reviews("20 min", calendars=calendars, departments=departments, run=run, demand=demand)
    assert tell(text).started == ["10:00", "2 10:00"]


def test_holiday_week() -> None:
    """A review begun before the holidays ends after them."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, holidays: china}]"
    run = "{start: 2025-09-30, measured_days: 2, holidays: china}"
    demand = "[{id: people, matter: errand, at: [2025-09-30T16:00:00]}]"
    day = tell(reviews("2 h", calendars=calendars, run=run, demand=demand))
    assert day.reviewed == ["9 10:00"]


def test_frees_and_takes_up_in_one_instant() -> None:
    """A job released in the instant a reviewer frees is taken up then."""
    day = tell(reviews("30 min", demand=come("09:00", "09:30")))
    assert day.started == ["09:00", "09:30"]


def test_no_work_needs_nobody() -> None:
    """A review that takes no time needs no reviewer and no open department."""
    day = tell(reviews("0 min", demand=come("16:59")))
    assert (day.started, day.closed, day.case_fates) == (["16:59"], ["16:59"], ["issued"])


def test_open_at_the_end() -> None:
    """A review that the run does not see end leaves the case open."""
    day = tell(reviews("9 h"))
    assert (day.started, day.reviewed, day.closed) == (["09:00"], [None], [None])
    assert day.case_fates == ["open"]


@FEW
@given(ordinary_scenarios())
def test_where_no_review_crosses_a_closing_both_ways_are_one(text: str) -> None:
    """In any hall whose departments never close: pause or finish at closing is the same."""
    hours = ("calendars.*.weekly", {"mon-sun": ["00:00-24:00"]})
    always = altered(text, hours, ("departments.*.reviewers", 2))
    rule = "departments.*.at_close"
    assert_same_day(altered(always, (rule, "pause")), altered(always, (rule, "finish")))


@FEW
@given(MINUTES, MINUTES, st.sampled_from(["pause", "finish"]))
def test_one_more_reviewer_makes_no_case_later(
    gaps: list[int], work: list[int], at_close: str
) -> None:
    """Cases of one item, in the order of acceptance: nobody's review starts later."""
    text = crowd(
        gaps,
        [0],
        run=WEEK,
        matters=bundle(item("x", sequence(*[9 * minutes for minutes in work]))),
        departments=f"[{department('office', 1, f'at_close: {at_close}')}]",
    )
    with_one, with_two = (
        tell(altered(text, ("departments.*.reviewers", reviewers))).journal for reviewers in (1, 2)
    )
    assert (with_two.started_at <= with_one.started_at).all()
    assert (with_two.closed_at <= with_one.closed_at).all()


@FEW
@given(ordinary_scenarios())
def test_with_a_reviewer_for_each_no_review_queues(text: str) -> None:
    """In any hall whose departments never close, a review starts the instant it is released."""
    always = altered(
        text,
        ("calendars.*.weekly", {"mon-sun": ["00:00-24:00"]}),
        ("departments.*.reviewers", 9_999),
    )
    journal = tell(always).journal
    assert (journal.started_at == journal.released_at).all()
