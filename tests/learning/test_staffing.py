"""The roster behind a log comes back: to the half hour while people wait, never more otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.clock import DAY, MINUTE, parse_clock
from sim.learning.event_log import event_rows
from sim.learning.learned import read_log
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.staffing import StaffingFit, fit_staffing
from sim.learning.ticket_log import TicketLog
from sim.scenario.tables import csv_cells
from tests.learning.made_log import FILE
from tests.learning.own_log import write_own_log

SLOT: Final = 30 * MINUTE
HALL: Final = """
name: A hall whose clerks change
run: {start: 2025-03-03, measured_days: 10}
calendars: [{id: office, weekly: {mon-fri: [08:30-16:30]}}]
hall: {name: A hall, hours: office}
matters:
  - {id: cards, name: Cards, service: {base: {law: gamma, mean: 6 min, cv: 0.6}}}
  - {id: births, name: Births, service: {base: {law: gamma, mean: 9 min, cv: 0.6}}}
  - {id: shops, name: Shops, service: {base: {law: gamma, mean: 12 min, cv: 0.6}}}
profiles: [{id: early, shape: {08:30-09:30: 5, 09:30-16:30: 1}}]
demand:
  - {id: cards, matter: cards, per_day: 80, profile: early}
  - {id: births, matter: births, per_day: 60, profile: early}
  - {id: shops, matter: shops, per_day: 40, profile: early}
layouts:
  - id: desks
    name: Desks
    windows:
      - id: people
        serves: [cards, births]
        clerks: ROSTER
      - {id: shops, serves: [shops], clerks: {08:30-16:30: 2}}
"""
ROSTER: Final = {
    "08:30-10:00": 2,
    "10:00-12:00": 4,
    "12:00-13:30": 1,
    "13:30-15:00": 3,
    "15:00-16:30": 2,
}


def log_of(text: str, folder: Path, seed: int = 3) -> TicketLog:
    path = folder / "log.csv"
    write_own_log(text, seed, path)
    return ticket_log(event_rows(csv_cells(path.read_bytes(), "log.csv", [])))


def staffing(log: TicketLog) -> StaffingFit:
    fit = fit_staffing(log)
    assert fit is not None
    return fit


def clerks_by_roster(begin: int, roster: dict[str, int]) -> int:
    for hours, clerks in roster.items():
        start, end = map(parse_clock, hours.split("-"))
        if start <= begin < end:
            return clerks
    return 0


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> StaffingFit:
    roster = ", ".join(f"{hours}: {clerks}" for hours, clerks in ROSTER.items())
    text = HALL.replace("ROSTER", f"{{{roster}}}")
    return staffing(log_of(text, tmp_path_factory.mktemp("log")))


def test_the_roster_comes_back_to_the_half_hour_while_people_wait(fit: StaffingFit) -> None:
    assert [set(group.lists) for group in fit.groups] == [{"people"}, {"shops"}]
    here = fit.is_exact & (fit.group == 0) & (fit.begin < parse_clock("16:30"))
    truth = [clerks_by_roster(begin, ROSTER) for begin in fit.begin[here].tolist()]
    assert here.sum() > 100
    assert len({*fit.begin[here].tolist()}) == 16  # each half hour, on some day
    assert fit.clerks[here].tolist() == truth


def test_where_nobody_waits_the_number_is_no_more_than_the_roster(fit: StaffingFit) -> None:
    loose = ~fit.is_exact & (fit.group == 1) & (fit.begin < parse_clock("16:30"))
    assert loose.any()
    assert fit.clerks[loose].max() <= 2


def test_without_windows_services_at_one_time_say_the_number(tmp_path: Path) -> None:
    text = HALL.replace("ROSTER", "{08:30-13:00: 2, 13:00-16:30: 4}")
    log = log_of(text, tmp_path)
    named = np.array([name == "people" for name in log.names.lists])
    at_people = named[log.tickets.list_]
    rows = LogRows(int(at_people.sum()))
    for role, at in (
        ("taken", log.tickets.taken_at),
        ("called", log.tickets.called_at),
        ("ended", log.tickets.ended_at),
    ):
        rows.columns[role] = at[at_people].astype(np.int64) + 20_150 * DAY
    fit = staffing(ticket_log(rows))
    assert (fit.how, fit.groups[0].windows) == ("overlap", ())
    # who serves when the roster falls goes on: whole half hours after a change
    steady = fit.is_exact & ~np.isin(fit.begin, [parse_clock("13:00"), parse_clock("16:30")])
    steady &= fit.begin < parse_clock("16:30")
    truth = np.where(fit.begin[steady] < parse_clock("13:00"), 2, 4)
    assert fit.clerks[steady].tolist() == truth.tolist()


def test_lunch_is_seen(tmp_path: Path) -> None:
    roster = "{08:30-12:00: 3, 13:00-16:30: 4}"
    fit = staffing(log_of(HALL.replace("ROSTER", roster), tmp_path))
    noon = [each for each in fit.breaks if each.group == 0]
    assert [(each.begin, each.end) for each in noon] == [(12 * 60 * MINUTE, 13 * 60 * MINUTE)]


def test_a_log_of_work_alone_says_how_many_it_needs() -> None:
    rows = LogRows(60)
    rows.columns["taken"] = 20_150 * DAY + np.repeat([9, 10, 11], 20) * 60 * MINUTE
    rows.columns["service"] = np.full(60, 9 * MINUTE)
    rows.grain = 60 * MINUTE
    fit = staffing(ticket_log(rows))
    assert fit.how == "work"
    assert not fit.is_exact.any()
    hours = fit.level.sum() / 2
    assert hours == pytest.approx(60 * 9 / 60)


def test_a_log_without_services_says_nothing() -> None:
    rows = LogRows(3)
    rows.columns["taken"] = 20_150 * DAY + np.arange(3) * MINUTE
    assert fit_staffing(ticket_log(rows)) is None


def test_the_log_that_ships_has_its_three_desks() -> None:
    fit = read_log(FILE).staffing
    assert fit is not None
    assert set(fit.clerks[fit.is_exact].tolist()) == {3}
    assert fit.clerks.max() == 3


def test_a_list_without_windows_beside_those_that_have_some_counts_its_services() -> None:
    rows = LogRows(8)
    at = 20_150 * DAY + 9 * 60 * MINUTE + np.repeat(np.arange(4), 2) * 10 * MINUTE
    rows.columns["taken"] = at - MINUTE
    rows.columns["called"] = at
    rows.columns["ended"] = at + 8 * MINUTE
    rows.columns["list_"] = np.tile([0, 1], 4)
    rows.names["list_"] = ("window", "elsewhere")
    rows.columns["window"] = np.tile([0, -1], 4)
    rows.names["window"] = ("1",)
    fit = staffing(ticket_log(rows))
    assert {group.windows for group in fit.groups} == {("1",), ()}
    assert set(fit.clerks.tolist()) == {1}
