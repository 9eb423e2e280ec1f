"""Every tick from first arrival to issue belongs to one cause."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from sim.analysis.causes import (
    APPLICANT,
    AT_WINDOW,
    CAUSES,
    CLOSED,
    EXTERNAL,
    RECEPTION,
    REVIEW,
    REVIEWER_WAIT,
    WINDOW_WAIT,
    causes,
)
from sim.analysis.story import hall_stretches, item_stretches
from sim.clock import MINUTE
from sim.results.tables import Tables
from tests.laws.halls import city, tables_of, told_tables
from tests.strategies import bundle, come, department, errand, item, scenarios, sequence, small


def assert_causes_add_up(tables: Tables) -> None:
    """Causes of issued cases are never negative and leave out no tick; others have none.

    Cases that were in hand when the run began came before it: they are told from there on.
    """
    shares, cases = causes(tables), tables.cases
    since = np.where(cases.initial, cases.accepted_at, cases.arrived_at)
    elapsed = np.where(tables.finished, cases.closed_at - since, 0)
    np.testing.assert_array_equal(shares.sum(axis=1), elapsed)
    assert (shares >= 0).all()


@settings(max_examples=40)
@given(scenarios())
def test_add_up_in_any_small_scenario(text: str) -> None:
    assert_causes_add_up(told_tables(text))


ON_THE_WAY = (
    "reception",
    "window_wait",
    "at_window",
    "reviewer_wait",
    "review",
    "closed",
    "external",
)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(scenarios())
def test_are_the_pieces_of_the_story_in_any_small_scenario(text: str) -> None:
    """Of cases with one item that is reviewed once, by one department."""
    tables = told_tables(text)
    tape, cases, counted = tables.tape, tables.cases, causes(tables)
    for case in np.flatnonzero(tables.finished).tolist():
        first, last = tape.cases.item_offsets[case : case + 2].tolist()
        if last - first > 1 or (tape.items.application[first:last] >= 0).any():
            continue
        items = range(first, last)
        surveyed = tables.plan.demand.items.attendances[tape.items.item[first:last]] > 0
        if surveyed.any() or any(
            tape.items.review_offsets[j + 1] - tape.items.review_offsets[j] > 1 for j in items
        ):
            continue
        accepted = int(cases.accepted_at[case])
        pieces = [piece for piece in hall_stretches(tables, case) if piece.end <= accepted]
        pieces += [piece for j in items for piece in item_stretches(tables, j)]
        for cause in ON_THE_WAY:
            spent = sum(piece.end - piece.start for piece in pieces if piece.cause == cause)
            assert counted[case, CAUSES.index(cause)] == spent, cause


@pytest.mark.parametrize("layout", ["zone", "counters", "parallel"])
def test_add_up_in_the_city(layout: str) -> None:
    tables = tables_of(city(), layout)
    assert tables.finished.sum() > 1000
    assert_causes_add_up(tables)


def test_one_case_reckoned_by_hand() -> None:
    """Desk 2, list 10, window 5, then the later of two chains with lunch and a span in between."""
    text = small(
        calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]",
        hall="reception: {clerks: 1, service: 2 min}",
        departments=f"[{department('office')}, {department('other')}]",
        matters=bundle(
            item("look", "160 min"),
            item("visit", "10 min", "after: [look], external: 30 min", "other"),
            item("aside", "5 min", department="other"),
            work=sequence(12, 5),
        ),
        demand=come("09:00", "09:02"),
    )
    tables = told_tables(text)
    minutes = dict(zip(CAUSES, causes(tables)[1] // MINUTE, strict=True))
    # second case: at the desk 09:02-09:04, called 09:14, accepted 09:19; the first was accepted at
    # 09:14 and holds the office until 11:54; this look is 11:54-12:00 and 13:00-15:34
    assert minutes == {
        "reception": 2,
        "window_wait": 10,
        "at_window": 5,
        "handover": 0,
        "reviewer_wait": 155,
        "review": 160 + 10,
        "closed": 60,
        "external": 30,
        "applicant": 0,
    }
    assert sum(minutes.values()) == 15 * 60 + 34 + 40 - (9 * 60 + 2)


def test_mending_at_home_is_the_applicants_time() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 3}",
        demand=come("09:00"),
        corrections="{share: 1, at_most: 1, delay: 1 d}",
    )
    [row] = causes(told_tables(text))
    assert row[AT_WINDOW] == 20 * MINUTE
    assert row[APPLICANT] > 0
    assert row[[RECEPTION, WINDOW_WAIT, REVIEWER_WAIT, REVIEW, CLOSED, EXTERNAL]].sum() == 0


def test_a_case_that_is_not_issued_has_no_causes() -> None:
    matters = bundle(item("no", "10 min", "rejection_share: 1"), work="5 min")
    tables = told_tables(small(matters=matters, demand=come("09:00", "16:58")))
    assert not tables.finished.any()
    assert not causes(tables).any()


def test_no_items_at_all() -> None:
    tables = told_tables(small(matters=f"[{errand('10 min')}]", demand=come("09:00")))
    assert causes(tables)[0, AT_WINDOW] == 10 * MINUTE
