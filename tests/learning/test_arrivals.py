"""What is drawn from known arrivals comes back: intervals hold the truth as often as they say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sim.arrays import Floats
from sim.clock import DAY, MINUTE
from sim.learning.arrivals import ArrivalFit, fit_arrivals
from sim.learning.event_log import event_rows
from sim.learning.learned import read_log
from sim.learning.log_rows import LogRows
from sim.learning.log_tickets import ticket_log
from sim.learning.ticket_log import TicketLog
from sim.results.eventlog import write_log
from sim.scenario.tables import csv_cells
from tests.learning.made_log import FILE, made_tables

MONDAY: Final = int(np.datetime64("2024-01-01").astype(np.int64))
"""A Monday; no holidays are kept."""
WEEK: Final = np.array([120.0, 100.0, 90.0, 95.0, 110.0, 0.0, 0.0])
SHAPE: Final = np.array([0.1, 0.3, 0.25, 0.05, 0.2, 0.1])
"""Shares of half hours from 9 o'clock."""


def drawn_log(rng: np.random.Generator, weeks: int, cv: float, season: Floats) -> TicketLog:
    """Weekdays, months and a gamma day factor; Poisson numbers; half hours by their shares."""
    days = np.arange(7 * weeks)
    months = (MONDAY + days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    factor = rng.gamma(1 / cv**2, cv**2, len(days)) if cv else np.ones(len(days))
    counts = rng.poisson(WEEK[days % 7] * season[months] * factor)
    day = np.repeat(days, counts)
    slot = rng.choice(len(SHAPE), len(day), p=SHAPE)
    within = rng.integers(0, 30 * MINUTE, len(day))
    rows = LogRows(len(day))
    rows.columns["taken"] = (MONDAY + day) * DAY + (18 + slot) * 30 * MINUTE + within
    return ticket_log(rows)


def fitted(log: TicketLog) -> ArrivalFit:
    fit = fit_arrivals(log, "none")
    assert fit is not None
    return fit


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    fits = [fitted(drawn_log(rng, 26, 0.2, np.ones(12))) for _ in range(60)]
    weekdays = [
        w.per_day.low <= WEEK[w.weekday] <= w.per_day.high for f in fits for w in f.weekdays
    ]
    slots = [
        s.share.low <= share <= s.share.high
        for f in fits
        for s, share in zip(f.slots, SHAPE, strict=True)
    ]
    factors = [f.day_factor_cv.low <= 0.2 <= f.day_factor_cv.high for f in fits]
    assert len(weekdays) == 300
    assert np.mean(weekdays) > 0.91
    assert np.mean(slots) > 0.91
    assert np.mean(factors) > 0.8  # resampled spreads are a little short
    assert np.mean([f.day_factor_cv.mean for f in fits]) == pytest.approx(0.2, abs=0.01)


def test_days_that_differ_by_chance_alone_have_no_factor() -> None:
    rng = np.random.default_rng(6)
    fits = [fitted(drawn_log(rng, 26, 0.0, np.ones(12))) for _ in range(40)]
    assert np.mean([f.day_factor_cv.low == 0 for f in fits]) > 0.9
    assert max(f.day_factor_cv.mean for f in fits) < 0.07


def test_a_season_is_told_from_days() -> None:
    season = np.where(np.arange(12) < 6, 1.3, 0.7)
    fit = fitted(drawn_log(np.random.default_rng(7), 52, 0.1, season))
    for month, factor in fit.months:
        assert factor.mean == pytest.approx(season[month - 1], abs=0.1)
    assert 0.05 < fit.day_factor_cv.mean < 0.15


def test_stale_rows_of_closed_days_count_no_day() -> None:
    log = drawn_log(np.random.default_rng(8), 8, 0.1, np.ones(12))
    n_days = fitted(log).n_days
    rows = LogRows(len(log) + 3)
    sunday = (MONDAY + 6) * DAY + 10 * 60 * MINUTE
    origin = log.first_date.toordinal() - 719163
    rows.columns["taken"][3:] = log.tickets.taken_at + origin * DAY
    rows.columns["taken"][:3] = sunday
    fit = fitted(ticket_log(rows))
    assert (fit.n_days, fit.n_left_out) == (n_days, 1)


def test_few_days_say_nothing() -> None:
    log = drawn_log(np.random.default_rng(9), 1, 0.1, np.ones(12))
    assert fit_arrivals(log, "none") is not None
    rows = LogRows(1)
    rows.columns["taken"][:] = MONDAY * DAY
    assert fit_arrivals(ticket_log(rows), "none") is None


def test_of_the_programs_own_log_parameters_come_back(tmp_path: Path) -> None:
    """Ninety people a day come for the first time, with a day factor of 0.1; others come again."""
    path = tmp_path / "log.csv"
    write_log(made_tables(days=60, seed=2), path)
    rows = event_rows(csv_cells(path.read_bytes(), "log.csv", []))
    rows.is_there &= rows["trip"] == 1
    fit = fitted(ticket_log(rows))
    days = [weekday.per_day.n for weekday in fit.weekdays]
    per_day = np.average([weekday.per_day.mean for weekday in fit.weekdays], weights=days)
    assert sum(days) == 60
    assert per_day == pytest.approx(90, abs=4.5)
    assert fit.day_factor_cv.low <= 0.1 <= fit.day_factor_cv.high


def test_the_log_that_ships_has_its_arrivals() -> None:
    fit = read_log(FILE).arrivals
    assert fit is not None
    assert [w.weekday for w in fit.weekdays] == [0, 1, 2, 3, 4]
    busiest = max(fit.slots, key=lambda slot: slot.share.mean)
    assert busiest.begin // MINUTE in (600, 630, 660)
