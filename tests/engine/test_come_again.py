"""Who leaves unserved comes another day, applies online, or gives the matter up."""

from hypothesis import given

from sim.clock import DAY, HOUR
from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    department,
    scenarios,
    small,
    tell,
    windows,
)

TOO_LATE = "[{id: people, matter: errand, at: [2025-01-06T18:00:00]}]"
ONLINE = "{department: office, precheck: 5 min}"
LATE = windows("id: window, serves: [errand], clerks: {16:59-17:00: 1}")
"""Whoever comes before has to wait, and turns round where nobody may."""


def test_the_next_day() -> None:
    """Who is turned away comes again on the next day, inside its ticket hours."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 2}"
    day = tell(small(run=run, demand=TOO_LATE))
    arrived = int(day.journal.arrived_at[1])
    assert DAY + 9 * HOUR <= arrived < DAY + 17 * HOUR
    assert (day.fates, day.trips) == (["turned away", "served"], [1, 2])


def test_after_some_days() -> None:
    """The delay counts calendar days, then the next day on which the hall opens."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 9}"
    applicants = "{unserved: {returns: 1, after: 5 d}}"
    day = tell(small(run=run, demand=TOO_LATE, applicants=applicants))
    assert int(day.journal.arrived_at[1]) // DAY == 7


def test_not_before_tomorrow() -> None:
    """Nobody comes again the same day, however short the delay."""
    run = "{start: 2025-01-06, measured_days: 2}"
    applicants = "{unserved: {returns: 1, after: 0 min}, balk_at: 0}"
    day = tell(small(run=run, applicants=applicants, layouts=LATE))
    assert int(day.journal.arrived_at[1]) // DAY == 1


def test_where_in_the_day() -> None:
    """The clock of a return is the person's own position in the ticket hours, lunch left out."""
    run = "{start: 2025-01-06, measured_days: 2}"
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    day = tell(small(run=run, calendars=calendars, demand=TOO_LATE))
    into = int(float(day.tape.errands.position[0]) * 7 * HOUR)
    clock = 9 * HOUR + into if into < 3 * HOUR else 10 * HOUR + into
    assert DAY + clock == int(day.journal.arrived_at[1])


def test_lost_after_so_many_returns() -> None:
    """After the agreed number of returns for one errand the person gives the matter up."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 9}"
    applicants = "{unserved: {returns: 1, at_most: 2}, balk_at: 0}"
    day = tell(small(run=run, applicants=applicants, layouts=LATE))
    assert (day.fates, day.trips) == (["balked"] * 3, [1, 2, 3])
    assert day.case_fates == ["lost"]


def test_never_again() -> None:
    """With no return allowed who leaves is lost at once."""
    applicants = "{unserved: {returns: 1, at_most: 0}}"
    day = tell(small(demand=TOO_LATE, applicants=applicants))
    assert (day.case_fates, day.closed) == (["lost"], ["18:00"])


def test_lost() -> None:
    """Who gives the matter up is lost in the instant of leaving."""
    applicants = "{unserved: {returns: 0, lost: 1}}"
    day = tell(small(demand=TOO_LATE, applicants=applicants))
    assert (day.case_fates, day.closed, day.accepted) == (["lost"], ["18:00"], [None])


def test_goes_online() -> None:
    """Who goes online applies in the same instant and waits for the department to open."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 1}"
    applicants = "{unserved: {returns: 0, online: 1}}"
    day = tell(small(run=run, demand=TOO_LATE, applicants=applicants, online=ONLINE))
    assert (day.fates, day.lists) == (["turned away", "served"], ["none", "online"])
    assert (day.arrived, day.trips) == (["18:00", "18:00"], [1, 0])
    assert (day.closed, day.case_fates) == (["1 09:05"], ["issued"])


def test_goes_online_after_giving_up() -> None:
    """Who gives up waiting and goes online is checked at once by a free reviewer."""
    applicants = "{patience: 5 min, unserved: {returns: 0, online: 1}}"
    demand = "[{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:01:00]}]"
    day = tell(small(demand=demand, applicants=applicants, online=ONLINE))
    assert day.fates == ["served", "gave up", "served"]
    assert day.ended == ["09:10", "09:06", "09:11"]


def test_stays_online_for_corrections() -> None:
    """Who went online mends papers online, after the time to mend at home."""
    applicants = "{unserved: {returns: 0, online: 1}, balk_at: 0}"
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 1 min, delay: 30 min}"
    day = tell(small(applicants=applicants, corrections=corrections, online=ONLINE, layouts=LATE))
    assert day.fates == ["balked", "sent back", "served"]
    assert day.ended == ["09:00", "09:05", "09:40"]


def test_return_beyond_the_run() -> None:
    """A return after the last day does not happen; the case stays open."""
    day = tell(small(demand=TOO_LATE))
    assert (day.fates, day.case_fates) == (["turned away"], ["open"])


def test_counted_for_each_errand() -> None:
    """Returns are counted anew for the errand after a correction."""
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 9}"
    text = small(
        run=run,
        demand=TOO_LATE,
        applicants="{unserved: {returns: 1, at_most: 1}}",
        corrections="{share: 1, at_most: 1}",
        departments=f"[{department('office')}]",
    )
    day = tell(text)
    assert day.fates == ["turned away", "sent back", "served"]
    assert day.trips == [1, 2, 3]


@FEW
@given(scenarios())
def test_never_again_is_lost(text: str) -> None:
    """In any hall, who would come again but may not is lost."""
    never = altered(text, ("applicants.unserved", {"returns": 1.0, "at_most": 0}))
    assert_same_day(never, altered(text, ("applicants.unserved", {"returns": 0.0, "lost": 1.0})))
