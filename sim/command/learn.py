"""`govhall learn`: what the log of a real hall says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.log_inputs import asked_of_log, log_options
from sim.command.options import Options
from sim.command.outputs import folder_for, json_text, say_data, tell
from sim.errors import OutputError, Problem
from sim.text import Text
from sim.text.foreign import csv_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.learning.learned import LearnedLog

FILES: Final = ("result.json", "quality.csv", "rows.csv", "staffing.csv")


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `learn`."""
    group.add(
        "learn",
        _learn,
        *log_options(shared),
        shared("join", multiple=True, metavar="FILE"),
        shared.form,
        shared.out("learn"),
    )


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

    form, by_hand, chosen, about_hall = asked_of_log(mapping, quality, hall)
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
