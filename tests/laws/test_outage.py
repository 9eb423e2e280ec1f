"""Servers that break down: the exact mean, and what no outage may do."""

import numpy as np
import pytest

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.analysis.offered import offered_load
from sim.arrays import Ints
from sim.clock import HOUR
from sim.plan.outages import draw_outages
from sim.plan.streams import word
from sim.scenario.scenario import Scenario

ARRIVALS, SERVICES, FAILURES, REPAIRS = 5.0, 10.0, 0.5, 4.0
"""An hour, all exponential."""
LAWS = "up: {law: exponential, mean: 2 h}, down: {law: exponential, mean: 15 min}"
OUTAGE = f"hall.outages=[{{id: system, {LAWS}}}]"


def mean_stay() -> float:
    """Hours in the system of M/M/1 whose server fails busy or not, and resumes.

    With a = r / (f + r) of the time up, (1 + m f / (f + r)²) / (a m - l).

    References
    ----------
    White and Christie (1958), Queuing with preemptive priorities or with breakdown, Operations
    Research 6; Avi-Itzhak and Naor (1963), Some queuing problems with the service station subject
    to breakdown, ibid. 11, model A. Follows from the balance equations' generating functions.
    """
    up = REPAIRS / (FAILURES + REPAIRS)
    delay = 1 + SERVICES * FAILURES / (FAILURES + REPAIRS) ** 2
    return delay / (up * SERVICES - ARRIVALS)


def hall(days: int, *changes: str) -> Scenario:
    base = [
        f"run.measured_days={days}",
        "run.warmup_days=2",
        f"demand.everybody.rate={ARRIVALS:g} per h",
        f"matters.errand.service.base.mean={60 / SERVICES:g} min",
    ]
    return load_scenario(example_path("exact/mm1.yaml"), [*base, *changes])


def test_the_mean_stay_is_exact() -> None:
    """Twelve runs of 300 days: within four standard errors, which tell it from no failures."""
    scenario = hall(300, OUTAGE)
    plan = compile_plan(scenario, "hall")
    means = []
    for replication in range(12):
        journal = run(plan, draw_tape(plan.demand, scenario.run.seed, replication))
        stays = (journal.ended_at - journal.arrived_at)[journal.ended_at >= 0]
        means.append(stays.mean() / HOUR)
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    assert abs(np.mean(means) - mean_stay()) < 4 * error
    assert np.mean(means) - 1 / (SERVICES - ARRIVALS) > 8 * error


def test_the_load_counts_the_hours_in_which_the_system_works() -> None:
    """Half of the time up, on average, is half of the clerk hours."""
    half = "hall.outages=[{id: system, up: 1 h, down: 1 h}]"
    one_day = (
        "hall.outages=[{id: system, dated: [{begins: 2025-01-06T00:00, ends: 2025-01-07T00:00}]}]"
    )
    loads = [
        offered_load(compile_plan(hall(2, *more), "hall"))[0] for more in ((), (half,), (one_day,))
    ]
    always, at_random, dated = loads
    assert at_random.load == pytest.approx(2 * always.load)
    assert dated.staffed_hours == always.staffed_hours - 24


def test_other_outages_and_laws_leave_the_draws_alone() -> None:
    """Each outage has a stream of its own, and a longer repair makes nobody fail anew."""

    def times(text: str, number: int) -> Ints:
        demand = compile_plan(hall(5, f"hall.outages=[{text}]"), "hall").demand
        run_key = np.array([word("1", "0")], dtype=np.uint64)
        drawn = draw_outages(demand.outages, demand.laws, run_key, demand.n_days)
        return np.asarray(drawn.down_at[drawn.outage == number])

    law = "up: {law: exponential, mean: 2 h}, down: 15 min"
    alone = times(f"{{id: system, {law}}}", 0)
    beside = times(f"{{id: other, {law}}}, {{id: system, {law}}}", 1)
    np.testing.assert_array_equal(alone, beside)
    assert len(alone) > 20
    assert not np.array_equal(alone, times(f"{{id: other, {law}}}, {{id: system, {law}}}", 0))


def test_nobody_waits_less_for_a_system_that_fails() -> None:
    """One list, first come first served: the same crowd, each stay is as long or longer."""
    stays = []
    for changes in ((), (OUTAGE,)):
        scenario = hall(20, *changes)
        plan = compile_plan(scenario, "hall")
        journal = run(plan, draw_tape(plan.demand, 1, 0))
        stays.append(np.where(journal.ended_at < 0, plan.period.end, journal.ended_at))
    assert (stays[1] >= stays[0]).all()
