"""What a backtest of queues says: how many waited, as displays show it and as it was predicted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from matplotlib.figure import Figure

from sim.learning.queue_backtest import QueueBacktest, QueueVerdict
from sim.learning.wait_figures import wait_errors
from sim.text import Text
from sim.views.blocks import AnyBlock, HeadingBlock, PictureBlock, SentenceBlock, TableBlock
from sim.views.observed_waits import observed_waits_figure
from sim.views.wait_tables import cells_table


def queue_backtest_blocks(backtest: QueueBacktest, text: Text) -> Iterator[AnyBlock]:
    """All that it says, the verdict first."""
    yield HeadingBlock(text("queue_backtest.title"))
    yield SentenceBlock(
        text(
            "queue_backtest.days",
            until=text.date(backtest.learn_until),
            train=text.number(backtest.n_train, 0),
            test=text.number(backtest.n_test, 0),
            queues=text.number(len(backtest.queues), 0),
            waiting=text.number(backtest.observed, 1),
        )
    )
    for verdict in backtest.verdicts:
        yield SentenceBlock(_verdict(verdict, text), "answer" if verdict.holds else "caution")
    yield _errors(backtest, text)
    yield _days(backtest, text)
    hours = {hour: f"{hour:02}:00–{hour + 1:02}:00" for hour in range(24)}
    yield cells_table(backtest.cells, "hour", hours, text)
    draw = partial(queue_backtest_figure, backtest, text)
    yield PictureBlock("backtest", text("queue_backtest.title"), draw)
    yield SentenceBlock(text("queue_backtest.note"), "note")


def queue_backtest_figure(backtest: QueueBacktest, text: Text) -> Figure:
    """Waits that displays imply, and those predicted, by day and by hour."""
    note = text(
        "queue_backtest.figure_note",
        until=text.date(backtest.learn_until),
        n=text.number(backtest.waits.n, 0),
        hash=backtest.scenario.hash,
    )
    title = text("queue_backtest.title")
    return observed_waits_figure(backtest.cells, backtest.first_date, title, note, text)


def _verdict(verdict: QueueVerdict, text: Text) -> str:
    def show(value: float) -> str:
        return text.share(value, 0) if verdict.kind == "ranges" else text.number(value, 1)

    outcome = "holds" if verdict.holds else "fails"
    key = f"queue_backtest.{verdict.kind}_{outcome}"
    return text(key, error=show(verdict.error), bar=show(verdict.bar))


def _errors(backtest: QueueBacktest, text: Text) -> TableBlock:
    """A row each forecast."""
    heads = ("forecast", "mean", "by_slot", "by_day", "wait_by_day", "slots_inside", "days_inside")
    missing = text("format.missing")

    def share(value: float) -> str:
        return text.share(value, 0) if math.isfinite(value) else missing

    rows = tuple(
        (
            text(f"queue_backtest.head.{each.kind}"),
            text.number(each.mean, 2),
            text.number(each.by_slot, 2),
            text.number(each.by_day, 1),
            text.number(each.wait_by_day, 1),
            share(each.slot_coverage),
            share(each.day_coverage),
        )
        for each in backtest.forecasts
    )
    return TableBlock(
        text("queue_backtest.errors"),
        tuple(text(f"queue_backtest.head.{head}") for head in heads),
        rows,
        text("queue_backtest.errors_note"),
        names=1,
    )


def _days(backtest: QueueBacktest, text: Text) -> TableBlock:
    """People waiting and mean wait of each date."""
    waits = {cell.key: cell for cell in backtest.cells if cell.by == "day"}
    rows = []
    for each in backtest.days:
        cell = waits.get((each.day - backtest.first_date).days)
        minutes = (
            ("", "")
            if cell is None
            else (
                text.number(cell.observed, 1),
                text.interval(cell.simulated, cell.low, cell.high, "min"),
            )
        )
        rows.append(
            (
                text.date(each.day),
                text.number(each.observed, 1),
                f"{text.number(each.simulated, 1)} [{text.number(each.low, 1)}, "
                f"{text.number(each.high, 1)}]",
                *minutes,
            )
        )
    correlation = wait_errors(backtest.cells).day_correlation
    note = (
        text("queue_backtest.correlation", correlation=text.number(correlation, 2))
        if math.isfinite(correlation)
        else ""
    )
    heads = ("day", "shown", "predicted", "wait", "wait_predicted")
    return TableBlock(
        text("queue_backtest.by_day"),
        tuple(text(f"queue_backtest.head.{head}") for head in heads),
        tuple(rows),
        note,
        names=1,
    )
