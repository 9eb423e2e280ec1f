"""`govhall learn`: what the log of a real hall says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.options import OneOf, Options, SaidText
from sim.command.outputs import folder_for, json_text, say_data, tell
from sim.errors import OptionError, OutputError, Problem
from sim.text import Text
from sim.text.foreign import csv_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.learning.learned import LearnedLog

HOLIDAYS: Final = ("china", "none")
FILES: Final = ("result.json", "quality.csv", "rows.csv", "staffing.csv")


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `learn`."""
    log = click.Argument(["file"], metavar="LOG", type=SaidText())
    default: dict[str, Any] = {"show_default": True}
    group.add(
        "learn",
        _learn,
        log,
        _repeated(shared, "mapping", "COLUMN=HEADING"),
        _repeated(shared, "quality", "NAME=DONE"),
        _repeated(shared, "join", "FILE"),
        shared("place", metavar="NAME"),
        shared("holidays", OneOf(HOLIDAYS), default=HOLIDAYS[0], **default),
        shared("time-zone", metavar="ZONE", words="log_zone"),
        shared.form,
        shared.out("learn"),
    )


def _repeated(shared: Options, name: str, metavar: str) -> click.Option:
    """An option that may stand there several times."""
    return shared(name, multiple=True, metavar=metavar)


def _learn(
    text: Text,
    file: str,
    mapping: tuple[str, ...],
    quality: tuple[str, ...],
    join: tuple[str, ...],
    out: str | None,
    *,
    format: str,
    **hall: str | None,
) -> None:
    """Read a log, and say how good it is."""
    from sim.learning.learned import read_log
    from sim.storage.learn_export import learned_data, quality_rows

    form, by_hand, chosen, about_hall = _asked_for(mapping, quality, hall)
    folder = folder_for(out)
    problems: list[Problem] = []
    learned = read_log(file, form, by_hand, chosen, about_hall, problems, join)
    warn(problems, text)
    data, rows = learned_data(learned), quality_rows(learned)

    def write(console: Console) -> None:
        from sim.views.learn_words import learned_blocks
        from sim.views.terminal import print_blocks

        print_blocks(learned_blocks(learned, text), console)

    say_data(format, data, rows, write)
    if folder is not None:
        _write(folder, learned, data, rows, text)


def _asked_for(
    mapping: tuple[str, ...], quality: tuple[str, ...], hall: Mapping[str, str | None]
) -> tuple[Any, Any, Any, Any]:
    """Form, columns, treatments and hall of the options; what is wrong with any is told at once."""
    from sim.learning.columns import read_asked_mapping
    from sim.learning.quality import read_treatments

    readers = (
        partial(read_asked_mapping, mapping),
        partial(read_treatments, quality),
        partial(_hall, hall),
    )
    read, problems = list[Any](), list[Problem]()
    for reader in readers:
        try:
            read.append(reader())
        except OptionError as error:
            problems += error.problems
    if problems:
        raise OptionError(problems)
    (form, by_hand), chosen, about_hall = read
    return form, by_hand, chosen, about_hall


def _hall(options: Mapping[str, str | None]) -> Any:
    from sim.clock import BEIJING, ClockError, parse_time_zone
    from sim.learning.traps import LogHall

    zone = options["time_zone"] or BEIJING
    try:
        parse_time_zone(zone)
    except ClockError as error:
        raise OptionError(Problem(error.code, "--time-zone", found=zone)) from None
    return LogHall(options["holidays"], zone, options["place"] or "")  # type: ignore[arg-type]


def _write(
    folder: Path,
    learned: LearnedLog,
    data: Mapping[str, Any],
    rows: list[dict[str, Any]],
    text: Text,
) -> None:
    """The account of the log in a folder."""
    from sim.storage.learn_export import caught_rows_of
    from sim.storage.learn_staffing import staffing_rows

    try:
        (folder / FILES[0]).write_text(json_text(data), encoding="utf-8")
        (folder / FILES[1]).write_text(csv_text(rows), encoding="utf-8-sig")
        (folder / FILES[2]).write_text(csv_text(caught_rows_of(learned)), encoding="utf-8-sig")
        (folder / FILES[3]).write_text(csv_text(staffing_rows(learned)), encoding="utf-8-sig")
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    tell(text("cli.files_written", folder=folder.resolve(), files=", ".join(FILES)))
