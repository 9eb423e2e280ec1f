"""Walks from the door to the ticket, and from the call to the window, which waits meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.analysis.measures import measure
from sim.analysis.offered import offered_load
from sim.clock import MINUTE
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from sim.theory import mg1
from tests.strategies import (
    FEW,
    MINUTES,
    Told,
    assert_same_day,
    clock,
    come,
    crowd,
    errand,
    sequence,
    small,
    tell,
    windows,
)

WALK = "name: {zh: 厅, en: Hall}, hours: day, walk: %d min"


def _hall(minutes: int, more: str = "") -> str:
    return f"{{{WALK % minutes}{', ' + more if more else ''}}}"


def _began(day: Told) -> list[str | None]:
    return [clock(int(x)) for x in day.lawful_tables().tickets.began_at]


# === from the call to the window === #


def test_the_window_waits_for_who_walks_there() -> None:
    """Ten minutes of work and two to the window: of three at once each is called 12 min later."""
    day = tell(small(hall=_hall(2), demand=come("09:00", "09:00", "09:00")))
    assert day.called == ["09:00", "09:12", "09:24"]
    assert _began(day) == ["09:02", "09:14", "09:26"]
    assert day.ended == ["09:12", "09:24", "09:36"]


def test_a_group_may_be_farther_than_the_others() -> None:
    """The hall says two minutes; the far group five, the near one none."""
    layouts = windows(
        "id: far, list: all, serves: [errand], clerks: 1, walk: 5 min",
        "id: mid, list: all, serves: [errand], clerks: 1",
        "id: near, list: all, serves: [errand], clerks: 1, walk: 0 min",
    )
    day = tell(small(hall=_hall(2), demand=come("09:00", "09:00", "09:00"), layouts=layouts))
    assert day.windows == ["far-1", "mid-1", "near-1"]
    assert day.ended == ["09:15", "09:12", "09:10"]


def test_a_slow_walker_takes_longer_by_the_own_pace() -> None:
    """A pace of 1.5 makes three minutes of two; a class's own pace goes before everybody's."""
    classes = "classes: [{id: old, name: {zh: 老, en: Old}, pace: 3}]"
    for people, ends in (("{pace: 1.5}", "09:13"), (f"{{pace: 1.5, {classes}}}", "09:16")):
        day = tell(small(hall=_hall(2), demand=come("09:00"), applicants=people))
        assert day.ended == [ends]


def test_who_misses_the_call_does_not_walk() -> None:
    """The window waits a minute, as without walks; the second call is answered, after a walk."""
    applicants = "{missed: {share: 1, window_waits: 1 min, then: requeue}}"
    day = tell(small(hall=_hall(2), demand=come("09:00"), applicants=applicants))
    assert day.fates == ["missed", "served"]
    assert _began(day) == [None, "09:03"]
    assert day.ended == ["09:01", "09:13"]


def test_walking_is_not_stopped_by_a_system_that_is_down() -> None:
    """Called at 09:00, at the window at 09:02; the system is down from 09:01 to 09:20."""
    outage = "{id: net, dated: [{begins: 2025-01-06T09:01, ends: 2025-01-06T09:20}]}"
    day = tell(small(hall=_hall(2, f"outages: [{outage}]"), demand=come("09:00")))
    assert (day.called, day.ended) == (["09:00"], ["09:30"])


def test_wait_ends_with_the_call_and_the_walk_is_measured_beside_it() -> None:
    """Two people at once: mean wait 6, mean walk 2; of 480 minutes on duty windows wait for 4."""
    day = tell(small(hall=_hall(2), demand=come("09:00", "09:00")))
    by_day = measure(day.lawful_tables()).by_day
    sums = {key: by_day[key][:, 0].tolist() for key in ("wait", "walk", "walk_share")}
    assert sums["wait"] == [12 * MINUTE, 2]
    assert sums["walk"] == [4 * MINUTE, 2]
    assert sums["walk_share"] == [4 * MINUTE, 480 * MINUTE]
    assert by_day["utilisation"][0, 0] == 24 * MINUTE
    still = tell(small(demand=come("09:00", "09:00")))
    assert measure(still.lawful_tables()).by_day["walk"].tolist() == [[0], [0]]


def test_the_run_may_end_on_the_way() -> None:
    """Midnight comes before the window is reached: called, not begun, busy to the end."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    day = tell(small(hall=_hall(5), demand=come("23:57"), calendars=calendars))
    assert (day.called, _began(day), day.ended) == (["23:57"], [None], [None])
    services = day.lawful_tables().services
    assert ((services.ended_at - services.called_at) // MINUTE).tolist() == [3]


@FEW
@given(MINUTES, MINUTES, st.integers(0, 9))
def test_waits_are_those_of_services_longer_by_the_walk(
    gaps: list[int], work: list[int], more: int
) -> None:
    """What a window waits for is to those who wait behind as if it were work."""
    walks = tell(crowd(gaps, work, hall=_hall(more)))
    longer = tell(crowd(gaps, work, matters=f"[{errand(sequence(*(w + more for w in work)))}]"))
    for name in ("taken_at", "called_at", "ended_at", "freed_at", "window"):
        np.testing.assert_array_equal(getattr(walks.journal, name), getattr(longer.journal, name))


@FEW
@given(MINUTES, MINUTES, st.integers(0, 5), st.integers(1, 4))
def test_a_longer_walk_delays_everybody(
    gaps: list[int], work: list[int], minutes: int, more: int
) -> None:
    """One list, first come first served: with a longer walk each is called no sooner."""
    near, far = (tell(crowd(gaps, work, hall=_hall(n))) for n in (minutes, minutes + more))
    assert (far.journal.called_at >= near.journal.called_at).all()
    assert (far.journal.ended_at > near.journal.ended_at).all()


def test_the_mean_wait_is_pollaczek_khinchines() -> None:
    """M/G/1 with service = walk + service: gamma walks of 2 min, cv 0.5, work of 6 min, cv 1.

    Eight runs of 200 days around the clock: within four standard errors of theory, which tell it
    from a hall in which nobody walks.
    """
    changes = [
        "run.measured_days=200",
        "demand.everybody.rate=6 per h",
        "matters.errand.service.base={law: exponential, mean: 6 min}",
        "hall.walk=2 min",
        "applicants.pace={law: gamma, mean: 1, cv: 0.5}",
    ]
    plan = compile_plan(load_scenario(example_path("exact/mm1.yaml"), changes), "hall")
    means = []
    for replication in range(8):
        journal = run(plan, draw_tape(plan.demand, 1, replication))
        waits = (journal.called_at - journal.taken_at)[journal.called_at >= 0]
        means.append(waits.mean() / MINUTE)
    cv = np.sqrt(6**2 + (2 * 0.5) ** 2) / 8
    exact = mg1(6 / 60, 8, float(cv)).mean_wait
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - exact) < 4 * error
    assert exact - mg1(6 / 60, 6, 1).mean_wait > 8 * error


# === from the door to the ticket === #


def test_the_ticket_is_taken_after_the_way_in() -> None:
    """Comes at nine, takes a ticket at 09:03 and is called at once."""
    day = tell(small(hall="way_in: 3 min", demand=come("09:00")))
    assert (day.arrived, day.taken, day.called) == (["09:00"], ["09:03"], ["09:03"])
    by_day = measure(day.lawful_tables()).by_day
    assert by_day["coming_to_call"][0, 0] == 3 * MINUTE
    assert by_day["wait"][0, 0] == 0


def test_who_comes_before_the_opening_walks_when_the_door_opens() -> None:
    """At the door at 08:30 and 08:50: both go in at nine, in the order in which they came."""
    day = tell(small(hall="way_in: 3 min", demand=come("08:30", "08:50")))
    assert day.taken == ["09:03", "09:03"]
    assert day.called == ["09:03", "09:13"]
    door_wait = measure(day.lawful_tables()).by_day["door_wait"]
    assert door_wait.tolist() == [[40 * MINUTE], [2]]


def test_the_way_leads_to_the_desk_where_there_is_one() -> None:
    """Greeted at 09:03, with the ticket at 09:05; nobody waits for the desk."""
    reception = "reception: {clerks: 1, service: 2 min}"
    day = tell(small(hall=f"way_in: 3 min, {reception}", demand=come("09:00")))
    assert (day.greeted, day.taken) == (["09:03"], ["09:05"])
    assert measure(day.lawful_tables()).by_day["reception_wait"].tolist() == [[0], [1]]


def test_who_walks_in_is_inside() -> None:
    """The hall holds one: who comes while the first walks in is turned away."""
    day = tell(small(hall="way_in: 3 min, capacity: 1", demand=come("09:00", "09:02")))
    assert day.fates[:2] == ["served", "turned away"]


def test_clerks_stay_for_who_is_on_the_way_in() -> None:
    """At 16:59 through the door, at the machine at 17:02: served after closing."""
    day = tell(small(hall="way_in: 3 min", demand=come("16:59")))
    assert (day.called, day.fates) == (["17:02"], ["served"])


def test_a_fast_walker_overtakes() -> None:
    """Two at once, the first twice as slow: the second takes the first ticket."""
    pace = "{pace: {law: sequence, values: [2, 1]}}"
    day = tell(small(hall="way_in: 3 min", demand=come("09:00", "09:00"), applicants=pace))
    assert day.called == ["09:13", "09:03"]


# === what leaves all as it was === #


def test_no_way_and_any_pace_is_the_hall_as_it_was() -> None:
    """Zero distances: the same journal exactly; a pace moves nobody else's draws."""
    demand = "[{id: people, matter: errand, rate: 20 per h}]"
    applicants = "patience: {law: exponential, mean: 9 min}"
    plain = small(demand=demand, applicants=f"{{{applicants}}}")
    pace = "pace: {law: gamma, mean: 2, cv: 1}"
    still = small(
        demand=demand, applicants=f"{{{applicants}, {pace}}}", hall="way_in: 0 min, walk: 0 min"
    )
    assert_same_day(plain, still)


def test_the_work_that_is_offered_counts_walks() -> None:
    """Six an hour, eight minutes with each and one to the window at twice the pace: all of one."""
    demand = "[{id: people, matter: errand, rate: 6 per h}]"
    matters = f"[{errand('8 min')}]"
    text = small(matters=matters, demand=demand, hall=_hall(1), applicants="{pace: 2}")
    plan = compile_plan(scenario_from_text(text), "hall")
    window = next(load for load in offered_load(plan) if load.id == "window")
    assert window.load == pytest.approx(1.0)
    assert plan.hall.mean_service.tolist() == [10 * MINUTE]


def test_tables_say_when_work_begins() -> None:
    """Services: called, there, left, free."""
    matters = f"[{errand('10 min', 'wrap_up: 4 min')}]"
    day = tell(small(hall=_hall(2), matters=matters, demand=come("09:00")))
    services = Tables(day.plan, day.tape, day.journal).services
    columns = (services.called_at, services.began_at, services.left_at, services.ended_at)
    assert [clock(int(column[0])) for column in columns] == ["09:00", "09:02", "09:12", "09:16"]


# === walks by where windows are === #


PLACED = "name: {zh: 厅, en: Hall}, hours: day, seats: {x: 10, y: 4}, metres_per_minute: 60"


def _at(x: float, y: float) -> str:
    return f"id: window, serves: [errand], clerks: 1, position: {{x: {x}, y: {y}}}"


@given(MINUTES, MINUTES, st.integers(-40, 40), st.integers(-40, 40))
@FEW
def test_a_walk_by_positions_is_the_walk_written_by_hand(
    gaps: list[int], work: list[int], x: int, y: int
) -> None:
    """At 60 m a minute a metre is a second."""
    placed = crowd(gaps, work, hall=f"{{{PLACED}}}", layouts=windows(_at(x, y)))
    seconds = round(1000 * float(np.hypot(x - 10, y - 4))) / 1000
    by_hand = f"id: window, serves: [errand], clerks: 1, walk: {seconds} s"
    assert_same_day(placed, crowd(gaps, work, layouts=windows(by_hand)))


@given(MINUTES, MINUTES)
@FEW
def test_windows_where_people_wait_change_nothing(gaps: list[int], work: list[int]) -> None:
    placed = crowd(gaps, work, hall=f"{{{PLACED}}}", layouts=windows(_at(10, 4)))
    plain = crowd(gaps, work, layouts=windows("id: window, serves: [errand], clerks: 1"))
    assert_same_day(placed, plain)


def test_a_walk_of_the_group_goes_before_its_position_and_positions_alone_are_a_drawing() -> None:
    text = small(
        hall="{name: {zh: 厅, en: Hall}, hours: day, walk: 2 min, seats: {x: 0, y: 0},"
        " metres_per_minute: 60}",
        layouts=windows(
            "id: own, list: all, serves: [errand], clerks: 1, walk: 1 min, position: {x: 9, y: 0}",
            "id: placed, list: all, serves: [errand], clerks: 1, position: {x: 300, y: 0}",
            "id: nowhere, list: all, serves: [errand], clerks: 1",
        ),
    )
    walks = compile_plan(scenario_from_text(text), "hall").hall.walk
    assert (walks / MINUTE).tolist() == [1, 5, 2]
    slow = text.replace(", metres_per_minute: 60", "").replace(", seats: {x: 0, y: 0}", "")
    assert (compile_plan(scenario_from_text(slow), "hall").hall.walk / MINUTE).tolist() == [1, 2, 2]
