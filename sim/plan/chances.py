"""What befalls a hall in one replication: who is absent, when systems are down."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.plan.absence import without_absent
from sim.plan.demand import Demand
from sim.plan.outages import OutageTimes, draw_outages, with_outages
from sim.plan.plan import Plan
from sim.plan.streams import Uint64s, keys, word
from sim.plan.tape import ChanceDraws, Tape, make_table

ABSENCE: Final = np.uint64(word("absence"))


def draw_chances(demand: Demand, run: Uint64s) -> ChanceDraws:
    """What befalls the hall; nothing is drawn for what the scenario leaves out.

    Parameters
    ----------
    run : ndarray(uint64), shape (1,)
        What seed and replication key.
    """
    times = draw_outages(demand.outages, demand.laws, run, demand.n_days)
    return make_table(
        ChanceDraws,
        absence_key=keys(run, ABSENCE)[: int(demand.may_be_absent)],
        **times._asdict(),
    )


def realised_plan(plan: Plan, tape: Tape) -> Plan:
    """The plan as a replication has it: without who is absent, and with the times of failures.

    Engines and tables both read it; where nothing is left to chance it is the plan itself.

    Examples
    --------
    >>> from sim import compile_plan, draw_tape, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> plan = compile_plan(scenario, "hall")
    >>> realised_plan(plan, draw_tape(plan.demand, seed=1, replication=0)) is plan
    True
    """
    chances, hall = tape.chances, plan.hall
    if len(chances.absence_key):
        hall = without_absent(hall, chances.absence_key)
    hall = with_outages(
        hall, OutageTimes(chances.outage.astype(np.int64), chances.down_at, chances.up_at)
    )
    return plan if hall is plan.hall else plan._replace(hall=hall)
