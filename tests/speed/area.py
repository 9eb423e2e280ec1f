"""The whole area over a year of hall days, beside the city hall alone, in turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count, pairwise
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final, NamedTuple

import sim
from sim.analysis.area import area_tally
from sim.engine.fast import run_fast
from sim.engine.run import prepare
from sim.plan.compile import compile_period
from sim.plan.journeys import choose_destinations
from sim.plan.year import year_of
from sim.questions.extend import ways_of
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.scenario import Scenario

REPLICATIONS: Final = 10
FIRST: Final = date(2025, 1, 1)
A_YEAR: Final = 365
VALUE_OF_TIME: Final = 12.0
"""Yuan an hour; any would do."""


class Timing(NamedTuple):
    """One replication; seconds of processor time."""

    customers: int
    draw: float
    choose: float
    """Who goes to which place."""
    run: float
    """Serving them there, without that choice."""
    measure: float
    """Tables, laws, burdens by township and group, loads of places."""

    @property
    def speed(self) -> float:
        """Customers a second, all told."""
        return self.customers / (self.draw + self.choose + self.run + self.measure)


PARTS: Final = ("draw", "choose", "run", "measure")


def whole_area(days: int | None = None) -> Scenario:
    """The area over so many hall days, all measured; default: those of the year."""
    path, run = sim.example_path("sanmenxia_townships.yaml"), f"run.start={FIRST}"
    all_ = [run, "run.warmup_days=0", "run.followup_days=0"]
    if days is None:
        long = sim.load_scenario(path, [*all_, "run.measured_days=366"])
        days = int((compile_period(long).hall_days < A_YEAR).sum())
    return sim.load_scenario(path, [*all_, f"run.measured_days={days}"])


def city_hall_alone(area: Scenario) -> Scenario:
    """The same people's city hall with no place beside it, and its own volume."""
    assert area.places is not None
    travel = area.places.travel.model_copy(update={"legs": ()})
    alone = {"open": area.places.open[:1], "travel": travel}
    places = area.places.model_copy(update=alone)
    people = area.applicants.model_copy(update={"volume_factor": 1.0})
    return area.model_copy(update={"places": places, "applicants": people})


def timed(scenario: Scenario) -> Iterator[Timing]:
    """Draw one crowd after the other, let it choose its places, serve and measure it."""
    plan = sim.compile_plan(scenario, scenario.layouts[0].id)
    prepare(plan, "fast")
    ways, weights = ways_of(scenario, plan), year_of(scenario).weights
    for replication in count():
        times = [process_time()]
        crowd = sim.draw_tape(plan.demand, scenario.run.seed, replication)
        times.append(process_time())
        choose_destinations(plan, crowd)  # as the run itself does, to see what that takes
        times.append(process_time())
        journal = run_fast(plan, crowd)
        times.append(process_time())
        tables = Tables(plan, crowd, journal)
        check_invariants(tables)
        area_tally(tables, ways, VALUE_OF_TIME, weights)
        times.append(process_time())
        draw, choose, run, measure = (later - earlier for earlier, later in pairwise(times))
        yield Timing(len(crowd.cases.arrived_at), draw, choose, run - choose, measure)


def area(_: int = 0, replications: int = REPLICATIONS, days: int | None = None) -> dict[str, Any]:
    """Customers a second in the area over those in the city hall alone, replication by replication.

    Both serve the same hall days; nobody expects a wait. `minutes` is what the area's replications
    take on one core by the clock.
    """
    whole = whole_area(days)
    here, there = timed(whole), timed(city_hall_alone(whole))
    next(here), next(there)  # warm up
    pairs, waited = [], 0.0
    for _ in range(replications):
        begun = perf_counter()
        area_timing = next(here)
        waited += perf_counter() - begun
        pairs.append((area_timing, next(there)))
    parts = {name: sum(getattr(wide, name) for wide, _ in pairs) for name in PARTS}
    return {
        "area_over_city_hall": [wide.speed / alone.speed for wide, alone in pairs],
        "run_over_run": [
            (wide.customers / wide.run) / (alone.customers / alone.run) for wide, alone in pairs
        ],
        "share_of_time": {name: spent / sum(parts.values()) for name, spent in parts.items()},
        "customers": {
            "area": median(wide.customers for wide, _ in pairs),
            "city_hall": median(alone.customers for _, alone in pairs),
        },
        "hall_days": whole.run.measured_days,
        "minutes": waited / 60,
    }
