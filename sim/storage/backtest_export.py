"""A backtest as data for programs: verdicts, forecasts, forecasts without a model, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.learning.backtest import Backtest
from sim.questions.columns import AnswerColumn
from sim.storage.log_replay_export import (
    WAITS,
    errors_data,
    figures_data,
    finite_or_none,
    wait_rows,
)
from sim.version import VERSION

FILE: Final = "forecasts"
FORECASTS: Final = (AnswerColumn("forecast", "text"), *WAITS)
"""Columns of `forecasts.csv`."""


def backtest_data(backtest: Backtest) -> dict[str, Any]:
    """All of it, as JSON can hold it.

    Examples
    --------
    >>> from datetime import date
    >>> from sim import data_dir
    >>> from sim.learning.backtest import backtest_log
    >>> from sim.learning.learned import read_log
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> data = backtest_data(backtest_log(log, date(2025, 3, 20)))
    >>> data["days_learned"], [each["forecast"] for each in data["naive"]]
    (14, ['last_period', 'last_days', 'erlang'])
    """
    rule, spread = backtest.rule, backtest.spread
    return {
        "version": VERSION,
        "learn_until": backtest.learn_until.isoformat(),
        "days_learned": backtest.n_train,
        "days_predicted": backtest.n_test,
        "scenario": backtest.scenario.hash,
        "observed": figures_data(backtest.observed),
        "verdicts": [
            {
                "of": judged.kind,
                "holds": judged.holds,
                "error_min": judged.error,
                "bar_min": finite_or_none(judged.bar),
            }
            for judged in backtest.verdicts
        ],
        "improved_by": backtest.improves,
        "rule": {
            "factor": backtest.factor,
            "elasticity": rule.elasticity,
            "spread": rule.spread,
        },
        "forecasts": [
            {
                "forecast": each.kind,
                **figures_data(each.figures),
                "errors": {
                    **errors_data(each.errors),
                    "by_week_min": each.by_week,
                    "week_coverage": each.week_coverage,
                },
            }
            for each in backtest.forecasts
        ],
        "naive": [
            {
                "forecast": each.kind,
                "mean_min": each.mean,
                "by_day_min": each.by_day,
                "by_week_min": each.by_week,
                "day_correlation": finite_or_none(each.day_correlation),
                "saw_waits": each.saw_waits,
            }
            for each in backtest.naive
        ],
        "spread": {
            "week_sd_min": finite_or_none(spread.week_sd),
            "week_change_min": finite_or_none(spread.week_change),
            "by_chance_min": finite_or_none(spread.by_chance),
        },
        "drift": [drift._asdict() for drift in backtest.drifts],
    }


def forecast_rows(backtest: Backtest) -> Iterator[dict[str, Any]]:
    """A row for each forecast and each hour of the day, weekday, week, month, group and date."""
    groups = tuple(group.id for group in backtest.people.groups)
    for each in backtest.forecasts:
        for row in wait_rows(each.cells, backtest.people.first_date, groups):
            yield {"forecast": each.kind, **row}
