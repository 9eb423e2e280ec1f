"""The laws of the hall notice a journal that breaks them: a check that cannot fail is no check."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from sim.clock import HOUR
from sim.errors import LawViolation
from sim.plan.journal import GAVE_UP, ISSUED, OPEN, SERVED, Journal
from sim.results.invariants import INVARIANTS, check_invariants
from sim.results.tables import Tables
from tests.laws.halls import told_tables
from tests.strategies import bundle, come, errand, item, small, windows

Tamper = Callable[[Journal], None]


@pytest.fixture
def day() -> Tables:
    """Six people at two windows; one gives up, the last two cases stay open."""
    return told_tables(
        small(
            matters=bundle(item("check", "100 min"), work="30 min"),
            demand=come("09:00", "09:00", "09:05", "09:10", "09:15", "09:20"),
            applicants="{patience: 40 min, unserved: {returns: 0, lost: 1}}",
            layouts=windows("id: window, serves: [errand], clerks: 2"),
        )
    )


def tampered(day: Tables, change: Tamper) -> Tables:
    """The same day with a journal that somebody has written in."""
    journal = Journal._make(column.copy() for column in day.journal)
    change(journal)
    return Tables(day.plan, day.tape, journal)


def _case_is_closed_and_open(journal: Journal) -> None:
    journal.case_fate[np.flatnonzero(journal.case_fate == ISSUED)[0]] = OPEN


def _last_ticket_is_lost(journal: Journal) -> None:
    journal.n_tickets[0] -= 1


def _lost_without_a_reason(journal: Journal) -> None:
    journal.fate[np.flatnonzero(journal.fate == GAVE_UP)[0]] = SERVED


def _called_before_coming(journal: Journal) -> None:
    journal.called_at[0] = journal.taken_at[0] - 1


def _pending_has_ended(journal: Journal) -> None:
    journal.fate[0] = 0


STAGES = ("arrived_at", "greeted_at", "taken_at", "called_at", "ended_at")


@pytest.mark.parametrize(("early", "late"), list(combinations(STAGES, 2)))
def test_no_stage_of_a_ticket_comes_before_another(early: str, late: str) -> None:
    """Any two stages of one served ticket in the wrong order by one tick are noticed."""
    text = small(hall="reception: {clerks: 1, service: 3 min}", demand=come("09:00", "09:30"))
    day = told_tables(text)
    assert (np.array([getattr(day.journal, name)[0] for name in STAGES]) >= 0).all()

    def turn_round(journal: Journal) -> None:
        columns = journal._asdict()
        for name in STAGES[1:-1]:  # the stages between are not told of
            if name not in {early, late}:
                columns[name][0] = -1
        columns[early][0] = columns[late][0] = 9 * HOUR

    assert INVARIANTS["time_goes_forward"](tampered(day, turn_round))

    def and_one_tick_more(journal: Journal) -> None:
        turn_round(journal)
        journal._asdict()[early][0] += 1

    assert not INVARIANTS["time_goes_forward"](tampered(day, and_one_tick_more))


@pytest.mark.parametrize("window", range(3))
def test_an_overlap_at_any_window_is_noticed(window: int) -> None:
    """The second visit at one of three windows begins when the first is over, or a tick before."""
    day = told_tables(
        small(
            demand=come("09:00", "09:00", "09:00", "10:00", "10:00", "10:00"),
            layouts=windows("id: window, serves: [errand], clerks: 3"),
        )
    )
    n = int(day.journal.n_tickets[0])
    assert sorted(day.journal.window[:n].tolist()) == [0, 0, 1, 1, 2, 2]
    first, second = np.flatnonzero(day.journal.window[:n] == window)
    for early, is_kept in ((0, True), (1, False)):

        def begin(journal: Journal, early: int = early) -> None:
            journal.called_at[second] = journal.ended_at[first] - early

        assert INVARIANTS["one_at_a_time"](tampered(day, begin)) == is_kept


SHIFT = "id: window, serves: [errand], clerks: {09:00-11:00: 1, 11:00-17:00: 0}"
ALL_DAY = "id: window, serves: [errand], clerks: 1"


@pytest.mark.parametrize(
    ("layout", "closing", "hour", "is_kept"),
    [
        (SHIFT, "serve_all", 11.0 - 1 / 3_600_000, True),
        (SHIFT, "serve_all", 11.0, False),
        (ALL_DAY, "cut_off", 17.0 - 1 / 3_600_000, True),
        (ALL_DAY, "cut_off", 17.0, False),
        (ALL_DAY, "serve_all", 20.0, True),
    ],
)
def test_a_call_after_the_duty_is_noticed(
    layout: str, closing: str, hour: float, is_kept: bool
) -> None:
    """When the shift is over nobody calls; after closing only where all are served."""
    hall = f"closing: {closing}"
    day = told_tables(small(hall=hall, demand=come("09:00"), layouts=windows(layout)))

    def call_late(journal: Journal) -> None:
        journal.called_at[0] = round(hour * HOUR)
        journal.ended_at[0] = journal.called_at[0] + 1

    assert INVARIANTS["busy_is_on_duty"](tampered(day, call_late)) == is_kept


def _both_at_one_window(journal: Journal) -> None:
    journal.window[1] = journal.window[0]


def _one_of_no_time_inside_another(journal: Journal) -> None:
    journal.window[2] = journal.window[0]
    journal.called_at[2] = journal.ended_at[2] = journal.called_at[0] + 1


def _called_before_the_shift(journal: Journal) -> None:
    journal.called_at[0] -= 1


def _busy_all_night(journal: Journal) -> None:
    served = np.flatnonzero(journal.fate == SERVED)
    journal.window[served] = 0
    journal.called_at[served] = journal.called_at[served[0]]
    journal.ended_at[served] = journal.called_at[served] + 8 * 3_600_000


def _gives_up_late(journal: Journal) -> None:
    journal.ended_at[np.flatnonzero(journal.fate == GAVE_UP)[0]] += 1


def _called_after_patience(journal: Journal) -> None:
    ticket = np.flatnonzero(journal.fate == GAVE_UP)[0]
    journal.fate[ticket], journal.window[ticket] = SERVED, 1
    journal.called_at[ticket] = journal.ended_at[ticket] + 1
    journal.ended_at[ticket] += 2


def _issued_with_work_in_hand(journal: Journal) -> None:
    journal.completed_at[0] = -1


def _decided_without_acceptance(journal: Journal) -> None:
    journal.accepted_at[np.flatnonzero(journal.case_fate == ISSUED)[0]] = -1


def _sent_on_without_a_window(journal: Journal) -> None:
    journal.n_tickets[0] -= 1


def _at_one_window_and_sent_on(journal: Journal) -> None:
    journal.window[0] = 2


def _sent_on_before_the_first_is_done(journal: Journal) -> None:
    journal.fate[0] = GAVE_UP


def _served_twice(journal: Journal) -> None:
    journal.errand[1] = journal.errand[0]


BROKEN: dict[str, list[Tamper]] = {
    "everybody_is_counted": [_case_is_closed_and_open, _last_ticket_is_lost],
    "everybody_stands_once": [_lost_without_a_reason],
    "time_goes_forward": [_called_before_coming, _pending_has_ended],
    "one_at_a_time": [_both_at_one_window, _one_of_no_time_inside_another],
    "busy_is_on_duty": [_busy_all_night, _called_before_the_shift],
    "patience_is_kept": [_gives_up_late, _called_after_patience],
    "cases_are_conserved": [_issued_with_work_in_hand, _decided_without_acceptance],
    "an_errand_is_done_once": [_served_twice],
}
BROKEN_BY_SECONDS: dict[str, list[Tamper]] = {
    "second_matters_stand_once": [
        _sent_on_without_a_window,
        _at_one_window_and_sent_on,
        _sent_on_before_the_first_is_done,
    ],
}
"""On a day with a second matter."""


def test_an_honest_day_breaks_no_law(day: Tables) -> None:
    fates = day.journal.fate[: int(day.journal.n_tickets[0])].tolist()
    assert fates.count(GAVE_UP) >= 1
    assert fates.count(SERVED) >= 3
    check_invariants(day)


def test_every_law_has_a_day_that_breaks_it() -> None:
    assert [*BROKEN, *BROKEN_BY_SECONDS] == [*INVARIANTS]


@pytest.mark.parametrize(
    ("law", "change"),
    [(law, change) for law, changes in BROKEN.items() for change in changes],
    ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"),
)
def test_a_broken_law_is_named(day: Tables, law: str, change: Tamper) -> None:
    with pytest.raises(LawViolation) as raised:
        check_invariants(tampered(day, change))
    assert law in {problem.path for problem in raised.value.problems}


@pytest.mark.parametrize(
    ("law", "change"),
    [(law, change) for law, changes in BROKEN_BY_SECONDS.items() for change in changes],
    ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"),
)
def test_a_broken_law_of_second_matters_is_named(law: str, change: Tamper) -> None:
    """One is sent on from the first window to the second; the third accepts both."""
    day = told_tables(
        small(
            matters=f"[{errand('10 min', 'also: {copy: 1}')}, {errand('4 min', '', 'copy')}]",
            demand=come("09:00"),
            layouts=windows(
                "id: window, serves: [errand], clerks: 1",
                "id: desk, serves: [copy], clerks: 1",
                "id: both, serves: [errand, copy], clerks: {15:00-17:00: 1}",
            ),
        )
    )
    check_invariants(day)
    with pytest.raises(LawViolation) as raised:
        check_invariants(tampered(day, change))
    assert law in {problem.path for problem in raised.value.problems}
