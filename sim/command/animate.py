"""`govhall animate`: a day of the hall, or of its log, as a page that plays it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from sim.command.help import CommandGroup
from sim.command.inputs import all_layouts, known_layouts, read_asked
from sim.command.log_inputs import asked_how_read, read_tickets
from sim.command.options import MOST_DAYS, MOST_REPLICATIONS, IsoDate, Options, SaidText, Whole
from sim.command.outputs import say, tell, writable, write_whole
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.runs.played_day import PlayedHall

SIDE_BY_SIDE: Final = 2
"""Layouts that are played where none is named."""
SUFFIXES: Final = (".html", ".htm")
LOG_SUFFIXES: Final = (".csv", ".gz", ".xlsx", ".xls", ".parquet")
"""Of the files of a log; no scenario has one."""
KEPT: Final = ("days", "set")
"""What cannot be changed in a study that is kept."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `animate`."""
    of_hall = (
        shared.repeated_layout("animate"),
        shared("day", Whole(1, MOST_DAYS), default=1, show_default=True),
        shared("replication", Whole(0, MOST_REPLICATIONS), default=0, show_default=True),
        *(shared.days, shared.seed, shared.engine, shared.overrides),
    )
    of_log = (shared("date", IsoDate(), words="animate_date"), *asked_how_read(shared))
    names = [{str(option.name) for option in options} for options in (of_hall, of_log)]

    def animate(text: Text, files: tuple[str, ...], out: str, **options: Any) -> None:
        """Write the page that plays a day."""
        to = Path(out)
        if to.suffix.lower() not in SUFFIXES or not to.stem:
            allowed = ", ".join(SUFFIXES)
            raise OptionError(Problem("unknown_suffix", "--out", found=to.name, allowed=allowed))
        writable(to)
        strangers = [file for file in files if Path(file).suffix.lower() not in LOG_SUFFIXES]
        is_log = not strangers
        if strangers and len(files) > 1:
            raise OptionError(Problem("one_to_play", "FILE", found=strangers[0]))
        code = "not_of_log" if is_log else "only_of_log"
        _only(names[0] if is_log else names[1], code, files[0])
        chosen = {name: options[name] for name in names[is_log]}
        (_play_log if is_log else _play_hall)(text, files, to, chosen)

    group.add(
        "animate",
        animate,
        click.Argument(
            ["files"], metavar="FILE|STUDY|LOG...", type=SaidText(), nargs=-1, required=True
        ),
        *of_hall,
        *of_log,
        shared("out", metavar="PAGE.html", required=True, words="animate_out"),
    )


def _only(others: set[str], code: str, file: str) -> None:
    """Complain of options that were given and do not belong to what is played."""
    context = click.get_current_context()
    problems = [
        Problem(code, option.opts[0], found=file)
        for option in context.command.params
        if option.name in others
        and context.get_parameter_source(str(option.name)) is ParameterSource.COMMANDLINE
    ]
    if problems:
        raise OptionError(problems)


def _play_hall(text: Text, files: tuple[str, ...], to: Path, options: Mapping[str, Any]) -> None:
    """Serve a crowd in one or more layouts, and write the page that plays one of its days."""
    from sim.engine.run import is_ready
    from sim.runs.played_day import PlayedHall, serve_halls
    from sim.views.day_page import day_data, day_html

    [file] = files
    seed, engine = options["seed"], options["engine"]
    if Path(file).is_dir():
        halls, of_study = _kept(file)
        seed = of_study if seed is None else seed
    else:
        scenario = read_asked(file, options["days"], options["set"], text)
        usual = all_layouts(scenario)[:SIDE_BY_SIDE]
        halls = tuple(PlayedHall(scenario, layout) for layout in usual)
    if chosen := tuple(dict.fromkeys(options["layouts"])):
        known_layouts(halls[0].scenario, chosen)
        halls = tuple(PlayedHall(halls[0].scenario, layout) for layout in chosen)
    if not is_ready(engine):
        tell(text("cli.compiling"))
    day, replication = options["day"], options["replication"]
    played = serve_halls(halls, number=day, seed=seed, replication=replication, engine=engine)
    page = day_html(day_data(played, text), text).encode()
    write_whole(to, page)
    words = {"file": to, "seed": played.seed, "replication": replication, "day": day}
    say(text("cli.animation_written", size=_megabytes(page, text), **words))


def _kept(folder: str) -> tuple[tuple[PlayedHall, ...], int]:
    """Halls and seed of a kept study, which is played as it was run."""
    from sim.storage.kept_study import open_study
    from sim.views.report_kinds import halls_of

    _only(set(KEPT), "kept_unchanged", folder)
    opened = open_study(folder)
    if opened.kind != "compare":
        _only({"layouts"}, "kept_unchanged", folder)
    halls = halls_of(opened.kind, opened.answer)
    if not halls:
        raise OptionError(Problem("no_one_hall", "STUDY", found=folder))
    return halls, getattr(opened.answer, "study", opened.answer).seed


def _play_log(text: Text, files: tuple[str, ...], to: Path, options: Mapping[str, Any]) -> None:
    """Read a log, and write the page that plays one of its days."""
    from sim.learning.logged_day import busiest_date, logged_day
    from sim.views.day_page import day_html
    from sim.views.logged_day import logged_day_data

    hall = {name: options[name] for name in ("place", "holidays", "time_zone")}
    learned, log = read_tickets(
        files, options["mapping"], options["quality"], hall, text, "log_day_cases"
    )
    if learned.snapshots is not None:
        raise OptionError(Problem("log_day_snapshots", "LOG", found=learned.file))
    day = options["date"] or busiest_date(log)
    logged = logged_day(log, day)
    title = learned.files.title.partition(".")[0]
    page = day_html(logged_day_data(logged, title, text), text).encode()
    write_whole(to, page)
    n_tickets = text.number(len(logged.record.tickets.case), 0)
    words = {"file": to, "date": text.date(day), "n": n_tickets}
    say(text("cli.logged_day_written", size=_megabytes(page, text), **words))


def _megabytes(page: bytes, text: Text) -> str:
    return text.number(len(page) / 1e6, 2)
