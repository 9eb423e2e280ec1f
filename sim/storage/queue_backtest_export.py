"""A backtest of queues as data for programs: verdicts, forecasts, people waiting by half hour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.clock import format_clock
from sim.learning.queue_backtest import QueueBacktest
from sim.questions.columns import AnswerColumn
from sim.storage.log_replay_export import figures_data, finite_or_none
from sim.version import VERSION

FILE: Final = "queues"
QUEUES: Final = (
    AnswerColumn("queue", "text"),
    AnswerColumn("date", "text"),
    AnswerColumn("from", "text"),
    AnswerColumn("observed", "number"),
    AnswerColumn("simulated", "number"),
    AnswerColumn("low", "number"),
    AnswerColumn("high", "number"),
    AnswerColumn("last_period", "number"),
    AnswerColumn("last_days", "number"),
)
"""Columns of `queues.csv`."""


def queue_backtest_data(backtest: QueueBacktest) -> dict[str, Any]:
    """All of it but the half hours, as JSON can hold it."""
    return {
        "version": VERSION,
        "learn_until": backtest.learn_until.isoformat(),
        "days_learned": backtest.n_train,
        "days_predicted": backtest.n_test,
        "scenario": backtest.scenario.hash,
        "queues": list(backtest.queues),
        "observed_waiting": backtest.observed,
        "observed": figures_data(backtest.waits),
        "verdicts": [
            {
                "of": verdict.kind,
                "holds": verdict.holds,
                "error": verdict.error,
                "bar": verdict.bar,
            }
            for verdict in backtest.verdicts
        ],
        "forecasts": [
            {
                "forecast": each.kind,
                "mean": each.mean,
                "by_half_hour": each.by_slot,
                "by_day": each.by_day,
                "wait_by_day_min": each.wait_by_day,
                "half_hour_coverage": finite_or_none(each.slot_coverage),
                "day_coverage": finite_or_none(each.day_coverage),
            }
            for each in backtest.forecasts
        ],
        "days": [{**each._asdict(), "day": each.day.isoformat()} for each in backtest.days],
        "waits": [
            {
                "by": cell.by,
                "of": cell.key,
                "n": cell.n,
                "observed_min": cell.observed,
                "simulated_min": cell.simulated,
                "low_min": finite_or_none(cell.low),
                "high_min": finite_or_none(cell.high),
            }
            for cell in backtest.cells
            if cell.by == "hour"
        ],
    }


def queue_rows(backtest: QueueBacktest) -> Iterator[dict[str, Any]]:
    """A row for each queue, date and half hour."""
    for each in backtest.slots:
        row = each._asdict()
        begin = row.pop("begin")
        queue, day = row.pop("queue"), row.pop("day")
        yield {"queue": queue, "date": day.isoformat(), "from": format_clock(begin), **row}
