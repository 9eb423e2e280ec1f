"""Tables of days that can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journal import GAVE_UP, SERVED
from sim.results.columns import CASE_FATES, FATES, TABLES, name_ids
from sim.results.second_matters import SECONDS
from tests import strategies
from tests.laws.halls import city, tables_of, told_tables
from tests.strategies import bundle, come, department, errand, item, small, windows


def test_a_missed_call_and_the_next_ticket_are_one_visit() -> None:
    people = "{missed: {share: 1, window_waits: 2 min, then: requeue}}"
    tables = told_tables(small(demand=come("09:00"), applicants=people))
    assert len(tables.tickets.case) == 2
    visits = tables.visits
    assert visits.left_at.tolist() == [9 * HOUR + 12 * MINUTE]
    assert visits.fate.tolist() == [SERVED]


def test_papers_mended_inside_are_one_visit() -> None:
    mending = "{share: 1, at_most: 1, on_the_spot: 1, spot_delay: 5 min}"
    tables = told_tables(small(demand=come("09:00"), corrections=mending))
    assert tables.cases.trips.tolist() == [1]
    assert len(tables.visits.case) == 1
    assert tables.visits.left_at.tolist() == [9 * HOUR + 25 * MINUTE]


def test_coming_again_is_another_visit_of_the_same_case() -> None:
    text = small(
        run="{start: 2025-01-06, measured_days: 2}",
        demand=come("09:00", "09:00"),
        applicants="{patience: 5 min}",
    )
    tables = told_tables(text)
    assert tables.visits.case.tolist() == [0, 1, 1]
    assert tables.visits.trip.tolist() == [1, 1, 2]
    assert tables.visits.fate.tolist() == [SERVED, GAVE_UP, SERVED]
    assert tables.cases.trips.tolist() == [1, 2]


def test_the_last_item_and_ties_to_the_lowest_row() -> None:
    departments = ", ".join(department(name) for name in ("office", "other", "third"))
    matters = bundle(
        item("a", "5 min"),
        item("b", "20 min", department="other"),
        item("c", "20 min", department="third"),
    )
    text = small(matters=matters, departments=f"[{departments}]", demand=come("09:00", "12:00"))
    tables = told_tables(text)
    assert tables.tape.items.item[tables.cases.last_item].tolist() == [1, 1]


def test_no_last_item_while_none_is_finished() -> None:
    tables = told_tables(small(matters=bundle(item("long", "20 h")), demand=come("09:00")))
    assert tables.cases.last_item.tolist() == [-1]
    assert not tables.finished.any()


def test_overtime_is_what_lies_outside_the_duty() -> None:
    """Half an hour of a visit lies in the lunch break."""
    text = small(
        calendars="[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]",
        matters=f"[{errand('90 min')}]",
        demand=come("09:30", "09:31", "11:15"),
    )
    tables = told_tables(text)
    services, overtime = tables.services, tables.overtime
    assert ((overtime.ends_at - overtime.begins_at) // MINUTE).tolist() == [30]
    assert (services.ended_at - services.called_at == 90 * MINUTE).all()


def test_after_the_shift_is_overtime() -> None:
    shift = windows("id: window, serves: [errand], clerks: {09:00-11:00: 1, 11:00-17:00: 0}")
    text = small(matters=f"[{errand('90 min')}]", demand=come("10:30"), layouts=shift)
    overtime = told_tables(text).overtime
    assert ((overtime.ends_at - overtime.begins_at) // MINUTE).tolist() == [60]


def test_a_service_that_is_not_over_lasts_to_the_end_of_the_run() -> None:
    text = small(
        calendars="[{id: day, weekly: {mon-sun: [00:00-24:00]}}]",
        matters=f"[{errand('90 min')}]",
        demand=come("23:00"),
    )
    tables = told_tables(text)
    assert tables.services.ended_at.tolist() == [DAY]
    assert len(tables.overtime.group) == 0


def test_days_are_counted_among_measured_hall_days() -> None:
    run = "{start: 2025-01-09, warmup_days: 1, measured_days: 2, followup_days: 1}"
    somebody = "[{id: people, matter: errand, rate: 1 per h}]"
    tables = told_tables(small(run=run, demand=somebody))
    instants = np.array([0, 1, 4, 5]) * DAY + HOUR  # Thursday, Friday, Monday, Tuesday
    assert tables.day_of(instants).tolist() == [-1, 0, 1, -1]
    week_end = np.array([2 * DAY, 3 * DAY, 100 * DAY])
    assert tables.day_of(week_end).tolist() == [-1, -1, -1]


def test_measured_dates_begin_and_end_at_midnight() -> None:
    run = "{start: 2025-01-09, warmup_days: 1, measured_days: 2, followup_days: 1}"
    somebody = "[{id: people, matter: errand, rate: 1 per h}]"
    tables = told_tables(small(run=run, demand=somebody))
    instants = np.array([DAY - 1, DAY, 5 * DAY - 1, 5 * DAY])  # Friday to Monday
    assert tables.on_measured_dates(instants).tolist() == [False, True, True, False]


def test_frames_name_what_they_hold() -> None:
    tables = tables_of(city(1), "zone")
    names = tables.plan.names
    tickets, cases, items = tables.frame("tickets"), tables.frame("cases"), tables.frame("items")
    assert set(tickets["window"]) <= {*names.windows, ""}
    assert set(tickets["list"]) <= {*names.lists, ""}
    assert set(tickets["fate"]) <= set(FATES)
    assert set(cases["fate"]) <= set(CASE_FATES)
    assert set(cases["township"]) <= set(names.townships)
    assert set(items["department"]) <= set(names.departments)
    assert (tables.overtime.begins_at < tables.overtime.ends_at).all()
    assert len(tables.frame("visits")) == len(tables.visits.case)
    with pytest.raises(KeyError):
        tables.frame("windows")  # type: ignore[arg-type]


def test_an_index_is_named_by_the_id_at_its_place() -> None:
    """Each index of each column, the first and the last as well; -1 is nothing."""
    names = tables_of(city(1), "zone").plan.names
    ids_by_column = {
        "matter": names.matters,
        "class_": names.classes,
        "township": names.townships,
        "item": names.items,
        "department": names.departments,
        "list_": names.lists,
        "place": names.places,
        "window": names.windows,
        "second": SECONDS,
    }
    for table, columns in TABLES.items():
        for column, meaning in columns.items():
            fates = CASE_FATES if table == "cases" else FATES
            ids = fates if column == "fate" else ids_by_column.get(column, ())
            assert bool(ids) == (meaning.kind in ("id", "code")), (table, column)
            indices = np.arange(-1, len(ids))
            [(key, values)] = name_ids(names, table, {column: indices}).items()
            assert key == column.rstrip("_")
            assert values.tolist() == (["", *ids] if ids else indices.tolist()), (table, column)
    without = names._replace(items=(), townships=())
    nothing = np.array([-1, -1])
    for table, column in (("items", "item"), ("cases", "township")):
        assert name_ids(without, table, {column: nothing})[column].tolist() == ["", ""]


def test_names_of_fates_stand_in_the_order_of_their_codes() -> None:
    tickets = [strategies.TICKET_FATES[n].replace(" ", "_") for n in range(len(FATES))]
    assert tickets == list(FATES)
    assert [strategies.CASE_FATES[n] for n in range(len(CASE_FATES))] == list(CASE_FATES)


def test_a_day_on_which_the_only_visitor_comes_too_late() -> None:
    tables = told_tables(small(demand=come("17:30")))
    assert len(tables.services.window) == 0
    assert tables.cases.trips.tolist() == [1]
