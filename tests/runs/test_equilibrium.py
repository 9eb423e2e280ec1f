"""Waits that are expected agree with waits that are found: where it stops, and where it starts."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compile_plan, draw_tape, run
from sim.analysis.sites import site_loads
from sim.plan.journeys import way_costs
from sim.plan.plan import Plan
from sim.results.tables import Tables
from sim.runs.equilibrium import (
    depends_on_waits,
    mean_waits,
    solve_equilibrium,
    with_expected_waits,
)
from sim.scenario.load import scenario_from_text
from tests.engine.test_places import area, station

CLOCKS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(9, 16) for minute in range(0, 60, 6))
TASTE = "{taste_yuan: 5}"
ANOTHER = station().replace("id: point", "id: twin")


def plan_of(*places: str, choice: str = "{}", clocks: tuple[str, ...] = CLOCKS) -> Plan:
    return compile_plan(scenario_from_text(area(*places, clocks=clocks, choice=choice)), "hall")


def tables_of(plan: Plan) -> Tables:
    tape = draw_tape(plan.demand, 1, 0)
    return Tables(plan, tape, run(plan, tape, "reference"))


@pytest.mark.parametrize("choice", ["{rule: nearest}", "{rule: shares}"])
def test_nothing_iterates_where_nobody_looks_at_waits(choice: str) -> None:
    plan = plan_of(station(), choice=choice)
    equilibrium = solve_equilibrium(plan, seed=1, replications=1)
    assert equilibrium.plan is plan
    assert (equilibrium.rounds, equilibrium.converged) == (0, True)


def test_nothing_iterates_with_one_place_or_worthless_time() -> None:
    alone = plan_of()
    assert solve_equilibrium(alone, seed=1, replications=1).plan is alone
    plan = plan_of(station())
    assert depends_on_waits(plan)
    assert plan.journeys is not None
    idle = plan._replace(journeys=plan.journeys._replace(value_of_time=0.0))
    assert solve_equilibrium(idle, seed=1, replications=1).rounds == 0


def test_expected_and_found_agree() -> None:
    equilibrium = solve_equilibrium(
        plan_of(station(), ANOTHER, choice=TASTE), 1, 1, "reference", 2.0
    )
    assert equilibrium.converged
    assert equilibrium.residual == equilibrium.residuals[-1]
    assert equilibrium.plan.journeys is not None
    value = equilibrium.plan.journeys.value_of_time
    seen = mean_waits([site_loads(tables_of(equilibrium.plan))], value)
    assert np.abs(seen - equilibrium.waits).max() == pytest.approx(equilibrium.residual)


def test_what_is_settled_stays() -> None:
    first = solve_equilibrium(plan_of(station(), ANOTHER, choice=TASTE), 1, 1, "reference", 2.0)
    second = solve_equilibrium(first.plan, 1, 1, "reference", 2.0)
    assert second.rounds == 1
    assert second.waits.tolist() == first.waits.tolist()


def test_alike_places_come_to_be_waited_for_alike() -> None:
    """Two points that are alike, of which one is at first said to be slow."""
    plan = plan_of(station(), ANOTHER, choice=TASTE, clocks=CLOCKS)
    expectant = with_expected_waits(plan, np.array([0.0, 60.0, 0.0]))
    equilibrium = solve_equilibrium(expectant, 1, 8, "fast", 1.0)
    assert equilibrium.converged
    _, nearer, further = equilibrium.waits
    assert nearer > 0
    assert abs(nearer - further) < 3.0


def test_a_mirrored_map_changes_nothing() -> None:
    """The hall lies half way: with everything upside down all waits are what they were."""
    upside_down = area(station(), ANOTHER, clocks=CLOCKS, choice=TASTE).replace(
        "lat: 34.0", "lat: 34.6"
    )
    plain = solve_equilibrium(plan_of(station(), ANOTHER, choice=TASTE), 1, 1, "reference", 2.0)
    mirrored = compile_plan(scenario_from_text(upside_down), "hall")
    equilibrium = solve_equilibrium(mirrored, 1, 1, "reference", 2.0)
    assert equilibrium.waits == pytest.approx(plain.waits, abs=0.2)


def test_ways_in_vain_are_part_of_what_people_expect() -> None:
    """The second of two gives up after five minutes: one way, there and back, for nothing."""
    text = area(station(), clocks=("09:00", "09:01"))
    text = text.replace("terrains: [", "local_km: 4, terrains: [")
    lost = "unserved: {returns: 0, lost: 1}, patience: {law: sequence, values: [5 min]}"
    text = text.replace("{townships", f"{{{lost}, townships")
    plan = compile_plan(scenario_from_text(text), "hall")
    loads = site_loads(tables_of(plan))
    assert loads.called.tolist() == [0, 1]
    assert plan.journeys is not None
    way = float(way_costs(plan.journeys)[0, 1])
    assert loads.vain.tolist() == [0, way]
    assert mean_waits([loads], 12)[1] == pytest.approx(5 + way / 12 * 60)


def test_too_few_rounds_are_told() -> None:
    """It returns the best it has seen, and says that it is not good enough."""
    clocks = tuple(f"09:{minute:02d}" for minute in range(60))
    equilibrium = solve_equilibrium(
        plan_of(station(), clocks=clocks), 1, 1, "reference", 1e-6, most_rounds=2
    )
    assert not equilibrium.converged
    assert equilibrium.residual == min(equilibrium.residuals)


@pytest.mark.parametrize("tolerance", [1e-6, 25.0])
def test_rounds_by_a_plain_loop(tolerance: float) -> None:
    """A step of 1/b towards the waits that were found; b grows by 1.5 or by 0.3."""
    plan = plan_of(station(), ANOTHER, clocks=CLOCKS)
    equilibrium = solve_equilibrium(plan, 1, 1, "reference", tolerance, most_rounds=6)
    assert plan.journeys is not None
    wait, b, residuals, plans = plan.journeys.wait, 1.0, list[float](), list[Plan]()
    while len(residuals) < 6 and min(residuals, default=np.inf) > tolerance:
        plans.append(with_expected_waits(plan, wait))
        gap = mean_waits([site_loads(tables_of(plans[-1]))], plan.journeys.value_of_time) - wait
        residuals.append(max(abs(float(minutes)) for minutes in gap))
        b += 1.5 if residuals[1:] and residuals[-1] >= residuals[-2] else 0.3
        wait = wait + gap / b
    assert equilibrium.residuals == pytest.approx(residuals)
    best = plans[residuals.index(min(residuals))]
    assert best.journeys is not None
    assert equilibrium.waits == pytest.approx(best.journeys.wait)
    assert equilibrium.residual == min(equilibrium.residuals)
    assert equilibrium.converged is (equilibrium.residual <= tolerance)


def test_one_crowd_and_one_round_are_enough_to_ask_for() -> None:
    equilibrium = solve_equilibrium(plan_of(station()), 1, 1, "reference", 1e-9, most_rounds=1)
    assert equilibrium.rounds == 1
    at_the_limit = equilibrium._replace(tolerance=equilibrium.residual)
    assert at_the_limit.converged


def test_people_know_the_waits_of_three_crowds_within_a_minute() -> None:
    plan = plan_of(station(), ANOTHER, choice=TASTE)
    assert (
        solve_equilibrium(plan, 1).residuals
        == solve_equilibrium(plan, 1, 3, tolerance=1.0).residuals
    )
    assert (
        solve_equilibrium(plan, 1).residuals
        != solve_equilibrium(plan, 1, 2, tolerance=1.0).residuals
    )
    assert solve_equilibrium(plan, 1).tolerance == 1.0


def test_loads_of_places_add_up_to_the_run() -> None:
    """Trips and busy ticks of all places are those of the run; a place's people are paid alone."""
    tables = tables_of(plan_of(station(clerks=2), ANOTHER, choice=TASTE))
    loads = site_loads(tables)
    assert loads.visits.sum() == len(tables.visits.case)
    services = tables.services
    assert loads.busy.sum() == (services.ended_at - services.called_at).sum()
    assert loads.on_duty[1] >= 2 * 8 * 3_600_000
    assert (loads.busy <= loads.on_duty).all()


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"most_rounds": 0}, {"tolerance": 0.0}])
def test_impossible_wishes_are_told(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="solve_equilibrium: found"):
        solve_equilibrium(plan_of(station()), 1, **wrong)  # type: ignore[arg-type]
