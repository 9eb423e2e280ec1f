"""The example of a replay: its log is what the program draws, its waits are the office's own."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.scenario.load import read_scenario, scenario_from_text
from sim.storage.arrivals_table import arrivals_csv
from tests.office_log import FILE, OFFICE, ROSTER, SEED, made_log, made_roster
from tests.scenario.test_arrivals_file import SAME


def test_the_shipped_log_is_the_programs_own() -> None:
    """As the guide says: nothing in it is of a real office."""
    assert FILE.read_bytes() == arrivals_csv(made_log())
    assert ROSTER.read_text(encoding="utf-8") == made_roster()


def test_nothing_is_wrong_with_the_example() -> None:
    """But for what is true of every replay."""
    scenario, warnings = read_scenario(example_path("office_replay.yaml"))
    assert {problem.code for problem in warnings} == {SAME}
    assert [len(flow.arrivals_file or ()) for flow in scenario.demand] == [len(made_log())]


def test_the_replay_waits_as_the_office_did() -> None:
    """But for the parts of seconds that a ticket machine does not write."""
    waits = []
    for scenario, layout, seed in (
        (scenario_from_text(OFFICE), "desks", SEED),
        (load_scenario(example_path("office_replay.yaml"), CLASSLESS), "as_it_was", 5),
    ):
        plan = compile_plan(scenario, layout)
        journal = run(plan, draw_tape(plan.demand, seed, 0))
        waits.append((journal.called_at - journal.taken_at) / 60_000)
    assert len(waits[0]) == len(waits[1])
    assert abs(float(np.mean(waits[0]) - np.mean(waits[1]))) < 0.05


CLASSLESS: Final = ["applicants.classes.walk_in.priority=0"]
"""The made office calls both classes alike."""
