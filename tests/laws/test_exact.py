"""Every file of scenarios/exact comes to what theory or a published run says.

The quick run asks for three standard errors, Student's. The full run, as the file stands, asks for
the power to see a fault as well: a standard error within the tolerance of the case.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import stdtrit

from sim import (
    Comparison,
    Run,
    Tables,
    compare,
    compile_plan,
    draw_tape,
    load_scenario,
    replicate,
    run,
)
from sim.analysis.estimates import group_estimates
from sim.analysis.intervals import Interval, ratio_interval, t_interval
from sim.clock import MINUTE
from sim.results.invariants import check_invariants
from sim.scenario.scenario import Scenario
from tests.laws.figures import FIGURES
from tests.laws.targets import CASES, Target

EXACT: Final = Path(__file__).parents[2] / "scenarios" / "exact"

LOOSE: Final = 8.0
"""Times the tolerance that a standard error of the quick run may reach."""


def _scenario(name: str, full: bool) -> Scenario:
    case = CASES[name]
    # a seed of its own, else one unlucky crowd would be unlucky for every hall
    own = (f"run.replications={case.replications}", f"run.seed={crc32(name.encode())}")
    overrides = () if full else (*case.quick, *own)
    return load_scenario(EXACT / f"{name}.yaml", overrides)


@lru_cache(maxsize=4)
def _study(name: str, full: bool) -> Comparison:
    return compare(replicate(_scenario(name, full), run=Run(workers=2 if full else 1)))


@lru_cache(maxsize=4)
def _figures(name: str, layout: str, full: bool) -> dict[str, Interval]:
    """All figures that the targets of a layout name, from one pass over its journals."""
    scenario = _scenario(name, full)
    plan = compile_plan(scenario, layout)
    figure_names = {
        target.what for target in CASES[name].targets if target.layout == layout
    } & FIGURES.keys()
    sums: dict[str, list[tuple[float, float]]] = {what: [] for what in figure_names}
    for replication in range(scenario.run.replications):
        tape = draw_tape(plan.demand, scenario.run.seed, replication)
        tables = Tables(plan, tape, run(plan, tape))
        check_invariants(tables)
        for what in figure_names:
            sums[what].append(FIGURES[what](tables))
    intervals = {}
    for what, rows in sums.items():
        numerators, denominators = np.array(rows).T
        intervals[what] = ratio_interval(numerators, denominators)
    return intervals


def _interval(name: str, target: Target, full: bool) -> Interval:
    if target.what in FIGURES:
        return _figures(name, target.layout, full)[target.what]
    study = _study(name, full)
    if target.by is not None:
        by, group = target.by
        return group_estimates(study.study.of(target.layout), target.what, by)[group]
    return study.estimate(target.layout, target.what).interval


def standard_error(interval: Interval) -> float:
    """The standard error that an interval was made of."""
    unit = t_interval([-1.0, 1.0, *[0.0] * (interval.n - 2)], interval.level)
    spread = math.sqrt(2 / (interval.n - 1) / interval.n)
    return interval.half_width / unit.half_width * spread


def _three(n: int) -> float:
    """Standard errors that stand for three when they are estimated from so few clusters."""
    return float(stdtrit(n - 1, 1 - 0.00135))


def _verdict(name: str, target: Target, full: bool) -> tuple[bool, str]:
    interval = _interval(name, target, full)
    estimate, error = interval.mean * target.scale, standard_error(interval) * target.scale
    expected, tolerance = target.expected, target.tolerance * abs(target.expected)
    both = math.hypot(error, target.half_width / 1.96)
    near = abs(estimate - expected) <= max(tolerance if full else 0.0, _three(interval.n) * both)
    sure = error <= (tolerance if full else LOOSE * tolerance)
    z = (estimate - expected) / both if both else 0.0
    said = f"{name} {target.name}: {estimate:.6g} ± {error:.2g} (SE, n={interval.n}), expected "
    return near and sure, f"{said}{expected:.6g} ± {tolerance:.2g}, z {z:+.2f}"


def _check(name: str, full: bool) -> None:
    verdicts = [_verdict(name, target, full) for target in CASES[name].targets]
    for _, said in verdicts:
        print(said)
    assert not [said for agrees, said in verdicts if not agrees]


def test_every_file_has_targets_and_every_target_a_file() -> None:
    assert {file.stem for file in EXACT.glob("*.yaml")} == CASES.keys()
    assert all(case.targets or name == "calendar_trace" for name, case in CASES.items())
    assert all(case.source for case in CASES.values())


@pytest.mark.parametrize("name", sorted(CASES))
def test_file_says_what_it_is(name: str) -> None:
    first = (EXACT / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    scenario = _scenario(name, full=True)
    assert first.startswith("# ")
    assert first.endswith((".", "?"))
    assert scenario.source
    assert scenario.name.zh != scenario.name.en


@pytest.mark.parametrize("name", sorted(CASES))
def test_agrees_within_three_standard_errors(name: str) -> None:
    _check(name, full=False)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", sorted(CASES))
def test_agrees_with_power(name: str) -> None:
    _check(name, full=True)


def test_intervals_give_their_standard_error_back() -> None:
    interval = t_interval([3.0, 5.0, 4.0, 8.0])
    assert standard_error(interval) == pytest.approx(np.std([3, 5, 4, 8], ddof=1) / 2)


def test_calendar_trace_ends_to_the_tick() -> None:
    plan = compile_plan(_scenario("calendar_trace", full=True), "hall")
    tape = draw_tape(plan.demand, seed=1, replication=0)
    cases = Tables(plan, tape, run(plan, tape)).frame("cases")
    assert (cases["closed_at"] / MINUTE).tolist() == [660, 920, 10780, 10885]


@pytest.mark.parametrize(
    "full", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_pooling_shortens_waits_by_the_known_ratio(full: bool) -> None:
    """Smith and Whitt 1981: 5.36523; the interval is a jackknife over replications."""
    study = _study("pooling", full).study
    apart, together = (
        np.array([tally.by_day["wait"].sum(axis=1) for tally in study.of(layout)], dtype=float)
        for layout in ("townships", "county")
    )

    def ratio(keep: npt.NDArray[np.bool_]) -> float:
        split, pooled = apart[keep].sum(axis=0), together[keep].sum(axis=0)
        return float(split[0] / split[1] / (pooled[0] / pooled[1]))

    n = len(apart)
    left_out = [ratio(np.arange(n) != i) for i in range(n)]
    error = math.sqrt((n - 1) / n * np.sum((np.array(left_out) - np.mean(left_out)) ** 2))
    estimate = ratio(np.ones(n, dtype=bool))
    assert abs(estimate - 5.36523) <= max(0.03 * 5.36523 * full, 3 * error)
    assert error <= (0.03 if full else 0.3) * 5.36523
