"""A window is busy after its visitor has left, and before a matter unlike the last one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan
from sim.analysis.offered import offered_load
from sim.clock import MINUTE
from sim.plan.journal import Journal
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
    MINUTES,
    at,
    clock,
    come,
    crowd,
    errand,
    flows,
    sequence,
    small,
    tell,
    windows,
)


def _freed(journal: Journal) -> list[str | None]:
    return [clock(int(x)) for x in journal.free_again_at[: int(journal.n_tickets[0])]]


def _filed(service: str, wrap_up: str) -> str:
    return f"[{errand(service, f'wrap_up: {wrap_up}')}]"


# === wrap-up === #


def test_the_visitor_leaves_and_the_window_goes_on() -> None:
    """Ten minutes with each, five after each: of three at once each is called 15 minutes later."""
    day = tell(small(matters=_filed("10 min", "5 min"), demand=come("09:00", "09:00", "09:00")))
    assert day.called == ["09:00", "09:15", "09:30"]
    assert day.ended == ["09:10", "09:25", "09:40"]
    assert _freed(day.journal) == ["09:15", "09:30", "09:45"]


def test_only_what_is_filed_is_wrapped_up() -> None:
    """Papers sent back after half the work leave nothing to do; nor does who misses the call."""
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 0 min, service_share: 0.5}"
    day = tell(
        small(
            matters=_filed("10 min", "5 min"),
            demand=come("09:00"),
            corrections=corrections,
            applicants="{missed: {share: 1, window_waits: 2 min, then: requeue}}",
        )
    )
    rows = zip(day.fates, day.ended, _freed(day.journal), strict=True)
    assert [row for row in rows if row[0] != "served"] == [
        ("missed", "09:02", "09:02"),
        ("sent back", "09:07", "09:07"),
        ("missed", "09:09", "09:09"),
    ]
    assert (day.ended[-1], _freed(day.journal)[-1]) == ("09:19", "09:24")


def test_a_slower_clerk_wraps_up_more_slowly() -> None:
    """A factor of 2 counts for both: twenty minutes, then ten."""
    layouts = windows("id: window, serves: [errand], clerks: 1, proficiency: 2")
    day = tell(small(matters=_filed("10 min", "5 min"), demand=come("09:00"), layouts=layouts))
    assert (day.ended, _freed(day.journal)) == (["09:20"], ["09:30"])


def test_results_are_handed_over_without_it() -> None:
    """Wrap-up is of applications: who collects a result leaves a free window behind."""
    issue = "issue: {collection: 1, collects_after: 1 d, service: 3 min}"
    matters = f"[{errand('10 min', f'wrap_up: 5 min, {issue}')}]"
    run = "{start: 2025-01-06, measured_days: 2}"
    day = tell(small(matters=matters, demand=come("09:00"), run=run))
    spans = day.journal.freed_at - day.journal.ended_at
    assert (spans // MINUTE).tolist() == [5, 0]


def test_overtime_and_utilisation_count_it_and_stay_does_not() -> None:
    """Called at 16:55 the visitor leaves at 17:05, the clerk at 17:10: ten minutes of overtime."""
    day = tell(small(matters=_filed("10 min", "5 min"), demand=come("16:55")))
    tables = Tables(day.plan, day.tape, day.journal)
    check_invariants(tables)
    services, overtime = tables.services, tables.overtime
    assert ((services.left_at - services.called_at) // MINUTE).tolist() == [10]
    assert ((services.ended_at - services.called_at) // MINUTE).tolist() == [15]
    assert ((overtime.ends_at - overtime.begins_at) // MINUTE).tolist() == [10]
    assert ((tables.visits.left_at - tables.visits.arrived_at) // MINUTE).tolist() == [10]


def test_a_window_that_is_to_close_wraps_up_first() -> None:
    """The only window closes at 12:00 while its clerk wraps up: nobody is called at 12:02."""
    layouts = windows(
        "id: window, serves: [errand], clerks: {09:00-12:00: 1, 13:00-17:00: 1}",
    )
    matters, demand = _filed("10 min", "5 min"), come("11:47", "11:50")
    day = tell(small(matters=matters, demand=demand, layouts=layouts))
    assert day.called == ["11:47", "13:00"]
    assert _freed(day.journal)[0] == "12:02"


def test_the_run_may_end_before_it_does() -> None:
    """At midnight the visitor has gone and the window is not free: occupied to the end."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    day = tell(small(matters=_filed("10 min", "5 min"), demand=come("23:49"), calendars=calendars))
    tables = Tables(day.plan, day.tape, day.journal)
    check_invariants(tables)
    assert (day.ended, _freed(day.journal)) == (["23:59"], [None])
    assert (tables.services.ended_at - tables.services.left_at).tolist() == [MINUTE]


@FEW
@given(MINUTES, MINUTES, st.integers(0, 9))
def test_waits_are_those_of_services_longer_by_the_wrap_up(
    gaps: list[int], work: list[int], more: int
) -> None:
    """The window does not mind whether its visitor stays; who stays leaves so much later."""
    split = tell(crowd(gaps, work, matters=_filed(sequence(*work), f"{more} min")))
    whole = tell(crowd(gaps, work, matters=f"[{errand(sequence(*(w + more for w in work)))}]"))
    assert split.called == whole.called
    assert np.array_equal(split.journal.free_again_at, whole.journal.ended_at)
    assert np.array_equal(split.journal.ended_at, whole.journal.ended_at - more * MINUTE)


# === changeover === #

BOTH = "id: window, serves: [errand, permit], clerks: %s, changeover: 3 min"
TWO = f"[{errand('10 min')}, {errand('10 min', '', 'permit')}]"


def test_a_matter_unlike_the_last_takes_a_set_up() -> None:
    """Errand, errand, permit, errand: only the third and the fourth take three minutes more."""
    demand = flows(at("09:00", "09:01", "09:03"), at("09:02", flow="b", matter="permit"))
    day = tell(small(matters=TWO, demand=demand, layouts=windows(BOTH % 1)))
    assert day.called == ["09:00", "09:10", "09:20", "09:33"]
    assert day.ended == ["09:10", "09:20", "09:33", "09:46"]


def test_a_window_opens_set_up_for_anything() -> None:
    """After lunch the window serves a permit without a set-up, though an errand was the last."""
    demand = flows(at("11:00"), at("13:00", flow="b", matter="permit"))
    roster = "{09:00-12:00: 1, 13:00-17:00: 1}"
    day = tell(small(matters=TWO, demand=demand, layouts=windows(BOTH % roster)))
    assert day.ended == ["11:10", "13:10"]


def test_who_misses_the_call_is_not_set_up_for() -> None:
    """The window waits a minute for who is not there, and is still set up for errands."""
    demand = flows(at("09:00"), at("09:01", flow="b", matter="permit"))
    applicants = "{missed: {share: 1, window_waits: 1 min, then: void}}"
    day = tell(small(matters=TWO, demand=demand, layouts=windows(BOTH % 1), applicants=applicants))
    assert day.fates == ["missed", "missed"]
    assert day.ended == ["09:01", "09:02"]


def test_the_work_that_is_offered_counts_wrap_up() -> None:
    """Six an hour, eight minutes with each and one after each: 0.9 of one clerk."""
    demand = "[{id: people, matter: errand, rate: 6 per h}]"
    text = small(matters=_filed("8 min", "1 min"), demand=demand)
    plan = compile_plan(scenario_from_text(text), "hall")
    window = next(load for load in offered_load(plan) if load.id == "window")
    assert window.load == pytest.approx(0.9)
