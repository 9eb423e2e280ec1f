"""Called, but not there: the window waits, then passes on."""

from hypothesis import given

from tests.strategies import FEW, altered, assert_same_day, come, scenarios, small, tell

LOST = "unserved: {returns: 0, lost: 1}"


def test_requeued() -> None:
    """The window waits in vain; the holder takes a new ticket and answers the next call."""
    missed = "{missed: {share: 1, window_waits: 2 min}}"
    day = tell(small(applicants=missed))
    assert day.fates == ["missed", "served"]
    assert (day.called, day.ended) == (["09:00", "09:02"], ["09:02", "09:12"])
    assert day.trips == [1, 1]


def test_behind_the_others() -> None:
    """The new ticket stands behind those already waiting."""
    missed = "{missed: {share: 1, window_waits: 2 min}}"
    day = tell(small(applicants=missed, demand=come("09:00", "09:01")))
    assert day.fates == ["missed", "missed", "served", "served"]
    assert day.called == ["09:00", "09:02", "09:04", "09:14"]
    assert [int(x) for x in day.journal.errand[:4]] == [0, 1, 0, 1]


def test_void() -> None:
    """A void ticket sends its holder away unserved."""
    missed = f"{{missed: {{share: 1, window_waits: 2 min, then: void}}, {LOST}}}"
    day = tell(small(applicants=missed))
    assert (day.fates, day.case_fates) == (["missed"], ["lost"])


def test_missed_once_an_errand() -> None:
    """Who comes again after a void ticket answers this time."""
    missed = "{missed: {share: 1, window_waits: 2 min, then: void}}"
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 1}"
    day = tell(small(applicants=missed, run=run))
    assert (day.fates, day.trips) == (["missed", "served"], [1, 2])


def test_no_waiting_at_the_window() -> None:
    """A window that does not wait passes on in the same instant."""
    missed = "{missed: {share: 1, window_waits: 0 min}}"
    day = tell(small(applicants=missed))
    assert (day.fates, day.ended) == (["missed", "served"], ["09:00", "09:10"])


def test_missed_at_closing() -> None:
    """Who misses the call after a cut-off finds no list that is served."""
    missed = f"{{missed: {{share: 1, window_waits: 10 min}}, {LOST}}}"
    day = tell(small(applicants=missed, hall="closing: cut_off", demand=come("16:55")))
    assert day.fates == ["missed", "turned away"]


def test_missed_on_many_days() -> None:
    """The journal has room for a missed call and every return."""
    missed = (
        "{missed: {share: 1, window_waits: 30 min}, patience: 10 min,"
        " unserved: {returns: 1, at_most: 3}}"
    )
    run = "{start: 2025-01-06, measured_days: 1, followup_days: 8}"
    day = tell(small(applicants=missed, run=run, demand=come(*["09:00"] * 6)))
    assert day.fates.count("missed") == 6
    assert day.fates.count("served") + day.case_fates.count("lost") == 6


@FEW
@given(scenarios())
def test_a_share_of_nought_misses_no_call(text: str) -> None:
    """In any hall, however long windows would wait."""
    nobody = {"share": 0.0, "window_waits": "5 min"}
    assert_same_day(
        altered(text, ("applicants.missed", nobody)), altered(text, ("applicants.missed", None))
    )
