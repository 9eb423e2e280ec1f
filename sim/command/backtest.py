"""`govhall backtest`: a model that learned from a log until a date, held against the days after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.command.help import CommandGroup
from sim.command.log_inputs import log_hall, log_options, read_tickets
from sim.command.options import IsoDate, Options
from sim.command.outputs import folder_for, say_data, tell_boxes, write_files
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.learning.learned import LearnedLog
    from sim.scenario.scenario import Scenario
    from sim.views.blocks import AnyBlock


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `backtest`."""
    until = click.Option(
        ["--learn-until"], type=IsoDate(), help=shared.text("cli.option.learn-until")
    )
    some = (*log_options(shared), until, shared.form, shared.out("backtest"))
    group.add("backtest", _backtest, *some)


def _backtest(
    text: Text,
    files: tuple[str, ...],
    mapping: tuple[str, ...],
    quality: tuple[str, ...],
    learn_until: date | None,
    out: str | None,
    *,
    format: str,
    **hall: str | None,
) -> None:
    """Learn from the first part of a log, predict the others, and say what that is good for."""
    from sim.clock import BEIJING
    from sim.learning.backtest import backtest_log
    from sim.storage.backtest_export import FILE, backtest_data, forecast_rows

    folder = folder_for(out)
    learned, log = read_tickets(files, mapping, quality, hall, text)
    title = learned.files.title.partition(".")[0]
    if learned.snapshots is not None:
        _of_queues(learned, learn_until, title, hall, format, folder, text)
        return
    backtest = backtest_log(log, learn_until, title, hall["time_zone"] or BEIJING)
    data: dict[str, Any] = {"file": learned.file, **backtest_data(backtest)}
    rows = list(forecast_rows(backtest))

    def blocks() -> Iterable[AnyBlock]:
        from sim.views.backtest_words import backtest_blocks

        return backtest_blocks(backtest, text)

    def draw(path: Path) -> None:
        from sim.views.backtest_words import backtest_figure

        backtest_figure(backtest, text).savefig(path)

    _give((data, rows, f"{FILE}.csv"), blocks, draw, backtest.scenario, format, folder, text)


def _give(
    content: tuple[dict[str, Any], list[dict[str, Any]], str],
    blocks: Callable[[], Iterable[AnyBlock]],
    draw: Callable[[Path], None],
    scenario: Scenario,
    format: str,
    folder: Path | None,
    text: Text,
) -> None:
    """Print what came out, and write it where a folder is named.

    Parameters
    ----------
    content
        As JSON, as rows, and the name of their file.
    """
    data, rows, table = content

    def write(console: Console) -> None:
        from sim.views.terminal import print_blocks

        print_blocks(blocks(), console)

    say_data(format, data, rows, write)
    if folder is not None:
        write_files(folder, data, rows, table, draw, text)
        tell_boxes(scenario, text)


def _of_queues(
    learned: LearnedLog,
    learn_until: date | None,
    title: str,
    hall: Mapping[str, str | None],
    format: str,
    folder: Path | None,
    text: Text,
) -> None:
    """Snapshots: how many wait is predicted."""
    from sim.learning.queue_backtest import backtest_snapshots
    from sim.storage.queue_backtest_export import FILE, queue_backtest_data, queue_rows

    backtest = backtest_snapshots(learned, learn_until, title, log_hall(hall))
    data: dict[str, Any] = {"file": learned.file, **queue_backtest_data(backtest)}
    rows = list(queue_rows(backtest))

    def blocks() -> Iterable[AnyBlock]:
        from sim.views.queue_backtest_words import queue_backtest_blocks

        return queue_backtest_blocks(backtest, text)

    def draw(path: Path) -> None:
        from sim.views.queue_backtest_words import queue_backtest_figure

        queue_backtest_figure(backtest, text).savefig(path)

    _give((data, rows, f"{FILE}.csv"), blocks, draw, backtest.scenario, format, folder, text)
