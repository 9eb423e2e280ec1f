"""Held-out days are predicted from what was before them and from nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.clock import DAY, HOUR, MINUTE
from sim.errors import OptionError
from sim.learning.backtest import Backtest, backtest_log
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.ticket_log import TicketLog
from tests.learning.test_log_replay import MONDAY, made_log, rubi
from tests.learning.test_staffing import HALL, log_of

DAYS: Final = 60
CUT: Final = 40


def long_log(folder: Path, before: str, after: str) -> TicketLog:
    """A hall of sixty working days, whose roster is another one from the fortieth on."""
    text = HALL.replace("measured_days: 10", f"measured_days: {DAYS}")
    later = "2025-04-28 to 2025-07-01"
    roster = f"{{{before}, {', '.join(f'{later} mon-fri {row}' for row in after.split(', '))}}}"
    return log_of(text.replace("ROSTER", roster), folder)


def until(log: TicketLog) -> Backtest:
    return backtest_log(log, date(2025, 4, 25))


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    roster = "08:30-12:00: 3, 12:00-16:30: 2"
    return until(long_log(tmp_path_factory.mktemp("steady"), roster, roster))


def test_a_steady_hall_is_predicted(steady: Backtest) -> None:
    given = steady.forecast("arrivals")
    verdicts = {judged.kind: judged.holds for judged in steady.verdicts}
    assert verdicts["level"]
    assert verdicts["hours"]
    assert given.errors.day_correlation > 0.6
    assert given.errors.by_day < min(each.by_day for each in steady.naive)
    assert 0.9 < steady.factor < 1.1


def test_ranges_hold_about_as_many_days_as_they_say(steady: Backtest) -> None:
    assert steady.forecast("arrivals").errors.coverage > 0.7
    assert steady.forecast("calendar").errors.coverage > 0.7


def test_a_steady_hall_raises_no_alarm_of_clerks(steady: Backtest) -> None:
    assert not [drift for drift in steady.drifts if drift.kind in ("clerk_hours", "list_new")]


def test_fewer_clerks_after_the_date_raise_the_alarm(tmp_path: Path) -> None:
    before, after = "08:30-12:00: 4, 12:00-16:30: 3", "08:30-12:00: 3, 12:00-16:30: 2"
    backtest = until(long_log(tmp_path, before, after))
    [drift] = [drift for drift in backtest.drifts if drift.kind == "clerk_hours"]
    assert drift.after < drift.before
    assert backtest.forecast("arrivals").errors.mean < 0
    assert not backtest.verdicts[0].holds
    assert backtest.improves == "roster"


def hour_rows(seed: int, worse_from: int) -> TicketLog:
    """Thirty days of an office told by hours; waits from some day on are ten times as long."""
    rng = np.random.default_rng(seed)
    n, days = 60, 30
    day = np.repeat(np.arange(days), n)
    hour = np.sort(rng.integers(9, 13, (days, n)), axis=1).reshape(-1)
    wait = rng.integers(0, 40, days * n) * MINUTE
    service = rng.integers(4, 14, days * n) * MINUTE
    rows = LogRows(days * n)
    rows.columns["taken"] = (MONDAY + day) * DAY + hour * HOUR
    rows.columns["list_"] = np.asarray(rng.integers(0, 2, days * n))
    rows.names["list_"] = ("A", "B")
    rows.columns["wait"] = np.where(day >= worse_from, 10 * wait + MINUTE, wait)
    rows.columns["service"] = service
    rows.grain = HOUR
    return ticket_log(rows)


def test_waits_after_the_date_change_no_forecast() -> None:
    log, worse = hour_rows(1, 30), hour_rows(1, 20)
    cut = log.first_date + timedelta(days=19)
    first, second = backtest_log(log, cut), backtest_log(worse, cut)
    assert second.observed.mean > 5 * first.observed.mean
    for kind in ("arrivals", "calendar"):
        assert first.forecast(kind).figures == second.forecast(kind).figures
    assert first.factor == second.factor


def test_services_after_the_date_change_no_forecast_of_the_calendar() -> None:
    log = hour_rows(2, 30)
    cut = log.first_date + timedelta(days=19)
    rows = LogRows(len(log))
    rows.columns["taken"] = log.tickets.taken_at + MONDAY * DAY
    rows.columns["list_"] = log.tickets.list_.astype(np.int64)
    rows.names["list_"] = log.names.lists
    rows.columns["wait"] = log.details.wait.copy()
    longer = np.where(log.day >= 20, 3, 1)
    rows.columns["service"] = log.details.service * longer
    rows.rows = log.details.row.copy()
    rows.grain = HOUR
    changed = ticket_log(rows)
    first, second = backtest_log(log, cut), backtest_log(changed, cut)
    assert first.forecast("arrivals").figures == second.forecast("arrivals").figures
    services = [drift for drift in second.drifts if drift.kind == "service"]
    assert {drift.name for drift in services} == {"A", "B"}


def test_too_few_days_are_refused() -> None:
    for cut in (date(2025, 3, 5), date(2025, 3, 27)):
        with pytest.raises(OptionError) as caught:
            backtest_log(made_log(), cut)
        assert [problem.code for problem in caught.value.problems] == ["backtest_days"]


def test_of_a_real_office_the_level_is_predicted_and_no_single_day() -> None:
    backtest = backtest_log(rubi(), date(2025, 4, 30), time_zone="Europe/Madrid")
    verdicts = {judged.kind: judged.holds for judged in backtest.verdicts}
    assert verdicts == {"level": True, "hours": True, "weeks": False, "days": False}
    assert backtest.improves == "roster"
    assert "clerk_hours" in {drift.kind for drift in backtest.drifts}
    assert backtest.forecast("roster").errors.day_correlation > 0.75


def test_erlangs_formula_stands_beside_where_the_log_tells_patience() -> None:
    kinds = [each.kind for each in backtest_log(made_log(), date(2025, 3, 20)).naive]
    assert kinds == ["last_period", "last_days", "erlang"]
    log = hour_rows(3, 30)
    served_only = backtest_log(log, log.first_date + timedelta(days=19))
    assert [each.kind for each in served_only.naive] == ["last_period", "last_days"]
    assert [each.saw_waits for each in served_only.naive] == [False, True]


def test_nobody_serves_at_lunch_where_nobody_did(tmp_path: Path) -> None:
    roster = "08:30-12:00: 3, 13:00-16:30: 3"
    given = until(long_log(tmp_path, roster, roster)).forecast("arrivals")
    [noon] = [cell for cell in given.cells if (cell.by, cell.key) == ("hour", 12)]
    assert noon.observed > 20
    assert noon.simulated == pytest.approx(noon.observed, rel=0.25)


def test_a_log_of_one_person_a_day_with_a_pause_before_the_date_is_predicted() -> None:
    days = np.arange(30) + np.where(np.arange(30) >= 20, 120, 0)
    rows = LogRows(30)
    rows.columns["taken"] = (MONDAY + days) * DAY + 9 * HOUR
    rows.columns["called"] = rows["taken"] + 5 * MINUTE
    rows.columns["ended"] = rows["called"] + (5 + np.arange(30) % 7) * MINUTE
    log = ticket_log(rows)
    backtest = backtest_log(log, log.first_date + timedelta(days=139))
    assert (backtest.n_train, backtest.n_test) == (20, 10)
    assert np.isfinite(backtest.forecast("calendar").errors.mean)
