"""Offered load where there are several places: people go where their rule sends them."""

from __future__ import annotations

import numpy as np
import pytest

from sim import compile_plan, draw_tape
from sim.analysis.offered import offered_load, shares_of_places
from sim.plan.journeys import sent
from sim.plan.tape import INTAKE
from sim.scenario.load import scenario_from_text
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN

RULES = (
    "{}",
    "{taste_yuan: 20}",
    "{rule: nearest}",
    "{rule: nearest, taste_yuan: 30}",
)
DAYS = ("  measured_days: 5", "  measured_days: 60")


def area(choice: str) -> str:
    return AREA.replace(*DAYS).replace("  siting:", f"  choice: {choice}\n  siting:")


@pytest.mark.parametrize("choice", RULES)
def test_shares_are_those_of_a_crowd(choice: str) -> None:
    """Of a crowd that nobody has to wait in, by township, matter, class and place."""
    plan = compile_plan(scenario_from_text(area(choice)), "zone")
    shares = shares_of_places(plan)
    assert shares.sum(axis=(0, 1)) == pytest.approx(1.0)
    counts = np.zeros(shares.shape)
    for replication in range(4):
        tape = sent(plan, draw_tape(plan.demand, 1, replication))
        mine = np.flatnonzero((tape.purpose == INTAKE) & ~tape.online)
        town = tape.township[tape.case_of_errand[mine]]
        np.add.at(counts, (tape.place[mine], town, tape.sought[mine]), 1.0)
    total = counts.sum(axis=(0, 1))
    assert (total > 1000).all()
    error = np.sqrt(shares * (1 - shares) * total)
    assert (np.abs(counts - shares * total) <= 5 * error + 1).all()
    assert (counts[shares == 0] == 0).all()


def test_fixed_weights() -> None:
    """Two thirds of the county to its hall; whom no place with a weight takes goes to the city."""
    text = area("{rule: shares, shares: {city: 1, county: 2}}")
    plan = compile_plan(scenario_from_text(text), "zone")
    card = plan.names.matters.index("id_card")
    of_place = dict(
        zip(plan.names.places, shares_of_places(plan).sum(axis=1)[:, card], strict=True)
    )
    hills = 1400 / 1900  # residents whom the county hall takes
    assert of_place["county"] == pytest.approx(hills * 2 / 3)
    assert of_place["city_hall"] == pytest.approx(1 - hills * 2 / 3)
    assert of_place["point"] == of_place["point:home"] == 0


def test_what_one_hall_had_several_have() -> None:
    """The desk greets who comes to it; windows share the work; departments have what they had."""
    one, other = (
        {found.id: found for found in offered_load(compile_plan(scenario_from_text(text), "zone"))}
        for text in (TOWN, AREA)
    )
    assert other["reception"].work_hours < one["reception"].work_hours
    assert other["reception"].staffed_hours == one["reception"].staffed_hours
    windows = [
        [x.work_hours for x in loads.values() if x.kind == "group"] for loads in (one, other)
    ]
    assert sum(windows[0]) == pytest.approx(sum(windows[1]))
    assert {x for x in one.values() if x.kind == "department"} == {
        x for x in other.values() if x.kind == "department"
    }


def test_ways_of_agents_are_work() -> None:
    """Nobody of the seat has a desk nearby: agents of the brook come, 32 minutes out and back."""
    text = AREA.replace("clerks: 2, accepts: [police]", "clerks: 2")
    text = text.replace("rate: 6 per h,", "rate: 6 per h, classes: {walk_in: 1},")
    plan = compile_plan(scenario_from_text(text), "zone")
    assert plan.journeys is not None
    home, seat = plan.names.places.index("point:home"), plan.names.townships.index("seat")
    tour = plan.journeys.tour[seat, home]
    assert 60 < tour < 70
    shares = shares_of_places(plan)[home, :, plan.names.matters.index("id_card")]
    assert shares.sum() == pytest.approx(900 / 1900)  # brook's people are at the desk as soon
    [load] = [one for one in offered_load(plan) if one.id == "point:home"]
    visits = plan.demand.cases_of_day[plan.demand.flow_ids.index("cards")].sum() * 0.9
    told = load.work_hours / (visits * shares.sum())  # hours a visit
    intakes = 1 + 0.1 + 0.01 + 0.001
    assert told == pytest.approx((tour + 8) / 60 * intakes)


def test_papers_sent_on_are_work_twice() -> None:
    """What a point sends on is work there, and again, in part, where it is accepted."""
    accepts = "accepts: [id_card]\n"
    sends = "accepts: []\n      forwards: [id_card]\n      forwarded_work: 0.4\n"
    home = "      home_visits: {agents: 1, classes: [walk_in], within: 40 min}\n"
    text = AREA.replace(home, "")
    here, there = (
        {
            one.id: one.work_hours
            for one in offered_load(compile_plan(scenario_from_text(x), "zone"))
        }
        for x in (text, text.replace(accepts, sends))
    )
    assert here["point"] == pytest.approx(there["point"])
    again = there["county"] - here["county"]
    complete = 1 / (1 + 0.1 + 0.01 + 0.001)
    assert again == pytest.approx(0.4 * complete * here["point"])
