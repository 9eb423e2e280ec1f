"""What goes out: tables on a terminal, data for programs, files in a folder."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.errors import OutputError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

PAGE: Final = 160
"""Characters a line where the output is not a terminal."""


def say_data(
    form: str,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    write: Callable[[Console], None],
) -> None:
    """Print data in the form that was asked for; `write` prints the tables."""
    if form == "json":
        click.echo(json_text(data), nl=False)
    elif form == "csv":
        click.echo(csv_text(rows), nl=False)
    else:
        print_tables(write)


def write_files(
    folder: Path,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    table: str,
    draw: Callable[[Path], None],
    text: Text,
) -> None:
    """Write data, rows and figure, and say so."""
    try:
        (folder / "result.json").write_text(json_text(data), encoding="utf-8")
        # the mark at the start tells Excel that it is UTF-8
        (folder / table).write_text(csv_text(rows), encoding="utf-8-sig")
        draw(folder / "figure.png")
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    files = ", ".join(("result.json", table, "figure.png"))
    click.echo(text("cli.files_written", folder=folder.resolve(), files=files), err=True)


def folder_for(out: str | None, option: str = "--out") -> Path | None:
    """The folder to write to, made before a long run rather than after it."""
    if out is None:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".hallsim"
        probe.touch()
        probe.unlink()
    except OSError:
        raise OutputError(Problem("unwritable_folder", option, found=out)) from None
    return folder


def writable(out: Path) -> None:
    """Complain of a file that cannot be written before a long run rather than after it."""
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise OutputError(Problem("unwritable_output", "--out", found=str(out)))


def json_text(data: Mapping[str, Any]) -> str:
    """Data as JSON that any reader takes: no NaN, the last line ended."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows under the names of the first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def print_tables(write: Callable[[Console], None]) -> None:
    """Let something print tables; rich only lays them out, so a closed pipe is ours to meet."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else PAGE, soft_wrap=False)
    with console.capture() as captured:
        write(console)
    lines = captured.get().splitlines()
    click.echo("\n".join(line.rstrip() for line in lines))
