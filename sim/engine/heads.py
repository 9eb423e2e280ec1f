"""How much of the room people take, for the fast engine."""

from __future__ import annotations

from sim.engine.jit import phase
from sim.plan.plan import HallPlan
from sim.plan.tape import Tape


@phase
def heads_of(hall: HallPlan, tape: Tape, errand: int) -> int:
    """How much of the room a person takes, with who comes along where room is limited."""
    if not hall.counts_heads:
        return 1
    return 1 + int(tape.cases.companions[tape.errands.case[errand]])
