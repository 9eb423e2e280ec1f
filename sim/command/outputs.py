"""What goes out: tables on a terminal, data for programs, files in a folder, and what goes on."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from sim.errors import OutputError, Problem
from sim.text import Text
from sim.text.foreign import csv_text, escaped_json, visible

if TYPE_CHECKING:
    from rich.console import Console

    from sim.questions.turning import Turning
    from sim.scenario.scenario import Scenario

PAGE: Final = 160
"""Characters a line where the output is not a terminal."""

REPORT: Final = "report.html"


def say_data(
    form: str,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    write: Callable[[Console], None],
) -> None:
    """Print data in the form that was asked for; `write` prints the tables."""
    if form == "json":
        say(json_text(data), nl=False)
    elif form == "csv":
        say(csv_text(rows), nl=False)
    else:
        print_tables(write)


def write_files(
    folder: Path,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    table: str,
    draw: Callable[[Path], None],
    text: Text,
    report: Callable[[], str] | None = None,
) -> None:
    """Write data, rows and figure, and the report where there is one; say so."""
    try:
        (folder / "result.json").write_text(json_text(data), encoding="utf-8")
        # the mark at the start tells Excel that it is UTF-8
        (folder / table).write_text(csv_text(rows), encoding="utf-8-sig")
        draw(folder / "figure.png")
        if report is not None:
            (folder / REPORT).write_text(report(), encoding="utf-8")
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    files = ("result.json", table, "figure.png", *([] if report is None else [REPORT]))
    tell(text("cli.files_written", folder=folder.resolve(), files=", ".join(files)))


def keep_study(answer: object, folder: Path, text: Text, turning: Turning | None = None) -> None:
    """Keep an answer beside the files that are made of it, so that `govhall report` opens it.

    Parameters
    ----------
    turning
        What a comparison hangs on, where that was asked.
    """
    from sim.storage.kept_study import keep_answer
    from sim.storage.turning_keep import add_turning

    kept_in = keep_answer(answer, folder)
    if kept_in is not None and turning is not None:
        add_turning(turning, kept_in)
    if kept_in is not None:
        tell(text("cli.study_kept", folder=kept_in.resolve()))


def write_scenario(scenario: Scenario, file: Path, text: Text) -> None:
    """Write a whole scenario, which extends nothing, and its tables beside it, and say so."""
    from sim.storage.scenario_file import scenario_yaml, tables_named

    try:
        for name, content in tables_named(scenario, file.stem).items():
            file.with_name(name).write_bytes(content)
        file.write_text(scenario_yaml(scenario, file.stem), encoding="utf-8")
    except OSError:
        raise OutputError(Problem("unwritable_output", "--save", found=str(file))) from None
    tell(text("cli.file_written", file=file.resolve()))


def tell_boxes(scenario: Scenario, text: Text) -> None:
    """Say once which characters are boxes in the figures that were drawn."""
    from sim.views.glyphs import unknown_glyphs

    if (problem := unknown_glyphs(scenario, text)) is not None:
        tell(f"{text('severity.warning')} · {problem.sentence(text)}")


def folder_for(out: str | None, option: str = "--out") -> Path | None:
    """The folder to write to, made before a long run rather than after it."""
    if out is None:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".govhall"
        probe.touch()
        probe.unlink()
    except OSError:
        raise OutputError(Problem("unwritable_folder", option, found=out)) from None
    return folder


def writable(out: Path, option: str = "--out") -> None:
    """Complain of a file that cannot be written before a long run rather than after it."""
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise OutputError(Problem("unwritable_output", option, found=str(out)))


def write_whole(file: Path, content: bytes) -> None:
    """Write the file of `--out` at once, or leave what was there before."""
    from sim.storage.keep import write_file

    try:
        write_file(file, content)
    except OSError:
        raise OutputError(Problem("unwritable_output", "--out", found=str(file))) from None


def json_text(data: Mapping[str, Any]) -> str:
    """Data as JSON that any reader takes: no NaN, the last line ended."""
    return escaped_json(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def print_tables(write: Callable[[Console], None]) -> None:
    """Let something print tables; rich only lays them out, so a closed pipe is ours to meet."""
    from rich.console import Console

    terminal, tables = sys.stdout.isatty(), io.StringIO()
    # names may hold brackets and colons, which rich would take for styles and pictures
    console = Console(
        file=tables,
        force_terminal=terminal,
        width=None if terminal else PAGE,
        highlight=False,
        markup=False,
        emoji=False,
    )
    write(console)
    lines = tables.getvalue().splitlines()
    say("\n".join(line.rstrip() for line in lines))


def say(words: str, *, nl: bool = True) -> None:
    """Write an answer to standard output.

    Raises
    ------
    OutputError
        When it cannot be written there.
    BrokenPipeError
        When its reader has left.
    """
    try:
        click.echo(words, nl=nl)
    except BrokenPipeError:
        raise
    except OSError as error:
        forget(sys.stdout)
        raise OutputError(Problem("full_output", found=error.strerror or "")) from None


def tell(words: str) -> None:
    """Say on standard error what goes on; where it cannot be said, the work goes on unsaid."""
    try:
        click.echo(visible(words), err=True)
    except OSError:
        forget(sys.stderr)


def forget(stream: IO[str]) -> None:
    """Nobody reads this stream any more: what is left in it goes nowhere, without a complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
