"""The interval of a quantile of waits holds the true one as often as it says, over 400 studies."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from sim.analysis.estimates import differences, estimates
from sim.analysis.histogram import quantile
from sim.analysis.intervals import Interval
from sim.analysis.measures import MEASURES, QUANTILES, Tally, measure, only
from sim.engine.run import run
from sim.plan.compile import compile_plan
from sim.plan.tape import draw_tape
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.strategies import small, windows

STUDIES = 400
KEPT = ("wait", *QUANTILES)
WAIT = next(one for one in MEASURES if one.key == "wait")


def tallies(clerks: int, replications: int) -> list[Tally]:
    """Days of a hall with a rush, each a replication; small tallies."""
    text = small(
        demand="[{id: people, matter: errand, rate: 16 per h}]",
        matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office,"
        " service: {base: {law: exponential, mean: 10 min}}}]",
        applicants="{day_factor: {law: gamma, mean: 1, cv: 0.2}}",
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}"),
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    days = []
    for replication in range(replications):
        tape = draw_tape(plan.demand, seed=7, replication=replication)
        days.append(only(measure(Tables(plan, tape, run(plan, tape)), replication), KEPT))
    return days


def holds(interval: Interval, true: float) -> bool:
    return interval.low <= true <= interval.high


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", [10, 20])
def test_intervals_of_quantiles_cover(size: int) -> None:
    """Each is missed in 5 of 100 studies, give or take what 400 studies can show."""
    three, four = tallies(3, STUDIES * size), tallies(4, STUDIES * size)
    pools = [np.sum([day.wait_histogram for day in days], axis=0) for days in (three, four)]
    true = {key: [quantile(pool, p) for pool in pools] for key, p in QUANTILES.items()}
    covered: Counter[str] = Counter()
    for study in range(STUDIES):
        days = slice(study * size, (study + 1) * size)
        for one in estimates(three[days], measures=[WAIT]):
            if one.measure in QUANTILES:
                covered[one.measure] += holds(one.interval, true[one.measure][0])
        for one in differences(three[days], four[days], measures=[WAIT]):
            if one.measure in QUANTILES:
                before, after = true[one.measure]
                covered[f"change of {one.measure}"] += holds(one.interval, after - before)
    error = 3 * math.sqrt(0.05 * 0.95 / STUDIES)
    shares = {name: n / STUDIES for name, n in covered.items()}
    assert len(shares) == 2 * len(QUANTILES)
    assert all(abs(share - 0.95) <= error + 0.02 for share in shares.values()), shares
