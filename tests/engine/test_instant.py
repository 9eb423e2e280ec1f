"""What happens in one instant, in which order; and that equal runs are equal."""

from functools import partial

import numpy as np
from simpy import Event

from sim import compile_plan, draw_tape
from sim.engine.instant import ARRIVE, CALL, CLOSE, END, GIVE_UP, SHIFT, Instants
from sim.engine.run import run
from sim.scenario.load import scenario_from_text
from tests.assertions import columns_of
from tests.strategies import at, bundle, come, errand, flows, item, sequence, small, tell, windows

LOST = "unserved: {returns: 0, lost: 1}"


def _note(phases_seen: list[tuple[int, int]], what: tuple[int, int], _: Event) -> None:
    phases_seen.append(what)


def test_order_of_phases() -> None:
    """Ends, shifts, closing, arrivals, calls, give-ups; inside a phase the lowest number first."""
    env, phases_seen = Instants(), list[tuple[int, int]]()
    phases = [END, SHIFT, CLOSE, ARRIVE, CALL, GIVE_UP]
    for phase in reversed(phases):
        for number in (7, 2):
            event = env.at(100, phase, number)
            assert event.callbacks is not None
            event.callbacks.append(partial(_note, phases_seen, (phase, number)))
    env.run()
    assert phases_seen == [(phase, number) for phase in phases for number in (2, 7)]


def test_end_before_arrival_before_call() -> None:
    """Who comes as a window frees stands behind those who wait, and is seen by the call."""
    day = tell(small(demand=come("09:00", "09:05", "09:10")))
    assert day.called == ["09:00", "09:10", "09:20"]


def test_arrival_with_priority_as_a_window_frees() -> None:
    """A booked visitor who comes in the instant a window frees is called before the waiting."""
    classes = (
        "[{id: booked, name: {zh: 预约, en: Booked}, priority: 0},"
        " {id: walk_in, name: {zh: 现场, en: Walk-in}, priority: 1}]"
    )
    demand = flows(
        at("09:00", "09:05", more="classes: {walk_in: 1}"),
        at("09:10", flow="z", more="classes: {booked: 1}"),
    )
    day = tell(small(applicants=f"{{classes: {classes}}}", demand=demand))
    assert day.called == ["09:00", "09:20", "09:10"]


def test_two_windows_free_in_one_instant() -> None:
    """All ends are in before anybody is called: the lowest ticket goes to the lowest window."""
    layouts = windows("id: window, serves: [errand], clerks: 2")
    matters = f"[{errand(sequence(20, 10, 10, 10))}]"
    demand = come("09:00", "09:10", "09:15", "09:16")
    day = tell(small(layouts=layouts, matters=matters, demand=demand))
    assert day.called == ["09:00", "09:10", "09:20", "09:20"]
    assert day.windows == ["window-1", "window-2", "window-1", "window-2"]


def test_call_before_give_up() -> None:
    """Who is called in the instant patience ends is served."""
    day = tell(small(applicants=f"{{patience: 5 min, {LOST}}}", demand=come("09:00", "09:05")))
    assert day.fates == ["served", "served"]


def test_chain_of_instants() -> None:
    """Work without time ends in the instant it begins, and the next call follows in it too."""
    applicants = f"{{patience: 0 min, {LOST}}}"
    day = tell(
        small(
            matters=f"[{errand('0 min')}]",
            applicants=applicants,
            demand=come(*["09:00"] * 5),
        )
    )
    assert day.fates == ["served"] * 5


def test_a_whole_case_in_one_instant() -> None:
    """A case without any work is opened and closed in one instant, item after item."""
    chain = [item("x"), item("y", "0 min", "after: [x]"), item("z", "0 min", "after: [y]")]
    day = tell(small(matters=bundle(*chain)))
    assert (day.completed, day.closed) == (["09:00"] * 3, ["09:00"])


def test_give_up_frees_a_place_too_late() -> None:
    """Arrivals come before give-ups: the place of who leaves is not free for who comes then."""
    applicants = f"{{patience: 5 min, {LOST}}}"
    demand = come("09:00", "09:00", "09:05")
    day = tell(small(hall="capacity: 2", applicants=applicants, demand=demand))
    assert day.fates == ["served", "gave up", "turned away"]


def test_journal_of_equal_runs() -> None:
    """The same plan and tape give the same journal; running does not change either."""
    text = small(
        demand="[{id: people, matter: errand, rate: 8 per h}]",
        matters=f"[{errand('{law: exponential, mean: 9 min}')}]",
        applicants="{patience: {law: exponential, mean: 30 min}}",
        run="{start: 2025-01-06, measured_days: 3}",
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, 1, 0)
    before = [column.tobytes() for column in columns_of(tape).values()]
    first, second = run(plan, tape), run(plan, tape)
    assert [column.tobytes() for column in columns_of(tape).values()] == before
    for column, rerun in zip(first, second, strict=True):
        np.testing.assert_array_equal(column, rerun)


def test_end_of_the_run() -> None:
    """The run stops before its last instant: what would happen then has not happened."""
    calendars = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
    day = tell(small(calendars=calendars, demand=come("23:45", "23:50")))
    assert day.fates == ["served", "pending"]
    assert (day.called, day.ended) == (["23:45", "23:55"], ["23:55", None])
