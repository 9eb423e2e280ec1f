"""All commands of `govhall`, in one language."""

from __future__ import annotations

from typing import Any

import click

from sim.command import (
    animate,
    backtest,
    backups,
    learn,
    logs,
    new,
    questions,
    replay,
    report,
    roster,
    scenarios,
    start,
    stations,
    studies,
    switches,
    workbook,
)
from sim.command.help import CommandGroup
from sim.command.options import Options
from sim.command.outputs import say
from sim.text import Text
from sim.version import VERSION


def govhall(text: Text) -> CommandGroup:
    """All commands, speaking one language."""
    shared = Options(text)
    once: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False}
    group = CommandGroup(
        "govhall",
        text=text,
        help=text("cli.description"),
        params=[shared.lang, shared("version", callback=_version, **once)],
        no_args_is_help=False,
        invoke_without_command=True,
        callback=_overview,
    )
    of_logs = (logs, learn, replay, backtest)
    nouns = (
        new,
        scenarios,
        workbook,
        studies,
        animate,
        questions,
        switches,
        roster,
        stations,
        report,
        backups,
        *of_logs,
        start,
    )
    for noun in nouns:
        noun.add_to(group, shared)
    return group


def _version(ctx: click.Context, param: click.Parameter, is_asked: bool) -> None:
    del param
    if is_asked:
        say(f"govhall {VERSION}")
        ctx.exit()


def _overview() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        say(ctx.get_help())
