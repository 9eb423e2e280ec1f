"""People who come along take room and seats, and neither tickets nor time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.analysis.measures import measure
from sim.analysis.occupancy import Spans, most_at_once
from sim.clock import HOUR
from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from tests.strategies import (
    FEW,
    Told,
    altered,
    assert_same_day,
    at,
    come,
    errand,
    flows,
    scenarios,
    small,
    tell,
    windows,
)

IN_PAIRS = "companions: {1: 1}"


def _heads(day: Told) -> dict[str, list[int]]:
    by_day = measure(day.lawful_tables()).by_day
    return {key: by_day[key][0].tolist() for key in ("people", "peak_inside", "peak_waiting")}


def test_heads_are_counted_beside_visits() -> None:
    """Three pairs at once and one window: six inside, four of them wait."""
    demand = come("09:00", "09:00", "09:00")
    day = tell(small(demand=demand, applicants=f"{{{IN_PAIRS}}}"))
    assert _heads(day) == {"people": [6], "peak_inside": [6], "peak_waiting": [4]}
    assert measure(day.lawful_tables()).by_day["visits"][0].tolist() == [3]
    assert day.lawful_tables().visits.people.tolist() == [2, 2, 2]


def test_who_is_called_at_once_needs_no_seat() -> None:
    """One after the other: nobody waits, two are inside at a time."""
    day = tell(small(demand=come("09:00", "09:10"), applicants=f"{{{IN_PAIRS}}}"))
    assert _heads(day) == {"people": [4], "peak_inside": [2], "peak_waiting": [0]}


def test_without_companions_nothing_is_summed_up() -> None:
    """`{}` says that each comes alone, and counts; saying nothing leaves the measures out."""
    quiet, alone = (
        tell(small(demand=come("09:00", "09:00"), applicants=people))
        for people in ("{}", "{companions: {}}")
    )
    assert measure(quiet.lawful_tables()).by_day["people"].tolist() == [[0], [0]]
    assert _heads(alone) == {"people": [2], "peak_inside": [2], "peak_waiting": [1]}


def test_the_class_goes_before_the_matter_and_the_matter_before_everybody() -> None:
    """Everybody alone, who comes for the errand with one, the old with three."""
    classes = "[{id: usual, name: {zh: 常, en: Usual}}, {id: old, name: {zh: 老, en: Old}"
    applicants = f"{{companions: {{}}, classes: {classes}, companions: {{3: 1}}}}]}}"
    demand = flows(
        at("09:00", more="classes: {old: 1}"),
        at("10:00", flow="b"),
        at("11:00", flow="c", matter="permit"),
    )
    matters = f"[{errand('1 min', IN_PAIRS)}, {errand('1 min', '', 'permit')}]"
    layouts = windows("id: window, serves: [errand, permit], clerks: 1")
    day = tell(small(demand=demand, matters=matters, applicants=applicants, layouts=layouts))
    assert day.lawful_tables().visits.people.tolist() == [4, 2, 1]


def test_a_full_hall_has_no_room_for_a_pair() -> None:
    """Room for three: a pair is inside, the next pair does not fit, who comes alone does."""
    applicants = "{companions: {}}"
    pair = f"[{errand('10 min', IN_PAIRS)}, {errand('10 min', '', 'permit')}]"
    demand = flows(at("09:00", "09:01"), at("09:02", flow="b", matter="permit"))
    layouts = windows("id: window, serves: [errand, permit], clerks: 1")
    day = tell(
        small(hall="capacity: 3", matters=pair, demand=demand, layouts=layouts,
              applicants=applicants)
    )  # fmt: skip
    assert day.fates[:3] == ["served", "turned away", "served"]
    assert _heads(day)["peak_inside"] == [3]


def test_a_break_empties_the_hall() -> None:
    """A pair that keeps its ticket is out from twelve to one, and counts before and after."""
    calendars = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
    text = small(
        calendars=calendars,
        hall="at_break: keep_ticket",
        demand=come("11:55", "11:56", "12:30"),
        applicants=f"{{{IN_PAIRS}}}",
    )
    day = tell(text)
    assert day.fates == ["served", "at break", "served", "served"]
    assert _heads(day)["peak_inside"] == [4]


@FEW
@given(scenarios(), st.integers(1, 3))
def test_queues_do_not_mind(text: str, more: int) -> None:
    """In any hall whose door counts nobody: the same journal, whoever comes along."""
    plain = altered(
        text,
        ("hall.capacity", None),
        ("applicants.companions", None),
        ("applicants.classes.*.companions", None),
    )
    assert_same_day(plain, altered(plain, ("applicants.companions", {more: 0.7})))


def test_a_larger_share_only_adds_people() -> None:
    """Drawn from one number each: who comes with somebody does so at any larger share."""
    demand = "[{id: people, matter: errand, rate: 60 per h}]"
    numbers = []
    for share in (0.2, 0.5):
        text = small(demand=demand, applicants=f"{{companions: {{1: {share}}}}}")
        plan = compile_plan(scenario_from_text(text), "hall")
        numbers.append(draw_tape(plan.demand, 1, 0).cases.companions)
    few, many = numbers
    assert (many >= few).all()
    assert 0 < few.mean() < many.mean() < 0.6


def test_people_leave_before_others_come() -> None:
    """At one instant two leave and three come: never five at once."""
    hours = np.array([9, 10]) * HOUR
    assert most_at_once(Spans(hours, hours + HOUR, np.array([2, 3])), 1).tolist() == [3]


def test_more_than_everybody_is_an_error() -> None:
    """Shares of 0.7 and 0.6 are more than all."""
    with pytest.raises(ScenarioError) as raised:
        scenario_from_text(small(applicants="{companions: {1: 0.7, 2: 0.6}}"))
    assert [problem.code for problem in raised.value.problems] == ["shares_sum"]
