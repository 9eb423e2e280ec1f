"""Figures of both programs by day, and how far they are apart in standard errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim import Tables
from sim.clock import DAY, MINUTE
from tests.speed.plain_simpy import DAY as DAY_MINUTES
from tests.speed.plain_simpy import Person

Floats = npt.NDArray[np.float64]
BATCH = 5000
"""Customers of the one-list workload that count as one cluster."""


def _daily(day: npt.NDArray[np.int64], values: npt.NDArray[np.generic], n: int) -> Floats:
    """Mean of each day."""
    return np.bincount(day, values, n) / np.maximum(np.bincount(day, minlength=n), 1)


def plain_figures(people: Sequence[Person], days: int) -> dict[str, Floats]:
    """Daily means of the plain program."""
    day = np.array([person.day for person in people])
    arrived = np.array([person.arrived_at for person in people])
    left = np.array([person.left_at for person in people])
    done = np.array([person.done_at for person in people])
    waits = np.array([sum(person.waits) for person in people])
    return {
        "people": np.bincount(day, minlength=days).astype(float),
        "desk_wait": _daily(day, np.array([person.desk_wait for person in people]), days),
        "wait_of_all_tickets": _daily(day, waits, days),
        "tickets": _daily(day, np.array([len(person.waits) for person in people]), days),
        "stay": _daily(day, left - arrived, days),
        "elapsed": _daily(day, done - arrived, days),
        "done_same_day_share": _daily(day, done < (day + 1) * DAY_MINUTES, days),
    }


def sim_figures(tables: Tables) -> dict[str, Floats]:
    """The same of a run of the scenario file; its last day is left out, for it is not finished."""
    t, v, c, n = tables.tickets, tables.visits, tables.cases, tables.plan.period.n_days
    day, days = c.arrived_at // DAY, n - 1
    wait = np.bincount(t.case, np.where(t.called_at >= 0, t.called_at - t.taken_at, 0))
    greeted = t.greeted_at >= 0
    desk_day = t.arrived_at[greeted] // DAY
    by_day = {
        "people": np.bincount(day, minlength=n).astype(float),
        "desk_wait": _daily(desk_day, (t.greeted_at - t.arrived_at)[greeted] / MINUTE, n),
        "wait_of_all_tickets": _daily(day, wait / MINUTE, n),
        "tickets": _daily(day, np.bincount(t.case), n),
        "stay": _daily(v.arrived_at // DAY, (v.left_at - v.arrived_at) / MINUTE, n),
        "elapsed": _daily(day, (c.closed_at - c.arrived_at) / MINUTE, n),
        "done_same_day_share": _daily(day, c.closed_at // DAY == day, n),
    }
    return {name: values[:days] for name, values in by_day.items()}


def batches(waits: npt.ArrayLike) -> Floats:
    """Means of consecutive batches of the one-list workload."""
    values = np.asarray(waits, dtype=np.float64)
    n = len(values) // BATCH
    return np.asarray(values[: n * BATCH].reshape(n, BATCH).mean(axis=1))


def distances(
    ones: Mapping[str, Floats], others: Mapping[str, Floats]
) -> dict[str, tuple[float, float, float]]:
    """Both means and their distance in standard errors, figure by figure."""
    by_figure = {}
    for name, sample in ones.items():
        other_sample = others[name]
        error = math.hypot(*(x.std(ddof=1) / math.sqrt(len(x)) for x in (sample, other_sample)))
        by_figure[name] = (
            sample.mean(),
            other_sample.mean(),
            (other_sample.mean() - sample.mean()) / error,
        )
    return by_figure
