"""A journal has a row for each ticket that can be taken, and not one for nobody."""

from __future__ import annotations

import pytest

from sim import compile_plan, draw_tape, run
from sim.plan.journal import blank_journal
from sim.plan.plan import Plan
from sim.plan.tape import Tape
from sim.scenario.load import scenario_from_text
from tests.strategies import bundle, come, small

IMPATIENT = "patience: 1 min"


def crowd(text: str) -> tuple[Plan, Tape]:
    plan = compile_plan(scenario_from_text(text), "hall")
    return plan, draw_tape(plan.demand, 1, 0)


@pytest.mark.parametrize(
    ("people", "rows", "taken"),
    [
        ("unserved: {returns: 0, lost: 1}", 3, 3),
        ("unserved: {returns: 0, online: 1}", 6, 5),  # the first is served; two go online
        ("unserved: {returns: 1, at_most: 2}", 9, 5),
        ("missed: {share: 1, window_waits: 1 min}, unserved: {returns: 0, lost: 1}", 6, 6),
        (
            "missed: {share: 1, window_waits: 1 min, then: void}, unserved: {returns: 0, lost: 1}",
            3,
            3,
        ),
    ],
)
def test_one_ticket_each_time_somebody_comes(people: str, rows: int, taken: int) -> None:
    """Three come at once to one clerk, who takes two hours for each; the impatient leave."""
    plan, tape = crowd(
        small(
            matters=bundle(work="2 h"),
            demand=come("09:00", "09:00", "09:00"),
            applicants=f"{{{people}}}" if "missed" in people else f"{{{IMPATIENT}, {people}}}",
            online="{department: office, precheck: 1 min}",
            run="{start: 2025-01-06, measured_days: 5}",
        )
    )
    journal = blank_journal(plan, tape)
    assert len(journal.errand) == rows
    done = run(plan, tape, "reference")
    assert int(done.n_tickets[0]) <= rows
    assert int(done.n_tickets[0]) == taken
