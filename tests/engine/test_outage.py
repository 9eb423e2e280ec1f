"""Systems that fail: who is at a window waits for them, nobody is called, people take tickets."""

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    FEW,
    altered,
    assert_same_day,
    come,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

DATED = "{begins: 2025-01-06T09:05:00, ends: 2025-01-06T09:20:00}"


def hall(*outages: str, more: str = "", **sections: str) -> str:
    """A hall whose systems fail; one window, visits of ten minutes."""
    text = f"{{name: {{zh: 厅, en: Hall}}, hours: day, outages: [{', '.join(outages)}]{more}}}"
    return small(hall=text, **sections)


def dated(*spans: str, more: str = "") -> str:
    return f"{{id: system, dated: [{', '.join(spans)}]{more}}}"


def test_a_visit_in_hand_pauses() -> None:
    """Ten minutes from 09:00 on, of which 09:05 to 09:20 do not count."""
    day = tell(hall(dated(DATED)))
    assert (day.called, day.ended) == (["09:00"], ["09:25"])


def test_nobody_is_called_meanwhile() -> None:
    """Who comes takes a ticket, and is called in the instant at which the system works again."""
    day = tell(hall(dated(DATED), demand=come("09:10")))
    assert (day.taken, day.called, day.ended) == (["09:10"], ["09:20"], ["09:30"])


def test_it_fails_in_the_instant_of_a_call() -> None:
    """At 09:05 the system is down already, at 09:20 it works: who comes then is called at once."""
    day = tell(hall(dated(DATED), demand=come("09:05")))
    assert day.called == ["09:20"]
    assert tell(hall(dated(DATED), demand=come("09:20"))).called == ["09:20"]


def test_a_visit_that_ends_with_the_failure() -> None:
    """Work that is done when the system fails is done."""
    span = "{begins: 2025-01-06T09:10:00, ends: 2025-01-06T09:20:00}"
    assert tell(hall(dated(span))).ended == ["09:10"]


def test_patience_ends_meanwhile() -> None:
    """Who waits for the system gives up as in any queue."""
    applicants = "{patience: 4 min}"
    day = tell(hall(dated(DATED), demand=come("09:06"), applicants=applicants))
    assert (day.fates, day.ended) == (["gave up"], ["09:10"])


def test_two_failures_at_a_time_are_one() -> None:
    """Outages that overlap stop what they stop until the last of them is over."""
    later = "{begins: 2025-01-06T09:15:00, ends: 2025-01-06T09:30:00}"
    assert tell(hall(dated(DATED, later))).ended == ["09:35"]
    other = dated(later).replace("system", "power")
    assert tell(hall(dated(DATED), other)).ended == ["09:35"]


def test_another_list_goes_on() -> None:
    """An outage of one list leaves the others alone."""
    day = tell(
        hall(
            dated(DATED, more=", lists: [one]"),
            matters=f"[{errand('10 min')}, {errand('10 min', id_='other')}]",
            demand="[{id: a, matter: errand, at: [2025-01-06T09:00:00]},"
            " {id: b, matter: other, at: [2025-01-06T09:00:00]}]",
            layouts=windows(
                "id: one, serves: [errand], clerks: 1", "id: two, serves: [other], clerks: 1"
            ),
        )
    )
    assert sorted(map(str, day.ended)) == ["09:10", "09:25"]


def test_at_closing_who_waits_for_the_system_is_asked_to_come_again() -> None:
    """A visit in hand stays until the system works again; who waits does not."""
    span = "{begins: 2025-01-06T16:55:00, ends: 2025-01-06T17:30:00}"
    day = tell(hall(dated(span), demand=come("16:50", "16:56")))
    assert (day.fates, day.ended) == (["served", "cut off"], ["17:35", "17:00"])


def test_down_from_the_start() -> None:
    """A failure that began before the run lasts into it."""
    span = "{begins: 2025-01-05T12:00:00, ends: 2025-01-06T10:00:00}"
    assert tell(hall(dated(span))).called == ["10:00"]


def test_down_beyond_the_run() -> None:
    """Of a failure that the run does not see end, nobody is served and nobody is lost."""
    span = "{begins: 2025-01-06T08:00:00, ends: 2025-02-06T10:00:00}"
    day = tell(hall(dated(span)))
    assert (day.called, day.fates) == ([None], ["cut off"])


def test_random_times_alternate() -> None:
    """Up for two hours, down for one, from midnight on: down at 08:00 and at 11:00."""
    at_random = "{id: system, up: 2 h, down: 1 h}"
    day = tell(hall(at_random, demand=come("09:00", "10:50", "11:10")))
    # up 09:00-11:00, 12:00-14:00
    assert (day.called, day.ended) == (
        ["09:00", "10:50", "12:00"],
        ["09:10", "11:00", "12:10"],
    )


@FEW
@given(scenarios(), st.integers(0, 99))
def test_systems_that_fail_for_no_time_change_nothing(text: str, seed: int) -> None:
    """Down for 0 min is never down, to the tick."""
    outages = [{"id": "system", "up": "10 min", "down": "0 min"}]
    assert_same_day(text, altered(text, ("hall.outages", outages)), seed=seed)
