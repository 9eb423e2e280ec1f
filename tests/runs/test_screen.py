"""Screening: many halls on the same crowds give the sums that a study gives."""

import numpy as np
import pytest

from sim import Run, compile_plan, replicate, screen
from sim.analysis.catalogue import MEASURES
from sim.analysis.quick import QUICK
from sim.clock import MINUTE
from sim.errors import OptionError
from sim.plan.plan import Plan
from sim.scenario.edit import with_clerks
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from tests.strategies import small

PEOPLE = "[{id: people, matter: errand, rate: 30 per h}]"
BUSY = {
    "demand": PEOPLE,
    "applicants": "{patience: {law: exponential, mean: 10 min}, unserved: {returns: 0, lost: 1}}",
    "run": "{start: 2025-01-06, measured_days: 3}",
}


def scenario_of(**sections: str) -> Scenario:
    return scenario_from_text(small(**{**BUSY, **sections}))


def plans_of(*clerks: int, **sections: str) -> list[Plan]:
    scenario = scenario_of(**sections)
    return [compile_plan(with_clerks(scenario, "hall", n), "hall") for n in clerks]


def test_sums_are_those_of_a_study() -> None:
    """Each measure is what `measure` would sum over the measured days."""
    scenario = scenario_of()
    study = replicate(scenario, ["hall"], run=Run(replications=3, workers=1))
    within = scenario.targets.called_within
    screening = screen(
        [compile_plan(scenario, "hall")],
        run=Run(replications=3, seed=scenario.run.seed, workers=1),
        called_within=within,
    )
    for place, key in enumerate(QUICK):
        sums = np.array([tally.by_day[key].sum(axis=1) for tally in study.of("hall")])
        np.testing.assert_array_equal(screening.sums[0, :, place], sums, key)
    [wait] = [measure for measure in MEASURES if measure.key == "wait"]
    pooled = screening.sums[0, :, 0].sum(axis=0)
    assert screening.interval(0, "wait").mean == pytest.approx(pooled[0] / pooled[1] / wait.scale)


def test_threads_change_nothing() -> None:
    """One thread or three: the same sums to the last."""
    plans = plans_of(2, 3, 4)
    alone, three = (screen(plans, run=Run(replications=4, workers=n)) for n in (1, 3))
    np.testing.assert_array_equal(alone.sums, three.sums)


def test_more_clerks_on_the_same_crowd() -> None:
    """More clerks, same crowd: nobody waits longer on the whole, and the difference says so."""
    screening = screen(plans_of(2, 3, 4), run=Run(replications=5))
    waits = screening.sums[:, :, 0, 0].sum(axis=1) / screening.sums[:, :, 0, 1].sum(axis=1)
    assert (np.diff(waits) <= 0).all()
    gap = screening.difference(0, 1, "wait")
    assert gap.high < 0
    assert gap.mean == pytest.approx(
        screening.interval(1, "wait").mean - screening.interval(0, "wait").mean
    )
    assert screening.difference(1, 1, "wait").mean == 0.0


def test_in_time_is_within_a_quarter_of_an_hour() -> None:
    """Unless another limit is asked for; a minute more or less is another number."""
    how, plans = Run(replications=3, workers=1), plans_of(2)
    usual = screen(plans, run=how).sums
    shorter, same, longer = (
        screen(plans, run=how, called_within=n * MINUTE).sums for n in (14, 15, 16)
    )
    np.testing.assert_array_equal(usual, same)
    in_time = QUICK.index("called_within")
    counts = [int(sums[0, :, in_time, 0].sum()) for sums in (shorter, same, longer)]
    assert counts[0] < counts[1] < counts[2]


def test_cancelled_keeps_the_first() -> None:
    """Stopped after two replications, it has exactly those."""
    plans, progress = plans_of(3), []
    all_ = screen(plans, run=Run(replications=5, workers=2))
    some = screen(
        plans,
        run=Run(
            replications=5,
            workers=2,
            progress=lambda done, of: progress.append((done, of)),
            cancelled=lambda: len(progress) == 2,
        ),
    )
    assert progress == [(1, 5), (2, 5)]
    np.testing.assert_array_equal(some.sums, all_.sums[:, :2])


def test_other_people_are_refused() -> None:
    """Halls of another demand cannot be compared on the same crowd."""
    others = plans_of(3, demand=PEOPLE.replace("30", "31"))
    with pytest.raises(OptionError) as caught:
        screen([*plans_of(3), *others], run=Run(replications=1))
    assert caught.value.problems[0].code == "another_demand"


def test_unknown_measure() -> None:
    """Only what needs tickets alone is summed."""
    screening = screen(plans_of(3), run=Run(replications=2))
    with pytest.raises(OptionError) as caught:
        screening.interval(0, "turnaround")
    assert caught.value.problems[0].allowed == ", ".join(QUICK)
