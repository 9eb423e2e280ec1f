"""Patience: who waits too long leaves; who is called in that instant is served."""

from hypothesis import given

from tests.strategies import (
    FEW,
    MINUTES,
    NEVER,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    scenarios,
    sequence,
    small,
    tell,
    windows,
)

PATIENT = "{patience: 3 min, unserved: {returns: 0, online: 0, lost: 1}}"


def test_every_second_ticket_leaves() -> None:
    """Check 14f: one every 7 minutes, 11 at the window, patience 3: the second and fourth leave.

    Ciw, test_node.py, test_reneging_next_event and test_reneging_records.
    """
    matters = f"[{errand('11 min')}]"
    calendars = "[{id: day, weekly: {mon-fri: [00:00-24:00]}}]"
    demand = come("00:07", "00:14", "00:21", "00:28", "00:35")
    day = tell(small(matters=matters, calendars=calendars, applicants=PATIENT, demand=demand))
    assert day.fates == ["served", "gave up", "served", "gave up", "served"]
    assert day.ended == ["00:18", "00:17", "00:32", "00:31", "00:46"]


def test_clerk_goes_while_they_wait() -> None:
    """Check 14g: the same, but the clerk is due off at 16: finishes at 18, ticket 3 leaves at 24.

    Ciw, test_node.py, test_reneging_with_schedules. The clerk comes back in the evening here: a
    list that nobody serves any more that day would take no ticket.
    """
    matters = f"[{errand('11 min')}]"
    calendars = "[{id: day, weekly: {mon-fri: [00:00-24:00]}}]"
    layouts = windows("id: window, serves: [errand], clerks: {00:00-00:16: 1, 23:00-24:00: 1}")
    demand = come("00:07", "00:14", "00:21")
    day = tell(
        small(
            matters=matters,
            calendars=calendars,
            layouts=layouts,
            applicants=PATIENT,
            demand=demand,
        )
    )
    assert day.fates == ["served", "gave up", "gave up"]
    assert day.ended == ["00:18", "00:17", "00:24"]


def test_called_in_the_last_instant() -> None:
    """Who would give up in the instant of the call is served."""
    applicants = "{patience: 10 min}"
    day = tell(small(applicants=applicants, demand=come("09:00", "09:00")))
    assert day.fates == ["served", "served"]
    assert day.called == ["09:00", "09:10"]


def test_patience_of_each() -> None:
    """Everybody has their own patience, counted from the ticket."""
    applicants = f"{{patience: {sequence(1, 15, 5)}, unserved: {{returns: 0, lost: 1}}}}"
    day = tell(small(applicants=applicants, demand=come("09:00", "09:01", "09:02")))
    assert day.fates == ["served", "served", "gave up"]
    assert day.ended == ["09:10", "09:20", "09:07"]


def test_no_patience_at_all() -> None:
    """Who does not wait at all is served if a window is idle, and leaves if none is."""
    applicants = "{patience: 0 min, unserved: {returns: 0, lost: 1}}"
    day = tell(small(applicants=applicants, demand=come("09:00", "09:01")))
    assert day.fates == ["served", "gave up"]
    assert day.ended == ["09:10", "09:01"]


def test_leaves_a_gap_in_the_line() -> None:
    """Who leaves does not hold up those behind."""
    applicants = f"{{patience: {sequence(100, 1, 100)}, unserved: {{returns: 0, lost: 1}}}}"
    day = tell(small(applicants=applicants, demand=come("09:00", "09:01", "09:02")))
    assert day.called == ["09:00", None, "09:10"]


def test_patience_that_is_never_reached() -> None:
    """Very long patience is the same as none."""
    crowd = come(*["09:00"] * 20)
    endless = tell(small(demand=crowd))
    patient = tell(small(demand=crowd, applicants="{patience: 30 d}"))
    assert endless.ended == patient.ended


def test_waits_over_lunch_only_as_long_as_patient() -> None:
    """Patience runs while the hall is at lunch."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    applicants = "{patience: 30 min, unserved: {returns: 0, lost: 1}}"
    demand = come("11:55", "11:56")
    day = tell(small(calendars=calendars, applicants=applicants, demand=demand))
    assert day.fates == ["served", "gave up"]
    assert day.ended == ["12:05", "12:26"]


@FEW
@given(scenarios())
def test_endless_patience_is_none(text: str) -> None:
    """In any hall, whoever would wait for ever is one who never gives up."""
    endless = altered(text, ("applicants.patience", NEVER))
    assert_same_day(endless, altered(text, ("applicants.patience", None)))


@FEW
@given(MINUTES, MINUTES)
def test_who_gives_up_shortens_the_wait_of_those_behind(gaps: list[int], work: list[int]) -> None:
    """Nobody who is called waits longer than if everybody had stayed."""
    text = crowd(gaps, work)
    all_stay = tell(text).journal
    some = tell(altered(text, ("applicants.patience", "12 min"))).journal
    called = some.called_at >= 0
    assert (some.called_at <= all_stay.called_at)[called].all()
