"""Waits of one group of people told two ways, as they were and as a model has them; in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.clock import DAY, HOUR

WITHIN: Final = 15.0
"""Minutes within which a call is in time."""
WaitCut = Literal["hour", "weekday", "week", "month", "group", "day"]
CELLS: Final[tuple[WaitCut, ...]] = ("hour", "weekday", "week", "month", "group", "day")


class WaitFigures(NamedTuple):
    """Waits of many people, in minutes."""

    n: int
    mean: float
    median: float
    p90: float
    within: float
    """Share called within a quarter of an hour."""


class WaitCell(NamedTuple):
    """The people of one hour of the day, date, month …, in minutes."""

    by: WaitCut
    key: int
    """Hour of the day; weekday from 0 = Monday; year · 100 + month; place of the group; days after
    the first date, of a week those of its Monday."""
    n: int
    observed: float
    simulated: float
    low: float
    """Between low and high the model has nine of ten such means; nan = it does not say."""
    high: float
    observed_p90: float
    """Nine of ten people waited no longer."""
    simulated_p90: float
    observed_within: float
    simulated_within: float


class WaitErrors(NamedTuple):
    """How far the model is off, in minutes."""

    mean: float
    """Simulated less observed."""
    by_hour: float
    """Mean of the absolute differences of hours of the day, each with its people as weight."""
    by_month: float
    by_day: float
    day_correlation: float
    """Of the days' mean waits, observed and simulated; nan with fewer than three days."""
    coverage: float
    """Share of days whose observed mean lies between low and high; nan = there are no bounds."""


def wait_figures(minutes: Floats) -> WaitFigures:
    """Mean, median, 90 % quantile, and the share in time.

    Examples
    --------
    >>> wait_figures(np.array([1.0, 2.0, 30.0]))[1:3], wait_figures(np.array([1.0, 20.0])).within
    ((11.0, 2.0), 0.5)
    """
    if not len(minutes):
        return WaitFigures(0, np.nan, np.nan, np.nan, np.nan)
    median, p90 = np.quantile(minutes, [0.5, 0.9]).tolist()
    within = float((minutes <= WITHIN).mean())
    return WaitFigures(len(minutes), float(minutes.mean()), median, p90, within)


def cell_keys(arrived_at: Ints, first_date: date, group: Ints) -> Iterator[tuple[WaitCut, Ints]]:
    """The key of each person in each way of cutting.

    Parameters
    ----------
    arrived_at
        Ticks since 00:00 of the first date.
    """
    day = arrived_at // DAY
    dates = np.datetime64(first_date) + day
    months = dates.astype("datetime64[M]").astype(np.int64)
    weekday = (first_date.weekday() + day) % 7
    yield "hour", arrived_at % DAY // HOUR
    yield "weekday", weekday
    yield "week", day - weekday
    yield "month", (1970 + months // 12) * 100 + months % 12 + 1
    yield "group", group
    yield "day", day


def wait_cells(
    arrived_at: Ints,
    first_date: date,
    group: Ints,
    observed: Floats,
    simulated: Floats,
    chance: Floats,
    bounded: tuple[WaitCut, ...] = CELLS,
) -> tuple[WaitCell, ...]:
    """The waits of each hour, weekday, month, group and date.

    Parameters
    ----------
    observed, simulated
        Minutes of each person.
    chance : ndarray(float64), shape (runs, people)
        Minutes in runs that differ by chance; nine of ten lie between their lowest and highest mean
        where there are nineteen. No runs = no bounds.
    bounded
        Cells that get bounds.
    """
    cells = []
    for by, key in cell_keys(arrived_at, first_date, group):
        keys, place, counts = np.unique(key, return_inverse=True, return_counts=True)
        shown, modelled, in_time, modelled_in_time = (
            np.bincount(place, weights=values) / counts
            for values in (observed, simulated, observed <= WITHIN, simulated <= WITHIN)
        )
        low = high = np.full(len(keys), np.nan)
        if len(chance) and by in bounded:
            means = np.stack([np.bincount(place, weights=row) / counts for row in chance])
            low, high = means.min(axis=0), means.max(axis=0)
        tails = (p90_of_cells(observed, place, counts), p90_of_cells(simulated, place, counts))
        columns = (keys, counts, shown, modelled, low, high, *tails, in_time, modelled_in_time)
        cells += [
            WaitCell(by, *row) for row in zip(*(column.tolist() for column in columns), strict=True)
        ]
    return tuple(cells)


def p90_of_cells(minutes: Floats, place: Ints, counts: Ints) -> Floats:
    """float64, shape (cells,): the wait that nine of ten people of each cell do not exceed.

    Parameters
    ----------
    place
        The cell of each person.
    counts
        People of each cell.

    Examples
    --------
    >>> p90_of_cells(np.arange(10.0), np.zeros(10, int), np.array([10])).tolist()
    [8.0]
    """
    order = np.lexsort((minutes, place))
    last = np.cumsum(counts) - counts + np.ceil(0.9 * counts).astype(np.int64) - 1
    return np.asarray(minutes[order][last])


def wait_errors(cells: tuple[WaitCell, ...]) -> WaitErrors:
    """How far simulated means are from observed ones.

    Examples
    --------
    >>> cell = WaitCell("day", 0, 5, 10.0, 12.0, 9.0, 13.0, 20.0, 21.0, 0.5, 0.5)
    >>> errors = wait_errors((cell, cell._replace(key=1, observed=14.0)))
    >>> errors.mean, errors.by_day, errors.coverage
    (0.0, 2.0, 0.5)
    """
    days = [cell for cell in cells if cell.by == "day"]
    counts = np.array([cell.n for cell in days], dtype=np.float64)
    observed = np.array([cell.observed for cell in days])
    simulated = np.array([cell.simulated for cell in days])
    spread = len(days) > 2 and observed.std() > 0 and simulated.std() > 0
    bounded = [cell for cell in days if np.isfinite(cell.low)]
    inside = [cell.low <= cell.observed <= cell.high for cell in bounded]
    return WaitErrors(
        mean=float(((simulated - observed) * counts).sum() / max(counts.sum(), 1.0)),
        by_hour=_mean_error(cells, "hour"),
        by_month=_mean_error(cells, "month"),
        by_day=_mean_error(cells, "day"),
        day_correlation=float(np.corrcoef(observed, simulated)[0, 1]) if spread else np.nan,
        coverage=float(np.mean(inside)) if inside else np.nan,
    )


def _mean_error(cells: tuple[WaitCell, ...], by: WaitCut) -> float:
    """Mean absolute difference, hours of the day with their people as weight, others alike."""
    here = [cell for cell in cells if cell.by == by]
    if not here:
        return np.nan
    weights = [cell.n if by == "hour" else 1 for cell in here]
    return float(
        np.average([abs(cell.simulated - cell.observed) for cell in here], weights=weights)
    )


def date_of(cell: WaitCell, first_date: date) -> date:
    """The date of a day's cell, or the Monday of a week's."""
    return first_date + timedelta(days=cell.key)
