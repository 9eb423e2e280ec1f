"""`govhall new`: a scenario of somebody's own hall, from a template and twelve answers."""

from __future__ import annotations

from pathlib import Path

import click

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.options import OneOf, Options
from sim.command.outputs import say, tell, writable, write_whole
from sim.drafting.templates import TEMPLATES
from sim.errors import OptionError, Problem
from sim.text import Language, Text


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `new`."""
    name = click.Argument(["name"], metavar="NAME", type=shared.file.type)
    words = shared.text("cli.option.new_from")
    template = click.Option(["--from", "template"], type=OneOf(TEMPLATES), help=words)
    answers = shared("answers", metavar="FILE", words="new_answers")
    cells = shared("set", multiple=True, metavar="CELL=VALUE", words="new_set")
    out = shared("out", metavar="FILE", words="new_out")
    group.add("new", _new, name, template, answers, cells, out)


def _new(
    text: Text,
    name: str,
    template: str | None,
    answers: str | None,
    set: tuple[str, ...],
    out: str | None,
) -> None:
    """Draft a scenario, or write the workbook in which the questions can be answered."""
    from sim.drafting.answers import template_answers
    from sim.drafting.draft import draft_hall
    from sim.storage.answer_book import answer_workbook, slots_of
    from sim.storage.answer_reader import read_answers, with_set_cells
    from sim.storage.spreadsheet import file_content

    if out is not None:
        writable(Path(out))
    language: Language = "en" if text.language == "en" else "zh"
    hall_answers = template_answers(template or TEMPLATES[0], language)
    if answers is not None:
        path = Path(answers)
        notes: list[Problem] = []
        hall_answers = read_answers(file_content(path), path.name, text, template or "", notes)
        warn(notes, text)
        if template not in (None, hall_answers.template):
            template_of_file = hall_answers.template
            raise OptionError(Problem("answers_and_template", "--from", found=template_of_file))
    hall_answers = with_set_cells(hall_answers.with_cells(hall_name=name), set)
    if out is not None and out.lower().endswith(".xlsx"):
        write_whole(Path(out), answer_workbook(hall_answers, slots_of(hall_answers, text), text))
        tell(text("cli.file_written", file=Path(out).resolve()))
        return
    hall = draft_hall(hall_answers, text)
    if hall.scenario is None:
        raise OptionError([fault.problem for fault in hall.faults])
    warn([fault.problem for fault in hall.faults], text)
    if out is None:
        say(hall.text, nl=False)
        return
    write_whole(Path(out), hall.text.encode("utf-8"))
    tell(text("cli.file_written", file=Path(out).resolve()))
