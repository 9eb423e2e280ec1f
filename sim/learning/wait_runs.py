"""Waits of many people in several runs, cut by hour, weekday, week, month, group and date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.learning.wait_figures import (
    WITHIN,
    WaitCell,
    WaitCut,
    WaitFigures,
    cell_keys,
    p90_of_cells,
    wait_figures,
)


class Waits(NamedTuple):
    """People of a run and how long they waited; shape (people,) each."""

    arrived_at: Ints
    """int64 ticks since 00:00 of the first date."""
    group: Ints
    minutes: Floats


class CellMean(NamedTuple):
    """People of one cell of one run."""

    n: int
    mean: float
    p90: float
    within: float


def cell_means(waits: Waits, first_date: date) -> dict[tuple[WaitCut, int], CellMean]:
    """Mean wait and share in time of each cell.

    Examples
    --------
    >>> waits = Waits(np.array([0, 60_000]), np.array([0, 0]), np.array([4.0, 20.0]))
    >>> cell_means(waits, date(2025, 3, 3))["hour", 0]
    CellMean(n=2, mean=12.0, p90=20.0, within=0.5)
    """
    means = {}
    for by, key in cell_keys(waits.arrived_at, first_date, waits.group):
        keys, place, counts = np.unique(key, return_inverse=True, return_counts=True)
        sums, in_time = (
            np.bincount(place, weights=values)
            for values in (waits.minutes, waits.minutes <= WITHIN)
        )
        tails = p90_of_cells(waits.minutes, place, counts)
        columns = (keys, counts, sums / counts, tails, in_time / counts)
        for each, *figures in zip(*(at.tolist() for at in columns), strict=True):
            means[by, each] = CellMean(*figures)
    return means


def forecast_cells(
    observed: Waits, runs: Sequence[Waits], first_date: date
) -> tuple[WaitCell, ...]:
    """What was observed beside the mean of runs and their extremes, between which one more lies
    nine times in ten where they are nineteen; cells without people in any run are left out.
    """
    of_runs = [cell_means(run, first_date) for run in runs]
    cells = []
    for (by, key), seen in cell_means(observed, first_date).items():
        modelled = [of[by, key] for of in of_runs if (by, key) in of]
        if not modelled:
            continue
        means = np.array([cell.mean for cell in modelled])
        within = float(np.mean([cell.within for cell in modelled]))
        cells.append(
            WaitCell(
                by=by,
                key=key,
                n=seen.n,
                observed=seen.mean,
                simulated=float(means.mean()),
                low=float(means.min()),
                high=float(means.max()),
                observed_p90=seen.p90,
                simulated_p90=float(np.mean([cell.p90 for cell in modelled])),
                observed_within=seen.within,
                simulated_within=within,
            )
        )
    return tuple(cells)


def figures_of_runs(runs: Sequence[Waits]) -> WaitFigures:
    """Waits of all runs together; `n` is of one of them."""
    together = wait_figures(np.concatenate([run.minutes for run in runs]))
    return together._replace(n=round(together.n / len(runs)))
