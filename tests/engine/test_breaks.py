"""Breaks: who waits when one begins waits through, is served first, or comes back after it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.counts import TicketCounts, VisitCounts
from sim.analysis.measures import measure
from sim.clock import HOUR, MINUTE
from sim.plan.journal import AT_BREAK
from tests.engine.test_places import area, station
from tests.strategies import (
    BREAK_RULES,
    FEW,
    MINUTES,
    PLAIN,
    Told,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    flows,
    scenarios,
    small,
    tell,
    windows,
)
from tests.strategies import at as people_at

LOST = "{unserved: {returns: 0, lost: 1}}"
LUNCH = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
FOUR = come("11:55", "11:56", "11:57", "12:30")


def lunch(rule: str, more: str = "", **sections: str) -> Told:
    """One window, ten minutes each, lunch from 12 to 13."""
    texts = {"calendars": LUNCH, "demand": FOUR, "applicants": LOST} | sections
    return tell(small(hall=f"at_break: {rule}{more}", **texts))


# === served first === #


def test_served_first() -> None:
    """Clerks stay until those inside are served; who comes meanwhile waits at the door."""
    day = lunch("serve_first")
    assert day.called == ["11:55", "12:05", "12:15", "13:00"]
    assert day.ended == ["12:05", "12:15", "12:25", "13:10"]
    assert day.taken[3] == "13:00"


def test_what_they_work_is_overtime() -> None:
    """25 minutes of the break are worked, and the break ends when it would have ended."""
    overtime = lunch("serve_first").lawful_tables().overtime
    assert ((overtime.ends_at - overtime.begins_at) // MINUTE).tolist() == [25]


def test_a_queue_longer_than_the_break() -> None:
    """Who is not served when it ends is served on, and the door opens as it would have."""
    demand = come(*["11:55"] * 9, "12:30")
    day = lunch("serve_first", demand=demand)
    assert day.called[-3:] == ["13:05", "13:15", "13:25"]


def test_nobody_inside() -> None:
    """With nobody inside the break begins at once: who comes waits for its end."""
    day = lunch("serve_first", demand=come("11:40", "12:00"))
    assert day.called == ["11:40", "13:00"]


def test_who_mends_papers_inside_is_served_first() -> None:
    """As at closing, windows stay for somebody who is inside without a ticket."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 20 min}"
    day = lunch("serve_first", corrections=corrections, demand=come("11:45"))
    assert day.called == ["11:45", "12:15"]


def test_who_has_no_duty_after_the_break_goes_at_its_end() -> None:
    """Two stay through the break, one is on duty after it: from then on there is one."""
    layouts = windows("id: window, serves: [errand], clerks: {09:00-12:00: 2, 13:00-17:00: 1}")
    demand = come(*["11:55"] * 18)
    day = lunch("serve_first", layouts=layouts, demand=demand)
    assert day.called[-5:] == ["12:55", "13:05", "13:15", "13:25", "13:35"]
    day.lawful_tables()


def test_served_first_where_the_day_is_cut_off() -> None:
    """At closing those who wait leave, at the break they are served: two rules, each its own."""
    demand = come("11:55", "11:56", "16:55", "16:56")
    day = lunch("serve_first", ", closing: cut_off", demand=demand)
    assert day.called == ["11:55", "12:05", "16:55", None]
    day.lawful_tables()


# === back with a ticket, or for one === #


@pytest.mark.parametrize("rule", ["keep_ticket", "new_ticket"])
def test_they_leave_and_are_back(rule: str) -> None:
    """Who waits when the break begins has a ticket that ended then, and one from its end on."""
    day = lunch(rule)
    assert day.fates == ["served", "at break", "at break", "served", "served", "served"]
    assert day.ended[1:3] == ["12:00", "12:00"]
    assert day.taken[4:] == ["13:00", "13:00"]
    assert {*day.called[3:]} == {"13:00", "13:10", "13:20"}
    assert day.trips == [1] * 6


def test_a_kept_ticket_keeps_its_place() -> None:
    """In order of tickets, which is not that of coming, and before who waited at the door."""
    reception = "reception: {clerks: {09:00-11:58: 1}, service: %s}"
    slow = reception % "{law: sequence, values: [4 min, 1 min, 1 min]}"
    demand, busy = come("11:50", "11:50", "11:54"), {"matters": f"[{errand('30 min')}]"}
    same_ticket = lunch("keep_ticket", f", {slow}", demand=come("11:50", "11:51", "12:59"), **busy)
    assert same_ticket.called == ["11:54", None, "13:30", "13:00"]
    assert lunch("keep_ticket", demand=demand, **busy).called[1:] == [None, None, "13:00", "13:30"]


def test_a_second_class_keeps_its_place_too() -> None:
    """Tickets of several lines come back in the one order in which they were taken."""
    applicants = (
        "{classes: [{id: a, name: {zh: 甲, en: A}, priority: 0},"
        " {id: b, name: {zh: 乙, en: B}, priority: 0}], unserved: {returns: 0, lost: 1}}"
    )
    demand = flows(
        people_at("11:50", "11:53", flow="p", more="classes: {b: 1}"),
        people_at("11:51", "11:52", "11:54", flow="q", more="classes: {a: 1}"),
    )
    day = lunch("keep_ticket", applicants=applicants, demand=demand)
    back = [arrived for arrived in day.arrived if arrived == "13:00"]
    assert len(back) == 4
    called_by_case = dict(
        zip(
            day.tape.errands.case[day.journal.errand[: day.n_tickets]].tolist(),
            day.called,
            strict=True,
        )
    )
    assert list(called_by_case.values()) == ["11:50", "13:00", "13:10", "13:20", "13:30"]


def test_who_comes_back_does_not_turn_round() -> None:
    """Who has a ticket does not look at the queue; who came to the door sees them in front."""
    applicants = "{balk_at: 2, unserved: {returns: 0, lost: 1}}"
    demand = come("11:50", "11:51", "11:52", "12:30", "12:31")
    day = lunch("keep_ticket", applicants=applicants, demand=demand)
    assert day.fates == ["served", "at break", "at break", "served", "balked", "served", "served"]


def test_patience_begins_anew() -> None:
    """Eight minutes before the break and ten after it are two waits, each within ten minutes."""
    applicants = "{patience: 10 min, unserved: {returns: 0, lost: 1}}"
    day = lunch("keep_ticket", applicants=applicants, demand=come("11:52", "11:52", "11:52"))
    assert day.called == ["11:52", None, None, "13:00", "13:10"]
    day.lawful_tables()


def test_room_is_free_during_the_break() -> None:
    """Who left is not inside; who kept a ticket finds room when the door opens, others may not."""
    more = ", capacity: 2"
    demand = come("11:50", "11:51", "12:59", "12:59")
    day = lunch("keep_ticket", more, demand=demand)
    assert day.fates == ["served", "at break", "served", "turned away", "served"]


def test_who_takes_a_ticket_during_the_break_leaves_with_it() -> None:
    """The desk finishes with somebody at 12:02: they come back behind who was before them."""
    more = ", reception: {clerks: 1, service: 5 min}"
    demand = come("11:40", "11:50", "11:57")
    day = lunch("keep_ticket", more, demand=demand, matters=f"[{errand('20 min')}]")
    assert day.fates == ["served", "at break", "at break", "served", "served"]
    assert day.taken[1:3] == ["11:55", "12:02"]
    assert day.ended[1:3] == ["12:00", "12:02"]
    assert day.called[3:] == ["13:00", "13:20"]


def test_a_window_that_frees_as_the_break_begins_calls_nobody() -> None:
    """Ends come before the break, the break before calls."""
    day = lunch("keep_ticket", demand=come("11:50", "11:51"))
    assert day.called == ["11:50", None, "13:00"]


def test_no_tickets_after_the_break() -> None:
    """Who comes back for a new one where none is given any more is turned away."""
    day = lunch("new_ticket", ", last_ticket: 4 h")
    assert day.fates[-2:] == ["turned away", "turned away"]


def test_two_breaks_a_day() -> None:
    """Who is not called between two breaks leaves at both."""
    hours = "[{id: day, weekly: {mon-fri: [09:00-10:00, 10:10-10:20, 10:30-17:00]}}]"
    day = lunch("keep_ticket", calendars=hours, demand=come("09:55", "09:55", "09:55"))
    assert day.called == ["09:55", None, None, "10:10", None, "10:30"]
    day.lawful_tables()


def test_who_waited_through_a_night_is_not_sent_away() -> None:
    """A hall that serves until it is empty, longer than a night: the next day's break is none."""
    run = "{start: 2025-01-06, measured_days: 2}"
    demand = come("16:00", "16:01", "16:02", "1 10:00")
    day = lunch("keep_ticket", run=run, demand=demand, matters=f"[{errand('11 h')}]")
    assert day.called[:3] == ["16:00", "1 03:00", "1 14:00"]
    assert day.fates[3] == "at break"
    day.lawful_tables()


# === each list its own rule, each place its own breaks === #


def test_a_list_has_its_own_rule() -> None:
    """One list is served first, the other waits through."""
    matters = f"[{errand('10 min')}, {errand('10 min', id_='other')}]"
    layouts = windows(
        "id: window, serves: [errand], clerks: 1, at_break: serve_first",
        "id: second, serves: [other], clerks: 1",
    )
    demand = flows(
        people_at("11:55", "11:56"), people_at("11:55", "11:56", flow="q", matter="other")
    )
    day = lunch("wait", matters=matters, layouts=layouts, demand=demand)
    assert day.called == ["11:55", "11:55", "12:05", "13:00"]


def test_a_place_with_other_hours() -> None:
    """A station goes by the hall's rule, in the breaks of its own calendar."""
    text = altered(
        area(station(hours="morning"), clocks=("10:55", "10:56")),
        (
            "calendars",
            [
                {"id": "day", "weekly": {"mon-fri": ["09:00-17:00"]}},
                {"id": "morning", "weekly": {"mon-fri": ["09:00-11:00", "11:30-12:00"]}},
            ],
        ),
        ("hall.at_break", "keep_ticket"),
    )
    day = tell(text)
    assert day.called == ["10:55", None, "11:30"]
    assert day.plan.hall.break_place.tolist() == [1]
    assert day.plan.hall.break_begins.tolist() == [11 * HOUR]


# === the door === #


def test_last_ticket_before_the_break() -> None:
    """In the last minutes before a break no ticket is given; who has one is served as ever."""
    day = lunch("wait", ", last_ticket_before_break: 4 min")
    assert day.taken == ["11:55", "13:00", "13:00", "13:00"]
    assert day.arrived == ["11:55", "11:56", "11:57", "12:30"]


def test_last_ticket_before_a_break_is_none_at_closing() -> None:
    """The end of the day has its own."""
    day = lunch("wait", ", last_ticket_before_break: 4 min", demand=come("16:59"))
    assert day.fates == ["served"]


# === what it comes to === #


def test_waits_are_those_of_the_hall() -> None:
    """Without the break: 0, 13 and 13 minutes of the called, 4 and 3 before it, an hour at most."""
    tables = lunch("keep_ticket").lawful_tables()
    tickets, visits = TicketCounts(tables), VisitCounts(tables)
    wait = tickets.wait()
    assert sorted((wait.amount[wait.counts] // MINUTE).tolist()) == [0, 0, 10, 20]
    of_all = tickets.wait_of_all()
    assert of_all.amount[of_all.counts].sum() // MINUTE == 30 + 4 + 3
    in_time = tickets.called_within(15 * MINUTE)
    assert (in_time.yes.sum(), in_time.counts.sum()) == (3, 4)
    left = visits.break_share()
    assert (left.yes.sum(), left.counts.sum()) == (2, 4)
    assert measure(tables).by_day["break_share"].tolist() == [[2], [4]]


def test_nobody_asks_where_nobody_leaves() -> None:
    """Where all wait through or are served first the measure has no denominator."""
    for rule in ("wait", "serve_first"):
        assert measure(lunch(rule).lawful_tables()).by_day["break_share"].tolist() == [[0], [0]]


def test_the_rule_is_what_made_the_mean_wait() -> None:
    """Two of 91 tickets wait through lunch, and bring all but three minutes of two hours."""
    clocks = [f"{9 + n // 30:02d}:{n % 30 * 2:02d}" for n in range(88)]
    demand, matters = come(*clocks, "11:59", "11:59", "11:59"), f"[{errand('1 min')}]"
    through = lunch("wait", demand=demand, matters=matters).lawful_tables()
    served = lunch("serve_first", demand=demand, matters=matters).lawful_tables()
    waits = [TicketCounts(tables).wait() for tables in (through, served)]
    sums = [int(wait.amount[wait.counts].sum() / MINUTE) for wait in waits]
    assert sums == [61 + 62, 1 + 2]


# === laws === #


@FEW
@given(scenarios(), st.sampled_from(BREAK_RULES))
def test_without_a_break_no_rule_acts(text: str, rule: str) -> None:
    """In any hall whose days have no gap every rule is the same hall."""
    whole = altered(
        text,
        ("calendars.*.weekly", {"mon-fri": ["09:00-17:00"]}),
        ("calendars.*.days", None),
        ("layouts.*.windows.*.at_break", None),
    )
    plain = altered(whole, ("hall.at_break", "wait"), ("hall.last_ticket_before_break", "0 min"))
    ruled = altered(whole, ("hall.at_break", rule), ("hall.last_ticket_before_break", "20 min"))
    assert_same_day(plain, ruled)


@FEW
@given(MINUTES, MINUTES)
def test_served_first_waits_no_longer(gaps: list[int], work: list[int]) -> None:
    """With one list first in, first out, nobody is called later than by waiting through."""
    text = crowd(gaps, work, hour=11, calendars=LUNCH)
    through = tell(text).journal
    served = tell(altered(text, ("hall.at_break", "serve_first"))).journal
    both = (through.called_at >= 0) & (served.called_at >= 0)
    assert (served.called_at[both] <= through.called_at[both]).all()


@FEW
@given(MINUTES, MINUTES)
def test_a_kept_ticket_is_called_when_waiting_through_would_be(
    gaps: list[int], work: list[int]
) -> None:
    """Each person's last call is the same: only where they spend the break differs."""
    text = crowd(gaps, work, hour=11, calendars=LUNCH)
    through = tell(text).journal
    back = tell(altered(text, ("hall.at_break", "keep_ticket"))).journal
    last: dict[int, int] = {}
    for row in np.flatnonzero(back.fate != AT_BREAK).tolist():
        last[int(back.errand[row])] = int(back.called_at[row])
    for row in range(len(through.errand)):
        assert last[int(through.errand[row])] == int(through.called_at[row])


def test_the_example_of_the_guide() -> None:
    """What `scenarios/README.md` shows is a hall that serves first and ends its tickets early."""
    guide = (Path(__file__).parents[2] / "scenarios" / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"`(hall: \{at_break.*?\})`", guide)
    hall = PLAIN.load(example)["hall"]
    day = tell(
        altered(
            small(calendars=LUNCH, demand=come("11:45", "11:49", "11:50")),
            *[(f"hall.{field}", value) for field, value in hall.items()],
        )
    )
    assert day.called == ["11:45", "11:55", "13:00"]
