"""Coming again on the same day: after fetching a paper, or unserved; for a new ticket or with the
one of before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sim.analysis.measures import measure
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journal import GAVE_UP
from tests.assertions import assert_same_journal
from tests.strategies import FEW, MINUTES, Told, come, crowd, errand, sequence, small, tell

FAULTY = "share: 0.9999999, at_most: 1"


def fetching(share: float, ticket: str = "new", after: str = "30 min", more: str = "") -> str:
    """Corrections in which nearly all papers are faulty once, and some are fetched at once."""
    same_day = f"{{share: {share}, after: {after}, ticket: {ticket}}}"
    return f"{{{FAULTY}, same_day: {same_day}{more}}}"


def unserved(share: float, ticket: str = "new", after: str = "30 min", more: str = "") -> str:
    """What people do who leave unserved: all come again, some of them on the same day."""
    same_day = f"{{share: {share}, after: {after}, ticket: {ticket}}}"
    return f"unserved: {{same_day: {same_day}}}{more}"


def fetched(ticket: str, *clocks: str, hall: str = "", **sections: str) -> Told:
    """One window, ten minutes each; everybody lacks a paper once and is back in half an hour."""
    texts = {
        "corrections": fetching(1, ticket),
        "demand": come(*clocks),
        "run": "{start: 2025-01-06, measured_days: 2}",
        "hall": hall,
    } | sections
    return tell(small(**{name: text for name, text in texts.items() if text}))


# === after fetching a paper === #


def test_a_new_ticket_is_behind_all_who_wait() -> None:
    day = fetched("new", "09:00", "09:35", "09:36", "09:37")
    assert day.arrived[:5] == ["09:00", "09:35", "09:36", "09:37", "09:40"]
    assert day.called[:5] == ["09:00", "09:35", "09:45", "09:55", "10:05"]
    assert day.trips[:5] == [1, 1, 1, 1, 2]
    day.lawful_tables()


def test_a_kept_ticket_is_called_in_its_order() -> None:
    """In front of all who took theirs later, behind whom is at the window."""
    day = fetched("keep", "09:00", "09:35", "09:36", "09:37")
    assert day.arrived[:5] == ["09:00", "09:35", "09:36", "09:37", "09:40"]
    assert day.called[:5] == ["09:00", "09:35", "09:55", "10:05", "09:45"]
    assert day.lists[4] == "window"
    day.lawful_tables()


def test_several_kept_tickets_keep_their_order() -> None:
    """By number, whoever is back first: work of forty minutes and of none while they are away."""
    corrections = fetching(1, "keep", sequence(40, 29, 18))
    matters = f"[{errand(sequence(1, 1, 1, 60))}]"
    day = fetched(
        "keep", "09:00", "09:01", "09:02", "09:10", corrections=corrections, matters=matters
    )
    back = [row for row, trip in enumerate(day.trips) if trip == 2][:3]
    assert [day.arrived[row] for row in back] == ["09:21", "09:31", "09:41"]
    by_errand = {int(day.journal.errand[row]): day.called[row] for row in back}
    assert [by_errand[n] for n in sorted(by_errand)] == ["10:10", "10:11", "10:12"]


def test_too_late_is_another_day() -> None:
    """Back at twelve minutes past five: the hall has closed."""
    day = fetched("new", "16:32")
    assert day.trips == [1, 2]
    assert int(day.journal.arrived_at[1]) // DAY == 1


@pytest.mark.parametrize(("ticket", "came"), [("new", "12:20"), ("keep", "13:00")])
def test_over_lunch(ticket: str, came: str) -> None:
    """Who wants a new ticket waits at the door; who has one is in when it opens."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    day = fetched(ticket, "11:40", "12:10", calendars=calendars)
    back = day.trips.index(2)
    assert day.arrived[back] == came
    assert day.called[back] == "13:00"
    day.lawful_tables()


def test_caught_at_the_desk_there_is_no_ticket_to_keep() -> None:
    hall = "reception: {clerks: 1, service: 2 min, catches: 1}"
    day = fetched("keep", "09:00", hall=hall)
    assert day.fates == ["caught", "served"]
    assert day.greeted == ["09:00", "09:32"]
    assert day.called == [None, "09:34"]


def test_with_a_ticket_nobody_queues_at_the_desk() -> None:
    hall = "reception: {clerks: 1, service: 2 min, catches: 0}"
    day = fetched("keep", "09:00", hall=hall)
    assert day.greeted == ["09:00", None]
    assert day.called == ["09:02", "09:42"]


def test_part_of_those_who_came_another_day() -> None:
    """A share takes from those who would come another day, and changes nobody else's papers."""
    texts = {"demand": "[{id: people, matter: errand, per_day: 60}]"}
    shares = "share: 0.5, on_the_spot: 0.3, online: 0"
    plain = tell(small(corrections=f"{{{shares}}}", **texts)).tape.errands
    some = tell(
        small(corrections=f"{{{shares}, same_day: {{share: 0.4, after: 1 h}}}}", **texts)
    ).tape.errands
    changed = np.flatnonzero(plain.mend != some.mend)
    assert len(changed) > 5
    assert set(plain.mend[changed].tolist()) == {2}
    assert set(some.mend[changed].tolist()) == {3}
    np.testing.assert_array_equal(plain.mend_delay, some.mend_delay)
    assert (np.delete(plain.spot_delay, changed) == np.delete(some.spot_delay, changed)).all()


# === after leaving unserved === #


def left(ticket: str, *clocks: str, more: str = ", patience: 15 min", **sections: str) -> Told:
    """One window, twenty minutes each; who has waited for a quarter tries it half an hour later."""
    texts = {
        "applicants": f"{{{unserved(1, ticket, more=more)}}}",
        "demand": come(*clocks),
        "matters": f"[{errand('20 min')}]",
        "run": "{start: 2025-01-06, measured_days: 2}",
    } | sections
    return tell(small(**texts))


def test_who_gave_up_tries_again() -> None:
    day = left("new", "09:00", "09:01")
    assert day.fates == ["served", "gave up", "served"]
    assert (day.ended[1], day.arrived[2], day.called[2]) == ("09:16", "09:46", "09:46")
    tables = day.lawful_tables()
    assert measure(tables).by_day["same_day_share"].sum(axis=1).tolist() == [1, 3]


def test_with_the_ticket_of_before() -> None:
    """Called before who came in the meantime; another quarter of an hour of patience."""
    day = left("keep", "09:00", "09:01", "09:30", "09:45")
    rows = dict(
        zip(zip(day.journal.errand.tolist(), day.trips, strict=True), day.called, strict=True)
    )
    assert rows[1, 2] == "09:50"
    assert day.fates.count("gave up") == 2
    day.lawful_tables()


def test_who_balks_has_seen_enough() -> None:
    """They do not look again when they are back with a ticket, and are before who came since."""
    day = left("keep", "09:00", "09:01", "09:02", "09:31", more=", balk_at: 1")
    assert day.fates == ["served", "served", "balked", "served", "served"]
    assert day.arrived[4] == "09:32"
    assert (day.called[3], day.called[4]) == ("10:00", "09:40")
    day.lawful_tables()


def test_a_full_hall_is_tried_again() -> None:
    """Nobody has had a ticket, whatever the rule."""
    day = left("keep", "09:00", "09:05", hall="capacity: 1", more="")
    assert day.fates == ["served", "turned away", "served"]
    assert day.arrived[2] == "09:35"


def test_so_often_and_no_more() -> None:
    """`at_most` counts every coming, on whatever day."""
    applicants = "{unserved: {at_most: 2, same_day: {share: 1, after: 10 min}}, balk_at: 0}"
    day = left("new", "09:00", "09:01", applicants=applicants, matters=f"[{errand('5 h')}]")
    assert day.fates == ["served", "balked", "balked", "balked"]
    assert day.arrived[1:] == ["09:01", "09:11", "09:21"]
    assert day.case_fates == ["issued", "lost"]


def test_each_time_is_drawn_anew() -> None:
    """Delays of one person differ from time to time."""
    applicants = (
        "{unserved: {at_most: 5, same_day: {share: 1, after: {law: exponential, mean: 10 min}}},"
        " balk_at: 0}"
    )
    day = tell(small(applicants=applicants, matters=f"[{errand('7 h')}]"))
    delays = day.tape.returns.delay
    assert len(delays) == 5
    assert len(set(delays.tolist())) == 5


@FEW
@given(MINUTES, MINUTES)
def test_none_is_the_hall_of_before(gaps: list[int], work: list[int]) -> None:
    """A share of nobody: the same journal."""
    plain = "{patience: 9 min}"
    nobody = f"{{patience: 9 min, {unserved(0)}}}"
    texts = crowd(gaps, work, applicants=plain), crowd(gaps, work, applicants=nobody)
    assert_same_journal(*(tell(text).journal for text in texts))


@FEW
@given(MINUTES, MINUTES)
def test_back_so_long_after_they_left_or_another_day(gaps: list[int], work: list[int]) -> None:
    """Where the hall still gives tickets then, everybody who gives up is back then."""
    applicants = f"{{patience: 4 min, {unserved(1, 'keep', '20 min')}}}"
    run = "{start: 2025-01-06, measured_days: 3}"
    day = tell(crowd(gaps, work, hour=16, applicants=applicants, run=run))
    tables, journal = day.lawful_tables(), day.journal
    for row in np.flatnonzero(journal.fate == GAVE_UP).tolist():
        later = np.flatnonzero(journal.errand[row + 1 :] == journal.errand[row])
        if not len(later):
            assert day.case_fates[tables.tickets.case[row]] in ("lost", "open")
            continue
        left_at, back_at = journal.ended_at[row], journal.arrived_at[row + 1 + later[0]]
        in_time = left_at % DAY + 20 * MINUTE < 17 * HOUR
        assert (back_at == left_at + 20 * MINUTE) == in_time
        assert (back_at // DAY == left_at // DAY) == in_time
