"""Forecasts of a day's mean wait that need no model, against which every model is held."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.theory.patience import erlang_a

LAST_DAYS: Final = 5
NaiveKind = Literal["last_period", "last_days", "erlang"]


class NaiveForecast(NamedTuple):
    """How far a forecast without a model is off, in minutes."""

    kind: NaiveKind
    """As on this weekday in the last period before; mean of the five days before; each half hour as
    a line in its long-run state, with patience (Erlang A)."""
    mean: float
    by_day: float
    by_week: float
    day_correlation: float
    saw_waits: bool
    """It knows waits of days that the model was not shown."""


def naive_forecasts(
    mean_wait: Floats,
    people: Ints,
    day: Ints,
    first_date_weekday: int,
    n_train: int,
    erlang: Floats | None = None,
) -> tuple[NaiveForecast, ...]:
    """Forecasts of the days after the first ones.

    Parameters
    ----------
    mean_wait, people, day : shape (days with people,)
        Minutes; how many; days after the first date, rising.
    n_train
        How many of these days come before those that are forecast.
    erlang : shape (7,)
        Minutes of each weekday by Erlang's formula; None = patience is not known.

    Examples
    --------
    >>> waits, days = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 7, 8])
    >>> last, mean = naive_forecasts(waits, np.ones(4, int), days, 0, 2)
    >>> last.by_day, mean.by_day
    (2.0, 1.75)
    """
    weekday = (day + first_date_weekday) % 7
    n_test = len(day) - n_train
    before = np.arange(max(n_train - n_test, 0), n_train)
    last_period, last_days = np.zeros(n_test), np.zeros(n_test)
    for n in range(n_test):
        at = n_train + n
        alike = before[weekday[before] == weekday[at]]
        last_period[n] = mean_wait[alike if len(alike) else before].mean()
        last_days[n] = mean_wait[max(at - LAST_DAYS, 0) : at].mean()
    test = slice(n_train, None)
    rows = []
    kinds: tuple[tuple[NaiveKind, Floats, bool], ...] = (
        ("last_period", last_period, False),
        ("last_days", last_days, True),
    )
    if erlang is not None:
        kinds = (*kinds, ("erlang", erlang[weekday[test]], False))
    for kind, forecast, saw_waits in kinds:
        gap = forecast - mean_wait[test]
        spread = n_test > 2 and forecast.std() > 0 and mean_wait[test].std() > 0
        week = (day[test] + first_date_weekday) // 7
        weeks = np.unique(week, return_inverse=True)[1]
        weights = people[test].astype(np.float64)
        of_week = np.bincount(weeks, weights=gap * weights) / np.bincount(weeks, weights=weights)
        rows.append(
            NaiveForecast(
                kind=kind,
                mean=float(np.average(gap, weights=weights)),
                by_day=float(np.abs(gap).mean()),
                by_week=float(np.abs(of_week).mean()),
                day_correlation=(
                    float(np.corrcoef(forecast, mean_wait[test])[0, 1]) if spread else np.nan
                ),
                saw_waits=saw_waits,
            )
        )
    return tuple(rows)


def erlang_waits(
    per_slot: Floats, clerks: Floats, slot: float, service: Floats, patience: float
) -> Floats:
    """Mean wait of each weekday by Erlang's formula with patience, each half hour for itself.

    Parameters
    ----------
    per_slot, clerks : shape (groups, 7, slots)
        People expected in a half hour, and clerks.
    slot, patience
        Length of a half hour and mean patience, in minutes.
    service : shape (groups,)
        Mean minutes of a service.

    References
    ----------
    C. Palm (1957), as in `sim.theory.patience.erlang_a`.

    Examples
    --------
    >>> half_hours = np.array([[[3.0, 0.0]]])
    >>> erlang_waits(half_hours, np.ones((1, 1, 2)), 30.0, np.array([8.0]), 60.0).round(1).tolist()
    [9.0]
    """
    sums = np.zeros(per_slot.shape[1])
    for group, weekday, place in zip(*np.nonzero(per_slot), strict=True):
        people = float(per_slot[group, weekday, place])
        servers = max(round(float(clerks[group, weekday, place])), 1)
        state = erlang_a(people / slot, float(service[group]), servers, patience)
        sums[weekday] += people * state.mean_wait
    return np.asarray(sums / np.maximum(per_slot.sum(axis=(0, 2)), 1e-9))
