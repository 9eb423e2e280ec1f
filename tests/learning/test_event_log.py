"""The program's own event log, read back, is the tables that it was written from."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.learning.event_log import event_rows
from sim.learning.log_tickets import ticket_log
from sim.learning.ticket_log import TicketLog
from sim.results.eventlog import write_log
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from sim.scenario.tables import csv_cells
from tests.engine.test_any_scenario import PATIENT, PHASES
from tests.laws.halls import city, tables_of, told_tables
from tests.results.test_eventlog import AREA
from tests.strategies import areas, at, errand, flows, scenarios, small, windows

INSTANTS = ("arrived_at", "greeted_at", "taken_at", "called_at", "began_at", "ended_at")
NOT_IN_A_LOG = "errand"


def read_back(tables: Tables, folder: Path, shuffled: int | None = None) -> TicketLog:
    path = folder / "log.csv"
    write_log(tables, path)
    content = path.read_bytes()
    if shuffled is not None:
        head, *lines = content.splitlines(keepends=True)
        order = np.random.default_rng(shuffled).permutation(len(lines))
        content = head + b"".join(lines[n] for n in order)
    return ticket_log(event_rows(csv_cells(content, "log.csv", [])))


def tickets_of(tables: Tables, log: TicketLog) -> pd.DataFrame:
    """The journal's own table, from the first date of the log on, without what no log holds."""
    frame = tables.frame("tickets").drop(columns=NOT_IN_A_LOG)
    shift = (log.first_date.toordinal() - tables.plan.period.start_ordinal) * 86_400_000
    for column in INSTANTS:
        frame[column] = frame[column].where(frame[column] < 0, frame[column] - shift)
    return frame


def assert_same(tables: Tables, log: TicketLog) -> None:
    read = log.frame().drop(columns=NOT_IN_A_LOG)
    pd.testing.assert_frame_equal(read, tickets_of(tables, log), check_dtype=False)
    freed = tables.journal.free_again_at[: len(log)]
    shift = (log.first_date.toordinal() - tables.plan.period.start_ordinal) * 86_400_000
    at_window = tables.tickets.window >= 0
    np.testing.assert_array_equal(
        log.details.freed_at[at_window], np.where(freed < 0, -1, freed - shift)[at_window]
    )


@pytest.fixture(scope="module")
def day() -> Tables:
    """A day of the city, with its warm-up and follow-up."""
    return tables_of(city(1), "zone")


def test_the_city_read_back_is_its_table_of_tickets(day: Tables, tmp_path: Path) -> None:
    assert_same(day, read_back(day, tmp_path))


def test_the_area_read_back_is_its_table_of_tickets(tmp_path: Path) -> None:
    """Stations, agents who go out, papers that are sent on."""
    (tmp_path / "area.yaml").write_text(AREA.format(folder=example_path(".")), encoding="utf-8")
    tables = tables_of(load_scenario(tmp_path / "area.yaml"), "parallel")
    assert_same(tables, read_back(tables, tmp_path))


@settings(max_examples=40, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios() | areas(), st.integers(0, 9))
def test_of_any_hall_the_log_is_its_table_of_tickets(text: str, seed: int) -> None:
    note(text)
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, seed, 0)
    tables = Tables(plan, tape, run(plan, tape, "reference"))
    if len(tables.tickets.case):
        with TemporaryDirectory() as folder:
            assert_same(tables, read_back(tables, Path(folder)))


def test_windows_are_not_taken_for_tickets(tmp_path: Path) -> None:
    """A log with duties, absences, outages and changeovers, and the same log without them, as it
    was written before they were told: to learning and to replays they are the same tickets."""
    down = "{begins: '2025-01-06 10:00', ends: '2025-01-06 10:30'}"
    matters = f"[{errand('4 min')}, {errand('6 min', '', 'copy')}]"
    demand = flows(
        at("09:00", "09:31", "10:02"), at("09:01", "10:40", flow="copies", matter="copy")
    )
    tables = told_tables(
        small(
            hall=f"absence: 0.5, outages: [{{id: net, dated: [{down}]}}]",
            matters=matters,
            demand=demand,
            layouts=windows("id: desk, serves: [errand, copy], clerks: 3, changeover: 5 min"),
        )
    )
    write_log(tables, tmp_path / "log.csv")
    head, *lines = (tmp_path / "log.csv").read_text("utf-8").splitlines(keepends=True)
    new = [line for line in lines if re.search(",(changeover|duty|absence|outage),", line)]
    activities = {line.split(",")[1] for line in new}
    assert activities == {"changeover", "duty", "absence", "outage"}
    before = "".join([head, *(line for line in lines if line not in new)]).encode()
    old_log = ticket_log(event_rows(csv_cells(before, "log.csv", [])))
    assert old_log == read_back(tables, tmp_path)
    assert_same(tables, old_log)


def test_the_order_of_its_rows_says_nothing(day: Tables, tmp_path: Path) -> None:
    assert read_back(day, tmp_path) == read_back(day, tmp_path, shuffled=3)
