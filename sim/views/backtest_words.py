"""What a backtest says: how far off on days not seen, beside forecasts without a model, and what
the model may decide."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from matplotlib.figure import Figure

from sim.learning.backtest import Backtest
from sim.learning.drift import Drift
from sim.learning.wait_figures import date_of
from sim.text import Text
from sim.text.foreign import visible
from sim.views.blocks import AnyBlock, HeadingBlock, PictureBlock, SentenceBlock, TableBlock
from sim.views.learn_staffing_words import group_words
from sim.views.observed_waits import observed_waits_figure
from sim.views.wait_tables import cells_table, figures_table


def backtest_blocks(backtest: Backtest, text: Text) -> Iterator[AnyBlock]:
    """All that a backtest says, the verdict first.

    Examples
    --------
    >>> from datetime import date
    >>> from sim import data_dir
    >>> from sim.learning.backtest import backtest_log
    >>> from sim.learning.learned import read_log
    >>> from sim.text import load_text
    >>> log = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv").log
    >>> blocks = backtest_blocks(backtest_log(log, date(2025, 3, 20)), load_text("en"))
    >>> next(blocks).words
    'The model held against days that it has not seen'
    """
    yield HeadingBlock(text("backtest.title"))
    yield SentenceBlock(
        text(
            "backtest.days",
            until=text.date(backtest.learn_until),
            train=text.number(backtest.n_train, 0),
            test=text.number(backtest.n_test, 0),
            n=text.number(backtest.observed.n, 0),
        )
    )
    for judged in backtest.verdicts:
        verdict = "holds" if judged.holds else "fails"
        yield SentenceBlock(
            text(
                f"backtest.{judged.kind}_{verdict}",
                error=text.number(judged.error, 1),
                bar=text.number(judged.bar, 1),
            ),
            "answer" if judged.holds else "caution",
        )
    by_day = {each.kind: text.number(each.errors.by_day, 1) for each in backtest.forecasts}
    yield SentenceBlock(text(f"backtest.improves_{backtest.improves}", **by_day), "point")
    for drift in backtest.drifts:
        yield SentenceBlock(_drift(drift, text), "caution")
    yield SentenceBlock(
        text(
            "backtest.rule",
            factor=text.number(backtest.factor, 2),
            elasticity=text.number(backtest.rule.elasticity, 2),
            spread=text.share(backtest.rule.spread, 0),
        ),
        "point",
    )
    observed = (text("waits_told.head.observed"), backtest.observed)
    forecasts = [(text(f"backtest.head.{each.kind}"), each.figures) for each in backtest.forecasts]
    yield figures_table([observed, *forecasts], text)
    yield _errors(backtest, text)
    cells = backtest.forecast("arrivals").cells
    first_date = backtest.people.first_date
    hours = {hour: f"{hour:02}:00–{hour + 1:02}:00" for hour in range(24)}
    yield cells_table(cells, "hour", hours, text)
    weekdays = {day: text(f"weekday.{day + 1}") for day in range(7)}
    yield cells_table(cells, "weekday", weekdays, text)
    weeks = {cell.key: date_of(cell, first_date).isoformat() for cell in cells if cell.by == "week"}
    yield cells_table(cells, "week", weeks, text)
    if len({cell.key for cell in cells if cell.by == "group"}) > 1:
        names = {n: group_words(group, text) for n, group in enumerate(backtest.people.groups)}
        yield cells_table(cells, "group", names, text)
    draw = partial(backtest_figure, backtest, text)
    yield PictureBlock("backtest", text("backtest.title"), draw)
    yield SentenceBlock(text("backtest.note"), "note")


def backtest_figure(backtest: Backtest, text: Text) -> Figure:
    """Observed and predicted waits by day and by hour, given who came."""
    note = text(
        "backtest.figure_note",
        until=text.date(backtest.learn_until),
        n=text.number(backtest.observed.n, 0),
        hash=backtest.scenario.hash,
    )
    cells = backtest.forecast("arrivals").cells
    title = text("backtest.title")
    return observed_waits_figure(cells, backtest.people.first_date, title, note, text)


def _errors(backtest: Backtest, text: Text) -> TableBlock:
    """A row each forecast, and what weeks differ by themselves."""
    rows = [
        (
            text(f"backtest.head.{each.kind}"),
            text.number(each.errors.mean, 1),
            text.number(each.errors.by_hour, 1),
            text.number(each.by_week, 1),
            text.number(each.errors.by_day, 1),
            text.number(each.errors.day_correlation, 2),
            text.share(each.week_coverage, 0),
            text.share(each.errors.coverage, 0),
        )
        for each in backtest.forecasts
    ]
    blank = text("format.missing")
    rows += [
        (
            text(f"backtest.head.{each.kind}"),
            text.number(each.mean, 1),
            blank,
            text.number(each.by_week, 1),
            text.number(each.by_day, 1),
            text.number(each.day_correlation, 2),
            blank,
            blank,
        )
        for each in backtest.naive
    ]
    heads = (
        "forecast",
        "mean",
        "by_hour",
        "by_week",
        "by_day",
        "correlation",
        "weeks_inside",
        "days_inside",
    )
    spread = backtest.spread
    sd, change = text.number(spread.week_sd, 1), text.number(spread.week_change, 1)
    note = text("backtest.errors_note", sd=sd, change=change)
    return TableBlock(
        text("backtest.errors"),
        tuple(text(f"backtest.head.{head}") for head in heads),
        tuple(rows),
        note,
        names=1,
    )


def _drift(drift: Drift, text: Text) -> str:
    values = (drift.before, drift.after)
    if drift.kind in ("list_new", "list_gone"):
        before, after = (text.share(value, 1) for value in values)
    else:
        before, after = (text.number(value, 1) for value in values)
    return text(
        f"backtest.drift_{drift.kind}", name=visible(drift.name), before=before, after=after
    )
