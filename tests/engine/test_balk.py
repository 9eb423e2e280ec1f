"""Who is not called at once and sees too many wait in front turns round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.engine.run import run
from sim.plan.journal import BALKED
from sim.scenario.load import scenario_from_text
from sim.theory import erlang_b
from tests.strategies import (
    FEW,
    MINUTES,
    altered,
    assert_same_day,
    at,
    come,
    crowd,
    errand,
    scenarios,
    small,
    tell,
    windows,
)

LOST = "unserved: {returns: 0, lost: 1}"


def test_turns_round_at_a_long_queue() -> None:
    """Check 14h: one every 5 minutes, 21 at the window, three in the hall are too many.

    Ciw, test_simulation.py, test_baulking. One is at the window, so two wait.
    """
    demand = come(*[f"09:{minute:02d}" for minute in range(5, 52, 5)])
    applicants = f"{{balk_at: 2, {LOST}}}"
    day = tell(small(matters=f"[{errand('21 min')}]", applicants=applicants, demand=demand))
    balked = [at for at, fate in zip(day.arrived, day.fates, strict=True) if fate == "balked"]
    assert balked == ["09:20", "09:25", "09:35", "09:40", "09:45"]


def test_balks_at_once() -> None:
    """Who balks leaves in the instant of arrival and is never called."""
    demand = come("09:00", "09:01", "09:02")
    day = tell(small(applicants=f"{{balk_at: 1, {LOST}}}", demand=demand))
    assert day.fates == ["served", "served", "balked"]
    assert (day.ended, day.called[2]) == (["09:10", "09:20", "09:02"], None)


def test_nobody_waits() -> None:
    """A limit of one lets wait who finds nobody waiting, however many are at windows."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    demand = come("09:00", "09:01", "09:02", "09:03")
    day = tell(small(applicants=f"{{balk_at: 1, {LOST}}}", demand=demand, layouts=layouts))
    assert day.fates == ["served", "served", "served", "balked"]


def test_zero_is_a_hall_in_which_nobody_waits() -> None:
    """At a limit of zero whoever is not called at once turns round."""
    demand = come("09:00", "09:00", "09:05", "09:10")
    day = tell(small(applicants=f"{{balk_at: 0, {LOST}}}", demand=demand))
    assert day.fates == ["served", "balked", "balked", "served"]
    assert day.called == ["09:00", None, None, "09:10"]


def test_sees_who_is_left_after_the_calls() -> None:
    """Of five in one instant two are called; the others see nobody, one and one in front."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    day = tell(
        small(applicants=f"{{balk_at: 1, {LOST}}}", demand=come(*["09:00"] * 5), layouts=layouts)
    )
    assert day.fates == ["served", "served", "served", "balked", "balked"]
    assert (day.ended[3:], day.called[2]) == (["09:00"] * 2, "09:10")


def test_who_comes_as_windows_free_is_called() -> None:
    """Ends, arrivals, calls: whoever a free window calls in the same instant sees no queue."""
    layouts = windows("id: window, serves: [errand], clerks: 3")
    day = tell(
        small(
            applicants=f"{{balk_at: 0, {LOST}}}",
            demand=come(*["09:00"] * 3, *["09:10"] * 3),
            layouts=layouts,
        )
    )
    assert day.fates == ["served"] * 6


def test_a_crowd_at_the_door_before_opening_and_over_lunch() -> None:
    """Twenty windows call the crowd at the door at once: nobody turns round at 09:00 or 13:00."""
    layouts = windows("id: window, serves: [errand], clerks: 20")
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    demand = come(*["08:50"] * 15, *["12:30"] * 15)
    applicants = f"{{balk_at: 10, {LOST}}}"
    day = tell(small(calendars=calendars, applicants=applicants, demand=demand, layouts=layouts))
    assert day.fates == ["served"] * 30
    assert day.called == ["09:00"] * 15 + ["13:00"] * 15


def test_behind_a_desk() -> None:
    """Three whom the desk lets go in one instant are called in it."""
    layouts = windows("id: window, serves: [errand], clerks: 3")
    hall = "reception: {clerks: 3, service: 2 min}"
    applicants = f"{{balk_at: 1, {LOST}}}"
    demand = come(*["09:00"] * 3)
    day = tell(small(hall=hall, applicants=applicants, demand=demand, layouts=layouts))
    assert (day.fates, day.called) == (["served"] * 3, ["09:02"] * 3)


def test_at_a_booked_slot() -> None:
    """All places of a slot come on the minute, and there is a window for each."""
    layouts = windows("id: window, serves: [errand], clerks: 4")
    book = (
        "[{id: book, name: {zh: 号, en: Book}, serves: [errand], share: 1, slot: 30 min,"
        " slots: {10:00-10:30: 4}}]"
    )
    applicants = f"{{balk_at: 1, {LOST}, appointments: {book}}}"
    day = tell(small(applicants=applicants, demand=come(*["09:00"] * 4), layouts=layouts))
    assert (day.fates, day.called) == (["served"] * 4, ["10:00"] * 4)


def test_after_a_missed_call_and_after_mending_on_the_spot() -> None:
    """Two who take a new ticket in the instant in which their windows are free are called in it."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    missed = "missed: {share: 1, window_waits: 1 min, then: requeue}"
    applicants = f"{{balk_at: 0, {LOST}, {missed}}}"
    day = tell(small(applicants=applicants, demand=come(*["09:00"] * 2), layouts=layouts))
    assert day.fates == ["missed", "missed", "served", "served"]
    corrections = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 0 min, service_share: 0.5}"
    applicants = f"{{balk_at: 0, {LOST}}}"
    day = tell(
        small(
            applicants=applicants,
            corrections=corrections,
            demand=come(*["09:00"] * 2),
            layouts=layouts,
        )
    )
    assert day.fates == ["sent back", "sent back", "served", "served"]


def test_where_a_reserve_window_opens_at_once() -> None:
    """Whom a reserve window calls in the instant of coming does not turn round."""
    reserve = "id: reserve, list: window, serves: [errand], clerks: 2"
    layouts = windows(
        "id: window, serves: [errand], clerks: 1",
        f"{reserve}, tidal: {{opens_at: 1, setup: 0 min}}",
    )
    day = tell(
        small(applicants=f"{{balk_at: 0, {LOST}}}", demand=come(*["09:00"] * 4), layouts=layouts)
    )
    assert day.fates == ["served"] * 3 + ["balked"]


def test_where_a_helper_is_idle() -> None:
    """An idle window that helps at once calls; one that helps later lets people turn round."""
    groups = "id: a, serves: [errand], clerks: 1", "id: b, serves: [other], helps: [a], clerks: 1"
    matters = f"[{errand('10 min')}, {errand('10 min', id_='other')}]"
    for help_after, fates in ((0, ["served"] * 2), (1, ["served", "balked"])):
        more = f"calling: {{rule: own_first, help_after: {help_after} min}}"
        text = small(
            matters=matters,
            layouts=windows(*groups, more=more),
            demand=come(*["09:00"] * 2),
            applicants=f"{{balk_at: 0, {LOST}}}",
        )
        assert tell(text).fates == fates


def test_turns_round_before_patience_of_zero_ends() -> None:
    """Who turns round and who gives up at once: turning round comes first."""
    applicants = f"{{balk_at: 1, patience: 0 min, {LOST}}}"
    day = tell(small(applicants=applicants, demand=come(*["09:00"] * 3)))
    assert day.fates == ["served", "gave up", "balked"]


def test_windows_without_time_serve_a_crowd_in_one_instant() -> None:
    """Work of zero length frees the window in the same instant: nobody is left to see a queue."""
    text = small(
        applicants=f"{{balk_at: 0, {LOST}}}",
        matters=f"[{errand('0 min')}]",
        demand=come(*["09:00"] * 5),
    )
    assert tell(text).fates == ["served"] * 5


def test_a_hall_in_which_nobody_waits_loses_what_erlang_says() -> None:
    """Three windows, offered work of two: the share that turns round is Erlang's B."""
    text = small(
        run="{start: 2025-01-06, measured_days: 400}",
        calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
        matters=f"[{errand('{law: exponential, mean: 10 min}')}]",
        demand="[{id: people, matter: errand, rate: 12 per h}]",
        layouts=windows("id: window, serves: [errand], clerks: 3"),
        applicants=f"{{balk_at: 0, {LOST}}}",
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    fate = run(plan, draw_tape(plan.demand, seed=1, replication=0)).fate
    assert np.mean(fate == BALKED) == pytest.approx(erlang_b(2.0, 3), abs=0.005)


def test_only_their_own_list_counts() -> None:
    """A long queue at another list does not deter."""
    layouts = windows("id: a, serves: [errand], clerks: 1", "id: b, serves: [other], clerks: 1")
    matters = f"[{errand('60 min')}, {errand('10 min', id_='other')}]"
    people = "{id: people, matter: errand, at: [2025-01-06T09:00:00, 2025-01-06T09:01:00]}"
    others = at(*["09:02"] * 3, flow="z", matter="other")
    day = tell(
        small(
            matters=matters,
            layouts=layouts,
            demand=f"[{people}, {others}]",
            applicants=f"{{balk_at: 1, {LOST}}}",
        )
    )
    assert day.fates == ["served", "served", "served", "served", "balked"]


@FEW
@given(scenarios())
def test_a_queue_nobody_ever_sees_deters_nobody(text: str) -> None:
    """In any hall, a limit that no queue reaches is none."""
    never = altered(text, ("applicants.balk_at", 100_000))
    assert_same_day(never, altered(text, ("applicants.balk_at", None)))


@FEW
@given(MINUTES, MINUTES, st.integers(1, 4))
def test_who_turns_round_shortens_the_wait_of_those_who_stay(
    gaps: list[int], work: list[int], limit: int
) -> None:
    """Nobody who is called waits longer than if everybody had stayed."""
    text = crowd(gaps, work)
    some = tell(altered(text, ("applicants.balk_at", limit))).journal
    called = some.called_at >= 0
    assert (some.called_at <= tell(text).journal.called_at)[called].all()
