"""`govhall workbook`: a hall as a workbook to fill in, and back."""

from __future__ import annotations

from pathlib import Path

import click

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.options import Options
from sim.command.outputs import say, tell, writable, write_whole
from sim.errors import OptionError, Problem
from sim.text import Text


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `workbook`."""
    out = shared("out", metavar="FILE", words="workbook_out")
    over = shared("over", metavar="FILE.yaml", words="workbook_over")
    file = click.Argument(["file"], metavar="FILE", type=shared.file.type)
    group.add("workbook", _workbook, file, over, out)


def _workbook(text: Text, file: str, over: str | None, out: str | None) -> None:
    """Write the workbook of a scenario, or with `--over` the scenario of a workbook."""
    if out is None:
        raise OptionError(Problem("book_no_out", "--out"))
    writable(Path(out))
    if over is None:
        from sim.storage.hall_book import hall_workbook

        if file.lower().endswith((".xlsx", ".xlsm")):
            raise OptionError(Problem("book_no_over", "--over", found=file))
        write_whole(Path(out), hall_workbook(Path(file), text))
    else:
        from sim.storage.hall_book_reader import read_hall_workbook

        book = read_hall_workbook(Path(file), Path(over), Path(out))
        warn([problem for problem in book.warnings if problem.code != "no_source"], text)
        write_whole(Path(out), book.text.encode("utf-8"))
        for change in book.changed:
            say(text("cli.workbook_changed", **change._asdict()))
        say(text("cli.workbook_count", n=len(book.changed), hash=book.scenario.hash))
    tell(text("cli.file_written", file=Path(out).resolve()))
