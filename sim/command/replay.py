"""`govhall replay`: the people of a log come again, as it was and with something changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.command.help import CommandGroup
from sim.command.log_inputs import log_options, read_tickets
from sim.command.options import IsoDate, Options
from sim.command.outputs import (
    folder_for,
    say_data,
    tell_boxes,
    writable,
    write_files,
    write_scenario,
)
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `replay`."""
    group.add(
        "replay",
        _replay,
        *log_options(shared),
        between(shared, "from", "replay_from"),
        between(shared, "to", "replay_to"),
        shared("more-clerks", multiple=True, metavar="GROUP=N@HH:MM-HH:MM"),
        shared("set", multiple=True, metavar="PATH=VALUE"),
        shared("layout", metavar="ID", words="replay_layout"),
        shared("uncalibrated", is_flag=True),
        shared("save", metavar="FILE", words="replay_save"),
        shared.form,
        shared.out("replay"),
    )


def between(shared: Options, name: str, words: str) -> click.Option:
    """An option that takes a date; its value is called `<name>_day`."""
    return click.Option(
        [f"--{name}", f"{name}_day"], type=IsoDate(), help=shared.text(f"cli.option.{words}")
    )


def _replay(
    text: Text,
    files: tuple[str, ...],
    mapping: tuple[str, ...],
    quality: tuple[str, ...],
    from_day: date | None,
    to_day: date | None,
    more_clerks: tuple[str, ...],
    set: tuple[str, ...],
    layout: str | None,
    uncalibrated: bool,
    save: str | None,
    out: str | None,
    *,
    format: str,
    **hall: str | None,
) -> None:
    """Replay a log, and say how near its waits the model comes."""
    from sim.clock import BEIJING
    from sim.learning.log_replay import replay_log
    from sim.learning.replayed_hall import LAYOUT
    from sim.storage.log_replay_export import FILE, replay_data, replay_rows

    folder = folder_for(out)
    if save is not None:
        writable(Path(save), "--save")
    learned, log = read_tickets(files, mapping, quality, hall, text)
    if learned.snapshots is not None:
        raise OptionError(Problem("replay_snapshots", "LOG", found=learned.file))
    replay = replay_log(
        log,
        title=learned.files.title.partition(".")[0],
        days=(from_day, to_day),
        overrides=set,
        layout=layout or LAYOUT,
        more_clerks=more_clerks,
        time_zone=hall["time_zone"] or BEIJING,
        is_calibrated=not uncalibrated,
    )
    data: dict[str, Any] = {"file": learned.file, **replay_data(replay)}
    rows = replay_rows(replay)

    def write(console: Console) -> None:
        from sim.views.log_replay_words import replay_blocks
        from sim.views.terminal import print_blocks

        print_blocks(replay_blocks(replay, text), console)

    say_data(format, data, rows, write)
    if folder is not None:
        from sim.views.log_replay_words import replay_figure

        def draw(path: Path) -> None:
            replay_figure(replay, text).savefig(path)

        write_files(folder, data, rows, f"{FILE}.csv", draw, text)
        tell_boxes(replay.scenario, text)
    if save is not None:
        write_scenario(replay.scenario, Path(save), text)
