"""A quota of tickets: so many a half day, or none for whom nobody would call before closing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.measures import measure
from sim.clock import DAY
from sim.plan.journal import REFUSED
from sim.results.outcomes import PEOPLE, VISITS, accounts
from tests.strategies import (
    FEW,
    MINUTES,
    PLAIN,
    Told,
    altered,
    assert_same_day,
    come,
    crowd,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "{unserved: {returns: 0, lost: 1}}"
LUNCH = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
WINDOW = "id: window, serves: [errand], clerks: 1"
SIX = come("09:00", "09:01", "09:02", "12:30", "13:01", "13:02")


def limited(quota: str, *groups: str, **sections: str) -> Told:
    """A hall with lunch from 12 to 13, ten minutes each, and a quota."""
    layouts = windows(*(groups or (WINDOW,)), more=f"quota: {{{quota}}}")
    texts = {"calendars": LUNCH, "demand": SIX, "applicants": LOST, "layouts": layouts} | sections
    return tell(small(**texts))


# === so many a half day === #


def test_so_many_in_each_open_interval() -> None:
    """Two in the morning, two in the afternoon; who waited at the door counts after lunch."""
    day = limited("tickets: {window: 2}")
    assert day.fates == ["served", "served", "refused", "served", "served", "refused"]
    assert day.taken[2] is None
    assert day.ended[2] == "09:02"
    assert day.lists[2] == "window"


def test_each_morning_anew() -> None:
    """The next day has its own tickets; who was refused comes again."""
    run = "{start: 2025-01-06, measured_days: 2}"
    demand = come("09:00", "09:01")
    day = limited("tickets: {window: 1}", run=run, demand=demand, applicants="{}")
    assert day.fates == ["served", "refused", "served"]
    assert day.trips == [1, 1, 2]
    assert day.journal.called_at[2] >= DAY


def test_who_is_refused_goes_online() -> None:
    """They do as other unserved people do."""
    applicants = "{unserved: {returns: 0, online: 1, lost: 0}}"
    online = "{department: office, precheck: 5 min}"
    day = limited(
        "tickets: {window: 1}", demand=come("09:00", "09:01"), applicants=applicants, online=online
    )
    assert day.lists == ["window", "window", "online"]
    assert day.fates == ["served", "refused", "served"]


def test_none_at_all() -> None:
    """A list that gives no ticket refuses everybody."""
    assert limited("tickets: {window: 0}").fates == ["refused"] * 6


def test_another_list_that_accepts_the_matter_gives_one() -> None:
    """The machine leaves out a list whose tickets are given."""
    groups = (WINDOW, "id: second, serves: [errand], clerks: 1")
    day = limited("tickets: {window: 1}", *groups, demand=come("09:00", "09:01", "09:11"))
    assert day.lists == ["window", "second", "second"]


def test_a_quota_counts_people() -> None:
    """Who misses the call, or mends papers inside, is not refused the ticket for it."""
    missed = "{missed: {share: 1, window_waits: 2 min}, unserved: {returns: 0, lost: 1}}"
    day = limited("tickets: {window: 1}", demand=come("09:00", "09:01"), applicants=missed)
    assert day.fates == ["missed", "refused", "served"]
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 20 min}"
    day = limited("tickets: {window: 1}", demand=come("09:00"), corrections=corrections)
    assert day.fates == ["sent back", "served"]


def test_a_kept_ticket_is_not_counted_again() -> None:
    """Who comes back after lunch with a ticket takes none of the afternoon's."""
    text = small(
        calendars=LUNCH,
        demand=come("11:55", "11:56", "13:01"),
        applicants=LOST,
        layouts=windows(WINDOW, more="quota: {tickets: {window: 2}}"),
    )
    day = tell(
        altered(text, ("hall.at_break", "keep_ticket"), ("layouts.*.quota.tickets.window", 2))
    )
    assert day.fates == ["served", "at break", "served", "served"]


# === none beyond closing === #


def test_none_beyond_closing() -> None:
    """At 16:30 three people of ten minutes are called before five; the fourth would be then."""
    day = limited("beyond_closing: refuse", demand=come(*["16:30"] * 6))
    assert day.fates == ["served"] * 3 + ["refused"] * 3
    assert day.called[:3] == ["16:30", "16:40", "16:50"]


def test_the_break_is_no_time_left() -> None:
    """At 11:50, with an hour of lunch, 250 minutes are left: 25 people are called before five."""
    day = limited("beyond_closing: refuse", demand=come(*["11:50"] * 27))
    assert day.fates.count("refused") == 2
    assert max(filter(None, day.called)) == "16:50"


def test_the_last_minutes_before_a_break_are_time_left() -> None:
    """No ticket is given in them, but people are called."""
    more = "last_ticket_before_break: 10 min"
    day = limited("beyond_closing: refuse", demand=come(*["11:40"] * 28), hall=more)
    assert day.fates.count("refused") == 2


def test_more_clerks_more_tickets() -> None:
    """Two windows: the fifth is expected to be called a quarter of an hour later, the sixth not."""
    two = "id: window, serves: [errand], clerks: 2"
    day = limited("beyond_closing: refuse", two, demand=come(*["16:40"] * 6))
    assert day.fates == ["served"] * 5 + ["refused"]


def test_no_forecast_without_clerks() -> None:
    """Before somebody comes who serves the list, tickets are given."""
    late = "id: window, serves: [errand], clerks: {16:00-17:00: 1}"
    day = limited("beyond_closing: refuse", late, demand=come(*["15:50"] * 8, "16:00"))
    assert day.fates == ["served"] * 8 + ["refused"]


# === who they are === #


def test_counted_apart() -> None:
    """Neither turned away nor waiting: an outcome, and a share of visits, of their own."""
    tables = limited("tickets: {window: 2}").lawful_tables()
    by_day = measure(tables).by_day
    assert by_day["refused_share"].tolist() == [[2], [6]]
    assert by_day["turned_away_share"].tolist() == [[0], [6]]
    assert by_day["stay_uncalled"].tolist() == [[0], [0]]
    assert by_day["wait_of_all"][1].tolist() == [4]
    everybody = accounts(tables)
    assert everybody["people"][PEOPLE.index("refused")] == 2
    assert everybody["visits"][VISITS.index("refused")] == 2


def test_without_a_quota_nobody_asks() -> None:
    """The share has no denominator in a hall without one."""
    tables = tell(small(demand=SIX, calendars=LUNCH)).lawful_tables()
    assert measure(tables).by_day["refused_share"].tolist() == [[0], [0]]


# === laws === #


@FEW
@given(scenarios())
def test_a_quota_that_nobody_reaches_is_none(text: str) -> None:
    """In any hall."""
    without = altered(text, ("layouts.*.quota", None))
    lists = {group["list"] for group in PLAIN.load(text)["layouts"][0]["windows"]}
    large = altered(text, ("layouts.*.quota", {"tickets": dict.fromkeys(sorted(lists), 10_000)}))
    assert_same_day(without, large)


@FEW
@given(MINUTES, MINUTES, st.integers(0, 6))
def test_more_tickets_refuse_fewer(gaps: list[int], work: list[int], tickets: int) -> None:
    """Who has a ticket keeps it when more are given, and waits no less."""
    text = altered(crowd(gaps, work), ("layouts.*.quota", {"tickets": {"window": tickets}}))
    fewer = tell(text).journal
    more = tell(altered(text, ("layouts.*.quota.tickets", {"window": tickets + 1}))).journal
    assert ((fewer.fate == REFUSED) | (more.fate != REFUSED)).all()
    called = fewer.called_at >= 0
    assert (more.called_at[called] == fewer.called_at[called]).all()


@pytest.mark.parametrize("work", [7, 10])
def test_nobody_is_called_after_closing(work: int) -> None:
    """Where each takes what the machine expects, one after the other, the day ends in time."""
    clocks = [f"{9 + n // 12:02d}:{n % 12 * 5:02d}" for n in range(95)]
    day = limited(
        "beyond_closing: refuse", demand=come(*clocks), matters=f"[{errand(f'{work} min')}]"
    )
    assert max(filter(None, day.called)) < "17:00"
    assert "refused" in day.fates


def test_the_example_of_the_guide() -> None:
    """What `scenarios/README.md` shows is a layout's quota."""
    guide = (Path(__file__).parents[2] / "scenarios" / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"`(quota: \{tickets.*?\}, .*?\})`", guide)
    group = "id: counter, serves: [errand], clerks: 1"
    day = tell(
        altered(
            small(layouts=windows(group), demand=come(*["16:40"] * 3)),
            ("layouts.*.quota", PLAIN.load(example)["quota"]),
        )
    )
    assert day.fates == ["served", "served", "refused"]
