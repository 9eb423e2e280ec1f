"""People with appointments in the hall: when they come, and by which right they are called."""

from __future__ import annotations

import pytest

from sim import Tables, compile_plan, draw_tape, run
from sim.analysis.measures import measure
from sim.clock import DAY
from sim.scenario.load import scenario_from_text
from tests.strategies import at, book, come, flows, small, tell

CLASSES = (
    "classes: [{id: booked, name: {zh: 约, en: Booked}, priority: 0},"
    " {id: walk_in, name: {zh: 现, en: Walk-in}, priority: 1}]"
)


def applicants(*books: str) -> str:
    return f"{{{CLASSES}, appointments: [{', '.join(books)}]}}"


def test_slots_by_hand() -> None:
    """Two places a slot: the third takes the next one, a wish before the opening the first."""
    demand = come("08:10", "09:05", "09:20", "09:25", "09:31")
    day = tell(small(demand=demand, applicants=f"{{appointments: [{book('2')}]}}"))
    assert day.arrived == ["09:00", "09:00", "09:30", "09:30", "10:00"]
    assert day.called == ["09:00", "09:10", "09:30", "09:40", "10:00"]


def test_a_full_day_is_walked_into_or_rolled_over() -> None:
    demand, run_ = come("09:05", "09:10", "16:50"), "{start: 2025-01-06, measured_days: 2}"
    walk, roll = (
        tell(
            small(
                demand=demand,
                run=run_,
                applicants=f"{{appointments: [{book('{09:00-09:30: 1}', f'when_full: {rule}')}]}}",
            )
        )
        for rule in ("walk_in", "next_day")
    )
    assert walk.arrived == ["09:00", "09:10", "16:50"]
    assert roll.arrived == ["09:00", "1 09:00"]
    assert roll.case_fates == ["issued", "issued", "open"]


def test_the_booked_are_called_first() -> None:
    """A walk-in who came before waits for two who come with appointments."""
    demand = flows(
        at("09:00", "09:01", more="classes: {walk_in: 1}"),
        at("09:10", "09:12", flow="z", matter="other", more="classes: {walk_in: 1}"),
    )
    matters = (
        "[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 20 min}},"
        " {id: other, name: {zh: 事, en: Other}, lead: office, service: {base: 10 min}}]"
    )
    layouts = (
        "[{id: hall, name: {zh: 厅, en: Hall},"
        " windows: [{id: window, serves: [errand, other], clerks: 1}]}]"
    )
    books = book("5", "priority_class: booked; lateness: 10 min", "other")
    day = tell(small(demand=demand, matters=matters, layouts=layouts, applicants=applicants(books)))
    assert day.arrived == ["09:00", "09:01", "09:10", "09:10"]
    assert day.called == ["09:00", "09:40", "09:20", "09:30"]


@pytest.mark.parametrize("replication", range(3))
def test_booking_evens_out_a_morning_rush(replication: int) -> None:
    """Same people: spread over the day by their slots they wait less than when all come at once."""
    waits = []
    for share in (0.0, 1.0):
        text = small(
            run="{start: 2025-01-06, measured_days: 5}",
            profiles="[{id: rush, shape: {09:00-10:00: 6, 10:00-17:00: 1}}]",
            demand="[{id: people, matter: errand, per_day: 38, profile: rush}]",
            applicants=f"{{appointments: [{book('3', f'share: {share}; when_full: next_day')}]}}",
        )
        plan = compile_plan(scenario_from_text(text), "hall")
        tape = draw_tape(plan.demand, 1, replication)
        total, called = measure(Tables(plan, tape, run(plan, tape))).by_day["wait"].sum(axis=1)
        waits.append(total / called)
    assert waits[1] < 0.5 * waits[0]


def test_measures() -> None:
    """Three of four book, for half an hour later on average; one of the three does not come."""
    text = small(
        demand=come("09:00", "09:10", "09:20", "16:45"),
        applicants=f"{{appointments: [{book('{09:00-10:30: 1}')}]}}",
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    absent = tape.cases.booked_for == 9 * DAY // 24
    tape = tape._replace(cases=tape.cases._replace(no_show=absent))
    tables = Tables(plan, tape, run(plan, tape))
    by_day = measure(tables).by_day
    assert by_day["booked_share"].sum(axis=1).tolist() == [3, 4]
    assert by_day["no_show_share"].sum(axis=1).tolist() == [1, 3]
    assert by_day["booking_delay"].sum(axis=1).tolist() == [DAY // 24, 3]
    assert {"wished_at", "booked_for", "no_show"} <= set(tables.frame("cases").columns)


def test_a_hall_without_books_has_no_such_measures() -> None:
    plan = compile_plan(scenario_from_text(small()), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    by_day = measure(Tables(plan, tape, run(plan, tape))).by_day
    assert not by_day["booked_share"].any()
