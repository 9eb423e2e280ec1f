"""A replay of the program's own log is what happened; levers move the same people."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim import Tables, compile_plan, draw_tape, example_path, load_scenario, run
from sim.clock import DAY, HOUR, MINUTE
from sim.errors import OptionError
from sim.learning.event_log import event_rows
from sim.learning.learned import read_log
from sim.learning.log_people import log_people
from sim.learning.log_replay import LogReplay, replay_log
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.results.eventlog import write_log
from sim.scenario.edit import with_overrides
from sim.scenario.tables import csv_cells
from tests.learning.made_log import FILE
from tests.learning.test_reading import SHARED
from tests.learning.test_staffing import HALL, log_of

OTHER_LAYOUT: Final = (
    '{"name": "Two", "windows": [{"id": "desks", "serves": ["matter_1", "matter_2"],'
    ' "clerks": {"08:30-16:30": 4}}]}'
)
MONDAY: Final = 20_150
"""Days since 1970."""


def made_log() -> TicketLog:
    log = read_log(FILE).log
    assert isinstance(log, TicketLog)
    return log


def hour_log(rng: np.random.Generator, desks: int = 2, days: int = 10) -> TicketLog:
    """Hours only, served people only, two lists; who is of the first is called first."""
    rows = LogRows(0)
    taken, lists, wait, service = list[int](), list[int](), list[int](), list[int]()
    for day in range(days):
        at = np.sort(rng.integers(9 * HOUR, 13 * HOUR, 70))
        first = rng.random(70) < 0.2
        work = rng.gamma(2, 3.2 * MINUTE, 70).astype(np.int64) + MINUTE
        free = [9 * HOUR] * desks
        waiting = list(range(70))
        called = np.zeros(70, np.int64)
        while waiting:
            desk = int(np.argmin(free))
            now = max(free[desk], min(int(at[n]) for n in waiting))
            there = [n for n in waiting if at[n] <= now]
            chosen = min(there, key=lambda n: (not first[n], n))
            called[chosen] = now
            free[desk] = now + int(work[chosen])
            waiting.remove(chosen)
        order = np.lexsort((at, ~first, at // HOUR))
        taken += [(MONDAY + day) * DAY + int(at[n]) // HOUR * HOUR for n in order]
        lists += [int(not first[n]) for n in order]
        wait += [int(called[n] - at[n]) for n in order]
        service += [int(work[n]) for n in order]
    rows = LogRows(len(taken))
    rows.columns["taken"] = np.array(taken)
    rows.columns["list_"] = np.array(lists)
    rows.names["list_"] = ("first", "others")
    rows.columns["wait"] = np.array(wait)
    rows.columns["service"] = np.array(service)
    rows.grain = HOUR
    return ticket_log(rows)


def test_the_programs_own_log_comes_again(tmp_path: Path) -> None:
    roster = "{08:30-10:00: 2, 10:00-12:00: 4, 12:00-13:30: 1, 13:30-16:30: 3}"
    replay = replay_log(log_of(HALL.replace("ROSTER", roster), tmp_path))
    assert replay.factor == 1
    assert replay.observed.mean > 10
    assert replay.errors.mean == pytest.approx(0, abs=0.02 * replay.observed.mean)
    assert replay.errors.day_correlation > 0.99
    assert replay.unexplained < 0.05 * replay.observed.mean
    assert replay.n_unserved == 0


def test_a_log_of_hours_comes_again_by_its_order() -> None:
    log = hour_log(np.random.default_rng(3))
    people = log_people(log)
    assert people is not None
    assert [set(people.rank[people.matter == n].tolist()) for n in (0, 1)] == [{0}, {2}]
    replay = replay_log(log)
    assert replay.staffing.how == "overlap"
    assert replay.errors.mean == pytest.approx(0, abs=0.05 * replay.observed.mean)
    assert replay.errors.by_hour < 0.1 * replay.observed.mean
    assert replay.errors.day_correlation > 0.97


def test_who_comes_within_an_hour_is_called_in_the_order_of_rows() -> None:
    people = log_people(hour_log(np.random.default_rng(4)))
    assert people is not None
    for matter in (0, 1):
        here = people.matter == matter
        assert (np.diff(people.arrived_at[here]) >= 0).all()
        assert np.mean(np.diff((people.arrived_at + people.wait)[here]) >= -MINUTE) > 0.97


def test_more_clerks_on_a_date_move_that_date_alone() -> None:
    plain = replay_log(made_log())
    lever = "desks=2@2025-03-05 08:30-16:30"
    replay = replay_log(made_log(), more_clerks=[lever])
    assert replay.simulated == plain.simulated
    assert replay.changed is not None
    on_day = [cell for cell in replay.cells if cell.by == "day" and cell.key == 2]
    fewer = on_day[0].simulated * on_day[0].n / replay.observed.n
    assert -fewer <= replay.changed.difference.mean < 0
    assert replay.changed.n_later == 0


def test_nothing_changed_changes_nothing() -> None:
    replay = replay_log(made_log(), overrides=["hall.last_ticket=1 min"])
    assert replay.changed is not None
    assert replay.changed.difference.mean == 0
    assert replay.changed.figures == replay.simulated


def test_another_layout_is_compared_with_the_hall_as_it_was() -> None:
    replay = replay_log(made_log(), overrides=[f"layouts.two={OTHER_LAYOUT}"], layout="two")
    assert replay.changed is not None
    assert replay.changed.difference.mean < 0
    assert replay.changed.n_later == 0


def test_dates_cut_the_replay() -> None:
    day = date(2025, 3, 6)
    replay = replay_log(made_log(), days=(day, day))
    whole = replay_log(made_log())
    [cell] = [cell for cell in replay.cells if cell.by == "day"]
    assert replay.days == (day, day)
    assert cell[:5] == next(each for each in whole.cells if each[:2] == ("day", cell.key))[:5]


def test_the_scenario_is_one_that_others_can_change() -> None:
    replay = replay_log(made_log())
    changed = with_overrides(replay.scenario, ["layouts.as_it_was.calling.rule=longest_list"])
    assert changed.hash != replay.scenario.hash


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"more_clerks": ["desks=2"]}, "more_clerks"),
        ({"more_clerks": ["desk=2@10:00-11:00"]}, "unknown_pool"),
        ({"days": (date(2026, 1, 1), None)}, "replay_no_day"),
        ({"layout": "other"}, "unknown_layout"),
        (
            {
                "overrides": [f"layouts.two={OTHER_LAYOUT}"],
                "layout": "two",
                "more_clerks": ["desks=1@10:00-11:00"],
            },
            "more_clerks_layout",
        ),
        ({"overrides": ["demand.log.arrivals_file=x.csv"]}, ""),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], code: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        replay_log(made_log(), **options)  # type: ignore[arg-type]
    problems = getattr(caught.value, "problems", ())
    assert problems
    assert not code or [problem.code for problem in problems] == [code]


def test_a_log_without_waits_or_services_is_refused() -> None:
    rows = LogRows(30)
    rows.columns["taken"] = MONDAY * DAY + np.arange(30) * HOUR // 4
    with pytest.raises(OptionError) as caught:
        replay_log(ticket_log(rows))
    assert caught.value.problems[0].code == "replay_no_services"
    rows.columns["service"] = np.full(30, 9 * MINUTE)
    rows.grain = HOUR
    with pytest.raises(OptionError) as caught:
        replay_log(ticket_log(rows))
    assert caught.value.problems[0].code == "replay_no_waits"


def rubi() -> TicketLog:
    """The citizens' office of Rubí in 2025, where its file is at hand: it does not ship."""
    file = SHARED / "rubi_oac_visits_2025-01_2025-09.csv.gz"
    if not file.exists():
        pytest.skip("the log is not here")
    hall = LogHall("none", "Europe/Madrid", "OAC")
    log = read_log(file, hall=hall, chosen={"short_service": "kept"}).log
    assert isinstance(log, TicketLog)
    return log


def test_nine_months_of_a_real_office_come_again() -> None:
    replay: LogReplay = replay_log(rubi(), time_zone="Europe/Madrid")
    assert abs(replay.errors.mean) <= 0.6
    assert replay.errors.by_hour <= 0.6
    assert replay.errors.by_month <= 0.8
    assert replay.errors.day_correlation >= 0.98
    assert abs(replay.factor - 1) <= 0.02


def test_a_hall_that_never_closes_comes_again(tmp_path: Path) -> None:
    hall = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=3"])
    plan = compile_plan(hall, "hall")
    tape = draw_tape(plan.demand, 1, 0)
    path = tmp_path / "log.csv"
    write_log(Tables(plan, tape, run(plan, tape, "reference")), path)
    replay = replay_log(ticket_log(event_rows(csv_cells(path.read_bytes(), "log.csv", []))))
    assert replay.errors.mean == pytest.approx(0, abs=0.05 * replay.observed.mean)
