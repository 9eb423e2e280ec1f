"""The interval of a quantile of waits holds the true one as often as it says, over 400 studies."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from sim.analysis.catalogue import MEASURES, QUANTILES
from sim.analysis.estimates import differences, estimates
from sim.analysis.histogram import quantile
from sim.analysis.intervals import Interval
from sim.analysis.measures import Tally, measure, only
from sim.engine.run import run
from sim.plan.compile import compile_plan
from sim.plan.crowd import draw_tape
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.strategies import small, windows

STUDIES = 400
SIZE = 10
KEPT = ("wait", *QUANTILES)
WAIT = next(measure for measure in MEASURES if measure.key == "wait")


def tallies(clerks: int, replications: int) -> list[Tally]:
    """Replications of four days with a rush on some of them; small tallies."""
    text = small(
        run="{start: 2025-01-06, measured_days: 4}",
        demand="[{id: people, matter: errand, rate: 16 per h}]",
        matters="[{id: errand, name: {zh: 事, en: Errand}, lead: office,"
        " service: {base: {law: exponential, mean: 10 min}}}]",
        applicants="{day_factor: {law: gamma, mean: 1, cv: 0.2}}",
        layouts=windows(f"id: window, serves: [errand], clerks: {clerks}"),
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    runs = []
    for replication in range(replications):
        tape = draw_tape(plan.demand, seed=7, replication=replication)
        runs.append(only(measure(Tables(plan, tape, run(plan, tape)), replication), KEPT))
    return runs


def holds(interval: Interval, true: float) -> bool:
    """Whether the true value is not excluded; bounds that are not told exclude nothing."""
    return not (interval.low > true or interval.high < true)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_intervals_of_quantiles_cover() -> None:
    """Each misses in 5 of 100 studies, give or take what 400 studies can show and one more."""
    three, four = tallies(3, STUDIES * SIZE), tallies(4, STUDIES * SIZE)
    pools = [np.sum([day.wait_histogram for day in days], axis=0) for days in (three, four)]
    true = {key: [quantile(pool, p) for pool in pools] for key, p in QUANTILES.items()}
    covered: Counter[str] = Counter()
    bounded: Counter[str] = Counter()
    for study in range(STUDIES):
        days = slice(study * SIZE, (study + 1) * SIZE)
        for estimate in estimates(three[days], measures=[WAIT]):
            if estimate.measure in QUANTILES:
                covered[estimate.measure] += holds(estimate.interval, true[estimate.measure][0])
                bounded[estimate.measure] += math.isfinite(estimate.interval.high)
        for difference in differences(three[days], four[days], measures=[WAIT]):
            if difference.measure in QUANTILES:
                before, after = true[difference.measure]
                covered[f"change of {difference.measure}"] += holds(
                    difference.interval, after - before
                )
    error = 3 * math.sqrt(0.05 * 0.95 / STUDIES) + 0.01
    shares = {name: n / STUDIES for name, n in covered.items()}
    print(shares, bounded)
    assert len(shares) == 2 * len(QUANTILES)
    assert all(abs(share - 0.95) <= error for share in shares.values()), shares
    assert bounded["wait_p50"] == STUDIES
    assert bounded["wait_p90"] > 0.8 * STUDIES
