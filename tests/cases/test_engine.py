"""Cases to get right: an instant, windows that help, ids of two kinds, overload without end."""

from pathlib import Path

import numpy as np
import pytest

from sim import Run, Tables, compile_plan, draw_tape, load_scenario, replicate
from sim.analysis.estimates import estimates
from sim.analysis.measures import Tally, measure
from sim.engine.run import ENGINES, run
from sim.plan.journal import BALKED, SERVED, TURNED_AWAY
from sim.results.invariants import check_invariants
from tests.assertions import assert_same_journal

CASES = Path(__file__).parent / "answers"


def serve_case(name: str, replication: int = 0) -> tuple[Tables, Tally]:
    """One replication of a case by every engine, with its laws checked, and what it adds up to."""
    plan = compile_plan(load_scenario(CASES / name), "hall")
    crowd = draw_tape(plan.demand, 1, replication)
    journal = run(plan, crowd, "reference")
    for engine in ENGINES:
        assert_same_journal(journal, run(plan, crowd, engine))
    tables = Tables(plan, crowd, journal)
    check_invariants(tables)
    return tables, measure(tables)


@pytest.mark.parametrize(
    ("name", "people"), [("door_crowd_balks.yaml", 15), ("door_crowd_balks_same_tick.yaml", 2)]
)
def test_nobody_turns_round_whom_a_free_window_calls_at_once(name: str, people: int) -> None:
    fates = serve_case(name)[0].journal.fate
    assert np.count_nonzero(fates == SERVED) == people
    assert not (fates == BALKED).any()


def test_a_group_that_helps_a_list_calls_its_tickets() -> None:
    """The list's own clerk is there in the mornings, who helps it all day."""
    tables, _ = serve_case("helps_without_serves.yaml")
    assert not (tables.tickets.fate == TURNED_AWAY).any()
    plan, tickets = tables.plan, tables.tickets
    by_helper = np.array([name.startswith("b-") for name in plan.names.windows])[tickets.window]
    taken_at_a = tickets.list_ == plan.names.lists.index("a")
    assert (by_helper & taken_at_a).any()


def test_two_things_of_different_kinds_with_one_id() -> None:
    """Only an id differs: everything that happened is equal, and so is all that is counted."""
    (alike, counted), (apart, same) = (
        serve_case(f"silent_station_id_{name}.yaml") for name in ("is_group_id", "differs")
    )
    assert_same_journal(alike.journal, apart.journal)
    for key, sums in counted.by_day.items():
        np.testing.assert_array_equal(same.by_day[key], sums, err_msg=key)
    assert sorted(map(tuple, counted.busy_by_slot.tolist())) == sorted(
        map(tuple, same.busy_by_slot.tolist())
    )


def test_a_place_named_like_a_window_group_keeps_the_laws() -> None:
    tables, _ = serve_case("place_named_like_window_group.yaml")
    assert tables.plan.hall.place_of_list.tolist() == [0, 1]


def test_an_overloaded_hall_that_never_closes_has_a_result() -> None:
    """The one clerk is busy from the first minute on: all of two days, and no tick more."""
    study = replicate(
        load_scenario(CASES / "overload_utilisation_above_one.yaml"),
        ["hall"],
        run=Run(replications=2),
    )
    measured = {estimate.measure: estimate.interval for estimate in estimates(study.tallies[0])}
    assert 0.99 < measured["utilisation"].mean <= 1.0
    assert measured["clerk_hours"].mean == 24
