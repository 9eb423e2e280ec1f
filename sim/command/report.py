"""`govhall report`: a kept study as a document."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from sim.command.help import CommandGroup
from sim.command.options import OneOf, Options, SaidText
from sim.command.outputs import tell, tell_boxes, writable, write_whole
from sim.command.progress import progress_bar
from sim.errors import OptionError, Problem
from sim.text import Text
from sim.views.report_formats import FORMATS, ReportFormat


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `report`."""
    study = click.Argument(["study"], metavar="STUDY", type=SaidText())
    to = shared("to", OneOf(FORMATS))
    group.add("report", _report, study, to, shared("out", metavar="FILE", words="report_out"))


def _report(text: Text, study: str, to: str | None, out: str | None) -> None:
    """Open a study, draw its report, write it."""
    from sim.storage.kept_study import open_study
    from sim.views.report_formats import report_bytes
    from sim.views.report_kinds import report_of

    form = _form(to, out)
    path = Path(out or f"govhall-{Path(study).resolve().name}.{form}")
    writable(path)
    opened = open_study(study)
    report = report_of(opened.kind, opened.answer, text)
    tell(text("cli.report_drawing", title=report.title, form=form))
    with progress_bar(text, "cli.report_step") as progress:
        content = report_bytes(report, form, text, progress or _untold)
    tell_boxes(report.scenario, text)
    write_whole(path, content)
    tell(text("cli.file_written", file=path.resolve()))


def _form(to: str | None, out: str | None) -> ReportFormat:
    """The form that was asked for, else that of the file's ending, else the first."""
    ending = Path(out or "").suffix.lower().removeprefix(".")
    if to is not None and ending in FORMATS and ending != to:
        raise OptionError(Problem("option_value", "--to", found=to, allowed=ending))
    if to is None and out is not None and ending not in FORMATS:
        allowed = ", ".join(f".{form}" for form in FORMATS)
        raise OptionError(Problem("unknown_suffix", "--out", found=out, allowed=allowed))
    return cast(ReportFormat, to or ending or FORMATS[0])


def _untold(done: int, total: int) -> None:
    """Nobody watches."""
    del done, total
