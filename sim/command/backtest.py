"""`govhall backtest`: a model that learned from a log until a date, held against the days after."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.command.help import CommandGroup
from sim.command.log_inputs import log_options, read_tickets
from sim.command.options import IsoDate, Options
from sim.command.outputs import folder_for, say_data, tell_boxes, write_files
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `backtest`."""
    until = click.Option(
        ["--learn-until"], type=IsoDate(), help=shared.text("cli.option.learn-until")
    )
    some = (*log_options(shared), until, shared.form, shared.out("backtest"))
    group.add("backtest", _backtest, *some)


def _backtest(
    text: Text,
    file: str,
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
    log = read_tickets(file, mapping, quality, hall, text)
    title = Path(file).name.partition(".")[0]
    backtest = backtest_log(log, learn_until, title, hall["time_zone"] or BEIJING)
    data: dict[str, Any] = {"file": file, **backtest_data(backtest)}
    rows = list(forecast_rows(backtest))

    def write(console: Console) -> None:
        from sim.views.backtest_words import backtest_blocks
        from sim.views.terminal import print_blocks

        print_blocks(backtest_blocks(backtest, text), console)

    say_data(format, data, rows, write)
    if folder is None:
        return
    from sim.views.backtest_words import backtest_figure

    def draw(path: Path) -> None:
        backtest_figure(backtest, text).savefig(path)

    write_files(folder, data, rows, f"{FILE}.csv", draw, text)
    tell_boxes(backtest.scenario, text)
