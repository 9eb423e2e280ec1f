"""`govhall roster`: who works when, and the files that a hall posts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from sim.command.help import CommandGroup
from sim.command.inputs import all_layouts, warn
from sim.command.options import IsoDate, Options, SaidText, Whole
from sim.command.outputs import folder_for, tell, writable
from sim.command.question_command import QuestionCommand
from sim.errors import OptionError, OutputError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from sim.questions.roster import DutyRoster
    from sim.questions.rostering import RosterQuestion
    from sim.scenario.scenario import Scenario

ENDINGS: Final = (".xlsx", ".csv", ".ics")
"""Of files that are written one by one; other names are those of folders, which get all."""
MOST_WEEKS: Final = 12
WEEKS: Final = 4
POSTED: Final = ("posted.xlsx", "posted.csv", "roster.ics")
"""What a hall posts, in a folder."""
CALENDARS: Final = "calendars"
"""Folder inside it with a calendar for each person."""
MOST_LETTERS: Final = 30
"""Of a name in that of a file."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `roster`."""
    staff = shared("staff", metavar="TABLE")
    posted = shared("posted", metavar="TABLE")
    weeks = shared("weeks", Whole(1, MOST_WEEKS), metavar="N")
    first = click.Option(
        ["--from", "first_day"], type=IsoDate(), help=shared.text("cli.option.from")
    )
    out = click.Option(
        ["--out", "outs"],
        type=SaidText(),
        multiple=True,
        metavar="FILE|DIR",
        help=shared.text("cli.option.roster_out"),
    )
    layout = shared("layout", metavar="ID", words="roster_layout")
    some = (layout, staff, posted, weeks, first, *shared.many_runs, out)
    group.add("roster", _roster, shared.file, *some)


class RosterOptions(NamedTuple):
    """What is said of the roster that is asked for."""

    layout: str | None
    staff: str | None
    posted: str | None
    weeks: int | None
    first_day: date | None

    def question(self, scenario: Scenario, text: Text) -> RosterQuestion:
        """What is asked; people and a posted roster are read here.

        Raises
        ------
        OptionError
            With every mistake of a table; `posted_says_when` where the dates of a posted roster
            are said again.
        """
        from sim.questions.rostering import RosterQuestion
        from sim.storage.posted_table import group_names, posted_question, read_posted
        from sim.storage.spreadsheet import read_rows
        from sim.storage.staff_table import read_staff

        layout = self.layout or all_layouts(scenario)[0]
        first_day = self.first_day.isoformat() if self.first_day else ""
        question = RosterQuestion(layout, weeks=self.weeks or WEEKS, first_day=first_day)
        if self.staff is not None:
            table = read_staff(Path(self.staff), scenario, layout)
            warn(table.warnings, text)
            question = replace(question, staff=table.staff)
        if self.posted is None:
            return question
        if self.weeks is not None or self.first_day is not None:
            raise OptionError(Problem("posted_says_when", "--posted", found=self.posted))
        path = Path(self.posted)
        posted = read_posted(read_rows(path), group_names(scenario, layout), path.name)
        return posted_question(question, posted)


def _roster(text: Text, file: str, outs: tuple[str, ...], **options: Any) -> None:
    """Say who works when, and write it down."""
    from sim.questions.roster_rows import ROWS
    from sim.views.roster import cover_figure, posted_figure
    from sim.views.roster_words import terminal_blocks
    from sim.views.terminal import print_blocks

    about = RosterOptions(**{name: options.pop(name) for name in RosterOptions._fields})
    files = [Path(out) for out in outs if Path(out).suffix.lower() in ENDINGS]
    folders = [out for out in outs if Path(out).suffix.lower() not in ENDINGS]
    if len(folders) > 1:
        raise OptionError(Problem("one_folder", "--out", found=", ".join(folders)))
    for path in files:
        writable(path)
    command = QuestionCommand(file, text, out=folders[0] if folders else None, **options)
    scenario = command.scenario(about.layout)
    roster = command.ask(about.question(scenario, text), scenario, searches=True)
    for path in files:
        _write(path, roster, text)
    if folders:
        _write_all(Path(folders[0]), roster, text)

    def draw(to: Path) -> None:
        cover_figure(roster, text).savefig(to)
        posted_figure(roster, text).savefig(to.with_name("posted.png"))

    command.tell_rows(
        roster, ROWS, lambda to: print_blocks(terminal_blocks(roster, file, text), to), draw
    )


def _write_all(folder: Path, roster: DutyRoster, text: Text) -> None:
    """What a hall posts, besides what every question writes into a folder: a calendar a person."""
    for name in POSTED:
        _write(folder / name, roster, text)
    calendars = folder_for(str(folder / CALENDARS)) or folder
    for n, person in enumerate(roster.people, 1):
        # a name is never a path
        name = "".join(re.findall(r"\w", person.name))[:MOST_LETTERS]
        _write(calendars / f"{n:03d}_{name}.ics", roster, text, person.name, quietly=True)
    tell(text("cli.file_written", file=calendars.resolve()))


def _write(
    path: Path, roster: DutyRoster, text: Text, person: str = "", *, quietly: bool = False
) -> None:
    """One file, of the kind that its ending says.

    Parameters
    ----------
    person
        Whose calendar; empty = that of everybody.

    Raises
    ------
    OutputError
        `unwritable_output`.
    """
    from sim.views.roster_sheets import roster_calendar, roster_csv, roster_workbook

    ending = path.suffix.lower()
    try:
        if ending == ".xlsx":
            path.write_bytes(roster_workbook(roster, text))
        elif ending == ".csv":
            # the mark at the start tells Excel that it is UTF-8
            path.write_text(roster_csv(roster, text), encoding="utf-8-sig")
        else:
            made_at = datetime.now(UTC)
            path.write_bytes(roster_calendar(roster, text, made_at, person).encode())
    except OSError:
        raise OutputError(Problem("unwritable_output", "--out", found=str(path))) from None
    if not quietly:
        tell(text("cli.file_written", file=path.resolve()))
