"""Reserves of a roster, held against clerks who really do not come."""

from functools import cache

import numpy as np

from sim import Run, compile_plan, draw_tape, example_path, load_scenario, run
from sim.arrays import Ints
from sim.clock import DAY, MINUTE
from sim.plan.chances import realised_plan
from sim.plan.staff import StaffMember
from sim.questions.roster import DutyRoster
from sim.questions.rostering import roster
from sim.scenario.scenario import Scenario

ABSENCE, SHORT, LEVEL = 0.1, 0.05, 0.85
"""Who does not come, how often too few may, and the share called within 10 minutes that five
clerks keep when all of them come."""
DAYS, REPLICATIONS = 60, 6


def hall(clerks: int, absence: float) -> Scenario:
    """Five clerks are 80 % busy; mornings only."""
    return load_scenario(
        example_path("exact/mmc.yaml"),
        [
            f"run.measured_days={DAYS}",
            "run.warmup_days=0",
            "calendars.always.weekly={mon-fri: [09:00-13:00]}",
            f"layouts.hall.windows.windows.clerks={clerks}",
            f"hall.absence={absence}",
            f"rostering={{source: a test, staff: {{absence: {ABSENCE}, short_at_most: {SHORT}}}}}",
        ],
    )


@cache
def planned(absence: float = 0.0) -> DutyRoster:
    """Five on duty each morning, of ten people."""
    people = [StaffMember(f"P{n}", ("windows",), 40) for n in range(10)]
    how = Run(replications=2, workers=1)
    return roster(hall(5, absence), staff=people, weeks=1, run=how)


def called_in_time(clerks: int, absence: float) -> tuple[float, Ints]:
    """Share called within 10 minutes, and how many came on each day of all replications."""
    scenario = hall(clerks, absence)
    plan, shares, came = compile_plan(scenario, "hall"), list[float](), list[Ints]()
    for replication in range(REPLICATIONS):
        tape = draw_tape(plan.demand, 1, replication)
        journal = run(plan, tape)
        waits = (journal.called_at - journal.taken_at)[journal.called_at >= 0]
        shares.append(float((waits <= 10 * MINUTE).mean()))
        days = realised_plan(plan, tape).hall.duty_starts // DAY
        came.append(np.bincount(days, minlength=plan.period.n_days)[plan.period.hall_days])
    return float(np.mean(shares)), np.concatenate(came)


def test_the_planned_reserve_keeps_the_promise() -> None:
    """Those on duty alone break it when some of them do not come; with who stands by it is kept."""
    [reserve] = {(row.on_duty, row.needed) for row in planned().reserves}
    on_duty, needed = reserve
    assert on_duty == 5 < needed
    assert called_in_time(on_duty, 0.0)[0] >= LEVEL
    assert called_in_time(on_duty, ABSENCE)[0] < LEVEL
    share, came = called_in_time(needed, ABSENCE)
    assert share >= LEVEL
    # too few come no more often than the reserve allows, give or take three standard errors
    too_few = (came < on_duty).mean()
    assert too_few <= SHORT + 3 * np.sqrt(SHORT * (1 - SHORT) / len(came))
    assert (came < needed).any()


def test_a_roster_does_not_plan_for_absence_twice() -> None:
    """Needs and proof are of a hall to which everybody comes: who stands by takes their place."""
    assert repr(planned(ABSENCE).cover) == repr(planned().cover)
    assert planned(ABSENCE).reserves == planned().reserves
