"""Queues as displays show them, predicted day by day by a scenario that was learned before.

What `govhall learn` makes of the snapshots until a date runs over the dates after it, and the
number of people who wait is held against the display, half hour by half hour (DESIGN §9.12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Bools, Floats, Ints
from sim.clock import DAY
from sim.errors import OptionError, Problem
from sim.learning.learned import LearnedLog
from sim.learning.learned_file import learned_file
from sim.learning.learned_scenario import learned_scenario
from sim.learning.naive_waits import LAST_DAYS
from sim.learning.queue_runs import (
    ShownQueues,
    forecast_scenario,
    queue_of_matter,
    queue_runs,
    shown_queues,
    stand_in_dates,
)
from sim.learning.snapshot_fit import fit_snapshots
from sim.learning.snapshots import HALF_HOUR
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.learning.wait_figures import WaitCell, WaitFigures, wait_figures
from sim.learning.wait_runs import Waits, forecast_cells
from sim.scenario.scenario import Scenario

FEWEST_TEST: Final = 2
"""Days after the date."""
STATED: Final = 0.9
"""Coverage of a range between the extremes of nineteen runs."""
NEAR: Final = 0.1
"""By which the share of half hours within their ranges may be off what is stated."""

QueueForecastKind = Literal["model", "last_period", "last_days"]
"""The scenario; this weekday in as long a time before; the mean of the five days before."""
QueueVerdictKind = Literal["level", "slots", "days", "ranges"]


class _PredictedQueues(NamedTuple):
    """One run, or a forecast without a model, on the days after the date."""

    waiting: Floats
    """float64, shape (queues, days, slots)."""
    wait: Floats
    """float64, shape (days,): mean minutes."""


class QueueForecast(NamedTuple):
    """How far a forecast is off on the days after the date."""

    kind: QueueForecastKind
    mean: float
    """People waiting in a queue, less those that the display shows; mean of all half hours."""
    by_slot: float
    """The same of each half hour of each day and queue, up or down."""
    by_day: float
    """Of all queues together, the mean of a day, up or down."""
    wait_by_day: float
    """Minutes by which a day's mean wait is off what the display implies, up or down."""
    slot_coverage: float
    """Share of half hours of days and queues within nine of ten runs; nan = no ranges."""
    day_coverage: float


class QueueVerdict(NamedTuple):
    """Whether the forecast may be used for something."""

    kind: QueueVerdictKind
    holds: bool
    error: float
    bar: float
    """Which it must not exceed; of ranges, the coverage that they state."""


class QueueSlot(NamedTuple):
    """People waiting in one queue in one half hour of a day, means over it."""

    queue: str
    day: date
    begin: int
    """Ticks after midnight."""
    observed: float
    simulated: float
    low: float
    high: float
    last_period: float
    last_days: float


class QueueDate(NamedTuple):
    """People waiting in all queues together, mean of the half hours of a day."""

    day: date
    observed: float
    simulated: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class QueueBacktest:
    """A scenario that was learned from snapshots until a date, and the days after.

    Attributes
    ----------
    first_date : date
        Day 0 of the cells.
    learn_until : date
    n_train, n_test : int
        Open days before and after.
    queues : tuple of str
        Those whose pace the days before tell.
    observed : float
        People waiting in all queues together, mean of the days after.
    waits : WaitFigures
        Of these days, in minutes, as the display implies them.
    cells : tuple of WaitCell
        Waits of these days by hour, date and so on, beside the nineteen runs.
    forecasts : tuple of QueueForecast
    verdicts : tuple of QueueVerdict
    days : tuple of QueueDate
    slots : tuple of QueueSlot
    scenario : Scenario
    """

    first_date: date
    learn_until: date
    n_train: int
    n_test: int
    queues: tuple[str, ...]
    observed: float
    waits: WaitFigures
    cells: tuple[WaitCell, ...]
    forecasts: tuple[QueueForecast, ...]
    verdicts: tuple[QueueVerdict, ...]
    days: tuple[QueueDate, ...]
    slots: tuple[QueueSlot, ...]
    scenario: Scenario


def backtest_snapshots(
    learned: LearnedLog,
    learn_until: date | None = None,
    title: str = "log",
    hall: LogHall = LogHall(),
) -> QueueBacktest:
    """Learn from the snapshots up to a date, and predict the queues of the days after.

    Parameters
    ----------
    learned
        Of snapshots of one office.
    learn_until
        The last day that is learned from; None = at two thirds of the dates.
    hall
        Calendar and time zone with which they were read.

    Raises
    ------
    OptionError
        `backtest_days` where too few days are on either side.
    ScenarioError
        As `learned_scenario`, where the days before tell too little.
    """
    fit = learned.snapshots
    assert fit is not None  # a caller's duty, as is the next
    assert isinstance(learned.log, TicketLog)
    if learn_until is None:
        learn_until = learned.log.first_date + timedelta(days=2 * learned.log.n_days // 3)
    before = fit_snapshots(fit.table.until(learn_until), hall.holidays)
    if before is None or before.arrivals is None:
        last = learned.log.first_date + timedelta(days=learned.log.n_days - 1)
        dates = f"{learned.log.first_date} – {last}"
        raise OptionError(Problem("backtest_days", "--learn-until", found=dates))
    model = replace(
        learned,
        log=before.log,
        arrivals=before.arrivals,
        staffing=before.staffing,
        services=before.services,
        snapshots=before.fit,
    )
    names = before.log.names.lists or ("",)
    held = shown_queues(learned, names, hall)
    is_test = np.array([day > learn_until for day in held.days])
    n_train, n_test = int((~is_test).sum()), int(is_test.sum())
    if n_test < FEWEST_TEST:
        dates = f"{held.days[0]} – {held.days[-1]}"
        raise OptionError(Problem("backtest_days", "--learn-until", found=dates))
    factor = learned_file(model, title, hall).factor
    written = learned_scenario(model, title, hall, 1.0 if factor is None else factor.factor)
    test_days = [day for day, after in zip(held.days, is_test, strict=True) if after]
    stood_in = stand_in_dates(test_days, before, hall)
    scenario = forecast_scenario(written, stood_in)
    ids = [str(matter["id"]) for matter in written["matters"]]
    place = {id_: queue_of_matter(id_, written, names) for id_ in ids}
    day_numbers = [(day - held.days[0]).days for day in test_days]
    runs = list(queue_runs(scenario, stood_in, day_numbers, place, len(names)))
    return _backtest(learn_until, n_train, held, is_test, runs, names, scenario)


# === one beside the other === #


def _backtest(
    learn_until: date,
    n_train: int,
    held: ShownQueues,
    is_test: Bools,
    runs: Sequence[tuple[Floats, Waits]],
    names: Sequence[str],
    scenario: Scenario,
) -> QueueBacktest:
    naive = _naive(held, is_test)
    observed = held.waiting[:, is_test]
    simulated = np.stack([waiting for waiting, _ in runs])
    # half hours in which anybody waits, in the display before or after the date or in a run
    busy = (np.nan_to_num(held.waiting).max(axis=(1,)) > 0) | (simulated.max(axis=(0, 2)) > 0)
    use = busy[:, None, :] & np.isfinite(observed)
    mean = simulated.mean(axis=0)
    low, high = simulated.min(axis=0), simulated.max(axis=0)
    inside = (low <= observed) & (observed <= high)
    day_sums = np.stack([_day_means(each, use) for each in simulated])
    day_seen = _day_means(observed, use)
    of_day = (day_sums.min(axis=0) <= day_seen) & (day_seen <= day_sums.max(axis=0))
    days = tuple(day for day, after in zip(held.days, is_test, strict=True) if after)
    begin = (days[0] - held.days[0]).days * DAY
    is_later = held.people.arrived_at >= begin
    of_all = held.people
    people = Waits(of_all.arrived_at[is_later], of_all.group[is_later], of_all.minutes[is_later])
    cells = forecast_cells(people, [waits for _, waits in runs], held.days[0])
    wait = held.wait[is_test]
    of_cells = np.array([cell.simulated for cell in cells if cell.by == "day"])
    forecasts = [
        _forecast("model", _PredictedQueues(mean, of_cells), observed, wait, use)._replace(
            slot_coverage=float(inside[use].mean()), day_coverage=float(of_day.mean())
        ),
        *(_forecast(kind, each, observed, wait, use) for kind, each in naive.items()),
    ]
    columns = (day_seen, day_sums.mean(axis=0), day_sums.min(axis=0), day_sums.max(axis=0))
    tables = (observed, mean, low, high, *(each.waiting for each in naive.values()))
    return QueueBacktest(
        first_date=held.days[0],
        learn_until=learn_until,
        n_train=n_train,
        n_test=len(days),
        queues=tuple(names),
        observed=float(day_seen.mean()),
        waits=wait_figures(people.minutes),
        cells=cells,
        forecasts=tuple(forecasts),
        verdicts=_verdicts(forecasts, held, is_test, use),
        days=tuple(
            QueueDate(day, *(float(column[n]) for column in columns)) for n, day in enumerate(days)
        ),
        slots=tuple(
            QueueSlot(
                names[q], days[d], slot * HALF_HOUR, *(float(table[q, d, slot]) for table in tables)
            )
            for q, d, slot in np.argwhere(use).tolist()
        ),
        scenario=scenario,
    )


def _day_means(waiting: Floats, use: Bools) -> Floats:
    """float64, shape (days,): people waiting in all queues, mean of the half hours in use."""
    sums = np.where(use, np.nan_to_num(waiting), 0.0).sum(axis=(0, 2))
    n_slots = np.asarray(use.any(axis=0)).sum(axis=1)
    return np.asarray(sums / np.maximum(n_slots, 1))


def _naive(held: ShownQueues, is_test: Bools) -> dict[QueueForecastKind, _PredictedQueues]:
    """What needs no model: this weekday in the last period before, and the last five days."""
    n_test = int(is_test.sum())
    train = np.flatnonzero(~is_test)[-n_test:]
    weekday = np.array([day.weekday() for day in held.days])
    sources = {"last_period": list[Ints](), "last_days": list[Ints]()}
    for at in np.flatnonzero(is_test).tolist():
        alike = train[weekday[train] == weekday[at]]
        sources["last_period"].append(alike if len(alike) else train)
        sources["last_days"].append(np.arange(max(at - LAST_DAYS, 0), at))
    forecasts = dict[QueueForecastKind, _PredictedQueues]()
    kinds: tuple[QueueForecastKind, ...] = ("last_period", "last_days")
    waiting = np.nan_to_num(held.waiting)
    for kind in kinds:
        forecasts[kind] = _PredictedQueues(
            np.stack([waiting[:, source].mean(axis=1) for source in sources[kind]], axis=1),
            np.array([float(held.wait[source].mean()) for source in sources[kind]]),
        )
    return forecasts


def _forecast(
    kind: QueueForecastKind,
    forecast: _PredictedQueues,
    observed: Floats,
    observed_wait: Floats,
    use: Bools,
) -> QueueForecast:
    gap = (forecast.waiting - observed)[use]
    by_day = np.abs(_day_means(forecast.waiting, use) - _day_means(observed, use))
    return QueueForecast(
        kind=kind,
        mean=float(gap.mean()),
        by_slot=float(np.abs(gap).mean()),
        by_day=float(by_day.mean()),
        wait_by_day=float(np.abs(forecast.wait - observed_wait).mean()),
        slot_coverage=np.nan,
        day_coverage=np.nan,
    )


def _verdicts(
    forecasts: Sequence[QueueForecast], held: ShownQueues, is_test: Bools, use: Bools
) -> tuple[QueueVerdict, ...]:
    """The level against how much days differ; half hours and days against what needs no model."""
    model, *naive = forecasts
    before = np.nan_to_num(held.waiting[:, ~is_test])
    in_use = np.asarray(use.any(axis=1))
    of_day = np.where(in_use[:, None, :], before, 0.0).sum(axis=(0, 2))
    n_slots = max(int(in_use.sum()), 1)
    sd = float(of_day.std(ddof=1)) / n_slots
    level_bar = 2 * sd * float(np.sqrt(1 / is_test.sum() + 1 / (~is_test).sum()))
    slots_bar = min(each.by_slot for each in naive)
    days_bar = min(each.by_day for each in naive)
    coverage = model.slot_coverage
    return (
        QueueVerdict("level", abs(model.mean) <= level_bar, abs(model.mean), level_bar),
        QueueVerdict("slots", model.by_slot < slots_bar, model.by_slot, slots_bar),
        QueueVerdict("days", model.by_day < days_bar, model.by_day, days_bar),
        QueueVerdict("ranges", abs(coverage - STATED) <= NEAR, coverage, STATED),
    )
