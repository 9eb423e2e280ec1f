"""Replayed arrivals: what a table says is so, to the tick; what it leaves blank is drawn by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from sim import Tables, compile_demand, compile_plan, draw_tape
from sim.analysis.measures import measure
from sim.clock import DAY, HOUR, MINUTE
from sim.engine.run import ENGINES, run
from sim.plan.plan import Plan
from sim.plan.replay import class_mix, rows_of_crowd
from sim.plan.tape import Tape
from sim.plan.window_work import mean_window_work
from sim.scenario.arrival_rows import EPOCH, ArrivalRows
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from tests.assertions import assert_same_journal
from tests.strategies import MONDAY, book, errand, flows, replay, small, tell

TWO = f"[{errand('10 min')}, {errand('4 min', id_='other')}]"
TWO_CLASSES = (
    "classes: [{id: first, name: {zh: 一, en: First}}, {id: second, name: {zh: 二, en: Second},"
    " priority: 1, assisted_share: 1}], assistance_factor: 2"
)
HALL = (
    "[{id: hall, name: {zh: 厅, en: Hall},"
    " windows: [{id: window, serves: [errand, other], clerks: 1}]}]"
)


def ticks(*clocks: str, day: str = MONDAY) -> list[int]:
    """Instants of a date, as rows have them."""
    midnight = (date.fromisoformat(day) - EPOCH).days * DAY
    times = [[int(part) for part in clock.split(":")] for clock in clocks]
    return [midnight + hour * HOUR + minute * MINUTE for hour, minute in times]


def of(rows: ArrivalRows, more: str = "", **sections: str) -> Scenario:
    sections = {
        "matters": TWO,
        "layouts": HALL,
        "demand": flows(replay(rows, more=more)),
        **sections,
    }
    return scenario_from_text(small(**sections))


def crowd(scenario: Scenario, seed: int = 1, replication: int = 0) -> Tape:
    return draw_tape(compile_demand(scenario), seed, replication)


def minutes(values: Any) -> list[float]:
    return [float(value) / MINUTE for value in values]


def test_a_day_by_hand() -> None:
    """One window: waits follow from the rows' own instants and work; a blank one is drawn."""
    rows = ArrivalRows(
        ticks("09:00", "09:02", "09:03", "09:30"),
        matters=("errand", "other"),
        matter=[0, 1, -1, 1],
        service=[5 * MINUTE, -1, 0, 90_500],
    )
    day = tell(small(matters=TWO, layouts=HALL, demand=flows(replay(rows))))
    assert day.arrived == ["09:00", "09:02", "09:03", "09:30"]
    assert day.called == ["09:00", "09:05", "09:09", "09:30"]
    tape = crowd(of(rows))
    assert tape.errands.service.tolist() == [300_000, 240_000, 0, 90_500]


def test_what_a_row_says_is_so() -> None:
    """Class, township and booking; what it leaves blank is as its flow draws it."""
    towns = (
        "townships: [{id: east, name: {zh: 东, en: East}, county: c, population: 1},"
        " {id: west, name: {zh: 西, en: West}, county: c, population: 0}]"
    )
    rows = ArrivalRows(
        ticks("09:00", "09:01", "09:02"),
        classes=("second",),
        class_=[0, -1, -1],
        townships=("west",),
        township=[0, -1, 0],
        booked_for=ticks("09:05", "09:00", "09:30"),
    )
    books = book("5", "priority_class: second; share: 0.0; grace: 0 min")
    people = f"{{{TWO_CLASSES}, {towns}, appointments: [{books}]}}"
    cases = crowd(of(rows, "classes: {first: 1}", applicants=people)).cases
    assert cases.class_.tolist() == [1, 0, 1]  # the second came after the grace
    assert cases.township.tolist() == [1, 0, 1]
    assert minutes(cases.booked_for % DAY - 9 * HOUR) == [5, 0, 30]
    assert cases.assisted.tolist() == [True, False, False]
    assert (cases.arrived_at == cases.wished_at).all()
    assert not cases.no_show.any()


def test_the_delay_of_a_booking_is_of_known_wishes() -> None:
    """A table tells for when people booked, and not when they would have come."""
    rows = ArrivalRows(ticks("09:20", "09:40"), booked_for=ticks("09:30", "09:30"))
    people = f"{{appointments: [{book('1', 'share: 1.0')}]}}"
    at = f"{{id: wish, matter: errand, at: [{MONDAY}T09:10:00]}}"
    plan = compile_plan(of(rows, applicants=people, demand=flows(at, replay(rows))), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    tally = measure(Tables(plan, tape, run(plan, tape)))
    assert tally.by_day["booking_delay"].sum(axis=1).tolist() == [-10 * MINUTE, 1]
    assert tally.by_day["booked_share"].sum(axis=1).tolist() == [3, 3]


def test_nobody_of_a_table_books_by_a_draw() -> None:
    """They have come: an appointment that is drawn would move them."""
    rows = ArrivalRows(ticks("09:20", "09:40"))
    people = f"{{appointments: [{book('1', 'share: 1.0; lateness: 9 min')}]}}"
    cases = crowd(of(rows, applicants=people)).cases
    assert minutes(cases.arrived_at % DAY - 9 * HOUR) == [20, 40]
    assert (cases.booked_for == -1).all()


DRAWN = (
    "[{id: errand, name: {zh: 事, en: E}, lead: office, service: {base: {law: gamma, mean: 6 min,"
    " cv: 0.7}}}, {id: other, name: {zh: 事, en: O}, lead: office, service: {base: 3 min}}]"
)
OFFICE = {
    "run": f"{{start: {MONDAY}, measured_days: 4}}",
    "matters": DRAWN,
    "layouts": HALL,
    "applicants": f"{{{TWO_CLASSES}}}",
}
FLOWS = (
    "[{id: a, matter: errand, per_day: 30, classes: {first: 0.5, second: 0.5}},"
    " {id: b, matter: other, rate: 3 per h, classes: {second: 1}}]"
)


def drawn_office() -> tuple[Plan, Tape, ArrivalRows]:
    plan = compile_plan(scenario_from_text(small(**OFFICE, demand=FLOWS)), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    return plan, tape, rows_of_crowd(plan, tape)


def test_the_programs_own_crowd_comes_again() -> None:
    """Its flows as a table: the same instants, classes, matters and work, in the same order."""
    _, tape, rows = drawn_office()
    again = crowd(scenario_from_text(small(**OFFICE, demand=flows(replay(rows)))), seed=9)
    for name in ("arrived_at", "matter", "class_", "booked_for"):
        assert getattr(again.cases, name).tolist() == getattr(tape.cases, name).tolist(), name
    assert again.errands.service.tolist() == tape.errands.service.tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_journal_replayed_gives_the_same_waits(engine: Any) -> None:
    """Arrivals and services of one run, in another with them as a table: call by call the same."""
    plan, tape, rows = drawn_office()
    replayed = compile_plan(scenario_from_text(small(**OFFICE, demand=flows(replay(rows)))), "hall")
    first = run(plan, tape, engine)
    second = run(replayed, draw_tape(replayed.demand, 7, 3), engine)
    assert first.called_at.tolist() == second.called_at.tolist()
    assert first.taken_at.tolist() == second.taken_at.tolist()
    waits = [Tables(plan, tape, first).visits, Tables(replayed, tape, second).visits]
    assert (waits[0].called_at == waits[1].called_at).all()


def test_engines_agree() -> None:
    """Rows half filled, with papers that lack and people who give up."""
    rng = np.random.default_rng(5)
    n = 200
    days = rng.integers(0, 4, n) * DAY + rng.integers(8 * HOUR, 18 * HOUR, n)
    rows = ArrivalRows(
        np.sort(days) + ticks("00:00")[0],
        matters=("errand", "other"),
        matter=rng.integers(-1, 2, n),
        classes=("first", "second"),
        class_=rng.integers(-1, 2, n),
        service=np.where(rng.random(n) < 0.5, rng.integers(0, 20 * MINUTE, n), -1),
    )
    plan = compile_plan(
        of(
            rows,
            "online_share: 0.2",
            **{**OFFICE, "applicants": f"{{{TWO_CLASSES}, patience: 30 min}}"},
            corrections="{share: 0.4}",
            online="{department: office, precheck: 5 min}",
        ),
        "hall",
    )
    tape = draw_tape(plan.demand, 1, 0)
    assert_same_journal(run(plan, tape, "reference"), run(plan, tape, "fast"))


def test_days_are_independent_people() -> None:
    """The same clock on two days is two people; a day is the same people in whatever table."""
    clocks = ("09:00", "09:10", "09:20")
    tuesday = str(date.fromisoformat(MONDAY) + timedelta(days=1))
    both = ArrivalRows([*ticks(*clocks), *ticks(*clocks, day=tuesday)])
    second = ArrivalRows(ticks(*clocks, day=tuesday))
    run_ = f"{{start: {MONDAY}, measured_days: 2}}"
    whole = crowd(of(both, run=run_, matters=DRAWN))
    alone = crowd(of(second, run=run_, matters=DRAWN))
    of_its_own = crowd(of(second, run=f"{{start: {tuesday}, measured_days: 1}}", matters=DRAWN))
    services = whole.errands.service
    assert len(set(services.tolist())) == 6
    assert services[3:].tolist() == alone.errands.service.tolist()
    assert services[3:].tolist() == of_its_own.errands.service.tolist()
    assert whole.cases.taste[3:].tolist() == of_its_own.cases.taste.tolist()


def test_other_rows_move_nobodys_draws() -> None:
    """Rows of another matter, and rows behind one's own."""
    few = ArrivalRows(ticks("09:00", "09:10"))
    more = ArrivalRows(
        ticks("09:00", "09:05", "09:10", "09:40"), matters=("other",), matter=[-1, 0, -1, -1]
    )
    services = [crowd(of(rows, matters=DRAWN)).errands.service for rows in (few, more)]
    assert services[0].tolist() == services[1][[0, 2]].tolist()


def test_the_matter_of_a_blank_cell_is_that_of_the_flow() -> None:
    """Said in the column or by the flow, it is the same crowd."""
    named = ArrivalRows(ticks("09:00", "09:10"), matters=("errand",), matter=[0, 0])
    blank = ArrivalRows(ticks("09:00", "09:10"))
    tapes = [crowd(of(rows, matters=DRAWN)) for rows in (named, blank)]
    assert tapes[0].errands.service.tolist() == tapes[1].errands.service.tolist()
    assert named != blank


def test_replications_differ_in_what_is_drawn() -> None:
    rows = ArrivalRows(ticks("09:00", "09:10"), service=[MINUTE, -1])
    tapes = [crowd(of(rows, matters=DRAWN), replication=n) for n in range(2)]
    assert tapes[0].cases.arrived_at.tolist() == tapes[1].cases.arrived_at.tolist()
    services = [tape.errands.service.tolist() for tape in tapes]
    assert services[0][0] == services[1][0] == MINUTE
    assert services[0][1] != services[1][1]


def test_flows_beside_a_table_keep_their_people() -> None:
    """A table beside them moves nobody's draws."""
    rows = ArrivalRows(ticks("09:00", "09:10"), service=[0, -1])
    alone = crowd(scenario_from_text(small(**OFFICE, demand=FLOWS)))
    both = crowd(
        scenario_from_text(small(**OFFICE, demand=f"{FLOWS[:-1]}, {replay(rows, flow='z')}]"))
    )
    others = both.cases.flow < 2
    assert both.cases.arrived_at[others].tolist() == alone.cases.arrived_at.tolist()
    assert both.cases.class_[others].tolist() == alone.cases.class_.tolist()
    assert both.errands.service[others].tolist() == alone.errands.service.tolist()
    plain = at_and_table(rows)
    assert plain.cases.arrived_at.tolist() == sorted([*ticks_of_run("09:00", "09:10"), 39_600_000])


def ticks_of_run(*clocks: str) -> list[int]:
    return [tick % DAY for tick in ticks(*clocks)]


def at_and_table(rows: ArrivalRows) -> Tape:
    """Given instants beside a table."""
    given = f"{{id: given, matter: other, at: [{MONDAY}T11:00:00]}}"
    return crowd(of(rows, demand=flows(given, replay(rows))))


def test_rows_before_and_behind_the_run_bring_nobody() -> None:
    days = [*ticks("09:00", day="2025-01-03"), *ticks("09:00"), *ticks("09:00", day="2025-01-07")]
    assert crowd(of(ArrivalRows(days))).cases.arrived_at.tolist() == [9 * HOUR]


def test_expected_work_counts_what_rows_say() -> None:
    """Classes and services of rows, in place of the means of their laws."""
    rows = ArrivalRows(
        ticks("09:00", "09:10", "09:20", "09:30"),
        classes=("second",),
        class_=[0, -1, -1, 0],
        service=[2 * MINUTE, 4 * MINUTE, -1, -1],
    )
    demand = compile_demand(
        of(rows, "classes: {first: 0.5, second: 0.5}", applicants=f"{{{TWO_CLASSES}}}")
    )
    assert class_mix(demand.flows).tolist() == [[0.25, 0.75]]
    assert minutes(mean_window_work(demand)) == [(2 + 4 + 10 + 10) / 4, 4]
