"""A day of a log as it is played: its counts are the log's, and what the log lacks is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.analysis.day_record import DayRecord, day_record
from sim.clock import DAY, MINUTE
from sim.errors import OptionError
from sim.learning.event_log import event_rows
from sim.learning.log_rows import rows_of_columns
from sim.learning.log_tickets import ticket_log
from sim.learning.logged_day import LoggedDay, busiest_date, logged_dates, logged_day
from sim.learning.ticket_log import LogNames, TicketLog
from sim.scenario.tables import csv_cells
from tests.analysis.test_day_record import counted
from tests.learning.own_log import write_own_log
from tests.learning.test_log_replay import hour_log, made_log
from tests.learning.test_staffing import HALL

BUSY: Final = HALL.replace("ROSTER", "{08:30-16:30: 2}").replace(
    "run: {start: 2025-03-03, measured_days: 10}", "run: {start: 2025-03-03, measured_days: 2}"
)
DAY_OF: Final = date(2025, 3, 3)


def rows(**columns: list[str]) -> TicketLog:
    return ticket_log(rows_of_columns(columns))


def by_name(record: DayRecord, minute: int, lists: list[str], windows: list[str]) -> list[object]:
    """Who waits and who is served, by the names of lists and windows."""
    waiting, served, _ = counted(record, minute, len(windows), len(lists))
    return [
        {name: n for name, n in zip(names, numbers, strict=True) if n}
        for names, numbers in ((lists, waiting), (windows, served))
    ]


def test_a_day_of_the_programs_own_log_counts_as_its_journal_does(tmp_path: Path) -> None:
    """At every minute of both days, by list and by window."""
    path = tmp_path / "log.csv"
    tables = write_own_log(BUSY, 3, path)
    log = ticket_log(event_rows(csv_cells(path.read_bytes(), "log.csv", [])))
    names = tables.plan.names
    for number, day in enumerate(logged_dates(log)):
        lived, logged = day_record(tables, number), logged_day(log, day)
        assert len(logged.record.tickets.case) == len(lived.tickets.case) > 100
        most = 0
        for minute in range(24 * 60):
            in_log = by_name(logged.record, minute, [*logged.lists], [*logged.windows])
            in_hall = by_name(lived, minute, [*names.lists], [*names.windows])
            assert in_log == in_hall, (number, minute)
            most = max(most, sum(in_hall[0].values()))  # type: ignore[attr-defined]
        assert most > 5, "somebody waits"


def log_counts(log: TicketLog, instant: int) -> list[list[int]]:
    """Waiting by list and at work by window, one ticket of the log after another."""
    t, details = log.tickets, log.details
    waiting, served = [0] * len(log.names.matters), [0] * len(log.names.windows)
    service = details.service[details.service >= 0]
    usual = int(np.median(service))
    for row in range(len(log)):
        called, ended = int(t.called_at[row]), int(t.ended_at[row])
        if called >= 0 and ended < called:
            ended = called + (usual if details.outcome[row] < 0 or t.fate[row] == 1 else 0)
        until = called if called >= 0 else ended
        if t.arrived_at[row] <= instant < until:
            waiting[t.matter[row]] += 1
        if 0 <= called <= instant < ended:
            served[t.window[row]] += 1
    return [waiting, served]


def test_counts_of_every_minute_are_the_logs() -> None:
    """The made log, day by day: people are missed and give up in it."""
    log = made_log()
    for number in (0, 1, 9):
        day = log.first_date + timedelta(days=number)
        if day not in logged_dates(log):
            continue
        logged = logged_day(log, day)
        assert logged.lists == log.names.matters
        order = [logged.windows.index(name) for name in log.names.windows]
        for minute in range(8 * 60, 18 * 60, 7):
            waiting, served, _ = counted(logged.record, minute, len(order), len(logged.lists))
            instant = number * DAY + minute * MINUTE
            assert [waiting, [served[n] for n in order]] == log_counts(log, instant), minute


def test_the_busiest_date_is_the_first() -> None:
    log = made_log()
    counts = [len(logged_day(log, day).record.tickets.case) for day in logged_dates(log)]
    assert logged_day(log, busiest_date(log)).record.tickets.case.size == max(counts)


def test_without_names_of_windows_services_at_one_time_stand_beside_each_other() -> None:
    log = rows(
        taken=["2025-03-03 09:00", "2025-03-03 09:01", "2025-03-03 09:02"],
        called=["2025-03-03 09:00", "2025-03-03 09:01", "2025-03-03 09:10"],
        ended=["2025-03-03 09:10", "2025-03-03 09:20", "2025-03-03 09:15"],
    )
    logged = logged_day(log, DAY_OF)
    assert not logged.names_windows
    assert logged.record.tickets.window.tolist() == [0, 1, 0]
    assert logged.windows == ("1", "2")
    assert logged.groups[0].windows == (0, 1)


def test_who_was_neither_called_nor_left_is_told_and_not_shown() -> None:
    log = rows(
        taken=["2025-03-03 09:00", "2025-03-03 09:01", "2025-03-03 09:02"],
        called=["2025-03-03 09:05", "", ""],
        ended=["2025-03-03 09:10", "", "2025-03-03 09:30"],
    )
    logged = logged_day(log, DAY_OF)
    assert logged.n_unplaced == 1
    assert logged.record.tickets.ended.tolist() == [9 * 3600 + 600, 9 * 3600 + 1800]


def test_a_service_without_an_end_lasts_as_long_as_the_median_one() -> None:
    log = rows(
        taken=["2025-03-03 09:00"] * 3,
        called=["2025-03-03 09:00", "2025-03-03 09:10", "2025-03-03 09:20"],
        ended=["2025-03-03 09:08", "2025-03-03 09:18", ""],
        window=["1", "1", "1"],
    )
    logged = logged_day(log, DAY_OF)
    assert logged.n_endless == 1
    assert logged.record.tickets.ended.tolist()[-1] == 9 * 3600 + 28 * 60


def test_without_any_end_people_leave_at_their_call() -> None:
    log = rows(taken=["2025-03-03 09:00"], called=["2025-03-03 09:05"], window=["1"])
    logged = logged_day(log, DAY_OF)
    assert not logged.has_services
    assert logged.record.tickets.ended.tolist() == logged.record.tickets.called.tolist()
    assert logged.n_endless == 0


def test_a_log_of_hours_is_played_and_says_so() -> None:
    log = hour_log(np.random.default_rng(1))
    logged = logged_day(log, busiest_date(log))
    tickets = logged.record.tickets
    assert logged.has_hours_only
    assert len(tickets.case) == 70
    waits = np.sort(np.asarray(log.details.wait[log.day == 0]))
    assert np.abs(np.sort(tickets.called - tickets.came) - waits / 1000).max() <= 1


def of_two_halls(log: TicketLog) -> TicketLog:
    names = LogNames(*log.names)._replace(places=("north", "south"))
    return replace(log, names=names)


@pytest.mark.parametrize(
    ("log", "day", "code"),
    [
        (rows(taken=["2025-03-03 09:00"]), DAY_OF, "log_day_no_calls"),
        (rows(taken=["2025-03-03 09:00"]), date(2025, 3, 4), "log_day_none"),
        (of_two_halls(rows(taken=["2025-03-03 09:00"])), DAY_OF, "log_day_places"),
    ],
)
def test_what_cannot_be_played_is_told(log: TicketLog, day: date, code: str) -> None:
    with pytest.raises(OptionError) as raised:
        logged_day(log, day)
    assert [problem.code for problem in raised.value.problems] == [code]


def test_every_list_and_window_stands_in_one_group() -> None:
    for log in (made_log(), hour_log(np.random.default_rng(2))):
        logged: LoggedDay = logged_day(log, busiest_date(log))
        lists = [each for group in logged.groups for each in group.lists]
        windows = [each for group in logged.groups for each in group.windows]
        assert sorted(lists) == list(range(len(logged.lists)))
        assert sorted(windows) == list(range(len(logged.windows)))
