"""A second matter on one ticket: done at the same window, or at another one in the old place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan
from sim.analysis.catalogue import OF_SECONDS
from sim.analysis.measures import measure
from sim.analysis.offered import offered_load
from sim.clock import MINUTE
from sim.errors import ScenarioError
from sim.plan.journal import SERVED
from sim.plan.plan import HALL
from sim.plan.tape import ALSO, INTAKE
from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
    MINUTES,
    Told,
    altered,
    assert_same_day,
    at,
    come,
    errand,
    flows,
    scenarios,
    small,
    tell,
    windows,
)

BOTH = f"[{errand('10 min', 'also: {copy: 1}')}, {errand('4 min', '', 'copy')}]"
ONE_WINDOW = windows("id: window, serves: [errand, copy], clerks: 1")
APART = ("id: window, serves: [errand], clerks: 1", "id: desk, serves: [copy], clerks: 1")


def _names(day: Told) -> list[tuple[str | None, str | None, str | None]]:
    return list(zip(day.windows, day.called, day.ended, strict=True))


def test_a_window_that_accepts_both_does_both() -> None:
    """Ten minutes and four, one ticket and one call; the next is called after 14."""
    day = tell(small(matters=BOTH, demand=come("09:00", "09:00"), layouts=ONE_WINDOW))
    assert _names(day) == [("window-1", "09:00", "09:14"), ("window-1", "09:14", "09:28")]
    assert day.accepted == ["09:14", "09:28"]


def test_who_is_at_a_window_for_one_of_them_is_sent_on() -> None:
    """Accepted at 09:10, the second matter takes a free window at once, on the same trip."""
    day = tell(small(matters=BOTH, demand=come("09:00"), layouts=windows(*APART)))
    assert _names(day) == [("window-1", "09:00", "09:10"), ("desk-1", "09:10", "09:14")]
    assert (day.accepted, day.trips, day.fates) == (["09:10"], [1, 1], ["served", "served"])
    tables = day.lawful_tables()
    assert len(tables.visits.case) == 1
    assert ((tables.visits.left_at - tables.visits.arrived_at) // MINUTE).tolist() == [14]
    matters = day.plan.names.matters
    assert [matters[m] for m in tables.tickets.matter] == ["errand", "copy"]


def _three(transfer: str) -> Told:
    """One with both matters at nine, then three for the desk alone, which takes 20 min each."""
    matters = f"[{errand('10 min', 'also: {copy: 1}')}, {errand('20 min', '', 'copy')}]"
    demand = flows(at("09:00"), at("09:01", "09:02", "09:03", flow="desk", matter="copy"))
    return tell(
        small(matters=matters, demand=demand, layouts=windows(*APART, more=f"transfer: {transfer}"))
    )


def test_the_place_of_the_ticket_is_kept() -> None:
    """At 09:10 two wait at the desk, who came later: the first ticket is called before them."""
    day = _three("keep_place")
    called = dict(zip(day.arrived, day.called, strict=True))
    assert called == {
        "09:00": "09:00", "09:01": "09:01", "09:02": "09:41", "09:03": "10:01", "09:10": "09:21"
    }  # fmt: skip


def test_or_a_new_ticket_is_taken_behind_everybody() -> None:
    """The same hall: called after the two who waited."""
    day = _three("new_ticket")
    called = dict(zip(day.arrived, day.called, strict=True))
    assert called["09:10"] == "10:01"
    assert called["09:02"] == "09:21"


def test_a_wait_of_who_is_sent_on_is_from_there() -> None:
    """Eleven minutes at the desk from 09:10 on, not 21 from the first ticket."""
    tickets = _three("keep_place").lawful_tables().tickets
    wait = (tickets.called_at - tickets.taken_at)[
        tickets.arrived_at == 9 * 60 * MINUTE + 10 * MINUTE
    ]
    assert (wait // MINUTE).tolist() == [11]


def test_faulty_papers_come_first() -> None:
    """Sent back on the spot, the second matter waits for the papers of the first."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 5 min, service_share: 0.5}"
    day = tell(
        small(matters=f"[{errand('10 min', 'correction_share: 1, also: {copy: 1}')},"
              f" {errand('4 min', 'correction_share: 0', 'copy')}]",
              demand=come("09:00"), layouts=windows(*APART), corrections=corrections)
    )  # fmt: skip
    assert _names(day) == [
        ("window-1", "09:00", "09:05"), ("window-1", "09:10", "09:20"), ("desk-1", "09:20", "09:24")
    ]  # fmt: skip


def test_set_up_and_wrap_up_are_of_both() -> None:
    """Ten and a set-up of 3 and four; two and one to wrap up."""
    matters = (
        f"[{errand('10 min', 'also: {copy: 1}, wrap_up: 2 min')},"
        f" {errand('4 min', 'wrap_up: 1 min', 'copy')}]"
    )
    layouts = windows("id: window, serves: [errand, copy], clerks: 1, changeover: 3 min")
    day = tell(small(matters=matters, demand=come("09:00", "09:00"), layouts=layouts))
    assert day.ended == ["09:17", "09:40"]
    assert day.called == ["09:00", "09:20"]


def test_whom_nobody_serves_any_more_comes_for_it_another_day() -> None:
    """The desk closes at nine sharp on Monday: the second matter is a trip of Tuesday."""
    layouts = windows(
        "id: window, serves: [errand], clerks: 1",
        "id: desk, serves: [copy], clerks: {tue 09:00-17:00: 1}",
    )
    run = "{start: 2025-01-06, measured_days: 2}"
    day = tell(small(matters=BOTH, demand=come("09:00"), layouts=layouts, run=run))
    assert day.fates == ["served", "turned away", "served"]
    assert day.trips == [1, 1, 2]
    assert day.case_fates == ["issued"]


def test_who_gives_up_the_second_matter_has_done_the_first() -> None:
    """Patience of five minutes at a desk that is busy for twenty."""
    matters = f"[{errand('10 min', 'also: {copy: 1}')}, {errand('20 min', '', 'copy')}]"
    demand = flows(at("09:00"), at("09:09", flow="desk", matter="copy"))
    applicants = "{patience: 5 min, unserved: {returns: 0, lost: 1}}"
    day = tell(
        small(matters=matters, demand=demand, layouts=windows(*APART), applicants=applicants)
    )
    assert day.fates == ["served", "served", "gave up"]
    assert day.case_fates == ["issued", "issued"]


def test_online_nobody_has_a_second_one() -> None:
    """Who applies online does both there."""
    demand = come("09:00", more="online_share: 1")
    day = tell(small(matters=BOTH, demand=demand, layouts=ONE_WINDOW,
                     online="{department: office, precheck: 0 min}"))  # fmt: skip
    assert day.lists == ["online"]


# === what leaves all as it was === #


@FEW
@given(scenarios())
def test_a_share_of_nobody_is_the_hall_as_it_was(text: str) -> None:
    """In any hall: the same journal, whatever a transfer would be."""
    no_items = (("matters.*.items", None), ("initial", None))
    text = altered(text, ("matters.*.also", None), *no_items)
    nobody = altered(text, ("matters.*.also", {"m0": 0.0}), ("layouts.*.transfer", "new_ticket"))
    assert_same_day(text, nobody)


@FEW
@given(MINUTES, MINUTES, st.integers(0, 9))
def test_both_at_one_window_are_one_longer_service(
    gaps: list[int], work: list[int], more: int
) -> None:
    """To those behind, a second matter at the same window is work so much longer."""
    minutes = 540 + np.cumsum(gaps)
    demand = come(*[f"{m // 60:02d}:{m % 60:02d}" for m in minutes.tolist()])
    law = f"{{law: sequence, values: [{', '.join(f'{w} min' for w in work)}]}}"
    longer = f"{{law: sequence, values: [{', '.join(f'{w + more} min' for w in work)}]}}"
    both = f"[{errand(law, 'also: {copy: 1}')}, {errand(f'{more} min', '', 'copy')}]"
    whole = f"[{errand(longer)}, {errand(f'{more} min', '', 'copy')}]"
    first, second = (
        tell(small(matters=matters, demand=demand, layouts=ONE_WINDOW)).journal
        for matters in (both, whole)
    )
    for name in ("taken_at", "called_at", "ended_at", "window"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_the_work_that_is_offered_counts_second_matters() -> None:
    """Six an hour, five minutes with each, and ten more with half of them: all of one clerk."""
    matters = f"[{errand('5 min', 'also: {copy: 0.5}')}, {errand('10 min', '', 'copy')}]"
    demand = "[{id: people, matter: errand, rate: 6 per h}]"
    text = small(matters=matters, demand=demand, layouts=ONE_WINDOW)
    loads = offered_load(compile_plan(scenario_from_text(text), "hall"))
    assert next(load.load for load in loads if load.id == "window") == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("also", "code"),
    [("{nothing: 1}", "unknown_matter"), ("{reviewed: 1}", "second_matter_reviewed"),
     ("{copy: 0.6, errand: 0.6}", "shares_sum")],
)  # fmt: skip
def test_a_second_matter_is_one_that_a_window_finishes(also: str, code: str) -> None:
    """It exists, needs no department, and there are not more of them than people."""
    reviewed = "items: [{id: look, name: {zh: 看, en: Look}, department: office}]"
    matters = (
        f"[{errand('5 min', f'also: {also}')}, {errand('1 min', '', 'copy')},"
        f" {errand('1 min', reviewed, 'reviewed')}]"
    )
    layouts = windows("id: window, serves: [errand, copy, reviewed], clerks: 1")
    with pytest.raises(ScenarioError) as raised:
        scenario_from_text(small(matters=matters, layouts=layouts))
    assert code in [problem.code for problem in raised.value.problems]


# === what they cost === #


def _sums(day: Told) -> dict[str, list[int]]:
    """Numerator and denominator of each measure of second matters on the first day."""
    by_day = measure(day.lawful_tables()).by_day
    return {key: by_day[key][:, 0].tolist() for key in OF_SECONDS}


def _both_kinds(transfer: str) -> Told:
    """Four with both matters: two sent on from the first window, one done with at the window for
    both, one who gives up before the first; and one for the desk alone."""
    matters = f"[{errand('10 min', 'also: {copy: 1}')}, {errand('6 min', '', 'copy')}]"
    layouts = windows(
        "id: window, serves: [errand], clerks: {09:00-09:20: 1}",
        "id: desk, serves: [copy], clerks: 1",
        "id: both, serves: [errand, copy], clerks: {09:02-10:00: 1}",
        more=f"transfer: {transfer}",
    )
    demand = flows(at("09:00", "09:01", "09:02", "09:03"), at("09:09", flow="desk", matter="copy"))
    applicants = "{patience: 12 min, unserved: {returns: 0, lost: 1}}"
    return tell(small(matters=matters, demand=demand, layouts=layouts, applicants=applicants))


@pytest.mark.parametrize("transfer", ["keep_place", "new_ticket"])
def test_visits_with_two_matters_by_hand(transfer: str) -> None:
    """Four of five visits: one at one window (16 min), two sent on (21 and 25 min; waits of 5 and
    0 min there), one that ended before the first matter."""
    day = _both_kinds(transfer)
    assert _sums(day) == {
        "second_share": [4, 5],
        "one_window_share": [1, 4],
        "transfer_share": [2, 4],
        "not_reached_share": [1, 4],
        "transfer_wait": [5 * MINUTE, 2],
        "both_stay": [(16 + 21 + 25) * MINUTE, 3],
    }
    second = day.lawful_tables().frame("visits")["second"].tolist()
    sent_on = "kept_place" if transfer == "keep_place" else "new_ticket"
    assert second == [sent_on, sent_on, "one_window", "not_reached", "none"]


def test_where_nobody_has_a_second_matter_nothing_is_measured() -> None:
    """No denominator, so no table has a row of it."""
    day = tell(small(demand=come("09:00")))
    assert set(map(tuple, _sums(day).values())) == {(0, 0)}


@FEW
@given(scenarios())
def test_in_any_hall_a_second_matter_is_at_one_window_or_sent_on_or_not_reached(text: str) -> None:
    """Counted from the journal alone: who is sent on has a ticket for it, who is done at one
    window has none and is served, of all others the first is not done."""
    day = tell(altered(text, ("matters.*.items", None), ("initial", None)))
    tables, tape = day.lawful_tables(), day.tape
    sums = {key: measure(tables).by_day[key].sum(axis=1).tolist() for key in OF_SECONDS}
    t, outcomes = tables.tickets, {"one": 0, "on": 0, "not": 0}
    for case, trip in set(zip(t.case.tolist(), t.trip.tolist(), strict=True)):
        rows = np.flatnonzero((t.case == case) & (t.trip == trip))
        purposes, here = tape.errands.purpose[t.errand[rows]], tables.day_of(t.arrived_at[rows])
        firsts = rows[(purposes == INTAKE) & (day.journal.destination[t.errand[rows]] == HALL)]
        if trip == 0 or tape.cases.also[case] < 0 or here[0] < 0 or not len(firsts):
            continue
        is_done = (t.fate[firsts] == SERVED).any()
        outcomes["on" if (purposes == ALSO).any() else "one" if is_done else "not"] += 1
    n = sum(outcomes.values())
    assert sums["one_window_share"] == [outcomes["one"], n]
    assert sums["transfer_share"] == [outcomes["on"], n]
    assert sums["not_reached_share"] == [outcomes["not"], n]
    assert sums["second_share"][0] == n
