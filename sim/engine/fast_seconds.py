"""Second matters, for the fast engine: who has one, and where it is done."""

from __future__ import annotations

from typing import Final

from sim.engine.jit import phase
from sim.plan.journal import Journal
from sim.plan.plan import HALL, HallPlan
from sim.plan.tape import INTAKE, Tape

NO_ERRAND: Final = -1


@phase
def second_of(tape: Tape, journal: Journal, row: int) -> int:
    """The second matter that an intake in the hall brings along; NO_ERRAND = none."""
    errand = int(journal.errand[row])
    is_intake = tape.errands.purpose[errand] == INTAKE and tape.errands.complete[errand]
    if not is_intake or journal.destination[errand] != HALL or journal.trip[row] == 0:
        return NO_ERRAND
    return int(tape.cases.also[tape.errands.case[errand]])


@phase
def first_of(tape: Tape, case: int) -> int:
    """The errand of a case with which its papers are in."""
    errand = int(tape.cases.errand_offsets[case])
    while not tape.errands.complete[errand]:
        errand += 1
    return errand


@phase
def does_both(hall: HallPlan, tape: Tape, journal: Journal, window: int, row: int) -> bool:
    """Whether the window that has the first matter does the second one too."""
    second = second_of(tape, journal, row)
    if second < 0:
        return False
    class_ = tape.cases.class_[tape.errands.case[second]]
    return bool(hall.serves_also[window, tape.errands.sought[second], class_])


@phase
def is_sent_on(hall: HallPlan, tape: Tape, journal: Journal, row: int) -> bool:
    """Whether who was served goes on to another window for a second matter."""
    window = int(journal.window[row])
    has_second = second_of(tape, journal, row) >= 0
    return has_second and not does_both(hall, tape, journal, window, row)
