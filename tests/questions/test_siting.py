"""Where to put stations: budgets, proposals, and the ranking of what was run."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim import Run
from sim.errors import OptionError
from sim.questions.frontier import frontier
from sim.questions.proposals import affordable, propose
from sim.questions.sites import site
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.scenario.travel import trip_cost, ways_to_places, ways_to_townships
from tests.questions.test_extend import ANYWHERE, area
from tests.scenario.town import TOWN

FREE = ANYWHERE.replace("yuan_per_year: 50000, setup_yuan: 30000", "yuan_per_year: 1")


def test_a_budget_buys_whole_stations() -> None:
    """56,000 yuan a year each, 100,000 in the scenario, four townships."""
    town = area()
    assert affordable(town) == 1
    assert affordable(town, budget=56_000) == 1
    assert affordable(town, budget=111_999) == 1
    assert affordable(town, budget=112_000) == 2
    assert affordable(town, budget=1e9) == 4
    assert affordable(town, budget=1e9, at_most=3) == 3
    free = area(
        ANYWHERE.replace(", yuan_per_year: 50000, setup_yuan: 30000}\n    budget", "}\n    budget")
    )
    assert affordable(free, budget=0) == 4
    unlimited = area(ANYWHERE.replace("    budget_yuan: 100000\n", ""))
    assert affordable(unlimited, at_most=2) == 2


@pytest.mark.parametrize(
    ("scenario", "code"),
    [(scenario_from_text(TOWN), "no_siting"), (area(), "budget_below_point")],
)
def test_what_cannot_be_paid_is_told(scenario: Scenario, code: str) -> None:
    with pytest.raises(OptionError) as caught:
        affordable(scenario, budget=55_999)
    assert caught.value.problems[0].code == code


def test_no_limit_is_no_question() -> None:
    with pytest.raises(OptionError) as caught:
        affordable(area(ANYWHERE.replace("    budget_yuan: 100000\n", "")))
    assert caught.value.problems[0].code == "no_points"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_choice_of_so_many_makes_trips_cheaper(number: int) -> None:
    """Every choice is tried by hand: none of them saves more than the p-median."""
    town = area()
    assert town.places is not None
    value = town.places.travel.value_of_time_yuan_per_h
    old, new = (trip_cost(ways, value) for ways in (ways_to_places(town), ways_to_townships(town)))
    people = np.array([township.population for township in town.applicants.townships])
    costs = {
        chosen: float(people @ np.concatenate([old, new[:, chosen]], axis=1).min(axis=1))
        for chosen in combinations(range(4), number)
    }
    [best] = propose(town, number, ["p_median"])
    names = [township.id for township in town.applicants.townships]
    best_indices = tuple(names.index(township) for township in best.points)
    cheapest = min(costs.values())
    extra = [n for n in range(4) if n not in best_indices][: number - len(best_indices)]
    assert costs[tuple(sorted((*best_indices, *extra)))] == pytest.approx(cheapest)


def test_more_stations_are_never_worse() -> None:
    saved = [propose(area(), number, ["p_median"])[0].saved for number in range(1, 5)]
    assert saved == sorted(saved)
    assert saved[0] > 0


def test_only_townships_that_may() -> None:
    named = area(ANYWHERE.replace("  siting:\n", "  siting:\n    townships: [ridge]\n"))
    assert {proposal.points for proposal in propose(named, 3)} <= {("ridge",), ()}


def test_capacity_and_price_decide_together() -> None:
    """What costs more than it saves stays closed; what costs nothing much is opened."""
    [dear] = propose(area(), 4, ["capacitated"])
    assert (dear.points, dear.saved) == ((), 0.0)
    [cheap] = propose(area(FREE), 4, ["capacitated"])
    assert cheap.points


def test_the_ranking_is_by_what_residents_save() -> None:
    ranking = site(area(), 1, run=Run(replications=2, seed=3, engine="reference", workers=1))
    saved = [extension.worth.residents.mean for extension in ranking.extensions]
    assert saved == sorted(saved, reverse=True)
    assert len({proposal.points for proposal in ranking.proposals}) == len(ranking.proposals)
    assert ranking.behind[0].mean == 0
    for saving, gap in zip(saved, ranking.behind, strict=True):
        assert gap.mean == pytest.approx(saved[0] - saving)
    assert (ranking.replications, ranking.asked) == (2, 2)


def test_the_frontier_pays_for_every_step() -> None:
    no_station, one_station, two_stations = frontier(
        area(), [1, 2], run=Run(replications=2, seed=3, engine="reference", workers=1)
    ).steps
    assert (no_station.yearly, one_station.yearly, two_stations.yearly) == (0, 56_000, 112_000)
    assert (no_station.number, one_station.number, two_stations.number) == (0, 1, 2)
    assert one_station.minutes.mean > 0
