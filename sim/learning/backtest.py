"""A model held against days that it has not seen: how far off, and what may it decide?

It learns clerks, works and who is called first from the days before a date, and predicts the waits
of the days after, given who came or the calendar alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np

from sim.clock import BEIJING, MINUTE
from sim.learning.drift import Drift, drifts
from sim.learning.log_people import LogPeople
from sim.learning.naive_waits import NaiveForecast, naive_forecasts
from sim.learning.replayed_hall import dated_levels
from sim.learning.staffing_rule import StaffingRule
from sim.learning.ticket_log import TicketLog
from sim.learning.wait_figures import WaitFigures, wait_figures
from sim.learning.wait_model import Forecast, ForecastKind, WaitModel
from sim.learning.wait_runs import Waits, cell_means
from sim.scenario.scenario import Scenario

KINDS: tuple[ForecastKind, ...] = ("arrivals", "calendar", "roster")
VerdictKind = Literal["level", "hours", "weeks", "days"]
ImprovedBy = Literal["roster", "bookings", "nothing"]
"""Clerks by date known before; who comes known before; neither takes anything from the error."""


class Spread(NamedTuple):
    """How much weeks differ among themselves, in minutes."""

    week_sd: float
    week_change: float
    """From one week to the next, up or down, in the mean."""
    by_chance: float
    """Minutes by which the mean of the weeks after may differ from that of the weeks before, as
    weeks differ: two standard errors."""


class Judged(NamedTuple):
    """Whether the model may be used for something."""

    kind: VerdictKind
    holds: bool
    error: float
    """Minutes."""
    bar: float
    """Which it must not exceed."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """A model that learned until a date, and the days after.

    Attributes
    ----------
    people : LogPeople
        Of all days.
    learn_until : date
        The last day that the model saw.
    n_train, n_test : int
        Days with people before and after.
    observed : WaitFigures
        Of the days after.
    rule : StaffingRule
    factor : float
        On the rule's clerks, such that the mean wait of the weeks learned from comes out.
    forecasts : tuple of Forecast
    naive : tuple of NaiveForecast
    spread : Spread
        Of the days before the date.
    drifts : tuple of Drift
    verdicts : tuple of Judged
    improves : str
        What would take most from the error of days.
    scenario : Scenario
        Given who came.
    """

    people: LogPeople
    learn_until: date
    n_train: int
    n_test: int
    observed: WaitFigures
    rule: StaffingRule
    factor: float
    forecasts: tuple[Forecast, ...]
    naive: tuple[NaiveForecast, ...]
    spread: Spread
    drifts: tuple[Drift, ...]
    verdicts: tuple[Judged, ...]
    improves: ImprovedBy
    scenario: Scenario

    def forecast(self, kind: ForecastKind) -> Forecast:
        """The one of a kind."""
        return next(each for each in self.forecasts if each.kind == kind)


def backtest_log(
    log: TicketLog,
    learn_until: date | None = None,
    title: str = "log",
    time_zone: str = BEIJING,
) -> Backtest:
    """Learn from the days up to a date, and predict those after.

    Parameters
    ----------
    learn_until
        The last day that is learned from; None = at two thirds of the log's dates.

    Raises
    ------
    OptionError
        `backtest_days` where too few days are on either side; as `replayable`.
    ScenarioError
        `log_memory` where this machine has no memory for so many people.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> assert isinstance(log, TicketLog)
    >>> backtest = backtest_log(log, date(2025, 3, 20))
    >>> backtest.n_train, backtest.n_test, [each.kind for each in backtest.forecasts]
    (14, 6, ['arrivals', 'calendar', 'roster'])
    """
    if learn_until is None:
        learn_until = log.first_date + timedelta(days=2 * log.n_days // 3)
    model = WaitModel(log, learn_until, title, time_zone)
    forecasts = tuple(model.forecast(kind) for kind in KINDS)
    naive = _naive(model)
    spread = _spread(model)
    people = model.people
    test = model.among(model.test_days)
    level = dated_levels(model.staffing, people.n_days)[0]
    return Backtest(
        people=people,
        learn_until=learn_until,
        n_train=len(model.train_days),
        n_test=len(model.test_days),
        observed=wait_figures(test.wait / MINUTE),
        rule=model.rule,
        factor=model.factor,
        forecasts=forecasts,
        naive=naive,
        spread=spread,
        drifts=tuple(drifts(people, level.sum(axis=(0, 2)) / 2, model.n_before)),
        verdicts=_verdicts(forecasts, naive, spread),
        improves=_improves(forecasts),
        scenario=model.crowd.scenario,
    )


def _naive(model: WaitModel) -> tuple[NaiveForecast, ...]:
    """Forecasts of the days after the date that need no model."""
    people = model.people
    counts = np.bincount(people.day, minlength=people.n_days)
    sums = np.bincount(people.day, weights=people.wait / MINUTE, minlength=people.n_days)
    days = np.concatenate([model.train_days, model.test_days])
    return naive_forecasts(
        sums[days] / counts[days],
        counts[days],
        days,
        people.first_date.weekday(),
        len(model.train_days),
        model.erlang_waits(),
    )


def _spread(model: WaitModel) -> Spread:
    """How much the weeks before the date differ."""
    people = model.among(model.train_days)
    waits = Waits(people.arrived_at, people.group, people.wait / MINUTE)
    means = cell_means(waits, people.first_date)
    weeks = np.array([cell.mean for (by, _), cell in means.items() if by == "week"])
    if len(weeks) < 2:
        return Spread(np.nan, np.nan, np.nan)
    sd = float(weeks.std(ddof=1))
    first_weekday = people.first_date.weekday()
    n_test = len(np.unique((model.test_days + first_weekday) // 7))
    by_chance = 2 * sd * float(np.sqrt(1 / n_test + 1 / len(weeks)))
    return Spread(sd, float(np.abs(np.diff(weeks)).mean()), by_chance)


# === what it is good for === #


def _verdicts(
    forecasts: Sequence[Forecast], naive: Sequence[NaiveForecast], spread: Spread
) -> tuple[Judged, ...]:
    """Held against how much weeks differ, and against what needs no model."""
    by_kind = {each.kind: each for each in forecasts}
    of_arrivals = by_kind["arrivals"]
    calendar = by_kind["calendar"]
    bar = spread.by_chance
    weeks_bar = min(each.by_week for each in naive if not each.saw_waits)
    days_bar = min(each.by_day for each in naive)
    level, hours, days = (
        abs(of_arrivals.errors.mean),
        of_arrivals.errors.by_hour,
        calendar.errors.by_day,
    )
    return (
        Judged("level", level <= bar, level, bar),
        Judged("hours", hours <= bar, hours, bar),
        Judged("weeks", calendar.by_week < weeks_bar, calendar.by_week, weeks_bar),
        Judged("days", days < days_bar, days, days_bar),
    )


def _improves(forecasts: Sequence[Forecast]) -> ImprovedBy:
    """What would take most from the error of days, if it were known before."""
    by_day = {each.kind: each.errors.by_day for each in forecasts}
    roster = by_day["arrivals"] - by_day["roster"]
    bookings = by_day["calendar"] - by_day["arrivals"]
    if max(roster, bookings) <= 0:
        return "nothing"
    return "roster" if roster >= bookings else "bookings"
